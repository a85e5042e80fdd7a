"""Goals that say nearly the same, so that one goal is not written 45 times."""

from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, FloatField, Func, Q, TextField, Value
from django.db.models.functions import Cast, Greatest
from django.db.models.sql.compiler import SQLCompiler

from fremtidsbilder.models import Maal
from nettverk.tilgang.roller import Roller

# As near in its letters, or so much of the stems of the longer of the two in common.
_BOKSTAVER, _STAMMER = 0.5, 0.6
VISES = 5


class _Felles(Func):
    """How much of the Norwegian stems of two texts is shared, from 0 to 1."""

    output_field = FloatField()

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *args: Any, **mer: Any
    ) -> Any:
        a, pa = compiler.compile(self.source_expressions[0])
        b, pb = compiler.compile(self.source_expressions[1])
        va = f"to_tsvector('norwegian'::regconfig, sokeform({a}))"
        vb = f"to_tsvector('norwegian'::regconfig, sokeform({b}))"
        sql = (
            f"(SELECT count(*)::float FROM unnest(tsvector_to_array({va})) s"
            f" WHERE s = ANY (tsvector_to_array({vb})))"
            f" / greatest(length({va}), length({vb}), 1)"
        )
        return sql, [*pa, *pb, *pa, *pb]


def near(tekst: str, roller: Roller) -> list[Maal]:
    """The goals that the person may see and that say nearly the same as `tekst`, the nearest first; not those that are
    closed. One query."""
    sagt = Cast(Value(tekst), TextField())
    rader = (
        Maal.objects.visible_to(roller)
        .exclude(tilstand=Maal.Tilstand.AVSLUTTET)
        .select_related("kommune", "enhet")
        .defer("kommune__grense")
        .annotate(bokstaver=TrigramSimilarity("tekst", tekst), stammer=_Felles(F("tekst"), sagt))
        .filter(Q(bokstaver__gte=_BOKSTAVER) | Q(stammer__gte=_STAMMER))
        .order_by(Greatest("bokstaver", "stammer").desc(), "pk")
    )
    return list(rader[:VISES])
