"""What stops an act: somebody else wrote meanwhile, the place is closed, or it cannot be done now.

A row that is written in carries `versjon`, which counts its saves. Whoever writes says which version
they opened; `write` saves, or raises Konflikt with the row as it stands.
"""

from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from django.utils.translation import gettext as _


class Konflikt(Exception):
    """Somebody else saved after this was opened. `deres` is what stands there now."""

    def __init__(self, deres: Any) -> None:
        super().__init__(str(deres))
        self.deres = deres


class KanIkke(Exception):
    """The act cannot be done now, and nothing is changed. The text says why, in the person's words;
    `told` (svar.py) answers it."""

    # It is a file that was sent along which cannot be kept.
    om_fila = False


class Borte(KanIkke):
    """What was to be changed has been removed meanwhile. Where no form or message answers it, the page is not
    found (`nettverk.tilgang.sider.nettverksside`)."""

    def __init__(self, hvorfor: str = "") -> None:
        super().__init__(hvorfor or _("Noen andre har slettet dette mens du hadde siden åpen."))


class Lukket(KanIkke):
    """What was written in has been closed (delivered, approved)."""


@dataclass(frozen=True)
class Forskjell:
    """A field in which two people wrote differently: what stands there now, and what you wrote."""

    etikett: str
    deres: str
    ditt: str


class Versjonert(Protocol):
    """A row whose saves are counted."""

    pk: Any
    versjon: int

    def save(self) -> None: ...


Rad = TypeVar("Rad", bound=Versjonert)


def write(
    rad: Rad, *, versjon: int, felt: dict[str, Any], rader_endres: bool = False, **ogsaa: Any
) -> Rad:
    """Write `felt` in a row that is locked, or new, and that the writer opened as `versjon`.

    A save that arrives twice (the answer was lost on the way) is no conflict: the same text changes
    nothing. `rader_endres`: what belongs to the row changes too, and the caller writes it after this.
    `ogsaa` is what follows with a real change (who wrote it). Raises Konflikt.
    """
    if (
        rad.pk
        and not rader_endres
        and all(getattr(rad, navn) == verdi for navn, verdi in felt.items())
    ):
        return rad
    if rad.pk and rad.versjon != versjon:
        raise Konflikt(rad)
    for navn, verdi in (felt | ogsaa).items():
        setattr(rad, navn, verdi)
    rad.versjon += 1
    rad.save()
    return rad
