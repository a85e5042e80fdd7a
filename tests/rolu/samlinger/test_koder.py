"""A participant's own code: «jeg er her», without signing in."""

import datetime
import re
from unittest.mock import patch

import pytest
import zxingcpp
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image, ImageDraw

from kommuner.gyldighet import periode
from nettverk.annullering import annul
from nettverk.side import kode as kode_
from nettverk.sikkerhet.feilkoder import FEIL_KODER
from rolu.models import Deltakelse, Deltakerkode, Gjest, Innsjekkhendelse, Samling
from rolu.samlinger import doer, koder, tilstand
from rolu.samlinger.dager import set_days
from rolu.samlinger.doer import Doerstand
from tests.kommuner.factories import LENGE_SIDEN
from tests.nettverk.factories import VervFactory, koordinator, nettverk_med_enhet
from tests.rolu.factories import DeltakelseFactory, ProgrampostFactory, SamlingFactory
from tests.samtidig import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    nettverk, gruppe = nettverk_med_enhet()
    return gruppe, SamlingFactory(nettverk=nettverk, i_dag=True, tittel="Høstsamlingen")


def kode_til(samling, gruppe, navn: str = "Kari Nes Nordmann") -> tuple[Deltakelse, str]:
    rad = DeltakelseFactory(samling=samling, verv=VervFactory(gruppe=gruppe, person__navn=navn))
    return rad, reverse("kode", args=[koder.code_of(samling, rad.verv.person)])


def moves(samling: Samling, fra: datetime.timedelta, til: datetime.timedelta) -> None:
    naa = timezone.now()
    Samling.objects.filter(pk=samling.pk).update(start=naa + fra, slutt=naa + til)


def test_a_code_is_one_for_each_person_and_cannot_be_guessed(scene):
    gruppe, samling = scene
    rad, _adresse = kode_til(samling, gruppe)

    kode = koder.code_of(samling, rad.verv.person)

    assert kode == koder.code_of(samling, rad.verv.person)
    assert len(kode) == 8
    assert set(kode) <= set(kode_.ALFABET)
    assert not set(kode_.ALFABET) & set("01OIL")
    assert len(kode_.ALFABET) ** kode_.LENGDE > 10**11
    assert Deltakerkode.objects.count() == 1


def test_one_press_says_i_am_here_and_shows_the_programme(scene, client):
    gruppe, samling = scene
    ProgrampostFactory(samling=samling, tittel="Velkommen")
    rad, adresse = kode_til(samling, gruppe)

    side = client.get(adresse)
    assert side.status_code == 200
    assert "Hei, Kari!" in side.text
    assert "Nordmann" not in side.text, "no more than the first name"
    assert "Høstsamlingen" in side.text
    rad.refresh_from_db()
    assert rad.moett is None, "looking is not meeting"

    etter = client.post(adresse, follow=True)
    assert "Takk, Kari. Du er registrert." in etter.text
    assert "Velkommen" in etter.text
    rad.refresh_from_db()
    assert rad.moett
    assert (rad.moett_registrert_av, Innsjekkhendelse.objects.get().av) == (None, None)


def test_a_code_used_twice_says_that_one_is_in(scene, client):
    gruppe, samling = scene
    rad, adresse = kode_til(samling, gruppe)
    client.post(adresse)
    rad.refresh_from_db()
    foerst = rad.moett

    igjen = client.post(adresse, follow=True)

    assert igjen.status_code == 200
    assert "Du er registrert" in igjen.text
    rad.refresh_from_db()
    assert rad.moett == foerst
    assert Innsjekkhendelse.objects.count() == 1


def test_a_code_used_by_another_is_the_codes_owner_and_leaves_the_other_alone(scene, client):
    gruppe, samling = scene
    rad, adresse = kode_til(samling, gruppe)
    annen, _adresse = kode_til(samling, gruppe, "Per Dal")
    client.force_login(annen.verv.person)

    client.post(adresse)

    rad.refresh_from_db()
    annen.refresh_from_db()
    assert (bool(rad.moett), annen.moett) == (True, None)


@pytest.mark.parametrize(
    ("klokka", "stand"),
    [
        ("06:59", Doerstand.TIDLIG),
        ("07:00", Doerstand.AAPEN),
        ("14:59", Doerstand.AAPEN),
        ("15:00", Doerstand.SENT),
    ],
)
def test_a_code_works_from_two_hours_before_until_the_end(scene, klokka, stand):
    gruppe, _samling = scene
    samling = SamlingFactory(nettverk=gruppe.nettverk, publisert_=True)  # 9 to 15
    rad, _adresse = kode_til(samling, gruppe)
    tid = datetime.datetime.combine(samling.dato, datetime.time.fromisoformat(klokka))

    svar = doer.look_up(koder.code_of(samling, rad.verv.person), naa=timezone.make_aware(tid))

    assert svar.stand == stand


