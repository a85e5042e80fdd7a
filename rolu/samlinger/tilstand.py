"""The states of a gathering, and the lock: utkast → invitert → pågår → oppsummering → låst.

Each change is one act that can be taken back until something has been sent. To invite is in
`publisering`, since it sends; the others send nothing.
"""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from evaluering.models import Undersokelse
from evaluering.undersokelser import runder
from fremtidsbilder.models import Samtalesporsmaal, Tankesmie
from fremtidsbilder.tankesmier import styring
from nettverk.arbeid import brev
from nettverk.models import Brev, Person
from nettverk.models.brev import BrevQuerySet
from nettverk.skriving.konflikt import KanIkke, Lukket
from rolu.models import (
    Behov,
    Bordkart,
    Deltakelse,
    Deltakerkode,
    Gruppetall,
    Oppsummering,
    Samling,
)
from rolu.samlinger.samlingsbrev import INVITASJON, PURRING

Status = Samling.Status


# --- the lock


def require_unlocked(samling: Samling) -> None:
    """Raises Lukket for a locked gathering."""
    if samling.er_laast:
        raise Lukket(_("Samlingen er låst, så ingenting kan endres. Åpne samlingen igjen først."))


def require_not_begun(samling: Samling) -> None:
    """Raises KanIkke for a gathering that has begun: answers, invitations and reminders are closed."""
    if samling.status == Status.PAAGAAR:
        raise KanIkke(_("Samlingen har startet."))


def hold(samling: Samling) -> Samling:
    """The gathering as it stands now, its row held to the end of the transaction: one at a time writes what
    concerns the whole (`no_key`: what only points to the gathering does not wait)."""
    rader = Samling.objects.select_related("mottakere").select_for_update(of=["self"], no_key=True)
    naa = rader.get(pk=samling.pk)
    naa.nettverk = samling.nettverk
    return naa


@contextmanager
def writing(samling: Samling) -> Iterator[Samling]:
    """Hold the gathering's row while something of it is written: nobody locks or ends it meanwhile. Yields
    it as it stands now; Lukket when it is locked."""
    with transaction.atomic():
        naa = hold(samling)
        require_unlocked(naa)
        yield naa


# --- the changes


@dataclass(frozen=True)
class Overgang:
    """A change of state one may make now: its name in the address, and the state it leads to."""

    navn: str
    til: str


def next_change(samling: Samling) -> Overgang | None:
    """The way on from here; None for a draft (it is published), what is not to be yet, and the last."""
    idag = timezone.localdate()
    if samling.status == Status.INVITERT and samling.dato <= idag:
        return Overgang("avslutt", Status.OPPSUMMERING) if samling.er_over else _START
    if samling.status == Status.PAAGAAR:
        return Overgang("avslutt", Status.OPPSUMMERING)
    if samling.status == Status.OPPSUMMERING:
        return Overgang("laas", Status.LAAST)
    return None


_START = Overgang("start", Status.PAAGAAR)


@transaction.atomic
def start(samling: Samling, *, by: Person) -> None:
    """It begins: answers are over, and letters about answering that have not gone are withdrawn."""
    naa = hold(samling)
    if naa.status == Status.PAAGAAR:
        samling.status = naa.status
        return
    require_start(naa)
    brev.withdraw(waiting_about_answering(naa))
    _set(samling, naa, Status.PAAGAAR)


def require_start(samling: Samling) -> None:
    """Raises KanIkke with the reason when it cannot begin."""
    require_unlocked(samling)
    if samling.status != Status.INVITERT:
        raise KanIkke(_("Bare en publisert samling kan starte."))
    if samling.dato > timezone.localdate():
        raise KanIkke(
            _("Samlingen kan ikke startes før %(dato)s.") % {"dato": date_format(samling.dato)}
        )


def waiting_about_answering(samling: Samling) -> BrevQuerySet:
    """Invitations and reminders that wait: they ask for an answer that nobody can give any more."""
    return Brev.objects.about(samling).filter(slag__in=[INVITASJON, PURRING]).waiting()


