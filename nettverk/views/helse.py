"""Readiness for the proxy and for people on call: database, broker, worker, storage, mail.

Answered before sessions, languages and all else (`nettverk.mellomvare.HelseMiddleware`), so that it
always answers, and fast: each part is asked in a thread of its own, and one that hangs is not waited for.
"""

import threading
import time
import uuid
from collections.abc import Callable, Iterable

from django.contrib.auth.decorators import login_not_required
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from nettverk.arbeid import kontopost
from nettverk.mellomlager import klient
from nettverk.models.brev import Brev
from nettverk.signaler import HJERTESLAG_NOEKKEL

FRIST = 3.0  # seconds for all of the parts together


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _koe() -> None:
    klient().ping()


def _arbeider() -> None:
    if not klient().exists(HJERTESLAG_NOEKKEL):
        raise RuntimeError("no heartbeat")


def _lager() -> None:
    navn = default_storage.save(f"helse/{uuid.uuid4()}", ContentFile(b"ok"))
    default_storage.delete(navn)


def _kontopost() -> None:
    """People stand and wait for their codes."""
    if kontopost.late().exists():
        raise RuntimeError("account letters wait")


def _brev() -> None:
    if Brev.objects.stuck():
        raise RuntimeError("letters wait, and none goes")


DELER: dict[str, Callable[[], None]] = {
    "database": _database,
    "koe": _koe,
    "arbeider": _arbeider,
    "lager": _lager,
    "kontopost": _kontopost,
    "brev": _brev,
}
# What a web server itself needs. Docker asks for these: a web container is no better for being
# started again because the worker, the queue, or a store that all of them share, is away.
WEB = ("database", "lager")
WEB_MED_FELLES_LAGER = ("database",)


@login_not_required
@never_cache
@require_safe
def helse(request: HttpRequest) -> JsonResponse:
    """200 when every part works; 503 that names the ones that do not."""
    return _answer(DELER)


@login_not_required
@never_cache
@require_safe
def helse_web(request: HttpRequest) -> JsonResponse:
    """The same for what the web server needs."""
    felles = bool(getattr(default_storage, "bucket_name", ""))
    return _answer(WEB_MED_FELLES_LAGER if felles else WEB)


def _answer(navn: Iterable[str]) -> JsonResponse:
    slutt = time.monotonic() + FRIST
    proever = [_ask(ett) for ett in navn]
    deler = {en.del_: en.answer(slutt) for en in proever}
    mangler = [ett for ett, svar in deler.items() if svar != "ok"]
    return JsonResponse(
        {"status": "ok" if not mangler else "feil", **deler, "mangler": mangler},
        status=503 if mangler else 200,
        headers={"X-Content-Type-Options": "nosniff"},
    )


class _Proeve(threading.Thread):
    """One part being asked."""

    def __init__(self, del_: str) -> None:
        super().__init__(daemon=True, name=f"helse-{del_}")
        self.del_ = del_
        self.svar = "feil"

    def run(self) -> None:
        try:
            DELER[self.del_]()
            self.svar = "ok"
        except Exception:
            self.svar = "feil"
        finally:
            connection.close()

    def answer(self, slutt: float) -> str:
        self.join(max(slutt - time.monotonic(), 0))
        return "feil" if self.is_alive() else self.svar


_i_gang: dict[str, _Proeve] = {}
_laas = threading.Lock()


def _ask(del_: str) -> _Proeve:
    """A question that still hangs is not asked once more, or the threads would pile up."""
    with _laas:
        proeve = _i_gang.get(del_)
        if proeve is None or not proeve.is_alive():
            proeve = _i_gang[del_] = _Proeve(del_)
            proeve.start()
    return proeve
