"""What came of a gathering: numbers, two at once, the lock, wrong input, and the pages."""

import datetime
import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kommuner.gyldighet import idag
from nettverk.models import Person
from nettverk.skriving.konflikt import KanIkke, Konflikt, Lukket
from rolu.models import Samling, Utfall
from rolu.samlinger import programplan
from rolu.samlinger import utfall as utfallene
from tests.kommuner.factories import KommuneFactory
from tests.nettverk.factories import (
    GruppeFactory,
    PersonFactory,
    gruppemedlem,
    koordinator,
    nettverk_med_enhet,
)
from tests.rolu.factories import (
    OppdragFactory,
    ProgrampostFactory,
    SamlingFactory,
    UtfallFactory,
)
from tests.samtidig import at_once

pytestmark = pytest.mark.django_db

T = Utfall.Type


@pytest.fixture
def by() -> Person:
    return PersonFactory()


@pytest.fixture
def scene():
    nettverk, gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, i_dag=True)
    return samling, ProgrampostFactory(samling=samling), gruppe


@pytest.fixture
def som(client):
    def inn(person):
        client.force_login(person)
        return client

    return inn


def adresse(navn: str, samling: Samling, *mer: object) -> str:
    return reverse(f"rolu:{navn}", args=[samling.nettverk.slug, samling.pk, *mer])


def _decide(samling: Samling, by: Person, tekst: str = "Vi begynner", **mer) -> Utfall:
    return utfallene.add(samling, post=None, type_=T.BESLUTNING, tekst=tekst, by=by, **mer)


# --- numbers


def test_decisions_are_numbered_in_the_gathering_and_a_number_is_never_used_again(by):
    samling, annen = SamlingFactory.create_batch(2, i_dag=True)
    en, to = _decide(samling, by), _decide(samling, by)
    utfallene.remove(to, by=by)
    utfallene.remove(to, by=by)

    tre = _decide(samling, by)

    assert [en.nummer, to.nummer, tre.nummer] == [1, 2, 3]
    assert _decide(annen, by).nummer == 1
    historie = Utfall.pgh_event_model.objects.filter(pgh_obj_id=to.pk).order_by("pgh_id")
    assert [h.pgh_label for h in historie] == ["insert", "delete"]


@pytest.mark.django_db(transaction=True)
def test_two_who_decide_at_once_get_two_numbers():
    samling, by = SamlingFactory(i_dag=True), PersonFactory()

    svar = at_once(*[lambda t=t: _decide(samling, by, t) for t in ("En", "To")], holding=samling)

    assert sorted(u.nummer for u in svar) == [1, 2]


def test_what_is_no_longer_a_decision_leaves_its_number_unused(by):
    samling = SamlingFactory(i_dag=True)
    rad = _decide(samling, by)

    rad = utfallene.change(rad, type_=T.INNSIKT, tekst="Vi så", versjon=rad.versjon, by=by)
    igjen = utfallene.change(rad, type_=T.BESLUTNING, tekst="Vi så", versjon=rad.versjon, by=by)

    assert igjen.nummer == 2


def test_what_becomes_another_kind_is_not_done(by):
    rad = UtfallFactory(oppfolging_=True)
    gruppe = rad.gruppe
    rad = utfallene.finish(rad, by=by)
    assert rad.gjort

    rad = utfallene.change(rad, type_=T.INNSIKT, tekst="Vi så", versjon=rad.versjon, by=by)
    assert (rad.gjort, rad.gjort_av) == (None, None)
    igjen = utfallene.change(
        rad, type_=T.OPPFOLGING, tekst="Vi så", gruppe=gruppe, versjon=rad.versjon, by=by
    )

    assert Utfall.objects.get(pk=igjen.pk).gjort is None


# --- twice, and two at once


def test_the_same_form_twice_is_one_outcome_and_with_another_text_it_is_another(by):
    samling, noekkel = SamlingFactory(i_dag=True), uuid.uuid4()

    for tekst in ("Lest", "Lest", "Lest på nytt"):
        _decide(samling, by, tekst, noekkel=noekkel)

    assert [(u.nummer, u.tekst) for u in samling.utfall.all()] == [(1, "Lest"), (2, "Lest på nytt")]


def test_the_key_of_another_gathering_takes_nothing_from_this_one(by):
    annet = UtfallFactory(tekst="Lest")

    rad = utfallene.add(
        SamlingFactory(i_dag=True),
        post=None,
        type_=T.INNSIKT,
        tekst="Lest",
        noekkel=annet.noekkel,
        by=by,
    )

    assert rad.pk != annet.pk


