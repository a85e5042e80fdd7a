"""Draw the house from its imports: docs/bilder/huset.svg, as docs/arkitektur.md shows it.

    python docs/tegn_huset.py           writes the drawing
    python docs/tegn_huset.py --check   says whether the one that lies there is current (`make check`)

A floor is an app, a room a folder in it («egne moduler» are the files that lie beside the folders).
Each room names the rooms it uses on its own floor; the arrows on the right go from a floor to those
below that it uses. An arrow upwards would be drawn red: tests/test_etasjer.py does not let it land.
"""

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

ROT = Path(__file__).resolve().parent.parent
TEGNING = ROT / "docs" / "bilder" / "huset.svg"
# From above, as one looks at a house.
ETASJER = {
    "rolu": "der vi møtes, og det vi gjør imellom",
    "laeringsloyper": "det vi lærer",
    "evaluering": "hvordan vi vet, og det vi rapporterer",
    "fremtidsbilder": "dit vi vil",
    "nettverk": "hvem vi er, og det alle deler",
    "kommuner": "det offentlige registeret under",
}
EGNE = "egne moduler"
_UTENOM = {"migrations", "__pycache__", "data", "formats", "frontend"}

BREDDE, MARG, ROM_B, ROM_H, LUFT = 1200, 24, 198, 74, 12
PER_RAD = 4
VENSTRE = 210


@dataclass
class Etasje:
    """A floor: its rooms, what each uses on the floor, and the floors that are used."""

    navn: str
    rom: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    under: set[str] = field(default_factory=set)