@pytest.mark.parametrize(
    ("naar", "status", "tekst"),
    [("publisert_", 200, "har ikke åpnet"), ("avholdt", 410, "Innsjekken er stengt")],
)
def test_too_early_and_too_late_have_a_page_each(scene, client, naar, status, tekst):
    gruppe, _samling = scene
    rad, adresse = kode_til(SamlingFactory(nettverk=gruppe.nettverk, **{naar: True}), gruppe)

    for svar in (client.get(adresse), client.post(adresse)):
        assert (svar.status_code, tekst in svar.text) == (status, True)
    rad.refresh_from_db()
    assert rad.moett is None


@pytest.mark.parametrize(
    ("stand", "status", "tekst"),
    [
        (Samling.Status.AVLYST, 410, "Samlingen er avlyst"),
        (Samling.Status.OPPSUMMERING, 410, "Innsjekken er stengt"),
        (Samling.Status.LAAST, 410, "Innsjekken er stengt"),
        (Samling.Status.UTKAST, 404, "Vi kjenner ikke koden"),
    ],
)
def test_a_code_of_a_gathering_that_is_not_open_tells_why(scene, client, stand, status, tekst):
    gruppe, samling = scene
    rad, adresse = kode_til(samling, gruppe)
    Samling.objects.filter(pk=samling.pk).update(status=stand)

    for svar in (client.get(adresse), client.post(adresse)):
        assert (svar.status_code, tekst in svar.text) == (status, True)
    rad.refresh_from_db()
    assert rad.moett is None


@pytest.mark.parametrize("kode", ["BBBBBBBB", "tull", "a" * 60])
def test_a_wrong_code_is_nobodys(client, kode):
    svar = client.get(reverse("kode", args=[kode]))

    assert svar.status_code == 404
    assert "Vi kjenner ikke koden" in svar.text


def test_a_code_is_read_as_it_is_written_on_paper(scene, client):
    gruppe, samling = scene
    rad, _adresse = kode_til(samling, gruppe)
    kode = koder.code_of(samling, rad.verv.person)

    assert client.get(f"/i/{kode_.shown(kode).lower()}/").status_code == 200


def test_many_wrong_codes_are_stopped_and_a_right_one_is_let_in_all_the_same(scene, client):
    gruppe, samling = scene
    rad, adresse = kode_til(samling, gruppe)

    for _ in range(FEIL_KODER.antall + 5):
        assert client.get(adresse).status_code == 200
    for _ in range(FEIL_KODER.antall):
        assert client.get("/i/BBBBBBBB/").status_code == 404

    feil = [client.get(f"/i/{kode}/") for kode in ("BBBBBBBB", "CCCCCCCC", "tull")]
    assert [svar.status_code for svar in feil] == [429] * 3
    assert all("prøvd for mange koder" in svar.text for svar in feil)
    assert client.get(adresse).status_code == 200
    assert client.post(adresse).status_code == 302
    rad.refresh_from_db()
    assert rad.moett


@pytest.mark.django_db(transaction=True)
def test_many_wrong_codes_at_once_are_no_more_than_one_by_one():
    nettverk, gruppe = nettverk_med_enhet()
    _rad, adresse = kode_til(SamlingFactory(nettverk=nettverk, i_dag=True), gruppe)
    for _ in range(FEIL_KODER.antall - 3):
        Client().get("/i/BBBBBBBB/")

    svar = at_once(
        *[lambda: Client().get("/i/BBBBBBBB/").status_code] * 9,
        *[lambda: Client().get(adresse).status_code] * 3,
    )

    assert sorted(svar[:9]) == [404] * 3 + [429] * 6
    assert svar[9:] == [200] * 3


def _row_is_gone(rad):
    Deltakelse.objects.all().delete()


def _verv_has_ended(rad):
    annul(rad.verv, by=koordinator(rad.samling.nettverk))


def _ended_yesterday(rad):
    rad.verv.gyldig = periode(LENGE_SIDEN, timezone.localdate())
    rad.verv.save()


def _another_comes(rad):
    Deltakelse.objects.update(status=Deltakelse.Status.AVMELDT)
    Gjest.objects.create(samling=rad.samling, for_verv=rad.verv, navn="Vigdis Vara")


def _waits(rad):
    Deltakelse.objects.update(status=Deltakelse.Status.VENTER)


def _may_not_sign_in(rad):
    rad.verv.person.is_active = False
    rad.verv.person.save()


@pytest.mark.parametrize(
    "mister",
    [
        _row_is_gone,
        _verv_has_ended,
        _ended_yesterday,
        _another_comes,
        _waits,
        _may_not_sign_in,
    ],
)
def test_who_has_no_place_is_told_to_go_to_the_desk_and_no_name(scene, client, mister):
    gruppe, samling = scene
    rad, adresse = kode_til(samling, gruppe)
    mister(rad)
    foer = list(Deltakelse.objects.values_list())

    for svar in (client.get(adresse), client.post(adresse)):
        assert (svar.status_code, "Gå til skranken" in svar.text) == (409, True)
        assert not {"Nordmann", "Vigdis"} & set(svar.text.replace(".", " ").split())
    assert list(Deltakelse.objects.values_list()) == foer
    assert not Innsjekkhendelse.objects.exists()


