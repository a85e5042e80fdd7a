"""A row of a file becomes a Post – one unit as the file describes it – or a list of what is wrong."""

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kommuner.enhetsimport.inndeling import Inndeling, KommuneDa, fold_kommune
from kommuner.enhetsimport.kilde import Raarad
from kommuner.models import Enhet
from kommuner.orgnr import normalise
from kommuner.tabellfil.celler import Radfeil
from kommuner.tabellfil.kolonner import fold
from kommuner.tabellfil.tegn import is_broken

# What a refused row is refused for, in two or three words; the row itself carries the whole reason.
GRUNNER = {
    "orgnr": gettext_lazy("Feil organisasjonsnummer"),
    "nsr_id": gettext_lazy("Feil NSR-id"),
    "mangler": gettext_lazy("Noe mangler"),
    "kommunenummer": gettext_lazy("Ukjent kommunenummer"),
    "kommune_dato": gettext_lazy("Kommunen gjaldt ikke på datoen"),
    "utenfor": gettext_lazy("Kommunen er ikke med i nettverket"),
    "andres": gettext_lazy("Enheten er med i et annet nettverk"),
    "dobbelt": gettext_lazy("Står flere ganger i fila"),
    "to_enheter": gettext_lazy("Numrene hører til to enheter"),
    "tall": gettext_lazy("Feil i tall"),
    "verdi": gettext_lazy("Ukjent verdi"),
    "koordinat": gettext_lazy("Feil i koordinater"),
    "for_lang": gettext_lazy("For lang tekst"),
    "nedlagt": gettext_lazy("Nedlagt i registeret"),
    "annet_slag": gettext_lazy("Ikke en barnehage eller skole"),
    "tegn": gettext_lazy("Ødelagte tegn i navnet"),
    "ubesvart": gettext_lazy("Ikke svart på om enheten er den samme"),
    "kollisjon": gettext_lazy("Endret av en annen samtidig"),
}

_TYPER = {
    "barnehage": Enhet.Type.BARNEHAGE,
    "barnehager": Enhet.Type.BARNEHAGE,
    "bhg": Enhet.Type.BARNEHAGE,
    "grunnskole": Enhet.Type.GRUNNSKOLE,
    "grunnskoler": Enhet.Type.GRUNNSKOLE,
    "grunnskule": Enhet.Type.GRUNNSKOLE,
    "skole": Enhet.Type.GRUNNSKOLE,
    "skule": Enhet.Type.GRUNNSKOLE,
    "barneskole": Enhet.Type.GRUNNSKOLE,
    "ungdomsskole": Enhet.Type.GRUNNSKOLE,
    "sfo": Enhet.Type.SFO,
    "skolefritidsordning": Enhet.Type.SFO,
    "skulefritidsordning": Enhet.Type.SFO,
    "voksenopplæring": Enhet.Type.VOKSENOPPLAERING,
    "voksenopplaering": Enhet.Type.VOKSENOPPLAERING,
    "vaksenopplæring": Enhet.Type.VOKSENOPPLAERING,
    "kulturskole": Enhet.Type.KULTURSKOLE,
    "kulturskule": Enhet.Type.KULTURSKOLE,
    "ppt": Enhet.Type.PPT,
    "pp-tjeneste": Enhet.Type.PPT,
    "annet": Enhet.Type.ANNET,
    "anna": Enhet.Type.ANNET,
    # The words the portal itself uses in English.
    "kindergarten": Enhet.Type.BARNEHAGE,
    "primary and lower secondary school": Enhet.Type.GRUNNSKOLE,
    "adult education": Enhet.Type.VOKSENOPPLAERING,
    "culture school": Enhet.Type.KULTURSKOLE,
    "school of music and the arts": Enhet.Type.KULTURSKOLE,
    "other": Enhet.Type.ANNET,
}
_EIERFORMER = {
    "kommunal": Enhet.Eierform.KOMMUNAL,
    "kommunalt": Enhet.Eierform.KOMMUNAL,
    "kommune": Enhet.Eierform.KOMMUNAL,
    "offentlig": Enhet.Eierform.KOMMUNAL,
    "offentleg": Enhet.Eierform.KOMMUNAL,
    "privat": Enhet.Eierform.PRIVAT,
    "annen": Enhet.Eierform.ANNEN,
    "annen offentlig": Enhet.Eierform.ANNEN,
    "anna offentleg": Enhet.Eierform.ANNEN,
    "fylkeskommunal": Enhet.Eierform.ANNEN,
    "statlig": Enhet.Eierform.ANNEN,
    "statleg": Enhet.Eierform.ANNEN,
    "municipal": Enhet.Eierform.KOMMUNAL,
    "private": Enhet.Eierform.PRIVAT,
    "other public": Enhet.Eierform.ANNEN,
    "other public sector": Enhet.Eierform.ANNEN,
}
_MAALFORMER = {
    "bokmål": "nb",
    "bokmaal": "nb",
    "nb": "nb",
    "b": "nb",
    "nynorsk": "nn",
    "nn": "nn",
    "n": "nn",
    "nøytral": "",
    "ingen": "",
    "undefined": "",
}
_MVA = re.compile(r"^\s*(?:NO|N)?[\s-]*(?=\d)|[\s-]*MVA\.?\s*$|[.](?=\d{3})", re.IGNORECASE)
# The mainland and Svalbard.
_BREDDE, _LENGDE = (Decimal(57), Decimal("81.5")), (Decimal(4), Decimal(34))
_STOERSTE_TALL = 20_000
TEKSTER = {"eier": 200, "besoksadresse": 200, "poststed": 100}
ANTALL = ("antall_barn", "antall_ansatte", "antall_foresatte")

