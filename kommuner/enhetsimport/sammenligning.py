"""What the file says against what the register holds, on the day the file describes."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Q, TextChoices
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kommuner.enhetsimport.likhet import Kandidat, Likhet, find_like
from kommuner.enhetsimport.tolking import ANTALL, Post, Rammer
from kommuner.gyldighet import periode
from kommuner.models import Enhet, Enhetstall, Plassering
from kommuner.tabellfil.celler import Radfeil
from kommuner.tabellfil.tegn import repair

# In this order on the page. Type and identity first.
FELT = (
    "organisasjonsnummer",
    "nsr_id",
    "navn",
    "type",
    "eierform",
    "eier",
    "adresse",
    "postnummer",
    "poststed",
    "breddegrad",
    "lengdegrad",
    "maalform",
)
_FELT = {felt.name: felt for felt in Enhet._meta.concrete_fields}
# The registers write the same name now with, now without capitals: that is not a change.
_UTEN_STORE_BOKSTAVER = {"navn", "eier", "adresse", "poststed"}
_TALLNAVN = {
    "antall_barn": gettext_lazy("barn eller elever %(aar)s"),
    "antall_ansatte": gettext_lazy("ansatte %(aar)s"),
    "antall_foresatte": gettext_lazy("foresatte %(aar)s"),
}

Bit = tuple[int, datetime.date, datetime.date | None]


class Importutfall(TextChoices):
    """What a row means for the register."""

    NY = "ny", gettext_lazy("ny")
    ENDRET = "endret", gettext_lazy("endret")
    UENDRET = "uendret", gettext_lazy("uendret")
    SPOR = "spor", gettext_lazy("spør")
    AVVIST = "avvist", gettext_lazy("avvist")
    BORTE = "borte", gettext_lazy("borte")


class Endringsslag(TextChoices):
    """What kind of change it is, the ones that people must know of first."""

    NAVN = "navn", gettext_lazy("Nytt navn")
    FLYTTET = "flyttet", gettext_lazy("Ny kommune")
    DRIFT = "drift", gettext_lazy("Startet eller i drift igjen")
    EIER = "eier", gettext_lazy("Ny eier")
    NUMMER = "nummer", gettext_lazy("Nytt nummer")
    TYPE = "type", gettext_lazy("Ny type")
    ANNET = "annet", gettext_lazy("Adresse og målform")
    TALL = "tall", gettext_lazy("Nye tall")


_SLAG = {
    "organisasjonsnummer": Endringsslag.NUMMER,
    "nsr_id": Endringsslag.NUMMER,
    "navn": Endringsslag.NAVN,
    "type": Endringsslag.TYPE,
    "eierform": Endringsslag.EIER,
    "eier": Endringsslag.EIER,
}


@dataclass(frozen=True)
class Endring:
    """One field of a unit: what the register holds, and what the file says. Words for people."""

    felt: str
    foer: str
    etter: str
    slag: str = Endringsslag.ANNET


@dataclass
class Vurdering:
    """What one Post means: the outcome, and exactly what would be written."""

    post: Post
    utfall: Importutfall
    enhet: Enhet | None = None
    endringer: list[Endring] = field(default_factory=list)
    feil: list[Radfeil] = field(default_factory=list)
    felt: dict[str, Any] = field(default_factory=dict)
    flyttet: list[Plassering] = field(default_factory=list)
    nye_plasseringer: list[Bit] = field(default_factory=list)
    tall: dict[str, int] = field(default_factory=dict)
    kandidater: list[Kandidat] = field(default_factory=list)
    # What people called the unit before.
    foer_navn: str = ""


def avvist(post: Post, feil: Radfeil) -> Vurdering:
    return Vurdering(post, Importutfall.AVVIST, feil=[feil])


def assess(poster: list[Post], rammer: Rammer, *, laas: bool = False) -> list[Vurdering]:
    """Compare a batch. Three queries, whatever its size. `laas` holds the units' rows until commit."""
    register = _Register.fetch(poster, rammer, laas=laas)
    return [register.assess(post) for post in poster]


