"""The programme as a plan: what comes when, how long it is, where it gapes or overlaps."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nettverk.skriving.konflikt import KanIkke, Konflikt, write
from nettverk.skriving.laas import mark
from rolu.models import Programpost, Samling

VANLIG_VARIGHET = 45
MAKS_VARIGHET = 1440
_GRUPPEARBEID = {Programpost.Arbeidsform.GRUPPE, Programpost.Arbeidsform.VERKSTED}


@dataclass(frozen=True)
class Linje:
    """One agenda item in the plan, and what to notice about it."""

    post: Programpost
    ny_dag: bool = False
    opphold: int = 0  # minutes without programme before it
    overlapp: int = 0  # minutes it shares with an earlier item that cannot go on at the same time
    utenfor: bool = False


@dataclass(frozen=True)
class Plan:
    """The whole programme of a gathering."""

    linjer: list[Linje] = field(default_factory=list)
    minutter: int = 0
    i_grupper: int = 0
    neste_start: datetime.datetime | None = None
    varsler: list[str] = field(default_factory=list)

    @property
    def timer(self) -> str:
        return _hours(self.minutter)

    @property
    def timer_i_grupper(self) -> str:
        return _hours(self.i_grupper) if self.i_grupper else ""

    @property
    def stand(self) -> str:
        """The mark of when everything is: another mark says that somebody has moved something."""
        return times_mark(linje.post for linje in self.linjer)

    @property
    def flere_dager(self) -> bool:
        return any(linje.ny_dag for linje in self.linjer)


def _hours(minutter: int) -> str:
    """5 t 30 min"""
    timer, rest = divmod(minutter, 60)
    deler = [_("%(n)s t") % {"n": timer}] if timer else []
    if rest or not timer:
        deler.append(_("%(n)s min") % {"n": rest})
    return " ".join(deler)


def how_full(samling: Samling) -> str:
    """How much of the gathering's time the programme fills, as a sentence. One query."""
    minutter = _covered(samling.programposter.all())
    hele = _minutes(samling.slutt - samling.start)
    if samling.varer_flere_dager:  # the nights are not to be filled
        return _("Programmet fyller %(timer)s.") % {"timer": _hours(minutter)}
    if minutter >= hele:
        return _("Programmet er på plass.")
    return _("Programmet fyller %(timer)s av %(hele)s.") % {
        "timer": _hours(minutter),
        "hele": _hours(hele),
    }


def times_mark(poster: Iterable[Programpost]) -> str:
    """The mark of when `poster` are, in whatever order they come."""
    return mark(";".join(sorted(f"{p.pk}={p.start.isoformat()}+{p.varighet}" for p in poster)))


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
                overlapp=max((_clash(post, p.post) for p in linjer), default=0),
                utenfor=post.start < samling.start or post.slutt > samling.slutt,
            )
        )
        slutt = post.slutt if slutt is None or ny_dag else max(slutt, post.slutt)
        dag = dato
    return Plan(
        linjer,
        _covered(poster),
        _covered(p for p in poster if p.arbeidsform in _GRUPPEARBEID),
        slutt or samling.start,
        _warnings(linjer),
    )


def _clash(post: Programpost, annen: Programpost) -> int:
    """Minutes in which two items get in each other's way: all are together in one of them, or they have
    the same room or leader. Workshops beside each other do not."""
    felles = _minutes(min(post.slutt, annen.slutt) - max(post.start, annen.start))
    if felles <= 0 or post.er_pause or annen.er_pause:
        return 0
    for_alle = Programpost.Arbeidsform.PLENUM in {post.arbeidsform, annen.arbeidsform}
    samme = any(
        verdi and verdi == getattr(annen, navn)
        for navn, verdi in (("rom", post.rom), ("leder", post.leder))
    )
    return felles if for_alle or samme else 0


def _covered(poster: Iterable[Programpost]) -> int:
    """Minutes that have something in them; what goes on at the same time counts once."""
    minutter, til = 0, None
    for post in poster:
        fra = post.start if til is None else max(post.start, til)
        minutter += max(_minutes(post.slutt - fra), 0)
        til = post.slutt if til is None else max(til, post.slutt)
    return minutter


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


# --- moving


def _held(post: Programpost, stand: str) -> tuple[list[Programpost], Programpost]:
    """Every item of the programme, held, and this one among them; Konflikt when something has been moved,
    put in or taken out since the page with the mark `stand` was drawn."""
    if post.samling.er_avlyst:
        raise KanIkke(_("Samlingen er avlyst."))
    alle = Programpost.objects.select_for_update(of=["self"], no_key=True)
    poster = list(alle.filter(samling=post.samling_id).order_by("pk"))
    rad = next((p for p in poster if p.pk == post.pk), None)
    if rad is None or times_mark(poster) != stand:
        raise Konflikt(post)
    return poster, rad


def _that_day(
    poster: list[Programpost], post: Programpost, *, fra: datetime.datetime
) -> list[Programpost]:
    return [p for p in poster if p.start >= fra and _day(p) == _day(post)]


def _day(post: Programpost) -> datetime.date:
    return timezone.localtime(post.start).date()


def _move(poster: Iterable[Programpost], minutter: int) -> int:
    """Move the items on the clock, within their day; returns how many."""
    flyttet = list(poster)
    for post in flyttet:
        dag = _day(post)
        post.start += datetime.timedelta(minutes=minutter)
        if _day(post) != dag:
            raise KanIkke(_("«%(tittel)s» ville havnet på en annen dag.") % {"tittel": post})
    return Programpost.objects.bulk_update(flyttet, ["start"])


def moved_in_words(post: Programpost, *, antall: int) -> str:
    """When the item goes on now that it and `antall` - 1 others have been moved, and what it gets in the
    way of."""
    start, slutt = (time_format(timezone.localtime(tid)) for tid in (post.start, post.slutt))
    setninger = [
        _("«%(tittel)s» går nå %(start)s–%(slutt)s.")
        % {"tittel": post.tittel, "start": start, "slutt": slutt}
    ]
    if flere := antall - 1:
        setninger.append(
            ngettext(
                "%(n)s post etter den er flyttet like mye.",
                "%(n)s poster etter den er flyttet like mye.",
                flere,
            )
            % {"n": flere}
        )
    if any(_clash(post, p) for p in post.samling.programposter.exclude(pk=post.pk)):
        setninger.append(_("Den kolliderer med en annen post."))
    return " ".join(setninger)


@transaction.atomic
def move_item(post: Programpost, *, minutter: int, stand: str) -> int:
    """Move one item. Raises Konflikt and KanIkke."""
    _poster, rad = _held(post, stand)
    return _move([rad], minutter)


@transaction.atomic
def move_from(post: Programpost, *, minutter: int, stand: str) -> int:
    """Move the item and what comes after it that day. Raises Konflikt and KanIkke."""
    poster, rad = _held(post, stand)
    return _move(_that_day(poster, rad, fra=rad.start), minutter)


@transaction.atomic
def extend_item(post: Programpost, *, minutter: int, stand: str) -> int:
    """Let the item last longer, and move what comes after it that day as much. Raises Konflikt and KanIkke."""
    poster, rad = _held(post, stand)
    etter = _that_day(poster, rad, fra=rad.slutt)
    if not 0 < rad.varighet + minutter <= MAKS_VARIGHET:
        raise KanIkke(_("«%(tittel)s» kan ikke bli så lang.") % {"tittel": post})
    rad.varighet += minutter
    rad.save(update_fields=["varighet"])
    return _move(etter, minutter)