# From a day until, not including, a day; None is open.
Periode = tuple[datetime.date | None, datetime.date | None]


@dataclass(frozen=True)
class Post:
    """One unit as the file describes it. None, or an empty text, means that the file does not say."""

    rad: int
    navn: str
    kommune_id: int
    kommunenummer: str
    type: str
    organisasjonsnummer: str | None = None
    nsr_id: str | None = None
    eierform: str = ""
    eier: str = ""
    adresse: str = ""
    postnummer: str = ""
    poststed: str = ""
    breddegrad: Decimal | None = None
    lengdegrad: Decimal | None = None
    maalform: str = ""
    antall_barn: int | None = None
    antall_ansatte: int | None = None
    antall_foresatte: int | None = None
    # Texts with broken letters: what the register holds stands.
    oedelagt: list[str] = field(default_factory=list)
    # What a person answered about a row that is like a unit we know: that unit, or a new one.
    samme_som: int | None = None
    er_ny: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            navn: str(verdi) if isinstance(verdi, Decimal) else verdi
            for navn, verdi in asdict(self).items()
            if verdi not in (None, "", []) and verdi is not False
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Post":
        felt = dict(data)
        for navn in ("breddegrad", "lengdegrad"):
            if navn in felt:
                felt[navn] = Decimal(felt[navn])
        return cls(**felt)


@dataclass(frozen=True)
class Rammer:
    """What holds for a whole file: the day it describes, the year of its figures, where units may lie.

    `type` is the kind of unit when the file itself does not say. `andres` are the periods in which a
    kommune is others' and not ours: a file never moves, ends or opens a unit that lies there.
    """

    per: datetime.date
    aar: int
    inndeling: Inndeling
    kommuner: frozenset[int]
    type: str = ""
    har_antall_barn: bool = True
    andres: Mapping[int, list[Periode]] = field(default_factory=dict)

    def er_andres(
        self, kommune_id: int, fra: datetime.date, til: datetime.date | None = None
    ) -> bool:
        """Whether the kommune is others' on some day from `fra` until, not including, `til`."""
        return any(
            (til is None or p_fra is None or p_fra < til) and (p_til is None or fra < p_til)
            for p_fra, p_til in self.andres.get(kommune_id, ())
        )


