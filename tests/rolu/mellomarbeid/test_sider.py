"""The pages of the log, as the people meet them."""

import datetime
import re
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kommuner.gyldighet import idag, periode
from nettverk.models import Gruppe, Sikkerhetshendelse, Verv
from rolu.mellomarbeid import innlevering
from rolu.mellomarbeid.vedlegg import answer
from rolu.models import Loggpost, Mellomarbeid, Oppdrag, Vedlegg
from tests.kommuner.factories import LENGE_SIDEN, EnhetFactory, KommuneFactory
from tests.nettverk.factories import (
    GruppeFactory,
    enhetsleder,
    gruppemedlem,
    kommuneansvarlig,
    koordinator,
    medlem,
    nettverk_med_enhet,
)
from tests.okt import pass_time
from tests.rolu.factories import LoggpostFactory, MellomarbeidFactory, OppdragFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def arbeid() -> Mellomarbeid:
    nettverk, gruppe = nettverk_med_enhet()
    return MellomarbeidFactory(
        oppdrag=OppdragFactory(nettverk=nettverk, tittel="Utforsk ute"),
        gruppe=gruppe,
        kommune=gruppe.enhet.kommune_per(),
    )


def som(person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def url(navn: str, arbeid: Mellomarbeid, *mer: object) -> str:
    return reverse(f"rolu:{navn}", args=[arbeid.nettverk.slug, arbeid.pk, *mer])


def felt(**endret: object) -> dict[str, object]:
    return {
        "fase": "proeve",
        "tekst": "Vi målte flaggstanga.",
        "dato": idag().isoformat(),
        "hvem": "",
        "versjon": 0,
    } | endret


AUTOLAGRE = {"X-Autolagre": "1", "Accept": "application/json"}


# --- writing


def test_a_new_entry_keeps_its_address_until_it_is_saved(arbeid):
    client = som(enhetsleder(arbeid.gruppe))

    foerst, igjen = (client.get(url("loggpost_ny", arbeid) + "?fase=dele").url for _ in range(2))
    client.post(foerst, felt(fase="dele"))
    neste = client.get(url("loggpost_ny", arbeid) + "?fase=dele").url

    assert foerst == igjen
    assert neste != foerst


def test_an_entry_is_written_without_javascript(arbeid):
    client = som(gruppemedlem(arbeid.gruppe))

    svar = client.post(url("loggpost", arbeid, uuid.uuid4()), felt(), follow=True)

    post = arbeid.loggposter.get()
    assert (post.tekst, post.fase) == ("Vi målte flaggstanga.", "proeve")
    assert "Vi målte flaggstanga." in svar.text


def test_an_empty_entry_is_told_of_at_its_field(arbeid):
    svar = som(enhetsleder(arbeid.gruppe)).post(
        url("loggpost", arbeid, uuid.uuid4()), felt(tekst="", hvem="Alle på trinnet")
    )

    assert svar.status_code == 422
    assert svar.context["form"].errors == {"tekst": ["Skriv noen ord først."]}
    assert "Alle på trinnet" in svar.text


def test_autosave_answers_json_and_counts_versions(arbeid):
    client, noekkel = som(enhetsleder(arbeid.gruppe)), uuid.uuid4()
    adresse = url("loggpost", arbeid, noekkel)

    svar = [
        client.post(adresse, felt(tekst=tekst, versjon=n), headers=AUTOLAGRE).json()
        for n, tekst in enumerate(["Vi", "Vi målte"])
    ]

    assert [(s["status"], s["versjon"]) for s in svar] == [("lagret", 1), ("lagret", 2)]
    assert svar[0]["lagret"].startswith("kl.\xa0")
    assert arbeid.loggposter.get().tekst == "Vi målte"


def test_autosave_of_nothing_makes_no_entry(arbeid):
    svar = som(enhetsleder(arbeid.gruppe)).post(
        url("loggpost", arbeid, uuid.uuid4()), felt(tekst="  "), headers=AUTOLAGRE
    )

    assert svar.json()["status"] == "lagret"
    assert not arbeid.loggposter.exists()


def test_autosave_tells_what_must_be_mended(arbeid):
    svar = som(enhetsleder(arbeid.gruppe)).post(
        url("loggpost", arbeid, uuid.uuid4()), felt(dato="31.02.2026"), headers=AUTOLAGRE
    )

    assert svar.status_code == 422
    assert list(svar.json()["feil"]) == ["dato"]


def test_stale_autosave_answers_409_with_the_other_text(arbeid):
    post = LoggpostFactory(mellomarbeid=arbeid, tekst="Kollegaens tekst", versjon=3)

    svar = som(enhetsleder(arbeid.gruppe)).post(
        url("loggpost", arbeid, post.noekkel), felt(versjon=2), headers=AUTOLAGRE
    )

    assert svar.status_code == 409
    assert svar.json()["status"] == "konflikt"
    assert "Kollegaens tekst" in svar.json()["html"]
    post.refresh_from_db()
    assert post.tekst == "Kollegaens tekst"


def test_stale_submit_shows_both_texts_and_lets_the_writer_choose(arbeid):
    post = LoggpostFactory(mellomarbeid=arbeid, tekst="Kollegaens tekst", versjon=3)
    client, adresse = som(enhetsleder(arbeid.gruppe)), url("loggpost", arbeid, post.noekkel)

    svar = client.post(adresse, felt(tekst="Min tekst", versjon=2))
    assert svar.status_code == 409
    assert "Kollegaens tekst" in svar.text
    assert "Min tekst" in svar.text

    client.post(adresse, felt(tekst="Min tekst", versjon=2, forkast="1"))
    post.refresh_from_db()
    assert post.tekst == "Kollegaens tekst"

    client.post(adresse, felt(tekst="Min tekst", versjon=2, behold="3"))
    post.refresh_from_db()
    assert (post.tekst, post.versjon) == ("Min tekst", 4)


def test_text_written_while_the_leader_delivered_stays_in_the_form(arbeid):
    LoggpostFactory(mellomarbeid=arbeid)
    innlevering.submit(arbeid, by=enhetsleder(arbeid.gruppe))
    client, adresse = som(gruppemedlem(arbeid.gruppe)), url("loggpost", arbeid, uuid.uuid4())

    auto = client.post(adresse, felt(), headers=AUTOLAGRE)
    vanlig = client.post(adresse, felt())

    assert auto.status_code == vanlig.status_code == 409
    assert "levert" in auto.json()["feil"]["__all__"][0]
    assert "Vi målte flaggstanga." in vanlig.text


def test_signed_out_autosave_is_sent_to_sign_in(arbeid):
    svar = Client().post(url("loggpost", arbeid, uuid.uuid4()), felt(), headers=AUTOLAGRE)

    assert svar.status_code in {302, 401}
    assert not Loggpost.objects.exists()


def test_a_childs_name_gives_a_warning_but_is_never_stopped(arbeid):
    svar = som(enhetsleder(arbeid.gruppe)).post(
        url("loggpost", arbeid, uuid.uuid4()), felt(tekst="Eleven Ola målte."), follow=True
    )

    assert arbeid.loggposter.count() == 1
    assert "nevne et barn ved navn" in svar.text


def test_signs_of_every_script_are_kept(arbeid):
    tekst = (
        "Samisk: čáhppes. Ukrainsk: Привіт. Tegn: 📏 ≈ 3 m – «rundt»\nNy linje & <b>ikke html</b>"
    )

    svar = som(enhetsleder(arbeid.gruppe)).post(
        url("loggpost", arbeid, uuid.uuid4()), felt(tekst=tekst.replace("\n", "\r\n")), follow=True
    )

    assert arbeid.loggposter.get().tekst == tekst
    assert "&lt;b&gt;ikke html" in svar.text


@pytest.mark.parametrize("adresse", ["loggpost_ny", "loggpost"])
def test_what_is_asked_first_is_what_happened(arbeid, adresse):
    client = som(enhetsleder(arbeid.gruppe))
    mer = [uuid.uuid4()] if adresse == "loggpost" else []

    side = client.get(url(adresse, arbeid, *mer), follow=True)

    assert side.context["form"]["fase"].value() == "proeve"
    assert "autofocus" in str(side.context["form"]["tekst"])


def test_the_first_entry_is_of_what_was_tried(arbeid):
    side = som(enhetsleder(arbeid.gruppe)).get(url("mellomarbeid", arbeid))

    foer_fasene = side.text.split("Skriv det første notatet")[0]
    assert foer_fasene.count(f'href="{url("loggpost_ny", arbeid)}?fase=proeve"') == 1


def test_to_deliver_is_the_main_thing_when_something_is_written(arbeid):
    client = som(enhetsleder(arbeid.gruppe))

    def button() -> str:
        return client.get(url("mellomarbeid", arbeid)).text.split("Lever mellomarbeidet")[0][-400:]

    assert 'class="ds-button app-ma-stor" data-variant="secondary"' in button()
    LoggpostFactory(mellomarbeid=arbeid)
    assert 'data-variant="secondary"' not in button()


def test_beside_what_is_written_stand_the_assignment_and_what_the_unit_wrote_last(arbeid):
    client = som(enhetsleder(arbeid.gruppe))
    poster = [
        LoggpostFactory(mellomarbeid=arbeid, tekst=f"Nummer {nr}.", dato=idag()) for nr in range(3)
    ]

    ny = client.get(url("loggpost", arbeid, uuid.uuid4()))
    siste = client.get(url("loggpost", arbeid, poster[2].noekkel))

    assert arbeid.oppdrag.tekst in ny.text
    assert [post.tekst for post in ny.context["sist"]] == ["Nummer 2.", "Nummer 1."]
    assert [post.tekst for post in siste.context["sist"]] == ["Nummer 1.", "Nummer 0."]


def test_the_text_takes_no_focus_from_an_error_nor_in_an_entry_that_is_there(arbeid):
    client, post = som(enhetsleder(arbeid.gruppe)), LoggpostFactory(mellomarbeid=arbeid)

    feil = client.post(url("loggpost", arbeid, uuid.uuid4()), felt(tekst=""))
    endre = client.get(url("loggpost", arbeid, post.noekkel))

    assert feil.text.count("autofocus") == 1  # the summary's
    assert "autofocus" not in endre.text


# --- access


def test_a_leader_whose_verv_has_ended_finds_nothing_and_the_unit_keeps_the_text(arbeid):
    leder = enhetsleder(arbeid.gruppe)
    post = LoggpostFactory(mellomarbeid=arbeid, skrevet_av=leder)
    Verv.objects.filter(person=leder).update(gyldig=periode(LENGE_SIDEN, idag()))

    svar = [
        som(leder).get(url("mellomarbeid", arbeid)).status_code,
        som(leder).post(url("loggpost", arbeid, post.noekkel), felt(versjon=0)).status_code,
    ]

    assert svar == [403, 403]
    assert post.tekst in som(enhetsleder(arbeid.gruppe)).get(url("mellomarbeid", arbeid)).text


def test_a_former_leader_with_another_verv_gets_404(arbeid):
    leder = enhetsleder(arbeid.gruppe)
    Verv.objects.filter(person=leder).update(gyldig=periode(LENGE_SIDEN, idag()))
    Verv.objects.create(
        person=leder,
        gruppe=GruppeFactory(nettverk=arbeid.nettverk, utviklingsgruppe=True),
        rolle="formell_leder",
        gyldig=periode(LENGE_SIDEN),
    )

    assert som(leder).get(url("mellomarbeid", arbeid)).status_code == 404


def test_those_who_only_follow_may_read_but_not_write(arbeid):
    client = som(kommuneansvarlig(arbeid.nettverk, arbeid.kommune))

    assert client.get(url("mellomarbeid", arbeid)).status_code == 200
    assert client.get(url("loggpost_ny", arbeid)).status_code == 403
    assert client.post(url("mellomarbeid_lever", arbeid)).status_code == 403


def test_a_group_member_does_not_deliver(arbeid):
    LoggpostFactory(mellomarbeid=arbeid)

    svar = som(gruppemedlem(arbeid.gruppe)).post(url("mellomarbeid_lever", arbeid))

    assert svar.status_code == 403


# --- delivering


def test_the_leader_delivers_shares_and_opens_again(arbeid):
    LoggpostFactory(mellomarbeid=arbeid)
    client = som(enhetsleder(arbeid.gruppe))

    takk = client.post(url("mellomarbeid_lever", arbeid), follow=True)
    client.post(url("mellomarbeid_lever", arbeid))
    assert "Takk! Mellomarbeidet er levert." in takk.text
    client.post(url("mellomarbeid_del", arbeid), {"tittel": "Vi leste", "hele_loggen": "on"})
    arbeid.refresh_from_db()
    assert (arbeid.status, arbeid.delt) == (Mellomarbeid.Status.LEVERT, True)

    client.post(url("mellomarbeid_aapne", arbeid))
    arbeid.refresh_from_db()
    assert (arbeid.status, arbeid.leses_av_alle) == (Mellomarbeid.Status.KLADD, False)
    # What is told stands, and is named where the unit writes on.
    side = client.get(url("mellomarbeid", arbeid)).text
    assert arbeid.fortellinger.get().er_vist
    assert "Fortellinger i Praksis" in side
    assert url("mellomarbeid_del", arbeid) not in side


def test_the_thanks_stand_large_on_the_day_and_are_a_line_after_it(arbeid):
    LoggpostFactory(mellomarbeid=arbeid)
    client = som(enhetsleder(arbeid.gruppe))
    client.post(url("mellomarbeid_lever", arbeid))
    assert "app-ma-takk--linje" not in client.get(url("mellomarbeid", arbeid)).text

    siden = timezone.now() - datetime.timedelta(days=1)
    Mellomarbeid.objects.filter(pk=arbeid.pk).update(levert=siden)
    side = client.get(url("mellomarbeid", arbeid)).text

    assert "app-ma-takk--linje" in side
    assert "Takk!" not in side
    # What can be done with it is as before, once each.
    assert side.count(f'href="{url("mellomarbeid_del", arbeid)}"') == 1
    assert side.count(f'action="{url("mellomarbeid_aapne", arbeid)}"') == 1


def test_what_opening_again_undoes_is_said_beside_the_button(arbeid):
    LoggpostFactory(mellomarbeid=arbeid)
    client = som(enhetsleder(arbeid.gruppe))
    client.post(url("mellomarbeid_lever", arbeid))
    side = client.get(url("mellomarbeid", arbeid)).text
    assert "står mellomarbeidet som ikke levert til det blir levert på nytt." in side
    assert 'aria-describedby="aapne-om"' in side
    blir, lukket = "Det dere har fortalt i Praksis, blir stående.", "Andre kan ikke lese loggen"
    assert blir not in side

    client.post(url("mellomarbeid_del", arbeid), {"tittel": "Vi leste"})

    side = client.get(url("mellomarbeid", arbeid)).text
    assert blir in side
    assert lukket not in side
    Mellomarbeid.objects.update(delt=True)
    assert lukket in client.get(url("mellomarbeid", arbeid)).text


def test_when_the_whole_round_is_written_to_deliver_is_the_first_for_who_delivers(arbeid):
    leder, med = som(enhetsleder(arbeid.gruppe)), som(gruppemedlem(arbeid.gruppe))
    LoggpostFactory(mellomarbeid=arbeid, fase="proeve", merket="De telte.", videre="Vi måler mer.")
    assert 'href="#lever-tittel"' not in leder.get(url("mellomarbeid", arbeid)).text

    LoggpostFactory(mellomarbeid=arbeid, fase="dele")

    side = leder.get(url("mellomarbeid", arbeid)).text
    assert side.index('href="#lever-tittel"') < side.index("Hva skjedde?")
    assert 'href="#lever-tittel"' not in med.get(url("mellomarbeid", arbeid)).text


def test_pictures_without_a_reply_about_faces_are_told_of_where_one_delivers(arbeid):
    post = LoggpostFactory(mellomarbeid=arbeid)
    leder = enhetsleder(arbeid.gruppe)
    client, mangler = som(leder), "1 bilde eller film mangler svar"
    fil = Vedlegg.objects.create(
        mellomarbeid=arbeid,
        loggpost=post,
        fil="vedlegg/fjaera.png",
        navn="fjaera.png",
        mimetype="image/png",
        bytes=1,
        sha256="b" * 64,
        lastet_opp_av=leder,
    )
    side = client.get(url("mellomarbeid", arbeid)).text
    assert mangler in side
    assert f'href="#notat-{post.pk}"' in side

    answer(fil, ansikter="ingen", by=leder)
    assert mangler not in client.get(url("mellomarbeid", arbeid)).text
    answer(fil, ansikter="", by=leder)
    client.post(url("mellomarbeid_lever", arbeid))
    arbeid.refresh_from_db()
    assert arbeid.er_levert


def test_only_the_unit_is_spoken_to_about_a_deadline_that_has_passed(arbeid):
    forfalt = oppdrag_om(arbeid, -3, "Forfalt")
    Mellomarbeid.objects.filter(pk=forfalt.pk).update(kommune=arbeid.kommune)

    egen = som(enhetsleder(arbeid.gruppe)).get(url("mellomarbeid", forfalt)).text
    kommunen = som(kommuneansvarlig(arbeid.nettverk, arbeid.kommune))
    deres = kommunen.get(url("mellomarbeid", forfalt)).text

    assert "Dere kan fortsatt levere." in egen
    assert "Enheten kan fortsatt levere." in deres
    assert "Dere kan fortsatt levere." not in deres


def test_the_list_without_assignments_names_a_button_only_to_those_who_have_it():
    nettverk, gruppe = nettverk_med_enhet()
    adresse = reverse("rolu:mellomarbeid_list", args=[nettverk.slug])

    gir = som(koordinator(nettverk)).get(adresse).text
    ser = som(kommuneansvarlig(nettverk, gruppe.enhet.kommune_per())).get(adresse).text

    assert "Velg «Nytt oppdrag»" in gir
    assert "Velg «Nytt oppdrag»" not in ser
    assert "Når nettverket gir et oppdrag" in ser


def test_delivering_nothing_says_what_is_needed(arbeid):
    svar = som(enhetsleder(arbeid.gruppe)).post(url("mellomarbeid_lever", arbeid), follow=True)

    assert "Skriv minst ett notat" in svar.text


def test_an_entry_is_removed_after_a_question(arbeid):
    post = LoggpostFactory(mellomarbeid=arbeid, tekst="Skal bort")
    client, adresse = som(enhetsleder(arbeid.gruppe)), url("loggpost_slett", arbeid, post.noekkel)

    assert "Skal bort" in client.get(adresse).text
    client.post(adresse)

    assert not arbeid.loggposter.exists()


# --- lists


def liste(arbeid: Mellomarbeid) -> str:
    return reverse("rolu:mellomarbeid_list", args=[arbeid.nettverk.slug])


def oppdrag_om(arbeid: Mellomarbeid, dager: int, tittel: str) -> Mellomarbeid:
    """One more assignment to the unit, with its deadline so many days ahead."""
    frist = idag() + datetime.timedelta(days=dager)
    oppdrag = OppdragFactory(nettverk=arbeid.nettverk, tittel=tittel, frist=frist)
    return MellomarbeidFactory(oppdrag=oppdrag, gruppe=arbeid.gruppe)


def test_the_menu_leads_a_unit_to_its_list_with_the_nearest_deadline_first(arbeid):
    fjern, forfalt = oppdrag_om(arbeid, 200, "Fjern"), oppdrag_om(arbeid, -3, "Forfalt")
    naer = oppdrag_om(arbeid, 1, "Nær")

    svar = som(enhetsleder(arbeid.gruppe)).get(liste(arbeid))

    assert (svar.status_code, svar.context["valgt"]) == (200, naer.oppdrag)
    assert {rad["oppdrag"] for rad in svar.context["andre"]} == {
        fjern.oppdrag,
        arbeid.oppdrag,
        forfalt.oppdrag,
    }
    for m in (arbeid, fjern, forfalt, naer):
        assert svar.text.count(f'href="{url("mellomarbeid", m)}"') == 1


def test_what_is_delivered_is_not_the_current_one(arbeid):
    Mellomarbeid.objects.update(status="levert", levert=timezone.now())
    forfalt = oppdrag_om(arbeid, -3, "Forfalt")

    svar = som(enhetsleder(arbeid.gruppe)).get(liste(arbeid))

    assert svar.context["valgt"] == forfalt.oppdrag


@pytest.mark.parametrize("hvem", ["leder", "koordinator", "styringsgruppe"])
def test_a_link_that_names_an_assignment_opens_that_one(arbeid, hvem):
    annet = oppdrag_om(arbeid, 100, "Det andre")
    person = {
        "leder": lambda: enhetsleder(arbeid.gruppe),
        "koordinator": lambda: koordinator(arbeid.nettverk),
        "styringsgruppe": lambda: medlem(arbeid.nettverk, gruppetype=Gruppe.Type.STYRINGSGRUPPE),
    }[hvem]()
    client = som(person)

    valgt = [
        client.get(f"{liste(arbeid)}?oppdrag={m.oppdrag_id}").context["valgt"]
        for m in (arbeid, annet)
    ]

    assert valgt == [arbeid.oppdrag, annet.oppdrag]


def test_an_assignment_older_than_the_list_is_still_the_one_that_is_opened(arbeid):
    for nr in range(31):
        OppdragFactory(
            nettverk=arbeid.nettverk, frist=arbeid.oppdrag.frist + datetime.timedelta(days=nr + 1)
        )

    for person in (enhetsleder(arbeid.gruppe), koordinator(arbeid.nettverk)):
        svar = som(person).get(f"{liste(arbeid)}?oppdrag={arbeid.oppdrag_id}")
        assert svar.context["valgt"] == arbeid.oppdrag


@pytest.mark.parametrize(
    "hvem", [lambda m: enhetsleder(m.gruppe), lambda m: koordinator(m.nettverk)]
)
def test_an_assignment_that_does_not_exist_here_is_not_exchanged_for_another(arbeid, hvem):
    client = som(hvem(arbeid))
    fremmed = OppdragFactory()

    svar = [
        client.get(f"{liste(arbeid)}?oppdrag={verdi}").status_code
        for verdi in (fremmed.pk, "x", "9" * 30)
    ]

    assert svar == [404, 404, 404]


def test_the_units_list_costs_the_same_with_one_and_three_assignments(
    arbeid, django_assert_num_queries
):
    client = som(enhetsleder(arbeid.gruppe))
    client.get(liste(arbeid))
    for _ in range(2):
        with django_assert_num_queries(5):
            client.get(liste(arbeid))
        for dager in (5, 6):
            oppdrag_om(arbeid, dager, "Nok et")


# --- the whole log, when the unit lets others read it


def delt(arbeid: Mellomarbeid) -> Mellomarbeid:
    """A neighbour's work, delivered and open to be read."""
    return nabo(arbeid, levert_=True, delt=True)


def test_who_is_not_of_the_unit_reads_what_it_shared_below_practice(arbeid):
    annet = delt(arbeid)
    LoggpostFactory(mellomarbeid=annet, fase="planlegge", tekst="Planen vår.")
    LoggpostFactory(mellomarbeid=annet, fase="dele", tekst="Vi målte fjæra. Ingen ga ordet lengde.")

    side = som(enhetsleder(arbeid.gruppe)).get(url("mellomarbeid", annet))
    html = " ".join(side.text.split())

    assert ">Vi målte fjæra.</span></h1>" in html
    hovedsaken = html.split("</h1>")[1]
    rekke = (str(annet.gruppe.enhet), "Ingen ga ordet lengde.", "Planen vår.", "Utforsk ute")
    steder = [hovedsaken.index(tekst) for tekst in rekke]
    assert steder == sorted(steder)
    assert html.count("Vi målte fjæra.") == 2  # the heading, and the browser's tab
    assert "er levert" not in html
    assert [m.punkt.noekkel for m in side.context["meny"].for_alle if m.aktiv] == ["praksis"]


def test_who_follows_the_unit_up_sees_that_it_has_delivered(arbeid):
    annet = delt(arbeid)

    for person in (koordinator(arbeid.nettverk), kommuneansvarlig(arbeid.nettverk, arbeid.kommune)):
        assert "Mellomarbeidet er levert." in som(person).get(url("mellomarbeid", annet)).text


def nabo(arbeid: Mellomarbeid, **felt: object) -> Mellomarbeid:
    gruppe = GruppeFactory(
        nettverk=arbeid.nettverk,
        utviklingsgruppe=True,
        enhet=EnhetFactory(kommune=arbeid.kommune),
    )
    return MellomarbeidFactory(
        oppdrag=arbeid.oppdrag, gruppe=gruppe, **{"kommune": arbeid.kommune, **felt}
    )


def test_the_coordinator_sees_how_many_have_delivered_and_filters(arbeid):
    levert = nabo(arbeid, levert_=True)
    client = som(koordinator(arbeid.nettverk))
    adresse = reverse("rolu:mellomarbeid_list", args=[arbeid.nettverk.slug])

    svar = client.get(adresse)
    filtrert = client.get(f"{adresse}?status=levert&kommune={arbeid.kommune_id}")
    htmx = client.get(f"{adresse}?status=levert", headers={"HX-Request": "true"})

    assert "1 av 2 enheter har levert" in svar.text
    assert [r["pk"] for r in svar.context["liste"].side] == [arbeid.pk, levert.pk]
    assert [r["pk"] for r in filtrert.context["liste"].side] == [levert.pk]
    assert filtrert.context["liste"].side.paginator.count == 1
    assert htmx.text.strip().startswith('<div id="liste">')


def test_the_choices_are_the_states_of_the_matrix_and_what_waits_for_an_answer(arbeid):
    planlagt = nabo(arbeid, status=Mellomarbeid.Status.KLADD)
    LoggpostFactory(mellomarbeid=planlagt, fase="planlegge")
    i_gang = nabo(arbeid, status=Mellomarbeid.Status.KLADD)
    LoggpostFactory(mellomarbeid=i_gang, fase="proeve")
    levert = nabo(arbeid, levert_=True)
    client = som(koordinator(arbeid.nettverk))
    adresse = reverse("rolu:mellomarbeid_list", args=[arbeid.nettverk.slug])

    for sporring in ("", "?q="):
        [brikker] = client.get(adresse + sporring).context["liste"].brikker
        assert [(str(b.etikett), b.antall) for b in brikker] == [
            ("Alle", 4),
            ("Ikke begynt", 1),
            ("Planlagt", 1),
            ("I gang", 1),
            ("Levert", 1),
            ("Delt i Praksis", 0),
            ("Uten tilbakemelding", 1),
        ]
    for status, treff in (
        ("planlagt", planlagt),
        ("i_gang", i_gang),
        ("uten_svar", levert),
        ("ikke_begynt", arbeid),
    ):
        svar = client.get(f"{adresse}?status={status}")
        assert [r["pk"] for r in svar.context["liste"].side] == [treff.pk]
        if status != "uten_svar":
            mangler = reverse("rolu:mellomarbeid_mangler", args=[arbeid.nettverk.slug])
            svar = client.get(f"{mangler}?status={status}")
            assert [m.pk for m in svar.context["liste"].side] == [treff.pk]


def test_no_space_stands_before_the_comma_of_what_is_delivered(arbeid):
    nabo(arbeid, levert_=True)
    adresse = reverse("rolu:mellomarbeid_list", args=[arbeid.nettverk.slug])

    side = " ".join(som(koordinator(arbeid.nettverk)).get(adresse).text.split())

    assert re.search(r"Levert \d+\. \w+, uten tilbakemelding", side)


def test_a_kommuneansvarlig_lists_the_own_kommune_only(arbeid):
    annen = GruppeFactory(nettverk=arbeid.nettverk, utviklingsgruppe=True)
    MellomarbeidFactory(oppdrag=arbeid.oppdrag, gruppe=annen, levert_=True, delt=True)

    svar = som(kommuneansvarlig(arbeid.nettverk, arbeid.kommune)).get(
        reverse("rolu:mellomarbeid_list", args=[arbeid.nettverk.slug])
    )

    assert [r["pk"] for r in svar.context["liste"].side] == [arbeid.pk]
    assert "Ingen har levert ennå" in svar.text


def test_the_missing_are_listed_as_page_text_and_sheet(arbeid):
    import io

    import openpyxl

    enhetsleder(arbeid.gruppe)
    levert = nabo(arbeid, levert_=True)
    client = som(koordinator(arbeid.nettverk))
    adresse = reverse("rolu:mellomarbeid_mangler", args=[arbeid.nettverk.slug])

    side = client.get(adresse)
    ark = openpyxl.load_workbook(io.BytesIO(client.get(adresse + "?format=xlsx").content)).active

    assert [m.pk for m in side.context["liste"].side] == [arbeid.pk]
    assert side.context["som_tekst"] == f"{arbeid.kommune}\n– {arbeid.gruppe.enhet}"
    assert str(levert.gruppe.enhet) not in side.text
    assert [c.value for c in ark[2]][:2] == [str(arbeid.kommune), str(arbeid.gruppe.enhet)]


def test_the_leaders_addresses_are_taken_out_by_who_has_just_signed_in_and_it_is_written_down(
    arbeid,
):
    leder = enhetsleder(arbeid.gruppe)
    nabo(arbeid, levert_=True)
    ansvarlig = koordinator(arbeid.nettverk)
    client = som(ansvarlig)
    adresse = reverse("rolu:mellomarbeid_mangler", args=[arbeid.nettverk.slug]) + "?format=epost"

    side = client.get(adresse)
    pass_time(client, minutter=20)
    senere = client.get(adresse)

    assert side.context["adresser"] == [leder.epost]
    assert senere.status_code == 302
    uttak = Sikkerhetshendelse.objects.get(slag="nettverk.eksport")
    assert (uttak.person, uttak.opplysninger["hva"], uttak.opplysninger["rader"]) == (
        ansvarlig,
        "rolu.lederadresser",
        1,
    )


def test_the_missing_are_chosen_by_state_kommune_and_name_and_the_sheet_and_text_follow(arbeid):
    import io

    import openpyxl

    leder = enhetsleder(arbeid.gruppe)
    begynt = nabo(arbeid, status="kladd", kommune=KommuneFactory())
    client = som(koordinator(arbeid.nettverk))
    adresse = reverse("rolu:mellomarbeid_mangler", args=[arbeid.nettverk.slug])

    def mangler(**valg: object) -> list[int]:
        return [m.pk for m in client.get(adresse, valg).context["liste"].side]

    assert set(mangler()) == {arbeid.pk, begynt.pk}
    assert mangler(status="i_gang") == mangler(kommune=begynt.kommune_id) == [begynt.pk]
    assert mangler(q=leder.navn) == [arbeid.pk]
    assert mangler(q="?!") == mangler(q=leder.navn, status="i_gang") == []
    ingen = client.get(adresse, {"q": leder.navn, "status": "i_gang"}).text
    assert "2 enheter har ikke levert" in " ".join(ingen.split())
    assert "Ingen enheter passer med det du har valgt" in ingen
    valgt = client.get(adresse, {"status": "i_gang"})
    brikker = {str(b.etikett): b.antall for b in valgt.context["liste"].brikker[0]}
    assert brikker == {"Alle": 2, "Ikke begynt": 1, "Planlagt": 0, "I gang": 1}
    assert valgt.context["som_tekst"] == f"{begynt.kommune}\n– {begynt.gruppe.enhet}"
    fil = client.get(adresse, {"status": "i_gang", "format": "xlsx"})
    ark = openpyxl.load_workbook(io.BytesIO(fil.content)).active
    assert [rad[1].value for rad in ark.iter_rows(min_row=2)] == [str(begynt.gruppe.enhet)]


def test_a_member_may_not_open_the_missing(arbeid):
    svar = som(enhetsleder(arbeid.gruppe)).get(
        reverse("rolu:mellomarbeid_mangler", args=[arbeid.nettverk.slug])
    )

    assert svar.status_code == 403


@pytest.mark.parametrize("navn", ["mellomarbeid_list", "mellomarbeid_mangler"])
def test_lists_cost_the_same_with_one_and_three_rows(arbeid, navn: str):
    client = som(koordinator(arbeid.nettverk))
    adresse = reverse(f"rolu:{navn}", args=[arbeid.nettverk.slug])
    client.get(adresse)

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as spoerringer:
            assert client.get(adresse).status_code == 200
        return len(spoerringer)

    en = cost()
    for _ in range(2):
        enhetsleder(nabo(arbeid).gruppe)

    assert cost() == en <= 7


def test_a_log_costs_the_same_with_one_and_three_entries(arbeid):
    client = som(enhetsleder(arbeid.gruppe))
    LoggpostFactory(mellomarbeid=arbeid)

    def cost() -> int:
        with CaptureQueriesContext(connection) as spoerringer:
            client.get(url("mellomarbeid", arbeid))
        return len(spoerringer)

    cost()
    en = cost()
    for _ in range(2):
        LoggpostFactory(mellomarbeid=arbeid, fase="dele")

    assert cost() == en <= 12


def test_what_is_overdue_stands_first_with_how_many_days(arbeid):
    Oppdrag.objects.filter(pk=arbeid.oppdrag_id).update(frist=idag() - datetime.timedelta(days=24))
    OppdragFactory(nettverk=arbeid.nettverk, frist=idag() + datetime.timedelta(days=9))

    svar = som(koordinator(arbeid.nettverk)).get(
        reverse("rolu:mellomarbeid_list", args=[arbeid.nettverk.slug])
    )

    assert svar.context["valgt"].pk == arbeid.oppdrag_id
    assert [over for _oppdrag, over in svar.context["oppdragene"]] == [True, False]
    assert "24 dager over fristen" in svar.text
