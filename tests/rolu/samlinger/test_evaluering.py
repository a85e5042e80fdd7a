"""The evaluation of a gathering: from making it to what the room and the summary are told."""

import datetime
import io
import uuid

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from evaluering.models import Svar, Svarverdi, Undersokelse
from evaluering.undersokelser import mottak, resultat, skjemaer
from evaluering.undersokelser.mottak import Verdi
from nettverk.models import Gruppe, Person
from nettverk.skriving.konflikt import KanIkke, Lukket
from nettverk.tilgang.roller import roller_for
from rolu.models import Deltakelse, Oppsummeringsblokk, Samling, Storskjerm
from rolu.samlinger import blokkdata, blokker, blokkinnhold, evaluering, publisering, storskjerm
from rolu.samlinger.skjermbilder import find
from tests.nettverk.factories import (
    VervFactory,
    enhetsleder,
    koordinator,
    medlem,
    nettverk_med_enhet,
)
from tests.nettverk.filer.ark import pages
from tests.rolu.factories import DeltakelseFactory, SamlingFactory
from tests.samtidig import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def samling():
    nettverk, _gruppe = nettverk_med_enhet()
    return SamlingFactory(nettverk=nettverk, i_dag=True, tittel="Høstsamlingen")


def side(samling, navn: str = "samling_evaluering", *mer) -> str:
    return reverse(f"rolu:{navn}", args=[samling.nettverk.slug, samling.pk, *mer])


def opened(samling) -> Undersokelse:
    undersokelse = evaluering.make(samling)
    evaluering.start(samling, undersokelse)
    return undersokelse


def answer(undersokelse, antall: int, tekst: str = "Takk for dagen") -> None:
    alle = skjemaer.questions(undersokelse.skjema)
    for _nr in range(antall):
        verdier = {ett.pk: Verdi(tekst=tekst) if ett.er_tekst else Verdi(tall=3) for ett in alle}
        mottak.receive(undersokelse, nokkel=uuid.uuid4(), verdier=verdier)


def test_one_press_makes_it_and_one_opens_it(samling, client):
    client.force_login(koordinator(samling.nettverk))
    tom = client.get(side(samling))
    client.post(side(samling), {"handling": "lag"})
    client.post(side(samling), {"handling": "lag"})
    laget = client.get(side(samling))
    client.post(side(samling), {"handling": "aapne"})
    aapen = client.get(side(samling))

    undersokelse = Undersokelse.objects.get()
    assert "Lag evaluering" in tom.text
    assert "Jeg vet hva vi skal gjøre til neste gang." in laget.text
    assert "Åpne evalueringen" in laget.text
    assert undersokelse.er_aapen
    assert f"/e/{undersokelse.kode}/" in aapen.text
    assert "<svg" in aapen.text
    assert "har svart" in aapen.text


def test_four_answers_show_nothing_and_the_fifth_opens_charts_texts_and_excel(samling, client):
    client.force_login(koordinator(samling.nettverk))
    undersokelse = opened(samling)
    answer(undersokelse, 4)
    fire = client.get(side(samling))
    regneark = client.get(side(samling, "evaluering_regneark"))
    answer(undersokelse, 1)
    fem = client.get(side(samling))
    fil = client.get(side(samling, "evaluering_regneark"))

    assert "<strong>4</strong> har svart" in fire.text
    assert "app-diagram" not in fire.text.replace("diagram.css", "")
    assert "Takk for dagen" not in fire.text
    assert regneark.status_code == 404
    assert fem.text.count("<figure") == 3
    assert fem.text.count("Takk for dagen") >= 10
    bok = openpyxl.load_workbook(io.BytesIO(fil.content))
    rader = list(bok.active.values)
    assert ("Samlingen var relevant for arbeidet mitt.", "svar", "I stor grad", 5, 5) in rader
    assert not any("Takk for dagen" in str(celle) for rad in rader for celle in rad)


def test_the_results_cost_the_same_with_few_and_many_answers(samling, client):
    client.force_login(koordinator(samling.nettverk))
    undersokelse = opened(samling)

    def cost() -> int:
        client.get(side(samling))
        with CaptureQueriesContext(connection) as spoerringer:
            client.get(side(samling))
        return len(spoerringer)

    answer(undersokelse, 5)
    faa = cost()
    answer(undersokelse, 40)

    assert cost() == faa <= 12


