"""Middleware: the language of the page, and whose change the database's history tells of."""

from collections.abc import Callable

import pghistory
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django_htmx.http import HttpResponseClientRefresh
from django_htmx.middleware import HtmxDetails

from nettverk.models.nettverk import Nettverk

_SPRAAK = frozenset(kode for kode, _navn in settings.LANGUAGES)
_PAA_VEI_INN = ("/konto/", "/admin/", "/demo/")
_ENDRER = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def choose_spraak(request: HttpRequest, nettverk: Nettverk | None = None) -> None:
    """Activate the language: the person's own choice, then the cookie, then the network's målform.

    Outside the networks' pages a signed-in person keeps the målform of the network they came from.
    Without any of them the browser's wish stands, as LocaleMiddleware read it.
    """
    valg = getattr(request.user, "spraak", "") if request.user.is_authenticated else ""
    valg = valg or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if valg not in _SPRAAK:
        valg = _maalform(request, nettverk)
    if valg:
        translation.activate(valg)
        request.LANGUAGE_CODE = valg


def _maalform(request: HttpRequest, nettverk: Nettverk | None) -> str:
    if not request.user.is_authenticated:
        return nettverk.maalform if nettverk else ""
    if nettverk and request.session.get("maalform") != nettverk.maalform:
        request.session["maalform"] = nettverk.maalform
    return request.session.get("maalform", "")


class SpraakMiddleware:
    """The person's language also outside the networks' pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        choose_spraak(request)
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


class HtmxInnloggingMiddleware:
    """Signed out while a page is open: the whole page goes to sign-in, not a piece of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        svar = self.get_response(request)
        til = svar.headers.get("Location", "")
        if (
            HtmxDetails(request)
            and svar.status_code == 302
            and til.startswith(reverse("account_login"))
        ):
            return HttpResponseClientRefresh()
        return svar


class IkkeLagresMiddleware:
    """What is shown to somebody who is signed in, or on the way in, is kept by no browser and no proxy.

    On a shared machine the back button and the disk would show it to the next person. A view that has said
    more itself is left alone; so are the public pages for those who are not signed in, and static files,
    which never come here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        svar = self.get_response(request)
        # The person as the page already found them: asking here could fail where the page did not.
        person = getattr(request, "_cached_user", None)
        if (
            (person is not None and person.is_authenticated)
            or request.path.startswith(_PAA_VEI_INN)
            or settings.SESSION_COOKIE_NAME in svar.cookies
        ) and "no-store" not in svar.headers.get("Cache-Control", ""):
            svar.headers["Cache-Control"] = "private, no-store"
        return svar
