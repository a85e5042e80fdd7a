"""KOG opens the year, writes, and makes the PDF."""

import pytest
from django.urls import reverse
from django.utils.formats import date_format

from evaluering.models import Aarsrapport, Kapitteltekst
from nettverk.aarsrapportkapitler import rapportdato
from nettverk.arbeid import jobber
from nettverk.models import Gruppe, Jobb
from tests.evaluering.factories import AarsrapportFactory, KapitteltekstFactory
from tests.nettverk.factories import (
    NettverkFactory,
    enhetsleder,
    kog,
    medlem,
    nettverk_med_enhet,
)

pytestmark = pytest.mark.django_db

AUTOLAGRE = {"X-Autolagre": "1"}


@pytest.fixture
def nettverk():
    return nettverk_med_enhet()[0]


@pytest.fixture
def skriver(client, nettverk):
    person = kog(nettverk)
    client.force_login(person)
    return person


def _url(navn, nettverk, *args):
    return reverse(f"evaluering:{navn}", args=[nettverk.slug, *args])


def _lagre(client, nettverk, tekst, versjon, headers=None, *, noekkel="sammendrag", **mer):
    return client.post(
        _url("kapittel_lagre", nettverk, 2026, noekkel),
        {"tekst": tekst, "versjon": versjon, **mer},
        headers=headers or {},
    )


def test_the_year_opens_with_figures_in_place_and_writes_nothing(client, nettverk, skriver):
    svar = client.get(_url("aarsrapport", nettverk, 2026), {"kapittel": "nettverket"})

    html = svar.content.decode()
    assert svar.status_code == 200
    assert f"Kommuner og enheter per {date_format(rapportdato(2026))}" in html
    assert "Mangler tekst" in html
    assert "Lag PDF" in html
    assert not Aarsrapport.objects.exists()


@pytest.mark.parametrize("aar", [1999, 2101, 2099])
def test_a_year_that_cannot_have_a_report_is_not_found(client, nettverk, skriver, aar):
    assert client.get(_url("aarsrapport", nettverk, aar)).status_code == 404
    assert client.post(_url("aarsrapport_pdf", nettverk, aar)).status_code == 404


def test_draft_is_refused_with_the_roles_that_may_read_it(client, nettverk):
    gruppe = Gruppe.objects.utviklingsgrupper().get(nettverk=nettverk)
    client.force_login(enhetsleder(gruppe))

    for navn in ("aarsrapport", "forhaandsvis", "aarsrapport_pdf"):
        svar = client.get(_url(navn, nettverk, 2026))
        assert svar.status_code == 403, navn
        assert "medlem av koordineringsgruppe" in svar.content.decode()
    assert _lagre(client, nettverk, "Hei", 0).status_code == 403
    assert client.post(_url("aarsrapport_pdf", nettverk, 2026)).status_code == 403
    assert not Aarsrapport.objects.exists()


def test_people_of_another_network_and_the_signed_out_get_nothing(client, nettverk):
    assert client.get(_url("aarsrapport", nettverk, 2026)).status_code == 302

    client.force_login(kog(NettverkFactory()))
    assert client.get(_url("aarsrapport", nettverk, 2026)).status_code == 403
    assert client.get(_url("aarsrapport_list", nettverk)).status_code == 403


def test_the_steering_group_reads_but_has_no_forms(client, nettverk):
    KapitteltekstFactory(aarsrapport__nettverk=nettverk, tekst="Les dette")
    client.force_login(medlem(nettverk, gruppetype=Gruppe.Type.STYRINGSGRUPPE))

    html = client.get(_url("aarsrapport", nettverk, 2026)).content.decode()

    assert "<p>Les dette</p>" in html
    assert "<textarea" not in html
    assert "Lag PDF" not in html
    assert _lagre(client, nettverk, "Nytt", 1).status_code == 403


def test_autosave_answers_with_the_next_version(client, nettverk, skriver):
    svar = _lagre(client, nettverk, "Et godt år.", 0, AUTOLAGRE).json()

    assert svar["status"] == "lagret"
    assert svar["versjon"] == 1
    assert svar["lagret"].startswith("kl.")
    assert Kapitteltekst.objects.get().endret_av == skriver


