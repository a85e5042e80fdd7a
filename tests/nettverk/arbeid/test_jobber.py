"""Long work: one active per thing, taken with a lease, finished or failed with a reason."""

import logging
import threading
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from nettverk.arbeid import jobber
from nettverk.models import Jobb, Nettverk
from nettverk.tilgang.roller import roller_for
from tests.nettverk import proevejobber  # noqa: F401 (registers the kinds)
from tests.nettverk.factories import (
    NettverkFactory,
    PersonFactory,
    enhetsleder,
    kog,
    koordinator,
    nettverk_med_enhet,
)

pytestmark = pytest.mark.django_db


def _bestill(nettverk, slag="proeve.rask", by=None, **parametre):
    return jobber.order_jobb(
        nettverk=nettverk,
        slag=slag,
        gjelder="2026",
        by=by or koordinator(nettverk),
        parametre=parametre,
    )


def _innhold(jobb: Jobb) -> bytes:
    with jobb.resultat.open("rb") as fil:
        return fil.read()


def test_the_same_work_ordered_twice_is_one_job():
    nettverk = NettverkFactory()

    assert _bestill(nettverk) == _bestill(nettverk)
    assert Jobb.objects.count() == 1


def test_finished_work_can_be_ordered_again():
    nettverk = NettverkFactory()
    forste = _bestill(nettverk)
    jobber.run(forste.pk)

    assert _bestill(nettverk) != forste


def test_finished_job_has_its_result_and_cannot_be_run_again():
    jobb = _bestill(NettverkFactory())

    jobber.run(jobb.pk)
    jobber.run(jobb.pk)

    jobb.refresh_from_db()
    assert (jobb.status, jobb.framdrift, jobb.forsok) == (Jobb.Status.FERDIG, 100, 1)
    assert _innhold(jobb) == b"%PDF-1.7"
    assert jobb.filnavn == "svar.pdf"
    assert jobb.resultat_data["antall"] == 3
    assert jobb.leie_til is None


def test_work_that_cannot_be_done_says_why():
    jobb = _bestill(NettverkFactory(), "proeve.umulig")

    jobber.run(jobb.pk)

    jobb.refresh_from_db()
    assert (jobb.status, jobb.feil) == (Jobb.Status.FEILET, "Årsrapporten har ingen kapitler.")


def test_a_fault_of_ours_leaves_the_job_failed_and_tells_nothing_of_the_inside(caplog):
    jobb = _bestill(NettverkFactory(), "proeve.krasj")

    with caplog.at_level(logging.CRITICAL):
        jobber.run(jobb.pk)

    jobb.refresh_from_db()
    assert jobb.status == Jobb.Status.FEILET
    assert jobb.feil == "Noe gikk galt hos oss. Prøv igjen om litt."


def test_a_full_disk_leaves_the_job_failed(monkeypatch, caplog):
    jobb = _bestill(NettverkFactory())

    def full(*args, **kwargs):
        raise OSError("No space left on device")

    monkeypatch.setattr(default_storage.__class__, "save", full)
    with caplog.at_level(logging.CRITICAL):
        jobber.run(jobb.pk)

    jobb.refresh_from_db()
    assert jobb.status == Jobb.Status.FEILET


def test_a_job_under_lease_is_left_alone_until_the_lease_runs_out():
    jobb = _bestill(NettverkFactory())
    assert jobber.take(jobb.pk)

    assert jobber.take(jobb.pk) is None
    assert list(Jobb.objects.to_start()) == []

    Jobb.objects.update(leie_til=timezone.now() - timedelta(seconds=1))
    assert list(Jobb.objects.to_start()) == [jobb]
    assert jobber.take(jobb.pk).forsok == 2


def test_a_job_that_keeps_stopping_is_given_up_with_a_reason(settings):
    jobb = _bestill(NettverkFactory())
    Jobb.objects.update(
        status=Jobb.Status.KJORER, forsok=settings.JOBB_MAKS_FORSOK, leie_til=timezone.now()
    )

    jobber.run(jobb.pk)

    jobb.refresh_from_db()
    assert (jobb.status, jobb.feil) == (
        Jobb.Status.FEILET,
        "Arbeidet ble avbrutt hos oss 3 ganger, så vi stoppet. Det er trygt å prøve igjen.",
    )


