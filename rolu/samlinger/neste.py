"""The gathering after this one: when it may be, and what it may be called until somebody knows better."""

import datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from rolu.models import Samling
from rolu.samlinger.dager import days
from rolu.samlinger.datovarsel import suggest_next, warnings_for


def next_after(forrige: Samling, *, etter: datetime.date) -> dict[str, Any]:
    """What to propose for the gathering after `forrige` and after the day `etter`: title, days (with as much
    between them), start, end, and last day to answer.

    The times are those on the wall; the theme and what was written about it belong to `forrige`.
    """
    start, slutt = timezone.localtime(forrige.start), timezone.localtime(forrige.slutt)
    dager = (slutt.date() - start.date()).days + 1
    dato = suggest_next(start.date(), etter=etter, dager=dager)
    flytt = dato - start.date()
    forslag = {
        "tittel": proposed_title(forrige.type, dato, maalform=forrige.nettverk.maalform),
        "dager": [(dag.dato + flytt, dag.fra, dag.til) for dag in days(forrige)],
        "start": _moved(start, flytt),
        "slutt": _moved(slutt, flytt),
    }
    if forrige.paameldingsfrist:
        forslag["paameldingsfrist"] = _deadline(forrige.paameldingsfrist + flytt, etter)
    return forslag


def _deadline(frist: datetime.date, etter: datetime.date) -> datetime.date:
    """A day on which people are at work to answer; not before `etter`."""
    while frist > etter and warnings_for(frist):
        frist -= datetime.timedelta(days=1)
    return max(frist, etter)


def _moved(tid: datetime.datetime, flytt: datetime.timedelta) -> datetime.datetime:
    # On the clock of the wall: 09.30 stays 09.30 also when summer time lies between.
    return timezone.make_aware(tid.replace(tzinfo=None) + flytt)


def proposed_title(type_: str, dato: datetime.date, *, maalform: str) -> str:
    """ROLU-samling vår 2027, as the network writes, whoever reads; nothing for a kind that has no name
    of its own."""
    if type_ == Samling.Type.ANNEN:
        return ""
    with translation.override(maalform):
        ord_ = _("%(type)s vår %(aar)s") if dato.month <= 7 else _("%(type)s høst %(aar)s")
        return ord_ % {"type": capfirst(Samling.Type(type_).label), "aar": dato.year}
