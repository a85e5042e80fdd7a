"""An assignment that is withdrawn is asked nowhere and late nowhere; what was written stands, and says so."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kommuner.gyldighet import idag
from laeringsloyper.models import Laeringsloype
from nettverk.flater import Side
from nettverk.models import Gruppe, Nettverk, Person
from nettverk.tilgang.roller import roller_for
from rolu import aaret
from rolu.mellomarbeid import enhetslinje, flater, kommende, moduler
from rolu.mellomarbeid.frister import waits_first
from rolu.models import Loggpost, Mellomarbeid, Nestesteg, Oppdrag, Samling
from rolu.samlinger.blokkdata import _assignments
from rolu.samlinger.skinne import with_counts
from rolu.stoette import signaler
from tests.laeringsloyper.factories import LaeringsloypeFactory, ModulFactory, PeriodeFactory
from tests.nettverk.factories import (
    GruppeFactory,
    VervFactory,
    enhetsleder,
    koordinator,
    medlem,
    nettverk_med_enhet,
)
from tests.rolu.factories import (
    FortellingFactory,
    LoggpostFactory,
    MellomarbeidFactory,
    OppdragFactory,
    SamlingFactory,
)

pytestmark = pytest.mark.django_db
DAG = datetime.timedelta(days=1)


@pytest.fixture
def sted() -> tuple[Nettverk, Gruppe]:
    return nettverk_med_enhet(bekreftes_fra="", paakrevde_roller=[])


@pytest.fixture
def trukket(sted) -> Mellomarbeid:
    """Begun, past its deadline, withdrawn, and with a step that is near."""
    arbeid = _work(sted, "Mål fjæra", status=Mellomarbeid.Status.KLADD)
    post = LoggpostFactory(mellomarbeid=arbeid, fase="proeve", tekst="Vi rakk dette.")
    Nestesteg.objects.create(loggpost=post, tekst="Kjøpe målebånd", frist=idag() + DAG)
    _withdraw(arbeid)
    return arbeid


def _work(sted: tuple[Nettverk, Gruppe], tittel: str, **felt) -> Mellomarbeid:
    nettverk, gruppe = sted
    av_oppdrag = {k: felt.pop(k) for k in ("samling", "laeringsloype", "modul") if k in felt}
    oppdrag = OppdragFactory(nettverk=nettverk, tittel=tittel, frist=idag() - 3 * DAG, **av_oppdrag)
    return MellomarbeidFactory(
        oppdrag=oppdrag, gruppe=gruppe, kommune=gruppe.enhet.kommune_per(), **felt
    )


def _withdraw(arbeid: Mellomarbeid) -> None:
    Oppdrag.objects.filter(pk=arbeid.oppdrag_id).update(
        trukket=timezone.now(), trukket_grunn="Samlingen er flyttet."
    )
    arbeid.refresh_from_db()


def som(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _page(navn: str, person: Person, nettverk: Nettverk, *mer: object, sporring: str = "") -> str:
    return som(person).get(reverse(navn, args=[nettverk.slug, *mer]) + sporring).text


def test_the_figures_leave_it_out(sted, trukket):
    nettverk, gruppe = sted
    staar = _work(sted, "Les mer")
    roller = roller_for(koordinator(nettverk), nettverk)

    rapporten = flater.chapter(nettverk, staar.oppdrag.frist.year).data["oppdrag"]
    [paa_kommunen] = flater.kommune(gruppe.enhet.kommune_per(), Side(roller, idag()))
    Oppdrag.objects.update(frist=idag() + 3 * DAG)
    underveis = "".join(str(linje) for linje in flater.del_underveis(nettverk))

    assert [rad["tittel"] for rad in rapporten] == ["Les mer"]
    assert [o.tittel for o in paa_kommunen.data["oppdragene"]] == ["Les mer"]
    assert "Les mer" in underveis
    assert "Mål fjæra" not in underveis


def test_the_modules_of_a_track_leave_it_out(sted):
    nettverk, _gruppe = sted
    loype = LaeringsloypeFactory(nettverk=nettverk)
    modul = ModulFactory(periode=PeriodeFactory(loype=loype))
    arbeid = _work(sted, "Mål fjæra", laeringsloype=loype, modul=modul)
    fetched = Laeringsloype.objects.get(pk=loype.pk)
    assert [tall.spurt for tall in moduler.figures(fetched)] == [1]

    _withdraw(arbeid)

    assert list(moduler.figures(fetched)) == []
    matrisen = _page(
        "rolu:matrise", koordinator(nettverk), nettverk, sporring=f"?vis=moduler&loype={loype.pk}"
    )
    assert reverse("rolu:mellomarbeid", args=[nettverk.slug, arbeid.pk]) not in matrisen


def test_home_and_the_year_do_not_ask_for_it(sted, trukket):
    nettverk, gruppe = sted
    leder = enhetsleder(gruppe)

    def fresh():
        return roller_for(Person.objects.get(pk=leder.pk), nettverk)

    assert list(flater.gjoremaal(fresh())) == []
    assert list(kommende.gjoremaal(fresh())) == []
    assert list(aaret._assignments(fresh())) == []
    assert "Mål fjæra" not in _page("nettverk:hjem", leder, nettverk)


def test_what_others_were_asked_for_is_asked_no_more(sted, trukket):
    nettverk, gruppe = sted
    ppt = medlem(nettverk, gruppetype=Gruppe.Type.FAGMILJO)
    post = Loggpost.objects.get()
    Nestesteg.objects.create(loggpost=post, hos=ppt.verv.get().gruppe, tekst="Observere")

    assert list(kommende.gjoremaal(roller_for(ppt, nettverk))) == []
    assert signaler.find(nettverk, [gruppe.enhet_id]) == {}
    Oppdrag.objects.update(trukket=None, trukket_grunn="")
    denne = Person.objects.get(pk=ppt.pk)
    assert len(list(kommende.gjoremaal(roller_for(denne, nettverk)))) == 1


@pytest.mark.parametrize("leverte", [False, True])
def test_every_page_that_says_how_far_it_has_come_says_that_it_is_withdrawn(sted, trukket, leverte):
    nettverk, gruppe = sted
    if leverte:
        Mellomarbeid.objects.update(status="levert", levert=timezone.now())
    samling = SamlingFactory(nettverk=nettverk, avholdt=True)
    Oppdrag.objects.update(samling=samling)
    leder, sjef = enhetsleder(gruppe), koordinator(nettverk)
    spurt = f"?oppdrag={trukket.oppdrag_id}"

    sider = [
        _page("rolu:mellomarbeid", leder, nettverk, trukket.pk),
        _page("rolu:mellomarbeid_list", leder, nettverk, sporring=spurt),
        _page("rolu:mellomarbeid_list", sjef, nettverk, sporring=spurt),
        _page("nettverk:enhet", leder, nettverk, gruppe.enhet.referanse),
        _page("rolu:samling_oppdrag", leder, nettverk, samling.pk),
        _page("rolu:samling_oppdrag", sjef, nettverk, samling.pk),
        _page("rolu:samling", leder, nettverk, samling.pk),
    ]

    for side in sider:
        assert "over fristen" not in side
        assert "trukket" in side.lower()
        assert "Start mellomarbeidet" not in side
        assert "Fortsett mellomarbeidet" not in side
    if leverte:
        assert "Oppdraget er trukket" in sider[3]
        assert "Levert" in sider[3]
    assert "0 av 1 levert" not in sider[5]


def test_the_units_line_keeps_what_was_delivered(sted, trukket):
    nettverk, gruppe = sted
    levert = _work(sted, "Les mer", levert_=True)
    _withdraw(levert)
    roller = roller_for(enhetsleder(gruppe), nettverk)

    [paa_linja] = enhetslinje._assignments(gruppe.enhet, roller, idag())

    assert (paa_linja.hva, paa_linja.ord) == ("Les mer", "Levert. Oppdraget er trukket")
    assert [p.under for p in aaret._assignments(roller)] == [
        f"levert {idag().day}. {aaret.kort_dag(idag()).split()[1]}, oppdraget er trukket"
    ]


def test_what_is_asked_is_proposed_before_what_is_withdrawn(sted, trukket):
    nettverk, gruppe = sted
    staar = _work(sted, "Les mer")
    # The nearest deadline ahead, but nobody waits for it.
    Oppdrag.objects.filter(pk=trukket.oppdrag_id).update(frist=idag() + DAG)
    Oppdrag.objects.filter(pk=staar.oppdrag_id).update(frist=idag() + 9 * DAG)
    leder, sjef = enhetsleder(gruppe), koordinator(nettverk)
    alle = Oppdrag.objects.order_by("pk").with_status(Mellomarbeid.objects.all())

    assert waits_first(alle) == [staar.oppdrag, trukket.oppdrag]
    for person in (leder, sjef):
        side = som(person).get(reverse("rolu:mellomarbeid_list", args=[nettverk.slug]))
        assert side.context["valgt"] == staar.oppdrag
    mangler = reverse("rolu:mellomarbeid_mangler", args=[nettverk.slug])
    liste = _page(
        "rolu:mellomarbeid_list", sjef, nettverk, sporring=f"?oppdrag={trukket.oppdrag_id}"
    )
    assert f"{mangler}?oppdrag={trukket.oppdrag_id}" not in liste


def test_half_a_year_is_counted_from_what_is_still_asked(sted):
    nettverk, gruppe = sted
    gammelt, nytt = _work(sted, "Mål fjæra"), _work(sted, "Les mer")
    naa = timezone.now()
    Oppdrag.objects.filter(pk=gammelt.oppdrag_id).update(gitt=naa - 400 * DAG)
    Oppdrag.objects.filter(pk=nytt.oppdrag_id).update(gitt=naa - 200 * DAG)
    _withdraw(gammelt)

    [signal] = signaler.find(nettverk, [gruppe.enhet_id])[gruppe.enhet_id]
    assert signal.siden == timezone.localdate(naa - 200 * DAG) + 183 * DAG
    _withdraw(nytt)
    assert signaler.find(nettverk, [gruppe.enhet_id]) == {}


def test_a_summary_tells_of_what_is_asked(sted, trukket):
    samling = SamlingFactory(nettverk=sted[0])
    Oppdrag.objects.update(samling=samling)
    _work(sted, "Les mer", samling=samling)

    assert [o["tittel"] for o in _assignments(samling, [])["oppdrag"]] == ["Les mer"]


def test_a_gathering_whose_assignment_is_withdrawn_has_given_none(sted, trukket):
    nettverk, gruppe = sted
    samling = SamlingFactory(nettverk=nettverk, avholdt=True)
    Oppdrag.objects.update(samling=samling)
    roller = roller_for(koordinator(nettverk), nettverk)

    def given() -> int:
        return with_counts(Samling.objects.all(), roller).get().antall_oppdrag

    assert given() == 0
    # The unit still finds what it wrote from there.
    egen = reverse("rolu:mellomarbeid", args=[nettverk.slug, trukket.pk])
    assert egen in _page("rolu:samling", enhetsleder(gruppe), nettverk, samling.pk)
    Oppdrag.objects.update(trukket=None, trukket_grunn="")
    assert given() == 1


def test_a_word_in_what_is_withdrawn_is_a_sign_of_life_in_the_matrix(sted, trukket):
    nettverk, _gruppe = sted
    _work(sted, "Les mer")

    side = _page("rolu:matrise", koordinator(nettverk), nettverk)

    assert "ingen ennå" not in side
    assert "Mål fjæra" not in side


def test_nothing_is_shared_where_praksis_is_off(sted):
    nettverk, gruppe = sted
    arbeid = _work(sted, "Mål fjæra", levert_=True)
    FortellingFactory(mellomarbeid=arbeid)
    assert Mellomarbeid.objects.with_stage().get().stand == "delt"

    nettverk.uten_deler = ["praksis"]
    nettverk.save()

    assert Mellomarbeid.objects.with_stage().get().stand == "levert"
    leder, sjef = enhetsleder(gruppe), koordinator(nettverk)
    for side in (
        _page("rolu:mellomarbeid", leder, nettverk, arbeid.pk),
        _page("rolu:mellomarbeid_list", leder, nettverk),
        _page("rolu:mellomarbeid_list", sjef, nettverk),
        _page("nettverk:enhet", leder, nettverk, gruppe.enhet.referanse),
        _page("rolu:matrise", sjef, nettverk),
    ):
        assert "Delt" not in side
        assert 'data-stand="delt"' not in side


def test_a_unit_that_is_no_more_is_asked_nothing_at_home(sted):
    nettverk, gruppe = sted
    _work(sted, "Mål fjæra")
    leder = enhetsleder(gruppe)
    assert len(list(flater.gjoremaal(roller_for(leder, nettverk)))) == 1
    assert len(list(flater.snarveier(roller_for(leder, nettverk)))) == 1

    nettverk.medlemskap.all().delete()

    roller = roller_for(Person.objects.get(pk=leder.pk), nettverk)
    assert list(flater.gjoremaal(roller)) == []
    assert list(flater.snarveier(roller)) == []
    assert list(aaret._assignments(roller)) == []


def test_what_is_delivered_in_a_module_says_that_it_is_withdrawn(sted):
    nettverk, gruppe = sted
    loype = LaeringsloypeFactory(nettverk=nettverk)
    modul = ModulFactory(periode=PeriodeFactory(loype=loype))
    arbeid = _work(sted, "Mål fjæra", laeringsloype=loype, modul=modul, levert_=True)
    fagmiljo = GruppeFactory(nettverk=nettverk, type=Gruppe.Type.FAGMILJO)
    Laeringsloype.objects.filter(pk=loype.pk).update(ansvarlig_gruppe=fagmiljo)
    person = VervFactory(gruppe=fagmiljo).person

    def pages() -> list[str]:
        return [
            _page("laeringsloyper:modul", person, nettverk, loype.slug, modul.pk),
            _page("nettverk:hjem", person, nettverk),
        ]

    assert not any("Trukket" in side for side in pages())
    _withdraw(arbeid)

    for side in pages():
        assert str(gruppe.enhet) in side
        assert "Trukket" in side


def test_home_and_the_page_reckon_the_phases_alike(sted):
    """What one noticed within an entry is observed, and what is only planned is not tried."""
    nettverk, gruppe = sted
    arbeid = _work(sted, "Mål fjæra", status=Mellomarbeid.Status.KLADD)
    LoggpostFactory(mellomarbeid=arbeid, fase="proeve", merket="De målte hverandre.")
    LoggpostFactory(mellomarbeid=arbeid, fase="dele", stand="planlagt")
    leder = enhetsleder(gruppe)

    [kort] = flater.gjoremaal(roller_for(leder, nettverk))
    side = som(leder).get(reverse("rolu:mellomarbeid", args=[nettverk.slug, arbeid.pk]))

    assert [stand for _navn, stand in kort.trinn] == ["", "gjort", "gjort", "naa", ""]
    assert side.context["neste_fase"] == "reflektere"
    assert [f["gjort"] for f in side.context["faser"]] == [False, True, True, False, False]


def test_another_units_group_is_not_touched_by_what_is_withdrawn(sted, trukket):
    nettverk, _gruppe = sted
    annen = GruppeFactory(nettverk=nettverk, utviklingsgruppe=True)
    staar = MellomarbeidFactory(
        oppdrag=OppdragFactory(nettverk=nettverk, frist=idag() + DAG), gruppe=annen
    )

    assert list(Mellomarbeid.objects.asked()) == [staar]
    assert list(Oppdrag.objects.asked()) == [staar.oppdrag]
    assert list(Mellomarbeid.objects.missing()) == [staar]
