"""A row of cells becomes what it says – a person in a role in a group, from–to – or why it cannot be used."""

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import translation
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ftfy.badness import is_bad

from kommuner.gyldighet import idag, periode
from kommuner.models import Kommune, Plassering
from kommuner.samiske_navn import written_names
from kommuner.sortering import folded
from nettverk.folkeimport.tabell import Tabell
from nettverk.models.gruppe import Gruppe
from nettverk.models.nettverk import Nettverk
from nettverk.models.rolle import Rolle
from nettverk.side.utenfra import MAKS_EPOST, SENEST, TIDLIGST, can_be_addressed
from nettverk.verv import choosable_roles

# Why rows are refused, for the filter of the preview.
GRUNNER = {
    "navn": gettext_lazy("Navn"),
    "epost": gettext_lazy("E-post"),
    "to_navn": gettext_lazy("To personer på samme adresse"),
    "sted": gettext_lazy("Enhet eller gruppe"),
    "kommune": gettext_lazy("Kommune"),
    "rolle": gettext_lazy("Rolle"),
    "tittel": gettext_lazy("Stilling"),
    "dato": gettext_lazy("Dato"),
    "dobbelt": gettext_lazy("Står to ganger"),
    "overlapp": gettext_lazy("Overlapper et annet verv"),
    "koordinator": gettext_lazy("Nettverket må ha en koordinator"),
    "endret": gettext_lazy("Endret i mellomtiden"),
}

_UTVIKLINGSGRUPPE = {
    "utviklingsgruppe",
    "utviklingsgruppa",
    "utviklingsgruppen",
    "developmentgroup",
}
# What is left of a letter read in the wrong encoding, where the name is too short for ftfy to tell.
_ODELAGT = re.compile("\ufffd|\u221a|[\u00c2\u00c3][\u0080-\u00bf]")
# The day number that Excel keeps for 1.1.1950 and 31.12.2100.
_EXCEL_DAG = (18_264, 73_415)
_EXCEL_NULL = datetime.date(1899, 12, 30)


@dataclass(frozen=True)
class Feil:
    """What is wrong with a row: the column, the kind of reason, and plain words."""

    kolonne: str
    kode: str
    grunn: str


@dataclass
class Post:
    """What a row says, understood. `gruppe` is None for a unit whose utviklingsgruppe is not made yet."""

    navn: str
    epost: str
    rolle: str
    gruppe: int | None
    enhet: int | None
    gruppenavn: str
    tittel: str = ""
    kommune: int | None = None
    kommunenavn: str = ""
    fra: datetime.date | None = None
    til: datetime.date | None = None

    @property
    def plass(self) -> tuple[str, object, str]:
        """Who in what role where: the same twice is one Verv."""
        return self.epost, self.gruppe or f"enhet {self.enhet}", self.rolle

    def as_json(self) -> dict[str, Any]:
        data = asdict(self)
        data["fra"], data["til"] = (d and d.isoformat() for d in (self.fra, self.til))
        return data

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Post":
        datoer = {n: data[n] and datetime.date.fromisoformat(data[n]) for n in ("fra", "til")}
        return cls(**{**data, **datoer})


@dataclass
class Tolket:
    """One row, or one unit of a row that names several: a post, or what is wrong."""

    nummer: int
    celler: list[str]
    navn: str
    epost: str
    post: Post | None = None
    feil: list[Feil] = field(default_factory=list)


@dataclass(frozen=True)
class _Sted:
    """Where a Verv is: a group that stands, or the unit whose utviklingsgruppe it will be in."""

    navn: str
    gruppe: int | None
    enhet: int | None
    er_utviklingsgruppe: bool


def _key(tekst: str) -> str:
    return re.sub(r"[^a-z0-9]", "", folded(tekst))