def test_what_somebody_else_changed_meanwhile_is_a_conflict(by):
    rad = UtfallFactory()
    utfallene.change(rad, type_=T.INNSIKT, tekst="Den første", versjon=1, by=by)

    with pytest.raises(Konflikt) as konflikt:
        utfallene.change(rad, type_=T.INNSIKT, tekst="Den andre", versjon=1, by=by)

    assert konflikt.value.deres.tekst == "Den første"


def test_what_somebody_else_removed_meanwhile_is_said(by):
    rad = UtfallFactory()
    utfallene.remove(rad, by=by)

    with pytest.raises(KanIkke, match="fjernet"):
        utfallene.change(rad, type_=T.INNSIKT, tekst="Nytt", versjon=1, by=by)


def test_an_assignment_that_is_given_stays_an_assignment(by):
    rad = UtfallFactory(type=T.OPPDRAG)
    utfallene.became(rad, OppdragFactory(nettverk=rad.nettverk))

    with pytest.raises(KanIkke, match="gitt"):
        utfallene.change(rad, type_=T.INNSIKT, tekst="x", versjon=1, by=by)


# --- the lock


@pytest.mark.parametrize(
    "act",
    [
        _decide,
        lambda s, by: utfallene.remove(s.utfall.get(), by=by),
        lambda s, by: utfallene.change(
            s.utfall.get(), type_=T.INNSIKT, tekst="x", versjon=1, by=by
        ),
        lambda s, by: programplan.write_note(s.programposter.get(), notat="x", versjon=1),
    ],
)
def test_nothing_is_written_in_a_locked_gathering(by, act):
    samling = SamlingFactory(laast=True)
    UtfallFactory(samling=samling, tekst="Som før")
    ProgrampostFactory(samling=samling)

    with pytest.raises(Lukket):
        act(samling, by)

    assert [u.tekst for u in samling.utfall.all()] == ["Som før"]


@pytest.mark.parametrize("htmx", [True, False])
def test_a_locked_gathering_refuses_with_the_text_still_on_the_page(scene, som, htmx):
    samling, post, _gruppe = scene
    Samling.objects.filter(pk=samling.pk).update(status=Samling.Status.LAAST)
    person = som(koordinator(samling.nettverk))

    svar = person.post(
        adresse("utfall_ny", samling, post.pk),
        {"type": "innsikt", "tekst": "Skrevet med møye"},
        headers={"HX-Request": "true"} if htmx else {},
    )
    notat = person.post(
        adresse("notat", samling, post.pk), {"notat": "Også dette", "versjon": post.versjon}
    )

    assert svar.status_code == 422
    assert "Skrevet med møye" in svar.text
    assert "låst" in svar.text
    assert notat.status_code == 409
    assert "Også dette" in notat.text
    assert not samling.utfall.exists()


# --- the pages


def test_one_is_written_and_the_form_is_ready_for_the_next_of_its_kind(scene, som):
    samling, post, _gruppe = scene
    person = som(koordinator(samling.nettverk))

    svar = person.post(
        adresse("utfall_ny", samling, post.pk), {"type": "innsikt", "tekst": "Korte økter"}
    )

    assert svar.status_code == 302
    assert svar.url == adresse("notat", samling, post.pk) + "?type=innsikt#utfall_tekst"
    side = person.get(svar.url).text
    assert "Korte økter" in side
    (knapp,) = re.findall(r"<input[^>]*value=\"innsikt\"[^>]*>", side)
    assert "checked" in knapp


def test_htmx_gets_the_outcomes_alone_and_the_focus_in_the_next(scene, som):
    samling, post, _gruppe = scene

    svar = som(koordinator(samling.nettverk)).post(
        adresse("utfall_ny", samling, post.pk),
        {"type": "beslutning", "tekst": "Vi begynner"},
        headers={"HX-Request": "true"},
    )

    assert svar.status_code == 200
    assert 'data-annonser="Beslutning 1 er lagret."' in svar.text
    assert "autofocus" in svar.text
    assert "<html" not in svar.text
    assert "data-autolagre" not in svar.text


def test_on_the_day_it_leads_back_to_the_day(scene, som):
    samling, post, _gruppe = scene

    svar = som(koordinator(samling.nettverk)).post(
        adresse("utfall_ny", samling, post.pk),
        {"type": "innsikt", "tekst": "Korte økter", "dagen": "1"},
    )

    assert svar.url == adresse("innsjekk", samling) + f"?notat={post.pk}&type=innsikt#utfall_tekst"


