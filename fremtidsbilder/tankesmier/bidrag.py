"""The cards: written on phones, typed from paper, hidden, erased, picked for the summary.

Nothing is lost and nothing comes twice: the phone makes the key and sends until it is answered, the newest edition
stands, and what was written before a question was frozen is taken when it comes late.
"""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pgtrigger
from django.db import connection, transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fremtidsbilder.models import Bidrag, Samtalesporsmaal, Skanneside, Tankesmie
from fremtidsbilder.models.tankesmie import MAKS_TEGN
from fremtidsbilder.tankesmier.bidragsbilder import follow, forget, forget_pages
from fremtidsbilder.tankesmier.stand import arranging, changed, held_cards
from fremtidsbilder.tankesmier.stemmegrupper import kept_asked
from nettverk.skriving.barnesjekk import look_for_children
from nettverk.skriving.gjennomsyn import look_over
from nettverk.skriving.konflikt import KanIkke
from nettverk.skriving.navnesjekk import look_for_staff, looks_like_a_name

# The last words after it was frozen, and how long the network may have been gone for what was written before.
NAADE = datetime.timedelta(seconds=60)
SENEST = datetime.timedelta(hours=3)
# More than any hall writes. How fast one address may fill it, is held by `views.bordpad`.
MAKS_BIDRAG = 10_000
# Newer than any edition a phone makes: nothing that is sent later takes its place.
SISTE_UTGAVE = 2**31 - 1

# `Bidrag.objects.shown()`, counted from the question.
_VISES = Q(bidrag__skjult=False) & ~Q(bidrag__tekst="")

_SKRIV = """
    INSERT INTO fremtidsbilder_bidrag AS b
        (nokkel, sporsmaal_id, bord, tekst, utgave, kilde, skjult, valgt, skrevet, gruppe_id)
    SELECT r.nokkel, r.sporsmaal, r.bord, r.tekst, r.utgave, 'telefon', r.skjult, false, %s, r.gruppe
    FROM unnest(
        %s::uuid[], %s::bigint[], %s::smallint[], %s::text[], %s::int[],
        %s::boolean[], %s::bigint[]
    ) AS r (nokkel, sporsmaal, bord, tekst, utgave, skjult, gruppe)
    ORDER BY r.nokkel
    ON CONFLICT (nokkel) DO UPDATE
        SET tekst = excluded.tekst, bord = excluded.bord, utgave = excluded.utgave, skjult = excluded.skjult,
            -- What was picked was the text that stood.
            valgt = b.valgt AND NOT excluded.skjult AND b.tekst = excluded.tekst,
            -- What was read and approved was the text that stood, as the voice it was.
            avgjoerelse = CASE WHEN b.tekst = excluded.tekst AND b.skjult = excluded.skjult
                AND COALESCE(excluded.gruppe_id, b.gruppe_id) IS NOT DISTINCT FROM b.gruppe_id
                THEN b.avgjoerelse ELSE '' END,
            grunn = CASE WHEN b.tekst = excluded.tekst AND b.skjult = excluded.skjult
                AND COALESCE(excluded.gruppe_id, b.gruppe_id) IS NOT DISTINCT FROM b.gruppe_id
                THEN b.grunn ELSE '' END,
            gruppe_id = COALESCE(excluded.gruppe_id, b.gruppe_id)
        WHERE b.sporsmaal_id = excluded.sporsmaal_id AND b.utgave < excluded.utgave
    RETURNING 1
"""


@dataclass(frozen=True)
class Skrevet:
    """What a phone sends: its key, the edition, and when it was written, as far as the phone knows. An empty text
    takes it back. Without an edition it is newer than what stands: a plain form cannot count. `gruppe` is whose voice
    it is, one of those that the tankesmie asks."""

    nokkel: uuid.UUID
    sporsmaal: int
    tekst: str
    utgave: int | None = 1
    bord: int | None = None
    skrevet: datetime.datetime | None = None
    gruppe: int | None = None


@dataclass(frozen=True)
class Mottatt:
    """For each key "" when the row is taken, also when it or something newer was there already; else why not. `nevner`
    are those taken that name somebody who works in the network."""

    svar: dict[uuid.UUID, str]
    nevner: frozenset[uuid.UUID] = frozenset()


