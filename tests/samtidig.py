"""Two people who press at the same moment: each act in a thread with a connection of its own."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Do them together; answers what each returned or raised, in the order of `acts`.

    Needs a test marked `django_db(transaction=True)`, so that they see what is saved.
    """
    start = threading.Barrier(len(acts))
    svar: list[Any] = [None] * len(acts)

    def do(nummer: int, act: Callable[[], Any]) -> None:
        try:
            start.wait(timeout=10)
            svar[nummer] = act()
        except Exception as feil:
            svar[nummer] = feil
        finally:
            connection.close()

    traader = [threading.Thread(target=do, args=par) for par in enumerate(acts)]
    for traad in traader:
        traad.start()
    for traad in traader:
        traad.join(timeout=30)
    return svar


def kinds(svar: list[Any]) -> list[str]:
    """«ok», or the name of what was raised; sorted, for nobody knows who came first."""
    return sorted(type(s).__name__ if isinstance(s, Exception) else "ok" for s in svar)
