"""A network's units and people as unsaved rows, drawn with a fixed seed: the same every time.

Used for the demo networks and, many times over, for the networks that measurements are made on.
"""

import datetime
import random
from collections.abc import Collection
from dataclasses import dataclass, field

from kommuner.gyldighet import idag, periode
from kommuner.models import Enhet, Enhetstall, Kommune, Plassering
from nettverk.demo import rader
from nettverk.demo.data.navn import folk, som_epost
from nettverk.demo.data.titler import NYNORSK
from nettverk.models import Gruppe, Gruppebekreftelse, Nettverk, Person, Rolle, Verv
from nettverk.models.bekreftelse import skoleaar

# Of the required roles, these stand vacant here and there: the portal must show it.
LEDIG = {
    Rolle.FORMELL_LEDER: 0.01,
    Rolle.TILLITSVALGT: 0.08,
    Rolle.UTVIKLINGSLAERER: 0.05,
    Rolle.PP_RAADGIVER: 0.06,
}
ENHETER_PER_PP_RAADGIVER = 7
# Every so many groups is not confirmed this school year.
UBEKREFTET = 9


def august(aar: int) -> datetime.date:
    return datetime.date(aar, 8, 1)


@dataclass
class Utviklingsgruppe:
    """One unit's group while it is being built."""

    enhet: Enhet
    kommune: Kommune
    gruppe: Gruppe

    @property
    def er_skole(self) -> bool:
        return self.enhet.type == Enhet.Type.GRUNNSKOLE

    @property
    def ledertittel(self) -> str:
        return "rektor" if self.er_skole else "styrer"


