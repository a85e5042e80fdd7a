"""The programme in two layers, over several days and in tracks: who sees what, what is in the way of what, what
is too long, and both layers on paper."""

import datetime
import io

import pikepdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from nettverk.filer.papir import MAKS_LINJER, MAKS_RUN
from nettverk.filer.pdf import build_html
from nettverk.side.skrivemaate import ukedag
from nettverk.skriving.konflikt import KanIkke, Konflikt
from rolu.models import Programpost, Samling
from rolu.samlinger import blokkdata, dager, programplan, programutskrift, protokoll
from rolu.samlinger.kollisjoner import between
from rolu.samlinger.programrute import draw
from tests.nettverk.factories import (
    enhetsleder,
    gruppemedlem,
    kog,
    koordinator,
    medlem,
    nettverk_med_enhet,
)
from tests.nettverk.filer.ark import pages
from tests.nettverk.filer.test_papir import longest_run
from tests.rolu.factories import (
    DeltakelseFactory,
    ProgrampostFactory,
    SamlingFactory,
    UtfallFactory,
    klokken,
)

pytestmark = pytest.mark.django_db
VERKSTED, PAUSE = Programpost.Arbeidsform.VERKSTED, Programpost.Arbeidsform.PAUSE
FARLIG = "<script>alert(1)</script> 🎉 \u202eמסמך"


@pytest.fixture
def som(client):
    def inn(person):
        client.force_login(person)
        return client

    return inn


def adresse(navn: str, samling: Samling, *mer: object) -> str:
    return reverse(f"rolu:{navn}", args=[samling.nettverk.slug, samling.pk, *mer])


def poster(samling: Samling) -> list[Programpost]:
    return list(samling.programposter.all())


def plan(samling: Samling) -> programplan.Plan:
    return programplan.make_plan(samling, poster(samling))


def stand(samling: Samling) -> str:
    return programplan.times_mark(poster(samling))


def item(
    samling: Samling, time: int, minutt: int = 0, *, dag: int = 14, varighet: int = 30, **mer
) -> Programpost:
    return ProgrampostFactory(
        samling=samling, start=klokken(dag, time, minutt), varighet=varighet, **mer
    )


def days_of(*dagene: int) -> list[dager.Dag]:
    fra, til = datetime.time(9), datetime.time(15)
    return [(klokken(dag, 9).date(), fra, til) for dag in dagene]


def over(*dagene: int, **mer) -> Samling:
    samling = SamlingFactory(**mer)
    dager.set_days(samling, days_of(*dagene))
    return samling


def skjema(**mer) -> dict[str, object]:
    return {
        "klokkeslett": "10",
        "varighet": "45",
        "tittel": "Verksted",
        "arbeidsform": "verksted",
        **mer,
    }


# --- in each other's way


@pytest.mark.parametrize(
    ("en", "annen", "funn"),
    [
        ({"leder": "kari  nes "}, {"leder": "Kari Nes"}, ["Kari Nes leder også «A»"]),
        (
            {"leder": "Ola Moe, Kari Nes og Eva Lie"},
            {"leder": "Eva Lie/Ola Moe"},
            ["Eva Lie leder også «A»", "Ola Moe leder også «A»"],
        ),
        ({"leder": "Kari"}, {"leder": "Kari Nes"}, []),
        ({"leder": "Oddvar Foged"}, {"leder": "Oddvar"}, []),
        ({"rom": " SALEN"}, {"rom": "Salen"}, ["Salen er også i bruk til «A»"]),
        ({"rom": ""}, {"rom": ""}, []),
        ({"spor": "Skole"}, {"spor": "skole"}, ["Går samtidig med «A»"]),
        ({"spor": "Skole"}, {"spor": "Barnehage"}, []),
        ({"arbeidsform": "plenum"}, {"spor": "Barnehage"}, ["Går samtidig med «A»"]),
        (
            {"spor": "Skole", "arbeidsform": "plenum"},
            {"spor": "Barnehage", "arbeidsform": "plenum"},
            [],
        ),
        ({"arbeidsform": "pause", "rom": "Salen"}, {"rom": "Salen"}, ["Går samtidig med «A»"]),
        ({"arbeidsform": "pause", "spor": "Skole"}, {"spor": "Barnehage"}, []),
    ],
)
def test_the_same_person_room_or_track_at_once_is_named(en, annen, funn):
    samling = SamlingFactory()
    a = item(samling, 9, tittel="A", **{"arbeidsform": VERKSTED, **annen})
    b = item(samling, 9, 15, tittel="B", **{"arbeidsform": VERKSTED, **en})

    assert [str(k) for k in between(b, a)] == funn
    assert len(between(a, b)) == len(funn)
    a.start = b.slutt
    assert between(b, a) == []