def test_a_commitment_says_who_and_when(scene, som):
    samling, post, _gruppe = scene
    gruppe = GruppeFactory(nettverk=samling.nettverk)

    som(koordinator(samling.nettverk)).post(
        adresse("utfall_ny", samling, post.pk),
        {
            "type": "oppfolging",
            "tekst": "Lage bokliste",
            "hvem": f"gruppe-{gruppe.pk}",
            "frist": "01.03.2027",
        },
    )

    rad = samling.utfall.get()
    assert (rad.gruppe, rad.kommune, rad.frist) == (gruppe, None, datetime.date(2027, 3, 1))
    assert rad.programpost == post


def test_who_and_when_of_what_is_no_commitment_stop_nobody(scene, som):
    samling, post, _gruppe = scene

    som(koordinator(samling.nettverk)).post(
        adresse("utfall_ny", samling, post.pk),
        {"type": "innsikt", "tekst": "Korte økter", "hvem": "gruppe-0", "frist": "snart"},
    )

    assert (samling.utfall.get().gruppe, samling.utfall.get().frist) == (None, None)


def test_a_kommune_outside_the_network_and_nobody_are_refused_at_the_field(scene, som):
    samling, post, _gruppe = scene
    person = som(koordinator(samling.nettverk))
    for hvem in (f"kommune-{KommuneFactory().pk}", f"gruppe-{GruppeFactory().pk}", ""):
        svar = person.post(
            adresse("utfall_ny", samling, post.pk),
            {"type": "oppfolging", "tekst": "Lage bokliste", "hvem": hvem},
        )
        assert svar.status_code == 422
        assert "utfall_hvem_error" in svar.text
        assert "Lage bokliste" in svar.text
    assert not samling.utfall.exists()


def test_a_deadline_that_has_passed_is_kept_and_pointed_out(scene, som):
    samling, post, _gruppe = scene
    gruppe = GruppeFactory(nettverk=samling.nettverk)
    igaar = idag() - datetime.timedelta(days=1)

    svar = som(koordinator(samling.nettverk)).post(
        adresse("utfall_ny", samling, post.pk),
        {
            "type": "oppfolging",
            "tekst": "Lage bokliste",
            "hvem": f"gruppe-{gruppe.pk}",
            "frist": f"{igaar:%d.%m.%Y}",
        },
        follow=True,
    )

    assert samling.utfall.get().frist == igaar
    assert "Fristen du skrev, har gått ut." in svar.text


def test_sixty_thousand_characters_are_refused_and_stand_on_the_page(scene, som):
    samling, post, _gruppe = scene
    person, langt = som(koordinator(samling.nettverk)), "lese " * 12_000

    utfall = person.post(
        adresse("utfall_ny", samling, post.pk), {"type": "innsikt", "tekst": langt}
    )
    notat = person.post(adresse("notat", samling, post.pk), {"notat": langt, "versjon": 1})

    assert (utfall.status_code, notat.status_code) == (422, 422)
    assert "lese lese" in utfall.text
    assert "lese lese" in notat.text


@pytest.mark.parametrize(
    "tekst", ["Vi leser 📚👩‍👩‍👧 sammen", "نقرأ معًا", "<script>alert(1)</script>", "a" * 4_999]
)
def test_any_text_comes_back_as_it_was_written_and_does_nothing(scene, som, tekst):
    samling, post, _gruppe = scene
    person = som(koordinator(samling.nettverk))

    person.post(adresse("utfall_ny", samling, post.pk), {"type": "innsikt", "tekst": tekst})

    assert samling.utfall.get().tekst == tekst
    for navn, mer in (("samling_program", []), ("notat", [post.pk]), ("innsjekk", [])):
        side = person.get(adresse(navn, samling, *mer))
        assert side.status_code == 200
        assert "<script>alert(1)" not in side.text


def test_members_read_them_on_the_programme_and_cannot_write(scene, som):
    samling, post, gruppe = scene
    rad = UtfallFactory(samling=samling, programpost=post, beslutning_=True, tekst="Vi begynner")
    person = som(gruppemedlem(gruppe))

    side = person.get(adresse("samling_program", samling)).text

    assert "Beslutning 1" in side
    assert "Vi begynner" in side
    assert adresse("utfall", samling, rad.pk) not in side
    for navn, mer in (("utfall_ny", post.pk), ("utfall", rad.pk), ("utfall_fjern", rad.pk)):
        assert person.post(adresse(navn, samling, mer)).status_code == 403


