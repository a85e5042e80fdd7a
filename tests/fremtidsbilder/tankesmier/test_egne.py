"""Tankesmier held for themselves: who makes and leads them, what is next to do, their time, and whose voices there are."""

import datetime
import io
import uuid

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from fremtidsbilder.models import Bidrag, Samtalesporsmaal, Stemmegruppe, Tankesmie
from fremtidsbilder.portal import FremtidsbilderPortal
from fremtidsbilder.sted import Hjemsted
from fremtidsbilder.tankesmier import bidrag, egne, inngang, moderering, styring
from nettverk.flater import gjoremaalene
from nettverk.models import Gruppe, Jobb, Nettverk, Person
from nettverk.skriving.konflikt import KanIkke
from nettverk.tilgang.roller import roller_for
from tests.fremtidsbilder.factories import FremtidsbildeFactory
from tests.fremtidsbilder.tankesmiefabrikk import BidragFactory
from tests.nettverk.factories import (
    GruppeFactory,
    NettverkFactory,
    enhetsleder,
    kommuneansvarlig,
    koordinator,
    medlem,
    nettverk_med_enhet,
)

pytestmark = pytest.mark.django_db


def _url(navn: str, nettverk: Nettverk, *mer: object) -> str:
    return reverse(f"fremtidsbilder:{navn}", args=[nettverk.slug, *mer])


def _felt(**mer: object) -> dict[str, object]:
    felt: dict[str, object] = {
        "tittel": "Skolen vi vil ha",
        "sporsmaal": "Hvordan vil du ha det?",
        "hjelp": "Jeg lærer best når …",
        "flere": "Hva skal vi slutte med?\n\n",
        "antall_bord": 0,
    }
    return felt | mer


def _make(nettverk: Nettverk, sted: Hjemsted | None = None, **felt: object) -> Tankesmie:
    return egne.make(
        nettverk,
        sted=sted or Hjemsted("nettverk"),
        felt={"tittel": "Skolen vi vil ha", **felt},
        sporsmaal=[Samtalesporsmaal(tekst="Hva?"), Samtalesporsmaal(tekst="Hvem?")],
        grupper=[],
    )


# --- make


def test_the_koordinator_makes_one_with_groups_questions_and_help(client: Client):
    nettverk = NettverkFactory()
    barn = Stemmegruppe.objects.create(nettverk=nettverk, navn="Barn", er_barn=True)
    client.force_login(koordinator(nettverk))

    svar = client.post(
        _url("tankesmie_ny", nettverk), _felt(hvor="nettverk", grupper=[barn.pk], deles="on")
    )

    ny = nettverk.tankesmier.get()
    assert svar["Location"] == _url("tankesmie", nettverk, ny.pk)
    assert (ny.frittstaaende, ny.nivaa, ny.deles) == (True, "nettverk", True)
    assert list(ny.grupper.all()) == [barn]
    assert list(ny.sporsmaal.values_list("tekst", "hjelp", "status")) == [
        ("Hvordan vil du ha det?", "Jeg lærer best når …", "kommende"),
        ("Hva skal vi slutte med?", "", "kommende"),
    ]


def test_the_same_form_twice_makes_one(client: Client):
    nettverk = NettverkFactory()
    client.force_login(koordinator(nettverk))
    felt = _felt(hvor="nettverk", engang=str(uuid.uuid4()))

    en = client.post(_url("tankesmie_ny", nettverk), felt)
    to = client.post(_url("tankesmie_ny", nettverk), felt)

    assert en["Location"] == to["Location"]
    assert nettverk.tankesmier.count() == 1


