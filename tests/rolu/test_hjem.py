"""What gatherings and mellomarbeid give to the home page of each role."""

import datetime
import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from kommuner.gyldighet import idag
from laeringsloyper.models import Periode
from nettverk.models import Gruppe, Nettverk, Person, Rolle
from rolu.mellomarbeid.tilbakemelding import say
from rolu.mellomarbeid.utdrag import after_first, first_sentence
from rolu.mellomarbeid.vedlegg import answer
from rolu.models import (
    Deltakelse,
    Loggpost,
    Mellomarbeid,
    Nestesteg,
    Praksisbruk,
    Praksisfortelling,
    Samling,
    Vedlegg,
)
from tests.kommuner.factories import EnhetFactory
from tests.laeringsloyper.factories import EnhetsloypeFactory, LaeringsloypeFactory
from tests.nettverk.factories import (
    GruppeFactory,
    NettverkFactory,
    PersonFactory,
    VervFactory,
    enhetsleder,
    gruppemedlem,
    kog,
    kommuneansvarlig,
    koordinator,
    medlem,
    nettverk_med_enhet,
)
from tests.rolu.factories import (
    DeltakelseFactory,
    FortellingFactory,
    LoggpostFactory,
    MellomarbeidFactory,
    OppdragFactory,
    ProgrampostFactory,
    SamlingFactory,
)

pytestmark = pytest.mark.django_db
LANGT = "Et navn på åtti bokstaver som ikke brytes av seg selv og likevel skal få plass her"


@pytest.fixture
def scene() -> tuple[Nettverk, Gruppe]:
    cache.clear()
    return nettverk_med_enhet()


def home(person: Person, nettverk: Nettverk) -> str:
    client = Client()
    client.force_login(person)
    svar = client.get(reverse("nettverk:hjem", args=[nettverk.slug]))
    assert svar.status_code == 200
    return svar.text


def cost(person: Person, nettverk: Nettverk) -> int:
    """How many queries the page takes, once it has been seen."""
    client = Client()
    client.force_login(person)
    adresse = reverse("nettverk:hjem", args=[nettverk.slug])
    client.get(adresse)
    with CaptureQueriesContext(connection) as hele:
        client.get(adresse)
    return len(hele)


def another_unit(nettverk: Nettverk, **enhet: object) -> Gruppe:
    kommune = nettverk.kommuner().get()
    return GruppeFactory(
        nettverk=nettverk, utviklingsgruppe=True, enhet=EnhetFactory(kommune=kommune, **enhet)
    )


def shared(gruppe: Gruppe, tekst: str, **oppdrag: object) -> Praksisfortelling:
    setning, _resten = first_sentence(tekst)
    return FortellingFactory(
        mellomarbeid=MellomarbeidFactory(
            oppdrag=OppdragFactory(nettverk=gruppe.nettverk, **oppdrag), gruppe=gruppe, levert_=True
        ),
        tittel=setning,
        tekst=after_first(tekst),
    )


# --- who sits in a unit's group


@pytest.mark.parametrize("rolle", [enhetsleder, gruppemedlem])
def test_the_own_unit_is_a_link_in_the_head_and_in_the_menu(scene, rolle):
    nettverk, gruppe = scene
    enhet = gruppe.enhet
    adresse = reverse("nettverk:enhet", args=[nettverk.slug, enhet.referanse])

    html = home(rolle(gruppe), nettverk)

    assert f">{enhet}&nbsp;· {enhet.kommune_per()}</a>" in html
    assert html.count(f'href="{adresse}"') >= 2
    assert "Min enhet" in html
    assert "Min enhet" not in home(kog(nettverk), nettverk)


