"""The check-in desk: find a person by three letters, tick them in, undo, add a walk-in.

A person is ticked in once, whatever the number of Verv they come by: all their rows are met together. All
that ticks goes through `register`, which keeps a log of it with the key it was given where it was done: a
desk without network sends later, and perhaps twice. Of a gathering over several days the desk works for one
of them. How it is written is `rolu.samlinger.skrankebok`.
"""

import datetime
import logging
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import DatabaseError, OperationalError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from nettverk.models import Person
from nettverk.skriving.konflikt import KanIkke, Lukket
from rolu.models import Gjest, Innsjekkhendelse, Samling
from rolu.samlinger.skrankebok import (
    Skrankebok,
    Skrankehendelse,
    end_of,
    first_day,
    opens_on,
    require_not_shut,
)
from rolu.samlinger.skrankesok import known_people
from rolu.samlinger.tilstand import writing

logger = logging.getLogger(__name__)


def closed(samling: Samling, dag: datetime.date | None = None) -> str:
    """Why nobody is ticked in now; "" when the desk is open. It opens on the first day, for `dag` of several on
    that day, and closes when somebody ends the gathering."""
    dager = [d for d in (first_day(samling), dag) if d and d > timezone.localdate()]
    return shut(samling) or (opens_on(max(dager)) if dager else "")


def shut(samling: Samling) -> str:
    """Why nobody is ticked in, whatever the day; "" when only the day decides. A desk without network follows the
    clock itself (`first_day`, and each day of several)."""
    try:
        require_not_shut(samling, timezone.now(), slutt=end_of(samling))
    except KanIkke as nei:
        return str(nei)
    return ""


def register(
    samling: Samling, hendelser: Sequence[Skrankehendelse], *, by: Person | None
) -> dict[uuid.UUID, str]:
    """Write what was done at a desk, in its order. Answers for each key: "" when it is taken, else why it was not.

    A key that has come before is taken, and changes nothing. What is refused stops nothing else. Of two
    things done with the same person on the same day, the one done last holds, whichever came first.
    """
    try:
        with writing(samling) as naa:
            return _taken(naa, hendelser, by)
    except Lukket as problem:
        kjente = _known(samling, hendelser)
        return {h.id: "" if h.id in kjente else str(problem) for h in hendelser}


def _taken(
    samling: Samling, hendelser: Sequence[Skrankehendelse], by: Person | None
) -> dict[uuid.UUID, str]:
    """The answer for each key. When the database refuses what is written, each is written alone, and only what it
    refuses is not taken."""
    try:
        with transaction.atomic():
            return _written(samling, hendelser, by)
    except OperationalError:  # the database is away, or busy: the desk sends it again
        raise
    except DatabaseError:
        if len(hendelser) > 1:
            return {k: nei for h in hendelser for k, nei in _taken(samling, [h], by).items()}
        # Sent again it would be refused again, and the rest of the desk's list with it.
        [h] = hendelser
        logger.exception("rolu.innsjekk: %s %s could not be written", h.handling, h.id)
        return {h.id: _("Registreringen kunne ikke brukes.")}


def _written(
    samling: Samling, hendelser: Sequence[Skrankehendelse], by: Person | None
) -> dict[uuid.UUID, str]:
    folk = _may_be_named(samling, hendelser)
    bok = Skrankebok(samling, hendelser, by=by)
    svar: dict[uuid.UUID, str] = {}
    for h in hendelser:
        svar[h.id] = ""
        try:
            if h.person is not None and h.person not in folk:
                raise KanIkke(_("Vi fant ikke personen. Søk på nytt."))
            if not bok.has(h):
                bok.write(h)
        except KanIkke as problem:
            svar[h.id] = str(problem)
    bok.close()
    return svar


def _may_be_named(samling: Samling, hendelser: Iterable[Skrankehendelse]) -> set[int]:
    kjente = known_people(samling).filter(pk__in=[h.person for h in hendelser if h.person])
    return set(kjente.values_list("pk", flat=True))


def _known(samling: Samling, hendelser: Iterable[Skrankehendelse]) -> set[uuid.UUID]:
    rader = Innsjekkhendelse.objects.filter(samling=samling, pk__in=[h.id for h in hendelser])
    return set(rader.values_list("pk", flat=True))


