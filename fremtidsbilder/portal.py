"""What fremtidsbilder contributes: the images and priority areas in public, and loading them."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from fremtidsbilder.bilder import illustrasjoner, temaer
from fremtidsbilder.lasting import load_fremtid
from fremtidsbilder.lister import LISTER
from fremtidsbilder.maal import flater as maalflater
from fremtidsbilder.models import Fremtidsbilde, Maal, Tankesmie
from fremtidsbilder.sok import find_goals, find_images
from fremtidsbilder.tankesmier import ark, bidragsbilder, skanning, styring
from fremtidsbilder.tankesmier import flater as tankesmieflater
from fremtidsbilder.traadslag import FREMTIDSBILDE, MAAL, STEMME, TANKESMIE, TEMA
from kommuner.models import Enhet, Kommune
from nettverk.flater import (
    Gjoremaal,
    Menypunkt,
    Opplysninger,
    Portal,
    Portaldel,
    Seksjon,
    Side,
    Sideinnhold,
    Tekst,
    Traadslag,
    Treffgruppe,
    paa,
    register,
)
from nettverk.models import Nettverk, Person
from nettverk.tilgang.roller import Roller, ask_along

ask_along(maalflater.HAR_HOERING, maalflater.hearing_goes_on())
ask_along(tankesmieflater.HAR_AAPNE, tankesmieflater.is_held())
ask_along(temaer.HAR_TEMASIDER, temaer.page_is_published())

# The images and the goals share a page; a network may do without either.
_BILDENE, _MAALENE = "fremtidsbilder", "maal"


def page_title(nettverk: Nettverk) -> Tekst:
    """What the page is called: after what the network has on it."""
    if not nettverk.uses(_MAALENE):
        return _("Fremtidsbilder")
    return _("Fremtidsbilder og mål") if nettverk.uses(_BILDENE) else _("Mål og utviklingsområder")


def _line(nettverk: Nettverk) -> Menypunkt:
    """To the images, with the effektmål and the way to the others; to the goals in a network without images."""
    side = "fremtidsbilde_list" if nettverk.uses(_BILDENE) else "maal_list"
    url = reverse(f"fremtidsbilder:{side}", args=[nettverk.slug])
    om = _("Dit nettverket vil, og målene på veien.")
    return Menypunkt("fremtidsbilder", page_title(nettverk), url, "fremtidsbilde", om=om)


@register
class FremtidsbilderPortal(Portal):
    del_ = Portaldel(
        _BILDENE,
        _("Fremtidsbilder"),
        _("Bilder av hvor dere vil, med tegn på god praksis."),
        _("Fremtidsbildene vises ikke, heller ikke på den offentlige siden."),
        (
            "fremtidsbilder/",
            "fremtidsbilder/<",
            "fremtidsbilder/ny/",
            "fremtidsbilder/arenaer/",
            "tankesmier/",
            "stemmegrupper/",
            "temaer/",
            "bidragsbilder/",
        ),
        rekkefolge=50,
        jobber=(*(a.slag for a in ark.ARK.values()), skanning.SLAG),
    )
    lister = LISTER

    def traadslag(self) -> Iterable[Traadslag]:
        yield TANKESMIE
        yield STEMME
        yield TEMA
        yield FREMTIDSBILDE

    def meny(self, roller: Roller) -> Iterable[Menypunkt]:
        """One line for the images and the goals."""
        yield _line(roller.nettverk)

    def gjoremaal(self, roller: Roller) -> Iterable[Gjoremaal]:
        return tankesmieflater.waiting(roller)

    def sideinnhold(self, roller: Roller) -> Iterable[Sideinnhold]:
        antall = Fremtidsbilde.objects.visible_to(roller).count()
        yield Sideinnhold(
            "fremtidsbilder",
            ((antall, ngettext("fremtidsbilde", "fremtidsbilder", antall)),),
            _("Bildet kommer når dere har laget det sammen."),
        )

    def del_innhold(self, nettverk: Nettverk) -> Iterable[Tekst]:
        if antall := Fremtidsbilde.objects.filter(nettverk=nettverk).count():
            yield ngettext("%(n)s fremtidsbilde", "%(n)s fremtidsbilder", antall) % {"n": antall}
        if antall := Tankesmie.objects.filter(nettverk=nettverk).own().count():
            yield ngettext("%(n)s tankesmie", "%(n)s tankesmier", antall) % {"n": antall}

    def del_underveis(self, nettverk: Nettverk) -> Iterable[Tekst]:
        yield from tankesmieflater.going_on(nettverk)
        if antall := Fremtidsbilde.objects.filter(nettverk=nettverk).published().count():
            yield ngettext(
                "%(n)s fremtidsbilde er publisert, og alle kan lese det.",
                "%(n)s fremtidsbilder er publisert, og alle kan lese dem.",
                antall,
            ) % {"n": antall}

    def offentlig(self, nettverk: Nettverk) -> Iterable[Seksjon]:
        bilder = list(
            Fremtidsbilde.objects.filter(nettverk=nettverk)
            .published()
            .with_picture()
            .with_themes()
            .prefetch_related("tegn")
        )
        felles = [b for b in bilder if b.nivaa == Fremtidsbilde.Nivaa.NETTVERK]
        arenaer = [b for b in bilder if b.nivaa == Fremtidsbilde.Nivaa.ARENA]
        if felles:
            data = {"bilder": felles, "temaer": list(nettverk.temaer.all())}
            yield Seksjon("fremtidsbilder/_offentlig_felles.html", data, 20)
        if arenaer:
            yield Seksjon("fremtidsbilder/_offentlig_arenaer.html", {"bilder": arenaer}, 25)
        if sider := temaer.published(nettverk):
            yield Seksjon("fremtidsbilder/_offentlig_temaer.html", {"temaer": sider}, 27)

    @paa("kommuner.Enhet")
    def enhet(self, enhet: Enhet, side: Side) -> Iterable[Seksjon]:
        yield from tankesmieflater.begun_at(enhet, side.roller)

    def sok(self, roller: Roller, q: str) -> Iterable[Treffgruppe]:
        yield find_images(roller, q)

    def rydd(self, naa: datetime.datetime) -> dict[str, int]:
        """The tankesmier whose time is out; the keys of the phones that wrote in one, when it has been closed for a
        while; and the pictures of scanned pages that were dealt with some time ago, and of cards that nobody let out."""
        return {
            "tankesmier_stengt": styring.close_ended(naa),
            "tankesmienoekler": styring.purge(naa),
            "skannesider": skanning.purge(naa),
            "bidragsbilder": bidragsbilder.purge(naa),
        }

    def opplysninger(self, person: Person) -> Iterable[Opplysninger]:
        return tankesmieflater.kept_about(person)

    def lagret(self, nettverk: Nettverk) -> int:
        return (
            illustrasjoner.stored(nettverk)
            + bidragsbilder.stored(nettverk)
            + skanning.stored(nettverk)
        )

    def load_nettverk(self, nettverk: Nettverk, data: dict[str, Any]) -> None:
        load_fremtid(nettverk, data)

    def make_demo(self, nettverk: Nettverk) -> None:
        from fremtidsbilder import demo, tankesmiedemo  # only who asks for it loads it

        demo.make_demo(nettverk)
        tankesmiedemo.make_demo(nettverk)


@register
class MaalPortal(Portal):
    """The goals and the priority areas, on the same page as the images when both are in use."""

    del_ = Portaldel(
        _MAALENE,
        _("Mål og utviklingsområder"),
        _("Målene for arbeidet, og det dere prioriterer."),
        _(
            "Målene, utviklingsområdene og arbeidsmåtene vises ikke, heller ikke på den offentlige siden."
        ),
        # The list of images alone: one image is no page of theirs.
        ("fremtidsbilder/", "maal/"),
        rekkefolge=60,
    )

    def traadslag(self) -> Iterable[Traadslag]:
        yield MAAL

    def meny(self, roller: Roller) -> Iterable[Menypunkt]:
        if not roller.nettverk.uses(_BILDENE):
            yield _line(roller.nettverk)

    def gjoremaal(self, roller: Roller) -> Iterable[Gjoremaal]:
        return maalflater.waiting(roller)

    def opplysninger(self, person: Person) -> Iterable[Opplysninger]:
        # A closed account lets go of none of it: what was said in a hearing is the network's.
        return maalflater.kept_about(person)

    def del_underveis(self, nettverk: Nettverk) -> Iterable[Tekst]:
        return maalflater.going_on(nettverk)

    def sideinnhold(self, roller: Roller) -> Iterable[Sideinnhold]:
        maal = Maal.objects.visible_to(roller).worked_towards().count()
        omraader = roller.nettverk.utviklingsomraader.count()
        yield Sideinnhold(
            "fremtidsbilder",
            (
                (maal, ngettext("mål", "mål", maal)),
                (omraader, ngettext("utviklingsområde", "utviklingsområder", omraader)),
            ),
            _("Målene kommer når nettverket har satt seg noen."),
        )

    def del_innhold(self, nettverk: Nettverk) -> Iterable[Tekst]:
        if antall := Maal.objects.filter(nettverk=nettverk).count():
            yield ngettext("%(n)s mål", "%(n)s mål", antall) % {"n": antall}
        if antall := nettverk.utviklingsomraader.count():
            yield ngettext("%(n)s utviklingsområde", "%(n)s utviklingsområder", antall) % {
                "n": antall
            }

    def offentlig(self, nettverk: Nettverk) -> Iterable[Seksjon]:
        omraader = list(nettverk.utviklingsomraader.all())
        if omraader:
            data = {"omraader": omraader, "arbeidsmaater": nettverk.arbeidsmaater}
            yield Seksjon("fremtidsbilder/_offentlig_omraader.html", data, 30)

    @paa("kommuner.Kommune")
    def kommune(self, kommune: Kommune, side: Side) -> Iterable[Seksjon]:
        yield from maalflater.goals_of(side.roller, kommune=kommune)

    @paa("kommuner.Enhet")
    def enhet(self, enhet: Enhet, side: Side) -> Iterable[Seksjon]:
        yield from maalflater.goals_of(side.roller, enhet=enhet)

    def sok(self, roller: Roller, q: str) -> Iterable[Treffgruppe]:
        yield find_goals(roller, q)

    def make_demo(self, nettverk: Nettverk) -> None:
        from fremtidsbilder import maaldemo  # only who asks for it loads it

        maaldemo.make_demo(nettverk)
