"""How long a session lives: not when nobody uses it, and never for ever (docs/valg/okten-tar-slutt.md).

Two times lie in the session itself, and reading them costs no query: when the person signed in, and when
they were last here. The last is written at most every ten minutes.
"""

import datetime
import time
from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout, user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from nettverk.models.person import Person

_INNLOGGET = "innlogget"
_SIST_BRUKT = "sist_brukt"
_RETTIGHETER = "rettigheter"
# Why the session ended, for the sign-in page: «ledig» or «lenge».
UTLOGGET_FORDI = "utlogget_fordi"
_SKRIVES_HVERT = 600.0


def signed_in_at(request: HttpRequest) -> float:
    """When the person signed in, in seconds; 0 when it is not known."""
    return float(request.session.get(_INNLOGGET, 0))


def note_rights(request: HttpRequest) -> None:
    """This session belongs to somebody with rights over others: it is left open for a shorter time."""
    if not request.session.get(_RETTIGHETER):
        request.session[_RETTIGHETER] = True


def idle_limit(request: HttpRequest) -> datetime.timedelta:
    """How long the session may lie unused."""
    if request.user.is_staff or request.user.is_superuser:
        return settings.OKT_LEDIG_ADMINISTRATOR
    if request.session.get(_RETTIGHETER):
        return settings.OKT_LEDIG_RETTIGHETER
    return settings.OKT_LEDIG


@receiver(user_logged_in)
def begin(request: HttpRequest, **kwargs: Any) -> None:
    """The person has just signed in, in whatever way."""
    request.session[_INNLOGGET] = request.session[_SIST_BRUKT] = time.time()
    request.session.pop(UTLOGGET_FORDI, None)
    request.session.pop(_RETTIGHETER, None)


class OktMiddleware:
    """Ends the session that has lain unused, or has lasted too long, and says so on the sign-in page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            _end_or_note(request)
        return self.get_response(request)


def _end_or_note(request: HttpRequest) -> None:
    naa = time.time()
    sist = request.session.get(_SIST_BRUKT)
    if sist is None:
        # From before these times were kept: it begins now, and is not fresh.
        request.session[_SIST_BRUKT] = naa
        request.session[_INNLOGGET] = naa - settings.FERSK_INNLOGGING.total_seconds()
    elif naa - sist > idle_limit(request).total_seconds():
        _end(request, "ledig")
    elif naa - signed_in_at(request) > settings.SESSION_COOKIE_AGE:
        _end(request, "lenge")
    elif naa - sist > _SKRIVES_HVERT:
        request.session[_SIST_BRUKT] = naa


def _end(request: HttpRequest, hvorfor: str) -> None:
    UserSession.objects.filter(session_key=request.session.session_key).delete()
    logout(request)
    request.session[UTLOGGET_FORDI] = hvorfor


def end_all(person: Person) -> None:
    """Sign the person out everywhere."""
    for okt in UserSession.objects.filter(user=person):
        okt.end()
