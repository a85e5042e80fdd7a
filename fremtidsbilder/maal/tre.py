"""The goals as one reader sees them: a tree from the network to the unit, and what hangs in the air."""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import takewhile

from django.db.models import Exists, OuterRef, Q, Subquery

from fremtidsbilder.models import Bidrag, Fremtidsbilde, Maal, Tema
from fremtidsbilder.tankesmier.temastemmer import belonging
from kommuner.models import Kommune, Plassering
from kommuner.sortering import norsk_nokkel
from nettverk.tilgang.roller import Roller

NIVAAER = tuple(Maal.Nivaa.values)
# Deeper than any network has goals; what lies below stands by itself in the tree.
MAKS_DYBDE = 12
# So many goals are seen at once; of more than these, one way stands open.
SMAATT = 12
# What everyone may count: a draft is its writers' alone, a closed goal is no longer worked towards.
_TELLER = frozenset({Maal.Tilstand.HOERING, Maal.Tilstand.VEDTATT})


@dataclass(frozen=True)
class Filter:
    """What the reader has chosen to see; empty is all. `kommune` holds the goals of its units too."""

    nivaa: str = ""
    kommune: str = ""
    tema: int | None = None
    tilstand: str = ""

    @property
    def er_brukt(self) -> bool:
        return bool(self.nivaa or self.kommune or self.tema or self.tilstand)


@dataclass(eq=False, repr=False)
class Gren:
    """A goal in the tree. `over` and `under` are the goals it hangs with; `grener` those of `under` that are shown."""

    maal: Maal
    # The kommune of the place, also of a unit.
    kommune: int | None
    kommunenummer: str
    sted: str
    temaer: frozenset[int]
    over: "Gren | None" = None
    under: "list[Gren]" = field(default_factory=list)
    grener: "list[Gren]" = field(default_factory=list)
    # How many kommuner and units have a goal below that counts, at any depth.
    under_kommuner: int = 0
    under_enheter: int = 0
    # What the filter asks for; the others are shown because a goal hangs below them.
    er_treff: bool = True
    er_aapen: bool = False
    # On the way from the top to the goal one has chosen.
    er_paa: bool = False

    @property
    def fra(self) -> datetime.date | None:
        return self.maal.periode.lower if self.maal.periode else None

    @property
    def siste_dag(self) -> datetime.date | None:
        slutt = self.maal.periode.upper if self.maal.periode else None
        return slutt - datetime.timedelta(days=1) if slutt else None

    @property
    def teller(self) -> bool:
        return self.maal.tilstand in _TELLER

    @property
    def er_maal(self) -> bool:
        """A principle says how one works, not where one is going."""
        return self.maal.type != Maal.Type.PRINSIPP

    @property
    def slekt(self) -> str:
        """How a kommune or a unit came by it: «tatt_inn» in the words above, «tilpasset» in its own, or «eget»."""
        if self.maal.nivaa == Maal.Nivaa.NETTVERK:
            return ""
        if not self.maal.overtatt:
            return "eget"
        over = self.over
        return "tatt_inn" if over and _same_words(self.maal, over.maal) else "tilpasset"

    @property
    def i_lufta(self) -> bool:
        """A goal of a kommune or a unit with no goal above it that one works towards."""
        maal = self.maal
        if maal.nivaa == Maal.Nivaa.NETTVERK or not self.teller or not self.er_maal:
            return False
        return maal.over_id is None or bool(self.over and self.over.maal.er_avsluttet)

    @property
    def samme_nivaa(self) -> "list[Gren]":
        return [g for g in self.grener if g.maal.nivaa == self.maal.nivaa]

    @property
    def lenger_ned(self) -> "list[Gren]":
        return [g for g in self.grener if g.maal.nivaa != self.maal.nivaa]

    def above(self) -> "Iterator[Gren]":
        """The goals above, the nearest first."""
        gren, sett = self.over, {self}
        while gren and gren not in sett:
            yield gren
            sett.add(gren)
            gren = gren.over

    def below(self) -> "Iterator[Gren]":
        """Everything below that the reader sees."""
        venter, sett = list(self.under), {self}
        while venter:
            gren = venter.pop()
            if gren not in sett:
                sett.add(gren)
                yield gren
                venter += gren.under


@dataclass(frozen=True)
class Sammenheng:
    """How the goals of the levels hang together, in the whole network."""

    maal: int
    kommuner: int
    kommuner_tatt_inn: int
    maal_kommuner: int
    kommuner_med_maal: int
    kommunemaal_med_over: int
    enheter: int
    maal_enheter: int
    enheter_med_maal: int
    enhetsmaal_med_over: int


