"""What a voice is, and how many there are behind some cards.

A voice is one who has said something. Nobody knows who wrote on a phone, so there each card is one voice. Where
somebody speaks for a group, or a row of a spreadsheet does, `Bidrag.antall` says how many they were; and the same 18
children are 18 voices however many cards they filled. They are the same when the cards came in at one moment, in the
same tankesmie, with the same group, number, kommune and word about them.

So the number is never larger than what those who brought the voices have said. Where the same children are brought
anew another day, nobody can tell, and they count again.
"""

from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateTimeField,
    F,
    IntegerField,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from fremtidsbilder.models import Bidrag

_FLERE = Q(antall__gt=1)


def voices_by(kort: QuerySet[Bidrag], *felt: str) -> QuerySet[Any, dict[str, Any]]:
    """Rows of `felt`, `kort` cards and `stemmer` voices, to be summed up: one for those who speak for themselves, and
    one for each group that was spoken for."""
    # What tells groups apart says nothing of those who speak for themselves, so these are one row.
    merket = kort.order_by().annotate(
        samtidig=Case(When(_FLERE, then=F("skrevet")), output_field=DateTimeField()),
        omtalt=Case(When(_FLERE, then=F("om_hvem")), default=Value(""), output_field=CharField()),
        hvor=Case(When(_FLERE, then=F("kommune_id")), output_field=IntegerField()),
        hvem=Case(When(_FLERE, then=F("gruppe_id")), output_field=IntegerField()),
    )
    noekkel = ("sporsmaal__tankesmie", "antall", "samtidig", "omtalt", "hvor", "hvem")
    return merket.values(*dict.fromkeys([*felt, *noekkel])).annotate(
        kort=Count("pk"),
        stemmer=Case(
            When(antall=1, then=Count("pk")), default=F("antall"), output_field=IntegerField()
        ),
    )


class Stemmesum(Subquery):
    """How many voices there are behind the cards, within another query."""

    template = "(SELECT COALESCE(SUM(stemmer), 0)::int FROM (%(subquery)s) AS grupper)"
    output_field = IntegerField()

    def __init__(self, kort: QuerySet[Bidrag]) -> None:
        super().__init__(voices_by(kort).values("stemmer"))
