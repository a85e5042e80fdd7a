"""Charts as plain data: the geometry is worked out here, a template draws it (components/diagram.html).

The same drawing serves the page and the PDF, always with the figures in a table beside it, so a chart
needs no script and nobody needs to see it.
"""

import datetime
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext as _

BREDDE = 440
SKRIFT = 12.5
RAD = 26
SOYLE = 14
AKSE = 22
# On a phone: as wide as a card there, each name over its bar.
SMAL, SMAL_RAD = 288, 38
# How wide the letters of Inter are, of the font size; most are as the last.
_BREDDER = {
    **dict.fromkeys("ijlI.,:;'|t ", 0.33),
    **dict.fromkeys("fr()/1-", 0.45),
    **dict.fromkeys("ABCDGHKUVXYÅ", 0.75),
    **dict.fromkeys("wNOQØmMWæÆ@…", 0.97),
}
_TEGNBREDDE = 0.63
# So much of the drawing the labels may take.
_MAKS_ETIKETT = 0.4

Tekst = str | Promise


@dataclass(frozen=True)
class Soyle:
    """One bar: its label as it fits, the whole label, and where all of it goes."""

    etikett: str
    navn: str
    verdi: float
    verditekst: str
    y: float
    midt: float
    bredde: float
    bakgrunn: float
    verdi_x: float
    # Only a heading over those that follow.
    er_overskrift: bool = False


@dataclass(frozen=True)
class Strek:
    """A grid line and its figure."""

    x: float
    verdi: int


@dataclass(frozen=True)
class Stolpediagram:
    """Horizontal bars, one per row, in the order given."""

    id: str
    tittel: Tekst
    beskrivelse: Tekst
    radnavn: Tekst
    verdinavn: Tekst
    av_navn: Tekst
    bredde: float
    hoyde: float
    venstre: float
    akse_y: float
    soyler: tuple[Soyle, ...]
    streker: tuple[Strek, ...]
    rader: tuple[tuple[str, float, float | None], ...]
    # What the widest of the figures takes, to the right of the bars.
    hoyre: float = 0

    @property
    def smal(self) -> "Stolpediagram":
        """The same for a narrow screen: the names over the bars, which are as long beside each other as before;
        no axis, as each has its figure."""
        mindre = (SMAL - self.hoyre) / max(self.bredde - self.venstre - self.hoyre, 40)
        soyler = []
        for nr, s in enumerate(self.soyler):
            bredde, bakgrunn = round(s.bredde * mindre, 1), round(s.bakgrunn * mindre, 1)
            soyler.append(
                replace(
                    s,
                    etikett=_kort(s.navn, SMAL),
                    y=nr * SMAL_RAD,
                    midt=nr * SMAL_RAD + SMAL_RAD / 2,
                    bredde=bredde,
                    bakgrunn=bakgrunn,
                    verdi_x=round(max(bredde, bakgrunn) + 6, 1),
                )
            )
        hoyde = len(soyler) * SMAL_RAD
        return replace(
            self,
            id=f"{self.id}-smal",
            bredde=SMAL,
            hoyde=hoyde,
            venstre=0,
            akse_y=hoyde,
            soyler=tuple(soyler),
            streker=(),
        )

    @property
    def er_smal(self) -> bool:
        return not self.venstre

    @property
    def soyle_y(self) -> float:
        """How far below the top of its row a bar begins: under the name, where that is over it."""
        return 17 if self.er_smal else 0

    @property
    def verdi_y(self) -> float:
        return self.soyle_y + 11.5

    @property
    def etikett_x(self) -> float:
        """Where the labels end; over the bars they begin at the edge."""
        return round(max(self.venstre - 8, 0), 1)

    @property
    def har_av(self) -> bool:
        return any(av is not None for _navn, _v, av in self.rader)


