"""A desk that works without network: the names it keeps, and what it sends afterwards, once or twice or too late."""

import datetime
import json
import re
import uuid
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from nettverk.filer.utlevering import EKSPORT
from nettverk.models import Nettverk, Person, Sikkerhetshendelse
from nettverk.skriving.konflikt import KanIkke
from rolu.models import Dagsoppmoete, Deltakelse, Gjest, Innsjekkhendelse, Samling
from rolu.samlinger import innsjekk, skrankebok, skrankerull, skrankesok, skranketall, tilstand
from rolu.samlinger.dager import days, set_days
from rolu.samlinger.skrankebok import Skrankehendelse
from tests.nettverk.factories import (
    GruppeFactory,
    PersonFactory,
    VervFactory,
    enhetsleder,
    koordinator,
    nettverk_med_enhet,
)
from tests.rolu.factories import DeltakelseFactory, SamlingFactory
from tests.samtidig import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    nettverk, gruppe = nettverk_med_enhet()
    return nettverk, gruppe, SamlingFactory(nettverk=nettverk, i_dag=True)


def ventet(samling, gruppe, navn: str, **mer) -> Deltakelse:
    verv = VervFactory(gruppe=gruppe, person__navn=navn)
    return DeltakelseFactory(samling=samling, verv=verv, kommune=gruppe.enhet.kommune_per(), **mer)


def url(navn: str, samling: Samling) -> str:
    return reverse(f"rolu:{navn}", args=[samling.nettverk.slug, samling.pk])


def moett(person: int | None = None, *, handling: str = "moett", minutter: int = 0, **mer):
    """An event as a desk keeps it, so many minutes ago."""
    tid = timezone.now() - datetime.timedelta(minutes=minutter)
    rad = {"id": str(uuid.uuid4()), "handling": handling, "tid": tid.isoformat(), **mer}
    return rad | ({"person": person} if person else {})


def send(client: Client, samling: Samling, *rader):
    return client.post(
        url("innsjekk_hendelser", samling), json.dumps(rader), content_type="application/json"
    )


@pytest.fixture
def desk(client, scene) -> Client:
    client.force_login(koordinator(scene[0]))
    return client


# --- the names


def test_a_desk_gets_its_names_once_with_the_key_they_lie_under(desk, scene):
    _nettverk, gruppe, samling = scene
    ventet(samling, gruppe, "Ane Dal", moett_=True)
    rad = ventet(samling, gruppe, "Bo Dal")
    Gjest.objects.create(samling=samling, navn="Gro Gjest", fra="Statped")

    svar = desk.get(url("innsjekk_navn", samling))

    assert svar["Cache-Control"] == "private, no-store"
    data = svar.json()
    assert [(f[1], bool(f[5])) for f in data["folk"]] == [
        ("Ane Dal", True),
        ("Bo Dal", False),
        ("Gro Gjest", False),
    ]
    assert data["folk"][1][0] == f"p{rad.verv.person_id}"
    igjen = desk.get(url("innsjekk_navn", samling)).json()
    assert igjen["noekkel"] == data["noekkel"]
    assert len(data["noekkel"]) == 44


def test_it_is_written_down_that_a_desk_took_the_names(desk, scene):
    nettverk, gruppe, samling = scene
    for navn in ("Ane Dal", "Bo Dal"):
        ventet(samling, gruppe, navn)

    nr = desk.get(url("innsjekk_navn", samling)).json()["nr"]
    desk.get(url("innsjekk_navn", samling), {"etter": nr})

    [hendelse] = Sikkerhetshendelse.objects.filter(slag=EKSPORT)
    assert hendelse.nettverk == nettverk
    assert (hendelse.opplysninger["hva"], hendelse.opplysninger["rader"]) == ("rolu.skranke", 2)


def test_a_desk_is_told_what_other_desks_have_done_and_204_when_it_is_nothing(desk, scene):
    nettverk, gruppe, samling = scene
    rad = ventet(samling, gruppe, "Ane Dal")
    ventet(samling, gruppe, "Bo Dal")
    navn = desk.get(url("innsjekk_navn", samling)).json()
    nr, stand = navn["nr"], navn["stand"]
    siden = {"etter": nr, "stand": stand}
    assert desk.get(url("innsjekk_navn", samling), siden).status_code == 204

    innsjekk.check_in(samling, person=rad.verv.person, by=koordinator(nettverk))

    nytt = desk.get(url("innsjekk_navn", samling), siden).json()
    assert [(f[1], bool(f[5])) for f in nytt["folk"]] == [("Ane Dal", True)]
    siden = {"etter": nytt["nr"], "stand": nytt["stand"]}
    assert desk.get(url("innsjekk_navn", samling), siden).status_code == 204


def test_a_desk_is_told_that_others_are_expected_or_have_answered_but_not_by_a_tick(
    desk, scene, django_assert_num_queries
):
    nettverk, gruppe, samling = scene
    by = koordinator(nettverk)
    rad, bo = ventet(samling, gruppe, "Ane Dal"), ventet(samling, gruppe, "Bo Dal", status="venter")
    gro = Gjest.objects.create(samling=samling, navn="Gro", fra="Statped")
    uinvitert = VervFactory(gruppe=gruppe, person__navn="Cato Dal").person
    adresse = url("innsjekk_navn", samling)
    siden = {n: v for n, v in desk.get(adresse).json().items() if n in ("nr", "stand", "rull")}

    def is_told() -> bool:
        """The mark is another; the desk then keeps the new one."""
        svar = desk.get(adresse, {"etter": timezone.now(), **siden})
        foer, siden["rull"] = siden["rull"], desk.get(adresse).json()["rull"]
        assert (svar.status_code == 204) == (foer == siden["rull"])
        return svar.status_code != 204 and svar.json()["rull"] == siden["rull"]

    assert not is_told()
    innsjekk.check_in(samling, person=rad.verv.person, by=by)
    innsjekk.check_in_guest(samling, gjest=gro, by=by)
    innsjekk.check_in(samling, person=uinvitert, by=by)
    innsjekk.undo(samling, person=rad.verv.person, by=by)
    ny = innsjekk.add_guest(samling, noekkel=uuid.uuid4(), navn="Siri", by=by)
    innsjekk.undo_guest(samling, gjest=ny, by=by)
    assert not is_told(), "what is done at a desk is told by its log"

    Deltakelse.objects.filter(pk=bo.pk).update(status="paameldt")
    assert is_told(), "a place was free, and when they answered is as it was"
    Deltakelse.objects.filter(pk=bo.pk).update(dager=[timezone.localdate()])
    assert is_told()
    ventet(samling, gruppe, "Dina Dal")
    assert is_told()
    Gjest.objects.filter(pk=gro.pk).update(status="avmeldt")
    assert is_told()
    Gjest.objects.create(samling=samling, navn="Vara")
    assert is_told()
    with django_assert_num_queries(2):
        skranketall.roll_mark(samling)