class Rammer:
    """What the network has that a row may name: its groups, units, kommuner and roles. Five queries."""

    def __init__(self, nettverk: Nettverk) -> None:
        self.nettverk = nettverk
        self.kommuner = {k.pk: k for k in nettverk.kommuner().defer("grense")}
        self.kommuner_kalt = {
            _key(navn): k
            for k in self.kommuner.values()
            for navn in (*written_names(k.navn), k.kommunenummer)
        }
        self._read_groups()
        self._read_units()
        self.roller = _role_names(nettverk)
        self.lovlige = {
            er: frozenset(choosable_roles(nettverk, utviklingsgruppe=er)) for er in (True, False)
        }

    def _read_groups(self) -> None:
        grupper = Gruppe.objects.filter(
            nettverk=self.nettverk, gyldig__overlap=periode(idag())
        ).select_related("enhet", "kommune")
        self.grupper_kalt: dict[str, dict[int, _Sted]] = defaultdict(dict)
        self.enhetens: dict[int, _Sted] = {}
        self.kommunens: dict[int, _Sted] = {}
        for gruppe in grupper:
            sted = _Sted(gruppe.navn, gruppe.pk, gruppe.enhet_id, gruppe.er_utviklingsgruppe)
            for navn in {gruppe.navn, gruppe.kortnavn, gruppe.omtale} - {""}:
                self.grupper_kalt[_key(navn)][gruppe.pk] = sted
            if gruppe.er_utviklingsgruppe and gruppe.enhet_id:
                self.enhetens[gruppe.enhet_id] = sted
            elif gruppe.er_utviklingsgruppe and gruppe.kommune_id:
                self.kommunens[gruppe.kommune_id] = sted

    def _read_units(self) -> None:
        self.enheter_kalt: dict[str, dict[int, Any]] = defaultdict(dict)
        self.enhet_med: dict[str, Any] = {}
        enhetene = list(self.nettverk.enheter())
        for enhet in enhetene:
            for navn in {enhet.navn, enhet.visningsnavn} - {""}:
                self.enheter_kalt[_key(navn)][enhet.pk] = enhet
            for nummer in (enhet.organisasjonsnummer, enhet.nsr_id):
                if nummer:
                    self.enhet_med[nummer] = enhet
        plassert = Plassering.objects.filter(enhet__in=enhetene)
        self.kommunen_til = dict(plassert.gyldig().values_list("enhet", "kommune"))

    def place_of_unit(self, enhet: Any) -> _Sted:
        return self.enhetens.get(enhet.pk) or _Sted(str(enhet), None, enhet.pk, True)


def _role_names(nettverk: Nettverk) -> dict[str, Rolle]:
    """Every name a role goes by: the portal's in each language, and the network's own, which wins."""
    navnene: dict[str, Rolle] = {}
    for rolle in Rolle:
        navnene[_key(rolle.value)] = rolle
        for spraak in ("nb", "nn", "en"):
            with translation.override(spraak):
                navnene.setdefault(_key(str(rolle.label)), rolle)
    egne = {_key(nettverk.rollenavn(rolle)): rolle for rolle in Rolle}
    return navnene | egne


