"""Text that people wrote, made fit for paper: WeasyPrint tries a word with no place to break again and again, letter
by letter, and sets a text anew for each of its lines. What is harmless on a page can then hold a worker for minutes.
"""

import re

from django.utils.text import normalize_newlines
from django.utils.translation import gettext as _

# Longer than any word of the language; an address is broken here.
MAKS_RUN = 60
MAKS_LINJER = 200
MAKS_TEGN = 20_000

_BIT = re.compile(r"(<(?:style|title|svg)\b.*?</(?:style|title|svg)>|<[^>]*>)", re.DOTALL)
# Not \s: a line is not broken at a space that is there to hold two words together.
_ORD = re.compile(r"[^ \t\n\r\f\v<]{61,}")
# What begins or ends a line of its own, and the space before it, which shows nowhere: after a text, or after an element
# in the line.
_FOER_BLOKK = re.compile(
    r"(</(?:a|b|em|i|small|span|strong|sub|sup)>|[^>\s])[ \t\n\r]+"
    r"(?=</?(?:p|div|ul|ol|li|dl|dt|dd|td|th|tr|caption|br|h[1-6])\b)"
)
_TEGN = re.compile(r"&#?\w+;|.", re.DOTALL)


def without_trailing_space(html: str) -> str:
    """The page without the space after a text that ends a paragraph or a cell: a text that just fills its line, and
    the space not, is broken by WeasyPrint after its first word. Between elements in the line the space stands."""
    return _FOER_BLOKK.sub(r"\1", html)


def with_breaks(html: str) -> str:
    """The page with a place to break in everything that has had none for `MAKS_RUN` characters."""
    biter = _BIT.split(html)
    biter[::2] = [_ORD.sub(_broken, tekst) for tekst in biter[::2]]
    return "".join(biter)


def _broken(treff: re.Match[str]) -> str:
    tegn = _TEGN.findall(treff[0])
    deler = ["".join(tegn[n : n + MAKS_RUN]) for n in range(0, len(tegn), MAKS_RUN)]
    return "<wbr>".join(deler)


def on_paper(tekst: str) -> str:
    """The text, no longer than paper bears: what is left out is told where to find."""
    linjer = normalize_newlines(tekst).rstrip().split("\n")
    if len(tekst) <= MAKS_TEGN and len(linjer) <= MAKS_LINJER:
        return tekst
    kort = "\n".join(linjer[:MAKS_LINJER])[:MAKS_TEGN].rstrip()
    return f"{kort}\n\n… {_('Resten av teksten står i portalen.')}"