def test_a_units_year_has_its_assignments_with_phases_and_its_gatherings(scene):
    nettverk, gruppe = scene
    leder, kollega = enhetsleder(gruppe), gruppemedlem(gruppe)
    begynt = MellomarbeidFactory(
        oppdrag=OppdragFactory(nettverk=nettverk, tittel="Lesestund"),
        gruppe=gruppe,
        status=Mellomarbeid.Status.KLADD,
    )
    for fase in (Loggpost.Fase.PLANLEGGE, Loggpost.Fase.PLANLEGGE, Loggpost.Fase.PROEVE):
        LoggpostFactory(mellomarbeid=begynt, fase=fase)
    samling = SamlingFactory(nettverk=nettverk, publisert_=True, tittel="Fagdagen")
    for person in (leder, kollega):
        DeltakelseFactory(
            samling=samling, verv=person.verv.get(), status=Deltakelse.Status.PAAMELDT
        )

    html = home(leder, nettverk)
    assert "i gang, 2 av 5 faser" in html
    assert "2 av 2 kommer" in html
    # Who else comes is the leader's to see.
    html = home(kollega, nettverk)
    assert "du er påmeldt" in html
    assert "2 av 2 kommer" not in html


def test_who_sits_in_nine_units_has_one_point_an_assignment(scene):
    nettverk, _gruppe = scene
    raadgiver = PersonFactory(navn=LANGT)
    oppdrag = OppdragFactory(nettverk=nettverk, tittel="Lesestund")
    for nummer in range(9):
        gruppe = another_unit(nettverk)
        VervFactory(gruppe=gruppe, person=raadgiver, rolle=Rolle.PP_RAADGIVER)
        MellomarbeidFactory(oppdrag=oppdrag, gruppe=gruppe, levert_=nummer < 4)

    html = home(raadgiver, nettverk)
    linja = html[html.index('class="app-aarslinje"') :]

    assert linja.count("Lesestund") == 1
    assert "4 av 9 enheter har levert" in linja


def test_practice_from_the_own_track_comes_with_its_first_sentence_and_its_picture(scene):
    nettverk, gruppe = scene
    loype = LaeringsloypeFactory(nettverk=nettverk)
    periode = Periode.objects.create(loype=loype, nummer=1, gyldig=(None, None))
    EnhetsloypeFactory(enhet=gruppe.enhet, periode=periode)
    nabo = another_unit(nettverk, navn="Nabo barnehage")
    annen = another_unit(nettverk, navn="Annen skole")
    i_loypa = [
        shared(
            nabo,
            f"Vi målte {ting} med tau og skrev det opp i boka. Så kom regnet.",
            laeringsloype=loype,
        )
        for ting in ("fjæra", "skogen")
    ]
    shared(annen, "Dette er fra en annen løype enn den vi følger.")
    bilde = Vedlegg.objects.create(
        mellomarbeid=i_loypa[0].mellomarbeid,
        fil="vedlegg/tau.jpg",
        navn="tau.jpg",
        mimetype="image/jpeg",
        bytes=1,
        sha256="0" * 64,
        alternativ_tekst="Et tau rundt en stein",
        lastet_opp_av=PersonFactory(),
    )
    answer(bilde, ansikter="ingen", by=bilde.lastet_opp_av)

    i_loypa[0].bilder.add(bilde)

    html = home(gruppemedlem(gruppe), nettverk)

    assert "Nytt fra andre i løypa deres" in html
    assert ">Vi målte fjæra med tau og skrev det opp i boka.</a>" in " ".join(html.split())
    assert "Annen skole" not in html
    assert reverse("rolu:vedlegg_liten", args=[nettverk.slug, bilde.pk]) in html
    assert 'alt="Et tau rundt en stein"' in html


def test_practice_from_the_assignment_one_is_at_stands_first_and_then_the_newest(scene):
    nettverk, gruppe = scene
    loype = LaeringsloypeFactory(nettverk=nettverk)
    periode = Periode.objects.create(loype=loype, nummer=1, gyldig=(None, None))
    EnhetsloypeFactory(enhet=gruppe.enhet, periode=periode)
    nabo, annen = another_unit(nettverk), another_unit(nettverk)
    eldst, nyere, nyest = (
        shared(nabo, f"Vi leste {hva} i går. Det gikk bra.", laeringsloype=loype)
        for hva in ("avisa", "boka", "brevet")
    )
    for dager, fortelling in ((9, eldst), (5, nyere), (1, nyest)):
        Praksisfortelling.objects.filter(pk=fortelling.pk).update(
            delt=timezone.now() - datetime.timedelta(days=dager)
        )
    MellomarbeidFactory(oppdrag=eldst.mellomarbeid.oppdrag, gruppe=gruppe)
    MellomarbeidFactory(oppdrag=nyere.mellomarbeid.oppdrag, gruppe=annen)

    html = home(gruppemedlem(gruppe), nettverk)

    steder = [html.index(f"Vi leste {hva} i går") for hva in ("avisa", "brevet", "boka")]
    assert steder == sorted(steder)


