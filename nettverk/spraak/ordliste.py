"""The word list in `docs/ordliste.md`: which words we chose, and which we do not use.

The tables of that file are the rules themselves, so that people and tests read the same list.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

# What is not our own prose: quotations, placeholders, tags and addresses.
_NOT_PROSE = re.compile(r"«[^»]*»|%\(\w+\)\w|\{[^{}]*\}|<[^<>]*>|\bhttps?:\S+|\S+@\S+")
_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Ordliste:
    """The words to avoid in one language form, and the words that only look like them."""

    avoid: dict[str, str]  # pattern with *, and what to write instead
    exceptions: frozenset[str]

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        words = (_as_regex(word) for word in self.avoid)
        return re.compile(rf"(?<![\w-])(?:{'|'.join(words)})(?![\w])", re.IGNORECASE)

    def losers(self, text: str) -> list[str]:
        """The words of the text that the list rejects, in reading order."""
        if not self.avoid:
            return []
        prose = _NOT_PROSE.sub(" ", text.replace("\u00ad", ""))
        found = (match[0] for match in self._pattern.finditer(prose))
        return [word for word in found if word.lower() not in self.exceptions]


def read(path: Path, language: str) -> Ordliste:
    """The rules for `nb` or `nn`: every table row under the headings marked with the language."""
    avoid: dict[str, str] = {}
    exceptions: set[str] = set()
    for heading, line in _lines(path):
        if f"({language})" not in heading:
            continue
        if "unntak" in heading.lower():
            exceptions |= {word.lower() for word in _CODE.findall(line)}
        elif line.startswith("|"):
            chosen, rejected = (cell.strip() for cell in line.strip("|").split("|")[:2])
            avoid |= {word: _CODE.sub(r"\1", chosen) for word in _CODE.findall(rejected)}
    return Ordliste(avoid, frozenset(exceptions))


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    heading = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            heading = line
        else:
            yield heading, line.strip()


def _as_regex(word: str) -> str:
    """`*` stands for one or more letters, so that `*ingen` is not the word «ingen»."""
    return re.escape(word).replace(r"\*", r"\w+")
