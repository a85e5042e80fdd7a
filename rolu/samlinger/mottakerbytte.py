"""Change whom a published gathering is for: who is invited, who falls out, and who comes all the same.

It is told person by person before it is done (`foresee`): somebody who is reached by another Verv than
before neither comes in nor falls out, keeps their answer, and gets no second invitation. Those who have
signed up stay unless they are taken out by name.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kommuner.models import Kommune
from nettverk.arbeid import brev
from nettverk.models import Brev, Mottakere, Person, Verv
from nettverk.mottakere.utvalg import chosen
from nettverk.skriving.konflikt import KanIkke, Konflikt
from nettverk.skriving.laas import mark
from rolu.models import Behov, Deltakelse, Deltakerkode, Gjest, Gruppetall, Samling
from rolu.samlinger import samlingsbrev, venteliste
from rolu.samlinger.publisering import (
    add_participations,
    audience,
    carries_invitation,
    keep_audience,
    let_go_of_substitutes,
    letters_to,
    verv_to_invite,
)
from rolu.samlinger.tilstand import hold, require_not_begun, require_unlocked

Status = Deltakelse.Status


@dataclass(frozen=True)
class Folkebytte:
    """What another audience does, by name. `faar_brev` are those reached who get an invitation by e-mail,
    `vet` how many of those who fall out know that they were invited. Of those outside it, `uten_verv` are
    outside because their Verv has ended by then, whatever was chosen; `plasser` is the unit or group and
    the kommune through which each was invited, `varaer` the names of those who come in somebody's place."""

    nye: list[Person]
    ut: list[Person]
    paameldte: list[Person]
    faar_brev: frozenset[int]
    vet: int
    uten_verv: frozenset[int]
    plasser: dict[int, tuple[str, Kommune | None]]
    varaer: dict[int, str]
    stand: str

    @property
    def brev(self) -> int:
        return len(self.faar_brev)

    @property
    def nye_uten_brev(self) -> int:
        """How many come in without an e-mail: whoever leads their group signs up all of it."""
        return sum(person.pk not in self.faar_brev for person in self.nye)

    @property
    def brev_til_inviterte(self) -> int:
        """How many get the e-mail who were invited before, without one."""
        return len(self.faar_brev - {person.pk for person in self.nye})

    @property
    def valgt_bort(self) -> list[Person]:
        return [person for person in self.ut if person.pk not in self.uten_verv]

    @property
    def har_sluttet(self) -> list[Person]:
        return [person for person in self.ut if person.pk in self.uten_verv]


def foresee(samling: Samling, mottakere: Mottakere) -> Folkebytte:
    """What `change_audience` would do. Constant queries, nothing is written."""
    return _foresee(samling, mottakere, _rows(samling))


def _rows(samling: Samling) -> list[Deltakelse]:
    rader = Deltakelse.objects.filter(samling=samling).select_related(
        "verv__person", "verv__gruppe__enhet", "kommune"
    )
    return list(rader.order_by("verv__person__sortering", "verv__person", "pk"))


def _foresee(samling: Samling, mottakere: Mottakere, rader: list[Deltakelse]) -> Folkebytte:
    ment = dict(verv_to_invite(samling, mottakere).order_by().values_list("pk", "person"))
    ment_folk, har = set(ment.values()), {rad.verv.person_id for rad in rader}
    utenfor = {r.verv.person_id: r.verv.person for r in rader if r.verv.person_id not in ment_folk}
    kommer = (Status.PAAMELDT, Status.VENTER)
    varaer = _substitutes(samling)
    # Somebody comes in their place: the place is taken, whatever they have answered themselves.
    med_vara = {
        r.verv.person_id: varaer[r.verv_id].navn
        for r in rader
        if r.verv_id in varaer and r.verv.er_gyldig(samling.dato)
    }
    bundet = {r.verv.person_id for r in rader if r.status in kommer or r.moett} | set(med_vara)
    vet = samlingsbrev.people_told(samling).filter(pk__in=utenfor.keys() - bundet).count()
    return Folkebytte(
        nye=list(Person.objects.filter(pk__in=ment_folk - har).order_by("sortering", "pk")),
        ut=[person for pk, person in utenfor.items() if pk not in bundet],
        paameldte=[person for pk, person in utenfor.items() if pk in bundet],
        faar_brev=_letters(samling, mottakere, rader),
        vet=vet,
        uten_verv=frozenset(utenfor.keys() - _hold_then(samling, rader)),
        plasser={
            r.verv.person_id: (
                str(r.verv.gruppe.enhet or r.verv.gruppe.navn),
                r.kommune,
            )
            for r in rader
            if r.verv.person_id in utenfor
        },
        varaer=med_vara,
        stand=_mark(samling, mottakere, ment, rader, varaer),
    )