def contribute(tankesmie: Tankesmie, rader: Iterable[Skrevet]) -> dict[uuid.UUID, str]:
    """Take the rows that can be taken (`take_in`); what is answered under each key."""
    return take_in(tankesmie, rader).svar


def take_in(tankesmie: Tankesmie, rader: Iterable[Skrevet]) -> Mottatt:
    """Take the rows that can be taken. What may name a child, or names somebody who works in the network, is not shown
    before somebody who holds it has read it. Raises the number only when something changed. Five queries, and one more
    for each of these, however many rows: it is said whose voice it is, a card is written anew, a hidden one is, and
    what is written looks like a whole name."""
    nevner: frozenset[uuid.UUID] = frozenset()
    nyeste = {rad.nokkel: rad for rad in sorted(rader, key=lambda rad: rad.utgave or 0)}
    svar: dict[uuid.UUID, str] = {}
    tas = []
    with transaction.atomic():
        sporsmaalene = {
            s.pk: s
            for s in tankesmie.sporsmaal.filter(
                pk__in={rad.sporsmaal for rad in nyeste.values()}
            ).annotate(antall=Count("bidrag", filter=_VISES), rader=Count("bidrag"))
        }
        staar = {kort.nokkel: kort for kort in Bidrag.objects.filter(nokkel__in=nyeste)}
        for nokkel, rad in nyeste.items():
            kort = staar.get(nokkel)
            svar[nokkel] = ""
            if kort is None or not _has(kort, rad):
                svar[nokkel] = why_not(
                    tankesmie, sporsmaalene.get(rad.sporsmaal), rad, er_nytt=kort is None
                )
                if not svar[nokkel]:
                    tas.append((rad, kort))
        navn = _named(tankesmie, tas)
        nevner = frozenset(rad.nokkel for rad, _kort in tas if rad.tekst in navn)
        if tas and _write(tankesmie, tas, navn):
            if skrevet_om := [kort.pk for _rad, kort in tas if kort]:
                follow(Bidrag.objects.filter(pk__in=skrevet_om))
            changed(tankesmie.pk)
    return Mottatt(svar, nevner)


def _has(kort: Bidrag, rad: Skrevet) -> bool:
    """Whether what stands is the row, or newer; what is erased is never written anew."""
    if rad.utgave is None:
        return kort.tekst == rad.tekst or kort.utgave == SISTE_UTGAVE
    return kort.utgave >= rad.utgave


def why_not(
    tankesmie: Tankesmie, sporsmaal: Samtalesporsmaal | None, rad: Skrevet, *, er_nytt: bool
) -> str:
    """Why the row cannot be taken now; "" when it can. One's own card can be mended also when the wall is full."""
    if sporsmaal is None:
        return _("Spørsmålet finnes ikke lenger.")
    if sporsmaal.er_kommende or tankesmie.venter:
        return _("Spørsmålet er ikke åpnet ennå.")
    slutt = _ended(tankesmie, sporsmaal)
    if slutt and not _in_time(slutt, rad):
        return _("Spørsmålet er stengt; teksten din er tatt vare på her.")
    if er_nytt and _is_full(sporsmaal):
        return _(
            "Det er ikke plass til flere bidrag på dette spørsmålet. Si fra til den som leder tankesmia."
        )
    return ""


def _is_full(sporsmaal: Any) -> bool:
    """What is taken back and what is hidden takes no room, as long as it is not all there is. `antall` and `rader` are
    annotated."""
    return sporsmaal.antall >= MAKS_BIDRAG or sporsmaal.rader >= 2 * MAKS_BIDRAG


def _ended(tankesmie: Tankesmie, sporsmaal: Samtalesporsmaal) -> datetime.datetime | None:
    """When the question ended: it was frozen, or the time of the tankesmie was out, whichever came first."""
    slutt = [tid for tid in (sporsmaal.frosset, tankesmie.aapen_til) if tid]
    return min((tid for tid in slutt if tid <= timezone.now()), default=None)