@pytest.mark.parametrize("flere", [False, True])
def test_a_desk_is_told_that_its_gathering_is_at_another_time(desk, scene, flere):
    _nettverk, _gruppe, samling = scene
    i_dag, dag = timezone.localdate(), datetime.timedelta(days=1)
    sju, aatte, fire = datetime.time(7), datetime.time(8), datetime.time(16)
    if flere:
        set_days(samling, [(i_dag, sju, fire), (i_dag + dag, sju, fire)])

    def stand() -> str:
        return desk.get(url("innsjekk_navn", samling)).json()["stand"]

    foer = stand()
    assert stand() == foer
    if flere:
        set_days(samling, [(i_dag, sju, fire), (i_dag + dag, aatte, fire)])
        senere = stand()
        assert senere != foer, "another time of a day"
        set_days(samling, [(i_dag, sju, fire), (i_dag + 2 * dag, aatte, fire)])
        assert stand() != senere, "another date, and as many days"
    else:
        Samling.objects.filter(pk=samling.pk).update(
            start=samling.start + dag, slutt=samling.slutt + dag
        )
        assert stand() != foer
    svar = desk.get(url("innsjekk_navn", samling), {"etter": timezone.now(), "stand": foer})
    assert svar.json()["stand"] == stand()


def test_a_desk_that_was_made_ready_the_evening_before_knows_when_it_opens(desk, scene):
    samling = SamlingFactory(nettverk=scene[0], publisert_=True)
    navn = desk.get(url("innsjekk_navn", samling)).json()
    assert navn["stengt"] == ""
    dag, sagt = navn["aapner"]
    assert dag == samling.dato.isoformat()
    assert sagt == skrankebok.opens_on(samling.dato)

    Samling.objects.filter(pk=samling.pk).update(status=Samling.Status.AVLYST)
    assert desk.get(url("innsjekk_navn", samling)).json()["stengt"] == "Samlingen er avlyst."


def test_a_desk_is_told_what_came_by_a_clock_that_is_behind(desk, scene):
    nettverk, gruppe, samling = scene
    ane, bo = (ventet(samling, gruppe, navn).verv.person for navn in ("Ane Dal", "Bo Dal"))
    by = koordinator(nettverk)
    nr = desk.get(url("innsjekk_navn", samling)).json()["nr"]
    for person, minutter in ((ane, 5), (bo, 10)):
        bak = timezone.now() - datetime.timedelta(minutes=minutter)

        with patch("rolu.samlinger.innsjekk.timezone.now", return_value=bak):
            innsjekk.check_in(samling, person=person, by=by)

        nytt = desk.get(url("innsjekk_navn", samling), {"etter": nr}).json()
        assert [f[1] for f in nytt["folk"]] == [person.navn]
        nr = nytt["nr"]


def test_a_desk_is_told_who_is_no_longer_on_the_list(desk, scene):
    nettverk, gruppe, samling = scene
    by = koordinator(nettverk)
    person = enhetsleder(gruppe)
    innsjekk.check_in(samling, person=person, by=by)
    gjest = innsjekk.add_guest(samling, noekkel=uuid.uuid4(), navn="Gro", by=by)
    nr = desk.get(url("innsjekk_navn", samling)).json()["nr"]

    innsjekk.undo(samling, person=person, by=by)
    innsjekk.undo_guest(samling, gjest=gjest, by=by)

    nytt = desk.get(url("innsjekk_navn", samling), {"etter": nr}).json()
    assert (nytt["folk"], nytt["borte"]) == ([], [f"g{gjest.pk}", f"p{person.pk}"])


def test_a_desk_finds_others_of_the_network(to_dager, desk):
    _nettverk, gruppe, samling = to_dager
    leder = enhetsleder(gruppe)

    folk = desk.get(url("innsjekk_navn", samling), {"q": leder.navn}).json()["folk"]

    assert [(rad[0], rad[4], len(rad)) for rad in folk] == [(f"p{leder.pk}", "ny", 8)]


def test_the_names_are_for_those_who_run_the_desk(client, scene):
    _nettverk, gruppe, samling = scene
    client.force_login(enhetsleder(gruppe))

    assert client.get(url("innsjekk_navn", samling)).status_code == 403
    assert send(client, samling, moett(1)).status_code == 403


def test_the_page_a_browser_keeps_is_the_same_for_all(client, scene):
    nettverk, _gruppe, _samling = scene
    uten = client.get(reverse("skranke_skall", args=["nb"])).content
    client.force_login(koordinator(nettverk))
    med = client.get(reverse("skranke_skall", args=["nb"])).content

    assert uten == med
    assert b"csrf" not in med
    assert client.get(reverse("skranke_skall", args=["tull"])).status_code == 404
    arbeider = client.get(reverse("skranke_arbeider"))
    assert arbeider["Service-Worker-Allowed"] == "/"


def test_a_desk_asks_as_many_questions_with_few_and_many(desk, scene, django_assert_num_queries):
    _nettverk, gruppe, samling = scene
    for antall in (1, 4):
        for n in range(antall):
            ventet(samling, gruppe, f"Dal {antall} {n}")
        desk.get(url("innsjekk_navn", samling))
        with django_assert_num_queries(10):
            desk.get(url("innsjekk_navn", samling))


# --- what is sent


def test_what_is_sent_is_taken_and_what_is_sent_again_counts_once(desk, scene):
    _nettverk, gruppe, samling = scene
    rad = ventet(samling, gruppe, "Ane Dal")
    hendelse = moett(rad.verv.person_id, minutter=10)

    svar = [send(desk, samling, hendelse) for _ in range(3)]

    assert [s.json() for s in svar] == [{"svar": {hendelse["id"]: ""}}] * 3
    rad.refresh_from_db()
    assert rad.moett.isoformat() == datetime.datetime.fromisoformat(hendelse["tid"]).isoformat()
    assert Innsjekkhendelse.objects.count() == 1


def test_a_bad_row_stops_no_other_and_is_told_why(desk, scene):
    _nettverk, gruppe, samling = scene
    god = moett(ventet(samling, gruppe, "Ane Dal").verv.person_id)
    fremmed = moett(koordinator(nettverk_med_enhet()[0]).pk)
    uten_person, rar_tid = moett(), moett(1) | {"tid": "i går"}

    svar = send(desk, samling, fremmed, uten_person, rar_tid, god, "tull", 7).json()["svar"]

    assert svar[god["id"]] == ""
    assert svar[fremmed["id"]] == "Vi fant ikke personen. Søk på nytt."
    assert svar[uten_person["id"]] == svar[rar_tid["id"]] == "Registreringen kunne ikke brukes."
    assert skranketall.totals(samling)["moett_antall"] == 1


@pytest.mark.parametrize(
    "felt",
    [
        {"id": "x"},
        {"id": None},
        {"tid": "0001-01-01T00:00:00+14:00"},
        {"tid": "9999-12-31T23:59:59-14:00"},
        {"person": 10**30},
        {"person": -1},
        {"person": [1]},
        {"handling": "alt"},
        {"dag": "2026-02-31"},
        {"handling": "gjest", "navn": "\x00"},
        {"handling": "gjest", "navn": "\ud800"},
        {"handling": "gjest", "navn": "Gro", "vara_for": 10**12},
        {"gjest": 1},
        {"gjelder": str(uuid.uuid4())},
    ],
)
def test_strange_values_are_refused_and_nothing_is_written(desk, scene, felt):
    _nettverk, gruppe, samling = scene
    rad = moett(ventet(samling, gruppe, "Ane Dal").verv.person_id) | felt

    svar = send(desk, samling, rad)

    assert svar.status_code == 200
    assert all(svar.json()["svar"].values())
    assert not Innsjekkhendelse.objects.exists()
    assert not Gjest.objects.exists()


@pytest.mark.parametrize("kropp", ["", "tull", "{}", "[]", "[" * 100_000, json.dumps([1] * 51)])
def test_what_is_no_list_of_events_is_refused(desk, scene, kropp):
    svar = desk.post(url("innsjekk_hendelser", scene[2]), kropp, content_type="application/json")

    assert svar.status_code == 422


