"""The parts of a summary in words: paragraphs, lists, tables and one drawing, the same on the page, in the PDF
and in Word. All in the written form of the network, since it is the network's document."""

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, islice
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from evaluering.undersokelser.tegninger import about, chart
from nettverk.filer.papir import on_paper
from nettverk.models import Nettverk
from nettverk.side.diagram import Soyle, Stolpediagram, grupperte_stolper
from nettverk.side.skrivemaate import tall, tidsrom, ukedag, varighet
from rolu.models import Oppsummeringsblokk, Utfall
from rolu.samlinger.oppmoete import Tall, besides

Slag = Oppsummeringsblokk.Slag
Data = dict[str, Any]
_TEGNING_BREDDE = 560
_KORT_BESLUTNING = 120


@dataclass(frozen=True)
class Avsnitt:
    er: ClassVar[str] = "avsnitt"
    tekst: str
    dempet: bool = False


@dataclass(frozen=True)
class Overskrift:
    er: ClassVar[str] = "overskrift"
    tekst: str


@dataclass(frozen=True)
class Blokkliste:
    """A list, of (number, text): the number is None in one that has none."""

    er: ClassVar[str] = "liste"
    punkter: tuple[tuple[int | None, str], ...]

    @property
    def er_nummerert(self) -> bool:
        return all(nummer for nummer, _tekst in self.punkter)


@dataclass(frozen=True)
class Fakta:
    """Labels and what they hold."""

    er: ClassVar[str] = "fakta"
    par: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Blokktabell:
    """A table; the first column names the row (in one line with `er_tid`), those in `tall` hold figures, and those
    in `korte` dates and the like, in one line. One that `har_tekst` is read row by row on a telephone."""

    er: ClassVar[str] = "tabell"
    tittel: str
    hode: tuple[str, ...]
    rader: tuple[tuple[str, ...], ...]
    tall: frozenset[int] = frozenset()
    har_tekst: bool = False
    er_tid: bool = False
    korte: frozenset[int] = frozenset()

    @property
    def bredder(self) -> dict[int, float]:
        """In centimetres, the columns that need little room; the others share the rest."""
        tid = {0: 2.6} if self.er_tid else {}
        return tid | dict.fromkeys(self.tall, 2.4) | dict.fromkeys(self.korte, 3.6)

    @property
    def celler(self) -> list[list[tuple[str, str, str]]]:
        """Row by row: the heading of each cell, what is in it, and the class of what it holds."""
        return [
            [
                (navn, celle, self._class(nr))
                for nr, (navn, celle) in enumerate(zip(self.hode, rad, strict=True))
            ]
            for rad in self.rader
        ]

    @property
    def hoder(self) -> list[tuple[str, str]]:
        """The headings, each with the class of what its column holds."""
        return [(navn, self._class(nr)) for nr, navn in enumerate(self.hode)]

    def _class(self, nr: int) -> str:
        if nr in self.tall:
            return "app-tall"
        return "app-nobr" if nr in self.bredder else ""


@dataclass(frozen=True)
class Tegning:
    er: ClassVar[str] = "tegning"
    diagram: Stolpediagram


Bit = Avsnitt | Overskrift | Blokkliste | Fakta | Blokktabell | Tegning


@dataclass(frozen=True)
class Blokkinnhold:
    """A part as it is read: its heading, what was fetched, and what was written."""

    slag: str
    tittel: str
    biter: tuple[Bit, ...]
    tekst: str = ""

    @property
    def er_vedlegg(self) -> bool:
        return self.slag in Oppsummeringsblokk.VEDLEGG

    @property
    def er_tom(self) -> bool:
        return not self.biter and not self.tekst


@dataclass(frozen=True)
class Dokument:
    """The whole of it, in the order it is read."""

    hoveddel: tuple[Blokkinnhold, ...] = field(default=())
    vedlegg: tuple[Blokkinnhold, ...] = field(default=())


def keep(blokker: Iterable[Oppsummeringsblokk]) -> list[Data]:
    """What of the parts makes the document, as JSON: to be kept, and to see whether it has changed."""
    return [{"slag": b.slag, "tekst": b.tekst, "data": b.data} for b in blokker if not b.er_utelatt]


