"""The language switch of the header, a new passkey, and the way out to Feide and the others."""

from allauth.mfa.webauthn.views import AddWebAuthnView
from allauth.socialaccount.providers.openid_connect import views as oidc
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.i18n import set_language

from nettverk.innlogging.profil import change_spraak
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
def til_leverandoer(request: HttpRequest, provider_id: str) -> HttpResponse:
    """On to Feide, Microsoft or ID-porten, from the button of the sign-in page.

    A page that moves on by itself, not a redirect: the browser would hold the redirect of a form to
    our `form-action`, and each provider sends people on through addresses of its own.
    """
    svar = oidc.login(request, provider_id)
    if svar.status_code != 302 or request.method != "POST":
        return svar
    return render(request, "konto/til_leverandoer.html", {"adresse": svar["Location"]})


class NyPassnoekkelView(AddWebAuthnView):
    """allauth's own, which then would show the recovery codes; those belong to the app. On to where the
    person was going, when they were led here."""

    def get_success_url(self) -> str:
        return way_on(self.request) or reverse("mfa_index")
