"""Each one's own table, once the seating is shared: «Bord 7»."""

import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone

from rolu.models import Bordkart, Bordplass, Deltakerkode, Samling

if TYPE_CHECKING:
    from nettverk.models import Person


def with_own_table(samlinger: QuerySet[Samling], person: Any) -> QuerySet[Samling]:
    """Adds `eget_bord`, the person's table, None where there is none or it is not shared; and `bordkart_er_delt`."""
    return samlinger.annotate(
        eget_bord=Subquery(
            Bordplass.objects.filter(
                bordkart__samling=OuterRef("pk"), bordkart__delt__isnull=False, person=person
            ).values("bord")[:1]
        ),
        bordkart_er_delt=Exists(
            Bordkart.objects.filter(samling=OuterRef("pk"), delt__isnull=False)
        ),
    )


def table_by_code(rad: Deltakerkode) -> int | None:
    """The table of whoever holds a code. One query."""
    hvem = {"person": rad.person_id} if rad.person_id else {"gjest": rad.gjest_id}
    delt = Bordplass.objects.filter(
        bordkart__samling=rad.samling_id, bordkart__delt__isnull=False, **hvem
    )
    return delt.values_list("bord", flat=True).first()


def today(person: "Person", nettverk: Any) -> Bordplass | None:
    """Where the person sits today, with the gathering. One query."""
    naa = timezone.localtime()
    midnatt = naa.replace(hour=0, minute=0, second=0, microsecond=0)
    i_morgen = midnatt + datetime.timedelta(days=1)
    mine = Bordplass.objects.filter(
        person=person,
        bordkart__delt__isnull=False,
        bordkart__samling__nettverk=nettverk,
        bordkart__samling__status__in=[Samling.Status.INVITERT, Samling.Status.PAAGAAR],
        bordkart__samling__start__lt=i_morgen,
        bordkart__samling__slutt__gte=midnatt,
    )
    return mine.select_related("bordkart__samling").order_by("bordkart__samling__start").first()
