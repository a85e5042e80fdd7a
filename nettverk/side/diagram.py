"""Charts as plain data: the geometry is worked out here, a template draws it (components/diagram.html).

The same drawing serves the page and the PDF, always with the figures in a table beside it, so a chart
needs no script and nobody needs to see it.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext as _

BREDDE = 440
SKRIFT = 12.5
RAD = 26
SOYLE = 14
AKSE = 22
_TEGNBREDDE = 0.62  # of the font size; a little more than the average letter of Inter
_MAKS_ETIKETT = 170

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
) -> Stolpediagram:
    """Bars for rows of (name, value) or (name, value, of): `of` is drawn as a paler whole behind.

    `tittel` says the finding («I 2 av 8 kommuner har alle levert»). With `andeler` each bar is as long as
    its own whole, and those that have come farthest stand first. `radnavn` heads the names («Kommune»), `verdinavn` the values («Møtt»), `av_navn` the wholes
    («Påmeldt»). `beskrivelse` says in a sentence what the chart shows, for those who do not see it.
    """
    hele = tuple((str(r[0]), r[1], r[2] if len(r) > 2 else None) for r in rader)
    if andeler:
        hele = tuple(sorted(hele, key=lambda rad: -(rad[1] / rad[2] if rad[2] else 0)))
    maks, steg = _skala(max((max(v, av or 0) for _navn, v, av in hele), default=0))
    lengste = max((_bredde(navn) for navn, _v, _av in hele), default=0)
    venstre = round(min(lengste, _MAKS_ETIKETT) + 10, 1)
    hoyre = max((_bredde(_verditekst(v, av)) for _navn, v, av in hele), default=0) + 12
    plass = max(bredde - venstre - hoyre, 40)

    def lengde(verdi: float, av: float | None) -> float:
        return round(plass * verdi / ((av or 1) if andeler else maks), 1)

    soyler = tuple(
        Soyle(
            etikett=_kort(navn, _MAKS_ETIKETT),
            navn=navn,
            verdi=verdi,
            verditekst=_verditekst(verdi, av),
            y=nr * RAD + (RAD - SOYLE) / 2,
            midt=nr * RAD + RAD / 2,
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
    akse_y = len(hele) * RAD
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
    return len(tekst) * SKRIFT * _TEGNBREDDE


def _kort(navn: str, bredde: float) -> str:
    """The name as far as there is room; the table has it whole."""
    plass = int(bredde / (SKRIFT * _TEGNBREDDE))
    return navn if len(navn) <= plass else navn[: plass - 1].rstrip() + "…"


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
    that is left, and has no figure. `tekst` stands after the bar, where nothing is missing: then no figure stands on it."""
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
