"""After the deadline a change is asked for, and the coordinator accepts or refuses it."""

import datetime
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kommuner.gyldighet import idag, periode
from nettverk.models import Brev
from nettverk.models.sikkerhet import Teller
from nettverk.sikkerhet.grenser import Grense
from nettverk.skriving.konflikt import KanIkke
from rolu import opplysninger
from rolu.models import Behov, Deltakelse, Endringsoenske, Gjest, Gruppetall, Samling
from rolu.samlinger import endringer, paamelding, rydding
from rolu.samlinger.dager import days, days_listed, set_days
from tests.nettverk.factories import (
    PersonFactory,
    VervFactory,
    enhetsleder,
    gruppemedlem,
    kog,
    koordinator,
    nettverk_med_enhet,
)
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


@pytest.mark.parametrize("har_ny_leder", [True, False])
def test_who_leads_the_group_no_more_is_not_told_but_who_leads_it_now(scene, client, har_ny_leder):
    samling, leder, medlem, rad = scene
    oenske = endringer.ask(rad, oensker="ja", tekst="", by=leder)
    leder.verv.get().end()
    ny = enhetsleder(rad.verv.gruppe) if har_ny_leder else None
    client.force_login(koordinator(samling.nettverk))

    client.post(url(samling, "endring_svar", oenske.pk), {"svar": "godta"})

    oenske.refresh_from_db()
    assert oenske.tilstand == T.GODTATT
    brevene = Brev.objects.filter(slag=endringer.ENDRINGSSVAR)
    assert [b.til for b in brevene] == ([ny] if ny else [])
    for b in brevene:
        assert f"{medlem.navn} er meldt på samlingen, slik det ble bedt om." in b.tekst


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
    oenske = endringer.ask(rad, oensker="ja", tekst="En", by=leder)

    for _gang in range(2):
        endringer.ask(rad, oensker="nei", tekst="To", by=medlem, sett=endringer.stand(oenske))

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


def test_a_wish_that_is_taken_back_while_it_is_answered_is_told_of(scene, client, monkeypatch):
    samling, leder, _medlem, rad = scene
    oenske = endringer.ask(rad, oensker="ja", tekst="", by=leder)
    settle = endringer.settle

    def taken_back_first(oenske, **mer):
        endringer.withdraw(oenske)
        return settle(oenske, **mer)

    monkeypatch.setattr(endringer, "settle", taken_back_first)
    client.force_login(koordinator(samling.nettverk))

    svar = client.post(url(samling, "endring_svar", oenske.pk), {"svar": "godta"}, follow=True)

    assert "Ønsket er trukket tilbake." in svar.text
    rad.refresh_from_db()
    assert rad.status == S.AVMELDT
    assert not Brev.objects.exists()


@pytest.mark.parametrize("oensket", ["ja", "vara"])
@pytest.mark.parametrize("til_en_annen", [False, True])
def test_a_wish_for_a_place_that_is_gone_meanwhile_is_told_of(
    scene, client, monkeypatch, oensket, til_en_annen
):
    samling, leder, medlem, rad = scene
    ask = endringer.ask

    def gone_first(deltakelse, **mer):
        plassen = Deltakelse.objects.filter(pk=deltakelse.pk)
        if til_en_annen:
            plassen.update(verv=gruppemedlem(rad.verv.gruppe).verv.get())
        else:
            plassen.delete()
        return ask(deltakelse, **mer)

    monkeypatch.setattr(endringer, "ask", gone_first)
    client.force_login(leder)

    svar = client.post(url(samling), wished(rad) | {f"oenske_{rad.pk}": oensket})

    assert svar.status_code == 409
    assert f"{medlem.navn} er ikke lenger invitert." in svar.text
    assert not Endringsoenske.objects.exists()


