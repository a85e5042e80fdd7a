"""What is kept about people at a gathering goes when its time has come, also from the history."""

import datetime

import docx
import pytest
from django.utils import timezone

from nettverk.arbeid import jobber
from nettverk.arbeid.gjelder import gjelder
from nettverk.models import Brev, Jobb
from nettverk.rydding import rydd
from rolu.models import (
    Behov,
    Deltakelse,
    Endringsoenske,
    Gjest,
    Oppsummering,
    Oppsummeringsblokk,
    Samling,
)
from rolu.samlinger import bekreftelse, oppsummering, rydding, utskrifter
from tests.nettverk.factories import koordinator
from tests.rolu.factories import DeltakelseFactory, GjestFactory, SamlingFactory

pytestmark = pytest.mark.django_db


def over_for(dager: int):
    slutt = timezone.now() - datetime.timedelta(days=dager)
    return SamlingFactory(publisert_=True, start=slutt - datetime.timedelta(hours=6), slutt=slutt)


@pytest.mark.parametrize(("dager", "igjen"), [(29, 1), (31, 0)])
def test_needs_go_thirty_days_after_the_end(dager, igjen):
    rad = DeltakelseFactory(samling=over_for(dager))
    Behov.objects.create(samling=rad.samling, person=rad.verv.person, valg=["egg"])

    assert rydd()["behov"] == 1 - igjen
    assert rydd()["behov"] == 0
    assert Behov.objects.count() == igjen


@pytest.mark.parametrize(("dager", "igjen"), [(29, 1), (31, 0)])
def test_why_an_answer_was_changed_goes_with_its_history(dager, igjen):
    rad = DeltakelseFactory(samling=over_for(dager))
    Endringsoenske.objects.create(deltakelse=rad, oensker="ja", tekst="Syk")

    rydding.purge_wishes(timezone.now())

    assert Endringsoenske.objects.count() == igjen
    assert Endringsoenske.pgh_event_model.objects.filter(tekst="Syk").count() == igjen


def _told(gjest: Gjest, **felt) -> Brev:
    """The letter that told the guest they come, sent when the gathering was ahead."""
    bekreftelse.tell(SamlingFactory(publisert_=True), personer=[], gjester=[gjest.pk], by=None)
    brevene = Brev.objects.filter(epost=gjest.epost, tilstand="venter")
    [pk] = brevene.values_list("pk", flat=True)
    Brev.objects.filter(pk=pk).update(
        tilstand="sendt", sendt=timezone.now(), gjelder=gjelder(gjest.samling), **felt
    )
    return Brev.objects.get(pk=pk)


def test_who_a_guest_was_goes_after_ninety_days_and_the_figure_stays():
    ung = GjestFactory(samling=over_for(89))
    gammel = GjestFactory(samling=over_for(91), navn="Zacharias Q", fra="Trefoten skole")
    epost = gammel.epost
    letter = _told(gammel, svar=f"550 <{epost}> unknown")
    assert "Zacharias" in letter.tekst

    antall = rydd()["gjester"]

    gammel.refresh_from_db()
    ung.refresh_from_db()
    assert (antall, rydd()["gjester"]) == (1, 0)
    assert (gammel.navn, gammel.epost, gammel.fra) == ("", "", "")
    assert gammel.status == Gjest.Status.PAAMELDT
    assert ung.navn
    historie = Gjest.pgh_event_model.objects.filter(pgh_obj_id=gammel.pk)
    assert historie.exists()
    assert not historie.exclude(navn="", epost="", fra="").exists()
    letter.refresh_from_db()
    for felt in (letter.epost, letter.tekst, letter.svar, letter.kalender):
        assert epost not in felt
        assert "Zacharias" not in felt


def test_the_prints_with_a_guests_name_go_with_it():
    gammel, ung = GjestFactory(samling=over_for(91)), GjestFactory(samling=over_for(89))
    skilt = utskrifter.UTSKRIFTER["navneskilt"]
    jobber_ = []
    for samling in (gammel.samling, ung.samling):
        jobb = utskrifter.order(samling, utskrift=skilt, by=koordinator(samling.nettverk))
        jobber.run(jobb.pk)
        jobb.refresh_from_db()
        jobber_.append(jobb)

    rydding.purge_guests(timezone.now())

    borte, igjen = jobber_
    assert list(Jobb.objects.all()) == [igjen]
    assert not borte.resultat.storage.exists(borte.resultat.name)
    assert igjen.resultat.storage.exists(igjen.resultat.name)


