"""«Mine opplysninger»: all of the person's own, nothing of anybody else's, from every app."""

import datetime
import io
import json
import zipfile

import pytest
from django.utils import timezone

from nettverk.innlogging import opplysninger
from rolu.models import Dagsoppmoete
from tests.nettverk.factories import PersonFactory, VervFactory
from tests.rolu.factories import DeltakelseFactory, LoggpostFactory, MellomarbeidFactory

pytestmark = pytest.mark.django_db


def _text(person) -> str:
    return json.dumps([b.rader for b in opplysninger.gather(person)], default=str)


def test_a_person_who_has_done_nothing_has_an_account_and_no_empty_headings():
    [bit] = opplysninger.gather(PersonFactory(navn="Kari"))

    assert bit.rader[0]["navn"] == "Kari"


def test_what_each_app_keeps_is_there_and_nothing_of_anothers():
    verv = VervFactory(gruppe__navn="Gruppa til Kari")
    DeltakelseFactory(verv=verv, samling__tittel="Karis samling")
    LoggpostFactory(skrevet_av=verv.person, tekst="Karis tekst")
    MellomarbeidFactory(levert_=True, levert_av=verv.person, oppdrag__tittel="Karis oppdrag")
    annen = VervFactory(gruppe__navn="Gruppa til Ola")
    DeltakelseFactory(verv=annen, samling__tittel="Olas samling")
    LoggpostFactory(skrevet_av=annen.person, tekst="Olas tekst")
    MellomarbeidFactory(levert_=True, levert_av=annen.person, oppdrag__tittel="Olas oppdrag")

    tekst = _text(verv.person)

    for eget in ("Gruppa til Kari", "Karis samling", "Karis tekst", "Karis oppdrag"):
        assert eget in tekst
    assert "Ola" not in tekst


def test_a_verv_that_has_ended_is_still_told_of():
    verv = VervFactory(gyldig=("2019-01-01", "2020-01-01"))

    assert "2019-12-31" in _text(verv.person)


def test_the_file_holds_the_same_for_machines_and_for_people():
    verv = VervFactory(person__navn="Kari <script>", gruppe__navn="Æ & Å")

    with zipfile.ZipFile(io.BytesIO(opplysninger.archive(verv.person))) as arkiv:
        assert sorted(arkiv.namelist()) == ["mine-opplysninger.html", "mine-opplysninger.json"]
        data = json.loads(arkiv.read("mine-opplysninger.json"))
        html = arkiv.read("mine-opplysninger.html").decode()

    assert set(data) == {str(b.tittel) for b in opplysninger.gather(verv.person)}
    assert data["Verv"][0]["gruppe"] == "Æ & Å"
    assert "Æ &amp; Å" in html
    assert "<script>" not in html


def test_the_days_one_has_chosen_and_the_days_one_met_are_told():
    forste, andre = datetime.date(2026, 6, 3), datetime.date(2026, 6, 4)
    verv = VervFactory()
    deltakelse = DeltakelseFactory(verv=verv, dager=[andre, forste])
    Dagsoppmoete.objects.create(
        samling=deltakelse.samling, deltakelse=deltakelse, dato=andre, tid=timezone.now()
    )
    DeltakelseFactory(verv=verv)

    [samlinger] = [b for b in opplysninger.gather(verv.person) if b.tittel == "Samlinger"]

    med_dager = sorted((rad["dager du kommer"], rad["dager du møtte"]) for rad in samlinger.rader)
    assert med_dager == [("", ""), ("3. og 4. juni 2026", "4. juni 2026")]