def _substitutes(samling: Samling) -> dict[int, Gjest]:
    """Who comes, or waits, in somebody's place, by the Verv. One query."""
    varaer = Gjest.objects.filter(samling=samling, for_verv__isnull=False)
    return {g.for_verv_id: g for g in varaer.exclude(status=Gjest.Status.AVMELDT) if g.for_verv_id}


def _hold_then(samling: Samling, rader: list[Deltakelse]) -> set[int]:
    """The people who come by a Verv that holds on the day of the gathering."""
    return {r.verv.person_id for r in rader if r.verv.er_gyldig(samling.dato)}


def _letters(samling: Samling, mottakere: Mottakere, rader: list[Deltakelse]) -> frozenset[int]:
    """The people whom `queue_invitations` will write to."""
    skrevet = {rad.verv_id for rad in rader if rad.invitasjon_id}
    finnes = {rad.verv_id for rad in rader}
    invitert = {rad.verv.person_id for rad in rader if rad.invitasjon_id}
    return frozenset(
        verv.person_id
        for verv in letters_to(samling, mottakere).order_by().select_related("gruppe")
        if verv.pk not in skrevet
        and not (verv.pk not in finnes and verv.person_id in invitert and carries_invitation(verv))
    )


def _mark(
    samling: Samling,
    mottakere: Mottakere,
    ment: Collection[int],
    rader: list[Deltakelse],
    varaer: Mapping[int, Gjest],
) -> str:
    """Whom it is for now, whom it is to be for, who is reached, and what everybody has answered."""
    valg = [chosen(audience(samling)), chosen(mottakere)]
    svar = sorted((rad.verv_id, rad.status, bool(rad.moett)) for rad in rader)
    return mark(repr((valg, sorted(ment), svar, sorted((v, g.pk) for v, g in varaer.items()))))


@transaction.atomic
def change_audience(
    samling: Samling,
    *,
    mottakere: Mottakere,
    stand: str,
    by: Person,
    ta_ut: Collection[int] = (),
    tell: bool = False,
) -> Folkebytte:
    """Let the gathering be for `mottakere`: invite those who come in, take out those who fall out, and of
    those who have signed up the people in `ta_ut`. With `tell`, who knew of the invitation is told.

    `stand` is the mark of what the person saw; Konflikt, with what it would do now, when somebody has
    answered or changed it since. Twice is once. Raises KanIkke.
    """
    laast = hold(samling)
    require_unlocked(laast)
    require_not_begun(laast)
    if not laast.er_forestaaende:
        raise KanIkke(_("Bare en publisert samling som ikke er over, kan få andre mottakere."))
    # In the order in which answers hold them: an answer comes before this, or finds it done.
    egne = Deltakelse.objects.filter(samling=laast).select_for_update(of=["self"])
    list(egne.order_by("pk").values_list("pk"))
    rader = _rows(laast)
    bytte = _foresee(laast, mottakere, rader)
    skal_ut = {p.pk for p in bytte.ut} | ({p.pk for p in bytte.paameldte} & set(ta_ut))
    if bytte.stand != stand:
        if not bytte.nye and not skal_ut and chosen(audience(laast)) == chosen(mottakere):
            return bytte  # sent twice
        raise Konflikt(bytte)
    if not verv_to_invite(laast, mottakere).exists():
        raise KanIkke(_("Utvalget gir ingen mottakere. Velg noe mer, eller ta bort et filter."))
    skal_vite = list(samlingsbrev.people_told(laast).filter(pk__in=skal_ut)) if tell else []
    keep_audience(laast, mottakere)
    add_participations(laast)
    ment = set(verv_to_invite(laast).order_by().values_list("pk", flat=True))
    avmeldt = _take_out(laast, rader, ment=ment, skal_ut=skal_ut)
    avmeldt |= let_go_of_substitutes(laast)
    venteliste.fill(laast, by=by, gjester=avmeldt)
    samlingsbrev.queue_no_longer(laast, skal_vite, uten_verv=bytte.uten_verv, by=by)
    samlingsbrev.queue_invitations(laast, by=by)
    return bytte


