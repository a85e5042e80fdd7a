"""What a desk's list is written into: those it names, as they stand, and as it leaves them.

All that the list needs is read before the first of it, and all that it changes is written after the last (`close`),
so that fifty who are ticked cost what one does. Only who comes on the list, or off it, is written at once. The
gathering's row is held meanwhile (`rolu.samlinger.tilstand.writing`).
"""

import datetime
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from nettverk.models import Gruppe, Person, Verv
from nettverk.skriving.konflikt import KanIkke, Lukket
from rolu.models import Dagsoppmoete, Deltakelse, Endringsoenske, Gjest, Innsjekkhendelse, Samling
from rolu.models.deltakelse import SVARFELT
from rolu.samlinger.publisering import participations
from rolu.samlinger.skrankesok import listed, the_day
from rolu.samlinger.tilstand import ended

Handling = Innsjekkhendelse.Handling


@dataclass(frozen=True)
class Skrankehendelse:
    """One thing done at a desk. `id` is its key, made there. A guest who was written down without network has no
    number yet: `gjelder` is then the key of that. `en_annen`: a guest who is called as one on the list, and is
    not that one."""

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
    en_annen: bool = False


class StaarPaaLista(KanIkke):
    """A guest with that name from that place stands on the list already. It may be another."""


@dataclass(frozen=True)
class _Skriving:
    """One writing: when it was done, on which day of several, and when it came here."""

    tid: datetime.datetime
    dag: datetime.date | None
    registrert: datetime.datetime


def opens_on(dag: datetime.date) -> str:
    """What is said at a desk before its day."""
    return _("Innsjekken åpner %(dato)s.") % {"dato": date_format(dag, "l j. F")}


def first_day(samling: Samling) -> datetime.date | None:
    """The day the desk opens by itself; None when somebody has opened the gathering."""
    return samling.dato if samling.status == Samling.Status.INVITERT else None


def require_desk(
    samling: Samling, tid: datetime.datetime, *, slutt: datetime.datetime | None
) -> None:
    """Raises KanIkke with the reason: `require_not_shut`, and that its day has come."""
    require_not_shut(samling, tid, slutt=slutt)
    dag = first_day(samling)
    if dag and timezone.localdate() < dag:
        raise KanIkke(opens_on(dag))


def require_not_shut(
    samling: Samling, tid: datetime.datetime, *, slutt: datetime.datetime | None
) -> None:
    """Raises KanIkke with what shuts the desk whatever the day. What was ticked before somebody ended the gathering
    (`slutt`), and comes later, is taken until it is locked."""
    if samling.er_avlyst:
        raise KanIkke(_("Samlingen er avlyst."))
    if not samling.er_publisert:
        raise KanIkke(_("Innsjekken er bare åpen når samlingen er publisert."))
    if samling.er_laast:
        raise Lukket(_("Samlingen er låst, så oppmøtet kan ikke endres."))
    if slutt and tid >= slutt:
        raise Lukket(_("Samlingen er avsluttet, så innsjekken er stengt."))


# How long before it begins something may have been done at its desk.
FOER = datetime.timedelta(days=1)


def _require_likely(samling: Samling, tid: datetime.datetime) -> None:
    """Raises KanIkke for what is said to be done long before the gathering: by a clock that is wrong."""
    if tid < min(samling.start, timezone.now()) - FOER:
        raise KanIkke(
            _(
                "Klokka på maskinen går feil: Tiden er fra før samlingen. Still klokka, og prøv igjen."
            )
        )


def end_of(samling: Samling) -> datetime.datetime | None:
    """When somebody ended it; None while it goes on. One query when it is ended."""
    return ended(samling) if samling.er_avsluttet else None


