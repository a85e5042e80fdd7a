"""Soft warnings about a day: public holidays, weekends, and the weeks when schools are on holiday;
and the day to propose for the next gathering."""

import datetime
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

# Autumn and winter break differ between the counties; the weeks below are the usual ones.
_FERIEUKER = {8: "vinter", 9: "vinter", 40: "host", 52: "jul", 53: "jul"}
_FERIEUKER |= dict.fromkeys(range(26, 33), "sommer")
HALVT_AAR = datetime.timedelta(weeks=26)
_UKE = datetime.timedelta(weeks=1)


@lru_cache(maxsize=16)
def _holidays(aar: int, spraak: str) -> dict[datetime.date, str]:
    import holidays

    return dict(holidays.country_holidays("NO", years=aar, language=spraak))


def warnings_for(dato: datetime.date) -> list[str]:
    """What one should know before a gathering is laid to `dato`; empty when nothing speaks against it."""
    spraak = "en_US" if (get_language() or "nb").startswith("en") else "no"
    varsler = []
    if navn := _holidays(dato.year, spraak).get(dato):
        varsler.append(_("Dagen er en helligdag: %(navn)s.") % {"navn": navn})
    elif dato.weekday() >= 5:
        varsler.append(_("Dagen er en lørdag eller søndag."))
    uke = dato.isocalendar().week
    ferier = {
        "vinter": _("Uke %(uke)s er vinterferie i mange kommuner."),
        "host": _("Uke %(uke)s er høstferie i mange kommuner."),
        "jul": _("Uke %(uke)s er i juleferien."),
        "paaske": _("Uke %(uke)s er i påskeferien."),
        "sommer": _("Uke %(uke)s er i sommerferien."),
    }
    if ferie := "paaske" if _is_easter_week(dato, spraak) else _FERIEUKER.get(uke):
        varsler.append(ferier[ferie] % {"uke": uke})
    return varsler


def _is_easter_week(dato: datetime.date, spraak: str) -> bool:
    """The week before Easter: its Thursday, its Friday and the Monday after are holidays, as no others are."""
    torsdag = dato + datetime.timedelta(days=3 - dato.weekday())
    helligdager = _holidays(torsdag.year, spraak)
    return all(torsdag + datetime.timedelta(days=n) in helligdager for n in (0, 1, 4))


def suggest_next(forrige: datetime.date, *, etter: datetime.date, dager: int = 1) -> datetime.date:
    """The same weekday half a year after `forrige` (or a year, …, when that is not after `etter`), moved
    week by week until nothing speaks against any of the `dager` days."""
    dato = forrige + HALVT_AAR
    while dato <= etter:
        dato += HALVT_AAR
    for n in range(26):
        forslag = dato + n * _UKE
        if not any(warnings_for(forslag + datetime.timedelta(days=d)) for d in range(dager)):
            return forslag
    return dato  # a gathering laid to a weekend: the next will be too
