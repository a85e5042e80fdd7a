"""Results as plain data that can be kept as JSON, as charts, and as sheets: the same figures everywhere."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from evaluering.models import Sporsmaal
from evaluering.undersokelser.resultat import Resultat, Sporsmaalsresultat
from evaluering.undersokelser.svarskjema import choices_of
from nettverk.filer.regneark import Ark, make_arbeidsbok
from nettverk.side.diagram import Stolpediagram, grupperte_stolper, stolper
from nettverk.side.skrivemaate import tall

Data = dict[str, Any]
_BREDDE = 560


def as_data(resultat: Resultat) -> Data:
    """What is shown, without the texts: they are somebody's words, and are quoted by people. {} when nothing is."""
    if not resultat.vises:
        return {}
    return {
        # Those who have answered since, are in none of the figures.
        "antall": resultat.med,
        "sporsmaal": [
            question_data(ett)
            for ett in resultat.sporsmaal
            if ett.vises and not ett.sporsmaal.er_tekst
        ],
    }


def question_data(ett: Sporsmaalsresultat) -> Data:
    """One question that is shown: how many gave each answer, in the order of the form."""
    delt = ett.sporsmaal.type == Sporsmaal.Type.NAA_OG_OENSKET
    return {
        "tekst": ett.sporsmaal.tekst,
        "antall": ett.antall,
        "rader": _rows(ett, ett.fordeling),
        "oensket": _rows(ett, ett.oensket) if delt else [],
        "snitt": _rounded(ett.snitt),
        "snitt_oensket": _rounded(ett.snitt_oensket),
        "trinn": len(ett.sporsmaal.numre),
    }


def _rows(ett: Sporsmaalsresultat, fordeling: dict[int, int]) -> list[list[Any]]:
    return [[ord_, fordeling.get(int(nr), 0)] for nr, ord_ in choices_of(ett.sporsmaal)]


def _rounded(snitt: float | None) -> float | None:
    return None if snitt is None else round(snitt, 1)


def chart(data: Data) -> Stolpediagram:
    """The bars of a question, of `question_data`; those of a choice are read against how many answered."""
    felles: dict[str, Any] = {
        "tittel": data["tekst"],
        "radnavn": _("Svar"),
        "verdinavn": _("Antall"),
        "beskrivelse": about(data),
        "bredde": _BREDDE,
    }
    if data["oensket"]:
        return grupperte_stolper(
            [
                (_("Slik er det nå"), _bars(data["rader"])),
                (_("Slik ønsker vi det"), _bars(data["oensket"])),
            ],
            **felles,
        )
    return stolper(_bars(data["rader"]), **felles)


def _bars(rader: Iterable[list[Any]]) -> list[tuple[str, float, float | None]]:
    return [(navn, antall, None) for navn, antall in rader]


def about(data: Data) -> str:
    """How many answered, and the average of a scale."""
    setninger = [
        ngettext("%(n)s svar.", "%(n)s svar.", data["antall"]) % {"n": tall(data["antall"])}
    ]
    trinn = data["trinn"]
    if data["snitt"] is not None and data["snitt_oensket"] is not None:
        setninger.append(
            _("Snitt nå %(naa)s, ønsket %(oensket)s av %(trinn)s.")
            % {
                "naa": tall(data["snitt"], 1),
                "oensket": tall(data["snitt_oensket"], 1),
                "trinn": trinn,
            }
        )
    elif data["snitt"] is not None:
        setninger.append(
            _("Snitt %(snitt)s av %(trinn)s.") % {"snitt": tall(data["snitt"], 1), "trinn": trinn}
        )
    return " ".join(setninger)


def workbook(resultat: Resultat) -> bytes:
    """The figures as XLSX: a row for each answer that could be given. Nobody's text, and no row is a person."""
    rader = [
        (ett["tekst"], hva, navn, antall, ett["antall"])
        for ett in as_data(resultat).get("sporsmaal", [])
        for hva, alle in ((_("svar"), ett["rader"]), (_("ønsket"), ett["oensket"]))
        for navn, antall in alle
    ]
    ark = Ark(
        _("Svar"),
        [
            (pgettext("kolonne", "Spørsmål"), 60),
            (_("Hva"), 10),
            (_("Svaralternativ"), 36),
            (_("Antall"), 10),
            (_("Har svart på spørsmålet"), 24),
        ],
        rader,
    )
    return make_arbeidsbok([ark])
