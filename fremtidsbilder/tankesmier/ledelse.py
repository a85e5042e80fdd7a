"""What those who lead a tankesmie do, the same wherever it is held: at a gathering, or for itself.

`Ledelse` is what differs: where its pages stand, what surrounds a change, and what is said when a text is erased.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from fremtidsbilder.models import Samtalesporsmaal, Tankesmie
from fremtidsbilder.tankesmier import bidrag, klynger, moderering, styring
from fremtidsbilder.tankesmier.ark import Arkslag
from fremtidsbilder.tankesmier.vegg import read_walls
from nettverk.filer.regneark import make_regneark
from nettverk.models import Jobb, Person
from nettverk.skriving.konflikt import KanIkke


@dataclass(frozen=True)
class Adresser:
    """Where what is done with a tankesmie stands; `vegg`, `endre` and `papir` are of a question, by its number."""

    lede: str
    styr: str
    bord: str
    ark: str
    regneark: str
    liste: str
    vegg: Callable[[int], str]
    endre: Callable[[int], str]
    papir: Callable[[int], str]
    # Pages from where one may press, and the part of the page to come back to.
    deler: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Ledelse:
    """A tankesmie as it is led from one place.

    `changing` surrounds what changes it (KanIkke and Lukket come from there), `arranging` what is done on its wall,
    which may tell who a child is, also when nothing else may be changed. `erase` takes texts away for good: how many,
    and what else must be said.
    """

    tankesmie: Tankesmie
    navn: str
    adresser: Adresser
    changing: Callable[[], AbstractContextManager]
    arranging: Callable[[], AbstractContextManager]
    start: Callable[[Samtalesporsmaal, int | None], list[Samtalesporsmaal]]
    delete: Callable[[], None]
    erase: Callable[[Samtalesporsmaal, list[int]], tuple[int, str]]
    order: Callable[[Arkslag, Person], Jobb]
    latest_jobs: Callable[[], dict[str, Jobb]]
    laast: bool = False


def is_begun(tankesmie: Tankesmie) -> bool:
    """Whether somebody has written in it, on paper too: what is scanned is there until its bundle is deleted. One
    query."""
    skrevet = Q(bidrag__isnull=False) | Q(bunker__isnull=False)
    return tankesmie.sporsmaal.filter(skrevet).exists()


# --- the tables


@dataclass(frozen=True)
class Bordstand:
    """A table and how much it has written."""

    nummer: int
    antall: int


def tables(sporsmaal: Samtalesporsmaal) -> list[Bordstand]:
    """Each table, also those that have written nothing. One query, none without tables."""
    if not sporsmaal.tankesmie.antall_bord:
        return []
    return tables_of(sporsmaal.tankesmie, bidrag.count_by_table(sporsmaal))


def tables_of(tankesmie: Tankesmie, telling: Mapping[int | None, int]) -> list[Bordstand]:
    return [Bordstand(nr, telling.get(nr, 0)) for nr in range(1, tankesmie.antall_bord + 1)]


# --- its questions


def steer(ledelse: Ledelse, felt: dict[str, Any]) -> str:
    """Do what was pressed (`StyringForm`); what is said of it. Inside `ledelse.changing`."""
    match felt["handling"]:
        case "lukk":
            styring.close(ledelse.tankesmie)
            # The page that one comes back to says so.
            takk = ""
        case "gjenaapne":
            styring.reopen(ledelse.tankesmie)
            takk = _("Tankesmia er åpen igjen.")
        case "fjern":
            ledelse.delete()
            takk = _("Tankesmia er slettet.")
        case _:
            takk = _steer_question(ledelse, felt)
    return takk


def _steer_question(ledelse: Ledelse, felt: dict[str, Any]) -> str:
    sporsmaal = _question(ledelse.tankesmie, felt["sporsmaal"])
    match felt["handling"]:
        case "start":
            stengt = ledelse.start(sporsmaal, felt["minutter"])
            takk = " ".join(
                [
                    _("Spørsmålet er åpent. Telefonene viser det nå."),
                    *(_("«%(tekst)s» er stengt.") % {"tekst": annet} for annet in stengt),
                ]
            )
        case "steng":
            styring.freeze_question(sporsmaal)
            takk = _("Spørsmålet er stengt.")
        case "snart":
            styring.soon_over(sporsmaal)
            takk = _("Telefonene og skjermen teller ned to minutter.")
        case "prikker":
            styring.give_dots(sporsmaal, prikker=felt["prikker"] or 0)
            aapen = bool(felt["prikker"])
            takk = _("Telefonene kan gi prikker nå.") if aapen else _("Prikkene er stengt.")
        case "opp" | "ned":
            styring.move_question(sporsmaal, opp=felt["handling"] == "opp")
            takk = _("Spørsmålet er flyttet.")
        case _:
            styring.delete_question(sporsmaal)
            takk = _("Spørsmålet er slettet.")
    return takk


def _question(tankesmie: Tankesmie, sporsmaal_pk: int | None) -> Samtalesporsmaal:
    sporsmaal = tankesmie.sporsmaal.filter(pk=sporsmaal_pk or 0).first()
    if sporsmaal is None:
        raise KanIkke(_("Spørsmålet finnes ikke lenger."))
    sporsmaal.tankesmie = tankesmie
    return sporsmaal


# --- its wall


@dataclass(frozen=True)
class Ordnet:
    """What is said of what was done on the wall, and of what was decided there: which act it was, and how each card
    stood (`moderering.undo`)."""

    sagt: str
    valg: str = ""
    foer: Mapping[int, str] = field(default_factory=dict)


def arrange(ledelse: Ledelse, sporsmaal: Samtalesporsmaal, felt: dict[str, Any]) -> Ordnet:
    """Do what was pressed or dragged (`VeggForm`). Inside `ledelse.arranging`."""
    match felt["handling"]:
        case "skjul":
            avgjort = moderering.hide(sporsmaal, felt["kort"])
            return Ordnet(_hidden(avgjort), moderering.SKJUL, avgjort.foer)
        case "vis":
            avgjort = moderering.show(sporsmaal, felt["kort"])
            n = avgjort.antall
            sagt = ngettext("%(n)s bidrag vises igjen.", "%(n)s bidrag vises igjen.", n) % {"n": n}
            return Ordnet(sagt, moderering.VIS, avgjort.foer)
        case _:
            return Ordnet(_arranged(ledelse, sporsmaal, felt))


def _hidden(avgjort: moderering.Avgjort) -> str:
    n, falt = avgjort.antall, avgjort.var_godkjent
    sagt = ngettext("%(n)s bidrag er skjult.", "%(n)s bidrag er skjult.", n) % {"n": n}
    if not falt:
        return sagt
    mer = ngettext(
        "%(n)s er ikke lenger godkjent, og vises ikke utenfor tankesmia heller.",
        "%(n)s er ikke lenger godkjent, og vises ikke utenfor tankesmia heller.",
        falt,
    )
    return f"{sagt} {mer % {'n': falt}}"


def _arranged(ledelse: Ledelse, sporsmaal: Samtalesporsmaal, felt: dict[str, Any]) -> str:
    kort, tema = felt["kort"], felt["tema"]
    match felt["handling"]:
        case "flytt":
            n = klynger.place(sporsmaal, kort, tema=tema)
            sagt = ngettext("%(n)s bidrag er flyttet.", "%(n)s bidrag er flyttet.", n) % {"n": n}
        case "ogsaa":
            n = klynger.place(sporsmaal, kort, tema=tema, ogsaa=True)
            sagt = ngettext("%(n)s bidrag vises her også.", "%(n)s bidrag vises her også.", n) % {
                "n": n
            }
        case "uttema":
            n = klynger.take_out(sporsmaal, kort, tema=tema)
            sagt = ngettext(
                "%(n)s bidrag er tatt ut av temaet.", "%(n)s bidrag er tatt ut av temaet.", n
            ) % {"n": n}
        case "nytt":
            klynge = klynger.make(sporsmaal, navn=felt["navn"], kort=kort)
            sagt = _("Temaet «%(navn)s» er laget.") % {"navn": klynge.navn}
        case "navn":
            klynger.rename(sporsmaal, tema, navn=felt["navn"])
            sagt = _("Temaet har fått nytt navn.")
        case "slaa":
            klynger.merge(sporsmaal, tema, inn_i=felt["inn_i"])
            sagt = _("Temaene er slått sammen.")
        case "del":
            klynger.part(sporsmaal, tema)
            sagt = _("Temaene er delt igjen.")
        case "fjern":
            klynger.remove(sporsmaal, tema)
            sagt = _("Temaet er fjernet. Bidragene står uten tema.")
        case "slett":
            sagt = _erased(ledelse, sporsmaal, kort)
        case _:
            sagt = _with_cards(sporsmaal, felt["handling"], kort)
    return sagt


def _erased(ledelse: Ledelse, sporsmaal: Samtalesporsmaal, kort: list[int]) -> str:
    n, mer = ledelse.erase(sporsmaal, kort)
    sagt = ngettext("%(n)s tekst er slettet.", "%(n)s tekster er slettet.", n) % {"n": n}
    return f"{sagt} {mer}" if mer else sagt


def _with_cards(sporsmaal: Samtalesporsmaal, handling: str, kort: list[int]) -> str:
    match handling:
        case "velg":
            bidrag.pick(sporsmaal, kort)
            if sporsmaal.tankesmie.frittstaaende:
                return _("Valgt ut som sitat. Det vises på siden til temaet når det er godkjent.")
            return _("Valgt ut til oppsummeringen.")
        case _:
            bidrag.pick(sporsmaal, kort, valgt=False)
            if sporsmaal.tankesmie.frittstaaende:
                return _("Ikke lenger valgt ut som sitat.")
            return _("Ikke lenger valgt ut til oppsummeringen.")


# --- export


def rows(tankesmier: Iterable[tuple[tuple[Any, ...], Tankesmie]]) -> Iterator[tuple[Any, ...]]:
    """A row for each card that is shown, after what is said of its tankesmie. Two queries for all of them, and those
    that fetch the questions."""
    alle = [(foran, tankesmie, list(tankesmie.sporsmaal.all())) for foran, tankesmie in tankesmier]
    vegger = read_walls(s for _foran, _tankesmie, sporsmaalene in alle for s in sporsmaalene)
    for foran, _tankesmie, sporsmaalene in alle:
        for sporsmaal in sporsmaalene:
            vegg = vegger[sporsmaal.pk]
            grupper = [(tema.navn, tema.kort) for tema in vegg.temaer] + [("", vegg.uten_tema)]
            for tema, kortene in grupper:
                for kort in kortene:
                    yield (
                        *foran,
                        kort.bord or "",
                        sporsmaal.tekst,
                        tema,
                        kort.tekst,
                        kort.prikker,
                        _("ja") if kort.valgt else "",
                    )


def make_sheet(
    foran: list[tuple[str, int]], rader: Iterable[tuple[Any, ...]], *, valgt: str
) -> bytes:
    """Everything said as a spreadsheet; `foran` are the columns that say where, `valgt` is what a card is picked for."""
    return make_regneark(
        _("Tankesmier"),
        [
            *foran,
            (_("Bord"), 8),
            (pgettext("kolonne", "Spørsmål"), 50),
            (_("Tema"), 24),
            (_("Bidrag"), 80),
            (_("Prikker"), 9),
            (valgt, 14),
        ],
        rader,
    )
