"""The programme as a plan: what comes when, how long it is, where it gapes or overlaps."""

import datetime
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nettverk.skriving.konflikt import KanIkke, write
from rolu.models import Programpost, Samling

VANLIG_VARIGHET = 45


@dataclass(frozen=True)
class Linje:
    """One agenda item in the plan, and what to notice about it."""

    post: Programpost
    ny_dag: bool = False
    opphold: int = 0  # minutes without programme before it
    overlapp: int = 0  # minutes it shares with the items before it
    utenfor: bool = False


@dataclass(frozen=True)
class Plan:
    """The whole programme of a gathering."""

    linjer: list[Linje] = field(default_factory=list)
    minutter: int = 0
    neste_start: datetime.datetime | None = None
    varsler: list[str] = field(default_factory=list)

    @property
    def timer(self) -> str:
        """5 t 30 min"""
        timer, minutter = divmod(self.minutter, 60)
        deler = [_("%(n)s t") % {"n": timer}] if timer else []
        if minutter or not timer:
            deler.append(_("%(n)s min") % {"n": minutter})
        return " ".join(deler)

    @property
    def flere_dager(self) -> bool:
        return any(linje.ny_dag for linje in self.linjer)


def make_plan(samling: Samling, poster: list[Programpost]) -> Plan:
    """The plan of `poster`, which stand in order of time."""
    linjer: list[Linje] = []
    slutt: datetime.datetime | None = None
    dag = None
    for post in poster:
        dato = timezone.localtime(post.start).date()
        ny_dag = dag is not None and dato != dag
        avstand = _minutes(post.start - slutt) if slutt and not ny_dag else 0
        linjer.append(
            Linje(
                post,
                ny_dag=ny_dag,
                opphold=max(avstand, 0),
                overlapp=min(max(-avstand, 0), post.varighet),
                utenfor=post.start < samling.start or post.slutt > samling.slutt,
            )
        )
        slutt = post.slutt if slutt is None or ny_dag else max(slutt, post.slutt)
        dag = dato
    return Plan(linjer, sum(p.varighet for p in poster), slutt or samling.start, _warnings(linjer))


def _minutes(avstand: datetime.timedelta) -> int:
    return int(avstand.total_seconds() // 60)


def _warnings(linjer: list[Linje]) -> list[str]:
    varsler = []
    if antall := sum(linje.utenfor for linje in linjer):
        tekst = ngettext(
            "Én post ligger utenfor tiden til samlingen.",
            "%(n)s poster ligger utenfor tiden til samlingen.",
            antall,
        )
        varsler.append(tekst % {"n": antall})
    if antall := sum(bool(linje.overlapp) for linje in linjer):
        tekst = ngettext(
            "Én post går samtidig med en annen.", "%(n)s poster går samtidig med andre.", antall
        )
        varsler.append(tekst % {"n": antall})
    return varsler


def copy_program(*, fra: Samling, til: Samling) -> int:
    """Copy the programme of an earlier gathering, moved to the new start; without notes."""
    # Moved on the clock of the wall: 09.30 stays 09.30 also when summer time lies between.
    flytt = _local(til.start) - _local(fra.start)
    poster = [
        Programpost(
            samling=til,
            start=timezone.make_aware(_local(post.start) + flytt),
            varighet=post.varighet,
            tittel=post.tittel,
            arbeidsform=post.arbeidsform,
            leder=post.leder,
            rom=post.rom,
            beskrivelse=post.beskrivelse,
        )
        for post in fra.programposter.all()
    ]
    return len(Programpost.objects.bulk_create(poster))


def _local(tid: datetime.datetime) -> datetime.datetime:
    return timezone.localtime(tid).replace(tzinfo=None)


def add_item(post: Programpost) -> Programpost:
    """Put an item in its gathering's programme."""
    post.save()
    return post


def change_item(post: Programpost, *, felt: list[str]) -> Programpost:
    """Save the fields `felt` of an item that is held; the note is left alone, for somebody may be
    writing it at the same time."""
    post.save(update_fields=felt)
    return post


@transaction.atomic
def write_note(post: Programpost, *, notat: str, vedtak: str, versjon: int) -> Programpost:
    """Save the note and the decision of an item that were opened as `versjon`. Raises Konflikt."""
    rad = Programpost.objects.select_for_update().get(pk=post.pk)
    return write(rad, versjon=versjon, felt={"notat": notat, "vedtak": vedtak})


def delete_item(post: Programpost) -> None:
    """Delete an item with its note and decision."""
    if post.samling.er_avlyst:
        raise KanIkke(_("Samlingen er avlyst."))
    post.delete()