def test_a_leader_who_comes_by_another_verv_than_the_groups_may_sign_off_too(scene, client):
    samling, leder, medlem, rad = scene
    annen = DeltakelseFactory(
        samling=samling,
        status=S.PAAMELDT,
        verv=VervFactory(person=leder, gruppe__nettverk=samling.nettverk),
    )
    client.force_login(leder)

    def lines() -> list:
        return client.get(url(samling)).context["endringsskjema"].linjer

    foer = [linje["m"].verv.person for linje in lines()]
    Deltakelse.objects.filter(verv__person=leder).exclude(pk=annen.pk).update(status=S.AVMELDT)
    *_gruppas, egen = lines()
    svar = client.post(url(samling), wished(rad) | {egen["navn"]: "nei"})
    vara = client.post(url(samling), wished(annen))

    assert sorted(foer, key=lambda p: p.pk) == [leder, medlem]
    assert (egen["m"].deltakelse, len(egen["valg"])) == (annen, 2)
    assert (svar.status_code, vara.status_code) == (302, 422)
    assert set(Endringsoenske.objects.values_list("deltakelse", "oensker")) == {
        (rad.pk, "vara"),
        (annen.pk, "nei"),
    }


@pytest.mark.parametrize("rekke", [(S.AVMELDT, S.PAAMELDT), (S.PAAMELDT, S.AVMELDT)])
def test_who_is_invited_by_several_verv_asks_by_the_one_that_has_their_answer(scene, client, rekke):
    samling, _leder, medlem, rad = scene
    annen = DeltakelseFactory(
        samling=samling, verv=VervFactory(person=medlem, gruppe__nettverk=samling.nettverk)
    )
    slutt = DeltakelseFactory(
        samling=samling,
        status=S.PAAMELDT,
        verv=VervFactory(
            person=medlem,
            gruppe__nettverk=samling.nettverk,
            gyldig=periode(idag() - datetime.timedelta(days=9), samling.dato),
        ),
    )
    for plass, status in zip((rad, annen), rekke, strict=True):
        Deltakelse.objects.filter(pk=plass.pk).update(status=status)
    [inne] = Deltakelse.objects.filter(pk__in=[rad.pk, annen.pk], status=S.PAAMELDT)
    client.force_login(medlem)

    [linje] = client.get(url(samling)).context["endringsskjema"].linjer
    svar = client.post(url(samling), {"oensker": "1", linje["navn"]: "nei"})
    [igjen] = client.get(url(samling)).context["endringsskjema"].linjer

    assert linje["m"].deltakelse == inne
    assert [verdi for verdi, _ord, valgt in linje["valg"] if valgt] == ["ja"]
    oenske = Endringsoenske.objects.get()
    assert (svar.status_code, igjen["oenske"]) == (302, oenske)
    endringer.settle(oenske, godta=True, by=koordinator(samling.nettverk))
    gjelder = Deltakelse.objects.filter(verv__person=medlem).exclude(pk=slutt.pk)
    assert set(gjelder.values_list("status", flat=True)) == {S.AVMELDT}


def test_the_very_same_wish_twice_is_one_and_nobody_is_told_otherwise(scene, client):
    samling, leder, _medlem, rad = scene
    client.force_login(leder)
    data = wished(rad) | {"tekst": "Vi fikk vikar."}

    svar = [client.post(url(samling), data).status_code for _gang in range(2)]

    assert svar == [302, 302]
    assert Endringsoenske.objects.get().tekst == "Vi fikk vikar."
    assert Endringsoenske.pgh_event_model.objects.count() == 1


def test_what_is_written_in_another_tab_stands_beside_what_waits_and_is_asked_with_open_eyes(
    scene, client
):
    samling, leder, medlem, rad = scene
    leders = Deltakelse.objects.get(samling=samling, verv__person=leder)
    client.force_login(leder)
    client.post(url(samling), {"oensker": "1", f"oenske_{rad.pk}": "ja"})
    andre = wished(rad) | {f"oenske_{leders.pk}": "nei", "tekst": "Vera kan."}

    svar = client.post(url(samling), andre)
    linje = next(x for x in svar.context["endringsskjema"].linjer if x["m"].deltakelse == rad)
    foer = list(Endringsoenske.objects.values_list("deltakelse", "oensker"))
    igjen = client.post(url(samling), andre | dict([linje["sett"]]))

    assert svar.status_code == 409
    assert f"Det er allerede bedt om en endring for {medlem.navn}." in svar.text
    assert f"Venter på svar: {medlem.navn} vil komme." in " ".join(svar.text.split())
    for skrevet in ("Vera Vara", "Vera@Vara.example", "Vera kan."):
        assert skrevet in svar.text
    assert foer == [(rad.pk, "ja")]
    assert igjen.status_code == 302
    assert set(Endringsoenske.objects.values_list("deltakelse", "oensker", "vara_navn")) == {
        (rad.pk, "vara", "Vera Vara"),
        (leders.pk, "nei", ""),
    }


