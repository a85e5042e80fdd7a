"""Stronger than a code by e-mail: what it is, whom it is asked of, and what is held back without it.

Those with rights over others – koordinator and koordineringsgruppe – are asked kindly, and required to
from the day their network sets (`Nettverk.tosteg_fra`) or, if they have a key, at once. Administrators
always. For everybody else a passkey stays a shortcut that shuts nobody out (docs/valg/sterkere-enn-en-kode.md).
"""

import datetime
from typing import Any

from allauth.account.authentication import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    get_authentication_records,
)
from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import user_logged_in as signed_in_by_allauth
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth import user_logged_in
from django.db.models import Exists, OuterRef
from django.dispatch import receiver
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kommuner.gyldighet import idag
from nettverk.models.gruppe import Gruppe, Verv, VervQuerySet
from nettverk.models.nettverk import Nettverk
from nettverk.models.person import Person, PersonQuerySet
from nettverk.sikkerhet import utsatt
from nettverk.sikkerhet.logg import hendelsesslag, record
from nettverk.tilgang.roller import Roller

LAGT_TIL = hendelsesslag("nettverk.tosteg_lagt_til", _("Passnøkkel eller app lagt til"))
FJERNET = hendelsesslag("nettverk.tosteg_fjernet", _("Passnøkkel eller app fjernet"))
NYE_KODER = hendelsesslag("nettverk.tosteg_nye_koder", _("Nye reservekoder"))
KREVD = hendelsesslag("nettverk.tosteg_krevd", _("Stoppet av kravet om passnøkkel eller app"))
KRAV_ENDRET = hendelsesslag(
    "nettverk.tosteg_krav_endret", _("Kravet om passnøkkel eller app endret")
)

# In the session: whether the person had a passkey or an app when they signed in; whether they have met
# the requirement; where they were going when they did.
_HAR = "har_tosteg"
_MOETT = "tosteg_moett"
_VIDERE = "tosteg_videre"
_SPOER_IGJEN_ETTER = datetime.timedelta(days=30)
# The keys that stand on their own. Recovery codes belong to the app.
_NOEKLER = (Authenticator.Type.WEBAUTHN, Authenticator.Type.TOTP)


# --- how strong the session is


def is_strong(request: HttpRequest) -> bool:
    """Whether the person has shown more than a code by e-mail in this session: a passkey, an app, or a
    provider that says so."""
    return any(
        svar["method"] == "mfa" or svar.get("sterk")
        for svar in get_authentication_records(request, request.user)
    )


