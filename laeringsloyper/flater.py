"""What laeringsloyper shows on the shared surfaces: home, a unit's page and a kommune's page."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kommuner.models import Enhet, Kommune, Plassering
from laeringsloyper.models import Enhetsloype, Laeringsloype, Modul, Periode
from nettverk.flater import Portaldel, Seksjon, Side
from nettverk.tilgang.roller import Roller
from nettverk.tilgang.tillatelser import INettverk, kan

DEL = Portaldel(
    "laeringsloyper",
    _("Læringsløyper"),
    _("Temaer som enhetene arbeider med over flere år, og hvem som følger hvilken løype."),
    _(
        "Løypene vises ikke, heller ikke på enhetens side, i årsrapporten eller på den offentlige siden. Samlinger og oppdrag kan ikke knyttes til en løype, og fagmiljøene gir ikke oppdrag."
    ),
    ("laeringsloyper/",),
    rekkefolge=40,
)


def hjemmeflate(roller: Roller) -> Iterable[Seksjon]:
    """What one's own units learn now: the modules of the periods they follow; and the tracks that one's own fagmiljø
    answers for. Two queries at most for each, none for others."""
    if roller.enheter:
        perioder = list(
            Periode.objects.filter(
                pk__in=Enhetsloype.objects.followed()
                .filter(enhet__in=roller.enheter, periode__loype__nettverk=roller.nettverk)
                .values("periode")
            )
            .select_related("loype")
            .order_by("loype__rekkefolge", "pk")
        )
        if loyper := _with_modules(perioder):
            yield Seksjon(
                "laeringsloyper/_hjem.html", {"loyper": loyper, "egne": True}, 50, smal=True
            )
    if roller.fagmiljo:
        perioder = list(
            Periode.objects.gyldig()
            .filter(loype__nettverk=roller.nettverk, loype__ansvarlig_gruppe__in=roller.fagmiljo)
            .select_related("loype")
            .order_by("loype__rekkefolge", "pk")
        )
        if perioder:
            yield Seksjon(
                "laeringsloyper/_hjem.html",
                {"loyper": _with_modules(perioder, tomme=True), "egne": False},
                50,
                smal=True,
            )


def _with_modules(
    perioder: list[Periode], *, tomme: bool = False
) -> list[tuple[Periode, list[Modul]]]:
    """Each period with its modules in order; without those that have none, unless `tomme`. One query."""
    per: dict[int, list[Modul]] = defaultdict(list)
    for modul in Modul.objects.filter(periode__in=perioder).in_order():
        per[modul.periode_id].append(modul)
    return [(p, per[p.pk]) for p in perioder if tomme or per[p.pk]]


def kommuneflate(kommune: Kommune, side: Side) -> Iterable[Seksjon]:
    """How many of the kommune's units follow each track on the day. One query."""
    her = Plassering.objects.filter(kommune=kommune).gyldig(side.dato)
    fulgt = (
        Enhetsloype.objects.visible_to(side.roller)
        .followed(side.dato)
        .filter(enhet__in=her.values("enhet"))
    )
    antall = dict(
        fulgt.order_by()
        .values("periode__loype")
        .annotate(n=Count("enhet", distinct=True))
        .values_list("periode__loype", "n")
    )
    if antall:
        loyper = Laeringsloype.objects.filter(pk__in=antall)
        yield Seksjon(
            "laeringsloyper/_kommune.html",
            {"rader": [(loype, antall[loype.pk]) for loype in loyper]},
            40,
        )


def enhetsflate(enhet: Enhet, side: Side) -> Iterable[Seksjon]:
    """The tracks of the unit on the day, with the way to change them for those who may."""
    nettverk = side.roller.nettverk
    rader: list[Any] = list(
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
    moduler = {
        periode.pk: alle
        for periode, alle in _with_modules([r.periode for r in rader if r.is_followed(side.dato)])
    }
    for rad in rader:
        rad.moduler = moduler.get(rad.periode_id, [])
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
