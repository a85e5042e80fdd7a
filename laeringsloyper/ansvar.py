"""When the last one leaves a fagmiljø: the løyper it answers for have nobody."""

from collections.abc import Iterable, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from laeringsloyper.models import Laeringsloype
from nettverk.flater import Etterlatt, Overtakelse
from nettverk.models import Gruppe, Verv
from nettverk.side.innhold import fill_in, innhold


def left_behind(overtakelser: Sequence[Overtakelse]) -> Iterable[Etterlatt]:
    """Løyper whose responsible group has nobody in it afterwards. Two queries."""
    fagmiljo = {
        o.verv.gruppe_id for o in overtakelser if o.verv.gruppe.type == Gruppe.Type.FAGMILJO
    }
    if not fagmiljo:
        return
    blir = Verv.objects.filter(
        gruppe__in=fagmiljo, gyldig__contains=max(o.fra for o in overtakelser)
    ).exclude(pk__in=[o.verv.pk for o in overtakelser])
    tomme = fagmiljo - set(blir.values_list("gruppe", flat=True))
    tomme -= {o.verv.gruppe_id for o in overtakelser if o.etterfolger}
    loyper = Laeringsloype.objects.filter(ansvarlig_gruppe__in=tomme).select_related("nettverk")
    for loype in loyper:
        yield Etterlatt(
            fill_in(_("Læringsløypa «%(loype)s»"), loype=innhold(loype.navn, loype.nettverk)),
            reverse("laeringsloyper:loype", args=[loype.nettverk.slug, loype.slug]),
        )
