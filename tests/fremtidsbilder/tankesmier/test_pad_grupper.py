"""The pad of a tankesmie that asks whose voice it is: chosen once, sent with every card."""

import json
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fremtidsbilder.models import Bidrag, Samtalesporsmaal, Stemmegruppe
from fremtidsbilder.tankesmier import styring
from tests.fremtidsbilder.tankesmiefabrikk import SporsmaalFactory, TankesmieFactory
from tests.nettverk.factories import NettverkFactory

pytestmark = pytest.mark.django_db

SPOERRES = "Hvem er dere?"


@pytest.fixture
def aapent() -> Samtalesporsmaal:
    sporsmaal = SporsmaalFactory(tekst="Hva gjør at alle er med?")
    styring.open_question(sporsmaal)
    sporsmaal.refresh_from_db()
    return sporsmaal


def _ask(sporsmaal: Samtalesporsmaal, *navn: str) -> list[Stemmegruppe]:
    grupper = [Stemmegruppe.objects.create(nettverk=sporsmaal.nettverk, navn=n) for n in navn]
    sporsmaal.tankesmie.grupper.add(*grupper)
    return grupper


def _pad(sporsmaal: Samtalesporsmaal) -> str:
    return reverse("bordpad", args=[sporsmaal.tankesmie.kode])


def _row(sporsmaal: Samtalesporsmaal, tekst: str = "Lek", **felt):
    return {"id": str(uuid.uuid4()), "utgave": 1, "sporsmaal": sporsmaal.pk, "tekst": tekst, **felt}


def test_who_they_are_is_asked_before_the_table_and_both_are_remembered(aapent, client):
    barn, _foresatte = _ask(aapent, "Barnehagebarn", "Foresatte")

    foerst = client.get(_pad(aapent)).text
    bordet = client.get(_pad(aapent), {"gruppe": barn.pk}).text
    ferdig = client.get(_pad(aapent), {"bord": 3}).text
    siden = client.get(_pad(aapent)).text

    assert SPOERRES in foerst
    assert f'value="{barn.pk}"' in foerst
    assert "Hvilket bord" not in foerst
    assert "Hvilket bord" in bordet
    assert "<textarea" not in bordet
    for side in (ferdig, siden):
        assert f'name="gruppe" value="{barn.pk}"' in side
        assert "<strong" in side
        assert SPOERRES not in side
    assert "autofocus" in ferdig


def test_the_address_of_a_table_is_remembered_while_the_group_is_chosen(aapent, client):
    (barn,) = _ask(aapent, "Barnehagebarn")

    foerst = client.get(_pad(aapent), {"bord": 7}).text
    ferdig = client.get(_pad(aapent), {"gruppe": barn.pk}).text

    assert SPOERRES in foerst
    assert '<input type="hidden" name="bord" value="7">' in foerst
    assert "Bord 7" in ferdig
    assert "<textarea" in ferdig


def test_a_phone_without_cookies_goes_through_both_choices(aapent, client):
    (barn,) = _ask(aapent, "Barnehagebarn")
    bordet = client.get(_pad(aapent), {"gruppe": barn.pk}).text
    client.cookies.clear()

    ferdig = client.get(_pad(aapent), {"gruppe": barn.pk, "bord": 3}).text

    assert f'<input type="hidden" name="gruppe" value="{barn.pk}">' in bordet
    assert "<textarea" in ferdig


def test_it_can_be_changed_and_others_may_write_too(aapent, client):
    _ask(aapent, "Barnehagebarn")

    client.get(_pad(aapent), {"gruppe": 0, "bord": 0})
    andre = client.get(_pad(aapent)).text
    bytter = client.get(_pad(aapent), {"bytt": "hvem"}).text
    bordet = client.get(_pad(aapent) + "?bytt").text

    assert "Noen andre" in andre
    assert "<textarea" in andre
    assert SPOERRES in bytter
    assert SPOERRES not in bordet
    assert "Hvilket bord" in bordet


