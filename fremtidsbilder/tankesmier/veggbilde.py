"""The wall as it is sent to those who watch: drawn once for all of them, and not more often than it can be read.

Three hundred who watch ask for the same wall each second or third. Each process keeps what it drew last, packed; what
is kept is told apart by the wall's number, so it is never older than it says, and nothing else need be there.
"""

import gzip
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from fremtidsbilder.models import Samtalesporsmaal

# Seconds between two drawings of the same wall, however fast it changes.
HVILE = 0.5
_MAKS = 60


@dataclass(frozen=True, slots=True)
class Bilde:
    """The wall as HTML, as it was when its number was `versjon`, or newer."""

    versjon: int
    html: bytes
    pakket: bytes
    tegnet: float


_bilder: OrderedDict[tuple[int, str], Bilde] = OrderedDict()
_laas = threading.Lock()


def newest(
    sporsmaal: Samtalesporsmaal, spraak: str, *, etter: int, draw: Callable[[], str]
) -> Bilde | None:
    """The wall, to one who has seen `etter` (-1: nothing); None when there is nothing newer to show yet.

    The number of the tankesmie is read before `draw` reads the cards, so that what comes between is shown again.
    """
    versjon = sporsmaal.tankesmie.versjon
    if versjon <= etter:
        return None
    noekkel = (sporsmaal.pk, spraak)
    if (bilde := _bilder.get(noekkel)) and _will_do(bilde, versjon):
        return bilde if bilde.versjon > etter else None
    with _laas:
        # Somebody else may have drawn it while this one waited.
        bilde = _bilder.get(noekkel)
        if bilde is None or not _will_do(bilde, versjon):
            html = draw().encode()
            bilde = Bilde(versjon, html, gzip.compress(html, 5, mtime=0), time.monotonic())
            _bilder[noekkel] = bilde
            _bilder.move_to_end(noekkel)
            while len(_bilder) > _MAKS:
                _bilder.popitem(last=False)
    return bilde if bilde.versjon > etter else None


def _will_do(bilde: Bilde, versjon: int) -> bool:
    return bilde.versjon >= versjon or time.monotonic() - bilde.tegnet < HVILE