def test_what_is_not_shared_and_what_is_ones_own_is_no_news(scene):
    nettverk, gruppe = scene
    shared(gruppe, "Dette skrev vi selv.")
    ikke_delt = shared(another_unit(nettverk), "Dette er ikke delt med noen.")
    Praksisfortelling.objects.filter(pk=ikke_delt.pk).update(stand="tilbake")

    html = home(enhetsleder(gruppe), nettverk)

    assert "Dette skrev vi selv" not in html
    assert "Dette er ikke delt" not in html
    assert "Ingen andre har delt noe ennå" in html


def test_what_others_use_of_the_own_stands_beside_what_others_tell(scene):
    nettverk, gruppe = scene
    nabo = another_unit(nettverk)
    egne = [shared(gruppe, f"Vi sang {hva}. Alle var med.") for hva in ("ute", "inne", "sent")]
    andres = shared(nabo, "Naboen bakte brød. Det ble godt.")
    naa = timezone.now()
    for fortelling, bruker, dager in (
        (egne[0], nabo, 1),
        (egne[1], nabo, 2),
        (egne[1], another_unit(nettverk), 3),
        (egne[2], nabo, 90),
        (andres, another_unit(nettverk), 1),
    ):
        Praksisbruk.objects.create(
            fortelling=fortelling, gruppe=bruker, brukt=naa - datetime.timedelta(days=dager)
        )

    html = " ".join(home(gruppemedlem(gruppe), nettverk).split())

    nytt = html[html.index('id="nytt-fra-andre"') :].split("</section>")[0]
    brukt = html[html.index('id="praksis-brukt"') :].split("</section>")[0]
    assert "Naboen bakte" in nytt
    assert "Vi sang" not in nytt
    assert "Naboen bakte" not in brukt
    assert "Vi sang sent" not in brukt
    assert brukt.index("Vi sang inne") < brukt.index("Vi sang ute")
    assert "2 enheter siste måned" in brukt


def test_what_waits_in_work_from_before_this_year_is_still_told(scene):
    nettverk, gruppe = scene
    lenge_siden = idag() - datetime.timedelta(days=500)
    gammelt, naa = (
        MellomarbeidFactory(oppdrag=OppdragFactory(nettverk=nettverk, **felt), gruppe=gruppe)
        for felt in ({"tittel": "Fra i forfjor", "frist": lenge_siden}, {})
    )
    Nestesteg.objects.create(
        loggpost=LoggpostFactory(mellomarbeid=gammelt), tekst="Bytte bøker", frist=idag()
    )
    by = koordinator(nettverk)
    say(gammelt, tekst="Hvordan gikk det?", by=by)

    html = home(enhetsleder(gruppe), nettverk)

    assert "Bytte bøker" in html
    assert "Hvordan gikk det?" in html
    assert reverse("rolu:mellomarbeid", args=[nettverk.slug, naa.pk]) in html
    # With no other work at all, too.
    naa.delete()
    Nestesteg.objects.all().delete()
    assert "Hvordan gikk det?" in home(gruppemedlem(gruppe), nettverk)


def test_the_first_sentence_stands_alone_and_a_long_one_is_cut_between_words():
    assert first_sentence("Tolv minutter\ner nok. Det skjer hver dag. Ja.") == (
        "Tolv minutter er nok.",
        "Det skjer hver dag. Ja.",
    )
    kuttet, resten = first_sentence("ord " * 200)
    assert (kuttet[-5:], len(kuttet) <= 182, resten) == ("ord …", True, "")
    assert first_sentence("") == ("", "")


