"""Units beside each other, unranked: a row per unit, an assignment or a module of a track in each column.

A place says how far the unit has come there, and when it last gave a sign of life. Nothing is summed per unit, and
no unit is put before another but by kommune and name, or by how long it is since one heard from it.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Greatest
from django.template.defaultfilters import date as format_date
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from kommuner.gyldighet import idag
from kommuner.models import Enhet, Plassering
from kommuner.models.enhet import EnhetQuerySet
from laeringsloyper.models import Laeringsloype, Modul
from nettverk.filer.regneark import Ark, make_arbeidsbok
from nettverk.models import Nettverk
from nettverk.side.jinja import draw
from nettverk.tilgang.roller import Roller
from rolu.mellomarbeid.mellomarbeidsliste import MERKE, states
from rolu.models import Mellomarbeid, Oppdrag
from rolu.models.mellomarbeid import MellomarbeidQuerySet

# So many columns have room beside each other; the older ones are a page away.
KOLONNER_VIST = 6


_Stand = Mellomarbeid.Stand
_FRAMST = {stand.value: nummer for nummer, stand in enumerate(_Stand)}


@dataclass(frozen=True)
class Matrisekolonne:
    """An assignment, or a module."""

    nokkel: int
    tittel: str
    under: str
    url: str = ""


@dataclass(frozen=True)
class Celle:
    """How far one unit has come in one column; `sist` is when it last wrote or delivered there."""

    pk: int
    stand: str
    sist: datetime.date | None

    @property
    def merke(self) -> str:
        return MERKE[_Stand(self.stand)]

    @property
    def navn(self) -> str:
        return str(_Stand(self.stand).label)

    @property
    def ord(self) -> str:
        """«Levert, sist 12. november»."""
        navn = capfirst(self.navn)
        if not self.sist:
            return navn
        return _("%(stand)s, sist %(dato)s") % {"stand": navn, "dato": day(self.sist)}


@dataclass(frozen=True)
class Matriserad:
    """A unit, and its places in the order of the columns; None where nothing was asked of it."""

    pk: int
    enhet: str
    referanse: str
    orgnr: str
    type: str
    kommune: str
    sist: datetime.date | None
    celler: list[Celle | None]


def day(dato: datetime.date) -> str:
    """A day without its year, when that is the present one."""
    return str(format_date(dato, "j. b" if dato.year == idag().year else "j. b Y"))


# --- which units


def units(roller: Roller, *, alle: bool) -> EnhetQuerySet:
    """The units of the network today that the person follows up: all, or those of the own kommune."""
    enheter: EnhetQuerySet = roller.nettverk.enheter()
    return enheter if alle else enheter.in_kommuner(list(roller.kommuner_ansvar))


def in_order(enheter: EnhetQuerySet, sorter: str, foelges: MellomarbeidQuerySet) -> EnhetQuerySet:
    """With where each lies and its last sign of life (`sist`): by kommune and name, by name, or those that one has
    not heard from for the longest time first."""
    her = Plassering.objects.filter(enhet=OuterRef("pk")).gyldig()
    kommune = Subquery(her.values("kommune__sortering")[:1])
    rekkefolger: dict[str, list[Any]] = {
        "navn": ["sortering", "pk"],
        "livstegn": [F("sist").asc(nulls_first=True), kommune, "sortering", "pk"],
    }
    rekkefolge = rekkefolger.get(sorter, [kommune, "sortering", "pk"])
    siste = (
        foelges.filter(gruppe__enhet=OuterRef("pk"))
        .order_by()
        .values("gruppe__enhet")
        .annotate(n=last_sign())
        .values("n")
    )
    return enheter.with_kommune().annotate(sist=Subquery(siste)).order_by(*rekkefolge)


def last_sign() -> Greatest:
    """When something was last written or delivered, of many mellomarbeid."""
    return Greatest(Max("loggposter__endret"), Max("levert"))


def in_state(enheter: EnhetQuerySet, arbeidene: MellomarbeidQuerySet, stand: str) -> EnhetQuerySet:
    """The units that are so far in one of the columns at least."""
    her = arbeidene.with_stage().filter(stand=stand)
    return enheter.filter(pk__in=her.order_by().values("gruppe__enhet"))


def count(enheter: EnhetQuerySet, arbeidene: MellomarbeidQuerySet) -> dict[str, int]:
    """How many units are so far in one of the columns at least; a unit may be counted in several. One query."""
    rader = (
        arbeidene.with_stage()
        .filter(gruppe__enhet__in=enheter.order_by().values("pk"))
        .order_by()
        .values_list("stand")
        .annotate(antall=Count("gruppe__enhet", distinct=True))
    )
    return dict.fromkeys(_Stand.values, 0) | dict(rader)


# --- the columns


def assignments(roller: Roller, loype: int | None = None) -> list[Matrisekolonne]:
    """The assignments that the followed units have got, the newest first; of a track, those that are its own or
    everybody's. One query."""
    foelges = Mellomarbeid.objects.followed_by(roller)
    oppdragene = Oppdrag.objects.asked().filter(
        nettverk=roller.nettverk, pk__in=foelges.order_by().values("oppdrag")
    )
    if loype:
        oppdragene = oppdragene.filter(Q(laeringsloype=loype) | Q(laeringsloype=None))
    rot = reverse("rolu:mellomarbeid_list", args=[roller.nettverk.slug])
    return [
        Matrisekolonne(
            oppdrag.pk,
            oppdrag.tittel,
            _("frist %(dato)s") % {"dato": day(oppdrag.frist)},
            f"{rot}?oppdrag={oppdrag.pk}",
        )
        for oppdrag in oppdragene.order_by("-frist", "-pk").only("tittel", "frist")
    ]


