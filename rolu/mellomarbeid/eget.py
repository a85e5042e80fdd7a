"""The own units' mellomarbeid on the home page, fetched once for all that is told of it there."""

import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import JSONObject

from kommuner.gyldighet import idag
from nettverk.models.bekreftelse import skoleaar
from rolu.mellomarbeid.frister import HENGER_IGJEN
from rolu.models import Mellomarbeid, Nestesteg, Tilbakemelding

if TYPE_CHECKING:
    from nettverk.tilgang.roller import Roller

# How near a step must be to be told of.
SNART = datetime.timedelta(days=14)


def own_work(roller: "Roller") -> list[Any]:
    """Of this school year or not long past, or with a step that is near, by deadline and unit. Each says in which
    phases something is written (`faser`), which of its own steps are near (`egne_steg`: `pk`, `tekst`, `frist`), and
    whether something in any thread waits for the person (`usett`). One query, remembered; none for who is in no unit."""
    if not roller.enheter:
        return []
    siden = min(datetime.date(skoleaar(idag()), 8, 1), idag() - HENGER_IGJEN)
    steg = Nestesteg.objects.open().filter(
        hos__isnull=True,
        frist__lte=idag() + SNART,
        loggpost__mellomarbeid=OuterRef("pk"),
    )
    som_json = JSONObject(pk="pk", tekst="tekst", frist="frist")
    arbeid = (
        Mellomarbeid.objects.filter(
            oppdrag__nettverk=roller.nettverk, gruppe__enhet__in=roller.enheter
        )
        .filter(Q(oppdrag__frist__gte=siden) | Exists(steg))
        .select_related("oppdrag__laeringsloype", "gruppe__enhet")
        .annotate(
            faser=ArrayAgg(
                "loggposter__fase",
                filter=Q(loggposter__isnull=False) & ~Q(loggposter__tekst=""),
                distinct=True,
                default=Value([]),
            ),
            egne_steg=ArraySubquery(steg.order_by("frist", "pk").values(json=som_json)),
            usett=Exists(Tilbakemelding.objects.unseen_by(roller)),
        )
        .with_stage()
        .with_passed()
        .order_by("oppdrag__frist", "gruppe__enhet__sortering", "pk")
    )
    return roller.remembered("rolu.eget_arbeid", lambda: list(arbeid))