@dataclass(frozen=True)
class Tre:
    """The goals that are shown, and what is told of them."""

    roetter: list[Gren]
    # Those with nothing below them: they stand by themselves, for nobody takes in a way of working.
    prinsipper: list[Gren]
    avsluttet: list[Gren]
    uten_over: list[Gren]
    ikke_tatt_inn: list[Gren]
    temaer_uten_maal: list[Tema]
    sammenheng: Sammenheng
    alle: dict[int, Gren]

    @property
    def antall(self) -> int:
        """How many goals the filter asks for."""
        return sum(g.er_treff for g in self.alle.values())

    def per_level(self, ut: Filter) -> Counter[str]:
        """How many goals each level has of what the filter leaves when no level is chosen. As
        `MaalQuerySet.worked_towards`; the closed ones only when it is they one asks for."""
        uten_nivaa = replace(ut, nivaa="")
        avsluttet = ut.tilstand == Maal.Tilstand.AVSLUTTET
        return Counter(
            g.maal.nivaa
            for g in self.alle.values()
            if g.er_maal and g.maal.er_avsluttet == avsluttet and _is_asked_for(g, uten_nivaa)
        )

    @property
    def er_tomt(self) -> bool:
        return not (self.roetter or self.prinsipper or self.avsluttet)

    @property
    def prinsipper_aapne(self) -> bool:
        """When they are all there is to see, or one of them is what one comes from."""
        return not self.roetter or any(g.er_paa for g in self.prinsipper)

    @property
    def i_arbeid(self) -> "list[Gren]":
        """Those the filter asks for that one works towards, and has not reached."""
        return [
            g
            for g in self.alle.values()
            if g.er_treff and g.teller and g.er_maal and g.maal.status != Maal.Status.NAADD
        ]


def kommuner_of(roller: Roller) -> list[Kommune]:
    """The kommuner of the network, by name. Fetched once for a page."""
    kommuner = roller.nettverk.kommuner().defer("grense").order_by("sortering")
    return roller.remembered("fremtidsbilder.kommuner", lambda: list(kommuner))


def temaer_of(roller: Roller) -> list[Tema]:
    """The themes of the network, each with `er_i_bruk`: whether somebody has spoken of it on a wall, or an image is
    about it. Fetched once for a page."""
    kort = Bidrag.objects.shown().filter(Q(klynge=OuterRef("pk")) | Q(andre_klynger=OuterRef("pk")))
    bilder = Fremtidsbilde.objects.visible_to(roller).filter(temaer=OuterRef("pk"))
    temaer = roller.nettverk.temaer.annotate(
        er_i_bruk=Q(Exists(belonging(OuterRef("pk")).filter(Exists(kort)))) | Q(Exists(bilder))
    )
    return roller.remembered("fremtidsbilder.temaer", lambda: list(temaer))


def read_tree(roller: Roller, ut: Filter, valgt: int | None = None) -> Tre:
    """The goals the person may see, narrowed by the filter, each with the goals above it. Five queries."""
    kommuner, temaer = kommuner_of(roller), temaer_of(roller)
    enheter = roller.nettverk.enheter().count()
    alle = {gren.maal.pk: gren for gren in _read(roller)}
    _hang_together(alle)
    for gren in alle.values():
        gren.er_treff = _is_asked_for(gren, ut)
    treff = [g for g in alle.values() if g.er_treff]
    levende = [g for g in treff if not g.maal.er_avsluttet]
    oeverst = _shown(levende, alle.values())
    prinsipper = [g for g in oeverst if not g.er_maal and not g.grener]
    roetter = [g for g in oeverst if g.er_maal or g.grener]
    egne = [g for g in levende if _is_own(g, roller)]
    smaatt = len(levende) - len(prinsipper) <= SMAATT
    _open(roetter, egne, alle.get(valgt) if valgt else None, smaatt=smaatt)
    med_maal = {t for g in alle.values() if g.teller for t in g.temaer}
    return Tre(
        roetter=roetter,
        prinsipper=prinsipper,
        avsluttet=[g for g in treff if g.maal.er_avsluttet],
        uten_over=[g for g in levende if g.i_lufta],
        ikke_tatt_inn=[g for g in levende if _nobody_took_in(g)],
        temaer_uten_maal=[]
        if ut.er_brukt
        else [t for t in temaer if t.er_i_bruk and t.pk not in med_maal],  # type: ignore[attr-defined]
        sammenheng=_coherence(alle.values(), len(kommuner), enheter),
        alle=alle,
    )


def _read(roller: Roller) -> list[Gren]:
    """Sorted by level, place and the order they are given."""
    her = Plassering.objects.filter(enhet=OuterRef("enhet")).gyldig()
    maal = (
        Maal.objects.visible_to(roller)
        .select_related("kommune", "enhet", "eier")
        .defer("kommune__grense")
        .prefetch_related("temaer")
        .annotate(
            enhetens_kommune=Subquery(her.values("kommune")[:1]),
            enhetens_kommunenummer=Subquery(her.values("kommune__kommunenummer")[:1]),
        )
    )
    grener = [_gren(m) for m in maal]
    return sorted(
        grener,
        key=lambda g: (
            NIVAAER.index(g.maal.nivaa),
            norsk_nokkel(g.sted),
            g.maal.rekkefolge,
            g.maal.pk,
        ),
    )


