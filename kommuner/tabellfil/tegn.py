"""Broken letters: a file that was read with the wrong table of letters somewhere on its way.

A whole file that is wrong in one way is read right, and said; a single text that is wrong is never
taken for a change of name. What is lost («Aver?y» with U+FFFD) is only told, since nobody can know.
"""

import re
from collections.abc import Mapping

import ftfy
import ftfy.bad_codecs  # registers sloppy-windows-1252
from ftfy.badness import is_bad

SLOPPY = "sloppy-windows-1252"
# What people's programs write when it is not UTF-8: Windows, an old Mac, DOS.
TABELLER = ("cp1252", "mac_roman", "cp850")
_VANLIGE = frozenset("æøåÆØÅéÉèàóòôäöüÄÖÜáÁšŠčČđĐŋŊŧŦžŽ«»–—’‘“”…·§°½ ")
_ANDRE_NORSKE = frozenset("æøåÆØÅ")
# Lost letters, UTF-8 read as something else, and the control signs that no text has.
_OEDELAGT = re.compile(
    "[\ufffd√≈]|[ÃÂ][\u00a0-\u00bf\u0080-\u009f]|Ã[\u2018-\u203a…†‡ˆ˜™š]|[\u0080-\u009f]"
)
# Signs that stand beside letters, but never inside a word: an old Mac's letters read as Windows', and back.
_INNI_ORD = re.compile(
    r"(?<=[^\W\d_])[¯ˆ¿¾Œ√∂∆∏†‡¸˘˙˚](?=[^\W\d_]|\b)|(?<!\S)[¯ÿ®ˆ](?=[a-zæøå])|(?<=[a-zæøåA-Z])[ÊÂ](?=[a-zæøå])"
)
_OMVEIER = (
    ("latin-1", "utf-8"),
    (SLOPPY, "utf-8"),
    ("mac_roman", "utf-8"),
    ("mac_roman", "cp1252"),
    (SLOPPY, "mac_roman"),
)


def is_broken(tekst: str) -> bool:
    """Whether the text has letters that no Norwegian or Sámi text has there."""
    if tekst.isascii():
        return False
    return bool(_OEDELAGT.search(tekst) or _INNI_ORD.search(tekst) or is_bad(tekst))


def repair(tekst: str) -> str:
    """What was probably meant; empty when nobody can tell. A proposal, never to be written unasked."""
    if "\ufffd" in tekst:
        return ""
    forslag = [_other_way(tekst, *vei) for vei in _OMVEIER] + [ftfy.fix_encoding(tekst)]
    hele = [f for f in forslag if f and f != tekst and not is_broken(f)]
    return max(hele, key=_score, default="")


def best_table(byte_antall: Mapping[int, int]) -> str:
    """Which table of letters makes most Norwegian of a file's bytes that are not ASCII."""

    def score(tabell: str) -> int:
        return sum(
            antall * _score(bytes([byte]).decode(tabell, errors="replace"))
            for byte, antall in byte_antall.items()
        )

    return max(TABELLER, key=score)


def twice_encoded(utdrag: str) -> str:
    """The table that UTF-8 was read by before the file was written as UTF-8 once more; empty when not."""
    if not _OEDELAGT.search(utdrag) and not is_bad(utdrag):
        return ""
    for tabell in (SLOPPY, "latin-1", "mac_roman"):
        rettet = _other_way(utdrag, tabell, "utf-8")
        if rettet and _score(rettet) > 0 and not is_broken(rettet):
            return tabell
    return ""


def untwist(tekst: str, tabell: str) -> str:
    """The text as it was before `tabell`; as it is where that makes no sense."""
    return tekst if tekst.isascii() else _other_way(tekst, tabell, "utf-8") or tekst


def _other_way(tekst: str, fra: str, til: str) -> str:
    try:
        return tekst.encode(fra).decode(til)
    except UnicodeError:
        return ""


def _score(tekst: str) -> int:
    """Norwegian letters speak for a reading; odd signs speak against it, and more strongly."""
    return sum(
        2 if tegn in _ANDRE_NORSKE else 0 if tegn in _VANLIGE or tegn.isascii() else -3
        for tegn in tekst
    )
