"""The goals as a tree: what hangs together, what hangs in the air, and what a filter leaves."""

import pytest
from django.test import Client
from django.urls import reverse

from fremtidsbilder.maal.sammenheng import sentences
from fremtidsbilder.maal.tre import MAKS_DYBDE, SMAATT, Filter, Gren, Tre, read_tree
from fremtidsbilder.models import Maal
from nettverk.models import Gruppe, Nettverk
from nettverk.tilgang.roller import roller_for
from tests.fremtidsbilder.factories import FremtidsbildeFactory, MaalFactory, TemaFactory
from tests.kommuner.factories import EnhetFactory
from tests.nettverk.factories import (
    GruppeFactory,
    MedlemskapFactory,
    NettverkFactory,
    enhetsleder,
    kommuneansvarlig,
    koordinator,
    medlem,
)

pytestmark = pytest.mark.django_db

T = Maal.Tilstand


@pytest.fixture
def nettverk() -> Nettverk:
    return NettverkFactory(slug="her")


@pytest.fixture
def kommune(nettverk):
    return MedlemskapFactory(nettverk=nettverk).kommune


def _read(nettverk: Nettverk, **valg) -> Tre:
    person = medlem(nettverk, gruppetype=Gruppe.Type.NY_PRAKSIS)
    return read_tree(roller_for(person, nettverk), Filter(**valg))


def _i_kommune(kommune, nettverk, **felt) -> Maal:
    return MaalFactory(nettverk=nettverk, nivaa="kommune", kommune=kommune, **felt)


def _i_enhet(enhet, nettverk, **felt) -> Maal:
    return MaalFactory(nettverk=nettverk, nivaa="enhet", enhet=enhet, **felt)


def _maal(grener: list[Gren]) -> list[Maal]:
    return [g.maal for g in grener]


def test_the_goals_hang_from_the_network_to_the_unit(nettverk, kommune):
    enhet = EnhetFactory(kommune=kommune)
    felles = MaalFactory(nettverk=nettverk, tekst="Alle er med")
    samme = _i_kommune(kommune, nettverk, over=felles, overtatt=True, tekst="Alle  er med")
    egne_ord = _i_enhet(enhet, nettverk, over=samme, overtatt=True, tekst="Alle leker")
    eget = _i_enhet(enhet, nettverk, over=samme, tekst="Ute hver dag")

    tre = _read(nettverk)

    [rot] = tre.roetter
    [midt] = rot.lenger_ned
    assert (rot.maal, midt.maal, _maal(midt.lenger_ned)) == (felles, samme, [egne_ord, eget])
    assert [g.slekt for g in (rot, midt, *midt.grener)] == ["", "tatt_inn", "tilpasset", "eget"]
    assert (rot.under_kommuner, rot.under_enheter, midt.under_enheter) == (1, 1, 1)
    assert (tre.uten_over, tre.ikke_tatt_inn) == ([], [])


def test_a_resultatmaal_stands_below_its_effektmaal_and_is_taken_in_through_it(nettverk, kommune):
    effekt = MaalFactory(nettverk=nettverk)
    resultat = MaalFactory(nettverk=nettverk, over=effekt, type=Maal.Type.RESULTAT)
    alene = MaalFactory(nettverk=nettverk, over=effekt, type=Maal.Type.RESULTAT)
    _i_kommune(kommune, nettverk, over=resultat)

    tre = _read(nettverk)

    [rot] = tre.roetter
    assert _maal(rot.samme_nivaa) == [resultat, alene]
    assert rot.under_kommuner == 1
    assert _maal(tre.ikke_tatt_inn) == [alene, tre.alle[rot.grener[0].under[0].maal.pk].maal]


