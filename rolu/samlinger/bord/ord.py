"""How each rule of a seating came out, in words: what holds, what gave way, for what, and for whom."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kommuner.models import Enhet
from nettverk.side.innhold import fill_in, rolle_i
from rolu.models import Bordregel
from rolu.samlinger.bord.folk import SKILLER, Grunnlag, names
from rolu.samlinger.bord.plassering import (
    Dekningsregel,
    Merkeregel,
    Oppgave,
    broken,
    by_degree,
    fewest,
    together,
    uncovered,
)

Slag = Bordregel.Slag
MAKS_NAVN = 12


@dataclass(frozen=True)
class Regellinje:
    """One rule: what came of it, why not more, and where it is broken. `stand`: holdt, best (cannot be better), vek
    (gave way) or ukjent (there is nothing to tell it by)."""

    slag: str
    tekst: Any
    hvorfor: str
    stand: str
    hvem: list[str]
    flere: int = 0


@dataclass(frozen=True)
class Regelutfall:
    """A rule, and the numbers of how it came out."""

    slag: str
    regel: Any
    rad: Bordregel | None
    brudd: int
    minst: int
    alene: int | None
    # «Sett på nytt» moves people for its sake.
    rettes: bool


def lines(grunnlag: Grunnlag, oppgave: Oppgave, bordet: Sequence[int]) -> list[Regellinje]:
    """The rules that hold, the heaviest first, of a seating in which everybody of the task sits. No query."""
    alene = grunnlag.kart.resultat.get("alene", {})
    rader: list[Bordregel | None] = [None, *grunnlag.regler]
    utfall = [
        Regelutfall(
            slag,
            regel,
            rad,
            antall,
            fewest(oppgave, regel),
            alene.get(slag),
            not by_degree(oppgave, regel),
        )
        for slag, regel, rad, antall in zip(
            grunnlag.slag, oppgave.regler, rader, broken(oppgave, bordet), strict=True
        )
        if slag != SKILLER or grunnlag.skiller
    ]
    return [
        _line(
            u, grunnlag, oppgave, bordet, over=nr > 0 or (u.slag != SKILLER and _quarrels(utfall))
        )
        for nr, u in enumerate(utfall)
    ]


def _quarrels(utfall: Sequence[Regelutfall]) -> bool:
    return any(u.slag == SKILLER for u in utfall)


def _line(
    u: Regelutfall, grunnlag: Grunnlag, oppgave: Oppgave, bordet: Sequence[int], *, over: bool
) -> Regellinje:
    hvem = _where(u, grunnlag, oppgave, bordet)
    holder = _holds(u, bordet)
    ukjent = u.slag == Slag.NABOER and not grunnlag.forrige
    laast = any(plass.laast for plass in grunnlag.plasser.values())
    return Regellinje(
        u.slag,
        _TEKSTER[u.slag](u, grunnlag, oppgave, bordet),
        "" if holder and u.slag == Slag.ENHETSTYPER else _why(u, over=over, laast=laast),
        "ukjent" if ukjent else "holdt" if holder else "best" if u.brudd <= u.minst else "vek",
        hvem[:MAKS_NAVN],
        max(0, len(hvem) - MAKS_NAVN),
    )


def _holds(u: Regelutfall, bordet: Sequence[int]) -> bool:
    """Kinds of units are mixed when no table has but one of them; the others hold when nothing breaks them."""
    if u.slag == Slag.ENHETSTYPER:
        return all(len(slag) > 1 for slag in _kinds(u.regel, bordet).values())
    return not u.brudd


def _why(u: Regelutfall, *, over: bool, laast: bool) -> str:
    """Why a rule is broken: it cannot be otherwise, it gives way, or it can be mended."""
    # How few have a role is told beside the number.
    if not u.brudd or (u.brudd <= u.minst and u.slag == Slag.ROLLE):
        return ""
    if u.brudd <= u.minst:
        # Here it is not pairs that are told.
        jevnt = u.slag == Slag.ENHETSTYPER
        return _("Jevnere er ikke mulig.") if jevnt else _("Færre er ikke mulig.")
    if u.alene is None:
        return (
            _("«Sett på nytt» kan gjøre det bedre.")
            if u.rettes
            else _("Et helt nytt kart kan gjøre det bedre.")
        )
    if u.alene >= u.brudd:
        return _("Vi fant ingen bedre plassering, selv når bare denne regelen gjelder.")
    foran = (
        _("De som er låst, og reglene over, gikk foran.")
        if over and laast
        else _("Reglene over gikk foran.")
        if over
        else _("De som er låst, gikk foran.")
        if laast
        else _("«Sett på nytt» kan gjøre det bedre.")
    )
    alene = _("Med bare denne regelen ville tallet vært %(n)s.") % {"n": u.alene}
    return f"{foran} {alene}"


# --- what came of each


def _skiller(u: Regelutfall, grunnlag: Grunnlag, _o: Oppgave, _b: Sequence[int]) -> str:
    alle = len(grunnlag.skiller)
    if not u.brudd:
        return ngettext(
            "De to dere ville skille, sitter ved hvert sitt bord.",
            "Ingen sitter ved samme bord som noen dere ville skille dem fra.",
            alle,
        ) % {"n": alle}
    return ngettext(
        "Én gang sitter to dere ville skille, ved samme bord.",
        "%(n)s ganger sitter to dere ville skille, ved samme bord.",
        u.brudd,
    ) % {"n": u.brudd}


def _rolle(u: Regelutfall, grunnlag: Grunnlag, oppgave: Oppgave, _b: Sequence[int]) -> Any:
    rad = u.rad
    assert rad is not None  # every rule but the quarrels is a row
    rolle = rolle_i(rad.rolle, grunnlag.kart.samling.nettverk)
    if not u.brudd:
        return fill_in(
            ngettext(
                "Minst én %(rolle)s ved hvert bord.",
                "Minst én %(rolle)s per %(per)s bord.",
                rad.per_bord,
            ),
            rolle=rolle,
            per=rad.per_bord,
        )
    antall = -(-oppgave.bord // rad.per_bord)
    setning = (
        _("%(n)s av %(alle)s bord er uten %(rolle)s.")
        if rad.per_bord == 1
        else ngettext(
            "Ett sted er det opptil %(per)s bord på rad uten %(rolle)s.",
            "%(n)s steder er det opptil %(per)s bord på rad uten %(rolle)s.",
            u.brudd,
        )
    )
    har = sum(u.regel.har)
    if u.brudd <= u.minst:
        setning += " " + _have_it(har)
    return fill_in(
        setning,
        n=u.brudd,
        alle=antall,
        per=rad.per_bord,
        rolle=rolle,
        har=har,
    )


def _have_it(har: int) -> str:
    if not har:
        return _("Ingen av dem som kommer, har rollen.")
    return ngettext(
        "Bare én av dem som kommer, har rollen.",
        "Bare %(har)s av dem som kommer, har rollen.",
        har,
    )


def _kommuner(u: Regelutfall, _g: Grunnlag, _o: Oppgave, bordet: Sequence[int]) -> str:
    faerrest = _fewest_kinds(u.regel, bordet)
    tekst = ngettext(
        "Alle bord har folk fra minst %(n)s kommune.",
        "Alle bord har folk fra minst %(n)s kommuner.",
        faerrest,
    ) % {"n": faerrest}
    if not u.brudd:
        return tekst + " " + _("Ingen sitter med noen fra egen kommune.")
    par = ngettext(
        "Én gang sitter to fra samme kommune ved samme bord.",
        "%(n)s ganger sitter to fra samme kommune ved samme bord.",
        u.brudd,
    ) % {"n": u.brudd}
    return f"{tekst} {par}"


_BARNEHAGE_OG_SKOLE = {Enhet.Type.BARNEHAGE, Enhet.Type.GRUNNSKOLE}


def _enhetstyper(u: Regelutfall, grunnlag: Grunnlag, _o: Oppgave, bordet: Sequence[int]) -> str:
    per = _kinds(u.regel, bordet)
    blandet = sum(len(slag) > 1 for slag in per.values())
    alle = len(set(bordet))
    typer = {type_ for gjest in grunnlag.folk for type_ in gjest.har.typer}
    if blandet == alle and typer == _BARNEHAGE_OG_SKOLE:
        return _("Alle bord har folk fra både barnehage og skole.")
    if blandet == alle:
        return _("Alle bord har folk fra flere slags enheter.")
    return ngettext(
        "%(n)s av %(alle)s bord har folk fra flere slags enheter.",
        "%(n)s av %(alle)s bord har folk fra flere slags enheter.",
        alle,
    ) % {"n": blandet, "alle": alle}


def _spres(u: Regelutfall, _g: Grunnlag, _o: Oppgave, _b: Sequence[int]) -> str:
    if not u.brudd:
        return _("Ingen sitter med noen fra egen utviklingsgruppe.")
    return ngettext(
        "Én gang sitter to fra samme utviklingsgruppe ved samme bord.",
        "%(n)s ganger sitter to fra samme utviklingsgruppe ved samme bord.",
        u.brudd,
    ) % {"n": u.brudd}


def _samles(u: Regelutfall, _g: Grunnlag, _o: Oppgave, bordet: Sequence[int]) -> str:
    if not u.brudd:
        return _("Alle utviklingsgruppene sitter samlet.")
    delt, alle = len(_parted(u.regel, bordet)), len(u.regel.sizes())
    return ngettext(
        "%(n)s av %(alle)s utviklingsgrupper er delt på flere bord.",
        "%(n)s av %(alle)s utviklingsgrupper er delt på flere bord.",
        alle,
    ) % {"n": delt, "alle": alle}


def _naboer(u: Regelutfall, grunnlag: Grunnlag, _o: Oppgave, _b: Sequence[int]) -> str:
    if not grunnlag.forrige:
        return _(
            "Forrige samling har ikke noe bordkart, så regelen har ingenting å si denne gangen."
        )
    if not u.brudd:
        return _("Ingen sitter med noen de satt ved samme bord som sist.")
    return ngettext(
        "Én gang sitter to ved samme bord både nå og sist.",
        "%(n)s ganger sitter to ved samme bord både nå og sist.",
        u.brudd,
    ) % {"n": u.brudd}


_TEKSTER: dict[str, Callable[[Regelutfall, Grunnlag, Oppgave, Sequence[int]], Any]] = {
    SKILLER: _skiller,
    Slag.ROLLE: _rolle,
    Slag.KOMMUNER: _kommuner,
    Slag.ENHETSTYPER: _enhetstyper,
    Slag.GRUPPER_SPRES: _spres,
    Slag.GRUPPER_SAMLES: _samles,
    Slag.NABOER: _naboer,
}


# --- counted


def _kinds(regel: Merkeregel, bordet: Sequence[int]) -> dict[int, set[int]]:
    per: dict[int, set[int]] = defaultdict(set)
    for person, merker in enumerate(regel.merker):
        per[bordet[person]] |= set(merker)
    return per


def _fewest_kinds(regel: Merkeregel, bordet: Sequence[int]) -> int:
    return min(map(len, _kinds(regel, bordet).values()), default=0)


def _parted(regel: Merkeregel, bordet: Sequence[int]) -> dict[int, list[int]]:
    """By label, the tables of those who are to sit together and do not."""
    ved: dict[int, Counter[int]] = defaultdict(Counter)
    for person, merker in enumerate(regel.merker):
        for merke in merker:
            ved[merke][bordet[person]] += 1
    return {merke: sorted(bord) for merke, bord in ved.items() if len(bord) > 1}


def _where(
    u: Regelutfall, grunnlag: Grunnlag, oppgave: Oppgave, bordet: Sequence[int]
) -> list[str]:
    """The tables where it is broken, and by whom; not of what can be no better, and not of kommuner and kinds of
    units, where it is everybody."""
    if not u.brudd or u.slag in (Slag.KOMMUNER, Slag.ENHETSTYPER):
        return []
    if isinstance(u.regel, Dekningsregel):
        return [_tables(strekk) for strekk in uncovered(u.regel, oppgave.bord, bordet)]
    if u.slag == Slag.GRUPPER_SAMLES:
        return []
    return [
        f"{_('Bord %(nr)s') % {'nr': bord + 1}}: {get_text_list(names(grunnlag.folk, folk), _('og'))}"
        for (bord, _merke), folk in together(u.regel, bordet).items()
    ]


def _tables(strekk: range) -> str:
    if len(strekk) == 1:
        return _("Bord %(nr)s") % {"nr": strekk[0] + 1}
    return _("Bord %(fra)s–%(til)s") % {"fra": strekk[0] + 1, "til": strekk[-1] + 1}