class _Ugyldig(Exception):
    def __init__(self, kode: str, grunn: str) -> None:
        super().__init__(grunn)
        self.kode, self.grunn = kode, grunn


@dataclass
class Tolker:
    """Reads the rows of one file in turn, and remembers the numbers of those it accepted."""

    rammer: Rammer
    sett: dict[tuple[str, str], int] = field(default_factory=dict)
    # Kommuner that the file names and the portal does not know: number (or name) → name.
    ukjente_kommuner: dict[str, str] = field(default_factory=dict)

    def interpret(self, rad: Raarad) -> Post | list[Radfeil]:
        """The unit that the row describes, or everything that is wrong with it."""
        if rad.avvist:
            return [Radfeil("navn", *rad.avvist)]
        feil: list[Radfeil] = []

        def read(kolonne: str, hvordan: Callable[[str], Any]) -> Any:
            try:
                return hvordan(rad.verdier.get(kolonne, ""))
            except _Ugyldig as galt:
                feil.append(Radfeil(kolonne, galt.kode, galt.grunn))
                return None

        orgnr = read("organisasjonsnummer", self._orgnr)
        nsr_id = read("nsr_id", _nsr_id)
        verdier: dict[str, Any] = {
            "navn": read("navn", _navn),
            "kommune": read(
                "kommunenummer",
                lambda verdi: self._kommune(verdi, rad.verdier.get("kommunenavn", "")),
            ),
            "type": read("type", self._type),
            "eierform": read("eierform", _eierform),
            "maalform": read("maalform", _maalform),
            "postnummer": read("postnummer", _postnummer),
            **{k: read(k, _tekst(maks)) for k, maks in TEKSTER.items()},
            **{k: read(k, _antall) for k in (*ANTALL, "kapasitet")},
        }
        grader = read("breddegrad", lambda _v: _koordinat(rad.verdier))
        numre = {"organisasjonsnummer": orgnr, "nsr_id": nsr_id}
        if not orgnr and not nsr_id and verdier["kommune"] and verdier["navn"]:
            # Without a number it is its name, its kind and its kommune.
            sted = f"{verdier['kommune'].id} {verdier['type']} {fold(verdier['navn'])}"
            numre = {"navn": sted}
        feil += self._doubles(numre, verdier["navn"])
        if feil:
            return feil
        oedelagt = [k for k in ("navn", *TEKSTER) if is_broken(verdier[k])]
        self.sett |= {(k, nummer): rad.nummer for k, nummer in numre.items() if nummer}
        kommune = verdier.pop("kommune")
        kapasitet = verdier.pop("kapasitet")
        if not self.rammer.har_antall_barn:
            verdier["antall_barn"] = kapasitet
        return Post(
            rad=rad.nummer,
            organisasjonsnummer=orgnr or None,
            nsr_id=nsr_id or None,
            kommune_id=kommune.id,
            kommunenummer=kommune.nummer,
            adresse=verdier.pop("besoksadresse"),
            oedelagt=["adresse" if k == "besoksadresse" else k for k in oedelagt],
            breddegrad=grader[0],
            lengdegrad=grader[1],
            **verdier,
        )

    def _doubles(self, numre: dict[str, str], navn: str | None) -> list[Radfeil]:
        """A number that an accepted row had; a refused row does not stop the next one like it."""
        grunn = _("%(nummer)s står også i rad %(rad)s. Bare den første raden blir med.")
        return [
            Radfeil(
                kolonne,
                "dobbelt",
                grunn
                % {
                    "nummer": navn if kolonne == "navn" else nummer,
                    "rad": self.sett[kolonne, nummer],
                },
            )
            for kolonne, nummer in numre.items()
            if (kolonne, nummer) in self.sett
        ]

    def _orgnr(self, verdi: str) -> str:
        """Nine digits, also as «974 760 673», «NO 974760673 MVA» and «974760673.0»."""
        if not verdi:
            return ""
        nummer = plain_number(_MVA.sub("", verdi))
        try:
            return normalise(nummer)
        except ValidationError as feil:
            if re.fullmatch(r"\d{9}", nummer):
                grunn = _(
                    "«%(verdi)s» er ikke et organisasjonsnummer: kontrollsifferet stemmer ikke. Se etter en tastefeil."
                )
            else:
                grunn = _("«%(verdi)s» er ikke et organisasjonsnummer. Det har ni sifre.")
            raise _Ugyldig("orgnr", grunn % {"verdi": verdi[:40]}) from feil

    def _kommune(self, verdi: str, navn: str) -> KommuneDa:
        """The kommune by its number, or by its name when the number is not given."""
        verdi = verdi or navn
        if not verdi:
            raise _Ugyldig("mangler", _("Kommunenummeret mangler."))
        kommune = self._kommune_by(verdi, navn)
        om = {
            "nummer": kommune.nummer,
            "navn": kommune.navn,
            "dato": date_format(self.rammer.per),
        }
        if not kommune.er_gyldig(self.rammer.per):
            grunn = _(
                "%(nummer)s %(navn)s var ikke en kommune %(dato)s. Er datoen fila gjelder, riktig?"
            )
            raise _Ugyldig("kommune_dato", grunn % om)
        if kommune.id not in self.rammer.kommuner:
            grunn = _("%(nummer)s %(navn)s var ikke med i nettverket %(dato)s.")
            raise _Ugyldig("utenfor", grunn % om)
        return kommune

    def _kommune_by(self, verdi: str, navn: str) -> KommuneDa:
        inndeling = self.rammer.inndeling
        if treff := re.match(r"\d[\d ]{2,4}(?:[.,]0+)?(?=\D|$)", verdi):
            # Excel takes leading zeros away.
            nummer = plain_number(treff[0]).zfill(4)
            if kommune := inndeling.per_nummer.get(nummer):
                return kommune
            self.ukjente_kommuner.setdefault(nummer, navn or verdi[treff.end() :].strip(" -–"))
            grunn = _(
                "Vi kjenner ikke kommunenummeret «%(nummer)s». Portalen har bare kommunene i nettverkene."
            )
            raise _Ugyldig("kommunenummer", grunn % {"nummer": nummer[:20]})
        alle = inndeling.per_navn.get(fold_kommune(verdi), [])
        da = [k for k in alle if k.er_gyldig(self.rammer.per)] or alle[:1]
        egne = [k for k in da if k.id in self.rammer.kommuner] or da
        if len(egne) == 1:
            return egne[0]
        if not egne:
            self.ukjente_kommuner.setdefault(verdi, "")
            grunn = _("Vi kjenner ingen kommune som heter «%(navn)s».")
        else:
            grunn = _("Flere kommuner heter «%(navn)s». Skriv kommunenummeret.")
        raise _Ugyldig("kommunenummer", grunn % {"navn": verdi[:40]})

    def _type(self, verdi: str) -> str:
        if not verdi:
            if not self.rammer.type:
                raise _Ugyldig(
                    "mangler",
                    _("Fila sier ikke hva slags enhet dette er. Velg det når du laster opp."),
                )
            return self.rammer.type
        return _kjent(verdi, _TYPER, ", ".join(str(navn) for navn in Enhet.Type.labels))


