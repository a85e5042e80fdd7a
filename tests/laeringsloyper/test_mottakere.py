"""«Følger læringsløypa» as a choice of audience: whom it reaches, on which day."""

import datetime

import pytest
from django.template.loader import render_to_string

from kommuner.gyldighet import idag, periode
from laeringsloyper.folging import Folging, follow, stop
from laeringsloyper.mottakere import FOLGER
from nettverk.models import Gruppe, Mottakere, Nettverk
from nettverk.mottakere.skjema import MottakereForm, in_words
from nettverk.mottakere.slag import kind
from nettverk.mottakere.utvalg import gone, resolve
from tests.kommuner.factories import EnhetFactory
from tests.laeringsloyper.factories import LaeringsloypeFactory, PeriodeFactory
from tests.nettverk.factories import (
    GruppeFactory,
    MedlemskapFactory,
    NettverkFactory,
    PersonFactory,
    VervFactory,
)

pytestmark = pytest.mark.django_db

AAR = datetime.timedelta(days=365)


def _loypas_periode(nettverk: Nettverk, slug: str, slutt: datetime.date | None = None):
    return PeriodeFactory(
        loype=LaeringsloypeFactory(nettverk=nettverk, slug=slug, navn=slug.capitalize()),
        gyldig=periode(idag() - AAR, slutt or idag() + AAR),
    )


def _verv_i_enhet(nettverk: Nettverk):
    enhet = EnhetFactory(kommune=MedlemskapFactory(nettverk=nettverk).kommune)
    gruppe: Gruppe = GruppeFactory(nettverk=nettverk, utviklingsgruppe=True, enhet=enhet)
    return VervFactory(gruppe=gruppe)


def _audience(nettverk: Nettverk, *loyper: str) -> Mottakere:
    return Mottakere(nettverk=nettverk, enheter=True, filtre={FOLGER: list(loyper)})


def test_those_who_follow_one_of_the_tracks_are_reached_and_nobody_else():
    nettverk = NettverkFactory()
    matte, skriving = (_loypas_periode(nettverk, slug) for slug in ("matte", "skriving"))
    i_matte, i_begge, i_ingen = (_verv_i_enhet(nettverk) for _n in range(3))
    follow(
        [
            Folging(i_matte.gruppe.enhet, matte, idag()),
            Folging(i_begge.gruppe.enhet, matte, idag()),
            Folging(i_begge.gruppe.enhet, skriving, idag()),
        ],
        by=PersonFactory(),
    )

    assert set(resolve(_audience(nettverk, "matte", "skriving"))) == {i_matte, i_begge}
    assert set(resolve(_audience(nettverk, "skriving"))) == {i_begge}
    assert set(resolve(_audience(nettverk))) == set()
    assert i_ingen in resolve(Mottakere(nettverk=nettverk, enheter=True))


def test_it_is_asked_of_a_day():
    nettverk = NettverkFactory()
    matte, verv = _loypas_periode(nettverk, "matte"), _verv_i_enhet(nettverk)
    dager = datetime.timedelta(days=30)
    follow([Folging(verv.gruppe.enhet, matte, idag() - dager)], by=PersonFactory())
    stop([Folging(verv.gruppe.enhet, matte, idag() + dager)])
    mottakere = _audience(nettverk, "matte")

    assert list(resolve(mottakere, idag())) == [verv]
    assert list(resolve(mottakere, idag() + dager)) == []
    assert list(resolve(mottakere, idag() - 2 * dager)) == []


def test_only_the_networks_own_tracks_that_are_not_over_can_be_chosen():
    nettverk = NettverkFactory(maalform="nb")
    _loypas_periode(nettverk, "matte")
    _loypas_periode(nettverk, "slutt", slutt=idag())
    _loypas_periode(NettverkFactory(), "annen")

    assert [kode for kode, _navn in kind(FOLGER).options(nettverk, idag())] == ["matte"]
    assert len(gone(_audience(nettverk, "slutt", "matte"))) == 1


def test_a_track_that_was_chosen_stands_while_tracks_are_off():
    nettverk = NettverkFactory(maalform="nb", uten_deler=["laeringsloyper"])
    matte = _loypas_periode(nettverk, "matte")
    med, _uten = (_verv_i_enhet(nettverk) for _n in range(2))
    follow([Folging(med.gruppe.enhet, matte, idag())], by=PersonFactory())
    valgt = _audience(nettverk, "matte")
    valgt.save()

    aapnet = MottakereForm(nettverk=nettverk, valgt=valgt)
    sendt = MottakereForm({"til-enheter": "on"}, nettverk=nettverk, valgt=valgt)

    assert "bare_laeringsloyper_loype" not in aapnet.fields
    assert sendt.is_valid()
    assert sendt.mottakere.filtre == {FOLGER: ["matte"]}
    assert list(resolve(sendt.mottakere)) == [med]
    assert aapnet.borte == []
    assert "Matte" in in_words(sendt.mottakere)
    (linje,) = aapnet.hviler
    assert "Følger læringsløypa: " in linje
    assert "Dette gjelder fortsatt" in linje
    assert linje in render_to_string("components/mottakere.html", {"velger": aapnet})
    # Nobody begins to choose by it meanwhile.
    nytt = MottakereForm({"til-enheter": "on"}, nettverk=nettverk)
    assert nytt.mottakere.filtre == {}
    assert nytt.hviler == []
