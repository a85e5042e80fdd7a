"""Codes that nobody has: the guesses of one address are counted together, whichever page they are tried on."""

import datetime

from django.http import HttpRequest

from nettverk.sikkerhet import grenser
from nettverk.sikkerhet.adresse import client_ip
from nettverk.sikkerhet.grenser import Grense

FEIL_KODER = Grense("feil_koder", 40, datetime.timedelta(minutes=10))


def note_wrong(request: HttpRequest) -> int:
    """Count a code that opened nothing; the status to answer with. A whole hall may sit behind one address: only
    wrong codes are counted against it, and too many of them close the door to nobody who has a right one."""
    return 404 if grenser.take(FEIL_KODER, client_ip(request)) else 429