class Tolker:
    """Reads the rows of one table within what one network has."""

    def __init__(self, rammer: Rammer, tabell: Tabell) -> None:
        self.rammer = rammer
        self.tabell = tabell
        self.datoer: dict[str, datetime.date | None] = {}
        self.tomme = 0

    def all(self) -> list[Tolket]:
        """Every row, those that name several units once for each. Rows of the template that nobody has
        written a person in are passed over, and counted in `tomme`."""
        ut: list[Tolket] = []
        for nummer, celler in self.tabell.rader:
            verdier = {
                felt: celler[nr] if nr < len(celler) else ""
                for nr, felt in self.tabell.kjente.items()
            }
            navn = verdier.get("navn") or " ".join(
                filter(None, (verdier.get("fornavn"), verdier.get("etternavn")))
            )
            epost = verdier.get("epost", "").removeprefix("mailto:").lower()
            if not navn and not epost:
                self.tomme += 1
                continue
            ut += self._row(Tolket(nummer, celler, navn, epost), verdier)
        return ut

    def _row(self, rad: Tolket, verdier: dict[str, str]) -> list[Tolket]:
        feil = [
            *_wrong_name(rad.navn),
            *_wrong_address(rad.epost),
            *_wrong_title(verdier.get("tittel", "")),
        ]
        fra, til, datofeil = self._dates(verdier)
        feil += datofeil
        kommune, kommunefeil = self._kommune(verdier.get("kommune", ""))
        feil += kommunefeil
        steder, stedfeil = ([], []) if kommunefeil else self._places(verdier, kommune)
        feil += stedfeil
        rolle, rollefeil = self._role(verdier.get("rolle", ""), steder)
        feil += rollefeil
        if feil or rolle is None:
            rad.feil = feil
            return [rad]
        ut = []
        for sted in steder:
            # At a unit the kommune only tells which; in another group the person represents it.
            stiller_for = None if sted.er_utviklingsgruppe else kommune
            post = Post(
                navn=rad.navn,
                epost=rad.epost,
                rolle=rolle,
                gruppe=sted.gruppe,
                enhet=sted.enhet,
                gruppenavn=sted.navn,
                tittel=verdier.get("tittel", ""),
                kommune=stiller_for.pk if stiller_for else None,
                kommunenavn=stiller_for.navn if stiller_for else "",
                fra=fra,
                til=til,
            )
            ut.append(Tolket(rad.nummer, rad.celler, rad.navn, rad.epost, post))
        return ut

    # --- where

    def _kommune(self, navn: str) -> tuple[Kommune | None, list[Feil]]:
        if not navn:
            return None, []
        kommune = self.rammer.kommuner_kalt.get(_key(navn)) or self.rammer.kommuner_kalt.get(
            _key(re.sub(r"(?i)\bkommune\b", "", navn))
        )
        if kommune:
            return kommune, []
        grunn = _("«%(navn)s» er ikke en av kommunene i nettverket.") % {"navn": navn[:60]}
        return None, [Feil("kommune", "kommune", grunn)]

    def _places(
        self, verdier: dict[str, str], kommune: Kommune | None
    ) -> tuple[list[_Sted], list[Feil]]:
        grupper = [g for g in _parts(verdier.get("gruppe", "")) if _key(g) not in _UTVIKLINGSGRUPPE]
        enheter = _parts(verdier.get("organisasjonsnummer", "")) or _parts(verdier.get("enhet", ""))
        if grupper:
            svar = [self._group(navn) for navn in grupper]
        elif enheter:
            svar = [self._unit(navn, kommune) for navn in enheter]
        elif kommune and kommune.pk in self.rammer.kommunens:
            svar = [self.rammer.kommunens[kommune.pk]]
        else:
            return [], [Feil("enhet", "sted", _("Skriv en enhet eller en gruppe."))]
        feil = [s for s in svar if isinstance(s, Feil)]
        steder = {s.gruppe or -(s.enhet or 0): s for s in svar if isinstance(s, _Sted)}
        return list(steder.values()), feil

    def _group(self, navn: str) -> _Sted | Feil:
        funnet = list(self.rammer.grupper_kalt.get(_key(navn), {}).values())
        if len(funnet) == 1:
            return funnet[0]
        grunn = (
            _("Flere grupper heter «%(navn)s». Skriv hele navnet.")
            if funnet
            else _("Nettverket har ingen gruppe som heter «%(navn)s».")
        )
        return Feil("gruppe", "sted", grunn % {"navn": navn[:60]})

    def _unit(self, navn: str, kommune: Kommune | None) -> _Sted | Feil:
        nummer = re.sub(r"\D", "", navn) if re.fullmatch(r"(?i)[\d\s.no]*(mva)?", navn) else ""
        if nummer:
            enhet = self.rammer.enhet_med.get(nummer)
            funnet = [enhet] if enhet else []
        else:
            funnet = list(self.rammer.enheter_kalt.get(_key(navn), {}).values())
        if kommune and funnet:
            her = [e for e in funnet if self.rammer.kommunen_til.get(e.pk) == kommune.pk]
            if not her:
                return Feil(
                    "kommune",
                    "kommune",
                    _("%(enhet)s ligger ikke i %(kommune)s.")
                    % {"enhet": funnet[0], "kommune": kommune.navn},
                )
            funnet = her
        if len(funnet) == 1:
            return self.rammer.place_of_unit(funnet[0])
        grunn = (
            _("Flere enheter heter «%(navn)s». Skriv kommunen eller organisasjonsnummeret.")
            if funnet
            # The same whether it is nowhere or in another network.
            else _("Nettverket har ingen enhet som er «%(navn)s».")
        )
        return Feil("enhet", "sted", grunn % {"navn": navn[:60]})

    # --- in what role, and when

    def _role(self, navn: str, steder: list[_Sted]) -> tuple[Rolle | None, list[Feil]]:
        if not navn:
            return None, [Feil("rolle", "rolle", _("Skriv en rolle."))]
        rolle = self.rammer.roller.get(_key(navn))
        lovlige = [self.rammer.lovlige[s.er_utviklingsgruppe] for s in steder]
        if rolle and all(rolle in roller for roller in lovlige):
            return rolle, []
        mulige = [r for r in Rolle if lovlige and all(r in roller for roller in lovlige)]
        navnene = get_text_list([self.rammer.nettverk.rollenavn(r) for r in mulige], _("eller"))
        if rolle:
            grunn = _("Rollen «%(navn)s» brukes ikke i denne gruppa.")
        else:
            grunn = _("Nettverket har ingen rolle som heter «%(navn)s».")
        grunn %= {"navn": navn[:60]}
        if mulige:
            grunn += " " + _("Skriv %(roller)s.") % {"roller": navnene}
        return None, [Feil("rolle", "rolle", grunn)]

    def _dates(
        self, verdier: dict[str, str]
    ) -> tuple[datetime.date | None, datetime.date | None, list[Feil]]:
        datoer: dict[str, datetime.date | None] = {}
        feil = []
        for navn in ("fra", "til"):
            tekst = verdier.get(navn, "")
            datoer[navn] = self._date(tekst) if tekst else None
            if tekst and datoer[navn] is None:
                grunn = _("«%(tekst)s» er ikke en dato. Skriv for eksempel 01.08.2026.")
                feil.append(Feil(navn, "dato", grunn % {"tekst": tekst[:30]}))
        fra, til = datoer["fra"], datoer["til"]
        if til and til < (fra or idag()):
            grunn = (
                _("Siste dag kan ikke være før første dag, %(dato)s.") % {"dato": date_format(fra)}
                if fra
                else _("Siste dag er før i dag. Fyll ut første dag også.")
            )
            feil.append(Feil("til", "dato", grunn))
        return fra, til, feil

    def _date(self, tekst: str) -> datetime.date | None:
        if tekst not in self.datoer:
            self.datoer[tekst] = _as_date(tekst)
        return self.datoer[tekst]