def test_of_two_things_the_one_done_last_holds_whichever_came_first(desk, scene):
    _nettverk, gruppe, samling = scene
    pk = ventet(samling, gruppe, "Ane Dal").verv.person_id

    send(desk, samling, moett(pk, handling="angre", minutter=5))
    send(desk, samling, moett(pk, minutter=20))
    assert skranketall.totals(samling)["moett_antall"] == 0

    send(desk, samling, moett(pk, minutter=1))
    assert skranketall.totals(samling)["moett_antall"] == 1


def test_what_a_clock_that_is_behind_cannot_change_is_refused_with_a_reason(desk, scene):
    _nettverk, gruppe, samling = scene
    pk = ventet(samling, gruppe, "Ane Dal").verv.person_id
    gjest = Gjest.objects.create(samling=samling, navn="Gro Gjest").pk
    send(desk, samling, moett(pk), moett(gjest=gjest))
    angret = [
        moett(pk, handling="angre", minutter=5),
        moett(gjest=gjest, handling="angre", minutter=5),
    ]
    igjen = moett(pk, minutter=5)

    svar = send(desk, samling, *angret, igjen).json()["svar"]

    assert all(svar[h["id"]].startswith("Noen har endret dette etterpå") for h in angret)
    assert svar[igjen["id"]] == "", "it is so already"
    assert skranketall.totals(samling)["moett_antall"] == 2


@pytest.mark.parametrize("stand", [Samling.Status.PAAGAAR, Samling.Status.OPPSUMMERING])
@pytest.mark.parametrize("tid", ["1901-01-02T09:00:00+01:00", "2019-11-24T09:00:00+01:00", None])
def test_what_is_said_to_be_done_before_the_gathering_is_refused(desk, scene, stand, tid):
    _nettverk, gruppe, samling = scene
    Samling.objects.filter(pk=samling.pk).update(status=stand)
    rad = ventet(samling, gruppe, "Ane Dal")
    naar = tid or (samling.start - datetime.timedelta(days=1, seconds=1)).isoformat()

    hendelse = moett(rad.verv.person_id) | {"tid": naar}
    svar = send(desk, samling, hendelse).json()["svar"]

    assert svar[hendelse["id"]].startswith("Klokka på maskinen går feil")
    rad.refresh_from_db()
    assert rad.moett is None
    assert not Innsjekkhendelse.objects.exists()


def test_a_clock_that_is_ahead_does_not_win_for_ever(desk, scene):
    _nettverk, gruppe, samling = scene
    pk = ventet(samling, gruppe, "Ane Dal").verv.person_id

    send(desk, samling, moett(pk, minutter=-600))
    send(desk, samling, moett(pk, handling="angre"))

    assert skranketall.totals(samling)["moett_antall"] == 0


def test_the_key_of_another_gathering_is_refused(desk, scene):
    nettverk, gruppe, samling = scene
    annen = SamlingFactory(nettverk=nettverk, i_dag=True)
    hendelse = moett(ventet(samling, gruppe, "Ane Dal").verv.person_id)
    send(desk, samling, hendelse)

    assert send(desk, annen, hendelse).json()["svar"][hendelse["id"]]
    assert not Deltakelse.objects.filter(samling=annen).exists()


def test_a_guest_written_down_without_network_can_be_undone_without_network(desk, scene):
    samling = scene[2]
    ny = moett(handling="gjest", navn="Gro Gjest", fra="Statped")
    angret = moett(handling="angre", gjelder=ny["id"])

    svar = send(desk, samling, ny).json()["svar"]
    assert svar == {ny["id"]: ""}
    assert skranketall.totals(samling)["moett_antall"] == 1

    send(desk, samling, ny, angret)
    assert skranketall.totals(samling)["moett_antall"] == 0
    assert skrankesok.guests(samling) == [], "written down by mistake: off the list"


@pytest.mark.django_db(transaction=True)
def test_twenty_desks_at_once_tick_the_same_person_once():
    nettverk, gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, i_dag=True)
    pk = ventet(samling, gruppe, "Ane Dal").verv.person_id
    by = PersonFactory()

    def desk():
        hendelse = Skrankehendelse(uuid.uuid4(), "moett", timezone.now(), person=pk)
        return list(innsjekk.register(samling, [hendelse], by=by).values())

    svar = at_once(*[desk] * 20)

    assert svar == [[""]] * 20
    assert skranketall.totals(samling)["moett_antall"] == 1
    assert Innsjekkhendelse.objects.count() == 20


@pytest.mark.django_db(transaction=True)
def test_the_same_list_from_two_tabs_at_once_counts_once():
    nettverk, gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, i_dag=True)
    rader = [ventet(samling, gruppe, f"Dal {n}") for n in range(5)]
    by = PersonFactory()
    hendelser = [
        Skrankehendelse(uuid.uuid4(), "moett", timezone.now(), person=r.verv.person_id)
        for r in rader
    ]

    svar = at_once(*[lambda: innsjekk.register(samling, hendelser, by=by)] * 2)

    assert svar == [{h.id: "" for h in hendelser}] * 2
    assert Innsjekkhendelse.objects.count() == 5


def test_a_session_that_is_gone_is_led_to_sign_in_and_takes_nothing(client, scene):
    _nettverk, gruppe, samling = scene
    rad = ventet(samling, gruppe, "Ane Dal")

    svar = send(client, samling, moett(rad.verv.person_id))

    assert svar.status_code == 302
    assert not Innsjekkhendelse.objects.exists()


def test_signing_out_empties_a_browser_that_has_kept_names(desk, scene):
    desk.get(url("innsjekk_navn", scene[2]))

    svar = desk.post(reverse("account_logout"))

    assert svar["Clear-Site-Data"] == '"cache", "storage"'


def test_signing_out_leaves_other_browsers_alone(client, scene):
    client.force_login(koordinator(scene[0]))

    assert "Clear-Site-Data" not in client.post(reverse("account_logout"))


# --- when the gathering is not open


def test_the_desk_opens_on_the_day(desk, scene):
    nettverk, gruppe, _samling = scene
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    hendelse = moett(ventet(samling, gruppe, "Ane Dal").verv.person_id)

    svar = send(desk, samling, hendelse).json()["svar"]

    assert svar[hendelse["id"]].startswith("Innsjekken åpner ")
    assert skrankebok.opens_on(samling.dato) in desk.get(url("innsjekk", samling)).text
    assert "Innsjekken åpner " in desk.get(url("innsjekk", samling)).text


def test_what_was_ticked_before_the_end_is_taken_after_it_until_it_is_locked(desk, scene):
    nettverk, gruppe, samling = scene
    folk = [ventet(samling, gruppe, f"Dal {n}").verv.person_id for n in range(3)]
    foer = [moett(pk, minutter=30) for pk in folk]
    by = koordinator(nettverk)
    tilstand.finish(samling, by=by)

    etter = moett(folk[1])
    svar = send(desk, samling, foer[0], etter).json()["svar"]

    assert svar[foer[0]["id"]] == ""
    assert svar[etter["id"]] == "Samlingen er avsluttet, så innsjekken er stengt."
    tilstand.lock(samling, by=by)
    svar = send(desk, samling, foer[0], foer[2]).json()["svar"]
    assert svar[foer[0]["id"]] == "", "taken before: the answer was lost on the way"
    assert "låst" in svar[foer[2]["id"]]
    assert skranketall.totals(samling)["moett_antall"] == 1
    side = desk.get(url("innsjekk", samling)).text
    assert 'value="moett"' not in side.split('id="skranke-ord"')[0]


