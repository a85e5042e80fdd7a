"""The administrator's pages from nothing to a network, and the koordinator's list of what is left."""

import datetime
import re
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kommuner.gyldighet import idag
from kommuner.models import Kommune
from nettverk.arbeid.jobber import run
from nettverk.invitasjon import invite
from nettverk.models import Brev, Jobb, Kommuneimport, Nettverk, Person, Verv
from nettverk.oppstart import kart, kommuner
from nettverk.oppstart.nytt import add_kommuner
from nettverk.skriving.konflikt import KanIkke
from tests.kommuner.factories import EnhetFactory, KommuneFactory
from tests.kommuner.test_kommuneimport import ENDRINGER, KOMMUNER, klass  # noqa: F401
from tests.laeringsloyper.factories import LaeringsloypeFactory
from tests.nettverk.factories import (
    GruppeFactory,
    MedlemskapFactory,
    NettverkFactory,
    PersonFactory,
    VervFactory,
    koordinator,
    medlem,
)
from tests.okt import sign_in_administrator
from tests.rolu.factories import SamlingFactory
from tests.samtidig import at_once

pytestmark = pytest.mark.django_db

OPPSTART, NYTT, FILER = "/oppstart/", "/oppstart/nytt-nettverk/", "/oppstart/kommuner/"


@pytest.fixture
def administrator(client: Client) -> Person:
    person = PersonFactory(navn="Ada", is_staff=True, is_superuser=True)
    sign_in_administrator(client, person)
    return person


def _filer(kommuner_: str = KOMMUNER) -> dict[str, Any]:
    return {
        "kommuner": SimpleUploadedFile("kommuner.csv", kommuner_.encode()),
        "endringer": SimpleUploadedFile("endringer.csv", ENDRINGER.encode()),
    }


def _skjema(**annet: Any) -> dict[str, Any]:
    return {
        "engang": str(uuid.uuid4()),
        "navn": "Nettverk Helgeland",
        "kortnavn": "Ytre Å",
        "slug": "",
        "maalform": "nn",
        "fra": idag().isoformat(),
        "mal": "sunnmore",
        "kommuner": [KommuneFactory().kommunenummer for _ in range(2)],
        "koordinator_navn": "Kari",
        "koordinator_epost": "kari@demo.example",
        **annet,
    }


# --- who


@pytest.mark.parametrize(
    ("adresse", "metode"),
    [
        (OPPSTART, "get"),
        (NYTT, "get"),
        (NYTT, "post"),
        (FILER, "get"),
        (FILER, "post"),
        (f"{FILER}hent/", "post"),
        (f"{FILER}1/", "get"),
        (f"{FILER}1/bekreft/", "post"),
        (f"{FILER}1/forkast/", "post"),
    ],
)
def test_only_the_administrator_comes_in_and_only_with_more_than_a_code(
    client: Client, adresse: str, metode: str
):
    assert getattr(client, metode)(adresse)["Location"].startswith("/konto/")

    client.force_login(koordinator(NettverkFactory()))
    assert getattr(client, metode)(adresse).status_code == 403

    client.force_login(PersonFactory(is_staff=True, is_superuser=True))
    assert "/to-steg/" in getattr(client, metode)(adresse)["Location"]
    assert not Kommuneimport.objects.exists()


def test_an_empty_installation_tells_the_administrator_what_is_first(
    client: Client, administrator: Person
):
    assert "Kom i gang" in client.get("/").content.decode()
    svar = client.get(reverse("nettverk:etter_innlogging"))
    assert svar["Location"] == OPPSTART
    assert "Hent alle før du lager et nettverk" in client.get(OPPSTART).content.decode()

    client.logout()
    assert "Administratoren legger inn det første nettverket" in client.get("/").content.decode()


# --- the kommuner


def test_files_are_shown_before_they_are_written_and_written_once(
    client: Client, administrator: Person
):
    svar = client.post(FILER, _filer(), follow=True)
    rad = Kommuneimport.objects.get()

    assert "10 nye kommuner" in svar.content.decode()
    assert [(e.fra, e.til) for e in svar.context["forskjell"].ukjente] == [("7777", "8888")]
    assert not Kommune.objects.exists()

    for _gang in range(2):
        svar = client.post(f"{FILER}{rad.pk}/bekreft/", follow=True)
        assert "Kommunene er lagret" in svar.content.decode()
    rad.refresh_from_db()
    assert Kommune.objects.count() == rad.resultat["nye"] == 10
    assert rad.innhold is None

    svar = client.post(FILER, _filer(), follow=True)
    assert "Alt dette vet portalen allerede" in svar.content.decode()