@transaction.atomic
def finish(samling: Samling, *, by: Person) -> None:
    """It is over: the desk closes, and the summary is next. Also one that nobody started."""
    naa = hold(samling)
    if naa.status == Status.OPPSUMMERING:
        samling.status = naa.status
        return
    require_finish(naa)
    brev.withdraw(waiting_about_answering(naa))
    for aapent in open_questions(naa):
        styring.freeze_question(aapent)
    _set(samling, naa, Status.OPPSUMMERING)


def require_finish(samling: Samling) -> None:
    """Raises KanIkke with the reason when it cannot end."""
    require_unlocked(samling)
    if samling.status not in (Status.INVITERT, Status.PAAGAAR):
        raise KanIkke(_("Bare en samling som pågår, kan avsluttes."))
    if samling.dato > timezone.localdate():
        raise KanIkke(
            _("Samlingen kan ikke avsluttes før %(dato)s.") % {"dato": date_format(samling.dato)}
        )


@transaction.atomic
def lock(samling: Samling, *, by: Person) -> None:
    """Nothing of it can be changed any more, until it is taken back; nor is anything written by a code."""
    naa = hold(samling)
    if naa.status == Status.LAAST:
        samling.status = naa.status
        return
    require_lock(naa)
    close_codes(naa)
    _set(samling, naa, Status.LAAST)


def open_questions(*samlinger: Samling) -> QuerySet[Samtalesporsmaal]:
    """What somebody may be writing to now at one of the gatherings, with its tankesmie."""
    aapne = Samtalesporsmaal.objects.filter(
        tankesmie__samtale__samling__in=samlinger, status=Samtalesporsmaal.Status.AAPENT
    )
    return aapne.select_related("tankesmie")


def close_codes(samling: Samling) -> None:
    """Nothing more is written by a code: neither in a tankesmie nor in the evaluation."""
    for tankesmie in Tankesmie.objects.filter(samtale__samling=samling, lukket__isnull=True):
        styring.close(tankesmie)
    aapne = Undersokelse.objects.filter(
        samlingsevaluering__samling=samling, aapnet__isnull=False, stengt__isnull=True
    )
    for undersokelse in aapne:
        runder.close(undersokelse)


def require_lock(samling: Samling) -> None:
    """Raises KanIkke with the reason when it cannot be locked."""
    if samling.status not in (Status.OPPSUMMERING, Status.LAAST):
        raise KanIkke(_("Avslutt samlingen før du låser den."))


def lock_when_done(samling: Samling, *, by: Person) -> bool:
    """Lock a gathering that is over and whose summary the members read, ended or not. Whether it is locked."""
    if not is_done(samling):
        return False
    if samling.status != Status.LAAST:
        finish(samling, by=by)
        lock(samling, by=by)
    return True


def is_done(samling: Samling) -> bool:
    """Whether it is over and its summary is shared: then the next one is what people work with. One query."""
    delt = Oppsummering.objects.filter(samling=samling, publisert__isnull=False)
    return samling.er_publisert and samling.er_over and delt.exists()


@transaction.atomic
def take_back(samling: Samling, *, fra: str, by: Person) -> None:
    """One state back from `fra`, the state that the person saw. Twice is once. Raises KanIkke when something
    has been sent that a step back would make untrue, or somebody else has changed it meanwhile."""
    naa = hold(samling)
    if naa.status != fra:
        if fra in _BACK and naa.status == _came_from(naa, fra):
            samling.status = naa.status
            return
        raise KanIkke(
            _("Noen andre har endret samlingen i mellomtiden. Samlingen står nå som «%(stand)s».")
            % {"stand": naa.get_status_display()}
        )
    require_back(naa)
    til = back_to(naa)
    if naa.status == Status.INVITERT:
        brev.withdraw(Brev.objects.about(naa).filter(slag=INVITASJON))
        # Somebody may have got theirs between the look and the hold.
        require_back(naa)
        Deltakelse.objects.filter(samling=naa).delete()
        Behov.objects.filter(samling=naa).delete()  # what those people needed there
        Gruppetall.objects.filter(samling=naa).delete()
        Deltakerkode.objects.filter(samling=naa).delete()
        Bordkart.objects.filter(samling=naa).delete()
        naa.publisert = samling.publisert = None
        naa.save(update_fields=["publisert"])
    _set(samling, naa, til)


