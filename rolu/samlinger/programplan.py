"""The programme as a plan: what comes when, how long it is, where it gapes or overlaps."""

import datetime
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nettverk.filer.vedlegg import forget_files
from nettverk.side.skrivemaate import klokke
from nettverk.skriving.konflikt import KanIkke, Konflikt, write
from nettverk.skriving.laas import mark
from rolu.models import Programpost, Samling, Samlingsdag
from rolu.samlinger import samtaler
from rolu.samlinger.dager import days
from rolu.samlinger.kollisjoner import Kollisjon, Om, between
from rolu.samlinger.tilstand import writing

VANLIG_VARIGHET = 45
MAKS_VARIGHET = 1440
# Of what is wrong, so many are named.
_MAKS_NEVNT = 6
_GRUPPEARBEID = {Programpost.Arbeidsform.GRUPPE, Programpost.Arbeidsform.VERKSTED}


@dataclass(frozen=True)
class Linje:
    """One agenda item in the plan, and what to notice about it."""

    post: Programpost
    ny_dag: bool = False
    opphold: int = 0  # minutes without programme before it
    kollisjoner: tuple[Kollisjon, ...] = ()  # with earlier items
    utenfor: bool = False  # the hours of its day
    uten_dag: bool = False  # on a day that is not one of the gathering's
    sum: int = 0  # minutes of the day that have something in them, when it is over
    over: int = 0  # minutes after the end of the day, when it is over

    @property
    def overlapp(self) -> int:
        """Minutes it shares with an earlier item that cannot go on at the same time."""
        return max((k.minutter for k in self.kollisjoner), default=0)

    @property
    def utenfor_i_ord(self) -> str:
        """That it is outside the hours of its day, and how far it goes over; "" when it is not."""
        if not self.utenfor:
            return ""
        if not self.over:
            return _("Utenfor samlingens tid")
        return ngettext(
            "Utenfor samlingens tid, %(n)s minutt over",
            "Utenfor samlingens tid, %(n)s minutter over",
            self.over,
        ) % {"n": self.over}

    @property
    def sum_i_ord(self) -> str:
        return hours(self.sum)


@dataclass(frozen=True)
class Dagsplan:
    """One day of the plan: its hours (None when it is no day of the gathering), and what is in it."""

    dato: datetime.date
    dag: Samlingsdag | None
    linjer: list[Linje]
    minutter: int

    @property
    def sum(self) -> str:
        return hours(self.minutter)

    @property
    def lengde(self) -> str:
        """How long the day is."""
        return hours(_minutes(self.dag.slutt - self.dag.start)) if self.dag else ""

    @property
    def over(self) -> int:
        """Minutes that the programme goes on after the day has ended."""
        return max((linje.over for linje in self.linjer), default=0)

    @property
    def tid(self) -> str:
        """kl. 10.00–16.00"""
        return f"{klokke(self.dag.fra)}–{time_format(self.dag.til)}" if self.dag else ""


@dataclass(frozen=True)
class Plan:
    """The whole programme of a gathering."""

    linjer: list[Linje] = field(default_factory=list)
    dager: list[Dagsplan] = field(default_factory=list)
    minutter: int = 0
    i_grupper: int = 0
    neste_start: datetime.datetime | None = None
    varsler: list[str] = field(default_factory=list)

    @property
    def timer(self) -> str:
        return hours(self.minutter)

    @property
    def timer_i_grupper(self) -> str:
        return hours(self.i_grupper) if self.i_grupper else ""

    @property
    def stand(self) -> str:
        """The mark of when everything is: another mark says that somebody has moved something."""
        return times_mark(linje.post for linje in self.linjer)

    @property
    def flere_dager(self) -> bool:
        return len(self.dager) > 1

    @property
    def uten_dag(self) -> bool:
        """Something stands on a day that is not one of the gathering's."""
        return any(linje.uten_dag for linje in self.linjer)


def hours(minutter: int) -> str:
    """5 t 30 min"""
    timer, rest = divmod(minutter, 60)
    deler = [_("%(n)s t") % {"n": timer}] if timer else []
    if rest or not timer:
        deler.append(_("%(n)s min") % {"n": rest})
    return " ".join(deler)