@dataclass
class _Register:
    """The part of the register that a batch is about."""

    rammer: Rammer
    per_orgnr: dict[str, Enhet]
    per_nsr: dict[str, Enhet]
    plasseringer: dict[int, list[Plassering]]
    tall: dict[int, Enhetstall]
    like: dict[int, Likhet]
    per_id: dict[int, Enhet]

    @classmethod
    def fetch(cls, poster: list[Post], rammer: Rammer, *, laas: bool) -> "_Register":
        like = find_like(poster, rammer)
        enheter = Enhet.objects.filter(
            Q(organisasjonsnummer__in=[p.organisasjonsnummer for p in poster])
            | Q(nsr_id__in=[p.nsr_id for p in poster])
            | Q(pk__in=[t.enhet_id for t in like.values() if t.enhet_id])
        ).order_by("pk")
        if laas:
            enheter = enheter.select_for_update(of=("self",))
        funnet = list(enheter)
        plasseringer: dict[int, list[Plassering]] = defaultdict(list)
        for p in Plassering.objects.filter(enhet__in=funnet).order_by("gyldig"):
            if not p.gyldig.isempty:
                plasseringer[p.enhet_id].append(p)
        tall = Enhetstall.objects.filter(enhet__in=funnet, aar=rammer.aar)
        return cls(
            rammer=rammer,
            per_orgnr={e.organisasjonsnummer: e for e in funnet if e.organisasjonsnummer},
            per_nsr={e.nsr_id: e for e in funnet if e.nsr_id},
            plasseringer=plasseringer,
            tall={t.enhet_id: t for t in tall},
            like=like,
            per_id={e.pk: e for e in funnet},
        )

    def assess(self, post: Post) -> Vurdering:
        orgnr = self.per_orgnr.get(post.organisasjonsnummer or "")
        nsr = self.per_nsr.get(post.nsr_id or "")
        if orgnr and nsr and orgnr.pk != nsr.pk:
            grunn = _(
                "Organisasjonsnummeret hører til «%(en)s», og NSR-id-en til «%(to)s». Rett det som er feil."
            )
            return avvist(
                post, Radfeil("nsr_id", "to_enheter", grunn % {"en": orgnr.navn, "to": nsr.navn})
            )
        treff = self.like.get(post.rad, Likhet())
        enhet = orgnr or nsr or self.per_id.get(treff.enhet_id or 0)
        if enhet is not None:
            return self._kjent(post, enhet)
        if treff.kandidater and not post.er_ny:
            return Vurdering(post, Importutfall.SPOR, kandidater=treff.kandidater)
        return self._ny(post)

    def _ny(self, post: Post) -> Vurdering:
        if not post.organisasjonsnummer and not post.nsr_id:
            grunn = _(
                "Vi fant ingen enhet med dette navnet i kommunen. En ny enhet må ha organisasjonsnummer eller NSR-id."
            )
            return avvist(post, Radfeil("organisasjonsnummer", "mangler", grunn))
        if "navn" in post.oedelagt:
            forslag = repair(post.navn)
            grunn = (
                _("Navnet har ødelagte tegn. Vi tror det skal stå «%(forslag)s».")
                % {"forslag": forslag}
                if forslag
                else _("Navnet har ødelagte tegn. Skriv det på nytt.")
            )
            return avvist(post, Radfeil("navn", "tegn", grunn))
        if not post.eierform:
            grunn = _("Nye enheter må ha eierform: kommunal, privat eller annen offentlig.")
            return avvist(post, Radfeil("eierform", "mangler", grunn))
        return Vurdering(
            post,
            Importutfall.NY,
            felt={f: getattr(post, f) for f in FELT if f not in post.oedelagt},
            nye_plasseringer=self.rammer.inndeling.kjede(post.kommune_id, self.rammer.per, None),
            tall=_tall(post),
        )

    def _kjent(self, post: Post, enhet: Enhet) -> Vurdering:
        if grunn := self._belongs_to_others(post, enhet):
            return Vurdering(
                post, Importutfall.AVVIST, enhet=enhet, feil=[Radfeil("", "andres", grunn)]
            )
        svar = Vurdering(post, Importutfall.UENDRET, enhet=enhet, foer_navn=str(enhet))
        self._compare_fields(svar, enhet)
        self._compare_validity(svar, enhet)
        self._compare_place(svar, enhet)
        self._compare_figures(svar, enhet)
        if svar.endringer:
            svar.utfall = Importutfall.ENDRET
        return svar

    def _belongs_to_others(self, post: Post, enhet: Enhet) -> str:
        """Why the row may not be written: it would take the unit from where another network has it.

        What would change is from the file's day on, so a file about an older day takes nothing either.
        """
        per = self.rammer.per
        alle = self.plasseringer.get(enhet.pk, [])
        naa = next((p for p in alle if p.er_gyldig(per)), None)
        if naa and naa.kommune_id == post.kommune_id:
            return ""
        # Without a place that day it is where it was last, and where it comes next.
        foer = naa or next((p for p in reversed(alle) if p.til and p.til <= per), None)
        neste = next((p for p in alle if p.fra and p.fra > per), None)
        if foer and self.rammer.er_andres(foer.kommune_id, per, foer.til if naa else None):
            hos = foer
        elif not naa and neste and self.rammer.er_andres(neste.kommune_id, per, neste.til):
            hos = neste
        else:
            return ""
        return _(
            "«%(enhet)s» ligger i %(kommune)s, som er med i et annet nettverk. Skal enheten flyttes hit, kan dere foreslå det."
        ) % {"enhet": enhet.navn, "kommune": self.rammer.inndeling.per_id[hos.kommune_id].navn}

    def _lies_with_others_later(self, enhet: Enhet) -> bool:
        per = self.rammer.per
        return any(
            self.rammer.er_andres(p.kommune_id, max(per, p.fra or per), p.til)
            for p in self.plasseringer.get(enhet.pk, [])
            if p.til is None or p.til > per
        )

    def _compare_fields(self, svar: Vurdering, enhet: Enhet) -> None:
        # A file about an older day fills in what is missing, and leaves what we know of later days.
        eldre = bool(
            enhet.opplysninger_per and self.rammer.per < enhet.opplysninger_per
        ) or self._lies_with_others_later(enhet)
        for felt in FELT:
            foer, etter = getattr(enhet, felt), getattr(svar.post, felt)
            if etter in (None, "") or (eldre and foer not in (None, "")):
                continue
            if felt in svar.post.oedelagt:
                continue
            if _er_lik(felt, foer, etter):
                continue
            svar.felt[felt] = etter
            navn = str(_FELT[felt].verbose_name)
            slag = _SLAG.get(felt, Endringsslag.ANNET)
            if slag is Endringsslag.NUMMER and foer in (None, ""):
                slag = Endringsslag.ANNET  # a number more is nothing that anyone must look at
            svar.endringer.append(Endring(navn, as_text(felt, foer), as_text(felt, etter), slag))

    def _compare_validity(self, svar: Vurdering, enhet: Enhet) -> None:
        per, fra, til = self.rammer.per, enhet.fra, enhet.til
        if enhet.er_gyldig(per):
            return
        if til is not None and til <= per:
            svar.felt["gyldig"] = periode(fra, None)
            foer = _("avsluttet %(dato)s") % {"dato": date_format(til)}
            svar.endringer.append(
                Endring(_("gyldighet"), foer, _("i drift igjen"), Endringsslag.DRIFT)
            )
        elif fra is not None:
            svar.felt["gyldig"] = periode(per, til)
            endring = Endring(
                _("gyldig fra"), date_format(fra), date_format(per), Endringsslag.DRIFT
            )
            svar.endringer.append(endring)

    def _compare_place(self, svar: Vurdering, enhet: Enhet) -> None:
        """Where it lay until then stays; from the file's day it lies where the file says."""
        per, inndeling = self.rammer.per, self.rammer.inndeling
        alle = self.plasseringer.get(enhet.pk, [])
        naa = next((p for p in alle if p.er_gyldig(per)), None)
        if naa and naa.kommune_id == svar.post.kommune_id:
            return
        neste = next((p for p in alle if p.fra and p.fra > per), None)
        til = naa.til if naa else neste.fra if neste else None
        if naa:
            naa.gyldig = periode(naa.fra, per)
            svar.flyttet.append(naa)
        svar.nye_plasseringer = inndeling.kjede(svar.post.kommune_id, per, til)
        foer = inndeling.per_id[naa.kommune_id].navn if naa else _("ikke kjent")
        etter = inndeling.per_id[svar.post.kommune_id].navn
        # Known from before, or from a place nobody knew: only the first is a move.
        slag = Endringsslag.FLYTTET if naa else Endringsslag.ANNET
        svar.endringer.append(Endring(_("kommune"), foer, etter, slag))

    def _compare_figures(self, svar: Vurdering, enhet: Enhet) -> None:
        foer = self.tall.get(enhet.pk)
        for felt, antall in _tall(svar.post).items():
            gammelt = getattr(foer, felt, None)
            if gammelt != antall:
                svar.tall[felt] = antall
                navn = str(_TALLNAVN[felt]) % {"aar": self.rammer.aar}
                endring = Endring(navn, _tallord(gammelt), _tallord(antall), Endringsslag.TALL)
                svar.endringer.append(endring)


