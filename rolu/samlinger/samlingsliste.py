"""A page of gatherings, drawn at once: how many have signed up or came, for those who see all of them; for
others their own answer."""

from collections.abc import Iterable
from typing import Any

from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nettverk.models import Nettverk
from nettverk.side.jinja import draw
from nettverk.side.skrivemaate import tidsrom
from nettverk.tilgang.roller import Roller
from rolu.models import Deltakelse, Samling
from rolu.models.deltakelse import sees_all

_MOETT = Q(deltakelser__moett__isnull=False)
_PAAMELDT = Q(deltakelser__status=Deltakelse.Status.PAAMELDT)

# Who comes by several Verv has one answer: that they met, else that they come, else that they have not said.
_TYNGST = Case(
    When(moett__isnull=False, then=0),
    When(status=Deltakelse.Status.PAAMELDT, then=1),
    When(status=Deltakelse.Status.INVITERT, then=2),
    default=3,
    output_field=IntegerField(),
)


def as_rows(samlinger: QuerySet[Samling], *, roller: Roller, tidligere: bool) -> QuerySet:
    """One dict per gathering. `antall` is the people who came, or who are signed up to what comes; None to
    who does not see them all. `mitt` is the person's own answer: møtt, or a status; None without one."""
    antall: Any = Value(None, output_field=IntegerField())
    if sees_all(roller):
        antall = Count(
            "deltakelser__verv__person", distinct=True, filter=_MOETT if tidligere else _PAAMELDT
        )
    egne = Deltakelse.objects.filter(samling=OuterRef("pk"), verv__person=roller.person)
    if not tidligere:
        # A place whose Verv has ended by then was closed: nobody said no.
        egne = egne.filter(verv__gyldig__contains=TruncDate("samling__start"))
    svar = egne.annotate(
        svar=Case(When(moett__isnull=False, then=Value("moett")), default=F("status"))
    ).order_by(_TYNGST, "pk")
    return samlinger.annotate(antall=antall, mitt=Subquery(svar.values("svar")[:1])).values(
        "pk", "tittel", "start", "slutt", "sted", "type", "status", "antall", "mitt"
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
        svar=_own_answers(tidligere=tidligere),
        typer={t.value: capfirst(t.label) for t in Samling.Type},
        merker={
            Samling.Status.UTKAST.value: (_("Utkast"), "warning"),
            Samling.Status.AVLYST.value: (_("Avlyst"), "danger"),
        },
    )


def _own_answers(*, tidligere: bool) -> dict[str, tuple[str, str]]:
    """The own answer in words, and its colour. Of what is over only that they met or had signed up."""
    svar = {
        "moett": (_("Du møtte"), "success"),
        "paameldt": (_("Du er påmeldt"), "success"),
        "invitert": (_("Du har ikke svart"), "warning"),
        "avmeldt": (_("Du er avmeldt"), "neutral"),
    }
    if not tidligere:
        return svar
    return {"moett": svar["moett"], "paameldt": (_("Du var påmeldt"), "neutral")}
