"""The big screen: choose what it shows, say something over it, count down. The last who steers it wins.

Each act raises `versjon` in the transaction of what it changes, so that whoever has a version has all of it.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from nettverk.skriving.konflikt import KanIkke
from rolu.models import Samling, Storskjerm
from rolu.samlinger.fortalt import opening_picture
from rolu.samlinger.tilstand import writing

# The picture there always is: what goes on, and what comes.
NAA = "naa"
# So long it says that the time is out, before what goes on is shown again.
_UTE = datetime.timedelta(minutes=1)


@dataclass(frozen=True)
class Skjermstand:
    """What holds on the screen at one moment: a message whose time is out, or a countdown that is done, does not."""

    bilde: str
    beskjed: str
    beskjed_til: datetime.datetime | None
    nedtelling_til: datetime.datetime | None


def screen_of(samling: Samling) -> Storskjerm:
    """The gathering's screen; made when it is first asked for, with what is told since last as its first picture."""
    try:
        skjerm: Storskjerm = samling.storskjerm
    except Storskjerm.DoesNotExist:
        bilde = opening_picture(samling)
        skjerm = Storskjerm.objects.get_or_create(samling=samling, defaults={"bilde": bilde})[0]
    return skjerm


def state_of(skjerm: Storskjerm, naa: datetime.datetime | None = None) -> Skjermstand:
    """The screen as it is to look at `naa`."""
    naa = naa or timezone.now()
    sies = skjerm.beskjed_til is not None and skjerm.beskjed_til > naa
    telles = skjerm.nedtelling_til is not None and skjerm.nedtelling_til + _UTE > naa
    return Skjermstand(
        skjerm.bilde,
        skjerm.beskjed if sies else "",
        skjerm.beskjed_til if sies else None,
        skjerm.nedtelling_til if telles else None,
    )


def require_shown(samling: Samling) -> None:
    """Raises KanIkke for a gathering that has no screen: nobody knows of it, or it is called off."""
    if not samling.er_publisert:
        raise KanIkke(_("Storskjermen kan brukes når samlingen er publisert."))


def show(samling: Samling, *, bilde: str) -> None:
    """Show another picture. What is said over it, and the countdown, stay."""
    _change(samling, bilde=bilde)


def take_down(samling: Samling, *, bilde: str) -> None:
    """«Nå og neste» again, if that picture is what is chosen; also of a locked gathering, since it adds nothing."""
    rader = Storskjerm.objects.filter(samling=samling, bilde=bilde)
    rader.update(bilde=NAA, versjon=F("versjon") + 1)


def say(samling: Samling, *, beskjed: str, minutter: int) -> None:
    """Say something over whatever is shown, for so many minutes; it takes the place of what was said."""
    _change(samling, beskjed=beskjed, beskjed_til=_in(minutter))


def unsay(samling: Samling) -> None:
    """Take away what is said. Twice changes nothing."""
    _change(samling, beskjed="", beskjed_til=None)


def count_down(samling: Samling, *, minutter: int) -> None:
    """Count down from now."""
    _change(samling, nedtelling_til=_in(minutter))


def stop_counting(samling: Samling) -> None:
    """No countdown. Twice changes nothing."""
    _change(samling, nedtelling_til=None)


def _in(minutter: int) -> datetime.datetime:
    return timezone.now() + datetime.timedelta(minutes=minutter)


def _change(samling: Samling, **felt: Any) -> None:
    with writing(samling) as naa:
        require_shown(naa)
        skjerm, _ny = Storskjerm.objects.get_or_create(samling=naa)
        Storskjerm.objects.filter(pk=skjerm.pk).update(versjon=F("versjon") + 1, **felt)
