"""Items of a programme that are in each other's way: the same people must be in both, or the same person
leads both, or both are in the same room. A break is everybody's."""

import re
from dataclasses import dataclass
from enum import Enum, auto

from django.utils.translation import gettext as _

from rolu.models import Programpost

_FOR_ALLE = {Programpost.Arbeidsform.PLENUM, Programpost.Arbeidsform.PAUSE}
# «Kari Nes, Ola Moe og Eva Lie»: one name after another.
_MELLOM_NAVN = re.compile(r"[,;/&+]|\b(?:og|and)\b", re.IGNORECASE)


class Om(Enum):
    """What two items both want."""

    TID = auto()
    PERSON = auto()
    ROM = auto()


@dataclass(frozen=True)
class Kollisjon:
    """`post` is in the way of `annen`, which stands before it in the programme."""

    post: Programpost
    annen: Programpost
    om: Om
    minutter: int
    navn: str = ""

    def __str__(self) -> str:
        """As it stands at the item."""
        tekst = {
            Om.TID: _("Går samtidig med «%(annen)s»"),
            Om.PERSON: _("%(navn)s leder også «%(annen)s»"),
            Om.ROM: _("%(navn)s er også i bruk til «%(annen)s»"),
        }[self.om]
        return tekst % {"navn": self.navn, "annen": self.annen.tittel}

    @property
    def setning(self) -> str:
        """As it stands alone."""
        tekst = {
            Om.TID: _("«%(post)s» går samtidig med «%(annen)s»."),
            Om.PERSON: _("%(navn)s leder både «%(annen)s» og «%(post)s» samtidig."),
            Om.ROM: _("%(navn)s er i bruk til både «%(annen)s» og «%(post)s» samtidig."),
        }[self.om]
        return tekst % {"navn": self.navn, "post": self.post.tittel, "annen": self.annen.tittel}


def between(post: Programpost, annen: Programpost) -> list[Kollisjon]:
    """What `post` and `annen` both want. Of a break only the time: whoever is in its room has it anyway."""
    felles = min(post.slutt, annen.slutt) - max(post.start, annen.start)
    minutter = int(felles.total_seconds() // 60)
    if minutter <= 0:
        return []
    samtidig = (
        [Kollisjon(post, annen, Om.TID, minutter)] if _same_people_in_both(post, annen) else []
    )
    if post.er_pause or annen.er_pause:
        return samtidig
    her = _people(post)
    funn = [
        Kollisjon(post, annen, Om.PERSON, minutter, navn)
        for noekkel, navn in _people(annen).items()
        if noekkel in her
    ]
    if _plain(post.rom) and _plain(post.rom) == _plain(annen.rom):
        funn.append(Kollisjon(post, annen, Om.ROM, minutter, annen.rom))
    return [*funn, *samtidig]


def _same_people_in_both(post: Programpost, annen: Programpost) -> bool:
    """In the same track; and when one of them has no track, all are together in it. Workshops beside each
    other are for some each; a break with no track is for all."""
    if post.spor and annen.spor:
        return _plain(post.spor) == _plain(annen.spor)
    return not _FOR_ALLE.isdisjoint({post.arbeidsform, annen.arbeidsform})


def _people(post: Programpost) -> dict[str, str]:
    """Those who lead it, each as it is written."""
    navn = [" ".join(del_.split()) for del_ in _MELLOM_NAVN.split(post.leder)]
    return {_plain(del_): del_ for del_ in navn if del_}


def _plain(tekst: str) -> str:
    """The same name however it is written: capitals and spaces do not count."""
    return " ".join(tekst.split()).casefold()
