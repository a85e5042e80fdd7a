"""The pages of gatherings: who sees what, what wrong input gets, and how many queries it costs."""

import datetime
import re

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from kommuner.gyldighet import idag, periode
from nettverk.models import Brev, Gruppe, Mottakere, Rolle
from nettverk.side.skrivemaate import ukedag
from rolu.models import Deltakelse, Programpost, Samling
from rolu.samlinger import publisering
from tests.nettverk.factories import (
    GruppeFactory,
    PersonFactory,
    VervFactory,
    enhetsleder,
    gruppemedlem,
    kog,
    koordinator,
    medlem,
    nettverk_med_enhet,
)
from tests.rolu.factories import (
    DeltakelseFactory,
    ProgrampostFactory,
    SamlingFactory,
    UtfallFactory,
    klokken,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return nettverk_med_enhet()


@pytest.fixture
def som(client):
    """`som(person)` is a signed-in browser."""

    def inn(person):
        client.force_login(person)
        return client

    return inn


def adresse(navn: str, samling: Samling, *mer: object) -> str:
    return reverse(f"rolu:{navn}", args=[samling.nettverk.slug, samling.pk, *mer])


def liste(nettverk) -> str:
    return reverse("rolu:samling_list", args=[nettverk.slug])


def skjema(**mer) -> dict[str, str]:
    return {
        "type": "rolu",
        "tittel": "Fagdag om lek",
        "sted": "Kårvåg",
        "dag_1_0": "2027-03-16",
        "dag_1_1": "09.00",
        "dag_1_2": "15",
        **mer,
    }


def test_only_who_holds_on_the_day_is_offered_to_lead_and_a_chosen_one_is_marked(scene, som):
    nettverk, _gruppe = scene
    pro = GruppeFactory(nettverk=nettverk, type=Gruppe.Type.PROSESSNETTVERK)
    samling = SamlingFactory(nettverk=nettverk)
    slutter = periode(idag(), samling.dato)
    blir, valgt, ledig = (
        VervFactory(gruppe=pro, person__navn="Berit Blir"),
        VervFactory(gruppe=pro, person__navn="Vidar Valgt", gyldig=slutter),
        VervFactory(gruppe=pro, person__navn="Lise Ledig", gyldig=slutter),
    )
    samling.prosessledere.add(valgt.person)
    klient = som(koordinator(nettverk))
    side = adresse("samling_rediger", samling)

    html = klient.get(side).content.decode()
    assert "Berit Blir" in html
    assert "Vidar Valgt (har ikke verv som prosessleder den dagen)" in html
    assert "Lise Ledig" not in html
    felt = skjema(
        dag_1_0=samling.dato.isoformat(),
        tittel="Nytt navn",
        prosessledere=[valgt.person_id, ledig.person_id],
    )
    svar = klient.post(side, felt)
    assert svar.status_code == 422
    assert "Lise Ledig. Velg noen andre." in str(svar.context["form"].errors["prosessledere"])
    assert "Vidar Valgt" not in str(svar.context["form"].errors["prosessledere"])
    felt["prosessledere"] = [valgt.person_id, blir.person_id]
    assert klient.post(side, felt).status_code == 302
    assert set(samling.prosessledere.all()) == {valgt.person, blir.person}


# --- the list


def test_member_does_not_see_drafts_or_other_networks(scene, som):
    nettverk, gruppe = scene
    SamlingFactory(nettverk=nettverk, tittel="Hemmelig utkast")
    SamlingFactory(publisert_=True, tittel="Fremmed samling")
    SamlingFactory(nettverk=nettverk, publisert_=True, tittel="Vår samling")

    svar = som(gruppemedlem(gruppe)).get(liste(nettverk)).content.decode()

    assert "Vår samling" in svar
    assert "Hemmelig utkast" not in svar
    assert "Fremmed samling" not in svar


def test_list_filters_by_type_and_year_and_keeps_past_apart(scene, som):
    nettverk, gruppe = scene
    SamlingFactory(nettverk=nettverk, avholdt=True, tittel="Den som var")
    SamlingFactory(nettverk=nettverk, publisert_=True, tittel="Fagdagen", type="fagdag")
    SamlingFactory(nettverk=nettverk, publisert_=True, tittel="Treningen", type="trening")
    person = som(gruppemedlem(gruppe))

    kommende = person.get(liste(nettverk), {"type": "fagdag"}).content.decode()
    tidligere = person.get(liste(nettverk), {"vis": "tidligere"}).content.decode()

    assert ("Fagdagen" in kommende, "Treningen" in kommende, "Den som var" in kommende) == (
        True,
        False,
        False,
    )
    assert ("Den som var" in tidligere, "Fagdagen" in tidligere) == (True, False)


def test_htmx_answer_of_the_list_is_the_same_list_as_on_a_fresh_page(scene, som):
    nettverk, gruppe = scene
    SamlingFactory(nettverk=nettverk, publisert_=True, type="fagdag")
    person = som(gruppemedlem(gruppe))

    del_ = person.get(liste(nettverk), {"type": "fagdag"}, headers={"HX-Request": "true"})
    hel = person.get(liste(nettverk), {"type": "fagdag"})

    assert del_.content.decode().strip() in hel.content.decode()


@pytest.mark.parametrize("vis", ["", "tidligere"])
def test_list_costs_the_same_with_one_and_three_rows(scene, som, vis, django_assert_num_queries):
    nettverk, _gruppe = scene
    person = som(koordinator(nettverk))
    trekk = {"avholdt": True} if vis else {"publisert_": True}
    for antall in (1, 2):
        for _ in range(antall):
            samling = SamlingFactory(nettverk=nettverk, **trekk)
            DeltakelseFactory.create_batch(2, samling=samling)
        person.get(liste(nettverk), {"vis": vis})
        with django_assert_num_queries(8):
            person.get(liste(nettverk), {"vis": vis})


# Whose figures: those who see everybody's participation see how many; others see their own answer.


def test_who_does_not_see_everybody_reads_the_own_answer_and_no_figure(scene, som):
    nettverk, gruppe = scene
    kommende = SamlingFactory(nettverk=nettverk, publisert_=True)
    tidligere = SamlingFactory(nettverk=nettverk, avholdt=True)
    leder, utenfor = enhetsleder(gruppe), medlem(nettverk, gruppetype=Gruppe.Type.STYRINGSGRUPPE)
    DeltakelseFactory(samling=kommende, verv=leder.verv.get(), status="paameldt")
    DeltakelseFactory(samling=tidligere, verv=leder.verv.get(), moett_=True)

    def leser(person, vis: str = "") -> str:
        return som(person).get(liste(nettverk), {"vis": vis}).text

    assert "1 av 1 kommer." in leser(koordinator(nettverk))
    assert "1 av 1 møtte." in leser(kog(nettverk), "tidligere")
    assert "Du er påmeldt" in leser(leder)
    assert "Du møtte" in leser(leder, "tidligere")
    for person in (leder, utenfor):
        assert "kommer." not in leser(person)
        assert "møtte." not in leser(person, "tidligere")
    for vis in ("", "tidligere"):
        assert "av 0" not in leser(utenfor, vis)
        assert "app-stabel-rad" not in leser(utenfor, vis)


def test_the_next_one_people_are_invited_to_is_biggest_and_the_rest_follow_by_day(scene, som):
    nettverk, _gruppe = scene
    for dager, tittel, felt in (
        (9, "Den etter", {"publisert_": True}),
        (5, "Neste", {"publisert_": True}),
        (2, "Utkastet", {}),
        (3, "Avlyst dag", {"avlyst": True}),
    ):
        tid = {"start": klokken(dager, 9), "slutt": klokken(dager, 15)}
        samling = SamlingFactory(nettverk=nettverk, tittel=tittel, **tid, **felt)
        if tittel == "Neste":
            for status in ("paameldt", "avmeldt", "invitert"):
                DeltakelseFactory(samling=samling, status=status)

    html = som(koordinator(nettverk)).get(liste(nettverk)).text
    stor = html[html.index("app-nestesamling") : html.index("</article>")]

    assert "Neste samling · om 5 dager" in stor
    assert "1 av 3 kommer." in stor
    assert "Se den ene som mangler" in stor
    resten = html[html.index("</article>") :]
    steder = [resten.index(tittel) for tittel in ("Utkastet", "Avlyst dag", "Den etter")]
    assert steder == sorted(steder)
    assert html.count("Den etter") == 1
    assert resten.count("Neste") == 0


@pytest.mark.parametrize(
    ("status", "frist", "kan"),
    [("invitert", 1, True), ("invitert", -1, False), ("paameldt", 1, False)],
)
def test_who_has_not_answered_does_it_from_the_list_while_there_is_time(
    scene, som, status, frist, kan
):
    nettverk, gruppe = scene
    frist = idag() + datetime.timedelta(days=frist)
    samling = SamlingFactory(nettverk=nettverk, publisert_=True, paameldingsfrist=frist)
    leder = enhetsleder(gruppe)
    DeltakelseFactory(samling=samling, verv=leder.verv.get(), status=status)

    html = som(leder).get(liste(nettverk)).text

    assert (adresse("paamelding", samling) in html) is kan


def test_those_that_have_been_fold_by_year_the_last_one_open(scene, som):
    nettverk, _gruppe = scene
    for aar in (2024, 2024, 2023):
        start = datetime.datetime(aar, 5, 4, 8, tzinfo=datetime.UTC)
        samling = SamlingFactory(
            nettverk=nettverk,
            publisert_=True,
            start=start,
            slutt=start + datetime.timedelta(hours=6),
        )
        DeltakelseFactory(samling=samling, moett_=True)
        DeltakelseFactory(samling=samling)

    svar = som(koordinator(nettverk)).get(liste(nettverk), {"vis": "tidligere"})
    html = " ".join(svar.text.split())

    assert re.findall(r"<details class=\"app-samlingsaar\" (\w*)", html) == ["open", ""]
    assert (
        html.index("2024")
        < html.index("2 samlinger")
        < html.index("2023")
        < html.index("1 samling<")
    )
    assert html.count("1 av 2 møtte.") == 3
    assert [(f["label"], f["antall"]) for f in svar.context["faner"]] == [
        ("Kommende", 0),
        ("Tidligere", 3),
    ]


@pytest.mark.parametrize(("dager", "farge"), [(8, "neutral"), (7, "warning")])
def test_what_is_not_answered_is_amber_first_when_the_deadline_is_near(scene, som, dager, farge):
    nettverk, gruppe = scene
    frist = idag() + datetime.timedelta(days=dager)
    start = timezone.now() + datetime.timedelta(days=40)
    samling = SamlingFactory(
        nettverk=nettverk,
        publisert_=True,
        start=start,
        slutt=start + datetime.timedelta(hours=3),
        paameldingsfrist=frist,
    )
    leder, ansatt = enhetsleder(gruppe), gruppemedlem(gruppe)
    for person in (leder, ansatt):
        DeltakelseFactory(samling=samling, verv=person.verv.get())

    for person, ord_, knapp in (
        (leder, "Dere har ikke svart", "Meld på gruppa"),
        (ansatt, "Du har ikke svart", "Svar"),
    ):
        html = som(person).get(liste(nettverk)).text
        assert f'data-color="{farge}">{ord_}<' in html
        assert f">{knapp}</a>" in html


def test_the_own_answer_is_one_whatever_the_number_of_verv(scene, som):
    nettverk, gruppe = scene
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    leder = enhetsleder(gruppe)
    annet = VervFactory(person=leder, gruppe=GruppeFactory(nettverk=nettverk))
    DeltakelseFactory(samling=samling, verv=leder.verv.get(gruppe=gruppe), status="avmeldt")
    DeltakelseFactory(samling=samling, verv=annet, status="paameldt")

    assert "Du er påmeldt" in som(leder).get(liste(nettverk)).text


def test_the_list_of_participants_counts_as_the_overview_does(scene, som):
    nettverk, gruppe = scene
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    person = enhetsleder(gruppe)
    for verv in (
        person.verv.get(),
        VervFactory(person=person, gruppe=GruppeFactory(nettverk=nettverk)),
        VervFactory(gruppe=gruppe),
    ):
        DeltakelseFactory(samling=samling, verv=verv)
    leser = som(koordinator(nettverk))

    oversikt = leser.get(adresse("samling", samling))
    side = leser.get(adresse("samling_deltakere", samling))

    assert oversikt.context["samling"].inviterte == side.context["personer"] == 2
    assert side.context["plasser"] == 3
    assert "2 personer" in side.text
    assert "står 3 ganger på lista." in side.text


def test_a_member_sees_the_own_sign_up_and_never_a_zero(scene, som):
    nettverk, gruppe = scene
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    invitert, utenfor = (
        gruppemedlem(gruppe),
        medlem(nettverk, gruppetype=Gruppe.Type.STYRINGSGRUPPE),
    )
    DeltakelseFactory(samling=samling, verv=invitert.verv.get())

    min_side, tom = (
        som(person).get(adresse("samling_deltakere", samling)).text
        for person in (invitert, utenfor)
    )

    assert "Påmeldingen din" in min_side
    assert invitert.navn in min_side
    assert "Du er ikke invitert til denne samlingen" in tom
    for html in (min_side, tom):
        assert "0 person" not in html
        assert "plasser" not in html


# --- making and changing


def test_coordinator_makes_a_draft_that_nobody_is_told_of(scene, som, mailoutbox):
    nettverk, _gruppe = scene

    svar = som(koordinator(nettverk)).post(
        reverse("rolu:samling_ny", args=[nettverk.slug]), skjema()
    )

    samling = Samling.objects.get()
    assert svar.url == adresse("samling_program", samling)
    assert (samling.status, samling.slutt.hour, mailoutbox) == ("utkast", 14, [])  # 15.00 in Oslo


def test_end_before_start_is_told_at_the_field_and_in_the_summary(scene, som):
    nettverk, _gruppe = scene

    svar = som(koordinator(nettverk)).post(
        reverse("rolu:samling_ny", args=[nettverk.slug]), skjema(dag_1_2="08.30")
    )

    assert svar.status_code == 422
    assert list(svar.context["form"].errors) == ["dag_1"]
    html = svar.content.decode()
    assert html.count("Dagen må slutte etter at den starter, kl. 09.00.") == 2
    assert 'href="#id_dag_1_0"' in html
    assert "Fagdag om lek" in html  # what was written is still there
    assert not Samling.objects.exists()


@pytest.mark.parametrize(
    ("felt", "melding"),
    [
        ({"dag_1_0": "2027-02-31"}, "Skriv en dato som finnes"),
        ({"dag_1_1": "kvart på ni"}, "Skriv klokkeslettet som timer og minutter"),
        ({"tittel": ""}, "Fyll ut «Tittel»"),
        ({"paameldingsfrist": "2027-03-17"}, "Fristen må være 16. mars 2027 eller tidligere."),
        (
            {"dag_2_0": "2028-03-16", "dag_2_1": "9", "dag_2_2": "15"},
            "Det er mer enn et halvt år mellom første og siste dag.",
        ),
        ({"dag_2_0": "2027-03-17"}, "Fyll ut datoen, og når dagen starter og slutter."),
        (
            {"dag_2_0": "2027-03-16", "dag_2_1": "16", "dag_2_2": "18"},
            "16. mars 2027 står allerede. Samme dag kan bare stå én gang.",
        ),
        (
            {"dag_2_0": "2027-03-17", "dag_2_1": "16", "dag_2_2": "14"},
            "Dagen må slutte etter at den starter, kl. 16.00.",
        ),
        ({"dag_8_0": "2027-03-20"}, "En samling kan ha høyst sju dager."),
    ],
)
def test_wrong_input_says_what_to_do(scene, som, felt, melding):
    nettverk, _gruppe = scene

    svar = som(koordinator(nettverk)).post(
        reverse("rolu:samling_ny", args=[nettverk.slug]), skjema(**felt)
    )

    assert svar.status_code == 422
    assert melding in svar.content.decode()


def test_holiday_is_a_soft_warning_and_the_gathering_is_saved(scene, som):
    nettverk, _gruppe = scene

    svar = som(koordinator(nettverk)).post(
        reverse("rolu:samling_ny", args=[nettverk.slug]),
        skjema(dag_1_0="2026-12-25"),
        follow=True,
    )

    assert Samling.objects.count() == 1
    assert "Dagen er en helligdag: Første juledag." in svar.content.decode()


def test_new_gathering_from_the_last_takes_the_programme_to_the_new_day(scene, som):
    nettverk, _gruppe = scene
    forrige = SamlingFactory(
        nettverk=nettverk,
        start=datetime.datetime(2027, 1, 12, 8, tzinfo=datetime.UTC),
        slutt=datetime.datetime(2027, 1, 12, 14, tzinfo=datetime.UTC),
    )
    ProgrampostFactory(samling=forrige, tittel="Velkommen", notat="Hemmelig notat")
    sommer = skjema(dag_1_0="2027-06-08", kopier=forrige.pk)

    som(koordinator(nettverk)).post(reverse("rolu:samling_ny", args=[nettverk.slug]), sommer)

    post = Programpost.objects.get(samling__start__year=2027, samling__start__month=6)
    assert (post.tittel, post.notat) == ("Velkommen", "")
    assert post.start == datetime.datetime(2027, 6, 8, 7, tzinfo=datetime.UTC)  # 09.00 both times


def test_new_gathering_after_another_is_proposed_and_not_copied(scene, som):
    nettverk, _gruppe = scene
    forrige = SamlingFactory(nettverk=nettverk, tittel="Den gamle tittelen", tema="Gammelt tema")

    html = (
        som(koordinator(nettverk))
        .get(reverse("rolu:samling_ny", args=[nettverk.slug]), {"fra": forrige.pk})
        .content.decode()
    )

    assert "Laget etter «Den gamle tittelen»" in " ".join(html.split())
    assert 'value="Den gamle tittelen"' not in html
    assert "Gammelt tema" not in html
    assert re.search(r'value="ROLU-samling (vår|høst) 20\d\d"', html)
    assert re.search(r'name="dag_1_0" value="\d\d\.\d\d\.20\d\d"', html)
    assert 'value="Surnadal kulturhus"' in html


def test_two_people_changing_the_same_gathering_see_both_texts(scene, som):
    nettverk, _gruppe = scene
    samling = SamlingFactory(nettverk=nettverk, tema="Gammelt tema")
    person = som(koordinator(nettverk))
    url = adresse("samling_rediger", samling)
    stand = person.get(url).context["form"].initial["stand"]
    Samling.objects.filter(pk=samling.pk).update(tema="Deres tema")
    mitt = skjema(tema="Mitt tema", stand=stand)

    svar = person.post(url, mitt)

    assert svar.status_code == 409
    assert "Deres tema" in svar.content.decode()
    assert "Mitt tema" in svar.content.decode()
    samling.refresh_from_db()
    assert samling.tema == "Deres tema"

    nytt = svar.context["form"].data["stand"]
    assert person.post(url, {**mitt, "stand": nytt}).status_code == 302
    samling.refresh_from_db()
    assert samling.tema == "Mitt tema"


@pytest.mark.parametrize("side", ["samling_rediger", "samling_publiser", "samling_avlys"])
def test_only_the_coordinator_changes_a_gathering(scene, som, side):
    nettverk, gruppe = scene
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)

    assert som(kog(nettverk)).get(adresse(side, samling)).status_code == 403
    assert som(enhetsleder(gruppe)).get(adresse(side, samling)).status_code == 403


