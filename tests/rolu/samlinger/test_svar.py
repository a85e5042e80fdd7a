"""The answers to a gathering as the koordinator sees them at home."""

import datetime
from itertools import product

import pytest
from django.urls import reverse
from django.utils import timezone

from nettverk.models import Brev
from nettverk.tilgang.roller import roller_for
from rolu.models import Deltakelse, Samling
from rolu.models.deltakelse import BEST_FOERST, svar_of
from rolu.samlinger import bekreftelse
from rolu.samlinger.dager import set_days
from rolu.samlinger.deltakerliste import choose, rows, shares
from rolu.samlinger.flater import gjoremaal
from rolu.samlinger.paamelding import must_answer
from rolu.samlinger.purring import to_remind
from rolu.samlinger.skinne import with_counts
from rolu.samlinger.svar import answers
from tests.kommuner.factories import KommuneFactory
from tests.nettverk.factories import VervFactory, enhetsleder, koordinator, nettverk_med_enhet
from tests.rolu.factories import DeltakelseFactory, ProgrampostFactory, SamlingFactory

pytestmark = pytest.mark.django_db


def _invited(samling: Samling, kommune, *statuser: str) -> None:
    for status in statuser:
        DeltakelseFactory(samling=samling, kommune=kommune, status=status)


def _counted(samling: Samling) -> Samling:
    roller = roller_for(koordinator(samling.nettverk), samling.nettverk)
    return with_counts(Samling.objects.all(), roller).get(pk=samling.pk)


def test_a_person_in_two_kommuner_is_one_who_comes():
    nettverk, _gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, status=Samling.Status.INVITERT)
    en = DeltakelseFactory(samling=samling, kommune=KommuneFactory(navn="Aure"), status="paameldt")
    DeltakelseFactory(
        samling=samling,
        kommune=KommuneFactory(navn="Smøla"),
        status="paameldt",
        verv=VervFactory(person=en.verv.person),
    )

    bilde = answers(_counted(samling))

    assert bilde.funn == "1 av 1 kommer."
    assert [rad.navn for rad in bilde.kommuner] == ["Aure", "Smøla"]
    # The bars are more than the whole, and it is said why; also when it is over.
    sagt = "1 person er i flere kommuner, og telles i hver."
    assert bilde.om_stablene == sagt
    DeltakelseFactory(samling=samling, kommune=KommuneFactory(navn="Averøy"))
    assert answers(_counted(samling)).om_stablene == sagt
    Samling.objects.filter(pk=samling.pk).update(status=Samling.Status.OPPSUMMERING)
    assert answers(_counted(samling)).om_stablene == sagt


def test_nothing_is_said_of_the_bars_that_add_up():
    samling = SamlingFactory(status=Samling.Status.INVITERT)
    _invited(samling, KommuneFactory(navn="Aure"), "paameldt", "invitert")
    assert answers(_counted(samling)).om_stablene == ""


def test_those_who_have_not_answered_come_first_and_are_named():
    nettverk, _gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, status=Samling.Status.INVITERT)
    stille, ivrig = KommuneFactory(navn="Smøla"), KommuneFactory(navn="Aure")
    _invited(samling, ivrig, "paameldt", "paameldt", "avmeldt")
    _invited(samling, stille, "invitert", "invitert")

    bilde = answers(_counted(samling))

    assert [rad.navn for rad in bilde.kommuner] == ["Smøla", "Aure"]
    assert bilde.funn == "2 av 5 kommer."
    assert bilde.merknad == "Ingen fra Smøla har svart."
    assert [(s.slag, s.antall) for s in bilde.kommuner[1].stykker] == [
        ("paameldt", 2),
        ("avmeldt", 1),
    ]
    # The parts fill the bar.
    assert sum(float(s.bredde.rstrip("%")) for s in bilde.kommuner[1].stykker) == pytest.approx(
        100, abs=0.05
    )


def test_no_kommune_is_named_before_anybody_has_answered():
    nettverk, _gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, status=Samling.Status.INVITERT)
    _invited(samling, KommuneFactory(navn="Smøla"), "invitert")
    _invited(samling, KommuneFactory(navn="Aure"), "invitert")
    assert answers(_counted(samling)).merknad == ""


def test_the_koordinators_home_shows_it_and_a_leaders_does_not(client):
    nettverk, gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, tittel="Mattedagen", status=Samling.Status.INVITERT)
    leder = enhetsleder(gruppe)
    Deltakelse.objects.create(samling=samling, verv=leder.verv.get(), status="paameldt")
    client.force_login(koordinator(nettverk))
    assert "1 av 1 kommer." in client.get(f"/{nettverk.slug}/hjem/").content.decode()
    client.force_login(leder)
    html = client.get(f"/{nettverk.slug}/hjem/").content.decode()
    assert "Mattedagen" in html
    assert "1 av 1 kommer." not in html


