"""Units × assignments, and units × modules: who sees which rows, what a place says, filters, paging, the sheet."""

import datetime
import io

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kommuner.gyldighet import idag, periode
from kommuner.models import Enhet
from laeringsloyper.models import Enhetsloype, Laeringsloype, Modul, Periode
from nettverk.models import Gruppe, Nettverk
from rolu.mellomarbeid import matrise
from rolu.models import Loggpost, Mellomarbeid, Oppdrag, Praksisfortelling
from tests.kommuner.factories import EnhetFactory
from tests.nettverk.factories import (
    GruppeFactory,
    MedlemskapFactory,
    enhetsleder,
    kommuneansvarlig,
    koordinator,
    nettverk_med_enhet,
)
from tests.rolu.factories import (
    FortellingFactory,
    LoggpostFactory,
    MellomarbeidFactory,
    OppdragFactory,
)

pytestmark = pytest.mark.django_db


def som(person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def adresse(nettverk: Nettverk, sporring: str = "") -> str:
    return reverse("rolu:matrise", args=[nettverk.slug]) + sporring


def arbeid(oppdrag: Oppdrag, gruppe: Gruppe, **felt) -> Mellomarbeid:
    return MellomarbeidFactory(
        oppdrag=oppdrag, gruppe=gruppe, kommune=gruppe.enhet.kommune_per(), **felt
    )


def ny_enhet(nettverk: Nettverk, kommune, **felt) -> Gruppe:
    enhet = EnhetFactory(kommune=kommune, **felt)
    return GruppeFactory(nettverk=nettverk, utviklingsgruppe=True, enhet=enhet, navn=f"Ug {enhet}")


@pytest.fixture
def to_kommuner() -> tuple[Nettverk, Gruppe, Gruppe]:
    nettverk, gruppe = nettverk_med_enhet()
    annen = MedlemskapFactory(nettverk=nettverk).kommune
    return nettverk, gruppe, ny_enhet(nettverk, annen, navn="Bortistua skole")


def test_the_koordinator_sees_every_unit_and_the_kommune_its_own(to_kommuner):
    nettverk, gruppe, fjern = to_kommuner
    oppdrag = OppdragFactory(nettverk=nettverk)
    arbeid(oppdrag, gruppe), arbeid(oppdrag, fjern)
    ansvarlig = kommuneansvarlig(nettverk, gruppe.enhet.kommune_per())

    alle = som(koordinator(nettverk)).get(adresse(nettverk)).text
    egne = som(ansvarlig).get(adresse(nettverk)).text

    assert str(gruppe.enhet) in alle
    assert "Bortistua skole" in alle
    assert str(gruppe.enhet) in egne
    assert "Bortistua skole" not in egne


def test_a_row_leads_to_its_unit():
    nettverk, gruppe = nettverk_med_enhet()
    arbeid(OppdragFactory(nettverk=nettverk), gruppe)

    siden = som(koordinator(nettverk)).get(adresse(nettverk)).text

    assert f'href="/{nettverk.slug}/enheter/{gruppe.enhet.referanse}/"' in siden


def test_a_unit_leader_follows_nobody_up():
    nettverk, gruppe = nettverk_med_enhet()

    assert som(enhetsleder(gruppe)).get(adresse(nettverk)).status_code == 403


@pytest.mark.parametrize(
    ("felt", "poster", "stand"),
    [
        ({}, [], "ikke_begynt"),
        ({"status": "kladd"}, ["planlagt"], "planlagt"),
        ({"status": "kladd"}, ["planlagt", "skjedd"], "i_gang"),
        ({"status": "kladd"}, [], "i_gang"),
        ({"levert_": True}, ["skjedd"], "levert"),
        ({"levert_": True, "delt": True}, ["skjedd"], "levert"),  # open, and nothing is told of it
    ],
)
def test_a_place_says_how_far_the_unit_has_come(felt, poster, stand):
    ett = MellomarbeidFactory(**felt)
    for hvor in poster:
        LoggpostFactory(mellomarbeid=ett, stand=hvor, fase="proeve")

    assert Mellomarbeid.objects.with_stage().get().stand == stand


def test_what_is_told_to_the_network_is_shared_until_it_is_taken_back():
    fortelling = FortellingFactory()

    for stand, her in (("vist", "delt"), ("tilbake", "levert")):
        Praksisfortelling.objects.update(stand=stand)
        assert Mellomarbeid.objects.with_stage().get().stand == her
    assert fortelling.mellomarbeid.er_levert


def test_the_last_sign_of_life_is_the_newest_of_what_is_written_and_delivered():
    nettverk, gruppe = nettverk_med_enhet()
    ett = arbeid(OppdragFactory(nettverk=nettverk), gruppe)
    LoggpostFactory(mellomarbeid=ett)
    for_tre_uker_siden = timezone.now() - datetime.timedelta(days=21)
    Loggpost.objects.update(endret=for_tre_uker_siden)
    arbeid(OppdragFactory(nettverk=nettverk), gruppe)

    from nettverk.tilgang.roller import roller_for

    roller = roller_for(koordinator(nettverk), nettverk)
    foelges = Mellomarbeid.objects.followed_by(roller)
    kolonner = matrise.assignments(roller)
    [rad] = matrise.rows(
        matrise.in_order(matrise.units(roller, alle=roller.er_kog), "", foelges),
        foelges,
        kolonner,
        felt="oppdrag",
    )

    assert rad.sist == timezone.localdate(for_tre_uker_siden)
    assert [c and c.sist for c in rad.celler] == [None, timezone.localdate(for_tre_uker_siden)]


def test_the_units_are_chosen_by_kommune_type_state_and_name(to_kommuner):
    nettverk, gruppe, fjern = to_kommuner
    Enhet.objects.filter(pk=gruppe.enhet_id).update(type="barnehage")
    Enhet.objects.filter(pk=fjern.enhet_id).update(type="grunnskole")
    oppdrag = OppdragFactory(nettverk=nettverk)
    arbeid(oppdrag, gruppe, levert_=True), arbeid(oppdrag, fjern)
    client = som(koordinator(nettverk))

    for valg in (
        f"kommune={fjern.enhet.kommune_per().pk}",
        "type=grunnskole",
        "stand=ikke_begynt",
        "q=bortist",
    ):
        side = client.get(adresse(nettverk, f"?{valg}")).text
        assert "Bortistua skole" in side, valg
        assert str(gruppe.enhet) not in side, valg


def test_what_is_no_choice_narrows_nothing(to_kommuner):
    nettverk, gruppe, _fjern = to_kommuner
    arbeid(OppdragFactory(nettverk=nettverk), gruppe)

    svar = som(koordinator(nettverk)).get(
        adresse(nettverk, "?stand=tull&type=x&kommune=x&loype=9x&sorter=y&eldre=-4&side=z&vis=q")
    )

    assert svar.status_code == 200
    assert "Bortistua skole" in svar.text


def test_those_one_has_not_heard_from_for_long_come_first_when_asked(to_kommuner):
    nettverk, gruppe, fjern = to_kommuner
    oppdrag = OppdragFactory(nettverk=nettverk)
    arbeid(oppdrag, gruppe, levert_=True), arbeid(oppdrag, fjern)

    side = som(koordinator(nettverk)).get(adresse(nettverk, "?sorter=livstegn")).text

    assert side.index("Bortistua skole") < side.index(f">{gruppe.enhet}<")


def test_the_older_assignments_are_a_page_away():
    nettverk, gruppe = nettverk_med_enhet()
    for n in range(8):
        oppdrag = OppdragFactory(
            nettverk=nettverk, tittel=f"Nr{n}", frist=idag() + datetime.timedelta(days=n)
        )
        arbeid(oppdrag, gruppe)
    client = som(koordinator(nettverk))

    foerste = client.get(adresse(nettverk)).text
    neste = client.get(adresse(nettverk, "?eldre=1")).text

    assert "Nr7" in foerste
    assert "Nr1" not in foerste
    assert "Eldre oppdrag" in foerste
    assert "Nr1" in neste
    assert "Nr7" not in neste
    assert "Nyere oppdrag" in neste


def test_fifty_units_on_a_page():
    nettverk, gruppe = nettverk_med_enhet()
    kommune = gruppe.enhet.kommune_per()
    oppdrag = OppdragFactory(nettverk=nettverk)
    for n in range(50):
        arbeid(oppdrag, ny_enhet(nettverk, kommune, navn=f"Skole {n:02}"))
    client = som(koordinator(nettverk))

    assert client.get(adresse(nettverk)).text.count('<th scope="row">') == 50
    assert client.get(adresse(nettverk, "?side=2")).text.count('<th scope="row">') == 1


def _track(nettverk: Nettverk) -> tuple[Laeringsloype, Periode]:
    loype = Laeringsloype.objects.create(nettverk=nettverk, slug="m", navn="Matematikk")
    ett_aar = datetime.timedelta(days=365)
    return loype, Periode.objects.create(
        loype=loype, nummer=1, gyldig=periode(idag() - ett_aar, idag() + ett_aar)
    )


def test_the_modules_of_a_track_show_those_who_follow_it(to_kommuner):
    nettverk, gruppe, _fjern = to_kommuner
    loype, perioden = _track(nettverk)
    modul = Modul.objects.create(periode=perioden, tittel="Telling ute")
    Modul.objects.create(periode=perioden, tittel="Måling", rekkefolge=200)
    Enhetsloype.objects.create(enhet=gruppe.enhet, periode=perioden)
    for levert in (True, False):
        oppdrag = OppdragFactory(nettverk=nettverk, laeringsloype=loype, modul=modul)
        arbeid(oppdrag, gruppe, levert_=levert)

    side = som(koordinator(nettverk)).get(adresse(nettverk, "?vis=moduler")).text

    assert "Telling ute" in side
    assert "Måling" in side
    assert "Levert, sist" in side
    assert "Ikke begynt" not in side.partition("<tbody>")[2]
    assert str(gruppe.enhet) in side
    assert "Bortistua skole" not in side


def test_a_track_without_modules_says_so(to_kommuner):
    nettverk, _gruppe, _fjern = to_kommuner
    _track(nettverk)

    side = som(koordinator(nettverk)).get(adresse(nettverk, "?vis=moduler")).text

    assert "«Matematikk» har ingen moduler ennå" in side


def test_the_sheet_has_all_the_columns_and_the_chosen_units(to_kommuner):
    nettverk, _gruppe, fjern = to_kommuner
    for n in range(8):
        arbeid(OppdragFactory(nettverk=nettverk, tittel=f"Nr{n}"), fjern, levert_=True)

    svar = som(koordinator(nettverk)).get(adresse(nettverk, "?format=xlsx&q=bortist"))
    bok = openpyxl.load_workbook(
        io.BytesIO(b"".join(svar.streaming_content) if svar.streaming else svar.content)
    )

    rader = list(bok.worksheets[0].values)
    assert len(rader) == 2
    assert rader[1][1] == "Bortistua skole"
    assert len(rader[0]) == 5 + 8
    assert all(str(verdi).startswith("Levert, sist") for verdi in rader[1][5:])
    assert bok.sheetnames[1] == "Forklaring"


def test_the_page_costs_the_same_with_one_and_three_units():
    nettverk, gruppe = nettverk_med_enhet()
    kommune = gruppe.enhet.kommune_per()
    client = som(koordinator(nettverk))
    oppdrag = OppdragFactory(nettverk=nettverk)
    LoggpostFactory(mellomarbeid=arbeid(oppdrag, gruppe))

    def cost() -> int:
        with CaptureQueriesContext(connection) as spoerringer:
            client.get(adresse(nettverk))
        return len(spoerringer)

    cost()
    en = cost()
    for _n in range(2):
        LoggpostFactory(mellomarbeid=arbeid(oppdrag, ny_enhet(nettverk, kommune)))

    assert cost() == en <= 12
