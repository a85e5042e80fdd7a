"""Which units follow which track: the figures behind the track's page and the annual report."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from kommuner.models import Plassering
from kommuner.sortering import norsk_nokkel
from laeringsloyper.models import Enhetsloype, Laeringsloype, Modul, Periode
from nettverk.models import Nettverk


def enhetsloyper_per(nettverk: Nettverk, dato: datetime.date) -> QuerySet[Any]:
    """What the units of `nettverk` followed on `dato`, with `kommune_id_da` and `kommune_navn` as the units lay then."""
    plassering = Plassering.objects.filter(enhet=OuterRef("enhet")).gyldig(dato)
    return (
        Enhetsloype.objects.followed(dato)
        .filter(periode__loype__nettverk=nettverk)
        .select_related("enhet", "periode")
        .annotate(
            kommune_id_da=Subquery(plassering.values("kommune")[:1]),
            kommune_navn=Subquery(plassering.values("kommune__navn")[:1]),
        )
        .order_by("enhet__sortering", "pk")
    )


@dataclass
class LoypeStatus:
    """One track on a day: the period it was in and how many units followed it, by kommune."""

    navn: str
    ansvarlig: str
    periode: int | None
    antall_perioder: int
    fra: datetime.date | None
    siste_dag: datetime.date | None
    farge: str = ""
    tegn: str = ""
    antall_enheter: int = 0
    per_kommune: list[dict[str, Any]] = field(default_factory=list)
    # What the period it was in had of modules, by their titles.
    moduler: list[str] = field(default_factory=list)


def loyper_of(nettverk: Nettverk) -> list[Laeringsloype]:
    """Every track of the network, with its periods. Two queries."""
    return list(
        Laeringsloype.objects.filter(nettverk=nettverk)
        .select_related("ansvarlig_gruppe")
        .prefetch_related("perioder")
    )


def status_of_loyper(
    nettverk: Nettverk, dato: datetime.date, loyper: list[Laeringsloype] | None = None
) -> list[LoypeStatus]:
    """Every track of the network as it was on `dato`. Two queries, and four when `loyper` is not at hand."""
    if loyper is None:
        loyper = loyper_of(nettverk)
    fulgt: dict[int, dict[str, int]] = {}
    for rad in enhetsloyper_per(nettverk, dato):
        kommuner = fulgt.setdefault(rad.periode.loype_id, {})
        navn = rad.kommune_navn or ""
        kommuner[navn] = kommuner.get(navn, 0) + 1
    moduler: dict[int, list[str]] = {}
    for modul in Modul.objects.filter(
        periode__loype__in=loyper, periode__gyldig__contains=dato
    ).in_order():
        moduler.setdefault(modul.periode_id, []).append(modul.tittel)
    return [_status(loype, dato, fulgt.get(loype.pk, {}), moduler) for loype in loyper]


def _status(
    loype: Laeringsloype,
    dato: datetime.date,
    kommuner: dict[str, int],
    moduler: dict[int, list[str]],
) -> LoypeStatus:
    perioder: list[Periode] = list(loype.perioder.all())
    naa = next((p for p in perioder if p.er_gyldig(dato)), None)
    return LoypeStatus(
        navn=loype.navn,
        ansvarlig=str(loype.ansvarlig_gruppe or ""),
        periode=naa.nummer if naa else None,
        antall_perioder=len(perioder),
        fra=naa.fra if naa else None,
        siste_dag=naa.siste_dag if naa else None,
        farge=loype.farge,
        tegn=loype.tegn,
        antall_enheter=sum(kommuner.values()),
        moduler=moduler.get(naa.pk, []) if naa else [],
        per_kommune=[
            {"kommune": navn, "antall": kommuner[navn]}
            for navn in sorted(kommuner, key=norsk_nokkel)
        ],
    )
