"""Sessions as they are after a while, or after more than a code by e-mail."""

import time

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.test import Client

from nettverk.models import Person


def pass_time(client: Client, *, minutter: float) -> None:
    """It is so long since the person signed in and was last here."""
    okt = client.session
    for navn in ("innlogget", "sist_brukt"):
        okt[navn] -= minutter * 60
    okt.save()


def use_passkey(client: Client, person: Person) -> None:
    """The session has shown a passkey, as if signed in with it."""
    okt = client.session
    okt["account_authentication_methods_user"] = str(person.pk)
    okt[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "mfa", "type": "webauthn", "id": 0, "passwordless": True, "at": time.time()}
    ]
    okt.save()


def sign_in_administrator(client: Client, person: Person) -> None:
    """An administrator with a passkey."""
    client.force_login(person)
    use_passkey(client, person)