@pytest.mark.parametrize("gruppe", ["fremmed", "-1", "²", "abc", "", "9" * 40])
def test_a_group_that_is_not_asked_is_asked_for(aapent, client, gruppe):
    _ask(aapent, "Barnehagebarn")
    fremmed = Stemmegruppe.objects.create(nettverk=aapent.nettverk, navn="Politikere")
    valgt = str(fremmed.pk) if gruppe == "fremmed" else gruppe

    assert SPOERRES in client.get(_pad(aapent), {"gruppe": valgt}).text


def test_without_groups_nothing_is_asked_and_nothing_is_sent(aapent, client):
    Stemmegruppe.objects.create(nettverk=aapent.nettverk, navn="Barnehagebarn")

    side = client.get(_pad(aapent), {"bord": 0, "gruppe": 0})

    assert SPOERRES not in side.text
    assert "Noen andre" not in side.text
    assert 'name="gruppe"' not in side.text
    assert "gruppe" not in side.cookies


@pytest.mark.parametrize("som", ["skjema", "rader"])
def test_the_group_goes_with_the_card_and_the_text_is_as_it_was_written(aapent, client, som):
    barn, _andre = _ask(aapent, "Barnehagebarn", "Foresatte")
    tekst = "<script>alert(1)</script> 🌳 مزيد من اللعب"
    rad = _row(aapent, tekst, gruppe=barn.pk)

    if som == "skjema":
        client.post(_pad(aapent), rad)
    else:
        client.post(_pad(aapent), json.dumps([rad]), content_type="application/json")

    kort = Bidrag.objects.get()
    assert (kort.gruppe, kort.tekst) == (barn, tekst)
    assert "<script>alert" not in client.get(_pad(aapent) + "vegg/").text


@pytest.mark.parametrize(
    "gruppe", ["annet nettverk", "ikke spurt", "abc", "-1", 0, "9" * 40, 2**40]
)
def test_a_group_that_is_not_the_tankesmies_own_is_not_taken_and_the_text_is(
    aapent, client, gruppe
):
    _ask(aapent, "Barnehagebarn")
    andre = {
        "annet nettverk": Stemmegruppe.objects.create(nettverk=NettverkFactory(), navn="A").pk,
        "ikke spurt": Stemmegruppe.objects.create(nettverk=aapent.nettverk, navn="B").pk,
    }
    rad = _row(aapent, "Teksten", gruppe=andre.get(gruppe, gruppe))

    svar = client.post(_pad(aapent), json.dumps([rad]), content_type="application/json")
    skjema = client.post(_pad(aapent), _row(aapent, "Skjemaet", gruppe=rad["gruppe"]))

    assert svar.json()["svar"] == {rad["id"]: ""}
    assert skjema.status_code == 302
    assert set(Bidrag.objects.values_list("tekst", "gruppe")) == {
        ("Teksten", None),
        ("Skjemaet", None),
    }


def test_fifty_thousand_signs_come_back_with_the_text_and_the_group(aapent, client):
    (barn,) = _ask(aapent, "Barnehagebarn")

    svar = client.post(_pad(aapent), _row(aapent, "x" * 50_000, gruppe=barn.pk))

    assert svar.status_code == 422
    assert "x" * 50_000 in svar.text
    assert f'name="gruppe" value="{barn.pk}"' in svar.text
    assert not Bidrag.objects.exists()


def test_the_pad_costs_the_same_with_one_group_and_with_many(client):
    tankesmie = TankesmieFactory(antall_bord=0)
    sporsmaal = SporsmaalFactory(tankesmie=tankesmie)
    styring.open_question(sporsmaal)

    def cost(**valg) -> int:
        with CaptureQueriesContext(connection) as spoerringer:
            client.get(_pad(sporsmaal), valg)
        return len(spoerringer)

    (barn,) = _ask(sporsmaal, "Barnehagebarn")
    en = (cost(), cost(gruppe=barn.pk))
    _ask(sporsmaal, *(f"Gruppe {n}" for n in range(6)))

    assert (cost(bytt="hvem"), cost(gruppe=barn.pk)) == en
