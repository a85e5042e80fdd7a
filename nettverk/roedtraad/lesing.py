"""The red thread of one thing, both ways, of what a person may see.

However long the thread is: one query finds what it goes through, one what of it the person may see, and one for each
kind fetches those that are told by name.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet

from nettverk.flater import Traadslag, Treff
from nettverk.models import Kobling, Nettverk
from nettverk.roedtraad.slag import kinds
from nettverk.tilgang.roller import Roller

# How many of a kind are told by name; the rest are counted.
VISES = 5
# From a voice to the report there are some seven steps; a thread that bites its tail ends here.
_LENGST = 14

_FOLG = """
    WITH RECURSIVE kant (fra_slag, fra, til_slag, til) AS MATERIALIZED ({kanter}),
    ned (slag, id, steg) AS (
        SELECT %s::text, %s::bigint, 0
        UNION
        SELECT kant.til_slag, kant.til, ned.steg + 1
        FROM ned JOIN kant ON kant.fra_slag = ned.slag AND kant.fra = ned.id
        WHERE ned.steg < {lengst}
    ),
    opp (slag, id, steg) AS (
        SELECT %s::text, %s::bigint, 0
        UNION
        SELECT kant.fra_slag, kant.fra, opp.steg + 1
        FROM opp JOIN kant ON kant.til_slag = opp.slag AND kant.til = opp.id
        WHERE opp.steg < {lengst}
    )
    SELECT 'ned', slag, id, min(steg) FROM ned WHERE steg > 0 GROUP BY slag, id
    UNION ALL
    SELECT 'opp', slag, id, min(steg) FROM opp WHERE steg > 0 GROUP BY slag, id
"""


_ARBEID = """
    WITH RECURSIVE kant (fra_slag, fra, til_slag, til) AS MATERIALIZED ({kanter}),
    opp (slag, id) AS (
        SELECT * FROM ({arbeidet}) AS arbeid
        UNION
        SELECT kant.fra_slag, kant.fra FROM opp JOIN kant ON kant.til_slag = opp.slag AND kant.til = opp.id
    )
    SELECT id FROM opp WHERE slag = %s
