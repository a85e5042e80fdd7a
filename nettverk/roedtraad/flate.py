"""The red thread on the page of a thing."""

from django.db.models import Model

from nettverk.flater import Seksjon
from nettverk.roedtraad.slag import kind_of
from nettverk.tilgang.roller import Roller


def section(ting: Model, roller: Roller) -> list[Seksjon]:
    """Last on the page, for members: it is fetched when one comes to it, so the page itself asks nothing more."""
    slag = kind_of(ting, roller.nettverk)
    if slag is None or not roller.er_medlem:
        return []
    data = {"slag": slag.noekkel, "pk": ting.pk, "nettverk": roller.nettverk}
    return [Seksjon("components/roedtraad.html", data, 900)]
