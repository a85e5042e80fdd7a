"""«Per dato»: every list can be asked as it was on a day, with `?per=2018-01-01`."""

import datetime
import re

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from kommuner.gyldighet import idag
from nettverk.side.dato import read_date
from nettverk.side.utenfra import SENEST, TIDLIGST, one_line

_AAR = re.compile(r"[0-9]{4}")


def read_per(request: HttpRequest) -> datetime.date:
    """The day the page is asked about: `?per=` as a date, however it is written, or a year, else today.

    A year alone is its first day: what holds for a year holds from 1 January.

    A date that does not exist gives today and a message that says so.
    """
    tekst = request.GET.get("per", "").strip()
    if not tekst:
        return idag()
    dato: datetime.date | None
    try:
        dato = read_date(f"{tekst}-01-01" if _AAR.fullmatch(tekst) else tekst)
    except ValueError:
        dato = None
    if dato and TIDLIGST <= dato <= SENEST:
        return dato
    messages.warning(
        request,
        _(
            "«%(dato)s» er ikke en dato. Siden viser hvordan det er i dag. Skriv for eksempel 01.01.2018."
        )
        % {"dato": one_line(tekst)[:20]},
    )
    return idag()
