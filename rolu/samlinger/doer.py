"""The door of a gathering: whoever has a participant's code (`koder`) says «jeg er her» without signing in.

It works from two hours before a day begins until that day ends. It tells the first name and the gathering, and nothing
else.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from django.utils import timezone

from nettverk.models import Person
from nettverk.side import kode as tegnet
from rolu.models import Dagsoppmoete, Deltakelse, Deltakerkode, Gjest, Samling, Samlingsdag
from rolu.samlinger import innsjekk
from rolu.samlinger.bord.eget import table_by_code
from rolu.samlinger.dager import days
from rolu.samlinger.koder import code_of
from rolu.samlinger.tilstand import writing

AAPNER = datetime.timedelta(hours=2)


class Doerstand(Enum):
    """What a code is good for now."""

    AAPEN = "aapen"
    INNE = "inne"
    SKRANKEN = "skranken"
    TIDLIG = "tidlig"
    SENT = "sent"
    UTE = "ute"
    AVLYST = "avlyst"


@dataclass(frozen=True)
class Doersvar:
    """What whoever holds a code is told. Of the person only the first name."""

    samling: Samling
    stand: Doerstand
    fornavn: str
    dag: Samlingsdag | None = None
    bord: int | None = None

    @property
    def aapner(self) -> datetime.datetime | None:
        return self.dag.start - AAPNER if self.dag else None


def look_up(kode: str, *, naa: datetime.datetime | None = None) -> Doersvar | None:
    """What the code is good for; None when it is nobody's. Five queries at most."""
    rad = _find(kode)
    return _answer(rad, naa or timezone.now()) if rad else None


def _find(kode: str) -> Deltakerkode | None:
    return (
        Deltakerkode.objects.select_related("samling__nettverk", "person", "gjest")
        .filter(kode=tegnet.read(kode))
        .first()
    )


def _answer(rad: Deltakerkode, naa: datetime.datetime) -> Doersvar | None:
    samling = rad.samling
    hvem = rad.person or rad.gjest
    navn = hvem.navn.split() if hvem else []
    if not navn or samling.er_utkast:
        return None
    alle = days(samling)
    dag = next((d for d in alle if d.slutt > naa), None)
    if samling.er_avlyst:
        stand = Doerstand.AVLYST
    elif samling.er_avsluttet or dag is None:
        stand = Doerstand.INNE if _is_in(rad, alle[-1].dato) else Doerstand.SENT
    elif _is_in(rad, dag.dato):
        stand = Doerstand.INNE
    elif naa < dag.start - AAPNER:
        # Who is off the list may still come to the door, but is not asked to.
        ute = rad.gjest is not None and rad.gjest.status == Gjest.Status.AVMELDT
        stand = Doerstand.UTE if ute else Doerstand.TIDLIG
    else:
        stand = Doerstand.AAPEN if _has_place(rad) else Doerstand.SKRANKEN
    bord = table_by_code(rad) if stand == Doerstand.INNE and not samling.er_over else None
    return Doersvar(samling, stand, navn[0], dag, bord)


def _is_in(rad: Deltakerkode, dato: datetime.date) -> bool:
    egne = Deltakelse.objects.filter(samling=rad.samling, verv__person=rad.person)
    if rad.samling.varer_flere_dager:
        hvem = {"gjest": rad.gjest} if rad.gjest else {"deltakelse__in": egne}
        return Dagsoppmoete.objects.filter(samling=rad.samling, dato=dato, **hvem).exists()
    return rad.gjest.moett is not None if rad.gjest else egne.met().exists()


def _has_place(rad: Deltakerkode) -> bool:
    """Whether whoever has the code may say that they are here. Somebody else may have the place of who has
    declined, or was let go of: that is for people to sort out, at the desk. One query."""
    if rad.gjest:
        return rad.gjest.status == Gjest.Status.PAAMELDT
    if rad.person is None or not rad.person.is_active:
        return False
    egne = Deltakelse.objects.filter(
        samling=rad.samling,
        verv__person=rad.person,
        verv__gyldig__contains=rad.samling.dato,
    )
    return lets_in(egne.values_list("status", flat=True))


def lets_in(statuser: Iterable[str]) -> bool:
    """Whether who has answered so, by each of their Verv, is let in by a code: not who waits for a place; who has
    not answered may come all the same."""
    mulig, svar = Deltakelse.Status, set(statuser)
    return mulig.PAAMELDT in svar or (mulig.INVITERT in svar and mulig.VENTER not in svar)


def use(kode: str) -> Doersvar | None:
    """«Jeg er her»: tick in whoever the code is for. Twice is once. What it is good for now, None when it is
    nobody's; KanIkke when it cannot be done after all."""
    rad = _find(kode)
    svar = _answer(rad, timezone.now()) if rad else None
    if rad is None or svar is None or svar.stand != Doerstand.AAPEN:
        return svar
    with writing(rad.samling):
        # Nobody takes the place between the look and the tick.
        rad = _find(kode)
        svar = _answer(rad, timezone.now()) if rad else None
        if rad is None or svar is None or svar.stand != Doerstand.AAPEN or svar.dag is None:
            return svar
        if rad.gjest:
            innsjekk.check_in_guest(rad.samling, gjest=rad.gjest, by=None, dag=svar.dag.dato)
        elif rad.person:
            innsjekk.check_in(rad.samling, person=rad.person, by=None, dag=svar.dag.dato)
    return Doersvar(svar.samling, Doerstand.INNE, svar.fornavn, svar.dag)


def own_code(samling: Samling, person: Person) -> str:
    """The code to show somebody who comes: from the day before the gathering until its last day, unless it is
    ended. "" otherwise. Makes it when it is missing. One query when it is there, none on other days."""
    if samling.status not in (Samling.Status.INVITERT, Samling.Status.PAAGAAR):
        return ""
    idag = timezone.localdate()
    foer = samling.dato - datetime.timedelta(days=1)
    if not foer <= idag <= timezone.localtime(samling.slutt).date():
        return ""
    return code_of(samling, person)


def own_door(samling: Samling, person: Person, kode: str) -> Doerstand | None:
    """What the person's own code (`own_code`) is good for now. One query."""
    rad = Deltakerkode(samling=samling, person=person, kode=kode)
    svar = _answer(rad, timezone.now())
    return svar.stand if svar else None
