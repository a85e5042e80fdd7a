"""Which unit follows which track, from a file: its rows, and what each of them means here.

The list is read by `kommuner.tabellfil`; this says what its few columns are, and finds the unit and the
period that a row speaks of among those the person may set. Nothing is kept between the two pages: what
was read goes along in the form, and is looked at anew before it is written.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import IO, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kommuner.models import Enhet
from kommuner.samiske_navn import written_names
from kommuner.sortering import folded
from kommuner.tabellfil.celler import LeseFeil, clean
from kommuner.tabellfil.kolonner import Kolonner, fold
from kommuner.tabellfil.lesing import open_table
from laeringsloyper.folging import Folgeutfall, Folging, default_day, foresee
from laeringsloyper.models import Periode
from nettverk.side.utenfra import SENEST, TIDLIGST, whole_number

_MAKS_CELLE = 300

# Each column under its own name, then what else it goes by.
KOLONNER = {
    "nummer": (
        "organisasjonsnummer",
        "orgnr",
        "orgnummer",
        "org nr",
        "nsr-id",
        "nummer",
        "organisation number",
    ),
    "navn": (
        "navn",
        "namn",
        "enhet",
        "eining",
        "enhetsnavn",
        "skole",
        "barnehage",
        "skule",
        "name",
        "unit",
    ),
    "kommune": ("kommune", "kommunenavn", "municipality"),
    "loype": (
        "læringsløype",
        "læringsløpe",
        "løype",
        "loype",
        "laeringsloype",
        "læringsløypa",
        "learning track",
    ),
    "periode": ("periode", "periodenummer", "periode nr", "period"),
    "fra": ("fra", "fra og med", "frå", "frå og med", "fra dato", "startdato", "from"),
    "grunn": ("begrunnelse", "grunn", "grunngiving", "grunngjeving", "hvorfor", "kvifor", "reason"),
}


def _missing(kolonner: Iterable[str]) -> list[str]:
    har = set(kolonner)
    savnet = [] if har & {"nummer", "navn"} else ["nummer"]
    return savnet if "loype" in har else [*savnet, "loype"]


KJENTE = Kolonner(
    navn={fold(navn): kolonne for kolonne, andre in KOLONNER.items() for navn in andre},
    missing=_missing,
    # A network has some hundred units: a larger file is another file.
    maks_rader=2_000,
    maks_bytes=4 * 1024 * 1024,
    maks_celle=_MAKS_CELLE,
)
_DATO = forms.DateField(input_formats=["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y"], localize=False)


@dataclass(frozen=True)
class Filrad:
    """A row as it stands in the file."""

    rad: int
    nummer: str = ""
    navn: str = ""
    kommune: str = ""
    loype: str = ""
    periode: str = ""
    fra: str = ""
    grunn: str = ""

    def as_json(self) -> dict[str, Any]:
        return {navn: verdi for navn, verdi in asdict(self).items() if verdi}

    @classmethod
    def from_json(cls, data: Any) -> "Filrad":
        """Raises TypeError or ValueError for what no row was."""
        rad = cls(**data)
        if not isinstance(rad.rad, int) or not all(
            isinstance(v, str) and clean(v) == v and len(v) <= _MAKS_CELLE
            for n, v in asdict(rad).items()
            if n != "rad"
        ):
            raise ValueError(data)
        return rad


@dataclass(frozen=True)
class Lestrad:
    """A row and what it means: a Folging and what it changes, or why it is not taken."""

    filrad: Filrad
    folging: Folging | None = None
    utfall: Folgeutfall | None = None
    grunn: str = ""

    @property
    def navn(self) -> str:
        return str(self.folging.enhet) if self.folging else self.filrad.navn or self.filrad.nummer


# --- the file


def read_rader(fil: IO[bytes]) -> list[Filrad]:
    """The rows of a spreadsheet or a CSV file. Raises LeseFeil, in words that say what to do."""
    tabell = open_table(fil, KJENTE)
    if _missing(tabell.kjente.values()):
        raise LeseFeil(
            _(
                "Fila mangler overskriftene vi trenger: organisasjonsnummer eller navn, og læringsløype. Bruk malen."
            )
        )
    # A unit of the template, in which nobody has written a track, says nothing.
    rader = ((nummer, tabell.values(celler)) for nummer, celler in tabell.rader)
    svar = [Filrad(rad=nummer, **verdier) for nummer, verdier in rader if verdier["loype"]]
    if not svar:
        raise LeseFeil(
            _("Ingen rader i fila har en læringsløype. Fyll ut kolonnen «læringsløype».")
        )
    return svar


# --- what the rows mean


def interpret(
    rader: Iterable[Filrad],
    *,
    enheter: Iterable[Enhet],
    perioder: Iterable[Periode],
    fra: datetime.date,
) -> list[Lestrad]:
    """What each row says. `enheter` are those the person sets, with `kommune_navn`; every other unit,
    also another network's, is not found."""
    leser = _Folgeleser(enheter, perioder, fra)
    lest = [leser.read(rad) for rad in rader]
    gode = [rad.folging for rad in lest if rad.folging]
    utfall = iter(foresee(gode))
    return [Lestrad(rad.filrad, rad.folging, next(utfall)) if rad.folging else rad for rad in lest]