def test_after_the_day_the_bars_are_who_came_and_nobody_is_missing(client):
    nettverk, _gruppe = nettverk_med_enhet()
    naa = timezone.now()
    samling = SamlingFactory(
        nettverk=nettverk,
        status=Samling.Status.INVITERT,
        start=naa - datetime.timedelta(days=3, hours=5),
        slutt=naa - datetime.timedelta(days=3),
    )
    _invited(samling, KommuneFactory(navn="Aure"), "paameldt", "paameldt", "avmeldt", "invitert")
    en = Deltakelse.objects.filter(samling=samling, status="paameldt").first()
    Deltakelse.objects.filter(pk=en.pk).update(moett=samling.start)

    bilde = answers(_counted(samling))

    assert bilde.funn == "1 av 4 møtte."
    assert bilde.nokkel == [
        ("paameldt", "møtt", 1),
        ("halv", "kom ikke", 1),
        ("avmeldt", "avmeldt", 1),
        ("mangler", "svarte ikke", 1),
    ]
    assert [(rad.mangler, rad.tekst) for rad in bilde.kommuner] == [(0, "1 av 4")]
    client.force_login(koordinator(nettverk))
    html = client.get(f"/{nettverk.slug}/samlinger/{samling.pk}/").content.decode()
    assert "1/4" in html
    assert "av de inviterte møtte" in html
    assert "har ikke svart" not in html


def test_on_the_day_home_tells_who_has_come_so_far(client):
    nettverk, _gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, i_dag=True)
    _invited(samling, KommuneFactory(navn="Aure"), "paameldt", "paameldt", "avmeldt", "invitert")
    client.force_login(koordinator(nettverk))
    hjem = f"/{nettverk.slug}/hjem/"
    assert "0 har møtt, 2 er påmeldt." in client.get(hjem).text

    en = Deltakelse.objects.filter(samling=samling, status="paameldt").first()
    Deltakelse.objects.filter(pk=en.pk).update(moett=samling.start)

    bilde = answers(_counted(samling))
    assert bilde.funn == "1 har møtt, 2 er påmeldt."
    assert bilde.nokkel == [
        ("paameldt", "møtt", 1),
        ("halv", "påmeldt, ikke møtt ennå", 1),
        ("avmeldt", "avmeldt", 1),
        ("mangler", "har ikke svart", 1),
    ]
    assert bilde.funn in client.get(hjem).text


def test_the_map_is_shaded_by_how_many_have_answered_and_leads_to_them():
    nettverk, _gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, status=Samling.Status.INVITERT)
    stille, ivrig = KommuneFactory(navn="Smøla"), KommuneFactory(navn="Aure")
    _invited(samling, ivrig, "paameldt", "avmeldt", "invitert")
    _invited(samling, stille, "invitert")

    kart = answers(_counted(samling)).kart

    assert kart is not None
    flater = {flate.navn: flate for flate in kart.flater}
    assert {navn: f.verdi.tekst for navn, f in flater.items()} == {"Aure": "67 %", "Smøla": "0 %"}
    assert flater["Smøla"].trinn == 0
    assert flater["Aure"].lest == "Aure: 2 av 3 har svart"
    assert flater["Aure"].url.endswith(f"/deltakere/?kommune={ivrig.pk}")


def test_home_says_what_is_left_before_it_can_go_on(client):
    nettverk, gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    DeltakelseFactory(samling=samling, verv=enhetsleder(gruppe).verv.get())
    client.force_login(koordinator(nettverk))
    hjem = f"/{nettverk.slug}/hjem/"

    side = client.get(hjem).text
    assert "Legg inn programmet" in side
    assert f"/samlinger/{samling.pk}/purr/" in side
    assert 'aria-current="step"' in side
    ProgrampostFactory(samling=samling)
    side = client.get(hjem).text
    assert "Program, 1 post" in side
    assert "Legg inn programmet" not in side