def test_what_hangs_in_the_air(nettverk, kommune):
    brukt, ledig = TemaFactory(nettverk=nettverk), TemaFactory(nettverk=nettverk)
    FremtidsbildeFactory(nettverk=nettverk).temaer.add(brukt, ledig)
    TemaFactory(nettverk=nettverk)  # that nobody has spoken of
    ingen_under = MaalFactory(nettverk=nettverk)
    ingen_under.temaer.add(brukt)
    MaalFactory(nettverk=nettverk, type=Maal.Type.PRINSIPP)  # how one works
    uten_over = _i_kommune(kommune, nettverk)
    _i_kommune(kommune, nettverk, type=Maal.Type.PRINSIPP)
    avsluttet = MaalFactory(nettverk=nettverk, tilstand=T.AVSLUTTET)
    avsluttet.temaer.add(ledig)
    enhet = EnhetFactory(kommune=kommune)
    mistet = _i_enhet(enhet, nettverk, over=avsluttet)

    tre = _read(nettverk)

    assert _maal(tre.uten_over) == [uten_over, mistet]
    assert _maal(tre.ikke_tatt_inn) == [ingen_under, uten_over]
    assert tre.temaer_uten_maal == [ledig]
    assert _maal(tre.avsluttet) == [avsluttet]
    assert mistet in _maal(tre.roetter)


def test_the_sentences_count_kommuner_and_units(nettverk, kommune):
    MedlemskapFactory(nettverk=nettverk)
    enhet, _annen = EnhetFactory(kommune=kommune), EnhetFactory(kommune=kommune)
    felles = MaalFactory(nettverk=nettverk)
    under = _i_kommune(kommune, nettverk, over=felles, overtatt=True)
    _i_kommune(kommune, nettverk)
    _i_enhet(enhet, nettverk, over=under)
    _i_enhet(enhet, nettverk, over=under, tilstand=T.UTKAST)  # nobody else's number

    setninger = [(s.antall, s.setning) for s in sentences(_read(nettverk).sammenheng)]

    assert setninger == [
        (1, "1 av 2 kommuner har tatt inn minst ett av målene for nettverket."),
        (2, "1 av 2 kommuner har egne mål. 1 av 2 mål hører til et mål for nettverket."),
        (
            1,
            "1 av 2 enheter har egne mål. 1 av 1 mål hører til et mål for kommunen eller nettverket.",
        ),
    ]


def test_with_no_goals_the_sentences_say_so(nettverk):
    assert [s.setning for s in sentences(_read(nettverk).sammenheng)] == [
        "Nettverket har ingen mål ennå.",
        "Ingen kommuner har mål ennå.",
        "Ingen enheter har mål ennå.",
    ]


def test_a_filter_keeps_the_goals_above_what_it_finds(nettverk, kommune):
    annen = MedlemskapFactory(nettverk=nettverk).kommune
    tema = TemaFactory(nettverk=nettverk)
    felles = MaalFactory(nettverk=nettverk)
    mitt = _i_kommune(kommune, nettverk, over=felles, tilstand=T.HOERING, hoering_til="2030-01-01")
    mitt.temaer.add(tema)
    enhetens = _i_enhet(EnhetFactory(kommune=kommune), nettverk, over=mitt)
    _i_kommune(annen, nettverk, over=felles)

    def funnet(**valg) -> list[Maal]:
        return [g.maal for g in _read(nettverk, **valg).alle.values() if g.er_treff]

    assert funnet(kommune=kommune.kommunenummer) == [mitt, enhetens]
    assert funnet(nivaa="enhet") == [enhetens]
    assert funnet(tema=tema.pk) == [mitt]
    assert funnet(tilstand=T.HOERING) == [mitt]
    [rot] = _read(nettverk, nivaa="enhet").roetter
    assert (rot.maal, _maal(rot.grener), _maal(rot.grener[0].grener)) == (
        felles,
        [mitt],
        [enhetens],
    )


def test_a_ring_of_goals_and_a_long_row_are_still_shown_whole(nettverk):
    en, to, tre_ = (MaalFactory(nettverk=nettverk) for _ in range(3))
    for maal, over in ((en, to), (to, tre_), (tre_, en)):
        maal.over = over
        maal.save()
    over = None
    for _ in range(3 * MAKS_DYBDE):
        over = MaalFactory(nettverk=nettverk, over=over)

    lest = _read(nettverk)

    vist, venter = [], list(lest.roetter)
    while venter:
        gren = venter.pop()
        vist.append(gren)
        venter += gren.grener
    assert len(vist) == len(set(vist)) == 3 + 3 * MAKS_DYBDE