def test_somebody_elses_wish_is_told_of_with_who_asked_and_again_when_it_changes(scene, client):
    samling, leder, medlem, rad = scene
    oenske = endringer.ask(rad, oensker="ja", tekst="Bare til koordinatoren", by=leder)
    sett = endringer.stand(oenske)
    oenske = endringer.ask(rad, oensker="vara", tekst="", vara=VERA, by=leder, sett=sett)
    client.force_login(medlem)

    data = {"oensker": "1", f"oenske_{rad.pk}": "ja"}
    svar = client.post(url(samling), data | {f"sett_{rad.pk}": sett})

    assert svar.status_code == 409
    assert f"bedt om av {leder.navn}" in " ".join(svar.text.split())
    assert Endringsoenske.objects.get().oensker == "vara"
    assert (
        client.post(url(samling), data | {f"sett_{rad.pk}": endringer.stand(oenske)}).status_code
        == 302
    )
    assert Endringsoenske.objects.get().av == medlem


def test_a_mistake_elsewhere_loses_nothing_of_what_is_written_for_one_who_is_asked_for(
    scene, client
):
    samling, leder, medlem, rad = scene
    leders = Deltakelse.objects.get(samling=samling, verv__person=leder)
    endringer.ask(rad, oensker="ja", tekst="", by=medlem)
    client.force_login(leder)

    svar = client.post(url(samling), wished(rad) | wished(leders, navn=""))

    assert svar.status_code == 422
    assert "Vera Vara" in svar.text
    assert f"Venter på svar: {medlem.navn} vil komme." in " ".join(svar.text.split())


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


# --- somebody in the place


VERA = paamelding.Vara("Vera Vara", "vera@vara.example")


def two_days(samling) -> list[datetime.date]:
    datoer = [samling.dato, samling.dato + datetime.timedelta(days=1)]
    set_days(samling, [(d, datetime.time(9), datetime.time(15)) for d in datoer])
    return datoer


def wished(rad, navn="Vera Vara", epost="Vera@Vara.example", **mer) -> dict:
    pk = rad.verv_id
    return {
        "oensker": "1",
        f"oenske_{rad.pk}": "vara",
        f"vara_navn_{pk}": navn,
        f"vara_epost_{pk}": epost,
        **mer,
    }


def test_a_leader_wishes_for_a_substitute_one_day_of_two_and_the_coordinator_reads_who(
    scene, client
):
    samling, leder, medlem, rad = scene
    _forste, andre = two_days(samling)
    client.force_login(leder)

    svar = client.post(url(samling), wished(rad, **{f"dager_{rad.verv_id}": [andre.isoformat()]}))
    venter = " ".join(client.get(url(samling)).text.split())
    client.force_login(koordinator(samling.nettverk))
    lista = " ".join(client.get(url(samling, "samling_deltakere")).text.split())

    assert svar.status_code == 302
    assert f"fått ønsket: Vera Vara som vara for {medlem.navn}." in venter
    assert f"Vera Vara som vara for {medlem.navn}" in lista
    assert "Bekreftelsen går til vera@vara.example." in lista
    assert f"Kommer bare {days_listed([andre])}." in lista
    assert not Gjest.objects.exists()
    assert not Brev.objects.exists()


