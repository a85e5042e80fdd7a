"""Whose voices the network asks for: its koordinator says it, and it stands for what was said."""

import pytest
from django.test import Client
from django.urls import reverse

from fremtidsbilder.lasting import load_fremtid
from fremtidsbilder.models import Stemmegruppe
from fremtidsbilder.tankesmier import stemmegrupper
from nettverk.models import Nettverk
from nettverk.skriving.konflikt import KanIkke
from tests.fremtidsbilder.tankesmiefabrikk import BidragFactory, TankesmieFactory
from tests.nettverk.factories import NettverkFactory, kog, koordinator

pytestmark = pytest.mark.django_db

_FILA = {"stemmegrupper": [{"navn": "Barn", "er_barn": True}, {"navn": "Foresatte"}]}


def _url(nettverk: Nettverk) -> str:
    return reverse("fremtidsbilder:stemmegrupper", args=[nettverk.slug])


def _navn(nettverk: Nettverk) -> list[tuple[str, bool]]:
    return list(nettverk.stemmegrupper.values_list("navn", "er_barn"))


def test_they_are_loaded_from_the_file_once_and_what_is_changed_stands():
    nettverk = NettverkFactory()

    load_fremtid(nettverk, _FILA)
    nettverk.stemmegrupper.filter(navn="Foresatte").update(navn="Foreldre")
    load_fremtid(nettverk, _FILA)

    assert _navn(nettverk) == [("Barn", True), ("Foreldre", False)]


def test_the_koordinator_adds_the_usual_ones_and_one_more(client: Client):
    nettverk = NettverkFactory()
    client.force_login(koordinator(nettverk))

    client.post(_url(nettverk), {"vanlige": "1"})
    client.post(_url(nettverk), {"vanlige": "1"})
    client.post(_url(nettverk), {"navn": "Besteforeldre"})

    assert _navn(nettverk)[0] == ("Barnehagebarn", True)
    assert _navn(nettverk)[-1] == ("Besteforeldre", False)
    assert len(_navn(nettverk)) == 8


def test_a_group_is_renamed_and_moved(client: Client):
    nettverk = NettverkFactory()
    load_fremtid(nettverk, _FILA)
    foresatte = nettverk.stemmegrupper.get(navn="Foresatte")
    client.force_login(koordinator(nettverk))
    felt = {"gruppe": foresatte.pk, f"gruppe-{foresatte.pk}-navn": "Foreldre"}

    client.post(_url(nettverk), felt)
    client.post(_url(nettverk), {"gruppe": foresatte.pk, "opp": "1"})

    assert _navn(nettverk) == [("Foreldre", False), ("Barn", True)]


def test_two_do_not_have_the_same_name(client: Client):
    nettverk = NettverkFactory()
    load_fremtid(nettverk, _FILA)
    client.force_login(koordinator(nettverk))

    svar = client.post(_url(nettverk), {"navn": "foresatte"})

    assert svar.status_code == 422
    assert "En annen stemmegruppe heter dette." in svar.text


def test_one_that_has_said_something_stands(client: Client):
    nettverk = NettverkFactory()
    load_fremtid(nettverk, _FILA)
    barn, foresatte = nettverk.stemmegrupper.all()
    BidragFactory(sporsmaal__tankesmie__nettverk=nettverk, gruppe=barn)
    client.force_login(koordinator(nettverk))

    for gruppe in (barn, foresatte):
        client.post(_url(nettverk), {"gruppe": gruppe.pk, "slett": "1"})

    assert list(nettverk.stemmegrupper.all()) == [barn]
    with pytest.raises(KanIkke):
        stemmegrupper.remove(barn)


def test_one_that_is_asked_is_not_offered_to_be_deleted(client: Client):
    nettverk = NettverkFactory()
    load_fremtid(nettverk, _FILA)
    TankesmieFactory(nettverk=nettverk).grupper.set(nettverk.stemmegrupper.all())
    client.force_login(koordinator(nettverk))

    assert 'name="slett"' not in client.get(_url(nettverk)).text


def test_another_networks_group_is_not_found_and_the_kog_does_not_change_them(client: Client):
    nettverk = NettverkFactory()
    deres = Stemmegruppe.objects.create(nettverk=NettverkFactory(), navn="Deres")
    client.force_login(koordinator(nettverk))
    assert client.post(_url(nettverk), {"gruppe": deres.pk, "slett": "1"}).status_code == 404

    client.force_login(kog(nettverk))
    assert client.get(_url(nettverk)).status_code == 403
    deres.refresh_from_db()