def test_the_page_asks_for_itself_and_is_told_nothing_when_nothing_is_new(samling, client):
    client.force_login(koordinator(samling.nettverk))
    undersokelse = opened(samling)
    undersokelse.refresh_from_db()
    hode = {"HTTP_HX_REQUEST": "true"}
    samme = client.get(f"{side(samling)}?etter={undersokelse.versjon}", **hode)
    answer(undersokelse, 1)
    ny = client.get(f"{side(samling)}?etter={undersokelse.versjon}", **hode)

    assert samme.status_code == 204
    assert "<strong>1</strong> har svart" in ny.text
    assert "<html" not in ny.text


def test_the_page_that_asks_for_itself_gets_the_button_with_the_fifth_answer(samling, client):
    client.force_login(koordinator(samling.nettverk))
    undersokelse = opened(samling)
    answer(undersokelse, 4)
    foer = client.get(side(samling)).text
    spor = f"?etter={undersokelse.versjon}&bilde=0"
    answer(undersokelse, 1)

    svar = client.get(f"{side(samling)}{spor}", HTTP_HX_REQUEST="true").text

    assert "Vis resultatene på storskjermen" not in foer
    assert "Vis resultatene på storskjermen" in svar


def test_questions_are_changed_by_buttons_until_it_is_opened(samling, client):
    client.force_login(koordinator(samling.nettverk))
    undersokelse = evaluering.make(samling)
    ny = f"{side(samling, 'evaluering_sporsmaal')}?type=valg"
    skjema = client.get(ny)
    svar = {"engang": skjema.context["form"]["engang"].value(), "tekst": "Hvor kom du fra?"}
    galt = client.post(ny, {**svar, "valg": "Bare ett"})
    for _gang in range(2):
        client.post(ny, {**svar, "valg": "Barnehage\nSkole"})
    client.post(side(samling, "sporsmaal_flytt", "eget1"), {"plass": 1})
    client.post(side(samling, "sporsmaal_fjern", "annerledes"))
    endre = side(samling, "sporsmaal_rediger", "opplegg")
    client.post(endre, {"tekst": "Dagen var godt lagt opp.", "valg": "Nei\nJa"})
    vist = client.get(side(samling, "evaluering_forhaandsvis"))

    assert galt.status_code == 422
    assert "Skriv fra 2 til 12 svaralternativer" in galt.text
    alle = skjemaer.questions(evaluering.of(samling).skjema)
    assert [ett.noekkel for ett in alle] == ["eget1", "relevant", "opplegg", "neste", "ta_med"]
    assert alle[2].valg == ["Nei", "Ja"]
    assert "Dagen var godt lagt opp." in vist.text
    evaluering.start(samling, undersokelse)
    assert client.get(endre).status_code == 302
    client.post(side(samling, "sporsmaal_fjern", "relevant"))
    assert len(skjemaer.questions(evaluering.of(samling).skjema)) == 5


def test_a_question_somebody_else_changed_meanwhile_shows_both(samling, client):
    client.force_login(koordinator(samling.nettverk))
    undersokelse = evaluering.make(samling)
    adresse = side(samling, "sporsmaal_rediger", "ta_med")
    stand = client.get(adresse).context["form"]["stand"].value()
    skjemaer.change(undersokelse, "ta_med", felt={"tekst": "Hva husker du?"})

    svar = client.post(adresse, {"stand": stand, "tekst": "Hva lærte du?"})

    assert svar.status_code == 409
    assert "Hva husker du?" in svar.text


def test_those_who_evaluate_read_and_others_do_not(samling, client):
    undersokelse = opened(samling)
    answer(undersokelse, 5)
    client.force_login(medlem(samling.nettverk, gruppetype=Gruppe.Type.EVALUERINGSNETTVERK))
    eva = client.get(side(samling))
    styrer = client.post(side(samling), {"handling": "steng"})
    client.force_login(enhetsleder(VervFactory(gruppe__nettverk=samling.nettverk).gruppe))
    andre = client.get(side(samling))

    assert eva.text.count("<figure") == 3
    assert "Steng evalueringen" not in eva.text
    assert "Skjul" not in eva.text
    assert styrer.status_code == 403
    assert andre.status_code in (403, 404)
    undersokelse.refresh_from_db()
    assert undersokelse.er_aapen


