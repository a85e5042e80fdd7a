"""The administration stands behind a second factor, always, and a fresh sign-in before anything is changed.

There one may give anybody any right and change anybody's address, so a code by e-mail is never enough.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from nettverk.sikkerhet.fersk import ask, is_fersk
from nettverk.sikkerhet.tosteg import is_strong, lead
from nettverk.tilgang.sider import View


def administratorside(view: View) -> View:
    """Decorate a page of the installation's own, for the administrator alone and behind the same door."""

    @wraps(view)
    def side(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not (request.user.is_authenticated and request.user.is_superuser):
            raise PermissionDenied
        if not is_strong(request):
            return lead(request)
        return view(request, *args, **kwargs)

    return side


# Pages that only show. All others change something, or show the form that does.
_VISER = ("index", "app_list", "_changelist", "_history", "jsi18n", "autocomplete")


def guarded(admin_view: Callable[..., View]) -> Callable[..., View]:
    """`AdminSite.admin_view`, for those who have shown more than a code by e-mail."""

    def guard(view: View, cacheable: bool = False) -> View:
        indre = admin_view(view, cacheable)

        @wraps(indre)
        def side(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.user.is_authenticated and request.user.is_staff:
                if not is_strong(request):
                    return lead(request)
                if _changes(request) and not is_fersk(request):
                    return ask(request)
            return indre(request, *args, **kwargs)

        return side

    return guard


def _changes(request: HttpRequest) -> bool:
    navn = (request.resolver_match and request.resolver_match.url_name) or ""
    return request.method == "POST" or not navn.endswith(_VISER)
