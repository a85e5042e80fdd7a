"""What has an end date goes in its time, and what closes an account goes at once."""

import datetime
import logging

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from evaluering.models import Aarsrapport
from nettverk import rydding
from nettverk.arbeid.jobber import JOBBER_BEHOLDES
from nettverk.flater import Portal
from nettverk.innlogging import avslutning
from nettverk.models import Jobb
from nettverk.rydding import rydd
from rolu.samlinger.utskrifter import UTSKRIFT_BEHOLDES
from tests.evaluering.factories import AarsrapportFactory
from tests.nettverk.factories import NettverkFactory, PersonFactory

pytestmark = pytest.mark.django_db


def _jobb(nettverk, dager: int, **felt) -> Jobb:
    return Jobb.objects.create(
        nettverk=nettverk,
        gjelder=str(dager),
        avsluttet=timezone.now() - datetime.timedelta(days=dager),
        resultat=ContentFile(b"%PDF-", "rapport.pdf"),
        **{"status": Jobb.Status.FERDIG, "slag": "evaluering.aarsrapport_pdf", **felt},
    )


def test_old_jobs_go_with_their_files_and_the_rest_stays():
    nettverk = NettverkFactory()
    gammel = _jobb(nettverk, JOBBER_BEHOLDES.days + 1)
    ny, i_gang = _jobb(nettverk, 5), _jobb(nettverk, 900, status=Jobb.Status.KJORER)

    antall = rydd()

    assert set(Jobb.objects.all()) == {ny, i_gang}
    assert not gammel.resultat.storage.exists(gammel.resultat.name)
    assert antall["jobber"] == 1
    assert set(antall) >= {"okter", "enhetsimporter"}
    assert rydd()["jobber"] == 0


def test_a_kind_of_job_that_is_kept_for_less_goes_in_its_own_time():
    nettverk, dager = NettverkFactory(), UTSKRIFT_BEHOLDES.days
    gammel = _jobb(nettverk, dager + 1, slag="rolu.navneskilt")
    ny = _jobb(nettverk, dager - 1, slag="rolu.navneskilt")
    annet = _jobb(nettverk, dager + 1)

    assert rydd()["jobber"] == 1

    assert set(Jobb.objects.all()) == {ny, annet}
    assert not gammel.resultat.storage.exists(gammel.resultat.name)


def test_an_approved_report_is_never_cleared_away():
    rapport = AarsrapportFactory(
        status=Aarsrapport.Status.GODKJENT,
        godkjent=timezone.now() - datetime.timedelta(days=9000),
        fil=ContentFile(b"%PDF-", "rapport.pdf"),
    )
    _jobb(rapport.nettverk, 9000, slag="evaluering.godkjent_pdf")

    rydd()

    rapport.refresh_from_db()
    assert rapport.frosset
    assert rapport.fil.storage.exists(rapport.fil.name)


def test_what_one_app_cannot_clear_stops_no_other(monkeypatch, caplog):
    class Feiler(Portal):
        def rydd(self, naa):
            raise OSError("disken er full")

    class Virker(Portal):
        def rydd(self, naa):
            return {"ting": 3}

    monkeypatch.setattr(rydding, "portaler", lambda: iter([Feiler(), Virker()]))
    with caplog.at_level(logging.ERROR):
        assert rydd() == {"ting": 3}

    assert "Rydding feilet" in caplog.text


def test_closing_an_account_asks_every_app_what_only_served_the_person(monkeypatch):
    spurt = []

    class App(Portal):
        def lukk_konto(self, person):
            spurt.append(person)

    monkeypatch.setattr(avslutning, "portaler", lambda: iter([App()]))
    person = PersonFactory()

    avslutning.close(person=person)

    assert spurt == [person]
    person.refresh_from_db()
    assert not person.is_active