def test_what_is_in_the_way_is_said_in_the_plan_and_before_the_invitation_goes(som):
    nettverk, _gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk)
    item(samling, 9, tittel="Lek", arbeidsform=VERKSTED, leder="Kari Nes", spor="Barnehage")
    item(samling, 9, tittel="Tall", arbeidsform=VERKSTED, leder="Kari Nes", spor="Skole")
    varsel = "Kari Nes leder både «Lek» og «Tall» samtidig."
    klient = som(koordinator(nettverk))

    assert plan(samling).varsler == [varsel]
    assert varsel in klient.get(adresse("samling_program", samling)).text
    assert varsel in klient.get(adresse("samling_publiser", samling)).text
    assert (
        "Kari Nes leder også «Lek»"
        in klient.get(adresse("samling_program", samling), {"lag": "kjoereplan"}).text
    )


def test_a_programme_with_warnings_is_not_said_to_be_in_place(som):
    nettverk, _gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk)
    hele = int((samling.slutt - samling.start).total_seconds() // 60)
    ProgrampostFactory(samling=samling, varighet=hele)
    assert programplan.how_full(samling) == "Programmet er på plass."
    ProgrampostFactory(samling=samling, varighet=15, arbeidsform=PAUSE)

    assert programplan.how_full(samling) == f"Programmet har {len(plan(samling).varsler)} varsel."
    assert "på plass" not in som(koordinator(nettverk)).get(adresse("samling", samling)).text


def test_many_collisions_are_not_all_named():
    samling = SamlingFactory()
    for _nr in range(5):
        item(samling, 9, arbeidsform=VERKSTED, rom="Salen")

    assert plan(samling).varsler[-1] == "4 kollisjoner til mellom personer og rom."


# --- sums, gaps, overrun


def test_each_day_is_summed_and_what_is_over_is_told_in_minutes(som):
    nettverk, _gruppe = nettverk_med_enhet()
    samling = over(14, 15, nettverk=nettverk)
    item(samling, 9, varighet=60)
    item(samling, 10, varighet=60, arbeidsform=VERKSTED, spor="Skole")
    item(samling, 10, varighet=90, arbeidsform=VERKSTED, spor="Barnehage")
    item(samling, 14, 42, varighet=30, dag=15)

    forste, andre = plan(samling).dager

    assert (forste.sum, forste.lengde, forste.over) == ("2 t 30 min", "6 t", 0)
    assert [linje.sum for linje in forste.linjer] == [60, 120, 150]
    assert [linje.overlapp for linje in forste.linjer] == [0, 0, 0]
    assert (andre.sum, andre.over, andre.linjer[0].utenfor) == ("30 min", 12, True)
    side = som(koordinator(nettverk)).get(
        adresse("samling_program", samling), {"lag": "kjoereplan"}
    )
    tekst = " ".join(side.text.split())
    assert '<strong class="app-kjoereplan__over"> 12 minutter over </strong>' in tekst
    assert "Program i 2 t 30 min av 6 t" in tekst
    # The same words as in the programme.
    assert "Utenfor samlingens tid, 12 minutter over" in tekst
    assert "Utenfor samlingens tid, 12 minutter over" in " ".join(
        som(koordinator(nettverk)).get(adresse("samling_program", samling)).text.split()
    )


def test_the_next_item_begins_on_the_next_day_when_this_one_is_full():
    samling = over(14, 20)
    item(samling, 9, varighet=300)
    assert plan(samling).neste_start == klokken(14, 14)
    item(samling, 14, varighet=60)
    assert plan(samling).neste_start == klokken(20, 9)


def test_tracks_have_the_same_place_all_day():
    samling = SamlingFactory()
    item(samling, 9, varighet=60, arbeidsform=VERKSTED, spor="Barnehage")
    item(samling, 9, varighet=60, arbeidsform=VERKSTED, spor="Skole")
    item(samling, 10, varighet=60, arbeidsform=VERKSTED, spor="skole")
    item(samling, 10, varighet=60, arbeidsform=VERKSTED, spor="Barnehage")

    [rute] = draw(plan(samling))

    assert [(p.linje.post.spor, p.spor, p.av) for p in rute.dager[0].innhold] == [
        ("Barnehage", 1, 2),
        ("Skole", 2, 2),
        ("skole", 2, 2),
        ("Barnehage", 1, 2),
    ]


# --- outside the days


def test_an_item_on_a_day_that_is_not_the_gatherings_is_refused_at_the_field(som):
    nettverk, _gruppe = nettverk_med_enhet()
    samling = over(14, 20, nettverk=nettverk)
    klient = som(koordinator(nettverk))
    side = adresse("samling_program", samling)
    assert [dag for dag, _navn in klient.get(side).context["form"].fields["dag"].choices] == [
        klokken(dag, 9).date().isoformat() for dag in (14, 20)
    ]

    svar = klient.post(side, skjema(dag=klokken(15, 9).date().isoformat()))

    assert svar.status_code == 422
    assert svar.context["form"].errors == {"dag": ["Velg en av dagene til samlingen."]}
    assert klient.post(side, skjema(dag=klokken(20, 9).date().isoformat())).status_code == 302
    assert [p.start for p in poster(samling)] == [klokken(20, 10)]


def test_an_item_outside_the_hours_is_kept_and_named_in_the_plan(som):
    nettverk, _gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk)
    klient = som(koordinator(nettverk))
    side = adresse("samling_program", samling)

    assert klient.post(side, skjema(klokkeslett="19", tittel="Middag")).status_code == 302

    assert plan(samling).varsler == ["Én post ligger utenfor tiden til samlingen."]
    assert "Utenfor samlingens tid" in klient.get(side).text


