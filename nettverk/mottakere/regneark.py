"""Whom an audience reaches as a spreadsheet: each person, or each unit, on one row."""

import datetime

from django.utils.translation import gettext as _

from nettverk.filer.regneark import make_regneark
from nettverk.models import Mottakere
from nettverk.mottakere.utvalg import kommune_names, resolve, with_kommune


def people_rows(mottakere: Mottakere, dato: datetime.date) -> list[tuple[str, str, str]]:
    """Name, where they come from and the kommuner, one row a person. Two queries."""
    kommuner = kommune_names(mottakere, dato)
    naadd = with_kommune(resolve(mottakere, dato), dato).select_related("person", "gruppe__enhet")
    # Dictionaries for sets that keep their order.
    folk: dict[int, tuple[str, dict[str, None], dict[str, None]]] = {}
    for verv in naadd.order_by("person__sortering", "person", "gruppe__sortering", "pk"):
        _navn, steder, i_kommuner = folk.setdefault(verv.person_id, (verv.person.navn, {}, {}))
        steder[str(verv.gruppe.enhet or verv.gruppe.navn)] = None
        if verv.kommune_da in kommuner:
            i_kommuner[kommuner[verv.kommune_da]] = None
    return [(navn, ", ".join(steder), ", ".join(her)) for navn, steder, her in folk.values()]


def people_sheet(rader: list[tuple[str, str, str]]) -> bytes:
    """XLSX of `people_rows`."""
    kolonner = [(_("Navn"), 28), (_("Enhet eller gruppe"), 48), (_("Kommune"), 24)]
    return make_regneark(_("Mottakere"), kolonner, rader)