def test_ordinary_save_goes_back_to_the_chapter(client, nettverk, skriver):
    svar = _lagre(client, nettverk, "Et godt år.", 0, follow=True)

    side = _url("aarsrapport", nettverk, 2026)
    assert svar["Location"] == f"{side}?kapittel=sammendrag#kapittel-sammendrag"
    assert "Et godt år." in client.get(svar["Location"]).content.decode()


def test_text_that_could_tell_who_a_child_is_gets_a_warning(client, nettverk, skriver):
    _lagre(client, nettverk, "Eleven Kari sa det fint.", 0)

    side = _url("aarsrapport", nettverk, 2026)
    html = client.get(side, {"kapittel": "sammendrag"}).content.decode()
    assert "nevne et barn ved navn" in html


def test_old_version_gets_both_texts(client, nettverk, skriver):
    KapitteltekstFactory(
        aarsrapport__nettverk=nettverk, tekst="Deres", versjon=2, endret_av=kog(nettverk)
    )

    auto = _lagre(client, nettverk, "Min", 1, AUTOLAGRE)
    side = _lagre(client, nettverk, "Min", 1)

    assert (auto.status_code, auto.json()["status"]) == (409, "konflikt")
    assert "Deres" in auto.json()["html"]
    assert side.status_code == 409
    html = side.content.decode()
    assert "Noen andre har endret teksten" in html
    assert "Deres" in html
    assert ">\nMin</textarea>" in html
    assert Kapitteltekst.objects.get().tekst == "Deres"


def test_after_a_conflict_one_may_keep_ones_own_or_take_theirs(client, nettverk, skriver):
    KapitteltekstFactory(aarsrapport__nettverk=nettverk, tekst="Deres", versjon=2)

    forkast = _lagre(client, nettverk, "Min", 1, forkast="1")
    assert forkast["Location"].startswith(_url("forhaandsvis", nettverk, 2026))
    assert Kapitteltekst.objects.get().tekst == "Deres"

    _lagre(client, nettverk, "Min", 1, behold="2")
    assert Kapitteltekst.objects.get().tekst == "Min"


def test_keeping_ones_own_over_a_text_one_has_not_seen_is_a_new_conflict(client, nettverk, skriver):
    KapitteltekstFactory(
        aarsrapport__nettverk=nettverk, tekst="Enda nyere", versjon=3, endret_av=skriver
    )

    assert _lagre(client, nettverk, "Min", 1, behold="2").status_code == 409


def test_too_long_text_is_kept_in_the_field_with_the_reason(client, nettverk, skriver):
    lang = "a" * 20_001

    auto = _lagre(client, nettverk, lang, 0, AUTOLAGRE)
    side = _lagre(client, nettverk, lang, 0)

    assert (auto.status_code, auto.json()["status"]) == (422, "feil")
    assert side.status_code == 422
    assert lang in side.content.decode()
    assert not Aarsrapport.objects.exists()


def test_a_chapter_that_the_report_does_not_have_is_not_found(client, nettverk, skriver):
    assert _lagre(client, nettverk, "Hei", 0, noekkel="finnes-ikke").status_code == 404


def test_an_approved_report_is_read_by_members_and_written_by_nobody(client, nettverk, skriver):
    AarsrapportFactory(nettverk=nettverk, godkjent=True)

    assert "<textarea" not in client.get(_url("aarsrapport", nettverk, 2026)).content.decode()
    svar = _lagre(client, nettverk, "Nytt", 1, AUTOLAGRE)
    assert (svar.status_code, svar.json()["status"]) == (409, "feil")

    gruppe = Gruppe.objects.utviklingsgrupper().get(nettverk=nettverk)
    client.force_login(enhetsleder(gruppe))
    assert "Slik var det da." in client.get(_url("aarsrapport", nettverk, 2026)).content.decode()


