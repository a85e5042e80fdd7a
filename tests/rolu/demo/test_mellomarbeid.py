"""The demo's shared practice: nobody says what another has said, and four have a drawing."""

import datetime
from pathlib import Path

import pytest
from django.utils import timezone

from kommuner.gyldighet import idag
from kommuner.models import Enhet
from nettverk.models import Gruppe, Nettverk
from rolu.demo import delt, mellomarbeid, samlinger, traader
from rolu.demo.tegninger import ANTALL, tegn
from rolu.models import (
    Loggpost,
    Oppdrag,
    Praksisfortelling,
    Samling,
    Tilbakemelding,
    Vedlegg,
)
from tests.kommuner.factories import EnhetFactory
from tests.nettverk.factories import (
    GruppeFactory,
    enhetsleder,
    kommuneansvarlig,
    koordinator,
    nettverk_med_enhet,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def units(settings, tmp_path: Path):
    settings.MEDIA_ROOT = tmp_path

    def make(maalform: str) -> Nettverk:
        nettverk, gruppe = nettverk_med_enhet(maalform=maalform)
        enhetsleder(gruppe)
        kommune = nettverk.kommuner().get()
        for nummer in range(40):
            type_ = Enhet.Type.BARNEHAGE if nummer % 3 else Enhet.Type.GRUNNSKOLE
            enhet = EnhetFactory(kommune=kommune, type=type_)
            egen: Gruppe = GruppeFactory(nettverk=nettverk, utviklingsgruppe=True, enhet=enhet)
            enhetsleder(egen)
        return nettverk

    return make


def _as_written(f: Praksisfortelling) -> str:
    slutt = "" if f.tittel[-1] in ".!?…" else "."
    return f"{f.tittel}{slutt} {f.tekst}".strip()


def _shared(nettverk: Nettverk) -> list[str]:
    fortellinger = Praksisfortelling.objects.filter(mellomarbeid__oppdrag__nettverk=nettverk)
    return [_as_written(f) for f in fortellinger.shown()]


def test_what_is_shared_differs_from_unit_to_unit_and_some_of_it_is_drawn(units):
    nettverk = units("nb")

    mellomarbeid.make(nettverk)

    tekster = _shared(nettverk)
    assert len(tekster) >= 5
    assert len({*tekster}) == len(tekster)
    tegninger = Vedlegg.objects.filter(mellomarbeid__oppdrag__nettverk=nettverk)
    assert tegninger.exists()
    for tegning in tegninger:
        assert tegning.mellomarbeid.delt
        assert tegning.alternativ_tekst.startswith("Tegning: ")
        with tegning.fil.open() as fil:
            assert len(fil.read()) == tegning.bytes
    antall = tegninger.count()
    mellomarbeid.make(nettverk)
    assert (_shared(nettverk), tegninger.count()) == (tekster, antall)


def test_an_assignment_lies_between_the_gathering_it_is_given_at_and_the_next(units):
    nettverk = units("nb")
    samlinger.make(nettverk)

    mellomarbeid.make(nettverk)

    forste, andre, neste = Samling.objects.filter(nettverk=nettverk).order_by("start")[:3]
    lest, ute = Oppdrag.objects.filter(nettverk=nettverk).order_by("gitt")
    assert (lest.samling, ute.samling) == (forste, andre)
    for oppdrag, fra, til in ((lest, forste, andre), (ute, andre, neste)):
        assert timezone.localdate(oppdrag.gitt) == fra.dato
        assert fra.dato < oppdrag.frist < til.dato
        for arbeid in oppdrag.mellomarbeid.delivered():
            assert fra.dato <= timezone.localdate(arbeid.levert) <= oppdrag.frist
        datoer = Loggpost.objects.filter(mellomarbeid__oppdrag=oppdrag).values_list(
            "dato", flat=True
        )
        assert fra.dato <= min(datoer)
        assert max(datoer) <= min(oppdrag.frist, idag())
    assert lest.er_forfalt
    assert not ute.er_forfalt


@pytest.mark.parametrize("aar", [2026, 2027, 2031])
def test_deadlines_lie_between_the_gatherings_whatever_day_the_demo_is_made(aar):
    for n in range(365):
        dag = datetime.date(aar, 3, 15) + datetime.timedelta(days=n)
        forste, andre, kommende, _to_dager = samlinger._days(dag)

        assert forste < mellomarbeid.deadline_between(forste, andre) < andre, dag
        assert dag < mellomarbeid.deadline_between(andre, kommende) < kommende, dag


def test_a_network_on_nynorsk_shares_on_nynorsk_and_uses_what_it_needs_for_that(units):
    nettverk = units("nn")
    Nettverk.objects.filter(pk=nettverk.pk).update(uten_deler=["mellomarbeid", "praksis"])
    nettverk.refresh_from_db()

    mellomarbeid.make(nettverk)

    paa_nynorsk = {tekst for noen in delt.LESESTUND_NN for tekst in noen}
    assert {*_shared(nettverk)} <= paa_nynorsk
    assert _shared(nettverk)
    nettverk.refresh_from_db()
    assert nettverk.uses("praksis")


def test_units_are_told_what_others_thought_and_some_have_replied(units):
    nettverk = units("nb")
    koordinator(nettverk)
    kommuneansvarlig(nettverk, nettverk.kommuner().get())
    mellomarbeid.make(nettverk)

    traader.make(nettverk)

    sagt = Tilbakemelding.objects.all()
    assert {t.som for t in sagt} == {"enheten", "kommunen", "koordinatoren"}
    assert all(t.mellomarbeid.levert and t.skrevet <= timezone.now() for t in sagt)
    traader.make(nettverk)
    assert sagt.all().count() == len(sagt)


def test_there_is_enough_to_share_that_no_page_repeats_itself():
    bokmaal = [t for par in (delt.LESESTUND, delt.MATTE_UTE) for noen in par for t in noen]
    nynorsk = [t for noen in delt.LESESTUND_NN for t in noen]

    assert len({*bokmaal}) == len(bokmaal) >= 20
    assert len({*nynorsk}) == len(nynorsk) >= 10
    # Each drawing goes with one text.
    for begynner in delt.TEGNET:
        assert sum(t.startswith(begynner) for t in bokmaal) == 1, begynner
    assert {*delt.TEGNET.values()} == {*range(ANTALL)}


def test_the_drawings_differ_and_are_the_same_every_time():
    bilder = [tegn(nummer) for nummer in range(ANTALL)]

    assert len({innhold for innhold, _navn, _viser in bilder}) == ANTALL
    assert tegn(0) == bilder[0]
    assert all(len(innhold) < 60_000 for innhold, _navn, _viser in bilder)
