"""A date as people write it: 24.11.2026, 24.11.26, 241126, 24. november 2026, or 2026-11-24."""

import datetime
import re

_SKILLE = r"(?:\s*[.,/-]\s*|\s+)"
_AAR = r"(?P<aar>[0-9]{4}|[0-9]{2})"
_FORMER = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"(?P<aar>[0-9]{4})-(?P<maaned>[0-9]{1,2})-(?P<dag>[0-9]{1,2})",
        rf"(?P<dag>[0-9]{{1,2}}){_SKILLE}(?P<maaned>[0-9]{{1,2}}){_SKILLE}{_AAR}",
        rf"(?P<dag>[0-9]{{2}})(?P<maaned>[0-9]{{2}}){_AAR}",
        rf"(?P<dag>[0-9]{{1,2}})\.?\s*(?P<navn>[a-z]{{3,}})\.?\s*{_AAR}",
    )
)
# Also those of the English pages. The script of the field has the same list.
_MAANEDER = (
    ("januar", "january"),
    ("februar", "february"),
    ("mars", "march"),
    ("april",),
    ("mai", "may"),
    ("juni", "june"),
    ("juli", "july"),
    ("august",),
    ("september",),
    ("oktober", "october"),
    ("november",),
    ("desember", "december"),
)


class IngenDato(ValueError):
    """What was written does not look like a date."""


class FinnesIkke(ValueError):
    """It looks like a date, but there is no such day."""


def _month(navn: str) -> int:
    for nr, navnene in enumerate(_MAANEDER, start=1):
        if any(m.startswith(navn.casefold()) for m in navnene):
            return nr
    raise IngenDato(navn)


def read_date(tekst: str) -> datetime.date:
    """The day that was written; raises IngenDato or FinnesIkke.

    Two digits are a year from 1969 to 2068.
    """
    funn = next((m for form in _FORMER if (m := form.fullmatch(tekst.strip()))), None)
    if funn is None:
        raise IngenDato(tekst)
    biter = funn.groupdict()
    maaned = int(biter["maaned"]) if "maaned" in biter else _month(biter["navn"])
    aar = int(biter["aar"])
    if len(biter["aar"]) == 2:
        aar += 2000 if aar < 69 else 1900
    try:
        return datetime.date(aar, maaned, int(biter["dag"]))
    except ValueError as feil:
        raise FinnesIkke(tekst) from feil
