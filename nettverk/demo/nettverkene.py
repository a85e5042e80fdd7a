"""The people and units of the three demo networks. Everything invented but the kommuner and the groups."""

import random
from collections.abc import Iterator

from kommuner.gyldighet import periode
from kommuner.models import Enhet, Kommune
from nettverk.demo import rader
from nettverk.demo.data.enhetsnavn import (
    ANTALL,
    BARNEHAGER,
    DEMO_KOMMUNE,
    SKOLER,
    STOERRELSE,
)
from nettverk.demo.folk import DEMOFOLK, DOMENE
from nettverk.demo.nettverksbygger import Nettverksbygger, Utviklingsgruppe, august
from nettverk.models import Gruppe, Nettverk, Person, Rolle

T = Gruppe.Type
# Where the network's data file names no such group, the demo makes it.
STANDARDGRUPPER = {
    T.KOORDINERINGSGRUPPE: ("Koordineringsgruppa", "KOG"),
    T.STYRINGSGRUPPE: ("Styringsgruppa", "STG"),
    T.FAGNETTVERK: ("Fagnettverket", ""),
    T.PROSESSNETTVERK: ("Prosessnettverket", "PRO"),
    T.EVALUERINGSNETTVERK: ("Evalueringsnettverket", "EVA"),
}


def build_all(nettverk: dict[str, Nettverk]) -> None:
    """Nordmøre in full size, the two others small; one set of addresses for all three."""
    brukte = {person.epost for person in DEMOFOLK}
    build_nordmore(nettverk["nordmore"], brukte)
    build_sunnmore(nettverk["nordre-sunnmore"], brukte)
    build_salten(nettverk["salten"], brukte)


def build_nordmore(nettverk: Nettverk, brukte: set[str]) -> None:
    """45 schools, 80 kindergartens, about 600 people, and the ten demo people among them."""
    b = _bygger(nettverk, brukte)
    kommuner = list(nettverk.kommuner().order_by("kommunenummer"))
    # Beginning with 1, where no real organisation number is.
    _units_by_size(b, kommuner, rader.numre(10_000_000), list(SKOLER), list(BARNEHAGER))
    demo_ug = next(ug for ug in b.grupper if ug.kommune.kommunenummer == DEMO_KOMMUNE)
    _full_size(b, kommuner, demo_ug)


def build_testnettverk(nettverk: Nettverk, nummer: int) -> None:
    """A network of Nordmøre's size for measuring; its people's addresses end in `@t<nummer>.demo.example`."""
    b = Nettverksbygger(nettverk, nettverk.slug, f"t{nummer:03}.{DOMENE}")
    kommuner = list(nettverk.kommuner().order_by("kommunenummer"))
    skoler = [f"Testskole {nummer:03}-{n:02}" for n in range(len(SKOLER))]
    barnehager = [f"Testbarnehage {nummer:03}-{n:02}" for n in range(len(BARNEHAGER))]
    _units_by_size(b, kommuner, rader.numre(20_000_000 + nummer * 1000), skoler, barnehager)
    _full_size(b, kommuner, b.grupper[0])


def _full_size(b: Nettverksbygger, kommuner: list[Kommune], demo_ug: Utviklingsgruppe) -> None:
    _kog(b, leder=b.known("koordinator"), veileder=b.known("kog"))
    _per_kommune(b, kommuner, demo_kommune=demo_ug.kommune)
    _process_and_evaluation(b, kommuner)
    _fagmiljoer(b)
    _research(b)
    _demo_unit(b, demo_ug)
    b.ubekreftet = {demo_ug.enhet.navn}
    b.staff_units(hoppet_over={demo_ug.enhet.navn})
    b.save()
    _fill_other_groups(b)


