"""To close one's own account: sign-in ends at once, and what only served the person goes."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from nettverk.flater import portaler
from nettverk.innlogging import kjent
from nettverk.models import Person
from nettverk.sikkerhet.okt import end_all


@transaction.atomic
def close(*, person: Person) -> None:
    """Nobody can sign in as `person` again until somebody opens the account.

    Keys and sessions go, and with them what each app kept only for the person's own sake
    (`Portal.lukk_konto`).
    """
    person.is_active = False
    person.save(update_fields=["is_active"])
    for portal in portaler():
        portal.lukk_konto(person)
    take_keys(person=person)
    EmailAddress.objects.filter(user=person).delete()


def take_keys(*, person: Person) -> None:
    """Passkeys, app and sign-ins with others go, every session ends and no browser is known: only the code
    in the mail is left."""
    Authenticator.objects.filter(user=person).delete()
    SocialAccount.objects.filter(user=person).delete()
    end_all(person)
    kjent.forget_everywhere(person)
