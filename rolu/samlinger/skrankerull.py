"""The roll of a gathering: everybody a desk expects, kept between two letters, and the search of it.

Names and places are read once in a few seconds, for all desks of a web process; who has met, and what everybody
has answered, every time. It lies in the memory of the process alone, and is let go when it is no longer fresh.
"""

import datetime
import time
from dataclasses import dataclass, replace
from threading import Lock, Timer
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, IntegerField, Q, Value

from kommuner.sortering import LAVESTE_RANG, Sokenokler, ranker, search_words
from rolu.models import Dagsoppmoete, Deltakelse, Gjest, Samling
from rolu.models.deltakelse import BEST_FOERST
from rolu.samlinger.skrankesok import MAKS_TREFF, Skranketreff, everybody, key_of

FERSK = 5.0  # seconds a name may be old

Dag = datetime.date | None


@dataclass(frozen=True)
class Rullinje:
    """One on the roll, and what they are found by."""

    treff: Skranketreff
    sok: Sokenokler
    orden: tuple[int, tuple[str, int, bool]]

    @classmethod
    def of(cls, treff: Skranketreff) -> "Rullinje":
        sok = Sokenokler.of(treff.navn, f"{treff.steder} {treff.vara_for}".strip())
        ventet = BEST_FOERST.index(treff.status)
        return cls(treff, sok, (ventet, treff.orden))


@dataclass(frozen=True)
class Rull:
    """The roll as it was read, and what it was read from: it holds as long as that does."""

    linjer: list[Rullinje]
    svarene: int
    lest: float  # seconds of `time.monotonic`


@dataclass(frozen=True)
class Naa:
    """What is asked every time: what everybody has answered, as one number, and who has met, by
    `Skranketreff.noekkel`."""

    svarene: int
    moett: set[str]


_INGEN = Value(None, output_field=IntegerField())
_ruller: dict[tuple[int, Dag], Rull] = {}
_laas = Lock()


def search(
    samling: Samling, q: str, *, maks: int = MAKS_TREFF, dag: Dag = None
) -> list[Skranketreff]:
    """The expected people and guests who match `q`, with `dag` as they stand that day: who is called that, or signed up and has a name or a unit with a word that begins so; then the others. Among them the
    nearest, and of those alike who signed up, then waiting, then invited, then declined; already met last (as
    static/js/skranke.js). Four queries at most; three more when the roll is not at hand."""
    if not search_words(q):
        return []
    naa = _now(samling, dag)
    nearness = ranker(q)
    funnet = []
    for linje in _roll(samling, dag, naa.svarene):
        rang = nearness(linje.sok)
        if rang is not None:
            funnet.append((_order(linje, rang, linje.treff.noekkel in naa.moett), linje.treff))
    funnet.sort(key=lambda f: f[0])
    viste = [treff for _orden, treff in funnet[:maks]]
    tider = _times(samling, dag, [t for t in viste if t.noekkel in naa.moett])
    return [replace(treff, moett=tider.get(treff.noekkel)) for treff in viste]


def _order(linje: Rullinje, rang: int, moett: bool) -> tuple[Any, ...]:
    """What a hit is put in order by, the first to be shown smallest."""
    # Who is called that, and who signed up and has a word that begins so.
    trolig = rang < 2 or (linje.orden[0] == 0 and rang < LAVESTE_RANG - 1)
    return (moett, not trolig, rang, linje.orden)


def _now(samling: Samling, dag: Dag) -> Naa:
    moett = ExpressionWrapper(Q(moett__isnull=False), BooleanField())
    folk = list(
        Deltakelse.objects.filter(samling=samling)
        .order_by()
        .values_list("pk", "verv__person", "status", "dager", moett)
    )
    gjester = list(
        Gjest.objects.filter(samling=samling)
        .order_by()
        .values_list("pk", "navn", "status", "dager", moett)
    )
    if dag:
        dagens = Dagsoppmoete.objects.filter(samling=samling, dato=dag).order_by()
        de = dagens.values_list("deltakelse__verv__person", "gjest")
        inne = {key_of(person, gjest) for person, gjest in de}
    else:
        inne = {key_of(person) for _pk, person, _status, _dager, er in folk if er}
        inne |= {key_of(None, pk) for pk, _navn, _status, _dager, er in gjester if er}
    svarene = {(pk, status, tuple(d or ())) for pk, _person, status, d, _er in folk}
    # A guest who was taken off stands on the roll again when they come after all.
    gjestene = {(pk, navn, status, tuple(d or ()), er) for pk, navn, status, d, er in gjester}
    return Naa(hash((frozenset(svarene), frozenset(gjestene))), inne)


def _times(samling: Samling, dag: Dag, treff: list[Skranketreff]) -> dict[str, datetime.datetime]:
    """When these met, by `Skranketreff.noekkel`."""
    folk = [t.person for t in treff if t.person]
    gjester = [t.gjest for t in treff if t.gjest]
    if dag:
        dagens = Dagsoppmoete.objects.filter(samling=samling, dato=dag)
        de = dagens.filter(Q(deltakelse__verv__person__in=folk) | Q(gjest__in=gjester))
        rader = list(de.values_list("deltakelse__verv__person", "gjest", "tid"))
    else:
        egne = Deltakelse.objects.filter(samling=samling, verv__person__in=folk).met()
        rader = list(egne.values_list("verv__person", _INGEN, "moett"))
        deres = Gjest.objects.filter(pk__in=gjester).met()
        rader += deres.values_list(_INGEN, "pk", "moett")
    tider: dict[str, datetime.datetime] = {}
    for person, gjest, tid in rader:
        noekkel = key_of(person, gjest)
        tider[noekkel] = min(tid, tider.get(noekkel, tid))
    return tider


def _roll(samling: Samling, dag: Dag, svarene: int) -> list[Rullinje]:
    """The roll at hand, when it is fresh and nobody has answered otherwise since; else it is read."""
    noekkel = (samling.pk, dag)
    naa = time.monotonic()
    with _laas:
        rull = _ruller.get(noekkel)
    if rull and rull.svarene == svarene and naa - rull.lest < FERSK:
        return rull.linjer
    linjer = [Rullinje.of(treff) for treff in everybody(samling, dag=dag)]
    with _laas:
        _ruller[noekkel] = Rull(linjer, svarene, naa)
    senere = Timer(FERSK, _let_go)
    senere.daemon = True
    senere.start()
    return linjer


def _let_go() -> None:
    """Old rolls leave the memory: nobody may look for anybody here again."""
    naa = time.monotonic()
    with _laas:
        for gammel in [n for n, r in _ruller.items() if naa - r.lest >= FERSK]:
            del _ruller[gammel]