def test_who_loses_the_place_between_the_look_and_the_press_is_not_ticked_in(scene):
    gruppe, samling = scene
    rad, _adresse = kode_til(samling, gruppe)
    kode = koder.code_of(samling, rad.verv.person)
    holder = doer.writing

    def taken_meanwhile(samling):
        _another_comes(rad)
        return holder(samling)

    with patch("rolu.samlinger.doer.writing", taken_meanwhile):
        svar = doer.use(kode)

    assert svar.stand == Doerstand.SKRANKEN
    assert not Innsjekkhendelse.objects.exists()


def test_the_code_goes_with_the_draft(scene):
    gruppe, _samling = scene
    samling = SamlingFactory(nettverk=gruppe.nettverk, publisert_=True)
    kode_til(samling, gruppe)

    tilstand.take_back(samling, fra=samling.status, by=koordinator(samling.nettverk))

    assert not Deltakerkode.objects.exists()


def test_a_guest_has_a_code_too(scene, client):
    _gruppe, samling = scene
    gjest = Gjest.objects.create(samling=samling, navn="Gro Gjest")

    client.post(reverse("kode", args=[koder.codes_of(samling, [], [gjest.pk])[1][gjest.pk]]))

    gjest.refresh_from_db()
    assert gjest.moett


@pytest.mark.parametrize("status", ["avmeldt", "venter"])
def test_a_guest_without_a_place_is_told_to_go_to_the_desk(scene, client, status):
    gruppe, samling = scene
    gjest = Gjest.objects.create(
        samling=samling, for_verv=VervFactory(gruppe=gruppe), navn="Per Vara", status=status
    )

    svar = client.post(reverse("kode", args=[koder.codes_of(samling, [], [gjest.pk])[1][gjest.pk]]))

    assert svar.status_code == 409
    assert "Gå til skranken" in svar.text
    gjest.refresh_from_db()
    assert (gjest.status, gjest.moett) == (status, None)


def test_the_same_code_works_again_the_next_day(scene, client):
    gruppe, samling = scene
    idag = timezone.localdate()
    hele = (datetime.time(0), datetime.time(23, 59))
    set_days(samling, [(idag - datetime.timedelta(days=1), *hele), (idag, *hele)])
    rad, adresse = kode_til(samling, gruppe)

    client.post(adresse)

    assert [d.dato for d in rad.dagsoppmoeter.all()] == [idag]
    assert "Du er registrert" in client.get(adresse).text


def test_codes_of_many_are_made_once(scene):
    gruppe, samling = scene
    folk = [kode_til(samling, gruppe, f"Dal {n}")[0].verv.person_id for n in range(3)]
    ny = DeltakelseFactory(samling=samling, verv=VervFactory(gruppe=gruppe)).verv.person_id
    gjest = Gjest.objects.create(samling=samling, navn="Gro")

    personer, gjester = koder.codes_of(samling, [*folk, ny], [gjest.pk])
    igjen, _gjester = koder.codes_of(samling, [*folk, ny], [gjest.pk])

    assert personer == igjen
    assert len(set(personer.values())) == 4
    assert list(gjester) == [gjest.pk]


def test_only_the_codes_that_are_asked_for_are_read(scene, django_assert_num_queries):
    gruppe, samling = scene
    ane, _bo = (kode_til(samling, gruppe, navn)[0].verv.person_id for navn in ("Ane", "Bo"))

    with django_assert_num_queries(1):
        personer, gjester = koder.codes_of(samling, [ane])

    assert list(personer) == [ane]
    assert gjester == {}


def test_the_picture_of_a_code_is_read_as_its_address(scene):
    tegning = koder.qr("BCDF2345")
    alt = int(re.search(r'viewBox="-2 -2 (\d+) \1"', tegning)[1])
    streker = re.findall(r"M(\d+) (\d+)\.5h(\d+)", tegning)
    stor = 8  # picture points to a square
    bilde = Image.new("L", (alt * stor, alt * stor), "white")
    for x, y, lengde in (map(int, strek) for strek in streker):
        fra = [stor * (x + kode_.RAND), stor * (y + kode_.RAND)]
        til = [fra[0] + stor * lengde - 1, fra[1] + stor - 1]
        ImageDraw.Draw(bilde).rectangle(fra + til, fill="black")

    assert zxingcpp.read_barcode(bilde).text == koder.address("BCDF2345")
    assert koder.address("BCDF2345").endswith("/i/BCDF2345/")
    assert "<title>QR-kode til innsjekk</title>" in tegning


def test_the_code_is_shown_the_day_before_and_on_the_day(scene):
    gruppe, samling = scene
    rad, _adresse = kode_til(samling, gruppe)
    person = rad.verv.person

    def vises(dager: int) -> bool:
        dag = datetime.timedelta(days=dager)
        moves(samling, dag, dag + datetime.timedelta(minutes=1))
        return bool(doer.own_code(Samling.objects.get(pk=samling.pk), person))

    assert [vises(n) for n in (-1, 0, 1, 2)] == [False, True, True, False]


def test_codes_are_gone_some_time_after(scene):
    gruppe, samling = scene
    kode_til(samling, gruppe)
    naa = timezone.now()

    assert koder.purge(naa) == 0
    assert koder.purge(naa + datetime.timedelta(days=32)) == 1
