"""What mellomarbeid puts on the home page, the unit's and kommune's pages, and in the annual report."""

import datetime

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.formats import date_format

from kommuner.gyldighet import idag
from nettverk.flater import Gjoremaal, Side, gjoremaalene
from nettverk.models import Gruppe, Person
from nettverk.models.bekreftelse import skoleaar
from nettverk.tilgang.roller import roller_for
from rolu.demo import mellomarbeid as demo_mellomarbeid
from rolu.mellomarbeid import flater as mellomarbeidsflater
from rolu.mellomarbeid import innlevering, praksis, tilbakemelding
from rolu.mellomarbeid.framdrift import progress
from rolu.models import Loggpost, Mellomarbeid, Nestesteg, Oppdrag
from tests.kommuner.factories import KommuneFactory
from tests.laeringsloyper.factories import LaeringsloypeFactory
from tests.nettverk.factories import (
    GruppeFactory,
    enhetsleder,
    gruppemedlem,
    kommuneansvarlig,
    koordinator,
    medlem,
    nettverk_med_enhet,
)
from tests.rolu.factories import (
    DeltakelseFactory,
    FortellingFactory,
    LoggpostFactory,
    MellomarbeidFactory,
    OppdragFactory,
    SamlingFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def arbeid() -> Mellomarbeid:
    # Asks nobody to confirm the group: that would stand before what has a deadline.
    nettverk, gruppe = nettverk_med_enhet(bekreftes_fra="")
    return MellomarbeidFactory(
        oppdrag=OppdragFactory(nettverk=nettverk, tittel="Utforsk ute"),
        gruppe=gruppe,
        kommune=gruppe.enhet.kommune_per(),
    )


def mine(person, arbeid: Mellomarbeid) -> list:
    # As on a page of its own: what is fetched is remembered on the person for one page.
    denne = Person.objects.get(pk=person.pk)
    return list(mellomarbeidsflater.gjoremaal(roller_for(denne, arbeid.nettverk)))


def test_what_came_of_a_plan_is_asked_beside_its_assignment_and_not_after_all_that_has_a_deadline(
    arbeid,
):
    LoggpostFactory(mellomarbeid=arbeid, stand="planlagt", dato=idag() - datetime.timedelta(days=1))
    senere = OppdragFactory(
        nettverk=arbeid.nettverk,
        tittel="Les sammen",
        frist=arbeid.oppdrag.frist + datetime.timedelta(days=1),
    )
    MellomarbeidFactory(oppdrag=senere, gruppe=arbeid.gruppe)
    leder = Person.objects.get(pk=enhetsleder(arbeid.gruppe).pk)

    venter = gjoremaalene(roller_for(leder, arbeid.nettverk))

    assert [str(g.tittel) for g in venter][:3] == ["Utforsk ute", "Ble det noe av?", "Les sammen"]
    # The day of the assignment is not a deadline for saying so.
    assert venter[1].frist is None


def test_an_own_step_in_time_stands_beside_its_assignment_and_leads_to_it(arbeid):
    frist = idag() + datetime.timedelta(days=2)
    post = LoggpostFactory(mellomarbeid=arbeid)
    steg = Nestesteg.objects.create(loggpost=post, tekst="Lage målebånd", frist=frist)
    leder = Person.objects.get(pk=enhetsleder(arbeid.gruppe).pk)

    venter = gjoremaalene(roller_for(leder, arbeid.nettverk))

    assert [str(g.tittel) for g in venter][:2] == ["Utforsk ute", "Lage målebånd"]
    assert venter[1].ogsaa
    assert venter[1].ogsaa[1].endswith(f"/mellomarbeid/{arbeid.pk}/")

    # Overdue it comes first.
    Nestesteg.objects.filter(pk=steg.pk).update(frist=idag() - datetime.timedelta(days=1))
    venter = gjoremaalene(roller_for(Person.objects.get(pk=leder.pk), arbeid.nettverk))
    assert str(venter[0].tittel) == "Lage målebånd"


@pytest.mark.parametrize("rolle", [enhetsleder, gruppemedlem])
def test_the_assignment_stands_first_for_the_units_people(arbeid, rolle):
    person = rolle(arbeid.gruppe)

    foerst = gjoremaalene(roller_for(person, arbeid.nettverk))[0]

    assert (foerst.tittel, foerst.frist) == ("Utforsk ute", arbeid.oppdrag.frist)
    skriv = reverse("rolu:loggpost_ny", args=[arbeid.nettverk.slug, arbeid.pk])
    assert foerst.url == f"{skriv}?fase=proeve"
    assert (foerst.knapp, foerst.ogsaa) == ("Skriv det første notatet", None)
    assert "dere har ikke begynt" in foerst.tekst


def test_an_assignment_shows_the_phases_written_in_and_asks_the_question_of_the_next(arbeid):
    Mellomarbeid.objects.update(status=Mellomarbeid.Status.KLADD)
    for fase in (Loggpost.Fase.PLANLEGGE, Loggpost.Fase.PROEVE):
        LoggpostFactory(mellomarbeid=arbeid, fase=fase)
    LoggpostFactory(mellomarbeid=arbeid, fase=Loggpost.Fase.DELE, tekst="")

    (sak,) = mine(enhetsleder(arbeid.gruppe), arbeid)

    assert [stand for _navn, stand in sak.trinn] == ["gjort", "gjort", "naa", "", ""]
    assert sak.tekst.endswith("Hva så og hørte vi?")
    html = render_to_string("components/gjoremaal.html", {"g": sak, "stor": True})
    assert html.count('data-stand="gjort"') == 2
    assert html.count('aria-current="step"') == 1


def test_with_two_assignments_or_nothing_left_to_write_the_overview_opens(arbeid):
    leder = enhetsleder(arbeid.gruppe)
    oversikt = reverse("rolu:mellomarbeid", args=[arbeid.nettverk.slug, arbeid.pk])
    til = MellomarbeidFactory(
        oppdrag=OppdragFactory(nettverk=arbeid.nettverk), gruppe=arbeid.gruppe
    )
    assert (oversikt, "Start mellomarbeidet") in [(s.url, s.knapp) for s in mine(leder, arbeid)]
    til.delete()
    LoggpostFactory(mellomarbeid=arbeid, fase=Loggpost.Fase.PROEVE)
    (sak,) = mine(leder, arbeid)
    # The words that open the page elsewhere do not open an empty note here; and one may deliver.
    assert (sak.knapp, sak.ogsaa) == ("Skriv et nytt notat", ("Lever", f"{oversikt}#lever-tittel"))
    (medlemmets,) = mine(gruppemedlem(arbeid.gruppe), arbeid)
    assert medlemmets.ogsaa is None

    for fase in Loggpost.Fase.values:
        LoggpostFactory(mellomarbeid=arbeid, fase=fase)

    assert [sak.url for sak in mine(leder, arbeid)] == [oversikt]


def test_what_is_delivered_no_longer_waits(arbeid):
    leder = enhetsleder(arbeid.gruppe)
    LoggpostFactory(mellomarbeid=arbeid)
    innlevering.submit(arbeid, by=leder)

    assert mine(leder, arbeid) == []


def test_what_waits_is_in_order_of_deadline_with_the_overdue_first(arbeid):
    for tittel, dager in (("Om et halvt år", 180), ("Forfalt", -5), ("I morgen", 1)):
        oppdrag = OppdragFactory(
            nettverk=arbeid.nettverk, tittel=tittel, frist=idag() + datetime.timedelta(days=dager)
        )
        MellomarbeidFactory(oppdrag=oppdrag, gruppe=arbeid.gruppe)
    leder = enhetsleder(arbeid.gruppe)
    svarfrist = idag() + datetime.timedelta(days=2)
    samling = SamlingFactory(nettverk=arbeid.nettverk, publisert_=True, paameldingsfrist=svarfrist)
    DeltakelseFactory(samling=samling, verv=leder.verv.get())

    ventende = gjoremaalene(roller_for(leder, arbeid.nettverk))

    # The group lacks people: that has no deadline, and stands last.
    *med_frist, uten = [g.frist for g in ventende]
    assert uten is None
    assert med_frist == sorted(med_frist)
    assert [g.tittel for g in ventende[:2]] == ["Forfalt", "I morgen"]
    assert med_frist[2] == svarfrist


def test_what_goes_on_today_stands_above_what_is_overdue(arbeid):
    Oppdrag.objects.update(frist=idag() - datetime.timedelta(days=5))
    SamlingFactory(nettverk=arbeid.nettverk, i_dag=True)

    foerst, neste, *_resten = gjoremaalene(
        roller_for(koordinator(arbeid.nettverk), arbeid.nettverk)
    )

    assert (foerst.er_i_dag, neste.frist) == (True, idag() - datetime.timedelta(days=5))


@pytest.mark.parametrize(
    ("dager", "stand", "ord_"),
    [
        (-24, "forfalt", "24 dager over fristen"),
        (0, "snart", "Frist i dag"),
        (1, "snart", "Snart frist: "),
        (7, "snart", "Snart frist: "),
        (8, "", "Frist "),
    ],
)
def test_how_a_deadline_stands_is_said_in_words_and_colour(arbeid, dager, stand, ord_):
    frist = idag() + datetime.timedelta(days=dager)
    g = Gjoremaal("Svar", "", "/", "Svar", frist=frist)

    html = render_to_string("components/gjoremaal.html", {"g": g})

    assert f'data-frist="{stand}"' in html
    linje = ord_ if dager <= 0 else f"{ord_}{date_format(frist)}"
    assert html.count(linje) == 1


def test_those_who_follow_up_see_how_many_have_delivered(arbeid):
    annen = GruppeFactory(nettverk=arbeid.nettverk, utviklingsgruppe=True)
    MellomarbeidFactory(oppdrag=arbeid.oppdrag, gruppe=annen, levert_=True)
    Oppdrag.objects.update(frist=idag() + datetime.timedelta(days=14))

    titler = [
        [g.tittel for g in mine(p, arbeid)]
        for p in (
            koordinator(arbeid.nettverk),
            kommuneansvarlig(arbeid.nettverk, arbeid.kommune),
            medlem(arbeid.nettverk, gruppetype=Gruppe.Type.STYRINGSGRUPPE),
        )
    ]

    assert titler == [
        ["1 enhet har ikke levert «Utforsk ute»"],
        ["1 enhet har ikke levert «Utforsk ute»"],
        [],
    ]


@pytest.mark.parametrize(("dager", "sies"), [(15, False), (14, True), (-45, True), (-46, False)])
def test_who_has_not_delivered_is_told_when_the_deadline_is_near_or_has_passed(arbeid, dager, sies):
    Oppdrag.objects.update(frist=idag() + datetime.timedelta(days=dager))

    for person in (
        koordinator(arbeid.nettverk),
        kommuneansvarlig(arbeid.nettverk, arbeid.kommune),
    ):
        assert bool(mine(person, arbeid)) is sies


def test_what_nobody_has_answered_waits_for_kommune_and_fagansvarlig_and_leads_to_it(arbeid):
    fag = medlem(arbeid.nettverk, gruppetype=Gruppe.Type.FAGMILJO)
    loype = LaeringsloypeFactory(nettverk=arbeid.nettverk, ansvarlig_gruppe=fag.verv.get().gruppe)
    Oppdrag.objects.update(laeringsloype=loype)
    LoggpostFactory(mellomarbeid=arbeid, tekst="Vi målte.")
    innlevering.submit(arbeid, by=enhetsleder(arbeid.gruppe))
    kommunen = kommuneansvarlig(arbeid.nettverk, arbeid.kommune)
    liste = reverse("rolu:mellomarbeid_list", args=[arbeid.nettverk.slug])

    for person in (kommunen, fag):
        [venter] = mine(person, arbeid)
        assert venter.tittel == "1 levering venter på tilbakemelding"
        assert venter.url == f"{liste}?oppdrag={arbeid.oppdrag_id}&status=uten_svar"
        client = Client()
        client.force_login(person)
        svar = client.get(venter.url)
        assert [r["pk"] for r in svar.context["liste"].side] == [arbeid.pk]
    others = [koordinator(arbeid.nettverk), enhetsleder(arbeid.gruppe)]
    assert [mine(person, arbeid) for person in others] == [[], []]

    tilbakemelding.say(arbeid, tekst="Fint.", by=fag)
    assert mine(kommunen, arbeid) == mine(fag, arbeid) == []
    assert list(client.get(venter.url).context["liste"].side) == []


def test_what_was_delivered_in_another_school_year_waits_for_no_answer(arbeid):
    LoggpostFactory(mellomarbeid=arbeid, tekst="Vi målte.")
    innlevering.submit(arbeid, by=enhetsleder(arbeid.gruppe))
    kommunen = kommuneansvarlig(arbeid.nettverk, arbeid.kommune)
    assert len(mine(kommunen, arbeid)) == 1

    Oppdrag.objects.update(frist=datetime.date(skoleaar(idag()), 7, 31))

    assert mine(kommunen, arbeid) == []


def test_the_kommuner_stand_in_norwegian_order_however_much_they_lack():
    rader = [
        {"kommune": nr, "kommune__navn": navn, "antall": 4, "levert": levert}
        | {"begynt": 0, "ikke_startet": 4 - levert}
        for nr, (navn, levert) in enumerate([("Averøy", 3), ("Kristiansund", 4), ("Aure", 0)])
    ]

    kommunene = progress(Oppdrag(pk=1), rader, slug="her").kommuner

    assert [k.navn for k in kommunene] == ["Averøy", "Kristiansund", "Aure"]


def test_a_strangers_units_page_tells_nothing_of_its_work(arbeid):
    def sider(person) -> list:
        side = Side(roller_for(person, arbeid.nettverk), idag())
        return [
            *mellomarbeidsflater.enhet(arbeid.gruppe.enhet, side),
            *mellomarbeidsflater.kommune(arbeid.kommune, side),
        ]

    nabo = enhetsleder(GruppeFactory(nettverk=arbeid.nettverk, utviklingsgruppe=True))

    assert len(sider(koordinator(arbeid.nettverk))) == 2
    assert len(sider(kommuneansvarlig(arbeid.nettverk, arbeid.kommune))) == 2
    assert len(sider(enhetsleder(arbeid.gruppe))) == 1
    assert sider(nabo) == []


def test_the_annual_report_counts_per_kommune_and_shows_what_a_unit_lets_stand_there(arbeid):
    LoggpostFactory(mellomarbeid=arbeid, fase=Loggpost.Fase.PROEVE, tekst="Vi prøvde.")
    LoggpostFactory(mellomarbeid=arbeid, fase=Loggpost.Fase.DELE, tekst="Prøv dette.")
    innlevering.submit(arbeid, by=enhetsleder(arbeid.gruppe))
    praksis.share(
        arbeid,
        tittel="Prøv dette",
        tekst="Det virket.",
        offentlig=True,
        by=enhetsleder(arbeid.gruppe),
    )
    # Shared with the network, and not with everyone.
    hemmelig = MellomarbeidFactory(
        oppdrag=arbeid.oppdrag,
        gruppe=GruppeFactory(nettverk=arbeid.nettverk, utviklingsgruppe=True),
        kommune=arbeid.kommune,
        levert_=True,
        delt=True,
    )
    FortellingFactory(mellomarbeid=hemmelig, tekst="Bare for oss.")
    OppdragFactory(nettverk=arbeid.nettverk, frist=datetime.date(2019, 1, 1))

    kapittel = mellomarbeidsflater.chapter(arbeid.nettverk, arbeid.oppdrag.frist.year)

    kommune = str(arbeid.kommune)
    assert kapittel.data == {
        "oppdrag": [
            {
                "tittel": "Utforsk ute",
                "forfalt": False,
                "frist": arbeid.oppdrag.frist,
                "antall": 2,
                "levert": 2,
                "per_kommune": [{"kommune": kommune, "antall": 2, "levert": 2}],
                "diagram": None,  # one kommune is no chart
            }
        ],
        "eksempler": [
            {
                "enhet": str(arbeid.gruppe.enhet),
                "kommune": kommune,
                "oppdrag": "Utforsk ute",
                "tekst": "Prøv dette\n\nDet virket.",
                "samtykke": True,
            }
        ],
    }


def test_the_annual_report_tells_the_kommuner_once_in_norwegian_order(arbeid):
    for navn, levert in (("Aure", False), ("Ålesund", True)):
        MellomarbeidFactory(
            oppdrag=arbeid.oppdrag,
            gruppe=GruppeFactory(nettverk=arbeid.nettverk, utviklingsgruppe=True),
            kommune=KommuneFactory(navn=navn),
            levert_=levert,
        )

    kapittel = mellomarbeidsflater.chapter(arbeid.nettverk, arbeid.oppdrag.frist.year)
    html = render_to_string(kapittel.mal, {"data": kapittel.data, "nettverk": arbeid.nettverk})

    [oppdrag] = kapittel.data["oppdrag"]
    navnene = [soyle.navn for soyle in oppdrag["diagram"].soyler]
    assert navnene == [rad["kommune"] for rad in oppdrag["per_kommune"]]
    # What is drawn is folded as a table.
    foer = html[: html.index("<table")]
    assert foer.rindex("<svg") < foer.rindex("<details")


def test_the_annual_report_costs_the_same_with_one_and_three_assignments(arbeid):
    def spoerringer() -> int:
        with CaptureQueriesContext(connection) as spurt:
            mellomarbeidsflater.chapter(arbeid.nettverk, arbeid.oppdrag.frist.year)
        return len(spurt)

    en = spoerringer()
    for _nr in range(2):
        nytt = OppdragFactory(nettverk=arbeid.nettverk, frist=arbeid.oppdrag.frist)
        MellomarbeidFactory(oppdrag=nytt, gruppe=arbeid.gruppe, kommune=arbeid.kommune)

    assert spoerringer() == en == 3


@pytest.mark.parametrize("hvem", ["leder", "koordinator", "styringsgruppe"])
def test_home_shows_what_waits_or_that_nothing_does(arbeid, hvem: str):
    person = {
        "leder": lambda: enhetsleder(arbeid.gruppe),
        "koordinator": lambda: koordinator(arbeid.nettverk),
        "styringsgruppe": lambda: medlem(arbeid.nettverk, gruppetype=Gruppe.Type.STYRINGSGRUPPE),
    }[hvem]()
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")

    svar = client.get(reverse("nettverk:hjem", args=[arbeid.nettverk.slug]))

    assert svar.status_code == 200
    assert ("Ingenting venter på deg" in svar.text) == (hvem == "styringsgruppe")


def test_home_costs_the_same_with_one_and_three_assignments(arbeid):
    client = Client()
    client.force_login(
        enhetsleder(arbeid.gruppe), backend="django.contrib.auth.backends.ModelBackend"
    )
    adresse = reverse("nettverk:hjem", args=[arbeid.nettverk.slug])

    def cost() -> int:
        with CaptureQueriesContext(connection) as spoerringer:
            client.get(adresse)
        return len(spoerringer)

    cost()
    en = cost()
    for _ in range(2):
        MellomarbeidFactory(oppdrag=OppdragFactory(nettverk=arbeid.nettverk), gruppe=arbeid.gruppe)

    assert cost() == en


def test_the_demo_is_the_same_when_made_twice():
    nettverk, gruppe = nettverk_med_enhet()
    for _ in range(5):
        enhetsleder(gruppe)

    demo_mellomarbeid.make(nettverk)
    foer = list(Mellomarbeid.objects.values_list("pk", "status"))
    demo_mellomarbeid.make(nettverk)

    assert list(Mellomarbeid.objects.values_list("pk", "status")) == foer
    assert Oppdrag.objects.count() == 2
