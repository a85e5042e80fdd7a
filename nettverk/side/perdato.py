"""«Per dato»: every list can be asked as it was on a day, with `?per=2018-01-01`."""

import datetime
import re

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from kommuner.gyldighet import idag
from nettverk.side.utenfra import SENEST, TIDLIGST, one_line

_DATO = forms.DateField(input_formats=["%Y-%m-%d", "%d.%m.%Y"], localize=False)
_AAR = re.compile(r"[0-9]{4}")


def read_per(request: HttpRequest) -> datetime.date:
    """The day the page is asked about: `?per=` as an ISO date, dd.mm.yyyy or a year, else today.

    A year alone is its first day: what holds for a year holds from 1 January.

    A date that does not exist gives today and a message that says so.
    """
    tekst = request.GET.get("per", "").strip()
    if not tekst:
        return idag()
    try:
        dato = _DATO.to_python(f"{tekst}-01-01" if _AAR.fullmatch(tekst) else tekst) or idag()
    except ValidationError:
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