def test_from_button_to_open_pdf(client, nettverk, skriver):
    url = _url("aarsrapport_pdf", nettverk, 2026)
    assert client.get(url).status_code == 404

    svar = client.post(url, headers={"HX-Request": "true"}).content.decode()
    jobb = Jobb.objects.get()
    assert 'id="pdf"' in svar
    assert reverse("nettverk:jobb", args=[nettverk.slug, jobb.pk]) in svar
    assert "<html" not in svar
    assert client.post(url)["Location"] == _url("aarsrapport", nettverk, 2026) + "#pdf"
    assert Jobb.objects.count() == 1

    jobber.run(jobb.pk)
    side = client.get(_url("aarsrapport", nettverk, 2026)).content.decode()
    assert url in side
    assert "Åpne PDF-en" in side
    pdf = client.get(url)
    assert pdf["Content-Type"] == "application/pdf"
    assert b"".join(pdf.streaming_content).startswith(b"%PDF-")


def test_the_page_says_when_the_text_is_newer_than_the_pdf(client, nettverk, skriver):
    client.post(_url("aarsrapport_pdf", nettverk, 2026))
    jobber.run(Jobb.objects.get().pk)
    eldre = "Teksten er endret etter at PDF-en ble laget."
    assert eldre not in client.get(_url("aarsrapport", nettverk, 2026)).content.decode()

    _lagre(client, nettverk, "Ny tekst", 0, AUTOLAGRE)

    assert eldre in client.get(_url("aarsrapport", nettverk, 2026)).content.decode()


def test_list_offers_this_year_and_last_and_opens_any_other(client, nettverk, skriver):
    KapitteltekstFactory(aarsrapport__nettverk=nettverk, aarsrapport__aar=2018)
    url = _url("aarsrapport_list", nettverk)

    html = client.get(url).content.decode()
    assert "Årsrapport 2018" in html
    assert "Tekst i ett kapittel" in html
    assert "Ikke begynt" in html
    assert client.get(url, {"aar": "2016"})["Location"] == _url("aarsrapport", nettverk, 2016)
    assert "Velg et år fra 2000" in client.get(url, {"aar": "1905"}).content.decode()
    assert "fire sifre" in client.get(url, {"aar": "i fjor"}).content.decode()


def test_list_takes_the_same_queries_with_one_and_three_years(
    client, nettverk, skriver, django_assert_num_queries
):
    url = _url("aarsrapport_list", nettverk)
    AarsrapportFactory(nettverk=nettverk, aar=2020)
    client.get(url)  # the session is saved at the first visit
    with django_assert_num_queries(5):
        client.get(url)

    AarsrapportFactory(nettverk=nettverk, aar=2019)
    AarsrapportFactory(nettverk=nettverk, aar=2018)
    with django_assert_num_queries(5):
        client.get(url)


def test_one_chapter_at_a_time_and_the_first_without_text_when_none_is_asked_for(
    client, nettverk, skriver
):
    KapitteltekstFactory(aarsrapport__nettverk=nettverk, tekst="Innledningen.", endret_av=skriver)
    side = _url("aarsrapport", nettverk, 2026)

    foerst = client.get(side).text
    assert foerst.count("<textarea") == 1
    assert "Innledningen." not in foerst
    assert f"Har tekst · {skriver.get_short_name()}" in " ".join(foerst.split())
    valgt = client.get(side, {"kapittel": "sammendrag"}).text
    assert "Innledningen." in valgt
    # An address somebody has changed is no reason to turn them away.
    assert client.get(side, {"kapittel": "finnes-ikke"}).status_code == 200


def test_what_would_be_left_out_is_said_before_the_report_is_approved(client, nettverk, skriver):
    side = _url("aarsrapport", nettverk, 2026)
    assert "Avvik og risiko, har verken tekst eller tall" in " ".join(client.get(side).text.split())

    _lagre(client, nettverk, "En samling ble utsatt.", 0, noekkel="avvik")

    assert "Avvik og risiko, har verken" not in " ".join(client.get(side).text.split())


def test_preview_reads_without_forms(client, nettverk, skriver):
    KapitteltekstFactory(aarsrapport__nettverk=nettverk, tekst="Et godt år.")

    html = client.get(_url("forhaandsvis", nettverk, 2026)).content.decode()

    assert "<p>Et godt år.</p>" in html
    assert "<textarea" not in html
    assert "Ingen tekst er skrevet." in html
