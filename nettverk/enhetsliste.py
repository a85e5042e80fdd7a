"""The units of a network on a day, as plain rows and drawn: fifty at a time on the register's page."""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from kommuner.models import Enhet
from kommuner.models.enhet import EnhetQuerySet
from nettverk.filer.regneark import make_regneark
from nettverk.models import Medlemskap, Nettverk
from nettverk.side.jinja import draw
from nettverk.side.skrivemaate import kommunenavn, tall


def enheter_in(medlemskap: Sequence[Medlemskap], dato: datetime.date) -> EnhetQuerySet:
    """The units that exist on `dato` in the kommuner that were members that day."""
    return Enhet.objects.gyldig(dato).placed_in([m.kommune_id for m in medlemskap], dato)


def per_type(enheter: EnhetQuerySet) -> dict[str, int]:
    """How many units there are of each type. One query."""
    return dict(enheter.order_by().values_list("type").annotate(antall=Count("pk")))


def as_sheet(
    rader: Iterable[dict[str, Any]], *, medlemskap: Sequence[Medlemskap], tittel: str
) -> bytes:
    """The rows of `as_rows` as a spreadsheet."""
    kommuner = {m.kommune_id: kommunenavn(m.navn_da) for m in medlemskap}
    typer = {t.value: capfirst(t.label) for t in Enhet.Type}
    eierformer = {e.value: capfirst(e.label) for e in Enhet.Eierform}
    return make_regneark(
        tittel,
        [
            (_("Enhet"), 40),
            (_("Kommune"), 20),
            (_("Type"), 20),
            (_("Eierform"), 18),
            (_("Barn/elever"), 12),
            (_("Ansatte"), 12),
        ],
        [
            [
                r["visningsnavn"] or r["navn"],
                kommuner[r["her__kommune"]],
                typer[r["type"]],
                eierformer.get(r["eierform_da"], ""),
                r["antall_barn"],
                r["antall_ansatte"],
            ]
            for r in rader
        ],
    )


def as_rows(enheter: EnhetQuerySet, dato: datetime.date) -> QuerySet:
    """One dict per unit of `enheter_in`, with figures and owner as known on `dato`: cheap to draw many of."""
    return (
        enheter.with_tall(dato)
        .with_eier(dato)
        .values(
            "navn",
            "visningsnavn",
            "referanse",
            "type",
            "eierform_da",
            "er_demo",
            "her__kommune",
            "antall_barn",
            "antall_ansatte",
        )
    )


def draw_rows(
    rader: Iterable[dict[str, Any]],
    *,
    nettverk: Nettverk,
    medlemskap: Sequence[Medlemskap],
    per_query: str = "",
) -> SafeString:
    """The table's rows as HTML; `per_query` keeps the date in the links."""
    return draw(
        "nettverk/enhetsrader.jinja",
        rader=rader,
        rot=f"/{nettverk.slug}/enheter/",
        per_query=per_query,
        kommuner={m.kommune_id: kommunenavn(m.navn_da) for m in medlemskap},
        typer={t.value: capfirst(t.label) for t in Enhet.Type},
        eierformer={e.value: capfirst(e.label) for e in Enhet.Eierform} | {"": _("ukjent")},
        ukjent=_("ukjent"),
        tall=tall,
    )