def stolper(
    rader: Iterable[tuple[str, float] | tuple[str, float, float | None]],
    *,
    tittel: Tekst,
    radnavn: Tekst,
    verdinavn: Tekst,
    av_navn: Tekst = "",
    beskrivelse: Tekst = "",
    bredde: float = BREDDE,
    andeler: bool = False,
    rad: float = RAD,
) -> Stolpediagram:
    """Bars for rows of (name, value) or (name, value, of): `of` is drawn as a paler whole behind.

    `tittel` says the finding («I 2 av 8 kommuner har alle levert»). With `andeler` each bar is as long as
    its own whole. The rows stand in the order they are given: nobody is ranked. `radnavn` heads the names («Kommune»),
    `verdinavn` the values («Møtt»), `av_navn` the wholes («Påmeldt»). `beskrivelse` says in a sentence what
    the chart shows, for those who do not see it.
    """
    hele = tuple((str(r[0]), r[1], r[2] if len(r) > 2 else None) for r in rader)
    maks, steg = _skala(max((max(v, av or 0) for _navn, v, av in hele), default=0))
    lengste = max((_bredde(navn) for navn, _v, _av in hele), default=0)
    maks_etikett = _MAKS_ETIKETT * bredde
    venstre = round(min(lengste, maks_etikett) + 10, 1)
    hoyre = max((_bredde(_verditekst(v, av)) for _navn, v, av in hele), default=0) + 12
    plass = max(bredde - venstre - hoyre, 40)

    def lengde(verdi: float, av: float | None) -> float:
        return round(plass * verdi / ((av or 1) if andeler else maks), 1)

    soyler = tuple(
        Soyle(
            etikett=_kort(navn, maks_etikett),
            navn=navn,
            verdi=verdi,
            verditekst=_verditekst(verdi, av),
            y=nr * rad + (rad - SOYLE) / 2,
            midt=nr * rad + rad / 2,
            bredde=lengde(verdi, av),
            bakgrunn=lengde(av, av) if av is not None else 0,
            verdi_x=round(venstre + lengde(max(verdi, av or 0), av) + 6, 1),
        )
        for nr, (navn, verdi, av) in enumerate(hele)
    )
    streker = tuple(
        Strek(round(venstre + lengde(v, None), 1), v)
        for v in range(0, 1 if andeler else int(maks) + 1, int(steg))
    )
    akse_y = len(hele) * rad
    return Stolpediagram(
        id=f"diagram-{slugify(str(tittel)) or 'uten-navn'}",
        tittel=tittel,
        beskrivelse=beskrivelse,
        radnavn=radnavn,
        verdinavn=verdinavn,
        av_navn=av_navn,
        bredde=bredde,
        hoyde=akse_y if andeler else akse_y + AKSE,
        venstre=venstre,
        akse_y=akse_y,
        soyler=soyler,
        streker=() if andeler else streker,
        rader=hele,
        hoyre=hoyre,
    )


_TETT_RAD = 17


def grupperte_stolper(
    grupper: Iterable[tuple[Tekst, Iterable[tuple[str, float, float | None]]]], **mer: Any
) -> Stolpediagram:
    """The same whole divided in several ways, in one drawing on one scale: (heading, rows) for each way. The
    rest as `stolper`; the rows stand closer. Each figure is said in words too, for who does not see it."""
    delt = [(str(navn), list(rader)) for navn, rader in grupper]
    rader = [rad for navn, egne in delt for rad in [(navn, 0, None), *egne]]
    ord_ = [
        f"{navn}: " + ", ".join(f"{r[0]} {_verditekst(r[1], r[2])}" for r in egne)
        for navn, egne in delt
    ]
    mer["beskrivelse"] = " ".join([str(mer.get("beskrivelse", "")), *(f"{o}." for o in ord_)])
    alle = stolper(rader, rad=_TETT_RAD, **mer)
    steder, nr = set(), 0
    for _navn, egne in delt:
        steder.add(nr)
        nr += 1 + len(egne)
    return replace(
        alle,
        soyler=tuple(
            replace(s, er_overskrift=True, etikett=s.navn, verditekst="") if n in steder else s
            for n, s in enumerate(alle.soyler)
        ),
        rader=tuple(rad for n, rad in enumerate(alle.rader) if n not in steder),
    )