@pytest.mark.parametrize(
    ("klokkeslett", "varighet", "status"),
    [("0", "1440", 302), ("9", "1440", 422), ("23.30", "30", 302), ("23.30", "31", 422)],
)
def test_an_item_may_fill_the_day_and_not_more(som, klokkeslett, varighet, status):
    nettverk, _gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk)

    svar = som(koordinator(nettverk)).post(
        adresse("samling_program", samling), skjema(klokkeslett=klokkeslett, varighet=varighet)
    )

    assert svar.status_code == status
    if status == 422:
        assert list(svar.context["form"].errors) == ["varighet"]


def test_what_is_left_when_a_day_is_moved_is_named_and_goes_along_by_one_press(som):
    nettverk, _gruppe = nettverk_med_enhet()
    samling = over(14, 15, nettverk=nettverk)
    item(samling, 9, tittel="Velkommen")
    item(samling, 9, 30, dag=15, tittel="Verksted")
    item(samling, 11, dag=15, tittel="Slutt")
    dager.set_days(samling, days_of(14, 21))
    klient = som(koordinator(nettverk))
    side = klient.get(adresse("samling_program", samling)).text
    assert "Ligger ikke på noen av dagene til samlingen: «Verksted»" in side
    assert "Flytt dem til samlingens dager" in side
    vist = stand(samling)

    svar = klient.post(adresse("program_til_dagene", samling), {"stand": vist}, follow=True)

    assert "2 poster er flyttet til samlingens dager." in svar.text
    assert [p.start for p in poster(samling)] == [
        klokken(14, 9),
        klokken(21, 9, 30),
        klokken(21, 11),
    ]
    with pytest.raises(Konflikt):
        programplan.move_to_days(samling, stand=vist)


