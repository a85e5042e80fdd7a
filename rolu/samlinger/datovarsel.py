"""Soft warnings about a day: public holidays, weekends, and the weeks when schools are on holiday."""

import datetime
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

# Autumn and winter break differ between the counties; the weeks below are the usual ones.
_FERIEUKER = {8: "vinter", 9: "vinter", 40: "host", 52: "jul"}


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
    }
    if ferie := _FERIEUKER.get(uke):
        varsler.append(ferier[ferie] % {"uke": uke})
    return varsler