def test_files_that_cannot_be_read_are_told_and_nothing_is_kept(
    client: Client, administrator: Person
):
    svar = client.post(FILER, _filer("kommunenummer,navn\n1,2"))

    assert svar.status_code == 422
    assert "mangler kolonnen gyldig_fra, gyldig_til" in svar.content.decode()
    assert not Kommuneimport.objects.exists()


def test_what_is_discarded_is_not_written_afterwards(client: Client, administrator: Person):
    client.post(FILER, _filer())
    rad = Kommuneimport.objects.get()

    client.post(f"{FILER}{rad.pk}/forkast/")
    client.post(f"{FILER}{rad.pk}/bekreft/")

    assert not Kommune.objects.exists()


def test_a_worker_fetches_them_from_ssb_and_they_wait_to_be_confirmed(
    client: Client,
    administrator: Person,
    klass: Any,  # noqa: F811
):
    adresse = client.post(f"{FILER}hent/")["Location"]
    assert client.post(f"{FILER}hent/")["Location"] == adresse  # once, however often it is pressed
    jobb = Jobb.objects.get()
    assert jobb.nettverk is None
    assert "Henter kommunene" in client.get(adresse).content.decode()

    run(jobb.pk)

    assert "10 nye kommuner" in client.get(adresse).content.decode()
    assert client.get(adresse, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert not Kommune.objects.exists()


def test_ssb_that_is_not_reached_is_told_on_the_page(
    client: Client, administrator: Person, settings: Any
):
    settings.SSB_KLASS_ADRESSE = "http://127.0.0.1:9/klass"
    adresse = client.post(f"{FILER}hent/")["Location"]

    run(Jobb.objects.get().pk)

    side = client.get(adresse).content.decode()
    assert "Vi når ikke SSB herfra" in side
    assert "eller last opp filer" in side


def test_a_fetch_whose_worker_died_stands_in_nobodys_way(client: Client, administrator: Person):
    adresse = client.post(f"{FILER}hent/")["Location"]
    Jobb.objects.update(status=Jobb.Status.FEILET, feil="Arbeidet ble avbrutt.")
    side = client.get(adresse).content.decode()
    assert "Arbeidet ble avbrutt." in side
    assert f"{adresse}forkast/" in side

    ny = client.post(f"{FILER}hent/")["Location"]

    assert ny != adresse
    assert "Venter på tur" in client.get(ny).content.decode()
    assert [k.status for k in Kommuneimport.objects.all()] == ["venter", "feilet"]


def test_what_is_discarded_while_it_is_fetched_stops_and_may_be_asked_for_anew(
    client: Client,
    administrator: Person,
    klass: Any,  # noqa: F811
):
    adresse = client.post(f"{FILER}hent/")["Location"]
    gammel = Jobb.objects.get()
    assert f"{adresse}forkast/" in client.get(adresse).content.decode()

    client.post(f"{adresse}forkast/")
    run(gammel.pk)

    assert [k.status for k in Kommuneimport.objects.all()] == ["forkastet"]
    ny = client.post(f"{FILER}hent/")["Location"]
    run(Jobb.objects.get().pk)
    assert "10 nye kommuner" in client.get(ny).content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_ask_at_once_wait_for_the_same():
    en, to = PersonFactory(is_superuser=True), PersonFactory(is_superuser=True)

    rader = at_once(lambda: kommuner.fetch_from_ssb(by=en), lambda: kommuner.fetch_from_ssb(by=to))

    assert rader[0] == rader[1]
    assert Kommuneimport.objects.count() == Jobb.objects.count() == 1


def test_what_nobody_confirmed_goes_after_a_month(client: Client, administrator: Person):
    client.post(FILER, _filer())
    rad = Kommuneimport.objects.get()

    assert kommuner.purge(rad.bestilt + kommuner.BEHOLDES) == 0
    assert kommuner.purge(rad.bestilt + kommuner.BEHOLDES + datetime.timedelta(days=1)) == 1
    rad.refresh_from_db()
    assert rad.innhold is None


# --- the new network


def test_a_network_is_made_once_however_often_the_button_is_pressed(
    client: Client, administrator: Person
):
    skjema = _skjema()

    svar = [client.post(NYTT, skjema) for _gang in range(2)]

    assert [s["Location"] for s in svar] == [OPPSTART, OPPSTART]
    nettverk = Nettverk.objects.get()
    assert (nettverk.slug, nettverk.maalform) == ("ytre-a", "nn")
    assert nettverk.kommuner().count() == 2
    assert nettverk.grupper.first().navn == "Arbeidsutvalet"
    assert Verv.objects.get().person.epost == "kari@demo.example"
    assert "Kari" in client.get(OPPSTART).content.decode()


def test_its_colour_and_horizon_are_chosen_where_it_is_made_as_where_they_are_changed(
    client: Client, administrator: Person
):
    assert 'name="aksent"' in client.get(NYTT).content.decode()
    # «Finn» keeps the choice.
    html = client.post(NYTT, _skjema(aksent="skog", finn="", sok="a")).content.decode()
    assert re.search(r'value="skog"[^>]*checked', html)
    assert client.post(NYTT, _skjema(aksent="gull")).status_code == 422

    client.post(NYTT, _skjema(aksent="skog", horisont="tinder"))

    nettverk = Nettverk.objects.get()
    assert (nettverk.aksent, nettverk.horisont) == ("skog", "tinder")


@pytest.mark.parametrize(
    ("felt", "grunn"),
    [
        ({"kommuner": []}, "Velg minst én kommune"),
        ({"kommuner": ["9998"]}, "9998"),
        ({"slug": "oppstart"}, "reservert for portalen"),
        ({"slug": "finnes"}, "Et annet nettverk har adressen"),
        ({"slug": "å nei"}, "Bruk bare bokstavene"),
        ({"kortnavn": "!", "slug": ""}, "Skriv en adresse"),
        ({"mal": "annet"}, "mal"),
        ({"koordinator_epost": "kari"}, "e-post"),
        ({"fra": "1999-12-31"}, "gyldig valg"),
    ],
)
def test_what_must_be_mended_is_told_and_nothing_is_made(
    client: Client, administrator: Person, felt: dict[str, Any], grunn: str
):
    NettverkFactory(slug="finnes")

    svar = client.post(NYTT, _skjema(**felt))

    assert svar.status_code == 422
    assert grunn in svar.content.decode()
    assert Nettverk.objects.count() == 1


def test_a_kommune_in_another_network_is_told_at_its_field(client: Client, administrator: Person):
    opptatt = MedlemskapFactory()

    svar = client.post(NYTT, _skjema(kommuner=[opptatt.kommune.kommunenummer]))

    assert svar.status_code == 422
    assert "er med i et annet nettverk" in svar.context["form"].errors["kommuner"][0]
    assert list(Nettverk.objects.all()) == [opptatt.nettverk]


def test_when_the_koordinator_cannot_be_appointed_there_is_no_network(
    client: Client, administrator: Person, monkeypatch: pytest.MonkeyPatch
):
    def refuse(**_felt: object) -> None:
        raise KanIkke("Vent en time.")

    monkeypatch.setattr("nettverk.verv.count_lookup", refuse)

    svar = client.post(NYTT, _skjema())

    assert svar.status_code == 422
    assert "Vent en time." in svar.content.decode()
    assert not Nettverk.objects.exists()


def test_searching_keeps_what_is_ticked_and_makes_nothing(client: Client, administrator: Person):
    alta, bodo = KommuneFactory(navn="Alta"), KommuneFactory(navn="Bodø")
    skjema = _skjema(kommuner=[alta.kommunenummer])

    svar = client.post(NYTT, {**skjema, "sok": "bodo", "finn": ""})

    form = svar.context["form"]
    assert [k.nummer for k in form.valgte] == [alta.kommunenummer]
    assert [k.nummer for k in form.treff] == [bodo.kommunenummer]
    assert svar.content.decode().count('name="kommuner"') == Kommune.objects.count()
    assert "Nettverk Helgeland" in svar.content.decode()
    assert not Nettverk.objects.exists()


def test_the_kommuner_are_those_of_the_day_with_the_networks_they_are_in(
    client: Client, administrator: Person
):
    client.post(FILER, _filer())
    client.post(f"{FILER}{Kommuneimport.objects.get().pk}/bekreft/")

    svar = client.post(NYTT, {**_skjema(fra="2018-05-01", kommuner=[]), "finn": ""})

    navn = {k.navn for fylke in svar.context["form"].fylker for k in fylke.kommuner}
    assert {"Vesle", "Midtre", "Fjell"} <= navn
    assert "Store" not in navn
    assert "Østfold" in {fylke.navn for fylke in svar.context["form"].fylker}


# --- «Kom i gang»


def _hjem(client: Client, nettverk: Nettverk) -> str:
    return client.get(reverse("nettverk:hjem", args=[nettverk.slug])).content.decode()


def test_a_new_network_has_a_list_on_the_koordinators_home_and_on_nobody_elses(client: Client):
    nettverk = NettverkFactory(satt_opp=None)
    client.force_login(koordinator(nettverk))
    assert "Kom i gang" in _hjem(client, nettverk)

    client.force_login(medlem(nettverk, gruppetype="fagnettverk"))
    assert "Kom i gang" not in _hjem(client, nettverk)


def test_when_all_is_done_the_list_goes_and_the_network_is_in_use(client: Client):
    nettverk = NettverkFactory(satt_opp=None, paakrevde_roller=["formell_leder"])
    sjef = koordinator(nettverk)
    client.force_login(sjef)
    kommune = KommuneFactory()
    nettverk.medlemskap.create(kommune=kommune, gyldig=kommune.gyldig)
    enhet = EnhetFactory(kommune=kommune)
    gruppe = GruppeFactory(nettverk=nettverk, utviklingsgruppe=True, enhet=enhet)
    assert "1 utviklingsgruppe mangler noen" in _hjem(client, nettverk)
    leder = VervFactory(gruppe=gruppe, rolle="formell_leder").person
    LaeringsloypeFactory(nettverk=nettverk)
    assert "1 person har ikke fått noen invitasjon" in _hjem(client, nettverk)
    invite([leder.pk], nettverk=nettverk, by=sjef)
    side = _hjem(client, nettverk)
    assert "Alle har fått en invitasjon" in side
    assert "Alle utviklingsgruppene har de rollene" in side
    assert "Lag den første samlingen" in side

    SamlingFactory(nettverk=nettverk)

    assert "Kom i gang" not in _hjem(client, nettverk)
    nettverk.refresh_from_db()
    assert nettverk.satt_opp == idag()


def test_the_koordinator_may_hide_the_list(client: Client):
    nettverk = NettverkFactory(satt_opp=None)
    client.force_login(koordinator(nettverk))

    client.post(reverse("nettverk:oppstart_skjul", args=[nettverk.slug]))

    assert "Kom i gang" not in _hjem(client, nettverk)


def test_a_network_in_use_pays_nothing_for_the_list(client: Client):
    nettverk = NettverkFactory(satt_opp=None)
    client.force_login(koordinator(nettverk))
    med = _queries(client, nettverk)
    client.post(reverse("nettverk:oppstart_skjul", args=[nettverk.slug]))
    _hjem(client, nettverk)  # with the thanks

    uten = _queries(client, nettverk)

    assert any("laeringsloyper_laeringsloype" in sql for sql in med)
    assert not any("laeringsloyper_laeringsloype" in sql for sql in uten)
    assert len(uten) <= 12


def _queries(client: Client, nettverk: Nettverk) -> list[str]:
    with CaptureQueriesContext(connection) as spurt:
        _hjem(client, nettverk)
        return [q["sql"] for q in spurt.captured_queries]


def test_the_koordinator_moves_a_tile_with_a_button(client: Client):
    nettverk = NettverkFactory()
    client.force_login(koordinator(nettverk))
    kommune = KommuneFactory()
    rad = nettverk.medlemskap.create(
        kommune=kommune, gyldig=kommune.gyldig, kart_kolonne=1, kart_rad=1
    )
    url = reverse("nettverk:nettverk_kart", args=[nettverk.slug])

    svar = client.post(url, {"kommune": kommune.kommunenummer, "retning": "hoeyre"}, follow=True)

    rad.refresh_from_db()
    assert (rad.kart_kolonne, rad.kart_rad) == (2, 1)
    assert f"Flytt {kommune.navn}" in svar.content.decode()
    for galt in ({"kommune": "0000", "retning": "ned"}, {"kommune": kommune.kommunenummer}):
        assert client.post(url, galt)["Location"] == url
    rad.refresh_from_db()
    assert (rad.kart_kolonne, rad.kart_rad) == (2, 1)


# --- what a reader found


def test_the_administrator_sees_whom_the_invitation_went_to_and_when_the_koordinator_has_been_in(
    client: Client, administrator: Person
):
    side = client.post(NYTT, _skjema(), follow=True).content.decode()
    assert "En invitasjon er på vei til Kari, kari@demo.example." in side
    assert "på kari@demo.example, har ikke vært inne" in side
    assert "Send invitasjonen på nytt" not in side  # one a day

    nettverk, kari = Nettverk.objects.get(), Person.objects.get(epost="kari@demo.example")
    igjen = reverse("nettverk:koordinator_inviter", args=[nettverk.pk])
    assert "Alle har fått en i dag" in client.post(igjen, follow=True).content.decode()
    for_lenge_siden = timezone.now() - datetime.timedelta(days=2)
    Brev.objects.update(opprettet=for_lenge_siden, noekkel="den gang")
    assert "Send invitasjonen på nytt" in client.get(OPPSTART).content.decode()
    side = client.post(igjen, follow=True).content.decode()
    assert "En ny invitasjon er på vei til kari@demo.example." in side
    assert Brev.objects.filter(til=kari).count() == 2

    Client().force_login(kari)
    side = client.get(OPPSTART).content.decode()
    assert "har vært inne" in side
    assert "har ikke vært inne" not in side


def test_the_list_of_networks_costs_the_same_for_one_as_for_five(
    client: Client, administrator: Person, django_assert_num_queries: Any
):
    koordinator(NettverkFactory())
    with CaptureQueriesContext(connection) as en:
        client.get(OPPSTART)
    for _n in range(4):
        koordinator(NettverkFactory())
    with django_assert_num_queries(len(en)):
        client.get(OPPSTART)


@pytest.mark.parametrize(
    ("fra", "grunn"),
    [
        ("2016-12-31", "Portalen kjenner kommunene fra 1. januar 2017."),
        ("1905-06-07", "Portalen kjenner kommunene fra 1. januar 2017."),
        ((idag() + datetime.timedelta(days=800)).isoformat(), "Det er mer enn ett år til."),
    ],
)
def test_a_day_the_portal_cannot_know_is_refused_with_the_reason(
    client: Client, administrator: Person, fra: str, grunn: str
):
    svar = client.post(NYTT, _skjema(fra=fra))

    assert svar.status_code == 422
    assert grunn in svar.content.decode()
    assert not Nettverk.objects.exists()


def test_a_name_that_another_network_has_is_refused(client: Client, administrator: Person):
    NettverkFactory(navn="NETTVERK Helgeland")

    svar = client.post(NYTT, _skjema())

    assert "Et annet nettverk har dette navnet." in svar.content.decode()
    assert Nettverk.objects.count() == 1


def _with_tiles(antall: int, **annet: Any) -> Nettverk:
    """A network as it begins where no border is known."""
    nettverk = NettverkFactory(**annet)
    kommuner_ = [KommuneFactory() for _n in range(antall)]
    add_kommuner(nettverk, kommuner_, fra=idag())
    return nettverk


def test_tiles_that_lie_by_number_are_not_called_a_map_until_they_are_moved(client: Client):
    nettverk = _with_tiles(3, satt_opp=None)
    client.force_login(koordinator(nettverk))
    offentlig = reverse("nettverk:offentlig", args=[nettverk.slug])

    side = client.get(offentlig).content.decode()
    assert "Rutene viser ikke hvor kommunene ligger." in side
    assert f"Kart over kommunene i {nettverk.kortnavn}" not in side
    assert "3 av 3 kommuner ligger i rekkefølge etter kommunenummer" in _hjem(client, nettverk)

    forste = nettverk.medlemskap.order_by("kommune__kommunenummer").first()
    for retning in ("hoeyre", "ned"):
        kart.move(nettverk, kommune=forste.kommune_id, retning=retning)

    side = client.get(offentlig).content.decode()
    assert "det viser omtrent hvor kommunene ligger" in side
    assert f"Kart over kommunene i {nettverk.kortnavn}" in side
    assert "Kommunene ligger der de hører til" in _hjem(client, nettverk)


def test_a_network_that_has_not_begun_says_when_it_does(client: Client):
    nettverk = NettverkFactory()
    add_kommuner(nettverk, [KommuneFactory()], fra=idag() + datetime.timedelta(days=40))

    side = client.get(reverse("nettverk:offentlig", args=[nettverk.slug])).content.decode()

    assert "Nettverket begynner" in side
    assert "0 kommuner" not in side


def test_an_empty_portal_says_that_it_knows_no_kommuner_yet(client: Client, administrator: Person):
    for adresse in (OPPSTART, NYTT, FILER):
        side = client.get(adresse).content.decode()
        assert "Portalen kjenner ingen kommuner ennå." in side
        assert "0 kommuner" not in side