def test_more_days_than_there_are_end_on_the_last():
    samling = over(14, 15, 16)
    for dag in (14, 15, 16):
        item(samling, 9, dag=dag)
    dager.set_days(samling, days_of(20, 21))

    programplan.move_to_days(samling, stand=stand(samling))

    assert [p.start for p in poster(samling)] == [klokken(20, 9), klokken(21, 9), klokken(21, 9)]


def test_nothing_of_the_programme_is_changed_when_the_gathering_is_locked(som):
    nettverk, _gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, laast=True)
    post = ProgrampostFactory(samling=samling, tittel="Før")
    klient = som(koordinator(nettverk))

    with pytest.raises(KanIkke):
        programplan.move_item(post, minutter=15, stand=stand(samling))
    assert klient.post(adresse("samling_program", samling), skjema()).status_code == 422
    klient.post(adresse("programpost_rediger", samling, post.pk), skjema(tittel="Etter"))
    klient.post(adresse("programpost_slett", samling, post.pk))
    klient.post(adresse("program_til_dagene", samling), {"stand": stand(samling)})

    assert [p.tittel for p in poster(samling)] == ["Før"]


# --- copying


def test_both_layers_are_copied_each_day_to_its_own():
    fra = over(14, 15)
    item(fra, 9, tittel="Velkommen", spor="Skole", materiell="Lim", internt="Kari henter nøkkel")
    item(fra, 10, dag=15, tittel="Dag 2", notat="Hemmelig")
    til = over(50, 57)

    programplan.copy_program(fra=fra, til=til)

    forste, andre = poster(til)
    assert (forste.start, andre.start) == (klokken(50, 9), klokken(57, 10))
    assert (forste.spor, forste.materiell, forste.internt) == (
        "Skole",
        "Lim",
        "Kari henter nøkkel",
    )
    assert andre.notat == ""


# --- who sees the kjøreplan


@pytest.fixture
def hemmelig():
    nettverk, gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    item(
        samling,
        9,
        tittel="Velkommen",
        beskrivelse="Alle er med.",
        materiell="HEMMELIG lim",
        internt="HEMMELIG beskjed",
    )
    return samling, nettverk, gruppe


def test_those_who_hold_the_gathering_see_the_kjoereplan_and_nobody_else(hemmelig, som):
    samling, nettverk, gruppe = hemmelig
    side = adresse("samling_program", samling)
    styrer, pro = koordinator(nettverk), medlem(nettverk, gruppetype="prosessnettverk")

    for person in (styrer, pro):
        svar = som(person).get(side, {"lag": "kjoereplan"})
        assert svar.text.count("HEMMELIG") == 2
        assert "Alle er med." not in svar.text
        assert "HEMMELIG" not in som(person).get(side).text
    for person in (gruppemedlem(gruppe), enhetsleder(gruppe), kog(nettverk)):
        klient = som(person)
        assert klient.get(side, {"lag": "kjoereplan"}).status_code == 403
        assert klient.get(adresse("kjoereplan_utskrift", samling)).status_code == 403
        assert "lag=kjoereplan" not in klient.get(side).text


def test_members_are_never_given_the_internal_texts(hemmelig, som):
    samling, nettverk, gruppe = hemmelig
    leder = enhetsleder(gruppe)
    DeltakelseFactory(samling=samling, verv=leder.verv.get())
    klient = som(leder)
    post = poster(samling)[0]

    sider = [
        adresse("samling", samling),
        adresse("samling_program", samling) + f"?post={post.pk}",
        adresse("paamelding", samling),
        adresse("samling_kalender", samling),
        reverse("nettverk:hjem", args=[nettverk.slug]),
        reverse("nettverk:sok", args=[nettverk.slug]) + "?q=beskjed",
    ]

    for side in sider:
        assert "HEMMELIG" not in klient.get(side).text, side
    # The items of the programme are fetched without them.
    [linje] = klient.get(adresse("samling_program", samling)).context["plan"].linjer
    assert linje.post.get_deferred_fields() == {"materiell", "internt"}
    assert "HEMMELIG" not in repr(blokkdata.collect(samling))
    assert "HEMMELIG" not in text_of("program", samling)


# --- what is written


