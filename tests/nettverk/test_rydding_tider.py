"""When a job, a session and an import have had their time: to the day, and that running twice does no more."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import timezone

from kommuner.gyldighet import idag
from nettverk.models import Enhetsimport, Importrad, Jobb
from nettverk.rydding import rydd
from nettverk.tasks import purge_expired
from tests.nettverk.factories import NettverkFactory, PersonFactory

pytestmark = pytest.mark.django_db

JOBBER_BEHOLDES = timedelta(days=365)
LENGE_SIDEN = JOBBER_BEHOLDES + timedelta(days=1)
S = Jobb.Status
S_IMPORT = Enhetsimport.Status


def _jobb(status: str, *, alder: timedelta, fil: bool = False) -> Jobb:
    jobb = Jobb.objects.create(
        nettverk=NettverkFactory(),
        slag="proeve",
        gjelder="1",
        status=status,
        # One that is tried again was over once.
        avsluttet=timezone.now() - alder,
    )
    Jobb.objects.filter(pk=jobb.pk).update(bestilt=timezone.now() - alder)
    if fil:
        jobb.resultat.save("rapport.pdf", ContentFile(b"%PDF"))
    return jobb


def test_a_finished_job_goes_after_a_year_with_its_file():
    gammel, ny = (
        _jobb(S.FERDIG, alder=LENGE_SIDEN, fil=True),
        _jobb(S.FERDIG, alder=JOBBER_BEHOLDES - timedelta(days=1), fil=True),
    )
    lager, navn = gammel.resultat.storage, gammel.resultat.name

    svar = rydd()

    assert svar["jobber"] == 1
    assert list(Jobb.objects.all()) == [ny]
    assert not lager.exists(navn)
    assert lager.exists(ny.resultat.name)


@pytest.mark.parametrize("status", [S.VENTER, S.KJORER])
def test_a_job_that_is_not_done_stays_however_old(status: str):
    jobb = _jobb(status, alder=LENGE_SIDEN * 3)

    assert rydd()["jobber"] == 0
    assert list(Jobb.objects.all()) == [jobb]


def test_a_failed_job_without_a_file_goes_too():
    _jobb(S.FEILET, alder=LENGE_SIDEN)

    assert rydd()["jobber"] == 1
    assert not Jobb.objects.exists()


def test_a_file_that_is_gone_already_stops_nothing():
    jobb = _jobb(S.FERDIG, alder=LENGE_SIDEN, fil=True)
    jobb.resultat.storage.delete(jobb.resultat.name)
    _jobb(S.FERDIG, alder=LENGE_SIDEN)

    assert rydd()["jobber"] == 2


def test_sessions_nobody_can_use_go_and_others_stay():
    person = PersonFactory()
    for nokkel, alder in (("gammel", 1), ("ny", -1)):
        okt = UserSession.objects.create(
            user=person, session_key=nokkel, ip="10.0.0.1", user_agent="x", data={}
        )
        sett = timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE + alder * 60)
        UserSession.objects.filter(pk=okt.pk).update(last_seen_at=sett)

    assert rydd()["okter"] == 1
    assert [o.session_key for o in UserSession.objects.all()] == ["ny"]


def _import(status: str, *, dager: int) -> Enhetsimport:
    rad = Enhetsimport.objects.create(
        nettverk=NettverkFactory(), filnavn="e.csv", per=idag(), aar=2026, status=status
    )
    Importrad.objects.create(enhetsimport=rad, nummer=2, utfall="avvist")
    Enhetsimport.objects.filter(pk=rad.pk).update(lastet_opp=timezone.now() - timedelta(days=dager))
    return rad


def test_a_preview_nobody_confirmed_goes_after_a_month_and_what_is_being_written_does_not():
    gammel, ny = _import(S_IMPORT.LEST, dager=40), _import(S_IMPORT.LEST, dager=20)
    skrives, ferdig = _import(S_IMPORT.BEKREFTET, dager=40), _import(S_IMPORT.FERDIG, dager=40)

    assert rydd()["enhetsimporter"] == 1

    stand = {rad.pk: (rad.status, rad.rader.count()) for rad in Enhetsimport.objects.all()}
    assert stand == {
        gammel.pk: (S_IMPORT.FORKASTET, 0),
        ny.pk: (S_IMPORT.LEST, 1),
        skrives.pk: (S_IMPORT.BEKREFTET, 1),
        # The record stays; the refused rows have had their month.
        ferdig.pk: (S_IMPORT.FERDIG, 0),
    }


def test_a_second_run_finds_nothing():
    _jobb(S.FERDIG, alder=LENGE_SIDEN)
    _import(Enhetsimport.Status.LEST, dager=40)
    rydd()

    assert not any(rydd().values())


def test_the_nightly_task_is_the_same_act():
    _jobb(S.FERDIG, alder=LENGE_SIDEN)

    purge_expired()

    assert not Jobb.objects.exists()