def _as_date(tekst: str) -> datetime.date | None:
    if tekst.isascii() and tekst.isdigit() and len(tekst) == 5:
        nummer = int(tekst)
        if _EXCEL_DAG[0] <= nummer <= _EXCEL_DAG[1]:
            return _EXCEL_NULL + datetime.timedelta(days=nummer)
        return None
    try:
        # A spreadsheet may add the time of day.
        dato = forms.DateField().to_python(re.sub(r"[T ]00:00(:00)?$", "", tekst))
    except ValidationError:
        return None
    return dato if dato and TIDLIGST <= dato <= SENEST else None


def _parts(celle: str) -> list[str]:
    """The units or groups in a cell, parted by line break or semicolon."""
    return [del_.strip() for del_ in re.split(r"[\n;]", celle) if del_.strip()]


def _wrong_name(navn: str) -> Iterable[Feil]:
    if not navn:
        yield Feil("navn", "navn", _("Skriv navnet."))
    elif "\n" in navn:
        yield Feil("navn", "navn", _("Navnet må stå på én linje."))
    elif len(navn) > 150:
        yield Feil("navn", "navn", _("Navnet kan ha høyst 150 tegn."))
    elif _ODELAGT.search(navn) or is_bad(navn):
        yield Feil(
            "navn",
            "navn",
            _("Bokstavene i navnet er ødelagt. Lagre lista på nytt som Excel eller CSV UTF-8."),
        )
    elif "@" in navn or not any(tegn.isalpha() for tegn in navn):
        yield Feil("navn", "navn", _("Dette er ikke et navn."))


def _wrong_address(epost: str) -> Iterable[Feil]:
    if not epost:
        yield Feil("e-post", "epost", _("Skriv e-postadressen."))
        return
    if "\n" in epost:
        yield Feil("e-post", "epost", _("Skriv bare én e-postadresse, på én linje."))
        return
    lokal, krok, _domene = epost.rpartition("@")
    if krok and not lokal.isascii():
        grunn = _(
            "Foran @ kan ikke adressen ha æ, ø, å eller bokstaver med aksent. Da kommer ikke e-posten frem."
        )
        yield Feil("e-post", "epost", grunn)
        return
    try:
        validate_email(epost)
        riktig = len(epost) <= MAKS_EPOST and can_be_addressed(epost)
    except ValidationError:
        riktig = False
    if not riktig:
        grunn = _("«%(epost)s» er ikke en e-postadresse.") % {"epost": epost[:80]}
        yield Feil("e-post", "epost", grunn)


def _wrong_title(tittel: str) -> Iterable[Feil]:
    if "\n" in tittel:
        yield Feil("tittel", "tittel", _("Stillingen må stå på én linje."))
    elif len(tittel) > 80:
        yield Feil("tittel", "tittel", _("Stillingen kan ha høyst 80 tegn."))
