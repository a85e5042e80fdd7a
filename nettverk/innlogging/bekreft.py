"""To confirm who one is with a code by e-mail, for those who have nothing else.

allauth confirms by passkey, app or password; this is the same page with the code of the sign-in.
"""

import datetime
import time
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import BaseReauthenticateView
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from nettverk.innlogging.forms import KodebekreftelseForm
from nettverk.sikkerhet.fersk import is_fersk
from nettverk.sikkerhet.grenser import Grense, give_back, take

_NOEKKEL = "bekreft_kode"
SENDT = Grense("nettverk.bekreft_sendt", 5, datetime.timedelta(minutes=15))
FEIL = Grense("nettverk.bekreft_feil", 10, datetime.timedelta(hours=1))


@method_decorator(never_cache, name="dispatch")
class KodebekreftelseView(BaseReauthenticateView):
    """Sends a code when the page is opened, unless one is in the mail already; then asks for it."""

    form_class = KodebekreftelseForm
    template_name = "account/bekreft_kode.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST" and is_fersk(request):
            return redirect(self.get_next_url() or self.get_default_success_url())
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self._kode():
            self._send()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("action") != "resend":
            return super().post(request, *args, **kwargs)
        if self._send():
            messages.success(request, _("Vi har sendt deg en ny kode."))
        return redirect(self.passthrough_next_url(request.path))

    def form_valid(self, form: KodebekreftelseForm) -> HttpResponse:
        person = self.request.user
        # Counted before it is compared: forty at once are forty.
        if not take(FEIL, person.pk):
            self.request.session.pop(_NOEKKEL, None)
            form.add_error("code", get_adapter().error_messages["too_many_login_attempts"])
            return self.form_invalid(form)
        kode = self._kode()
        if not kode or not constant_time_compare(kode, form.cleaned_data["code"]):
            form.add_error("code", get_adapter().error_messages["incorrect_code"])
            return self.form_invalid(form)
        give_back(FEIL, person.pk)
        self.request.session.pop(_NOEKKEL, None)
        record_authentication(
            self.request, person, "code", email=person.epost, reauthenticated=True
        )
        return super().form_valid(form)

    def _kode(self) -> str:
        """The code that lies in the mail; nothing when it has run out."""
        sendt = self.request.session.get(_NOEKKEL)
        if not sendt or time.time() - sendt["tid"] > settings.KODE_VARER.total_seconds():
            return ""
        kode: str = sendt["kode"]
        return kode

    def _send(self) -> bool:
        person, adapter = self.request.user, get_adapter()
        if not take(SENDT, person.pk):
            messages.error(self.request, adapter.error_messages["rate_limited"])
            return False
        kode = adapter.generate_login_code()
        self.request.session[_NOEKKEL] = {"kode": kode, "tid": time.time()}
        adapter.send_mail("account/email/bekreft_kode", person.epost, {"code": kode})
        return True


bekreft_med_kode = KodebekreftelseView.as_view()
