"""allauth's hooks: nobody signs up by themselves, a provider never creates access, and our own words."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nettverk.arbeid.brev import brevslag, queue_account
from nettverk.innlogging.forms import FELLES_MASKIN
from nettverk.models import Person

KODE = brevslag("nettverk.innloggingskode", _("Kode for innlogging"))
UKJENT = brevslag("nettverk.ukjent_konto", _("Adressen er ikke registrert"))
SIKKERHET = brevslag("nettverk.sikkerhetsvarsel", _("Varsel om sikkerheten på kontoen"))
_SLAG = {"account/email/login_code": KODE, "account/email/unknown_account": UKJENT}

_FOR_MANGE = _("Du har prøvd for mange ganger. Vent noen minutter, og prøv igjen.")
_FEIL_KODE = _("Koden stemmer ikke. Se etter i den nyeste e-posten.")


class KontoAdapter(DefaultAccountAdapter):
    """A person exists because a coordinator or a leader registered them with a Verv."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("Denne kontoen er stengt."),
        "incorrect_code": _FEIL_KODE,
        "incorrect_password": _("Passordet stemmer ikke."),
        "too_many_login_attempts": _FOR_MANGE,
        "rate_limited": _FOR_MANGE,
        "invalid_login": _("Skriv e-postadressen din."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Written here, and sent by a worker: the page does not wait for the mail server."""
        request = allauth_context.request
        alt = {"request": request, "email": email, "current_site": get_current_site(request)}
        melding = self.render_mail(template_prefix, email, {**alt, **context})
        slag = _SLAG.get(template_prefix, SIKKERHET)
        queue_account(
            til=Person.objects.filter(epost=email.lower()).first(),
            epost=melding.to[0],
            slag=slag,
            emne=melding.subject,
            tekst=str(melding.body),
            hemmelig=slag in {KODE, UKJENT},
        )

    def post_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> Any:
        """On a machine that others use, the session ends with the browser."""
        if request.session.pop(FELLES_MASKIN, False):
            request.session.set_expiry(0)
        return super().post_login(request, user, **kwargs)

    def get_reauthentication_methods(self, user: Any) -> list[dict]:
        tekster = {
            "reauthenticate": gettext("Bruk passordet"),
            "mfa_reauthenticate": gettext("Bruk appen eller en reservekode"),
            "mfa_reauthenticate:webauthn": gettext("Bruk passnøkkelen"),
        }
        metoder = super().get_reauthentication_methods(user)
        # The passkey first, where there is one: the others may be codes the person never wrote down.
        metoder.sort(key=lambda metode: metode["id"] != "mfa_reauthenticate:webauthn")
        return [metode | {"description": tekster[metode["id"]]} for metode in metoder]


class TofaktorAdapter(DefaultMFAAdapter):
    """Passkeys, authenticator app and recovery codes."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "add_email_blocked": _("Logg inn med en kode på e-post først."),
        "cannot_delete_authenticator": _("Du kan ikke fjerne denne."),
        "cannot_generate_recovery_codes": _(
            "Legg til en passnøkkel eller en app først. Reservekodene er til bruk når du ikke har passnøkkelen eller appen for hånden."
        ),
        "incorrect_code": _("Koden stemmer ikke. Vent på den neste, og prøv igjen."),
        "unverified_email": _("Logg inn med en kode på e-post først."),
    }

    def is_mfa_enabled(self, user: Any, types: Any = None) -> bool:
        """Whether the code in the mail needs a second step: only when the person has chosen an app.

        A passkey is a shortcut beside the code, so a lost phone shuts nobody out.
        """
        if types and set(types) == {Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN}:
            types = [Authenticator.Type.TOTP]
        return super().is_mfa_enabled(user, types=types)

    def generate_authenticator_name(self, user: Person, type: str) -> str:  # noqa: A002
        return gettext("Passnøkkel")


class LeverandoerAdapter(DefaultSocialAccountAdapter):
    """Feide, Entra ID and ID-porten sign in people who are registered already; they register nobody.

    A provider's address counts only when its domain is on the provider's list (`<NAME>_DOMENER`),
    whatever the provider itself says of it.
    """

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def can_authenticate_by_email(self, login: Any, email: str) -> bool:
        return super().can_authenticate_by_email(login, email) and self.is_email_verified(
            login.provider, email
        )
