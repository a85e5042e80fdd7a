"""The check-in desk: find a person by three letters, tick them in, undo, add a walk-in.

A person is ticked in once, whatever the number of Verv they come by: all their rows are met together. All
that ticks goes through `register`, which keeps a log of it with the key it was given where it was done: a
desk without network sends later, and perhaps twice. Of a gathering over several days the desk works for one
of them.
"""

import datetime
import logging
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, OperationalError, transaction
from django.db.models import (
    Exists,
    OuterRef,
    QuerySet,
)
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from nettverk.models import Gruppe, Person, Verv
from nettverk.skriving.konflikt import KanIkke, Lukket
from rolu.models import Dagsoppmoete, Deltakelse, Gjest, Innsjekkhendelse, Samling
from rolu.samlinger.publisering import participations
from rolu.samlinger.skrankesok import known_people, the_day
from rolu.samlinger.tilstand import ended, writing

logger = logging.getLogger(__name__)


def closed(samling: Samling) -> str:
    """Why nobody is ticked in now; "" when the desk is open. It opens on the first day, and closes when somebody
    ends the gathering."""
    try:
        _require_desk(samling, timezone.now())
    except KanIkke as nei:
        return str(nei)
    return ""


def _require_desk(samling: Samling, tid: datetime.datetime) -> None:
    """Raises KanIkke with the reason. What was ticked before somebody ended the gathering, and comes later, is
    taken until it is locked."""
    if samling.er_avlyst:
        raise KanIkke(_("Samlingen er avlyst."))
    if not samling.er_publisert:
        raise KanIkke(_("Innsjekken er bare åpen når samlingen er publisert."))
    if samling.er_laast:
        raise Lukket(_("Samlingen er låst, så oppmøtet kan ikke endres."))
    if samling.er_avsluttet and tid >= ended(samling):
        raise Lukket(_("Samlingen er avsluttet, så innsjekken er stengt."))
    if samling.status == Samling.Status.INVITERT and timezone.localdate() < samling.dato:
        raise KanIkke(
            _("Innsjekken åpner %(dato)s.") % {"dato": date_format(samling.dato, "l j. F")}
        )


class PlassTatt(KanIkke):
    """A substitute has been replaced: another one has taken the place meanwhile."""


@dataclass(frozen=True)
class Skrankehendelse:
    """One thing done at a desk. `id` is its key, made there. A guest who was written down without network has no
    number yet: `gjelder` is then the key of that."""

    id: uuid.UUID
    handling: str
    tid: datetime.datetime
    person: int | None = None
    gjest: int | None = None
    gjelder: uuid.UUID | None = None
    dag: datetime.date | None = None
    navn: str = ""
    fra: str = ""
    vara_for: int | None = None


@dataclass(frozen=True)
class _Skriving:
    """One writing in the log: when it was done, on which day of several, by whom, and when it came here."""

    tid: datetime.datetime
    dag: datetime.date | None
    by: Person | None
    registrert: datetime.datetime


def register(
    samling: Samling, hendelser: Sequence[Skrankehendelse], *, by: Person | None
) -> dict[uuid.UUID, str]:
    """Write what was done at a desk, in its order. Answers for each key: "" when it is taken, else why it was not.

    A key that has come before is taken, and changes nothing. What is refused stops nothing else. Of two
    things done with the same person on the same day, the one done last holds, whichever came first.
    """
    nei = ""
    svar: dict[uuid.UUID, str] = {}
    try:
        with writing(samling) as naa:
            kjente = _known(naa, hendelser)
            folk = _may_be_named(naa, hendelser)
            for h in hendelser:
                if h.id in kjente:
                    svar[h.id] = ""
                    continue
                svar[h.id] = _refusal(naa, h, folk, by)
                if not svar[h.id]:
                    kjente.add(h.id)
    except Lukket as problem:
        nei = str(problem)
        kjente = _known(samling, hendelser)
        svar = {h.id: "" if h.id in kjente else nei for h in hendelser}
    return svar