def read(innhold: Iterable[Data], nettverk: Nettverk) -> Dokument:
    """The document of what was kept. What is empty is left out."""
    with override(nettverk.maalform):
        alle = [put_in_words(del_["slag"], del_["data"], del_["tekst"]) for del_ in innhold]
    med = [b for b in alle if not b.er_tom]
    return Dokument(
        tuple(b for b in med if not b.er_vedlegg), tuple(b for b in med if b.er_vedlegg)
    )


def for_print(dokument: Dokument) -> Dokument:
    """The same with no text longer than paper bears (`nettverk.filer.papir`)."""
    return Dokument(
        tuple(_shorter(b) for b in dokument.hoveddel), tuple(_shorter(b) for b in dokument.vedlegg)
    )


def _shorter(blokk: Blokkinnhold) -> Blokkinnhold:
    return replace(blokk, biter=tuple(map(_shorter_bit, blokk.biter)), tekst=on_paper(blokk.tekst))


def _shorter_bit(bit: Bit) -> Bit:
    if isinstance(bit, Avsnitt):
        return replace(bit, tekst=on_paper(bit.tekst))
    if isinstance(bit, Blokkliste):
        return Blokkliste(tuple((nr, on_paper(tekst)) for nr, tekst in bit.punkter))
    if isinstance(bit, Blokktabell):
        return replace(bit, rader=tuple(tuple(map(on_paper, rad)) for rad in bit.rader))
    return bit


def title_of(slag: str, nettverk: Nettverk) -> str:
    """What a part is called in the document."""
    with override(nettverk.maalform):
        return str(Slag(slag).label)


def put_in_words(slag: str, data: Data, tekst: str = "") -> Blokkinnhold:
    """One part in words, in the language that is active."""
    return Blokkinnhold(slag, str(Slag(slag).label), tuple(_ORD[slag](data)), tekst.strip())


# --- part by part


def _decisions(data: Data) -> Iterable[Bit]:
    if punkter := data.get("beslutninger"):
        yield Blokkliste(tuple((p["nummer"], p["tekst"]) for p in punkter))


def _facts(data: Data) -> Iterable[Bit]:
    if not data:
        return
    par = [
        (_("Hva"), capfirst(data["type"])),
        (_("Tema"), data["tema"]),
        (_("Når"), "\n".join(_times(data["dager"]))),
        (_("Hvor"), data["sted"]),
        (_("Ledet av"), ", ".join(data["ledere"])),
        (_("Deltakere"), _how_many_in_short(data.get("folk"))),
        (_("Programmet"), _duration(data["minutter"])),
    ]
    yield Fakta(tuple((navn, verdi) for navn, verdi in par if verdi))
    if data["om"]:
        yield Avsnitt(data["om"])


def _how_many_in_short(data: Data | None) -> str:
    """Who was there, or, where nobody is registered, who was to come; and those besides the invited. Nothing of
    what was kept before it was counted."""
    if data is None:
        return ""
    folk = Tall(
        inviterte=data["inviterte"],
        paameldte=data["paameldte"],
        moett_antall=data["moett"],
        gjester_antall=data["gjester"],
        gjester_moett=data["gjester_moett"],
        elever=data["elever"],
        foresatte=data["foresatte"],
    )
    setninger = []
    if folk.var_der:
        setninger.append(
            _("%(moett)s av %(alle)s inviterte var der.")
            % {"moett": folk.moett_antall, "alle": folk.inviterte}
        )
    elif folk.inviterte:
        setninger.append(
            ngettext(
                "%(kommer)s av %(alle)s var påmeldt.",
                "%(kommer)s av %(alle)s var påmeldt.",
                folk.paameldte,
            )
            % {"kommer": folk.paameldte, "alle": folk.inviterte}
        )
    return " ".join(filter(None, [*setninger, besides(folk.etterpaa)]))


def _times(dager: Iterable[Sequence[str]]) -> list[str]:
    return [tidsrom(_time(fra), _time(til)) for fra, til in dager]


def _duration(minutter: int) -> str:
    if not minutter:
        return ""
    return _("%(varighet)s uten pauser") % {"varighet": varighet(minutter)}


