"""A row of cells becomes what it says – a person in a role in a group, from–to – or why it cannot be used."""

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from types import MappingProxyType
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import translation
from django.utils.formats import date_format, number_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ftfy.badness import is_bad

from kommuner.gyldighet import idag, periode
from kommuner.models import Kommune, Plassering
from kommuner.samiske_navn import written_names
from kommuner.tabellfil.celler import LeseFeil, Radfeil
from nettverk.folkeimport.spoersmaal import (
    UTVIKLINGSGRUPPE,
    Spoersmaal,
    commonest,
    group_asked,
    key,
    role_asked,
    stem,
)
from nettverk.folkeimport.tabell import Folkeliste
from nettverk.models.gruppe import Gruppe
from nettverk.models.nettverk import Nettverk
from nettverk.models.rolle import Rolle
from nettverk.side.utenfra import MAKS_EPOST, SENEST, TIDLIGST, can_be_addressed, wrong_name
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

# One file is a network's people: more is a list that says every person in every unit.
MAKS_VERV = 5_000
_UTVIKLINGSGRUPPE = {stem(navn) for navn in ("utviklingsgruppe", "development group")}
# What is left of a letter read in the wrong encoding, where the name is too short for ftfy to tell.
_ODELAGT = re.compile("\ufffd|\u221a|[\u00c2\u00c3][\u0080-\u00bf]")
# The day number that Excel keeps for 1.1.1950 and 31.12.2100.
_EXCEL_DAG = (18_264, 73_415)
_EXCEL_NULL = datetime.date(1899, 12, 30)


@dataclass
class Vervpost:
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
    def from_json(cls, data: dict[str, Any]) -> "Vervpost":
        datoer = {n: data[n] and datetime.date.fromisoformat(data[n]) for n in ("fra", "til")}
        return cls(**{**data, **datoer})


@dataclass
class Tolket:
    """One row, or one unit of a row that names several: a post, or what is wrong."""

    nummer: int
    celler: list[str]
    navn: str
    epost: str
    post: Vervpost | None = None
    feil: list[Radfeil] = field(default_factory=list)


@dataclass(frozen=True)
class _Sted:
    """Where a Verv is: a group that stands, or the unit whose utviklingsgruppe it will be in."""

    navn: str
    gruppe: int | None
    enhet: int | None
    er_utviklingsgruppe: bool


class Oppslag:
    """What the network has that a row may name: its groups, units, kommuner and roles. Five queries."""

    def __init__(self, nettverk: Nettverk) -> None:
        self.nettverk = nettverk
        self.kommuner = {k.pk: k for k in nettverk.kommuner().defer("grense")}
        self.kommuner_kalt = {
            key(navn): k
            for k in self.kommuner.values()
            for navn in (*written_names(k.navn), k.kommunenummer)
        }
        self._read_groups()
        self._read_units()
        self.roller, self.roller_som = _role_names(nettverk)
        self.lovlige = {
            er: frozenset(choosable_roles(nettverk, utviklingsgruppe=er)) for er in (True, False)
        }

    def _read_groups(self) -> None:
        grupper = Gruppe.objects.filter(
            nettverk=self.nettverk, gyldig__overlap=periode(idag())
        ).select_related("enhet", "kommune")
        self.grupper_kalt: dict[str, dict[int, _Sted]] = defaultdict(dict)
        # The same without definite endings, where the name itself is not found.
        self.grupper_som: dict[str, dict[int, _Sted]] = defaultdict(dict)
        self.gruppe_med: dict[str, _Sted] = {}
        self.enhetens: dict[int, _Sted] = {}
        self.kommunens: dict[int, _Sted] = {}
        for gruppe in grupper:
            sted = _Sted(gruppe.navn, gruppe.pk, gruppe.enhet_id, gruppe.er_utviklingsgruppe)
            for navn in {gruppe.navn, gruppe.kortnavn, gruppe.omtale} - {""}:
                self.grupper_kalt[key(navn)][gruppe.pk] = sted
                self.grupper_som[stem(navn)][gruppe.pk] = sted
            self.gruppe_med[str(gruppe.pk)] = sted
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
                self.enheter_kalt[key(navn)][enhet.pk] = enhet
            for nummer in (enhet.organisasjonsnummer, enhet.nsr_id):
                if nummer:
                    self.enhet_med[nummer] = enhet
        plassert = Plassering.objects.filter(enhet__in=enhetene)
        self.kommunen_til = dict(plassert.gyldig().values_list("enhet", "kommune"))

    def place_of_unit(self, enhet: Any) -> _Sted:
        return self.enhetens.get(enhet.pk) or _Sted(str(enhet), None, enhet.pk, True)