def test_what_follows_the_first_sentence_keeps_its_lines_and_a_cut_one_is_told_whole():
    assert after_first("Tolv minutter\ner nok. Det skjer.\n\nJa.") == "Det skjer.\n\nJa."
    assert after_first("Alt i ett.") == after_first("") == ""
    assert after_first("ord " * 200) == "ord " * 200


# --- who follows up a kommune


def test_a_kommuneansvarlig_sees_each_own_unit_as_dots_that_open_the_late_ones_first(scene):
    nettverk, gruppe = scene
    kommune = nettverk.kommuner().get()
    oppdrag = OppdragFactory(nettverk=nettverk, frist=idag() - datetime.timedelta(days=3))
    levert = MellomarbeidFactory(oppdrag=oppdrag, gruppe=gruppe, kommune=kommune, levert_=True)
    sen = MellomarbeidFactory(
        oppdrag=oppdrag, gruppe=another_unit(nettverk, navn=LANGT), kommune=kommune
    )
    fremmed = MellomarbeidFactory(oppdrag=oppdrag)

    html = home(kommuneansvarlig(nettverk, kommune), nettverk)

    assert "1 av 2 enheter er over fristen" in html
    adresser = [reverse("rolu:mellomarbeid", args=[nettverk.slug, m.pk]) for m in (sen, levert)]
    assert html.index(adresser[0]) < html.index(adresser[1])
    assert re.search(r"Ikke begynt, \d+ dag(er)? over fristen", html)
    assert reverse("rolu:mellomarbeid", args=[nettverk.slug, fremmed.pk]) not in html


def test_a_kommuneansvarlig_whose_units_are_in_time_reads_what_comes_next(scene):
    nettverk, gruppe = scene
    kommune = nettverk.kommuner().get()
    grupper = [gruppe, another_unit(nettverk, navn=LANGT)]
    frist = idag() + datetime.timedelta(days=21)
    naa = OppdragFactory(nettverk=nettverk, frist=frist)
    for g in grupper:
        MellomarbeidFactory(oppdrag=naa, gruppe=g, kommune=kommune)
    person = kommuneansvarlig(nettverk, kommune)
    neste = f"Neste frist {date_format(frist, 'MONTH_DAY_FORMAT')}."
    assert f"0 av 2 enheter har levert. {neste}" in home(person, nettverk)

    over = OppdragFactory(nettverk=nettverk, frist=idag() - datetime.timedelta(days=3))
    for g in grupper:
        MellomarbeidFactory(oppdrag=over, gruppe=g, kommune=kommune, levert_=True)
    html = home(person, nettverk)
    assert f"Alle 2 enheter har levert alt med frist til nå. {neste}" in html

    Mellomarbeid.objects.update(status=Mellomarbeid.Status.LEVERT, levert=timezone.now())
    assert "Alle 2 enheter har levert alt" in home(person, nettverk)


# --- who does the work, and who plans and decides for all


def test_the_next_step_has_the_wide_column_for_who_does_the_work_and_the_rest_is_a_line_each(scene):
    nettverk, gruppe = scene
    kommune = nettverk.kommuner().get()
    for tittel in ("Lesestund", "Ute"):
        MellomarbeidFactory(
            oppdrag=OppdragFactory(nettverk=nettverk, tittel=tittel), gruppe=gruppe, kommune=kommune
        )

    html = home(gruppemedlem(gruppe), nettverk)
    assert "app-hjem--egen" in html
    assert html.count("app-gjoremaal--stor") == 1
    assert html.index("app-gjoremaal--stor") < html.index("app-gjoremaal--rad")
    # They came to see how it goes with their units.
    assert "app-hjem--egen" not in home(kommuneansvarlig(nettverk, kommune), nettverk)