def build_sunnmore(nettverk: Nettverk, brukte: set[str]) -> None:
    """A second network, small: arbeidsutvalet with one kommunalsjef, as its strategy says."""
    b, kommuner = _two_units_each(nettverk, 11_000_000, brukte)
    au, styring = _group(b, T.KOORDINERINGSGRUPPE), _group(b, T.STYRINGSGRUPPE)
    forum = _group(b, T.FAGNETTVERK)
    koordinator = b.known("sunnmore-koordinator")
    b.appoint(koordinator, au, Rolle.KOORDINATOR, tittel="pedagogisk koordinator", fra=b.aar - 4)
    b.appoint(b.person(), au, Rolle.UTVIKLINGSVEILEDER, tittel="utviklingsveileder")
    for nummer, kommune in enumerate(kommuner):
        sjef, i_au = b.person(), nummer == 1
        grupper = [(styring, Rolle.LEDER if i_au else Rolle.MEDLEM), (forum, Rolle.MEDLEM)]
        for gruppe, rolle in [*grupper, *([(au, Rolle.MEDLEM)] if i_au else [])]:
            b.appoint(sjef, gruppe, rolle, tittel="kommunalsjef", representerer=kommune)
        b.appoint(
            b.person(), forum, Rolle.OPPVEKSTANSVARLIG, tittel="rådgiver", representerer=kommune
        )
    _finish(b)


def build_salten(nettverk: Nettverk, brukte: set[str]) -> None:
    """A third, small: Oppvekstforum with owners, PP-ledere and Nord universitet, as its model says."""
    b, kommuner = _two_units_each(nettverk, 12_000_000, brukte)
    sekretariat, forum = _group(b, T.KOORDINERINGSGRUPPE), _group(b, T.STYRINGSGRUPPE)
    koordinator = b.known("salten-koordinator")
    b.appoint(koordinator, sekretariat, Rolle.KOORDINATOR, tittel="koordinator", fra=b.aar - 4)
    b.appoint(b.person(), sekretariat, Rolle.RAADGIVER, tittel="rådgiver")
    for nummer, kommune in enumerate(kommuner):
        b.appoint(
            b.person(),
            forum,
            Rolle.LEDER if nummer == 1 else Rolle.MEDLEM,
            tittel="kommunalsjef",
            representerer=kommune,
        )
        if nummer % 3 == 0:
            b.appoint(b.person(), forum, Rolle.MEDLEM, tittel="PP-leder", representerer=kommune)
        b.appoint(
            b.person(),
            _group(b, T.FAGNETTVERK),
            Rolle.OPPVEKSTANSVARLIG,
            tittel="oppvekstsjef",
            representerer=kommune,
        )
    for _i in range(2):
        b.appoint(b.person(), forum, Rolle.MEDLEM, tittel="privat barnehageeier")
    for tittel in ("førsteamanuensis, Nord universitet", "universitetslektor, Nord universitet"):
        b.appoint(b.person(), forum, Rolle.UH_KONTAKT, tittel=tittel)
    _finish(b)


def _two_units_each(
    nettverk: Nettverk, forste_orgnr: int, brukte: set[str]
) -> tuple[Nettverksbygger, list[Kommune]]:
    """A school and a kindergarten in each kommune."""
    b = _bygger(nettverk, brukte)
    kommuner = list(nettverk.kommuner().order_by("kommunenummer"))
    numre = rader.numre(forste_orgnr)
    nynorsk = nettverk.maalform == "nn"
    for kommune in kommuner:
        sted = kommune.navn.split(" – ")[0].split(" - ")[0]
        skole = f"{'Prøveskulen' if nynorsk else 'Prøveskolen'} i {sted}"
        barnehage = f"Prøvebarnehagen i {sted}"
        b.unit(skole, Enhet.Type.GRUNNSKOLE, kommune, next(numre))
        b.unit(barnehage, Enhet.Type.BARNEHAGE, kommune, next(numre))
    return b, kommuner


def _finish(b: Nettverksbygger) -> None:
    b.staff_units()
    b.save()
    _fill_other_groups(b)