def _take_out(
    samling: Samling, rader: list[Deltakelse], *, ment: set[int], skal_ut: set[int]
) -> set[int]:
    """The places that are no longer meant go: of those who fall out, and of those who come by another
    Verv now, which takes over the answer and the substitute; and the numbers of a group that nobody is left of. Who has
    met, has met. Returns the ids of the
    substitutes who are declined."""
    utenfor = [rad for rad in rader if rad.verv_id not in ment and not rad.moett]
    nye = Deltakelse.objects.filter(samling=samling, verv__in=ment).select_related("verv")
    andre: dict[int, list[Deltakelse]] = {}
    for rad in nye:
        andre.setdefault(rad.verv.person_id, []).append(rad)
    bort, svart = [], []
    alle_varaer, flyttes = _substitutes(samling), dict[int, Verv]()
    har_vara = dict(alle_varaer)
    for rad in utenfor:
        plasser = andre.get(rad.verv.person_id, [])
        if plasser:
            svart += [_answered_as(p, rad) for p in plasser if p.status == Status.INVITERT]
            # By a place where they come themselves, they need nobody.
            ny = next((p for p in plasser if p.status == Status.AVMELDT), None)
            if rad.verv_id in har_vara and ny and ny.verv_id not in har_vara:
                flyttes[rad.verv_id] = ny.verv
                har_vara[ny.verv_id] = har_vara[rad.verv_id]
        if plasser or rad.verv.person_id in skal_ut:
            bort.append(rad.pk)
    Deltakelse.objects.bulk_update(svart, ["status", "svart", "svart_av", "venter_siden", "dager"])
    brev.withdraw(Brev.objects.about(samling).filter(til__in=skal_ut))
    Deltakelse.objects.filter(pk__in=bort).delete()
    # Who came in their place, came for that place.
    uten_plass = {rad.verv_id for rad in utenfor if rad.pk in set(bort)}
    varaer = [g for verv, g in alle_varaer.items() if verv in uten_plass and not g.moett]
    for gjest in varaer:
        ny_plass = flyttes.get(gjest.for_verv_id or 0)
        if ny_plass:
            gjest.for_verv, gjest.gruppe_id = ny_plass, ny_plass.gruppe_id
        else:
            gjest.status, gjest.venter_siden = Gjest.Status.AVMELDT, None
    Gjest.objects.bulk_update(varaer, ["for_verv", "gruppe", "status", "venter_siden"])
    Behov.objects.filter(samling=samling, person__in=skal_ut).delete()
    Deltakerkode.objects.filter(samling=samling, person__in=skal_ut).delete()
    med = Deltakelse.objects.filter(samling=samling)
    Gruppetall.objects.filter(samling=samling).exclude(
        gruppe__in=med.values("verv__gruppe")
    ).delete()
    return {g.pk for g in varaer if g.status == Gjest.Status.AVMELDT}


def _answered_as(plass: Deltakelse, svaret: Deltakelse) -> Any:
    plass.status, plass.svart, plass.svart_av = svaret.status, svaret.svart, svaret.svart_av
    plass.venter_siden, plass.dager = svaret.venter_siden, svaret.dager
    return plass