class Skrankebok:
    """The book of one gathering, open for one list."""

    def __init__(
        self, samling: Samling, hendelser: Iterable[Skrankehendelse], *, by: Person | None
    ) -> None:
        self.samling, self.by = samling, by
        alle = list(hendelser)
        self._slutt = end_of(samling)
        self._keys = self._read_keys(alle)
        self._gjester = self._read_guests(alle)
        self._rader: dict[int, list[Deltakelse]] = {}
        folk = {h.person for h in alle} | {h.vara_for for h in alle}
        folk |= {g.for_verv.person_id for g in self._gjester.values() if g.for_verv}
        self._read_people({pk for pk in folk if pk})
        self._dager = self._read_days()
        self._logg = self._read_log(alle)
        siste = Innsjekkhendelse.objects.filter(samling=samling).order_by("-registrert")
        self._sist = siste.values_list("registrert", flat=True).first()
        self._nye: list[Innsjekkhendelse] = []
        self._moett: set[Deltakelse] = set()
        self._svart: set[Deltakelse] = set()
        self._endrede_gjester: set[Gjest] = set()
        self._borte: set[int] = set()

    # --- what is read

    def _read_keys(self, hendelser: Sequence[Skrankehendelse]) -> dict[uuid.UUID, Innsjekkhendelse]:
        """What is in the log of the keys that have come before, whichever gathering's."""
        noekler = {h.id for h in hendelser} | {h.gjelder for h in hendelser if h.gjelder}
        return {rad.pk: rad for rad in Innsjekkhendelse.objects.filter(pk__in=noekler)}

    def _read_guests(self, hendelser: Sequence[Skrankehendelse]) -> dict[int, Gjest]:
        nevnt = {h.gjest for h in hendelser if h.gjest}
        nevnt |= {rad.gjest_id for rad in self._keys.values() if rad.gjest_id}
        if not nevnt:
            return {}
        rader = Gjest.objects.filter(samling=self.samling, pk__in=nevnt)
        return {gjest.pk: gjest for gjest in rader.select_related("for_verv")}

    def _read_people(self, folk: Iterable[int]) -> None:
        """All their rows, and of each whether it holds on the day: by the others they do not come."""
        rader = Deltakelse.objects.filter(samling=self.samling, verv__person__in=folk)
        gyldige = Verv.objects.gyldig(self.samling.dato).filter(pk=OuterRef("verv"))
        oensker = Endringsoenske.objects.filter(deltakelse=OuterRef("pk"))
        for person in folk:
            self._rader[person] = []
        for rad in (
            rader.select_related("verv__gruppe")
            .annotate(holder=Exists(gyldige), har_oensker=Exists(oensker))
            .order_by("pk")
        ):
            self._rader[rad.verv.person_id].append(rad)

    def _read_days(self) -> dict[Deltakelse | Gjest, dict[datetime.date, Dagsoppmoete]]:
        """The days each has met, of a gathering over several."""
        alle: list[Deltakelse | Gjest] = [rad for egne in self._rader.values() for rad in egne]
        alle += self._gjester.values()
        per: dict[Deltakelse | Gjest, dict[datetime.date, Dagsoppmoete]] = {m: {} for m in alle}
        if not self.samling.varer_flere_dager or not alle:
            return per
        rader = {hvem.pk: hvem for hvem in alle if isinstance(hvem, Deltakelse)}
        dager = Dagsoppmoete.objects.filter(samling=self.samling)
        for dag in dager.filter(Q(deltakelse__in=rader) | Q(gjest__in=self._gjester)):
            if dag.gjest_id:
                per[self._gjester[dag.gjest_id]][dag.dato] = dag
            elif dag.deltakelse_id:
                per[rader[dag.deltakelse_id]][dag.dato] = dag
        return per

    def _read_log(
        self, hendelser: Sequence[Skrankehendelse]
    ) -> dict[tuple[str, int], list[Innsjekkhendelse]]:
        """What has been done with those the list names."""
        folk = {h.person for h in hendelser if h.person}
        funnet = Innsjekkhendelse.objects.filter(samling=self.samling).filter(
            Q(person__in=folk) | Q(gjest__in=self._gjester)
        )
        logg: dict[tuple[str, int], list[Innsjekkhendelse]] = {}
        for rad in funnet:
            logg.setdefault(_who(rad), []).append(rad)
        return logg

    # --- what is asked

    def has(self, h: Skrankehendelse) -> bool:
        """That it has come before, and is taken."""
        return self._key(h.id) is not None

    def _key(self, noekkel: uuid.UUID) -> Innsjekkhendelse | None:
        rad = self._keys.get(noekkel)
        return rad if rad and rad.samling_id == self.samling.pk else None

    def guest_of(self, h: Skrankehendelse) -> Gjest:
        """Whom it wrote down. KanIkke for the key of something else."""
        gjest = self._gjester.get(self._keys[h.id].gjest_id or 0)
        if gjest is None:
            raise KanIkke(_("Registreringen kunne ikke brukes."))
        return gjest

    def require_not_listed(self, h: Skrankehendelse) -> None:
        """Raises StaarPaaLista for a guest who is called as one on the list, and is not said to be another."""
        samme = self._alike(h)
        if samme and not (h.vara_for and samme.for_verv is None):
            raise StaarPaaLista(_("%(navn)s står allerede på lista.") % {"navn": h.navn})

    def _alike(self, h: Skrankehendelse) -> Gjest | None:
        """The guest on the list whom it seems to be about, whichever desk wrote them down."""
        if h.en_annen:
            return None
        self.close()  # one may have been taken off just now
        pk = listed(self.samling, h.navn, h.fra, vara_for=h.vara_for)
        return self._fetch_guest(pk) if pk else None

    def _fetch_guest(self, pk: int) -> Gjest:
        """A guest whom the list does not name by number, with what has been done with them."""
        if pk in self._gjester:
            return self._gjester[pk]
        gjest: Gjest = Gjest.objects.select_related("for_verv").get(pk=pk)
        self._gjester[pk] = gjest
        dager = Dagsoppmoete.objects.filter(samling=self.samling, gjest=gjest)
        self._dager[gjest] = {dag.dato: dag for dag in dager}
        self._logg["g", pk] = list(Innsjekkhendelse.objects.filter(samling=self.samling, gjest=pk))
        if gjest.for_verv and gjest.for_verv.person_id not in self._rader:
            self._read_people([gjest.for_verv.person_id])
        return gjest

    # --- what is written

    def write(self, h: Skrankehendelse) -> bool:
        """One thing. Whether it changed anything; KanIkke when it is refused, and then nothing of it is kept."""
        if h.id in self._keys:  # in another gathering
            raise KanIkke(_("Registreringen kunne ikke brukes."))
        tid = min(h.tid, timezone.now())
        require_desk(self.samling, tid, slutt=self._slutt)
        _require_likely(self.samling, tid)
        naar = _Skriving(tid, self._day_of(h, tid), self._next_registrert())
        if h.handling == Handling.GJEST:
            if samme := self._alike(h):
                return self._met_already(samme, h, naar)
            gjest = self._add_guest(h, naar)
            self._log(h, naar, gjest=gjest)
            return True
        angre = h.handling == Handling.ANGRE
        if h.person is not None:
            act = partial(self._leave if angre else self._meet, h.person, naar)
            return self._do(h, naar, ("p", h.person), act, person_id=h.person)
        gjest = self._the_guest(h)
        if angre:
            self._require_own(gjest, h, naar)
        act = partial(self._leave_guest if angre else self._meet_guest, gjest, naar)
        return self._do(h, naar, ("g", gjest.pk), act, gjest=gjest)

    def _met_already(self, gjest: Gjest, h: Skrankehendelse, naar: _Skriving) -> bool:
        """Two desks without network have written down the same guest: it is one, who is met. In the log the second
        is a tick (`rolu.samlinger.innsjekk.written_elsewhere`). That they come for somebody is kept, whichever desk
        says so; KanIkke when they come for two."""
        if h.vara_for:
            self._let_stand_in(gjest, h.vara_for, naar)
        tikk = replace(h, handling=Handling.MOETT)
        act = partial(self._meet_guest, gjest, naar)
        return self._do(tikk, naar, ("g", gjest.pk), act, gjest=gjest)

    def _require_own(self, gjest: Gjest, h: Skrankehendelse, naar: _Skriving) -> None:
        """Raises KanIkke when a desk undoes whom it wrote down itself, and another has written down or ticked too:
        theirs stands."""
        eget = self._key(h.gjelder) if h.gjelder else None
        if eget is None or eget.handling != Handling.MOETT:
            return
        andre = [
            rad
            for rad in self._logg.get(("g", gjest.pk), ())
            if rad.pk != eget.pk and (naar.dag is None or rad.dato == naar.dag)
        ]
        sist = max(andre, key=lambda rad: (rad.tid, rad.registrert), default=None)
        if sist and sist.handling != Handling.ANGRE:
            raise KanIkke(
                _("%(navn)s er skrevet inn fra en annen skranke også, og står fortsatt som møtt.")
                % {"navn": gjest.navn}
            )

    def _do(
        self,
        h: Skrankehendelse,
        naar: _Skriving,
        hvem: tuple[str, int],
        act: Callable[[], bool],
        **i_loggen: Any,
    ) -> bool:
        """The act, unless something later has come already; in the log either way."""
        endret = False if self._is_later(hvem, h, naar) else act()
        self._log(h, naar, **i_loggen)
        return endret

    def _day_of(self, h: Skrankehendelse, tid: datetime.datetime) -> datetime.date | None:
        """The day it is written on. What comes without one was done when the gathering had a single day: that day,
        if it still has it."""
        dag = the_day(self.samling, h.dag or timezone.localdate(tid))
        if h.dag and dag and h.dag != dag:
            raise KanIkke(_("Samlingen er ikke på denne dagen."))
        if dag and dag > timezone.localdate():
            raise KanIkke(_("Dagen har ikke kommet ennå."))
        return dag

    def _next_registrert(self) -> datetime.datetime:
        """Now, but after what was registered last, by whichever clock: the gathering is held, so what a desk has
        not seen is always later than what it has."""
        naa = timezone.now()
        return max(naa, self._sist + datetime.timedelta(microseconds=1)) if self._sist else naa

    def _log(self, h: Skrankehendelse, naar: _Skriving, **hvem: Any) -> None:
        rad = Innsjekkhendelse(
            pk=h.id,
            samling=self.samling,
            handling=h.handling,
            dato=naar.dag or timezone.localtime(naar.tid).date(),
            tid=naar.tid,
            av=self.by,
            registrert=naar.registrert,
            **hvem,
        )
        self._nye.append(rad)
        self._logg.setdefault(_who(rad), []).append(rad)
        self._keys[h.id] = rad
        self._sist = naar.registrert

    def _is_later(self, hvem: tuple[str, int], h: Skrankehendelse, naar: _Skriving) -> bool:
        """Whether something was done with them later than this, and has come already. Raises KanIkke when that was
        the opposite: whoever did this, perhaps by a clock that is behind, believes that it holds."""
        senere = [
            rad
            for rad in self._logg.get(hvem, ())
            if rad.tid > naar.tid and (naar.dag is None or rad.dato == naar.dag)
        ]
        sist = max(senere, key=lambda rad: (rad.tid, rad.registrert), default=None)
        if sist and (sist.handling == Handling.ANGRE) != (h.handling == Handling.ANGRE):
            raise KanIkke(
                _(
                    "Noen har endret dette etterpå, så registreringen ble ikke brukt. Se etter, og prøv igjen."
                )
            )
        return sist is not None

    def _registered(self, hvem: tuple[str, int], *handlinger: str) -> set[datetime.datetime]:
        """When they were ticked or written down: what is answered by that has its time."""
        return {r.registrert for r in self._logg.get(hvem, ()) if r.handling in handlinger}

    def close(self) -> None:
        """Write what has been changed. Six queries at most, however long the list."""
        felt = ["moett", "moett_registrert_av"]
        Deltakelse.objects.bulk_update(self._svart, SVARFELT)
        Deltakelse.objects.bulk_update(self._moett, felt)
        Gjest.objects.bulk_update(self._endrede_gjester, ["status", *felt])
        if self._borte:
            Dagsoppmoete.objects.filter(pk__in=self._borte).delete()
        nye = [dag for dager in self._dager.values() for dag in dager.values() if dag.pk is None]
        Dagsoppmoete.objects.bulk_create(nye)
        Innsjekkhendelse.objects.bulk_create(self._nye)
        for skrevet in (self._svart, self._moett, self._endrede_gjester, self._borte, self._nye):
            skrevet.clear()

    # --- that somebody met, on which days

    def _tick(self, hvem: Deltakelse | Gjest, naar: _Skriving) -> bool:
        """Whether they had not met, on that day."""
        if naar.dag is None:
            ny = hvem.moett is None
            if ny:
                self._set_met(hvem, naar.tid, self.by.pk if self.by else None)
            return ny
        dager = self._dager.setdefault(hvem, {})
        ny = naar.dag not in dager
        if ny:
            til = {"gjest": hvem} if isinstance(hvem, Gjest) else {"deltakelse": hvem}
            dager[naar.dag] = Dagsoppmoete(
                samling=self.samling, dato=naar.dag, tid=naar.tid, av=self.by, **til
            )
        self._first_of_days(hvem)
        return ny

    def _untick(self, hvem: Deltakelse | Gjest, naar: _Skriving) -> bool:
        """Whether they had met, on that day."""
        if naar.dag is None:
            var_der = hvem.moett is not None
            self._set_met(hvem, None, None)
            return var_der
        dag = self._dager.setdefault(hvem, {}).pop(naar.dag, None)
        if dag and dag.pk:
            self._borte.add(dag.pk)
        self._first_of_days(hvem)
        return dag is not None

    def _first_of_days(self, hvem: Deltakelse | Gjest) -> None:
        """Of several days it is the first that says when somebody met, in whatever order they were told."""
        forste = min(self._dager[hvem].values(), key=lambda dag: dag.tid, default=None)
        self._set_met(hvem, forste.tid if forste else None, forste.av_id if forste else None)

    def _set_met(
        self, hvem: Deltakelse | Gjest, tid: datetime.datetime | None, av: int | None
    ) -> None:
        if hvem.moett == tid:
            return
        hvem.moett, hvem.moett_registrert_av_id = tid, av
        if isinstance(hvem, Gjest):
            self._endrede_gjester.add(hvem)
        else:
            self._moett.add(hvem)

    # --- a person

    def _meet(self, person: int, naar: _Skriving) -> bool:
        rader = self._holding(person)
        if not rader:
            self._add_walk_in(person, naar)
            rader = self._holding(person)
        nye = [self._tick(rad, naar) for rad in rader]
        return all(nye)

    def _holding(self, person: int) -> list[Deltakelse]:
        return [rad for rad in self._rader[person] if rad.holder]  # type: ignore[attr-defined]

    def _leave(self, person: int, naar: _Skriving) -> bool:
        """Take the tick away. Who was not expected before the desk ticked them in, is not expected after it
        either."""
        moett = [rad for rad in self._rader[person] if rad.moett is not None]
        var_der = [self._untick(rad, naar) for rad in moett]
        tikk = self._registered(("p", person), Handling.MOETT)
        borte = [rad for rad in moett if rad.moett is None and _came_with_a_tick(rad, tikk)]
        if borte:
            self._take_off(person, borte)
        return any(var_der)

    def _take_off(self, person: int, rader: list[Deltakelse]) -> None:
        for rad in rader:
            self._rader[person].remove(rad)
            self._dager.pop(rad, None)
            self._moett.discard(rad)
            self._svart.discard(rad)
        Deltakelse.objects.filter(pk__in=[rad.pk for rad in rader]).delete()

    def _add_walk_in(self, person: int, naar: _Skriving) -> None:
        verv = (
            Verv.objects.filter(gruppe__nettverk=self.samling.nettverk, person=person)
            .gyldig(self.samling.dato)
            .order_by("gruppe__rekkefolge", "pk")
        )
        i_utviklingsgruppe = verv.filter(gruppe__type=Gruppe.Type.UTVIKLINGSGRUPPE)
        valgt = i_utviklingsgruppe if i_utviklingsgruppe.exists() else verv
        rader = participations(
            self.samling,
            valgt,
            status=Deltakelse.Status.PAAMELDT,
            svart=naar.registrert,  # so that undoing the tick knows it (`_came_with_a_tick`)
            svart_av=self.by,
        )
        if not rader:
            navn = Person.objects.get(pk=person).navn
            raise KanIkke(
                _("%(navn)s har ikke verv i nettverket på denne datoen.") % {"navn": navn}
            )
        if valgt is verv:
            rader = rader[:1]
        Deltakelse.objects.bulk_create(rader, ignore_conflicts=True)
        foer = self._rader[person]
        self._read_people([person])
        self._rader[person] = [*foer, *(r for r in self._rader[person] if r not in foer)]

    # --- a guest

    def _the_guest(self, h: Skrankehendelse) -> Gjest:
        pk = h.gjest
        if h.gjelder:
            eget = self._key(h.gjelder)
            pk = eget.gjest_id if eget else None
        gjest = self._gjester.get(pk) if pk else None
        if gjest is None:
            raise KanIkke(_("Vi fant ikke gjesten. Søk på nytt."))
        return gjest

    def _add_guest(self, h: Skrankehendelse, naar: _Skriving) -> Gjest:
        if not h.navn.strip():
            raise KanIkke(_("Skriv navnet på gjesten."))
        gjest = Gjest(
            samling=self.samling, navn=h.navn.strip(), fra=h.fra.strip(), lagt_til_av=self.by
        )
        if h.vara_for:
            self._take_place(gjest, h.vara_for, naar)
        gjest.save()
        self._gjester[gjest.pk] = gjest
        self._meet_guest(gjest, naar)
        return gjest

    def _let_stand_in(self, gjest: Gjest, person: int, naar: _Skriving) -> None:
        """Somebody who stands on the list already comes in the place of the person."""
        if gjest.for_verv is None:
            self._take_place(gjest, person, naar)
            gjest.save()
        elif gjest.for_verv.person_id != person:
            raise KanIkke(
                _("%(navn)s står allerede på lista, som vara for %(andre)s.")
                % {"navn": gjest.navn, "andre": gjest.for_verv.person.navn}
            )

    def _take_place(self, gjest: Gjest, person: int, naar: _Skriving) -> None:
        """Not saved. KanIkke when the person has met, or another has their place."""
        self._require_not_met(person, naar)
        self.close()  # another substitute may have been taken off just now
        egen = self._place_of(person)
        if _substitutes(egen.verv_id, self.samling).exists():
            raise KanIkke(_("Det er allerede meldt på en vara for denne personen."))
        gjest.for_verv, gjest.gruppe = egen.verv, egen.verv.gruppe
        gjest.kommune_id = egen.kommune_id

    def _require_not_met(self, person: int, naar: _Skriving) -> None:
        """Raises KanIkke for a substitute of somebody who is there."""
        egne = self._rader.get(person, [])
        if any(
            rad.moett if naar.dag is None else naar.dag in self._dager.get(rad, {}) for rad in egne
        ):
            raise KanIkke(
                _(
                    "Den som varaen kommer i stedet for, har allerede møtt. Er det feil, angrer du oppmøtet først."
                )
            )

    def _place_of(self, person: int) -> Deltakelse:
        """The place a substitute takes: in the utviklingsgruppe, if the person has several."""
        egne = self._rader.get(person, [])
        i_gruppa = [rad for rad in egne if rad.verv.gruppe.er_utviklingsgruppe]
        egen = next(iter([*i_gruppa, *egne]), None)
        if egen is None:
            raise KanIkke(_("Den som varaen kommer i stedet for, er ikke invitert."))
        return egen

    def _meet_guest(self, gjest: Gjest, naar: _Skriving) -> bool:
        if gjest.status == Gjest.Status.AVMELDT:
            self.close()  # as for a new one
            require_place(gjest)
        gjest.status = Gjest.Status.PAAMELDT
        self._endrede_gjester.add(gjest)
        self._replace(gjest, naar)
        return self._tick(gjest, naar)

    def _leave_guest(self, gjest: Gjest, naar: _Skriving) -> bool:
        """Take the tick away; who was written down at the desk, and has met no day, is not needed."""
        var_der = self._untick(gjest, naar)
        if gjest.moett is None and self._registered(("g", gjest.pk), Handling.GJEST):
            gjest.status = Gjest.Status.AVMELDT
            self._endrede_gjester.add(gjest)
            self._put_back(gjest)
        return var_der

    def _replaced(self, gjest: Gjest) -> Deltakelse | None:
        if gjest.for_verv is None:
            return None
        egne = self._rader.get(gjest.for_verv.person_id, ())
        return next((rad for rad in egne if rad.verv_id == gjest.for_verv_id), None)

    def _replace(self, gjest: Gjest, naar: _Skriving) -> None:
        """The substitute is there: whom they stand in for does not come, as when the leader says it beforehand
        (`rolu.samlinger.paamelding.sign_up_group`)."""
        rad = self._replaced(gjest)
        if rad and rad.moett is None and rad.status != Deltakelse.Status.AVMELDT:
            rad.set_svar(Deltakelse.Status.AVMELDT, by=self.by, naa=naar.registrert)
            self._svart.add(rad)

    def _put_back(self, gjest: Gjest) -> None:
        """The answer is as it was before the desk wrote down the substitute: unless it has been changed since."""
        rad = self._replaced(gjest)
        tikk = self._registered(("g", gjest.pk), Handling.GJEST, Handling.MOETT)
        if rad is None or rad.status != Deltakelse.Status.AVMELDT or rad.svart not in tikk:
            return
        self._svart.add(rad)
        modell: Any = Deltakelse
        historie = modell.pgh_event_model.objects.filter(pgh_obj=rad.pk).order_by("-pgh_id")
        foer = historie.exclude(svart__in=tikk).first()
        if foer:
            rad.status, rad.svart, rad.svart_av_id = foer.status, foer.svart, foer.svart_av_id
            rad.venter_siden, rad.dager = foer.venter_siden, foer.dager


def _who(rad: Innsjekkhendelse) -> tuple[str, int]:
    return ("g", rad.gjest_id) if rad.gjest_id else ("p", rad.person_id)  # type: ignore[return-value]


def _came_with_a_tick(rad: Deltakelse, tikk: set[datetime.datetime]) -> bool:
    """That the row came with a tick, and is as it left it: the answer has the tick's own time."""
    return (
        rad.status == Deltakelse.Status.PAAMELDT and rad.svart in tikk and not rad.har_oensker  # type: ignore[attr-defined]
    )


def _substitutes(verv: int | None, samling: Samling) -> QuerySet[Gjest]:
    andre = Gjest.objects.filter(samling=samling, for_verv=verv)
    return andre.exclude(status=Gjest.Status.AVMELDT)


def require_place(gjest: Gjest) -> None:
    """Raises KanIkke when a substitute who was taken off the list has been replaced by another."""
    if gjest.for_verv_id is None:
        return
    annen = _substitutes(gjest.for_verv_id, gjest.samling).first()
    if annen is not None:
        raise KanIkke(
            _("Plassen er tatt av %(navn)s. Skriv inn den som kom, som ny gjest.")
            % {"navn": annen.navn}
        )
