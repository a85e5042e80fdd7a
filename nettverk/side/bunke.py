"""What a page kept in the browser while there was no network, and sends when there is: rows with keys of their own,
answered key by key (static/js/sendeko.js).

The same rows again get the same answer, so that what is sent twice counts once: the key is made where it was written.
"""

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

MAKS_RADER = 50


def read_rows(request: HttpRequest) -> list[dict[str, str]] | None:
    """The rows as a form reads them, at most `MAKS_RADER`; None when it is no such list. What is no row is {}."""
    try:
        rader = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(rader, list) or not 0 < len(rader) <= MAKS_RADER:
        return None
    return [_as_text(rad) for rad in rader]


def _as_text(rad: Any) -> dict[str, str]:
    if not isinstance(rad, dict):
        return {}
    return {
        # Half of a pair is no letter, and a form's own texts have none.
        str(felt): str(verdi).encode(errors="ignore").decode()
        for felt, verdi in rad.items()
        if isinstance(verdi, str | int) and not isinstance(verdi, bool)
    }


def key_of(rad: Mapping[str, str]) -> str:
    """The key a row that could not be read is answered under."""
    return rad.get("id", "")[:40]


def no_rows() -> JsonResponse:
    """The answer to what `read_rows` could not read."""
    return no_store({"feil": _("Det som ble sendt, kunne ikke brukes.")}, status=422)


def answered(svar: Mapping[str, str], **mer: Any) -> JsonResponse:
    """For each key "" when the row is taken, else why it was not."""
    return no_store({"svar": dict(svar), **mer})


def no_store(data: dict[str, Any], status: int = 200) -> JsonResponse:
    """JSON that no cache keeps."""
    return JsonResponse(data, status=status, headers={"Cache-Control": "private, no-store"})
