"""What is sent by a code from one place: a whole hall may sit behind one address, and so may a machine that fills it."""

import datetime

from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from nettverk.sikkerhet import grenser
from nettverk.sikkerhet.adresse import client_ip
from nettverk.sikkerhet.grenser import Grense

FRA_ETT_STED = Grense("fra_ett_sted", 5_000, datetime.timedelta(minutes=10))
# Said at a plain form; what a page keeps, is only sent later.
FOR_MYE = _("Det kommer for mye på en gang herfra. Prøv igjen om litt.")


def give_room_back(request: HttpRequest, hva: Model, antall: int = 1) -> None:
    """What was counted, and could not be looked at just then."""
    grenser.give_back(
        FRA_ETT_STED, hva._meta.label_lower, hva.pk, client_ip(request), antall=antall
    )


def has_room(request: HttpRequest, hva: Model, antall: int = 1) -> bool:
    """Count what an address sends to the thing that the code opens; False when it is more than a hall writes. A page
    that keeps what it could not send, sends it later."""
    return grenser.take(
        FRA_ETT_STED, hva._meta.label_lower, hva.pk, client_ip(request), antall=antall
    )