def test_kog_sees_the_school_year_as_a_wheel_with_what_comes_next_as_its_title(scene):
    nettverk, gruppe = scene
    oppdrag = OppdragFactory(nettverk=nettverk, tittel="Lesestund")
    MellomarbeidFactory(oppdrag=oppdrag, gruppe=gruppe, levert_=True)
    SamlingFactory(nettverk=nettverk, publisert_=True, tittel="Fagdagen")
    SamlingFactory(nettverk=nettverk, tittel="Bare et utkast")

    html = home(kog(nettverk), nettverk)
    hjulet = html[html.index('class="app-diagram app-hjul"') :]

    assert "Lesestund</a>" in hjulet
    assert "1 av 1 har levert" in hjulet
    assert "Fagdagen</a>" in hjulet
    assert "Bare et utkast" not in hjulet
    assert "Årsrapport" in hjulet
    assert "Neste frist er" in hjulet or "Neste gang dere møtes, er" in hjulet
    assert "app-hjul" not in home(koordinator(nettverk), nettverk)


def test_the_steering_group_sees_the_kommuner_beside_each_other_and_no_unit(scene):
    nettverk, gruppe = scene
    kommune = nettverk.kommuner().get()
    over = OppdragFactory(nettverk=nettverk, tittel="Lesestund", frist=idag())
    MellomarbeidFactory(oppdrag=over, gruppe=gruppe, kommune=kommune, levert_=True)
    stg = medlem(nettverk, gruppetype=Gruppe.Type.STYRINGSGRUPPE)

    html = home(stg, nettverk)

    assert "Alle enhetene har levert «Lesestund» i 1 av 1 kommune" in html
    assert str(kommune) in html[html.index('class="app-diagram app-smaa"') :]
    assert str(gruppe.enhet) not in html
    # The figures are those of the report: without it they are not theirs.
    Nettverk.objects.filter(pk=nettverk.pk).update(uten_deler=["aarsrapport"])
    assert "app-smaa" not in home(stg, nettverk)


# --- who answers for a track


def test_a_fagmiljo_reads_what_is_delivered_in_its_track_and_no_draft(scene):
    nettverk, gruppe = scene
    person = medlem(nettverk, gruppetype=Gruppe.Type.FAGMILJO)
    loype = LaeringsloypeFactory(nettverk=nettverk, ansvarlig_gruppe=person.verv.get().gruppe)
    assert "Ingen har levert i løypa di ennå" in home(person, nettverk)
    oppdrag = OppdragFactory(nettverk=nettverk, laeringsloype=loype)
    levert = MellomarbeidFactory(oppdrag=oppdrag, gruppe=gruppe, levert_=True)
    LoggpostFactory(mellomarbeid=levert, tekst="Vi prøvde oss fram i fjæra hele uka. Mer.")
    gammel = MellomarbeidFactory(oppdrag=oppdrag, levert_=True)
    Mellomarbeid.objects.filter(pk=gammel.pk).update(
        levert=timezone.now() - datetime.timedelta(days=30)
    )
    kladd = MellomarbeidFactory(oppdrag=oppdrag, status=Mellomarbeid.Status.KLADD)

    html = home(person, nettverk)

    assert "2 leveringer i løypa di, 1 ny siste uke" in html
    assert "Se alle 2 leveringene" in html
    # The word stands at the new one alone.
    assert html.count('<b class="app-hjem__ny">ny</b>') == 1
    assert "Vi prøvde oss fram i fjæra hele uka." in html
    assert reverse("rolu:mellomarbeid", args=[nettverk.slug, kladd.pk]) not in html


# --- who leads what goes on in the room


def test_a_prosessleder_sees_the_own_part_of_the_gathering_they_lead(scene):
    nettverk, _gruppe = scene
    pro = medlem(nettverk, gruppetype=Gruppe.Type.PROSESSNETTVERK)
    assert "Ingen kommende samling er publisert" in home(pro, nettverk)
    SamlingFactory(nettverk=nettverk, publisert_=True, tittel="De andres")
    egen = SamlingFactory(
        nettverk=nettverk,
        publisert_=True,
        tittel="Den jeg leder",
        start=timezone.now() + datetime.timedelta(days=40),
        slutt=timezone.now() + datetime.timedelta(days=40, hours=5),
    )
    egen.prosessledere.add(pro)
    ProgrampostFactory(samling=egen, tittel="Verksted", leder=f"{pro.navn} og en til")
    ProgrampostFactory(samling=egen, tittel="Velkommen", leder="Noen andre")

    html = home(pro, nettverk)

    assert "Den jeg leder" in html
    assert "Du leder én del av programmet." in html
    assert html.count("app-hjemprogram__egen") == 1
    assert reverse("rolu:innsjekk", args=[nettverk.slug, egen.pk]) in html


