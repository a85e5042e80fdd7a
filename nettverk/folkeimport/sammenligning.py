"""What a list of posts would change: new Verv, changed ones, those that the whole list does not mention."""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from psycopg.types.range import DateRange

from kommuner.gyldighet import idag, periode
from kommuner.tabellfil.celler import Radfeil
from nettverk.folkeimport.navnelikhet import (
    is_same_spelled_otherwise,
    likely_same,
    may_have_changed_name,
    name_key,
)
from nettverk.folkeimport.tolking import Tolket, Vervpost
from nettverk.models.folkeimport import Folkeimportrad
from nettverk.models.gruppe import Gruppe, Verv
from nettverk.models.nettverk import Nettverk
from nettverk.models.person import Person
from nettverk.skriving.konflikt import KanIkke
from nettverk.tilgang.roller import coordinators, is_coordinating
from nettverk.verv import known_among, last_coordinator, others_coordinate, within

Importutfall = Folkeimportrad.Importutfall
ET_DOEGN = datetime.timedelta(days=1)


@dataclass
class Vervvurdering:
    """A row, and what it would change. `merknader` are for a person to look at; they stop nothing."""

    tolket: Tolket
    utfall: Importutfall
    feil: list[Radfeil] = field(default_factory=list)
    merknader: list[str] = field(default_factory=list)
    endringer: list[tuple[str, str, str]] = field(default_factory=list)
    verv: int | None = None


def period_of(post: Vervpost) -> DateRange:
    """From the day the row says, or today; until the day after the last one."""
    return DateRange(post.fra or idag(), post.til + ET_DOEGN if post.til else None)


class Koordinering:
    """Asks, of every coordinator's Verv that a list ends or shortens, whether somebody coordinates the
    network afterwards; with what the list has ended or shortened before."""

    def __init__(self, nettverk: Nettverk, *, ask: Callable[..., bool] = others_coordinate) -> None:
        self.nettverk, self.ask = nettverk, ask
        self.nye: dict[int, DateRange] = {}

    def allows(self, endringer: Iterable[tuple[Verv, DateRange]]) -> bool:
        """Whether all these Verv may have these periods instead. Asks nothing of ordinary Verv."""
        nye, dager = dict(self.nye), set()
        for verv, ny in endringer:
            if is_coordinating(verv.gruppe.type, verv.rolle):
                nye[verv.pk] = ny
                dager |= set(_first_days_lost(verv, ny))
        for dag in sorted(dager):
            borte = Verv.objects.filter(pk__in=[pk for pk, ny in nye.items() if dag not in ny])
            if not self.ask(borte, nettverk=self.nettverk, fra=dag):
                return False
        self.nye = nye
        return True


def _first_days_lost(verv: Verv, ny: DateRange) -> Iterable[datetime.date]:
    """The days, today or later, from which the Verv would no longer hold with the new period."""
    foerste = max(verv.fra or idag(), idag())
    if verv.gyldig.isempty or (verv.til and verv.til <= foerste):
        return
    if ny.lower and ny.lower > foerste:
        yield foerste
    if ny.upper and (verv.til is None or ny.upper < verv.til):
        yield max(ny.upper, foerste)


def assess(
    nettverk: Nettverk, tolkede: list[Tolket], koordinering: Koordinering | None = None
) -> list[Vervvurdering]:
    """What each row means for the network, in the order of the rows. As many queries for one as for all,
    but for coordinators whose Verv are shortened: they are few."""
    return _Sammenligning(nettverk, tolkede, koordinering or Koordinering(nettverk)).run()


