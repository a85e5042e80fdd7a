"""The own units' mellomarbeid on the home page, fetched once for all that is told of it there."""

import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.db.models.functions import JSONObject, Left

from kommuner.gyldighet import idag
from nettverk.models.bekreftelse import skoleaar
from rolu.mellomarbeid.faser import covered, left
from rolu.mellomarbeid.frister import HENGER_IGJEN
from rolu.models import Loggpost, Mellomarbeid, Nestesteg, Stoettehandling, Tilbakemelding

if TYPE_CHECKING:
    from nettverk.tilgang.roller import Roller

# How near a step must be to be told of.
SNART = datetime.timedelta(days=14)


def own_work(roller: "Roller") -> list[Any]:
    """Of this school year or not long past, or with a step that is near, by deadline and unit. Each says in which
    phases something is written (`faser`), which comes next (`neste_fase`), whether anything is written at all
    (`har_innhold`), which of its own steps are near (`egne_steg`: `pk`, `tekst`, `frist`), whether something in any
    thread waits for the person (`usett`), whether any of their units has a greeting to open (`hilsen`), and whether the unit is closed or has left the network (`er_borte`). One
    query, remembered; none for who is in no unit."""
    if not roller.enheter:
        return []
    siden = min(datetime.date(skoleaar(idag()), 8, 1), idag() - HENGER_IGJEN)
    steg = Nestesteg.objects.open().filter(
        hos__isnull=True,
        frist__lte=idag() + SNART,
        loggpost__mellomarbeid=OuterRef("pk"),
    )
    som_json = JSONObject(pk="pk", tekst="tekst", frist="frist")
    # Whether something is said is all that the phases ask for (`rolu.mellomarbeid.faser`).
    post = JSONObject(
        fase="fase",
        stand="stand",
        tekst=Left("tekst", 1),
        merket=Left("merket", 1),
        videre=Left("videre", 1),
    )
    skrevet = Loggpost.objects.filter(mellomarbeid=OuterRef("pk")).exclude(tekst="")
    er_med = Q(gruppe__enhet__in=roller.nettverk.enheter().order_by().values("pk"))
    arbeid = (
        Mellomarbeid.objects.filter(
            oppdrag__nettverk=roller.nettverk, gruppe__enhet__in=roller.enheter
        )
        .filter(Q(oppdrag__frist__gte=siden) | Exists(steg))
        .select_related("oppdrag__laeringsloype", "gruppe__enhet")
        .annotate(
            skrevet=ArraySubquery(skrevet.order_by().values(json=post)),
            egne_steg=ArraySubquery(steg.order_by("frist", "pk").values(json=som_json)),
            usett=Exists(Tilbakemelding.objects.unseen_by(roller)),
            hilsen=Exists(Stoettehandling.objects.unopened_by(roller)),
            er_borte=ExpressionWrapper(~er_med, BooleanField()),
        )
        .with_stage()
        .with_passed()
        .order_by("oppdrag__frist", "gruppe__enhet__sortering", "pk")
    )
    return roller.remembered("rolu.eget_arbeid", lambda: [_with_phases(m) for m in arbeid])


def _with_phases(arbeid: Any) -> Any:
    poster = [Loggpost(**felt) for felt in arbeid.skrevet]
    arbeid.har_innhold = bool(poster)
    arbeid.faser, arbeid.neste_fase = covered(poster), left(poster)
    return arbeid
