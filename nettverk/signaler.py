"""The worker's heartbeat: a key in Redis that /helse/ reads; and the clock's, for whoever checks the operation."""

import contextlib
import threading

import redis
from celery.signals import beat_init, worker_ready, worker_shutting_down
from django.utils import timezone

from nettverk.mellomlager import klient

HJERTESLAG_NOEKKEL = "nettverk:arbeider-hjerteslag"
KLOKKESLAG_NOEKKEL = "nettverk:klokke-hjerteslag"
HJERTESLAG_HVERT = 5.0
HJERTESLAG_LEVETID = 20

_stopp = threading.Event()


def beat(noekkel: str = HJERTESLAG_NOEKKEL) -> None:
    """One heartbeat. Redis may be away: the next one tries again."""
    with contextlib.suppress(redis.RedisError):  # a missing heartbeat is itself the message
        klient().set(noekkel, timezone.now().isoformat(), ex=HJERTESLAG_LEVETID)


def _beat_steadily(noekkel: str = HJERTESLAG_NOEKKEL) -> None:
    beat(noekkel)
    while not _stopp.wait(HJERTESLAG_HVERT):
        beat(noekkel)


@worker_ready.connect
def start_hjerteslag(**kwargs: object) -> None:
    _stopp.clear()
    threading.Thread(target=_beat_steadily, daemon=True, name="hjerteslag").start()


@worker_shutting_down.connect
def stop_hjerteslag(**kwargs: object) -> None:
    _stopp.set()


@beat_init.connect
def start_klokkeslag(**kwargs: object) -> None:
    threading.Thread(
        target=_beat_steadily, args=(KLOKKESLAG_NOEKKEL,), daemon=True, name="klokkeslag"
    ).start()