def written_elsewhere(
    samling: Samling, hendelser: Iterable[Skrankehendelse]
) -> dict[uuid.UUID, str]:
    """Of the guests a desk has written down, by key, those who stood on the list already: in words for the desk.
    They are counted once (`Skrankebok`). One query, none when no guest is written down."""
    noekler = [h.id for h in hendelser if h.handling == Innsjekkhendelse.Handling.GJEST]
    if not noekler:
        return {}
    fra_skranke = Innsjekkhendelse.objects.filter(
        gjest=OuterRef("gjest"), handling=Innsjekkhendelse.Handling.GJEST
    )
    rader = Innsjekkhendelse.objects.filter(
        samling=samling, pk__in=noekler, handling=Innsjekkhendelse.Handling.MOETT
    ).annotate(fra_skranke=Exists(fra_skranke))
    return {
        rad.pk: (
            _("%(navn)s var allerede skrevet inn fra en annen skranke, og telles én gang.")
            if rad.fra_skranke
            else _("%(navn)s sto allerede på lista, og telles én gang.")
        )
        % {"navn": rad.gjest}
        for rad in rader.select_related("gjest")
    }


def check_in(
    samling: Samling, *, person: Person, by: Person | None, dag: datetime.date | None = None
) -> bool:
    """Tick the person in; adds a walk-in who has a Verv in the network. False when already in."""
    return _do(samling, Innsjekkhendelse.Handling.MOETT, by, person=person.pk, dag=dag)


def undo(
    samling: Samling,
    *,
    person: Person,
    by: Person | None = None,
    dag: datetime.date | None = None,
) -> bool:
    """Take the tick away again. False when there was none."""
    return _do(samling, Innsjekkhendelse.Handling.ANGRE, by, person=person.pk, dag=dag)


def check_in_guest(
    samling: Samling, *, gjest: Gjest, by: Person | None, dag: datetime.date | None = None
) -> bool:
    """Tick a guest in. False when already in."""
    return _do(samling, Innsjekkhendelse.Handling.MOETT, by, gjest=gjest.pk, dag=dag)


def undo_guest(
    samling: Samling, *, gjest: Gjest, by: Person | None, dag: datetime.date | None = None
) -> bool:
    """Take the guest's tick away; who was written down at the desk and has met no day, is taken off the list."""
    return _do(samling, Innsjekkhendelse.Handling.ANGRE, by, gjest=gjest.pk, dag=dag)


def add_guest(
    samling: Samling,
    *,
    noekkel: uuid.UUID,
    navn: str,
    fra: str = "",
    vara_for: int | None = None,
    by: Person,
    dag: datetime.date | None = None,
    en_annen: bool = False,
) -> Gjest:
    """Write down somebody who has no Verv in the network, as met; `vara_for` is the person whose place they take.
    The same `noekkel` twice is one. StaarPaaLista when one with that name from that place stands on the list
    already, unless this is `en_annen`."""
    h = Skrankehendelse(
        noekkel,
        Innsjekkhendelse.Handling.GJEST,
        timezone.now(),
        navn=navn,
        fra=fra,
        vara_for=vara_for,
        dag=dag,
        en_annen=en_annen,
    )
    with writing(samling) as naa:
        bok = Skrankebok(naa, [h], by=by)
        if not bok.has(h):
            bok.require_not_listed(h)
            bok.write(h)
            bok.close()
        return bok.guest_of(h)


def _do(
    samling: Samling,
    handling: str,
    by: Person | None,
    **felt: Any,
) -> bool:
    h = Skrankehendelse(uuid.uuid4(), handling, timezone.now(), **felt)
    with writing(samling) as naa:
        bok = Skrankebok(naa, [h], by=by)
        endret = bok.write(h)
        bok.close()
    return endret


OPPBEVARES = datetime.timedelta(days=90)


def purge(naa: datetime.datetime) -> int:
    """Delete the desk's log of gatherings that have been over for some time. Who met stays."""
    gamle = Innsjekkhendelse.objects.filter(samling__slutt__lt=naa - OPPBEVARES)
    antall, _hva = gamle.delete()
    return antall
