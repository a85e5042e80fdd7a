"""The sign-in forms of allauth in our own words and widgets."""

from typing import Any

from allauth.account.forms import ConfirmLoginCodeForm, LoginForm
from allauth.account.forms import ReauthenticateForm as PassordForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from nettverk.side.portalform import PortalFormMixin

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
            error_messages={
                "required": _("Skriv e-postadressen din."),
                "invalid": _("Skriv en hel e-postadresse, for eksempel navn@kommune.no."),
            },
        )
        felt.widget.attrs |= {"autocomplete": "email", "autocapitalize": "off"}
        self.fields = {"login": felt, "felles": self.fields["felles"]}

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        request.session[FELLES_MASKIN] = self.cleaned_data["felles"]
        return super().login(request, redirect_url)


class KodeForm(PortalFormMixin, ConfirmLoginCodeForm):
    """The six digits of the mail."""

    code = _code_field(_("Kode"), _("Seks sifre."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The page has this one thing to do, and the person comes with six digits in mind.
        self.fields["code"].widget.attrs["autofocus"] = True


class KodebekreftelseForm(PortalFormMixin, forms.Form):
    """The code of the mail, to confirm that it is still the same person."""

    code = _code_field(_("Kode"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["autofocus"] = True

    def clean_code(self) -> str:
        return "".join(self.cleaned_data["code"].split())


class PassordbekreftelseForm(PortalFormMixin, PassordForm):
    """An administrator with a password confirms that it is them."""

    password = forms.CharField(
        label=_("Passord"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class TofaktorForm(PortalFormMixin, AuthenticateForm):
    """The second step: the app's six digits, or a recovery code."""

    code = _code_field(_("Kode"), _("Seks sifre fra appen, eller en av reservekodene dine."))


class BekreftForm(PortalFormMixin, ReauthenticateForm):
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
