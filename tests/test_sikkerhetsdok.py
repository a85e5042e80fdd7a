"""docs/sikkerhet.md and sikkerhet-asvs.md say what is so: every requirement once, and what they name exists."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

ROT = Path(__file__).resolve().parent.parent
ASVS = ROT / "docs" / "sikkerhet-asvs.md"
DOKUMENTER = (ASVS, ROT / "docs" / "sikkerhet.md")

# ASVS 5.0: the level of each requirement, section by section. Those of level 3 are not ours to answer.
NIVAAER = {
    "1.1": "22", "1.2": "1111122223", "1.3": "112222222223", "1.4": "222", "1.5": "123",
    "2.1": "122", "2.2": "112", "2.3": "12223", "2.4": "23",
    "3.1": "3", "3.2": "113", "3.3": "12223", "3.4": "11222233", "3.5": "11122333", "3.6": "3",
    "3.7": "22333",
    "4.1": "12233", "4.2": "23333", "4.3": "22", "4.4": "1222",
    "5.1": "2", "5.2": "112333", "5.3": "113", "5.4": "222",
    "6.1": "122", "6.2": "111111112222", "6.3": "11223333", "6.4": "112233", "6.5": "22222333",
    "6.6": "2223", "6.7": "33", "6.8": "2222",
    "7.1": "222", "7.2": "1111", "7.3": "22", "7.4": "11222", "7.5": "223", "7.6": "22",
    "8.1": "1233", "8.2": "1123", "8.3": "133", "8.4": "23",
    "9.1": "111", "9.2": "1222",
    "10.1": "22", "10.2": "223", "10.3": "22223", "10.4": "1111122222233333", "10.5": "22222",
    "10.6": "22", "10.7": "222",
    "11.1": "2233", "11.2": "22233", "11.3": "11233", "11.4": "1222", "11.5": "23", "11.6": "23",
    "11.7": "33",
    "12.1": "12233", "12.2": "11", "12.3": "22223",
    "13.1": "2333", "13.2": "222223", "13.3": "2233", "13.4": "1222233",
    "14.1": "22", "14.2": "12223333", "14.3": "122",
    "15.1": "12233", "15.2": "12233", "15.3": "1222222", "15.4": "3333",
    "16.1": "2", "16.2": "22222", "16.3": "2222", "16.4": "222", "16.5": "2223",
    "17.1": "23", "17.2": "22223333", "17.3": "22",
}  # fmt: skip
SVAR = ("ja", "delvis", "nei", "gjelder ikke")

_RAD = re.compile(r"^\| (\d+\.\d+\.\d+) \| (.+?) \| (\d) \| (.+?) \| (.*?) \|$", re.MULTILINE)
_SUM = re.compile(
    r"^\| (?:V(\d+) [^|]+|I alt) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", re.MULTILINE
)
_VIST = re.compile(
    r"`([\w./-]+\.(?:py|md|js|mjs|html|yml|toml|txt)|Dockerfile|docker/Caddyfile)(?:::(\w+))?`"
)


def _rader() -> list[tuple[str, str, str, str, str]]:
    return _RAD.findall(ASVS.read_text())


@cache
def _functions(fil: Path) -> set[str]:
    noder = ast.walk(ast.parse(fil.read_text()))
    return {node.name for node in noder if isinstance(node, ast.FunctionDef)}


def test_every_requirement_stands_there_once_with_its_level():
    ventet = {
        f"{del_}.{nr}": nivaa
        for del_, nivaaer in NIVAAER.items()
        for nr, nivaa in enumerate(nivaaer, 1)
        if nivaa in "12"
    }
    staar = Counter(nr for nr, *_resten in _rader())

    assert Counter(ventet.values()) == {"1": 70, "2": 183}
    assert staar == Counter(ventet.keys())
    assert {nr: nivaa for nr, _krav, nivaa, _svar, _vist in _rader()} == ventet


def test_every_row_has_an_answer_and_shows_it():
    galt = []
    for nr, krav, _nivaa, svar, vist in _rader():
        if svar not in SVAR or len(krav) < 10:
            galt.append(f"{nr}: {svar!r}")
        elif svar in {"ja", "delvis"} and not _VIST.search(vist):
            galt.append(f"{nr}: «{svar}» uten test eller fil")
        elif svar != "ja" and len(_VIST.sub("", vist).strip()) < 15:
            galt.append(f"{nr}: «{svar}» uten grunn")

    assert not galt, "\n".join(galt)


def test_the_counts_are_those_of_the_rows():
    per = {}
    for nr, _krav, _nivaa, svar, _vist in _rader():
        for kapittel in (nr.partition(".")[0], ""):
            per.setdefault(kapittel, Counter())[svar] += 1
    ventet = {k: [sum(c.values()), *(c[s] for s in SVAR)] for k, c in per.items()}

    assert {k: list(map(int, tall)) for k, *tall in _SUM.findall(ASVS.read_text())} == ventet


@pytest.mark.parametrize("dokument", DOKUMENTER, ids=lambda fil: fil.name)
def test_what_the_documents_name_exists(dokument: Path):
    borte = []
    for sti, test in _VIST.findall(dokument.read_text()):
        fil = ROT / sti
        if not fil.exists():
            borte.append(sti)
        elif test and test not in _functions(fil):
            borte.append(f"{sti}::{test}")

    assert not borte, "\n".join(borte)
