"""What one needs: written by oneself, seen by oneself, counted without names, and soon gone."""

import datetime

import pytest
from django.urls import reverse

from kommuner.gyldighet import idag, periode
from nettverk.models import Gruppe, Mottakere
from nettverk.skriving.konflikt import KanIkke
from nettverk.tilgang.roller import roller_for
from rolu import opplysninger
from rolu.models import Behov, Deltakelse, Gjest
from rolu.samlinger import behov, paamelding, publisering, tilstand
from tests.nettverk.factories import VervFactory, koordinator, medlem
from tests.rolu.factories import DeltakelseFactory, GjestFactory, SamlingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def rad() -> Deltakelse:
    return DeltakelseFactory(samling=SamlingFactory(publisert_=True))


def url(samling, navn="paamelding") -> str:
    return reverse(f"rolu:{navn}", args=[samling.nettverk.slug, samling.pk])


def test_one_writes_it_oneself_and_finds_it_again(rad, client):
    client.force_login(rad.verv.person)

    side = client.get(url(rad.samling)).text
    client.post(
        url(rad.samling), {"behovet": "1", "behov": ["gluten", "teleslynge"], "annet": "Kiwi"}
    )
    igjen = client.get(url(rad.samling))

    assert "men ikke hvem det er fra" in side
    assert Behov.objects.get().valg == ["gluten", "teleslynge"]
    assert igjen.context["behovskjema"].initial["annet"] == "Kiwi"
    samlet = {o.tittel: o.rader for o in opplysninger.gather(rad.verv.person)}
    assert samlet["Det du trenger på samlinger"][0]["annet"] == "Kiwi"


def test_emptied_it_is_gone_and_nonsense_is_refused(rad, client):
    client.force_login(rad.verv.person)
    client.post(url(rad.samling), {"behovet": "1", "behov": ["svin"]})

    feil = client.post(url(rad.samling), {"behovet": "1", "behov": ["kaviar"]})
    var_der = Behov.objects.exists()
    client.post(url(rad.samling), {"behovet": "1"})

    assert feil.status_code == 422
    assert var_der
    assert not Behov.objects.exists()


def test_the_coordinator_gets_totals_without_a_name_and_nobody_else_gets_any(rad, client):
    samling = rad.samling
    annen = DeltakelseFactory(samling=samling)
    behov.keep(samling, valg=["gluten"], annet="Sitter nær <b>døra</b>", by=rad.verv.person)
    behov.keep(samling, valg=["gluten", "vegan"], annet="", by=annen.verv.person)
    client.force_login(koordinator(samling.nettverk))

    lista = " ".join(client.get(url(samling, "samling_deltakere")).text.split())
    client.force_login(annen.verv.person)
    andres = client.get(url(samling, "samling_deltakere")).text

    assert behov.totals(samling).tall == [("uten gluten", 2), ("vegansk mat", 1)]
    assert "Uten gluten: 2" in lista
    assert "Sitter nær &lt;b&gt;døra&lt;/b&gt;" in lista
    assert "gluten" not in andres.lower()


def test_a_row_is_seen_by_its_person_only(rad):
    samling, person = rad.samling, rad.verv.person
    rad_ = behov.keep(samling, valg=["egg"], annet="", by=person)

    def seen_by(hvem) -> list[Behov]:
        return list(Behov.objects.visible_to(roller_for(hvem, samling.nettverk)))

    assert seen_by(person) == [rad_]
    assert seen_by(koordinator(samling.nettverk)) == []


def test_who_declines_by_every_place_has_it_deleted_at_once(rad):
    samling, person = rad.samling, rad.verv.person
    annen = DeltakelseFactory(
        samling=samling, verv=VervFactory(gruppe__nettverk=samling.nettverk, person=person)
    )
    behov.keep(samling, valg=["egg"], annet="", by=person)
    [svar] = paamelding.group_answers(samling, [annen.verv.gruppe])
    paamelding.sign_up_group(
        samling, gruppe=annen.verv.gruppe, kommer=[], stand=svar.stand, by=person
    )
    fortsatt = Behov.objects.exists()

    paamelding.answer(rad, kommer=False, by=person)

    assert fortsatt
    assert not Behov.objects.exists()
    with pytest.raises(KanIkke):
        behov.keep(samling, valg=["egg"], annet="", by=person)


def test_who_is_not_invited_writes_nothing(rad, client):
    fremmed = medlem(rad.samling.nettverk, gruppetype=Gruppe.Type.STYRINGSGRUPPE)
    client.force_login(fremmed)

    assert "men ikke hvem det er fra" not in client.get(url(rad.samling)).text
    client.post(url(rad.samling), {"behovet": "1", "behov": ["egg"]})
    assert not Behov.objects.exists()


def test_it_leaves_no_history():
    assert not hasattr(Behov, "pgh_event_model")


def test_it_goes_when_the_gathering_is_a_draft_again(rad):
    Behov.objects.create(samling=rad.samling, person=rad.verv.person, valg=["egg"])

    tilstand.take_back(rad.samling, fra="invitert", by=koordinator(rad.samling.nettverk))

    assert not Behov.objects.exists()


def test_it_goes_when_the_gathering_is_called_off(rad):
    Behov.objects.create(samling=rad.samling, person=rad.verv.person, annet="Kiwi")

    publisering.cancel(rad.samling, by=koordinator(rad.samling.nettverk))

    assert not Behov.objects.exists()


def test_one_is_told_who_reads_what_one_writes(rad, client):
    client.force_login(rad.verv.person)

    svar = client.post(url(rad.samling), {"behovet": "1", "annet": "Kiwi"}, follow=True).text

    assert "Koordinatoren ser hvor mange som trenger hva, og det du skriver" in svar
    assert "Bare du ser" not in svar


def test_it_goes_with_a_place_that_another_day_leaves_out_and_is_not_counted_before(rad):
    samling = rad.samling
    Behov.objects.create(samling=samling, person=rad.verv.person, valg=["egg"])
    vara = GjestFactory(samling=samling, for_verv=rad.verv, epost="ola@skole.example")
    assert behov.totals(samling).tall
    rad.verv.gyldig = periode(idag() - datetime.timedelta(days=9), idag())
    rad.verv.save()
    assert not behov.totals(samling).tall

    publisering.publish(
        samling,
        by=koordinator(samling.nettverk),
        mottakere=Mottakere(nettverk=samling.nettverk, enheter=True),
    )

    vara.refresh_from_db()
    assert not Behov.objects.exists()
    assert vara.status == Gjest.Status.AVMELDT