def _attendance(data: Data) -> Iterable[Bit]:
    if not data.get("inviterte") and not data.get("gjester"):
        return
    yield Avsnitt(_how_many(data))
    grupper = [
        (_("Oppmøte per kommune"), _bars(data["kommuner"])),
        (_("Oppmøte per rolle"), _bars(data["roller"])),
        (_("Oppmøte per type enhet"), _bars(data["enhetstyper"])),
    ]
    if any(rader for _navn, rader in grupper):
        yield from _by_group(
            grupperte_stolper(
                [(navn, rader) for navn, rader in grupper if rader],
                tittel=_("Oppmøte"),
                radnavn=_("Hvem"),
                verdinavn=_("Var der"),
                av_navn=_("Inviterte"),
                bredde=_TEGNING_BREDDE,
            )
        )
    yield _counted_once()


def _counted_once() -> Avsnitt:
    """Why the rows are more than the sum."""
    return Avsnitt(
        _("Hver person er talt én gang i summen. Den som kommer for flere, er med i hver rad."),
        dempet=True,
    )


def _by_group(alle: Stolpediagram) -> Iterable[Tegning]:
    """A drawing of its own for each way the whole is divided, all on the one scale: a page may end between two,
    so that none has to leave half a page empty before it."""
    delt: list[tuple[str, list[Soyle]]] = []
    for soyle in alle.soyler:
        if soyle.er_overskrift:
            delt.append((soyle.navn, []))
        else:
            delt[-1][1].append(soyle)
    rader = iter(alle.rader)
    for nr, (tittel, soyler) in enumerate(delt, start=1):
        # What stood above the first bar, stands above it still.
        opp = soyler[0].y - alle.soyler[0].y
        akse_y = soyler[-1].y - soyler[0].y + alle.akse_y / len(alle.soyler)
        yield Tegning(
            replace(
                alle,
                id=f"{alle.id}-{nr}",
                tittel=tittel,
                beskrivelse=" ".join(
                    [
                        _("Den mørke delen av søylen er de som var der, hele søylen de inviterte."),
                        ", ".join(f"{s.navn} {s.verditekst}" for s in soyler) + ".",
                    ]
                ),
                soyler=tuple(replace(s, y=s.y - opp, midt=s.midt - opp) for s in soyler),
                rader=tuple(islice(rader, len(soyler))),
                akse_y=akse_y,
                hoyde=akse_y + alle.hoyde - alle.akse_y,
            )
        )


def _how_many(data: Data) -> str:
    """How many were there, and what is known of the others."""
    mangler, avmeldte = data["inviterte"] - data["moett"], data["avmeldte"]
    setninger = [
        _("%(moett)s av %(alle)s inviterte var der.")
        % {"moett": data["moett"], "alle": data["inviterte"]}
    ]
    if avmeldte:
        setninger.append(
            ngettext(
                "Av dem som manglet, var %(n)s avmeldt.",
                "Av dem som manglet, var %(n)s avmeldt.",
                avmeldte,
            )
            % {"n": avmeldte}
            if mangler != avmeldte
            else _("Alle som manglet, var avmeldt.")
        )
    if data["gjester"]:
        setninger.append(
            ngettext(
                "I tillegg kom %(n)s gjest eller vara.",
                "I tillegg kom %(n)s gjester og varaer.",
                data["gjester"],
            )
            % {"n": data["gjester"]}
        )
    enheter = data["enheter"]
    if enheter["inviterte"]:
        setninger.append(
            _("%(moett)s av %(alle)s enheter var representert.")
            % {"moett": enheter["moett"], "alle": enheter["inviterte"]}
        )
    return " ".join(setninger)


def _bars(rader: Iterable[Data]) -> list[tuple[str, float, float | None]]:
    return [(capfirst(rad["navn"]), rad["moett"], rad["inviterte"]) for rad in rader]


def _programme(data: Data) -> Iterable[Bit]:
    """A table for each day, named by it when there are several."""
    poster = data.get("poster", [])
    per_dag = [
        (dag, list(egne)) for dag, egne in groupby(poster, lambda post: _time(post["start"]).date())
    ]
    har_spor = any(post.get("spor") for post in poster)
    spor = (_("Spor"),) if har_spor else ()
    for dag, egne in per_dag:
        yield Blokktabell(
            capfirst(ukedag(dag))
            if len(per_dag) > 1
            else _("Programmet med det som kom ut av hver post"),
            (_("Tid"), _("Hva"), *spor, _("Ledet av"), _("Utfall")),
            tuple(_item(post, har_spor=har_spor) for post in egne),
            har_tekst=True,
            er_tid=True,
        )
    if ellers := data.get("ellers"):
        yield Overskrift(_("For samlingen som helhet"))
        yield Blokkliste(tuple((None, _outcome(u)) for u in ellers))