def test_a_hidden_text_is_seen_only_by_those_who_may_bring_it_back(samling, client):
    undersokelse = opened(samling)
    answer(undersokelse, 5, tekst="Ole bråkte")
    client.force_login(koordinator(samling.nettverk))
    client.get(side(samling))
    for pk in Svarverdi.objects.exclude(tekst="").values_list("pk", flat=True):
        client.post(side(samling, "evaluering_tekst"), {"tekst": pk, "skjul": "ja"})
    ser = client.get(side(samling))
    client.force_login(medlem(samling.nettverk, gruppetype=Gruppe.Type.EVALUERINGSNETTVERK))

    assert "Vis igjen" in ser.text
    assert "Ole bråkte" not in client.get(side(samling)).text


def test_a_draft_a_locked_and_one_that_is_called_off():
    nettverk, _gruppe = nettverk_med_enhet()
    utkast = SamlingFactory(nettverk=nettverk)
    undersokelse = evaluering.make(utkast)
    with pytest.raises(KanIkke):
        evaluering.start(utkast, undersokelse)
    publisering.delete_draft(utkast)
    assert not Undersokelse.objects.exists()

    samling = SamlingFactory(nettverk=nettverk, oppsummering_=True)
    undersokelse = opened(samling)
    Samling.objects.filter(pk=samling.pk).update(status=Samling.Status.LAAST)
    with pytest.raises(Lukket):
        evaluering.start(samling, undersokelse)
    evaluering.stop(undersokelse)
    assert undersokelse.er_stengt

    with pytest.raises(KanIkke):
        evaluering.make(SamlingFactory(nettverk=nettverk, avlyst=True))


@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_once_make_one(samling):
    svar = at_once(*(lambda: evaluering.make(samling).pk for _nr in range(3)))

    assert len(set(svar)) == 1


def test_the_room_sees_the_way_in_while_it_is_open_and_figures_when_they_are_put_up(samling):
    assert evaluering.screen_invite(samling) is None
    undersokelse = opened(samling)
    answer(undersokelse, 4, tekst="Ingens ord")
    with pytest.raises(KanIkke):
        evaluering.show(samling, undersokelse, vis=True)
    inn = evaluering.screen_invite(samling)
    answer(undersokelse, 1, tekst="Ingens ord")
    assert evaluering.screen_results(samling) is None
    evaluering.show(samling, undersokelse, vis=True)
    ut = evaluering.screen_results(samling)
    evaluering.stop(undersokelse)

    assert inn["antall"] == 4
    assert inn["adresse"].endswith(f"/e/{undersokelse.kode}/")
    assert ut["antall"] == 5
    assert ut["sporsmaal"][0]["rader"][2] == ("I stor grad", 5, 100)
    assert "Ingens ord" not in str(ut)
    assert evaluering.screen_invite(samling) is None


def test_the_pieces_for_the_room_and_the_day_are_drawn(samling, rf):
    from django.template.loader import render_to_string

    undersokelse = opened(samling)
    answer(undersokelse, 5)
    evaluering.show(samling, undersokelse, vis=True)
    inngang, resultater = (find(navn).mal for navn in ("evaluering", "resultater"))

    assert undersokelse.kode in render_to_string(
        inngang, {"data": evaluering.screen_invite(samling)}
    )
    assert "I stor grad" in render_to_string(
        resultater, {"data": evaluering.screen_results(samling)}
    )
    dagen = render_to_string(
        "rolu/dagen/_evaluering.html", {"data": evaluering.day_panel(samling)}, request=rf.get("/")
    )
    assert "Steng evalueringen" in dagen
    assert "5 har svart" in dagen