def _bygger(nettverk: Nettverk, brukte: set[str]) -> Nettverksbygger:
    navngitte = {person.noekkel: person.navn for person in DEMOFOLK}
    return Nettverksbygger(nettverk, nettverk.slug, DOMENE, brukte, navngitte)


def _group(b: Nettverksbygger, type_: Gruppe.Type) -> Gruppe:
    """The network's group of that type, from its data file."""
    gruppe = b.nettverk.grupper.filter(type=type_).gyldig().first()
    if gruppe is None:
        navn, kortnavn = STANDARDGRUPPER[type_]
        gruppe = Gruppe.objects.create(
            nettverk=b.nettverk,
            type=type_,
            navn=navn,
            kortnavn=kortnavn,
            gyldig=periode(august(b.aar - 6)),
        )
    return gruppe


def _units_by_size(
    b: Nettverksbygger,
    kommuner: list[Kommune],
    numre: Iterator[str],
    skoler: list[str],
    barnehager: list[str],
) -> None:
    """Schools and kindergartens, as many in each kommune as its size says, and children as the source says."""
    for kommune, (antall_skoler, antall_barnehager) in zip(kommuner, ANTALL.values(), strict=True):
        for _i in range(antall_skoler):
            b.unit(skoler.pop(0), Enhet.Type.GRUNNSKOLE, kommune, next(numre))
        for _i in range(antall_barnehager):
            b.unit(barnehager.pop(0), Enhet.Type.BARNEHAGE, kommune, next(numre))
    b.fit_to(STOERRELSE)


def _kog(b: Nettverksbygger, *, leder: Person, veileder: Person) -> None:
    gruppe = _group(b, T.KOORDINERINGSGRUPPE)
    b.appoint(leder, gruppe, Rolle.KOORDINATOR, fra=b.aar - 4)
    b.appoint(veileder, gruppe, Rolle.UTVIKLINGSVEILEDER, fra=b.aar - 3)
    b.appoint(b.person(), gruppe, Rolle.UTVIKLINGSVEILEDER)
    b.appoint(b.person(), gruppe, Rolle.UH_KONTAKT, tittel="universitetslektor")
    b.appoint(b.person(), gruppe, Rolle.UH_KONTAKT, tittel="høgskolelektor")
    b.appoint(b.person(), gruppe, Rolle.KOORDINATOR, fra=b.aar - 8, til=b.aar - 4)


def _per_kommune(b: Nettverksbygger, kommuner: list[Kommune], demo_kommune: Kommune) -> None:
    """Styringsgruppa and Fagnettverket: both represent the kommuner."""
    styring, fag = _group(b, T.STYRINGSGRUPPE), _group(b, T.FAGNETTVERK)
    for nummer, kommune in enumerate(kommuner):
        medlem = b.known("stg") if nummer == 0 else b.person()
        b.appoint(
            medlem,
            styring,
            Rolle.LEDER if nummer == 1 else Rolle.MEDLEM,
            tittel="kommunalsjef",
            representerer=kommune,
        )
        ansvarlig = b.known("kommune") if kommune == demo_kommune else b.person()
        b.appoint(
            ansvarlig,
            fag,
            Rolle.OPPVEKSTANSVARLIG,
            tittel="oppvekstsjef",
            representerer=kommune,
        )
        b.appoint(b.person(), fag, Rolle.HOVEDTILLITSVALGT, representerer=kommune)
        if nummer % 3 == 0:
            b.appoint(
                b.person(),
                fag,
                Rolle.OPPVEKSTANSVARLIG,
                tittel="oppvekstsjef",
                representerer=kommune,
                fra=b.aar - 7,
                til=b.aar - 4,
            )