def _skala(storst: float) -> tuple[int, int]:
    """The end of the axis and the step between its lines: 1, 2 or 5 times a power of ten."""
    storst = max(math.ceil(storst), 1)
    for steg in _runde_steg():
        if storst / steg <= 5:
            return steg * math.ceil(storst / steg), steg
    raise AssertionError  # the steps never end


def _runde_steg() -> Iterable[int]:
    tier = 1
    while True:
        yield from (tier, 2 * tier, 5 * tier)
        tier *= 10


def _bredde(tekst: str) -> float:
    return sum(_BREDDER.get(tegn, _TEGNBREDDE) for tegn in tekst) * SKRIFT


def _kort(navn: str, bredde: float) -> str:
    """The name as far as there is room; the table has it whole."""
    if _bredde(navn) <= bredde:
        return navn
    while navn and _bredde(f"{navn}…") > bredde:
        navn = navn[:-1]
    return f"{navn.rstrip()}…"


def _verditekst(verdi: float, av: float | None) -> str:
    tall = f"{verdi:g}"
    return tall if av is None else _("%(tall)s av %(alle)s") % {"tall": tall, "alle": f"{av:g}"}


# --- stacked bars in a table: one row each, as wide as the cell, the parts of one whole beside each other


@dataclass(frozen=True)
class Stykke:
    """One part of a stacked bar: which part (a CSS class), how many, and its place in per cent."""

    slag: str
    antall: int
    x: str
    bredde: str
    midt: str
    har_plass: bool


@dataclass(frozen=True)
class Stabel:
    """A row: its name, where it leads, its parts from left to right, and the whole in words."""

    navn: str
    url: str
    stykker: tuple[Stykke, ...]
    ord: str
    mangler: int
    tekst: str = ""


# A figure of three digits on a part narrower than this would stick out.
_MINSTE_FOR_TALL = 9.0


def stabel(
    navn: str,
    deler: Iterable[tuple[str, int]],
    *,
    ord_: str,
    mangler: int = 0,
    url: str = "",
    tekst: str = "",
) -> Stabel:
    """A stacked bar of (slag, antall), all of it as wide as there is room for. The part «tom» is the room
    that is left, and has no figure. `tekst` stands after the bar, where nothing is missing: then no figure
    stands on it."""
    deler = [(slag, antall) for slag, antall in deler if antall]
    sum_ = sum(antall for _slag, antall in deler) or 1
    stykker, x = [], 0.0
    for slag, antall in deler:
        bredde = 100 * antall / sum_
        stykker.append(
            Stykke(
                slag,
                antall,
                f"{x:.2f}%",
                f"{bredde:.2f}%",
                f"{x + bredde / 2:.2f}%",
                not tekst and slag != "tom" and bredde >= _MINSTE_FOR_TALL,
            )
        )
        x += bredde
    return Stabel(navn, url, tuple(stykker), ord_, mangler, tekst)


# --- a year as a wheel: the months around, what lasts as arcs, what happens on a day as marks


@dataclass(frozen=True)
class Aarspunkt:
    """Something in the year. With `til` it lasts; `ord` says how it stands, `url` is where it is."""

    navn: Tekst
    fra: datetime.date
    til: datetime.date | None = None
    ord: Tekst = ""
    url: str = ""


@dataclass(frozen=True)
class Maaned:
    """A sector of the rim, and its name."""

    navn: str
    bane: str
    x: float
    y: float
    er_naa: bool


@dataclass(frozen=True)
class Merke:
    """An event in the wheel: its number in the table, where the number stands, and the arc of what lasts."""

    nummer: int
    x: float
    y: float
    bane: str
    er_over: bool


@dataclass(frozen=True)
class Aarshjul:
    """A year clockwise from its first day, at the top."""

    id: str
    tittel: Tekst
    midt: str
    under_midt: str
    stoerrelse: int
    maaneder: tuple[Maaned, ...]
    merker: tuple[Merke, ...]
    dag: tuple[float, float, float, float] | None
    rader: tuple[tuple[int, Aarspunkt], ...]


_HJUL = 400
_KANT, _INNER = 196.0, 160.0
_FORSTE_RING, _RING, _INNERST = 142.0, 25.0, 62.0
# So far apart must two marks on one ring be, in degrees; a number has room on an arc this long.
_KLARING, _KORTESTE_BUE = 11.0, 8.0


