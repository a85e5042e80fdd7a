"""What must be read before it is shown: words that may name a child, or that name somebody who works in the network."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nettverk.models.nettverk import Nettverk
from nettverk.skriving.barnesjekk import look_for_children
from nettverk.skriving.navnesjekk import look_for_staff

# For who writes on a phone, and is not to be told who works in the network.
NEVNER_ANSATT = _(
    "Teksten ser ut til å nevne noen med fullt navn. Skriv heller «en lærer» eller «en leder»."
)


@dataclass(frozen=True)
class Gjennomsyn:
    """What was found in a text: why it may name a child, in plain words, and whom it names of those who work here."""

    barn: list[str | Promise]
    ansatte: list[str]

    @property
    def maa_leses(self) -> bool:
        """Somebody reads it before it is shown."""
        return bool(self.barn or self.ansatte)

    @property
    def advarsler(self) -> list[str | Promise]:
        """What should be looked at once more, and whom it names: for those who lead."""
        if not self.ansatte:
            return self.barn
        nevner = gettext("Teksten nevner %(navn)s. Skriv heller «en lærer» eller «en leder».")
        return [*self.barn, nevner % {"navn": get_text_list(self.ansatte, gettext("og"))}]


def look_over(nettverk: Nettverk, tekster: Sequence[str]) -> list[Gjennomsyn]:
    """Of each text. One query, however many; none when there is none."""
    ansatte = look_for_staff(nettverk, tekster)
    return [
        Gjennomsyn(look_for_children(tekst), folk)
        for tekst, folk in zip(tekster, ansatte, strict=True)
    ]