def _refusal(samling: Samling, h: Skrankehendelse, folk: set[int], by: Person | None) -> str:
    """Write one thing; "" when it is taken, else why it was not, and then nothing of it is written."""
    try:
        if h.person is not None and h.person not in folk:
            raise KanIkke(_("Vi fant ikke personen. Søk på nytt."))
        with transaction.atomic():
            _write(samling, h, by)
    except KanIkke as problem:
        return str(problem)
    except OperationalError:  # the database is away, or busy: the desk sends it again
        raise
    except DatabaseError:
        # Sent again it would be refused again, and the rest of the desk's list with it.
        logger.exception("rolu.innsjekk: %s %s could not be written", h.handling, h.id)
        return _("Registreringen kunne ikke brukes.")
    return ""


def _may_be_named(samling: Samling, hendelser: Iterable[Skrankehendelse]) -> set[int]:
    kjente = known_people(samling).filter(pk__in=[h.person for h in hendelser if h.person])
    return set(kjente.values_list("pk", flat=True))


def _known(samling: Samling, hendelser: Iterable[Skrankehendelse]) -> set[uuid.UUID]:
    rader = Innsjekkhendelse.objects.filter(samling=samling, pk__in=[h.id for h in hendelser])
    return set(rader.values_list("pk", flat=True))


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
) -> Gjest:
    """Write down somebody who has no Verv in the network, as met; `vara_for` is the person whose place they take.
    The same `noekkel` twice is one."""
    h = Skrankehendelse(
        noekkel,
        Innsjekkhendelse.Handling.GJEST,
        timezone.now(),
        navn=navn,
        fra=fra,
        vara_for=vara_for,
        dag=dag,
    )
    with writing(samling) as naa:
        if not _known(naa, [h]):
            _write(naa, h, by)
        gjest: Gjest = Gjest.objects.get(
            pk__in=Innsjekkhendelse.objects.filter(pk=noekkel).values("gjest")
        )
    return gjest


def _do(
    samling: Samling,
    handling: str,
    by: Person | None,
    **felt: Any,
) -> bool:
    with writing(samling) as naa:
        return _write(naa, Skrankehendelse(uuid.uuid4(), handling, timezone.now(), **felt), by)


def _write(samling: Samling, h: Skrankehendelse, by: Person | None) -> bool:
    """One thing, in a gathering that is held. Whether it changed anything."""
    if Innsjekkhendelse.objects.filter(pk=h.id).exists():  # in another gathering
        raise KanIkke(_("Registreringen kunne ikke brukes."))
    tid = min(h.tid, timezone.now())
    _require_desk(samling, tid)
    dag = the_day(samling, h.dag)
    if h.dag and dag and h.dag != dag:
        raise KanIkke(_("Samlingen er ikke på denne dagen."))
    if dag and dag > timezone.localdate():
        raise KanIkke(_("Dagen har ikke kommet ennå."))
    naar = _Skriving(tid, dag, by, _next_registrert(samling))
    if h.handling == Innsjekkhendelse.Handling.GJEST:
        gjest = _new_guest(samling, h, by)
        _log(samling, h, naar, gjest=gjest)
        return _meet_guest(gjest, naar)
    if h.person is not None:
        return _write_person(samling, h, naar)
    gjest = _the_guest(samling, h)
    senere = _is_later(samling, tid, dag, gjest=gjest)
    _log(samling, h, naar, gjest=gjest)
    if senere:
        return False
    if h.handling == Innsjekkhendelse.Handling.ANGRE:
        return _leave_guest(gjest, dag)
    return _meet_guest(gjest, naar)


def _next_registrert(samling: Samling) -> datetime.datetime:
    """Now, but after what was registered last, by whichever clock: the gathering is held, so what a desk has
    not seen is always later than what it has."""
    egne = Innsjekkhendelse.objects.filter(samling=samling).order_by("-registrert")
    sist = egne.values_list("registrert", flat=True).first()
    naa = timezone.now()
    return max(naa, sist + datetime.timedelta(microseconds=1)) if sist else naa


def _write_person(samling: Samling, h: Skrankehendelse, naar: _Skriving) -> bool:
    person = Person.objects.filter(pk=h.person).first()
    if person is None:
        raise KanIkke(_("Vi fant ikke personen. Søk på nytt."))
    senere = _is_later(samling, naar.tid, naar.dag, person=person)
    if senere:
        endret = False
    elif h.handling == Innsjekkhendelse.Handling.ANGRE:
        endret = _leave(samling, person, naar.dag)
    else:
        endret = _meet(samling, person, naar)
    _log(samling, h, naar, person=person)
    return endret