class _Sammenligning:
    def __init__(
        self, nettverk: Nettverk, tolkede: list[Tolket], koordinering: Koordinering
    ) -> None:
        self.tolkede, self.koordinering = tolkede, koordinering
        slutter = Gruppe.objects.filter(nettverk=nettverk, gyldig__endswith__isnull=False)
        self.slutter = {gruppe.pk: gruppe for gruppe in slutter}
        self.kjente = known_among(nettverk, {t.epost for t in tolkede if t.post})
        self.verv: dict[tuple[int, int, str], list[Verv]] = defaultdict(list)
        for verv in Verv.objects.filter(
            gruppe__nettverk=nettverk, person__in=[p.pk for p in self.kjente.values()]
        ).select_related("representerer", "representerer_partner", "gruppe"):
            self.verv[verv.person_id, verv.gruppe_id, verv.rolle].append(verv)
        self.navnene = _names_in(nettverk)
        self.sagt = self._names_by_address()
        self.adresser_kalt: dict[str, dict[str, int]] = defaultdict(dict)
        for t in tolkede:
            if t.epost and t.navn:
                self.adresser_kalt[name_key(t.navn)].setdefault(t.epost, t.nummer)
        self.lignende: dict[str, list[str]] = {}
        self.sett: dict[tuple[str, object, str], list[tuple[DateRange, int]]] = defaultdict(list)

    def run(self) -> list[Vervvurdering]:
        return [self._one(tolket) for tolket in self.tolkede]

    def _names_by_address(self) -> dict[str, dict[str, int]]:
        """Each address's names in the list, with the first row of each."""
        sagt: dict[str, dict[str, int]] = defaultdict(dict)
        for t in self.tolkede:
            if t.epost and t.navn:
                sagt[t.epost].setdefault(t.navn, t.nummer)
        return sagt

    def _one(self, tolket: Tolket) -> Vervvurdering:
        if tolket.post is None:
            return Vervvurdering(tolket, Importutfall.AVVIST, tolket.feil)
        post = tolket.post
        feil = (
            self._two_people(post)
            or self._after_the_group(post)
            or self._twice(post, tolket.nummer)
        )
        if feil:
            return Vervvurdering(tolket, Importutfall.AVVIST, [feil])
        v = self._against_verv(tolket, post)
        if v.utfall is not Importutfall.AVVIST:
            v.merknader += self._spellings(post)
            if post.epost not in self.kjente:
                v.merknader += self._doubles(post)
        return v

    # --- who

    def _two_people(self, post: Vervpost) -> Radfeil | None:
        """The address is used for somebody else too: here, or in the network."""
        for annet, rad in self.sagt[post.epost].items():
            if not is_same_spelled_otherwise(post.navn, annet):
                grunn = _("Rad %(rad)s har samme adresse for «%(navn)s».")
                return Radfeil("e-post", "to_navn", grunn % {"rad": rad, "navn": annet})
        kjent = self.kjente.get(post.epost)
        if (
            kjent
            and not is_same_spelled_otherwise(post.navn, kjent.navn)
            and not may_have_changed_name(post.navn, kjent.navn)
        ):
            grunn = _("Adressen står på «%(navn)s» i nettverket.") % {"navn": kjent.navn}
            return Radfeil("e-post", "to_navn", grunn)
        return None

    def _spellings(self, post: Vervpost) -> list[str]:
        kjent = self.kjente.get(post.epost)
        if kjent:
            if kjent.navn == post.navn:
                return []
            return [
                _("Står som «%(navn)s» i nettverket. Navnet endres ikke.") % {"navn": kjent.navn}
            ]
        forste = next(iter(self.sagt[post.epost]))
        if forste == post.navn:
            return []
        rad = self.sagt[post.epost][forste]
        return [
            _("Rad %(rad)s skriver «%(navn)s». Det navnet brukes.") % {"rad": rad, "navn": forste}
        ]

    def _doubles(self, post: Vervpost) -> list[str]:
        """Others with nearly the same name and another address. Shown, never merged."""
        noekkel = name_key(post.navn)
        if noekkel not in self.lignende:
            blant = {*self.navnene, *self.adresser_kalt}
            self.lignende[noekkel] = likely_same(noekkel, blant)
        merknader = []
        for funnet in self.lignende[noekkel]:
            for person in self.navnene.get(funnet, []):
                if person.postadresse != post.epost:
                    tekst = _("Ligner på %(navn)s (%(epost)s), som er i nettverket fra før.")
                    merknader.append(tekst % {"navn": person.navn, "epost": person.postadresse})
            for epost, rad in self.adresser_kalt.get(funnet, {}).items():
                if epost != post.epost:
                    tekst = _("Ligner på personen i rad %(rad)s, som har en annen adresse.")
                    merknader.append(tekst % {"rad": rad})
        return merknader[:3]

    # --- what

    def _after_the_group(self, post: Vervpost) -> Radfeil | None:
        """A Verv ends with its group."""
        gruppe = self.slutter.get(post.gruppe or 0)
        if gruppe is None:
            return None
        try:
            within(gruppe, period_of(post))
        except KanIkke as nei:
            return Radfeil("fra", "sted", str(nei))
        if post.til and gruppe.siste_dag:
            post.til = min(post.til, gruppe.siste_dag)
        return None

    def _twice(self, post: Vervpost, nummer: int) -> Radfeil | None:
        naa = period_of(post)
        for andre, rad in self.sett[post.plass]:
            if overlap(naa, andre):
                grunn = _("Står allerede i rad %(rad)s, med samme gruppe og rolle.") % {"rad": rad}
                return Radfeil("", "dobbelt", grunn)
        self.sett[post.plass].append((naa, nummer))
        return None

    def _against_verv(self, tolket: Tolket, post: Vervpost) -> Vervvurdering:
        kjent = self.kjente.get(post.epost)
        har = self.verv[kjent.pk, post.gruppe, post.rolle] if kjent and post.gruppe else []
        v = compare(tolket, post, [v for v in har if not v.gyldig.isempty])
        verv = next((ett for ett in har if ett.pk == v.verv), None)
        if verv and not self.koordinering.allows([(verv, new_period(verv, post))]):
            feil = Radfeil("til" if post.til else "fra", "koordinator", last_coordinator())
            return Vervvurdering(tolket, Importutfall.AVVIST, [feil], verv=verv.pk)
        return v