def test_five_who_answered_a_question_each_have_nothing_to_show_anywhere(samling, client):
    client.force_login(koordinator(samling.nettverk))
    undersokelse = opened(samling)
    tall = [ett for ett in skjemaer.questions(undersokelse.skjema) if not ett.er_tekst]
    for ett in [*tall, *tall][:5]:
        mottak.receive(undersokelse, nokkel=uuid.uuid4(), verdier={ett.pk: Verdi(tall=3)})

    svar = client.post(side(samling), {"handling": "vis"}, follow=True).text
    undersokelse.refresh_from_db()

    assert "minst fem har svart på samme spørsmål" in svar
    assert "Vis resultatene på storskjermen" not in svar
    assert not undersokelse.viser_resultater
    assert evaluering.day_panel(samling)["kan_vises"] is False
    assert evaluering.on_screen(samling) == {"evaluering"}


def test_words_alone_are_nothing_for_the_screen(samling, client):
    client.force_login(koordinator(samling.nettverk))
    undersokelse = opened(samling)
    ord_ = next(ett for ett in skjemaer.questions(undersokelse.skjema) if ett.er_tekst)
    for _nr in range(5):
        mottak.receive(undersokelse, nokkel=uuid.uuid4(), verdier={ord_.pk: Verdi(tekst="Ja")})

    svar = client.get(side(samling)).text

    assert "app-tekstsvar" in svar
    assert "Vis resultatene på storskjermen" not in svar
    assert "Last ned tallene som Excel" not in svar
    assert client.get(side(samling, "evaluering_regneark")).status_code == 404
    with pytest.raises(KanIkke):
        evaluering.show(samling, undersokelse, vis=True)


def test_what_may_be_shown_is_the_same_asked_for_and_looked_at(samling):
    undersokelse = opened(samling)
    tall = [ett for ett in skjemaer.questions(undersokelse.skjema) if not ett.er_tekst]
    for nr in range(16):
        ett = tall[nr % 2] if nr < 8 else tall[0]
        mottak.receive(undersokelse, nokkel=uuid.uuid4(), verdier={ett.pk: Verdi(tall=3)})
        undersokelse.refresh_from_db()
        vist = undersokelse.vist
        spurt = resultat.has_figures(undersokelse)
        assert undersokelse.vist == vist, "to ask is not to look"
        assert spurt == resultat.results(undersokelse).har_tall, nr


@pytest.mark.parametrize(("mer", "vises", "flere"), [(0, 3, 0), (1, 4, 0), (3, 4, 2)])
def test_the_screen_has_so_many_questions_as_can_be_read(samling, mer, vises, flere):
    undersokelse = evaluering.make(samling)
    for nr in range(mer):
        felt = {
            "type": "skala",
            "tekst": f"Spørsmål {nr}",
            "valg": ["Nei", "Ja"],
            "vet_ikke": False,
        }
        skjemaer.add(undersokelse, felt=felt)
    evaluering.start(samling, undersokelse)
    undersokelse.refresh_from_db()
    alle = skjemaer.questions(undersokelse.skjema)
    for _nr in range(5):
        verdier = {ett.pk: Verdi(tekst="Ja") if ett.er_tekst else Verdi(tall=1) for ett in alle}
        mottak.receive(undersokelse, nokkel=uuid.uuid4(), verdier=verdier)
    evaluering.show(samling, undersokelse, vis=True)

    ut = evaluering.screen_results(samling)

    assert (len(ut["sporsmaal"]), ut["flere"]) == (vises, flere)


def test_those_who_answer_after_what_is_shown_are_not_counted_with_it(samling):
    undersokelse = opened(samling)
    answer(undersokelse, 5)
    evaluering.show(samling, undersokelse, vis=True)
    assert evaluering.screen_results(samling)["antall"] == 5
    answer(undersokelse, 2)

    assert evaluering.screen_results(samling)["antall"] == 5
    evaluering.stop(undersokelse)
    assert evaluering.summary_data(samling)["antall"] == 5


def test_putting_the_results_up_lets_the_screen_show_them_and_taking_them_down_lets_it_go_on(
    samling,
):
    undersokelse = opened(samling)
    answer(undersokelse, 5)
    storskjerm.show(samling, bilde="velkommen")

    evaluering.show(samling, undersokelse, vis=True)
    oppe = _screen(samling)
    evaluering.show(samling, undersokelse, vis=False)
    nede = _screen(samling)
    storskjerm.show(samling, bilde="vegg")
    evaluering.show(samling, undersokelse, vis=False)

    assert (oppe.bilde, nede.bilde, _screen(samling).bilde) == ("resultater", "naa", "vegg")
    assert nede.versjon > oppe.versjon


