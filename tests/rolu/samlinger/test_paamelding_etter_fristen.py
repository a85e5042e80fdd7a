"""After the deadline a change is asked for, and the coordinator accepts or refuses it."""

import datetime

import pytest
from django.urls import reverse

from kommuner.gyldighet import idag
from nettverk.models import Brev
from nettverk.skriving.konflikt import KanIkke
from rolu.models import Behov, Deltakelse, Endringsoenske, Gruppetall, Samling
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
    client.post(url(samling), {"oensker": "1", f"oenske_{rad.pk}": "ja", "tekst": "Vi fikk vikar."})
    venter = client.get(url(samling)).text
    rad.refresh_from_db()
    client.force_login(koordinator(samling.nettverk))
    hjem = client.get(reverse("nettverk:hjem", args=[samling.nettverk.slug])).text
    lista = client.get(url(samling, "samling_deltakere")).text
    oversikt = client.get(url(samling, "samling")).text

    assert "Må noe endres?" in side
    sagt = f"Koordinatoren har fått ønsket: {medlem.navn} vil komme. Svaret kommer på e-post."
    assert sagt in " ".join(venter.split())
    assert "ber du koordinatoren om det i skjemaet under" in side
    assert "Ta kontakt" not in side
    assert rad.status == S.AVMELDT
    assert "1 ønske om endring etter fristen venter på svar." in hjem
    assert "Vi fikk vikar." in lista
    assert "1 ønske om endring venter på svar." in oversikt


def test_accepted_it_becomes_the_answer_and_who_asked_gets_a_letter(scene, client):
    samling, leder, medlem, rad = scene
    oenske = endringer.ask(rad, oensker="ja", tekst="", by=leder)
    client.force_login(koordinator(samling.nettverk))

    svar = client.post(url(samling, "endring_svar", oenske.pk), {"svar": "godta"})
    # One stands where the wishes are, also after the last of them.
    assert svar.url == url(samling, "samling_deltakere") + "#oensker"
    assert 'id="oensker" tabindex="-1"' in client.get(svar.url).text
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
    svar = client.post(url(samling), {"oensker": "1", f"oenske_{fremmed.pk}": "ja"})
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


def test_all_that_is_changed_is_asked_for_in_one_go_and_nobody_is_chosen_beforehand(scene, client):
    samling, leder, _medlem, rad = scene
    Gruppetall.objects.create(
        samling=samling, gruppe=rad.verv.gruppe, hva="elever", antall=2, kommune=rad.kommune
    )
    Deltakelse.objects.filter(samling=samling).update(status=S.INVITERT)
    leders = Deltakelse.objects.get(samling=samling, verv__person=leder)
    client.force_login(leder)

    side = client.get(url(samling))
    ingen = client.post(url(samling), {"oensker": "1"})
    client.post(
        url(samling),
        {
            "oensker": "1",
            f"oenske_{rad.pk}": "nei",
            f"oenske_{leders.pk}": "ja",
            "behovet": "1",
            "behov": ["vegetar"],
        },
    )

    valg = [v for linje in side.context["endringsskjema"].linjer for v in linje["valg"]]
    assert not any(valgt for _verdi, _ord, valgt in valg)
    assert "har meldt på 2 elever." in " ".join(side.text.split())
    assert "Ta kontakt med koordinatoren" not in side.text
    assert (ingen.status_code, Endringsoenske.objects.count()) == (422, 2)
    assert set(Endringsoenske.objects.values_list("deltakelse", "oensker")) == {
        (rad.pk, "nei"),
        (leders.pk, "ja"),
    }
    assert Behov.objects.get().person == leder


def test_who_sent_a_wish_takes_it_back_and_nobody_else(scene, client):
    samling, leder, medlem, rad = scene
    oenske = endringer.ask(rad, oensker="ja", tekst="Hemmelig", by=leder)
    client.force_login(medlem)
    andres = client.post(url(samling), {"trekk": oenske.pk})
    var_der = Endringsoenske.objects.exists()
    client.force_login(leder)
    side = client.get(url(samling)).text

    client.post(url(samling), {"trekk": oenske.pk})

    assert (andres.status_code, var_der) == (404, True)
    assert "Trekk tilbake" in side
    assert not Endringsoenske.objects.exists()
    assert not Endringsoenske.pgh_event_model.objects.exists()


def test_a_group_that_has_not_answered_is_still_waited_for_after_the_deadline(scene, client):
    samling, leder, _medlem, _rad = scene
    Deltakelse.objects.filter(samling=samling).update(status=S.INVITERT)
    hjem = reverse("nettverk:hjem", args=[samling.nettverk.slug])
    client.force_login(leder)

    foer = client.get(hjem).text
    for d in Deltakelse.objects.filter(samling=samling):
        endringer.ask(d, oensker="ja", tekst="", by=leder)

    assert "Fristen er ute, og gruppa har ikke svart" in foer
    assert "Fristen er ute" not in client.get(hjem).text
