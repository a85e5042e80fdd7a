"""Those who are to sit at the tables, and the seating's rules as the draw is given them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from nettverk.skriving.laas import mark
from rolu.models import (
    Bordkart,
    Bordplass,
    Bordregel,
    Bordskille,
    Deltakelse,
    Gjest,
    Samling,
)
from rolu.samlinger.bord.plassering import Dekningsregel, Merkeregel, Oppgave, Regel
from rolu.samlinger.hvem_kommer import participants
from rolu.samlinger.skrankesok import key_of

Slag = Bordregel.Slag
# Not one of the rules that are put in order: it always comes first.
SKILLER = "skiller"


@dataclass(frozen=True)
class Egenskaper:
    """What the rules ask of somebody: by each place they come by."""

    kommuner: frozenset[int] = frozenset()
    typer: frozenset[str] = frozenset()
    grupper: frozenset[int] = frozenset()
    roller: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Bordgjest:
    """One who is to sit: as they are named, and what the rules ask of them."""

    navn: str
    rolle: str
    sted: str
    kommune: str
    person: int | None
    gjest: int | None
    moett: bool
    har: Egenskaper

    @property
    def noekkel(self) -> str:
        """p12 or g3, as at the desk."""
        return key_of(self.person, self.gjest)

    @property
    def hvor(self) -> str:
        """Where they come from: the unit and its kommune."""
        return ", ".join(filter(None, [self.sted, self.kommune]))

    @property
    def orden(self) -> tuple[int, int]:
        """An order that a changed name does not change: the draw is to come out the same."""
        return (1, self.gjest) if self.gjest else (0, self.person or 0)


def who_sits(samling: Samling) -> list[Bordgjest]:
    """Those who come, or have met, guests included, by name. Six queries at most."""
    alle = participants(samling)
    har = _of_persons(samling) | _of_guests(samling)
    return [
        Bordgjest(
            d.navn,
            d.rolle,
            d.sted,
            d.kommune,
            d.person,
            d.gjest,
            d.moett,
            har.get(key_of(d.person, d.gjest), Egenskaper()),
        )
        for d in alle
    ]


def _of_persons(samling: Samling) -> dict[str, Egenskaper]:
    rader = Deltakelse.objects.filter(samling=samling).filter(
        Q(status=Deltakelse.Status.PAAMELDT) | Q(moett__isnull=False)
    )
    per: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for person, *resten in rader.values_list(
        "verv__person",
        "kommune",
        "verv__gruppe__enhet__type",
        "verv__gruppe",
        "verv__gruppe__enhet",
        "verv__rolle",
    ).order_by("pk"):
        per[key_of(person)].append(tuple(resten))
    return {noekkel: _put_together(steder) for noekkel, steder in per.items()}


def _of_guests(samling: Samling) -> dict[str, Egenskaper]:
    """A substitute comes as the one whose place it is."""
    rader = Gjest.objects.filter(samling=samling, status=Gjest.Status.PAAMELDT)
    return {
        key_of(None, gjest): _put_together([tuple(resten)])
        for gjest, *resten in rader.values_list(
            "pk", "kommune", "gruppe__enhet__type", "gruppe", "gruppe__enhet", "for_verv__rolle"
        )
    }


def _put_together(steder: Iterable[tuple[Any, ...]]) -> Egenskaper:
    kommuner, typer, grupper, roller = set(), set(), set(), set()
    for kommune, type_, gruppe, enhet, rolle in steder:
        kommuner |= {kommune} - {None}
        typer |= {type_} - {None}
        # Only those of one unit: whoever sits in the network's own groups meets there anyway.
        grupper |= {gruppe} if enhet else set()
        roller |= {rolle} - {None}
    # Who comes from several kinds of units is of none of them.
    return Egenskaper(
        frozenset(kommuner),
        frozenset(typer) if len(typer) == 1 else frozenset(),
        frozenset(grupper),
        frozenset(roller),
    )


# --- what a seating is made from


@dataclass
class Grunnlag:
    """A seating as it stands: the people in the order of the draw, where they sit, and the rules."""

    kart: Bordkart
    folk: list[Bordgjest]
    regler: list[Bordregel]
    skiller: list[Bordskille]
    plasser: dict[str, Bordplass]
    forrige: dict[int, int] = field(default_factory=dict)

    @property
    def slag(self) -> list[str]:
        """The rules that hold, the heaviest first; those about two people before all."""
        return [SKILLER, *(regel.slag for regel in self.regler)]

    @property
    def bordet(self) -> list[int]:
        """The table of each, from 0; -1 for who has none."""
        sitter = (self.plasser.get(gjest.noekkel) for gjest in self.folk)
        return [plass.bord - 1 if plass else -1 for plass in sitter]

    def task(self, *, bare_sittende: bool = False) -> Oppgave:
        """What the draw is asked."""
        return Oppgave(
            len(self.folk),
            self.kart.plasser,
            [self._quarrels(), *map(self._rule, self.regler)],
            {
                nr: self.plasser[gjest.noekkel].bord - 1
                for nr, gjest in enumerate(self.folk)
                if gjest.noekkel in self.plasser
                and (bare_sittende or self.plasser[gjest.noekkel].laast)
            },
        )

    def _quarrels(self) -> Merkeregel:
        egne: dict[int, list[int]] = defaultdict(list)
        for nr, skille in enumerate(self.skiller):
            egne[skille.en_id].append(nr)
            egne[skille.annen_id].append(nr)
        return Merkeregel([tuple(egne.get(g.person or 0, ())) for g in self.folk])

    def _rule(self, regel: Bordregel) -> Regel:
        if regel.slag == Slag.ROLLE:
            har = [regel.rolle in gjest.har.roller for gjest in self.folk]
            return Dekningsregel(har, regel.per_bord)
        return Merkeregel(self._labels(regel.slag), samle=regel.slag == Slag.GRUPPER_SAMLES)

    def _labels(self, slag: str) -> list[tuple[int, ...]]:
        if slag == Slag.KOMMUNER:
            return [tuple(sorted(g.har.kommuner)) for g in self.folk]
        if slag == Slag.ENHETSTYPER:
            typer = sorted({type_ for g in self.folk for type_ in g.har.typer})
            return [tuple(map(typer.index, sorted(g.har.typer))) for g in self.folk]
        if slag == Slag.NABOER:
            sist = self.forrige
            return [(sist[g.person],) if g.person in sist else () for g in self.folk]
        return [tuple(sorted(g.har.grupper)) for g in self.folk]

    @property
    def oppsett(self) -> str:
        """A mark of the seats and the rules: another mark, and the seating is drawn anew and not only mended. That
        people come and go, or two are kept apart, is mended."""
        regler = [(r.slag, r.rolle, r.per_bord) for r in self.regler]
        return mark(repr((self.kart.plasser, regler)))

    @property
    def regler_endret(self) -> bool:
        """Whether people sit by other seats or rules than those there are now."""
        return bool(self.kart.satt) and self.kart.resultat.get("oppsett") != self.oppsett


def gather(kart: Bordkart) -> Grunnlag:
    """All of it, of a seating that is kept. Eleven queries at most."""
    regler = list(kart.regler.active())
    naboer = any(regel.slag == Slag.NABOER for regel in regler)
    return Grunnlag(
        kart,
        sorted(who_sits(kart.samling), key=lambda gjest: gjest.orden),
        regler,
        list(kart.skiller.select_related("en", "annen")),
        {p.noekkel: p for p in kart.bordplasser.select_related("person", "gjest")},
        last_time(kart.samling) if naboer else {},
    )


def last_time(samling: Samling) -> dict[int, int]:
    """By person, the table they had the last time the same people met: at the gathering this one was made from or the
    one before in its series, whichever was last. Two queries."""
    satt = Bordkart.objects.filter(satt__isnull=False, samling__nettverk=samling.nettverk_id)
    foer = satt.filter(samling__start__lt=samling.start).order_by("-samling__start", "-pk")
    hvilke = Q(samling=samling.forrige_id) if samling.forrige_id else Q(pk__in=[])
    if samling.serie_id:
        hvilke |= Q(samling__serie=samling.serie_id)
    sist = foer.filter(hvilke).exclude(samling__status=Samling.Status.AVLYST).first()
    if sist is None:
        return {}
    rader = Bordplass.objects.filter(bordkart=sist, person__isnull=False)
    return dict(rader.values_list("person", "bord"))


def names(folk: Sequence[Bordgjest], hvem: Iterable[int]) -> list[str]:
    """The names of those, by their places in the draw."""
    return [folk[nr].navn for nr in hvem]


def by_key(folk: Iterable[Bordgjest]) -> Mapping[str, Bordgjest]:
    return {gjest.noekkel: gjest for gjest in folk}
