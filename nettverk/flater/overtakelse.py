"""A Verv ends: what it leaves behind, and who takes it over."""

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nettverk.models import Verv


@dataclass(frozen=True)
class Overtakelse:
    """A Verv that holds no longer on `fra`, and the Verv that takes over what lies ahead then, when there
    is one. `samme_person`: it is the same human with another address, whose answers stand."""

    verv: "Verv"
    fra: datetime.date
    etterfolger: "Verv | None" = None
    samme_person: bool = False

    @property
    def til(self) -> str:
        """The name of the one who takes over; nothing when nobody does."""
        return self.etterfolger.person.navn if self.etterfolger else ""


@dataclass(frozen=True)
class Etterlatt:
    """Something ahead that a Verv leaves behind: it goes to `til`, or closes, or nobody has it now."""

    tittel: str
    url: str
    til: str = ""
    lukkes: bool = False