class StyrkeMiddleware:
    """Marks the person of a weak session, so that roles are asked for as of that session."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            svak = not is_strong(request)
            request.user.svak_okt = svak
            request.user.har_ikke_vist_noekkel = svak and request.session.get(_HAR, False)
        return self.get_response(request)


@receiver(signed_in_by_allauth)
def note_level(request: HttpRequest, sociallogin: Any = None, **mer: Any) -> None:
    """What a provider says of how the person signed in there, kept with the sign-in."""
    if sociallogin is None:
        return
    app = sociallogin.account.get_provider(request).app
    if not level_of(sociallogin.account.extra_data) & set(app.settings.get("sterk", [])):
        return
    svar = get_authentication_records(request, sociallogin.user)
    svar = [{**ett, "sterk": True} if ett["method"] == "socialaccount" else ett for ett in svar]
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = svar


def level_of(data: dict[str, Any]) -> set[str]:
    """The levels and methods of a sign-in: `acr`, `amr` and `acrs` of the provider's own token.

    Only the token, which came straight from the provider: what it says of the person (userinfo) is
    about the person, not about this sign-in.
    """
    token = data.get("id_token") or {}
    verdier: set[str] = set()
    for navn in ("acr", "amr", "acrs"):
        verdi = token.get(navn) or []
        verdier |= {verdi} if isinstance(verdi, str) else {str(v) for v in verdi}
    return verdier


# --- whom it is asked of


def should_ask(request: HttpRequest, roller: Roller) -> bool:
    """Whether the home page asks for a passkey: kindly, and not again for a month after «not now»; until
    it is made when the network has set a day."""
    nylig = request.user.tosteg_ikke_naa  # type: ignore[union-attr]
    return bool(
        roller.er_kog
        and not is_strong(request)
        and not request.session.get(_HAR)
        and (roller.nettverk.tosteg_fra or nylig is None or nylig + _SPOER_IGJEN_ETTER <= idag())
    )


def not_now(person: Person) -> None:
    """Do not ask again for a while."""
    person.tosteg_ikke_naa = idag()
    person.save(update_fields=["tosteg_ikke_naa"])


def _with_rights(verv: VervQuerySet) -> VervQuerySet:
    """Those of the appointments that give rights over others today; `Roller.er_kog` says the same of one
    person."""
    return verv.filter(gruppe__type=Gruppe.Type.KOORDINERINGSGRUPPE).gyldig()


def with_rights(nettverk: Nettverk) -> PersonQuerySet:
    """Those with rights over others in the network today, with `har_noekkel`: a passkey or an app."""
    verv = _with_rights(Verv.objects.filter(gruppe__nettverk=nettverk))
    noekler = Authenticator.objects.filter(user=OuterRef("pk"), type__in=_NOEKLER)
    return Person.objects.filter(pk__in=verv.values("person"), is_active=True).annotate(
        har_noekkel=Exists(noekler)
    )


def demands_of(person: Person) -> list[Nettverk]:
    """The networks that require it of this person today."""
    verv = _with_rights(person.verv.all()).values("gruppe__nettverk")
    return [n for n in Nettverk.objects.filter(pk__in=verv) if n.krever_tosteg]


def has_rights(person: Person) -> bool:
    """Whether the person has rights over others in some network today."""
    return _with_rights(person.verv.all()).exists()


def require_from(
    nettverk: Nettverk, fra: datetime.date | None, *, request: HttpRequest
) -> Nettverk:
    """From this day those who coordinate the network need more than a code by e-mail; None: no longer.

    The network is held (`nettverk.skriving.laas.locked`).
    """
    nettverk.tosteg_fra = fra
    nettverk.save(update_fields=["tosteg_fra"])
    record(
        KRAV_ENDRET,
        request=request,
        person=request.user,  # type: ignore[arg-type]
        nettverk=nettverk,
        fra=fra.isoformat() if fra else "",
    )
    return nettverk


def has_noekkel(person: Person) -> bool:
    """Whether the person has a passkey or an app."""
    return Authenticator.objects.filter(user=person, type__in=_NOEKLER).exists()


# --- the way there and back


def lead(request: HttpRequest, nettverk: Nettverk | None = None) -> HttpResponseBase:
    """To the page that says what is needed and how to get it; what was sent in is kept."""
    utsatt.keep(request)
    if not request.session.get(_MOETT):
        request.session[_MOETT] = True
        record(KREVD, request=request, person=request.user, nettverk=nettverk)  # type: ignore[arg-type]
    return utsatt.by_way_of(request, reverse("nettverk:tosteg"), request.get_full_path())


def remember_way(request: HttpRequest, videre: str) -> None:
    """Where the person was going, for when the key is made."""
    request.session[_VIDERE] = videre


def way_on(request: HttpRequest) -> str:
    """Where the person was going when they were led to make a key; nothing when they were not."""
    videre: str = request.session.pop(_VIDERE, "")
    if videre:
        utsatt.release(request, videre)
    return videre


# --- what happens to the keys


@receiver(user_logged_in)
def note_keys(request: HttpRequest, user: Person, **mer: Any) -> None:
    """Asked once, at sign-in: pages ask the session."""
    request.session[_HAR] = has_noekkel(user)


@receiver(authenticator_added)
def added(request: HttpRequest, user: Person, authenticator: Authenticator, **mer: Any) -> None:
    """A key that the person made in this session has been shown in it.

    One who has a key already has shown that first (`fersk.noekkel_vist`), so a code by e-mail alone never
    makes a second one.
    """
    slag = LAGT_TIL if authenticator.type in _NOEKLER else NYE_KODER
    record(slag, request=request, person=user, type=authenticator.type)
    if authenticator.type in _NOEKLER:
        request.session[_HAR] = True
        record_authentication(
            request,
            user,
            "mfa",
            id=authenticator.pk,
            type=authenticator.type,
            reauthenticated=True,
            ny=True,
        )


@receiver(authenticator_removed)
def removed(request: HttpRequest, user: Person, authenticator: Authenticator, **mer: Any) -> None:
    """What the removed key showed does not count any more."""
    record(FJERNET, request=request, person=user, type=authenticator.type)
    request.session[_HAR] = has_noekkel(user)
    finnes = set(Authenticator.objects.filter(user=user).values_list("pk", flat=True))
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        svar
        for svar in get_authentication_records(request, user)
        if svar["method"] != "mfa" or svar["id"] in finnes
    ]


@receiver(authenticator_reset)
def reset(request: HttpRequest, user: Person, authenticator: Authenticator, **mer: Any) -> None:
    record(NYE_KODER, request=request, person=user, type=authenticator.type)
