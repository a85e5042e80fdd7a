"""The worker's heartbeat: a key in Redis that /helse/ reads."""

import contextlib
import threading

import redis
from celery.signals import worker_ready, worker_shutting_down
from django.utils import timezone

from nettverk.mellomlager import klient

HJERTESLAG_NOEKKEL = "nettverk:arbeider-hjerteslag"
HJERTESLAG_HVERT = 5.0
HJERTESLAG_LEVETID = 20

_stopp = threading.Event()


def beat() -> None:
    """One heartbeat. Redis may be away: the next one tries again."""
    with contextlib.suppress(redis.RedisError):  # a missing heartbeat is itself the message
        klient().set(HJERTESLAG_NOEKKEL, timezone.now().isoformat(), ex=HJERTESLAG_LEVETID)


def _beat_steadily() -> None:
    beat()
    while not _stopp.wait(HJERTESLAG_HVERT):
        beat()


@worker_ready.connect
def start_hjerteslag(**kwargs: object) -> None:
    _stopp.clear()
    threading.Thread(target=_beat_steadily, daemon=True, name="hjerteslag").start()


@worker_shutting_down.connect
def stop_hjerteslag(**kwargs: object) -> None:
    _stopp.set()