def test_a_gathering_that_is_reopened_has_an_open_desk(scene):
    nettverk, gruppe, samling = scene
    rad = ventet(samling, gruppe, "Ane Dal")
    by = koordinator(nettverk)
    tilstand.finish(samling, by=by)
    tilstand.take_back(samling, fra=Samling.Status.OPPSUMMERING, by=by)
    samling.refresh_from_db()

    assert innsjekk.closed(samling) == ""
    assert innsjekk.check_in(samling, person=rad.verv.person, by=by)


# --- guests


def test_a_guest_is_added_by_a_form_found_counted_and_undone(desk, scene):
    samling = scene[2]
    felt = {"navn": "Gro Gjest", "fra": "Statped", "noekkel": str(uuid.uuid4())}

    svar = [desk.post(url("innsjekk", samling), felt) for _ in range(2)]

    gjest = Gjest.objects.get()
    assert [s.url for s in svar] == [f"{url('innsjekk', samling)}?gjest={gjest.pk}"] * 2
    assert [t.navn for t in skrankerull.search(samling, "statp")] == ["Gro Gjest"]
    assert [t.navn for t in skrankesok.last_met(samling)] == ["Gro Gjest"]
    assert skranketall.counts(samling)[-1]["moett_antall"] == 1
    side = desk.get(svar[0].url).text
    assert "Gro Gjest er registrert som møtt." in side
    desk.post(url("innsjekk", samling), {"gjest": gjest.pk, "handling": "angre"})
    assert skranketall.totals(samling)["moett_antall"] == 0


def test_who_stands_on_the_list_already_is_said_and_not_written_again(desk, scene):
    samling = scene[2]
    adresse = url("innsjekk", samling)
    desk.post(adresse, {"navn": "Gro Gjest", "fra": "Statped", "noekkel": str(uuid.uuid4())})

    svar = desk.post(adresse, {"navn": "gro gjest", "fra": "STATPED", "noekkel": str(uuid.uuid4())})
    annet = desk.post(adresse, {"navn": "Gro Gjest", "fra": "NTNU", "noekkel": str(uuid.uuid4())})

    assert svar.status_code == 422
    assert "gro gjest står allerede på lista." in svar.text
    assert annet.status_code == 302
    assert Gjest.objects.count() == 2


@pytest.mark.parametrize(
    "navn", ["=HYPERLINK(1)", "Kari \u202eseN", "123", "Bcc: a@b.example", "+47 900 00 000"]
)
def test_a_guest_has_the_name_of_a_person_and_the_desk_is_told_why_not(desk, scene, navn):
    felt = {"navn": navn, "fra": "", "noekkel": str(uuid.uuid4())}
    hendelse = moett() | {"handling": "gjest", "navn": navn}

    svar = desk.post(url("innsjekk", scene[2]), felt)
    uten_nett = send(desk, scene[2], hendelse).json()["svar"]

    assert svar.status_code == 422
    assert uten_nett[hendelse["id"]] in {
        "Dette er ikke et navn.",
        "Navnet har skjulte tegn. Skriv det på nytt for hånd.",
    }
    assert not Gjest.objects.exists()


def test_a_guest_needs_a_name(desk, scene):
    svar = desk.post(
        url("innsjekk", scene[2]), {"navn": " ", "fra": "", "noekkel": str(uuid.uuid4())}
    )

    assert svar.status_code == 422
    assert not Gjest.objects.exists()


def test_the_key_of_somebody_elses_tick_makes_no_guest(desk, scene):
    _nettverk, gruppe, samling = scene
    hendelse = moett(ventet(samling, gruppe, "Ane Dal").verv.person_id)
    send(desk, samling, hendelse)

    svar = desk.post(
        url("innsjekk", samling), {"navn": "Gro", "fra": "", "noekkel": hendelse["id"]}
    )

    assert svar.status_code == 422
    assert "Registreringen kunne ikke brukes." in svar.text
    assert not Gjest.objects.exists()


def test_who_has_met_needs_no_substitute(desk, scene):
    _nettverk, gruppe, samling = scene
    rad = ventet(samling, gruppe, "Kari Nes", moett_=True)
    felt = {"navn": "Vigdis", "vara_for": rad.verv.person_id}
    hendelse = moett(handling="gjest", **felt)

    svar = desk.post(url("innsjekk", samling), felt | {"noekkel": str(uuid.uuid4())})
    senere = send(desk, samling, hendelse).json()["svar"]

    assert svar.status_code == 422
    assert "har allerede møtt" in svar.text
    assert "har allerede møtt" in senere[hendelse["id"]]
    assert not Gjest.objects.exists()


def test_a_substitute_is_found_by_name_and_by_whom_they_stand_in_for(desk, scene):
    _nettverk, gruppe, samling = scene
    rad = ventet(samling, gruppe, "Kari Nes")
    felt = {
        "navn": "Vigdis Vara",
        "vara_for": rad.verv.person_id,
        "noekkel": str(uuid.uuid4()),
    }
    assert (
        "Vara for Kari Nes" in desk.get(url("innsjekk", samling), {"vara": felt["vara_for"]}).text
    )

    desk.post(url("innsjekk", samling), felt)

    vara = Gjest.objects.get()
    assert (vara.for_verv, vara.gruppe, vara.kommune) == (rad.verv, gruppe, rad.kommune)
    for q in ("vigdis", "kari"):
        assert "Vigdis Vara" in [t.navn for t in skrankerull.search(samling, q)]
    en_til = desk.post(
        url("innsjekk", samling), felt | {"navn": "Vil", "noekkel": str(uuid.uuid4())}
    )
    assert en_til.status_code == 422
    assert "allerede" in en_til.text or "alt meldt på" in en_til.text


def replaced_substitute(samling: Samling, gruppe) -> Gjest:
    """A substitute who was taken off the list, and in whose place another stands."""
    verv = VervFactory(gruppe=gruppe, person__navn="Kari Nes")
    felles = {"samling": samling, "for_verv": verv, "gruppe": gruppe}
    gammel = Gjest.objects.create(**felles, navn="Per Vara", status=Gjest.Status.AVMELDT)
    Gjest.objects.create(**felles, navn="Vigdis Vara")
    return gammel


def test_a_substitute_who_is_replaced_is_refused_and_stops_no_other(desk, scene):
    _nettverk, gruppe, samling = scene
    gammel = moett(gjest=replaced_substitute(samling, gruppe).pk)
    foer, etter = (moett(ventet(samling, gruppe, n).verv.person_id) for n in ("Ane", "Bo"))

    svar = send(desk, samling, foer, gammel, etter).json()["svar"]

    assert svar[gammel["id"]].startswith("Plassen er tatt av Vigdis Vara.")
    assert svar[foer["id"]] == svar[etter["id"]] == ""
    assert skranketall.totals(samling)["moett_antall"] == 2


def test_a_row_that_the_database_refuses_stops_no_other(desk, scene, monkeypatch, caplog):
    _nettverk, gruppe, samling = scene
    gammel = moett(gjest=replaced_substitute(samling, gruppe).pk)
    foer, etter = (moett(ventet(samling, gruppe, n).verv.person_id) for n in ("Ane", "Bo"))
    monkeypatch.setattr(skrankebok, "require_place", lambda gjest: None)

    svar = send(desk, samling, foer, gammel, etter)

    assert svar.status_code == 200
    assert svar.json()["svar"] == {
        foer["id"]: "",
        gammel["id"]: "Registreringen kunne ikke brukes.",
        etter["id"]: "",
    }
    assert skranketall.totals(samling)["moett_antall"] == 2
    assert gammel["id"] in caplog.text


