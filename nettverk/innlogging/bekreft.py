"""To confirm who one is with a code by e-mail, for those who have nothing else.

allauth confirms by passkey, app or password; this is the same page with the code of the sign-in, made,
sent, counted and compared by the same act (`kode`).
"""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import BaseReauthenticateView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from nettverk.innlogging import kode
from nettverk.innlogging.forms import KodeForm
from nettverk.innlogging.forsoek import ForMange
from nettverk.innlogging.kode import Kodestand, Kodesvar, Kodetilstand
from nettverk.sikkerhet.fersk import is_fersk

_NOEKKEL = "bekreft_kode"


@method_decorator(never_cache, name="dispatch")
class KodebekreftelseView(BaseReauthenticateView):
    """Sends a code when the page is opened, unless one is in the mail already; then asks for it."""

    form_class = KodeForm
    template_name = "konto/bekreft_kode.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST" and is_fersk(request):
            # Not `redirect`, which would take a word in the address for the name of a page.
            return HttpResponseRedirect(self.get_next_url() or self.get_default_success_url())
        return super().dispatch(request, *args, **kwargs)

    def get_form_class(self) -> type[KodeForm]:
        return KodeForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "sjekk": self._check}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        tilstand = self._tilstand
        if tilstand is None or kode.is_dead(tilstand):
            self._send()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("action") != "resend":
            return super().post(request, *args, **kwargs)
        if self._send():
            messages.success(request, _("Du får en ny kode."))
        return redirect(self.passthrough_next_url(request.path))

    def form_valid(self, form: KodeForm) -> HttpResponse:
        del self.request.session[_NOEKKEL]
        person = self.request.user
        record_authentication(
            self.request, person, "code", email=person.epost, reauthenticated=True
        )
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tilstand = self._tilstand
        stand = kode.letter_state(tilstand) if tilstand else Kodestand.SENDES
        return {**super().get_context_data(**kwargs), "stand": stand.name}

    @property
    def _tilstand(self) -> Kodetilstand | None:
        return self.request.session.get(_NOEKKEL)

    def _check(self, skrevet: str) -> Kodesvar:
        if self._tilstand is None:
            return Kodesvar.OPPBRUKT
        person = self.request.user
        return kode.check(self.request, self._tilstand, skrevet, person=person, epost=person.epost)

    def _send(self) -> bool:
        """A new code instead of the old; False when a limit was reached, and then the old one stands."""
        person = self.request.user
        try:
            self.request.session[_NOEKKEL] = kode.order(
                self.request,
                person=person,
                epost=person.epost,
                mal="konto/epost/bekreft_kode",
            )
        except ForMange:
            messages.error(self.request, get_adapter().error_messages["too_many_login_attempts"])
            return False
        return True


bekreft_med_kode = KodebekreftelseView.as_view()
