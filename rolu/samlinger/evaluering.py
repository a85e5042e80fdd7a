"""What the participants think of a gathering: the one survey of it, and what of it is shown where.

The questions, the answers and what may be shown of them are `evaluering.undersokelser`; here is what makes it a
gathering's: who holds it, when, on which screens and in the summary.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from evaluering.models import Undersokelse
from evaluering.undersokelser import resultat, runder, skjemaer, tegninger
from nettverk.filer.pdf import build_html, html_to_pdf, pdf_name
from nettverk.flater import Gjoremaal
from nettverk.side.innhold import fill_in, innhold
from nettverk.side.kode import shown, spoken
from nettverk.side.skrivemaate import tall
from nettverk.skriving.konflikt import KanIkke
from nettverk.skriving.laas import hold
from rolu.models import Samling, Samlingsevaluering
from rolu.samlinger import storskjerm
from rolu.samlinger.dagen import there_today
from rolu.samlinger.tilstand import writing

if TYPE_CHECKING:
    from nettverk.tilgang.roller import Roller

Data = dict[str, Any]
# The form that a gathering's evaluation begins with (evaluering/data).
MAL = "samlingsevaluering"
LAPPER = 8  # on a sheet
# The pictures of the big screen that are the evaluation's.
KODEN, RESULTATENE = "evaluering", "resultater"


def of(samling: Samling) -> Undersokelse | None:
    """The gathering's survey, with its form. One query."""
    rader = Undersokelse.objects.filter(samlingsevaluering__samling=samling)
    rad = rader.select_related("skjema").first()
    if rad is not None:
        rad.nettverk = rad.skjema.nettverk = samling.nettverk
    return rad


@contextmanager
def changing(samling: Samling) -> Iterator[Samling]:
    """Around what changes the survey or its questions: one at a time, and nothing of a locked gathering (Lukket) or
    one that is called off (KanIkke)."""
    with transaction.atomic():
        # The network first, as everywhere: the next version of a form is the network's.
        hold(samling.nettverk)
        with writing(samling) as naa:
            if naa.er_avlyst:
                raise KanIkke(_("Samlingen er avlyst."))
            yield naa


def make(samling: Samling) -> Undersokelse:
    """Make the gathering's survey of the network's newest form; twice is once."""
    with changing(samling) as naa:
        if finnes := of(naa):
            return finnes
        skjema = skjemaer.newest(naa.nettverk, MAL)
        undersokelse = runder.make(skjema, nettverk=naa.nettverk, tittel=naa.tittel)
        Samlingsevaluering.objects.create(samling=naa, undersokelse=undersokelse)
        return undersokelse


def start(samling: Samling, undersokelse: Undersokelse) -> None:
    """Let those who are there answer."""
    with changing(samling) as naa:
        if not naa.er_publisert:
            raise KanIkke(_("Publiser samlingen før du åpner evalueringen."))
        if undersokelse.er_kladd:
            # It may have got another name since the survey was made.
            Undersokelse.objects.filter(pk=undersokelse.pk).update(tittel=naa.tittel)
        runder.open_it(undersokelse)


def stop(undersokelse: Undersokelse) -> None:
    """No more answers; also of a locked gathering, since it adds nothing."""
    runder.close(undersokelse)


def show(samling: Samling, undersokelse: Undersokelse, *, vis: bool) -> None:
    """Put the results up on the big screen, or take them away from it."""
    if not vis:
        with transaction.atomic():
            runder.show(undersokelse, vis=False)
            storskjerm.take_down(samling, bilde=RESULTATENE)
        return
    with changing(samling) as naa:
        if not resultat.has_figures(undersokelse):
            raise KanIkke(_("Resultatene kan vises når minst fem har svart på samme spørsmål."))
        runder.show(undersokelse, vis=True)
        storskjerm.show(naa, bilde=RESULTATENE)


def forget(samling: Samling) -> None:
    """Before a draft is deleted: its survey, which nobody has been able to answer."""
    Undersokelse.objects.filter(samlingsevaluering__samling=samling, aapnet__isnull=True).delete()


# --- the room's screen and the day's page (listed in `rolu.samlinger.skjermbilder`)


def on_screen(samling: Samling) -> set[str]:
    """Which of the two pictures there is something to show in. Four queries at most, and no answer is looked at."""
    undersokelse = of(samling)
    if undersokelse is None:
        return set()
    koden = {KODEN} if undersokelse.er_aapen else set()
    vises = undersokelse.viser_resultater and resultat.has_figures(undersokelse)
    return koden | {RESULTATENE} if vises else koden


def screen_invite(samling: Samling) -> Data | None:
    """The way in, for the whole room, while it is open. Two queries."""
    undersokelse = of(samling)
    if undersokelse is None or not undersokelse.er_aapen:
        return None
    return {
        "nettverk": samling.nettverk,
        "skjema": undersokelse.skjema,
        "qr": runder.qr(undersokelse),
        "adresse": spoken(runder.path(undersokelse)),
        "kode": shown(undersokelse.kode),
        "antall": resultat.answered(undersokelse),
        "versjon": undersokelse.versjon,
    }


