"""A new network is whole: its kommuner on the map, its groups, its koordinator; or there is none."""

import datetime
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from kommuner.gyldighet import idag, periode
from kommuner.models import Kommune, Kommuneendring
from nettverk import grupper
from nettverk.invitasjon import INVITASJON
from nettverk.medlemskap import KommuneOpptatt, join
from nettverk.models import Brev, Gruppe, Medlemskap, Nettverk, Verv
from nettverk.oppstart.kart import move
from nettverk.oppstart.maler import maler
from nettverk.oppstart.nytt import make_nettverk
from nettverk.side.kart import draw_kart
from nettverk.tilgang.roller import roller_for
from tests.kommuner.factories import EnhetFactory, KommuneFactory
from tests.nettverk.factories import (
    GruppeFactory,
    MedlemskapFactory,
    NettverkFactory,
    PersonFactory,
)
from tests.samtidig import at_once, kinds

pytestmark = pytest.mark.django_db

FRA = datetime.date(2019, 6, 1)


def _make(**annet: object) -> Nettverk:
    felt = {
        "navn": "Nettverk Helgeland",
        "kortnavn": "Helgeland",
        "slug": "helgeland",
        "maalform": "nb",
        "fra": FRA,
        "mal": maler()["nordmore"],
        "kommuner": [KommuneFactory(), KommuneFactory()],
        "koordinator_navn": "Kari Koordinator",
        "koordinator_epost": "Kari@demo.example",
        "by": PersonFactory(is_superuser=True),
    }
    return make_nettverk(**{**felt, **annet})


def test_it_has_its_kommuner_its_groups_and_somebody_who_coordinates_it():
    nettverk = _make()

    assert nettverk.kommuner(FRA).count() == 2
    assert nettverk.kommuner(FRA - datetime.timedelta(days=1)).count() == 0
    assert [g.kortnavn or g.navn for g in nettverk.grupper.all()][:3] == [
        "KOG",
        "STG",
        "Fagnettverket",
    ]
    assert nettverk.paakrevde_roller == list(maler()["nordmore"].paakrevde_roller)
    verv = Verv.objects.get(gruppe__nettverk=nettverk)
    assert verv.person.epost == "kari@demo.example"
    assert verv.fra == idag()
    assert roller_for(verv.person, nettverk).er_koordinator
    assert nettverk.satt_opp is None
    brev = Brev.objects.get(nettverk=nettverk)
    assert (brev.til, brev.slag) == (verv.person, INVITASJON)
    assert "Nettverk Helgeland" in brev.tekst


@pytest.mark.parametrize("noekkel", ["nordmore", "sunnmore", "salten", "tomt"])
def test_every_shape_makes_a_network_with_nothing_of_the_region_in_it(noekkel: str):
    nettverk = _make(mal=maler()[noekkel])

    grupper = list(nettverk.grupper.all())
    assert Gruppe.Type.KOORDINERINGSGRUPPE in {g.type for g in grupper}
    assert not any(g.mandat for g in grupper)
    assert [nettverk.om, nettverk.visjon, nettverk.fokusomraader] == ["", "", []]
    navn = " ".join(g.navn for g in grupper)
    assert not any(ord_ in navn for ord_ in ("Nordmøre", "Sunnmøre", "Salten", "Skrivesenteret"))


def test_what_cannot_be_finished_leaves_nothing():
    NettverkFactory(slug="helgeland")

    with pytest.raises(IntegrityError), transaction.atomic():
        _make()

    assert Nettverk.objects.count() == 1
    assert not Medlemskap.objects.exists()