def _item(post: Data, *, har_spor: bool) -> tuple[str, ...]:
    start, slutt = _time(post["start"]), _time(post["slutt"])
    return (
        f"{time_format(start)}–{time_format(slutt)}",
        post["tittel"],
        *((post.get("spor", ""),) if har_spor else ()),
        post["leder"],
        "\n".join(_outcome(u) for u in post["utfall"]),
    )


def _outcome(utfall: Data) -> str:
    """A decision in short, since it stands whole among the decisions; an insight, and an assignment that is only
    noted, whole."""
    if utfall["type"] == Utfall.Type.BESLUTNING:
        return _("Beslutning %(nummer)s: %(tekst)s") % {
            "nummer": utfall["nummer"],
            "tekst": Truncator(utfall["tekst"]).chars(_KORT_BESLUTNING),
        }
    if utfall["type"] == Utfall.Type.OPPDRAG:
        return _("Oppdrag: %(tekst)s") % {"tekst": utfall["tekst"]}
    return _("Innsikt: %(tekst)s") % {"tekst": utfall["tekst"]}


def _voices(data: Data) -> Iterable[Bit]:
    """What was said, question by question: the themes with how many wrote of each, and the voices picked out."""
    samtaler = data.get("samtaler", [])
    for samtale in samtaler:
        for sporsmaal in samtale["sporsmaal"]:
            yield Overskrift(sporsmaal["tekst"])
            bidrag = ngettext("%(n)s bidrag", "%(n)s bidrag", sporsmaal["antall"]) % {
                "n": tall(sporsmaal["antall"])
            }
            yield Avsnitt(f"{samtale['post']} · {bidrag}", dempet=True)
            if temaer := sporsmaal["temaer"]:
                yield _themes(temaer, uten=sporsmaal["antall"] - sum(t["antall"] for t in temaer))
            if stemmer := sporsmaal["stemmer"]:
                yield Blokkliste(tuple((None, f"«{stemme['tekst']}»") for stemme in stemmer))


def _themes(temaer: list[Data], *, uten: int) -> Blokktabell:
    """The themes, and last how many cards are in none."""
    med_prikker = any(tema["prikker"] for tema in temaer)
    rest = [(_("Uten tema"), tall(uten), *(("",) if med_prikker else ()))] if uten else []
    return Blokktabell(
        _("Temaene"),
        (_("Tema"), _("Bidrag"), *((_("Prikker"),) if med_prikker else ())),
        tuple(
            (
                tema["navn"],
                tall(tema["antall"]),
                *((tall(tema["prikker"]),) if med_prikker else ()),
            )
            for tema in temaer
        )
        + tuple(rest),
        tall=frozenset({1, 2} if med_prikker else {1}),
    )


def _evaluation(data: Data) -> Iterable[Bit]:
    """How many gave each answer; what was written is quoted by people, among the voices."""
    sporsmaal = data.get("sporsmaal")
    if not sporsmaal:
        return
    yield Avsnitt(
        ngettext(
            "%(n)s har svart på evalueringen. Svarene er anonyme.",
            "%(n)s har svart på evalueringen. Svarene er anonyme.",
            data["antall"],
        )
        % {"n": tall(data["antall"])}
    )
    for ett in sporsmaal:
        # In one with the drawing, so that no page ends between them.
        yield Tegning(replace(chart(ett), tittel=f"{ett['tekst']} {about(ett)}"))


def _assignments(data: Data) -> Iterable[Bit]:
    for oppdrag in data.get("oppdrag", []):
        yield Overskrift(oppdrag["tittel"])
        frist = _("Frist %(dato)s") % {"dato": ukedag(_day(oppdrag["frist"]))}
        yield Avsnitt(f"{frist} · {oppdrag['loype']}" if oppdrag["loype"] else frist)
        yield Avsnitt(oppdrag["tekst"])
    if notert := data.get("notert"):
        yield Overskrift(_("Notert, men ikke gitt"))
        yield Blokkliste(tuple((None, tekst) for tekst in notert))