def _gren(maal: Maal) -> Gren:
    temaer = frozenset(t.pk for t in maal.temaer.all())
    if maal.enhet:
        return Gren(
            maal,
            maal.enhetens_kommune,  # type: ignore[attr-defined]
            maal.enhetens_kommunenummer or "",  # type: ignore[attr-defined]
            str(maal.enhet),
            temaer,
        )
    if maal.kommune:
        return Gren(maal, maal.kommune_id, maal.kommune.kommunenummer, maal.kommune.navn, temaer)
    return Gren(maal, None, "", "", temaer)


def _hang_together(alle: dict[int, Gren]) -> None:
    """Each with the goal above it and those below. A ring of goals is cut, so that each of them is still found."""
    for gren in alle.values():
        gren.over = alle.get(gren.maal.over_id or 0)
    for gren in alle.values():
        *_, oeverst = (gren, *gren.above())
        if oeverst.over is gren:
            gren.over = None
    for gren in alle.values():
        if gren.over:
            gren.over.under.append(gren)
    for gren in alle.values():
        under = [g for g in gren.below() if g.teller]
        gren.under_kommuner = len(
            {g.maal.kommune_id for g in under if g.maal.nivaa == Maal.Nivaa.KOMMUNE}
        )
        gren.under_enheter = len(
            {g.maal.enhet_id for g in under if g.maal.nivaa == Maal.Nivaa.ENHET}
        )


def _is_asked_for(gren: Gren, ut: Filter) -> bool:
    return (
        ut.nivaa in ("", gren.maal.nivaa)
        and ut.kommune in ("", gren.kommunenummer)
        and ut.tilstand in ("", gren.maal.tilstand)
        and (ut.tema is None or ut.tema in gren.temaer)
    )


def _shown(treff: list[Gren], alle: Iterable[Gren]) -> list[Gren]:
    """The top of the tree of these goals and those above them, in the order of `alle`. Sets `grener`. A closed goal
    holds nothing together: what was below it stands by itself."""
    med = set(treff)
    for gren in treff:
        med.update(takewhile(lambda over: not over.maal.er_avsluttet, gren.above()))
    roetter = []
    for gren in alle:
        if gren not in med:
            continue
        if gren.over in med and len(list(gren.above())) < MAKS_DYBDE:
            gren.over.grener.append(gren)
        else:
            roetter.append(gren)
    return roetter


def _is_own(gren: Gren, roller: Roller) -> bool:
    """Of a unit the person belongs to, or a kommune they answer for."""
    return gren.maal.enhet_id in roller.enheter or gren.maal.kommune_id in roller.kommuner_ansvar


def _open(roetter: list[Gren], egne: list[Gren], valgt: Gren | None, *, smaatt: bool) -> None:
    """What stands open to begin with: the way to the chosen goal, all of a small tree, else the way to the goals of
    the person's own place; for those who have none, the first of the goals that has something below it, one way down
    to the units."""
    if valgt:
        for gren in (valgt, *valgt.above()):
            gren.er_paa = gren.er_aapen = True
    elif not smaatt:
        for over in (over for gren in egne for over in gren.above()):
            over.er_aapen = True
    venter = [gren for gren in roetter if gren.grener]
    if not smaatt:
        har_vei = valgt or any(gren.er_aapen for gren in roetter)
        venter = [] if har_vei else venter[:1]
    while venter:
        gren = venter.pop()
        gren.er_aapen = True
        under = [g for g in [*gren.lenger_ned, *gren.samme_nivaa] if g.grener]
        venter += under if smaatt else under[:1]


def _nobody_took_in(gren: Gren) -> bool:
    if gren.maal.nivaa == Maal.Nivaa.ENHET or not gren.teller or not gren.er_maal:
        return False
    return not any(g.teller and g.maal.nivaa != gren.maal.nivaa for g in gren.below())


def _same_words(en: Maal, annen: Maal) -> bool:
    return en.tekst.split() == annen.tekst.split()


def _coherence(alle: Iterable[Gren], kommuner: int, enheter: int) -> Sammenheng:
    per: dict[str, list[Gren]] = {nivaa: [] for nivaa in NIVAAER}
    for gren in alle:
        if gren.teller and gren.er_maal:
            per[gren.maal.nivaa].append(gren)
    felles, i_kommuner, i_enheter = (per[nivaa] for nivaa in NIVAAER)
    under = [g for g in i_kommuner if _hangs_under(g, Maal.Nivaa.NETTVERK)]
    return Sammenheng(
        maal=len(felles),
        kommuner=kommuner,
        kommuner_tatt_inn=len({g.maal.kommune_id for g in under}),
        maal_kommuner=len(i_kommuner),
        kommuner_med_maal=len({g.maal.kommune_id for g in i_kommuner}),
        kommunemaal_med_over=len(under),
        enheter=enheter,
        maal_enheter=len(i_enheter),
        enheter_med_maal=len({g.maal.enhet_id for g in i_enheter}),
        enhetsmaal_med_over=sum(
            _hangs_under(g, Maal.Nivaa.NETTVERK, Maal.Nivaa.KOMMUNE) for g in i_enheter
        ),
    )


def _hangs_under(gren: Gren, *nivaaer: str) -> bool:
    return any(o.teller and o.maal.nivaa in nivaaer for o in gren.above())
