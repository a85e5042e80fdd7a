"""A page of gatherings: plain rows with how many have signed up or came, drawn at once."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nettverk.models import Nettverk
from nettverk.side.jinja import draw
from nettverk.templatetags.portal import tidsrom
from rolu.models import Deltakelse, Samling

_MOETT = Q(deltakelser__moett__isnull=False)
_PAAMELDT = Q(deltakelser__status=Deltakelse.Status.PAAMELDT)


def as_rows(samlinger: QuerySet[Samling], *, tidligere: bool) -> QuerySet:
    """One dict per gathering; `antall` is the people who came, or who are signed up to what comes."""
    folk = Count(
        "deltakelser__verv__person", distinct=True, filter=_MOETT if tidligere else _PAAMELDT
    )
    return samlinger.annotate(antall=folk).values(
        "pk", "tittel", "start", "slutt", "sted", "type", "status", "antall"
    )


def draw_rows(
    rader: Iterable[dict[str, Any]], *, nettverk: Nettverk, tidligere: bool
) -> SafeString:
    """The lines of the list as HTML."""

    def antall(n: int) -> str:
        if tidligere:
            return ngettext("%(n)s møtte", "%(n)s møtte", n) % {"n": n}
        return ngettext("%(n)s påmeldt", "%(n)s påmeldte", n) % {"n": n}

    return draw(
        "rolu/samlingsrader.jinja",
        rader=rader,
        maalform=nettverk.maalform,
        rot=reverse("rolu:samling_list", args=[nettverk.slug]),
        tidsrom=tidsrom,
        antall=antall,
        typer={t.value: capfirst(t.label) for t in Samling.Type},
        merker={
            Samling.Status.UTKAST.value: (_("Utkast"), "warning"),
            Samling.Status.AVLYST.value: (_("Avlyst"), "danger"),
        },
    )