def test_a_later_gatherings_letter_to_the_same_guest_stands():
    gammel = GjestFactory(samling=over_for(91))
    ny = GjestFactory(samling=over_for(10), navn=gammel.navn, epost=gammel.epost)
    foer, etter = _told(gammel), _told(ny)

    rydding.purge_guests(timezone.now())

    foer.refresh_from_db()
    etter.refresh_from_db()
    assert foer.tekst == ""
    assert (etter.epost, bool(etter.tekst)) == (ny.epost, True)


def test_the_history_of_a_wish_that_went_with_its_place_goes_too():
    rad = DeltakelseFactory(samling=over_for(5))
    Endringsoenske.objects.create(deltakelse=rad, oensker="ja", tekst="Syk")
    rad.delete()

    rydding.purge_wishes(timezone.now())
    assert Endringsoenske.pgh_event_model.objects.exists()
    rydding.purge_wishes(timezone.now() + datetime.timedelta(days=31))

    assert not Endringsoenske.pgh_event_model.objects.exists()


@pytest.mark.parametrize(("dager", "igjen"), [(729, True), (731, False)])
def test_lists_of_names_go_from_a_summary_after_two_years_and_all_else_stays(dager, igjen):
    samling = over_for(dager)
    borte, kom = DeltakelseFactory.create_batch(2, samling=samling)
    Deltakelse.objects.filter(pk=kom.pk).update(moett=samling.start)
    person, navn = borte.verv.person, borte.verv.person.navn
    by = koordinator(samling.nettverk)
    jobb = oppsummering.order(samling, by=by)
    jobber.run(jobb.pk)
    oppsummering.publish(samling, jobb=jobb.pk, by=by)
    # What the members read keeps the name also when the draft no longer has it.
    Oppsummeringsblokk.objects.filter(slag="fravaer").update(data={})
    assert oppsummering.with_name_in(person) == [(samling.tittel, "fravaer")]
    Samling.objects.update(status=Samling.Status.LAAST)
    foer = Oppsummering.objects.get()

    assert rydd()["navnelister"] == (0 if igjen else 1)
    assert rydd()["navnelister"] == 0

    rad = Oppsummering.objects.get()
    assert (navn in str(rad.publisert_innhold)) == igjen
    assert (navn in str(rad.innhold)) == igjen
    assert (oppsummering.with_name_in(person) != []) == igjen
    assert (kom.verv.person.navn in str(list(Oppsummeringsblokk.objects.values("data")))) == igjen
    assert (rad.fil.name == foer.fil.name) == igjen
    assert (navn in _words(rad)) == igjen
    assert "1 av 2 inviterte var der" in _words(rad)
    with rad.fil.open("rb") as pdf:
        assert pdf.read().startswith(b"%PDF")
    assert (rad.utgave, rad.publisert) == (foer.utgave, foer.publisert)


def test_the_files_that_had_the_names_are_deleted(django_capture_on_commit_callbacks):
    samling = over_for(731)
    DeltakelseFactory(samling=samling)
    by = koordinator(samling.nettverk)
    jobb = oppsummering.order(samling, by=by)
    jobber.run(jobb.pk)
    oppsummering.publish(samling, jobb=jobb.pk, by=by)
    foer = Oppsummering.objects.get()
    lager, gamle = foer.fil.storage, [foer.fil.name, foer.word.name, foer.publisert_word.name]
    assert [lager.exists(navn) for navn in gamle] == [True, True, True]

    with django_capture_on_commit_callbacks(execute=True):
        rydding.purge_named_lists(timezone.now())

    assert [lager.exists(navn) for navn in gamle] == [False, False, False]
    rad = Oppsummering.objects.get()
    assert lager.exists(rad.fil.name)
    assert lager.exists(rad.publisert_word.name)


def _words(rad):
    """The text of the Word file that the members read."""
    with rad.publisert_word.open("rb") as fil:
        dokument = docx.Document(fil)
    celler = [c.text for t in dokument.tables for rad_ in t.rows for c in rad_.cells]
    return " ".join([p.text for p in dokument.paragraphs] + celler)


def test_the_page_on_privacy_says_how_long(client):
    tekst = client.get("/personvern/").text

    for tid in (rydding.BEHOV_BEHOLDES, rydding.GJEST_BEHOLDES):
        assert f"{tid.days} dager etter samlingen" in tekst
    assert f"{rydding.NAVNELISTER_BEHOLDES.days // 365} år etter samlingen" in tekst
