"""The units that have not delivered an assignment: as rows, as text to paste in a mail, as a sheet."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import OuterRef, Subquery, Value
from django.utils.translation import gettext as _

from kommuner.sortering import folded, typed_words, word_variants
from nettverk.filer.regneark import make_regneark
from nettverk.models import Rolle, Verv
from rolu.mellomarbeid.mellomarbeidsliste import Stand, standing
from rolu.models import Mellomarbeid
from rolu.models.mellomarbeid import MellomarbeidQuerySet


@dataclass(frozen=True)
class Mangler:
    """A unit that has not delivered, and whom to ask."""

    pk: int
    kommunenr: int | None
    kommune: str
    enhet: str
    orgnr: str
    status: str
    stand_naa: str
    ledere: str
    epost: str
    frist: datetime.date

    @property
    def stand(self) -> Stand:
        """Where it is, as in the list of all."""
        return standing(self.stand_naa, frist=self.frist)

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
        .with_stage()
        .annotate(
            ledere=Subquery(ledere.annotate(n=StringAgg("person__navn", Value(", "))).values("n")),
            epost=Subquery(
                ledere.annotate(e=StringAgg("person__postadresse", Value("; "))).values("e")
            ),
        )
        .values_list(
            "pk",
            "kommune",
            "kommune__navn",
            "gruppe__enhet__navn",
            "gruppe__enhet__visningsnavn",
            "gruppe__enhet__organisasjonsnummer",
            "status",
            "stand",
            "ledere",
            "epost",
            "oppdrag__frist",
        )
    )
    return [
        Mangler(
            pk,
            nr,
            kommune or "",
            visning or navn,
            orgnr or "",
            status,
            stand,
            ledere or "",
            epost or "",
            frist,
        )
        for pk, nr, kommune, navn, visning, orgnr, status, stand, ledere, epost, frist in rader
    ]


def kommuner(mangler: Iterable[Mangler]) -> list[tuple[int, str]]:
    """The kommuner that somebody is missing in, in the list's order."""
    return list({m.kommunenr: m.kommune for m in mangler if m.kommunenr}.items())


def search(mangler: Iterable[Mangler], *, q: str = "", kommune: int | None = None) -> list[Mangler]:
    """Those of the kommune, and those whose unit or leader is called what `q` says."""
    ordene = [word_variants(ord_) for ord_ in typed_words(q)]
    if q and not ordene:
        return []
    return [
        m
        for m in mangler
        if (not kommune or m.kommunenr == kommune)
        and all(any(v in folded(f"{m.enhet} {m.ledere}") for v in ord_) for ord_ in ordene)
    ]


def as_text(mangler: list[Mangler]) -> str:
    """A kommune per paragraph, a unit per line."""
    return "\n\n".join(
        "\n".join([kommune, *(f"– {m.enhet}" for m in enheter)])
        for kommune, enheter in groupby(mangler, key=lambda m: m.kommune)
    )


def addresses(mangler: Iterable[Mangler]) -> list[str]:
    """The leaders' addresses, each once, in the list's order."""
    return list(
        dict.fromkeys(adresse for m in mangler for adresse in m.epost.split("; ") if adresse)
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