# The states that come before each, the nearest first.
_BACK: dict[str, tuple[str, ...]] = {
    Status.INVITERT: (Status.UTKAST,),
    Status.PAAGAAR: (Status.INVITERT,),
    Status.OPPSUMMERING: (Status.PAAGAAR, Status.INVITERT),
    Status.LAAST: (Status.OPPSUMMERING,),
}


def back_to(samling: Samling) -> str:
    """The state that `take_back` leads to: the one it came from, since one may end what nobody started.
    At most one query."""
    return _came_from(samling, samling.status)


def _came_from(samling: Samling, status: str) -> str:
    foer = _BACK[status]
    if len(foer) == 1:
        return foer[0]
    hendelser = _history(samling).filter(status__in=foer)
    sist = hendelser.order_by("-pgh_id").values_list("status", flat=True).first()
    return sist or foer[0]


def require_back(samling: Samling) -> None:
    """Raises KanIkke with the reason when the last change cannot be taken back."""
    if samling.status not in _BACK:
        raise KanIkke(_("Det er ingenting å angre."))
    if samling.status == Status.INVITERT:
        _require_nobody_knows(samling)
    if samling.status == Status.OPPSUMMERING:
        delt = Oppsummering.objects.filter(samling=samling, publisert__isnull=False)
        if delt.exists():
            raise KanIkke(_("Oppsummeringen er delt, så avslutningen kan ikke angres."))


def _require_nobody_knows(samling: Samling) -> None:
    """One query."""
    egne = Deltakelse.objects.filter(samling=samling)
    sendt, svart, gjester, moett = (
        Samling.objects.filter(pk=samling.pk)
        .values_list(
            Exists(Brev.objects.about(samling).told()),
            Exists(egne.filter(svart__isnull=False)),
            Exists(samling.gjester.all()),
            Exists(egne.met()),
        )
        .get()
    )
    if sendt:
        raise KanIkke(
            _(
                "Invitasjonen er sendt, så samlingen kan ikke bli utkast igjen. Du kan avlyse samlingen."
            )
        )
    if svart or gjester:
        raise KanIkke(_("Noen har svart, så samlingen kan ikke bli utkast igjen."))
    if moett:
        raise KanIkke(_("Noen har møtt, så samlingen kan ikke bli utkast igjen."))


def can_take_back(samling: Samling) -> bool:
    """Whether `take_back` would do it. At most one query."""
    try:
        require_back(samling)
    except KanIkke:
        return False
    return True


@dataclass(frozen=True)
class Siste:
    """Who changed the state last, and when; nobody when the portal did."""

    naar: datetime.datetime
    av: str


def last_change(samling: Samling) -> Siste | None:
    """When the gathering came into the state it is in, and who did it, by its history. Two queries."""
    kom = _came_to(samling, samling.status)
    foerste = kom.values_list("pgh_created_at", "pgh_context__metadata__user").first()
    if foerste is None:
        return None
    navn = Person.objects.filter(pk=foerste[1] or 0).values_list("navn", flat=True).first()
    return Siste(foerste[0], navn or "")


def ended(samling: Samling) -> datetime.datetime:
    """When somebody ended a gathering that is ended, the last time they did. One query."""
    kom = _came_to(samling, Status.OPPSUMMERING, Status.LAAST)
    return kom.values_list("pgh_created_at", flat=True).first() or samling.slutt


def _came_to(samling: Samling, *statuser: str) -> QuerySet[Any]:
    """The history of the gathering since it came into one of these states, where it still is; the first first."""
    hendelser = _history(samling)
    andre = hendelser.exclude(status__in=statuser).order_by().values("pgh_obj")
    sist = Coalesce(Subquery(andre.annotate(sist=Max("pgh_id")).values("sist")), 0)
    return hendelser.filter(pgh_id__gt=sist).order_by("pgh_id")


def _history(samling: Samling) -> QuerySet[Any]:
    """What the gathering has been, as the database has kept it."""
    modell: Any = Samling
    hendelser: QuerySet[Any] = modell.pgh_event_model.objects.filter(pgh_obj=samling.pk)
    return hendelser


def _set(samling: Samling, naa: Samling, status: str) -> None:
    naa.status = samling.status = status
    naa.save(update_fields=["status"])