def test_sixty_thousand_characters_are_told_and_not_lost(som):
    nettverk, _gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk)

    svar = som(koordinator(nettverk)).post(
        adresse("samling_program", samling), skjema(internt="å" * 60_000)
    )

    assert svar.status_code == 422
    assert list(svar.context["form"].errors) == ["internt"]
    assert "å" * 60_000 in svar.text
    assert not samling.programposter.exists()


def test_emoji_right_to_left_and_scripts_are_text_everywhere(som):
    nettverk, _gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    klient = som(koordinator(nettverk))
    tekster = ("tittel", "leder", "rom", "spor", "beskrivelse", "materiell", "internt")
    svar = klient.post(
        adresse("samling_program", samling), skjema(**dict.fromkeys(tekster, FARLIG))
    )
    assert svar.status_code == 302, svar.context["form"].errors

    for lag in ({}, {"lag": "kjoereplan"}):
        side = klient.get(adresse("samling_program", samling), lag).text
        assert "<script>alert" not in side
        assert "&lt;script&gt;alert(1)&lt;/script&gt; 🎉" in side
    for mal in ("program", "kjoereplan"):
        ark = text_of(mal, samling)
        assert "<script" not in ark
        assert "&lt;script&gt;alert(1)" in ark
    assert programutskrift.running_order(samling)[1].startswith(b"%PDF")


# --- on paper


INNHOLD = {
    "program": programutskrift.program_context,
    "kjoereplan": programutskrift.running_order_context,
}


def text_of(mal: str, samling: Samling) -> str:
    """What is on the sheets, as the page that they are made from."""
    return build_html(f"rolu/pdf/{mal}.html", INNHOLD[mal](samling))


def test_the_prints_are_tagged_and_tell_both_days(som):
    nettverk, _gruppe = nettverk_med_enhet()
    samling = over(14, 15, nettverk=nettverk, publisert_=True)
    item(samling, 9, tittel="Velkommen", internt="Kari har nøkkel")
    item(samling, 9, dag=15, tittel="Verksted", spor="Skole")
    klient = som(koordinator(nettverk))

    for navn, mal, har in (
        ("program_utskrift", "program", False),
        ("kjoereplan_utskrift", "kjoereplan", True),
    ):
        svar = klient.get(adresse(navn, samling))
        assert svar["Content-Type"] == "application/pdf"
        with pikepdf.open(io.BytesIO(b"".join(svar.streaming_content))) as dokument:
            assert dokument.Root.MarkInfo.Marked
            assert dokument.Root.Lang == "nb"
        tekst = text_of(mal, samling)
        for dag in (14, 15):
            assert ukedag(klokken(dag, 9)).capitalize() in tekst
        assert "Verksted" in tekst
        assert ("Kari har nøkkel" in tekst) is har


@pytest.mark.parametrize(
    ("lag", "navn"),
    [(programutskrift.programme, "program-"), (programutskrift.running_order, "koyreplan-")],
)
def test_the_prints_are_in_the_written_form_of_the_network(lag, navn):
    samling = SamlingFactory(nettverk__maalform="nn", publisert_=True)
    item(samling, 9)

    with translation.override("en"):
        filnavn, pdf = lag(samling)

    assert filnavn.startswith(navn)
    with pikepdf.open(io.BytesIO(pdf)) as dokument:
        assert dokument.Root.Lang == "nn"


def test_an_item_is_whole_on_its_page_and_a_day_that_goes_on_says_which():
    samling = over(14, 15)
    for nr in range(12):
        setning = f"Nummer {nr} er her. " * 20
        item(
            samling, 9, nr, tittel=f"Post {nr}", beskrivelse=f"Start{nr:02} {setning} Slutt{nr:02}"
        )
    item(samling, 9, dag=15, tittel="Neste dag", beskrivelse="Ord. " * 400)

    sidene = pages(text_of("program", samling))

    for nr in range(12):
        assert [nr_ for nr_, s in enumerate(sidene) if f"Start{nr:02}" in s] == [
            nr_ for nr_, s in enumerate(sidene) if f"Slutt{nr:02}" in s
        ]
    forste = ukedag(klokken(14, 9)).capitalize()
    assert f"{forste} (forts.)" in sidene[1]
    (neste,) = [side for side in sidene if "Neste dag" in side]
    assert "Post" not in neste