def _is_later(
    samling: Samling, tid: datetime.datetime, dag: datetime.date | None, **hvem: Any
) -> bool:
    """Whether something was done with them later than this, and has come already."""
    senere = Innsjekkhendelse.objects.filter(samling=samling, tid__gt=tid, **hvem)
    return (senere.filter(dato=dag) if dag else senere).exists()


def _log(samling: Samling, h: Skrankehendelse, naar: _Skriving, **hvem: Any) -> None:
    Innsjekkhendelse.objects.create(
        pk=h.id,
        samling=samling,
        handling=h.handling,
        dato=naar.dag or timezone.localtime(naar.tid).date(),
        tid=naar.tid,
        av=naar.by,
        registrert=naar.registrert,
        **hvem,
    )


def _meet(samling: Samling, person: Person, naar: _Skriving) -> bool:
    rader = list(_holding(samling, person).order_by("pk")) or _add_walk_in(samling, person, naar)
    nye = [rad.pk for rad in rader if rad.moett is None]
    Deltakelse.objects.filter(pk__in=nye).update(moett=naar.tid, moett_registrert_av=naar.by)
    if naar.dag is None:
        return bool(nye)
    var_der = Dagsoppmoete.objects.filter(deltakelse__in=rader, dato=naar.dag).exists()
    Dagsoppmoete.objects.bulk_create(
        [
            Dagsoppmoete(samling=samling, deltakelse=rad, dato=naar.dag, tid=naar.tid, av=naar.by)
            for rad in rader
        ],
        ignore_conflicts=True,
    )
    return not var_der


def _leave(samling: Samling, person: Person, dag: datetime.date | None) -> bool:
    """Take the tick away. Who was not expected before the desk ticked them in, is not expected after it either."""
    rader = Deltakelse.objects.filter(samling=samling, verv__person=person).met()
    borte = 0
    if dag is not None:
        borte, _hva = Dagsoppmoete.objects.filter(deltakelse__in=rader, dato=dag).delete()
        andre = Dagsoppmoete.objects.filter(deltakelse=OuterRef("pk"))
        rader = rader.filter(~Exists(andre))
    uten = list(rader.values_list("pk", flat=True))
    Deltakelse.objects.filter(pk__in=uten).update(moett=None, moett_registrert_av=None)
    _made_at_desk(samling, person).filter(pk__in=uten).delete()
    return bool(uten if dag is None else borte)


def _made_at_desk(samling: Samling, person: Person) -> QuerySet[Deltakelse]:
    """Participations that came with a tick, and are as it left them: the answer has the tick's own time."""
    hendelser = Innsjekkhendelse.objects.filter(
        samling=samling, person=person, handling=Innsjekkhendelse.Handling.MOETT
    )
    return Deltakelse.objects.filter(
        samling=samling,
        verv__person=person,
        status=Deltakelse.Status.PAAMELDT,
        svart__in=hendelser.values("registrert"),
        endringsoensker=None,
    )


def _holding(samling: Samling, person: Person) -> QuerySet[Deltakelse]:
    """The person's rows whose Verv holds on the day: by the others they do not come."""
    verv = Verv.objects.filter(person=person).gyldig(samling.dato)
    return Deltakelse.objects.filter(samling=samling, verv__in=verv)


def _add_walk_in(samling: Samling, person: Person, naar: _Skriving) -> list[Deltakelse]:
    verv = Verv.objects.filter(gruppe__nettverk=samling.nettverk, person=person).gyldig(
        samling.dato
    )
    i_utviklingsgruppe = verv.filter(gruppe__type=Gruppe.Type.UTVIKLINGSGRUPPE)
    valgt = i_utviklingsgruppe if i_utviklingsgruppe.exists() else verv
    rader = participations(
        samling,
        valgt.order_by("gruppe__rekkefolge", "pk"),
        status=Deltakelse.Status.PAAMELDT,
        svart=naar.registrert,  # so that undoing the tick knows it (`_made_at_desk`)
        svart_av=naar.by,
    )
    if not rader:
        raise KanIkke(
            _("%(navn)s har ikke verv i nettverket på denne datoen.") % {"navn": person.navn}
        )
    if valgt is verv:
        rader = rader[:1]
    Deltakelse.objects.bulk_create(rader, ignore_conflicts=True)
    return list(_holding(samling, person))