def test_draft_and_foreign_gathering_do_not_exist_for_a_member(scene, som):
    nettverk, gruppe = scene
    utkast, fremmed = SamlingFactory(nettverk=nettverk), SamlingFactory(publisert_=True)
    person = som(gruppemedlem(gruppe))

    assert person.get(adresse("samling", utkast)).status_code == 404
    fremmed.nettverk = nettverk
    assert person.get(adresse("samling", fremmed)).status_code == 404


def test_cancelling_asks_and_names_what_goes(scene, som):
    nettverk, _gruppe = scene
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    DeltakelseFactory(samling=samling, status=Deltakelse.Status.PAAMELDT)
    person = som(koordinator(nettverk))

    spoersmaal = person.get(adresse("samling_avlys", samling)).content.decode()
    person.post(adresse("samling_avlys", samling))

    assert "Ingen kan svare lenger. Invitert: 1. Påmeldt: 1." in spoersmaal
    samling.refresh_from_db()
    assert samling.er_avlyst


@pytest.mark.parametrize(
    ("side", "tilstand", "svar"),
    [
        ("samling_slett", {"publisert_": True}, "Bare et utkast uten oppdrag kan slettes."),
        ("samling_avlys", {}, "Bare en publisert samling som ikke er over, kan avlyses."),
    ],
)
def test_what_cannot_be_done_is_not_asked_about(scene, som, side, tilstand, svar):
    nettverk, _gruppe = scene
    samling = SamlingFactory(nettverk=nettverk, **tilstand)
    person = som(koordinator(nettverk))

    for spoer in (person.get, person.post):
        html = spoer(adresse(side, samling), follow=True)
        assert html.redirect_chain == [(adresse("samling", samling), 302)]
        assert svar in html.content.decode()