def _kjent(verdi: str, kjente: dict[str, Any], valg: str) -> Any:
    try:
        return kjente[verdi.casefold()]
    except KeyError:
        grunn = _("«%(verdi)s» er ikke et av valgene: %(valg)s.")
        raise _Ugyldig("verdi", grunn % {"verdi": verdi[:40], "valg": valg}) from None


def _eierform(verdi: str) -> str:
    valg = ", ".join(str(navn) for navn in Enhet.Eierform.labels)
    return _kjent(verdi, _EIERFORMER, valg) if verdi else ""


def _maalform(verdi: str) -> str:
    return _kjent(verdi, _MAALFORMER, _("bokmål, nynorsk")) if verdi else ""


def _navn(verdi: str) -> str:
    if not verdi:
        raise _Ugyldig("mangler", _("Navnet mangler."))
    return _tekst(200)(verdi)


def _tekst(maks: int) -> Callable[[str], str]:
    def read(verdi: str) -> str:
        if len(verdi) > maks:
            grunn = _("Teksten er på %(tegn)s tegn. Det er plass til %(maks)s.")
            raise _Ugyldig("for_lang", grunn % {"tegn": len(verdi), "maks": maks})
        return verdi

    return read


def plain_number(verdi: str) -> str:
    """A number that is a name, as its digits: without the blanks and the «.0» that spreadsheets add."""
    return re.sub(r"[.,]0+$", "", re.sub(r"[\s\u00a0]", "", verdi))


