"""The days of a gathering, each with its own hours: which they are, how they are written, and setting them."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from django.db import transaction
from django.db.models import QuerySet, prefetch_related_objects
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from nettverk.side.skrivemaate import klokke, tidsrom
from nettverk.skriving.konflikt import KanIkke
from rolu.models import (
    Dagsoppmoete,
    Deltakelse,
    Endringsoenske,
    Gjest,
    Samling,
    Samlingsdag,
)

Dag: TypeAlias = tuple[datetime.date, datetime.time, datetime.time]
Tid: TypeAlias = tuple[datetime.datetime, datetime.datetime]
Tider: TypeAlias = Sequence[Tid]

MAKS_DAGER = 7


# --- which days


def days(samling: Samling) -> list[Samlingsdag]:
    """The days in order: the rows of a gathering over several, else the one day that its start and end say
    (not saved). The rows are asked for once: one query, none when `samlingsdager` is prefetched."""
    if not samling.varer_flere_dager:
        start, slutt = timezone.localtime(samling.start), timezone.localtime(samling.slutt)
        return [Samlingsdag(samling=samling, dato=start.date(), fra=start.time(), til=slutt.time())]
    prefetch_related_objects([samling], "samlingsdager")
    return list(samling.samlingsdager.all()) or _guessed(samling)


def _guessed(samling: Samling) -> list[Samlingsdag]:
    """Of a gathering whose days nobody has told: each from the hour it begins to the hour it ends."""
    start, slutt = timezone.localtime(samling.start), timezone.localtime(samling.slutt)
    fra, til = start.time(), slutt.time()
    if fra >= til:
        fra, til = min(fra, til), max(fra, til)
    antall = (slutt.date() - start.date()).days + 1
    return [
        Samlingsdag(
            samling=samling, dato=start.date() + datetime.timedelta(days=n), fra=fra, til=til
        )
        for n in range(antall)
    ]


def times(samling: Samling) -> list[tuple[datetime.datetime, datetime.datetime]]:
    """Start and end of each day."""
    return [(dag.start, dag.slutt) for dag in days(samling)]


def times_of(dager: Iterable[Dag]) -> list[tuple[datetime.datetime, datetime.datetime]]:
    """Start and end of days that are not saved, in order."""
    rader = [Samlingsdag(dato=dato, fra=fra, til=til) for dato, fra, til in sorted(dager)]
    return [(rad.start, rad.slutt) for rad in rader]


def fetch_days(samlinger: Iterable[Samling]) -> None:
    """Ask once for the days of all of them; not at all when each is on one day."""
    prefetch_related_objects([s for s in samlinger if s.varer_flere_dager], "samlingsdager")


def times_of_rows(rader: Iterable[Mapping[str, Any]]) -> dict[int, Tider]:
    """By pk the times of gatherings that are rows with `pk`, `start` and `slutt`. At most one query."""
    samlinger = [Samling(pk=r["pk"], start=r["start"], slutt=r["slutt"]) for r in rader]
    fetch_days(samlinger)
    return {samling.pk: times(samling) for samling in samlinger}


# --- the days in words


def in_words(samling: Samling) -> str:
    """When it is, as its days: «tirsdag 3. mars 2026 kl. 09.00–15.30»; over several, each with its hours:
    «onsdag 3. juni kl. 10.00–16.00 og torsdag 4. juni 2026 kl. 09.00–14.00»."""
    return written(times(samling))


def written(tider: Tider) -> str:
    """The days of `in_words`, given as start and end."""
    if len(tider) == 1:
        return tidsrom(*tider[0])
    lokale = [(timezone.localtime(fra), timezone.localtime(til)) for fra, til in tider]
    datoer = _dates([fra.date() for fra, _til in lokale])
    return _listed(
        [
            f"{date_format(fra, 'l')} {dato} {klokke(fra)}–{time_format(til)}"
            for dato, (fra, til) in zip(datoer, lokale, strict=True)
        ]
    )


def dates_in_words(samling: Samling) -> str:
    """The days without their hours: «3. og 4. juni 2026»."""
    return dates_written(times(samling))


def dates_written(tider: Tider) -> str:
    """The days of `dates_in_words`, given as start and end."""
    return dates_listed([timezone.localtime(fra).date() for fra, _til in tider])


def dates_listed(datoer: list[datetime.date]) -> str:
    """The same, of the dates alone."""
    if len({(dato.year, dato.month) for dato in datoer}) > 1:
        return _listed(_dates(datoer))
    punktum = "" if (get_language() or "").startswith("en") else "."
    foran = [f"{dato.day}{punktum}" for dato in datoer[:-1]]
    return _listed([*foran, date_format(datoer[-1])])


def _dates(datoer: list[datetime.date]) -> list[str]:
    """Each date; when all are in one year, the last alone tells it."""
    ett_aar = len({dato.year for dato in datoer}) == 1
    foran = [date_format(dato, "MONTH_DAY_FORMAT" if ett_aar else "DATE_FORMAT") for dato in datoer]
    return [*foran[:-1], date_format(datoer[-1])]


def days_listed(datoer: Iterable[datetime.date]) -> str:
    """Some of the days, of a gathering that is known: «3. juni og 4. juni»."""
    return _listed([date_format(dato, "MONTH_DAY_FORMAT") for dato in sorted(datoer)])


def only_days(datoer: Iterable[datetime.date] | None) -> str:
    """«bare 4. juni», of who comes on some of the days; "" of who comes on all."""
    return _("bare %(dager)s") % {"dager": days_listed(datoer)} if datoer else ""


def _listed(ledd: list[str]) -> str:
    """a, b og c"""
    if len(ledd) == 1:
        return ledd[0]
    return _("%(ledd)s og %(siste)s") % {"ledd": ", ".join(ledd[:-1]), "siste": ledd[-1]}


# --- set the days


@transaction.atomic
def set_days(
    samling: Samling, dager: Sequence[Dag], *, foer: Sequence[datetime.date] | None = None
) -> None:
    """Let the gathering be on these days (date, from, to), and its start and end follow. Saves the days and,
    of the gathering, only start and slutt. `foer` are the dates it has been on, where its start and end
    have been changed already.

    What people have said of the old days goes with it to the new ones. KanIkke for no day, more than seven,
    a day twice, an end before the start, or when a day on which somebody has met is not among them."""
    if not dager:
        raise KanIkke(_("Samlingen må ha minst én dag."))
    if len(dager) > MAKS_DAGER:
        raise KanIkke(_("En samling kan ha høyst sju dager."))
    if len({dato for dato, _fra, _til in dager}) < len(dager):
        raise KanIkke(_("Samme dag kan bare stå én gang."))
    if any(fra >= til for _dato, fra, til in dager):
        raise KanIkke(_("Dagen må slutte etter at den starter."))
    rader = [
        Samlingsdag(samling=samling, dato=dato, fra=fra, til=til)
        for dato, fra, til in sorted(dager)
    ]
    gamle = list(foer) if foer is not None else [dag.dato for dag in days(samling)]
    nye = [rad.dato for rad in rader]
    if mistet := sorted(days_met(samling, gamle) - set(nye)):
        raise KanIkke(has_met_on(mistet[0]))
    samling.start, samling.slutt = rader[0].start, rader[-1].slutt
    samling.save(update_fields=["start", "slutt"])
    samling.samlingsdager.all().delete()
    forget(samling)
    if len(rader) > 1:
        Samlingsdag.objects.bulk_create(rader)
    if gamle != nye:
        _carry_choices(samling, gamle, nye)
        _carry_attendance(samling, gamle, nye)


def days_met(samling: Samling, datoer: Iterable[datetime.date]) -> set[datetime.date]:
    """Those of its `datoer` on which somebody has met: they cannot be taken away. All of them when it is not told
    by day. Three queries."""
    alle = set(datoer)
    rader = Dagsoppmoete.objects.filter(samling=samling)
    fortalt = alle & set(rader.values_list("dato", flat=True))
    return alle if any(qs.exists() for qs in _met_on_no_day(samling)) else fortalt


def days_met_by(
    samling: Samling,
) -> dict[tuple[str, int], dict[datetime.date, datetime.datetime]]:
    """When each was registered on each day, of a gathering over several: by («p», the person) and («g», the guest).
    One query, none for a gathering of one day."""
    if not samling.varer_flere_dager:
        return {}
    rader = Dagsoppmoete.objects.filter(samling=samling).values_list(
        "dato", "tid", "deltakelse__verv__person", "gjest"
    )
    per: dict[tuple[str, int], dict[datetime.date, datetime.datetime]] = {}
    for dato, tid, person, gjest in rader:
        per.setdefault(("g", gjest) if gjest else ("p", person), {}).setdefault(dato, tid)
    return per


def has_met_on(dato: datetime.date) -> str:
    """Why the day stays."""
    return _("Noen har møtt %(dato)s, så dagen kan ikke flyttes eller fjernes.") % {
        "dato": date_format(dato)
    }


def _met_on_no_day(samling: Samling) -> tuple[QuerySet[Deltakelse], QuerySet[Gjest]]:
    """Who met a gathering that did not tell the days apart."""
    uten = {"samling": samling, "moett__isnull": False, "dagsoppmoeter": None}
    return Deltakelse.objects.filter(**uten), Gjest.objects.filter(**uten)


def _carry_choices(samling: Samling, gamle: list[datetime.date], nye: list[datetime.date]) -> None:
    """Who comes on some of the days, comes on the same ones: by their number where all are moved, and by their
    date where some are put in or taken out. Who is left with none of them, or all, comes on all."""
    felles = set(gamle) & set(nye)
    if felles and len(gamle) != len(nye):
        til = {dato: dato for dato in felles}
    else:
        til = dict(zip(gamle, nye, strict=False))
    oensker = Endringsoenske.objects.filter(deltakelse__samling=samling)
    _carry_field(Deltakelse.objects.filter(samling=samling), "dager", til, len(nye))
    _carry_field(Gjest.objects.filter(samling=samling), "dager", til, len(nye))
    _carry_field(oensker, "vara_dager", til, len(nye))


def _carry_field(
    rader: QuerySet[Any], felt: str, til: Mapping[datetime.date, datetime.date], antall: int
) -> None:
    """The dates in this field of the rows become those of `til`; none when that is all of them, `antall`."""
    endret = []
    for rad in rader.filter(**{f"{felt}__isnull": False}):
        foer = getattr(rad, felt)
        valgt = sorted({til[dato] for dato in foer if dato in til})
        etter = valgt if 0 < len(valgt) < antall else None
        if etter != foer:
            setattr(rad, felt, etter)
            endret.append(rad)
    rader.bulk_update(endret, [felt])


def _carry_attendance(
    samling: Samling, gamle: list[datetime.date], nye: list[datetime.date]
) -> None:
    """Of one day it is told by `moett`, of several by day."""
    if len(nye) == 1:
        Dagsoppmoete.objects.filter(samling=samling).delete()
    elif len(gamle) == 1:
        folk, gjester = _met_on_no_day(samling)
        Dagsoppmoete.objects.bulk_create(
            [
                *(
                    Dagsoppmoete(
                        samling=samling,
                        deltakelse=d,
                        dato=gamle[0],
                        tid=d.moett or samling.start,
                        av_id=d.moett_registrert_av_id,
                    )
                    for d in folk
                ),
                *(
                    Dagsoppmoete(
                        samling=samling,
                        gjest=g,
                        dato=gamle[0],
                        tid=g.moett or samling.start,
                        av_id=g.moett_registrert_av_id,
                    )
                    for g in gjester
                ),
            ]
        )


def forget(samling: Samling) -> None:
    """The days that were asked for are not those of now."""
    getattr(samling, "_prefetched_objects_cache", {}).pop("samlingsdager", None)