def test_the_answers_add_up_when_people_sit_in_several_groups():
    nettverk, _gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, status=Samling.Status.INVITERT)
    aure, smola = KommuneFactory(navn="Aure"), KommuneFactory(navn="Smøla")
    _invited(samling, aure, "paameldt", "avmeldt", "invitert")
    for her, der in [("paameldt", "invitert"), ("avmeldt", "paameldt"), ("avmeldt", "invitert")]:
        en = DeltakelseFactory(samling=samling, kommune=aure, status=her)
        verv = VervFactory(person=en.verv.person)
        DeltakelseFactory(samling=samling, kommune=smola, status=der, verv=verv)

    hentet = _counted(samling)
    bilde = answers(hentet)

    # Who comes by one place comes; who has declined one and not answered another is waited for.
    assert (hentet.paameldte, hentet.avmeldte, hentet.ubesvarte) == (3, 1, 2)
    assert sum(antall for _slag, _ord, antall in bilde.nokkel) == hentet.inviterte == 6
    tall = Deltakelse.objects.filter(samling=samling).totals()
    assert [tall[n] for n in ("paameldte", "avmeldte", "ubesvarte")] == [3, 1, 2]
    stykker = {
        rad.navn: {s.slag: s.antall for s in rad.stykker if s.antall} for rad in bilde.kommuner
    }
    assert stykker["Aure"] == {"paameldt": 3, "avmeldt": 1, "mangler": 2}
    # The same people are the same in the other kommune.
    assert stykker["Smøla"] == {"paameldt": 2, "mangler": 1}

    utvalg = choose(hentet.deltakelser.all(), rows(hentet.deltakelser.all()))
    svar = [utvalg.persons(status) for status in ("paameldt", "avmeldt", "invitert")]
    assert svar == [3, 1, 2]
    assert sum(svar) == utvalg.persons("")
    i_aure = choose(hentet.deltakelser.all(), utvalg.alle, kommune=aure.pk)
    assert [i_aure.persons(s) for s in ("paameldt", "avmeldt", "invitert")] == [3, 1, 2]
    andeler = shares(utvalg.alle, etter=False)
    assert andeler[aure.pk].tekst == "4 av 6"
    assert andeler[smola.pk].tekst == "2 av 3"
    # Nobody is reminded of a place when they come by another.
    assert not {p.pk for p in to_remind(samling)} & {
        d.person for d in utvalg.alle if d.svar == "paameldt"
    }


@pytest.mark.parametrize("statuser", list(product(BEST_FOERST, repeat=2)))
def test_the_one_answer_of_a_person_is_the_same_however_it_is_asked_for(statuser, client):
    """The database's, the rows', the page of one's own answer, what waits for one, and who is reminded."""
    nettverk, _gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    rader = [DeltakelseFactory(samling=samling, status=status) for status in statuser[:1]]
    person = rader[0].verv.person
    for status in statuser[1:]:
        verv = VervFactory(person=person, gruppe__nettverk=nettverk)
        rader.append(DeltakelseFactory(samling=samling, status=status, verv=verv))
    beste = min(statuser, key=BEST_FOERST.index)
    venter = beste == "invitert"
    alle = Deltakelse.objects.filter(samling=samling)
    roller = roller_for(person, nettverk)
    client.force_login(person)
    side = client.get(reverse("rolu:paamelding", args=[nettverk.slug, samling.pk]))

    assert svar_of((d.status, d.dager) for d in rader).status == beste
    assert alle.with_svar().filter(svar=beste).count() == 2
    assert side.context["eget"]["status"] == beste
    assert must_answer(samling, rader) == venter
    assert bool(list(gjoremaal(roller))) == venter
    assert (person in to_remind(samling)) == venter


def test_the_days_of_a_person_are_those_of_all_places_they_come_by():
    en, to = datetime.date(2027, 6, 3), datetime.date(2027, 6, 4)

    def days_of(*rader):
        return svar_of(rader).dager

    assert days_of(("paameldt", [to]), ("paameldt", [en])) == [en, to]
    assert days_of(("paameldt", [to]), ("avmeldt", None), ("invitert", None)) == [to]
    assert days_of(("paameldt", [to]), ("paameldt", None)) is None


def test_who_comes_one_day_by_each_place_is_written_to_of_both():
    nettverk, _gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    dagene = [datetime.date(2027, 6, 3), datetime.date(2027, 6, 4), datetime.date(2027, 6, 5)]
    set_days(samling, [(dato, datetime.time(9), datetime.time(15)) for dato in dagene])
    samling = Samling.objects.get(pk=samling.pk)
    rad = DeltakelseFactory(samling=samling, status="paameldt", dager=dagene[:1])
    verv = VervFactory(person=rad.verv.person, gruppe__nettverk=nettverk)
    annen = DeltakelseFactory(samling=samling, status="paameldt", dager=dagene[1:2], verv=verv)
    person = rad.verv.person

    def told() -> str:
        Brev.objects.all().delete()
        bekreftelse.tell(samling, personer={person.pk}, gjester=(), by=person)
        return Brev.objects.get(slag=bekreftelse.BEKREFTELSE).noekkel

    assert ":som:kommer/0603/0604:" in told()
    annen.dager = dagene[1:]
    annen.save()
    assert ":som:kommer:" in told(), "all of them"


def test_bars_are_not_drawn_where_nobody_comes_by_a_kommune():
    samling = SamlingFactory(status=Samling.Status.INVITERT)
    _invited(samling, None, "paameldt", "invitert")
    assert answers(_counted(samling)).kommuner == []
    Samling.objects.filter(pk=samling.pk).update(status=Samling.Status.OPPSUMMERING)
    assert answers(_counted(samling)).kommuner == []
