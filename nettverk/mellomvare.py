"""Middleware: health, the page while the database is away, the language of the page, and whose change
the database's history tells of."""

import re
import sys
from collections.abc import Callable
from typing import Any

import pghistory
import psycopg
from django.conf import settings
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django_htmx.http import HttpResponseClientRefresh
from django_htmx.middleware import HtmxDetails

from nettverk.filer.lager import LagerBorte
from nettverk.models.nettverk import Nettverk
from nettverk.views.helse import helse, helse_web

SPRAAK = frozenset(kode for kode, _navn in settings.LANGUAGES)
_I_NETTVERK = re.compile(r"/([-a-z0-9_]+)/")
_PAA_VEI_INN = ("/konto/", "/admin/", "/demo/")
_ENDRER = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def choose_spraak(request: HttpRequest, nettverk: Nettverk | None = None) -> None:
    """Activate the language: the person's own choice, then the cookie, then the network's målform.

    Outside the networks' pages a signed-in person keeps the målform of the network they came from; who is on
    the way to a network's page to sign in, has the network's already.
    Without any of them the browser's wish stands, as LocaleMiddleware read it.
    """
    valg = getattr(request.user, "spraak", "") if request.user.is_authenticated else ""
    valg = valg or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if valg not in SPRAAK:
        valg = _maalform(request, nettverk)
    if valg:
        translation.activate(valg)
        request.LANGUAGE_CODE = valg


def _maalform(request: HttpRequest, nettverk: Nettverk | None) -> str:
    if not request.user.is_authenticated:
        nettverk = nettverk or _on_the_way_to(request)
        return nettverk.maalform if nettverk else ""
    if nettverk and request.session.get("maalform") != nettverk.maalform:
        request.session["maalform"] = nettverk.maalform
    return request.session.get("maalform", "")


def _on_the_way_to(request: HttpRequest) -> Nettverk | None:
    """The network of the page that signing in leads to (`?next=/<slug>/…`). One query there, none elsewhere."""
    if not request.path.startswith("/konto/"):
        return None
    treff = _I_NETTVERK.match(request.GET.get("next") or request.POST.get("next") or "")
    return Nettverk.objects.filter(slug=treff[1]).first() if treff else None


class HelseMiddleware:
    """Answers about health first of all: whoever asks, and whatever is away."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.svar = {reverse("helse"): helse, reverse("helse_web"): helse_web}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.svar.get(request.path_info, self.get_response)(request)


class PakkMiddleware(GZipMiddleware):
    """Packs pages, never files. A packed file has no length, and one that breaks off half-way would look whole;
    pictures and PDFs become no smaller either."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if isinstance(response, FileResponse):
            return response
        return super().process_response(request, response)


class BorteMiddleware:
    """Every page while the database is away, and what is to be fetched while the files are: a plain one that
    says so, instead of an error of ours."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        got_request_exception.connect(_note_missing, dispatch_uid="noe-er-borte")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        svar = self.get_response(request)
        borte = getattr(request, "borte", "")
        if svar.status_code == 500 and borte:
            # The same answer with its headers, but another page.
            svar.status_code = 503
            svar.reason_phrase = "Service Unavailable"
            svar.content = render_to_string("503.html", {"borte": borte}).encode()
            svar.headers["Content-Type"] = "text/html; charset=utf-8"
            # Set for the page that this one replaces; a reader would wait for what never comes.
            svar.headers["Content-Length"] = str(len(svar.content))
            svar.headers["Retry-After"] = "10"
            svar.headers["Cache-Control"] = "no-store"
        return svar


def _note_missing(request: HttpRequest | None = None, **kwargs: Any) -> None:
    feil = sys.exception()
    if request is not None and isinstance(feil, LagerBorte):
        request.borte = "lager"  # type: ignore[attr-defined]
    elif request is not None and _is_away(feil):
        request.borte = "database"  # type: ignore[attr-defined]


def _is_away(feil: BaseException | None) -> bool:
    """Whether this came of a database that did not answer; a deadlock or a full disk is another thing."""
    while feil is not None:
        if isinstance(feil, OperationalError | InterfaceError):
            aarsak = feil.__cause__
            kode = aarsak.sqlstate if isinstance(aarsak, psycopg.Error) else None
            # 08 connection, 53300 too many of them, 57P01-57P03 shutting down or starting up
            return kode is None or kode.startswith(("08", "57P")) or kode == "53300"
        feil = feil.__cause__ or feil.__context__
    return False


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