def test_accepted_it_is_as_if_the_leader_had_answered_in_time(scene):
    samling, leder, medlem, rad = scene
    _forste, andre = two_days(samling)
    k = koordinator(samling.nettverk)
    oenske = endringer.ask(rad, oensker="vara", tekst="", vara=VERA, dager=[andre], by=leder)

    for _gang in range(2):
        endringer.settle(Endringsoenske.objects.get(pk=oenske.pk), godta=True, by=k)

    gjest = Gjest.objects.get()
    assert (gjest.navn, gjest.epost, gjest.dager) == ("Vera Vara", "vera@vara.example", [andre])
    assert (gjest.for_verv, gjest.status, gjest.lagt_til_av) == (rad.verv, "paameldt", leder)
    oenske.refresh_from_db()
    assert (oenske.tilstand, oenske.vara_navn, oenske.vara_epost) == (T.GODTATT, "", "")
    assert oenske.vara_dager is None
    varaens = Brev.objects.get(til=None)
    assert varaens.epost == "vera@vara.example"
    assert f"i stedet for {medlem.navn}" in varaens.tekst
    assert leder.navn in varaens.tekst
    lederens = Brev.objects.get(slag=endringer.ENDRINGSSVAR)
    assert f"Varaen for {medlem.navn} er meldt på" in lederens.tekst
    assert "Vera" not in lederens.tekst


def test_the_days_in_a_wish_move_with_the_gathering(scene):
    samling, leder, _medlem, rad = scene
    _forste, andre = two_days(samling)
    endringer.ask(rad, oensker="vara", tekst="", vara=VERA, dager=[andre], by=leder)
    uke = datetime.timedelta(days=7)

    set_days(samling, [(d.dato + uke, d.fra, d.til) for d in days(samling)])

    assert Endringsoenske.objects.get().vara_dager == [andre + uke]


def test_the_others_of_the_group_stand_as_they_did(scene):
    samling, leder, _medlem, rad = scene
    uten_svar = gruppemedlem(rad.verv.gruppe)
    tredje = DeltakelseFactory(samling=samling, verv=uten_svar.verv.get())
    oenske = endringer.ask(rad, oensker="vara", tekst="", vara=VERA, by=leder)

    endringer.settle(oenske, godta=True, by=koordinator(samling.nettverk))

    tredje.refresh_from_db()
    leders = Deltakelse.objects.get(samling=samling, verv__person=leder)
    assert (tredje.status, leders.status) == (S.INVITERT, S.PAAMELDT)


@pytest.mark.parametrize(("foer", "etter"), [(S.PAAMELDT, "paameldt"), (S.AVMELDT, "venter")])
def test_a_substitute_has_the_place_of_the_one_they_come_for_or_waits(scene, foer, etter):
    samling, leder, _medlem, rad = scene
    Deltakelse.objects.filter(pk=rad.pk).update(status=foer)
    full = Deltakelse.objects.filter(status=S.PAAMELDT).count()
    Samling.objects.filter(pk=samling.pk).update(kapasitet=full)
    vara = paamelding.Vara("Vera Vara")
    oenske = endringer.ask(rad, oensker="vara", tekst="", vara=vara, by=leder)

    endringer.settle(oenske, godta=True, by=koordinator(samling.nettverk))

    assert Gjest.objects.get().status == etter
    brev = Brev.objects.get(slag=endringer.ENDRINGSSVAR).tekst
    assert ("står på venteliste" in brev) == (etter == "venter")
    assert "Vi har ingen e-postadresse til varaen" in brev


def test_a_wish_that_they_cannot_takes_the_substitute_away_too(scene, client):
    samling, leder, _medlem, rad = scene
    k = koordinator(samling.nettverk)
    paamelding.substitute(rad, vara=VERA, dager=[], by=leder)
    client.force_login(leder)
    ingen = client.post(url(samling), wished(rad))
    client.post(url(samling), {"oensker": "1", f"oenske_{rad.pk}": "nei"})
    client.force_login(k)
    lista = client.get(url(samling, "samling_deltakere")).text

    assert "Vera Vara er vara nå, og blir avmeldt." in lista
    endringer.settle(Endringsoenske.objects.get(), godta=True, by=k)

    assert ingen.status_code == 422  # nothing was changed
    assert Gjest.objects.get().status == Gjest.Status.AVMELDT