def modules(roller: Roller, loype: int) -> list[Matrisekolonne]:
    """The modules of a track in their order, each under its period. One query."""
    modulene = Modul.objects.visible_to(roller).filter(periode__loype=loype).in_order()
    return [
        Matrisekolonne(
            modul.pk, modul.tittel, _("periode %(nummer)s") % {"nummer": modul.periode.nummer}
        )
        for modul in modulene.select_related("periode").only(
            "tittel", "rekkefolge", "periode__nummer"
        )
    ]


def tracks(roller: Roller) -> list[tuple[int, str]]:
    """The tracks one may choose between; none in a network that does without."""
    if not roller.nettverk.uses("laeringsloyper"):
        return []
    return list(Laeringsloype.objects.visible_to(roller).values_list("pk", "navn"))


# --- the rows


def rows(
    enheter: Iterable[Enhet],
    arbeidene: MellomarbeidQuerySet,
    kolonner: Sequence[Matrisekolonne],
    *,
    felt: str,
) -> list[Matriserad]:
    """Units from `in_order`; `felt` is what of a mellomarbeid says which column it stands in. One query."""
    enhetene: list[Any] = list(enheter)
    celler = _cells(enhetene, arbeidene, kolonner, felt)
    return [
        Matriserad(
            pk=e.pk,
            enhet=str(e),
            referanse=e.referanse,
            orgnr=e.organisasjonsnummer or "",
            type=e.get_type_display(),
            kommune=e.kommune_navn or "",
            sist=timezone.localdate(e.sist) if e.sist else None,
            celler=[celler.get((e.pk, k.nokkel)) for k in kolonner],
        )
        for e in enhetene
    ]


def _cells(
    enheter: list[Any],
    arbeidene: MellomarbeidQuerySet,
    kolonner: Sequence[Matrisekolonne],
    felt: str,
) -> dict[tuple[int, int], Celle]:
    """By unit and column: of several assignments in a module, the one it has come farthest with."""
    celler: dict[tuple[int, int], Celle] = {}
    rader = (
        arbeidene.filter(
            **{
                "gruppe__enhet__in": [e.pk for e in enheter],
                f"{felt}__in": [k.nokkel for k in kolonner],
            }
        )
        .with_stage()
        .order_by("pk")
        .annotate(sist=last_sign())
        .values_list("gruppe__enhet", felt, "pk", "stand", "sist")
    )
    for enhet, kolonne, pk, stand, sist in rader:
        foer = celler.get((enhet, kolonne))
        dag = timezone.localdate(sist) if sist else None
        dager = [d for d in (dag, foer and foer.sist) if d]
        fremst = foer if foer and _FRAMST[foer.stand] >= _FRAMST[stand] else Celle(pk, stand, dag)
        celler[enhet, kolonne] = replace(fremst, sist=max(dager, default=None))
    return celler


def draw_rows(rader: Iterable[Matriserad], *, nettverk: Nettverk, kommune: bool) -> SafeString:
    """The table's rows as HTML; `kommune` when it is told of each."""
    return draw(
        "rolu/matriserader.jinja",
        rader=rader,
        rot=reverse("rolu:mellomarbeid_list", args=[nettverk.slug]),
        enhet_rot=reverse("nettverk:enhet", args=[nettverk.slug, "-"])[:-2],
        kommune=kommune,
        dag=day,
        ingen=_("har ikke fått oppdrag"),
        aldri=_("ingen ennå"),
        sist=_("sist"),
    )


def as_sheet(
    rader: list[Matriserad], kolonner: Sequence[Matrisekolonne], *, tittel: str, nettverk: Nettverk
) -> bytes:
    """The units with every column, and a sheet that says what the words mean."""
    return make_arbeidsbok(
        [
            Ark(
                tittel,
                [
                    (_("Kommune"), 20),
                    (_("Enhet"), 40),
                    (_("Organisasjonsnummer"), 22),
                    (_("Type"), 16),
                    (_("Siste aktivitet"), 16),
                    *((f"{k.tittel} ({k.under})", 24) for k in kolonner),
                ],
                (
                    [
                        rad.kommune,
                        rad.enhet,
                        rad.orgnr,
                        rad.type,
                        rad.sist or "",
                        *((c.ord if c else _("har ikke fått oppdrag")) for c in rad.celler),
                    ]
                    for rad in rader
                ),
            ),
            Ark(
                _("Forklaring"),
                [(_("Ord"), 20), (_("Hva det betyr"), 80)],
                [[capfirst(str(s.label)), meaning(s)] for s in states(nettverk)]
                + [
                    [
                        capfirst(_("har ikke fått oppdrag")),
                        _("Enheten har ikke fått oppdraget, eller noe oppdrag i modulen."),
                    ],
                    [_("Siste aktivitet"), _("Dagen enheten sist skrev eller leverte noe.")],
                ],
            ),
        ]
    )


def meaning(stand: Mellomarbeid.Stand) -> str:
    """What a state means, in a sentence."""
    return {
        _Stand.IKKE_BEGYNT: _("Ingenting er skrevet ennå."),
        _Stand.PLANLAGT: _("Noe er planlagt, men ikke prøvd ennå."),
        _Stand.I_GANG: _("Enheten har skrevet, men ikke levert."),
        _Stand.LEVERT: _("Lederen har levert."),
        _Stand.DELT: _("Levert, og delt med hele nettverket."),
    }[stand]
