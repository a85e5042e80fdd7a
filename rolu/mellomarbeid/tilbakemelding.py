"""The thread of a mellomarbeid: what others say to the unit, what the unit says back, and the taps."""

import datetime
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kommuner.sortering import norsk_nokkel
from nettverk.arbeid import nyheter
from nettverk.arbeid.brev import brevslag, key
from nettverk.models import Gruppe, Naar, Nyhet, Person, Rolle, Verv
from nettverk.sikkerhet import grenser
from nettverk.sikkerhet.grenser import Grense
from nettverk.skriving.konflikt import KanIkke
from nettverk.skriving.laas import held
from nettverk.tilgang.roller import Roller, roller_for
from rolu.mellomarbeid.eget import own_work
from rolu.mellomarbeid.frister import what_waits
from rolu.models import Kvittering, Loggpost, Mellomarbeid, Tilbakemelding

Som = Tilbakemelding.Som
Slag = Kvittering.Slag

# Each may write a letter to several. Whoever gives feedback on a whole kommune in an afternoon keeps within them.
_TIME = datetime.timedelta(hours=1)
INNLEGG = Grense("rolu.innlegg", 60, _TIME)
NEVNT = Grense("rolu.nevnt", 40, _TIME)


def _url(arbeid: Mellomarbeid) -> str:
    return reverse("rolu:mellomarbeid", args=[arbeid.nettverk.slug, arbeid.pk]) + "#traad"


TILBAKEMELDING = brevslag(
    "rolu.tilbakemelding",
    gettext_lazy("Tilbakemelding på mellomarbeid"),
    tillatelse="rolu.answer_mellomarbeid",
    url=_url,
    naar=Naar.UKE,
    om=gettext_lazy(
        "Når noen gir tilbakemelding på mellomarbeidet deres, svarer deg eller nevner deg"
    ),
)


# --- who


@dataclass(frozen=True)
class Leser:
    """Somebody who may read the thread, and through what."""

    person: Person
    som: Tilbakemelding.Som
    rolle: str

    @property
    def er_leder(self) -> bool:
        return self.som == Som.ENHETEN and self.rolle == Rolle.FORMELL_LEDER


def readers(arbeid: Mellomarbeid) -> list[Leser]:
    """Those who read the thread today, by name: the unit's group, the kommuneansvarlig of its kommune, the
    track's fagmiljø when it is delivered, and the koordineringsgruppe. Each once. One query."""
    gruppe = "gruppe__type"
    hvem = Q(**{gruppe: Gruppe.Type.KOORDINERINGSGRUPPE}) | Q(
        gruppe__type=Gruppe.Type.UTVIKLINGSGRUPPE, gruppe__enhet=arbeid.enhet_id
    )
    hvem |= Q(gruppe__type=Gruppe.Type.FAGNETTVERK, rolle=Rolle.OPPVEKSTANSVARLIG) & (
        Q(representerer__in=arbeid.plasseringer.values("kommune"))
        | Q(representerer=arbeid.kommune_id, representerer__isnull=False)
    )
    loype = arbeid.oppdrag.laeringsloype
    if arbeid.er_levert and loype and loype.ansvarlig_gruppe_id:
        hvem |= Q(gruppe=loype.ansvarlig_gruppe_id)
    rader = (
        Verv.objects.filter(hvem, gruppe__nettverk=arbeid.nettverk, person__is_active=True)
        .gyldig()
        .select_related("person", "gruppe")
        .order_by("person__sortering", "person", "pk")
    )
    funnet: dict[int, Leser] = {}
    for verv in rader:
        leser = Leser(verv.person, _AV_GRUPPE[verv.gruppe.type], verv.rolle)
        foer = funnet.get(verv.person_id)
        # In the unit first, and there as its leader.
        if foer is None or _weight(leser) < _weight(foer):
            funnet[verv.person_id] = leser
    return list(funnet.values())


_AV_GRUPPE: dict[str, Tilbakemelding.Som] = {
    Gruppe.Type.UTVIKLINGSGRUPPE: Som.ENHETEN,
    Gruppe.Type.FAGNETTVERK: Som.KOMMUNEN,
    Gruppe.Type.FAGMILJO: Som.FAGMILJOET,
    Gruppe.Type.KOORDINERINGSGRUPPE: Som.KOORDINATOREN,
}