@pytest.mark.parametrize("hva", ["trekk", "avslaa", "ny", "rydd"])
def test_nothing_is_kept_of_who_was_named_when_it_comes_to_nothing(scene, hva):
    samling, leder, _medlem, rad = scene
    oenske = endringer.ask(rad, oensker="vara", tekst="", vara=VERA, by=leder)

    if hva == "trekk":
        endringer.withdraw(oenske)
    elif hva == "avslaa":
        endringer.settle(oenske, godta=False, by=koordinator(samling.nettverk))
    elif hva == "ny":
        endringer.ask(rad, oensker="ja", tekst="", by=leder, sett=endringer.stand(oenske))
    else:
        rydding.purge_wishes(samling.slutt + datetime.timedelta(days=31))

    historie = Endringsoenske.pgh_event_model.objects.values()
    alt = [*Endringsoenske.objects.values(), *historie, *Brev.objects.values("tekst", "epost")]
    assert "vera" not in str(alt).lower()
    assert not Gjest.objects.exists()


@pytest.mark.parametrize(
    ("felt", "verdi", "feil"),
    [
        ("vara_navn", "", "Skriv navnet på varaen for"),
        ("vara_epost", "vera", "e-post"),
        ("dager", [], "Velg minst én dag for Vera Vara"),
    ],
)
def test_what_is_wrong_with_a_wished_substitute_stands_at_the_field(
    scene, client, felt, verdi, feil
):
    samling, leder, _medlem, rad = scene
    dager = {f"dager_{rad.verv_id}": [d.isoformat() for d in two_days(samling)]}
    client.force_login(leder)

    svar = client.post(url(samling), wished(rad) | dager | {f"{felt}_{rad.verv_id}": verdi})

    assert svar.status_code == 422
    assert feil in svar.text
    assert not Endringsoenske.objects.exists()


def test_somebody_who_comes_or_is_wished_for_elsewhere_is_nobodys_substitute(scene, client):
    samling, leder, _medlem, rad = scene
    leders = Deltakelse.objects.get(samling=samling, verv__person=leder)
    client.force_login(leder)

    invitert = client.post(url(samling), wished(rad, epost=leder.epost))
    to_ganger = client.post(url(samling), wished(rad) | wished(leders))

    assert "Denne personen er allerede meldt på samlingen." in invitert.text
    assert "Den samme varaen kan bare stå én gang." in to_ganger.text
    assert (invitert.status_code, to_ganger.status_code) == (422, 422)
    assert not Endringsoenske.objects.exists()


def test_another_substitute_who_has_signed_up_meanwhile_stops_no_wish(scene):
    samling, leder, _medlem, rad = scene
    leders = Deltakelse.objects.get(samling=samling, verv__person=leder)
    Deltakelse.objects.filter(pk=leders.pk).update(status=S.AVMELDT)
    staar = Gjest.objects.create(
        samling=samling,
        navn="Nils",
        epost="nils@vara.example",
        for_verv=leders.verv,
        gruppe=leders.verv.gruppe,
    )
    annen = VervFactory(gruppe__nettverk=samling.nettverk, person__epost=staar.epost)
    DeltakelseFactory(samling=samling, verv=annen, status=S.PAAMELDT)

    oenske = endringer.ask(rad, oensker="vara", tekst="", vara=VERA, by=leder)
    endringer.settle(oenske, godta=True, by=koordinator(samling.nettverk))

    assert set(Gjest.objects.values_list("navn", "status")) == {
        ("Nils", "paameldt"),
        (VERA.navn, "paameldt"),
    }
    # In the group's own form it is told of, as before.
    [svar] = paamelding.group_answers(samling, [rad.verv.gruppe])
    with pytest.raises(paamelding.FeilIFelt, match="allerede meldt på samlingen"):
        paamelding.sign_up_group(
            samling,
            gruppe=rad.verv.gruppe,
            kommer=[],
            stand=svar.stand,
            by=leder,
            varaer={leders.verv_id: paamelding.Vara("Nils", staar.epost)},
            uansett_frist=True,
        )


