"""Two people who press at the same moment: each act in a thread with a connection of its own."""

import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.db.models import Model


def at_once(
    *acts: Callable[[], Any], holding: Model | None = None, waiting: int | None = None
) -> list[Any]:
    """Do them together; answers what each returned or raised, in the order of `acts`.

    With `holding`, that row is held until all of them (`waiting`: so many of them) stand and wait for it, or for one
    who does: what each has read by then, it read before any of them wrote. So the test does not hang on who is quickest. Needs a test marked
    `django_db(transaction=True)`, so that they see what is saved.
    """
    svar: list[Any] = [None] * len(acts)
    start = threading.Barrier(len(acts))

    def do(nummer: int, act: Callable[[], Any]) -> None:
        try:
            start.wait(timeout=10)
            svar[nummer] = act()
        except Exception as feil:
            svar[nummer] = feil
        finally:
            connection.close()

    traader = [threading.Thread(target=do, args=par) for par in enumerate(acts)]
    try:
        with transaction.atomic():
            if holding is not None:
                type(holding)._default_manager.select_for_update().get(pk=holding.pk)
            for traad in traader:
                traad.start()
            if holding is not None:
                _wait_until(len(acts) if waiting is None else waiting)
    finally:
        for traad in traader:
            traad.join(timeout=30)
    return svar


def _wait_until(antall: int, or_until: Callable[[], bool] = bool) -> None:
    """Until so many stand and wait for a lock in this database."""
    slutt = time.monotonic() + 10
    while time.monotonic() < slutt:
        with connection.cursor() as cursor:
            # Within a transaction PostgreSQL shows the same picture again until told otherwise.
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            (venter,) = cursor.fetchone()
        if venter >= antall or or_until():
            return
        time.sleep(0.02)
    raise AssertionError(f"Bare {venter} av {antall} venter på raden.")


def kinds(svar: list[Any]) -> list[str]:
    """«ok», or the name of what was raised; sorted, for nobody knows who came first."""
    return sorted(type(s).__name__ if isinstance(s, Exception) else "ok" for s in svar)


def between(first: Callable[[], Any], then: Callable[[], Any]) -> Any:
    """Do `first`, and `then` in another thread before it is saved: what `then` reads first, still stands, and what
    it goes on to write, does not. Answers what `then` returned. As `at_once`, needs `transaction=True`.

    The first is saved when the other stands and waits for it, or has answered.
    """
    svar: list[Any] = []

    def do() -> None:
        try:
            svar.append(then())
        except Exception as feil:
            svar.append(feil)
        finally:
            connection.close()

    traad = threading.Thread(target=do)
    try:
        with transaction.atomic():
            first()
            traad.start()
            _wait_until(1, or_until=lambda: bool(svar))
    finally:
        traad.join(timeout=30)
    return svar[0]