def screen_results(samling: Samling) -> Data | None:
    """The figures, when those who hold the gathering have put them up and five have answered. Nobody's text, since
    no one has read it first. Five queries at most."""
    undersokelse = of(samling)
    if undersokelse is None or not undersokelse.viser_resultater:
        return None
    svarene = resultat.results(undersokelse)
    if not svarene.har_tall:
        return None
    with override(samling.nettverk.maalform):
        data = tegninger.as_data(svarene)
        vises = _readable(data["sporsmaal"])
        return {
            "nettverk": samling.nettverk,
            "antall": data["antall"],
            "sporsmaal": [_drawn(ett) for ett in vises],
            "flere": len(data["sporsmaal"]) - len(vises),
            "er_tett": len(vises) > 2 or _most_rows(vises) > _RADER_PAA_SKJERM,
            "versjon": undersokelse.versjon,
        }


# What can be read from the last row: four questions in two rows, or two with many answers to choose from.
_SPORSMAAL_PAA_SKJERM = 4
_RADER_PAA_SKJERM = 6


def _readable(sporsmaal: list[Data]) -> list[Data]:
    """The first ones, so many as there is room for."""
    foerste = sporsmaal[:_SPORSMAAL_PAA_SKJERM]
    return foerste if _most_rows(foerste) <= _RADER_PAA_SKJERM else foerste[:2]


def _most_rows(sporsmaal: list[Data]) -> int:
    return max(len(ett["rader"]) for ett in sporsmaal)


def _drawn(ett: Data) -> Data:
    """A question with its bars as wide as their share. Of now and wanted only the two averages: so much is read from
    the back of the room."""
    if ett["oensket"]:
        rader = [
            (navn, tall(snitt, 1), round(100 * snitt / ett["trinn"]))
            for navn, snitt in (
                (_("Slik er det nå"), ett["snitt"]),
                (_("Slik ønsker vi det"), ett["snitt_oensket"]),
            )
            if snitt is not None
        ]
    else:
        stoerst = max((antall for _ord, antall in ett["rader"]), default=0) or 1
        rader = [(ord_, antall, round(100 * antall / stoerst)) for ord_, antall in ett["rader"]]
    return {"tekst": ett["tekst"], "om": tegninger.about(ett), "rader": rader}


def day_panel(samling: Samling) -> Data | None:
    """How the evaluation stands, and what may be done with it now; None when the gathering has none to be. Five
    queries at most."""
    if not samling.er_publisert:
        return None
    undersokelse = of(samling)
    return {
        "samling": samling,
        "nettverk": samling.nettverk,
        "undersokelse": undersokelse,
        "antall": resultat.answered(undersokelse) if undersokelse else 0,
        "koden": KODEN,
        "kan_vises": undersokelse is not None and resultat.has_figures(undersokelse),
        "kode": shown(undersokelse.kode) if undersokelse else "",
    }


# --- on paper


def slips(samling: Samling, undersokelse: Undersokelse) -> tuple[str, bytes]:
    """A poster and a sheet of slips with the code: the name of the file and the PDF."""
    with override(samling.nettverk.maalform):
        navn = pdf_name(_("evaluering"), samling.tittel, samling.dato.isoformat())
    return navn, html_to_pdf(slips_html(samling, undersokelse))


def slips_html(samling: Samling, undersokelse: Undersokelse) -> str:
    """The same as WeasyPrint is given it, in the network's written form."""
    spraak = samling.nettverk.maalform
    with override(spraak):
        kontekst = {
            "nettverk": samling.nettverk,
            "samling": samling,
            "undersokelse": undersokelse,
            "tittel": _("Evaluering av «%(tittel)s»") % {"tittel": samling.tittel},
            "qr": runder.qr(undersokelse),
            "adresse": spoken(runder.path(undersokelse)),
            "lapper": range(LAPPER),
        }
        return build_html("rolu/pdf/evaluering.html", kontekst, spraak=spraak)


# --- the summary, and home


def summary_data(samling: Samling) -> Data:
    """What the summary tells of it: the figures, when it is closed and five have answered. Five queries at most."""
    undersokelse = of(samling)
    if undersokelse is None or not undersokelse.er_stengt:
        return {}
    return tegninger.as_data(resultat.results(undersokelse))


def gjoremaal(roller: "Roller") -> Iterable[Gjoremaal]:
    """Say what you think, on the day, to those who are there, while it is open; those who hold it have its own page.
    Nobody knows who has. No query but the one of `own_places`."""
    for samling in there_today(roller).values():
        rad = getattr(samling, "evaluering", None)
        if rad is None or not rad.undersokelse.er_aapen:
            continue
        yield Gjoremaal(
            tittel=_("Si hva du synes: to minutter"),
            tekst=fill_in(
                _("Evalueringen av «%(samling)s» er anonym."),
                samling=innhold(samling.tittel, roller.nettverk),
            ),
            url=runder.path(rad.undersokelse),
            knapp=_("Svar nå"),
            ogsaa=(
                _("Se samlingen"),
                reverse("rolu:samling", args=[roller.nettverk.slug, samling.pk]),
            ),
            haster=2,
            er_i_dag=True,
        )
