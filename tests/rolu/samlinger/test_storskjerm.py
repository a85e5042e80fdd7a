"""The big screen: what it shows, who steers it, and that it asks for little."""

import datetime
import re
from unittest.mock import patch

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from nettverk.models import Verv
from nettverk.skriving.konflikt import KanIkke, Lukket
from rolu.forms.storskjerm import BeskjedForm
from rolu.models import Programpost, Samling, Storskjerm
from rolu.samlinger import skjermbilder, storskjerm
from rolu.samlinger.skjermbilder import Dagpanel, Skjermbilde
from tests.nettverk.factories import NettverkFactory, kog, koordinator
from tests.rolu.factories import ProgrampostFactory, SamlingFactory
from tests.samtidig import at_once

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def samling() -> Samling:
    return SamlingFactory(i_dag=True, tittel="Høstsamlingen")


@pytest.fixture
def client(samling) -> Client:
    client = Client()
    client.force_login(
        koordinator(samling.nettverk), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def _address(samling: Samling, navn: str = "storskjerm") -> str:
    return reverse(f"rolu:{navn}", args=[samling.nettverk.slug, samling.pk])


def _poll(side: str, hva: str = "storskjerm") -> str:
    """The address that the page asks, as it says itself."""
    return re.search(rf'hx-get="([^"]*/{hva}/\?etter=[^"]+)"', side)[1].replace("&amp;", "&")


def _row(samling: Samling) -> Storskjerm:
    return Storskjerm.objects.get(samling=samling)


def _goes_on(samling: Samling, tittel: str, **felt) -> Programpost:
    """An item that began ten minutes ago."""
    start = timezone.now() - datetime.timedelta(minutes=10)
    return ProgrampostFactory(samling=samling, tittel=tittel, start=start, **felt)


# --- the row


@pytest.mark.parametrize(
    "felt",
    [
        {"beskjed": "To minutter igjen"},
        {"beskjed_til": "2026-11-27T10:00:00Z"},
        {"bilde": ""},
        {"versjon": 0},
    ],
    ids=str,
)
def test_the_database_keeps_what_always_holds(samling, felt):
    with pytest.raises(IntegrityError), transaction.atomic():
        Storskjerm.objects.create(samling=samling, **felt)


def test_it_is_made_when_it_is_first_asked_for_and_is_one(samling, client):
    assert not Storskjerm.objects.exists()

    client.get(_address(samling))
    client.get(_address(samling))

    assert _row(samling).bilde == "naa"


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_for_it_at_once_get_the_same(samling):
    at_once(*[lambda: storskjerm.screen_of(Samling.objects.get(pk=samling.pk))] * 4)

    assert Storskjerm.objects.count() == 1


# --- the acts


def test_each_act_raises_the_version_and_the_last_wins(samling):
    storskjerm.show(samling, bilde="velkommen")
    storskjerm.say(samling, beskjed="To minutter igjen", minutter=2)
    storskjerm.count_down(samling, minutter=10)
    storskjerm.show(samling, bilde="svart")

    rad = _row(samling)
    assert (rad.bilde, rad.beskjed, rad.versjon) == ("svart", "To minutter igjen", 5)
    storskjerm.unsay(samling)
    storskjerm.stop_counting(samling)
    rad = _row(samling)
    assert (rad.beskjed, rad.beskjed_til, rad.nedtelling_til, rad.versjon) == ("", None, None, 7)


@pytest.mark.django_db(transaction=True)
def test_no_version_is_lost_when_many_steer_at_once(samling):
    at_once(*[lambda: storskjerm.count_down(samling, minutter=5)] * 4)

    assert _row(samling).versjon == 5


def test_what_is_not_done_raises_no_version(samling):
    storskjerm.show(samling, bilde="velkommen")
    with transaction.atomic():
        storskjerm.show(samling, bilde="svart")
        transaction.set_rollback(True)

    assert (_row(samling).bilde, _row(samling).versjon) == ("velkommen", 2)


@pytest.mark.parametrize("trekk", [{}, {"avlyst": True}], ids=["draft", "called off"])
def test_a_gathering_nobody_comes_to_has_no_screen(trekk):
    with pytest.raises(KanIkke):
        storskjerm.show(SamlingFactory(**trekk), bilde="svart")


def test_a_locked_gathering_is_not_steered():
    with pytest.raises(Lukket):
        storskjerm.say(SamlingFactory(laast=True), beskjed="Hei", minutter=1)


def test_a_message_and_a_countdown_end_by_themselves(samling):
    storskjerm.say(samling, beskjed="To minutter igjen", minutter=2)
    storskjerm.count_down(samling, minutter=5)
    rad, naa = _row(samling), timezone.now()

    def at(minutter: float) -> storskjerm.Skjermstand:
        return storskjerm.state_of(rad, naa + datetime.timedelta(minutes=minutter))

    assert at(1.9).beskjed == "To minutter igjen"
    assert at(2.1).beskjed == ""
    assert at(5.5).nedtelling_til is not None, "it says for a while that the time is out"
    assert at(6.1).nedtelling_til is None


# --- what the hall sees


def test_the_screen_tells_what_goes_on_and_names_nobody(samling, client):
    _goes_on(samling, "Begreper vi møter ute", rom="Salen", leder="Marit Rogneskar", varighet=40)
    ProgrampostFactory(
        samling=samling,
        tittel="Verksted ute",
        leder="Sunniva Lyngskjær",
        start=timezone.now() + datetime.timedelta(minutes=1),
    )

    side = client.get(_address(samling)).text

    assert "Begreper vi møter ute" in side
    assert "Salen" in side
    assert "Verksted ute" in side
    assert "Marit Rogneskar" not in side
    assert "Sunniva Lyngskjær" not in side
    person = Verv.objects.filter(gruppe__nettverk=samling.nettverk).first().person
    assert person.navn not in side
    assert "app-hovedmeny" not in side


@pytest.mark.parametrize(
    ("trekk", "tekst"),
    [
        ({"i_dag": True}, "Høstsamlingen"),
        ({"laast": True}, "Takk for i dag"),
        ({"publisert_": True}, "Høstsamlingen"),
    ],
    ids=["no programme", "over", "to come"],
)
def test_the_screen_has_something_to_say_whenever_it_is_opened(trekk, tekst):
    samling = SamlingFactory(tittel="Høstsamlingen", **trekk)
    client = Client()
    client.force_login(
        koordinator(samling.nettverk), backend="django.contrib.auth.backends.ModelBackend"
    )

    assert tekst in client.get(_address(samling)).text


def test_it_tells_when_one_begins_another_day(client, samling):
    kommer = SamlingFactory(nettverk=samling.nettverk, publisert_=True)
    ProgrampostFactory(samling=kommer)

    assert "Vi begynner kl.\xa009.00" in client.get(_address(kommer)).text


def test_welcome_leads_to_ones_own_code_and_shows_nobodys(samling, client):
    storskjerm.show(samling, bilde="velkommen")

    side = client.get(_address(samling)).text

    assert "Skann koden og logg inn" in side
    assert "<svg" in side
    assert f"/{samling.nettverk.slug}/samlinger/{samling.pk}" in side


def test_the_hall_reads_it_in_the_language_of_the_network():
    samling = SamlingFactory(i_dag=True, nettverk=NettverkFactory(maalform="nn"))
    person = koordinator(samling.nettverk)
    person.spraak = "en"
    person.save()
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")

    client.post(_address(samling, "storskjerm_beskjed"), {"ferdig": "to_minutter"})

    assert '<html lang="nn"' in client.get(_address(samling)).text
    assert _row(samling).beskjed == "To minutt att"


@pytest.mark.parametrize(
    ("skrevet", "vist"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("Lunsj 🍲 nå", "Lunsj 🍲 nå"),
        ("\u202eabc\u202c שלום", "abc שלום"),
        ("to\nlinjer\x00", "to linjer"),
    ],
    ids=["script", "emoji", "right to left", "control characters"],
)
def test_a_message_is_text_whatever_is_written(samling, client, skrevet, vist):
    svar = client.post(
        _address(samling, "storskjerm_beskjed"), {"beskjed": skrevet, "minutter": "2"}
    )

    assert svar.status_code == 302
    assert vist in client.get(_address(samling)).text


@pytest.mark.parametrize(
    ("felt", "feil"),
    [
        ({"beskjed": "x" * 500, "minutter": "2"}, "120"),
        ({"beskjed": "", "minutter": "2"}, "Fyll ut «Egen beskjed»."),
        ({"beskjed": "Hei", "minutter": "999"}, "minutter"),
    ],
    ids=["500 characters", "empty", "another time"],
)
@pytest.mark.parametrize("htmx", [{}, HTMX], ids=["form", "htmx"])
def test_a_message_that_cannot_be_shown_is_told_at_the_field(samling, client, felt, feil, htmx):
    svar = client.post(_address(samling, "storskjerm_beskjed"), felt, **htmx)

    assert svar.status_code == 422
    assert feil in svar.text
    if felt["beskjed"]:
        assert felt["beskjed"] in svar.text, "what was written stands"
    assert not Storskjerm.objects.exclude(beskjed="").exists()


@pytest.mark.parametrize("minutter", ["0", "241", "-5", "ti", "²", "9" * 400, ""])
def test_a_countdown_of_no_time_is_told_at_the_field(samling, client, minutter):
    svar = client.post(_address(samling, "storskjerm_nedtelling"), {"minutter": minutter}, **HTMX)

    assert svar.status_code == 422
    assert "1 til 240" in svar.text or "Fyll ut" in svar.text


def test_a_picture_that_is_no_more_is_now_and_next(samling, client):
    storskjerm.screen_of(samling)
    Storskjerm.objects.update(bilde="borte")

    assert 'data-bilde="naa"' in client.get(_address(samling)).text
    assert client.post(_address(samling, "storskjerm_bilde"), {"bilde": "x"}).status_code == 422


# --- it asks


def test_nothing_new_is_204_and_costs_two_queries_beside_who_asks(samling, client):
    _goes_on(samling, "Nå", varighet=600)
    sti = _poll(client.get(_address(samling)).text)

    with CaptureQueriesContext(connection) as spoerringer:
        svar = client.get(sti, **HTMX)

    assert svar.status_code == 204
    assert not svar.content
    # The session, the person, and the network with the person's roles: as every page.
    egne = [q["sql"] for q in spoerringer if '"rolu_' in q["sql"].split("WHERE")[0]]
    assert len(egne) <= 2, egne
    assert len(spoerringer) == len(egne) + 3


@pytest.mark.parametrize(
    "noe",
    [
        lambda s: storskjerm.show(s, bilde="velkommen"),
        lambda s: storskjerm.say(s, beskjed="Hei", minutter=1),
        lambda s: storskjerm.count_down(s, minutter=5),
        lambda s: ProgrampostFactory(samling=s, start=timezone.now(), tittel="Ny"),
        lambda s: Samling.objects.filter(pk=s.pk).update(tittel="Nytt navn"),
    ],
    ids=["picture", "message", "countdown", "programme", "title"],
)
def test_what_is_new_comes_alone(samling, client, noe):
    sti = _poll(client.get(_address(samling)).text)
    noe(samling)

    svar = client.get(sti, **HTMX)

    assert svar.status_code == 200
    assert "<html" not in svar.text
    assert client.get(_poll(svar.text), **HTMX).status_code == 204


def test_a_message_goes_away_by_itself_also_for_who_asks(samling, client):
    storskjerm.say(samling, beskjed="To minutter igjen", minutter=2)
    side = client.get(_address(samling)).text
    assert "To minutter igjen" in side
    Storskjerm.objects.update(beskjed_til=timezone.now() - datetime.timedelta(seconds=1))

    svar = client.get(_poll(side), **HTMX)

    assert svar.status_code == 200
    assert "To minutter igjen" not in svar.text


def test_the_next_item_comes_by_the_clock(samling, client):
    post = _goes_on(samling, "Den første", varighet=20)
    ProgrampostFactory(samling=samling, tittel="Den andre", start=post.slutt, varighet=60)
    side = client.get(_address(samling)).text

    with patch("rolu.samlinger.dagen.timezone.now", return_value=post.slutt):
        svar = client.get(_poll(side), **HTMX)

    assert "Den andre" in svar.text
    assert "Den første" not in svar.text


def test_a_screen_whose_gathering_is_called_off_is_told_so(samling, client):
    sti = _poll(client.get(_address(samling)).text)
    Samling.objects.filter(pk=samling.pk).update(status=Samling.Status.AVLYST)

    assert client.get(sti, **HTMX).status_code == 410
    assert client.get(_address(samling)).status_code == 302


def test_who_is_signed_out_is_sent_to_no_other_page_in_the_piece(samling, client):
    sti = _poll(client.get(_address(samling)).text)
    client.logout()

    svar = client.get(sti, **HTMX)

    assert svar.headers["HX-Refresh"] == "true"
    assert not svar.content


# --- the seam


def _with_pictures(*bilder: Skjermbilde, paneler: tuple[Dagpanel, ...] = ()):
    alle = (*skjermbilder.SKJERMBILDER, *bilder)
    return patch.multiple(skjermbilder, SKJERMBILDER=alle, DAGPANELER=paneler)


def _picture(data, finnes=None) -> Skjermbilde:
    return Skjermbilde(
        "proeve", gettext_lazy("Prøvebildet"), "rolu/storskjerm/_velkommen.html", data, finnes
    )


def test_a_part_gives_a_picture_in_one_line(samling, client):
    with _with_pictures(_picture(lambda samling: {"adresse": "bordene.example"})):
        client.post(_address(samling, "storskjerm_bilde"), {"bilde": "proeve"})
        assert "bordene.example" in client.get(_address(samling)).text
        assert "Prøvebildet" in client.get(_address(samling, "dagen")).text


def test_a_picture_with_nothing_to_show_is_not_offered_and_gives_way(samling, client):
    with _with_pictures(_picture(lambda samling: None, lambda samling: set())):
        assert "Prøvebildet" not in client.get(_address(samling, "dagen")).text
        storskjerm.show(samling, bilde="proeve")

        assert 'data-bilde="naa"' in client.get(_address(samling)).text
        assert "«Prøvebildet» har ikke noe å vise nå" in client.get(_address(samling, "dagen")).text


def test_each_part_is_asked_once_what_it_can_show_and_draws_only_what_is_chosen(samling, client):
    spurt = []

    def finnes(samling: Samling) -> set[str]:
        spurt.append(samling)
        return {"proeve"}

    def draw(samling: Samling) -> None:
        pytest.fail("nobody has chosen it")

    with _with_pictures(_picture(draw, finnes), _picture(draw, finnes)):
        side = client.get(_address(samling, "dagen")).text

    assert side.count('value="proeve"') == 2
    assert spurt == [samling]


def test_a_part_gives_a_panel_and_none_leaves_it_out(samling, client):
    mal = "rolu/storskjerm/_velkommen.html"
    paneler = (
        Dagpanel(mal, lambda s: {"adresse": "panelet.example"}),
        Dagpanel(mal, lambda s: None),
    )
    with _with_pictures(paneler=paneler):
        side = client.get(_address(samling, "dagen")).text

    assert side.count("panelet.example") == 1
    assert side.count("app-storskjerm__velkommen") == 1


# --- «Salen»


def test_both_who_steer_see_what_is_shown(samling, client):
    annen = Client()
    annen.force_login(
        koordinator(samling.nettverk), backend="django.contrib.auth.backends.ModelBackend"
    )
    sti = _poll(annen.get(_address(samling, "dagen")).text, "dagen")
    assert annen.get(sti, **HTMX).status_code == 204

    svar = client.post(_address(samling, "storskjerm_bilde"), {"bilde": "velkommen"}, **HTMX)

    assert "data-annonser" in svar.text
    nytt = annen.get(sti, **HTMX)
    assert nytt.status_code == 200
    assert re.search(r'id="bilde-velkommen"\s+aria-pressed="true"', nytt.text)


def test_the_page_shows_the_picture_in_small_as_the_hall_sees_it(samling, client):
    nynorsk = SamlingFactory(i_dag=True, nettverk=NettverkFactory(maalform="nn"))
    person = koordinator(nynorsk.nettverk)
    person.spraak = "en"
    person.save()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    client.post(_address(nynorsk, "storskjerm_bilde"), {"bilde": "velkommen"})

    side = client.get(_address(nynorsk, "dagen")).text

    smaatt = side[side.index('id="skjermmini"') :]
    assert "Skann koden og logg inn" in smaatt
    nytt = client.post(_address(nynorsk, "storskjerm_bilde"), {"bilde": "svart"}, **HTMX).text
    assert re.search(r'id="skjermmini"[^>]*hx-swap-oob="true"', nytt)
    assert 'data-bilde="svart"' in nytt


def test_only_the_part_that_is_new_comes(samling, client):
    with _with_pictures(
        paneler=(
            Dagpanel("rolu/storskjerm/_velkommen.html", lambda s: {"adresse": s.tittel}),
            Dagpanel("rolu/storskjerm/_velkommen.html", lambda s: {"adresse": s.sted}),
        )
    ):
        storskjerm.show(samling, bilde="svart")
        sti = _poll(client.get(_address(samling, "dagen")).text, "dagen")
        assert client.get(sti, **HTMX).status_code == 204
        Samling.objects.filter(pk=samling.pk).update(sted="Gimnes")

        nytt = client.get(sti, **HTMX).text

        assert "Gimnes" in nytt
        assert re.findall(r'id="salen-(\w+)"', nytt) == ["panel1"]
        assert client.get(_poll(nytt, "dagen"), **HTMX).status_code == 204


def test_a_panel_that_comes_or_goes_while_the_page_is_open_does_so_there_too(samling, client):
    innhold = [{"adresse": "panelet.example"}]
    mal = "rolu/storskjerm/_velkommen.html"
    paneler = (
        Dagpanel(mal, lambda s: None),
        Dagpanel(mal, lambda s: innhold[0] if innhold else None),
    )
    with _with_pictures(paneler=paneler):
        side = client.get(_address(samling, "dagen")).text
        innhold.clear()
        uten = client.get(_poll(side, "dagen"), **HTMX).text
        innhold.append({"adresse": "et.annet.example"})
        med = client.get(_poll(uten, "dagen"), **HTMX).text

    assert "panelet.example" in side
    assert re.findall(r'id="salen-(\w+)"', uten) == ["panel1"]
    assert "panelet.example" not in uten
    assert "et.annet.example" in med


@pytest.mark.parametrize("etter", ["", "x", "-" * 300, "æ-²"])
def test_a_mark_that_is_none_gets_all_of_it(samling, client, etter):
    svar = client.get(_address(samling, "dagen"), {"etter": etter}, **HTMX)

    assert svar.status_code == 200
    assert svar.text.count("hx-swap-oob") == 3 + len(skjermbilder.DAGPANELER)


def test_the_forms_lead_back_to_the_page_without_htmx(samling, client):
    for navn, felt in (
        ("storskjerm_bilde", {"bilde": "svart"}),
        ("storskjerm_beskjed", {"ferdig": "fem_minutter"}),
        ("storskjerm_beskjed", {"bort": "1"}),
        ("storskjerm_nedtelling", {"minutter": "5"}),
        ("storskjerm_nedtelling", {"stopp": "1"}),
    ):
        svar = client.post(_address(samling, navn), felt)
        assert svar.headers["Location"] == _address(samling, "dagen") + "#skjerm"
    assert _row(samling).versjon == 6


def test_a_locked_one_is_told_so_where_one_steers(client, samling):
    laast = SamlingFactory(nettverk=samling.nettverk, laast=True)

    svar = client.post(_address(laast, "storskjerm_bilde"), {"bilde": "svart"}, **HTMX)

    assert "Samlingen er låst" in svar.text
    assert _row(laast).bilde == "naa"


def test_a_note_from_the_hall_leads_back_to_the_hall(samling, client):
    post = _goes_on(samling, "Verksted", varighet=600)
    side = client.get(_address(samling, "dagen")).text
    assert 'name="dagen" value="salen"' in side

    args = [samling.nettverk.slug, samling.pk, post.pk]
    svar = client.post(
        reverse("rolu:utfall_ny", args=args),
        {"type": "innsikt", "tekst": "Korte økter", "noekkel": "", "dagen": "salen"},
    )
    videre = client.post(
        reverse("rolu:programpost_uferdig", args=args), {"uferdig": "1", "dagen": "salen"}
    )

    assert svar.status_code in {302, 422}
    assert videre.headers["Location"].startswith(_address(samling, "dagen"))


def test_the_pages_of_the_day_lead_to_each_other_and_from_the_gathering(samling, client):
    dagen, skranken = _address(samling, "dagen"), _address(samling, "innsjekk")

    assert f'href="{dagen}"' in client.get(skranken).text
    assert f'href="{skranken}"' in client.get(dagen).text
    assert f'href="{_address(samling)}"' in client.get(dagen).text
    assert f'href="{dagen}#skjerm"' in client.get(_address(samling, "samling")).text


def test_the_page_costs_the_same_however_long_the_programme_is(samling, client):
    def cost() -> int:
        with CaptureQueriesContext(connection) as spoerringer:
            client.get(_address(samling, "dagen"))
        return len(spoerringer)

    _goes_on(samling, "Nå", varighet=600)
    cost()
    en = cost()
    ProgrampostFactory.create_batch(3, samling=samling)

    assert cost() == en <= 22


def test_who_does_not_run_it_is_not_let_in(samling):
    client = Client()
    client.force_login(kog(samling.nettverk), backend="django.contrib.auth.backends.ModelBackend")

    assert client.get(_address(samling)).status_code == 403
    assert client.get(_address(samling, "dagen")).status_code == 403
    assert _address(samling, "dagen") not in client.get(_address(samling, "samling")).text


def test_the_form_has_room_for_what_the_row_has():
    assert (
        BeskjedForm().fields["beskjed"].max_length
        == Storskjerm._meta.get_field("beskjed").max_length
    )