def aarshjul(
    hendelser: Iterable[Aarspunkt], *, fra: datetime.date, idag: datetime.date, tittel: Tekst
) -> Aarshjul:
    """The year that begins on `fra`, the first of a month. `tittel` says the finding. The events are
    numbered by day; the table beside says what each number is."""
    til = fra.replace(year=fra.year + 1)
    iaar = [h for h in hendelser if (h.til or h.fra) >= fra and h.fra < til]
    iaar.sort(key=lambda h: (h.fra, h.til or h.fra))

    def vinkel(dag: datetime.date) -> float:
        dager = min(max((dag - fra).days, 0), (til - fra).days)
        return 360 * dager / (til - fra).days

    return Aarshjul(
        id=f"hjul-{slugify(str(tittel)) or 'uten-navn'}",
        tittel=tittel,
        midt=str(fra.year) if fra.month == 1 else f"{fra.year}–{til.year % 100:02}",
        under_midt=date_format(idag, "MONTH_DAY_FORMAT") if fra <= idag < til else "",
        stoerrelse=_HJUL,
        maaneder=tuple(_months(fra, idag, vinkel)),
        merker=tuple(_marks(iaar, vinkel, idag)),
        dag=(*_paa(vinkel(idag), _INNERST - 8), *_paa(vinkel(idag), _KANT))
        if fra <= idag < til
        else None,
        rader=tuple(enumerate(iaar, start=1)),
    )


def _paa(vinkel: float, radius: float) -> tuple[float, float]:
    """The place at that angle, clockwise from the top, and that far from the middle."""
    rad = math.radians(vinkel - 90)
    midt = _HJUL / 2
    return round(midt + radius * math.cos(rad), 1), round(midt + radius * math.sin(rad), 1)


def _arc(fra: float, til: float, radius: float) -> str:
    (x1, y1), (x2, y2) = _paa(fra, radius), _paa(til, radius)
    return f"M{x1} {y1}A{radius:g} {radius:g} 0 {int(til - fra > 180)} 1 {x2} {y2}"


def _months(
    fra: datetime.date, idag: datetime.date, vinkel: Callable[[datetime.date], float]
) -> Iterable[Maaned]:
    forste = fra
    for _nr in range(12):
        neste = (forste + datetime.timedelta(days=32)).replace(day=1)
        a, b = vinkel(forste) + 0.6, vinkel(neste) - 0.6
        (x1, y1), (x2, y2) = _paa(b, _INNER), _paa(a, _INNER)
        bane = f"{_arc(a, b, _KANT)}L{x1} {y1}A{_INNER:g} {_INNER:g} 0 0 0 {x2} {y2}Z"
        x, y = _paa((a + b) / 2, (_KANT + _INNER) / 2)
        er_naa = forste <= idag < neste
        yield Maaned(date_format(forste, "b").rstrip("."), bane, x, round(y + 4.5, 1), er_naa)
        forste = neste


def _marks(
    hendelser: list[Aarspunkt], vinkel: Callable[[datetime.date], float], idag: datetime.date
) -> Iterable[Merke]:
    """Each on the outermost ring where there is room for it: those of a day nearest the months."""
    ringer: list[list[tuple[float, float]]] = []

    def ring(a: float, b: float, forste: int) -> int:
        for nr in range(forste, len(ringer) + forste + 1):
            while len(ringer) <= nr:
                ringer.append([])
            if all(b < x or a > y for x, y in ringer[nr]):
                ringer[nr].append((a, b))
                return nr
        raise AssertionError  # a ring of its own always has room

    plasser: list[tuple[int, Aarspunkt, int, float, float]] = []
    dager = [(nr, h) for nr, h in enumerate(hendelser, start=1) if h.til is None]
    varer = [(nr, h) for nr, h in enumerate(hendelser, start=1) if h.til is not None]
    for nr, h in dager:
        v = vinkel(h.fra)
        plasser.append((nr, h, ring(v - _KLARING / 2, v + _KLARING / 2, 0), v, v))
    ytterst = len(ringer)
    for nr, h in varer:
        a = vinkel(h.fra)
        b = max(vinkel(h.til or h.fra), a + _KORTESTE_BUE)
        plasser.append((nr, h, ring(a - 2, b + 2, ytterst), a, b))
    steg = min(_RING, (_FORSTE_RING - _INNERST) / max(len(ringer) - 1, 1))
    for nr, h, ringen, a, b in plasser:
        radius = _FORSTE_RING - ringen * steg
        er_over = (h.til or h.fra) < idag
        if h.til is None:
            yield Merke(nr, *_paa(a, radius), "", er_over)
        else:
            yield Merke(nr, *_paa(a + _KORTESTE_BUE / 2, radius), _arc(a, b, radius), er_over)


