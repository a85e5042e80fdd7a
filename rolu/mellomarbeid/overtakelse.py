"""When a unit's leader leaves: assignments that nobody else can deliver."""

from collections.abc import Iterable, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from nettverk.flater import Etterlatt, Overtakelse
from nettverk.models import Gruppe, Rolle
from nettverk.side.innhold import fill_in, innhold
from rolu.models import Mellomarbeid


def left_behind(overtakelser: Sequence[Overtakelse]) -> Iterable[Etterlatt]:
    """What the units of leaders who leave have not delivered, with the deadline ahead. It is the unit's own
    work: the successor has it by the Verv, and nothing is moved. One query."""
    ledere = {
        o.verv.gruppe_id: o
        for o in overtakelser
        if o.verv.rolle == Rolle.FORMELL_LEDER
        and o.verv.gruppe.type == Gruppe.Type.UTVIKLINGSGRUPPE
    }
    if not ledere:
        return
    venter = (
        Mellomarbeid.objects.missing()
        .filter(gruppe__in=ledere, oppdrag__frist__gte=min(o.fra for o in ledere.values()))
        .select_related("oppdrag__nettverk", "gruppe__enhet")
        .order_by("oppdrag__frist", "pk")
    )
    for arbeid in venter:
        o, nettverk = ledere[arbeid.gruppe_id], arbeid.oppdrag.nettverk
        yield Etterlatt(
            fill_in(
                _("Oppdraget «%(oppdrag)s» til %(enhet)s"),
                oppdrag=innhold(arbeid.oppdrag.tittel, nettverk),
                enhet=arbeid.gruppe.enhet,
            ),
            reverse("rolu:mellomarbeid", args=[nettverk.slug, arbeid.pk]),
            til=o.til,
        )