def _imports(fil: Path) -> Iterator[tuple[str, ...]]:
    for node in _walk(ast.parse(fil.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            for alias in node.names:
                yield (*node.module.split("."), alias.name)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield tuple(alias.name.split("."))


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """Everything in a module but what is imported for types alone."""
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        return
    yield node
    for barn in ast.iter_child_nodes(node):
        yield from _walk(barn)


def _room_in(app: str, deler: tuple[str, ...]) -> str:
    if deler and (ROT / app / deler[0]).is_dir():
        return deler[0]
    return EGNE


def read_house() -> list[Etasje]:
    """The floors, from above, as the imports stand now."""
    huset = []
    for app in ETASJER:
        etasje = Etasje(app)
        for fil in sorted((ROT / app).rglob("*.py")):
            deler = fil.relative_to(ROT / app).parts
            if _UTENOM & set(deler):
                continue
            rom = _room_in(app, deler[:-1])
            etasje.rom[rom] |= set()
            for importert in _imports(fil):
                if importert[0] == app:
                    annet = _room_in(app, importert[1:])
                    if annet not in {rom, *_UTENOM}:
                        etasje.rom[rom].add(annet)
                elif importert[0] in ETASJER:
                    etasje.under.add(importert[0])
        huset.append(etasje)
    return huset


def _rows(antall: int) -> int:
    return -(-antall // PER_RAD)


def _lines(ord_: list[str], bredde: int) -> list[str]:
    linjer = [""]
    for o in ord_:
        if len(linjer[-1]) + len(o) + 2 > bredde:
            linjer.append("")
        linjer[-1] += (", " if linjer[-1] else "") + o
    return linjer


def draw(huset: list[Etasje]) -> str:
    """The drawing as SVG text."""
    bit: list[str] = []
    topp, midt = MARG, {}
    for etasje in huset:
        hoyde = 2 * LUFT + _rows(len(etasje.rom)) * (ROM_H + LUFT)
        midt[etasje.navn] = topp + hoyde / 2
        bit.append(
            f'<rect class="etasje" x="{MARG}" y="{topp}" width="{BREDDE - 130}" '
            f'height="{hoyde - LUFT}" rx="8"/>'
        )
        bit.append(
            f'<text class="navn" x="{MARG + 16}" y="{topp + 34}">{escape(etasje.navn)}</text>'
        )
        for nr, linje in enumerate(_lines(ETASJER[etasje.navn].split(" "), 24)):
            tekst = escape(linje.replace(", ", " "))
            bit.append(f'<text x="{MARG + 16}" y="{topp + 56 + 17 * nr}">{tekst}</text>')
        orden = sorted(etasje.rom, key=lambda r: (r == EGNE, r))
        for nr, rom in enumerate(orden):
            x = MARG + VENSTRE + (nr % PER_RAD) * (ROM_B + LUFT)
            y = topp + LUFT + (nr // PER_RAD) * (ROM_H + LUFT)
            bit += _room(rom, sorted(etasje.rom[rom]), x, y)
        topp += hoyde + LUFT
    bit += _arrows(huset, midt)
    return _SVG.format(bredde=BREDDE, hoyde=round(topp), innhold="\n".join(bit))


def _room(navn: str, bruker: list[str], x: float, y: float) -> list[str]:
    bit = [
        f'<rect class="rom" x="{x}" y="{y}" width="{ROM_B}" height="{ROM_H}" rx="4"/>',
        f'<text class="romnavn" x="{x + 10}" y="{y + 22}">{escape(navn)}</text>',
    ]
    linjer = _lines(["bruker", *bruker] if bruker else [], 28)
    if len(linjer) > 2:
        linjer = [linjer[0], f"{linjer[1]} +{sum(len(x.split(', ')) for x in linjer[2:])}"]
    for nr, linje in enumerate(linje for linje in linjer if linje):
        tekst = escape(linje.replace("bruker, ", "bruker "))
        bit.append(f'<text class="bruker" x="{x + 10}" y="{y + 42 + 15 * nr}">{tekst}</text>')
    return bit


def _arrows(huset: list[Etasje], midt: dict[str, float]) -> list[str]:
    bit, x = [], BREDDE - 130 + MARG
    orden = [e.navn for e in huset]
    for etasje in huset:
        for under in sorted(etasje.under, key=orden.index):
            avstand = orden.index(under) - orden.index(etasje.navn)
            ut = x + 14 + 20 * abs(avstand)
            klasse = "pil" if avstand > 0 else "pil opp"
            y1, y2 = midt[etasje.navn] + 6 * avstand, midt[under] - 6 * avstand
            bit.append(
                f'<path class="{klasse}" d="M{x} {y1:.0f} C{ut} {y1:.0f} {ut} {y2:.0f} {x + 6} {y2:.0f}" '
                'marker-end="url(#spiss)"/>'
            )
    return bit


_SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {bredde} {hoyde}" role="img" aria-labelledby="tittel">
<title id="tittel">Huset: hver etasje er en app, hvert rom en mappe, og pilene går bare nedover</title>
<style>
text {{ font: 13px Inter, "Helvetica Neue", Arial, sans-serif; fill: #2b3440; }}
.navn {{ font-size: 19px; font-weight: 600; }}
.romnavn {{ font-size: 14px; font-weight: 600; }}
.bruker {{ font-size: 11.5px; fill: #55606e; }}
.etasje {{ fill: #eef3f7; stroke: #b9c6d3; }}
.rom {{ fill: #fff; stroke: #b9c6d3; }}
.pil {{ fill: none; stroke: #5b7a99; stroke-width: 1.5; }}
.opp {{ stroke: #b3251e; stroke-width: 3; }}
</style>
<defs><marker id="spiss" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0l8 4-8 4z" fill="#5b7a99"/></marker></defs>
<rect width="{bredde}" height="{hoyde}" fill="#fff"/>
{innhold}
</svg>
"""


def main(argumenter: list[str]) -> int:
    tegning = draw(read_house())
    if "--check" not in argumenter:
        TEGNING.write_text(tegning)
        return 0
    if TEGNING.is_file() and TEGNING.read_text() == tegning:
        return 0
    sys.stderr.write("Tegningen av huset er ikke som koden. Kjør «make tegning».\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
