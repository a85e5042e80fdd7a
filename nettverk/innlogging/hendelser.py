"""What the security log tells of signing in and out."""

import datetime
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.signals import social_account_added, social_account_removed
from django.contrib.auth import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from nettverk.models.person import Person
from nettverk.sikkerhet.grenser import Grense
from nettverk.sikkerhet.logg import hendelsesslag, record

KODE_BESTILT = hendelsesslag("nettverk.kode_bestilt", _("Kode bestilt"))
FEIL_KODE = hendelsesslag("nettverk.feil_kode", _("Feil kode"))
FEIL_STEG_TO = hendelsesslag("nettverk.feil_steg_to", _("Feil kode i steg to"))
FEIL_PASSORD = hendelsesslag("nettverk.feil_passord", _("Feil passord"))
# One account is somebody who cannot find the code. Ten in an hour is somebody who tries them all.
GRENSE_KONTO = hendelsesslag(
    "nettverk.grense_konto",
    _("For mange forsøk på én konto"),
    mange=Grense("nettverk.grense_konto_mange", 10, datetime.timedelta(hours=1)),
)
# Somebody tries many accounts, or a whole school has trouble: both are worth knowing.
GRENSE_NETT = hendelsesslag(
    "nettverk.grense_nett", _("For mange forsøk fra samme nett"), alarm=True
)
GRENSE_STEG_TO = hendelsesslag(
    "nettverk.grense_steg_to", _("For mange forsøk på steg to"), alarm=True
)
INNLOGGET = hendelsesslag("nettverk.innlogget", _("Logget inn"))
UTLOGGET = hendelsesslag("nettverk.utlogget", _("Logget ut"))
TILKNYTTET = hendelsesslag("nettverk.tilknyttet", _("Innlogging hos en annen lagt til"))
FRAKOBLET = hendelsesslag("nettverk.frakoblet", _("Innlogging hos en annen fjernet"))


@receiver(user_logged_in)
def signed_in(request: HttpRequest, user: Person, **kwargs: Any) -> None:
    record(INNLOGGET, request=request, person=user, maate=_how(request, user))


@receiver(user_logged_out)
def signed_out(request: HttpRequest, user: Person | None, **kwargs: Any) -> None:
    if user:
        record(UTLOGGET, request=request, person=user)


# Of both the person has a letter too, from allauth.
@receiver(social_account_added)
def linked(request: HttpRequest, sociallogin: SocialLogin, **kwargs: Any) -> None:
    leverandoer = sociallogin.account.provider
    record(TILKNYTTET, request=request, person=sociallogin.user, leverandoer=leverandoer)


@receiver(social_account_removed)
def unlinked(request: HttpRequest, socialaccount: SocialAccount, **kwargs: Any) -> None:
    leverandoer = socialaccount.provider
    record(FRAKOBLET, request=request, person=socialaccount.user, leverandoer=leverandoer)


def _how(request: HttpRequest, user: Person) -> list[str]:
    """Each thing the person showed: «code», «mfa:totp», «socialaccount:feide»."""
    return [
        ":".join([svar["method"], *filter(None, [svar.get("type"), svar.get("provider")])])
        for svar in get_authentication_records(request, user)
    ]
