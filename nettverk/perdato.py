"""«Per dato»: every list can be asked as it was on a day, with `?per=2018-01-01`."""

import datetime

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from kommuner.gyldighet import idag


def les_per(request: HttpRequest) -> datetime.date:
    """The day the page is asked about: `?per=` as an ISO date or dd.mm.yyyy, else today.

    A date that does not exist gives today and a message that says so.
    """
    tekst = request.GET.get("per", "").strip()
    if not tekst:
        return idag()
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.datetime.strptime(tekst, form).date()
        except ValueError:
            continue
    messages.warning(
        request,
        _("«%(dato)s» er ikke en dato. Siden viser i dag. Skriv for eksempel 01.01.2018.")
        % {"dato": tekst[:20]},
    )
    return idag()
