"""Tankesmier of a gathering, for those who hold it."""

import datetime
import io
import uuid

import openpyxl
import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from fremtidsbilder.models import Bidrag, Prikk, Samtalesporsmaal, Tankesmie
from fremtidsbilder.tankesmier import bidrag, klynger, moderering, styring
from nettverk.filer.pdf import html_to_pdf
from nettverk.skriving.konflikt import KanIkke, Lukket
from rolu.models import Bordplass, Samling, Samtale
from rolu.samlinger import evaluering, programplan, publisering, samtaleark, samtaler, tilstand
from rolu.samlinger.blokkdata import collect
from rolu.samlinger.blokkinnhold import Slag, put_in_words
from tests.fremtidsbilder.tankesmiefabrikk import BidragFactory
from tests.nettverk.factories import PersonFactory, koordinator
from tests.rolu.factories import BordkartFactory, ProgrampostFactory, SamlingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def samtale() -> Samtale:
    post = ProgrampostFactory(samling=SamlingFactory(i_dag=True), tittel="Rundt bordet")
    return samtaler.make(
        post.samling, programpost=post, antall_bord=4, sporsmaal=["Hva virker?", "Hva nå?"]
    )


@pytest.fixture
def client(samtale) -> Client:
    client = Client()
    client.force_login(
        koordinator(samtale.nettverk), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def _foerste(samtale, *, aapen=True):
    sporsmaal = samtale.tankesmie.sporsmaal.first()
    if aapen:
        styring.open_question(sporsmaal)
        sporsmaal.refresh_from_db()
    return sporsmaal


def _adresse(navn, samtale, *mer) -> str:
    return reverse(f"rolu:{navn}", args=[samtale.nettverk.slug, samtale.samling_id, *mer])


# --- make one


def test_a_tankesmie_is_made_for_an_item_with_its_questions(samtale, client):
    post = ProgrampostFactory(samling=samtale.samling, tittel="Etter lunsj")

    svar = client.post(
        _adresse("samtaler", samtale),
        {"programpost": post.pk, "antall_bord": 88, "sporsmaal": "Hva så vi?\n\n Hva tror vi? \n"},
    )

    ny = post.samtaler.get()
    assert svar.url == _adresse("samtale", samtale, ny.pk)
    assert ny.tankesmie.antall_bord == 88
    assert [s.tekst for s in ny.tankesmie.sporsmaal.all()] == ["Hva så vi?", "Hva tror vi?"]
    assert "Etter lunsj" in client.get(svar.url).text


def test_an_item_has_one_and_one_without_questions_is_told(samtale, client):
    with pytest.raises(KanIkke):
        samtaler.make(samtale.samling, programpost=samtale.programpost)
    ledig = ProgrampostFactory(samling=samtale.samling)
    svar = client.post(
        _adresse("samtaler", samtale),
        {"programpost": ledig.pk, "antall_bord": 300, "sporsmaal": ""},
    )

    assert svar.status_code == 422
    assert "Fyll ut «Spørsmål»." in svar.text
    assert Samtale.objects.count() == 1


def test_a_locked_gathering_changes_nothing(samtale, client):
    sporsmaal = _foerste(samtale)
    kort = BidragFactory(sporsmaal=sporsmaal)
    Samling.objects.filter(pk=samtale.samling_id).update(status=Samling.Status.LAAST)
    samtale.samling.refresh_from_db()

    with pytest.raises(Lukket):
        samtaler.make(samtale.samling, programpost=ProgrampostFactory(samling=samtale.samling))
    client.post(
        _adresse("samtale_vegg", samtale, samtale.pk, sporsmaal.pk),
        {"handling": "skjul", "kort": [kort.pk]},
    )
    client.post(_adresse("samtale_styr", samtale, samtale.pk), {"handling": "lukk"})

    kort.refresh_from_db()
    samtale.tankesmie.refresh_from_db()
    assert not kort.skjult
    assert samtale.tankesmie.lukket is None


def test_what_was_said_at_a_locked_gathering_is_read_and_let_out_from_its_page(samtale, client):
    kort = BidragFactory(sporsmaal=_foerste(samtale))
    Samling.objects.filter(pk=samtale.samling_id).update(status=Samling.Status.LAAST)
    lese = reverse(
        "fremtidsbilder:stemmer", args=[samtale.samling.nettverk.slug, samtale.tankesmie_id]
    )

    assert lese in client.get(_adresse("samtale", samtale, samtale.pk)).text
    client.post(lese, {"en": f"godkjenn:{kort.pk}.{moderering.seen(kort)}"})

    kort.refresh_from_db()
    assert kort.avgjoerelse == "godkjent"


def test_a_draft_that_is_deleted_takes_its_tankesmier_and_an_item_does_not():
    post = ProgrampostFactory()
    samtale = samtaler.make(post.samling, programpost=post, sporsmaal=["Hva?"])
    post.delete()
    samtale.refresh_from_db()
    assert samtale.programpost is None

    publisering.delete_draft(samtale.samling)

    assert not Tankesmie.objects.exists()


def test_one_that_nobody_has_written_in_is_deleted_from_its_page(samtale, client):
    adresse = _adresse("samtale", samtale, samtale.pk)
    styr = _adresse("samtale_styr", samtale, samtale.pk)
    sporsmaal = _foerste(samtale)
    kort = BidragFactory(sporsmaal=sporsmaal)
    assert "Slett tankesmia" not in client.get(adresse).text
    client.post(styr, {"handling": "fjern"})
    assert Tankesmie.objects.exists()
    kort.delete()
    assert "Slett tankesmia" in client.get(adresse).text

    svar = client.post(styr, {"handling": "fjern"}, follow=True)

    assert "Tankesmia er slettet." in svar.text
    assert not Tankesmie.objects.exists()


def test_it_is_called_what_its_item_is_called_on_the_pad_and_on_paper(samtale, client):
    post = samtale.programpost
    post.tittel = "Rundt det runde bordet"
    programplan.change_item(post, felt=["tittel"])
    samtale.refresh_from_db()

    assert samtaler.name_of(samtale) == "Rundt det runde bordet"
    assert "Rundt det runde bordet" in samtaleark.pads_html(samtale)


def test_tables_are_those_that_people_are_seated_at(client, samtale):
    kart = BordkartFactory(samling=samtale.samling, satt_=True)
    ProgrampostFactory(samling=samtale.samling)
    for bord in (1, 7):
        Bordplass.objects.create(bordkart=kart, person=PersonFactory(), bord=bord)

    side = client.get(_adresse("samtaler", samtale))

    assert side.context["form"]["antall_bord"].value() == 7


# --- on the day


@pytest.mark.parametrize("status", [Samling.Status.AVLYST, Samling.Status.UTKAST])
def test_nothing_is_opened_where_nobody_is_asked_to_come(samtale, client, status):
    Samling.objects.filter(pk=samtale.samling_id).update(status=status)
    sporsmaal = _foerste(samtale, aapen=False)

    client.post(
        _adresse("samtale_styr", samtale, samtale.pk),
        {"handling": "start", "sporsmaal": sporsmaal.pk},
    )

    sporsmaal.refresh_from_db()
    assert sporsmaal.er_kommende


def test_the_hall_talks_of_one_thing_but_for_what_is_held_at_the_same_time(samtale, client):
    post = samtale.programpost
    samtidig, senere = (
        samtaler.make(
            samtale.samling,
            programpost=ProgrampostFactory(samling=samtale.samling, start=start),
            sporsmaal=["Hva mer?"],
        )
        for start in (post.start, post.slutt)
    )
    for annen in (samtale, samtidig):
        samtaler.start(annen, annen.tankesmie.sporsmaal.first())

    svar = client.post(
        _adresse("samtale_styr", samtale, senere.pk),
        {"handling": "start", "sporsmaal": senere.tankesmie.sporsmaal.get().pk},
        follow=True,
    )

    aapne = Samtalesporsmaal.objects.filter(status="aapent")
    assert [s.tankesmie for s in aapne] == [senere.tankesmie]
    assert "«Hva virker?» er stengt." in svar.text
    styring.freeze_question(aapne.get())
    assert samtaler.screen_wall(samtale.samling) is None  # still at the one opened last


def test_a_question_is_started_counted_down_and_frozen_from_the_page(samtale, client):
    sporsmaal = _foerste(samtale, aapen=False)
    adresse = _adresse("samtale_styr", samtale, samtale.pk)

    def press(handling, **mer):
        svar = client.post(adresse, {"handling": handling, "sporsmaal": sporsmaal.pk, **mer})
        sporsmaal.refresh_from_db()
        return svar

    assert press("start").url == _adresse("samtale", samtale, samtale.pk)
    assert sporsmaal.er_aapent
    press("snart")
    assert sporsmaal.frist <= timezone.now() + datetime.timedelta(minutes=2)
    press("prikker", prikker=3)
    assert sporsmaal.prikker == 3
    press("prikker", prikker=99)
    press("prikker")
    assert sporsmaal.prikker == 3
    dagen = reverse("rolu:innsjekk", args=[samtale.nettverk.slug, samtale.samling_id])
    assert press("steng", neste=dagen).url == dagen
    assert sporsmaal.status == "frosset"
    assert press("steng", neste="//ond.example/").url == _adresse("samtale", samtale, samtale.pk)


def _veggskjema(client, samtale, sporsmaal) -> str:
    """What stands in the form for the dots, on the wall of the question."""
    side = client.get(_adresse("samtale_vegg", samtale, samtale.pk, sporsmaal.pk)).text
    return side.split('<form\n                class="app-samtalebord"')[1].split("</form>")[0]


def test_dots_are_opened_with_a_number_and_closed_with_a_button(samtale, client):
    sporsmaal = _foerste(samtale)
    adresse = _adresse("samtale_styr", samtale, samtale.pk)
    felles = {"handling": "prikker", "sporsmaal": sporsmaal.pk}
    stengt = _veggskjema(client, samtale, sporsmaal)
    assert "Åpne for prikker" in stengt
    assert 'type="number"' in stengt

    uten_tall = client.post(adresse, felles, follow=True)
    assert "Skriv hvor mange prikker hver telefon kan gi." in uten_tall.text
    client.post(adresse, felles | {"prikker": 3})
    aapent = _veggskjema(client, samtale, sporsmaal)
    assert "Hver telefon kan gi 3 prikker." in aapent
    assert "Steng prikkene" in aapent
    assert '<input type="hidden" name="prikker" value="0">' in aapent
    assert 'type="number"' not in aapent

    svar = client.post(adresse, felles | {"prikker": 0}, follow=True)
    sporsmaal.refresh_from_db()
    assert "Prikkene er stengt." in svar.text
    assert sporsmaal.prikker == 0


def test_a_question_is_written_otherwise_and_two_who_do_it_see_both(samtale, client):
    sporsmaal = _foerste(samtale)
    adresse = _adresse("samtalesporsmaal_endre", samtale, samtale.pk, sporsmaal.pk)
    side = client.get(adresse)
    stand = side.context["form"]["stand"].value()
    assert "Telefonene og storskjermen viser de nye ordene" in side.text

    foer = Tankesmie.objects.get().versjon
    svar = client.post(adresse, {"tekst": "Hva virker best?", "stand": stand}, follow=True)
    assert "Spørsmålet er lagret." in svar.text
    assert Tankesmie.objects.get().versjon > foer
    sen = client.post(adresse, {"tekst": "Hva virker ikke?", "stand": stand})
    sporsmaal.refresh_from_db()

    assert sporsmaal.tekst == "Hva virker best?"
    assert "Lagret av en annen" in sen.text
    assert "Hva virker ikke?" in sen.text
    tom = client.post(adresse, {"tekst": " "})
    assert tom.status_code == 422
    styring.freeze_question(sporsmaal)
    sporsmaal.delete()
    assert client.post(adresse, {"tekst": "Borte"}).status_code == 404


def test_those_to_come_are_put_in_another_order_and_what_is_begun_is_not(samtale, client):
    foerste = _foerste(samtale, aapen=False)
    styring.add_question(samtale.tankesmie, tekst="Hva så?")
    adresse = _adresse("samtale_styr", samtale, samtale.pk)
    sist = samtale.tankesmie.sporsmaal.get(tekst="Hva så?")

    def press(handling, sporsmaal) -> list[str]:
        client.post(adresse, {"handling": handling, "sporsmaal": sporsmaal.pk})
        return list(samtale.tankesmie.sporsmaal.values_list("tekst", flat=True))

    assert press("opp", sist) == ["Hva virker?", "Hva så?", "Hva nå?"]
    assert press("ned", foerste) == ["Hva så?", "Hva virker?", "Hva nå?"]
    assert press("opp", sist) == ["Hva så?", "Hva virker?", "Hva nå?"]
    styring.open_question(foerste)
    assert press("opp", foerste) == ["Hva så?", "Hva virker?", "Hva nå?"]


def test_one_sees_which_tables_have_written_nothing_and_is_told_when_that_changes(samtale, client):
    sporsmaal = _foerste(samtale)
    BidragFactory.create_batch(2, sporsmaal=sporsmaal, bord=2)
    adresse = _adresse("samtale", samtale, samtale.pk)
    side = client.get(adresse).text
    etter = side.split("?etter=")[1].split('"')[0]

    assert "3 bord har ikke skrevet: 1, 3, 4" in side
    assert client.get(adresse, {"etter": etter}).status_code == 204
    bidrag.type_in(sporsmaal, tekst="Fra papir", bord=1)
    assert "2 bord har ikke skrevet: 3, 4" in client.get(adresse, {"etter": etter}).text


def test_the_panel_of_the_day_has_the_open_question_and_the_next(samtale):
    assert samtaler.day_panel(SamlingFactory()) is None
    sporsmaal = _foerste(samtale)
    BidragFactory(sporsmaal=sporsmaal, bord=1)

    panel = samtaler.day_panel(samtale.samling)

    assert (panel["aapent"].tekst, panel["antall"], panel["neste"].tekst) == (
        "Hva virker?",
        1,
        "Hva nå?",
    )
    assert panel["tomme_bord"] == [2, 3, 4]
    request = RequestFactory().get("/nordmore/")
    tegnet = render_to_string("rolu/dagen/_samtaler.html", {"data": panel}, request)
    assert "3 bord har ikke skrevet" in tegnet
    assert "Tell ned to minutter" in tegnet
    assert tegnet.count("data-skrevet") == 1
    assert tegnet.count("Rundt bordet") == 2, "which item each question belongs to"
    styring.freeze_question(sporsmaal)
    stengt = samtaler.day_panel(samtale.samling)
    assert (stengt["aapent"], stengt["sist"], stengt["antall"]) == (None, sporsmaal, 1)
    tegnet = render_to_string("rolu/dagen/_samtaler.html", {"data": stengt}, request)
    assert "Åpne igjen" in tegnet
    assert f'/{sporsmaal.pk}/"' in tegnet, "the way to its wall"


def _post(samling, tittel: str, minutter: int) -> Samtale:
    """A tankesmie of an item that begins in so many minutes and lasts half an hour."""
    start = timezone.now() + datetime.timedelta(minutes=minutter)
    post = ProgrampostFactory(samling=samling, tittel=tittel, start=start, varighet=30)
    return samtaler.make(samling, programpost=post, sporsmaal=[f"{tittel}?"])


def test_the_next_question_is_of_what_goes_on_else_of_what_comes_else_of_what_was():
    samling = SamlingFactory(i_dag=True)
    _post(samling, "Lenge siden", -300)
    _post(samling, "Nettopp", -60)
    naa = _post(samling, "Nå", -10)
    snart = _post(samling, "Snart", 30)
    senere = _post(samling, "Senere", 90)

    rekke = []
    for samtale in (naa, snart, senere, None):
        rekke.append(samtaler.day_panel(samling)["neste"].tekst)
        if samtale:
            styring.open_question(samtale.tankesmie.sporsmaal.get())

    assert rekke == ["Nå?", "Snart?", "Senere?", "Nettopp?"]


def test_the_page_of_the_hall_follows_the_tables_and_the_answers(samtale, client):
    sporsmaal = _foerste(samtale)
    side = client.get(_adresse("dagen", samtale)).text
    sti = side.split('hx-get="')[1:]
    sti = next(s for s in sti if "etter=" in s.split('"')[0]).split('"')[0]
    assert client.get(sti, HTTP_HX_REQUEST="true").status_code == 204
    bidrag.type_in(sporsmaal, tekst="Lek", bord=2)

    nytt = client.get(sti, HTTP_HX_REQUEST="true").text

    assert "3 bord har ikke skrevet" in nytt
    assert 'id="salen-panel0"' in nytt
    assert 'id="salen-panel1"' not in nytt
    assert "skjermbeskjed" not in nytt, "what one writes, is not swapped"


def test_what_the_hall_asks_reads_no_wall_and_costs_the_same(samtale, client):
    sporsmaal = _foerste(samtale)
    side = client.get(_adresse("dagen", samtale)).text
    sti = next(s for s in side.split('hx-get="') if "etter=" in s.split('"')[0]).split('"')[0]

    def ask() -> list[str]:
        with CaptureQueriesContext(connection) as spoerringer:
            client.get(sti, HTTP_HX_REQUEST="true")
        return [q["sql"] for q in spoerringer]

    BidragFactory.create_batch(2, sporsmaal=sporsmaal, bord=1)
    ask()
    faa = ask()
    BidragFactory.create_batch(30, sporsmaal=sporsmaal, bord=1)
    _post(samtale.samling, "Mer", 60)
    mange = ask()

    assert len(faa) == len(mange) <= 18
    lest = [sql for sql in mange if '"fremtidsbilder_bidrag"."tekst"' in sql.split("WHERE")[0]]
    assert lest == []


@pytest.mark.parametrize(
    ("temaer", "vist", "i_hvert"), [(2, 2, 3), (5, 5, 1), (6, 5, 1), (8, 5, 1)]
)
def test_the_wall_on_the_screen_has_themes_with_cards_and_those_outside(
    samtale, temaer, vist, i_hvert
):
    sporsmaal = _foerste(samtale)
    for nr in range(temaer):
        kort = BidragFactory.create_batch(4, sporsmaal=sporsmaal, tekst=f"Kort i {nr}")
        klynger.make(sporsmaal, navn=f"Tema {nr}", kort=[k.pk for k in kort])
    BidragFactory.create_batch(4, sporsmaal=sporsmaal, tekst="Utenfor")
    valgt = BidragFactory(sporsmaal=sporsmaal, tekst="Mest prikker " + "x" * 200)
    BidragFactory(sporsmaal=sporsmaal, tekst="Nyest")
    Prikk.objects.create(bidrag=valgt, velger=uuid.uuid4())

    vegg = samtaler.screen_wall(samtale.samling)

    assert [t.navn for t in vegg["temaer"]] == [f"Tema {nr}" for nr in range(vist)]
    assert [(len(t.kort), t.flere) for t in vegg["temaer"]] == [(i_hvert, 4 - i_hvert)] * vist
    assert vegg["flere_temaer"] == temaer - vist
    utenfor = vegg["uten_tema"]
    forventet = ["Mest prikker", "Nyest", "Utenfor"][:i_hvert]
    assert [k.tekst[:12] for k in utenfor.kort] == forventet
    assert (utenfor.antall, utenfor.flere) == (6, 6 - i_hvert)
    tegnet = render_to_string("rolu/storskjerm/_vegg.html", {"data": vegg})
    assert "Uten tema" in tegnet
    assert f"1 prikk · {6 - i_hvert} bidrag til" in " ".join(tegnet.split())


def test_before_there_are_themes_the_wall_has_six_cards_and_tells_of_the_others(samtale):
    sporsmaal = _foerste(samtale)
    BidragFactory.create_batch(9, sporsmaal=sporsmaal)

    vegg = samtaler.screen_wall(samtale.samling)

    assert (vegg["temaer"], len(vegg["uten_tema"].kort)) == ([], 6)
    tegnet = render_to_string("rolu/storskjerm/_vegg.html", {"data": vegg})
    assert "3 til" in " ".join(tegnet.split())
    assert "Uten tema" not in tegnet


def test_the_screens_have_the_question_the_themes_and_the_words_and_nobodys_name(samtale):
    samling = samtale.samling
    assert samtaler.screen_prompt(samling) is None
    assert samtaler.screen_wall(samling) is None
    assert samtaler.screen_cloud(samling) is None
    sporsmaal = _foerste(samtale)
    kort = BidragFactory.create_batch(2, sporsmaal=sporsmaal, tekst="Lek i skogen", bord=3)
    klynger.make(sporsmaal, navn="Ute", kort=[kort[0].pk])

    prompt, vegg, sky = (
        samtaler.screen_prompt(samling),
        samtaler.screen_wall(samling),
        samtaler.screen_cloud(samling),
    )

    assert (prompt["antall"], prompt["bord_i_gang"]) == (2, 1)
    styring.soon_over(sporsmaal)
    for mal, data, sagt in (
        ("_samtale", samtaler.screen_prompt(samling), "Ferdig"),
        ("_vegg", vegg, "Ute"),
        ("_sky", sky, "skogen"),
    ):
        assert sagt in render_to_string(f"rolu/storskjerm/{mal}.html", {"data": data})
    assert "<svg" in prompt["qr"]
    assert [t.navn for t in vegg["temaer"]] == ["Ute"]
    assert [o.ord for o in sky["sky"]] == ["lek", "skogen"]
    styring.freeze_question(sporsmaal)
    assert samtaler.screen_prompt(samling) is None
    assert samtaler.screen_wall(samling)["antall"] == 2


def test_a_screen_that_asks_again_reads_no_card_and_sees_the_next_at_once(
    samtale, django_assert_num_queries
):
    sporsmaal = _foerste(samtale)
    bidrag.type_in(sporsmaal, tekst="Lek i skogen\n\nLek ved sjøen", bord=1)
    samtaler.screen_wall(samtale.samling)
    samtaler.screen_cloud(samtale.samling)

    with django_assert_num_queries(2):
        samtaler.screen_wall(samtale.samling)
        samtaler.screen_cloud(samtale.samling)
    bidrag.type_in(sporsmaal, tekst="Skogen igjen", bord=2)

    assert samtaler.screen_wall(samtale.samling)["antall"] == 3
    assert [o.ord for o in samtaler.screen_cloud(samtale.samling)["sky"]] == ["lek", "skogen"]


# --- the wall


def _arrange(client, samtale, sporsmaal, **felt):
    return client.post(
        _adresse("samtale_vegg", samtale, samtale.pk, sporsmaal.pk),
        felt,
        headers={"HX-Request": "true"},
    )


def test_cards_are_put_in_themes_merged_named_hidden_and_picked_by_buttons(samtale, client):
    sporsmaal = _foerste(samtale)
    en, to, tre = BidragFactory.create_batch(3, sporsmaal=sporsmaal)

    def do(**felt):
        return _arrange(client, samtale, sporsmaal, **felt)

    assert "Temaet «Lek» er laget." in do(handling="nytt", navn="Lek", kort=[en.pk, to.pk]).text
    do(handling="nytt", navn="Ute", kort=[tre.pk])
    lek, ute = sporsmaal.klynger.all()
    do(handling="navn", tema=lek.pk, navn="Lek og leik")
    do(handling="slaa", tema=ute.pk, inn_i=lek.pk)
    do(handling="velg", kort=[en.pk])
    siste = do(handling="skjul", kort=[to.pk]).text

    lek.refresh_from_db()
    assert lek.navn == "Lek og leik"
    assert "Slått sammen med «Ute»" in siste
    assert "Ikke på veggen" in siste
    assert 'name="angre"' in siste
    to.refresh_from_db()
    assert (to.avgjoerelse, to.grunn) == ("holdt", "Skjult på veggen")
    do(handling="flytt", kort=[en.pk], tema="")
    en.refresh_from_db()
    assert (en.klynge, en.valgt) == (None, True)
    do(handling="slett", kort=[to.pk])
    to.refresh_from_db()
    assert to.tekst == ""


@pytest.mark.parametrize(
    ("felt", "sagt"),
    [
        ({"handling": "flytt"}, "Kryss av ett eller flere bidrag først."),
        ({"handling": "nytt", "navn": ""}, "Skriv hva temaet skal hete."),
        ({"handling": "slaa", "tema": "1"}, "Velg et tema å slå det sammen med."),
        ({"handling": "flytt", "kort": ["1"], "tema": "999999"}, "Temaet er fjernet."),
    ],
)
def test_what_cannot_be_done_on_the_wall_is_told(samtale, client, felt, sagt):
    sporsmaal = _foerste(samtale)

    assert sagt in _arrange(client, samtale, sporsmaal, **felt).text
    uten_htmx = client.post(
        _adresse("samtale_vegg", samtale, samtale.pk, sporsmaal.pk), felt, follow=True
    )
    assert sagt in uten_htmx.text


def test_a_card_that_may_name_a_child_is_marked(samtale, client):
    sporsmaal = _foerste(samtale)
    BidragFactory(sporsmaal=sporsmaal, tekst="Eleven Kari trives")

    side = client.get(_adresse("samtale_vegg", samtale, samtale.pk, sporsmaal.pk))

    assert "Kan nevne et barn" in side.text


def test_paper_is_typed_once_however_often_it_is_sent(samtale, client):
    sporsmaal = _foerste(samtale)
    adresse = _adresse("samtale_papir", samtale, samtale.pk, sporsmaal.pk)
    felt = {"bord": 2, "tekst": "En\nTo", "engang": str(uuid.uuid4())}

    for _gang in range(2):
        assert client.post(adresse, felt).status_code == 302
    for_mye = client.post(adresse, {"bord": 2, "tekst": "x" * 5000})
    annet_bord = client.post(adresse, {"bord": 5, "tekst": "x"})

    assert sporsmaal.bidrag.count() == 2
    assert for_mye.status_code == 422
    assert "Et bidrag kan ha 1000 tegn." in for_mye.text
    assert annet_bord.status_code == 422


def test_a_wall_asked_for_by_htmx_without_a_number_is_the_whole_page(samtale, client):
    sporsmaal = _foerste(samtale)
    adresse = _adresse("samtale_vegg", samtale, samtale.pk, sporsmaal.pk)

    assert "<html" in client.get(adresse, HTTP_HX_REQUEST="true").text


def test_a_wall_of_another_gathering_is_not_reached(samtale, client):
    annen = SamlingFactory(nettverk=samtale.nettverk)
    post = ProgrampostFactory(samling=annen)
    deres = samtaler.make(annen, programpost=post, sporsmaal=["Hva?"])
    sporsmaal = deres.tankesmie.sporsmaal.get()

    assert client.get(_adresse("samtale", samtale, deres.pk)).status_code == 404
    vegg = _adresse("samtale_vegg", samtale, samtale.pk, sporsmaal.pk)
    assert client.get(vegg).status_code == 404


# --- out of it


def test_the_spreadsheet_has_a_row_for_each_card_and_nothing_of_what_is_hidden(samtale, client):
    sporsmaal = _foerste(samtale)
    kort = BidragFactory(sporsmaal=sporsmaal, tekst='=HYPERLINK("x")', bord=3, valgt=True)
    klynger.make(sporsmaal, navn="Ute", kort=[kort.pk])
    BidragFactory(sporsmaal=sporsmaal, tekst="Om Kari", skjult=True)
    Prikk.objects.create(bidrag=kort, velger=uuid.uuid4())

    svar = client.get(_adresse("samtaler_regneark", samtale))

    hode, rad = openpyxl.load_workbook(io.BytesIO(svar.content)).active.iter_rows(values_only=True)
    assert hode[0] == "Samling"
    assert rad[0] == samtale.samling.tittel
    assert rad[2:] == ("Rundt bordet", 3, "Hva virker?", "Ute", '=HYPERLINK("x")', 1, "ja")


def test_the_voices_are_in_the_summary_those_picked_else_those_with_most_dots(samtale):
    sporsmaal = _foerste(samtale)
    en, to = (BidragFactory(sporsmaal=sporsmaal, tekst=t) for t in ("En", "To"))
    klynger.make(sporsmaal, navn="Ute", kort=[en.pk, to.pk])
    Prikk.objects.create(bidrag=to, velger=uuid.uuid4())

    def said() -> str:
        data = collect(samtale.samling)[Slag.STEMMER]
        return repr(put_in_words(Slag.STEMMER, data))

    assert "«To»" in said()
    assert "«En»" not in said()
    bidrag.pick(sporsmaal, [en.pk])
    assert "«En»" in said()
    assert "«To»" not in said()
    assert "Hva virker?" in said()
    assert "'Ute', '2', '1'" in said()
    moderering.hide(sporsmaal, [en.pk, to.pk])
    assert collect(samtale.samling)[Slag.STEMMER] == {}


def test_paper_has_a_page_for_each_table_and_question_and_a_slip_for_each_table(samtale):
    assert len(samtaleark.pads(samtale)) == 8
    assert [len(side) for side in samtaleark.slips(samtale)] == [4]
    for html in (samtaleark.pads_html(samtale), samtaleark.slips_html(samtale)):
        assert "Bord 4" in html
        assert html_to_pdf(html).startswith(b"%PDF")


def test_the_prints_are_ordered_from_the_page(samtale, client):
    svar = client.post(_adresse("samtale_ark", samtale, samtale.pk), {"ark": "kodelapper"})

    assert svar.status_code == 302
    assert set(samtaleark.latest_jobs(samtale)) == {"kodelapper"}


# --- what has an end


def test_locking_the_gathering_closes_its_codes():
    post = ProgrampostFactory(samling=SamlingFactory(oppsummering_=True))
    samtale = samtaler.make(post.samling, programpost=post, sporsmaal=["Hva?"])

    tilstand.lock(samtale.samling, by=koordinator(samtale.nettverk))

    samtale.tankesmie.refresh_from_db()
    assert samtale.tankesmie.lukket


@pytest.mark.parametrize("hvordan", ["laast", "avlyst"])
def test_nothing_is_answered_by_a_code_of_a_gathering_that_is_locked_or_called_off(hvordan):
    samling = SamlingFactory(oppsummering_=True) if hvordan == "laast" else SamlingFactory()
    if hvordan == "avlyst":
        Samling.objects.filter(pk=samling.pk).update(status=Samling.Status.INVITERT)
        samling.refresh_from_db()
    by = koordinator(samling.nettverk)
    tankesmie = samtaler.make(
        samling, programpost=ProgrampostFactory(samling=samling), sporsmaal=["Hva?"]
    ).tankesmie
    undersokelse = evaluering.make(samling)
    evaluering.start(samling, undersokelse)

    if hvordan == "laast":
        tilstand.lock(samling, by=by)
    else:
        publisering.cancel(samling, by=by)

    tankesmie.refresh_from_db()
    undersokelse.refresh_from_db()
    assert tankesmie.lukket
    assert undersokelse.er_stengt


def test_codes_are_closed_some_days_after_the_gathering(samtale):
    slutt = samtale.samling.slutt

    assert samtaler.purge(slutt + datetime.timedelta(days=2)) == 0
    assert samtaler.purge(slutt + datetime.timedelta(days=4)) == 1
    samtale.tankesmie.refresh_from_db()
    assert samtale.tankesmie.lukket


def test_the_pages_cost_the_same_with_one_and_three_of_each(samtale, client):
    sporsmaal = _foerste(samtale)
    BidragFactory(sporsmaal=sporsmaal)
    adresser = (
        _adresse("samtaler", samtale),
        _adresse("samtale", samtale, samtale.pk),
        _adresse("samtale_vegg", samtale, samtale.pk, sporsmaal.pk),
    )

    def cost() -> list[int]:
        antall = []
        for adresse in adresser:
            with CaptureQueriesContext(connection) as spoerringer:
                client.get(adresse)
            antall.append(len(spoerringer))
        return antall

    cost()
    foer = cost()
    for _n in range(2):
        post = ProgrampostFactory(samling=samtale.samling)
        samtaler.make(samtale.samling, programpost=post, sporsmaal=["En", "To"])
        styring.add_question(samtale.tankesmie, tekst="Mer?")
    Bidrag.objects.bulk_create(Bidrag(sporsmaal=sporsmaal, tekst=f"{n}") for n in range(20))
    klynger.make(sporsmaal, navn="Ute", kort=[sporsmaal.bidrag.first().pk])

    assert cost() == foer
