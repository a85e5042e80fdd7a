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
from django.db.models import Count, Exists, Max, OuterRef, Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
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


@dataclass(frozen=True)
class Gjort:
    """Something the person did: when last, to what kind of thing, what it is called, and how."""

    naar: datetime.datetime
    hva: str
    tittel: str
    hvordan: str


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
            _("Bare et verv som er gitt i dag, kan annulleres. Avslutt det med en siste dag.")
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


def done_meanwhile(verv: Verv) -> list[Gjort]:
    """What the person did in the network from the appointment until it was annulled, the last first.

    One query for each kind of thing that has history, however much was done.
    """
    fra = appointed(verv)
    if fra is None:
        return []
    til = verv.annullert or timezone.now()
    nettverk = verv.gruppe.nettverk
    gjort = [
        *_changes(verv.person_id, nettverk, fra, til),
        *_letters(verv.person_id, nettverk, fra, til),
    ]
    return sorted(gjort, key=lambda ett: ett.naar, reverse=True)


def _changes(
    person: int, nettverk: Nettverk, fra: datetime.datetime, til: datetime.datetime
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
            yield from _of_kind(modell, sammenhenger)


def _of_kind(modell: Any, sammenhenger: list[Any]) -> Iterator[Gjort]:
    felt = [f.name for f in modell._meta.concrete_fields]
    tittel = next((navn for navn in _TITTEL if navn in felt), "")
    hvem = [navn for navn in ("pgh_obj_id", "id") if navn == "pgh_obj_id" or navn in felt]
    rader = modell.objects.filter(pgh_context__in=sammenhenger).order_by("-pgh_created_at")
    sett = set()
    for rad in rader[: 5 * VISES]:
        # A text that saved itself twenty times is one thing that was done.
        noekkel = (tuple(getattr(rad, navn, None) for navn in hvem), rad.pgh_label)
        if noekkel in sett:
            continue
        sett.add(noekkel)
        yield Gjort(
            rad.pgh_created_at,
            capfirst(str(modell.pgh_tracked_model._meta.verbose_name)),
            str(getattr(rad, tittel)) if tittel else "",
            str(_GJORT.get(rad.pgh_label, rad.pgh_label)),
        )


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
            _("til %(n)s") % {"n": rad["n"]},
        )