def test_both_texts_are_shown_when_two_change_one_outcome(scene, som, by):
    samling, post, _gruppe = scene
    rad = UtfallFactory(samling=samling, programpost=post, tekst="Først")
    utfallene.change(rad, type_=T.INNSIKT, tekst="Den første", versjon=1, by=by)
    person, side = som(koordinator(samling.nettverk)), adresse("utfall", samling, rad.pk)
    mitt = {"type": "innsikt", "tekst": "Den andre", "versjon": 1}

    svar = person.post(side, mitt)
    valgt = person.post(side, {**mitt, "behold": 2})

    assert svar.status_code == 409
    assert "Den første" in svar.text
    assert "Den andre" in svar.text
    assert valgt.status_code == 302
    rad.refresh_from_db()
    assert rad.tekst == "Den andre"


def test_removing_asks_first_and_says_what_becomes_of_the_number(scene, som):
    samling, post, _gruppe = scene
    rad = UtfallFactory(samling=samling, programpost=post, beslutning_=True, tekst="Vi begynner")
    person, side = som(koordinator(samling.nettverk)), adresse("utfall_fjern", samling, rad.pk)

    spoersmaal = person.get(side).text
    person.post(side)

    assert "Fjerne beslutning 1?" in spoersmaal
    assert "blir ikke brukt på nytt" in spoersmaal
    assert not samling.utfall.exists()


@pytest.mark.parametrize("navn", ["utfall", "utfall_fjern"])
def test_from_the_day_one_changes_and_removes_and_is_back_on_the_day(scene, som, navn):
    samling, post, _gruppe = scene
    rad = UtfallFactory(samling=samling, programpost=post)
    klient = som(koordinator(samling.nettverk))
    dagen = adresse("innsjekk", samling)

    side = klient.get(dagen, {"notat": post.pk}).text
    dit = f"{adresse(navn, samling, rad.pk)}?dagen=skranken"
    spurt = klient.get(dit).text
    svar = klient.post(dit, {"type": rad.type, "tekst": "Ny tekst", "versjon": rad.versjon})

    assert dit in side
    assert f'href="{dagen}?notat={post.pk}#utfall"' in spurt
    assert svar.url == f"{dagen}?notat={post.pk}#utfall"


def test_deleting_an_item_leaves_what_came_of_it_with_the_gathering(scene, som):
    samling, post, _gruppe = scene
    UtfallFactory(samling=samling, programpost=post, beslutning_=True, tekst="Vi begynner")
    person = som(koordinator(samling.nettverk))

    spoersmaal = person.get(adresse("programpost_slett", samling, post.pk)).text
    person.post(adresse("programpost_slett", samling, post.pk))

    assert "blir stående på samlingen" in spoersmaal
    assert "Vi begynner" in person.get(adresse("samling_program", samling)).text


def test_an_assignment_is_given_with_the_text_filled_in_and_pointed_to(scene, som):
    samling, post, gruppe = scene
    rad = UtfallFactory(
        samling=samling, programpost=post, type=T.OPPDRAG, tekst="Prøv ut lesestunder"
    )
    gruppemedlem(gruppe)
    person, side = som(koordinator(samling.nettverk)), adresse("samling_oppdrag", samling)

    skjema = person.get(f"{side}?utfall={rad.pk}").text
    frist = idag() + datetime.timedelta(days=20)
    person.post(
        side,
        {
            "utfall": rad.pk,
            "tittel": "Lesestunder",
            "tekst": "Prøv ut lesestunder",
            "frist": f"{frist:%d.%m.%Y}",
            "enheter": "on",
            "gi": "1",
        },
    )

    assert 'value="Prøv ut lesestunder"' in skjema
    rad.refresh_from_db()
    assert rad.oppdrag is not None
    assert rad.oppdrag.tittel == "Lesestunder"
    assert "Gi oppdraget" not in person.get(adresse("notat", samling, post.pk)).text


@pytest.mark.parametrize("navn", ["samling_program", "notat", "innsjekk"])
def test_pages_cost_the_same_with_one_and_many_outcomes(scene, som, navn):
    samling, post, _gruppe = scene
    person = som(koordinator(samling.nettverk))
    side = adresse(navn, samling, *([post.pk] if navn == "notat" else []))
    antall = []
    for ny in (1, 3):
        for _ in range(ny):
            UtfallFactory(samling=samling, programpost=post, oppfolging_=True)
            UtfallFactory(
                samling=samling,
                programpost=post,
                type=T.OPPDRAG,
                oppdrag=OppdragFactory(nettverk=samling.nettverk),
            )
        person.get(side)
        with CaptureQueriesContext(connection) as spurt:
            person.get(side)
        antall.append(len(spurt))

    assert antall[0] == antall[1]
