"""The minutes of a gathering: who met, and what was said and decided under each item, as a PDF."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from nettverk.filer.pdf import pdf_name, render_pdf
from rolu.models import Deltakelse, Gjest, Samling, Utfall
from rolu.samlinger import deltakerliste
from rolu.samlinger.oppmoete import Tall, counted
from rolu.samlinger.utfall import add_outcomes_of_all

# Names stand in the minutes of a meeting; of a gathering of hundreds it is how many, by group.
MED_NAVN = 60


@dataclass(frozen=True)
class Protokollsak:
    """An item, numbered as it came, with its note and what came of it. `dag` is told at the first one of each day,
    where there are several."""

    nummer: int
    tittel: str
    notat: str
    utfall: list[Utfall]
    uferdig: bool
    dokumenter: list[str]
    dag: datetime.date | None = None


@dataclass(frozen=True)
class Protokoll:
    """Everything the minutes say. `navnloese` are the guests who were there and whose names are cleared."""

    samling: Samling
    telt: Tall = field(default_factory=Tall)
    navnloese: int = 0
    moett: list[str] = field(default_factory=list)
    ikke_moett: list[str] = field(default_factory=list)
    saker: list[Protokollsak] = field(default_factory=list)
    uten_sak: list[Utfall] = field(default_factory=list)

    @property
    def har_begynt(self) -> bool:
        """Before that nobody has met, nor been away."""
        return deltakerliste.has_begun(self.samling)

    @property
    def med_navn(self) -> bool:
        return len(self.moett) + len(self.ikke_moett) <= MED_NAVN

    @property
    def manglet(self) -> int:
        return self.telt.inviterte - self.telt.moett_antall

    @property
    def i_tillegg(self) -> str:
        """Those who are in neither list nor number of who met: of them only how many is known."""
        gjester = self.navnloese if self.med_navn else self.telt.gjester_moett
        return ", ".join(replace(self.telt, gjester_antall=gjester).i_tillegg)


def collect(samling: Samling) -> Protokoll:
    """The minutes as they stand now. Eight queries."""
    alle = samling.programposter.prefetch_related("vedlegg")
    poster: list[Any] = [p for p in alle if not p.er_pause]
    uten = add_outcomes_of_all(samling, poster)
    moett, ikke, navnloese = _who(samling)
    telt = counted(samling)
    return Protokoll(
        samling,
        telt,
        navnloese,
        moett,
        # Where nobody is registered, it is not known who was away.
        ikke if telt.var_der else [],
        [
            Protokollsak(
                nr,
                post.tittel,
                post.notat.strip(),
                post.utfallene,
                post.uferdig,
                [dokument.navn for dokument in post.vedlegg.all()],
                dag,
            )
            for nr, (dag, post) in enumerate(_with_day(samling, poster), start=1)
        ],
        uten,
    )


def _with_day(samling: Samling, poster: list[Any]) -> Iterator[tuple[datetime.date | None, Any]]:
    """Each item, the first of each day with the day; with none when the gathering is on one."""
    forrige = None
    for post in poster:
        dag = timezone.localdate(post.start) if samling.varer_flere_dager else None
        yield (dag if dag != forrige else None), post
        forrige = dag


def _who(samling: Samling) -> tuple[list[str], list[str], int]:
    """Each person once, with where they came from: those who met, those who were invited and did not, whatever
    they had answered, and how many met whose names are cleared."""
    rader = deltakerliste.rows(Deltakelse.objects.filter(samling=samling))
    moett = {d.person: f"{d.navn}, {d.sted}" for d in rader if d.moett}
    ikke = {d.person: f"{d.navn}, {d.sted}" for d in rader if d.person not in moett}
    gjester = list(Gjest.objects.filter(samling=samling).met().with_sted())
    andre = [", ".join(filter(None, [g.navn, g.sted])) for g in gjester if g.navn]
    return [*moett.values(), *andre], list(ikke.values()), len(gjester) - len(andre)


def draw(data: Protokoll) -> tuple[str, bytes]:
    """The file's name, and the PDF in the network's written form."""
    samling = data.samling
    with override(samling.nettverk.maalform):
        pdf = render_pdf("rolu/pdf/protokoll.html", print_context(data))
        return pdf_name(_("protokoll"), samling.tittel, samling.dato.isoformat()), pdf


def print_context(data: Protokoll) -> dict[str, Any]:
    """What the minutes are drawn from."""
    samling = data.samling
    return {
        "nettverk": samling.nettverk,
        "tittel": _("Protokoll fra «%(tittel)s»") % {"tittel": samling.tittel},
        "undertittel": samling.tema,
        "data": data,
    }