def test_who_a_substitute_comes_for_at_the_desk_does_not_come_until_it_is_undone(desk, scene):
    _nettverk, gruppe, samling = scene
    rad = ventet(samling, gruppe, "Nils Nei", status="paameldt", dager=[samling.dato])
    nr = desk.get(url("innsjekk_navn", samling)).json()["nr"]
    vara = moett(handling="gjest", navn="Vigdis", vara_for=rad.verv.person_id)
    venter, totalt = (rad.status, rad.dager), skranketall.totals(samling)["paameldte"]

    send(desk, samling, vara)

    rad.refresh_from_db()
    assert (rad.status, rad.svart_av) == ("avmeldt", koordinator_of(desk))
    assert skranketall.totals(samling)["paameldte"] == totalt == 1
    nytt = desk.get(url("innsjekk_navn", samling), {"etter": nr}).json()["folk"]
    assert [(f[1], f[4], f[7]) for f in nytt] == [
        ("Nils Nei", "avmeldt", False),
        ("Vigdis", "paameldt", True),
    ]

    for handling, status in (("angre", "paameldt"), ("moett", "avmeldt"), ("angre", "paameldt")):
        send(desk, samling, moett(handling=handling, gjelder=vara["id"]))
        rad.refresh_from_db()
        assert rad.status == status
    assert (rad.status, rad.dager, rad.svart) == (*venter, None)


def koordinator_of(client: Client):
    return Person.objects.get(pk=client.session["_auth_user_id"])


def test_an_answer_that_was_changed_since_stays_when_the_substitute_is_undone(desk, scene):
    _nettverk, gruppe, samling = scene
    rad = ventet(samling, gruppe, "Nils Nei")
    vara = moett(handling="gjest", navn="Vigdis", vara_for=rad.verv.person_id)
    send(desk, samling, vara)
    Deltakelse.objects.filter(pk=rad.pk).update(svart=timezone.now())

    send(desk, samling, moett(handling="angre", gjelder=vara["id"]))

    rad.refresh_from_db()
    assert rad.status == "avmeldt"


def test_who_has_met_comes_though_somebody_is_written_down_for_them(desk, scene):
    _nettverk, gruppe, samling = scene
    rad = ventet(samling, gruppe, "Kari Her", moett_=True)

    send(desk, samling, moett(handling="gjest", navn="Vigdis", vara_for=rad.verv.person_id))

    rad.refresh_from_db()
    assert rad.status == "paameldt"


def test_one_substitute_is_undone_and_another_written_down_in_the_same_list(desk, scene):
    _nettverk, gruppe, samling = scene
    rad = ventet(samling, gruppe, "Nils Nei", status="paameldt")
    vara_for = rad.verv.person_id
    foerste, andre = (
        moett(handling="gjest", navn=navn, vara_for=vara_for) for navn in ("Vidar", "Vigdis")
    )
    angret = moett(handling="angre", gjelder=foerste["id"])
    igjen = moett(gjelder=foerste["id"])

    svar = send(desk, samling, foerste, angret, andre, igjen).json()["svar"]

    assert [svar[h["id"]] for h in (foerste, angret, andre)] == ["", "", ""]
    assert svar[igjen["id"]].startswith("Plassen er tatt av Vigdis.")
    assert [t.navn for t in skrankesok.guests(samling)] == ["Vigdis"]
    rad.refresh_from_db()
    assert rad.status == "avmeldt"


def test_a_list_of_fifty_asks_as_many_questions_as_one_of_five(desk, scene):
    _nettverk, gruppe, samling = scene

    def cost(antall: int) -> int:
        folk = [ventet(samling, gruppe, f"Dal {antall} {n}") for n in range(antall)]
        rader = [moett(rad.verv.person_id) for rad in folk]
        with CaptureQueriesContext(connection) as spoerringer:
            svar = send(desk, samling, *rader).json()["svar"]
        assert set(svar.values()) == {""}
        return len(spoerringer)

    cost(1)
    fem, femti = cost(5), cost(50)

    assert fem == femti < 25
    assert skranketall.totals(samling)["moett_antall"] == 56
    assert Innsjekkhendelse.objects.count() == 56


def test_a_list_is_written_in_its_order_and_told_to_other_desks_in_it(desk, scene):
    _nettverk, gruppe, samling = scene
    a, b = (ventet(samling, gruppe, navn).verv.person_id for navn in ("Ane", "Bo"))
    rader = [
        moett(a, minutter=9),
        moett(b, minutter=8),
        moett(a, handling="angre", minutter=7),
        moett(b, handling="angre", minutter=6),
        moett(b, minutter=5),
    ]

    send(desk, samling, *rader, rader[0])

    assert [str(h.pk) for h in Innsjekkhendelse.objects.all()] == [rad["id"] for rad in rader]
    moettes = Deltakelse.objects.met().values_list("verv__person", "moett")
    assert list(moettes) == [(b, datetime.datetime.fromisoformat(rader[4]["tid"]))]


# --- few


def test_few_who_are_expected_are_shown_at_once_signed_up_first_and_one_letter_narrows(desk, scene):
    _nettverk, gruppe, samling = scene
    ventet(samling, gruppe, "Ane Dal")
    for navn, mer in [
        ("Bo Dal", {"status": "paameldt"}),
        ("Nina Nei", {"status": "avmeldt"}),
        ("Mia Møtt", {"moett_": True}),
    ]:
        ventet(samling, gruppe, navn, **mer)
    Gjest.objects.create(samling=samling, navn="Åse Gjest")

    side = desk.get(url("innsjekk", samling))
    bare_b = desk.get(url("innsjekk", samling), {"q": "b"})

    assert [t.navn for t in side.context["ventes"]] == ["Bo Dal", "Åse Gjest", "Ane Dal"]
    assert side.context["treff"] == []
    assert "Trykk på den som kommer." in side.text
    assert "Skriv tre bokstaver" not in side.text.split('id="skranke-ord"')[0]
    assert bare_b.context["treff"][0].navn == "Bo Dal"
    assert bare_b.context["ventes"] == []


def test_the_last_dozen_are_shown_when_the_others_have_come(desk, scene):
    _nettverk, gruppe, samling = scene
    folk = [ventet(samling, gruppe, f"Dal {n:02}").verv.person_id for n in range(13)]

    assert desk.get(url("innsjekk", samling)).context["ventes"] == []
    felt = {"person": folk[0], "handling": "moett"}
    svar = desk.post(url("innsjekk", samling), felt, headers={"HX-Request": "true"})

    treff = svar.text.split('id="tall"')[0]
    assert "Dal 00 er registrert som møtt." in treff
    assert len(re.findall(r'name="handling"\s+value="moett"', treff)) == 12
    desk.post(url("innsjekk", samling), {"person": folk[1], "handling": "moett"})
    angret = desk.get(url("innsjekk", samling), {"sist": folk[2]})
    assert "Dal 02" not in [t.navn for t in angret.context["ventes"]], "stands over the list"


def test_a_closed_desk_shows_no_list_to_tap(desk, scene):
    nettverk, gruppe, samling = scene
    ventet(samling, gruppe, "Ane Dal")
    tilstand.finish(samling, by=koordinator(nettverk))

    assert desk.get(url("innsjekk", samling)).context["ventes"] == []


