"""A browser in which the person has signed in before has a count of tries of its own.

A stranger who writes wrong codes for somebody else's address fills the count of strange browsers, and
the owner is not shut out of the browser they always use. The cookie gives nothing else: it signs nobody
in. It holds the number of the person, a random part and when it was given, signed.
"""

import secrets
import time
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from nettverk.models.person import Person

_SALT = "nettverk.kjent_nettleser"
_SALT_LENKE = "nettverk.kjent_nettleser.lenke"
VARER = timedelta(days=180)
_LENKEN_VARER = timedelta(days=1)
_MAKS = 5  # people in one browser

# Person, random part, when.
Innslag = tuple[int, str, float]


def cookie_name() -> str:
    return "__Host-kjent" if settings.SESSION_COOKIE_SECURE else "kjent"


def browser(request: HttpRequest, person: Person | None) -> str:
    """The random part of this browser, when the person has signed in in it before; else ""."""
    if person is None:
        return ""
    for pk, tilfeldig, gitt in _read(request):
        if pk == person.pk and _holds(person, gitt):
            return tilfeldig
    return ""


def remember(request: HttpRequest, svar: HttpResponse, person: Person, tilfeldig: str = "") -> None:
    """From now on this is a browser that the person has signed in in."""
    gammelt = tilfeldig or browser(request, person)
    andre = [innslag for innslag in _read(request) if innslag[0] != person.pk]
    nytt = (person.pk, gammelt or secrets.token_hex(8), time.time())
    _write(svar, [nytt, *andre][:_MAKS])


def forget(request: HttpRequest, svar: HttpResponse, person: Person) -> None:
    """Others use this machine too."""
    alle = _read(request)
    andre = [innslag for innslag in alle if innslag[0] != person.pk]
    if andre != alle:
        _write(svar, andre)


def forget_everywhere(person: Person) -> None:
    """No browser is known any more: the person has signed out everywhere, or closed the account."""
    person.nettlesere_glemt = timezone.now()
    person.save(update_fields=["nettlesere_glemt"])


def _holds(person: Person, gitt: float) -> bool:
    glemt = person.nettlesere_glemt
    return glemt is None or gitt > glemt.timestamp()


def _read(request: HttpRequest) -> list[Innslag]:
    try:
        alle = signing.loads(request.COOKIES.get(cookie_name(), ""), salt=_SALT, max_age=VARER)
    except signing.BadSignature:
        return []
    return [(pk, tilfeldig, gitt) for pk, tilfeldig, gitt in alle]


def _write(svar: HttpResponse, alle: list[Innslag]) -> None:
    svar.set_cookie(
        cookie_name(),
        signing.dumps(alle, salt=_SALT),
        max_age=VARER,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


# --- a link by e-mail makes a browser known


def link_token(person: Person) -> str:
    """For the address in the letter about many tries. All browsers it is opened in share one count."""
    return signing.dumps([person.pk, secrets.token_hex(8), time.time()], salt=_SALT_LENKE)


def read_link(token: str) -> tuple[Person, str] | None:
    """The person and the random part, while the link holds."""
    try:
        pk, tilfeldig, gitt = signing.loads(token, salt=_SALT_LENKE, max_age=_LENKEN_VARER)
    except signing.BadSignature:
        return None
    person = Person.objects.filter(pk=pk, is_active=True).first()
    return (person, tilfeldig) if person and _holds(person, gitt) else None
