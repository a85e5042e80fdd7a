"""Change whom a published gathering is for: who is invited, who falls out, and who comes all the same.

It is told person by person before it is done (`foresee`): somebody who is reached by another Verv than
before neither comes in nor falls out, keeps their answer, and gets no second invitation. Those who have
signed up stay unless they are taken out by name.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kommuner.models import Kommune
from nettverk.arbeid import brev
from nettverk.models import Brev, Mottakere, Person
from nettverk.mottakere.utvalg import chosen
from nettverk.skriving.konflikt import KanIkke, Konflikt
from nettverk.skriving.laas import mark
from rolu.models import Deltakelse, Samling
from rolu.samlinger import samlingsbrev
from rolu.samlinger.publisering import (
    add_participations,
    audience,
    carries_invitation,
    keep_audience,
    letters_to,
    verv_to_invite,
)

Status = Deltakelse.Status


@dataclass(frozen=True)
class Folkebytte:
    """What another audience does, by name. `faar_brev` are those reached who get an invitation by e-mail,
    `vet` how many of those who fall out know that they were invited. Of those outside it, `uten_verv` are
    outside because their Verv has ended by then, whatever was chosen; `plasser` is the unit or group and
    the kommune through which each was invited."""

    nye: list[Person]
    ut: list[Person]
    paameldte: list[Person]
    faar_brev: frozenset[int]
    vet: int
    uten_verv: frozenset[int]
    plasser: dict[int, tuple[str, Kommune | None]]
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
    bundet = {r.verv.person_id for r in rader if r.status == Status.PAAMELDT or r.moett}
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
        stand=_mark(samling, mottakere, ment, rader),
    )


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
    samling: Samling, mottakere: Mottakere, ment: Collection[int], rader: list[Deltakelse]
) -> str:
    """Whom it is for now, whom it is to be for, who is reached, and what everybody has answered."""
    valg = [chosen(audience(samling)), chosen(mottakere)]
    svar = sorted((rad.verv_id, rad.status, bool(rad.moett)) for rad in rader)
    return mark(repr((valg, sorted(ment), svar)))


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
    laast = (
        Samling.objects.select_for_update(of=["self"])
        .select_related("nettverk", "mottakere")
        .get(pk=samling.pk)
    )
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
    _take_out(laast, rader, ment=ment, skal_ut=skal_ut)
    samlingsbrev.queue_no_longer(laast, skal_vite, uten_verv=bytte.uten_verv, by=by)
    samlingsbrev.queue_invitations(laast, by=by)
    return bytte


def _take_out(
    samling: Samling, rader: list[Deltakelse], *, ment: set[int], skal_ut: set[int]
) -> None:
    """The places that are no longer meant go: of those who fall out, and of those who come by another
    Verv now, which takes over the answer. Who has met, has met."""
    utenfor = [rad for rad in rader if rad.verv_id not in ment and not rad.moett]
    nye = Deltakelse.objects.filter(samling=samling, verv__in=ment).select_related("verv")
    andre: dict[int, list[Deltakelse]] = {}
    for rad in nye:
        andre.setdefault(rad.verv.person_id, []).append(rad)
    bort, svart = [], []
    for rad in utenfor:
        plasser = andre.get(rad.verv.person_id, [])
        if plasser:
            svart += [_answered_as(p, rad) for p in plasser if p.status == Status.INVITERT]
        if plasser or rad.verv.person_id in skal_ut:
            bort.append(rad.pk)
    Deltakelse.objects.bulk_update(svart, ["status", "svart", "svart_av"])
    brev.withdraw(Brev.objects.about(samling).filter(til__in=skal_ut))
    Deltakelse.objects.filter(pk__in=bort).delete()


def _answered_as(plass: Deltakelse, svaret: Deltakelse) -> Any:
    plass.status, plass.svart, plass.svart_av = svaret.status, svaret.svart, svaret.svart_av
    return plass
