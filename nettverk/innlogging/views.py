"""The page of the code, the language switch of the header, a new passkey, and the way out to Feide and
the others."""

from allauth.account import views as konto
from allauth.account.adapter import get_adapter
from allauth.account.internal.decorators import login_stage_required
from allauth.account.stages import LoginByCodeStage
from allauth.account.utils import get_next_redirect_url, passthrough_next_redirect_url
from allauth.account.views import LoginView
from allauth.mfa.webauthn.views import AddWebAuthnView
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.openid_connect import views as oidc
from allauth.utils import get_request_param
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django.views.i18n import set_language

from nettverk.innlogging import kjent
from nettverk.innlogging.forms import FELLES_MASKIN, InnloggingForm, KodeForm
from nettverk.innlogging.forsoek import ForMange
from nettverk.innlogging.kode import Kodeinnlogging, Kodestand, is_dead, letter_state
from nettverk.innlogging.nettleserlager import LAGRER_I_NETTLESEREN
from nettverk.innlogging.profil import change_spraak
from nettverk.side.portalform import form_status, sent
from nettverk.sikkerhet.tosteg import way_on

_SPRAAK = frozenset(kode for kode, _navn in settings.LANGUAGES)


@login_not_required
def choose_spraak(request: HttpRequest) -> HttpResponse:
    """Change the language: for this browser, and for the person when signed in.

    The same parameters and answer as Django's own `set_language`: `language` and `next`.
    """
    valg = request.POST.get("language", "")
    if request.method == "POST" and request.user.is_authenticated and valg in _SPRAAK:
        change_spraak(request.user, spraak=valg)
    return set_language(request)


@login_not_required
def logg_ut(request: HttpRequest) -> HttpResponse:
    """Sign out. Where a page has kept names of others in the browser, the browser is emptied with it."""
    lagrer = request.session.get(LAGRER_I_NETTLESEREN, False)
    svar: HttpResponse = konto.logout(request)
    if lagrer and request.method == "POST" and not request.user.is_authenticated:
        svar["Clear-Site-Data"] = '"cache", "storage"'
    return svar


@login_not_required
def til_leverandoer(request: HttpRequest, provider_id: str) -> HttpResponse:
    """On to Feide, Microsoft or ID-porten, from the button of the sign-in page.

    A page that moves on by itself, not a redirect: the browser would hold the redirect of a form to
    our `form-action`, and each provider sends people on through addresses of its own.

    To sign in, and nothing else: there is no linking from within (`LeverandoerAdapter`).
    """
    if get_request_param(request, "process", AuthProcess.LOGIN) != AuthProcess.LOGIN:
        raise Http404
    svar = oidc.login(request, provider_id)
    if svar.status_code != 302 or request.method != "POST":
        return svar
    return render(request, "konto/til_leverandoer.html", {"adresse": svar["Location"]})


class LoggInnView(LoginView):
    """allauth's page for the address, with our code and our limits."""

    def form_valid(self, form: InnloggingForm) -> HttpResponse:
        try:
            Kodeinnlogging.begin(self.request, person=form.user, epost=form.cleaned_data["login"])
        except ForMange:
            form.add_error("login", get_adapter().validation_error("too_many_login_attempts"))
            return self.form_invalid(form)
        self.request.session[FELLES_MASKIN] = form.cleaned_data["felles"]
        return redirect(passthrough_next_redirect_url(self.request, _skriv_koden(), "next"))


def _skriv_koden() -> str:
    return reverse("account_confirm_login_code")


@login_stage_required(stage=LoginByCodeStage.key, redirect_urlname="account_login")
@require_http_methods(["GET", "HEAD", "POST"])
def skriv_koden(request: HttpRequest) -> HttpResponse:
    """Write the code of the mail; see how the mail goes; ask for a new one."""
    innlogging = Kodeinnlogging(request._login_stage)  # type: ignore[attr-defined]
    if request.POST.get("action") == "resend":
        return _send_again(request, innlogging)
    form = KodeForm(**sent(request), sjekk=innlogging.check)
    if request.method == "POST" and form.is_valid():
        return innlogging.finish(get_next_redirect_url(request))
    stand = letter_state(innlogging.tilstand)
    return render(
        request,
        "account/confirm_login_code.html" + ("#brevstand" if request.htmx else ""),  # type: ignore[attr-defined]
        {
            "form": form,
            "epost": innlogging.epost,
            "stand": stand.name,
            # The small question to the server stops by itself, also when the mail never goes.
            "spoer": _POLL.get(stand) if innlogging.age < _POLL_STOPS else None,
            "er_oppbrukt": is_dead(innlogging.tilstand),
            "next": get_next_redirect_url(request) or "",
        },
        status=form_status(form),
    )


# Seconds between two questions about how the mail goes, and when the page stops asking.
_POLL = {Kodestand.SENDES: 2, Kodestand.DRYGER: 10}
_POLL_STOPS = 300


def _send_again(request: HttpRequest, innlogging: Kodeinnlogging) -> HttpResponse:
    try:
        innlogging.send_new()
    except ForMange:
        messages.error(request, get_adapter().error_messages["too_many_login_attempts"])
    else:
        messages.success(request, _("Du får en ny kode."))
    return redirect(passthrough_next_redirect_url(request, _skriv_koden(), "next"))


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def kjent_nettleser(request: HttpRequest) -> HttpResponse:
    """From the letter about many tries: this is my browser. It signs nobody in; it lets them try."""
    funnet = kjent.read_link(request.GET.get("t", ""))
    if request.method != "POST" or funnet is None:
        return render(request, "konto/kjent_nettleser.html", {"gjelder": funnet is not None})
    svar = redirect("account_login")
    person, tilfeldig = funnet
    kjent.remember(request, svar, person, tilfeldig)
    messages.success(request, _("Nå kan du logge inn her."))
    return svar


class NyPassnoekkelView(AddWebAuthnView):
    """allauth's own, which then would show the recovery codes; those belong to the app. On to where the
    person was going, when they were led here."""

    def get_success_url(self) -> str:
        return way_on(self.request) or reverse("mfa_index")