def _taken_over_by_another(jobb):
    Jobb.objects.filter(pk=jobb.pk).update(leie_til=timezone.now() - timedelta(seconds=1))
    assert jobber.take(jobb.pk)


def test_a_run_that_lost_its_lease_writes_neither_result_nor_state_nor_data():
    jobb = _bestill(NettverkFactory())
    arbeid = jobber.Arbeid(jobber.take(jobb.pk))
    _taken_over_by_another(jobb)
    arbeid.resultat = ("svar.pdf", b"gammelt")

    with pytest.raises(jobber.LeienTapt):
        arbeid.report(60, "Fortsatt her")
    with pytest.raises(jobber.LeienTapt), arbeid.writing():
        Nettverk.objects.update(navn="Overskrevet")
    with pytest.raises(jobber.LeienTapt):
        jobber._complete(arbeid)

    jobb.refresh_from_db()
    assert (jobb.status, jobb.framdrift, jobb.resultat.name) == (Jobb.Status.KJORER, 0, "")
    assert not default_storage.exists(arbeid.jobb.resultat.name or "jobber/ingen")
    assert not Nettverk.objects.filter(navn="Overskrevet").exists()


def test_failed_job_can_be_tried_again_and_keeps_its_place():
    nettverk = NettverkFactory()
    jobb = _bestill(nettverk, "proeve.umulig")
    jobber.run(jobb.pk)
    ny = koordinator(nettverk)

    jobber.retry(jobb, by=ny)

    jobb.refresh_from_db()
    assert (jobb.status, jobb.feil, jobb.forsok) == (Jobb.Status.VENTER, "", 0)
    assert jobb.bestilt_av == ny


def test_trying_again_what_is_already_under_way_changes_nothing():
    nettverk = NettverkFactory()
    gammel = _bestill(nettverk, "proeve.umulig")
    jobber.run(gammel.pk)
    _bestill(nettverk, "proeve.umulig")

    jobber.retry(gammel, by=gammel.bestilt_av)

    gammel.refresh_from_db()
    assert gammel.status == Jobb.Status.FEILET


def test_strangers_do_not_see_a_job():
    nettverk, gruppe = nettverk_med_enhet()
    bestiller, leder = kog(nettverk), enhetsleder(gruppe)
    jobb, egen = _bestill(nettverk, by=bestiller), _bestill(nettverk, "proeve.krasj", by=leder)
    fremmed = koordinator(NettverkFactory())

    def sett(person) -> set[Jobb]:
        return set(Jobb.objects.visible_to(roller_for(person, nettverk)))

    assert sett(koordinator(nettverk)) == sett(bestiller) == {jobb, egen}
    assert sett(leder) == {egen}
    assert sett(fremmed) == sett(PersonFactory()) == set()


# --- the pages


def _url(navn: str, jobb: Jobb) -> str:
    return reverse(f"nettverk:{navn}", args=[jobb.nettverk.slug, jobb.pk])


def test_status_polls_only_while_it_runs_and_then_offers_the_result(client):
    nettverk = NettverkFactory()
    person = koordinator(nettverk)
    jobb = _bestill(nettverk, by=person)
    client.force_login(person)

    venter = client.get(_url("jobb", jobb), headers={"HX-Request": "true"}).content.decode()
    jobber.run(jobb.pk)
    ferdig = client.get(_url("jobb", jobb), headers={"HX-Request": "true"}).content.decode()

    assert "hx-trigger" in venter
    assert "<html" not in venter
    assert "hx-trigger" not in ferdig
    assert _url("jobb_resultat", jobb) in ferdig


def test_result_is_opened_by_name(client):
    nettverk = NettverkFactory()
    person = koordinator(nettverk)
    jobb = _bestill(nettverk, by=person)
    jobber.run(jobb.pk)
    client.force_login(person)

    svar = client.get(_url("jobb_resultat", jobb))

    assert b"".join(svar.streaming_content) == b"%PDF-1.7"
    assert svar["Content-Type"] == "application/pdf"
    assert svar["Content-Disposition"] == 'inline; filename="svar.pdf"'


