"""allauth's hooks: nobody signs up by themselves, a provider never creates access, and our own words."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base import AuthProcess
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from django.contrib.sites.shortcuts import get_current_site
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nettverk.arbeid.brev import brevslag, queue_account
from nettverk.innlogging import kjent
from nettverk.innlogging.forms import FELLES_MASKIN
from nettverk.models import Brev, Person
from nettverk.sikkerhet.logg import hendelsesslag, record

KODE = brevslag("nettverk.innloggingskode", _("Kode for innlogging"))
UKJENT = brevslag("nettverk.ukjent_konto", _("Adressen er ikke registrert"))
SIKKERHET = brevslag("nettverk.sikkerhetsvarsel", _("Varsel om sikkerheten på kontoen"))
_SLAG = {
    "account/email/login_code": KODE,
    "konto/epost/bekreft_kode": KODE,
    "account/email/unknown_account": UKJENT,
}

_FOR_MANGE = _(
    "Det har vært for mange forsøk på å logge inn med denne adressen. Vent litt, og prøv igjen. Er adressen registrert hos oss, kan det ligge en e-post til deg om hva du kan gjøre."
)
_FEIL_KODE = _("Koden stemmer ikke. Se etter i den nyeste e-posten.")


class KontoAdapter(DefaultAccountAdapter):
    """A person exists because a coordinator or a leader registered them with a Verv."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("Denne kontoen er stengt."),
        "incorrect_code": _FEIL_KODE,
        "code_expired": _("Koden gjelder ikke lenger. Be om en ny."),
        "incorrect_password": _("Passordet stemmer ikke."),
        "too_many_login_attempts": _FOR_MANGE,
        "rate_limited": _FOR_MANGE,
        "invalid_login": _("Skriv e-postadressen din."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict) -> Brev:
        """Written here, and sent by a worker: the page does not wait for the mail server."""
        request = allauth_context.request
        alt = {"request": request, "email": email, "current_site": get_current_site(request)}
        melding = self.render_mail(template_prefix, email, {**alt, **context})
        slag = _SLAG.get(template_prefix, SIKKERHET)
        return queue_account(
            til=Person.objects.filter(epost=email.lower()).first(),
            epost=melding.to[0],
            slag=slag,
            emne=melding.subject,
            tekst=str(melding.body),
            hemmelig=slag in {KODE, UKJENT},
        )

    def post_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> Any:
        """On a machine that others use, the session ends with the browser, and the browser is not known."""
        felles = request.session.pop(FELLES_MASKIN, False)
        if felles:
            request.session.set_expiry(0)
        svar = super().post_login(request, user, **kwargs)
        (kjent.forget if felles else kjent.remember)(request, svar, user)
        return svar

    def get_reauthentication_methods(self, user: Any) -> list[dict]:
        tekster = {
            "reauthenticate": gettext("Bruk passordet"),
            "mfa_reauthenticate": gettext("Bruk appen eller en reservekode"),
            "mfa_reauthenticate:webauthn": gettext("Bruk passnøkkelen"),
            "kode": gettext("Få en kode på e-post"),
        }
        metoder = super().get_reauthentication_methods(user)
        if len(metoder) > 1:
            # A password does not stand in for the key one has: it would let its holder make a key too.
            metoder = [metode for metode in metoder if metode["id"] != "reauthenticate"]
        if not metoder:
            # Nothing but e-mail to confirm with.
            metoder = [{"id": "kode", "url": reverse("bekreft_med_kode")}]
        # The passkey first, where there is one: the others may be codes the person never wrote down.
        metoder.sort(key=lambda metode: metode["id"] != "mfa_reauthenticate:webauthn")
        return [metode | {"description": tekster[metode["id"]]} for metode in metoder]


class OekterAdapter(DefaultUserSessionsAdapter):
    """«Logg ut alle andre steder»."""

    def end_sessions(self, sessions: Any) -> None:
        """The browsers that were known are strangers again, with the sessions."""
        super().end_sessions(sessions)
        request = allauth_context.request
        if request.user.is_authenticated:
            kjent.forget_everywhere(request.user)


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


LEVERANDOER_AVVIST = hendelsesslag(
    "nettverk.leverandoer_avvist", _("Innlogging med Feide, Microsoft eller ID-porten avvist")
)


class LeverandoerAdapter(DefaultSocialAccountAdapter):
    """Feide, Entra ID and ID-porten sign in people who are registered already; they register nobody.

    A provider's address counts only when its domain is on the provider's list (`<NAME>_DOMENER`),
    whatever the provider itself says of it. That is also the only way one is linked to a person: nobody
    links one from within, for then whoever reads the person's e-mail could link their own.
    """

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Whatever was asked for on the way out, one comes back to sign in and nothing else."""
        if sociallogin.state.get("process") != AuthProcess.LOGIN:
            raise PermissionDenied

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never. Asked when nobody here belongs to who was signed in over there."""
        record(
            LEVERANDOER_AVVIST,
            request=request,
            leverandoer=sociallogin.provider.app.provider_id,
            grunn="ukjent",
        )
        return False

    def on_authentication_error(self, request: HttpRequest, provider: Any, **mer: Any) -> None:
        """It did not go well over there, or what came back was not whole."""
        record(
            LEVERANDOER_AVVIST,
            request=request,
            leverandoer=provider.app.provider_id,
            grunn=mer["error"] if mer.get("error") in {"cancelled", "denied"} else "feil",
        )

    def can_authenticate_by_email(self, login: Any, email: str) -> bool:
        return super().can_authenticate_by_email(login, email) and self.is_email_verified(
            login.provider, email
        )