Rollenavn = dict[str, set[Rolle]]


def _role_names(nettverk: Nettverk) -> tuple[Rollenavn, Rollenavn]:
    """Every name that roles go by: the portal's in each language, and the network's own, which win; then
    the same without definite endings."""
    portalens: Rollenavn = defaultdict(set)
    som: Rollenavn = defaultdict(set)
    egne: Rollenavn = defaultdict(set)
    for rolle in Rolle:
        portalens[key(rolle.value)].add(rolle)
        for spraak in ("nb", "nn", "en"):
            with translation.override(spraak):
                portalens[key(str(rolle.label))].add(rolle)
                som[stem(str(rolle.label))].add(rolle)
        egne[key(nettverk.rollenavn(rolle))].add(rolle)
        som[stem(nettverk.rollenavn(rolle))].add(rolle)
    return portalens | egne, som


class Listetolker:
    """Reads the rows of one table within what one network has.

    `svar` is what has been answered about words for roles and groups: the question's key → the answer.
    Words that the network does not have are gathered, to be asked about.
    """

    def __init__(
        self, rammer: Oppslag, tabell: Folkeliste, svar: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        self.rammer = rammer
        self.tabell = tabell
        self.svar = svar
        self.spurt: dict[str, Spoersmaal] = {}
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
        self.naa = rad.nummer
        steder, stedfeil = ([], []) if kommunefeil else self._places(verdier, kommune)
        feil += stedfeil
        roller, rollefeil = self._roles(verdier.get("rolle", ""), steder)
        feil += rollefeil
        if feil:
            rad.feil = feil
            return [rad]
        ut = []
        for sted in steder:
            # At a unit the kommune only tells which; in another group the person represents it.
            stiller_for = None if sted.er_utviklingsgruppe else kommune
            post = Vervpost(
                navn=rad.navn,
                epost=rad.epost,
                rolle=roller[sted.er_utviklingsgruppe],
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

    def _kommune(self, navn: str) -> tuple[Kommune | None, list[Radfeil]]:
        if not navn:
            return None, []
        kommune = self.rammer.kommuner_kalt.get(key(navn)) or self.rammer.kommuner_kalt.get(
            key(re.sub(r"(?i)\bkommune\b", "", navn))
        )
        if kommune:
            return kommune, []
        grunn = _("«%(navn)s» er ikke en av kommunene i nettverket.") % {"navn": navn[:60]}
        return None, [Radfeil("kommune", "kommune", grunn)]

    def _places(
        self, verdier: dict[str, str], kommune: Kommune | None
    ) -> tuple[list[_Sted], list[Radfeil]]:
        grupper = [g for g in _parts(verdier.get("gruppe", "")) if not self._is_the_units_own(g)]
        enheter = _parts(verdier.get("organisasjonsnummer", "")) or _parts(verdier.get("enhet", ""))
        if grupper:
            svar = [self._group(navn) for navn in grupper]
        elif enheter:
            svar = [self._unit(navn, kommune) for navn in enheter]
        elif kommune and kommune.pk in self.rammer.kommunens:
            svar = [self.rammer.kommunens[kommune.pk]]
        else:
            return [], [Radfeil("enhet", "sted", _("Skriv en enhet eller en gruppe."))]
        feil = [s for s in svar if isinstance(s, Radfeil)]
        steder = {s.gruppe or -(s.enhet or 0): s for s in svar if isinstance(s, _Sted)}
        return list(steder.values()), feil

    def _is_the_units_own(self, navn: str) -> bool:
        """Whether a word in the group's column means the utviklingsgruppe of the unit in the row."""
        if self.svar.get(group_asked(navn)) == UTVIKLINGSGRUPPE:
            self._ask(group_asked(navn), navn)
        return _is_the_units_own(navn, self.svar)

    def _group(self, navn: str) -> _Sted | Radfeil:
        funnet = list(self.rammer.grupper_kalt.get(key(navn), {}).values())
        funnet = funnet or list(self.rammer.grupper_som.get(stem(navn), {}).values())
        if len(funnet) == 1:
            return funnet[0]
        noekkel = group_asked(navn)
        self._ask(noekkel, navn)
        if svart := self.rammer.gruppe_med.get(self.svar.get(noekkel, "")):
            return svart
        grunn = (
            _("Flere grupper heter «%(navn)s». Skriv hele navnet.")
            if funnet
            else _("Nettverket har ingen gruppe som heter «%(navn)s».")
        )
        return Radfeil("gruppe", "sted", grunn % {"navn": navn[:60]})

    def _unit(self, navn: str, kommune: Kommune | None) -> _Sted | Radfeil:
        nummer = re.sub(r"\D", "", navn) if re.fullmatch(r"(?i)[\d\s.no]*(mva)?", navn) else ""
        if nummer:
            enhet = self.rammer.enhet_med.get(nummer)
            funnet = [enhet] if enhet else []
        else:
            funnet = list(self.rammer.enheter_kalt.get(key(navn), {}).values())
        if kommune and funnet:
            her = [e for e in funnet if self.rammer.kommunen_til.get(e.pk) == kommune.pk]
            if not her:
                return Radfeil(
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
        return Radfeil("enhet", "sted", grunn % {"navn": navn[:60]})

    # --- in what role, and when

    def _ask(self, noekkel: str, ordet: str) -> None:
        self.spurt.setdefault(noekkel, Spoersmaal(noekkel, ordet)).rader.add(self.naa)

    def questions(self) -> list[Spoersmaal]:
        """What must be asked about the rows that are read, and what has been: the commonest first."""
        return commonest(self.spurt.values())

    def _roles(self, navn: str, steder: list[_Sted]) -> tuple[dict[bool, Rolle], list[Radfeil]]:
        """The role at a unit, and in another group: one word may be two functions."""
        if not navn:
            return {}, [Radfeil("rolle", "rolle", _("Skriv en rolle."))]
        if not steder and not self._called(navn):
            # Where it is, is wrong too: asked about when that is mended.
            return {}, [self._unknown_role(navn, frozenset())]
        svar = {
            er: self._role(navn, ved_enhet=er) for er in {s.er_utviklingsgruppe for s in steder}
        }
        roller = {er: rolle for er, rolle in svar.items() if isinstance(rolle, Rolle)}
        return roller, [feil for feil in svar.values() if isinstance(feil, Radfeil)]

    def _called(self, navn: str) -> set[Rolle]:
        return self.rammer.roller.get(key(navn)) or self.rammer.roller_som.get(stem(navn)) or set()

    def _role(self, navn: str, *, ved_enhet: bool) -> Rolle | Radfeil:
        lovlige = self.rammer.lovlige[ved_enhet]
        mulige = self._called(navn) & lovlige
        if len(mulige) == 1:
            return next(iter(mulige))
        noekkel = role_asked(navn, ved_enhet=ved_enhet)
        self._ask(noekkel, navn)
        svart = self.svar.get(noekkel)
        return Rolle(svart) if svart in lovlige else self._unknown_role(navn, lovlige)

    def _unknown_role(self, navn: str, lovlige: frozenset[Rolle]) -> Radfeil:
        if self._called(navn):
            grunn = _("Rollen «%(navn)s» brukes ikke i denne gruppa.")
        else:
            grunn = _("Nettverket har ingen rolle som heter «%(navn)s».")
        grunn %= {"navn": navn[:60]}
        if lovlige:
            navnene = [self.rammer.nettverk.rollenavn(r) for r in Rolle if r in lovlige]
            grunn += " " + _("Skriv %(roller)s.") % {"roller": get_text_list(navnene, _("eller"))}
        return Radfeil("rolle", "rolle", grunn)

    def _dates(
        self, verdier: dict[str, str]
    ) -> tuple[datetime.date | None, datetime.date | None, list[Radfeil]]:
        datoer: dict[str, datetime.date | None] = {}
        feil = []
        for navn in ("fra", "til"):
            tekst = verdier.get(navn, "")
            datoer[navn] = self._date(tekst) if tekst else None
            if tekst and datoer[navn] is None:
                grunn = _("«%(tekst)s» er ikke en dato. Skriv for eksempel 01.08.2026.")
                feil.append(Radfeil(navn, "dato", grunn % {"tekst": tekst[:30]}))
        fra, til = datoer["fra"], datoer["til"]
        if til and til < (fra or idag()):
            grunn = (
                _("Siste dag kan ikke være før første dag, %(dato)s.") % {"dato": date_format(fra)}
                if fra
                else _("Siste dag er før i dag. Fyll ut første dag også.")
            )
            feil.append(Radfeil("til", "dato", grunn))
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


def _is_the_units_own(navn: str, svar: Mapping[str, str]) -> bool:
    return svar.get(group_asked(navn)) == UTVIKLINGSGRUPPE or stem(navn) in _UTVIKLINGSGRUPPE


def refuse_too_many(tabell: Folkeliste, svar: Mapping[str, str] = MappingProxyType({})) -> None:
    """A list may make 5 000 Verv, with what has been answered about its words. Raises LeseFeil for one
    that would make more."""
    antall = 0
    for _nummer, celler in tabell.rader:
        verdier = {felt: celler[nr] for nr, felt in tabell.kjente.items() if nr < len(celler)}
        grupper = [g for g in _parts(verdier.get("gruppe", "")) if not _is_the_units_own(g, svar)]
        enheter = _parts(verdier.get("organisasjonsnummer", "") or verdier.get("enhet", ""))
        antall += len(grupper or enheter) or 1
    if antall > MAKS_VERV:
        raise LeseFeil(
            _("Lista gir %(antall)s verv, og kan gi høyst %(maks)s. Del lista i flere.")
            % {
                "antall": number_format(antall, force_grouping=antall >= 10_000),
                "maks": number_format(MAKS_VERV),
            }
        )


def _parts(celle: str) -> list[str]:
    """The units or groups in a cell, parted by line break or semicolon."""
    return [del_.strip() for del_ in re.split(r"[\n;]", celle) if del_.strip()]


def _wrong_name(navn: str) -> Iterable[Radfeil]:
    if not navn:
        yield Radfeil("navn", "navn", _("Skriv navnet."))
    elif "\n" in navn:
        yield Radfeil("navn", "navn", _("Navnet må stå på én linje."))
    elif len(navn) > 150:
        yield Radfeil("navn", "navn", _("Navnet kan ha høyst 150 tegn."))
    elif _ODELAGT.search(navn) or is_bad(navn):
        yield Radfeil(
            "navn",
            "navn",
            _("Bokstavene i navnet er ødelagt. Lagre lista på nytt som Excel eller CSV UTF-8."),
        )
    elif grunn := wrong_name(navn):
        yield Radfeil("navn", "navn", grunn)


def _wrong_address(epost: str) -> Iterable[Radfeil]:
    if not epost:
        yield Radfeil("e-post", "epost", _("Skriv e-postadressen."))
        return
    if "\n" in epost:
        yield Radfeil("e-post", "epost", _("Skriv bare én e-postadresse, på én linje."))
        return
    lokal, krok, _domene = epost.rpartition("@")
    if krok and not lokal.isascii():
        grunn = _(
            "Foran @ kan ikke adressen ha æ, ø, å eller bokstaver med aksent. Da kommer ikke e-posten frem."
        )
        yield Radfeil("e-post", "epost", grunn)
        return
    try:
        validate_email(epost)
        riktig = len(epost) <= MAKS_EPOST and can_be_addressed(epost)
    except ValidationError:
        riktig = False
    if not riktig:
        grunn = _("«%(epost)s» er ikke en e-postadresse.") % {"epost": epost[:80]}
        yield Radfeil("e-post", "epost", grunn)


def _wrong_title(tittel: str) -> Iterable[Radfeil]:
    if "\n" in tittel:
        yield Radfeil("tittel", "tittel", _("Stillingen må stå på én linje."))
    elif len(tittel) > 80:
        yield Radfeil("tittel", "tittel", _("Stillingen kan ha høyst 80 tegn."))
