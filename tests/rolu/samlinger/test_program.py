"""The programme as a grid and how it is moved, the rail beside it, and the day itself."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from kommuner.gyldighet import idag
from nettverk.models import Gruppe
from nettverk.skriving.konflikt import KanIkke, Konflikt
from rolu.models import Deltakelse, Programpost, Samling
from rolu.samlinger import programplan
from rolu.samlinger.dagen import now_and_next
from rolu.samlinger.programrute import Opphold, Plass, draw
from tests.nettverk.factories import (
    VervFactory,
    enhetsleder,
    gruppemedlem,
    koordinator,
    medlem,
    nettverk_med_enhet,
)
from tests.rolu.factories import DeltakelseFactory, ProgrampostFactory, SamlingFactory, klokken

pytestmark = pytest.mark.django_db
VERKSTED, PAUSE = Programpost.Arbeidsform.VERKSTED, Programpost.Arbeidsform.PAUSE


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


def stand(samling: Samling) -> str:
    return programplan.times_mark(poster(samling))


def item(samling: Samling, time: int, minutt: int = 0, *, varighet: int = 30, **mer) -> Programpost:
    return ProgrampostFactory(
        samling=samling, start=klokken(14, time, minutt), varighet=varighet, **mer
    )


# --- what stands where


def test_what_goes_on_at_once_stands_beside_each_other_and_what_comes_after_does_not():
    samling = SamlingFactory()
    item(samling, 9, varighet=60, arbeidsform=VERKSTED)
    item(samling, 9, varighet=30, arbeidsform=VERKSTED)
    item(samling, 9, 30, varighet=30, arbeidsform=VERKSTED)
    item(samling, 10, arbeidsform=VERKSTED)

    [rute] = draw(programplan.make_plan(samling, poster(samling)))

    plasser = [(p.spor, p.av, p.fra, p.til) for p in rute.dager[0].innhold]
    assert plasser == [(1, 2, 1, 3), (2, 2, 1, 2), (2, 2, 2, 3), (1, 1, 3, 4)]
    assert [(rad.hoyde, rad.fra) for rad in rute.tider] == [(6, 540), (6, 570), (6, 600)]


def test_two_days_share_the_hours_and_a_gap_has_its_place():
    samling = SamlingFactory(slutt=klokken(15, 15))
    item(samling, 9, varighet=60)
    item(samling, 11)
    ProgrampostFactory(samling=samling, start=klokken(15, 10), varighet=30)

    [rute] = draw(programplan.make_plan(samling, poster(samling)))

    assert [type(x) for x in rute.dager[0].innhold] == [Plass, Opphold, Plass]
    assert [len(dag.innhold) for dag in rute.dager] == [3, 1]
    assert rute.dager[1].innhold[0].fra == 2
    assert [rad.fra for rad in rute.tider] == [540, 600, 630, 660]


def test_a_day_that_begins_much_later_than_the_next_stands_by_itself_without_a_hole():
    samling = SamlingFactory()
    item(samling, 12, varighet=60)
    for dag, time in ((1, 9), (2, 9), (3, 10), (4, 9)):
        ProgrampostFactory(samling=samling, start=klokken(14 + dag, time), varighet=30)

    ruter = draw(programplan.make_plan(samling, poster(samling)))

    assert [len(rute.dager) for rute in ruter] == [1, 2, 2]
    assert ruter[0].tider[0].fra == 12 * 60


def test_workshops_beside_each_other_are_no_warning_and_the_same_room_is():
    samling = SamlingFactory()
    item(samling, 9, arbeidsform=VERKSTED, rom="Salen")
    annet = item(samling, 9, arbeidsform=VERKSTED, rom="Foajeen")

    assert programplan.make_plan(samling, poster(samling)).varsler == []
    assert programplan.make_plan(samling, poster(samling)).timer == "30 min"
    annet.rom = "Salen"
    annet.save()
    assert programplan.make_plan(samling, poster(samling)).varsler == [
        f"Salen er i bruk til både «{samling.programposter.first()}» og «{annet}» samtidig."
    ]


# --- moving


def test_an_item_moves_alone_with_the_rest_or_lasts_longer():
    samling = SamlingFactory()
    a, b, c = (item(samling, time) for time in (9, 10, 11))

    def naa() -> list[str]:
        return [f"{timezone.localtime(p.start):%H.%M}" for p in poster(samling)]

    programplan.move_item(b, minutter=15, stand=stand(samling))
    assert naa() == ["09.00", "10.15", "11.00"]
    programplan.move_from(b, minutter=15, stand=stand(samling))
    assert naa() == ["09.00", "10.30", "11.15"]
    programplan.extend_item(a, minutter=5, stand=stand(samling))
    assert naa() == ["09.00", "10.35", "11.20"]
    a.refresh_from_db()
    assert a.varighet == 35
    assert c.pk == poster(samling)[-1].pk


def test_two_who_move_at_the_same_time_do_not_move_twice():
    samling = SamlingFactory()
    post = item(samling, 9)
    vist = stand(samling)
    programplan.move_item(post, minutter=15, stand=vist)

    with pytest.raises(Konflikt):
        programplan.move_item(post, minutter=15, stand=vist)

    assert timezone.localtime(poster(samling)[0].start).minute == 15


def test_nothing_moves_to_another_day_or_in_what_is_called_off():
    samling = SamlingFactory()
    post = item(samling, 23, 30)
    with pytest.raises(KanIkke):
        programplan.move_item(post, minutter=60, stand=stand(samling))

    avlyst = SamlingFactory(avlyst=True)
    post = ProgrampostFactory(samling=avlyst)
    with pytest.raises(KanIkke):
        programplan.move_from(post, minutter=15, stand=stand(avlyst))


def test_the_buttons_move_and_the_other_is_told_in_words(som):
    nettverk, _gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    post = item(samling, 9)
    person = som(koordinator(nettverk))
    side = person.get(adresse("samling_program", samling), {"post": post.pk}).text
    felt = {"hva": "post", "minutter": "15", "stand": stand(samling)}
    assert f'value="{felt["stand"]}"' in side
    flytt = adresse("programpost_flytt", samling, post.pk)

    forste = person.post(flytt, felt)
    andre = person.post(flytt, felt, headers={"HX-Request": "true"})

    assert forste.url.endswith(f"?post={post.pk}#post-{post.pk}")
    assert "Noen andre har endret programmet" in andre.text
    post.refresh_from_db()
    assert timezone.localtime(post.start).minute == 15


def test_what_is_dragged_is_told_aloud_keeps_what_is_open_and_can_be_taken_back(som):
    nettverk, _gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    aapen, post = item(samling, 9), item(samling, 10, tittel="Skriving")
    klient = som(koordinator(nettverk))
    flytt = adresse("programpost_flytt", samling, post.pk)

    def move(minutter: int) -> str:
        felt = {"hva": "post", "minutter": minutter, "stand": stand(samling), "aapen": aapen.pk}
        return klient.post(flytt, felt, headers={"HX-Request": "true"}).text

    svar = move(35)
    assert 'data-annonser="«Skriving» går nå 10.35–11.05."' in svar
    assert re.search(rf'app-post--valgt [^"]*"\s+id="post-{aapen.pk}"', svar)
    assert re.search(r'name="minutter" value="-35">.*?id="angre"', svar, re.DOTALL)
    assert "Den kolliderer" not in svar
    assert "«Skriving» går nå 09.20–09.50. Den kolliderer med en annen post." in move(-75)


def test_what_goes_along_is_counted_and_without_script_it_is_a_message(som):
    nettverk, _gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    post, _neste, _siste = (item(samling, time) for time in (9, 10, 11))
    felt = {"hva": "resten", "minutter": 15, "stand": stand(samling)}

    svar = som(koordinator(nettverk)).post(
        adresse("programpost_flytt", samling, post.pk), felt, follow=True
    )

    assert "2 poster etter den er flyttet like mye." in svar.text


def test_the_lines_and_items_of_the_grid_say_which_minutes_they_are(som):
    nettverk, gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    item(samling, 9, varighet=90)
    side = adresse("samling_program", samling)

    styrer = som(koordinator(nettverk)).get(side).text
    assert re.findall(r'data-fra="(\d+)"\s+data-til="(\d+)"', styrer) == [("540", "630")]
    assert re.search(r'data-flytt="[^"]+/flytt/"\s+data-fra="540"\s+data-varer="90"', styrer)
    assert "data-flytt" not in som(gruppemedlem(gruppe)).get(side).text


def test_the_programme_has_no_style_attribute_and_members_no_buttons(som):
    nettverk, gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    post = item(samling, 9, varighet=75, beskrivelse="Ta med en bok.")

    side = som(gruppemedlem(gruppe)).get(adresse("samling_program", samling), {"post": post.pk})

    assert "style=" not in side.text
    assert "fra-1 til-2" in side.text
    assert "Ta med en bok." in side.text
    assert "Skyv denne" not in side.text


# --- the rail


def knapp(som, person, samling: Samling, side: str = "samling") -> str:
    skinne = som(person).get(adresse(side, samling)).context["skinne"]
    return skinne.steg.knapp if skinne.steg else ""


def test_the_one_next_act_follows_the_person_and_the_state(som):
    nettverk, gruppe = nettverk_med_enhet()
    leder, styrer = enhetsleder(gruppe), koordinator(nettverk)
    pro = medlem(nettverk, gruppetype=Gruppe.Type.PROSESSNETTVERK)
    utkast = SamlingFactory(nettverk=nettverk)
    assert knapp(som, styrer, utkast) == "Legg inn programmet"
    item(utkast, 9)
    assert knapp(som, styrer, utkast) == "Publiser og inviter"
    steg = som(styrer).get(adresse("samling", utkast)).context["skinne"].steg
    assert steg.tekst == "Programmet fyller 30 min av 6 t. Ingen har fått e-post ennå."

    kommende = SamlingFactory(nettverk=nettverk, publisert_=True)
    DeltakelseFactory(samling=kommende, verv=leder.verv.get())
    assert knapp(som, styrer, kommende) == "Se den ene som mangler"
    assert knapp(som, leder, kommende) == "Meld på gruppa"
    Deltakelse.objects.update(status="paameldt")
    assert knapp(som, leder, kommende) == ""
    item(kommende, 9)
    assert knapp(som, leder, kommende) == "Se programmet"

    idag_ = SamlingFactory(nettverk=nettverk, i_dag=True)
    assert knapp(som, styrer, idag_) == "Start samlingen"
    assert knapp(som, pro, idag_) == "På dagen"
    var = SamlingFactory(nettverk=nettverk, avholdt=True)
    assert knapp(som, styrer, var) == "Avslutt samlingen"
    assert knapp(som, styrer, SamlingFactory(nettverk=nettverk, avlyst=True)) == ""


def test_who_answers_for_oneself_says_yes_in_the_rail(som):
    nettverk, gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    d = DeltakelseFactory(samling=samling, verv=gruppemedlem(gruppe).verv.get())
    klient = som(d.verv.person)
    assert f'name="deltakelse" value="{d.pk}"' in klient.get(adresse("samling", samling)).text

    klient.post(adresse("paamelding", samling), {"deltakelse": d.pk, "svar": "ja"})

    d.refresh_from_db()
    assert d.status == "paameldt"
    assert "du er påmeldt" in klient.get(adresse("samling_program", samling)).text


def test_the_tabs_count_only_what_the_person_may_see(som):
    nettverk, gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    leder = enhetsleder(gruppe)
    DeltakelseFactory(samling=samling, verv=leder.verv.get(), status="paameldt")
    DeltakelseFactory(samling=samling, verv=VervFactory(gruppe=gruppe))
    DeltakelseFactory.create_batch(2, samling=samling)

    def tall(person) -> str | None:
        faner = som(person).get(adresse("samling", samling)).context["faner"]
        return next((f["antall"] for f in faner if f["label"] == "Deltakere"), None)

    assert tall(koordinator(nettverk)) == "1/4"
    assert tall(leder) == "1/2"
    # Who sees nobody there, is not led there.
    assert tall(gruppemedlem(gruppe)) is None


def test_the_calendar_file_is_the_letters_event_addressed_to_nobody(som):
    nettverk, gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    utkast = SamlingFactory(nettverk=nettverk)

    svar = som(gruppemedlem(gruppe)).get(adresse("samling_kalender", samling))

    assert svar["Content-Type"].startswith("text/calendar")
    assert f"UID:{samling.kalender_id}@nettverksportalen" in svar.text
    assert "METHOD:PUBLISH" in svar.text
    assert "ATTENDEE" not in svar.text
    assert som(koordinator(nettverk)).get(adresse("samling_kalender", utkast)).status_code == 404


# --- the day


def test_now_and_next_and_the_minutes_that_are_left():
    samling = SamlingFactory(publisert_=True)
    for time in (9, 10):
        item(samling, time, varighet=60)

    dagen = now_and_next(samling, poster(samling), klokken(14, 9, 41))
    assert [p.start for p in dagen.naa] == [klokken(14, 9)]
    assert (dagen.minutter, dagen.gaatt, len(dagen.neste)) == (19, 41, 1)
    foer = now_and_next(samling, poster(samling), klokken(14, 8, 50))
    assert (foer.naa, foer.minutter, foer.igjen) == ([], 10, "10 min")
    assert now_and_next(samling, poster(samling), klokken(14, 1, 34)).igjen == "7 t 26 min"
    assert now_and_next(samling, poster(samling), klokken(13, 9)).til is None
    tom = now_and_next(samling, poster(samling), klokken(14, 11))
    assert (tom.er_over, tom.er_tom, tom.naa, tom.neste) == (False, False, [], [])
    samling.status = Samling.Status.OPPSUMMERING
    ferdig = now_and_next(samling, poster(samling), klokken(14, 8, 50))
    assert (ferdig.er_over, ferdig.til, ferdig.neste) == (True, None, [])


def test_what_is_on_another_day_is_told_with_the_day(som):
    nettverk, _gruppe = nettverk_med_enhet()
    samling = SamlingFactory(
        nettverk=nettverk, publisert_=True, start=klokken(0, 0), slutt=klokken(1, 15)
    )
    for dag, tittel in ((0, "I dag"), (1, "I morgen"), (1, "Siden")):
        ProgrampostFactory(samling=samling, start=klokken(dag, 9 + dag), tittel=tittel)

    side = " ".join(som(koordinator(nettverk)).get(adresse("innsjekk", samling)).text.split())

    i_morgen = date_format(klokken(1, 10), "D")
    assert side.count(f"{i_morgen} 10.00") == 4, "what comes, and whose note one may write"
    assert f"{date_format(klokken(0, 9), 'D')} 09.00" not in side


def test_the_day_has_no_menu_and_its_desk_clock_and_note(som):
    nettverk, _gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, i_dag=True)
    naa = timezone.now() - datetime.timedelta(minutes=10)
    post = ProgrampostFactory(samling=samling, start=naa, varighet=60, notat="Tre ord")
    klient = som(koordinator(nettverk))

    side = klient.get(adresse("innsjekk", samling)).text

    assert "app-hovedmeny" not in side
    assert adresse("samling", samling) in side
    assert re.search(r'data-til="\d{10}"', side)
    assert "Tre ord" in side
    felt = {"hva": "forleng", "minutter": "5", "stand": stand(samling), "dagen": "1"}
    svar = klient.post(adresse("programpost_flytt", samling, post.pk), felt)
    assert svar.url == adresse("innsjekk", samling) + "#naa"
    post.refresh_from_db()
    assert post.varighet == 65


def test_the_polls_of_the_day_count_only_what_they_show(som):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    nettverk, _gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, i_dag=True)
    klient = som(koordinator(nettverk))
    with CaptureQueriesContext(connection) as spurt:
        klient.get(adresse("innsjekk", samling), {"naa": 1}, headers={"HX-Request": "true"})
    assert not [q for q in spurt if "rolu_deltakelse" in q["sql"]]


@pytest.mark.parametrize("side", ["samling", "samling_program", "innsjekk"])
def test_a_page_costs_the_same_with_one_and_many(som, side):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    nettverk, gruppe = nettverk_med_enhet()
    samling = SamlingFactory(
        nettverk=nettverk, i_dag=True, paameldingsfrist=idag() + datetime.timedelta(days=1)
    )
    klient = som(koordinator(nettverk))
    antall = []
    for n in (1, 3):
        for verv in VervFactory.create_batch(n, gruppe=gruppe):
            DeltakelseFactory(samling=samling, verv=verv)
            ProgrampostFactory(samling=samling)
        klient.get(adresse(side, samling))
        with CaptureQueriesContext(connection) as spurt:
            klient.get(adresse(side, samling))
        antall.append(len(spurt))
    assert antall[0] == antall[1]


@pytest.mark.django_db(transaction=True)
def test_an_item_does_not_last_longer_when_what_comes_after_cannot_move():
    samling = SamlingFactory()
    post = item(samling, 9)
    item(samling, 23, 30)

    with pytest.raises(KanIkke):
        programplan.extend_item(post, minutter=60, stand=stand(samling))

    post.refresh_from_db()
    assert post.varighet == 30
