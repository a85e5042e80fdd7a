"""Who an audience reaches on a day: filters, groups, single people, exceptions, and what is gone."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from kommuner.gyldighet import idag, periode
from kommuner.models import Enhet
from nettverk.models import Gruppe, Mottakere, Rolle
from nettverk.mottakere import slag as slagene
from nettverk.mottakere.egne import ENHETSTYPE, KOMMUNE
from nettverk.mottakere.slag import mottakerslag
from nettverk.mottakere.utvalg import count, gone, people, resolve
from tests.kommuner.factories import LENGE_SIDEN, EnhetFactory
from tests.nettverk.factories import (
    GruppeFactory,
    MedlemskapFactory,
    PersonFactory,
    VervFactory,
    enhetsleder,
    gruppemedlem,
    nettverk_med_enhet,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    """A school in one kommune and a kindergarten in another, each with a leader; a fagnettverk of one."""
    nettverk, skolegruppe = nettverk_med_enhet()
    skolegruppe.enhet.type = Enhet.Type.GRUNNSKOLE
    skolegruppe.enhet.save()
    annen = MedlemskapFactory(nettverk=nettverk).kommune
    barnehage = EnhetFactory(kommune=annen, type=Enhet.Type.BARNEHAGE)
    barnehagegruppe = GruppeFactory(nettverk=nettverk, utviklingsgruppe=True, enhet=barnehage)
    fag = GruppeFactory(nettverk=nettverk, type=Gruppe.Type.FAGNETTVERK)
    folk = {
        "rektor": enhetsleder(skolegruppe),
        "laerer": gruppemedlem(skolegruppe),
        "styrer": enhetsleder(barnehagegruppe),
        "fag": VervFactory(gruppe=fag).person,
    }
    return nettverk, {"skole": skolegruppe, "barnehage": barnehagegruppe, "fag": fag}, folk


def _reached(mottakere, folk, dato=None) -> set[str]:
    navn = {person.pk: navn for navn, person in folk.items()}
    return {navn[v.person_id] for v in resolve(mottakere, dato)}


def test_no_filter_is_every_unit_and_each_filter_narrows(scene):
    nettverk, grupper, folk = scene
    kommune = grupper["skole"].enhet.kommune_per()

    def reached(**felt):
        return _reached(Mottakere(nettverk=nettverk, enheter=True, **felt), folk)

    assert reached() == {"rektor", "laerer", "styrer"}
    assert reached(filtre={KOMMUNE: [kommune.kommunenummer]}) == {"rektor", "laerer"}
    assert reached(filtre={ENHETSTYPE: ["barnehage"]}) == {"styrer"}
    assert reached(filtre={ENHETSTYPE: ["barnehage", "grunnskole"]}) == {
        "rektor",
        "laerer",
        "styrer",
    }
    assert reached(filtre={KOMMUNE: [kommune.kommunenummer], ENHETSTYPE: ["barnehage"]}) == set(), (
        "all the filters must be fulfilled"
    )
    assert reached(roller=[Rolle.FORMELL_LEDER]) == {"rektor", "styrer"}


def test_own_groups_single_people_and_exceptions(scene):
    nettverk, grupper, folk = scene

    def reached(**felt):
        return _reached(Mottakere(nettverk=nettverk, **felt), folk)

    assert reached(grupper=[grupper["fag"].pk]) == {"fag"}
    assert reached(personer=[folk["laerer"].pk]) == {"laerer"}
    assert reached(enheter=True, uten_grupper=[grupper["skole"].pk]) == {"styrer"}
    assert reached(enheter=True, uten_personer=[folk["laerer"].pk]) == {"rektor", "styrer"}
    assert reached(
        enheter=True, personer=[folk["laerer"].pk], uten_personer=[folk["laerer"].pk]
    ) == {"rektor", "styrer"}, "left out goes before chosen"
    assert reached(enheter=True, roller=[Rolle.FORMELL_LEDER], grupper=[grupper["fag"].pk]) == {
        "rektor",
        "styrer",
        "fag",
    }, "the roles are those of the units' groups alone"


def test_a_person_reached_by_two_ways_is_one_person(scene):
    nettverk, grupper, folk = scene
    VervFactory(person=folk["rektor"], gruppe=grupper["fag"])
    VervFactory(person=folk["rektor"], gruppe=grupper["barnehage"], rolle=Rolle.PP_RAADGIVER)
    alle_veier = Mottakere(
        nettverk=nettverk,
        enheter=True,
        grupper=[grupper["fag"].pk],
        personer=[folk["rektor"].pk],
    )

    antall = count(alle_veier)

    assert resolve(alle_veier).filter(person=folk["rektor"]).count() == 3
    assert list(people(alle_veier).filter(pk=folk["rektor"].pk)) == [folk["rektor"]]
    assert (antall.alle.grupper, antall.alle.personer) == (3, 4)
    assert antall.i_flere == 1, "in two kommuner, and told so"
    assert sum(a.personer for a in antall.per_kommune) > antall.alle.personer


def test_a_single_person_comes_by_one_appointment_however_many_they_hold(scene):
    nettverk, grupper, _folk = scene
    pp = PersonFactory()
    foerst = VervFactory(
        person=pp, gruppe=grupper["barnehage"], gyldig=periode(datetime.date(2019, 8, 1))
    )
    VervFactory(person=pp, gruppe=grupper["skole"], gyldig=periode(datetime.date(2021, 8, 1)))
    utenfor = PersonFactory()  # no appointment here

    assert list(resolve(Mottakere(nettverk=nettverk, personer=[pp.pk, utenfor.pk]))) == [foerst]


def test_the_count_is_per_kommune_and_in_all(scene):
    nettverk, grupper, _folk = scene
    antall = count(Mottakere(nettverk=nettverk, enheter=True, grupper=[grupper["fag"].pk]), idag())

    per = {a.navn: (a.grupper, a.personer) for a in antall.per_kommune}
    assert per == {
        str(grupper["skole"].enhet.kommune_per()): (1, 2),
        str(grupper["barnehage"].enhet.kommune_per()): (1, 1),
        "Uten kommune i nettverket": (1, 1),
    }
    assert (antall.alle.grupper, antall.alle.personer) == (3, 4)


def test_the_group_of_a_whole_kommune_is_there_with_its_kommune_but_is_of_no_unit_type(scene):
    nettverk, grupper, folk = scene
    kommune = grupper["skole"].enhet.kommune_per()
    hele = GruppeFactory(
        nettverk=nettverk, type=Gruppe.Type.UTVIKLINGSGRUPPE, enhet=None, kommune=kommune
    )
    folk["sjef"] = VervFactory(gruppe=hele).person

    def reached(filtre):
        return _reached(Mottakere(nettverk=nettverk, enheter=True, filtre=filtre), folk)

    assert "sjef" in reached({})
    assert reached({KOMMUNE: [kommune.kommunenummer]}) == {"rektor", "laerer", "sjef"}
    assert "sjef" not in reached({ENHETSTYPE: ["grunnskole"]})


def test_it_is_asked_as_of_a_day(scene):
    nettverk, grupper, folk = scene
    i_fjor = idag() - datetime.timedelta(days=365)
    folk["sluttet"] = VervFactory(
        gruppe=grupper["skole"], gyldig=periode(LENGE_SIDEN, idag())
    ).person
    alle = Mottakere(nettverk=nettverk, enheter=True)

    assert "sluttet" not in _reached(alle, folk)
    assert "sluttet" in _reached(alle, folk, i_fjor)


def test_those_of_another_network_are_never_reached(scene):
    nettverk, _grupper, folk = scene
    _n, fremmed = nettverk_med_enhet()
    folk["fremmed"] = enhetsleder(fremmed)
    fremmed_fag = GruppeFactory(nettverk=fremmed.nettverk, type=Gruppe.Type.FAGNETTVERK)
    VervFactory(gruppe=fremmed_fag, person=folk["fremmed"])

    assert "fremmed" not in _reached(
        Mottakere(
            nettverk=nettverk,
            enheter=True,
            grupper=[fremmed_fag.pk],
            personer=[folk["fremmed"].pk],
        ),
        folk,
    )


def test_a_kind_of_an_app_above_narrows_and_what_is_gone_reaches_nobody_and_is_said(
    scene, monkeypatch
):
    nettverk, grupper, folk = scene
    monkeypatch.setattr(slagene, "_slag", dict(slagene._slag))
    skolen = grupper["skole"].enhet
    mottakerslag(
        "proeve.loype",
        "Følger",
        options=lambda _n, _d: [("7", "Matematikk")],
        units=lambda _n, verdier, _d: (
            Enhet.objects.filter(pk=skolen.pk) if "7" in verdier else Enhet.objects.none()
        ),
    )

    def av(filtre):
        return Mottakere(nettverk=nettverk, enheter=True, filtre=filtre)

    assert _reached(av({"proeve.loype": ["7"]}), folk) == {"rektor", "laerer"}
    assert _reached(av({"proeve.loype": ["8"]}), folk) == set()
    assert gone(av({"proeve.loype": ["7"]})) == []
    assert gone(av({"proeve.loype": ["8"]})) == ["«Følger» har et valg som ikke finnes lenger (8)."]
    assert _reached(av({"ingen.app": ["1"]}), folk) == set()
    assert len(gone(av({"ingen.app": ["1"]}))) == 1


def test_a_group_that_ended_and_a_person_without_an_appointment_are_said(scene):
    nettverk, grupper, folk = scene
    grupper["fag"].end()
    uten = PersonFactory(navn="Ola Uten")

    borte = gone(
        Mottakere(
            nettverk=nettverk,
            grupper=[grupper["fag"].pk],
            personer=[uten.pk, folk["rektor"].pk],
        )
    )

    assert borte == [
        f"«{grupper['fag'].navn}» er avsluttet.",
        "Ola Uten har ikke lenger et verv i nettverket.",
    ]


@pytest.mark.parametrize(
    "felt",
    [
        {},
        {"uten_personer": [1]},
        {"personer": [1], "filtre": {KOMMUNE: ["1560"]}},
        {"personer": [1], "roller": ["medlem"]},
        {"enheter": True, "roller": ["konge"]},
    ],
)
def test_the_database_keeps_no_audience_of_nobody_and_no_filter_of_nothing(felt):
    nettverk, _gruppe = nettverk_med_enhet()
    with pytest.raises(IntegrityError, match="mottakere_"), transaction.atomic():
        Mottakere.objects.create(nettverk=nettverk, **felt)


def test_the_queries_are_as_many_for_one_as_for_a_hundred(scene, django_assert_num_queries):
    nettverk, grupper, folk = scene
    for _ in range(20):
        ny = GruppeFactory(
            nettverk=nettverk,
            utviklingsgruppe=True,
            enhet=EnhetFactory(kommune=grupper["skole"].enhet.kommune_per()),
        )
        enhetsleder(ny)
    alle = Mottakere(
        nettverk=nettverk,
        enheter=True,
        filtre={ENHETSTYPE: ["barnehage", "grunnskole"]},
        grupper=[grupper["fag"].pk],
        personer=[folk["styrer"].pk],
    )

    with django_assert_num_queries(2):
        count(alle)
    with django_assert_num_queries(1):
        list(people(alle))
