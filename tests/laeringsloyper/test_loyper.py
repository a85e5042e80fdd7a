"""The tracks are written and arranged in the browser: a new one, its words, its periods, order and end."""

import datetime
import time
from collections.abc import Callable
from itertools import pairwise

import pytest
from django.test import Client
from django.urls import reverse

from kommuner.gyldighet import idag, periode
from laeringsloyper import loyper
from laeringsloyper.folging import Folging, follow, stop
from laeringsloyper.models import Enhetsloype, Laeringsloype, Periode
from nettverk.models import Gruppe
from nettverk.skriving.konflikt import KanIkke
from tests.kommuner.factories import EnhetFactory
from tests.laeringsloyper.factories import LaeringsloypeFactory, PeriodeFactory
from tests.nettverk.factories import (
    GruppeFactory,
    MedlemskapFactory,
    NettverkFactory,
    VervFactory,
    kog,
    koordinator,
)
from tests.samtidig import at_once, kinds

pytestmark = pytest.mark.django_db

AAR = datetime.timedelta(days=365)


def _adresse(loype: Laeringsloype, navn: str, *args: object) -> str:
    return reverse(f"laeringsloyper:{navn}", args=[loype.nettverk.slug, loype.slug, *args])


def _som(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def _dager(loype: Laeringsloype) -> list[tuple]:
    return [(p.fra, p.til) for p in loype.perioder.all()]


def test_a_new_track_has_three_periods_of_three_years():
    nettverk = NettverkFactory()
    gruppe = GruppeFactory(nettverk=nettverk, type=Gruppe.Type.FAGMILJO)
    klient = _som(koordinator(nettverk))
    adresse = reverse("laeringsloyper:loype_ny", args=[nettverk.slug])
    assert 'value="3"' in klient.get(adresse).text

    klient.post(
        adresse,
        {
            "navn": "Språk og ære",
            "om": "Vi leser.",
            "farge": "fiol",
            "tegn": "boble",
            "ansvarlig_gruppe": gruppe.pk,
            "forste_dag": "2026-08-01",
            "antall_perioder": "3",
            "aar_i_perioden": "3",
        },
    )

    loype = Laeringsloype.objects.get()
    assert (loype.slug, loype.om, loype.ansvarlig_gruppe) == ("sprak-og-aere", "Vi leser.", gruppe)
    aarene = [datetime.date(aar, 8, 1) for aar in (2026, 2029, 2032, 2035)]
    assert _dager(loype) == list(pairwise(aarene))


def test_assignments_are_promised_only_where_they_are_in_use():
    nettverk = NettverkFactory()
    klient = _som(koordinator(nettverk))
    adresse = reverse("laeringsloyper:loype_ny", args=[nettverk.slug])
    assert "gi oppdrag i løypa" in klient.get(adresse).text
    nettverk.uten_deler = ["mellomarbeid", "praksis"]
    nettverk.save()

    assert "gi oppdrag i løypa" not in klient.get(adresse).text


def test_two_tracks_of_one_name_and_one_called_as_a_page_have_addresses_of_their_own():
    nettverk = NettverkFactory()
    for navn in ("Ny", "Lesing", "Lesing", "!"):
        loyper.create(nettverk=nettverk, navn=navn, forste_dag=datetime.date(2024, 2, 29))

    assert sorted(Laeringsloype.objects.values_list("slug", flat=True)) == [
        "lesing",
        "lesing-2",
        "loype",
        "ny-2",
    ]
    assert Periode.objects.filter(gyldig__startswith=datetime.date(2027, 3, 1)).count() == 4


def test_a_fagansvarlig_writes_the_words_of_the_own_track_and_nothing_more():
    gruppe = GruppeFactory(type=Gruppe.Type.FAGMILJO)
    loype = LaeringsloypeFactory(nettverk=gruppe.nettverk, ansvarlig_gruppe=gruppe)
    annen = LaeringsloypeFactory(nettverk=gruppe.nettverk)
    p = PeriodeFactory(loype=loype)
    klient = _som(VervFactory(gruppe=gruppe).person)

    klient.post(
        _adresse(loype, "loype_rediger"),
        {"navn": "Nytt", "om": "Om", "farge": "mose", "tegn": "ring", "ansvarlig_gruppe": ""},
    )
    klient.post(
        _adresse(loype, "periode", p.pk),
        {"tittel": "Utforske", "fra": "2030-01-01", "til": "2031-01-01"},
    )

    loype.refresh_from_db()
    p.refresh_from_db()
    assert (loype.navn, loype.om, loype.ansvarlig_gruppe) == ("Nytt", "Om", gruppe)
    assert (p.tittel, p.fra) == ("Utforske", datetime.date(2020, 1, 1))
    assert klient.get(_adresse(annen, "loype_rediger")).status_code == 403
    assert klient.get(_adresse(loype, "loype_avslutt")).status_code == 403


def test_two_who_write_in_the_same_track_see_both_texts():
    loype = LaeringsloypeFactory(om="Gammelt")
    en = _som(koordinator(loype.nettverk))
    adresse = _adresse(loype, "loype_rediger")
    stand = en.get(adresse).context["form"].initial["stand"]
    Laeringsloype.objects.update(om="Andres")

    svar = en.post(
        adresse,
        {
            "navn": loype.navn,
            "om": "Mitt",
            "farge": loype.farge,
            "tegn": loype.tegn,
            "stand": stand,
        },
    )

    assert svar.status_code == 409
    assert "Andres" in svar.text
    assert "Mitt" in svar.text
    assert Laeringsloype.objects.get().om == "Andres"


def test_the_days_of_a_period_are_changed_and_no_longer_inferred():
    p = PeriodeFactory(fra_antatt=True, til_antatt=True)
    PeriodeFactory(
        loype=p.loype,
        nummer=2,
        gyldig=periode(datetime.date(2023, 1, 1), datetime.date(2026, 1, 1)),
    )
    klient = _som(koordinator(p.loype.nettverk))
    adresse = _adresse(p.loype, "periode", p.pk)

    svar = klient.post(adresse, {"tittel": "", "fra": "2020-08-01", "til": "2023-07-31"})
    assert svar.status_code == 422
    assert "Dagene overlapper med periode 2." in svar.text

    klient.post(adresse, {"tittel": "", "fra": "2020-08-01", "til": "2022-12-31"})
    p.refresh_from_db()
    assert (p.fra, p.til) == (datetime.date(2020, 8, 1), datetime.date(2023, 1, 1))
    assert (p.fra_antatt, p.til_antatt) == (False, True)


def test_one_more_period_is_proposed_after_the_last_and_taken_away_again():
    p = PeriodeFactory()
    klient = _som(koordinator(p.loype.nettverk))
    ny = _adresse(p.loype, "periode_ny")
    assert 'value="01.01.2023"' in klient.get(ny).text

    klient.post(ny, {"tittel": "", "fra": "2023-01-01", "til": "2025-12-31"})
    to = p.loype.perioder.get(nummer=2)
    with pytest.raises(KanIkke, match="Bare den siste"):
        loyper.remove_periode(p)
    klient.post(_adresse(p.loype, "periode_slett", to.pk))
    assert list(p.loype.perioder.all()) == [p]

    Enhetsloype.objects.create(enhet=EnhetFactory(), periode=p)
    klient.post(_adresse(p.loype, "periode_slett", p.pk))
    assert list(p.loype.perioder.all()) == [p]


def test_the_order_is_changed_one_place_at_a_time():
    nettverk = NettverkFactory()
    for navn in "ABC":
        loyper.create(nettverk=nettverk, navn=navn, forste_dag=idag())
    klient = _som(koordinator(nettverk))
    liste = reverse("laeringsloyper:loype_list", args=[nettverk.slug])

    def move(navn: str, vei: str) -> str:
        loype = Laeringsloype.objects.get(navn=navn)
        klient.post(_adresse(loype, "loype_flytt"), {vei: "1"})
        shown = klient.get(liste).context["loyper"]
        return "".join(loype.navn for loype in shown)

    assert [move("C", "opp"), move("A", "ned"), move("C", "opp"), move("B", "ned")] == [
        "ACB",
        "CAB",
        "CAB",
        "CAB",
    ]


def test_a_track_that_ends_keeps_what_was_and_loses_what_had_not_begun():
    loype = LaeringsloypeFactory()
    naa = PeriodeFactory(loype=loype, gyldig=periode(idag() - AAR, idag() + AAR))
    PeriodeFactory(loype=loype, nummer=2, gyldig=periode(idag() + AAR, idag() + 2 * AAR))
    Enhetsloype.objects.create(enhet=EnhetFactory(), periode=naa)
    i_morgen = idag() + datetime.timedelta(days=1)
    klient = _som(koordinator(loype.nettverk))

    for _n in range(2):
        klient.post(_adresse(loype, "loype_avslutt"), {"siste_dag": idag().isoformat()})

    assert _dager(loype) == [(idag() - AAR, i_morgen)]
    assert Enhetsloype.objects.followed(idag()).count() == 1
    assert Enhetsloype.objects.followed(i_morgen).count() == 0
    with pytest.raises(KanIkke, match="har ikke begynt"):
        loyper.end(loype, siste_dag=idag() - 2 * AAR)


def test_only_the_koordinator_is_led_to_what_changes_the_tracks():
    loype = LaeringsloypeFactory()
    liste = reverse("laeringsloyper:loype_list", args=[loype.nettverk.slug])
    ny = reverse("laeringsloyper:loype_ny", args=[loype.nettverk.slug])

    assert ny in _som(koordinator(loype.nettverk)).get(liste).text
    assert ny not in _som(kog(loype.nettverk)).get(liste).text


def _running_and_next(loype: Laeringsloype) -> tuple[Periode, Periode]:
    """One period that runs, and the one after it; the later was written first."""
    neste = PeriodeFactory(loype=loype, nummer=2, gyldig=periode(idag() + AAR, idag() + 2 * AAR))
    naa = PeriodeFactory(loype=loype, nummer=1, gyldig=periode(idag() - AAR, idag() + AAR))
    return naa, neste


def test_a_track_does_not_end_before_a_period_that_units_are_to_follow():
    loype = LaeringsloypeFactory()
    naa, neste = _running_and_next(loype)
    enhet = EnhetFactory(kommune=MedlemskapFactory(nettverk=loype.nettverk).kommune)
    follow([Folging(enhet, neste, idag(), "Valgt")], by=koordinator(loype.nettverk))
    klient = _som(koordinator(loype.nettverk))
    adresse = _adresse(loype, "loype_avslutt")
    assert "1 enhet skal følge en periode som begynner senere." in klient.get(adresse).text

    svar = klient.post(adresse, {"siste_dag": idag().isoformat()})

    assert svar.status_code == 422
    assert "1 enhet skal følge en periode som begynner etter siste dag." in svar.text
    assert (Enhetsloype.objects.get().grunn, loype.perioder.count()) == ("Valgt", 2)
    # A day within that period takes nothing from anybody.
    loyper.end(loype, siste_dag=neste.fra)
    assert Enhetsloype.objects.real().count() == 1
    # When the unit has stopped, nothing stands in the way.
    stop([Folging(enhet, neste, idag())])
    klient.post(adresse, {"siste_dag": idag().isoformat()})
    assert list(loype.perioder.all()) == [naa]


@pytest.mark.django_db(transaction=True)
def test_ending_a_track_waits_for_whoever_changes_it():
    loype = LaeringsloypeFactory()
    naa, _neste = _running_and_next(loype)

    svar = at_once(
        lambda: loyper.end(loype, siste_dag=idag()),
        lambda: loyper.change_periode(naa, tittel="Utforske"),
        holding=loype,
    )

    assert kinds(svar) == ["ok", "ok"]


@pytest.mark.django_db(transaction=True)
def test_a_track_ends_while_units_begin_to_follow_it():
    loype = LaeringsloypeFactory()
    naa, neste = _running_and_next(loype)
    enhet = EnhetFactory(kommune=MedlemskapFactory(nettverk=loype.nettverk).kommune)
    av = koordinator(loype.nettverk)

    svar = at_once(
        lambda: follow([Folging(enhet, naa, idag()), Folging(enhet, neste, idag())], by=av),
        _a_moment_later(lambda: loyper.end(loype, siste_dag=neste.fra)),
        holding=neste,
    )

    assert kinds(svar) == ["ok", "ok"]


@pytest.mark.django_db(transaction=True)
def test_a_period_is_not_removed_while_a_unit_begins_to_follow_it():
    p = PeriodeFactory(gyldig=periode(idag() - AAR, idag() + AAR))
    enhet = EnhetFactory(kommune=MedlemskapFactory(nettverk=p.loype.nettverk).kommune)
    av = koordinator(p.loype.nettverk)

    _fulgt, fjernet = at_once(
        lambda: follow([Folging(enhet, p, idag())], by=av),
        _a_moment_later(lambda: loyper.remove_periode(p)),
        holding=p,
    )

    assert isinstance(fjernet, KanIkke)
    assert Enhetsloype.objects.followed().count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_period_is_written_on_its_page_while_the_track_ends():
    loype = LaeringsloypeFactory()
    naa, _neste = _running_and_next(loype)
    klient = _som(koordinator(loype.nettverk))
    adresse = _adresse(loype, "periode", naa.pk)
    felt = {"tittel": "Utforske", "fra": naa.fra.isoformat(), "til": naa.siste_dag.isoformat()}

    svar = at_once(
        lambda: klient.post(adresse, felt).status_code,
        _a_moment_later(lambda: loyper.end(loype, siste_dag=idag() + 2 * AAR)),
        holding=loype,
    )

    assert svar[0] == 302
    assert isinstance(svar[1], KanIkke)


def _a_moment_later(act: Callable[[], object]) -> Callable[[], object]:
    """The act, when the other already stands and waits."""

    def do() -> object:
        time.sleep(0.5)
        return act()

    return do
