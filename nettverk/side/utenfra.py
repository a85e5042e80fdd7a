"""Text from outside – an address, a form, a mail server's answer – as it may be used inside."""

import datetime
import re
import unicodedata
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

# No date or year outside these comes in: what a network plans and remembers lies well within.
TIDLIGST = datetime.date(1900, 1, 1)
SENEST = datetime.date(2100, 12, 31)
# What a column for whole numbers can hold (bigint).
MAKS_TALL = 2**63 - 1
# A column for an e-mail address, and what a mail server takes (RFC 5321).
MAKS_EPOST = 254
# The domain of rows that stand for somebody who has not answered (`nettverk.verv`): nobody has such an address.
INGENS_DOMENE = "ubesvart.invalid"
# A text that says no limit of its own.
MAKS_TEKST = 50_000

_STYRETEGN = re.compile(r"\s*[\x00-\x1f\x7f-\x9f\u2028\u2029]+\s*")


_LINJESKIFT = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_IKKE_TEKST = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")


def whole_number(tekst: str | None) -> int | None:
    """The number that `tekst` is, None when it is none that a row can have: ², ٣ and a thousand nines."""
    tekst = tekst or ""
    if tekst.isascii() and tekst.isdigit() and len(tekst) <= 18:
        return int(tekst)
    return None


def one_line(tekst: str) -> str:
    """`tekst` on one line: a space where there were control characters (line breaks and NUL too)."""
    return _STYRETEGN.sub(" ", tekst).strip()


# They turn the text around, also what stands after it: a subject, a line of a calendar.
_RETNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def seen_line(tekst: str) -> str:
    """`one_line`, of a text that others read: without the hidden signs that turn it around."""
    return one_line(_RETNING.sub("", tekst))


# Of them the old ones, which force an order upon what is written: no text needs them. A text over several lines may
# need the others, in Arabic and Hebrew.
_TVANG = re.compile("[\u202a-\u202e]")


def lines(tekst: str) -> str:
    """`tekst` over several lines: one kind of line break, no other control characters (NUL too), and no hidden signs
    that force it around."""
    return _IKKE_TEKST.sub(" ", _LINJESKIFT.sub("\n", _TVANG.sub("", tekst)))


def own_path(request: HttpRequest, adresse: str) -> str:
    """The path, with its query, of an address of the portal: what a form or the browser says that one comes
    from or goes to. "" when it is none, or lies elsewhere."""
    if one_line(adresse) != adresse or not url_has_allowed_host_and_scheme(
        adresse, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return ""
    try:
        adresse.encode()
    except UnicodeEncodeError:  # half of a pair
        return ""
    deler = urlsplit(adresse)
    sti = f"{deler.path}?{deler.query}" if deler.query else deler.path
    # On its own, «//x» is another machine.
    return sti if sti.startswith("/") and url_has_allowed_host_and_scheme(sti, None) else ""


def came_from(request: HttpRequest) -> str:
    """The page that a link says one is to come back to (`?neste=`) when it is done; "" when it says none."""
    return own_path(request, request.GET.get("neste", ""))


def can_be_addressed(epost: str) -> bool:
    """Whether a letter can carry the address, to somebody: a domain of characters that no domain can have,
    passes Django's own check and would stop the sending."""
    domene = epost.rpartition("@")[2].strip().lower()
    try:
        domene.encode("idna")
    except UnicodeError:
        return False
    return domene != INGENS_DOMENE


# Hidden signs, some of which turn the text around, and those that no text should have.
_SKJULT = {"Cf", "Cc", "Co", "Cn", "Cs"}


def wrong_name(navn: str) -> str:
    """Why the text is no person's name, in plain words; "" when it may be one."""
    if any(unicodedata.category(tegn) in _SKJULT for tegn in navn):
        return _("Navnet har skjulte tegn. Skriv det på nytt for hånd.")
    if (
        navn[:1] in {*"=#+-"}
        or any(tegn in navn for tegn in "@<>")
        or not any(tegn.isalpha() for tegn in navn)
    ):
        return _("Dette er ikke et navn.")
    return ""