# --- small multiples: the same little chart for each, on the same scale, so that they can be compared


@dataclass(frozen=True)
class Liten:
    """One of them: a column for each thing counted, with its figure, and all of them in words."""

    navn: str
    url: str
    soyler: tuple["Litensoyle", ...]
    ord: str


@dataclass(frozen=True)
class Litensoyle:
    """A column from the bottom: its place, how high it is, and its figure."""

    x: float
    midt: float
    topp: float
    hoyde: float
    tekst: str


@dataclass(frozen=True)
class Smaa:
    """The same things counted in every kommune (or whatever they are), farthest behind first."""

    id: str
    tittel: Tekst
    radnavn: Tekst
    bredde: int
    hoyde: int
    soylebredde: int
    bunn: int
    smaa: tuple[Liten, ...]
    kolonner: tuple[str, ...]
    rader: tuple[tuple[str, tuple[str, ...]], ...]


_LITEN_HOYDE, _LITEN_SOYLE, _LITEN_RUTE, _LITEN_TEKST = 48, 26, 40, 16


def smaa(
    rader: Iterable[tuple[str, str, list[tuple[int, int] | None]]],
    *,
    tittel: Tekst,
    radnavn: Tekst,
    kolonner: Iterable[str],
    om: int = -1,
) -> Smaa:
    """A little chart for each of (name, address, values): a column for each (how many, of how many), as
    high as its share; None where there is nothing to count. `kolonner` names what is counted, in order, and
    `om` is the place of the one that the title is about: by that they are sorted."""
    alle = [(navn, url, list(verdier)) for navn, url, verdier in rader]
    navnene = tuple(kolonner)
    alle.sort(key=lambda rad: _share(rad[2][om]))

    def columns(verdier: list[tuple[int, int] | None]) -> Iterable[Litensoyle]:
        for nr, verdi in enumerate(verdier):
            hoyde = round(_LITEN_HOYDE * _share(verdi), 1)
            x = nr * _LITEN_RUTE + (_LITEN_RUTE - _LITEN_SOYLE) / 2
            tekst = f"{verdi[0]}/{verdi[1]}" if verdi else "–"
            midt = x + _LITEN_SOYLE / 2
            yield Litensoyle(x, midt, round(_LITEN_HOYDE - hoyde, 1), hoyde, tekst)

    def words(verdi: tuple[int, int] | None) -> str:
        return _verditekst(*verdi) if verdi else "–"

    return Smaa(
        id=f"smaa-{slugify(str(tittel)) or 'uten-navn'}",
        tittel=tittel,
        radnavn=radnavn,
        bredde=_LITEN_RUTE * max(len(navnene), 3),
        hoyde=_LITEN_HOYDE + _LITEN_TEKST,
        soylebredde=_LITEN_SOYLE,
        bunn=_LITEN_HOYDE,
        smaa=tuple(
            Liten(
                navn,
                url,
                tuple(columns(verdier)),
                ". ".join(f"{hva}: {words(v)}" for hva, v in zip(navnene, verdier, strict=True)),
            )
            for navn, url, verdier in alle
        ),
        kolonner=navnene,
        rader=tuple((navn, tuple(words(v) for v in verdier)) for navn, _url, verdier in alle),
    )


def _share(verdi: tuple[int, int] | None) -> float:
    return verdi[0] / verdi[1] if verdi and verdi[1] else 0.0