@pytest.mark.parametrize("hvem", ["koordinator", "leder"])
def test_gathering_page_costs_the_same_with_one_and_many_participants(
    scene, som, hvem, django_assert_max_num_queries
):
    nettverk, gruppe = scene
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    leder = enhetsleder(gruppe)
    DeltakelseFactory(samling=samling, verv=leder.verv.get())
    person = som(koordinator(nettverk) if hvem == "koordinator" else leder)
    antall = []
    for _ in range(2):
        person.get(adresse("samling", samling))
        with django_assert_max_num_queries(12) as spurt:
            person.get(adresse("samling", samling))
        antall.append(len(spurt))
        DeltakelseFactory.create_batch(3, samling=samling)

    assert antall[0] == antall[1]


@pytest.mark.parametrize("hvem", ["koordinator", "leder"])
@pytest.mark.parametrize("status", ["INVITERT", "PAAGAAR"])
def test_the_overview_has_each_day_of_the_programme_and_says_how_much_more_there_is(
    scene, som, hvem, status
):
    nettverk, gruppe = scene
    samling = SamlingFactory(
        nettverk=nettverk, publisert_=True, slutt=klokken(15, 16), status=Samling.Status[status]
    )
    for nr in range(10):
        ProgrampostFactory(samling=samling, start=klokken(14, 9 + nr // 2, 30 * (nr % 2)))
    ProgrampostFactory(samling=samling, start=klokken(15, 9), tittel="Dagen etter")
    leder = enhetsleder(gruppe)
    DeltakelseFactory(samling=samling, verv=leder.verv.get())

    person = koordinator(nettverk) if hvem == "koordinator" else leder
    svar = som(person).get(adresse("samling", samling))

    assert "Dagen etter" in svar.text
    assert "… og 2 til" in " ".join(svar.text.split())
    assert [len(dag["poster"]) for dag in svar.context["programmet"]] == [8, 1]


# --- the programme


def test_next_item_begins_where_the_last_ended(scene, som):
    nettverk, _gruppe = scene
    samling = SamlingFactory(nettverk=nettverk)
    person = som(koordinator(nettverk))

    person.post(
        adresse("samling_program", samling),
        {"klokkeslett": "09.00", "varighet": "50", "tittel": "Velkommen", "arbeidsform": "plenum"},
    )
    side = person.get(adresse("samling_program", samling))

    assert side.context["form"].initial["klokkeslett"] == datetime.time(9, 50)
    assert side.context["plan"].timer == "50 min"


def test_gap_overlap_and_outside_are_shown_to_those_who_may_change(scene, som):
    nettverk, gruppe = scene
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    ProgrampostFactory(samling=samling, start=klokken(14, 9), varighet=60)
    ProgrampostFactory(samling=samling, start=klokken(14, 9, 30), varighet=30)
    ProgrampostFactory(samling=samling, start=klokken(14, 14), varighet=90)

    plan = som(koordinator(nettverk)).get(adresse("samling_program", samling)).context["plan"]
    medlem_ser = som(gruppemedlem(gruppe)).get(adresse("samling_program", samling)).content.decode()

    assert [(li.opphold, li.overlapp, li.utenfor) for li in plan.linjer] == [
        (0, 0, False),
        (0, 30, False),
        (240, 0, True),
    ]
    assert plan.varsler == [
        "Én post ligger utenfor tiden til samlingen.",
        "Én post går samtidig med en annen.",
    ]
    assert "Samtidig med en annen post" not in medlem_ser


def test_wrong_duration_is_told_and_nothing_lost(scene, som):
    nettverk, _gruppe = scene
    samling = SamlingFactory(nettverk=nettverk)

    svar = som(koordinator(nettverk)).post(
        adresse("samling_program", samling),
        {"klokkeslett": "9", "varighet": "0", "tittel": "Velkommen", "arbeidsform": "plenum"},
    )

    assert svar.status_code == 422
    assert "Varigheten må være mellom 1 og 1440 minutter." in svar.content.decode()
    assert "Velkommen" in svar.content.decode()


@pytest.mark.parametrize(("flyttet", "felt"), [({"hours": 1}, "Starter kl."), ({"days": 1}, "Dag")])
def test_an_item_whose_time_alone_was_moved_by_another_is_not_moved_back_unseen(
    scene, som, flyttet, felt
):
    nettverk, _gruppe = scene
    start = klokken(14, 9)
    samling = SamlingFactory(
        nettverk=nettverk, start=start, slutt=start + datetime.timedelta(days=1, hours=6)
    )
    post = ProgrampostFactory(samling=samling, start=start, arbeidsform="plenum")
    person = som(koordinator(nettverk))
    url = adresse("programpost_rediger", samling, post.pk)
    skjemaet = person.get(url).context["form"]
    navn = ("dag", "varighet", "tittel", "arbeidsform", "stand")
    mitt = {**{n: skjemaet[n].value() for n in navn}, "klokkeslett": "09.00"}
    deres = start + datetime.timedelta(**flyttet)
    Programpost.objects.filter(pk=post.pk).update(start=deres)

    svar = person.post(url, mitt)

    assert svar.status_code == 409
    [ulikt] = svar.context["form"].forskjeller
    assert ulikt.etikett == felt
    if felt == "Dag":
        assert ulikt.deres == ukedag(deres)
    else:
        assert (ulikt.deres, ulikt.ditt) == ("10.00", "09.00")
    post.refresh_from_db()
    assert post.start == deres

    nytt = svar.context["form"].data["stand"]
    assert person.post(url, {**mitt, "stand": nytt}).status_code == 302
    post.refresh_from_db()
    assert post.start == start


def test_two_who_wrote_the_same_in_an_item_are_asked_nothing(scene, som):
    nettverk, _gruppe = scene
    samling = SamlingFactory(nettverk=nettverk)
    post = ProgrampostFactory(samling=samling)
    person = som(koordinator(nettverk))
    url = adresse("programpost_rediger", samling, post.pk)
    stand = person.get(url).context["form"].initial["stand"]
    # Another saved the length to what I write too: nothing is different, nothing to ask.
    Programpost.objects.filter(pk=post.pk).update(varighet=45)
    data = {"klokkeslett": f"{timezone.localtime(post.start):%H:%M}", "varighet": "45"}
    data |= {"tittel": post.tittel, "arbeidsform": post.arbeidsform, "stand": stand}

    svar = person.post(url, data)

    assert svar.status_code == 302


def test_process_leader_changes_the_programme_of_own_gathering_only(scene, som):
    nettverk, _gruppe = scene
    person = medlem(nettverk, gruppetype=Gruppe.Type.PROSESSNETTVERK)
    egen, annen = SamlingFactory.create_batch(2, nettverk=nettverk, publisert_=True)
    egen.prosessledere.add(person)
    data = {"klokkeslett": "9", "varighet": "10", "tittel": "Ny", "arbeidsform": "plenum"}

    assert som(person).post(adresse("samling_program", egen), data).status_code == 302
    assert som(person).post(adresse("samling_program", annen), data).status_code == 403


def test_deleting_an_item_asks_and_names_the_note(scene, som):
    nettverk, _gruppe = scene
    samling = SamlingFactory(nettverk=nettverk)
    post = ProgrampostFactory(samling=samling, notat="Viktig")
    person = som(koordinator(nettverk))

    spoersmaal = person.get(adresse("programpost_slett", samling, post.pk)).content.decode()
    person.post(adresse("programpost_slett", samling, post.pk))

    assert "Notatet" in spoersmaal
    assert not Programpost.objects.exists()


# --- note and decision


def _note(person, samling, post, *, auto=True, **data):
    headers = {"X-Autolagre": "1"} if auto else {}
    return person.post(
        adresse("notat", samling, post.pk),
        {"notat": "", "versjon": post.versjon, **data},
        headers=headers,
    )


def test_note_saves_itself_and_tells_the_new_version(scene, som):
    nettverk, _gruppe = scene
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    post = ProgrampostFactory(samling=samling)

    svar = _note(som(koordinator(nettverk)), samling, post, notat="Vi ble enige")

    assert svar.json()["status"] == "lagret"
    assert svar.json()["versjon"] == 2
    post.refresh_from_db()
    assert post.notat == "Vi ble enige"


def test_the_same_text_again_is_no_conflict(scene, som):
    nettverk, _gruppe = scene
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    post = ProgrampostFactory(samling=samling)
    person = som(koordinator(nettverk))

    _note(person, samling, post, notat="Likt\r\npå to linjer")
    svar = _note(person, samling, post, notat="Likt\r\npå to linjer")

    assert (svar.status_code, svar.json()["versjon"]) == (200, 2)


@pytest.mark.parametrize("auto", [True, False])
def test_two_people_on_the_same_note_get_both_texts(scene, som, auto):
    nettverk, _gruppe = scene
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    post = ProgrampostFactory(samling=samling)
    person = som(koordinator(nettverk))
    _note(person, samling, post, notat="Den første")

    svar = _note(person, samling, post, auto=auto, notat="Den andre")

    assert svar.status_code == 409
    html = svar.json()["html"] if auto else svar.content.decode()
    assert "Den første" in html
    if not auto:
        assert "Den andre" in html
    post.refresh_from_db()
    assert post.notat == "Den første"

    valgt = _note(person, samling, post, auto=False, notat="Den andre", behold=post.versjon)
    assert valgt.status_code == 302
    post.refresh_from_db()
    assert post.notat == "Den andre"


def test_members_read_notes_and_cannot_write(scene, som):
    nettverk, gruppe = scene
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    post = ProgrampostFactory(samling=samling)
    UtfallFactory(samling=samling, programpost=post, tekst="Vi prøver lesestund")
    person = som(gruppemedlem(gruppe))

    assert "Vi prøver lesestund" in person.get(adresse("samling_program", samling)).content.decode()
    assert _note(person, samling, post, notat="x").status_code == 403


def test_programme_costs_the_same_with_one_and_three_items(scene, som):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    nettverk, _gruppe = scene
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    person = som(koordinator(nettverk))
    antall = []
    for ny in (1, 2):
        ProgrampostFactory.create_batch(ny, samling=samling)
        person.get(adresse("samling_program", samling))
        with CaptureQueriesContext(connection) as spurt:
            person.get(adresse("samling_program", samling))
        antall.append(len(spurt))

    assert antall[0] == antall[1] <= 8


# --- participants


def _participants(samling: Samling, antall: int) -> None:
    gruppe = GruppeFactory(nettverk=samling.nettverk, utviklingsgruppe=True)
    for verv in VervFactory.create_batch(antall, gruppe=gruppe, rolle=Rolle.MEDLEM):
        DeltakelseFactory(samling=samling, verv=verv)


def test_participants_cost_the_same_with_one_and_many(scene, som, django_assert_num_queries):
    nettverk, _gruppe = scene
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    person = som(koordinator(nettverk))
    for antall in (1, 3):
        _participants(samling, antall)
        person.get(adresse("samling_deltakere", samling))
        with django_assert_num_queries(12):
            person.get(adresse("samling_deltakere", samling))


def test_leader_sees_own_group_and_not_the_others(scene, som):
    nettverk, gruppe = scene
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    leder, kollega = enhetsleder(gruppe), gruppemedlem(gruppe)
    for person in (leder, kollega):
        DeltakelseFactory(samling=samling, verv=person.verv.get())
    fremmed = DeltakelseFactory(samling=samling).verv.person

    html = som(leder).get(adresse("samling_deltakere", samling)).content.decode()

    assert leder.navn in html
    assert kollega.navn in html
    assert fremmed.navn not in html


def test_names_are_escaped_in_the_table(scene, som):
    nettverk, _gruppe = scene
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    gruppe = GruppeFactory(nettverk=nettverk, navn="<b>Gruppa</b>")
    verv = VervFactory(gruppe=gruppe, person__navn="<script>alert(1)</script>")
    DeltakelseFactory(samling=samling, verv=verv)

    html = som(koordinator(nettverk)).get(adresse("samling_deltakere", samling)).content.decode()

    assert "<script>alert" not in html
    assert "<b>Gruppa" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_filter_by_status_and_htmx_answer_is_part_of_the_page(scene, som):
    nettverk, _gruppe = scene
    samling = SamlingFactory(nettverk=nettverk, avholdt=True)
    moett = DeltakelseFactory(samling=samling, moett_=True).verv.person
    borte = DeltakelseFactory(samling=samling).verv.person
    person = som(koordinator(nettverk))
    url = adresse("samling_deltakere", samling)

    hel = person.get(url, {"status": "moett"}).content.decode()
    del_ = person.get(url, {"status": "moett"}, headers={"HX-Request": "true"}).content.decode()

    assert (moett.navn in hel, borte.navn in hel) == (True, False)
    hel, del_ = (re.sub(r'csrfmiddlewaretoken" value="[^"]+', "", html) for html in (hel, del_))
    assert del_.strip() in hel


def test_spreadsheet_has_a_frozen_header_and_no_formulas(scene, som):
    import io

    import openpyxl

    nettverk, _gruppe = scene
    samling = SamlingFactory(nettverk=nettverk, avholdt=True)
    verv = VervFactory(gruppe=GruppeFactory(nettverk=nettverk), person__navn="=1+1")
    DeltakelseFactory(samling=samling, verv=verv, moett_=True)
    klient = som(kog(nettverk))

    svar = klient.get(adresse("deltakere_regneark", samling))

    ark = openpyxl.load_workbook(io.BytesIO(svar.content)).active
    assert ark.freeze_panes == "A2"
    assert [c.value for c in ark[1]][:3] == ["Navn", "Enhet eller gruppe", "Kommune"]
    assert (ark["A2"].value, ark["A2"].data_type) == ("=1+1", "s")


def test_roles_are_called_what_the_network_calls_them_on_the_page_and_in_the_spreadsheet(
    scene, som
):
    import io

    import openpyxl

    nettverk, gruppe = scene
    nettverk.egne_rollenavn = {Rolle.FORMELL_LEDER: "enhetens sjef"}
    nettverk.save()
    samling = SamlingFactory(nettverk=nettverk, avholdt=True)
    DeltakelseFactory(samling=samling, verv=enhetsleder(gruppe).verv.get(), moett_=True)
    klient = som(koordinator(nettverk))

    side = klient.get(adresse("samling_deltakere", samling)).content.decode()
    fil = klient.get(adresse("deltakere_regneark", samling)).content

    assert "Enhetens sjef" in side
    assert openpyxl.load_workbook(io.BytesIO(fil)).active["D2"].value == "enhetens sjef"


def test_members_cannot_take_the_list_out(scene, som):
    nettverk, gruppe = scene
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    person = som(enhetsleder(gruppe))

    assert person.get(adresse("deltakere_regneark", samling)).status_code == 403
    assert person.get(adresse("deltakere_utskrift", samling)).status_code == 403


def test_list_for_the_door_leaves_out_those_who_declined(scene, som):
    nettverk, _gruppe = scene
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    kommer = DeltakelseFactory(samling=samling).verv.person
    avmeldt = DeltakelseFactory(samling=samling, status=Deltakelse.Status.AVMELDT).verv.person

    html = som(koordinator(nettverk)).get(adresse("deltakere_utskrift", samling)).content.decode()

    assert kommer.navn in html
    assert avmeldt.navn not in html


def test_list_for_the_door_has_each_person_once_with_all_their_places(scene, som):
    nettverk, _gruppe = scene
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    grupper = [
        GruppeFactory(nettverk=nettverk, navn=navn, rekkefolge=nr)
        for nr, navn in enumerate(("Prosessnettverket", "Evalueringsnettverket", "Fagnettverket"))
    ]
    pia = PersonFactory(navn="Pia Toplass")
    for gruppe, status in zip(grupper, ("avmeldt", "paameldt", "invitert"), strict=True):
        DeltakelseFactory(
            samling=samling, verv=VervFactory(gruppe=gruppe, person=pia), status=status
        )

    html = som(koordinator(nettverk)).get(adresse("deltakere_utskrift", samling)).content.decode()

    assert html.count("Pia Toplass") == 1
    assert "<h3>Evalueringsnettverket</h3>" in html
    assert "også Fagnettverket" in " ".join(html.split())
    assert "Prosessnettverket" not in html


def test_list_for_the_door_costs_the_same_with_one_and_many(scene, som, django_assert_num_queries):
    nettverk, _gruppe = scene
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    person = som(koordinator(nettverk))
    for antall in (1, 4):
        _participants(samling, antall)
        person.get(adresse("deltakere_utskrift", samling))
        with django_assert_num_queries(7):
            person.get(adresse("deltakere_utskrift", samling))


def test_list_for_the_door_tells_who_has_not_answered(scene, som):
    nettverk, _gruppe = scene
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    for navn, status in (("Anne Kommer", "paameldt"), ("Bo Tier", "invitert")):
        DeltakelseFactory(
            samling=samling, verv=VervFactory(person__navn=navn, gruppe=_gruppe), status=status
        )

    html = som(koordinator(nettverk)).get(adresse("deltakere_utskrift", samling)).text

    anne, bo = (
        html.partition(navn)[2].partition("</li>")[0] for navn in ("Anne Kommer", "Bo Tier")
    )
    assert "ikke svart" not in anne
    assert "ikke svart" in bo


def test_before_publishing_one_sees_how_many_get_an_email_which_and_what_lies_outside(scene, som):
    nettverk, gruppe = scene
    enhetsleder(gruppe)
    gruppemedlem(gruppe)
    samling = SamlingFactory(nettverk=nettverk)
    ProgrampostFactory(samling=samling, start=samling.slutt)

    side = som(koordinator(nettverk)).get(adresse("samling_publiser", samling))

    assert "1 får e-post." in side.text
    assert "Slik blir e-posten" in side.text
    assert f"Meld på gruppa til «{samling.tittel}»" in side.text
    assert "Én post ligger utenfor tiden til samlingen." in side.text
    side.client.post(adresse("samling_publiser", samling), {"til-enheter": "on"})
    assert Brev.objects.count() == 1


def test_a_draft_leads_to_its_audience_and_tells_its_places_and_all_doubts_in_one_list(scene, som):
    nettverk, gruppe = scene
    enhetsleder(gruppe)
    gruppemedlem(gruppe)
    i_gaar = timezone.localdate() - datetime.timedelta(days=1)
    samling = SamlingFactory(nettverk=nettverk, kapasitet=1, paameldingsfrist=i_gaar)
    publisering.choose_audience(samling, mottakere=Mottakere(nettverk=nettverk, enheter=True))
    styrer = som(koordinator(nettverk))

    oversikt = styrer.get(adresse("samling", samling)).text
    side = " ".join(styrer.get(adresse("samling_publiser", samling)).text.split())

    assert adresse("samling_publiser", samling) in oversikt
    assert "Endre hvem samlingen er for" in oversikt
    assert "Antall plasser" in oversikt
    assert side.count('data-color="warning"') == 1
    assert "Publiser og inviter 2 personer" in side
    assert side.index("Slik blir e-posten") < side.index("Publiser og inviter 2 personer")
    assert "Samlingen har 1 plass, og 2 blir invitert." in side
    # A deadline that has passed, is not written to anybody.
    assert "Påmeldingsfristen har gått ut." in side
    assert "Svar innen" not in side


def test_a_meeting_on_the_net_is_not_looked_up_on_a_map(scene, som):
    nettverk, _gruppe = scene
    for sted, paa_kartet in (
        ("Teams", False),
        ("Digitalt møte", False),
        ("https://møte.example/a", False),
        ("Surnadal kulturhus", True),
        ("Teamsetta", True),
    ):
        samling = SamlingFactory(nettverk=nettverk, publisert_=True, sted=sted)
        side = som(koordinator(nettverk)).get(adresse("samling", samling)).text
        assert ("openstreetmap" in side) is paa_kartet, sted


def test_taking_back_says_what_was_taken_back(scene, som):
    nettverk, _gruppe = scene
    samling = SamlingFactory(nettverk=nettverk, i_dag=True, status=Samling.Status.OPPSUMMERING)
    svar = som(koordinator(nettverk)).post(
        adresse("samling_angre", samling), {"fra": "oppsummering"}, follow=True
    )
    assert "Avslutningen er angret." in svar.text


def test_the_next_step_of_a_draft_stands_where_one_lands(scene, som):
    nettverk, _gruppe = scene
    utkast, publisert = (
        SamlingFactory(nettverk=nettverk),
        SamlingFactory(nettverk=nettverk, publisert_=True),
    )
    person = som(koordinator(nettverk))

    for samling, har in ((utkast, True), (publisert, False)):
        side = person.get(adresse("samling_program", samling)).text
        assert (adresse("samling_publiser", samling) in side) is har


@pytest.mark.parametrize(("dager", "farge"), [(8, "neutral"), (7, "warning")])
def test_a_missing_answer_is_pointed_out_when_the_deadline_is_near(scene, som, dager, farge):
    nettverk, gruppe = scene
    samling = SamlingFactory(
        nettverk=nettverk,
        publisert_=True,
        start=klokken(70, 9),
        slutt=klokken(70, 15),
        paameldingsfrist=idag() + datetime.timedelta(days=dager),
    )
    d = DeltakelseFactory(samling=samling, verv=VervFactory(gruppe=gruppe))

    for side in ("samling", "paamelding"):
        html = som(d.verv.person).get(adresse(side, samling)).text
        assert f'<span class="ds-tag" data-color="{farge}">du har ikke svart</span>' in html


def test_publishing_through_the_page_twice_is_harmless(scene, som, mailoutbox):
    nettverk, gruppe = scene
    enhetsleder(gruppe)
    samling = SamlingFactory(nettverk=nettverk, paameldingsfrist=idag())
    person = som(koordinator(nettverk))

    forste = person.post(adresse("samling_publiser", samling), {"til-enheter": "on"})
    andre = person.post(adresse("samling_publiser", samling), {"til-enheter": "on"})

    assert (forste.status_code, andre.status_code) == (302, 302)
    assert Deltakelse.objects.filter(samling=samling).count() == 1
    cache.clear()


@pytest.mark.parametrize("tull", ["²", "٣", "007x", "9" * 5000, "\x00"])
def test_a_number_that_is_none_finds_nothing_and_breaks_nothing(scene, som, tull):
    nettverk, _gruppe = scene
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    client = som(koordinator(nettverk))

    for side, felt in (("paamelding", "gruppe"), ("innsjekk", "sist"), ("innsjekk", "q")):
        assert client.get(adresse(side, samling), {felt: tull}).status_code == 200
    ny = reverse("rolu:samling_ny", args=[nettverk.slug])
    assert client.get(ny, {"fra": tull}).status_code == 200
    assert client.post(adresse("paamelding", samling), {"gruppe": tull}).status_code == 302
    svar = client.post(adresse("oppsummering_publiser", samling), {"jobb": tull})
    assert svar.status_code == 302
    mellomarbeid = reverse("rolu:mellomarbeid_list", args=[nettverk.slug])
    assert client.get(mellomarbeid, {"oppdrag": tull}).status_code == 404