def test_an_item_is_led_by_those_it_names_in_whole_words(scene):
    nettverk, _gruppe = scene
    pro = medlem(nettverk, gruppetype=Gruppe.Type.PROSESSNETTVERK)
    Person.objects.filter(pk=pro.pk).update(navn="Kari Li")
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    samling.prosessledere.add(pro)
    for leder in ("Kari Lien", "Kari Li-Moe", "Anne-Kari Li", "Ola Moe, KARI LI og Per"):
        ProgrampostFactory(samling=samling, tittel=leder, leder=leder)

    html = home(Person.objects.get(pk=pro.pk), nettverk)

    assert "Du leder én del av programmet." in html
    assert html.count("app-hjemprogram__egen") == 1


# --- all of them


def _people(nettverk: Nettverk, gruppe: Gruppe | None) -> dict[str, Person]:
    typer = Gruppe.Type
    folk = {
        "koordinator": koordinator(nettverk),
        "kog": kog(nettverk),
        "stg": medlem(nettverk, gruppetype=typer.STYRINGSGRUPPE),
        "fagansvarlig": medlem(nettverk, gruppetype=typer.FAGMILJO),
        "pro": medlem(nettverk, gruppetype=typer.PROSESSNETTVERK),
        "eva": medlem(nettverk, gruppetype=typer.EVALUERINGSNETTVERK),
        "forsker": medlem(nettverk, gruppetype=typer.ANNEN, rolle=Rolle.FOLGEFORSKER),
    }
    if gruppe:
        kommune = nettverk.kommuner().get()
        folk |= {
            "enhetsleder": enhetsleder(gruppe),
            "gruppemedlem": gruppemedlem(gruppe),
            "kommune": kommuneansvarlig(nettverk, kommune),
        }
    return folk


def test_nobody_meets_an_empty_page_in_a_network_with_nothing_in_it():
    nettverk = NettverkFactory(navn=LANGT)
    folk = _people(nettverk, None)
    for rolle in ("stg", "fagansvarlig", "pro", "eva", "forsker"):
        html = home(folk[rolle], nettverk)
        annet = html[html.index('class="app-hjem__annet"') :]
        assert "<h2" in annet, rolle


def test_every_home_asks_as_many_times_for_many_rows_as_for_few(scene):
    nettverk, gruppe = scene
    kommune = nettverk.kommuner().get()
    folk = _people(nettverk, gruppe)
    loype = LaeringsloypeFactory(
        nettverk=nettverk, ansvarlig_gruppe=folk["fagansvarlig"].verv.get().gruppe
    )

    def more() -> None:
        samling = SamlingFactory(nettverk=nettverk, publisert_=True)
        samling.prosessledere.add(folk["pro"])
        ProgrampostFactory(samling=samling)
        for person in folk.values():
            DeltakelseFactory(samling=samling, verv=person.verv.first(), kommune=kommune)
        oppdrag = OppdragFactory(nettverk=nettverk, laeringsloype=loype)
        nabo = another_unit(nettverk)
        MellomarbeidFactory(oppdrag=oppdrag, gruppe=gruppe, kommune=kommune)
        delt = MellomarbeidFactory(
            oppdrag=oppdrag, gruppe=nabo, kommune=kommune, levert_=True, delt=True
        )
        FortellingFactory(mellomarbeid=delt)

    more()
    foer = {rolle: cost(person, nettverk) for rolle, person in folk.items()}
    for _n in range(3):
        more()
    assert {rolle: cost(person, nettverk) for rolle, person in folk.items()} == foer
    assert max(foer.values()) <= 12, foer
    assert max(foer["enhetsleder"], foer["gruppemedlem"]) <= 12, foer
    assert Samling.objects.count() == 4
