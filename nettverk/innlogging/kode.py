"""The code in the mail: made, sent, and compared – never more than three times.

It lies sealed in the session that asked for it (`nettverk.sikkerhet.forsegling`), with a random name of its own
that its failures are counted under. For an address that nobody has, all goes the same way but the code.
"""

import secrets
import time
from datetime import timedelta
from enum import Enum, auto
from typing import Any, TypedDict

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.models import Login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from nettverk.innlogging import forsoek, hendelser
from nettverk.innlogging.forsoek import ForMange
from nettverk.models.brev import Brev
from nettverk.models.person import Person
from nettverk.sikkerhet import grenser
from nettverk.sikkerhet.forsegling import Uleselig, seal, unseal
from nettverk.sikkerhet.logg import record

SIFRE = 12
# A letter that has not gone by then: the page says so.
_DRYGER_ETTER = timedelta(seconds=20)


class Kodesvar(Enum):
    """What came of a code that was written."""

    RIKTIG = auto()
    FEIL = auto()
    OPPBRUKT = auto()  # this code is dead; a new one may be asked for
    FOR_MANGE = auto()  # a limit was reached: nothing was compared


class Kodestand(Enum):
    """How the letter goes."""

    SENDES = auto()
    DRYGER = auto()
    SENDT = auto()
    IKKE_SENDT = auto()


class Kodetilstand(TypedDict):
    """What lies in the session."""

    id: str
    kode: str
    bestilt: float
    brev: int


def new_code() -> str:
    """Twelve digits, in three groups."""
    sifre = f"{secrets.randbelow(10**SIFRE):0{SIFRE}}"
    return " ".join(sifre[i : i + 4] for i in range(0, SIFRE, 4))


def digits(skrevet: str) -> str:
    """What was written, without spaces, dashes and what else came along."""
    return "".join(tegn for tegn in skrevet if tegn in "0123456789")


def order(
    request: HttpRequest,
    *,
    person: Person | None,
    epost: str,
    mal: str = "account/email/login_code",
) -> Kodetilstand:
    """Write the letter with a new code; returns what goes in the session. Raises ForMange.

    To an address that nobody has goes a letter that says so.
    """
    forsoek.at_order(request, person=person, epost=epost).begin()
    kode = new_code()
    adapter: Any = get_adapter()
    if person:
        brev = adapter.send_mail(mal, epost, {"code": kode})
    else:
        brev = adapter.send_mail("account/email/unknown_account", epost, {})
    record(hendelser.KODE_BESTILT, request=request, person=person)
    return {
        "id": secrets.token_hex(16),
        "kode": seal(kode if person else ""),
        "bestilt": time.time(),
        "brev": brev.pk,
    }


def check(
    request: HttpRequest, tilstand: Kodetilstand, skrevet: str, *, person: Person | None, epost: str
) -> Kodesvar:
    """Compare what was written with the code, when it may be compared at all."""
    proeve = forsoek.at_code(request, person=person, epost=epost, kode_id=tilstand["id"])
    try:
        proeve.begin()
    except ForMange as feil:
        return Kodesvar.OPPBRUKT if feil.grense == forsoek.KODE else Kodesvar.FOR_MANGE
    if has_expired(tilstand):
        proeve.was_right()
        return Kodesvar.OPPBRUKT
    if _is_right(tilstand, skrevet):
        proeve.was_right()
        return Kodesvar.RIKTIG
    record(hendelser.FEIL_KODE, request=request, person=person)
    return Kodesvar.OPPBRUKT if is_dead(tilstand) else Kodesvar.FEIL


def _is_right(tilstand: Kodetilstand, skrevet: str) -> bool:
    try:
        kode = digits(unseal(tilstand["kode"]))
    except Uleselig:  # the key of the portal was changed meanwhile
        return False
    return secrets.compare_digest(kode, digits(skrevet)) and bool(kode)


def has_expired(tilstand: Kodetilstand) -> bool:
    return time.time() - tilstand["bestilt"] > settings.KODE_VARER.total_seconds()


def is_dead(tilstand: Kodetilstand) -> bool:
    """Whether the code has been wrong as often as it may. To tell a person; `check` decides."""
    return has_expired(tilstand) or grenser.is_full(forsoek.KODE, tilstand["id"])


def letter_state(tilstand: Kodetilstand) -> Kodestand:
    """How the letter with the code goes: the same for an address that nobody has."""
    brev = Brev.objects.filter(pk=tilstand["brev"]).only("tilstand", "grunn", "opprettet").first()
    if brev is None or brev.tilstand == Brev.Tilstand.SENDT or brev.grunn == Brev.Grunn.UVISST:
        return Kodestand.SENDT
    if brev.er_mislykket and brev.grunn != Brev.Grunn.MIDLERTIDIG:
        return Kodestand.IKKE_SENDT
    return Kodestand.DRYGER if brev.opprettet + _DRYGER_ETTER < timezone.now() else Kodestand.SENDES


class Kodeinnlogging(LoginCodeVerificationProcess):
    """allauth's sign-in by code, with this code instead of its own."""

    @classmethod
    def begin(cls, request: HttpRequest, *, person: Person | None, epost: str) -> "Kodeinnlogging":
        """Send the code, and wait for it in this session. Raises ForMange."""
        login = Login(user=person, email=epost)
        login.state["stages"] = {"current": LoginByCodeStage.key}
        stage = LoginByCodeStage(LoginStageController(request, login), request, login)
        stage.state.update(cls.initial_state(user=person, email=epost), initiated_by_user=True)
        prosess = cls(stage)
        prosess.send_new()
        return prosess

    def send_new(self) -> None:
        """A new code instead of the old. Raises ForMange, and then the old one stands."""
        self.state["kode"] = order(self.request, person=self.user, epost=self.epost)
        self.persist()

    def check(self, skrevet: str) -> Kodesvar:
        return check(self.request, self.tilstand, skrevet, person=self.user, epost=self.epost)

    @property
    def age(self) -> float:
        """Seconds since the code was asked for."""
        return time.time() - self.tilstand["bestilt"]

    @property
    def epost(self) -> str:
        epost: str = self.state["email"]
        return epost

    @property
    def tilstand(self) -> Kodetilstand:
        tilstand: Kodetilstand = self.state["kode"]
        return tilstand
