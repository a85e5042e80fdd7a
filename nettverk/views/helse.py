"""Readiness for the proxy and for people on call: database, broker, worker, storage."""

import uuid
from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from nettverk.arbeid import kontopost
from nettverk.mellomlager import klient
from nettverk.signaler import HJERTESLAG_NOEKKEL


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


DELER: dict[str, Callable[[], None]] = {
    "database": _database,
    "koe": _koe,
    "arbeider": _arbeider,
    "lager": _lager,
    "kontopost": _kontopost,
}


def _svarer(proev: Callable[[], None]) -> bool:
    try:
        proev()
    except Exception:
        return False
    return True


@login_not_required
@never_cache
@require_safe
def helse(request: HttpRequest) -> JsonResponse:
    """200 when every part works; 503 that names the ones that do not."""
    deler = {navn: "ok" if _svarer(proev) else "feil" for navn, proev in DELER.items()}
    mangler = [navn for navn, svar in deler.items() if svar != "ok"]
    return JsonResponse(
        {"status": "ok" if not mangler else "feil", **deler, "mangler": mangler},
        status=503 if mangler else 200,
    )
