"""After the deadline a change is asked for, and the coordinator accepts or refuses it."""

import datetime

import pytest
from django.urls import reverse

from kommuner.gyldighet import idag
from nettverk.models import Brev
from nettverk.skriving.konflikt import KanIkke
from rolu.models import Deltakelse, Endringsoenske, Samling
from rolu.samlinger import endringer, paamelding
from tests.nettverk.factories import enhetsleder, gruppemedlem, kog, koordinator, nettverk_med_enhet
from tests.rolu.factories import DeltakelseFactory, SamlingFactory

pytestmark = pytest.mark.django_db
S, T = Deltakelse.Status, Endringsoenske.Tilstand


@pytest.fixture
def scene():
    """The deadline was yesterday; the member had declined."""
    nettverk, gruppe = nettverk_med_enhet()
    samling = SamlingFactory(
        nettverk=nettverk,
        publisert_=True,
        paameldingsfrist=idag() - datetime.timedelta(days=1),
    )
    leder, medlem = enhetsleder(gruppe), gruppemedlem(gruppe)
    DeltakelseFactory(samling=samling, verv=leder.verv.get(), status=S.PAAMELDT)
    rad = DeltakelseFactory(samling=samling, verv=medlem.verv.get(), status=S.AVMELDT)
    return samling, leder, medlem, rad


def url(samling, navn="paamelding", *mer) -> str:
    return reverse(f"rolu:{navn}", args=[samling.nettverk.slug, samling.pk, *mer])


def test_a_leader_asks_and_the_coordinator_finds_it_on_the_home_page_and_the_list(scene, client):
    samling, leder, medlem, rad = scene
    client.force_login(leder)

    side = client.get(url(samling)).text
    client.post(url(samling), {"oenske_for": rad.pk, "oensker": "ja", "tekst": "Vi fikk vikar."})
    venter = client.get(url(samling)).text
    rad.refresh_from_db()
    client.force_login(koordinator(samling.nettverk))
    hjem = client.get(reverse("nettverk:hjem", args=[samling.nettverk.slug])).text
    lista = client.get(url(samling, "samling_deltakere")).text

    assert "Må noe endres?" in side
    assert f"Venter på svar: {medlem.navn} vil komme." in " ".join(venter.split())
    assert rad.status == S.AVMELDT
    assert "1 ønske om endring etter fristen venter på svar." in hjem
    assert "Vi fikk vikar." in lista


def test_accepted_it_becomes_the_answer_and_who_asked_gets_a_letter(scene, client):
    samling, leder, medlem, rad = scene
    oenske = endringer.ask(rad, oensker="ja", tekst="", by=leder)
    client.force_login(koordinator(samling.nettverk))

    client.post(url(samling, "endring_svar", oenske.pk), {"svar": "godta"})
    client.post(url(samling, "endring_svar", oenske.pk), {"svar": "godta"})

    rad.refresh_from_db()
    oenske.refresh_from_db()
    assert (rad.status, oenske.tilstand) == (S.PAAMELDT, T.GODTATT)
    [brev] = Brev.objects.filter(til=leder, slag=endringer.ENDRINGSSVAR)
    assert f"{medlem.navn} er meldt på" in brev.tekst


def test_refused_nothing_changes_but_the_letter(scene):
    samling, leder, _medlem, rad = scene
    k = koordinator(samling.nettverk)
    oenske = endringer.ask(rad, oensker="ja", tekst="Hemmelig grunn", by=leder)

    endringer.settle(oenske, godta=False, by=k)

    rad.refresh_from_db()
    brev = Brev.objects.get(slag=endringer.ENDRINGSSVAR)
    assert rad.status == S.AVMELDT
    assert "ikke godtatt" in brev.emne
    assert "Hemmelig grunn" not in brev.tekst
    with pytest.raises(KanIkke, match="allerede"):
        endringer.settle(oenske, godta=True, by=k)


def test_accepted_when_it_is_full_they_wait(scene):
    samling, leder, _medlem, rad = scene
    Samling.objects.filter(pk=samling.pk).update(kapasitet=1)
    oenske = endringer.ask(rad, oensker="ja", tekst="", by=leder)

    endringer.settle(oenske, godta=True, by=koordinator(samling.nettverk))

    rad.refresh_from_db()
    assert rad.status == S.VENTER
    assert "venteliste" in Brev.objects.get(slag=endringer.ENDRINGSSVAR).tekst


def test_a_second_wish_takes_the_place_of_the_first(scene):
    _samling, leder, medlem, rad = scene
    endringer.ask(rad, oensker="ja", tekst="En", by=leder)

    endringer.ask(rad, oensker="nei", tekst="To", by=medlem)

    assert list(Endringsoenske.objects.values_list("oensker", "tekst")) == [("nei", "To")]


@pytest.mark.parametrize(
    ("felt", "melding"),
    [
        ({"status": Samling.Status.PAAGAAR}, "startet"),
        ({"status": Samling.Status.AVLYST}, "avlyst"),
        ({"paameldingsfrist": None}, "åpen"),
    ],
)
def test_it_is_asked_only_between_the_deadline_and_the_start(scene, felt, melding):
    samling, leder, _medlem, rad = scene
    Samling.objects.filter(pk=samling.pk).update(**felt)

    with pytest.raises(KanIkke, match=melding):
        endringer.ask(Deltakelse.objects.get(pk=rad.pk), oensker="ja", tekst="", by=leder)
    assert not Endringsoenske.objects.exists()


def test_once_it_has_started_a_wish_is_not_accepted(scene):
    samling, leder, _medlem, rad = scene
    oenske = endringer.ask(rad, oensker="ja", tekst="", by=leder)
    Samling.objects.filter(pk=samling.pk).update(status=Samling.Status.PAAGAAR)

    for godta in (True, False):
        with pytest.raises(KanIkke, match="startet"):
            endringer.settle(
                Endringsoenske.objects.get(pk=oenske.pk),
                godta=godta,
                by=koordinator(samling.nettverk),
            )


def test_others_may_neither_ask_nor_settle(scene, client):
    samling, leder, _medlem, rad = scene
    fremmed = DeltakelseFactory(samling=samling)
    client.force_login(leder)
    svar = client.post(url(samling), {"oenske_for": fremmed.pk, "oensker": "ja"})
    oenske = endringer.ask(rad, oensker="ja", tekst="", by=leder)
    egen = client.post(url(samling, "endring_svar", oenske.pk), {"svar": "godta"})
    client.force_login(kog(samling.nettverk))
    kogs = client.post(url(samling, "endring_svar", oenske.pk), {"svar": "godta"})

    assert (svar.status_code, egen.status_code) == (422, 403)
    assert kogs.status_code in (403, 404)
    oenske.refresh_from_db()
    assert oenske.tilstand == T.VENTER


def test_the_coordinator_still_answers_directly(scene):
    samling, _leder, medlem, rad = scene

    paamelding.answer(rad, kommer=True, by=koordinator(samling.nettverk), uansett_frist=True)

    rad.refresh_from_db()
    assert rad.status == S.PAAMELDT
    with pytest.raises(KanIkke):
        paamelding.answer(rad, kommer=False, by=medlem)