def test_few_are_of_the_day(to_dager, desk):
    _nettverk, gruppe, samling = to_dager
    i_dag = timezone.localdate()
    i_gaar = i_dag - datetime.timedelta(days=1)
    ventet(samling, gruppe, "Ane Igår", status="paameldt", dager=[i_gaar])
    send(
        desk,
        samling,
        moett(ventet(samling, gruppe, "Bo Møtt").verv.person_id, dag=i_gaar.isoformat()),
    )

    def names(dag) -> list[str]:
        return [t.navn for t in skrankesok.few_expected(samling, dag=dag)]

    assert (names(i_gaar), names(i_dag)) == (["Ane Igår"], ["Bo Møtt"])


# --- the same guest written down by two desks


def written(navn: str = "Gro Gjest", fra: str = "Statped", **mer) -> dict:
    return moett(handling="gjest", navn=navn, fra=fra, **mer)


def test_a_guest_whom_two_desks_write_down_without_network_is_one_and_the_last_is_told(desk, scene):
    samling = scene[2]
    foerst, sist = written(minutter=9), written("gro gjest", "STATPED", minutter=8)

    assert send(desk, samling, foerst).json() == {"svar": {foerst["id"]: ""}}
    nr = desk.get(url("innsjekk_navn", samling)).json()["nr"]
    svar = [send(desk, samling, sist).json() for _gang in range(2)]

    sagt = "Gro Gjest var allerede skrevet inn fra en annen skranke, og telles én gang."
    assert svar == [{"svar": {sist["id"]: ""}, "sagt": {sist["id"]: sagt}}] * 2
    assert Gjest.objects.count() == 1
    assert skranketall.totals(samling)["moett_antall"] == 1
    nytt = desk.get(url("innsjekk_navn", samling), {"etter": nr}).json()
    assert [f[1] for f in nytt["folk"]] == ["Gro Gjest"]


def test_another_with_the_same_name_is_another_when_the_desk_says_so(desk, scene):
    samling = scene[2]
    send(desk, samling, written())
    sist = written(en_annen=1)

    assert send(desk, samling, sist).json() == {"svar": {sist["id"]: ""}}
    assert skranketall.totals(samling)["moett_antall"] == 2
    annet_sted = written(fra="NTNU")
    assert send(desk, samling, annet_sted).json() == {"svar": {annet_sted["id"]: ""}}
    assert Gjest.objects.count() == 3


def test_by_the_form_one_says_that_it_is_another(desk, scene):
    samling = scene[2]
    felt = {"navn": "Gro Gjest", "fra": "Statped", "noekkel": str(uuid.uuid4())}
    desk.post(url("innsjekk", samling), felt)
    assert 'name="en_annen"' not in desk.get(url("innsjekk", samling)).text
    felt["noekkel"] = str(uuid.uuid4())

    nei = desk.post(url("innsjekk", samling), felt)
    ja = desk.post(url("innsjekk", samling), felt | {"en_annen": "on"})

    assert nei.status_code == 422
    assert 'name="en_annen"' in nei.text
    assert ja.status_code == 302
    assert Gjest.objects.count() == 2


def test_a_guest_who_signed_up_and_is_written_down_is_one(desk, scene):
    samling = scene[2]
    Gjest.objects.create(samling=samling, navn="Gro Gjest", fra="Statped", status="venter")
    ny = written()

    svar = send(desk, samling, ny).json()

    assert svar["sagt"] == {ny["id"]: "Gro Gjest sto allerede på lista, og telles én gang."}
    gjest = Gjest.objects.get()
    assert (gjest.status, bool(gjest.moett)) == ("paameldt", True)
    send(desk, samling, moett(handling="angre", gjelder=ny["id"]))
    gjest.refresh_from_db()
    assert (gjest.status, gjest.moett) == ("paameldt", None), "was on the list before the desk"


def test_what_one_desk_undoes_of_its_own_does_not_take_away_the_others(desk, scene):
    samling = scene[2]
    foerst, sist = written(minutter=9), written(minutter=8)
    angret = moett(handling="angre", gjelder=sist["id"], minutter=7)
    send(desk, samling, foerst)

    svar = send(desk, samling, sist, angret).json()["svar"]

    assert svar[sist["id"]] == ""
    assert svar[angret["id"]].startswith("Gro Gjest er skrevet inn fra en annen skranke også")
    assert skranketall.totals(samling)["moett_antall"] == 1
    gjest = Gjest.objects.get().pk
    assert send(desk, samling, moett(gjest=gjest, handling="angre")).json()["svar"]
    assert skranketall.totals(samling)["moett_antall"] == 0


def test_one_who_was_undone_is_written_down_anew(desk, scene):
    samling = scene[2]
    foerst, igjen = written(minutter=9), written(minutter=7)
    angret = moett(handling="angre", gjelder=foerst["id"], minutter=8)

    svar = send(desk, samling, foerst, angret, igjen).json()

    assert svar == {"svar": dict.fromkeys((foerst["id"], angret["id"], igjen["id"]), "")}
    assert skranketall.totals(samling)["moett_antall"] == 1


def test_a_guest_of_two_days_is_one_with_two_days(to_dager, desk):
    samling = to_dager[2]
    i_dag = timezone.localdate()
    dager = [i_dag - datetime.timedelta(days=1), i_dag]

    for dag in dager:
        send(desk, samling, written(dag=dag.isoformat()))

    assert Gjest.objects.count() == 1
    assert skranketall.per_day(samling) == [(dag, 1) for dag in dager]


def test_a_substitute_whom_two_desks_write_down_is_one(desk, scene):
    _nettverk, gruppe, samling = scene
    nils = ventet(samling, gruppe, "Nils Nei", status="paameldt").verv.person_id
    foerst, sist, annen = (
        written(navn, "", vara_for=nils) for navn in ("Vigdis", "Vigdis", "Vidar")
    )
    send(desk, samling, foerst)

    svar = send(desk, samling, sist, annen).json()

    assert svar["svar"][sist["id"]] == ""
    assert "var allerede skrevet inn" in svar["sagt"][sist["id"]]
    assert svar["svar"][annen["id"]].startswith("Det er allerede meldt på en vara")
    assert [t.navn for t in skrankesok.guests(samling)] == ["Vigdis"]


def gjest_for(person: int | None, navn: str = "Gro Gjest", **mer):
    vara = {"vara_for": person} if person else {}
    return moett(handling="gjest", navn=navn, fra="NTNU", **vara, **mer)


def test_a_guest_who_stands_there_already_and_comes_for_somebody_stands_in_for_them(desk, scene):
    _nettverk, gruppe, samling = scene
    rad = ventet(samling, gruppe, "Ane Dal", status="paameldt")
    person = rad.verv.person_id
    foerst, vara = gjest_for(None, minutter=2), gjest_for(person, minutter=1)
    assert set(send(desk, samling, foerst).json()["svar"].values()) == {""}
    nr = desk.get(url("innsjekk_navn", samling)).json()["nr"]

    assert send(desk, samling, vara).json()["svar"] == {vara["id"]: ""}

    gjest = Gjest.objects.get(samling=samling)
    assert (gjest.for_verv, gjest.gruppe, gjest.kommune) == (rad.verv, gruppe, rad.kommune)
    rad.refresh_from_db()
    assert rad.status == Deltakelse.Status.AVMELDT
    nytt = desk.get(url("innsjekk_navn", samling), {"etter": nr}).json()["folk"]
    assert {f[1]: (f[4], f[6]) for f in nytt} == {
        "Ane Dal": ("avmeldt", ""),
        "Gro Gjest": ("paameldt", "Ane Dal"),
    }
    send(desk, samling, moett(handling="angre", gjest=gjest.pk))
    rad.refresh_from_db()
    assert rad.status == Deltakelse.Status.PAAMELDT


