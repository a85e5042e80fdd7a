"""What one who is at a gathering may do there now: write to the question that is open, say what one thinks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from evaluering.undersokelser import runder
from fremtidsbilder.models import Samtalesporsmaal
from fremtidsbilder.tankesmier import inngang
from nettverk.flater import Gjoremaal
from nettverk.side.innhold import innhold
from rolu.models import Samling
from rolu.samlinger import evaluering
from rolu.samlinger.bord import eget
from rolu.samlinger.dagen import there_today
from rolu.samlinger.tilstand import open_questions

if TYPE_CHECKING:
    from nettverk.tilgang.roller import Roller


@dataclass(frozen=True)
class Mulighet:
    """`tekst` is the network's own words, in its written form."""

    tittel: str
    tekst: str
    url: str
    knapp: str


def possibilities(samling: Any) -> Iterator[Mulighet]:
    """Of a gathering that was fetched `with_own_table`. Two queries."""
    for sporsmaal in open_questions(samling):
        yield _pad(sporsmaal, samling.eget_bord)
    undersokelse = evaluering.of(samling)
    if undersokelse and undersokelse.er_aapen:
        yield Mulighet(
            _("Si hva du synes: to minutter"),
            samling.tittel,
            runder.path(undersokelse),
            _("Svar nå"),
        )


def _pad(sporsmaal: Samtalesporsmaal, bord: int | None) -> Mulighet:
    url = inngang.pad_path(sporsmaal.tankesmie, bord if sporsmaal.tankesmie.antall_bord else None)
    return Mulighet(_("Spørsmålet er åpent i salen"), sporsmaal.tekst, url, _("Skriv"))


def gjoremaal(roller: "Roller") -> Iterable[Gjoremaal]:
    """To those who are there, while a question is open; those who hold it have its own page. Two queries at most,
    none on a day without a gathering."""
    samlinger: dict[int, Samling] = there_today(roller)
    if not samlinger:
        return
    aapne = list(open_questions(*samlinger.values()).select_related("tankesmie__samtale"))
    plass = eget.today(roller.person, roller.nettverk) if aapne else None
    for sporsmaal in aapne:
        samling = samlinger[sporsmaal.tankesmie.samtale.samling_id]
        sitter = plass is not None and plass.bordkart.samling_id == samling.pk
        mulig = _pad(sporsmaal, plass.bord if plass and sitter else None)
        yield Gjoremaal(
            tittel=mulig.tittel,
            tekst=innhold(mulig.tekst, roller.nettverk),
            url=mulig.url,
            knapp=mulig.knapp,
            ogsaa=(
                _("Se samlingen"),
                reverse("rolu:samling", args=[roller.nettverk.slug, samling.pk]),
            ),
            haster=1,
            er_i_dag=True,
        )
