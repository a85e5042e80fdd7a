"""Demo: drawings as a child makes them, with crayons on paper. Ours: no child has drawn them.

The same every time. `tegn` gives a picture and what it shows, for those who do not see it.
"""

import io
import math
import random
from collections.abc import Callable, Sequence
from itertools import pairwise

from PIL import Image, ImageChops, ImageDraw

BREDDE, HOYDE = 1000, 500
Punkt = tuple[float, float]

_PAPIR = "#fbf8ef"
_BLAA, _GROENN, _BRUN, _ROED = "#2f6fb3", "#3f8f4a", "#7a4b2a", "#c8372d"
_GUL, _ORANSJE, _LILLA, _SORT = "#f2b705", "#e27a1f", "#7b4fa0", "#33302c"


class _Ark:
    """A sheet of paper, and a hand that is not steady."""

    def __init__(self, fro: int) -> None:
        self.hand = random.Random(fro)
        self.bilde = Image.new("RGB", (BREDDE, HOYDE), _PAPIR)

    def stroke(self, punkter: Sequence[Punkt], farge: str, bredde: int = 9) -> None:
        """A line through the points, gone over twice, as one does with a crayon."""
        for _gang in range(2):
            self._lay(self._wobble(punkter), farge, bredde, dekker=205)

    def _lay(
        self,
        bane: Sequence[Punkt],
        farge: str,
        bredde: int,
        *,
        dekker: int,
        innenfor: Sequence[Punkt] = (),
    ) -> None:
        """Crayon along `bane`, only inside an outline when there is one. Only that corner is touched."""
        rundt = innenfor or bane
        x, y = min(p[0] for p in rundt) - bredde, min(p[1] for p in rundt) - bredde
        x, y = int(max(x, 0)), int(max(y, 0))
        stoerrelse = (
            max(1, int(min(max(p[0] for p in rundt) + bredde, BREDDE)) - x),
            max(1, int(min(max(p[1] for p in rundt) + bredde, HOYDE)) - y),
        )
        lag = Image.new("L", stoerrelse)
        flyttet = [(px - x, py - y) for px, py in bane]
        ImageDraw.Draw(lag).line(flyttet, fill=dekker, width=bredde, joint="curve")
        if innenfor:
            maske = Image.new("L", stoerrelse)
            ImageDraw.Draw(maske).polygon([(px - x, py - y) for px, py in innenfor], fill=255)
            lag = ImageChops.multiply(lag, maske)
        self.bilde.paste(farge, (x, y), lag)

    def circle(self, x: float, y: float, r: float, farge: str, bredde: int = 9) -> None:
        runde = range(0, 390, 20)  # a little more than once around
        skjev = self.hand.uniform(0.9, 1.1)
        self.stroke(
            [
                (x + r * math.cos(math.radians(v)), y + r * skjev * math.sin(math.radians(v)))
                for v in runde
            ],
            farge,
            bredde,
        )

    def colour(self, omriss: Sequence[Punkt], farge: str, tett: int = 15) -> None:
        """To and fro inside the outline, and now and then a little past it."""
        xs, ys = [p[0] for p in omriss], [p[1] for p in omriss]
        bane, y, frem = [], min(ys), True
        while y < max(ys):
            ender = (min(xs), max(xs)) if frem else (max(xs), min(xs))
            bane += [(ender[0], y), (ender[1], y - tett * 0.6)]
            y, frem = y + tett * self.hand.uniform(0.55, 0.95), not frem
        self._lay(self._wobble(bane), farge, 11, dekker=175, innenfor=omriss)

    def _wobble(self, punkter: Sequence[Punkt]) -> list[Punkt]:
        fase, uro = self.hand.uniform(0, 6), self.hand.uniform(1.5, 3.5)
        ut: list[Punkt] = []
        for (x1, y1), (x2, y2) in pairwise(punkter):
            steg = max(2, int(math.hypot(x2 - x1, y2 - y1) / 14))
            for n in range(steg):
                t, s = n / steg, len(ut) / 5 + fase
                ut.append(
                    (
                        x1 + (x2 - x1) * t + uro * math.sin(s),
                        y1 + (y2 - y1) * t + uro * math.cos(1.3 * s),
                    )
                )
        return [*ut, punkter[-1]]

    def sun(self, x: float, y: float, r: float = 42) -> None:
        self.colour([(x + r * math.cos(v), y + r * math.sin(v)) for v in range(7)], _GUL)
        self.circle(x, y, r, _ORANSJE)
        for n in range(9):
            v = n * 0.7 + self.hand.uniform(-0.1, 0.1)
            lengde = self.hand.uniform(1.6, 2.0)
            self.stroke(
                [
                    (x + 1.3 * r * math.cos(v), y + 1.3 * r * math.sin(v)),
                    (x + lengde * r * math.cos(v), y + lengde * r * math.sin(v)),
                ],
                _ORANSJE,
            )


