"""What a unit follows, on the unit's own page: now, later and before, each with since when and why."""

from collections.abc import Iterable

from django.urls import reverse

from kommuner.models import Enhet
from laeringsloyper.models import Enhetsloype
from nettverk.flater import Seksjon, Side
from nettverk.tilgang.tillatelser import INettverk, kan


def enhetsflate(enhet: Enhet, side: Side) -> Iterable[Seksjon]:
    """The tracks of the unit on the day, with the way to change them for those who may."""
    nettverk = side.roller.nettverk
    rader = list(
        Enhetsloype.objects.visible_to(side.roller)
        .real()
        .filter(enhet=enhet)
        .select_related("periode__loype", "registrert_av")
        .order_by("-periode__gyldig", "-gyldig", "periode__loype__rekkefolge")
    )
    kan_endre = kan(
        side.roller.person,
        "laeringsloyper.change_enhetsloyper",
        INettverk(nettverk, enhet_id=enhet.pk),
    )
    if rader or kan_endre:
        naa = [r for r in rader if r.is_followed(side.dato)]
        senere = [r for r in rader if r not in naa and r.siden and r.siden > side.dato]
        yield Seksjon(
            "laeringsloyper/_enhet.html",
            {
                "naa": naa,
                "senere": senere,
                "foer": [r for r in rader if r not in naa and r not in senere],
                "kan_endre": kan_endre,
                "ny_url": reverse(
                    "laeringsloyper:enhetsloype_ny", args=[nettverk.slug, enhet.referanse]
                ),
            },
            20,
        )
