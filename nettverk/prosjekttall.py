"""The figures of a project as a page shows them: under headings, with year and document below."""

from dataclasses import dataclass
from itertools import groupby

from nettverk.models import Noekkeltall, Prosjekt


@dataclass(frozen=True)
class Tallgruppe:
    """Figures that belong together and have the same year and source."""

    tittel: str
    tall: list[Noekkeltall]

    @property
    def kilde(self) -> Noekkeltall:
        """The figure to take year and source from: they are the same for all."""
        return self.tall[0]


def grupper_tall(prosjekt: Prosjekt) -> list[Tallgruppe]:
    """The figures in their order; a new group where the heading, the year or the document changes."""
    return [
        Tallgruppe(tittel, list(tall))
        for (tittel, *_), tall in groupby(
            prosjekt.noekkeltall.all(), lambda t: (t.del_av, t.aar, t.aar_antatt, t.kilde)
        )
    ]