def _weight(leser: Leser) -> tuple[int, bool]:
    return list(Som).index(leser.som), leser.rolle != Rolle.FORMELL_LEDER


def on_behalf_of(arbeid: Mellomarbeid, roller: Roller) -> Tilbakemelding.Som:
    """What the person says it as: of what they are here, what is nearest the unit."""
    if arbeid.enhet_id in roller.enheter:
        return Som.ENHETEN
    if arbeid.is_followed_from(roller.kommuner_ansvar):
        return Som.KOMMUNEN
    loype = arbeid.oppdrag.laeringsloype
    if loype and loype.ansvarlig_gruppe_id in roller.fagmiljo:
        return Som.FAGMILJOET
    return Som.KOORDINATOREN


# --- say something


@transaction.atomic
def say(
    arbeid: Mellomarbeid,
    *,
    tekst: str,
    by: Person,
    loggpost: Loggpost | None = None,
    nevnte: Collection[int] = (),
) -> Tilbakemelding:
    """Say something in the thread. Tells those it concerns, each as they have chosen; names `nevnte` and
    those written «@Navn», as far as they may read the thread. Raises KanIkke when `by` has said or named much this
    hour, and Borte."""
    held(arbeid)
    # Of an entry that is removed meanwhile, it is about the whole.
    if loggpost and not arbeid.loggposter.filter(pk=loggpost.pk).exists():
        loggpost = None
    leserne = readers(arbeid)
    navngitte = {leser.person.pk for leser in leserne} & {*nevnte, *_written(tekst, leserne)}
    _require_room(by, navngitte - {by.pk})
    sagt = Tilbakemelding.objects.create(
        mellomarbeid=arbeid,
        loggpost=loggpost,
        som=on_behalf_of(arbeid, roller_for(by, arbeid.nettverk)),
        tekst=tekst,
        skrevet_av=by,
    )
    sagt.nevnte.set(navngitte)
    _tell(sagt, leserne, navngitte)
    return sagt


def _require_room(by: Person, navngitte: Collection[int]) -> None:
    if not grenser.take(INNLEGG, by.pk):
        raise KanIkke(_("Du har skrevet mye den siste timen. Vent litt før du skriver mer."))
    if navngitte and not grenser.take(NEVNT, by.pk, antall=len(navngitte)):
        raise KanIkke(_("Du har nevnt mange den siste timen. Ta bort navnene, eller vent litt."))


def _written(tekst: str, leserne: Iterable[Leser]) -> set[int]:
    """Those whose whole name stands in the text with an @ before it."""
    return {
        leser.person.pk
        for leser in leserne
        if re.search(rf"@{re.escape(leser.person.navn)}(?!\w)", tekst, re.IGNORECASE)
    }


def _tell(sagt: Tilbakemelding, leserne: list[Leser], navngitte: set[int]) -> None:
    """From others: the unit's leaders and those who wrote in the log. From the unit: those who have said
    something before. Those who are named, in any case; never the one who wrote."""
    arbeid = sagt.mellomarbeid
    if sagt.som == Som.ENHETEN:
        tidligere = arbeid.tilbakemeldinger.from_others()
        faar = set(tidligere.values_list("skrevet_av", flat=True))
    else:
        faar = {leser.person.pk for leser in leserne if leser.er_leder}
        faar |= set(arbeid.loggposter.values_list("skrevet_av", flat=True))
    faar = (faar | navngitte) - {sagt.skrevet_av_id}
    nyheter.tell(
        [
            nyheter.Nyhetslinje(
                til=leser.person,
                tekst=partial(_news, sagt, nevnt=leser.person.pk in navngitte),
                adresse=_url(arbeid),
                noekkel=key(TILBAKEMELDING, sagt, "person", leser.person.pk),
            )
            for leser in leserne
            if leser.person.pk in faar
        ],
        nettverk=arbeid.nettverk,
        slag=TILBAKEMELDING,
        om=arbeid,
        by=sagt.skrevet_av,
    )