def how_full(samling: Samling) -> str:
    """How much of the gathering's days the programme fills, and how many warnings it has, as sentences. One
    query, and one for several days."""
    plan = make_plan(samling, list(samling.programposter.all()))
    hele = sum(_minutes(dag.slutt - dag.start) for dag in days(samling))
    setninger = []
    if plan.minutter < hele:
        fyller = _("Programmet fyller %(timer)s av %(hele)s.")
        setninger.append(fyller % {"timer": plan.timer, "hele": hours(hele)})
    if antall := len(plan.varsler):
        tekst = ngettext("Programmet har %(n)s varsel.", "Programmet har %(n)s varsler.", antall)
        setninger.append(tekst % {"n": antall})
    return " ".join(setninger) or _("Programmet er på plass.")


def times_mark(poster: Iterable[Programpost]) -> str:
    """The mark of when `poster` are, in whatever order they come."""
    return mark(";".join(sorted(f"{p.pk}={p.start.isoformat()}+{p.varighet}" for p in poster)))


def items(samling: Samling, *, med_kjoereplan: bool = False) -> list[Programpost]:
    """The items in order, with their documents; what belongs to the kjøreplan alone comes along only when it
    is asked for. Two queries."""
    poster = samling.programposter.prefetch_related("vedlegg")
    return list(poster if med_kjoereplan else poster.defer("materiell", "internt"))


def without_day(samling: Samling) -> int:
    """How many items stand on a day that is not one of the gathering's. Three queries at most."""
    return sum(linje.uten_dag for linje in make_plan(samling, items(samling)).linjer)


def make_plan(samling: Samling, poster: list[Programpost]) -> Plan:
    """The plan of `poster`, which stand in order of time. One query when there are several days."""
    dagene = {dag.dato: dag for dag in days(samling)}
    datoer = sorted({*dagene, *(_day(post) for post in poster)})
    dager = [_day_plan(dato, dagene.get(dato), poster) for dato in datoer]
    linjer = [
        replace(linje, ny_dag=not nr and bool(foran))
        for foran, dag in _with_those_before(dager)
        for nr, linje in enumerate(dag.linjer)
    ]
    return Plan(
        linjer,
        dager,
        covered(poster),
        covered(p for p in poster if p.arbeidsform in _GRUPPEARBEID),
        _next_start(samling, dager),
        _warnings(linjer),
    )


def _with_those_before(dager: list[Dagsplan]) -> Iterator[tuple[list[Dagsplan], Dagsplan]]:
    """Each day with the earlier ones in which there is something."""
    for nr, dag in enumerate(dager):
        yield [d for d in dager[:nr] if d.linjer], dag


def _day_plan(dato: datetime.date, dag: Samlingsdag | None, alle: list[Programpost]) -> Dagsplan:
    poster = [post for post in alle if _day(post) == dato]
    linjer = []
    slutt: datetime.datetime | None = None
    for nr, post in enumerate(poster):
        linjer.append(
            Linje(
                post,
                opphold=max(_minutes(post.start - slutt), 0) if slutt else 0,
                kollisjoner=tuple(k for annen in poster[:nr] for k in between(post, annen)),
                utenfor=dag is not None and (post.start < dag.start or post.slutt > dag.slutt),
                uten_dag=dag is None,
                sum=covered(poster[: nr + 1]),
                over=max(_minutes(post.slutt - dag.slutt), 0) if dag else 0,
            )
        )
        slutt = max(slutt, post.slutt) if slutt else post.slutt
    return Dagsplan(dato, dag, linjer, covered(poster))


def _next_start(samling: Samling, dager: list[Dagsplan]) -> datetime.datetime:
    """When the next item may begin: after the last, or on the day after when that one is full."""
    fylte = [nr for nr, dag in enumerate(dager) if dag.linjer]
    if not fylte:
        return samling.start
    siste = dager[fylte[-1]]
    slutt = max(linje.post.slutt for linje in siste.linjer)
    etter = next((d.dag for d in dager[fylte[-1] + 1 :] if d.dag), None)
    if etter and siste.dag and slutt >= siste.dag.slutt:
        return etter.start
    return slutt


def covered(poster: Iterable[Programpost]) -> int:
    """Minutes that have something in them; what goes on at the same time counts once."""
    minutter, til = 0, None
    for post in sorted(poster, key=lambda p: p.start):
        fra = post.start if til is None else max(post.start, til)
        minutter += max(_minutes(post.slutt - fra), 0)
        til = post.slutt if til is None else max(til, post.slutt)
    return minutter


