"""STG approves, a coordinator publishes, and the report stands as it was."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluering import aarsrapport, kapitteltekst
from evaluering.godkjenning import approve, keep_pdf, publish
from evaluering.models import Aarsrapport
from nettverk.arbeid import jobber
from nettverk.models import Deling, Gruppe, Jobb
from nettverk.skriving.konflikt import KanIkke, Konflikt, Lukket
from nettverk.tilgang.tillatelser import kan
from tests.evaluering.factories import AarsrapportFactory, KapitteltekstFactory
from tests.nettverk.factories import (
    MedlemskapFactory,
    PersonFactory,
    enhetsleder,
    kog,
    koordinator,
    medlem,
    nettverk_med_enhet,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def rapport():
    nettverk, gruppe = nettverk_med_enhet()
    enhetsleder(gruppe)
    kog(nettverk)
    Deling.objects.create(nettverk=nettverk, tittel="ICSEI", aar=2026)
    tekst = KapitteltekstFactory(aarsrapport__nettverk=nettverk, tekst="Et godt år.")
    return tekst.aarsrapport


def _stg(rapport):
    return medlem(rapport.nettverk, gruppetype=Gruppe.Type.STYRINGSGRUPPE)


def _url(navn, rapport):
    return reverse(f"evaluering:{navn}", args=[rapport.nettverk.slug, rapport.aar])


def test_the_steering_group_approves_and_the_coordinator_publishes(rapport):
    nettverk, (_n, gruppe) = rapport.nettverk, nettverk_med_enhet()
    folk = {
        "stg": _stg(rapport),
        "koordinator": koordinator(nettverk),
        "kog": kog(nettverk),
        "medlem": medlem(nettverk, gruppetype=Gruppe.Type.ANNEN),
        "fremmed": enhetsleder(gruppe),
    }

    def hvem(tillatelse: str) -> set[str]:
        return {navn for navn, person in folk.items() if kan(person, tillatelse, rapport)}

    assert hvem("evaluering.approve_aarsrapport") == {"stg"}
    assert hvem("evaluering.publish_aarsrapport") == {"koordinator"}


def test_an_approved_report_shows_what_it_was_when_the_figures_change(rapport):
    approve(rapport, stand=rapport.stand, by=_stg(rapport))
    rapport.refresh_from_db()
    foer = aarsrapport.build_html(rapport)

    MedlemskapFactory(nettverk=rapport.nettverk, kommune__navn="Nykommune")
    Deling.objects.filter(nettverk=rapport.nettverk).delete()
    rapport.tekster.update(tekst="Endret i databasen.")

    rapport.refresh_from_db()
    assert _uten_klokke(aarsrapport.build_html(rapport)) == _uten_klokke(foer)
    assert "Nykommune" not in foer
    assert "ICSEI" in foer
    assert "Et godt år." in foer


def _uten_klokke(html: str) -> str:
    return "\n".join(linje for linje in html.splitlines() if "dcterms.created" not in linje)


def test_what_is_kept_is_drawn_as_the_draft_was(rapport):
    person = _stg(rapport)
    levende = [k for k in aarsrapport.build(rapport) if k.har_tall or k.har_tekst]
    approve(rapport, stand=rapport.stand, by=person)
    rapport.refresh_from_db()

    bevart = aarsrapport.chapters_of(rapport)

    assert [k.noekkel for k in bevart] == [k.noekkel for k in levende]
    assert [k.nummer for k in bevart] == [k.nummer for k in levende]
    for da, naa in zip(levende, bevart, strict=True):
        assert _tegnet(naa, rapport.nettverk) == _tegnet(da, rapport.nettverk), naa.noekkel


def _tegnet(kapittel, nettverk) -> str:
    from django.template.loader import render_to_string

    if not kapittel.innhold.mal:
        return ""
    return render_to_string(
        kapittel.innhold.mal, {"data": kapittel.innhold.data, "nettverk": nettverk}
    )


def test_chapters_with_neither_text_nor_figures_are_left_out(rapport):
    approve(rapport, stand=rapport.stand, by=_stg(rapport))
    rapport.refresh_from_db()

    assert "avvik" not in {k.noekkel for k in aarsrapport.chapters_of(rapport)}
    assert "Kapitler uten tekst" not in aarsrapport.build_html(rapport)


def test_reading_an_approved_report_asks_no_figures(rapport):
    approve(rapport, stand=rapport.stand, by=_stg(rapport))
    rapport.refresh_from_db()

    with CaptureQueriesContext(connection) as fanget:
        aarsrapport.chapters_of(rapport)

    assert len(fanget) == 0


def test_approving_makes_the_pdf_and_keeps_it_with_the_report(rapport, client):
    person = _stg(rapport)
    approve(rapport, stand=rapport.stand, by=person)
    jobb = Jobb.objects.get()
    assert jobb.slag == aarsrapport.GODKJENT_PDF

    jobber.run(jobb.pk)

    jobb.refresh_from_db()
    rapport.refresh_from_db()
    assert jobb.status == Jobb.Status.FERDIG, jobb.feil
    with rapport.fil.open("rb") as fil:
        assert fil.read(5) == b"%PDF-"
    foerste = rapport.fil.name
    Jobb.objects.update(status=Jobb.Status.VENTER)
    jobber.run(jobb.pk)  # twice: the first file stands
    rapport.refresh_from_db()
    assert rapport.fil.name == foerste
    Jobb.objects.all().delete()
    client.force_login(person)
    assert _fetched(client, rapport).startswith(b"%PDF-")


def test_the_first_pdf_that_is_kept_stands(rapport):
    keep_pdf(rapport, navn="utkast.pdf", innhold=b"%PDF-utkast")
    rapport.refresh_from_db()
    assert not rapport.fil  # a draft keeps none
    approve(rapport, stand=rapport.stand, by=_stg(rapport))

    keep_pdf(rapport, navn="rapport.pdf", innhold=b"%PDF-en")
    keep_pdf(rapport, navn="rapport.pdf", innhold=b"%PDF-to")

    rapport.refresh_from_db()
    with rapport.fil.open("rb") as fil:
        assert fil.read() == b"%PDF-en"


def test_the_job_of_a_report_that_is_gone_says_so(rapport):
    jobb = aarsrapport.order_pdf(rapport, by=kog(rapport.nettverk))
    rapport.delete()

    jobber.run(jobb.pk)

    jobb.refresh_from_db()
    assert (jobb.status, jobb.feil) == (Jobb.Status.FEILET, "Rapporten finnes ikke lenger.")
    assert aarsrapport.pdf_url(jobb) == ""


def _fetched(client, rapport) -> bytes:
    svar = client.get(_url("aarsrapport_pdf", rapport))
    assert svar["Content-Type"] == "application/pdf"
    return b"".join(svar.streaming_content)


def test_a_drafts_pdf_under_way_is_not_taken_for_the_approved_one(rapport):
    utkast = aarsrapport.order_pdf(rapport, by=kog(rapport.nettverk))

    approve(rapport, stand=rapport.stand, by=_stg(rapport))

    assert {j.slag for j in Jobb.objects.active()} == {
        aarsrapport.PDF,
        aarsrapport.GODKJENT_PDF,
    }
    assert utkast in Jobb.objects.active()


def test_what_the_approver_has_not_seen_is_not_approved(rapport):
    sett = rapport.stand
    kapitteltekst.save(
        nettverk=rapport.nettverk,
        aar=rapport.aar,
        noekkel="planer",
        tekst="Nytt",
        versjon=0,
        by=PersonFactory(),
    )

    with pytest.raises(Konflikt):
        approve(rapport, stand=sett, by=_stg(rapport))

    rapport.refresh_from_db()
    assert rapport.status == Aarsrapport.Status.UTKAST


def test_a_report_that_nobody_has_written_in_is_not_approved():
    rapport = AarsrapportFactory()

    with pytest.raises(KanIkke, match="Ingen har skrevet"):
        approve(rapport, stand=0, by=PersonFactory())


def test_approving_and_publishing_twice_is_once(rapport):
    forste, andre = _stg(rapport), _stg(rapport)
    approve(rapport, stand=rapport.stand, by=forste)
    godkjent = approve(rapport, stand=rapport.stand, by=andre)
    assert godkjent.godkjent_av == forste

    publish(rapport, by=forste)
    assert publish(rapport, by=andre).publisert_av == forste


def test_only_what_is_approved_is_published(rapport):
    with pytest.raises(KanIkke, match="må være godkjent"):
        publish(rapport, by=koordinator(rapport.nettverk))


def test_an_approved_report_takes_no_more_text(rapport):
    approve(rapport, stand=rapport.stand, by=_stg(rapport))

    with pytest.raises(Lukket):
        kapitteltekst.save(
            nettverk=rapport.nettverk,
            aar=rapport.aar,
            noekkel="planer",
            tekst="Sent",
            versjon=0,
            by=PersonFactory(),
        )


def test_the_database_holds_no_approved_report_without_what_was_approved(rapport):
    with pytest.raises(IntegrityError, match="godkjent_er_bevart"), transaction.atomic():
        Aarsrapport.objects.filter(pk=rapport.pk).update(status=Aarsrapport.Status.GODKJENT)


def test_history_tells_who_approved(rapport):
    person = _stg(rapport)
    approve(rapport, stand=rapport.stand, by=person)

    siste = Aarsrapport.pgh_event_model.objects.filter(pgh_obj=rapport).latest("pgh_id")

    assert (siste.status, siste.godkjent_av_id) == (Aarsrapport.Status.GODKJENT, person.pk)


# --- the pages


def test_from_button_to_approved_to_published_to_everyone(rapport, client):
    side = _url("aarsrapport", rapport)
    client.force_login(_stg(rapport))
    assert _url("godkjenn", rapport) in client.get(side).content.decode()

    spoersmaal = client.get(_url("godkjenn", rapport)).content.decode()
    assert "kan ingen skrive mer i den" in spoersmaal
    assert "Avvik og risiko" in spoersmaal  # a chapter without text
    svar = client.post(_url("godkjenn", rapport), {"stand": rapport.stand})
    assert svar["Location"] == side
    html = client.get(side).content.decode()
    assert "Rapporten ble godkjent" in html
    assert _url("godkjenn", rapport) not in html

    jobber.run(Jobb.objects.get().pk)
    client.force_login(koordinator(rapport.nettverk))
    assert _url("publiser", rapport) in client.get(side).content.decode()
    assert "uten å logge inn" in client.get(_url("publiser", rapport)).content.decode()
    assert client.post(_url("publiser", rapport))["Location"] == side

    client.logout()
    offentlig = client.get(f"/{rapport.nettverk.slug}/").content.decode()
    assert side in offentlig
    assert _url("aarsrapport_pdf", rapport) in offentlig
    assert "Et godt år." in client.get(side).content.decode()
    assert _fetched(client, rapport).startswith(b"%PDF-")


def test_a_text_saved_meanwhile_sends_the_approver_back_to_read(rapport, client):
    client.force_login(_stg(rapport))

    svar = client.post(_url("godkjenn", rapport), {"stand": rapport.stand - 1}, follow=True)

    assert svar.redirect_chain[-1][0] == _url("forhaandsvis", rapport)
    assert "Noen har skrevet i rapporten" in svar.content.decode()
    rapport.refresh_from_db()
    assert not rapport.er_laast


def test_a_forged_form_gets_422(rapport, client):
    client.force_login(_stg(rapport))

    assert client.post(_url("godkjenn", rapport), {"stand": "x"}).status_code == 422


def test_writers_have_no_button_to_approve_with(rapport, client):
    client.force_login(koordinator(rapport.nettverk))

    assert (
        _url("godkjenn", rapport) not in client.get(_url("aarsrapport", rapport)).content.decode()
    )
    assert client.post(_url("godkjenn", rapport), {"stand": 1}).status_code == 403


# --- 403: what must happen is not somebody to ask


def test_refused_a_draft_one_is_told_what_it_waits_for(rapport, client):
    skriver = kog(rapport.nettverk)
    client.force_login(medlem(rapport.nettverk, gruppetype=Gruppe.Type.ANNEN))

    html = client.get(_url("aarsrapport", rapport)).content.decode()

    assert "Medlemmene kan lese rapporten når" in html
    assert "alle, når rapporten er publisert" not in html
    assert skriver.navn in html


@pytest.mark.parametrize("er_godkjent", [False, True])
def test_a_stranger_is_not_told_how_far_a_report_has_come(rapport, client, er_godkjent):
    if er_godkjent:
        approve(rapport, stand=rapport.stand, by=_stg(rapport))
    _nettverk, gruppe = nettverk_med_enhet()
    client.force_login(enhetsleder(gruppe))

    svar = client.get(_url("aarsrapport", rapport))

    assert (svar.status_code, svar.context["grunn"]) == (403, "")
    assert "ennå" not in svar.text


def test_before_approving_one_sees_which_chapters_vanish_and_the_cover_names_them(rapport, client):
    client.force_login(_stg(rapport))

    side = client.get(_url("godkjenn", rapport))
    borte = [k.noekkel for k in side.context["borte"]]
    assert {"avvik", "planer"} <= set(borte)
    assert not set(borte) & {k.noekkel for k in side.context["bare_tall"]}
    assert "blir borte:" in side.text
    assert "kommer med bare med tall:" in side.text

    numrene = {k.noekkel: k.nummer for k in aarsrapport.build(rapport)}
    approve(rapport, stand=rapport.stand, by=_stg(rapport))
    rapport.refresh_from_db()
    html = aarsrapport.build_html(rapport)

    utelatt = html.partition("Kapitler uten innhold")[2].partition("</dd>")[0]
    assert "Avvik og risiko" in utelatt
    assert "Innledning" not in utelatt
    for k in aarsrapport.chapters_of(rapport):
        assert k.nummer == numrene[k.noekkel]