class _Nei(Exception):
    """Why a row is not taken."""


class _Folgeleser:
    def __init__(
        self, enheter: Iterable[Enhet], perioder: Iterable[Periode], fra: datetime.date
    ) -> None:
        self.fra = fra
        self.numre: dict[str, Enhet] = {}
        self.navn: dict[str, list[Enhet]] = defaultdict(list)
        for enhet in enheter:
            self.numre |= {n: enhet for n in (enhet.referanse, enhet.nsr_id or "") if n}
            for navn in {folded(enhet.navn), folded(enhet.visningsnavn)} - {""}:
                self.navn[navn].append(enhet)
        self.loyper: dict[str, list[Periode]] = defaultdict(list)
        for periode in perioder:
            for navn in {folded(periode.loype.navn), folded(periode.loype.slug)}:
                self.loyper[navn].append(periode)
        self.sett: dict[tuple[int, int], int] = {}

    def read(self, rad: Filrad) -> Lestrad:
        try:
            enhet = self._unit(rad)
            fra = self._day(rad)
            periode = self._period(rad, fra)
            self._once(rad, enhet, periode)
        except _Nei as nei:
            return Lestrad(rad, grunn=str(nei))
        return Lestrad(rad, Folging(enhet, periode, fra or default_day(periode), rad.grunn))

    def _unit(self, rad: Filrad) -> Enhet:
        if rad.nummer:
            nummer = "".join(rad.nummer.split())
            if enhet := self.numre.get(nummer):
                return enhet
            raise _Nei(_("Vi finner ingen enhet med dette nummeret blant dem du kan endre."))
        like = self.navn.get(folded(rad.navn), [])
        if rad.kommune:
            like = [
                e
                for e in like
                if folded(rad.kommune)
                in map(folded, written_names(getattr(e, "kommune_navn", "") or ""))
            ]
        if len(like) > 1:
            raise _Nei(_("Flere enheter heter dette. Skriv organisasjonsnummeret."))
        if not like:
            raise _Nei(_("Vi finner ingen enhet med dette navnet blant dem du kan endre."))
        return like[0]

    def _day(self, rad: Filrad) -> datetime.date:
        if not rad.fra:
            return self.fra
        try:
            dag = _DATO.to_python(rad.fra.split()[0])
        except ValidationError:
            dag = None
        if dag is None or not TIDLIGST <= dag <= SENEST:
            raise _Nei(_("Datoen finnes ikke. Skriv for eksempel 01.08.2026."))
        return dag

    def _period(self, rad: Filrad, fra: datetime.date) -> Periode:
        perioder = self.loyper.get(folded(rad.loype))
        if not perioder:
            raise _Nei(_("Nettverket har ingen læringsløype som heter dette."))
        if rad.periode:
            nummer = whole_number(rad.periode.lower().removeprefix("periode").strip(" ."))
            funnet = next((p for p in perioder if p.nummer == nummer), None)
            if funnet is None:
                raise _Nei(_("Læringsløypa har ingen periode med dette nummeret."))
        else:
            funnet = next((p for p in perioder if p.er_gyldig(fra)), None) or next(
                (p for p in perioder if p.fra and p.fra > fra), None
            )
            if funnet is None:
                raise _Nei(_("Læringsløypa har ingen periode på denne datoen."))
        slutt = funnet.siste_dag
        if slutt and slutt < fra:
            raise _Nei(_("Perioden var slutt %(dato)s.") % {"dato": date_format(slutt)})
        return funnet

    def _once(self, rad: Filrad, enhet: Enhet, periode: Periode) -> None:
        foer = self.sett.setdefault((enhet.pk, periode.pk), rad.rad)
        if foer != rad.rad:
            raise _Nei(_("Det samme står i rad %(rad)s.") % {"rad": foer})
