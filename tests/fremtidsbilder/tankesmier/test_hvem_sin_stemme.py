"""Whose voice a card is: said on the phone, or by whoever brings it on behalf of a group."""

import uuid

import pytest
from django.utils import timezone

from fremtidsbilder.models import Bidrag, Samtalesporsmaal, Stemmegruppe
from fremtidsbilder.tankesmier.bidrag import Skrevet, contribute
from fremtidsbilder.tankesmier.paavegne import MAKS_KORT, speak_for
from nettverk.skriving.konflikt import KanIkke
from tests.fremtidsbilder.tankesmiefabrikk import SporsmaalFactory
from tests.nettverk.factories import NettverkFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sporsmaal() -> Samtalesporsmaal:
    return SporsmaalFactory(status="aapent", aapnet=timezone.now())


@pytest.fixture
def barn(sporsmaal: Samtalesporsmaal) -> Stemmegruppe:
    gruppe = Stemmegruppe.objects.create(nettverk=sporsmaal.nettverk, navn="Barn i barnehagen")
    sporsmaal.tankesmie.grupper.add(gruppe)
    return gruppe


def test_the_phone_says_whose_voice_it_is_and_sent_twice_it_is_one_card(
    sporsmaal: Samtalesporsmaal, barn: Stemmegruppe
):
    rad = Skrevet(uuid.uuid4(), sporsmaal.pk, "Mer tid ute ☀️", gruppe=barn.pk)
    assert contribute(sporsmaal.tankesmie, [rad]) == {rad.nokkel: ""}
    contribute(sporsmaal.tankesmie, [rad])
    assert Bidrag.objects.get().gruppe == barn


def test_a_newer_edition_that_says_nothing_of_it_keeps_whose_voice_it_is(
    sporsmaal: Samtalesporsmaal, barn: Stemmegruppe
):
    nokkel = uuid.uuid4()
    contribute(sporsmaal.tankesmie, [Skrevet(nokkel, sporsmaal.pk, "Ute", gruppe=barn.pk)])
    contribute(sporsmaal.tankesmie, [Skrevet(nokkel, sporsmaal.pk, "Mer ute", utgave=2)])
    kort = Bidrag.objects.get()
    assert (kort.tekst, kort.gruppe) == ("Mer ute", barn)


def test_a_group_that_is_not_asked_says_nothing(sporsmaal: Samtalesporsmaal):
    fremmed = Stemmegruppe.objects.create(nettverk=NettverkFactory(), navn="Andre")
    for gruppe in (fremmed.pk, 2**40):
        rad = Skrevet(uuid.uuid4(), sporsmaal.pk, "Mer tid", gruppe=gruppe)
        assert contribute(sporsmaal.tankesmie, [rad]) == {rad.nokkel: ""}
    assert set(Bidrag.objects.values_list("gruppe", flat=True)) == {None}


def test_eighteen_children_are_heard_a_card_for_each_line(
    sporsmaal: Samtalesporsmaal, barn: Stemmegruppe
):
    foer = sporsmaal.tankesmie.versjon
    speak_for(
        sporsmaal,
        gruppe=barn,
        antall=18,
        om_hvem="4–5 år",
        tekst="<script>alert(1)</script>\n\n  Flere trær 🌳 \nمزيد من اللعب\nJeg heter Emma\n",
    )
    kort = list(Bidrag.objects.order_by("pk"))
    assert [(k.tekst, k.skjult) for k in kort] == [
        ("<script>alert(1)</script>", False),
        ("Flere trær 🌳", False),
        ("مزيد من اللعب", False),
        ("Jeg heter Emma", True),
    ]
    assert {(k.gruppe, k.antall, k.om_hvem, k.kilde) for k in kort} == {
        (barn, 18, "4–5 år", "paavegne")
    }
    sporsmaal.tankesmie.refresh_from_db()
    assert sporsmaal.tankesmie.versjon > foer


@pytest.mark.parametrize(
    "tekst", [" \n ", "x" * 50_000, "Et kort\n" + "x" * 50_000, "x\n" * (MAKS_KORT + 1)]
)
def test_nothing_comes_in_when_something_cannot(
    sporsmaal: Samtalesporsmaal, barn: Stemmegruppe, tekst: str
):
    with pytest.raises(KanIkke):
        speak_for(sporsmaal, gruppe=barn, antall=18, tekst=tekst)
    assert not Bidrag.objects.exists()


def test_a_group_of_another_network_cannot_be_spoken_for(sporsmaal: Samtalesporsmaal):
    fremmed = Stemmegruppe.objects.create(nettverk=NettverkFactory(), navn="Andre")
    with pytest.raises(KanIkke):
        speak_for(sporsmaal, gruppe=fremmed, antall=3, tekst="Hei")