def test_a_kommune_that_got_a_new_number_is_followed_in_the_same_tile_and_a_merger_is_not():
    skifte, slutt = datetime.date(2020, 1, 1), datetime.date(2024, 1, 1)
    gammel = KommuneFactory(gyldig=periode(datetime.date(2000, 1, 1), skifte))
    mellom = KommuneFactory(gyldig=periode(skifte, slutt))
    ny = KommuneFactory(gyldig=periode(slutt))
    slukt = KommuneFactory(gyldig=periode(datetime.date(2000, 1, 1), skifte))
    stor = KommuneFactory(gyldig=periode(skifte))
    for fra, til, dato, type_ in [
        (gammel, mellom, skifte, "nytt_nummer"),
        (mellom, ny, slutt, "nytt_nummer"),
        (slukt, stor, skifte, "sammenslaaing"),
    ]:
        Kommuneendring.objects.create(fra=fra, til=til, dato=dato, type=type_)

    nettverk = _make(kommuner=[gammel, slukt])

    rader = {m.kommune: m for m in nettverk.medlemskap.select_related("kommune")}
    assert rader.keys() == {gammel, mellom, ny, slukt}
    assert {(rader[k].kart_kolonne, rader[k].kart_rad) for k in (gammel, mellom, ny)} == {
        (rader[gammel].kart_kolonne, rader[gammel].kart_rad)
    }
    assert rader[gammel].gyldig == periode(FRA, skifte)
    assert rader[mellom].gyldig == periode(skifte, slutt)
    assert set(nettverk.kommuner()) == {ny}


def test_two_kommuner_that_became_each_other_are_followed_once():
    """The attack: a file that says so hung the page for ever."""
    skifte = datetime.date(2024, 1, 1)
    en, to = (KommuneFactory(gyldig=periode(datetime.date(2000, 1, 1), skifte)) for _n in range(2))
    for fra, til in ((en, to), (to, en)):
        Kommuneendring.objects.create(fra=fra, til=til, dato=skifte, type="nytt_nummer")

    nettverk = _make(kommuner=[en])

    assert nettverk.medlemskap.filter(kommune=en).count() == 1


def test_a_kommune_in_another_network_is_refused_as_when_one_joins():
    opptatt, ledig = MedlemskapFactory().kommune, KommuneFactory()

    with (
        pytest.raises(KommuneOpptatt, match="er med i et annet nettverk") as feil,
        transaction.atomic(),
    ):
        _make(kommuner=[ledig, opptatt])
    with pytest.raises(KommuneOpptatt) as ved_inngang, transaction.atomic():
        join(NettverkFactory(), kommune=opptatt, fra=idag())

    assert str(feil.value) == str(ved_inngang.value)
    assert not Nettverk.objects.filter(slug="helgeland").exists()


def test_a_later_number_that_is_in_another_network_is_refused_too():
    skifte = datetime.date(2020, 1, 1)
    gammel = KommuneFactory(gyldig=periode(datetime.date(2000, 1, 1), skifte))
    ny = KommuneFactory(gyldig=periode(skifte))
    Kommuneendring.objects.create(fra=gammel, til=ny, dato=skifte, type="nytt_nummer")
    MedlemskapFactory(kommune=ny, gyldig=periode(skifte))

    with pytest.raises(KommuneOpptatt), transaction.atomic():
        _make(kommuner=[gammel])


def test_a_kommune_that_has_left_its_network_may_be_in_a_new_one():
    kommune = MedlemskapFactory(gyldig=periode(FRA, idag())).kommune

    assert list(_make(kommuner=[kommune], fra=idag()).kommuner()) == [kommune]


@pytest.mark.django_db(transaction=True)
def test_of_two_networks_that_take_the_same_kommune_at_once_one_is_refused():
    kommune, annet, by = KommuneFactory(), NettverkFactory(), PersonFactory(is_superuser=True)

    svar = at_once(
        lambda: _make(kommuner=[kommune], by=by),
        lambda: join(annet, kommune=kommune, fra=idag()),
        holding=kommune,
    )

    assert kinds(svar) == ["KommuneOpptatt", "ok"]
    assert Medlemskap.objects.filter(kommune=kommune).count() == 1


def test_the_units_the_portal_knows_get_their_utviklingsgrupper():
    kommune = KommuneFactory()
    enhet = EnhetFactory(kommune=kommune)

    nettverk = _make(kommuner=[kommune])

    assert [g.enhet for g in nettverk.grupper.utviklingsgrupper()] == [enhet]


# --- the tiles


def _at(nettverk: Nettverk) -> dict[Kommune, tuple[int | None, int | None]]:
    return {m.kommune: (m.kart_kolonne, m.kart_rad) for m in nettverk.medlemskap.all()}


def _with_tiles(*ruter: tuple[int, int] | None) -> tuple[Nettverk, list[Kommune]]:
    nettverk = NettverkFactory()
    rader = [
        MedlemskapFactory(
            nettverk=nettverk,
            kart_kolonne=rute[0] if rute else None,
            kart_rad=rute[1] if rute else None,
        )
        for rute in ruter
    ]
    return nettverk, [m.kommune for m in rader]


