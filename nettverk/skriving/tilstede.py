"""Who writes here now: told to the others who have the same page open, and forgotten within a minute.

It lies in the cache only. Where the cache is away nobody is told of, and nothing else changes: two who write at
once are kept apart by the text's version.
"""

import time

from django.core.cache import cache
from django.utils.translation import gettext as _

from nettverk.models import Person

# The page says every 20 seconds that somebody is there.
_GLEMMES = 50


def note(sted: str, person: Person) -> None:
    """This person has `sted` open."""
    alle = _here(sted)
    alle[person.pk] = (person.navn.split()[0], time.time())
    cache.set(_key(sted), alle, _GLEMMES)


def others(sted: str, person: Person) -> list[str]:
    """The first names of those who have it open besides `person`, in the order of who came first."""
    return [navn for pk, (navn, _naar) in sorted(_here(sted).items()) if pk != person.pk]


def in_words(navn: list[str]) -> str:
    """«Åse skriver her nå»; nothing when nobody does."""
    if not navn:
        return ""
    if len(navn) == 1:
        return _("%(navn)s skriver her nå") % {"navn": navn[0]}
    felt = {"navn": ", ".join(navn[:-1]), "siste": navn[-1]}
    return _("%(navn)s og %(siste)s skriver her nå") % felt


def _key(sted: str) -> str:
    return f"tilstede:{sted}"


def _here(sted: str) -> dict[int, tuple[str, float]]:
    siden = time.time() - _GLEMMES
    return {
        pk: (navn, sist)
        for pk, (navn, sist) in (cache.get(_key(sted)) or {}).items()
        if sist >= siden
    }
