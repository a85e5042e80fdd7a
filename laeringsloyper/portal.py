"""What laeringsloyper contributes: the nine-year line in public, the unit's track, the report's chapter."""

import datetime
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kommuner.gyldighet import idag
from kommuner.models import Enhet, Kommune
from kommuner.sortering import named, ranked
from laeringsloyper import opplysninger
from laeringsloyper.ansvar import left_behind
from laeringsloyper.enheter import loyper_of, status_of_loyper
from laeringsloyper.flater import DEL, enhetsflate, hjemmeflate, kommuneflate
from laeringsloyper.folging import followers
from laeringsloyper.lasting import load_loyper
from laeringsloyper.linje import draw_linje
from laeringsloyper.models import Laeringsloype
from laeringsloyper.mottakere import FOLGER as _FOLGER  # noqa: F401 (it registers the filter)
from laeringsloyper.ressurser import stored
from laeringsloyper.traadslag import MODUL
from nettverk.flater import (
    Blokk,
    Etterlatt,
    Innhold,
    Menypunkt,
    Opplysninger,
    Oppstartssteg,
    Overtakelse,
    Portal,
    Seksjon,
    Side,
    Sideinnhold,
    Tekst,
    Traadslag,
    Treff,
    Treffgruppe,
    first_hits,
    paa,
    register,
)
from nettverk.models import Nettverk, Person
from nettverk.side.innhold import innhold
from nettverk.tilgang.roller import Roller


@register
class LaeringsloyperPortal(Portal):
    del_ = DEL

    def traadslag(self) -> Iterable[Traadslag]:
        yield MODUL

    def del_innhold(self, nettverk: Nettverk) -> Iterable[Tekst]:
        if antall := Laeringsloype.objects.filter(nettverk=nettverk).count():
            yield ngettext("%(n)s læringsløype", "%(n)s læringsløyper", antall) % {"n": antall}

    def del_underveis(self, nettverk: Nettverk) -> Iterable[Tekst]:
        loyper = Laeringsloype.objects.filter(nettverk=nettverk)
        if antall := followers(nettverk, loyper).count():
            yield ngettext(
                "%(n)s enhet følger en læringsløype i dag.",
                "%(n)s enheter følger en læringsløype i dag.",
                antall,
            ) % {"n": antall}

    def meny(self, roller: Roller) -> Iterable[Menypunkt]:
        url = reverse("laeringsloyper:loype_list", args=[roller.nettverk.slug])
        yield Menypunkt(
            "laeringsloyper",
            _("Læringsløyper"),
            url,
            "loype",
            om=_("Det enhetene arbeider med over flere år, og hvem som følger hva."),
        )

    def sideinnhold(self, roller: Roller) -> Iterable[Sideinnhold]:
        loyper = Laeringsloype.objects.visible_to(roller)
        antall, enheter = loyper.count(), followers(roller.nettverk, loyper).count()
        yield Sideinnhold(
            "laeringsloyper",
            (
                (antall, ngettext("læringsløype", "læringsløyper", antall)),
                (enheter, ngettext("enhet følger en", "enheter følger en", enheter)),
            ),
            _("Løypene kommer når nettverket har valgt hva enhetene skal arbeide med."),
        )

    def oppstartssteg(self, roller: Roller) -> Iterable[Oppstartssteg]:
        antall = Laeringsloype.objects.visible_to(roller).count()
        yield Oppstartssteg(
            _("Lag læringsløypene"),
            ngettext("%(n)s læringsløype", "%(n)s læringsløyper", antall) % {"n": antall}
            if antall
            else _("Det enhetene skal arbeide med over flere år"),
            reverse("laeringsloyper:loype_list", args=[roller.nettverk.slug]),
            _("Se læringsløypene"),
            bool(antall),
            40,
        )

    def etterlatt(self, overtakelser: Sequence[Overtakelse]) -> Iterable[Etterlatt]:
        yield from left_behind(overtakelser)

    def offentlig(self, nettverk: Nettverk) -> Iterable[Seksjon]:
        loyper = loyper_of(nettverk)
        if loyper:
            yield Seksjon(
                "laeringsloyper/_offentlig.html", {"linje": draw_linje(loyper, idag())}, 40
            )

    def hjem(self, roller: Roller) -> Iterable[Seksjon]:
        yield from hjemmeflate(roller)

    @paa("kommuner.Kommune")
    def kommune(self, kommune: Kommune, side: Side) -> Iterable[Seksjon]:
        yield from kommuneflate(kommune, side)

    def opplysninger(self, person: Person) -> Iterable[Opplysninger]:
        yield from opplysninger.gather(person)

    def lagret(self, nettverk: Nettverk) -> int:
        return stored(nettverk)

    @paa("kommuner.Enhet")
    def enhet(self, enhet: Enhet, side: Side) -> Iterable[Seksjon]:
        yield from enhetsflate(enhet, side)

    def sok(self, roller: Roller, q: str) -> Iterable[Treffgruppe]:
        slug = roller.nettverk.slug
        yield first_hits(
            _("Læringsløyper"),
            "loype",
            ranked(named(Laeringsloype.objects.visible_to(roller), q, "sortering"), q, "sortering"),
            lambda loype: Treff(
                innhold(loype.navn, roller.nettverk),
                reverse("laeringsloyper:loype", args=[slug, loype.slug]),
            ),
            alle_url=reverse("laeringsloyper:loype_list", args=[slug]),
        )

    def kapitler(self, nettverk: Nettverk, aar: int) -> Iterable[Blokk]:
        """The tracks as they were on the last day of the year, or today in the year that runs."""
        dato = min(datetime.date(aar, 12, 31), idag())
        if dato.year == aar and (loyper := loyper_of(nettverk)):
            yield Blokk(
                "laeringsloyper",
                _("Læringsløyper"),
                partial(_chapter, nettverk, dato, loyper),
                _("Hva har løypene ført til i praksis? Gi gjerne to eksempler fra enhetene."),
            )

    def load_nettverk(self, nettverk: Nettverk, data: dict[str, Any]) -> None:
        load_loyper(nettverk, data)

    def make_demo(self, nettverk: Nettverk) -> None:
        from laeringsloyper import demo  # only who asks for it loads it

        demo.make_demo(nettverk)


def _chapter(nettverk: Nettverk, dato: datetime.date, loypene: list[Laeringsloype]) -> Innhold:
    loyper = status_of_loyper(nettverk, dato, loypene)
    mangler: list[Tekst] = []
    if not any(loype.antall_enheter for loype in loyper):
        mangler.append(_("Ingen enheter følger en læringsløype dette året."))
    return Innhold(
        "laeringsloyper/kapittel.html",
        {"loyper": loyper, "dato": dato, "antall": followers(nettverk, loypene, dato).count()},
        mangler,
    )