def _minutes(avstand: datetime.timedelta) -> int:
    return int(avstand.total_seconds() // 60)


def _warnings(linjer: list[Linje]) -> list[str]:
    return [*outside(linjer), *_in_the_way(linjer)]


def outside(linjer: list[Linje]) -> list[str]:
    """What is not on the gathering's days, or not within their hours."""
    varsler = []
    if uten_dag := [linje.post for linje in linjer if linje.uten_dag]:
        varsler.append(
            _("Ligger ikke på noen av dagene til samlingen: %(poster)s.")
            % {"poster": _some([f"«{post}» ({date_format(_day(post))})" for post in uten_dag])}
        )
    if antall := sum(linje.utenfor for linje in linjer):
        tekst = ngettext(
            "Én post ligger utenfor tiden til samlingen.",
            "%(n)s poster ligger utenfor tiden til samlingen.",
            antall,
        )
        varsler.append(tekst % {"n": antall})
    return varsler


def _in_the_way(linjer: list[Linje]) -> list[str]:
    varsler = []
    alle = [kollisjon for linje in linjer for kollisjon in linje.kollisjoner]
    if antall := len({k.post.pk for k in alle if k.om is Om.TID}):
        tekst = ngettext(
            "Én post går samtidig med en annen.", "%(n)s poster går samtidig med andre.", antall
        )
        varsler.append(tekst % {"n": antall})
    navngitte = [k.setning for k in alle if k.om is not Om.TID]
    varsler += navngitte[:_MAKS_NEVNT]
    if flere := len(navngitte[_MAKS_NEVNT:]):
        tekst = ngettext(
            "%(n)s kollisjon til mellom personer og rom.",
            "%(n)s kollisjoner til mellom personer og rom.",
            flere,
        )
        varsler.append(tekst % {"n": flere})
    return varsler


def _some(ledd: list[str]) -> str:
    """The first of them, and how many more."""
    if flere := len(ledd[_MAKS_NEVNT:]):
        ledd = [*ledd[:_MAKS_NEVNT], _("og %(n)s til") % {"n": flere}]
    return ", ".join(ledd)


# --- copying


def copy_program(*, fra: Samling, til: Samling) -> int:
    """Copy the programme of an earlier gathering, both layers, each day to the day with the same number;
    without notes and documents. What was on more days than there are now, keeps its distance to the last."""
    flytt = _how_far(days(fra), days(til))
    poster = [
        Programpost(
            samling=til,
            start=timezone.make_aware(_local(post.start) + flytt(_day(post))),
            varighet=post.varighet,
            **copied(post),
        )
        for post in fra.programposter.all()
    ]
    return len(Programpost.objects.bulk_create(poster))


_KOPIERES = (
    "tittel",
    "arbeidsform",
    "leder",
    "rom",
    "spor",
    "beskrivelse",
    "materiell",
    "internt",
)


def copied(post: Programpost, *, uten: Collection[str] = ()) -> dict[str, Any]:
    """What of an item is taken along to a copy of it, but for the fields `uten`. When it is, its note and what
    came of it, are not."""
    return {felt: getattr(post, felt) for felt in _KOPIERES if felt not in uten}


def _how_far(
    fra: list[Samlingsdag], til: list[Samlingsdag]
) -> Callable[[datetime.date], datetime.timedelta]:
    """How far what was on a day is moved, on the clock of the wall: 09.30 stays 09.30 also when summer time
    lies between. What was between the days goes as the day before it."""
    avstander = [
        (gammel.dato, _local(ny.start) - _local(gammel.start))
        for gammel, ny in zip(fra, til, strict=False)
    ]

    def flytt(dato: datetime.date) -> datetime.timedelta:
        foer = [avstand for dag, avstand in avstander if dag <= dato]
        return foer[-1] if foer else avstander[0][1]

    return flytt


def _local(tid: datetime.datetime) -> datetime.datetime:
    return timezone.localtime(tid).replace(tzinfo=None)


# --- changing


def add_item(post: Programpost) -> Programpost:
    """Put an item in its gathering's programme. Lukket when that is locked."""
    with writing(post.samling):
        post.save()
    return post


def change_item(post: Programpost, *, felt: list[str]) -> Programpost:
    """Save the fields `felt` of an item that is held; the note is left alone, for somebody may be
    writing it at the same time. Lukket when the gathering is locked."""
    with writing(post.samling):
        post.save(update_fields=felt)
        samtaler.follow(post)
    return post


def write_note(post: Programpost, *, notat: str, versjon: int) -> Programpost:
    """Save the note of an item that was opened as `versjon`. Raises Konflikt, and Lukket when the gathering
    is locked."""
    with writing(post.samling):
        rad = Programpost.objects.select_for_update().get(pk=post.pk)
        return write(rad, versjon=versjon, felt={"notat": notat})


def delete_item(post: Programpost) -> None:
    """Delete an item with its note and its documents. What came of it stays with the gathering."""
    with writing(post.samling) as naa:
        if naa.er_avlyst:
            raise KanIkke(_("Samlingen er avlyst."))
        forget_files(list(post.vedlegg.all()))
        post.delete()


# --- moving


def _held(post: Programpost, stand: str) -> tuple[list[Programpost], Programpost]:
    """Every item of the programme, held, and this one among them; Konflikt when something has been moved,
    put in or taken out since the page with the mark `stand` was drawn."""
    poster = _all_held(post.samling, stand)
    rad = next((p for p in poster if p.pk == post.pk), None)
    if rad is None:
        raise Konflikt(post)
    return poster, rad


def _all_held(samling: Samling, stand: str) -> list[Programpost]:
    """The programme in order, held inside the `writing` of its gathering; as `_held`."""
    if samling.er_avlyst:
        raise KanIkke(_("Samlingen er avlyst."))
    alle = Programpost.objects.select_for_update(of=["self"], no_key=True)
    poster = list(alle.filter(samling=samling).order_by("pk"))
    if times_mark(poster) != stand:
        raise Konflikt(samling)
    return poster


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
    if any(between(post, p) for p in post.samling.programposter.exclude(pk=post.pk)):
        setninger.append(_("Den kolliderer med en annen post."))
    return " ".join(setninger)


def move_item(post: Programpost, *, minutter: int, stand: str) -> int:
    """Move one item. Raises Konflikt and KanIkke."""
    with writing(post.samling):
        _poster, rad = _held(post, stand)
        return _move([rad], minutter)


def move_from(post: Programpost, *, minutter: int, stand: str) -> int:
    """Move the item and what comes after it that day. Raises Konflikt and KanIkke."""
    with writing(post.samling):
        poster, rad = _held(post, stand)
        return _move(_that_day(poster, rad, fra=rad.start), minutter)


def extend_item(post: Programpost, *, minutter: int, stand: str) -> int:
    """Let the item last longer, and move what comes after it that day as much. Raises Konflikt and KanIkke."""
    with writing(post.samling):
        poster, rad = _held(post, stand)
        etter = _that_day(poster, rad, fra=rad.slutt)
        if not 0 < rad.varighet + minutter <= MAKS_VARIGHET:
            raise KanIkke(_("«%(tittel)s» kan ikke bli så lang.") % {"tittel": post})
        rad.varighet += minutter
        rad.save(update_fields=["varighet"])
        return _move(etter, minutter)


def move_to_days(samling: Samling, *, stand: str) -> int:
    """Move what stands on days that are not the gathering's, to those that have nothing, in order, and then
    to the last one; the hours stay. Returns how many. Raises Konflikt and KanIkke."""
    with writing(samling) as naa:
        poster = _all_held(samling, stand)
        dagene = [dag.dato for dag in days(naa)]
        i_bruk = {_day(post) for post in poster}
        ledige = [dag for dag in dagene if dag not in i_bruk]
        uten_dag = sorted(i_bruk - set(dagene))
        til = {
            dag: ledige[nr] if nr < len(ledige) else dagene[-1] for nr, dag in enumerate(uten_dag)
        }
        flyttes = [post for post in poster if _day(post) in til]
        for post in flyttes:
            lokal = _local(post.start)
            post.start = timezone.make_aware(
                datetime.datetime.combine(til[lokal.date()], lokal.time())
            )
        return Programpost.objects.bulk_update(flyttes, ["start"])
