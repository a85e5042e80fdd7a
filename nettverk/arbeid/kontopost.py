"""Mail about the account – the code, and warnings – is sent by a lane of its own in every worker.

A person stands and waits for the code. So it is not a task: it does not wait for the queue, for 700
invitations or for a long report, and it goes also while Redis is away. Two threads beside the worker's
heartbeat look for letters that belong to no network, and send them with the same claim and the same
care as all others (`utsending`).
"""

import logging
import threading
from datetime import datetime, timedelta

from celery.signals import celeryd_after_setup, worker_shutdown, worker_shutting_down
from django.conf import settings
from django.db import close_old_connections, connection
from django.db.models import Q
from django.utils import timezone

from nettverk.arbeid import utsending
from nettverk.models.brev import Brev, BrevQuerySet

logger = logging.getLogger(__name__)

_BAND = 2  # one letter that a server is slow to take must not stop all others
_SER_ETTER = 1.0  # seconds between two looks
_LENGSTE_PAUSE = 30.0  # seconds between two tries while the mail server is away
_MAKS_FORSOK = 4  # of a letter that a server asks us to wait with
_VENT = timedelta(minutes=1)
_GIR_OPP = timedelta(days=1)  # a warning; the code is given up when it has run out

Tilstand, Grunn = Brev.Tilstand, Brev.Grunn


def letters() -> BrevQuerySet:
    return Brev.objects.filter(nettverk=None)


def late() -> BrevQuerySet:
    """Those that should have gone long ago, and those of the last quarter that a server refused for
    our sake: what the health page tells."""
    naa = timezone.now()
    return letters().filter(
        Q(tilstand=Tilstand.VENTER, opprettet__lt=naa - timedelta(minutes=1))
        | Q(
            tilstand=Tilstand.FEILET,
            grunn__in=[Grunn.INNHOLD, Grunn.FORSENT],
            opprettet__gt=naa - timedelta(minutes=15),
        )
    )


def send_waiting() -> None:
    """One look: give up what is too late, and send what waits. Raises UtenKontakt when the mail
    server is away."""
    naa = timezone.now()
    _give_up(naa)
    if letters().claimable().exists():
        utsending.send_waiting(letters())


def _give_up(naa: datetime) -> None:
    utsending.give_up_abandoned(letters().abandoned())
    for_sent = Q(hemmelig=True, opprettet__lt=naa - settings.KODE_VARER) | Q(
        opprettet__lt=naa - _GIR_OPP
    )
    ventet = letters().filter(
        Q(tilstand=Tilstand.VENTER) | Q(tilstand=Tilstand.FEILET, grunn=Grunn.MIDLERTIDIG)
    )
    ventet.filter(for_sent).end(Tilstand.FEILET, grunn=Grunn.FORSENT)
    for forsok in range(1, _MAKS_FORSOK):
        letters().filter(
            tilstand=Tilstand.FEILET,
            grunn=Grunn.MIDLERTIDIG,
            forsok=forsok,
            opprettet__lt=naa - forsok * _VENT,
        ).update(tilstand=Tilstand.VENTER, grunn="")


# --- the lane


_stopp = threading.Event()
_traader: list[threading.Thread] = []


def _look_steadily() -> None:
    pause = _SER_ETTER
    while not _stopp.wait(pause):
        try:
            close_old_connections()
            send_waiting()
            pause = _SER_ETTER
        except utsending.UtenKontakt:
            pause = min(2 * pause, _LENGSTE_PAUSE)
        except Exception:  # the database may be away; the lane must live
            logger.exception("Post om kontoen ble ikke sendt")
            pause = min(2 * pause, _LENGSTE_PAUSE)
    connection.close()


@celeryd_after_setup.connect
def start_kontopost(**kwargs: object) -> None:
    """Before the worker has met the queue, which may be away."""
    _stopp.clear()
    for nummer in range(_BAND):
        traad = threading.Thread(target=_look_steadily, daemon=True, name=f"kontopost-{nummer}")
        traad.start()
        _traader.append(traad)


@worker_shutting_down.connect
def stop_kontopost(**kwargs: object) -> None:
    _stopp.set()


@worker_shutdown.connect
def finish_kontopost(**kwargs: object) -> None:
    """A letter that is on its way is told of before the worker ends."""
    while _traader:
        _traader.pop().join(timeout=settings.EMAIL_TIMEOUT)
