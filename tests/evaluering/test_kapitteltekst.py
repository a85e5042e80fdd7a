"""Two people writing in the same chapter both keep their text."""

import threading

import pytest
from django.db import connection

from evaluering import kapitteltekst
from evaluering.models import Aarsrapport, Kapitteltekst
from nettverk.skriving.konflikt import Konflikt, Lukket
from tests.evaluering.factories import AarsrapportFactory, KapitteltekstFactory
from tests.nettverk.factories import NettverkFactory, PersonFactory, kog

pytestmark = pytest.mark.django_db


def _save(nettverk, tekst, versjon, *, by=None, aar=2026):
    return kapitteltekst.save(
        nettverk=nettverk,
        aar=aar,
        noekkel="sammendrag",
        tekst=tekst,
        versjon=versjon,
        by=by or PersonFactory(),
    )


def test_the_first_text_makes_the_report():
    nettverk = NettverkFactory()
    person = kog(nettverk)

    lagret = _save(nettverk, "Et godt år.", 0, by=person)

    assert Aarsrapport.objects.get() == lagret.aarsrapport
    assert (lagret.versjon, lagret.endret_av) == (1, person)


def test_each_save_gives_the_next_version():
    nettverk = NettverkFactory()

    versjon = _save(nettverk, "Ett", 0).versjon
    versjon = _save(nettverk, "To", versjon).versjon

    assert versjon == 2
    assert Kapitteltekst.objects.get().tekst == "To"


def test_an_old_version_is_a_conflict_that_changes_nothing():
    nettverk = NettverkFactory()
    forste = _save(nettverk, "Min", 0)
    _save(nettverk, "Din", forste.versjon)

    with pytest.raises(Konflikt) as feil:
        _save(nettverk, "Min igjen", forste.versjon)

    assert feil.value.deres.tekst == "Din"
    assert Kapitteltekst.objects.get().tekst == "Din"


def test_the_same_text_saved_twice_is_no_conflict():
    nettverk = NettverkFactory()

    _save(nettverk, "Samme", 0)

    assert _save(nettverk, "Samme", 0).versjon == 1


def test_an_approved_report_does_not_change():
    tekst = KapitteltekstFactory(aarsrapport__godkjent=True)

    with pytest.raises(Lukket):
        _save(tekst.aarsrapport.nettverk, "Nytt", 1)

    tekst.refresh_from_db()
    assert tekst.tekst == "Et godt år."


def test_the_database_keeps_what_was_written_before():
    tekst = KapitteltekstFactory(tekst="Før")

    _save(tekst.aarsrapport.nettverk, "Etter", 1)

    historie = Kapitteltekst.pgh_event_model.objects.filter(pgh_obj=tekst).order_by("pgh_id")
    assert [h.tekst for h in historie] == ["Før", "Etter"]


@pytest.mark.django_db(transaction=True)
def test_two_first_saves_at_once_give_one_text_and_one_conflict():
    nettverk, personer = NettverkFactory(), [PersonFactory(), PersonFactory()]
    svar: list[str] = []

    def skriv(person) -> None:
        try:
            _save(nettverk, f"Tekst fra {person.navn}", 0, by=person)
            svar.append("lagret")
        except Konflikt:
            svar.append("konflikt")
        finally:
            connection.close()

    traader = [threading.Thread(target=skriv, args=(p,)) for p in personer]
    for traad in traader:
        traad.start()
    for traad in traader:
        traad.join()

    assert sorted(svar) == ["konflikt", "lagret"]
    assert AarsrapportFactory._meta.model.objects.count() == 1