def _in_time(frosset: datetime.datetime, rad: Skrevet) -> bool:
    """Written before it was frozen, or in the last moment, though it comes now."""
    naa = timezone.now()
    skrevet = min(rad.skrevet or naa, naa)
    return skrevet <= frosset + NAADE and naa <= frosset + SENEST


def _write(
    tankesmie: Tankesmie, rader: list[tuple[Skrevet, Bidrag | None]], navn: set[str]
) -> bool:
    """Each row in place of the card that stands; `navn` are the texts that name somebody. True when something was new."""
    felt: list[Any] = [
        timezone.now(),
        [rad.nokkel for rad, _kort in rader],
        [rad.sporsmaal for rad, _kort in rader],
        [table_of(tankesmie, rad.bord) for rad, _kort in rader],
        [rad.tekst for rad, _kort in rader],
        [rad.utgave or (kort.utgave + 1 if kort else 1) for rad, kort in rader],
        _held_back(rader, navn),
        _groups_of(tankesmie, rader),
    ]
    # Of what the writer does history keeps nothing, not even that it is hidden until it is read.
    with pgtrigger.ignore(f"{Bidrag._meta.label}:update_update"), connection.cursor() as cursor:
        cursor.execute(_SKRIV, felt)
        return bool(cursor.fetchall())


def _groups_of(
    tankesmie: Tankesmie, rader: list[tuple[Skrevet, Bidrag | None]]
) -> list[int | None]:
    """Whose voice each is, where it is a group that the tankesmie asks: another says nothing."""
    sagt = {rad.gruppe for rad, _kort in rader if rad.gruppe is not None}
    spurt = kept_asked(tankesmie, sagt) if sagt else set()
    return [rad.gruppe if rad.gruppe in spurt else None for rad, _kort in rader]


def _named(tankesmie: Tankesmie, rader: list[tuple[Skrevet, Bidrag | None]]) -> set[str]:
    """Of the texts that are written, and those that they come in the place of: which name somebody who works in the
    network. One query, none when nothing looks like a whole name."""
    alle = {rad.tekst for rad, _kort in rader} | {kort.tekst for _rad, kort in rader if kort}
    tekster = [tekst for tekst in alle if looks_like_a_name(tekst)]
    if not tekster:
        return set()
    funnet = look_for_staff(tankesmie.nettverk, tekster)
    return {tekst for tekst, folk in zip(tekster, funnet, strict=True) if folk}


def _held_back(rader: list[tuple[Skrevet, Bidrag | None]], navn: set[str]) -> list[bool]:
    """Of each: it may name a child or names somebody (`navn`), or somebody has hidden the card, and not only the look
    for names. One query when any is hidden, none else."""

    def waits(tekst: str) -> bool:
        return tekst in navn or bool(look_for_children(tekst))

    skjulte = [kort.pk for _rad, kort in rader if kort and kort.skjult]
    av_noen = _hidden_by_somebody(skjulte) if skjulte else set()
    return [
        waits(rad.tekst)
        or bool(kort and kort.skjult and (kort.pk in av_noen or not waits(kort.tekst)))
        for rad, kort in rader
    ]


def _hidden_by_somebody(pk_er: list[int]) -> set[int]:
    """What a phone writes anew leaves no change in history (`_write`), so a change there is somebody's act."""
    hendelser = Bidrag.pgh_event_model.objects  # type: ignore[attr-defined]
    siste = hendelser.filter(pgh_obj__in=pk_er, pgh_label="update").order_by("pgh_obj", "-pgh_id")
    rader = siste.distinct("pgh_obj").values_list("pgh_obj", "skjult")
    return {pk for pk, skjult in rader if skjult}


def table_of(tankesmie: Tankesmie, bord: int | None) -> int | None:
    """The table when there is one of that number."""
    return bord if bord and 1 <= bord <= tankesmie.antall_bord else None


# --- from paper


