"""A form that was sent in, and waits while the person confirms who they are. Nothing written is lost.

What was sent lies in the person's own session. When they have confirmed and come back to the very
address, it is done there as if it had been sent just now: the answer stands where the form stood.

It is done once, however many pages ask at the same moment: each has a number that is taken in PostgreSQL
before it is done. The session alone cannot tell, for each request has its own copy of it.
"""

import datetime
import secrets
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from nettverk.sikkerhet import grenser
from nettverk.sikkerhet.grenser import Grense

_NOEKKEL = "utsatt"
# From the person has confirmed until they are back: one redirect.
_GJELDER = 120.0
# Remembered longer than a session that a slow request saved again can bring it back.
_GJORT = Grense("nettverk.utsatt", 1, datetime.timedelta(days=1))


def keep(request: HttpRequest) -> None:
    """Keep what was sent in, instead of what was kept before. Files cannot be kept: then nothing is."""
    drop(request)
    if request.method == "POST" and not request.FILES:
        request.session[_NOEKKEL] = {
            "sti": request.get_full_path(),
            "data": request.POST.urlencode(),
            "klar": 0,
            "nummer": secrets.token_hex(16),
        }


def drop(request: HttpRequest) -> None:
    """Forget it: the person does something else."""
    request.session.pop(_NOEKKEL, None)


def release(request: HttpRequest, sti: str) -> None:
    """The person has confirmed, on their way back to `sti`: what waits for that address may be done."""
    utsatt = request.session.get(_NOEKKEL)
    if utsatt and utsatt["sti"] == sti:
        request.session[_NOEKKEL] = {**utsatt, "klar": time.time()}


def by_way_of(request: HttpRequest, side: str, videre: str) -> HttpResponse:
    """To a page that asks for something, which then leads on to `videre`. The whole page goes there, also
    when htmx asked for a piece of it."""
    til = f"{side}?{urlencode({'next': videre})}"
    return HttpResponseClientRedirect(til) if HtmxDetails(request) else HttpResponseRedirect(til)


class UtsattMiddleware:
    """Back at the address: the form is sent in, with what was written."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "GET" and request.user.is_authenticated:
            _resume(request)
        return self.get_response(request)


def _resume(request: HttpRequest) -> None:
    utsatt = request.session.get(_NOEKKEL)
    if not utsatt or not utsatt["klar"] or utsatt["sti"] != request.get_full_path():
        return
    drop(request)
    if time.time() - utsatt["klar"] > _GJELDER or not grenser.take(_GJORT, utsatt["nummer"]):
        return
    request.method = request.META["REQUEST_METHOD"] = "POST"
    request.POST = QueryDict(utsatt["data"])
    request._files = MultiValueDict()  # type: ignore[attr-defined]
    # It was checked when it was kept. Its token may be from before, and only the person's own session
    # can hold it.
    request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
