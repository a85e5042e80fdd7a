"""The units that have not delivered an assignment: as rows, as text to paste in a mail, as a sheet."""

from dataclasses import dataclass
from itertools import groupby

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import OuterRef, Subquery, Value
from django.utils.translation import gettext as _

from nettverk.filer.regneark import make_regneark
from nettverk.models import Rolle, Verv
from rolu.models import Mellomarbeid
from rolu.models.mellomarbeid import MellomarbeidQuerySet


@dataclass(frozen=True)
class Mangler:
    """A unit that has not delivered, and whom to ask."""

    pk: int
    kommune: str
    enhet: str
    orgnr: str
    status: str
    ledere: str
    epost: str

    @property
    def status_tekst(self) -> str:
        return str(Mellomarbeid.Status(self.status).label)


def mangler_i(mellomarbeid: MellomarbeidQuerySet) -> list[Mangler]:
    """By kommune and unit; the leaders are those who hold the Verv today. One query."""
    ledere = (
        Verv.objects.filter(gruppe=OuterRef("gruppe"), rolle=Rolle.FORMELL_LEDER)
        .gyldig()
        .order_by()
        .values("gruppe")
    )
    rader = (
        mellomarbeid.missing()
        .in_order()
        .annotate(
            ledere=Subquery(ledere.annotate(n=StringAgg("person__navn", Value(", "))).values("n")),
            epost=Subquery(
                ledere.annotate(e=StringAgg("person__postadresse", Value("; "))).values("e")
            ),
        )
        .values_list(
            "pk",
            "kommune__navn",
            "gruppe__enhet__navn",
            "gruppe__enhet__visningsnavn",
            "gruppe__enhet__organisasjonsnummer",
            "status",
            "ledere",
            "epost",
        )
    )
    return [
        Mangler(pk, kommune or "", visning or navn, orgnr or "", status, ledere or "", epost or "")
        for pk, kommune, navn, visning, orgnr, status, ledere, epost in rader
    ]


def as_text(mangler: list[Mangler]) -> str:
    """A kommune per paragraph, a unit per line."""
    return "\n\n".join(
        "\n".join([kommune, *(f"– {m.enhet}" for m in enheter)])
        for kommune, enheter in groupby(mangler, key=lambda m: m.kommune)
    )


def as_sheet(mangler: list[Mangler]) -> bytes:
    return make_regneark(
        _("Mangler"),
        [
            (_("Kommune"), 20),
            (_("Enhet"), 40),
            (_("Organisasjonsnummer"), 22),
            (_("Status"), 15),
            (_("Leder"), 30),
            (_("E-post"), 36),
        ],
        [[m.kommune, m.enhet, m.orgnr, m.status_tekst, m.ledere, m.epost] for m in mangler],
    )