def test_a_guest_who_comes_for_two_is_refused_with_whom_they_come_for(desk, scene):
    _nettverk, gruppe, samling = scene
    ane, bo = (ventet(samling, gruppe, navn).verv.person_id for navn in ("Ane Dal", "Bo Dal"))
    foerst, igjen = gjest_for(ane, minutter=2), gjest_for(bo, minutter=1)

    svar = send(desk, samling, foerst, igjen).json()["svar"]

    assert svar == {
        foerst["id"]: "",
        igjen["id"]: "Gro Gjest står allerede på lista, som vara for Ane Dal.",
    }
    annen = gjest_for(bo, en_annen=1)
    assert send(desk, samling, annen).json()["svar"] == {annen["id"]: ""}


def test_by_the_form_a_guest_on_the_list_becomes_a_substitute(desk, scene):
    _nettverk, gruppe, samling = scene
    rad = ventet(samling, gruppe, "Ane Dal")
    Gjest.objects.create(samling=samling, navn="Gro Gjest", fra="NTNU")
    felt = {"navn": "Gro Gjest", "fra": "NTNU", "noekkel": str(uuid.uuid4())}

    desk.post(url("innsjekk", samling), felt | {"vara_for": rad.verv.person_id})

    gjest = Gjest.objects.get(samling=samling)
    assert (gjest.for_verv, bool(gjest.moett)) == (rad.verv, True)


@pytest.mark.django_db(transaction=True)
def test_two_desks_that_come_back_at_once_write_one_guest():
    nettverk, _gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, i_dag=True)
    by = PersonFactory()

    def desk():
        gjest = Skrankehendelse(uuid.uuid4(), "gjest", timezone.now(), navn="Gro", fra="NTNU")
        return list(innsjekk.register(samling, [gjest], by=by).values())

    assert at_once(*[desk] * 8) == [[""]] * 8
    assert Gjest.objects.count() == 1


# --- several days


@pytest.fixture
def to_dager(scene):
    nettverk, gruppe, samling = scene
    idag = timezone.localdate()
    sju, fire = datetime.time(7), datetime.time(16)
    set_days(samling, [(idag - datetime.timedelta(days=1), sju, fire), (idag, sju, fire)])
    return nettverk, gruppe, Samling.objects.get(pk=samling.pk)


def test_each_day_is_ticked_for_itself(to_dager, client):
    nettverk, gruppe, samling = to_dager
    rad = ventet(samling, gruppe, "Ane Dal")
    by = koordinator(nettverk)
    i_dag = timezone.localdate()
    i_gaar = i_dag - datetime.timedelta(days=1)

    assert skrankesok.the_day(samling) == i_dag
    assert innsjekk.check_in(samling, person=rad.verv.person, by=by, dag=i_gaar)
    assert innsjekk.check_in(samling, person=rad.verv.person, by=by)
    assert not innsjekk.check_in(samling, person=rad.verv.person, by=by)
    assert skranketall.per_day(samling) == [(i_gaar, 1), (i_dag, 1)]

    assert innsjekk.undo(samling, person=rad.verv.person, by=by, dag=i_gaar)
    rad.refresh_from_db()
    assert rad.moett is not None, "met one day still"
    assert skranketall.totals(samling, dag=i_gaar)["moett_antall"] == 0
    assert skranketall.totals(samling, dag=i_dag)["moett_antall"] == 1
    assert [t.navn for t in skrankerull.search(samling, "ane", dag=i_gaar) if not t.moett] == [
        "Ane Dal"
    ]

    assert innsjekk.undo(samling, person=rad.verv.person, by=by)
    rad.refresh_from_db()
    assert rad.moett is None


def test_the_desk_lets_one_choose_the_day(to_dager, client):
    nettverk, gruppe, samling = to_dager
    rad = ventet(samling, gruppe, "Ane Dal")
    client.force_login(koordinator(nettverk))
    i_gaar = timezone.localdate() - datetime.timedelta(days=1)

    client.post(
        url("innsjekk", samling),
        {"person": rad.verv.person_id, "handling": "moett", "dag": i_gaar.isoformat()},
    )

    assert Dagsoppmoete.objects.get().dato == i_gaar
    side = client.get(url("innsjekk", samling), {"dag": i_gaar.isoformat()})
    assert side.context["dag"] == i_gaar
    assert side.context["totalt"]["moett_antall"] == 1


def test_a_day_that_has_not_come_has_no_buttons_and_says_why(scene, client):
    nettverk, gruppe, samling = scene
    i_dag = timezone.localdate()
    i_morgen = i_dag + datetime.timedelta(days=1)
    set_days(samling, [(dag, datetime.time(7), datetime.time(16)) for dag in (i_dag, i_morgen)])
    ventet(samling, gruppe, "Ane Dal")
    client.force_login(koordinator(nettverk))

    def desk(dag: datetime.date):
        valg = {"dag": dag.isoformat(), "q": "dal"}
        return client.get(url("innsjekk", samling), valg).text

    assert skrankebok.opens_on(i_morgen) in desk(i_morgen)
    assert 'name="handling"' not in desk(i_morgen)
    assert 'name="handling"' in desk(i_dag)


def test_a_desk_that_works_for_a_day_that_has_been_says_which_day_it_is(to_dager, client):
    nettverk, _gruppe, samling = to_dager
    client.force_login(koordinator(nettverk))
    i_gaar = timezone.localdate() - datetime.timedelta(days=1)

    def says(**valg) -> bool:
        svar = client.get(url("innsjekk", samling), valg)
        return bool(svar.context["annen_dag"]) and "Sjekk inn til " in svar.text

    assert says(dag=i_gaar.isoformat())
    assert not says()
    Samling.objects.filter(pk=samling.pk).update(status=Samling.Status.OPPSUMMERING)
    assert not says(dag=i_gaar.isoformat())


def test_a_guest_has_days_too(to_dager):
    nettverk, _gruppe, samling = to_dager
    by = koordinator(nettverk)
    gjest = innsjekk.add_guest(samling, noekkel=uuid.uuid4(), navn="Gro", by=by)
    i_gaar = timezone.localdate() - datetime.timedelta(days=1)

    assert not innsjekk.check_in_guest(samling, gjest=gjest, by=by)
    assert innsjekk.check_in_guest(samling, gjest=gjest, by=by, dag=i_gaar)
    assert [antall for _dag, antall in skranketall.per_day(samling)] == [1, 1]


def test_a_substitute_comes_on_the_day_that_the_other_does_not(to_dager):
    nettverk, gruppe, samling = to_dager
    rad, by = ventet(samling, gruppe, "Kari Nes"), koordinator(nettverk)
    idag = timezone.localdate()
    i_gaar = idag - datetime.timedelta(days=1)
    innsjekk.check_in(samling, person=rad.verv.person, by=by, dag=i_gaar)
    felt = {"navn": "Vigdis", "vara_for": rad.verv.person_id, "by": by}

    with pytest.raises(KanIkke):
        innsjekk.add_guest(samling, noekkel=uuid.uuid4(), dag=i_gaar, **felt)
    assert innsjekk.add_guest(samling, noekkel=uuid.uuid4(), dag=idag, **felt).moett