def test_the_database_refuses_two_in_one_tile_at_the_same_time_only():
    nettverk, [en] = _with_tiles((1, 1))
    Medlemskap.objects.filter(kommune=en).update(gyldig=periode(FRA, idag()))
    MedlemskapFactory(nettverk=nettverk, kart_kolonne=1, kart_rad=1, gyldig=periode(idag()))

    with pytest.raises(IntegrityError, match="medlemskap_en_per_rute"), transaction.atomic():
        MedlemskapFactory(nettverk=nettverk, kart_kolonne=1, kart_rad=1, gyldig=periode(FRA))


def test_moved_to_where_another_lies_they_change_places():
    nettverk, [en, to] = _with_tiles((1, 1), (2, 1))

    move(nettverk, kommune=en.pk, retning="hoeyre")

    assert _at(nettverk) == {en: (2, 1), to: (1, 1)}


@pytest.mark.parametrize(
    ("retning", "ventet"),
    [("opp", [(0, 1), (1, 2)]), ("venstre", [(0, 0), (2, 0)]), ("ned", [(0, 1), (1, 0)])],
)
def test_at_the_edge_the_whole_map_makes_room(retning: str, ventet: list):
    nettverk, [en, to] = _with_tiles((0, 0), (1, 0))

    move(nettverk, kommune=en.pk, retning=retning)

    assert [_at(nettverk)[en], _at(nettverk)[to]] == ventet


def test_one_without_a_tile_is_drawn_apart_and_moved_from_where_it_is_drawn():
    nettverk, [en, to] = _with_tiles((0, 0), None)
    kart = draw_kart(list(nettverk.medlemskap.select_related("kommune")))
    assert kart is not None
    assert len({flate.bane for flate in kart.flater}) == 2

    move(nettverk, kommune=to.pk, retning="hoeyre")

    assert _at(nettverk) == {en: (0, 0), to: (1, 1)}


@pytest.mark.django_db(transaction=True)
def test_of_ten_networks_by_one_name_made_at_once_there_is_one():
    by = PersonFactory(is_superuser=True)
    kommunene = [KommuneFactory() for _n in range(10)]

    svar = at_once(
        *(
            partial(_make, slug=f"helgeland-{n}", kommuner=[kommune], by=by)
            for n, kommune in enumerate(kommunene)
        )
    )

    assert kinds(svar) == [*["IntegrityError"] * 9, "ok"]
    assert all("nettverk_ett_navn" in str(s) for s in svar if isinstance(s, Exception))
    assert Medlemskap.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_ten_groups_by_one_name_that_two_koordinatorer_make_at_once_there_is_one():
    nettverk = NettverkFactory()
    felt = {"type": Gruppe.Type.ANNEN, "fra": idag(), "nettverk": nettverk}

    svar = at_once(
        *(partial(grupper.make, navn=navn, **felt) for navn in ["Skolegruppa", "SKOLEGRUPPA"] * 5)
    )

    assert kinds(svar) == [*["KanIkke"] * 9, "ok"]
    assert "allerede en gruppe som heter dette" in str(
        next(s for s in svar if isinstance(s, Exception))
    )


def test_two_groups_of_a_network_never_share_a_name_at_the_same_time():
    gruppe = GruppeFactory(navn="Skolegruppa", gyldig=periode(FRA, idag()))
    GruppeFactory(nettverk=gruppe.nettverk, navn="skolegruppa", gyldig=periode(idag()))
    GruppeFactory(navn="Skolegruppa")  # another network's

    with pytest.raises(IntegrityError, match="gruppe_ett_navn"), transaction.atomic():
        GruppeFactory(
            nettverk=gruppe.nettverk,
            navn="SKOLEGRUPPA",
            gyldig=periode(FRA, FRA.replace(year=2020)),
        )


def test_its_colour_and_horizon_are_those_chosen_or_those_of_the_shape():
    valgt = _make(mal=maler()["salten"], aksent="skog", horisont="fjord")
    assert (valgt.aksent, valgt.horisont) == ("skog", "fjord")

    formens = _make(
        mal=maler()["salten"], navn="Et annet", slug="annet", koordinator_epost="b@demo.example"
    )
    assert (formens.aksent, formens.horisont) == ("lyng", "tinder")
