"""A mistaken appointment is taken back the same day: it never held, and leaves a trace.

Whoever takes it back is shown what the person did here meanwhile, from the history: what changed, when,
and which letters they ordered. Not what they only looked at; that is written down nowhere.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Count, Exists, Max, Model, OuterRef, Q
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from pghistory.models import Context, Event
from psycopg.types.range import DateRange

from kommuner.gyldighet import idag, periode
from nettverk.arbeid.brev import slag
from nettverk.flater import Etterlatt
from nettverk.models import Brev, Nettverk, Person, Verv
from nettverk.overtakelse import hand_over, succession
from nettverk.sikkerhet.logg import hendelsesslag, record
from nettverk.skriving.konflikt import KanIkke
from nettverk.skriving.laas import hold
from nettverk.tilgang.roller import Roller
from nettverk.verv import held, require_coordinator_besides

ANNULLERT = hendelsesslag("nettverk.verv_annullert", gettext_lazy("Verv annullert"))

# More than somebody reads; the count says the rest.
VISES = 100
_GJORT = {
    "insert": gettext_lazy("laget"),
    "update": gettext_lazy("endret"),
    "delete": gettext_lazy("slettet"),
}
# The words by which a thing is known, in its history.
_TITTEL = ("tittel", "navn", "emne")
# What a thing without words of its own is a part of, the nearest first, and how far that is followed.
_DEL_AV = (
    "programpost",
    "mellomarbeid",
    "oppdrag",
    "deltakelse",
    "samling",
    "fremtidsbilde",
    "aarsrapport",
    "laeringsloype",
    "verv",
    "gruppe",
    "enhet",
)
_LEDD = 3


@dataclass(frozen=True)
class Gjort:
    """Something the person did: when last, to what kind of thing, what it is called, and how. `url` is
    its page, or that of what it is a part of, when the reader may open it."""

    naar: datetime.datetime
    hva: str
    tittel: str
    hvordan: str
    url: str = ""


# --- the act


def appointed(verv: Verv) -> datetime.datetime | None:
    """When the Verv was given; None when it was before history was kept."""
    hendelser = apps.get_model("nettverk", "VervEvent").objects
    foerst = hendelser.filter(pgh_obj=verv, pgh_label="insert")
    return foerst.values_list("pgh_created_at", flat=True).order_by("pgh_id").first()


def may_annul(verv: Verv) -> bool:
    """Whether it was given today, and stands."""
    return _given_today(appointed(verv)) and not verv.gyldig.isempty


def _given_today(naar: datetime.datetime | None) -> bool:
    return naar is not None and timezone.localdate(naar) == idag()


@transaction.atomic
def annul(verv: Verv, *, by: Person) -> list[Etterlatt]:
    """Take back an appointment that was given today: it never held, and access is gone at once. What lay
    ahead goes to the successor or closes, and is returned. Twice changes nothing.

    Raises KanIkke when it was given before today, or nobody would coordinate the network afterwards.
    """
    hold(verv.gruppe.nettverk)
    [rad] = held([verv])
    if rad.annullert:
        return []
    if not may_annul(rad):
        raise KanIkke(
            _(
                "Bare et verv som ble lagt inn i dag, kan annulleres. Avslutt vervet med en siste dag."
            )
        )
    require_coordinator_besides([rad], fra=idag(), by=by)
    arvinger = succession([rad], idag())
    rad.gyldig, rad.annullert = DateRange(empty=True), timezone.now()
    rad.save(update_fields=["gyldig", "annullert"])
    record(
        ANNULLERT,
        person=verv.person,
        by=by,
        nettverk=verv.gruppe.nettverk,
        rolle=str(rad.rolle),
        gruppe=rad.gruppe_id,
    )
    return hand_over(arvinger, by=by)


# --- what was done meanwhile


def has_other_verv(verv: Verv) -> bool:
    """Whether the person had another place in the network on the days from the appointment until it was
    annulled, by which they may have done it: also one that was taken back, or ended as if it never held,
    in those days."""
    gitt = appointed(verv)
    fra = timezone.localdate(gitt) if gitt else idag()
    til = timezone.localdate(verv.annullert) if verv.annullert else idag()
    dager = periode(fra, til + datetime.timedelta(days=1))
    hendelser = apps.get_model("nettverk", "VervEvent").objects.filter(pgh_obj=OuterRef("pk"))
    holdt = hendelser.filter(gyldig__overlap=dager, pgh_created_at__date__lte=til)
    toemt = hendelser.filter(gyldig__isempty=True, pgh_created_at__date__gte=fra)
    andre = Verv.objects.filter(
        person=verv.person_id, gruppe__nettverk=verv.gruppe.nettverk_id
    ).exclude(pk=verv.pk)
    return andre.filter(
        Q(gyldig__overlap=dager) | Q(Exists(holdt), Exists(toemt), gyldig__isempty=True)
    ).exists()


def done_meanwhile(verv: Verv, leser: Roller | None = None) -> list[Gjort]:
    """What the person did in the network from the appointment until it was annulled, the last first, with
    the pages that `leser` may open.

    A few queries for each kind of thing that has history, however much was done.
    """
    fra = appointed(verv)
    if fra is None:
        return []
    til = verv.annullert or timezone.now()
    nettverk = verv.gruppe.nettverk
    gjort = [
        *_changes(verv.person_id, nettverk, fra, til, leser),
        *_letters(verv.person_id, nettverk, fra, til),
    ]
    return sorted(gjort, key=lambda ett: ett.naar, reverse=True)


def _changes(
    person: int,
    nettverk: Nettverk,
    fra: datetime.datetime,
    til: datetime.datetime,
    leser: Roller | None,
) -> Iterator[Gjort]:
    sammenhenger = list(
        Context.objects.filter(
            created_at__gte=fra,
            created_at__lte=til,
            metadata__user=person,
            metadata__url__startswith=f"/{nettverk.slug}/",
        ).values_list("pk", flat=True)
    )
    if not sammenhenger:
        return
    for modell in apps.get_models():
        if issubclass(modell, Event) and modell.pgh_tracked_model is not None:
            yield from _of_kind(modell, sammenhenger, leser)


def _of_kind(modell: Any, sammenhenger: list[Any], leser: Roller | None) -> Iterator[Gjort]:
    felt = [f.name for f in modell._meta.concrete_fields]
    tittel = next((navn for navn in _TITTEL if navn in felt), "")
    hvem = [navn for navn in ("pgh_obj_id", "id") if navn == "pgh_obj_id" or navn in felt]
    rader = modell.objects.filter(pgh_context__in=sammenhenger).order_by("-pgh_created_at")
    sett, hendelser = set(), []
    for rad in rader[: 5 * VISES]:
        # A text that saved itself twenty times is one thing that was done.
        noekkel = (tuple(getattr(rad, navn, None) for navn in hvem), rad.pgh_label)
        if noekkel in sett:
            continue
        sett.add(noekkel)
        hendelser.append(rad)
    kjedene = _chains(modell.pgh_tracked_model, hendelser)
    sidene = _pages([ting for kjede in kjedene for ting in kjede], leser)
    for rad, kjede in zip(hendelser, kjedene, strict=True):
        yield Gjort(
            rad.pgh_created_at,
            capfirst(str(modell.pgh_tracked_model._meta.verbose_name)),
            str(getattr(rad, tittel)) if tittel else _title(kjede),
            str(_GJORT.get(rad.pgh_label, rad.pgh_label)),
            next((sidene[ting] for ting in kjede if ting in sidene), ""),
        )


def _chains(modell: type[Model], hendelser: list[Any]) -> list[list[Model]]:
    """For each event: the thing, what that is a part of, and so on, as far as they still are. One query
    for each kind of thing and step."""
    finnes = modell._base_manager.in_bulk({getattr(rad, "pgh_obj_id", None) for rad in hendelser})
    kjedene: list[list[Model]] = [
        [ting] if (ting := finnes.get(getattr(rad, "pgh_obj_id", None))) else []
        for rad in hendelser
    ]
    # Of what is deleted, its history still says what it was a part of.
    spisser: list[Any] = [
        kjede[0] if kjede else rad for kjede, rad in zip(kjedene, hendelser, strict=True)
    ]
    for _ledd in range(_LEDD):
        over = [_part_of(spiss) for spiss in spisser]
        hentet = {
            av: av._base_manager.in_bulk({pk for m, pk in filter(None, over) if m is av})
            for av in {m for m, _pk in filter(None, over)}
        }
        spisser = [hentet[par[0]].get(par[1]) if par else None for par in over]
        for kjede, spiss in zip(kjedene, spisser, strict=True):
            if spiss is not None:
                kjede.append(spiss)
    return kjedene


def _part_of(ting: Any) -> tuple[Any, Any] | None:
    """The kind and number of what it is a part of."""
    if ting is None:
        return None
    felt = {f.name: f for f in ting._meta.concrete_fields if f.is_relation}
    navn = next((n for n in _DEL_AV if n in felt and getattr(ting, felt[n].attname)), None)
    return (felt[navn].related_model, getattr(ting, felt[navn].attname)) if navn else None


def _title(kjede: list[Model]) -> str:
    for ting in kjede:
        for navn in _TITTEL:
            if ord_ := getattr(ting, navn, ""):
                return str(ord_)
    return ""


def _pages(tingene: list[Model], leser: Roller | None) -> dict[Model, str]:
    """The pages of the things: an address is called what it shows. One query for each kind."""
    if leser is None:
        return {}
    sidene: dict[Model, str] = {}
    for modell in {type(ting) for ting in tingene}:
        egne = {ting.pk: ting for ting in tingene if type(ting) is modell}
        synlige = getattr(modell._default_manager, "visible_to", None)
        navn = f"{modell._meta.app_label}:{modell._meta.model_name}"
        if synlige is None:
            continue
        for pk in synlige(leser).filter(pk__in=egne).values_list("pk", flat=True):
            try:
                sidene[egne[pk]] = reverse(navn, args=[leser.nettverk.slug, pk])
            except NoReverseMatch:
                break
    return sidene


def _letters(
    person: int, nettverk: Nettverk, fra: datetime.datetime, til: datetime.datetime
) -> Iterator[Gjort]:
    brevene = Brev.objects.filter(
        nettverk=nettverk, bestilt_av=person, opprettet__gte=fra, opprettet__lte=til
    )
    for rad in brevene.values("sending", "slag").annotate(n=Count("pk"), sist=Max("opprettet")):
        yield Gjort(
            rad["sist"],
            str(_("E-post")),
            str(slag(rad["slag"]).tittel),
            ngettext("til %(n)s person", "til %(n)s personer", rad["n"]) % {"n": rad["n"]},
        )
