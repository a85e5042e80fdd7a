"""What must lie in the database for a moment without being readable there: sealed with a key that is
derived from SECRET_KEY, which is not in the database or in its backup."""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac


class Uleselig(ValueError):
    """It was sealed with another key, or is not what was sealed."""


def seal(tekst: str) -> str:
    """Sealed; never the same twice."""
    return _laas().encrypt(tekst.encode()).decode()


def unseal(forseglet: str) -> str:
    try:
        return _laas().decrypt(forseglet.encode()).decode()
    except InvalidToken as feil:
        raise Uleselig from feil


def _laas() -> MultiFernet:
    """Sealed with today's key; what was sealed before the key was changed can still be opened."""
    return MultiFernet(
        [
            Fernet(
                base64.urlsafe_b64encode(
                    salted_hmac(__name__, "", secret=noekkel, algorithm="sha256").digest()
                )
            )
            for noekkel in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        ]
    )