def test_a_walk_in_is_expected_until_the_last_of_their_days_is_undone(to_dager):
    nettverk, gruppe, samling = to_dager
    by, person = koordinator(nettverk), enhetsleder(gruppe)
    idag = timezone.localdate()
    i_gaar = idag - datetime.timedelta(days=1)
    for dag in (i_gaar, idag):
        innsjekk.check_in(samling, person=person, by=by, dag=dag)

    innsjekk.undo(samling, person=person, by=by, dag=i_gaar)
    assert Deltakelse.objects.filter(samling=samling, verv__person=person).met().exists()

    innsjekk.undo(samling, person=person, by=by, dag=idag)
    assert not Deltakelse.objects.filter(samling=samling, verv__person=person).exists()


def test_the_day_counts_those_who_come_on_it_as_the_list_of_participants_does(
    to_dager, desk, django_assert_num_queries
):
    nettverk, gruppe, samling = to_dager
    idag = timezone.localdate()
    i_gaar = idag - datetime.timedelta(days=1)
    ja = Deltakelse.Status.PAAMELDT
    ventet(samling, gruppe, "Ane Begge", status=ja)
    rad = ventet(samling, gruppe, "Bo Igår", status=ja, dager=[i_gaar])
    annen = GruppeFactory(nettverk=nettverk, utviklingsgruppe=True)
    DeltakelseFactory(samling=samling, verv=VervFactory(gruppe=annen, person=rad.verv.person))
    Gjest.objects.create(samling=samling, navn="Gro")

    deltakersiden = desk.get(url("samling_deltakere", samling)).context["per_dag"]

    assert deltakersiden == [(i_gaar, 3), (idag, 2)]
    for dag, antall in deltakersiden:
        assert skranketall.totals(samling, dag=dag)["paameldte"] == antall
        per_kommune = {
            r["kommune__navn"]: r["paameldte"] for r in skranketall.counts(samling, dag=dag)
        }
        assert per_kommune[gruppe.enhet.kommune_per().navn] == antall - 1, "the guest is of none"
        folk = desk.get(url("innsjekk_navn", samling), {"dag": dag.isoformat()}).json()["folk"]
        assert sum(rad[7] for rad in folk) == antall
    assert skranketall.totals(samling)["paameldte"] == 3
    samling = Samling.objects.get(pk=samling.pk)
    with django_assert_num_queries(2):
        skranketall.per_day(samling)


@pytest.mark.parametrize("som_gjest", [False, True])
def test_when_somebody_met_is_the_first_of_their_days_in_whatever_order_they_are_told(
    to_dager, desk, som_gjest
):
    _nettverk, gruppe, samling = to_dager
    if som_gjest:
        hvem = Gjest.objects.create(samling=samling, navn="Gro")
        felt = {"gjest": hvem.pk}
    else:
        hvem = ventet(samling, gruppe, "Ane Dal")
        felt = {"person": hvem.verv.person_id}
    idag = timezone.localdate()
    i_gaar = idag - datetime.timedelta(days=1)
    foerst = moett(dag=i_gaar.isoformat(), minutter=1500, **felt)
    sist = moett(dag=idag.isoformat(), minutter=5, **felt)

    def met_at() -> str:
        hvem.refresh_from_db()
        return hvem.moett.isoformat() if hvem.moett else ""

    def time_of(hendelse: dict) -> str:
        return datetime.datetime.fromisoformat(hendelse["tid"]).isoformat()

    send(desk, samling, sist)
    assert met_at() == time_of(sist)
    send(desk, samling, foerst)
    assert met_at() == time_of(foerst)
    send(desk, samling, moett(handling="angre", dag=i_gaar.isoformat(), **felt))
    assert met_at() == time_of(sist)
    send(desk, samling, moett(handling="angre", dag=idag.isoformat(), **felt))
    assert met_at() == ""


def test_a_desk_is_given_all_the_days_with_who_met_and_comes_on_each(
    to_dager, desk, django_assert_num_queries
):
    nettverk, gruppe, samling = to_dager
    i_dag = timezone.localdate()
    i_gaar = i_dag - datetime.timedelta(days=1)
    ane = ventet(samling, gruppe, "Ane Dal", status="paameldt", dager=[i_gaar]).verv.person
    ventet(samling, gruppe, "Bo Dal")
    Gjest.objects.create(samling=samling, navn="Gro")
    by = koordinator(nettverk)
    innsjekk.check_in(samling, person=ane, by=by, dag=i_gaar)

    data = desk.get(url("innsjekk_navn", samling)).json()

    assert [dag[0] for dag in data["dager"]] == [i_gaar.isoformat(), i_dag.isoformat()]
    assert data["dager"][1][2].startswith("Innsjekken åpner ")
    per_dag = {rad[1]: [(bool(moett), kommer) for moett, kommer in rad[8]] for rad in data["folk"]}
    assert per_dag == {
        "Ane Dal": [(True, True), (False, False)],
        "Bo Dal": [(False, False)] * 2,
        "Gro": [(False, True)] * 2,
    }
    innsjekk.check_in(samling, person=ane, by=by)
    [nytt] = desk.get(url("innsjekk_navn", samling), {"etter": data["nr"]}).json()["folk"]
    assert [bool(moett) for moett, _kommer in nytt[8]] == [True, True]
    with django_assert_num_queries(14):
        desk.get(url("innsjekk_navn", samling))


def test_a_tick_from_before_a_gathering_got_more_days_is_of_the_day_it_was_done(to_dager, desk):
    _nettverk, gruppe, samling = to_dager
    rad = ventet(samling, gruppe, "Ane Dal")
    i_gaar = timezone.localdate() - datetime.timedelta(days=1)

    svar = send(desk, samling, moett(rad.verv.person_id, minutter=24 * 60)).json()["svar"]

    assert list(svar.values()) == [""]
    assert [(d.dato, d.deltakelse) for d in Dagsoppmoete.objects.all()] == [(i_gaar, rad)]


def test_a_day_that_has_not_come_takes_nobody(to_dager):
    nettverk, gruppe, samling = to_dager
    i_morgen = timezone.localdate() + datetime.timedelta(days=1)
    sju, fire = datetime.time(7), datetime.time(16)
    set_days(samling, [(timezone.localdate(), sju, fire), (i_morgen, sju, fire)])
    rad = ventet(samling, gruppe, "Ane Dal")

    with pytest.raises(KanIkke, match="Dagen har ikke kommet ennå"):
        innsjekk.check_in(samling, person=rad.verv.person, by=koordinator(nettverk), dag=i_morgen)

    assert not Dagsoppmoete.objects.exists()


# --- the end of it


def test_the_log_is_gone_some_time_after_and_who_met_stays(scene):
    nettverk, gruppe, samling = scene
    rad = ventet(samling, gruppe, "Ane Dal")
    innsjekk.check_in(samling, person=rad.verv.person, by=koordinator(nettverk))
    naa = timezone.now()

    assert innsjekk.purge(naa) == 0
    assert innsjekk.purge(naa + datetime.timedelta(days=92)) == 1
    rad.refresh_from_db()
    assert rad.moett
    assert Nettverk.objects.exists()


def test_what_a_desk_keeps_of_each_day_holds_the_days_of_a_guest(to_dager):
    _nettverk, _gruppe, samling = to_dager
    _i_gaar, i_dag = (d.dato for d in days(samling))
    Gjest.objects.create(samling=samling, navn="Gro Gjest", dager=[i_dag])
    Gjest.objects.create(samling=samling, navn="Siri Gjest")

    alle = skrankesok.everybody(samling)
    per_dag = skrankesok.by_day(samling, alle)

    assert [[kommer for _moett, kommer in per_dag[t.noekkel]] for t in alle] == [
        [False, True],
        [True, True],
    ]
