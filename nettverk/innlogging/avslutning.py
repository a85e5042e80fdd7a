"""To close one's own account: sign-in ends at once, and what only served the person goes."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.db import transaction

from nettverk.arbeid.brev import withdraw
from nettverk.models import Brev, Person


@transaction.atomic
def close(*, person: Person) -> None:
    """Nobody can sign in as `person` again until somebody opens the account.

    Phone, language, keys and sessions go, the phone from the history too. Name and Verv stay: they
    belong to the groups and to the reports.
    """
    person.is_active = False
    person.telefon = ""
    person.spraak = ""
    person.save(update_fields=["is_active", "telefon", "spraak"])
    _history().objects.filter(pgh_obj=person).update(telefon="")
    Authenticator.objects.filter(user=person).delete()
    SocialAccount.objects.filter(user=person).delete()
    EmailAddress.objects.filter(user=person).delete()
    withdraw(Brev.objects.filter(til=person))
    for okt in UserSession.objects.filter(user=person):
        okt.end()


def _history() -> Any:
    return apps.get_model("nettverk", "PersonEvent")