def _process_and_evaluation(b: Nettverksbygger, kommuner: list[Kommune]) -> None:
    pro, eva = _group(b, T.PROSESSNETTVERK), _group(b, T.EVALUERINGSNETTVERK)
    for nummer, kommune in enumerate(kommuner):
        b.appoint(
            b.person() if nummer else b.known("pro"),
            pro,
            Rolle.LEDER if nummer == 2 else Rolle.MEDLEM,
            tittel="prosessveileder",
            representerer=kommune,
        )
        b.appoint(
            b.person() if nummer else b.known("eva"),
            eva,
            Rolle.LEDER if nummer == 3 else Rolle.MEDLEM,
            tittel="rådgiver",
            representerer=kommune,
        )


def _fagmiljoer(b: Nettverksbygger) -> None:
    """Four people in each group that answers for a læringsløype; the demo person for Matematikk."""
    grupper = b.nettverk.grupper.filter(type=T.FAGMILJO).gyldig()
    if not grupper:
        for navn in ("PPT", "Skrivesenteret", "Matematikksenteret"):
            grupper.create(
                nettverk=b.nettverk, type=T.FAGMILJO, navn=navn, gyldig=periode(august(b.aar - 6))
            )
        grupper = grupper.all()
    demo = next((g for g in grupper if "atematikk" in g.navn), grupper[0])
    for gruppe in grupper:
        leder = b.known("fagansvarlig") if gruppe == demo else b.person()
        b.appoint(leder, gruppe, Rolle.LEDER, tittel="fagansvarlig", fra=b.aar - 2)
        for _i in range(3):
            b.appoint(b.person(), gruppe, Rolle.MEDLEM, tittel="rådgiver")


def _research(b: Nettverksbygger) -> None:
    """The følgeforsker sits in a group of their own, so that the role alone decides what they see."""
    gruppe, _ny = Gruppe.objects.get_or_create(
        nettverk=b.nettverk,
        type=T.ANNEN,
        navn="Følgeforskning",
        defaults={"gyldig": periode(august(b.aar - 4)), "rekkefolge": 90},
    )
    b.appoint(
        b.known("forsker"), gruppe, Rolle.FOLGEFORSKER, tittel="førsteamanuensis", fra=b.aar - 3
    )


def _demo_unit(b: Nettverksbygger, ug: Utviklingsgruppe) -> None:
    """The unit of two demo people. The union rep left in summer, and nobody has come after."""
    b.appoint(
        b.known("enhetsleder"), ug.gruppe, Rolle.FORMELL_LEDER, tittel="rektor", fra=b.aar - 3
    )
    b.appoint(
        b.known("gruppemedlem"), ug.gruppe, Rolle.UTVIKLINGSLAERER, tittel="lærer", fra=b.aar - 2
    )
    b.appoint(b.person(), ug.gruppe, Rolle.PP_RAADGIVER, fra=b.aar - 1)
    b.appoint(b.person(), ug.gruppe, Rolle.MEDLEM, tittel="inspektør", fra=b.aar - 1)
    b.appoint(b.person(), ug.gruppe, Rolle.MEDLEM, tittel="SFO-leder", fra=b.aar)
    b.appoint(b.person(), ug.gruppe, Rolle.TILLITSVALGT, fra=b.aar - 3, til=b.aar)
    b.appoint(
        b.person(), ug.gruppe, Rolle.FORMELL_LEDER, tittel="rektor", fra=b.aar - 6, til=b.aar - 3
    )


def _fill_other_groups(b: Nettverksbygger) -> None:
    """The network's remaining groups: eight people each, who sit elsewhere too."""
    demo = {person.epost for person in DEMOFOLK}
    ledere = [
        v.person
        for v in b.verv
        if v.rolle == Rolle.FORMELL_LEDER and v.til is None and v.person.epost not in demo
    ]
    start = len(b.verv)
    for gruppe in b.nettverk.grupper.nettverksgrupper().gyldig().filter(verv__isnull=True):
        utvalg = random.Random(gruppe.navn).sample(ledere, min(8, len(ledere)))
        for nummer, person in enumerate(utvalg):
            b.appoint(person, gruppe, Rolle.MEDLEM if nummer else Rolle.LEDER, fra=b.aar - 2)
    rader.save_verv(b.verv[start:])
