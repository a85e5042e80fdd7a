"""Sign-up: a leader signs up the whole group in one step; a member answers for themselves."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from nettverk.models import Gruppe, Person, Verv
from nettverk.skriving.konflikt import KanIkke, Konflikt
from nettverk.skriving.laas import mark
from rolu.models import Deltakelse, Samling
from rolu.samlinger.publisering import participations, verv_to_invite


@dataclass(frozen=True)
class Medlem:
    """One line of the group's sign-up: a Verv that holds on the day, and its answer so far."""

    verv: Verv
    deltakelse: Deltakelse | None

    @property
    def status(self) -> str:
        return self.deltakelse.status if self.deltakelse else Deltakelse.Status.INVITERT

    @property
    def kommer(self) -> bool:
        """Ticked beforehand: all but those who have declined."""
        return self.status != Deltakelse.Status.AVMELDT


@dataclass(frozen=True)
class Gruppesvar:
    """A group's sign-up as it stands now."""

    gruppe: Gruppe
    medlemmer: list[Medlem]

    @property
    def er_besvart(self) -> bool:
        return any(m.status != Deltakelse.Status.INVITERT for m in self.medlemmer)

    @property
    def antall_paameldte(self) -> int:
        return sum(m.status == Deltakelse.Status.PAAMELDT for m in self.medlemmer)

    @property
    def stand(self) -> str:
        """A mark of these answers: a page opened before somebody else's answer carries another."""
        return mark(";".join(f"{m.verv.pk}={m.status}" for m in self.medlemmer))


def group_answers(samling: Samling, grupper: Collection[Gruppe]) -> list[Gruppesvar]:
    """The groups' sign-ups, in the groups' order: of those in them whom the audience means, and those
    who are invited already. Two queries, however many groups."""
    ment = Q(pk__in=verv_to_invite(samling).order_by().values("pk"))
    invitert = Q(pk__in=Deltakelse.objects.filter(samling=samling).values("verv"))
    verv = (
        Verv.objects.filter(ment | invitert, gruppe__in=grupper)
        .gyldig(samling.dato)
        .in_order()
        .select_related("person")
    )
    svar = {d.verv_id: d for d in Deltakelse.objects.filter(samling=samling, verv__in=verv)}
    return [
        Gruppesvar(g, [Medlem(v, svar.get(v.pk)) for v in verv if v.gruppe_id == g.pk])
        for g in grupper
    ]


def must_answer(samling: Samling, egne: Collection[Deltakelse]) -> bool:
    """Whether somebody who comes by `egne` is waited for: it is open, and not all are answered."""
    return samling.er_aapen_for_paamelding and any(
        d.status == Deltakelse.Status.INVITERT for d in egne
    )


def require_open(samling: Samling, *, uansett_frist: bool = False) -> None:
    """Raises KanIkke with the reason; `uansett_frist` lets the coordinator answer after the deadline."""
    if samling.er_avlyst:
        raise KanIkke(_("Samlingen er avlyst."))
    if not samling.er_publisert:
        raise KanIkke(_("Påmeldingen åpner når samlingen er publisert."))
    if samling.er_over:
        raise KanIkke(_("Samlingen er over."))
    if not samling.er_aapen_for_paamelding and not uansett_frist:
        raise KanIkke(_("Påmeldingsfristen har gått ut."))


@transaction.atomic
def sign_up_group(
    samling: Samling,
    *,
    gruppe: Gruppe,
    kommer: Collection[int],
    stand: str,
    by: Person,
    uansett_frist: bool = False,
) -> Gruppesvar:
    """Sign up those whose Verv is in `kommer`, and decline for the others of the group.

    `stand` is the mark of the answers that the person saw; Konflikt when they have changed since.
    Somebody who came into the group after the invitation is taken with.
    """
    laast = (
        Samling.objects.select_for_update(of=["self"]).select_related("nettverk").get(pk=samling.pk)
    )
    require_open(laast, uansett_frist=uansett_frist)
    [foer] = group_answers(laast, [gruppe])
    if foer.stand != stand:
        raise Konflikt(foer)
    _add_missing(laast, foer)
    svart = {"svart": timezone.now(), "svart_av": by}
    egne = Deltakelse.objects.filter(samling=laast, verv__in=[m.verv.pk for m in foer.medlemmer])
    ja, nei = Deltakelse.Status.PAAMELDT, Deltakelse.Status.AVMELDT
    egne.filter(verv__in=kommer).exclude(status=ja).update(status=ja, **svart)
    egne.exclude(verv__in=kommer).exclude(status=nei).update(status=nei, **svart)
    [etter] = group_answers(laast, [gruppe])
    return etter


def _add_missing(samling: Samling, svar: Gruppesvar) -> None:
    mangler = [m.verv.pk for m in svar.medlemmer if m.deltakelse is None]
    if mangler:
        rader = participations(samling, Verv.objects.filter(pk__in=mangler))
        Deltakelse.objects.bulk_create(rader, ignore_conflicts=True)


@transaction.atomic
def answer(
    deltakelse: Deltakelse, *, kommer: bool, by: Person, uansett_frist: bool = False
) -> Deltakelse:
    """One person's own answer, for every group they are invited with: a person comes or does not.

    Saying the same twice changes nothing.
    """
    samling = Samling.objects.get(pk=deltakelse.samling_id)
    require_open(samling, uansett_frist=uansett_frist)
    status = Deltakelse.Status.PAAMELDT if kommer else Deltakelse.Status.AVMELDT
    # What they are invited with that does not hold on the day, is no place to come by.
    gjelder = Verv.objects.filter(person=deltakelse.verv.person_id).gyldig(samling.dato)
    egne = Deltakelse.objects.filter(samling=samling, verv__in=gjelder)
    # Held in one order: the same person may be answered for in another group meanwhile.
    rader = list(egne.select_for_update(of=["self"]).order_by("pk"))
    for rad in rader:
        if rad.status != status:
            rad.status, rad.svart, rad.svart_av = status, timezone.now(), by
            rad.save(update_fields=["status", "svart", "svart_av"])
    if not rader:  # whom it is for was changed meanwhile
        raise KanIkke(
            _(
                "Samlingen er ikke lenger for deg. Er dette feil, kan du spørre den som inviterte deg."
            )
        )
    return next((rad for rad in rader if rad.pk == deltakelse.pk), rader[0])
