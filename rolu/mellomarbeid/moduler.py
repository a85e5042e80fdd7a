"""How far the modules of a track have come: how many units have delivered an assignment of each."""

from collections.abc import Iterable

from django.db.models import Count, Q

from laeringsloyper.kilder import Modultall
from laeringsloyper.models import Laeringsloype
from rolu.models import Mellomarbeid


def figures(loype: Laeringsloype) -> Iterable[Modultall]:
    """By module and the kommune the unit lay in; a unit with several assignments in a module counts once. One query,
    none in a network without mellomarbeid."""
    if not loype.nettverk.uses("mellomarbeid"):
        return
    levert = Q(status=Mellomarbeid.Status.LEVERT)
    for rad in (
        Mellomarbeid.objects.asked()
        .filter(oppdrag__modul__periode__loype=loype)
        .order_by()
        .values("oppdrag__modul", "kommune")
        .annotate(
            spurt=Count("gruppe__enhet", distinct=True),
            levert=Count("gruppe__enhet", distinct=True, filter=levert),
        )
    ):
        yield Modultall(rad["oppdrag__modul"], rad["kommune"], rad["spurt"], rad["levert"])