def _the_guest(samling: Samling, h: Skrankehendelse) -> Gjest:
    pk = h.gjest
    if h.gjelder:
        lagt_til = Innsjekkhendelse.objects.filter(pk=h.gjelder, samling=samling)
        pk = lagt_til.values_list("gjest", flat=True).first()
    funnet = Gjest.objects.filter(samling=samling, pk=pk) if pk else Gjest.objects.none()
    gjest: Gjest | None = funnet.first()
    if gjest is None:
        raise KanIkke(_("Vi fant ikke gjesten. Søk på nytt."))
    return gjest


def _new_guest(samling: Samling, h: Skrankehendelse, by: Person | None) -> Gjest:
    if not h.navn.strip():
        raise KanIkke(_("Skriv navnet på gjesten."))
    gjest = Gjest(samling=samling, navn=h.navn.strip(), fra=h.fra.strip(), lagt_til_av=by)
    if h.vara_for:
        egen = _place_of(samling, h.vara_for)
        if Gjest.objects.filter(samling=samling, for_verv=egen.verv).exclude(
            status=Gjest.Status.AVMELDT
        ):
            raise KanIkke(_("Det er alt meldt på en vara for denne personen."))
        gjest.for_verv, gjest.gruppe, gjest.kommune_id = (
            egen.verv,
            egen.verv.gruppe,
            egen.kommune_id,
        )
    gjest.save()
    return gjest


def _place_of(samling: Samling, person: int) -> Deltakelse:
    """The place a substitute takes: in the utviklingsgruppe, if the person has several."""
    egne = Deltakelse.objects.filter(samling=samling, verv__person=person)
    egne = egne.select_related("verv__gruppe").order_by("pk")
    i_gruppa = [d for d in egne if d.verv.gruppe.er_utviklingsgruppe]
    egen = next(iter([*i_gruppa, *egne]), None)
    if egen is None:
        raise KanIkke(_("Den som varaen kommer i stedet for, er ikke invitert."))
    return egen


def _meet_guest(gjest: Gjest, naar: _Skriving) -> bool:
    _require_place(gjest)
    foer = gjest.moett
    gjest.status = Gjest.Status.PAAMELDT
    if foer is None:
        gjest.moett, gjest.moett_registrert_av = naar.tid, naar.by
    gjest.save(update_fields=["status", "moett", "moett_registrert_av"])
    if naar.dag is None:
        return foer is None
    _rad, ny = Dagsoppmoete.objects.get_or_create(
        gjest=gjest,
        dato=naar.dag,
        defaults={"samling_id": gjest.samling_id, "tid": naar.tid, "av": naar.by},
    )
    return ny


def _require_place(gjest: Gjest) -> None:
    """Raises PlassTatt when a substitute who was taken off the list has been replaced by another."""
    if gjest.status != Gjest.Status.AVMELDT or gjest.for_verv_id is None:
        return
    andre = Gjest.objects.filter(samling=gjest.samling_id, for_verv=gjest.for_verv_id)
    annen = andre.exclude(status=Gjest.Status.AVMELDT).first()
    if annen is not None:
        raise PlassTatt(
            _("Plassen er tatt av %(navn)s. Skriv inn den som kom, som ny gjest.")
            % {"navn": annen.navn}
        )


def _leave_guest(gjest: Gjest, dag: datetime.date | None) -> bool:
    var_der = gjest.moett is not None
    if dag is not None:
        borte, _hva = gjest.dagsoppmoeter.filter(dato=dag).delete()
        var_der = bool(borte)
        if gjest.dagsoppmoeter.exists():
            return var_der
    gjest.moett = gjest.moett_registrert_av = None
    ved_skranken = Innsjekkhendelse.objects.filter(
        gjest=gjest, handling=Innsjekkhendelse.Handling.GJEST
    )
    if ved_skranken.exists():
        gjest.status = Gjest.Status.AVMELDT
    gjest.save(update_fields=["status", "moett", "moett_registrert_av"])
    return var_der


OPPBEVARES = datetime.timedelta(days=90)


def purge(naa: datetime.datetime) -> int:
    """Delete the desk's log of gatherings that have been over for some time. Who met stays."""
    gamle = Innsjekkhendelse.objects.filter(samling__slutt__lt=naa - OPPBEVARES)
    antall, _hva = gamle.delete()
    return antall
