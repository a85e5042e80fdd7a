"""Ask for a code, and read it in the mail that the portal's lane has really sent."""

import re

from django.test import Client

from nettverk.arbeid import kontopost
from nettverk.demo import post

LOGG_INN = "/konto/logg-inn/"
KODE = "/konto/logg-inn/kode/"
MOENSTER = r"\b\d{4} \d{4} \d{4}\b"


def ask(client: Client, epost: str, **felt: str):
    return client.post(LOGG_INN, {"login": epost, **felt})


def newest_letter(til: str = "") -> post.Postkassebrev:
    kontopost.send_waiting()
    return next(post.letters(til))


def newest_code(til: str = "") -> str:
    """As it stands in the mail: «4821 7730 1956»."""
    brev = newest_letter(til)
    funnet = re.search(rf"^\s+({MOENSTER})$", brev.tekst, re.MULTILINE)
    assert funnet, brev.tekst
    return funnet[1]


def wrong(kode: str) -> str:
    """Another code of the same length."""
    return str((int(kode.replace(" ", "")) + 1) % 10**12).zfill(12)