def _news(sagt: Tilbakemelding, *, nevnt: bool) -> str:
    felt = {
        "navn": sagt.skrevet_av.navn,
        "oppdrag": sagt.mellomarbeid.oppdrag.tittel,
        "enhet": sagt.mellomarbeid.enhet,
    }
    if nevnt:
        return _("%(navn)s nevner deg i «%(oppdrag)s», %(enhet)s") % felt
    if sagt.som == Som.ENHETEN:
        return _("%(navn)s har svart i «%(oppdrag)s», %(enhet)s") % felt
    return _("%(navn)s har gitt tilbakemelding på «%(oppdrag)s», %(enhet)s") % felt


def still_read(roller: Roller, nyhetene: Iterable[Nyhet]) -> Iterable[Nyhet]:
    """Of the lines that wait for the letter of the week: those of threads that the person reads today."""
    return nyheter.about(Mellomarbeid.objects.followed_by(roller), nyhetene, TILBAKEMELDING)


@transaction.atomic
def take_back(sagt: Tilbakemelding) -> None:
    """Remove what one has said, and the news of it that waits; the history keeps it. A letter that has gone
    is not taken back."""
    nyheter.forget(key(TILBAKEMELDING, sagt))
    sagt.delete()


# --- one tap


@transaction.atomic
def tap_read(arbeid: Mellomarbeid, *, by: Person, roller: Roller) -> None:
    """«Lest»: the person has read it; tapped again it is said anew. Raises Borte."""
    held(arbeid)
    som = arbeid.enhet_id if arbeid.enhet_id in roller.enheter else None
    som = som or next((v.enhet for v in roller.egne_enheter), None)
    Kvittering.objects.update_or_create(
        mellomarbeid=arbeid,
        slag=Slag.LEST,
        person=by,
        defaults={"naar": timezone.now()},
        create_defaults={"enhet_id": som},
    )


@transaction.atomic
def tap_useful(arbeid: Mellomarbeid, *, enhet: int, by: Person) -> bool:
    """«Nyttig for oss», said for a unit; whether it stands now. Tapped once more it is taken back. Raises Borte."""
    held(arbeid)
    rad, ny = Kvittering.objects.get_or_create(
        mellomarbeid=arbeid, slag=Slag.NYTTIG, person=by, enhet_id=enhet
    )
    if not ny:
        rad.delete()
    return ny


# --- the page


@dataclass(frozen=True)
class Nyttig:
    """One of the person's own units, and whether the person has said that it is of use to it."""

    enhet: int
    navn: str
    sagt: bool


@dataclass(frozen=True)
class Nytte:
    """Whom it is of use to, by name; and the units for which the person who looks may say so."""

    hvem: list[str]
    vaare: list[Nyttig]


@dataclass
class Traad:
    """All that the thread on a page shows."""

    innlegg: list[Tilbakemelding]
    lest_av: list[Kvittering]
    jeg_har_lest: bool
    jeg_har_svart: bool
    kan_si: bool
    egen: bool
    nytte: Nytte
    lesere: list[Leser] = field(default_factory=list)

    @property
    def venter_paa_enheten(self) -> bool:
        return bool(self.innlegg) and self.innlegg[-1].som != Som.ENHETEN


def thread(arbeid: Mellomarbeid, roller: Roller, *, kan_si: bool) -> Traad:
    """The thread, for somebody in it. Constant queries."""
    innlegg: list[Any] = list(
        arbeid.tilbakemeldinger.with_kommune()
        .select_related("skrevet_av", "loggpost")
        .prefetch_related("nevnte")
    )
    for ett in innlegg:
        ett.hvem = who_speaks(arbeid, ett.som, kommune=ett.fra_kommune)
    kvitteringer = list(arbeid.kvitteringer.select_related("person", "enhet"))
    lest_av = [k for k in kvitteringer if k.slag == Slag.LEST]
    sist = max(
        (ett.skrevet for ett in innlegg if ett.skrevet_av_id != roller.person.pk), default=None
    )
    mitt_siste = max(
        (ett.skrevet for ett in innlegg if ett.skrevet_av_id == roller.person.pk), default=None
    )
    min_lesning = next((k.naar for k in lest_av if k.person_id == roller.person.pk), None)
    return Traad(
        innlegg=innlegg,
        lest_av=lest_av,
        # Read before the last was said, it is not read.
        jeg_har_lest=min_lesning is not None and (sist is None or min_lesning >= sist),
        # Who has replied, has read.
        jeg_har_svart=mitt_siste is not None and (sist is None or mitt_siste >= sist),
        kan_si=kan_si,
        egen=arbeid.enhet_id in roller.enheter,
        nytte=_of_use(arbeid, roller, kvitteringer),
        lesere=[leser for leser in readers(arbeid) if leser.person.pk != roller.person.pk]
        if kan_si
        else [],
    )