def _pinner(ark: _Ark) -> None:
    ark.colour(
        [(0, 360), (300, 335), (700, 350), (1000, 330), (1000, 500), (0, 500)], "#cfe0ec", 20
    )
    ark.stroke([(0, 360), (300, 335), (700, 350), (1000, 330)], _BLAA)
    for n in range(6):
        x, topp = 130 + n * 135, 300 - n * 44
        ark.stroke([(x, 400), (x + ark.hand.uniform(-14, 14), topp)], _BRUN, 24)
        for prikk in range(n + 1):
            ark.circle(x - 42 + prikk % 3 * 34, 432 + prikk // 3 * 32, 7, _ROED, 12)
    ark.sun(80, 85)


def _bok_i_skogen(ark: _Ark) -> None:
    ark.colour([(0, 420), (1000, 400), (1000, 500), (0, 500)], _GROENN, 20)
    ark.colour([(690, 200), (770, 200), (785, 430), (675, 430)], _BRUN)
    for x, y, r in ((640, 140, 90), (740, 85, 95), (830, 150, 95), (735, 180, 80)):
        ark.colour([(x + r * math.cos(v / 2), y + r * math.sin(v / 2)) for v in range(13)], _GROENN)
        ark.circle(x, y, r, "#2b6a35")
    venstre = [(190, 330), (330, 360), (330, 440), (180, 410)]
    hoyre = [(330, 360), (480, 325), (490, 405), (330, 440)]
    for side in (venstre, hoyre):
        ark.stroke([*side, side[0]], _ROED, 12)
    for n in range(3):
        ark.stroke([(215, 358 + n * 18), (305, 376 + n * 18)], _SORT, 5)
        ark.stroke([(355, 376 + n * 18), (455, 353 + n * 18)], _SORT, 5)
    for x in (540, 600):
        for del_ in range(3):
            ark.circle(x + del_ * 15, 440, 8, _SORT, 10)
        for bein in range(3):
            ark.stroke([(x + bein * 15, 446), (x + bein * 15 - 6, 468)], _SORT, 5)
    ark.sun(110, 90)


def _baater(ark: _Ark) -> None:
    for rad in range(4):
        y = 350 + rad * 40
        ark.stroke([(x, y + (12 if x // 50 % 2 else -12)) for x in range(-20, 1050, 50)], _BLAA, 12)
    for x, skrog, seil in ((110, _ROED, _GUL), (400, _LILLA, _ORANSJE), (690, _GROENN, _ROED)):
        bunn = [(x, 290), (x + 210, 285), (x + 165, 350), (x + 45, 352)]
        ark.colour(bunn, skrog)
        ark.stroke([*bunn, bunn[0]], _SORT, 7)
        ark.stroke([(x + 100, 285), (x + 104, 100)], _BRUN, 11)
        duk = [(x + 112, 110), (x + 190, 255), (x + 112, 262)]
        ark.colour(duk, seil)
        ark.stroke([*duk, duk[0]], _SORT, 6)
    ark.sun(930, 75, 36)
    for x, y in ((330, 80), (610, 110), (580, 60)):
        ark.stroke([(x - 26, y - 12), (x, y + 6), (x + 26, y - 12)], _SORT, 6)


def _rundt_boka(ark: _Ark) -> None:
    matte = [(500 + 430 * math.cos(v / 3), 385 + 95 * math.sin(v / 3)) for v in range(20)]
    ark.colour(matte, "#e9a9b8", 20)
    ark.stroke(matte, _ROED)
    for x, farge in ((170, _BLAA), (370, _GROENN), (630, _ORANSJE), (830, _LILLA)):
        kropp = [(x, 215), (x + 58, 375), (x - 58, 375)]
        ark.colour(kropp, farge)
        ark.stroke([*kropp, kropp[0]], farge)
        ark.circle(x, 160, 48, _SORT, 8)
        for oeye in (-16, 16):
            ark.circle(x + oeye, 152, 4, _SORT, 7)
        ark.stroke([(x - 20, 176), (x, 190), (x + 20, 174)], _ROED, 7)
        mot = 1 if x < 500 else -1
        ark.stroke([(x + mot * 20, 270), (x + mot * 85, 320)], farge, 10)
        for haar in range(-3, 4):
            ark.stroke([(x + haar * 12, 118), (x + haar * 18, 88)], _BRUN, 7)
    for side in (
        [(430, 385), (500, 400), (500, 450), (425, 435)],
        [(500, 400), (572, 383), (578, 433), (500, 450)],
    ):
        ark.stroke([*side, side[0]], _SORT, 8)


_TEGNINGER: tuple[tuple[Callable[[_Ark], None], str, str], ...] = (
    (_bok_i_skogen, "bok-i-skogen", "Tegning: en åpen bok ved et stort tre, to maur og en sol."),
    (_rundt_boka, "rundt-boka", "Tegning: fire strekfigurer sitter på en rosa matte rundt en bok."),
    (_baater, "baater", "Tegning: tre seilbåter i hver sin farge på blå bølger."),
    (_pinner, "pinner-i-snoeen", "Tegning: seks pinner i snøen, fra den korteste til den lengste."),
)
ANTALL = len(_TEGNINGER)


def tegn(nummer: int) -> tuple[bytes, str, str]:
    """The picture, what its file is called, and what it shows."""
    tegning, navn, viser = _TEGNINGER[nummer]
    ark = _Ark(nummer + 7)
    tegning(ark)
    fil = io.BytesIO()
    ark.bilde.save(fil, "WEBP", quality=80)
    return fil.getvalue(), f"{navn}.webp", viser
