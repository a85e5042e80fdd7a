"""Tries at signing in. Each is counted before it is compared, and taken back when it was right.

Strange browsers share one count for each person; a browser in which the person has signed in before
has its own (`kjent`). A whole gathering sits behind one address, so an address may ask for many codes,
and only its failures are counted closely. The arithmetic is in docs/valg/innlogging-med-kode.md.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from kommuner.gyldighet import idag
from nettverk.arbeid.brev import brevslag, queue_account, read
from nettverk.arbeid.epost import hel_adresse
from nettverk.innlogging import hendelser, kjent
from nettverk.models.person import Person
from nettverk.sikkerhet import grenser
from nettverk.sikkerhet.adresse import client_ip, prefix
from nettverk.sikkerhet.grenser import Grense
from nettverk.sikkerhet.logg import record

# Wrong codes.
KODE = Grense("innlogging.kode", 3, timedelta(hours=1))  # longer than a code lives
KONTO = Grense("innlogging.konto", 10, timedelta(days=1))
IP = Grense("innlogging.ip", 200, timedelta(hours=1))
NETT = Grense("innlogging.nett", 400, timedelta(hours=1))
# Codes asked for.
BESTILT = Grense("innlogging.bestilt", 5, timedelta(minutes=15))
BESTILT_DAG = Grense("innlogging.bestilt_dag", 30, timedelta(days=1))
BESTILT_IP = Grense("innlogging.bestilt_ip", 1500, timedelta(minutes=15))
BESTILT_NETT = Grense("innlogging.bestilt_nett", 3000, timedelta(minutes=15))
# Wrong in the second step, or in confirming with the same things.
STEG = Grense("innlogging.steg", 5, timedelta(minutes=15))
STEG_DAG = Grense("innlogging.steg_dag", 20, timedelta(days=1))
PASSORD = Grense("innlogging.passord", 5, timedelta(minutes=15))
PASSORD_DAG = Grense("innlogging.passord_dag", 20, timedelta(days=1))
# The app's code is good for one sign-in.
APPKODE_BRUKT = Grense("innlogging.appkode", 1, timedelta(minutes=10))

_HENDELSE = {
    **dict.fromkeys((IP, NETT, BESTILT_IP, BESTILT_NETT), hendelser.GRENSE_NETT),
    **dict.fromkeys((STEG, STEG_DAG), hendelser.GRENSE_STEG_TO),
}
# The person is told of these, at most once a day.
_VARSLES = {KONTO, BESTILT_DAG, STEG, STEG_DAG, PASSORD, PASSORD_DAG}
VARSEL = brevslag("nettverk.mange_forsok", _("Varsel om mange forsøk på å logge inn"))


class ForMange(Exception):
    """The limit was reached; nothing was compared."""

    def __init__(self, grense: Grense) -> None:
        super().__init__(grense.navn)
        self.grense = grense


@dataclass(frozen=True)
class Forsoek:
    """One try at something, and where it counts."""

    request: HttpRequest
    person: Person | None
    tellinger: list[tuple[Grense, tuple[object, ...]]] = field(default_factory=list)

    def begin(self) -> None:
        """Count it. Raises ForMange when it is one too many; then it counts nowhere."""
        for nummer, (grense, noekkel) in enumerate(self.tellinger):
            if not grenser.take(grense, *noekkel):
                self._give_back(nummer)
                self._tell(grense, noekkel)
                raise ForMange(grense)

    def was_right(self) -> None:
        """It does not count after all."""
        self._give_back(len(self.tellinger))

    def _give_back(self, antall: int) -> None:
        for grense, noekkel in self.tellinger[:antall]:
            grenser.give_back(grense, *noekkel)

    def _tell(self, grense: Grense, noekkel: tuple[object, ...]) -> None:
        """Once for each time the limit is reached, not for each try after it."""
        sagt = Grense(f"{grense.navn}.sagt", 1, grense.vindu)
        if grense == KODE or not grenser.take(sagt, *noekkel):
            return
        slag = _HENDELSE.get(grense, hendelser.GRENSE_KONTO)
        record(slag, request=self.request, person=self.person, grense=grense.navn)
        if self.person and grense in _VARSLES:
            _warn(self.person, er_steg_to=grense in {STEG, STEG_DAG})


def at_code(request: HttpRequest, *, person: Person | None, epost: str, kode_id: str) -> Forsoek:
    """A code that is about to be compared."""
    konto, er_kjent = _account(request, person, epost)
    tellinger = [(KODE, (kode_id,)), *([] if er_kjent else _from(request, IP, NETT))]
    return Forsoek(request, person, [*tellinger, (KONTO, konto)])


def at_order(request: HttpRequest, *, person: Person | None, epost: str) -> Forsoek:
    """A code that is about to be sent."""
    konto, er_kjent = _account(request, person, epost)
    tellinger = [] if er_kjent else _from(request, BESTILT_IP, BESTILT_NETT)
    return Forsoek(request, person, [*tellinger, (BESTILT, konto), (BESTILT_DAG, konto)])


def at_second_step(request: HttpRequest, person: Person) -> Forsoek:
    """The app's code or a recovery code that is about to be compared."""
    return Forsoek(request, person, [(STEG, (person.pk,)), (STEG_DAG, (person.pk,))])


def at_password(request: HttpRequest, person: Person) -> Forsoek:
    """An administrator's password that is about to be compared."""
    return Forsoek(request, person, [(PASSORD, (person.pk,)), (PASSORD_DAG, (person.pk,))])


def _account(
    request: HttpRequest, person: Person | None, epost: str
) -> tuple[tuple[object, ...], bool]:
    """The account's key – an address that nobody has is counted as if somebody had it – and whether the
    browser is known."""
    nettleser = kjent.browser(request, person)
    hvem = f"person:{person.pk}" if person else f"epost:{epost.strip().lower()}"
    return (hvem, nettleser), bool(nettleser)


def _from(
    request: HttpRequest, ip: Grense, nett: Grense
) -> list[tuple[Grense, tuple[object, ...]]]:
    """Where it comes from. Nowhere to be told: then only the account counts, for else all would share."""
    adresse = client_ip(request)
    return [(ip, (adresse,)), (nett, (prefix(adresse),))] if adresse else []


def _warn(person: Person, *, er_steg_to: bool) -> None:
    mal = "konto/epost/feil_steg_to.txt" if er_steg_to else "konto/epost/mange_forsok.txt"
    with translation.override(person.spraak or translation.get_language()):
        lenke = hel_adresse(f"{reverse('kjent_nettleser')}?t={kjent.link_token(person)}")
        emne, tekst = read(mal, {"person": person, "lenke": lenke})
        queue_account(
            til=person,
            epost=person.epost,
            slag=VARSEL,
            emne=emne,
            tekst=tekst,
            noekkel=f"{VARSEL}:{'steg' if er_steg_to else 'kode'}:{person.pk}:{idag()}",
        )