def compare(tolket: Tolket, post: Vervpost, har: list[Verv]) -> Vervvurdering:
    """A post against the appointments that the person has in the same role in the same group."""
    gyldig = period_of(post)
    berort = [v for v in har if overlap(v.gyldig, gyldig)]
    if not berort:
        return Vervvurdering(tolket, Importutfall.NY)
    if len(berort) > 1:
        grunn = _("Personen har hatt rollen i gruppa flere ganger i denne perioden.")
        return Vervvurdering(tolket, Importutfall.AVVIST, [Radfeil("fra", "overlapp", grunn)])
    verv = berort[0]
    if feil := speaks_for_partner(verv, post):
        return Vervvurdering(tolket, Importutfall.AVVIST, [feil])
    endringer = list(changes(verv, post))
    if any(v is not verv and overlap(v.gyldig, new_period(verv, post)) for v in har):
        grunn = _("Perioden overlapper et tidligere verv i samme rolle.")
        return Vervvurdering(tolket, Importutfall.AVVIST, [Radfeil("fra", "overlapp", grunn)])
    utfall = Importutfall.ENDRET if endringer else Importutfall.UENDRET
    return Vervvurdering(tolket, utfall, endringer=endringer, verv=verv.pk)


def speaks_for_partner(verv: Verv, post: Vervpost) -> Radfeil | None:
    """Nobody speaks for a kommune and a partner in the same Verv."""
    if post.kommune is None or verv.representerer_partner is None:
        return None
    grunn = _("Personen representerer %(partner)s. La kommunen stå tom.")
    return Radfeil("kommune", "kommune", grunn % {"partner": verv.representerer_partner})


