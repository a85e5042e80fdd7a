"""A fresh sign-in before what somebody with a borrowed machine must not do: change who has rights, approve,
take out lists of people, close an account.

Who signed in within the last fifteen minutes is never asked. Others confirm with what they have: a
passkey, an app, a password – or, with none of these, a code by e-mail.
"""

import time
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.signals import authentication_step_completed
from django.conf import settings
from django.contrib import messages
from django.dispatch import receiver
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_htmx.middleware import HtmxDetails

from nettverk.models.person import Person
from nettverk.side.utenfra import own_path
from nettverk.sikkerhet import utsatt
from nettverk.sikkerhet.logg import hendelsesslag, record
from nettverk.sikkerhet.okt import signed_in_at
from nettverk.sikkerhet.tosteg import has_noekkel, is_strong
from nettverk.tilgang.sider import View

FERSK = hendelsesslag("nettverk.fersk_innlogging", gettext_lazy("Bekreftet innloggingen på nytt"))


# In the session while a file waits for its confirmation.
_FIL_VENTER = "fil_venter"


def is_fersk(request: HttpRequest) -> bool:
    """Whether the person has shown who they are within the last fifteen minutes."""
    bekreftet = [
        svar["at"]
        for svar in get_authentication_records(request, request.user)
        if svar.get("reauthenticated")
    ]
    sist = max([signed_in_at(request), *bekreftet])
    return time.time() - sist < settings.FERSK_INNLOGGING.total_seconds()


def fersk_innlogging(view: View) -> View:
    """Decorate a view whose act needs a fresh sign-in. Stands inside `nettverksside`, outside the methods.

    Asked when the form is opened; again when it is sent in too late, and then what was written is kept
    and done when the person has confirmed. Not for forms with files: those cannot be kept.
    """

    @wraps(view)
    def side(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs) if is_fersk(request) else ask(request)

    return side


def fersk_for_fil(view: View) -> View:
    """The same for a file with people in it: afterwards one is back where the button was, and presses again.

    Straight to the file would leave the browser standing on the page that asked.
    """

    @wraps(view)
    def side(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if is_fersk(request):
            return view(request, *args, **kwargs)
        request.session[_FIL_VENTER] = True
        return ask(request, videre=_came_from(request))

    return side


def noekkel_vist(view: View) -> View:
    """Decorate a view where keys are made, changed and removed: who has a key shows it first.

    A code by e-mail or a password, however fresh, lets nobody make a key beside it or remove it.
    """

    @wraps(view)
    def side(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        person = request.user
        if person.is_authenticated and not is_strong(request) and has_noekkel(person):
            return ask(request)
        return view(request, *args, **kwargs)

    return side


def ask(request: HttpRequest, *, videre: str = "") -> HttpResponseBase:
    """To the page that asks, and then on to `videre`: to where this request was going when not said."""
    utsatt.drop(request)
    if not videre:
        request.session.pop(_FIL_VENTER, None)
        utsatt.keep(request)
        videre = _shown(request)
    return utsatt.by_way_of(request, reauthentication_url(request), videre)


@receiver(authentication_step_completed)
def confirmed(
    request: HttpRequest, user: Person, method: str, reauthenticated: bool = False, **mer: Any
) -> None:
    """They have confirmed: what waits may be done when they are back."""
    if not reauthenticated or mer.get("ny"):
        return
    utsatt.release(request, request.POST.get("next") or request.GET.get("next", ""))
    if request.session.pop(_FIL_VENTER, False):
        messages.success(request, _("Takk. Nå kan du laste ned fila."))
    record(FERSK, request=request, person=user, maate=mer.get("type", method))


def reauthentication_url(request: HttpRequest) -> str:
    """The page where this person confirms who they are, with the best they have."""
    url: str = get_adapter().get_reauthentication_methods(request.user)[0]["url"]
    return url


def _shown(request: HttpRequest) -> str:
    """Where a page can be shown: a piece that htmx asked for belongs to the page it was to stand in."""
    htmx = HtmxDetails(request)
    if htmx and request.method == "GET" and htmx.current_url_abs_path:
        return htmx.current_url_abs_path
    return request.get_full_path()


def _came_from(request: HttpRequest) -> str:
    """The page with the button; the browser tells it within the portal."""
    return own_path(request, request.headers.get("Referer", "")) or reverse(
        "nettverk:etter_innlogging"
    )