def test_principles_stand_by_themselves_and_open_when_one_comes_from_one(nettverk, kommune):
    prinsipp = MaalFactory(nettverk=nettverk, type=Maal.Type.PRINSIPP)
    med_noe = MaalFactory(nettverk=nettverk, type=Maal.Type.PRINSIPP)
    _i_kommune(kommune, nettverk, over=med_noe)
    roller = roller_for(medlem(nettverk, gruppetype=Gruppe.Type.NY_PRAKSIS), nettverk)

    tre = read_tree(roller, Filter())

    assert (_maal(tre.roetter), _maal(tre.prinsipper)) == ([med_noe], [prinsipp])
    assert not tre.prinsipper_aapne
    assert read_tree(roller, Filter(), valgt=prinsipp.pk).prinsipper_aapne


def test_where_there_are_only_principles_they_are_open_and_the_list_is_not_empty(nettverk):
    MaalFactory(nettverk=nettverk, type=Maal.Type.PRINSIPP)

    tre = _read(nettverk)

    assert (tre.roetter, tre.er_tomt, tre.prinsipper_aapne) == ([], False, True)


def test_a_large_tree_is_open_at_the_goals_of_ones_own_place(nettverk, kommune):
    foerste, annet = (MaalFactory(nettverk=nettverk) for _ in range(2))
    annen = MedlemskapFactory(nettverk=nettverk).kommune
    mitt = _i_kommune(kommune, nettverk, over=annet)
    enhet = EnhetFactory(kommune=kommune)
    _i_enhet(enhet, nettverk, over=mitt)
    gruppe = GruppeFactory(nettverk=nettverk, utviklingsgruppe=True, enhet=enhet)
    deres = [_i_kommune(annen, nettverk, over=foerste) for _ in range(SMAATT)]
    for kommunens in deres[:2]:
        _i_enhet(EnhetFactory(kommune=annen), nettverk, over=kommunens)

    def open_for(person) -> list[Maal]:
        tre = read_tree(roller_for(person, nettverk), Filter())
        return [g.maal for g in tre.alle.values() if g.er_aapen]

    assert open_for(medlem(nettverk, gruppetype=Gruppe.Type.NY_PRAKSIS)) == [foerste, deres[0]]
    assert open_for(enhetsleder(gruppe)) == [annet, mitt]
    assert open_for(kommuneansvarlig(nettverk, kommune)) == [annet]


def test_the_page_of_400_goals_takes_twelve_queries_at_most(
    client: Client, nettverk, kommune, django_assert_max_num_queries
):
    enheter = [EnhetFactory(kommune=kommune) for _ in range(30)]
    tema = TemaFactory(nettverk=nettverk)
    felles = [MaalFactory(nettverk=nettverk) for _ in range(10)]
    i_kommune = [_i_kommune(kommune, nettverk, over=f) for f in felles for _ in range(9)]
    for nr in range(300):
        _i_enhet(enheter[nr % 30], nettverk, over=i_kommune[nr % 90]).temaer.add(tema)
    assert Maal.objects.count() == 400
    client.force_login(koordinator(nettverk))

    with django_assert_max_num_queries(12):
        svar = client.get(reverse("fremtidsbilder:maal_list", args=["her"]))

    assert svar.content.decode().count('class="app-maalgren"') == 400


def test_the_chips_count_what_the_other_choices_leave(nettverk, kommune):
    felles = MaalFactory(nettverk=nettverk)
    MaalFactory(nettverk=nettverk, type=Maal.Type.PRINSIPP)
    mitt = _i_kommune(kommune, nettverk, over=felles)
    _i_kommune(kommune, nettverk, tilstand=T.AVSLUTTET)
    _i_enhet(EnhetFactory(kommune=kommune), nettverk, over=mitt)
    _i_kommune(MedlemskapFactory(nettverk=nettverk).kommune, nettverk)

    def antall(**valg) -> dict[str, int]:
        return dict(_read(nettverk, **valg).per_level(Filter(**valg)))

    assert antall() == antall(nivaa="enhet") == {"nettverk": 1, "kommune": 2, "enhet": 1}
    assert antall(kommune=kommune.kommunenummer) == {"kommune": 1, "enhet": 1}
    assert antall(tilstand=T.AVSLUTTET) == {"kommune": 1}
