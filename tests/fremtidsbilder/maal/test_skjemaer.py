"""The pages on which goals are written and go their rounds, without JavaScript."""

import datetime
import html
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fremtidsbilder.maal import runder, skriving
from fremtidsbilder.models import Maal, Maalkommentar
from fremtidsbilder.portal import MaalPortal
from kommuner.gyldighet import idag
from nettverk.models import Brev, Gruppe, Mottakere, Nettverk, Person
from nettverk.side.skrivemaate import shortened
from nettverk.skriving.konflikt import KanIkke
from nettverk.tilgang.roller import roller_for
from tests.fremtidsbilder.factories import MaalFactory
from tests.nettverk.factories import (
    LENGE_SIDEN,
    enhetsleder,
    gruppemedlem,
    kommuneansvarlig,
    koordinator,
    medlem,
    nettverk_med_enhet,
    periode,
)

pytestmark = pytest.mark.django_db


def _client(person: Any) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _url(navn: str, nettverk: Nettverk, *mer: Any) -> str:
    return reverse(f"fremtidsbilder:{navn}", args=[nettverk.slug, *mer])


def _nytt(**mer: str) -> dict[str, str]:
    return {"type": "effekt", "tekst": "Alle barn hører til.", "sted": "nettverk", **mer}


def _norsk(dato: datetime.date) -> str:
    return f"{dato:%d.%m.%Y}"


def test_a_new_goal_leads_to_its_page_and_a_double_tap_makes_one():
    nettverk, _gruppe = nettverk_med_enhet()
    client, url = _client(koordinator(nettverk)), _url("maal_ny", nettverk)
    side = client.get(url)
    noekkel = side.context["form"]["engang"].value()
    assert "Effektmålet sier " in side.text

    for _gang in range(2):
        svar = client.post(url, _nytt(engang=str(noekkel)))
        assert svar["Location"] == _url("maal", nettverk, Maal.objects.get().pk)


def test_who_has_no_place_left_in_the_network_writes_no_goal():
    nettverk, gruppe = nettverk_med_enhet()
    client, url = _client(enhetsleder(gruppe)), _url("maal_ny", nettverk)
    nettverk.medlemskap.update(gyldig=periode(LENGE_SIDEN, idag()))

    assert (client.get(url).status_code, client.post(url, _nytt()).status_code) == (404, 404)


def test_who_writes_at_one_place_is_not_asked_where():
    nettverk, gruppe = nettverk_med_enhet()
    sted = f"enhet-{gruppe.enhet.referanse}"
    client = _client(enhetsleder(gruppe))
    for spoersmaal in ("", "?sted=nettverk", "?sted="):
        felt = client.get(_url("maal_ny", nettverk) + spoersmaal).context["form"]["sted"]
        assert (felt.is_hidden, felt.value()) == (True, sted)


def test_near_goals_are_shown_first_and_nothing_is_lost():
    nettverk, gruppe = nettverk_med_enhet()
    leder, over = enhetsleder(gruppe), MaalFactory(nettverk=nettverk, tekst="Alle barn hører til.")
    client, url = _client(leder), _url("maal_ny", nettverk)
    sendt = _nytt(
        tekst="Alle barn hører til her.", sted=f"enhet-{gruppe.enhet.referanse}", tegn="Vi ser"
    )

    svar = client.post(url, sendt)
    assert svar.status_code == 422
    assert "Ta inn dette i stedet" in svar.text
    assert "Lagre likevel" in svar.text
    assert "Alle barn hører til her." in svar.text
    assert "Vi ser" in svar.text
    assert Maal.objects.count() == 1

    tatt = client.post(_url("maal_ta_inn", nettverk, over.pk), {**sendt, "fra_ny": "1"})
    assert "Alle barn hører til her." in tatt.text
    assert Maal.objects.count() == 1

    client.post(url, {**sendt, "likevel": "1"})
    assert Maal.objects.filter(enhet=gruppe.enhet, tilstand="utkast").exists()


