"""What units can be chosen by. An app registers its kinds in its `portal.py`:

    LOYPE = mottakerslag(
        "laeringsloyper.loype", _("Følger løypa"), options=_loyper, units=_following
    )

The audience keeps the kind's code and the values as text. A value that is no longer among the options
chooses nobody: it never means «all».
"""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from kommuner.models import Enhet, Kommune
from nettverk.models import Nettverk

# The values, as text, with what each is called: `innhold(…)` when the network wrote it.
Valg = Sequence[tuple[str, Any]]


@dataclass(frozen=True)
class Mottakerslag:
    """A kind of filter on the units: in these kommuner, of these types, following these løyper.

    `options(nettverk, dato)` is what can be chosen. `units(nettverk, verdier, dato)` is the units that
    one of the values fits on the day, as a queryset that is not yet asked. `kommuner`, likewise, is for
    the groups that belong to a whole kommune; without it none of them fits. `del_` is the part of the
    portal it belongs to: while a network does not use it nobody chooses by it, and what was chosen stands.
    """

    kode: str
    label: str | Promise
    options: Callable[[Nettverk, datetime.date], Valg]
    units: Callable[[Nettverk, list[str], datetime.date], QuerySet[Enhet]]
    kommuner: Callable[[Nettverk, list[str], datetime.date], QuerySet[Kommune]] | None = None
    rekkefolge: int = 100
    del_: str = ""

    def in_use(self, nettverk: Nettverk) -> bool:
        """Whether the network may choose by it now."""
        return not self.del_ or nettverk.uses(self.del_)


_slag: dict[str, Mottakerslag] = {}


def mottakerslag(kode: str, label: str | Promise, **mer: Any) -> str:
    """Register a kind of filter, «<app>.<thing>»; returns its code."""
    _slag[kode] = Mottakerslag(kode, label, **mer)
    return kode


def kinds() -> list[Mottakerslag]:
    """All kinds, in the order in which they are shown."""
    return sorted(_slag.values(), key=lambda slag: slag.rekkefolge)


def kind(kode: str) -> Mottakerslag | None:
    """The kind; None when no app has it any more."""
    return _slag.get(kode)