def _commitments(data: Data) -> Iterable[Bit]:
    if rader := data.get("oppfolginger"):
        yield Blokktabell(
            _("Oppfølginger"),
            (_("Hvem"), _("Hva"), _("Frist"), _("Status")),
            tuple(
                (
                    rad["hvem"],
                    rad["hva"],
                    date_format(_day(rad["frist"])) if rad["frist"] else _("Ingen frist"),
                    _("Gjort") if rad["gjort"] else _("Ikke gjort"),
                )
                for rad in rader
            ),
            har_tekst=True,
            korte=frozenset({2, 3}),
        )


def _next(data: Data) -> Iterable[Bit]:
    if data:
        yield Fakta(
            (
                (_("Hva"), data["tittel"]),
                (_("Når"), "\n".join(_times(data["dager"]))),
                (_("Hvor"), data["sted"]),
            )
        )


# --- the appendices


def _figures(data: Data) -> Iterable[Bit]:
    if not data.get("inviterte"):
        return
    for tittel, hode, navn in (
        (_("Oppmøte per kommune"), _("Kommune"), "kommuner"),
        (_("Oppmøte per rolle"), _("Rolle"), "roller"),
        (_("Oppmøte per type enhet"), _("Type enhet"), "enhetstyper"),
    ):
        yield Blokktabell(
            tittel,
            (hode, _("Invitert"), _("Påmeldt"), _("Var der"), _("Manglet")),
            tuple(_figure_row(rad) for rad in [*data[navn], {"navn": _("I alt"), **data}]),
            tall=frozenset({1, 2, 3, 4}),
        )
    yield _counted_once()


def _figure_row(rad: Data) -> tuple[str, ...]:
    tallene = (
        rad["inviterte"],
        rad["paameldte"],
        rad["moett"],
        rad["inviterte"] - rad["moett"],
    )
    return (capfirst(rad["navn"]), *(tall(t) for t in tallene))


def _absent(data: Data) -> Iterable[Bit]:
    if enheter := data.get("enheter"):
        yield Blokktabell(
            _("Enheter som ikke var representert"),
            (_("Kommune"), _("Enheter")),
            tuple((_kommune(e["kommune"]), ", ".join(e["navn"])) for e in enheter),
            har_tekst=True,
        )
    if folk := data.get("folk"):
        yield Overskrift(_("Inviterte som ikke var der"))
        for e in folk:
            yield Blokktabell(
                _kommune(e["kommune"]),
                (_("Navn"), _("Enhet eller gruppe")),
                tuple((p["navn"], p["fra"]) for p in e["personer"]),
                har_tekst=True,
            )


def _present(data: Data) -> Iterable[Bit]:
    for e in data.get("folk", []):
        yield Blokktabell(
            _kommune(e["kommune"]),
            (_("Navn"), _("Enhet eller gruppe")),
            tuple((p["navn"], p["fra"]) for p in e["personer"]),
            har_tekst=True,
        )
    if antall := data.get("gjester"):
        yield Avsnitt(
            ngettext(
                "I tillegg kom %(n)s gjest eller vara.",
                "I tillegg kom %(n)s gjester og varaer.",
                antall,
            )
            % {"n": antall}
        )


def _kommune(navn: str) -> str:
    return navn or _("Uten kommune")


def _notes(data: Data) -> Iterable[Bit]:
    for notat in data.get("notater", []):
        yield Overskrift(notat["post"])
        yield Avsnitt(notat["tekst"])


_ORD: dict[str, Callable[[Data], Iterable[Bit]]] = {
    Slag.BESLUTNINGER: _decisions,
    Slag.FAKTA: _facts,
    Slag.OPPMOETE: _attendance,
    Slag.PROGRAM: _programme,
    Slag.STEMMER: _voices,
    Slag.EVALUERING: _evaluation,
    Slag.OPPDRAG: _assignments,
    Slag.OPPFOLGINGER: _commitments,
    Slag.NESTE: _next,
    Slag.TALL: _figures,
    Slag.FRAVAER: _absent,
    Slag.DELTAKERE: _present,
    Slag.NOTATER: _notes,
}


def _time(iso: str) -> datetime.datetime:
    return timezone.localtime(datetime.datetime.fromisoformat(iso))


def _day(iso: str) -> datetime.date:
    return datetime.date.fromisoformat(iso)
