"""Voices in a spreadsheet: its columns, the sheet to fill in, and what each row of it says.

The file is read by `kommuner.tabellfil`. Nothing is kept between the preview and the confirmation: what was read goes
along in the form, and is looked at anew before it is written (`stemmeimport`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import IO, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fremtidsbilder.models import Tankesmie
from fremtidsbilder.models.tankesmie import MAKS_TEGN
from kommuner.tabellfil.celler import LeseFeil, clean
from kommuner.tabellfil.kolonner import Kolonne, Kolonner, names
from kommuner.tabellfil.lesing import open_table
from kommuner.tabellfil.saerceller import Saerceller, special_cells
from nettverk.filer.regneark import Ark, make_arbeidsbok

MAKS_RADER = 500
# What a cell may hold and still be told to be too long.
_MAKS_CELLE = 4 * MAKS_TEGN
# Of the whole sheet: it goes along in a form.
_MAKS_SAMLET = 500_000
_MAKS_BYTES = 4 * 1024 * 1024

# What Excel shows where a formula went wrong.
_FEILVERDIER = {"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"}

KOLONNER = (
    Kolonne(
        "spørsmål",
        gettext_lazy("Spørsmålet, eller nummeret på det. Kan stå tomt når det bare er ett."),
        "",
        "spm|spurnad|question",
    ),
    Kolonne(
        "hvem",
        gettext_lazy("Hvem sin stemme det er, som dere sier det i nettverket."),
        "",
        "gruppe|hvem sin stemme|kven|kven si røyst|stemmegruppe|group|who",
    ),
    Kolonne(
        "antall",
        gettext_lazy("Hvor mange som sa det. Tomt er én."),
        "18",
        "antall stemmer|hvor mange|tal|kor mange|number|how many",
    ),
    Kolonne(
        "om dem",
        gettext_lazy("For eksempel «4–5 år». Aldri navn."),
        "4–5 år",
        "om hvem|om dei|alder|trinn|about them",
    ),
    Kolonne(
        "kommune",
        gettext_lazy("Kommunen de kommer fra. Kan stå tomt."),
        "",
        "kommunenavn|kommunenamn|kommunenummer|municipality",
    ),
    Kolonne(
        "tekst",
        gettext_lazy("Det de sa, ett bidrag i hver rad. Må fylles ut."),
        "",
        "bidrag|stemme|svar|det de sa|røyst|text|answer",
    ),
)
_FELT = {"spørsmål": "sporsmaal", "om dem": "om_hvem"}
_BREDDER = {"spørsmål": 40, "hvem": 20, "om dem": 20, "kommune": 18, "tekst": 70}


def _missing(har: Iterable[str]) -> list[str]:
    return [] if "tekst" in har else ["tekst"]


KJENTE = Kolonner(
    navn=names(KOLONNER),
    missing=_missing,
    maks_rader=MAKS_RADER,
    maks_bytes=_MAKS_BYTES,
    maks_celle=_MAKS_CELLE,
)


@dataclass(frozen=True)
class Stemmerad:
    """A row as it stands in the file; `formel` and `flettet` when it has such cells, `uten_svar` when a formula has no
    answer that can be read."""

    rad: int
    sporsmaal: str = ""
    hvem: str = ""
    antall: str = ""
    om_hvem: str = ""
    kommune: str = ""
    tekst: str = ""
    formel: bool = False
    flettet: bool = False
    uten_svar: bool = False

    def as_json(self) -> dict[str, Any]:
        return {navn: verdi for navn, verdi in asdict(self).items() if verdi}

    @classmethod
    def from_json(cls, data: Any) -> "Stemmerad":
        """Raises TypeError or ValueError for what no row was."""
        rad = cls(**data)
        for navn, verdi in asdict(rad).items():
            slag = type(getattr(cls, navn, 0))
            if type(verdi) is not slag:
                raise ValueError(navn)
            if slag is str and (clean(verdi, maks=_MAKS_CELLE) != verdi):
                raise ValueError(navn)
        return rad


def read_rader(fil: IO[bytes]) -> list[Stemmerad]:
    """The rows of a spreadsheet or a CSV file. Raises LeseFeil, in words that say what to do."""
    tabell = open_table(fil, KJENTE)
    if _missing(tabell.kjente.values()):
        raise LeseFeil(
            _("Øverste rad må ha overskriften «tekst». Vi fant: %(fant)s. Bruk malen.")
            % {"fant": tabell.found()}
        )
    linjer = list(tabell.rader)
    saer = special_cells(fil, tabell.ark) if tabell.ark else Saerceller()
    rader = []
    for nummer, celler in linjer:
        verdier = {_FELT.get(navn, navn): v for navn, v in tabell.values(celler).items()}
        formler = [plass for plass in tabell.kjente if (nummer, plass) in saer.formler]
        rad = Stemmerad(
            rad=nummer,
            **verdier,
            formel=bool(formler),
            flettet=nummer in saer.flettet,
            uten_svar=any(_has_no_answer(celler, plass) for plass in formler),
        )
        # A row of the template, in which nobody has written, says nothing.
        if rad.formel or any((rad.hvem, rad.antall, rad.om_hvem, rad.tekst)):
            rader.append(rad)
    if not rader:
        raise LeseFeil(_("Ingen rader i fila har noen tekst. Fyll ut kolonnen «tekst»."))
    if (
        sum(len(v) for rad in rader for v in asdict(rad).values() if isinstance(v, str))
        > _MAKS_SAMLET
    ):
        raise LeseFeil(_("Lista er for lang. Del lista i flere."))
    return rader


def _has_no_answer(celler: list[str], plass: int) -> bool:
    """A formula that was never worked out, or that went wrong."""
    vist = celler[plass] if plass < len(celler) else ""
    return not vist or vist in _FEILVERDIER


# --- the sheet to fill in


def make_template(tankesmie: Tankesmie) -> bytes:
    """A row for each question to begin with, and beside it a sheet with the words to use."""
    kolonner = [(k.navn, _BREDDER.get(k.navn, 10)) for k in KOLONNER]
    sporsmaal = [s.tekst for s in tankesmie.sporsmaal.all()]
    rader = ([tekst, *[""] * (len(KOLONNER) - 1)] for tekst in sporsmaal)
    hjelp = [(_("Kolonne"), 20), (_("Hva du skriver"), 60), (_("Det som kan stå der"), 60)]
    return make_arbeidsbok(
        [
            Ark(_("Stemmer"), kolonner, rader),
            Ark(_("Slik fyller du ut"), hjelp, _help(tankesmie, sporsmaal)),
        ]
    )


def _help(tankesmie: Tankesmie, sporsmaal: list[str]) -> Iterator[list[str]]:
    valg = {
        "spørsmål": [f"{nr}: {tekst}" for nr, tekst in enumerate(sporsmaal, start=1)],
        "hvem": [g.navn for g in tankesmie.nettverk.stemmegrupper.all()],
        "kommune": list(tankesmie.nettverk.kommuner().values_list("navn", flat=True)),
    }
    for kolonne in KOLONNER:
        kan_staa = "\n".join(valg.get(kolonne.navn, [])) or kolonne.eksempel
        yield [kolonne.navn, str(kolonne.forklaring), kan_staa]
    yield [
        "",
        _(
            "Rader der «hvem», «antall», «om dem» og «kommune» er like, teller som de samme folkene. "
            "Er det to grupper, skriv i «om dem» hva som skiller gruppene."
        ),
        "",
    ]
