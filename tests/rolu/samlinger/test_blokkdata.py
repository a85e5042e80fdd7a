"""What a summary holds, as plain data: what was decided, who was there, what comes next."""

import datetime
import json

import pytest
from django.utils import timezone
from django.utils.text import capfirst

from nettverk.models import Rolle
from nettverk.side.skrivemaate import ukedag
from rolu.models import Deltakelse, Gjest, Gruppetall, Samlingsserie, Utfall
from rolu.samlinger import blokkdata, dager
from rolu.samlinger.blokkdata import Slag
from rolu.samlinger.blokkinnhold import Blokkliste, Overskrift, put_in_words
from tests.kommuner.factories import EnhetFactory
from tests.nettverk.factories import (
    GruppeFactory,
    VervFactory,
    enhetsleder,
    gruppemedlem,
    nettverk_med_enhet,
)
from tests.rolu.factories import (
    DeltakelseFactory,
    OppdragFactory,
    ProgrampostFactory,
    SamlingFactory,
    klokken,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    """A gathering that has been: a leader who met, a member who did not, and a unit that did not."""
    nettverk, gruppe = nettverk_med_enhet()
    kommune = gruppe.enhet.kommune_per()
    samling = SamlingFactory(nettverk=nettverk, oppsummering_=True, tema="Lek")
    leder, medlem = enhetsleder(gruppe), gruppemedlem(gruppe)
    DeltakelseFactory(samling=samling, verv=leder.verv.get(), kommune=kommune, moett_=True)
    DeltakelseFactory(samling=samling, verv=medlem.verv.get(), kommune=kommune)
    borte = GruppeFactory(
        nettverk=nettverk, utviklingsgruppe=True, enhet=EnhetFactory(navn="Borte barnehage")
    )
    verv = VervFactory(gruppe=borte, rolle=Rolle.FORMELL_LEDER)
    DeltakelseFactory(samling=samling, verv=verv, kommune=kommune, status=Deltakelse.Status.AVMELDT)
    return samling, gruppe, leder


def _figures(rad):
    return rad["navn"], rad["inviterte"], rad["paameldte"], rad["moett"]


def test_who_was_there_is_counted_by_kommune_role_and_kind_of_unit(scene):
    samling, gruppe, _leder = scene
    kommune = gruppe.enhet.kommune_per()

    data = blokkdata.collect(samling)[Slag.OPPMOETE]

    assert (data["inviterte"], data["moett"], data["avmeldte"]) == (3, 1, 1)
    assert [_figures(r) for r in data["kommuner"]] == [(kommune.navn, 3, 1, 1)]
    assert [_figures(r) for r in data["roller"]] == [
        ("formell leder", 2, 1, 1),
        ("utviklingslærer", 1, 0, 0),
    ]
    assert sum(r["inviterte"] for r in data["enhetstyper"]) == 3
    assert data["enheter"] == {"inviterte": 2, "moett": 1}


def test_who_was_missing_is_told_by_unit_and_by_name(scene):
    samling, gruppe, _leder = scene
    kommune = gruppe.enhet.kommune_per()

    data = blokkdata.collect(samling)[Slag.FRAVAER]

    assert data["enheter"] == [{"kommune": kommune.navn, "navn": ["Borte barnehage"]}]
    [kommunen] = data["folk"]
    # All the members read it: nobody's answer stands beside the name, neither in what is kept nor in words.
    assert [set(p) for p in kommunen["personer"]] == [{"navn", "fra"}] * 2
    [tabell] = [b for b in put_in_words(Slag.FRAVAER, data).biter if b.er == "tabell"][1:]
    assert tabell.hode == ("Navn", "Enhet eller gruppe")
    assert {len(rad) for rad in tabell.rader} == {2}


def test_who_was_there_by_another_place_was_there(scene):
    samling, _gruppe, leder = scene
    andre = GruppeFactory(
        nettverk=samling.nettverk, utviklingsgruppe=True, enhet=EnhetFactory(navn="Andre skole")
    )
    verv = VervFactory(gruppe=andre, person=leder, rolle=Rolle.UTVIKLINGSLAERER)
    DeltakelseFactory(samling=samling, verv=verv, status=Deltakelse.Status.AVMELDT)

    alt = blokkdata.collect(samling)

    assert (alt[Slag.OPPMOETE]["inviterte"], alt[Slag.OPPMOETE]["moett"]) == (3, 1)
    borte = [p["navn"] for k in alt[Slag.FRAVAER]["folk"] for p in k["personer"]]
    assert leder.navn not in borte
    enheter = [navn for k in alt[Slag.FRAVAER]["enheter"] for navn in k["navn"]]
    assert enheter == ["Borte barnehage"]
    assert _figures(alt[Slag.OPPMOETE]["roller"][1]) == ("utviklingslærer", 2, 1, 1)


def test_a_substitute_counts_for_the_unit_and_is_not_named(scene):
    samling, _gruppe, _leder = scene
    borte = Deltakelse.objects.get(samling=samling, status=Deltakelse.Status.AVMELDT).verv
    Gjest.objects.create(
        samling=samling, navn="Vara Hemmelig", for_verv=borte, moett=timezone.now()
    )
    Gjest.objects.create(samling=samling, navn="Kom ikke", gruppe=borte.gruppe)

    alt = blokkdata.collect(samling)

    assert alt[Slag.OPPMOETE]["gjester"] == 1
    assert alt[Slag.OPPMOETE]["enheter"] == {"inviterte": 2, "moett": 2}
    assert "Hemmelig" not in json.dumps(alt)


def test_what_was_kept_with_answers_before_is_told_without_them():
    gammelt = {
        "folk": [
            {
                "kommune": "Surnadal",
                "personer": [{"navn": "Kari", "fra": "Skolen", "svar": "avmeldt", "vara": False}],
            }
        ]
    }

    assert "avbud" not in str(put_in_words(Slag.FRAVAER, gammelt))


def test_the_facts_tell_those_who_were_there_besides_the_invited(scene):
    samling, gruppe, _leder = scene
    for hva, antall in (("elever", 14), ("foresatte", 3)):
        Gruppetall.objects.create(samling=samling, gruppe=gruppe, hva=hva, antall=antall)
    Gjest.objects.create(samling=samling, navn="Kom", moett=timezone.now())
    Gjest.objects.create(samling=samling, navn="Kom ikke")

    def told():
        data = blokkdata.collect(samling)[Slag.FAKTA]
        return dict(put_in_words(Slag.FAKTA, data).biter[0].par)["Deltakere"]

    assert told() == (
        "1 av 3 inviterte var der. I tillegg: 1 vara eller gjest, 14 elever, 3 foresatte."
    )
    Deltakelse.objects.update(moett=None)
    Gjest.objects.update(moett=None)
    assert told() == (
        "1 av 3 var påmeldt. I tillegg: 2 varaer eller gjester, 14 elever, 3 foresatte."
    )


def test_outcomes_stand_by_their_item_and_decisions_by_number(scene):
    samling, gruppe, _leder = scene
    post = ProgrampostFactory(samling=samling, tittel="Deling", notat=" God deling ")
    ny = Utfall.objects.create
    ny(samling=samling, programpost=post, type="beslutning", nummer=2, tekst="To")
    ny(samling=samling, type="beslutning", nummer=1, tekst="En")
    ny(samling=samling, programpost=post, type="innsikt", tekst="Vi så")
    ny(
        samling=samling,
        type="oppfolging",
        tekst="Ringe",
        gruppe=gruppe,
        frist=datetime.date(2027, 1, 4),
    )

    alt = blokkdata.collect(samling)

    beslutninger = alt[Slag.BESLUTNINGER]["beslutninger"]
    assert [(b["nummer"], b["tekst"], b["post"]) for b in beslutninger] == [
        (1, "En", ""),
        (2, "To", "Deling"),
    ]
    assert [u["tekst"] for u in alt[Slag.PROGRAM]["poster"][0]["utfall"]] == ["To", "Vi så"]
    assert [u["tekst"] for u in alt[Slag.PROGRAM]["ellers"]] == ["En"]
    assert alt[Slag.OPPFOLGINGER]["oppfolginger"] == [
        {"hvem": str(gruppe), "hva": "Ringe", "frist": "2027-01-04", "gjort": False}
    ]
    assert alt[Slag.NOTATER]["notater"] == [{"post": "Deling", "tekst": "God deling"}]


def test_what_goes_on_side_by_side_is_counted_once_and_breaks_not(scene):
    samling, _gruppe, _leder = scene
    start = samling.start
    for minutt, varighet, form in (
        (0, 60, "plenum"),
        (30, 60, "gruppe"),
        (90, 15, "pause"),
        (105, 30, "plenum"),
    ):
        ProgrampostFactory(
            samling=samling,
            start=start + datetime.timedelta(minutes=minutt),
            varighet=varighet,
            arbeidsform=form,
        )

    assert blokkdata.collect(samling)[Slag.FAKTA]["minutter"] == 120


def test_each_day_is_told_by_itself():
    samling = SamlingFactory(oppsummering_=True)
    ni, tolv = datetime.time(9), datetime.time(12)
    dager.set_days(
        samling, [(datetime.date(2026, 3, 3), ni, tolv), (datetime.date(2026, 3, 5), ni, tolv)]
    )

    dagene = blokkdata.collect(samling)[Slag.FAKTA]["dager"]

    assert [fra[:16] for fra, _til in dagene] == ["2026-03-03T09:00", "2026-03-05T09:00"]


def test_the_next_one_is_of_the_series_and_never_a_draft(scene):
    samling, _gruppe, _leder = scene
    nettverk = samling.nettverk
    samling.serie = Samlingsserie.objects.create(nettverk=nettverk, navn="ROLU")
    samling.save()
    SamlingFactory(
        nettverk=nettverk, serie=samling.serie, start=klokken(5, 9), slutt=klokken(5, 15)
    )
    SamlingFactory(
        nettverk=nettverk,
        publisert_=True,
        tittel="Utenfor",
        start=klokken(6, 9),
        slutt=klokken(6, 15),
    )
    SamlingFactory(
        nettverk=nettverk,
        publisert_=True,
        tittel="I serien",
        serie=samling.serie,
        start=klokken(10, 9),
        slutt=klokken(10, 15),
    )

    assert blokkdata.collect(samling)[Slag.NESTE]["tittel"] == "I serien"


def test_one_that_has_been_is_not_the_next(scene):
    samling, _gruppe, _leder = scene
    SamlingFactory(
        nettverk=samling.nettverk,
        publisert_=True,
        start=klokken(-3, 9),
        slutt=klokken(-3, 15),
    )

    assert blokkdata.collect(samling)[Slag.NESTE] == {}


def test_without_a_series_the_next_one_is_of_the_same_kind(scene):
    samling, _gruppe, _leder = scene
    SamlingFactory(
        nettverk=samling.nettverk,
        publisert_=True,
        type="fagdag",
        start=klokken(3, 9),
        slutt=klokken(3, 15),
    )
    assert blokkdata.collect(samling)[Slag.NESTE] == {}

    SamlingFactory(nettverk=samling.nettverk, publisert_=True, tittel="Neste")

    assert blokkdata.collect(samling)[Slag.NESTE]["tittel"] == "Neste"


def test_assignments_stand_by_deadline_and_only_where_they_are_used(scene):
    samling, _gruppe, _leder = scene
    for tittel, dag in (("Sist", 9), ("Først", 3)):
        OppdragFactory(
            nettverk=samling.nettverk,
            samling=samling,
            tittel=tittel,
            frist=datetime.date(2027, 1, dag),
        )

    oppdrag = blokkdata.collect(samling)[Slag.OPPDRAG]["oppdrag"]
    samling.nettverk.uten_deler = ["mellomarbeid"]
    uten = blokkdata.collect(samling)[Slag.OPPDRAG]["oppdrag"]

    assert [o["tittel"] for o in oppdrag] == ["Først", "Sist"]
    assert uten == []


def test_an_assignment_that_is_noted_and_not_given_is_told_of_in_its_part_and_in_the_programme(
    scene,
):
    samling, _gruppe, _leder = scene
    post = ProgrampostFactory(samling=samling, spor="Barnehage")
    notert = Utfall.objects.create(
        samling=samling, programpost=post, type="oppdrag", tekst="Prøv ut lesestunder"
    )

    data = blokkdata.collect(samling)
    oppdrag = put_in_words(Slag.OPPDRAG, data[Slag.OPPDRAG])
    [tabell] = [b for b in put_in_words(Slag.PROGRAM, data[Slag.PROGRAM]).biter if b.er == "tabell"]

    assert oppdrag.biter == (
        Overskrift("Notert, men ikke gitt"),
        Blokkliste(((None, "Prøv ut lesestunder"),)),
    )
    assert tabell.hode == ("Tid", "Hva", "Spor", "Ledet av", "Utfall")
    assert any("Barnehage" in rad and "Oppdrag: Prøv ut lesestunder" in rad for rad in tabell.rader)

    notert.oppdrag = OppdragFactory(nettverk=samling.nettverk, samling=samling)
    notert.save()
    assert "notert" not in blokkdata.collect(samling)[Slag.OPPDRAG]


def test_a_programme_over_several_days_has_a_table_for_each(scene):
    samling, _gruppe, _leder = scene
    ProgrampostFactory(samling=samling, start=samling.start)
    ProgrampostFactory(samling=samling, start=samling.start + datetime.timedelta(days=1))

    data = blokkdata.collect(samling)[Slag.PROGRAM]
    forste, andre = put_in_words(Slag.PROGRAM, data).biter

    assert forste.tittel == capfirst(ukedag(samling.dato))
    assert andre.tittel == capfirst(ukedag(samling.dato + datetime.timedelta(days=1)))
    assert "\n" not in andre.rader[0][0]


def test_it_is_in_the_written_form_of_the_network_with_its_own_names(scene):
    samling, _gruppe, _leder = scene
    samling.nettverk.maalform = "nn"
    samling.nettverk.egne_rollenavn = {Rolle.FORMELL_LEDER: "enhetens sjef"}

    roller = blokkdata.collect(samling)[Slag.OPPMOETE]["roller"]

    assert [r["navn"] for r in roller] == ["enhetens sjef", "utviklingslærar"]


def test_all_of_it_can_be_kept_as_json_and_costs_the_same_whatever_the_size(
    scene, django_assert_max_num_queries
):
    samling, gruppe, _leder = scene
    for _ in range(2):
        with django_assert_max_num_queries(12) as foer:
            alt = blokkdata.collect(samling)
        assert json.loads(json.dumps(alt)) == {str(k): v for k, v in alt.items()}
        antall = len(foer)
        DeltakelseFactory.create_batch(3, samling=samling, moett_=True)
        ProgrampostFactory.create_batch(3, samling=samling)
        OppdragFactory.create_batch(2, samling=samling, nettverk=samling.nettverk)
        Utfall.objects.create(samling=samling, type="oppfolging", tekst="x", gruppe=gruppe)
        Gjest.objects.create(samling=samling, navn="G", moett=timezone.now())
    with django_assert_max_num_queries(antall):
        blokkdata.collect(samling)
