"""The modules of a track as they stand today, and as they stood on a day: what a unit did in 2022 is read beside
the words the module had then.

The history that the database keeps is the source of the past (`pghistory`); today is read from the rows.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Model, QuerySet

from kommuner.gyldighet import idag
from laeringsloyper.models import Laeringsloype, Leseverk, Modul, Periode, Ressurs, Ressursbruk
from nettverk.tilgang.roller import Roller


@dataclass(frozen=True)
class Ressursstand:
    """A resource: what it is called and where it is. `pk` is None when it is not there any more, so that its file
    cannot be fetched. `vaare`: which of the reader's own units have used it."""

    pk: int | None
    slag: str
    slagnavn: str
    tittel: str
    url: str
    navn: str
    bytes: int
    antall_brukt: int = 0
    vaare: frozenset[int] = frozenset()


@dataclass
class Modulstand:
    """A module with all that stands in it. `finnes`: it is there today too, under the same number."""

    pk: int
    periode_id: int
    tittel: str
    formaal: str
    oppdragsforslag: str
    rekkefolge: int
    versjon: int
    finnes: bool = True
    ressurser: list[Ressursstand] = field(default_factory=list)
    leseliste: list[Any] = field(default_factory=list)
    nummer: int = 0
    # How many units were asked to do something of it, and have delivered (`laeringsloyper.framdrift`).
    spurt: int = 0
    levert: int = 0


@dataclass(frozen=True)
class Periodestand:
    """A period with its modules in order."""

    periode: Periode
    moduler: list[Modulstand]


def modules_on(loype: Laeringsloype, dato: datetime.date, roller: Roller) -> list[Periodestand]:
    """The track's periods, each with its modules as they stood at the end of `dato`. Three queries for today, four
    for a day that has been, whatever the size. `loype` has its periods prefetched."""
    perioder = list(loype.perioder.all())
    naa = dato >= idag()
    moduler = _today(perioder, roller) if naa else _then(perioder, dato)
    per_periode: dict[int, list[Modulstand]] = defaultdict(list)
    for modul in moduler:
        rekke = per_periode[modul.periode_id]
        rekke.append(modul)
        modul.nummer = len(rekke)
    return [Periodestand(p, per_periode[p.pk]) for p in perioder]


def module_as_of(modul: Modul, dato: datetime.date, roller: Roller) -> Modulstand | None:
    """One module as it stood at the end of `dato`; None when it was not made yet."""
    stand = (
        _today([modul.periode], roller)
        if dato >= idag()
        else _then([modul.periode], dato, bare=modul.pk)
    )
    return next((m for m in stand if m.pk == modul.pk), None)


# --- today


def _today(perioder: Sequence[Periode], roller: Roller) -> list[Modulstand]:
    rader = list(Modul.objects.filter(periode__in=perioder).in_order())
    ressurser = Ressurs.objects.filter(modul__in=rader).annotate(antall_brukt=Count("bruk"))
    vaare = _used_by_own(roller, perioder)
    alle = [_stand(m) for m in rader]
    _fill(
        alle,
        [
            (r.modul_id, _resource(r, r.pk, r.antall_brukt, vaare.get(r.pk, frozenset())))
            for r in ressurser.order_by("lastet_opp", "pk")
        ],
        Leseverk.objects.filter(modul__in=rader).order_by("rekkefolge", "pk"),
    )
    return alle


def _used_by_own(roller: Roller, perioder: Sequence[Periode]) -> dict[int, frozenset[int]]:
    """The resources that the reader's own units have used, and which of them. No query without units."""
    brukt: dict[int, set[int]] = defaultdict(set)
    if roller.enheter:
        egne = Ressursbruk.objects.filter(
            enhet__in=roller.enheter, ressurs__modul__periode__in=perioder
        )
        for ressurs, enhet in egne.values_list("ressurs", "enhet"):
            brukt[ressurs].add(enhet)
    return {ressurs: frozenset(enheter) for ressurs, enheter in brukt.items()}


# --- then


def _then(
    perioder: Sequence[Periode], dato: datetime.date, *, bare: int | None = None
) -> list[Modulstand]:
    """From the history: the last that was written of each row by the end of the day. A module that has moved to
    another period stands where it stood."""
    historien = _history(Modul).filter(periode__in=[p.pk for p in perioder])
    av = [bare] if bare else list(historien.values_list("id", flat=True).distinct())
    rader = [m for m in _last_of(Modul, dato, id__in=av) if bare or _in(m, perioder)]
    rader.sort(key=lambda m: (m.rekkefolge, m.id))
    finnes = set(Modul.objects.filter(pk__in=av).values_list("pk", flat=True))
    alle = [_stand(m, finnes=m.id in finnes) for m in rader]
    numre = [m.pk for m in alle]
    ressurser = _last_of(Ressurs, dato, modul__in=numre)
    staar = set(Ressurs.objects.filter(modul__in=numre).values_list("pk", flat=True))
    verk = _last_of(Leseverk, dato, modul__in=numre)
    _fill(
        alle,
        [
            (r.modul_id, _resource(r, r.id if r.id in staar else None))
            for r in sorted(ressurser, key=lambda r: (r.lastet_opp, r.id))
        ],
        sorted(verk, key=lambda v: (v.rekkefolge, v.id)),
    )
    return alle


def _in(modul: Any, perioder: Sequence[Periode]) -> bool:
    return modul.periode_id in {p.pk for p in perioder}


def _history(modell: type[Model]) -> QuerySet[Any]:
    historien: QuerySet[Any] = modell.pgh_event_model.objects.all()  # type: ignore[attr-defined]
    return historien


def _last_of(modell: type[Model], dato: datetime.date, **bare: Any) -> list[Any]:
    """What the history has of each row at the end of the day, without those that were deleted by then."""
    rader = (
        _history(modell)
        .filter(pgh_created_at__date__lte=dato, **bare)
        .order_by("id", "-pgh_id")
        .distinct("id")
    )
    return [rad for rad in rader if rad.pgh_label != "delete"]


# --- both


def _stand(m: Any, *, finnes: bool = True) -> Modulstand:
    """Of a row, or of what the history has of one."""
    return Modulstand(
        pk=m.id,
        periode_id=m.periode_id,
        tittel=m.tittel,
        formaal=m.formaal,
        oppdragsforslag=m.oppdragsforslag,
        rekkefolge=m.rekkefolge,
        versjon=m.versjon,
        finnes=finnes,
    )


def _resource(
    r: Any, pk: int | None, antall_brukt: int = 0, vaare: frozenset[int] = frozenset()
) -> Ressursstand:
    slagnavn = str(Ressurs.Slag(r.slag).label)
    return Ressursstand(pk, r.slag, slagnavn, r.tittel, r.url, r.navn, r.bytes, antall_brukt, vaare)


def _fill(
    moduler: Sequence[Modulstand],
    ressurser: Iterable[tuple[int, Ressursstand]],
    verk: Iterable[Any],
) -> None:
    per_pk = {m.pk: m for m in moduler}
    for modul, ressurs in ressurser:
        per_pk[modul].ressurser.append(ressurs)
    for ett in verk:
        per_pk[ett.modul_id].leseliste.append(ett)