def _tall(post: Post) -> dict[str, int]:
    return {felt: antall for felt in ANTALL if (antall := getattr(post, felt)) is not None}


def _er_lik(felt: str, foer: Any, etter: Any) -> bool:
    if felt in _UTEN_STORE_BOKSTAVER:
        return (foer or "").casefold() == etter.casefold()
    return foer == etter


def _tallord(antall: int | None) -> str:
    return _("ikke kjent") if antall is None else number_format(antall)


def as_text(felt: str, verdi: Any) -> str:
    """A value as a person reads it."""
    if verdi in (None, ""):
        return _("ikke kjent")
    if isinstance(verdi, Decimal):
        return number_format(verdi.normalize())
    valg = dict(_FELT[felt].flatchoices)
    return str(valg.get(verdi, verdi))


@dataclass(frozen=True)
class Savnet:
    """A unit of the register that the file does not mention, and where it lies."""

    enhet_id: int
    navn: str
    referanse: str
    kommune_id: int
    kommunenavn: str
    numre: tuple[str, ...] = ()


def borte(
    rammer: Rammer, *, typer: Iterable[str], sette_enheter: set[int], sette_numre: set[str]
) -> list[Savnet]:
    """Units of these types that lie in the kommuner on the day, and that the file does not mention.

    A unit whose row was refused is mentioned (`sette_numre`). What we know of a later day is not gone,
    nor is what lies in another network since.
    """
    andres = moved_to_others(rammer)
    rader = (
        Enhet.objects.gyldig(rammer.per)
        .in_kommuner(sorted(rammer.kommuner), rammer.per)
        .filter(type__in=list(typer))
        .exclude(opplysninger_per__gt=rammer.per)
        .with_kommune(rammer.per)
        .order_by("sortering", "pk")
        .values_list(  # type: ignore[misc]  # the annotations of with_kommune
            "pk",
            "navn",
            "referanse",
            "kommune_id_da",
            "kommune_navn",
            "organisasjonsnummer",
            "nsr_id",
        )
    )
    return [
        Savnet(pk, navn, referanse, kommune, kommunenavn, tuple(n for n in (orgnr, nsr_id) if n))
        for pk, navn, referanse, kommune, kommunenavn, orgnr, nsr_id in rader
        if pk not in sette_enheter and pk not in andres and not {orgnr, nsr_id} & sette_numre
    ]


def moved_to_others(rammer: Rammer, enheter: Iterable[int] | None = None) -> set[int]:
    """The units (among `enheter`, else all) that on the day or later lie where only others are."""
    plasseringer = Plassering.objects.filter(
        kommune__in=list(rammer.andres), gyldig__overlap=periode(rammer.per)
    )
    if enheter is not None:
        plasseringer = plasseringer.filter(enhet__in=list(enheter))
    return {
        p.enhet_id
        for p in plasseringer
        if rammer.er_andres(p.kommune_id, max(rammer.per, p.fra or rammer.per), p.til)
    }
