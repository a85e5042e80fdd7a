"""The key to what a person has written and the portal has not got yet (static/js/autolagre.js).

The text waits in the browser, so that no sentence is lost when the net or the session is. It lies there
encrypted: the same person signing in again gets it back, and the next one at the machine sees nothing.
"""

import base64

from django.utils.crypto import salted_hmac

from nettverk.models.person import Person


def key_of(person: Person) -> str:
    """32 bytes for AES-GCM, the same at every sign-in; made of SECRET_KEY, and written nowhere."""
    noekkel = salted_hmac("nettverk.kladdnoekkel", str(person.pk), algorithm="sha256").digest()
    return base64.b64encode(noekkel).decode()