@dataclass
class Nettverksbygger:
    """Collects rows for one network; `save` writes what is missing."""

    nettverk: Nettverk
    fro: str
    domene: str
    brukte: set[str] = field(default_factory=set)
    navngitte: dict[str, str] = field(default_factory=dict)
    folk: list[Person] = field(default_factory=list)
    enheter: list[Enhet] = field(default_factory=list)
    plasseringer: list[Plassering] = field(default_factory=list)
    tall: list[Enhetstall] = field(default_factory=list)
    grupper: list[Utviklingsgruppe] = field(default_factory=list)
    verv: list[Verv] = field(default_factory=list)
    # Units whose groups wait to be confirmed, besides every so many.
    ubekreftet: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.fro)
        self._navn = folk(self.rng)
        self.aar = skoleaar(idag())

    def person(self, navn: str = "", epost: str = "") -> Person:
        """A new invented person."""
        while not epost:
            navn = next(self._navn)
            epost = som_epost(navn, self.domene)
            if epost in self.brukte:
                epost = ""
        self.brukte.add(epost)
        person = Person(navn=navn, epost=epost)
        self.folk.append(person)
        return person

    def known(self, noekkel: str) -> Person:
        """The person with the stable address `<noekkel>@…`, whom guides and measurements sign in as."""
        return self.person(
            self.navngitte.get(noekkel) or next(self._navn), f"{noekkel}@{self.domene}"
        )

    def appoint(
        self,
        person: Person,
        gruppe: Gruppe,
        rolle: str,
        *,
        tittel: str = "",
        representerer: Kommune | None = None,
        fra: int | None = None,
        til: int | None = None,
    ) -> Verv:
        """An appointment from August of `fra` until August of `til`; the title as the network writes it."""
        fra = fra or self.rng.choice(
            [self.aar - 4, self.aar - 2, self.aar - 2, self.aar - 1, self.aar]
        )
        verv = Verv(
            person=person,
            gruppe=gruppe,
            rolle=rolle,
            tittel=NYNORSK.get(tittel, tittel) if self.nettverk.maalform == "nn" else tittel,
            representerer=representerer,
            gyldig=periode(august(fra), august(til) if til else None),
        )
        self.verv.append(verv)
        return verv

    def unit(self, navn: str, type_: str, kommune: Kommune, orgnr: str) -> Utviklingsgruppe:
        """A unit in `kommune` with figures for three years, and its empty utviklingsgruppe."""
        skole = type_ == Enhet.Type.GRUNNSKOLE
        lenge_siden = periode(datetime.date(2010, 8, 1))
        privat = not skole and self.rng.random() < 0.4
        enhet = Enhet(
            organisasjonsnummer=orgnr,
            navn=navn,
            type=type_,
            eierform=Enhet.Eierform.PRIVAT if privat else Enhet.Eierform.KOMMUNAL,
            eier="" if privat else f"{kommune.navn} kommune",
            maalform=self.nettverk.maalform,
            gyldig=lenge_siden,
            er_demo=True,
        )
        self.enheter.append(enhet)
        self.plasseringer.append(Plassering(enhet=enhet, kommune=kommune, gyldig=lenge_siden))
        barn = self.rng.randint(35, 420) if skole else self.rng.randint(14, 96)
        for aar in range(self.aar - 2, self.aar + 1):
            barn = max(8, round(barn * self.rng.uniform(0.95, 1.05)))
            ansatte = max(3, round(barn / (7.5 if skole else 3.6)))
            self.tall.append(
                Enhetstall(
                    enhet=enhet,
                    aar=aar,
                    antall_barn=barn,
                    antall_ansatte=ansatte,
                    antall_foresatte=round(barn * 1.8),
                )
            )
        gruppe = Gruppe(
            nettverk=self.nettverk,
            type=Gruppe.Type.UTVIKLINGSGRUPPE,
            navn=f"Utviklingsgruppa ved {navn}",
            enhet=enhet,
            gyldig=periode(august(self.aar - 6)),
        )
        ug = Utviklingsgruppe(enhet, kommune, gruppe)
        self.grupper.append(ug)
        return ug

    def fit_to(self, stoerrelse: dict[str, tuple[int, int, int]]) -> None:
        """Make the figures of this year add up to what is known: children, staff, parents by unit type."""
        for type_, (barn, ansatte, foresatte) in stoerrelse.items():
            rader = [rad for rad in self.tall if rad.enhet.type == type_]
            i_aar = sum(rad.antall_barn or 0 for rad in rader if rad.aar == self.aar)
            for rad in rader:
                egne = max(8, round((rad.antall_barn or 0) * barn / i_aar))
                rad.antall_barn = egne
                rad.antall_ansatte = max(3, round(egne * ansatte / barn))
                rad.antall_foresatte = round(egne * foresatte / barn)

    def staff_units(self, hoppet_over: Collection[str] = ()) -> None:
        """People for every utviklingsgruppe, some places vacant, some people gone; PPT shared."""
        grupper = [ug for ug in self.grupper if ug.enhet.navn not in hoppet_over]
        ppt = [self.person() for _ in range(0, len(self.grupper), ENHETER_PER_PP_RAADGIVER)]
        for nummer, ug in enumerate(grupper):
            pp_raadgiver = ppt[nummer // ENHETER_PER_PP_RAADGIVER]
            self._staff(ug, pp_raadgiver)

    def _staff(self, ug: Utviklingsgruppe, pp_raadgiver: Person) -> None:
        ledig = {rolle for rolle, andel in LEDIG.items() if self.rng.random() < andel}
        if Rolle.PP_RAADGIVER not in ledig:
            self.appoint(pp_raadgiver, ug.gruppe, Rolle.PP_RAADGIVER)
        titler = {
            Rolle.FORMELL_LEDER: ug.ledertittel,
            Rolle.TILLITSVALGT: "",
            Rolle.UTVIKLINGSLAERER: "lærer" if ug.er_skole else "barnehagelærer",
        }
        for rolle, tittel in titler.items():
            if rolle not in ledig:
                self.appoint(self.person(), ug.gruppe, rolle, tittel=tittel)
        tittel = "inspektør" if ug.er_skole else "pedagogisk leder"
        for _i in range(self.rng.choice((0, 1, 1, 2, 2))):
            self.appoint(self.person(), ug.gruppe, Rolle.MEDLEM, tittel=tittel)
        if self.rng.random() < 0.4:
            self._predecessor(ug, self.rng.choice(list(titler)))

    def _predecessor(self, ug: Utviklingsgruppe, rolle: str) -> None:
        """Somebody who had the role before: the group's history."""
        til = self.rng.choice([self.aar - 1, self.aar])
        tittel = ug.ledertittel if rolle == Rolle.FORMELL_LEDER else ""
        self.appoint(self.person(), ug.gruppe, rolle, tittel=tittel, fra=self.aar - 5, til=til)

    def save(self) -> None:
        rader.save_units(self.enheter, self.plasseringer, self.tall)
        rader.save_groups(self.nettverk, [ug.gruppe for ug in self.grupper])
        rader.save_people(self.folk)
        rader.save_verv(self.verv)
        self._confirm_groups()

    def _confirm_groups(self) -> None:
        """Most leaders have looked their group over this school year; a few have it left, and in those
        without a leader nobody has done it."""
        ledere = {
            v.gruppe.pk: v.person
            for v in self.verv
            if v.rolle == Rolle.FORMELL_LEDER and v.til is None
        }
        tid = max(august(self.aar), idag() - datetime.timedelta(days=60))
        bekreftet = datetime.datetime.combine(tid, datetime.time(12), tzinfo=datetime.UTC)
        bekreftelser = [
            Gruppebekreftelse(
                gruppe=ug.gruppe,
                skoleaar=self.aar,
                bekreftet=bekreftet,
                bekreftet_av=ledere[ug.gruppe.pk],
            )
            for nummer, ug in enumerate(self.grupper)
            if ug.gruppe.pk in ledere
            and nummer % UBEKREFTET
            and ug.enhet.navn not in self.ubekreftet
        ]
        Gruppebekreftelse.objects.bulk_create(bekreftelser, ignore_conflicts=True)
        # Nobody has done it without having been in.
        hvem = [rad.bekreftet_av_id for rad in bekreftelser]
        Person.objects.filter(pk__in=hvem, last_login=None).update(last_login=bekreftet)
