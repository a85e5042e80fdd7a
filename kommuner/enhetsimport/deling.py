"""Units in a kommune that was divided: nobody but people can say which part each of them went to."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from kommuner.enhetsimport.inndeling import Inndeling, KommuneDa
from kommuner.gyldighet import periode
from kommuner.models import Enhet, Plassering


@dataclass(frozen=True)
class Delt:
    """A unit that has no place since its kommune was divided on `dato`, and the parts it may lie in."""

    enhet: Enhet
    kommune: KommuneDa
    dato: datetime.date
    deler: list[KommuneDa]


def undecided(kommuner: Iterable[int], inndeling: Inndeling) -> list[Delt]:
    """The units of these kommuner that nobody has placed after the division. By kommune, then name."""
    deler = {k: inndeling.parts(k) for k in kommuner if k in inndeling.per_id}
    delte = {k: d for k, d in deler.items() if d}
    if not delte:
        return []
    senere = Plassering.objects.filter(enhet=OuterRef("enhet"), gyldig__fully_gt=OuterRef("gyldig"))
    ved_delingen = Q()
    for k in delte:
        ved_delingen |= Q(kommune=k, gyldig__endswith=inndeling.per_id[k].til)
    rader = (
        Plassering.objects.filter(ved_delingen)
        .filter(~Exists(senere))
        .filter(
            Q(enhet__gyldig__upper_inf=True) | Q(enhet__gyldig__endswith__gt=F("gyldig__endswith"))
        )
        .select_related("enhet")
        .order_by("kommune", "enhet__sortering", "enhet")
    )
    svar = []
    for p in rader:
        assert p.til is not None
        svar.append(Delt(p.enhet, inndeling.per_id[p.kommune_id], p.til, delte[p.kommune_id]))
    return svar


@transaction.atomic
def place(svar: Mapping[int, int], *, kommuner: Iterable[int]) -> int:
    """Let units lie in a part from the day of the division: unit → kommune. How many were placed.

    What is not among the parts, and what somebody has placed meanwhile, is left alone.
    """
    inndeling = Inndeling.fetch()
    list(Enhet.objects.select_for_update().filter(pk__in=list(svar)).order_by("pk"))
    nye = []
    antall = 0
    for delt in undecided(kommuner, inndeling):
        valgt = svar.get(delt.enhet.pk)
        if valgt not in {d.id for d in delt.deler}:
            continue
        antall += 1
        nye += [
            Plassering(enhet=delt.enhet, kommune_id=kommune, gyldig=periode(fra, til))
            for kommune, fra, til in inndeling.kjede(valgt, delt.dato, delt.enhet.til)
        ]
    Plassering.objects.bulk_create(nye)
    return antall