def test_a_wish_that_is_not_taken_stands_in_the_form(scene, client, monkeypatch):
    samling, leder, _medlem, rad = scene
    monkeypatch.setattr(paamelding, "VARAADRESSER", replace(paamelding.VARAADRESSER, antall=0))
    client.force_login(leder)

    svar = client.post(url(samling), wished(rad) | {"tekst": "Vi fikk vikar."})

    assert svar.status_code == 409
    for skrevet in ("Prøv igjen om en time", "Vera Vara", "Vi fikk vikar."):
        assert skrevet in svar.text
    assert not Endringsoenske.objects.exists()


def test_a_substitute_who_has_signed_up_meanwhile_is_told_and_the_wish_waits(scene, client):
    samling, leder, _medlem, rad = scene
    oenske = endringer.ask(rad, oensker="vara", tekst="", vara=VERA, by=leder)
    Gjest.objects.create(samling=samling, navn="Vera", epost=VERA.epost)
    client.force_login(koordinator(samling.nettverk))

    svar = client.post(url(samling, "endring_svar", oenske.pk), {"svar": "godta"}, follow=True)

    assert "Denne personen er allerede meldt på samlingen." in svar.text
    oenske.refresh_from_db()
    assert (oenske.tilstand, oenske.vara_navn) == (T.VENTER, "Vera Vara")


def test_a_wish_for_a_place_that_no_longer_holds_is_not_accepted(scene):
    samling, leder, _medlem, rad = scene
    oenske = endringer.ask(rad, oensker="vara", tekst="", vara=VERA, by=leder)
    verv = rad.verv
    verv.gyldig = periode(verv.gyldig.lower, idag())
    verv.save(update_fields=["gyldig"])

    with pytest.raises(KanIkke, match="ikke lenger invitert"):
        endringer.settle(
            Endringsoenske.objects.get(pk=oenske.pk),
            godta=True,
            by=koordinator(samling.nettverk),
        )


def test_whether_addresses_are_signed_up_is_not_tried_without_end(scene, client):
    samling, leder, _medlem, rad = scene
    client.force_login(leder)
    leders = leder.epost

    def tried(frist) -> list[int]:
        """The answers to thirty tries whether the leader's own address is signed up."""
        Teller.objects.all().delete()
        Samling.objects.filter(pk=samling.pk).update(paameldingsfrist=frist)
        [svar] = paamelding.group_answers(samling, [rad.verv.gruppe])
        gruppa = {f"svar_{rad.verv_id}": "vara", "gruppe": rad.verv.gruppe_id, "stand": svar.stand}
        data = wished(rad, epost=leders) | (gruppa if frist is None else {})
        if frist is None:
            del data["oensker"]
        return [client.post(url(samling), data).status_code for _gang in range(30)]

    antall = paamelding.VARAADRESSER.antall
    for frist in (None, idag() - datetime.timedelta(days=1)):
        assert tried(frist) == [422] * antall + [409] * (30 - antall)


def test_an_address_that_is_accepted_is_not_counted_once_more(scene, client, monkeypatch):
    samling, leder, _medlem, rad = scene
    monkeypatch.setattr(paamelding, "VARAADRESSER", Grense("rolu.proeve", 1, datetime.timedelta(1)))
    client.force_login(leder)
    client.post(url(samling), wished(rad))
    client.force_login(koordinator(samling.nettverk))

    oenske = Endringsoenske.objects.get()
    client.post(url(samling, "endring_svar", oenske.pk), {"svar": "godta"})
    client.force_login(leder)
    # The name is mended: the address stands at the place already.
    rettet = client.post(url(samling), wished(rad, navn="Vera Varasen"))
    ny = client.post(url(samling), {"trekk": Endringsoenske.objects.waiting().get().pk})
    ny = client.post(url(samling), wished(rad, epost="a@b.example"))

    assert Gjest.objects.count() == 1
    assert (rettet.status_code, ny.status_code) == (302, 409)
    assert "mange nye e-postadresser" in ny.text


