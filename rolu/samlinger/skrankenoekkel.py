"""The key that a desk's names lie encrypted under in the browser.

It comes with the names, to somebody who may see them, and lies in the window's own storage: a reload without
network works, and a closed window leaves nothing that can be read. The same person gets the same key the next
time, so that what waits to be sent can be read after signing in again.
"""

import base64

from django.utils.crypto import salted_hmac

from nettverk.models import Person
from rolu.models import Samling


def key_of(person: Person, samling: Samling) -> str:
    """256 bits, base64: of the portal's own key, the person and the gathering."""
    noekkel = salted_hmac(
        "rolu.skrankenoekkel", f"{person.pk}:{samling.pk}", algorithm="sha256"
    ).digest()
    return base64.b64encode(noekkel).decode()
