"""The states of a gathering, and the lock: utkast → invitert → pågår → oppsummering → låst.

Each change is one act that can be taken back until something has been sent. To invite is in
`publisering`, since it sends; the others send nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from nettverk.arbeid import brev
from nettverk.models import Brev, Person
from nettverk.skriving.konflikt import KanIkke, Lukket
from rolu.models import Deltakelse, Samling
from rolu.samlinger.samlingsbrev import INVITASJON, PURRING

Status = Samling.Status


# --- the lock


def require_unlocked(samling: Samling) -> None:
    """Raises Lukket for a locked gathering."""
    if samling.er_laast:
        raise Lukket(_("Samlingen er låst, så ingenting kan endres. Åpne den igjen først."))


@contextmanager
def writing(samling: Samling) -> Iterator[Samling]:
    """Hold the gathering's row while something of it is written: nobody locks or ends it meanwhile. Yields
    it as it stands now; Lukket when it is locked.

    One at a time writes what concerns the whole (`no_key`: what only points to the gathering does not wait).
    """
    with transaction.atomic():
        naa = Samling.objects.select_for_update(of=["self"], no_key=True).get(pk=samling.pk)
        naa.nettverk = samling.nettverk
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
    naa = _held(samling)
    if naa.status == Status.PAAGAAR:
        return
    if naa.status != Status.INVITERT:
        raise KanIkke(_("Bare en samling som er invitert til, kan starte."))
    if naa.dato > timezone.localdate():
        raise KanIkke(
            _("Samlingen kan ikke startes før %(dato)s.") % {"dato": date_format(naa.dato)}
        )
    brev.withdraw(Brev.objects.about(naa).filter(slag__in=[INVITASJON, PURRING]))
    _set(samling, naa, Status.PAAGAAR)


@transaction.atomic
def finish(samling: Samling, *, by: Person) -> None:
    """It is over: the desk closes, and the summary is next. Also one that nobody started."""
    naa = _held(samling)
    if naa.status == Status.OPPSUMMERING:
        return
    if naa.status not in (Status.INVITERT, Status.PAAGAAR):
        raise KanIkke(_("Bare en samling som pågår, kan avsluttes."))
    if naa.dato > timezone.localdate():
        raise KanIkke(
            _("Samlingen kan ikke avsluttes før %(dato)s.") % {"dato": date_format(naa.dato)}
        )
    _set(samling, naa, Status.OPPSUMMERING)


@transaction.atomic
def lock(samling: Samling, *, by: Person) -> None:
    """Nothing of it can be changed any more, until it is taken back."""
    naa = _held(samling)
    if naa.status == Status.LAAST:
        return
    if naa.status != Status.OPPSUMMERING:
        raise KanIkke(_("Avslutt samlingen før du låser den."))
    _set(samling, naa, Status.LAAST)


@transaction.atomic
def take_back(samling: Samling, *, by: Person) -> None:
    """One state back. Raises KanIkke when something has been sent that a step back would make untrue."""
    naa = _held(samling)
    require_back(naa)
    if naa.status == Status.INVITERT:
        brev.withdraw(Brev.objects.about(naa).filter(slag=INVITASJON))
        # Somebody may have got theirs between the look and the hold.
        require_back(naa)
        Deltakelse.objects.filter(samling=naa).delete()
        naa.publisert = samling.publisert = None
        naa.save(update_fields=["publisert"])
    _set(samling, naa, _BACK[naa.status])


_BACK: dict[str, str] = {
    Status.INVITERT: Status.UTKAST,
    Status.PAAGAAR: Status.INVITERT,
    Status.OPPSUMMERING: Status.PAAGAAR,
    Status.LAAST: Status.OPPSUMMERING,
}


def require_back(samling: Samling) -> None:
    """Raises KanIkke with the reason when the last change cannot be taken back."""
    if samling.status not in _BACK:
        raise KanIkke(_("Det er ingenting å angre."))
    if samling.status == Status.INVITERT:
        if Brev.objects.about(samling).told().exists():
            raise KanIkke(
                _(
                    "Invitasjonen er sendt, så samlingen kan ikke bli utkast igjen. Du kan avlyse den."
                )
            )
        if Deltakelse.objects.filter(samling=samling, svart__isnull=False).exists():
            raise KanIkke(_("Noen har svart, så samlingen kan ikke bli utkast igjen."))
        if Deltakelse.objects.filter(samling=samling).met().exists():
            raise KanIkke(_("Noen har møtt, så samlingen kan ikke bli utkast igjen."))
    if samling.status == Status.OPPSUMMERING:
        oppsummering = getattr(samling, "oppsummering", None)
        if oppsummering and oppsummering.publisert:
            raise KanIkke(_("Oppsummeringen er delt, så samlingen kan ikke åpnes igjen."))


def can_take_back(samling: Samling) -> bool:
    """Whether `take_back` would do it. At most three queries."""
    try:
        require_back(samling)
    except KanIkke:
        return False
    return True


def _held(samling: Samling) -> Samling:
    naa = Samling.objects.select_for_update(of=["self"]).get(pk=samling.pk)
    naa.nettverk = samling.nettverk
    return naa


def _set(samling: Samling, naa: Samling, status: str) -> None:
    naa.status = samling.status = status
    naa.save(update_fields=["status"])
