"""The sign-in forms of allauth in our own words and widgets."""

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm
from allauth.account.forms import ReauthenticateForm as PassordForm
from allauth.core import context as allauth_context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from allauth.socialaccount.forms import DisconnectForm
from django import forms
from django.utils.translation import gettext_lazy as _

from nettverk.innlogging import forsoek, hendelser, kode
from nettverk.innlogging.forsoek import ForMange, Forsoek
from nettverk.innlogging.kode import Kodesvar
from nettverk.side.portalform import PortalForm, PortalFormMixin, limit
from nettverk.sikkerhet import grenser
from nettverk.sikkerhet.logg import record

# In the session from the moment the e-mail address is given until the person is signed in.
FELLES_MASKIN = "felles_maskin"


def _code_field(etikett: Any, hjelp: Any = "") -> forms.CharField:
    """A one-time code: digits on a phone's keyboard, offered by the browser when it sees the mail."""
    attributter = {
        "autocomplete": "one-time-code",
        "inputmode": "numeric",
        "size": 10,
        "autocapitalize": "off",
        "spellcheck": "false",
    }
    return forms.CharField(
        label=etikett, help_text=hjelp, widget=forms.TextInput(attrs=attributter)
    )


class InnloggingForm(PortalFormMixin, LoginForm):
    """The e-mail address; the code is sent to it."""

    felles = forms.BooleanField(
        label=_("Jeg bruker en felles maskin"),
        required=False,
        help_text=_("Da blir du logget ut når nettleseren lukkes."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("remember", None)
        felt = forms.EmailField(
            label=_("E-postadresse"),
            max_length=254,
            error_messages={
                "required": _("Skriv e-postadressen din."),
                "invalid": _("Skriv en hel e-postadresse, for eksempel navn@kommune.no."),
            },
        )
        limit(felt)
        felt.widget.attrs |= {"autocomplete": "email", "autocapitalize": "off"}
        self.fields = {"login": felt, "felles": self.fields["felles"]}


class KodeForm(PortalForm):
    """The code of the mail. `sjekk` compares it, and counts first."""

    code = _code_field(_("Kode"), _("Tolv sifre, med eller uten mellomrom."))

    _BESKJED = {
        Kodesvar.FEIL: "incorrect_code",
        Kodesvar.OPPBRUKT: "code_expired",
        Kodesvar.FOR_MANGE: "too_many_login_attempts",
    }

    def __init__(self, *args: Any, sjekk: Callable[[str], Kodesvar], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sjekk = sjekk
        self.fields["code"].widget.attrs |= {
            # The page has this one thing to do, and the person comes with the code in mind.
            "autofocus": True,
            "size": 16,
        }

    def clean_code(self) -> str:
        skrevet: str = self.cleaned_data["code"]
        if len(kode.digits(skrevet)) != kode.SIFRE:
            # Not a code at all, so it is not counted either.
            raise forms.ValidationError(_("Koden har tolv sifre. Se etter i e-posten."))
        utfall = self.sjekk(skrevet)
        if utfall is not Kodesvar.RIKTIG:
            raise get_adapter().validation_error(self._BESKJED[utfall])
        return skrevet


def _begin(proeve: Forsoek) -> None:
    try:
        proeve.begin()
    except ForMange as feil:
        raise get_adapter().validation_error("too_many_login_attempts") from feil


class TelteForsoekMixin:
    """Counts the wrong codes of the second step; the app's code is good once."""

    user: Any
    authenticator: Authenticator

    def clean_code(self) -> str:
        request = allauth_context.request
        proeve = forsoek.at_second_step(request, self.user)
        _begin(proeve)
        try:
            skrevet: str = super().clean_code()  # type: ignore[misc]
        except forms.ValidationError:
            record(hendelser.FEIL_STEG_TO, request=request, person=self.user)
            raise
        if self.authenticator.type == Authenticator.Type.TOTP and not grenser.take(
            forsoek.APPKODE_BRUKT, self.user.pk, kode.digits(skrevet)
        ):
            raise get_adapter().validation_error("incorrect_code")
        proeve.was_right()
        return skrevet


class PassordbekreftelseForm(PortalFormMixin, PassordForm):
    """An administrator with a password confirms that it is them."""

    password = forms.CharField(
        label=_("Passord"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def clean_password(self) -> str:
        request = allauth_context.request
        proeve = forsoek.at_password(request, self.user)
        _begin(proeve)
        try:
            passord: str = super().clean_password()
        except forms.ValidationError:
            record(hendelser.FEIL_PASSORD, request=request, person=self.user)
            raise
        proeve.was_right()
        return passord


class TofaktorForm(TelteForsoekMixin, PortalFormMixin, AuthenticateForm):
    """The second step: the app's six digits, or a recovery code."""

    code = _code_field(_("Kode"), _("Seks sifre fra appen, eller en av reservekodene dine."))


class BekreftForm(TelteForsoekMixin, PortalFormMixin, ReauthenticateForm):
    """The same code, to confirm that it is still the same person."""

    code = _code_field(_("Kode"), _("Seks sifre fra appen, eller en av reservekodene dine."))


class AppForm(PortalFormMixin, ActivateTOTPForm):
    """The first code of a new authenticator app."""

    code = _code_field(_("Kode fra appen"), _("Seks sifre."))


class NyNoekkelForm(PortalFormMixin, AddWebAuthnForm):
    """A new passkey. It always replaces the code in the mail; a mere second step is for the app."""

    name = forms.CharField(
        label=_("Navn på nøkkelen"),
        required=False,
        help_text=_("For eksempel «Jobbtelefonen». Du ser navnet i oversikten."),
    )
    passwordless = forms.BooleanField(
        label=_("Passnøkkel"), required=False, initial=True, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["name"] = ""


class NoekkelnavnForm(PortalFormMixin, EditWebAuthnForm):
    """A new name for a key."""

    name = forms.CharField(label=_("Navn på nøkkelen"), max_length=100)


class NoekkelinnloggingForm(PortalFormMixin, LoginWebAuthnForm):
    """Sign-in with a passkey: what the browser answers is read with care."""


class NoekkelbekreftelseForm(PortalFormMixin, ReauthenticateWebAuthnForm):
    """The same, to confirm that it is still the same person."""


class FrakoblingForm(DisconnectForm):
    """Unlink a provider. The last one too: the code in the mail is always there."""

    def clean(self) -> dict[str, Any] | None:
        return self.cleaned_data