def test_job_of_another_is_not_found_and_the_result_asks_the_kinds_permission(client):
    nettverk, gruppe = nettverk_med_enhet()
    andres = _bestill(nettverk)
    leder = enhetsleder(gruppe)
    egen = _bestill(nettverk, "proeve.langsom", by=leder)
    client.force_login(leder)

    assert client.get(_url("jobb", andres)).status_code == 404
    assert client.get(_url("jobb_resultat", andres)).status_code == 404
    assert client.get(_url("jobb", egen)).status_code == 200
    assert client.get(_url("jobb_resultat", egen)).status_code == 403
    assert client.post(_url("jobb_proev_igjen", egen)).status_code == 403


def test_try_again_goes_back_to_the_page_it_came_from(client):
    nettverk = NettverkFactory()
    person = koordinator(nettverk)
    jobb = _bestill(nettverk, "proeve.umulig", by=person)
    jobber.run(jobb.pk)
    client.force_login(person)

    side = client.get(_url("jobb", jobb)).content.decode()
    svar = client.post(
        _url("jobb_proev_igjen", jobb), headers={"Referer": "http://testserver/et/sted/"}
    )
    utenfra = client.post(
        _url("jobb_proev_igjen", jobb), headers={"Referer": "https://evil.example/"}
    )

    assert "Årsrapporten har ingen kapitler." in side
    assert _url("jobb_proev_igjen", jobb) in side
    assert svar["Location"] == "http://testserver/et/sted/"
    assert utenfra["Location"] == _url("jobb", jobb)
    jobb.refresh_from_db()
    assert jobb.status == Jobb.Status.VENTER


# --- two at once


@pytest.mark.django_db(transaction=True)
def test_two_workers_cannot_take_the_same_job():
    jobb = _bestill(NettverkFactory())
    tatt: list[Jobb | None] = []

    def ta() -> None:
        tatt.append(jobber.take(jobb.pk))
        connection.close()

    traader = [threading.Thread(target=ta) for _ in range(8)]
    for traad in traader:
        traad.start()
    for traad in traader:
        traad.join()

    assert len([j for j in tatt if j]) == 1


@pytest.mark.django_db(transaction=True)
def test_nobody_takes_over_while_the_result_is_being_written():
    jobb = _bestill(NettverkFactory())
    arbeid = jobber.Arbeid(jobber.take(jobb.pk))
    Jobb.objects.update(leie_til=timezone.now() - timedelta(seconds=1))
    tatt: list[Jobb | None] = []

    def ta() -> None:
        tatt.append(jobber.take(jobb.pk))
        connection.close()

    with arbeid.writing():
        traad = threading.Thread(target=ta)
        traad.start()
        traad.join()

    assert tatt == [None]


@pytest.mark.django_db(transaction=True)
def test_the_lease_is_renewed_while_the_work_goes_on(settings, tmp_path):
    settings.JOBB_LEIETID = timedelta(seconds=0.6)
    jobb = _bestill(NettverkFactory(), "proeve.langsom", spor=str(tmp_path / "spor"), sekunder=1.5)
    traad = threading.Thread(target=lambda: (jobber.run(jobb.pk), connection.close()))
    traad.start()
    stjaalet = []
    while traad.is_alive():
        stjaalet += [j for j in Jobb.objects.to_start() if j.status == Jobb.Status.KJORER]
        traad.join(0.05)

    jobb.refresh_from_db()
    assert (jobb.status, jobb.forsok) == (Jobb.Status.FERDIG, 1)
    assert stjaalet == []


@pytest.mark.django_db(transaction=True)
def test_work_is_started_only_when_the_order_is_committed(monkeypatch):
    dyttet: list[int] = []
    monkeypatch.setattr(jobber, "nudge", dyttet.append)

    with transaction.atomic():
        jobb = _bestill(NettverkFactory())
        assert dyttet == []

    assert dyttet == [jobb.pk]
