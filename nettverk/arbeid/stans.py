"""Whether this worker is about to stop: long work of many small pieces ends between two of them."""

import multiprocessing
from typing import Any

from celery.signals import worker_shutting_down

# The pool's processes are forked from the one that is told to stop, and share this with it.
_stanser = multiprocessing.get_context("fork").Event()


@worker_shutting_down.connect
def _told(**_kwargs: Any) -> None:
    _stanser.set()


def stanser() -> bool:
    return _stanser.is_set()
