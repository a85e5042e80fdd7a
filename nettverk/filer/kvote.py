"""How much of the disk a network may fill with what its people add.

Each app says what it keeps (`Portal.lagret`). What the portal itself makes – reports, summaries – is not
counted: it is small, goes by itself, and must never be refused because somebody added pictures.
"""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from nettverk.filer.lager import IkkePlass
from nettverk.filer.opplasting import stoerrelse
from nettverk.flater import portaler
from nettverk.models.nettverk import Nettverk
from nettverk.skriving.laas import hold


@dataclass(frozen=True)
class Lagerplass:
    """How many bytes a network has used, and how many it may use."""

    brukt: int
    grense: int

    def __str__(self) -> str:
        return _("%(brukt)s av %(grense)s") % {
            "brukt": stoerrelse(self.brukt),
            "grense": stoerrelse(self.grense),
        }


def space(nettverk: Nettverk) -> Lagerplass:
    """As it stands now, counted anew: one query an app."""
    brukt = sum(portal.lagret(nettverk) for portal in portaler())
    return Lagerplass(brukt, settings.LAGERPLASS_PER_NETTVERK)


def claim(nettverk: Nettverk, antall: int) -> None:
    """There is room for `antall` bytes more. Raises IkkePlass.

    Call within the transaction that makes the rows of the files, before they are made: the next one waits until
    it is done, so twenty at once fill no more than there is room for.
    """
    if not antall:
        return
    hold(nettverk)
    require_room(nettverk, antall)


def require_room(nettverk: Nettverk, antall: int) -> None:
    """There is room for `antall` bytes more just now, as far as nobody else takes it. Raises IkkePlass."""
    if not antall:
        return
    plass = space(nettverk)
    if plass.brukt + antall > plass.grense:
        raise IkkePlass(
            _(
                "Nettverket har ikke plass til flere filer (%(plass)s er brukt). Slett filer dere ikke "
                "trenger, eller be administratoren om mer plass."
            )
            % {"plass": plass}
        )