def test_the_prints_are_told_apart_by_their_titles():
    samling = SamlingFactory(tittel="Fagdag")

    assert "<h1>Program for «Fagdag»</h1>" in text_of("program", samling)
    assert "<h1>Kjøreplan for «Fagdag»</h1>" in text_of("kjoereplan", samling)


def test_a_collision_is_told_once_on_paper_and_the_item_has_its_number():
    samling = SamlingFactory()
    item(samling, 9, tittel="Lek", arbeidsform=VERKSTED, leder="Kari Nes", rom="Salen")
    item(samling, 9, tittel="Tall", arbeidsform=VERKSTED, leder="Kari Nes", rom="Salen")
    item(samling, 10, tittel="Pause", arbeidsform=PAUSE)
    item(samling, 19, tittel="Middag")

    tekst = " ".join(text_of("kjoereplan", samling).split())

    assert tekst.count("Kari Nes leder både «Lek» og «Tall» samtidig.") == 1
    assert "leder også" not in tekst
    assert "Kollisjon nr. 1, 2" in tekst
    assert "Én post ligger utenfor tiden til samlingen." in tekst
    assert tekst.count("Pause") == 1


def test_an_empty_programme_says_so_on_paper():
    assert "Programmet er ikke klart ennå." in text_of("program", SamlingFactory())


def test_the_layers_cost_the_same_with_one_and_many(som):
    nettverk, _gruppe = nettverk_med_enhet()
    samling = over(14, 15, nettverk=nettverk, publisert_=True)
    klient = som(koordinator(nettverk))
    antall = []
    for n in (1, 8):
        for nr in range(n):
            item(samling, 9 + nr % 5, dag=14 + nr % 2, rom="Salen", leder="Kari Nes")
        klient.get(adresse("samling_program", samling))
        for lag in ({}, {"lag": "kjoereplan"}):
            with CaptureQueriesContext(connection) as spurt:
                klient.get(adresse("samling_program", samling), lag)
            antall.append(len(spurt))
        naa = Samling.objects.select_related("nettverk").get(pk=samling.pk)
        with CaptureQueriesContext(connection) as spurt:
            programutskrift.running_order_context(naa)
        antall.append(len(spurt))
    assert antall[:3] == antall[3:]


# --- what nobody thought of, on paper


def test_the_prints_bear_whatever_the_forms_allow():
    samling = SamlingFactory(publisert_=True, om="om\n" * 5_000)
    ord_, linjer = "a" * 50_000, "linje\n" * 10_000
    item(samling, 9, beskrivelse=ord_, internt=linjer, notat=linjer)
    item(samling, 10, beskrivelse=linjer, internt=ord_, notat=ord_)
    for u in (ord_, linjer):
        UtfallFactory(samling=samling, tekst=u)

    for mal, kontekst in (
        ("program", programutskrift.program_context(samling)),
        ("kjoereplan", programutskrift.running_order_context(samling)),
        ("protokoll", protokoll.print_context(protokoll.collect(samling))),
    ):
        html = build_html(f"rolu/pdf/{mal}.html", kontekst)
        assert longest_run(html) <= MAKS_RUN, mal
        assert html.count("linje") <= 3 * MAKS_LINJER, mal
        assert "Resten av teksten står i portalen." in html, mal


def test_a_description_has_a_limit_and_one_that_was_longer_may_stand(som):
    samling = SamlingFactory()
    post = item(samling, 9, beskrivelse="b" * 6_000)
    client = som(koordinator(samling.nettverk))
    url = adresse("programpost_rediger", samling, post.pk)
    felt = client.get(url).context["form"]
    sendt = {navn: felt[navn].value() for navn in felt.fields if felt[navn].value() is not None}

    lengre = client.post(url, {**sendt, "beskrivelse": "b" * 6_001})
    som_foer = client.post(url, {**sendt, "tittel": "Nytt navn"})

    assert lengre.status_code == 422
    assert "Beskrivelsen kan ha høyst 5000 tegn, og har 6001." in lengre.text.replace("\u00a0", " ")
    assert som_foer.status_code == 302
