"""Middleware: the language of the page, and whose change the database's history tells of."""

from collections.abc import Callable

import pghistory
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from nettverk.models.nettverk import Nettverk

_SPRAAK = frozenset(kode for kode, _navn in settings.LANGUAGES)
_ENDRER = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def velg_spraak(request: HttpRequest, nettverk: Nettverk | None = None) -> None:
    """Activate the language: the person's own choice, then the cookie, then the network's målform.

    Without any of them the browser's wish stands, as LocaleMiddleware read it.
    """
    valg = getattr(request.user, "spraak", "") if request.user.is_authenticated else ""
    valg = valg or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if valg not in _SPRAAK:
        valg = nettverk.maalform if nettverk else ""
    if valg:
        translation.activate(valg)
        request.LANGUAGE_CODE = valg


class SpraakMiddleware:
    """The person's language also outside the networks' pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        velg_spraak(request)
        return self.get_response(request)


class HistorieMiddleware:
    """Writes who and where on every change of a request (django-pghistory's context)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in _ENDRER:
            return self.get_response(request)
        person = request.user.pk if request.user.is_authenticated else None
        with pghistory.context(user=person, url=request.path):
            return self.get_response(request)