"""


@dataclass(frozen=True)
class Traadrad:
    """One thing on the thread: `steg` away, 1 is next to it. `kobling` is the link that somebody has made, and that can
    be taken away again; None when it follows by itself or lies further off."""

    slag: Traadslag
    pk: int
    treff: Treff
    steg: int
    kobling: int | None = None

    @property
    def imellom(self) -> int:
        """How many things the thread goes through on the way."""
        return self.steg - 1


@dataclass
class Traadgruppe:
    """Those of one kind: how many the person may see, and the nearest of them."""

    slag: Traadslag
    antall: int
    rader: list[Traadrad] = field(default_factory=list)

    @property
    def flere(self) -> int:
        return self.antall - len(self.rader)


@dataclass
class Roedtraad:
    slag: Traadslag
    pk: int
    kommer_fra: list[Traadgruppe]
    har_foert_til: list[Traadgruppe]

    @property
    def antall_fra(self) -> int:
        return sum(gruppe.antall for gruppe in self.kommer_fra)

    @property
    def antall_til(self) -> int:
        return sum(gruppe.antall for gruppe in self.har_foert_til)


# For each kind: the ids and how far off they are.
_Funn = dict[str, dict[int, int]]


def read(
    slag: Traadslag,
    pk: int,
    roller: Roller,
    *,
    vises: int = VISES,
    bare: str | None = None,
    slaget: Traadslag | None = None,
) -> Roedtraad:
    """The thread of the thing, `vises` of each kind by name; with `bare` («opp» or «ned») only what it came from, or
    only what it has led to; with `slaget` only those of that kind. Three queries and one for each kind on it."""
    nettverk = roller.nettverk
    slagene = kinds(nettverk)
    opp, ned = follow(slagene, nettverk, slag.noekkel, pk)
    if bare:
        opp, ned = (opp, {}) if bare == "opp" else ({}, ned)
    if slaget:
        opp, ned = ({n: f for n, f in vei.items() if n == slaget.noekkel} for vei in (opp, ned))
    synlige = _visible(slagene, roller, [opp, ned])
    opp, ned = _only(opp, synlige), _only(ned, synlige)
    koblinger = _links(nettverk, slag.noekkel, pk) if opp or ned else {}
    naermest = {id(funn): _nearest(funn, vises) for funn in (opp, ned)}
    rader = _rows(slagene, roller, naermest.values())

    def groups(funn: _Funn, retning: str) -> list[Traadgruppe]:
        return [
            Traadgruppe(
                slagene[noekkel],
                len(funn[noekkel]),
                [
                    Traadrad(
                        slagene[noekkel],
                        ett,
                        slagene[noekkel].vis(rader[noekkel, ett], nettverk),
                        funn[noekkel][ett],
                        koblinger.get((retning, noekkel, ett)),
                    )
                    for ett in naermest[id(funn)][noekkel]
                    if (noekkel, ett) in rader
                ],
            )
            for noekkel in slagene
            if noekkel in funn
        ]

    return Roedtraad(slag, pk, groups(opp, "opp"), groups(ned, "ned"))


def count(slag: Traadslag, pk: int, roller: Roller) -> tuple[int, int]:
    """How many things it came from, and how many it has led to, that the person may see. Two queries."""
    slagene = kinds(roller.nettverk)
    opp, ned = follow(slagene, roller.nettverk, slag.noekkel, pk)
    synlige = _visible(slagene, roller, [opp, ned])

    def size(funn: _Funn) -> int:
        return sum(len(ettene) for ettene in _only(funn, synlige).values())

    return size(opp), size(ned)


def follow(
    slagene: dict[str, Traadslag], nettverk: Nettverk, noekkel: str, pk: int
) -> tuple[_Funn, _Funn]:
    """Everything that the thing came from and everything it has led to, whoever may see it. One query."""
    kanter, felt = _all_edges(slagene, nettverk)
    with connection.cursor() as cursor:
        cursor.execute(
            _FOLG.format(kanter=kanter, lengst=_LENGST), [*felt, noekkel, pk, noekkel, pk]
        )
        funnet = cursor.fetchall()
    veier: dict[str, _Funn] = {"opp": defaultdict(dict), "ned": defaultdict(dict)}
    for vei, annet, ett, steg in funnet:
        if annet in slagene and (annet, ett) != (noekkel, pk):
            veier[vei][annet][ett] = steg
    return dict(veier["opp"]), dict(veier["ned"])


def worked_on(slag: Traadslag, nettverk: Nettverk, *, siden: datetime.date) -> set[int] | None:
    """The ids of those of the kind that work has come of since that day, however far off; whoever may see the work.
    None, and no query, when no part of the network has work; one query else."""
    slagene = kinds(nettverk)
    arbeidet: list[str] = []
    felt: list[Any] = []
    for annet in slagene.values():
        if annet.arbeid is None:
            continue
        sql, egne = (
            annet.arbeid(nettverk, siden).order_by().values_list("pk").query.sql_with_params()
        )
        arbeidet.append(f"SELECT %s::text, a.id::bigint FROM ({sql}) AS a (id)")
        felt += [annet.noekkel, *egne]
    if not arbeidet:
        return None
    kanter, kantfelt = _all_edges(slagene, nettverk)
    spoerring = _ARBEID.format(kanter=kanter, arbeidet=" UNION ALL ".join(arbeidet))
    with connection.cursor() as cursor:
        cursor.execute(spoerring, [*kantfelt, *felt, slag.noekkel])
        return {pk for (pk,) in cursor.fetchall()}


def _all_edges(slagene: dict[str, Traadslag], nettverk: Nettverk) -> tuple[str, list[Any]]:
    """What somebody has linked and what follows by itself, as one query."""
    return _compiled(
        [_links_of(nettverk), *(k for slag in slagene.values() for k in slag.kanter(nettverk))]
    )


def _links_of(nettverk: Nettverk) -> QuerySet[Any, Any]:
    rader = Kobling.objects.filter(nettverk=nettverk).order_by()
    return rader.values_list("fra_slag", "fra", "til_slag", "til")


def _compiled(spoerringer: Iterable[QuerySet[Any, Any]]) -> tuple[str, list[Any]]:
    """The queries after each other, as one."""
    biter: list[str] = []
    felt: list[Any] = []
    for spoerring in spoerringer:
        sql, egne = spoerring.query.sql_with_params()
        biter.append(f"({sql})")
        felt += egne
    return " UNION ALL ".join(biter), felt


def _visible(
    slagene: dict[str, Traadslag], roller: Roller, veiene: list[_Funn]
) -> dict[str, set[int]]:
    """Those of them that the person may see, by kind. One query."""
    ids: dict[str, set[int]] = defaultdict(set)
    for funn in veiene:
        for noekkel, steg in funn.items():
            ids[noekkel] |= steg.keys()
    biter: list[str] = []
    felt: list[Any] = []
    for noekkel, ettene in ids.items():
        rader = slagene[noekkel].synlige(roller).order_by().values_list("pk")
        try:
            sql, egne = rader.query.sql_with_params()
        except EmptyResultSet:
            # Of this kind the person sees none, whatever there is.
            continue
        biter.append(f"SELECT %s::text, v.id FROM ({sql}) AS v (id) WHERE v.id = ANY(%s)")
        felt += [noekkel, *egne, list(ettene)]
    synlige: dict[str, set[int]] = defaultdict(set)
    if biter:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(biter), felt)
            for noekkel, ett in cursor.fetchall():
                synlige[noekkel].add(ett)
    return synlige


def _only(funn: _Funn, synlige: dict[str, set[int]]) -> _Funn:
    bare = {
        noekkel: {ett: steg for ett, steg in ettene.items() if ett in synlige[noekkel]}
        for noekkel, ettene in funn.items()
    }
    return {noekkel: ettene for noekkel, ettene in bare.items() if ettene}


def _nearest(funn: _Funn, vises: int) -> dict[str, list[int]]:
    """The nearest of each kind, of those as near the newest first."""
    return {
        noekkel: sorted(ettene, key=lambda ett, ettene=ettene: (ettene[ett], -ett))[:vises]  # type: ignore[misc]
        for noekkel, ettene in funn.items()
    }


def _rows(
    slagene: dict[str, Traadslag], roller: Roller, valgte: Iterable[dict[str, list[int]]]
) -> dict[tuple[str, int], Any]:
    """The rows themselves. One query for each kind."""
    ids: dict[str, set[int]] = defaultdict(set)
    for valg in valgte:
        for noekkel, ettene in valg.items():
            ids[noekkel].update(ettene)
    return {
        (noekkel, rad.pk): rad
        for noekkel, ettene in ids.items()
        for rad in slagene[noekkel].synlige(roller).filter(pk__in=ettene)
    }


def _links(nettverk: Nettverk, noekkel: str, pk: int) -> dict[tuple[str, str, int], int]:
    """The links that somebody has made at the thing: which way, the kind and the id of the other end. One query."""
    her = Q(fra_slag=noekkel, fra=pk) | Q(til_slag=noekkel, til=pk)
    return {
        ("ned", k.til_slag, k.til)
        if (k.fra_slag, k.fra) == (noekkel, pk)
        else ("opp", k.fra_slag, k.fra): k.pk
        for k in Kobling.objects.filter(her, nettverk=nettverk)
    }
