"""The pages of a seating: what they show to whom, two who move the same person, double presses, what it costs."""

import datetime
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from nettverk.arbeid.jobber import run
from nettverk.models import Gruppe, Jobb, Person, Rolle
from nettverk.rydding import rydd
from rolu.models import Bordkart, Bordplass, Bordskille, Deltakelse, Gjest, Samling
from rolu.opplysninger import gather as opplysninger
from rolu.samlinger import behov, innsjekk, koder, utskrifter
from rolu.samlinger.bord import bordkart
from rolu.samlinger.bord import utskrift as bordutskrift
from tests.nettverk.factories import koordinator, medlem
from tests.nettverk.filer.ark import pages
from tests.rolu.factories import SamlingFactory
from tests.rolu.samlinger.bord.scene import any_group, hall, join, move, places, seat, set_up
from tests.samtidig import at_once

pytestmark = pytest.mark.django_db


def client_of(person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def url(navn: str, samling: Samling, *mer) -> str:
    return reverse(f"rolu:{navn}", args=[samling.nettverk.slug, samling.pk, *mer])


def setup(**felt: object) -> dict[str, object]:
    return {
        "plasser": 4,
        "per_bord": 3,
        "grupper": "grupper_spres",
        "paa_kommuner": "on",
        "paa_grupper": "on",
        **felt,
    }


# --- the rules


def test_the_first_screen_asks_for_seats_and_rules_and_one_press_seats_people():
    samling, by = hall()
    client = client_of(by)
    side = client.get(url("samling_bord", samling)).text
    assert "12 personer kommer: 2 bord med 8 plasser" in side
    assert "Lag bordkart" in side

    svar = client.post(url("bord_oppsett", samling), setup(lag="1"), follow=True)
    assert "app-framdrift" in svar.text
    client.post(url("bord_oppsett", samling), setup(lag="1"))  # once more
    jobb = Jobb.objects.get(slag=bordkart.SLAG)
    run(jobb.pk)

    side = client.get(url("samling_bord", samling)).text
    assert len(re.findall(r'class="app-bord"', side)) == 3
    assert "Ingen sitter med noen fra egen utviklingsgruppe." in side


def test_that_almost_everybody_gets_another_table_is_told_before_and_how_many_did_after():
    samling, by = hall(enheter=6)
    set_up(samling)
    seat(samling, by)
    bordkart.share(samling)
    client = client_of(by)
    vises = client.get(url("samling_bord", samling)).text
    assert "Bare de som må, flytter på seg." in vises
    assert "Sist satt" not in vises
    assert "nesten alle et annet bord" in client.get(url("bord_oppsett", samling)).text

    set_up(samling, plasser=6)
    vises = client.get(url("samling_bord", samling)).text
    assert "Bare de som må" not in vises
    assert "Nesten alle får et annet bord." in vises

    seat(samling, by)
    seat(samling, by)
    assert "Ingen har fått nytt bord." in client.get(url("samling_bord", samling)).text


def test_the_prints_of_the_tables_are_found_from_the_tables_under_their_tab():
    samling, by = hall()
    seat(samling, by)
    client = client_of(by)
    [lenke] = re.findall(
        r'href="([^"]+#utskrift-bordkort)"', client.get(url("samling_bord", samling)).text
    )

    vises = client.get(lenke).text

    assert 'id="utskrift-bordkort"' in vises
    assert re.search(rf'href="{url("samling_bord", samling)}"\s+aria-current="page"', vises)
    svar = client.post(lenke.partition("#")[0], {"utskrift": "bordliste"})
    assert svar.url.endswith("?bord#utskrift-bordliste")


def test_who_is_looked_for_stands_first():
    samling, by = hall()
    seat(samling, by)
    navn = Bordplass.objects.first().person.navn

    vises = client_of(by).get(url("samling_bord", samling), {"q": navn}).text

    assert f"{navn}: bord 1" in vises
    assert "Slik gikk reglene" not in vises
    assert "Sett på nytt" not in vises


def test_the_rules_are_put_in_another_order_without_script():
    samling, by = hall()
    client = client_of(by)
    orden = "rolle,grupper,kommuner,enhetstyper,naboer"

    svar = client.post(url("bord_oppsett", samling), setup(orden=orden, flytt="kommuner:opp"))

    assert svar.url.endswith("oppsett/#regel-kommuner")
    slag = list(Bordkart.objects.get().regler.values_list("slag", flat=True))
    assert slag == ["rolle", "kommuner", "grupper_spres", "enhetstyper", "naboer"]


@pytest.mark.parametrize(
    ("felt", "feil"),
    [
        ({"plasser": 3}, "4"),
        ({"plasser": 15}, "14"),
        ({"plasser": "mange"}, "heltall"),
        ({"paa_rolle": "on"}, "Velg hvilken rolle det gjelder."),
        ({"grupper": "begge"}, "grupper"),
        ({"per_bord": 0}, "1"),
    ],
)
def test_what_cannot_be_asked_is_told_at_the_field_and_nothing_is_kept(felt, feil):
    samling, by = hall()

    svar = client_of(by).post(url("bord_oppsett", samling), setup(**felt))

    assert svar.status_code == 422
    assert feil in svar.text
    assert not Bordkart.objects.exists()


def test_two_who_change_the_rules_at_the_same_time_both_see_what_the_other_did():
    samling, by = hall()
    set_up(samling)
    client = client_of(by)
    stand = re.search(r'name="stand" value="(\w+)"', client.get(url("bord_oppsett", samling)).text)
    set_up(samling, plasser=6)

    svar = client.post(url("bord_oppsett", samling), setup(plasser=5, stand=stand[1]))

    assert svar.status_code == 409
    assert "Plasser ved hvert bord" in svar.text
    assert Bordkart.objects.get().plasser == 6


def test_two_are_kept_apart_by_name_and_nobody_else_is_told():
    samling, by = hall()
    en, annen, *_resten = [
        d.verv.person for d in samling.deltakelser.select_related("verv__person")
    ]
    client = client_of(by)

    svar = client.post(url("bord_skille_ny", samling), {"en": en.navn, "annen": annen.navn})
    assert svar.status_code == 302
    assert Bordskille.objects.count() == 1
    for felt, feil in (
        ({"en": "Ingen Her", "annen": en.navn}, "Ingen som kommer, har det navnet."),
        ({"en": en.navn, "annen": en.navn}, "Velg to forskjellige personer."),
    ):
        nei = client.post(url("bord_skille_ny", samling), felt)
        assert nei.status_code == 422
        assert feil in nei.text

    [om] = [o for o in opplysninger(en) if "bestemt annen" in o.tittel]
    assert len(om.rader) == 1
    assert annen.navn not in str(om.rader)

    client.post(url("bord_skille_fjern", samling, Bordskille.objects.get().pk))
    assert not Bordskille.objects.exists()


# --- moving


def test_a_name_is_moved_by_its_own_page_and_locked_there():
    samling, by = hall()
    set_up(samling)
    seat(samling, by)
    hvem, fra = next(iter(places(samling).items()))
    client = client_of(by)
    side = client.get(url("bord_plass", samling, hvem))
    assert f"Sitter ved bord {fra}." in side.text

    svar = client.post(url("bord_plass", samling, hvem), {"bord": 3})

    assert svar.url.endswith("/bord/#bord-3")
    assert Bordplass.objects.get(laast=True).bord == 3
    client.post(url("bord_laas", samling, hvem), {"laast": "nei"})
    assert not Bordplass.objects.filter(laast=True).exists()
    client.post(url("bord_ta_bort", samling, hvem))
    assert hvem not in places(samling)


def test_a_table_that_is_not_there_is_refused_and_a_new_one_is_told_to_be_empty():
    samling, by = hall()
    set_up(samling)
    seat(samling, by)
    hvem = next(iter(places(samling)))
    client = client_of(by)

    assert client.post(url("bord_plass", samling, hvem), {"bord": 5}).status_code == 422
    svar = client.post(url("bord_plass", samling, hvem), {"bord": 4}, follow=True)

    assert "Ingen andre sitter der." in svar.text
    assert "Ved bord 4 sitter én alene." in svar.text


def test_two_who_move_the_same_person_the_second_sees_both():
    samling, by = hall()
    set_up(samling)
    seat(samling, by)
    hvem, fra = next(iter(places(samling).items()))
    client = client_of(by)
    side = client.get(url("samling_bord", samling)).text
    stand = re.search(rf'data-bord="{fra}" data-stand="(\w+)"', side)[1]
    til, annet = [nr for nr in (1, 2, 3) if nr != fra]
    move(samling, hvem, annet)

    svar = client.post(url("bord_plass", samling, hvem), {"bord": til, "stand": stand})

    assert svar.status_code == 409
    assert f"Bord {annet}:" in svar.text
    assert f"Bord {til}:" in svar.text
    assert places(samling)[hvem] == annet
    ny = re.search(r'name="stand" value="(\w+)"', svar.text)[1]
    client.post(url("bord_plass", samling, hvem), {"bord": til, "stand": ny})
    assert places(samling)[hvem] == til


@pytest.mark.django_db(transaction=True)
def test_two_who_move_the_same_person_at_once_are_one_after_the_other():
    samling, by = hall()
    set_up(samling)
    seat(samling, by)
    hvem, fra = next(iter(places(samling).items()))
    stand = re.search(
        rf'data-bord="{fra}" data-stand="(\w+)"',
        client_of(by).get(url("samling_bord", samling)).text,
    )[1]
    andre = [nr for nr in (1, 2, 3) if nr != fra]
    to = [client_of(by), client_of(koordinator(samling.nettverk))]

    svar = at_once(
        *(
            lambda c=c, bord=bord: (
                c.post(url("bord_plass", samling, hvem), {"bord": bord, "stand": stand}).status_code
            )
            for c, bord in zip(to, andre, strict=True)
        )
    )

    assert sorted(svar) == [302, 409]
    assert places(samling)[hvem] == andre[svar.index(302)]


def test_late_ones_and_absent_ones_by_one_press():
    samling, by = hall(i_dag=True)
    seat(samling, by)
    client = client_of(by)
    join(samling, any_group(samling))
    borte = samling.deltakelser.order_by("pk").first()
    Deltakelse.objects.filter(pk=borte.pk).update(status=Deltakelse.Status.AVMELDT)

    side = client.get(url("samling_bord", samling)).text
    assert "1 person har ikke fått bord" in side
    assert "1 person ved bordene kommer ikke lenger" in side
    assert client.get(url("bord_plass", samling, f"p{borte.verv.person_id}")).status_code == 200

    client.post(url("bord_frigi", samling), {"hvem": "borte"})
    client.post(url("bord_sene", samling))
    client.post(url("bord_sene", samling))
    side = client.get(url("samling_bord", samling)).text
    assert "har ikke fått bord" not in side
    assert "kommer ikke lenger" not in side
    assert len(places(samling)) == 12


# --- sharing


def test_a_member_sees_the_tables_and_their_own_when_they_are_shared():
    samling, by = hall(i_dag=True)
    set_up(samling)
    seat(samling, by)
    person = samling.deltakelser.first().verv.person
    bord = places(samling)[f"p{person.pk}"]
    client, hjem = client_of(person), reverse("nettverk:hjem", args=[samling.nettverk.slug])
    sidene = [url("samling", samling), hjem]
    assert client.get(url("samling_bord", samling)).status_code == 404
    assert not any(f"Bord {bord}" in client.get(side).text for side in sidene)

    koordinatoren = client_of(by)
    assert "Ingen får e-post" in koordinatoren.get(url("bord_del", samling)).text
    koordinatoren.post(url("bord_del", samling), {"skal": "deles"})
    koordinatoren.post(url("bord_del", samling), {"skal": "deles"})

    assert all(f"Bord {bord}" in client.get(side).text for side in sidene)
    side = client.get(url("samling_bord", samling), {"q": person.navn}).text
    assert f"{person.navn}: bord {bord}" in side
    assert "Slik gikk reglene" not in side
    assert "bordflytt" not in side

    koordinatoren.post(url("bord_del", samling), {"skal": "skjules"})
    assert client.get(url("samling_bord", samling)).status_code == 404


def test_whoever_has_checked_in_by_code_sees_the_table_a_guest_too():
    samling, by = hall(i_dag=True)
    gjest = Gjest.objects.create(samling=samling, navn="Gro Gjest")
    seat(samling, by)
    person = samling.deltakelser.first().verv.person
    kodene, gjestekoder = koder.codes_of(samling, [person.pk], [gjest.pk])
    innsjekk.check_in(samling, person=person, by=None)
    innsjekk.check_in_guest(samling, gjest=gjest, by=None)
    alle = [(kodene[person.pk], f"p{person.pk}"), (gjestekoder[gjest.pk], f"g{gjest.pk}")]

    def seen(kode: str) -> str:
        return Client().get(koder.path(kode)).text

    assert not any("app-kode__bord" in seen(kode) for kode, _hvem in alle)
    bordkart.share(samling)
    for kode, hvem in alle:
        assert f"Bord {places(samling)[hvem]}" in seen(kode)


def test_pro_seats_people_and_kog_does_not():
    samling, by = hall()
    seat(samling, by)
    nettverk = samling.nettverk
    pro = medlem(nettverk, gruppetype=Gruppe.Type.PROSESSNETTVERK)
    kog = medlem(nettverk, gruppetype=Gruppe.Type.KOORDINERINGSGRUPPE, rolle=Rolle.RAADGIVER)

    assert client_of(pro).get(url("samling_bord", samling)).status_code == 200
    assert client_of(pro).post(url("bord_sene", samling)).status_code == 302
    assert client_of(kog).get(url("samling_bord", samling)).status_code == 404
    assert client_of(kog).post(url("bord_sene", samling)).status_code == 403


def test_a_draft_has_no_tables():
    samling = SamlingFactory()
    by = koordinator(samling.nettverk)

    assert client_of(by).get(url("samling_bord", samling)).status_code == 404
    assert client_of(by).get(url("bord_oppsett", samling)).status_code == 404


# --- what it costs


def _cost(client: Client, side: str) -> int:
    client.get(side)
    with CaptureQueriesContext(connection) as spoerringer:
        assert client.get(side).status_code == 200
    return len(spoerringer)


@pytest.mark.parametrize("navn", ["samling_bord", "bord_oppsett", "bord_del"])
def test_as_many_questions_with_few_and_many(navn):
    tall = []
    for enheter in (2, 6):
        samling, by = hall(enheter=enheter)
        en, annen = [d.verv.person for d in samling.deltakelser.order_by("pk")[:2]]
        bordkart.keep_apart(samling, en=en, annen=annen)
        seat(samling, by)
        for _ in range(enheter):
            join(samling, any_group(samling))
            Gjest.objects.create(samling=samling, navn="Gro Gjest")
        tall.append(_cost(client_of(by), url(navn, samling)))

    assert tall[0] == tall[1]
    assert tall[0] <= 30


# --- prints


def test_a_card_for_each_table_and_everybody_on_the_list():
    samling, by = hall(tittel="Høstsamlingen")
    Gjest.objects.create(samling=samling, navn="Gro Gjest")
    set_up(samling)
    seat(samling, by)

    kort = pages(utskrifter.table_cards_html(samling))
    liste = "".join(pages(utskrifter.table_list_html(samling)))

    assert len(kort) == 4
    assert "Gro Gjest" in "".join(kort)
    navn = [d.navn for d in utskrifter.participants(samling)]
    assert all(ett in liste for ett in navn)
    assert utskrifter.amount(samling)["bordkort"] == 13


def test_the_kitchen_is_told_what_is_needed_at_each_table_and_by_nobodys_name():
    samling, by = hall()
    set_up(samling)
    seat(samling, by)
    (en, ved), (annen, _bord) = list(places(samling).items())[:2]
    folk = {noekkel: Person.objects.get(pk=noekkel[1:]) for noekkel in (en, annen)}
    behov.keep(samling, valg=["gluten", "vegan"], annet="Tåler ikke røyk", by=folk[en])
    behov.keep(samling, valg=["gluten"], annet="", by=folk[annen])
    Bordplass.objects.filter(person=folk[annen]).delete()

    sider = "".join(pages(utskrifter.table_needs_html(samling)))

    assert [(b.bord, sorted(b.tall)) for b in bordutskrift.needs(samling)] == [
        (ved, [("uten gluten", 1), ("vegansk mat", 1)]),
        (None, [("uten gluten", 1)]),
    ]
    assert "Uten gluten" in sider
    assert "Tåler ikke røyk" in sider
    assert not any(person.get_full_name() in sider for person in folk.values())


def test_the_kitchen_is_told_of_nobody_when_nobody_needs_anything():
    samling, by = hall()
    set_up(samling)
    seat(samling, by)

    assert "Ingen har skrevet at de trenger noe." in "".join(
        pages(utskrifter.table_needs_html(samling))
    )


def test_nothing_is_printed_of_tables_before_there_are_any():
    samling, by = hall()

    assert utskrifter.amount(samling)["bordliste"] == 0
    svar = client_of(by).get(url("samling_utskrifter", samling))
    assert "Det er ikke laget noe bordkart ennå." in svar.text


# --- how long it is kept


def _over(samling: Samling, dager: int) -> None:
    slutt = timezone.now() - datetime.timedelta(days=dager)
    Samling.objects.filter(pk=samling.pk).update(
        start=slutt - datetime.timedelta(hours=5), slutt=slutt
    )


def test_guests_quarrels_and_changes_go_after_a_month_and_places_when_the_next_one_is_over():
    samling, by = hall()
    Gjest.objects.create(samling=samling, navn="Gro Gjest")
    en, annen = [d.verv.person for d in samling.deltakelser.order_by("pk")[:2]]
    bordkart.keep_apart(samling, en=en, annen=annen)
    seat(samling, by)
    move(samling, f"p{en.pk}", 1)
    _over(samling, 29)
    assert rydd()["bordplasser"] == 0

    _over(samling, 31)
    assert rydd()["bordplasser"] == 2
    assert len(places(samling)) == 12
    assert not Bordplass.pgh_event_model.objects.exists()
    assert not Bordskille.pgh_event_model.objects.exists()

    neste = SamlingFactory(nettverk=samling.nettverk, forrige=samling, publisert_=True)
    assert rydd()["bordplasser"] == 0, "the next one needs them"
    _over(neste, 1)
    assert rydd()["bordplasser"] == 12


def test_places_that_no_gathering_follows_go_after_four_hundred_days():
    samling, by = hall()
    seat(samling, by)
    person = samling.deltakelser.first().verv.person
    _over(samling, 399)
    assert rydd()["bordplasser"] == 0
    [om] = [o for o in opplysninger(person) if "Bordene" in o.tittel]
    assert len(om.rader) == 1

    _over(samling, 401)
    assert rydd()["bordplasser"] == 12
