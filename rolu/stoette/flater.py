"""The support lens on the portal's shared pages; called from rolu/portal.py."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _

from kommuner.gyldighet import idag
from kommuner.sortering import norsk_nokkel
from nettverk.flater import Handling, Seksjon, Side
from nettverk.tilgang.tillatelser import INettverk, kan
from rolu.mellomarbeid.eget import own_work
from rolu.models import Stoettehandling
from rolu.stoette.signaler import seen_by

if TYPE_CHECKING:
    from kommuner.models import Enhet
    from nettverk.tilgang.roller import Roller


_MAKS_HILSENER = 3


def hjem(roller: "Roller") -> Iterable[Seksjon]:
    """To the unit's people: a greeting that nobody there has opened. To who leads it: what others will see of it,
    before they do, until it is answered. One query: the names of the units come with the person's roles."""
    yield from _greetings(roller)
    if not roller.enheter_ledet:
        return
    # Of a unit that is closed or has left nothing is asked.
    ledet = roller.nettverk.enheter().filter(pk__in=roller.enheter_ledet).order_by()
    vises = seen_by(roller, ledet)
    ubesvart = {
        pk: [v for v in viste if not v.svar and v.slag != "ba_om_hjelp"]
        for pk, viste in vises.items()
    }
    if not any(ubesvart.values()):
        return
    rader = [
        {
            "enhet": verv.enhetsnavn,
            "viste": ubesvart[verv.enhet],
            "url": reverse("rolu:stoette_enhet", args=[roller.nettverk.slug, verv.enhetsreferanse]),
        }
        for verv in sorted(
            roller.egne_enheter, key=lambda v: (norsk_nokkel(v.enhetsnavn or ""), v.enhet)
        )
        if verv.enhet and ubesvart.get(verv.enhet)
    ]
    yield Seksjon("rolu/flater/stoette_hjem.html", {"rader": rader}, 70, smal=True)


def _greetings(roller: "Roller") -> Iterable[Seksjon]:
    """One query; none for who is in no unit, nor when what is fetched anyway says that there is none."""
    eget = own_work(roller)
    if not roller.enheter or (eget and not eget[0].hilsen):
        return
    hilsener = Stoettehandling.objects.unopened_by(roller).select_related("enhet", "laget_av")
    if rader := list(hilsener[:_MAKS_HILSENER]):
        yield Seksjon("rolu/flater/stoette_hilsen.html", {"rader": rader}, 6)


def enhet(enhet: "Enhet", side: Side) -> Iterable[Seksjon]:
    """The unit's signals on its page, for its group and those who follow it up. One query, for them alone, and one more
    for a kommuneansvarlig."""
    roller = side.roller
    her = INettverk(roller.nettverk, enhet_id=enhet.pk)
    if side.dato != idag() or not kan(roller.person, "rolu.view_stoette_enhet", her):
        return
    viste = seen_by(roller, [enhet.pk]).get(enhet.pk, [])
    kan_stoette = kan(roller.person, "rolu.support_enhet", her)
    if viste or kan_stoette:
        yield Seksjon(
            "rolu/flater/stoette_enhet.html",
            {
                "viste": viste,
                "kan_stoette": kan_stoette,
                "er_egen": enhet.pk in roller.enheter,
                "url": reverse("rolu:stoette_enhet", args=[roller.nettverk.slug, enhet.referanse]),
            },
            70,
        )


def handlinger(roller: "Roller", ting: Model | None) -> Iterable[Handling]:
    """The lists for those who follow up, among what one can do from the search."""
    nettverk = roller.nettverk
    if ting is None and kan(roller.person, "rolu.view_stoette", nettverk):
        yield Handling(
            _("Støttelinsen"), reverse("rolu:stoette_list", args=[nettverk.slug]), "hjelp", 60
        )
    if ting is None and kan(roller.person, "rolu.view_mangler", nettverk):
        yield Handling(
            _("Alle enheter og oppdrag"),
            reverse("rolu:matrise", args=[nettverk.slug]),
            "mellomarbeid",
            61,
        )