def test_who_is_named_by_an_address_of_theirs_finds_it_among_what_is_kept(scene, client):
    samling, leder, medlem, rad = scene
    vera = PersonFactory(epost="vera@vara.example")
    endringer.ask(rad, oensker="vara", tekst="", vara=VERA, by=leder)
    Gjest.objects.create(samling=samling, navn="Uten adresse")

    def kept(person, tittel: str) -> list:
        return next(o.rader for o in opplysninger.gather(person) if o.tittel == tittel)

    plass, oensker = (
        "Samlinger du er satt opp på som vara eller gjest",
        "Endringer du har bedt om etter fristen",
    )
    assert [(r["navn"], r["svar"]) for r in kept(vera, plass)] == [("Vera Vara", "venter på svar")]
    assert kept(leder, plass) == []
    assert [r["vara"] for r in kept(leder, oensker)] == ["Vera Vara"]
    # Whose place it is, reads who is named on the page for signing up too.
    assert [r["vara"] for r in kept(medlem, oensker)] == ["Vera Vara"]
    client.force_login(medlem)
    assert f"Vera Vara som vara for {medlem.navn}" in " ".join(
        client.get(url(samling)).text.split()
    )
    Endringsoenske.objects.all().delete()
    Gjest.objects.create(samling=samling, navn="Vera", epost="vera@vara.example")
    assert [r["svar"] for r in kept(vera, plass)] == ["påmeldt"]


def test_one_who_answers_for_oneself_names_nobody(scene, client):
    samling, _leder, medlem, rad = scene
    client.force_login(medlem)

    side = client.get(url(samling)).text
    svar = client.post(url(samling), wished(rad))

    assert "Varaens navn" not in side
    assert "Vara, dager og hvor mange elever" in side
    assert svar.status_code == 422
    assert not Endringsoenske.objects.exists()


@pytest.mark.parametrize(
    ("hva", "melding"),
    [
        ({"oensker": "vara", "vara": None}, "hvem som er vara"),
        ({"oensker": "vara", "vara": paamelding.Vara("", "vera@vara.example")}, "hvem som er vara"),
        ({"oensker": "ja"}, "hvem som er vara"),
        ({"dager": [datetime.date(2020, 1, 1)]}, "andre dager"),
    ],
)
def test_a_wish_that_does_not_hang_together_is_told_why(scene, hva, melding):
    samling, leder, _medlem, rad = scene
    two_days(samling)
    oenske = {"oensker": "vara", "tekst": "", "vara": VERA, "by": leder, **hva}

    with pytest.raises(KanIkke, match=melding):
        endringer.ask(rad, **oenske)
    assert not Endringsoenske.objects.exists()


def test_who_answers_for_the_group_alone_names_somebody_in_the_place(scene):
    _samling, _leder, medlem, rad = scene

    with pytest.raises(KanIkke, match="Bare den som svarer for gruppa"):
        endringer.ask(rad, oensker="vara", tekst="", vara=VERA, by=medlem)
    assert not Endringsoenske.objects.exists()


def test_all_the_days_of_a_wish_are_none_in_particular(scene):
    samling, leder, _medlem, rad = scene

    oenske = endringer.ask(
        rad, oensker="vara", tekst="", vara=VERA, dager=two_days(samling), by=leder
    )

    assert oenske.vara_dager is None


def test_the_page_costs_the_same_with_one_wish_and_three(scene, client):
    samling, leder, _medlem, rad = scene
    two_days(samling)
    k = koordinator(samling.nettverk)

    def cost() -> list[int]:
        antall = []
        for hvem, navn in ((leder, "paamelding"), (k, "samling_deltakere")):
            client.force_login(hvem)
            client.get(url(samling, navn))
            with CaptureQueriesContext(connection) as spoerringer:
                client.get(url(samling, navn))
            antall.append(len(spoerringer))
        return antall

    endringer.ask(rad, oensker="vara", tekst="", vara=VERA, by=leder)
    en = cost()
    for nr in range(2):
        flere = gruppemedlem(rad.verv.gruppe)
        plass = DeltakelseFactory(samling=samling, verv=flere.verv.get(), status=S.PAAMELDT)
        vara = paamelding.Vara(f"Vara {nr}", f"v{nr}@vara.example")
        endringer.ask(plass, oensker="vara", tekst="", vara=vara, by=leder)

    assert cost() == en