def _nsr_id(verdi: str) -> str:
    verdi = plain_number(verdi)
    if verdi and not re.fullmatch(r"[0-9]{4,12}", verdi):
        grunn = _("«%(verdi)s» er ikke en NSR-id. Den har fire til tolv sifre.")
        raise _Ugyldig("nsr_id", grunn % {"verdi": verdi[:40]})
    return verdi


def _postnummer(verdi: str) -> str:
    if not verdi:
        return ""
    nummer = plain_number(verdi)
    nummer = nummer.zfill(4) if nummer.isascii() and nummer.isdigit() else nummer
    if not re.fullmatch(r"[0-9]{4}", nummer):
        grunn = _("«%(verdi)s» er ikke et postnummer. Det har fire sifre.")
        raise _Ugyldig("verdi", grunn % {"verdi": verdi[:40]})
    return nummer


def _desimal(verdi: str) -> Decimal | None:
    try:
        tall = Decimal(verdi.replace(" ", "").replace(",", "."))
    except InvalidOperation:
        return None
    return tall if tall.is_finite() else None


def _antall(verdi: str) -> int | None:
    if not verdi:
        return None
    tall = _desimal(verdi)
    if tall is None or tall != tall.to_integral_value():
        grunn = _("«%(verdi)s» er ikke et helt tall.")
    elif tall < 0:
        grunn = _("Antallet kan ikke være mindre enn null: %(verdi)s.")
    elif tall > _STOERSTE_TALL:
        grunn = _("%(verdi)s er for mange for én enhet.")
    else:
        return int(tall)
    raise _Ugyldig("tall", grunn % {"verdi": verdi[:40]})


def _koordinat(verdier: dict[str, str]) -> tuple[Decimal | None, Decimal | None]:
    """Both or neither. The registers write 0, 0 for a place that is not known."""
    tekster = [verdier.get(k, "") for k in ("breddegrad", "lengdegrad")]
    tall = [_desimal(t) if t else None for t in tekster]
    for tekst, verdi in zip(tekster, tall, strict=True):
        if tekst and verdi is None:
            grunn = _("«%(verdi)s» er ikke en koordinat, for eksempel 63,12243.")
            raise _Ugyldig("koordinat", grunn % {"verdi": tekst[:40]})
    bredde, lengde = tall
    if not bredde and not lengde:
        return None, None
    if bredde is None or lengde is None:
        raise _Ugyldig("koordinat", _("Breddegrad og lengdegrad må fylles ut begge to."))

    def i_norge(b: Decimal, lg: Decimal) -> bool:
        return _BREDDE[0] <= b <= _BREDDE[1] and _LENGDE[0] <= lg <= _LENGDE[1]

    if not i_norge(bredde, lengde):
        if i_norge(lengde, bredde):
            grunn = _("Breddegrad og lengdegrad har byttet plass.")
        else:
            grunn = _("Koordinatene %(bredde)s, %(lengde)s ligger utenfor Norge.")
        raise _Ugyldig(
            "koordinat", grunn % {"bredde": number_format(bredde), "lengde": number_format(lengde)}
        )
    seks = Decimal("0.000001")
    return bredde.quantize(seks), lengde.quantize(seks)