def type_in(sporsmaal: Samtalesporsmaal, *, tekst: str, bord: int | None = None) -> list[Bidrag]:
    """Type what a table wrote on its pad, a card for each line. Also when it is frozen. What may name a child, or names
    somebody who works in the network, is not shown before somebody has read it."""
    biter = cards_of(tekst)
    if not biter:
        raise KanIkke(_("Skriv det som står på arket."))
    require_short(biter)
    with arranging(sporsmaal) as naa:
        bord = table_of(naa.tankesmie, bord)
        funn = look_over(naa.tankesmie.nettverk, biter)
        return Bidrag.objects.bulk_create(
            Bidrag(
                sporsmaal=naa,
                bord=bord,
                tekst=bit,
                kilde=Bidrag.Kilde.PAPIR,
                skjult=sett.maa_leses,
            )
            for bit, sett in zip(biter, funn, strict=True)
        )


def require_short(biter: Iterable[str]) -> None:
    """Each has room in a card. Raises KanIkke, with how the first that has not begins."""
    if for_lange := [bit for bit in biter if len(bit) > MAKS_TEGN]:
        raise KanIkke(
            _(
                "Et bidrag kan ha %(maks)s tegn. Dette har %(n)s: «%(start)s …». Del det på flere linjer."
            )
            % {"maks": MAKS_TEGN, "n": len(for_lange[0]), "start": for_lange[0][:40]}
        )


def cards_of(tekst: str) -> list[str]:
    """A card for each line, as the pad on paper asks (templates/fremtidsbilder/pdf/bordblokker.html)."""
    return [linje.strip() for linje in tekst.splitlines() if linje.strip()]


# --- moderation; whether it is shown, and may be shown elsewhere: `moderering`


def erase(sporsmaal: Samtalesporsmaal, kort: Iterable[int]) -> int:
    """Take the text and the pictures away for good, where they tell who a child is: with what was said about them, why
    they were held back, and the scanned page they were written from. No phone brings it back. How many."""
    with arranging(sporsmaal) as naa:
        borte = _held(naa, kort)
        sider = list(borte.filter(skanneside__isnull=False).values_list("skanneside", flat=True))
        # The cards before their pictures, as those who write.
        antall = borte.update(
            tekst="",
            om_hvem="",
            skjult=True,
            valgt=False,
            utgave=SISTE_UTGAVE,
            avgjoerelse=Bidrag.Avgjoerelse.VENTER,
            grunn="",
        )
        hendelser = Bidrag.pgh_event_model.objects  # type: ignore[attr-defined]
        hendelser.filter(pgh_obj__in=borte).exclude(grunn="").update(grunn="")
        forget(borte)
        forget_pages(Skanneside.objects.filter(pk__in=sider))
        return antall


def _held(sporsmaal: Samtalesporsmaal, kort: Iterable[int]) -> QuerySet[Bidrag]:
    return held_cards(sporsmaal.bidrag.filter(pk__in=list(kort)))


def pick(sporsmaal: Samtalesporsmaal, kort: Iterable[int], *, valgt: bool = True) -> int:
    """Pick voices for the summary, or leave them out again. How many."""
    with arranging(sporsmaal) as naa:
        return _held(naa, kort).shown().update(valgt=valgt)  # type: ignore[attr-defined]


# --- counts


def count_by_table(sporsmaal: Samtalesporsmaal) -> dict[int | None, int]:
    """How many cards each table has written. One query."""
    rader = sporsmaal.bidrag.shown().order_by().values_list("bord").annotate(n=Count("pk"))
    return dict(rader)


def with_counts(tankesmie: Tankesmie) -> list[Samtalesporsmaal]:
    """Its questions, each with `antall` cards that are shown, `venter` that are not before somebody has read them,
    `skjulte` that somebody has hidden, and `uleste` that nobody has read, shown or not. One query."""
    skrevet = ~Q(bidrag__tekst="")
    ulest = skrevet & Q(bidrag__avgjoerelse=Bidrag.Avgjoerelse.VENTER)
    skjult = Q(bidrag__skjult=True)
    return list(
        tankesmie.sporsmaal.annotate(
            antall=Count("bidrag", filter=_VISES),
            venter=Count("bidrag", filter=ulest & skjult),
            skjulte=Count("bidrag", filter=skrevet & skjult & ~ulest),
            uleste=Count("bidrag", filter=ulest),
        ).order_by("rekkefolge", "pk")
    )