def new_period(verv: Verv, post: Vervpost) -> DateRange:
    """The appointment's period as the row has it; an empty cell does not know, and changes nothing."""
    return DateRange(post.fra or verv.fra, post.til + ET_DOEGN if post.til else verv.til)


def changes(verv: Verv, post: Vervpost) -> Iterable[tuple[str, str, str]]:
    """(what, as it is, as it will be) in plain words."""
    ingen = "–"
    if post.tittel and post.tittel != verv.tittel:
        yield _("stilling"), verv.tittel or ingen, post.tittel
    if post.kommune and post.kommune != verv.representerer_id:
        yield _("representerer"), str(verv.representerer or ingen), post.kommunenavn
    if post.fra and post.fra != verv.fra:
        foer = date_format(verv.fra) if verv.fra else ingen
        yield pgettext("dato", "fra og med"), foer, date_format(post.fra)
    if post.til and post.til != verv.siste_dag:
        foer = date_format(verv.siste_dag) if verv.siste_dag else ingen
        yield pgettext("dato", "til og med"), foer, date_format(post.til)


def overlap(a: DateRange, b: DateRange) -> bool:
    """Whether two periods share a day."""

    def foer(x: DateRange, y: DateRange) -> bool:
        return x.upper is not None and y.lower is not None and x.upper <= y.lower

    return not (a.isempty or b.isempty or foer(a, b) or foer(b, a))


def _names_in(nettverk: Nettverk) -> dict[str, list[Person]]:
    med = Verv.objects.filter(gruppe__nettverk=nettverk, gyldig__overlap=periode(idag()))
    navnene: dict[str, list[Person]] = defaultdict(list)
    for person in Person.objects.filter(pk__in=med.values("person")):
        navnene[name_key(person.navn)].append(person)
    return navnene


def not_mentioned(
    nettverk: Nettverk, vurderinger: list[Vervvurdering], *, importerer: Iterable[int]
) -> QuerySet[Verv]:
    """The Verv of today that the whole list does not mention.

    Of nobody whose row was refused: it was only not read. And never what makes those who import
    coordinators: a network always has one.
    """
    avviste = [v for v in vurderinger if v.utfall is Importutfall.AVVIST]
    adresser = known_among(nettverk, {v.tolket.epost for v in avviste} - {""})
    navnene = _names_in(nettverk)
    spart = {p.pk for p in adresser.values()}
    for v in avviste:
        spart |= {p.pk for p in navnene.get(name_key(v.tolket.navn), [])}
    verv = Verv.objects.filter(gruppe__nettverk=nettverk).gyldig()
    egne = coordinators(verv).filter(person__in=importerer)
    # What the list says ends later, or begins later, is mentioned too.
    nevnt = {v.verv for v in vurderinger if v.verv}
    return (
        verv.exclude(pk__in=nevnt)
        .exclude(pk__in=egne.values("pk"))
        .exclude(person__in=spart)
        .select_related("person", "gruppe__enhet")
        .order_by("person__sortering", "pk")
    )


def as_row(folkeimport: Any, v: Vervvurdering) -> Folkeimportrad:
    """The row of the preview."""
    data: dict[str, Any] = {}
    if v.tolket.post:
        data["post"] = v.tolket.post.as_json()
    if v.verv:
        data["verv"] = v.verv
    if v.endringer:
        data["endringer"] = v.endringer
    if v.merknader:
        data["merknader"] = v.merknader
    if v.utfall is Importutfall.AVVIST:
        data["feil"] = [[f.kolonne, f.grunn] for f in v.feil]
        data["celler"] = v.tolket.celler
    return Folkeimportrad(
        folkeimport=folkeimport,
        nummer=v.tolket.nummer,
        utfall=v.utfall,
        grunn=v.feil[0].kode if v.feil else "",
        boer_sees=bool(v.merknader) and v.utfall is not Importutfall.AVVIST,
        navn=v.tolket.navn.replace("\n", " ")[:200],
        data=data,
    )
