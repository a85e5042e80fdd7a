"""Text from outside – an address, a form, a mail server's answer – as it may be used inside."""

import re

_STYRETEGN = re.compile(r"\s*[\x00-\x1f\x7f-\x9f\u2028\u2029]+\s*")


def whole_number(tekst: str | None) -> int | None:
    """The number that `tekst` is, None when it is none that a row can have: ², ٣ and a thousand nines."""
    tekst = tekst or ""
    if tekst.isascii() and tekst.isdigit() and len(tekst) <= 18:
        return int(tekst)
    return None


def one_line(tekst: str) -> str:
    """`tekst` on one line: a space where there were control characters (line breaks and NUL too)."""
    return _STYRETEGN.sub(" ", tekst).strip()