@pytest.mark.parametrize(
    ("felt", "verdi"),
    [
        ("tekst", ""),
        ("tekst", "a" * 60_000),
        ("tegn", "b" * 400),
        ("tegn", "\n".join(f"tegn {n}" for n in range(31))),
        ("over", "999999"),
        ("sted", "enhet-999999999"),
        ("fra", "i går"),
        ("til", "01.01.2020"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(felt: str, verdi: str):
    nettverk, gruppe = nettverk_med_enhet()
    client = _client(koordinator(nettverk))

    svar = client.post(_url("maal_ny", nettverk), _nytt(**{felt: verdi}))

    assert svar.status_code == 422
    assert svar.context["form"].errors.keys() & {felt, "fra"}
    assert not Maal.objects.exists()
    assert gruppe


def test_emoji_stays_and_a_nul_does_not():
    nettverk, _gruppe = nettverk_med_enhet()

    _client(koordinator(nettverk)).post(
        _url("maal_ny", nettverk), _nytt(tekst="Alle er \x00 med 👩‍🏫 <script>")
    )

    tekst = Maal.objects.get().tekst
    assert "👩‍🏫 <script>" in tekst
    assert "\x00" not in tekst


def test_two_tabs_see_both_texts():
    nettverk, _gruppe = nettverk_med_enhet()
    maal = MaalFactory(nettverk=nettverk, tilstand="utkast")
    client, url = _client(koordinator(nettverk)), _url("maal_rediger", nettverk, maal.pk)
    data = {"type": "effekt", "versjon": "0"}
    assert client.get(url).status_code == 200

    assert client.post(url, {**data, "tekst": "Fra den ene"}).status_code == 302
    svar = client.post(url, {**data, "tekst": "Fra den andre"})

    assert svar.status_code == 409
    assert "Fra den ene" in svar.text
    assert "Fra den andre" in svar.text
    assert client.post(url, {**data, "tekst": "Fra den andre", "behold": "1"}).status_code == 302
    maal.refresh_from_db()
    assert maal.tekst == "Fra den andre"


def test_a_hearing_is_looked_over_before_anything_is_sent():
    nettverk, gruppe = nettverk_med_enhet()
    leder = enhetsleder(gruppe)
    maal = MaalFactory(nettverk=nettverk, tilstand="utkast", tekst="Ett\nTo")
    client, url = _client(koordinator(nettverk)), _url("maal_hoering", nettverk, maal.pk)
    assert client.get(url).status_code == 200
    data = {"til": _norsk(idag()), "til-enheter": "on"}
    feil = client.post(url, {"til": "01.01.2020"})
    assert feil.status_code == 422
    assert feil.context["form"].errors["til"]

    sett = client.post(url, data)
    assert sett.status_code == 200
    assert "1 person blir spurt" in sett.text
    assert not Brev.objects.exists()

    for _gang in range(2):
        assert client.post(url, {**data, "send": "1"}).status_code == 302
    assert [b.til for b in Brev.objects.all()] == [leder]


def test_the_one_who_answers_for_a_kommune_asks_its_groups_and_a_leader_the_own_group():
    nettverk, gruppe = nettverk_med_enhet()
    leder, laerer = enhetsleder(gruppe), gruppemedlem(gruppe)
    kommune = nettverk.kommuner().get()
    i_kommunen = MaalFactory(nettverk=nettverk, nivaa="kommune", kommune=kommune, tilstand="utkast")
    i_enheten = MaalFactory(nettverk=nettverk, nivaa="enhet", enhet=gruppe.enhet, tilstand="utkast")
    data = {
        "til": _norsk(idag()),
        "til-bare_nettverk_kommune": kommune.kommunenummer,
        "send": "1",
    }

    _client(kommuneansvarlig(nettverk, kommune)).post(
        _url("maal_hoering", nettverk, i_kommunen.pk), data
    )
    _client(leder).post(_url("maal_hoering", nettverk, i_enheten.pk), data)

    for maal in (i_kommunen, i_enheten):
        maal.refresh_from_db()
        assert maal.tilstand == "hoering"
        assert runder.asked_through(maal, laerer)


def _paa_hoering(nettverk: Nettverk, by: Any) -> Maal:
    maal = MaalFactory(nettverk=nettverk, tilstand="utkast", tekst="Ett\nTo")
    alle = Mottakere(nettverk=nettverk, enheter=True)
    return runder.send(maal, mottakere=alle, til=idag(), by=by)


def test_who_is_asked_comments_and_gets_an_answer():
    nettverk, gruppe = nettverk_med_enhet()
    by, leder = koordinator(nettverk), enhetsleder(gruppe)
    maal = _paa_hoering(nettverk, by)
    url = _url("maal_kommentarer", nettverk, maal.pk)

    assert "Send kommentaren" in _client(leder).get(_url("maal", nettverk, maal.pk)).text
    feil = _client(leder).post(url, {"tekst": ""})
    assert feil.status_code == 422
    assert "tekst" in feil.context["form"].errors
    assert _client(leder).post(url, {"tekst": "x" * 60_000}).status_code == 422
    svar = _client(leder).post(url, {"linje": "2", "tekst": "Eleven Kari er med"}, follow=True)
    assert "nevne et barn ved navn" in html.unescape(svar.text)

    kommentar = Maalkommentar.objects.get()
    assert kommentar.linje == "To"
    svarurl = _url("maal_kommentar_svar", nettverk, kommentar.pk)
    assert _client(leder).get(svarurl).status_code == 403
    assert "valgfritt" not in _client(by).get(svarurl).text
    assert _client(by).post(svarurl, {"utfall": "tatt_med", "svar": ""}).status_code == 422
    _client(by).post(svarurl, {"utfall": "tatt_med", "svar": "Lagt til."})
    assert "Lagt til." in _client(leder).get(_url("maal", nettverk, maal.pk)).text
    # What asked for no change, is thanked for without a reason.
    assert _client(by).post(svarurl, {"utfall": "takk", "svar": ""}).status_code == 302
    side = _client(leder).get(_url("maal", nettverk, maal.pk)).text
    assert "takk, ingen endring trengs" in side
    assert "Lagt til." not in side


def test_who_is_not_asked_reads_and_is_told_so():
    nettverk, gruppe = nettverk_med_enhet()
    by = koordinator(nettverk)
    enhetsleder(gruppe)
    maal = _paa_hoering(nettverk, by)

    assert "Send kommentaren" not in _client(by).get(_url("maal", nettverk, maal.pk)).text
    svar = _client(by).post(_url("maal_kommentarer", nettverk, maal.pk), {"tekst": "Hei"})
    assert "ikke sendt til deg" in html.unescape(svar.text)
    assert not Maalkommentar.objects.exists()


def test_a_comment_after_the_deadline_is_not_kept_and_not_lost():
    nettverk, gruppe = nettverk_med_enhet()
    leder = enhetsleder(gruppe)
    maal = _paa_hoering(nettverk, koordinator(nettverk))
    Maal.objects.update(hoering_til=idag() - datetime.timedelta(days=1))

    svar = _client(leder).post(_url("maal_kommentarer", nettverk, maal.pk), {"tekst": "For sent"})

    assert "Høringen er over" in svar.text
    assert "For sent" in svar.text
    assert not Maalkommentar.objects.exists()


def test_the_steps_by_their_pages():
    nettverk, gruppe = nettverk_med_enhet()
    by, leder = koordinator(nettverk), enhetsleder(gruppe)
    client = _client(by)
    maal = MaalFactory(nettverk=nettverk, tilstand="utkast")

    def step(navn: str, kode: int = 302, /, **data: str) -> Maal:
        url = _url(navn, nettverk, maal.pk)
        assert client.get(url).status_code == 200
        assert client.post(url, data).status_code == kode
        maal.refresh_from_db()
        return maal

    assert step("maal_vedta", hvor="STG", dato=_norsk(idag())).tilstand == "vedtatt"
    assert step("maal_vurder", 422, status="naadd").status == ""
    assert step("maal_vurder", status="naadd", vurdering="Ja.").status == "naadd"
    egen = _url("maal_ta_inn", nettverk, maal.pk)
    assert _client(leder).get(egen).status_code == 200
    sted = f"enhet-{gruppe.enhet.referanse}"
    for _gang in range(2):
        svar = _client(leder).post(egen, {"sted": sted, "ord": "egne", "tekst": "Våre ord"})
        assert svar.status_code == 302
    eget = Maal.objects.get(overtatt=True)
    assert (
        step("maal_revider", tekst="Nye ord", grunn="Kortere", versjon=str(maal.versjon)).tekst
        == "Nye ord"
    )
    varslet = _client(leder).get(_url("maal", nettverk, eget.pk)).text
    assert "Målet over ble revidert" in html.unescape(varslet)
    assert "Kortere" in varslet
    assert step("maal_avslutt", grunn="Ferdig").er_avsluttet
    assert client.get(_url("maal_rediger", nettverk, maal.pk)).status_code == 302
    assert step("maal_gjenaapne", grunn="Likevel").er_utkast


def test_what_is_no_draft_is_not_asked_about_a_hearing():
    nettverk, _gruppe = nettverk_med_enhet()
    maal = MaalFactory(nettverk=nettverk)
    client = _client(koordinator(nettverk))

    svar = client.get(_url("maal_hoering", nettverk, maal.pk), follow=True)

    assert svar.redirect_chain == [(_url("maal", nettverk, maal.pk), 302)]
    assert "Bare et utkast kan sendes på høring. Dette målet er vedtatt." in svar.text


def test_the_page_costs_the_same_with_one_comment_and_many():
    nettverk, gruppe = nettverk_med_enhet()
    by, leder = koordinator(nettverk), enhetsleder(gruppe)
    maal, client = _paa_hoering(nettverk, by), _client(by)
    url = _url("maal", nettverk, maal.pk)
    client.get(url)
    spurt = []
    for antall in (1, 3):
        for n in range(antall):
            runder.comment(maal, linje="", tekst=f"{antall}-{n}", by=leder)
        with CaptureQueriesContext(connection) as her:
            client.get(url)
        spurt.append(len(her))
    assert spurt[0] == spurt[1]


def test_what_is_left_before_a_decision_is_said_on_the_goal_and_on_the_page_of_the_decision():
    nettverk, gruppe = nettverk_med_enhet()
    by, leder = koordinator(nettverk), enhetsleder(gruppe)
    gruppemedlem(gruppe)
    maal = _paa_hoering(nettverk, by)
    sagt = runder.comment(maal, linje="", tekst="Bra", by=leder)
    client = _client(by)
    sider = [_url(navn, nettverk, maal.pk) for navn in ("maal", "maal_vedta")]

    assert "Sendt til 2 personer. 1 har svart." in client.get(sider[0]).text
    for side in sider:
        tekst = client.get(side).text
        assert "Målet kan vedtas fra" in tekst
        assert "1 kommentar venter på svar." in tekst
        assert f"#kommentar-{sagt.pk}" in tekst
    assert 'name="hvor"' not in tekst
    runder.answer(sagt, utfall="tatt_med", svar="Takk.", by=by)
    Maal.objects.update(hoering_til=idag() - datetime.timedelta(days=1))
    assert 'name="hvor"' in client.get(sider[1]).text


def test_the_words_are_written_again_when_the_hearing_is_over_and_not_before():
    nettverk, _gruppe = nettverk_med_enhet()
    by = koordinator(nettverk)
    maal = _paa_hoering(nettverk, by)
    client, url = _client(by), _url("maal_rediger", nettverk, maal.pk)
    data = {"type": "effekt", "versjon": str(maal.versjon), "tekst": "Ett\nTo og tre"}
    assert "tekst" not in client.get(url).context["form"].fields
    with pytest.raises(KanIkke):
        skriving.change(maal, versjon=maal.versjon, felt={"tekst": "Nye"}, by=by)
    Maal.objects.update(hoering_til=idag() - datetime.timedelta(days=1))

    assert "Ordene kan endres" in client.get(_url("maal", nettverk, maal.pk)).text
    assert client.post(url, data).status_code == 302
    maal.refresh_from_db()
    assert maal.tekst == "Ett\nTo og tre"
    assert runder.decide(maal, hvor="STG", dato=idag(), by=by).runder.last().tekst == maal.tekst


def test_ones_own_comment_is_removed_until_it_is_answered_and_comes_back_in_a_tap():
    nettverk, gruppe = nettverk_med_enhet()
    by, leder, laerer = koordinator(nettverk), enhetsleder(gruppe), gruppemedlem(gruppe)
    Person.objects.filter(pk=laerer.pk).update(navn="Kari Vik")
    maal = _paa_hoering(nettverk, by)
    url = _url("maal_kommentarer", nettverk, maal.pk)
    skrevet = _client(leder).post(url, {"linje": "2", "tekst": "Kari Vik sa det"}, follow=True)
    assert "Kommentaren nevner Kari Vik" in html.unescape(skrevet.text)
    fjern = {"fjern": str(Maalkommentar.objects.get().pk)}

    _client(laerer).post(url, fjern)
    assert Maalkommentar.objects.exists()
    fjernet = _client(leder).post(url, fjern, follow=True)
    assert "Kommentaren er fjernet." in fjernet.text
    assert 'name="tekst" value="Kari Vik sa det"' in " ".join(fjernet.text.split())
    _client(leder).post(url, fjern)
    assert not Maalkommentar.objects.exists()
    _client(leder).post(url, {"linje": "2", "tekst": "Igjen"})
    igjen = Maalkommentar.objects.get()
    assert 'name="fjern"' in _client(leder).get(_url("maal", nettverk, maal.pk)).text
    runder.answer(igjen, utfall="tatt_med", svar="Takk.", by=by)
    _client(leder).post(url, {"fjern": str(igjen.pk)})
    assert Maalkommentar.objects.exists()


def test_who_was_asked_is_told_that_the_hearing_is_taken_back_and_does_not_see_the_draft():
    nettverk, gruppe = nettverk_med_enhet()
    by, leder = koordinator(nettverk), enhetsleder(gruppe)
    utenfor = medlem(nettverk, gruppetype=Gruppe.Type.NY_PRAKSIS)
    maal = _paa_hoering(nettverk, by)
    sagt = runder.comment(maal, linje="", tekst="Bra mål", by=leder)
    runder.answer(sagt, utfall="tatt_med", svar="Vi endrer ordet.", by=by)
    url = _url("maal", nettverk, maal.pk)
    runder.take_back(maal, by=by)
    Maal.objects.update(tekst="Hemmelig kladd")

    svar = _client(leder).get(url)
    assert svar.status_code == 200
    assert "Høringen er tatt tilbake" in svar.text
    _foran, under = svar.text.split("Bra mål")
    assert "tatt med" in under
    assert "Vi endrer ordet." in under
    assert "Hemmelig" not in svar.text
    assert _client(utenfor).get(url).status_code == 404
    runder.close(maal, grunn="Ferdig", by=by)
    runder.reopen(maal, grunn="Likevel", by=by)
    assert _client(leder).get(url).status_code == 404


def test_the_words_of_a_goal_stand_once_among_its_rounds():
    nettverk, _gruppe = nettverk_med_enhet()
    by = koordinator(nettverk)
    maal = MaalFactory(nettverk=nettverk, tilstand="utkast", tekst="Slik var det")
    for _gang in range(2):
        maal = runder.send(
            maal, mottakere=Mottakere(nettverk=nettverk, enheter=True), til=idag(), by=by
        )
        maal = runder.take_back(maal, by=by)
    Maal.objects.update(tekst="Slik er det nå")

    assert _client(by).get(_url("maal", nettverk, maal.pk)).text.count("Slik var det") == 1


def test_a_long_goal_is_cut_between_words():
    assert shortened("Barn og\nunge hører til", 14) == "Barn og unge …"
    assert shortened("a" * 30, 10) == "a" * 9 + "…"


# --- home


def _venter(person: Any, nettverk: Nettverk) -> list[str]:
    person.__dict__.pop("_roller", None)
    return [str(g.tittel) for g in MaalPortal().gjoremaal(roller_for(person, nettverk))]


def test_a_hearing_waits_for_those_who_are_asked_until_they_have_commented():
    nettverk, gruppe = nettverk_med_enhet()
    by, leder, laerer = koordinator(nettverk), enhetsleder(gruppe), gruppemedlem(gruppe)
    assert _venter(leder, nettverk) == []
    maal = _paa_hoering(nettverk, by)

    assert len(_venter(leder, nettverk)) == len(_venter(laerer, nettverk)) == 1
    assert _venter(by, nettverk) == []
    sagt = runder.comment(maal, linje="", tekst="Bra", by=leder)
    assert _venter(leder, nettverk) == []
    assert ["1 kommentar" in tittel for tittel in _venter(by, nettverk)] == [True]
    runder.answer(sagt, utfall="tatt_med", svar="Takk.", by=by)
    assert _venter(leder, nettverk) == []
    Maal.objects.update(hoering_til=idag() - datetime.timedelta(days=1))
    assert _venter(laerer, nettverk) == []
    assert len(_venter(by, nettverk)) == 1


def test_home_costs_the_same_with_one_hearing_and_three():
    nettverk, gruppe = nettverk_med_enhet()
    by, leder = koordinator(nettverk), enhetsleder(gruppe)
    spurt = []
    for antall in (1, 2):
        for _n in range(antall):
            _paa_hoering(nettverk, by)
        roller = roller_for(leder, nettverk)
        with CaptureQueriesContext(connection) as her:
            list(MaalPortal().gjoremaal(roller))
        spurt.append(len(her))
    assert spurt[0] == spurt[1]


def test_a_closed_account_lets_the_comments_stand_and_shows_them_to_their_writer():
    nettverk, gruppe = nettverk_med_enhet()
    leder = enhetsleder(gruppe)
    maal = _paa_hoering(nettverk, koordinator(nettverk))
    runder.comment(maal, linje="", tekst="Bra", by=leder)

    (opplysning,) = MaalPortal().opplysninger(leder)

    assert [next(iter(r.values())) for r in opplysning.rader] == ["Bra"]
    assert len(list(MaalPortal().del_underveis(nettverk))) == 1
