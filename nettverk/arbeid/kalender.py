"""The calendar file that follows a letter: one event, one recipient, time as it is in Norway."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from functools import cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from icalendar import Calendar, Component, Event, Timezone, vCalAddress, vText
from icalendar.parser import Contentline

OSLO = ZoneInfo("Europe/Oslo")
REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"

# As tzdata's rule since 1996. The library's own is 40 years of dates, ends in 2038, and has the change in
# spring an hour late.
_SONE = """BEGIN:VTIMEZONE\r
TZID:Europe/Oslo\r
BEGIN:DAYLIGHT\r
DTSTART:19700329T020000\r
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r
TZOFFSETFROM:+0100\r
TZOFFSETTO:+0200\r
TZNAME:CEST\r
END:DAYLIGHT\r
BEGIN:STANDARD\r
DTSTART:19701025T030000\r
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r
TZOFFSETFROM:+0200\r
TZOFFSETTO:+0100\r
TZNAME:CET\r
END:STANDARD\r
END:VTIMEZONE\r
"""


# The line that says who it is for, with the lines it is folded into.
_TIL = re.compile(r"^ATTENDEE[^\r\n]*\r\n(?: [^\r\n]*\r\n)*", re.MULTILINE)


_HAR_SVART = "PARTSTAT=ACCEPTED"


@dataclass(frozen=True)
class Kalenderfil:
    innhold: str
    metode: str


@dataclass(frozen=True)
class Hendelse:
    """What a calendar needs to know. `dager` are (start, end) of each day, in order.

    `uid` never changes; `sekvens` rises when time or place does, and when it is called off.
    """

    uid: str
    sekvens: int
    tittel: str
    sted: str
    beskrivelse: str
    url: str
    dager: Sequence[tuple[datetime, datetime]]
    arrangoer: str
    laget: datetime


@cache
def _sone() -> Component:
    return Timezone.from_ical(_SONE)


def make(
    h: Hendelse, *, avlyst: bool = False, svart: bool = False
) -> Callable[[str, str], Kalenderfil]:
    """REQUEST or CANCEL: what makes the file for one person, given name and address. `svart`: the person has
    said yes, so that the calendar does not ask.

    One UID: Outlook reads only the first of a file. Several days are one event that repeats, each day or
    with as many days between as there are; a day with other hours, or that breaks the rhythm, is an
    exception of it. Putting the file together costs thirty times what
    addressing it does (measured: 1.2 ms), so that is done once for all.
    """
    metode = CANCEL if avlyst else REQUEST
    alle = _calendar(h, metode, avlyst=avlyst)
    if svart:
        alle = address(alle, "", "ingen@nettverksportalen.invalid", svart=True)
    return lambda navn, epost: Kalenderfil(address(alle, navn, epost), metode)


def publish(h: Hendelse, *, avlyst: bool = False) -> Kalenderfil:
    """The file for whoever fetches it: the same event as the letter's, so that it never stands twice, and
    addressed to nobody."""
    return Kalenderfil(_TIL.sub("", _calendar(h, PUBLISH, avlyst=avlyst)), PUBLISH)


def _calendar(h: Hendelse, metode: str, *, avlyst: bool) -> str:
    cal = Calendar()
    cal.add("prodid", "-//Nettverksportalen//NO")
    cal.add("version", "2.0")
    cal.add("calscale", "GREGORIAN")
    cal.add("method", metode)
    cal.add_component(_sone())
    forste, avstand = h.dager[0], _interval(h)
    for nummer, (start, slutt) in enumerate(h.dager):
        # Wall time: the clock may be changed between two days.
        vanlig = tuple(_days_later(tid, nummer * avstand) for tid in forste)
        if nummer and ((start, slutt) == vanlig or avlyst):
            continue
        cal.add_component(_event(h, start, slutt, vanlig[0] if nummer else None, avlyst=avlyst))
    return cal.to_ical().decode()


def _interval(h: Hendelse) -> int:
    """Days from each to the next; 1 when that differs."""
    datoer = [start.astimezone(OSLO).date() for start, _slutt in h.dager]
    avstander = {(neste - dag).days for dag, neste in pairwise(datoer)}
    return avstander.pop() if len(avstander) == 1 else 1


def _days_later(tid: datetime, dager: int) -> datetime:
    return tid.astimezone(OSLO) + timedelta(days=dager)


def _event(
    h: Hendelse,
    start: datetime,
    slutt: datetime,
    i_stedet_for: datetime | None,
    *,
    avlyst: bool,
) -> Event:
    e = Event()
    e.add("uid", h.uid)
    e.add("sequence", h.sekvens)
    e.add("dtstamp", h.laget.astimezone(UTC))
    e.add("dtstart", start.astimezone(OSLO))
    e.add("dtend", slutt.astimezone(OSLO))
    if i_stedet_for is not None:
        e.add("recurrence-id", i_stedet_for)
    elif len(h.dager) > 1:
        gjentas: dict[str, Any] = {"freq": "daily", "count": len(h.dager)}
        if (avstand := _interval(h)) > 1:
            gjentas["interval"] = avstand
        e.add("rrule", gjentas)
    e.add("summary", h.tittel)
    e.add("location", h.sted)
    e.add("description", h.beskrivelse)
    if h.url:
        e.add("url", h.url)
    e.add("status", "CANCELLED" if avlyst else "CONFIRMED")
    e.add("transp", "TRANSPARENT" if avlyst else "OPAQUE")
    arrangoer = vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    arrangoer.params["CN"] = vText(h.arrangoer)
    e.add("organizer", arrangoer)
    e.add("attendee", _attendee("", "ingen@nettverksportalen.invalid"))
    return e


def _attendee(navn: str, epost: str, *, svart: bool = False) -> vCalAddress:
    hvem = vCalAddress(f"mailto:{epost}")
    hvem.params.update(
        {
            "CN": vText(navn),
            "CUTYPE": vText("INDIVIDUAL"),
            "ROLE": vText("REQ-PARTICIPANT"),
            "PARTSTAT": vText("ACCEPTED" if svart else "NEEDS-ACTION"),
            # The answer is given in the portal.
            "RSVP": vText("FALSE"),
        }
    )
    return hvem


def address(innhold: str, navn: str, epost: str, *, svart: bool = False) -> str:
    """The same file, to this person; who had said yes by it, still has."""
    hvem = _attendee(navn, epost, svart=svart or _HAR_SVART in innhold)
    linje = Contentline.from_parts("ATTENDEE", hvem.params, hvem).to_ical().decode()
    return _TIL.sub(lambda _treff: f"{linje}\r\n", innhold)