def of_use(arbeid: Mellomarbeid, roller: Roller) -> Nytte:
    """For whoever may read what is shared. One query."""
    rader = arbeid.kvitteringer.filter(slag=Slag.NYTTIG).select_related("person", "enhet")
    return _of_use(arbeid, roller, list(rader))


def _of_use(arbeid: Mellomarbeid, roller: Roller, kvitteringer: list[Kvittering]) -> Nytte:
    nyttige = [k for k in kvitteringer if k.slag == Slag.NYTTIG]
    mine = {k.enhet_id for k in nyttige if k.person_id == roller.person.pk}
    egne = roller.egne_enheter if arbeid.er_levert else []
    return Nytte(
        hvem=list(dict.fromkeys(str(k.enhet or k.person) for k in nyttige)),
        # «Oss» is a unit, and not the one that wrote it.
        vaare=[
            Nyttig(v.enhet, v.enhetsnavn or "", v.enhet in mine)
            for v in sorted(egne, key=lambda v: (norsk_nokkel(v.enhetsnavn or ""), v.enhet))
            if v.enhet and v.enhet != arbeid.enhet_id
        ],
    )


def who_speaks(arbeid: Mellomarbeid, som: str, *, kommune: str) -> str:
    """On whose behalf, in words beside the name. `kommune`: the one that spoke (`with_kommune`)."""
    loype = arbeid.oppdrag.laeringsloype
    if som == Som.ENHETEN:
        return str(arbeid.enhet or "")
    if som == Som.KOMMUNEN and arbeid.kommune:
        return kommune or arbeid.kommune.navn
    if som == Som.FAGMILJOET and loype and loype.ansvarlig_gruppe:
        return loype.ansvarlig_gruppe.navn
    return arbeid.nettverk.rollenavn(Rolle.KOORDINATOR)


# --- what waits, on the home page


def newest_unseen(roller: Roller, maks: int) -> list[Any]:
    """What the person has neither replied to nor read, the newest of each thread, the newest first. One
    query; none for whom no thread can concern, nor when what is fetched anyway says that there is none."""
    if not (roller.enheter or roller.er_kog or roller.kommuner_ansvar or roller.fagmiljo):
        return []
    if roller.er_kog and not what_waits(roller).usett:
        return []
    # Each row says it of all the threads of the person.
    eget = [] if roller.er_kog else own_work(roller)
    if eget and not eget[0].usett:
        return []
    rader: list[Any] = list(
        Tilbakemelding.objects.unseen_by(roller)
        .with_kommune()
        .annotate(
            nr=Window(
                RowNumber(), partition_by="mellomarbeid", order_by=[F("skrevet").desc(), "-pk"]
            )
        )
        .filter(nr=1)
        .select_related(
            "skrevet_av",
            "mellomarbeid__oppdrag__laeringsloype__ansvarlig_gruppe",
            "mellomarbeid__gruppe__enhet",
            "mellomarbeid__kommune",
        )
        .defer("mellomarbeid__kommune__grense", "mellomarbeid__oppdrag__tekst")
        .order_by("-skrevet", "-pk")[:maks]
    )
    for rad in rader:
        rad.mellomarbeid.oppdrag.nettverk = roller.nettverk
        rad.hvem = who_speaks(rad.mellomarbeid, rad.som, kommune=rad.fra_kommune)
    return rader