def test_each_holds_one_at_the_own_place_alone(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    kommune = nettverk.kommuner().get()
    client.force_login(enhetsleder(gruppe))
    adresse = _url("tankesmie_ny", nettverk)

    nei = [
        client.post(adresse, _felt(hvor=hvor)).status_code
        for hvor in ("nettverk", f"kommune-{kommune.kommunenummer}")
    ]
    client.post(adresse, _felt(hvor=f"enhet-{gruppe.enhet.referanse}"))

    assert nei == [422, 422]
    assert nettverk.tankesmier.get().enhet == gruppe.enhet


def test_the_koordinator_holds_one_for_a_group_of_the_network(client: Client):
    nettverk, utviklingsgruppe = nettverk_med_enhet()
    gruppe = GruppeFactory(nettverk=nettverk, type=Gruppe.Type.STYRINGSGRUPPE, navn="Rådet vårt")
    fremmed = GruppeFactory(type=Gruppe.Type.STYRINGSGRUPPE)
    client.force_login(koordinator(nettverk))
    adresse = _url("tankesmie_ny", nettverk)

    nei = [
        client.post(adresse, _felt(hvor=f"gruppe-{annen.pk}")).status_code
        for annen in (utviklingsgruppe, fremmed)
    ]
    client.post(adresse, _felt(hvor=f"gruppe-{gruppe.pk}"))

    ny = nettverk.tankesmier.get()
    assert nei == [422, 422]
    assert (ny.nivaa, ny.gruppe) == ("gruppe", gruppe)
    for side in (_url("tankesmie_list", nettverk), _url("tankesmie", nettverk, ny.pk)):
        assert "Rådet vårt" in client.get(side).text


def test_what_is_held_for_a_group_is_led_by_those_who_lead_the_networks(client: Client):
    nettverk, utviklingsgruppe = nettverk_med_enhet()
    gruppe = GruppeFactory(nettverk=nettverk, type=Gruppe.Type.STYRINGSGRUPPE)
    tankesmie = _make(nettverk, Hjemsted("gruppe", gruppe=gruppe))

    def status(person: object) -> int:
        client.force_login(person)
        return client.get(_url("tankesmie", nettverk, tankesmie.pk)).status_code

    assert status(medlem(nettverk, gruppetype="prosessnettverk")) == 200
    assert status(enhetsleder(utviklingsgruppe)) == 404


def test_it_closes_after_it_opens(client: Client):
    nettverk = NettverkFactory()
    client.force_login(koordinator(nettverk))

    svar = client.post(
        _url("tankesmie_ny", nettverk),
        _felt(
            hvor="nettverk",
            aapen_fra_0="24.11.2026",
            aapen_fra_1="12.00",
            aapen_til_0="24.11.2026",
            aapen_til_1="09.00",
        ),
    )

    assert svar.status_code == 422
    assert "Den må stenge etter at den åpner." in svar.text
    assert not nettverk.tankesmier.exists()


# --- change


def test_of_two_who_change_it_the_second_sees_what_the_first_wrote(client: Client):
    nettverk = NettverkFactory()
    tankesmie = _make(nettverk)
    client.force_login(koordinator(nettverk))
    adresse = _url("tankesmie_rediger", nettverk, tankesmie.pk)
    stand = client.get(adresse).context["form"].initial["stand"]
    felt = {"tittel": "Min", "antall_bord": 0, "stand": stand}

    en = client.post(adresse, felt | {"tittel": "Hennes"})
    to = client.post(adresse, felt)

    assert en.status_code == 302
    assert to.status_code == 409
    assert [(f.deres, f.ditt) for f in to.context["form"].forskjeller] == [("Hennes", "Min")]
    tankesmie.refresh_from_db()
    assert tankesmie.tittel == "Hennes"


def test_a_card_that_comes_meanwhile_is_no_conflict(client: Client):
    nettverk = NettverkFactory()
    tankesmie = _make(nettverk)
    client.force_login(koordinator(nettverk))
    adresse = _url("tankesmie_rediger", nettverk, tankesmie.pk)
    stand = client.get(adresse).context["form"].initial["stand"]
    sporsmaal = tankesmie.sporsmaal.first()
    styring.open_question(sporsmaal)
    bidrag.contribute(tankesmie, [bidrag.Skrevet(uuid.uuid4(), sporsmaal.pk, "Ute")])

    svar = client.post(adresse, {"tittel": "Ny tittel", "antall_bord": 0, "stand": stand})

    tankesmie.refresh_from_db()
    assert (svar.status_code, tankesmie.tittel) == (302, "Ny tittel")


def test_a_question_gets_other_words_and_help(client: Client):
    nettverk = NettverkFactory()
    tankesmie = _make(nettverk)
    sporsmaal = tankesmie.sporsmaal.first()
    client.force_login(koordinator(nettverk))

    client.post(
        _url("tankesmie_sporsmaal", nettverk, tankesmie.pk, sporsmaal.pk),
        {"tekst": "Hvordan?", "hjelp": "Tenk på friminuttet"},
    )

    sporsmaal.refresh_from_db()
    assert (sporsmaal.tekst, sporsmaal.hjelp) == ("Hvordan?", "Tenk på friminuttet")


# --- the next step


def test_the_page_says_the_next_step_until_what_is_written_is_arranged(client: Client):
    nettverk = NettverkFactory()
    tankesmie = _make(nettverk)
    foerste, andre = tankesmie.sporsmaal.all()
    client.force_login(koordinator(nettverk))
    adresse, styr = (_url(n, nettverk, tankesmie.pk) for n in ("tankesmie", "tankesmie_styr"))

    def steg() -> tuple[str, Samtalesporsmaal | None]:
        naa = client.get(adresse).context["steg"]
        return naa.hva, naa.sporsmaal

    rekke = [steg()]
    for handling, sporsmaal in (("start", foerste), ("steng", foerste), ("start", andre)):
        client.post(styr, {"handling": handling, "sporsmaal": sporsmaal.pk})
        rekke.append(steg())
    BidragFactory(sporsmaal=andre)
    client.post(styr, {"handling": "lukk"})
    rekke.append(steg())

    assert rekke == [
        ("aapne", foerste),
        ("vis", foerste),
        ("aapne", andre),
        ("vis", andre),
        ("ordne", andre),
    ]


def test_the_page_says_how_much_waits_to_be_read_and_how_much_is_hidden(client: Client):
    nettverk = NettverkFactory()
    tankesmie = _make(nettverk)
    sporsmaal = tankesmie.sporsmaal.first()
    styring.open_question(sporsmaal)
    client.force_login(koordinator(nettverk))
    adresse = _url("tankesmie", nettverk, tankesmie.pk)
    assert " ".join(client.get(adresse).text.split()).count("Les bidragene") == 1
    BidragFactory(sporsmaal=sporsmaal, tekst="Eleven Kari", skjult=True)
    skjult, _vist = BidragFactory.create_batch(2, sporsmaal=sporsmaal)
    moderering.hide(sporsmaal, [skjult.pk])

    side = " ".join(client.get(adresse).text.split())

    assert "1 venter på å bli lest" in side
    assert "1 skjult<" in side
    # Beside the next step, and nowhere else.
    assert side.count("Les bidragene") == side.count("Les bidragene (2 venter)") == 1
    assert side.index("Vis veggen") < side.index("Les bidragene") < side.index("1 skjult<")


def test_without_questions_one_is_asked_to_write_the_first():
    nettverk = NettverkFactory()
    tankesmie = egne.make(
        nettverk, sted=Hjemsted("nettverk"), felt={"tittel": "Tom"}, sporsmaal=[], grupper=[]
    )

    assert egne.next_step(tankesmie, []).hva == "skriv"


# --- its time


def test_the_pad_waits_for_the_time_and_says_when(client: Client):
    tankesmie = _make(NettverkFactory(), aapen_fra=timezone.now() + datetime.timedelta(hours=3))
    sporsmaal = tankesmie.sporsmaal.first()
    styring.open_question(sporsmaal)
    rad = bidrag.Skrevet(uuid.uuid4(), sporsmaal.pk, "For tidlig")

    side = client.get(inngang.pad_path(tankesmie))
    svar = bidrag.contribute(tankesmie, [rad])

    assert "Ikke åpnet ennå" in side.text
    assert inngang.pad_state(tankesmie).aapent is None
    assert svar[rad.nokkel] == "Spørsmålet er ikke åpnet ennå."
    assert not Bidrag.objects.exists()


def test_the_code_opens_nothing_when_the_time_is_out(client: Client):
    tankesmie = _make(NettverkFactory())
    sporsmaal = tankesmie.sporsmaal.first()
    styring.open_question(sporsmaal)
    slutt = timezone.now() - datetime.timedelta(minutes=10)
    Tankesmie.objects.update(aapen_til=slutt)
    tankesmie.refresh_from_db()
    sent = bidrag.Skrevet(uuid.uuid4(), sporsmaal.pk, "For sent")
    foer = bidrag.Skrevet(
        uuid.uuid4(),
        sporsmaal.pk,
        "Skrevet i tide",
        skrevet=slutt - datetime.timedelta(minutes=1),
    )

    adresser = [inngang.pad_path(tankesmie), reverse("bordvegg", args=[tankesmie.kode])]
    assert [client.get(adresse).status_code for adresse in adresser] == [410, 410]
    svar = bidrag.contribute(tankesmie, [sent, foer])

    assert svar[foer.nokkel] == ""
    assert svar[sent.nokkel] == "Spørsmålet er stengt; teksten din er tatt vare på her."
    assert [b.tekst for b in Bidrag.objects.all()] == ["Skrevet i tide"]
    with pytest.raises(KanIkke):
        styring.open_question(tankesmie.sporsmaal.last())


def test_the_pad_that_is_open_sees_that_the_time_comes_and_goes():
    tankesmie = _make(NettverkFactory())
    styring.open_question(tankesmie.sporsmaal.first())
    naa, time = timezone.now(), datetime.timedelta(hours=1)
    merker = []
    for fra, til in ((naa + time, None), (naa - time, naa + time), (None, naa - time)):
        tankesmie.aapen_fra, tankesmie.aapen_til = fra, til
        merker.append(inngang.pad_state(tankesmie).merke)

    assert len(set(merker)) == 3


def test_opening_it_again_takes_away_a_time_that_is_out(client: Client):
    nettverk = NettverkFactory()
    tankesmie = _make(nettverk, aapen_til=timezone.now() - datetime.timedelta(days=1))
    client.force_login(koordinator(nettverk))

    client.post(_url("tankesmie_styr", nettverk, tankesmie.pk), {"handling": "gjenaapne"})

    tankesmie.refresh_from_db()
    assert (tankesmie.er_over, tankesmie.aapen_til) == (False, None)


def test_one_whose_time_was_out_long_ago_is_closed_by_itself():
    naa = timezone.now()
    nettverk = NettverkFactory()
    ute = _make(nettverk, aapen_til=naa - datetime.timedelta(days=1))
    nettopp = _make(nettverk, aapen_til=naa - datetime.timedelta(minutes=5))

    assert FremtidsbilderPortal().rydd(naa)["tankesmier_stengt"] == 1

    ute.refresh_from_db()
    nettopp.refresh_from_db()
    assert (ute.lukket is not None, nettopp.lukket) == (True, None)


# --- delete


def test_it_is_deleted_until_somebody_has_written(client: Client):
    nettverk = NettverkFactory()
    tom, brukt = _make(nettverk), _make(nettverk)
    BidragFactory(sporsmaal=brukt.sporsmaal.first())
    client.force_login(koordinator(nettverk))

    for tankesmie in (tom, brukt):
        client.post(_url("tankesmie_styr", nettverk, tankesmie.pk), {"handling": "fjern"})

    assert list(nettverk.tankesmier.all()) == [brukt]


def test_that_it_is_closed_is_said_once(client: Client):
    nettverk = NettverkFactory()
    tankesmie = _make(nettverk)
    client.force_login(koordinator(nettverk))

    svar = client.post(
        _url("tankesmie_styr", nettverk, tankesmie.pk), {"handling": "lukk"}, follow=True
    )

    assert svar.text.count("Tankesmia er stengt.") == 1


def test_a_leader_finds_what_the_unit_has_begun_on_its_page(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    siden = reverse("nettverk:enhet", args=[nettverk.slug, gruppe.enhet.referanse])
    her = {"nettverk": nettverk, "nivaa": "enhet", "enhet": gruppe.enhet}
    tankesmie = _make(nettverk, Hjemsted("enhet", enhet=gruppe.enhet))
    utkast = FremtidsbildeFactory(**her)
    ute = FremtidsbildeFactory(**her, publisert=True)
    adresser = [
        _url("tankesmie", nettverk, tankesmie.pk),
        _url("fremtidsbilde", nettverk, utkast.pk),
        _url("fremtidsbilde", nettverk, ute.pk),
    ]

    def found(person: Person) -> list[bool]:
        client.force_login(person)
        side = client.get(siden).text
        return [adresse in side for adresse in adresser]

    leder = enhetsleder(gruppe)
    assert found(leder) == [True, True, False]
    assert found(koordinator(nettverk)) == [False, False, False]
    styring.open_question(tankesmie.sporsmaal.first())
    assert found(leder) == [False, True, False]


# --- what is written


def test_the_wall_is_arranged_and_paper_typed_from_its_own_page(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    tankesmie = _make(nettverk, Hjemsted("enhet", enhet=gruppe.enhet))
    sporsmaal = tankesmie.sporsmaal.first()
    styring.open_question(sporsmaal)
    client.force_login(enhetsleder(gruppe))
    vegg = _url("tankesmie_vegg", nettverk, tankesmie.pk, sporsmaal.pk)

    client.post(
        _url("tankesmie_papir", nettverk, tankesmie.pk, sporsmaal.pk), {"tekst": "Skogen\nFjæra"}
    )
    kort = [b.pk for b in sporsmaal.bidrag.all()]
    svar = client.post(
        vegg,
        {"handling": "nytt", "navn": "Ute", "kort": kort},
        headers={"HX-Request": "true"},
    )

    assert svar.status_code == 200
    assert "Temaet «Ute» er laget." in svar.text
    assert {b.klynge.navn for b in sporsmaal.bidrag.all()} == {"Ute"}
    side = client.get(vegg)
    assert (side.status_code, "Skogen" in side.text) == (200, True)
    # Once in the crumbs on a wide page and once in the title of the window; the heading says what one does.
    innhold = side.text.split("<h1")[1]
    assert "Ordne veggen" in innhold
    assert tankesmie.tittel not in innhold
    slettet = client.post(vegg, {"handling": "slett", "kort": kort[:1]}, follow=True)
    assert "1 tekst er slettet." in slettet.text


def test_everything_said_is_taken_out_as_a_spreadsheet(client: Client):
    nettverk = NettverkFactory()
    tankesmie = _make(nettverk)
    BidragFactory(sporsmaal=tankesmie.sporsmaal.first(), tekst="Skogen")
    client.force_login(koordinator(nettverk))

    svar = client.get(_url("tankesmie_regneark", nettverk, tankesmie.pk))

    ark = openpyxl.load_workbook(io.BytesIO(svar.getvalue())).active
    rader = list(ark.iter_rows(values_only=True))
    assert next(rad for rad in rader if "Skogen" in rad)[0] == "Skolen vi vil ha"


def test_paper_is_asked_for_and_others_do_not_get_it(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    tankesmie = _make(nettverk, Hjemsted("enhet", enhet=gruppe.enhet))
    leder = enhetsleder(gruppe)
    client.force_login(leder)

    client.post(_url("tankesmie_ark", nettverk, tankesmie.pk), {"ark": "kodelapper"})

    jobb = Jobb.objects.get()
    assert (jobb.slag, jobb.bestilt_av) == ("fremtidsbilder.kodelapper", leder)
    assert client.get(reverse("nettverk:jobb", args=[nettverk.slug, jobb.pk])).status_code == 200
    client.force_login(kommuneansvarlig(nettverk, nettverk.kommuner().get()))
    assert client.get(reverse("nettverk:jobb", args=[nettverk.slug, jobb.pk])).status_code == 404


def test_whose_voices_there_are_is_counted_also_those_who_have_said_nothing(client: Client):
    nettverk = NettverkFactory()
    barn, foresatte, andre = (
        Stemmegruppe.objects.create(nettverk=nettverk, navn=navn, rekkefolge=nr)
        for nr, navn in enumerate(("Barn", "Foresatte", "Andre"))
    )
    tankesmie = _make(nettverk)
    tankesmie.grupper.set([barn, foresatte])
    sporsmaal = tankesmie.sporsmaal.first()
    BidragFactory(sporsmaal=sporsmaal, gruppe=barn, antall=18)
    BidragFactory(sporsmaal=sporsmaal, gruppe=barn)
    BidragFactory(sporsmaal=sporsmaal, gruppe=andre)
    BidragFactory(sporsmaal=sporsmaal)
    BidragFactory(sporsmaal=sporsmaal, gruppe=foresatte, skjult=True)
    BidragFactory(sporsmaal=tankesmie.sporsmaal.last(), gruppe=barn, tekst="")

    tall = [(g.navn, g.kort, g.stemmer) for g in egne.counts_by_group(tankesmie)]

    assert tall == [("Barn", 2, 19), ("Foresatte", 0, 0), ("Andre", 1, 1), ("Ikke sagt", 1, 1)]
    client.force_login(koordinator(nettverk))
    assert "19 stemmer" in client.get(_url("tankesmie", nettverk, tankesmie.pk)).text


# --- the list


def test_the_list_shows_what_one_leads_and_what_is_shared():
    nettverk, gruppe = nettverk_med_enhet()
    kommune = nettverk.kommuner().get()
    felles = _make(nettverk, deles=True, tittel="Felles")
    ikke_delt = _make(nettverk, tittel="Ikke delt")
    kommunens = _make(nettverk, Hjemsted("kommune", kommune=kommune), tittel="Kommunens")
    enhetens = _make(nettverk, Hjemsted("enhet", enhet=gruppe.enhet), tittel="Enhetens")
    stengt = _make(nettverk, lukket=timezone.now(), tittel="Ferdig")
    _make(NettverkFactory(), deles=True)

    def ser(person) -> dict[str, set[Tankesmie]]:
        klient = Client()
        klient.force_login(person)
        stand = klient.get(_url("tankesmie_list", nettverk)).context["stand"]
        return {navn: set(rader) for navn, rader in vars(stand).items() if rader}

    assert ser(enhetsleder(gruppe)) == {"egne": {enhetens}, "til_deling": {felles}}
    assert ser(kommuneansvarlig(nettverk, kommune)) == {
        "egne": {kommunens},
        "til_deling": {felles},
    }
    assert ser(koordinator(nettverk)) == {
        "egne": {felles, ikke_delt},
        "andre": {kommunens, enhetens},
        "ferdige": {stengt},
    }


def test_an_empty_list_tells_how(client: Client):
    nettverk = NettverkFactory()
    client.force_login(koordinator(nettverk))

    side = client.get(_url("tankesmie_list", nettverk)).text

    assert "Ingen tankesmier ennå" in side
    assert _url("tankesmie_ny", nettverk) in side


def test_the_list_and_the_page_ask_as_many_questions_however_many_there_are(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    client.force_login(koordinator(nettverk))
    tankesmie = _make(nettverk, deles=True)
    BidragFactory(sporsmaal=tankesmie.sporsmaal.first())

    def antall() -> list[int]:
        ut = []
        for adresse in (
            _url("tankesmie_list", nettverk),
            _url("tankesmie", nettverk, tankesmie.pk),
        ):
            client.get(adresse)
            with CaptureQueriesContext(
                connection,
            ) as sporringer:
                client.get(adresse)
            ut.append(len(sporringer))
        return ut

    foer = antall()
    for nr in range(3):
        annen = _make(nettverk, Hjemsted("enhet", enhet=gruppe.enhet), tittel=f"Nr. {nr}")
        Tankesmie.objects.filter(pk=annen.pk).update(kopi_av=tankesmie if nr == 0 else None)
        BidragFactory(sporsmaal=annen.sporsmaal.first())
        styring.add_question(tankesmie, tekst=f"Og {nr}?")

    assert antall() == foer


def test_one_comes_to_it_from_the_images_and_a_member_who_holds_none_does_not(client: Client):
    nettverk = NettverkFactory()
    adresse = reverse("fremtidsbilder:fremtidsbilde_list", args=[nettverk.slug])

    client.force_login(koordinator(nettverk))
    assert _url("tankesmie_list", nettverk) in client.get(adresse).text
    client.force_login(medlem(nettverk, gruppetype=Gruppe.Type.OPPVEKSTNETTVERK))
    assert _url("tankesmie_list", nettverk) not in client.get(adresse).text
    assert client.get(_url("tankesmie_list", nettverk)).status_code == 403


def test_a_gathering_leads_its_own(client: Client):
    nettverk = NettverkFactory()
    av_samling = styring.make(nettverk, tittel="På samlingen", sporsmaal=["Hva?"])
    client.force_login(koordinator(nettverk))

    assert client.get(_url("tankesmie", nettverk, av_samling.pk)).status_code == 404
    assert client.get(_url("tankesmie_list", nettverk)).context["stand"].egne == []


# --- the home page


def test_one_that_is_open_stands_on_the_home_page_of_those_who_hold_it():
    nettverk, gruppe = nettverk_med_enhet()
    tankesmie = _make(nettverk, Hjemsted("enhet", enhet=gruppe.enhet))
    leder = enhetsleder(gruppe)

    def venter(person) -> list[str]:
        roller = roller_for(person, nettverk)
        return [str(g.tittel) for g in gjoremaalene(roller) if "Skolen vi vil ha" in str(g.tittel)]

    foer = venter(leder)
    styring.open_question(tankesmie.sporsmaal.first())
    naa = venter(leder)
    styring.close(tankesmie)

    assert foer == []
    assert naa == ["Tankesmia «Skolen vi vil ha» er åpen"]
    assert venter(leder) == []
    styring.reopen(tankesmie)
    styring.open_question(tankesmie.sporsmaal.first())
    assert venter(koordinator(nettverk)) == []


def test_one_whose_time_has_come_without_a_question_asks_for_it():
    nettverk = NettverkFactory()
    _make(nettverk, aapen_fra=timezone.now() - datetime.timedelta(hours=1))

    roller = roller_for(koordinator(nettverk), nettverk)

    assert "Åpne et spørsmål i «Skolen vi vil ha»" in [str(g.tittel) for g in gjoremaalene(roller)]


def test_what_a_unit_has_begun_costs_the_same_with_one_and_three(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    client.force_login(enhetsleder(gruppe))
    adresse = reverse("nettverk:enhet", args=[nettverk.slug, gruppe.enhet.referanse])

    def cost(antall: int) -> int:
        for nr in range(antall):
            _make(nettverk, Hjemsted("enhet", enhet=gruppe.enhet), tittel=f"Påbegynt {antall}{nr}")
        client.get(adresse)
        with CaptureQueriesContext(connection) as spurt:
            svar = client.get(adresse)
        assert f"Påbegynt {antall}0" in svar.text
        return len(spurt)

    assert cost(1) == cost(2)
