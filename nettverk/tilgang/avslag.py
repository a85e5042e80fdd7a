"""Refusals are written down: a person who tries doors that are not theirs is seen.

A few each hour for each one; a machine that tries every address must not fill the log.
"""

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from nettverk.models.person import Person
from nettverk.sikkerhet import grenser
from nettverk.sikkerhet.adresse import client_ip, prefix
from nettverk.sikkerhet.grenser import Grense
from nettverk.sikkerhet.logg import hendelsesslag, record
from nettverk.tilgang.tillatelser import Avslag

AVSLAG = hendelsesslag("nettverk.avslag", _("Nektet tilgang"))
MANGE_AVSLAG = hendelsesslag(
    "nettverk.mange_avslag", _("Svært mange ganger nektet tilgang"), alarm=True
)

_EN_TIME = datetime.timedelta(hours=1)
I_TIMEN = Grense("nettverk.avslag", 20, _EN_TIME)
# What somebody may come to by following old links; past it, it is no accident.
MANGE = Grense("nettverk.avslag_mange", 100, _EN_TIME)
_SAGT = Grense("nettverk.avslag_sagt", 1, _EN_TIME)


def note(request: HttpRequest, feil: Exception | None) -> None:
    """Write down a refusal of somebody signed in, or of an address when nobody is."""
    if not isinstance(feil, PermissionDenied):
        return
    person = request.user if isinstance(request.user, Person) else None
    hvem = person.pk if person else prefix(client_ip(request))
    om: dict[str, Any] = {
        "person": person,
        "request": request,
        "nettverk": getattr(request, "nettverk", None),
    }
    if grenser.take(I_TIMEN, hvem):
        funnet = request.resolver_match
        record(
            AVSLAG,
            **om,
            side=funnet.view_name if funnet else "",
            metode=str(request.method),
            tillatelse=feil.tillatelse if isinstance(feil, Avslag) else "",
        )
    if not grenser.take(MANGE, hvem) and grenser.take(_SAGT, hvem):
        record(MANGE_AVSLAG, **om)
