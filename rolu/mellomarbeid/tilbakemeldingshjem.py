"""What others have said to the person, on the home page, until it is replied to or read."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from nettverk.flater import Seksjon
from rolu.mellomarbeid.tilbakemelding import newest_unseen

if TYPE_CHECKING:
    from nettverk.tilgang.roller import Roller

_MAKS = 3


def hjem(roller: "Roller") -> Iterable[Seksjon]:
    """The newest of each thread. One query."""
    if rader := newest_unseen(roller, _MAKS):
        egne = all(rad.mellomarbeid.enhet_id in roller.enheter for rad in rader)
        yield Seksjon("rolu/flater/tilbakemeldinger.html", {"rader": rader, "egne": egne}, 5)