def _screen(samling) -> Storskjerm:
    return Storskjerm.objects.get(samling=samling)


def test_until_somebody_has_answered_the_next_step_is_to_show_the_code(samling, client):
    client.force_login(koordinator(samling.nettverk))
    undersokelse = opened(samling)
    foer = [client.get(side(samling, navn)).text for navn in ("dagen", "samling_evaluering")]
    client.post(side(samling, "storskjerm_bilde"), {"bilde": "evaluering", "handling": "x"})
    answer(undersokelse, 1)

    assert all('name="bilde"' in ett and "Vis koden på storskjermen" in ett for ett in foer)
    assert _screen(samling).bilde == "evaluering"
    assert "Vis koden på storskjermen" not in client.get(side(samling, "dagen")).text


def test_the_day_brings_one_back_to_the_day(samling, client):
    client.force_login(koordinator(samling.nettverk))

    svar = client.post(side(samling), {"handling": "lag", "tilbake": "dagen"})

    assert svar.url == side(samling, "dagen")


def test_the_poster_and_the_slips_have_the_address(samling, client):
    client.force_login(koordinator(samling.nettverk))
    undersokelse = evaluering.make(samling)

    svar = client.get(side(samling, "evaluering_utskrift"))

    sider = pages(evaluering.slips_html(samling, undersokelse))
    assert svar["Content-Type"] == "application/pdf"
    assert [side.replace("\n", "").count(f"/e/{undersokelse.kode}/") for side in sider] == [1, 8]


def test_the_summary_has_the_figures_when_it_is_closed_and_they_stand(samling):
    undersokelse = opened(samling)
    answer(undersokelse, 6, tekst="Ingens ord")
    slag = Oppsummeringsblokk.Slag.EVALUERING
    assert blokkdata.collect(samling)[slag] == {}
    evaluering.stop(undersokelse)
    blokker.make_ready(samling)
    answer(undersokelse, 3)  # on their way when it closed

    blokk = Oppsummeringsblokk.objects.get(samling=samling, slag=slag)
    innhold = blokkinnhold.put_in_words(slag, blokk.data)

    assert blokk.data["antall"] == 6
    assert blokkdata.collect(samling)[slag]["sporsmaal"] == blokk.data["sporsmaal"]
    assert "Ingens ord" not in str(blokk.data)
    assert sum(bit.er == "tegning" for bit in innhold.biter) == 3


def test_few_answers_leave_the_summary_empty(samling):
    undersokelse = opened(samling)
    answer(undersokelse, 4)
    evaluering.stop(undersokelse)

    assert blokkdata.collect(samling)[Oppsummeringsblokk.Slag.EVALUERING] == {}


def test_the_day_itself_asks_those_who_are_there_while_it_is_open(samling, client):
    person = medlem(samling.nettverk, gruppetype=Gruppe.Type.OPPVEKSTNETTVERK)
    verv = person.verv.get()
    DeltakelseFactory(samling=samling, verv=verv, status=Deltakelse.Status.PAAMELDT)

    def asked(hvem=person):
        # Fetched anew: what is found for a person is remembered on them.
        roller = roller_for(Person.objects.get(pk=hvem.pk), samling.nettverk)
        return list(evaluering.gjoremaal(roller))

    assert asked() == []
    undersokelse = opened(samling)

    (sak,) = asked()
    client.force_login(person)
    hjem = client.get(reverse("nettverk:hjem", args=[samling.nettverk.slug]))

    assert sak.url == f"/e/{undersokelse.kode}/"
    assert "Si hva du synes: to minutter" in hjem.text
    annen = medlem(samling.nettverk, gruppetype=Gruppe.Type.OPPVEKSTNETTVERK)
    assert asked(annen) == []
    evaluering.stop(undersokelse)
    assert asked() == []
    Samling.objects.filter(pk=samling.pk).update(
        start=timezone.now() - datetime.timedelta(days=3),
        slutt=timezone.now() - datetime.timedelta(days=2),
    )
    assert asked() == []
    assert Svar.objects.count() == 0
