"""To remove somebody's passkeys and app when they are lost – in a way that nobody can be talked into.

Only the administrator, at the machine the portal runs on (`manage.py nullstill_tosteg`). It waits a day.
The person and all administrators get a letter at once, and each of them can stop it; so does a
sign-in with the key that was said to be lost. A day later the administrator does it, and everybody is told.
"""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_used
from django.conf import settings
from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nettverk.arbeid.brev import brevslag, queue_account, read
from nettverk.innlogging.avslutning import take_keys
from nettverk.models import Person, Tostegnullstilling
from nettverk.sikkerhet.logg import hendelsesslag, record
from nettverk.skriving.konflikt import KanIkke

BREV = brevslag("nettverk.tosteg_nullstilling", gettext_lazy("Nullstilling av passnøkkel og app"))
# No alarm: all administrators have a letter that says more.
BESTILT = hendelsesslag(
    "nettverk.nullstilling_bestilt", gettext_lazy("Nullstilling av passnøkkel bestilt")
)
STOPPET = hendelsesslag(
    "nettverk.nullstilling_stoppet", gettext_lazy("Nullstilling av passnøkkel stoppet")
)
UTFOERT = hendelsesslag(
    "nettverk.nullstilling_utfoert", gettext_lazy("Passnøkkel og app nullstilt")
)


@transaction.atomic
def order(*, person: Person, by: Person) -> Tostegnullstilling:
    """Begin the wait, and tell the person and all administrators. KanIkke when there is nothing to remove."""
    _must_be_administrator(by)
    if not Authenticator.objects.filter(user=person).exists():
        raise KanIkke(_("%(navn)s har ingen passnøkkel eller app.") % {"navn": person.navn})
    rad, ny = Tostegnullstilling.objects.get_or_create(person=person, defaults={"av": by})
    if ny:
        record(BESTILT, person=person, by=by)
        _tell(rad, "konto/epost/nullstilling_bestilt.txt", by=by)
    return rad


@transaction.atomic
def stop(*, person: Person, by: Person | None = None) -> bool:
    """Stop it, whoever asks; False when none was ordered."""
    rad = Tostegnullstilling.objects.select_for_update().filter(person=person).first()
    if rad is None:
        return False
    record(STOPPET, person=person, by=by)
    _tell(rad, "konto/epost/nullstilling_stoppet.txt", by=by or person)
    rad.delete()
    return True


@transaction.atomic
def finish(*, person: Person, by: Person) -> None:
    """Remove passkeys, app, recovery codes and sign-ins with others, and sign the person out everywhere.
    KanIkke before the wait is over.

    Whoever had the key may have had the rest: only the code in the mail is left.
    """
    _must_be_administrator(by)
    rad = Tostegnullstilling.objects.select_for_update().filter(person=person).first()
    if rad is None:
        raise KanIkke(_("Nullstillingen er ikke bestilt, eller den er stoppet."))
    if timezone.now() < rad.kan_gjoeres:
        raise KanIkke(_("Nullstillingen kan gjøres fra %(tid)s.") % {"tid": _moment(rad)})
    take_keys(person=person)
    record(UTFOERT, person=person, by=by)
    _tell(rad, "konto/epost/nullstilling_utfoert.txt", by=by)
    rad.delete()


@receiver(authenticator_used)
def stop_when_used(user: Person, **mer: Any) -> None:
    """What was said to be lost, has just been used."""
    stop(person=user, by=user)


def _must_be_administrator(by: Person) -> None:
    if not (by.is_superuser and by.is_active):
        raise KanIkke(_("Bare en administrator kan nullstille passnøkler."))


def _moment(rad: Tostegnullstilling) -> str:
    return date_format(timezone.localtime(rad.kan_gjoeres), "DATETIME_FORMAT")


def _tell(rad: Tostegnullstilling, mal: str, *, by: Person) -> None:
    """A letter to the person and to each administrator, in their own language."""
    mottakere = Person.objects.filter(is_superuser=True, is_active=True).exclude(pk=rad.person_id)
    for til in [rad.person, *mottakere]:
        with translation.override(til.spraak or settings.LANGUAGE_CODE):
            data: dict[str, Any] = {"til": til, "rad": rad, "av": by, "naar": _moment(rad)}
            emne, tekst = read(mal, data)
            queue_account(til=til, epost=til.epost, slag=BREV, emne=emne, tekst=tekst)
