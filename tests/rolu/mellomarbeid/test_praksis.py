"""Praksis: a unit tells, takes back, is hidden; others read, search and take it into use."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from fremtidsbilder.models import Tema
from kommuner.gyldighet import idag
from kommuner.models import Enhet
from laeringsloyper.models import Laeringsloype, Modul, Periode
from nettverk.models import Brev, Gruppe, Nyhet, Person, Rolle
from nettverk.skriving.konflikt import KanIkke, Lukket
from nettverk.tilgang.roller import roller_for
from rolu.mellomarbeid import innlevering, praksis
from rolu.mellomarbeid.logg import TEKST_MAKS
from rolu.mellomarbeid.vedlegg import answer
from rolu.models import Loggpost, Mellomarbeid, Praksisbruk, Praksisfortelling, Vedlegg
from rolu.samlinger.fortalt import screen_told
from rolu.samlinger.storskjerm import screen_of
from tests.kommuner.factories import EnhetFactory
from tests.nettverk.factories import (
    GruppeFactory,
    VervFactory,
    enhetsleder,
    gruppemedlem,
    koordinator,
    medlem,
    nettverk_med_enhet,
)
from tests.rolu.factories import (
    FortellingFactory,
    LoggpostFactory,
    MellomarbeidFactory,
    OppdragFactory,
    SamlingFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def arbeid() -> Mellomarbeid:
    nettverk, gruppe = nettverk_med_enhet()
    return MellomarbeidFactory(
        oppdrag=OppdragFactory(nettverk=nettverk, tittel="Utforsk ute"),
        gruppe=gruppe,
        kommune=gruppe.enhet.kommune_per(),
        levert_=True,
    )


def som(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def nabo(arbeid: Mellomarbeid, **enhet: object) -> Gruppe:
    return GruppeFactory(
        nettverk=arbeid.nettverk,
        utviklingsgruppe=True,
        enhet=EnhetFactory(kommune=arbeid.kommune, **enhet),
    )


def told(arbeid: Mellomarbeid, dager: int = 0, oppdrag=None, **felt: object) -> Praksisfortelling:
    """What a neighbour told so many days ago."""
    return FortellingFactory(
        mellomarbeid=MellomarbeidFactory(
            oppdrag=oppdrag or arbeid.oppdrag,
            gruppe=nabo(arbeid),
            kommune=arbeid.kommune,
            levert_=True,
        ),
        delt=timezone.now() - datetime.timedelta(days=dager),
        **felt,
    )


def liste(arbeid: Mellomarbeid, **valg: object) -> str:
    return reverse("rolu:praksis", args=[arbeid.nettverk.slug], query=valg or None)


def side(navn: str, rad: Praksisfortelling) -> str:
    return reverse(f"rolu:{navn}", args=[rad.nettverk.slug, rad.pk])


def bilde_i(arbeid: Mellomarbeid) -> Vedlegg:
    return Vedlegg.objects.create(
        mellomarbeid=arbeid,
        fil="vedlegg/fjaera.png",
        navn="fjaera.png",
        mimetype="image/png",
        bytes=1,
        sha256="b" * 64,
        alternativ_tekst="Skjell i en ring",
        lastet_opp_av=medlem(arbeid.nettverk, gruppetype=Gruppe.Type.STYRINGSGRUPPE),
    )


# --- the unit tells


def test_what_is_proposed_begins_with_what_they_wrote_to_share_and_leaves_the_plan_out(arbeid):
    LoggpostFactory(mellomarbeid=arbeid, fase="planlegge", tekst="Planen vår.")
    LoggpostFactory(mellomarbeid=arbeid, fase="observere", tekst="De lo.", merket="Alle var med.")
    LoggpostFactory(
        mellomarbeid=arbeid, fase="dele", tekst="Vi målte fjæra. Ingen ga ordet lengde."
    )

    assert praksis.proposal(arbeid, None) == {
        "tittel": "Vi målte fjæra",
        "tekst": "Ingen ga ordet lengde.\n\nDe lo.\n\nAlle var med.",
    }


def test_a_long_text_is_shortened_and_one_entry_is_told_alone(arbeid):
    lang = LoggpostFactory(
        mellomarbeid=arbeid, fase="proeve", tekst="Kort sagt. Ord " + "ord " * 900
    )
    LoggpostFactory(mellomarbeid=arbeid, fase="dele", tekst="Noe annet.")

    forslag = praksis.proposal(arbeid, lang)

    assert forslag["tittel"] == "Kort sagt"
    assert len(forslag["tekst"]) <= 1202
    assert forslag["tekst"].endswith("ord …")
    assert "annet" not in forslag["tekst"]


def test_a_long_title_is_cut_between_words_and_nothing_of_it_is_lost(arbeid):
    setning = "Vi gikk ned til fjæra og målte " + "mange steiner og " * 7 + "skjell hele dagen."
    hele = f"{setning} Ingen ga ordet lengde."
    post = LoggpostFactory(mellomarbeid=arbeid, fase="proeve", tekst=hele)

    forslag = praksis.proposal(arbeid, post)

    assert 150 < len(setning) <= 180
    assert len(forslag["tittel"]) <= 150
    assert setning.startswith(forslag["tittel"].removesuffix(" …") + " ")
    assert forslag["tekst"] == hele


def test_no_full_stop_stands_before_the_mark_of_a_title_that_is_cut(arbeid):
    uten_store = "målte vi i fjæra i dag. " * 20
    post = LoggpostFactory(mellomarbeid=arbeid, fase="proeve", tekst=uten_store)

    tittel = praksis.proposal(arbeid, post)["tittel"]

    assert tittel.endswith("i dag …")


def test_the_leader_edits_the_proposal_and_tells_it(arbeid):
    LoggpostFactory(
        mellomarbeid=arbeid, fase="dele", tekst="Vi målte fjæra. Ingen ga ordet lengde."
    )
    bilde, uten_svar = bilde_i(arbeid), bilde_i(arbeid)
    answer(bilde, ansikter="ingen", by=bilde.lastet_opp_av)
    tema = Tema.objects.create(nettverk=arbeid.nettverk, navn="Ute hele året")
    client = som(enhetsleder(arbeid.gruppe))
    adresse = reverse("rolu:mellomarbeid_del", args=[arbeid.nettverk.slug, arbeid.pk])

    skjema = client.get(adresse).text
    tomt = client.post(adresse, {"tittel": "", "tekst": "x"})
    svar = client.post(
        adresse,
        {"tittel": "Fjæra", "tekst": "Kortere.", "bilder": [bilde.pk], "temaer": [tema.pk]},
    )
    uten_svar.refresh_from_db()

    assert "Ingen ga ordet lengde." in skjema
    assert f'value="{uten_svar.pk}"' not in skjema, "nobody has said whether there are faces in it"
    assert tomt.status_code == 422
    fortelling = Praksisfortelling.objects.get()
    assert svar.url == side("fortelling", fortelling)
    assert (fortelling.tittel, fortelling.tekst) == ("Fjæra", "Kortere.")
    assert (list(fortelling.bilder.all()), list(fortelling.temaer.all())) == ([bilde], [tema])
    arbeid.refresh_from_db()
    assert (arbeid.delt, fortelling.offentlig) == (False, False)
    assert client.get(adresse).url == side("fortelling_rediger", fortelling)


def test_only_the_units_leader_tells_and_only_what_is_delivered(arbeid):
    adresse = reverse("rolu:mellomarbeid_del", args=[arbeid.nettverk.slug, arbeid.pk])
    for person in (koordinator(arbeid.nettverk), gruppemedlem(arbeid.gruppe)):
        assert som(person).get(adresse).status_code == 403
    Mellomarbeid.objects.update(status="kladd", levert=None)

    svar = som(enhetsleder(arbeid.gruppe)).post(adresse, {"tittel": "Fjæra"})

    assert svar.status_code == 422
    assert "Lever mellomarbeidet før dere deler det." in svar.text


def test_somebody_elses_change_meanwhile_is_shown(arbeid):
    rad = FortellingFactory(mellomarbeid=arbeid)
    client = som(enhetsleder(arbeid.gruppe))
    stand = client.get(side("fortelling_rediger", rad)).context["form"]["stand"].value()
    Praksisfortelling.objects.update(tekst="Skrevet av en annen.")

    svar = client.post(
        side("fortelling_rediger", rad), {"tittel": "Min", "tekst": "Mitt.", "stand": stand}
    )

    assert svar.status_code == 409
    assert "Skrevet av en annen." in svar.text


def test_only_the_story_and_its_pictures_are_read_unless_the_log_is_opened_too(arbeid):
    LoggpostFactory(mellomarbeid=arbeid, tekst="Bare for oss.")
    valgt, ikke_valgt = bilde_i(arbeid), bilde_i(arbeid)
    for bilde in (valgt, ikke_valgt):
        answer(bilde, ansikter="ingen", by=bilde.lastet_opp_av)
    leder = enhetsleder(arbeid.gruppe)
    for bilde in (valgt, ikke_valgt):
        answer(bilde, ansikter="ingen", by=leder)
    rad = praksis.share(arbeid, tittel="Fjæra", tekst="Til alle.", bilder=[valgt], by=leder)
    leser = enhetsleder(nabo(arbeid))
    roller = roller_for(leser, arbeid.nettverk)

    html = som(leser).get(side("fortelling", rad)).text

    assert "Til alle." in html
    assert "Bare for oss." not in html
    assert list(Vedlegg.objects.visible_to(roller)) == [valgt]
    assert not Mellomarbeid.objects.visible_to(roller).exists()
    assert not Loggpost.objects.visible_to(roller).exists()

    praksis.change(rad, tittel="Fjæra", bilder=[valgt], hele_loggen=True, by=leder)
    assert set(Vedlegg.objects.visible_to(roller)) == {valgt, ikke_valgt}
    assert "Les hele loggen" in som(leser).get(side("fortelling", rad)).text


def test_what_is_taken_back_is_read_by_its_own_only_and_can_be_told_again(arbeid):
    rad = FortellingFactory(mellomarbeid=arbeid)
    leder, leser = som(enhetsleder(arbeid.gruppe)), som(enhetsleder(nabo(arbeid)))

    leder.post(side("fortelling_tilbake", rad))

    assert leser.get(side("fortelling", rad)).status_code == 404
    assert list(leser.get(liste(arbeid)).context["side"]) == []
    assert "Del fortellingen igjen" in leder.get(side("fortelling", rad)).text
    leder.post(side("fortelling_rediger", rad), {"tittel": "Igjen", "igjen": "1"})
    assert leser.get(side("fortelling", rad)).status_code == 200


def test_an_old_page_tells_nothing_again_and_gives_back_neither_log_nor_consent(arbeid):
    leder = enhetsleder(arbeid.gruppe)
    rad = praksis.share(arbeid, tittel="Fjæra", hele_loggen=True, offentlig=True, by=leder)
    client, adresse = som(leder), side("fortelling_rediger", rad)
    stand = client.get(adresse).context["form"]["stand"].value()
    felt = {"tittel": "Fjæra", "hele_loggen": "on", "offentlig": "on", "stand": stand}
    praksis.take_back(rad)

    svar = client.post(adresse, felt)

    assert svar.status_code == 409
    for ord_ in ("Andre kan lese hele loggen også", "den offentlige årsrapporten", "Ja", "Nei"):
        assert ord_ in svar.text
    # With open eyes it is saved; to tell it again is another button.
    naa = svar.context["form"]["stand"].value()
    assert client.post(adresse, {**felt, "tekst": "Mer.", "stand": naa}).status_code == 302
    rad.refresh_from_db()
    arbeid.refresh_from_db()
    assert (rad.stand, rad.offentlig, arbeid.delt) == ("tilbake", False, False)
    assert rad.tekst == "Mer."


def test_what_is_told_of_removed_entries_is_changed_each_where_it_stands(arbeid):
    leder = enhetsleder(arbeid.gruppe)
    rader = [
        praksis.share(arbeid, loggpost=LoggpostFactory(mellomarbeid=arbeid), tittel=navn, by=leder)
        for navn in ("En", "To")
    ]
    Loggpost.objects.all().delete()
    client = som(leder)

    client.post(side("fortelling_rediger", rader[0]), {"tittel": "Den ene"})
    del_ = reverse("rolu:mellomarbeid_del", args=[arbeid.nettverk.slug, arbeid.pk])

    assert [str(r) for r in arbeid.fortellinger.order_by("pk")] == ["Den ene", "To"]
    # Nothing is told of all they wrote.
    assert client.get(del_).status_code == 200
    alt = praksis.share(arbeid, tittel="Alt", by=leder)
    assert client.get(del_).url == side("fortelling_rediger", alt)
    with pytest.raises(IntegrityError), transaction.atomic():
        FortellingFactory(mellomarbeid=arbeid, om_alt=True)


def test_two_tell_of_the_same_and_the_second_sees_both_texts(arbeid):
    client = som(enhetsleder(arbeid.gruppe))
    adresse = reverse("rolu:mellomarbeid_del", args=[arbeid.nettverk.slug, arbeid.pk])
    skjema = client.get(adresse).context["form"]
    felt = {navn: str(skjema[navn].value()) for navn in ("engang", "stand")}
    mitt = {**felt, "tittel": "Fjæra", "tekst": "Skrevet først."}

    forst = client.post(adresse, mitt)
    igjen = client.post(adresse, mitt)
    annen = som(enhetsleder(arbeid.gruppe))
    svar = annen.post(adresse, {"tittel": "Fjæra", "tekst": "Skrevet etterpå."})

    assert forst.url == igjen.url
    assert svar.status_code == 409
    assert "Skrevet først." in svar.text
    assert "Skrevet etterpå." in svar.text
    assert arbeid.fortellinger.get().tekst == "Skrevet først."
    stand = svar.context["form"]["stand"].value()
    annen.post(adresse, {"tittel": "Fjæra", "tekst": "Begge.", "stand": stand})
    assert arbeid.fortellinger.get().tekst == "Begge."


def test_the_page_shows_only_the_pictures_that_may_be_shown_in_their_order(arbeid):
    rad = FortellingFactory(mellomarbeid=arbeid)
    bilder = [bilde_i(arbeid) for _nr in range(3)]
    rad.bilder.set(bilder)
    for plass, bilde in enumerate(reversed(bilder[:2])):
        answer(bilde, ansikter="ingen", by=bilde.lastet_opp_av)
        Vedlegg.objects.filter(pk=bilde.pk).update(plass=plass)

    svar = som(enhetsleder(nabo(arbeid))).get(side("fortelling", rad))

    assert svar.context["bilder"] == [bilder[1], bilder[0]]
    assert svar.text.count("Skjell i en ring") == 2


def test_the_koordinator_hides_with_a_reason_that_the_unit_reads(arbeid):
    rad = FortellingFactory(mellomarbeid=arbeid)
    k, leder = som(koordinator(arbeid.nettverk)), som(enhetsleder(arbeid.gruppe))
    leser = som(enhetsleder(nabo(arbeid)))
    assert leser.get(side("fortelling_skjul", rad)).status_code == 403
    assert k.post(side("fortelling_skjul", rad), {"grunn": ""}).status_code == 422

    k.post(side("fortelling_skjul", rad), {"grunn": "Et barn kan kjennes igjen."})

    assert leser.get(side("fortelling", rad)).status_code == 404
    assert "Et barn kan kjennes igjen." in leder.get(side("fortelling", rad)).text
    # To change it is not to show it.
    leder.post(side("fortelling_rediger", rad), {"tittel": "Uten navn"})
    assert leser.get(side("fortelling", rad)).status_code == 404
    k.post(side("fortelling_vis", rad))
    assert leser.get(side("fortelling", rad)).status_code == 200


def test_what_is_hidden_is_not_read_in_the_log_either(arbeid):
    leder = enhetsleder(arbeid.gruppe)
    rad = praksis.share(arbeid, tittel="Fjæra", hele_loggen=True, by=leder)
    leser = enhetsleder(nabo(arbeid))
    roller = roller_for(leser, arbeid.nettverk)
    assert Mellomarbeid.objects.visible_to(roller).exists()

    som(koordinator(arbeid.nettverk)).post(side("fortelling_skjul", rad), {"grunn": "Et navn."})

    assert not Mellomarbeid.objects.visible_to(roller).exists()
    praksis.change(rad, tittel="Fjæra", hele_loggen=True, by=leder)
    post = LoggpostFactory(mellomarbeid=arbeid)
    praksis.share(arbeid, loggpost=post, tittel="Ny", hele_loggen=True, by=leder)
    assert not Mellomarbeid.objects.visible_to(roller).exists()


def test_the_unit_takes_back_what_is_hidden_and_it_is_not_shown_but_by_both(arbeid):
    rad = FortellingFactory(mellomarbeid=arbeid)
    k, leder = som(koordinator(arbeid.nettverk)), som(enhetsleder(arbeid.gruppe))
    praksis.hide(rad, grunn="Et navn.")
    assert side("fortelling_tilbake", rad) in leder.get(side("fortelling", rad)).text
    leder.post(side("fortelling_tilbake", rad))

    k.post(side("fortelling_vis", rad))
    svar = k.post(side("fortelling_skjul", rad), {"grunn": "Noe annet."}, follow=True)

    assert "Fortellingen er tatt tilbake." in svar.text
    rad.refresh_from_db()
    assert (rad.stand, rad.grunn) == ("tilbake", "Et navn.")
    # The unit does not show what the koordinator hides by taking it back first.
    leder.post(side("fortelling_rediger", rad), {"tittel": "Uten navn", "igjen": "1"})
    rad.refresh_from_db()
    assert rad.er_skjult
    k.post(side("fortelling_vis", rad))
    rad.refresh_from_db()
    assert rad.er_vist


def test_what_is_told_stands_while_the_log_is_open_and_is_the_units_to_change_and_take_back(arbeid):
    LoggpostFactory(mellomarbeid=arbeid)
    leder = enhetsleder(arbeid.gruppe)
    rad = praksis.share(arbeid, tittel="Fjæra", hele_loggen=True, by=leder)
    client, leser = som(leder), som(enhetsleder(nabo(arbeid)))
    loggen = reverse("rolu:mellomarbeid", args=[arbeid.nettverk.slug, arbeid.pk])
    assert leser.get(loggen).status_code == 200

    innlevering.reopen(arbeid)

    html = leser.get(side("fortelling", rad)).text
    assert "Les hele loggen" not in html
    assert leser.get(loggen).status_code == 404
    assert list(leser.get(liste(arbeid)).context["side"]) == [rad]
    client.post(side("fortelling_rediger", rad), {"tittel": "Vi målte", "hele_loggen": "on"})
    innlevering.submit(arbeid, by=leder)
    assert "Vi målte" in leser.get(side("fortelling", rad)).text
    assert leser.get(loggen).status_code == 200

    innlevering.reopen(arbeid)
    client.post(side("fortelling_tilbake", rad))
    assert leser.get(side("fortelling", rad)).status_code == 404
    # To tell again is to tell what is delivered.
    igjen = client.post(side("fortelling_rediger", rad), {"tittel": "Igjen", "igjen": "1"})
    assert "Lever mellomarbeidet før dere deler det." in igjen.text


def test_what_was_hidden_is_shown_again_also_while_the_log_is_open(arbeid):
    rad = FortellingFactory(mellomarbeid=arbeid)
    praksis.hide(rad, grunn="Et navn.")
    innlevering.reopen(arbeid)

    praksis.show_again(rad)

    rad.refresh_from_db()
    assert rad.er_vist


def test_the_way_to_tell_leads_to_what_is_delivered_and_not_told(arbeid):
    client = som(enhetsleder(arbeid.gruppe))
    dele = reverse("rolu:praksis_del", args=[arbeid.nettverk.slug])
    skjema = reverse("rolu:mellomarbeid_del", args=[arbeid.nettverk.slug, arbeid.pk])
    told(arbeid)
    eget(arbeid.gruppe)
    assert dele in client.get(liste(arbeid)).text
    assert dele not in som(gruppemedlem(arbeid.gruppe)).get(liste(arbeid)).text
    assert client.get(dele).url == skjema

    til = eget(arbeid.gruppe, levert_=True)
    valg = client.get(dele)
    assert set(valg.context["arbeidene"]) == {arbeid, til}
    assert skjema in valg.text

    for ett in (arbeid, til):
        FortellingFactory(mellomarbeid=ett, stand="tilbake")
    assert dele not in client.get(liste(arbeid)).text
    assert client.get(dele).url == liste(arbeid)


def test_the_whole_log_leads_back_to_the_story_one_came_from_and_can_be_used_there(arbeid):
    post = LoggpostFactory(mellomarbeid=arbeid)
    om_alt = FortellingFactory(mellomarbeid=arbeid, om_alt=True, tittel="Om alt")
    om_ett = FortellingFactory(mellomarbeid=arbeid, loggpost=post, om_alt=False, tittel="Om ett")
    Mellomarbeid.objects.update(delt=True)
    client = som(gruppemedlem(nabo(arbeid)))
    loggen = reverse("rolu:mellomarbeid", args=[arbeid.nettverk.slug, arbeid.pk])
    assert f"{loggen}?fra={om_ett.pk}" in client.get(side("fortelling", om_ett)).text

    for adresse, rad in (
        (loggen, om_alt),
        (f"{loggen}?fra={om_ett.pk}", om_ett),
        (f"{loggen}?fra=x", om_alt),
    ):
        svar = client.get(adresse)
        assert svar.context["fortelling"] == rad
        smuler = svar.text.split("ds-breadcrumbs")[1].split("</nav>")[0]
        assert side("fortelling", rad) in smuler
        assert side("fortelling_bruk", rad) in svar.text


# --- to read


def test_every_member_finds_what_is_told_the_newest_first(arbeid):
    gammel, ny = told(arbeid, 9), told(arbeid, 1, tittel="Vi målte fjæra")
    person = som(medlem(arbeid.nettverk, gruppetype=Gruppe.Type.STYRINGSGRUPPE))

    svar = person.get(liste(arbeid))

    assert list(svar.context["side"]) == [ny, gammel]
    for tekst in (ny.enhet, arbeid.kommune, "Vi målte fjæra", "Ingen voksen ga ordet lengde."):
        assert str(tekst) in svar.text
    assert "Hva gjorde dere?" not in svar.text


def test_a_card_has_its_picture_or_its_title_on_the_colour_of_the_track(arbeid):
    loype = Laeringsloype.objects.create(
        nettverk=arbeid.nettverk, slug="matte", navn="Matematikk", farge="sjo", tegn="trekant"
    )
    arbeid.oppdrag.laeringsloype = loype
    arbeid.oppdrag.save()
    told(arbeid, 2)
    med = told(arbeid, 1)
    bilde = bilde_i(med.mellomarbeid)
    answer(bilde, ansikter="ingen", by=bilde.lastet_opp_av)
    med.bilder.add(bilde)

    html = " ".join(som(enhetsleder(arbeid.gruppe)).get(liste(arbeid)).text.split())

    assert html.count("app-praksiskort--uten") == html.count("<article") - 1 == 1
    assert f'src="{reverse("rolu:vedlegg_liten", args=[arbeid.nettverk.slug, bilde.pk])}"' in html
    assert f'href="?loype={loype.pk}"' in html
    assert "Hva gjorde dere?" in html


def test_what_is_told_is_filtered_by_all_there_is_to_choose(arbeid):
    loype = Laeringsloype.objects.create(nettverk=arbeid.nettverk, slug="matte", navn="Matematikk")
    periode = Periode.objects.create(loype=loype, nummer=1, gyldig=(None, None))
    modul = Modul.objects.create(periode=periode, tittel="Måling")
    annet = OppdragFactory(nettverk=arbeid.nettverk, laeringsloype=loype, modul=modul)
    tema = Tema.objects.create(nettverk=arbeid.nettverk, navn="Ute")
    her = told(arbeid, 1)
    der = told(arbeid, 2, oppdrag=annet)
    der.temaer.add(tema)
    Enhet.objects.filter(pk=der.enhet_id).update(type="sfo")
    client = som(enhetsleder(arbeid.gruppe))

    def treff(**valg: object) -> list[Praksisfortelling]:
        svar = client.get(liste(arbeid, **valg))
        funnet = list(svar.context["side"])
        assert svar.context["form"].antall == len(funnet)
        return funnet

    assert treff(kommune=arbeid.kommune_id) == [her, der]
    for valg in (
        {"loype": loype.pk},
        {"modul": modul.pk},
        {"tema": tema.pk},
        {"type": "sfo"},
        {"oppdrag": annet.pk},
    ):
        assert treff(**valg) == [der], valg
    assert treff(type="sfo", oppdrag=arbeid.oppdrag_id) == []
    assert treff(tema="9" * 30, loype="x", modul="-1") == [her, der]
    htmx = client.get(liste(arbeid, tema=tema.pk), headers={"HX-Request": "true"})
    assert htmx.text.strip() in client.get(liste(arbeid, tema=tema.pk)).text


@pytest.mark.parametrize("q", ["lærar", "LÆRARANE", "leiaren", "læreren leste", "skulane"])
def test_search_knows_the_forms_of_words(arbeid, q: str):
    treff = told(arbeid, tekst="Lærerne og lederne leser på skolen.")
    told(arbeid, tekst="Et ledd av skolten.")

    assert list(som(enhetsleder(arbeid.gruppe)).get(liste(arbeid, q=q)).context["side"]) == [treff]


def test_the_title_weighs_most_and_the_most_used_can_come_first(arbeid):
    i_teksten = told(arbeid, 1, tittel="Noe annet", tekst="Litt om måling.")
    i_tittelen = told(arbeid, 2, tittel="Målinger i fjæra", tekst="")
    brukt = told(arbeid, 3, tittel="Lesestund", tekst="")
    Praksisbruk.objects.create(fortelling=brukt, gruppe=arbeid.gruppe)
    client = som(enhetsleder(arbeid.gruppe))

    assert list(client.get(liste(arbeid, q="måling")).context["side"]) == [i_tittelen, i_teksten]
    assert next(iter(client.get(liste(arbeid, forst="brukt")).context["side"])) == brukt
    tomt = client.get(liste(arbeid, q="finnes-ikke"))
    assert "Ingenting passer med valget" in tomt.text


def test_a_word_in_very_many_shows_the_newest_and_says_so_and_a_choice_finds_the_older(
    arbeid, monkeypatch
):
    monkeypatch.setattr("rolu.models.praksis.TREFF_MAKS", 2)
    eldst = told(arbeid, 9)
    Enhet.objects.filter(pk=eldst.enhet_id).update(type="sfo")
    tema = Tema.objects.create(nettverk=arbeid.nettverk, navn="Ute")
    eldst.temaer.add(tema)
    nyeste = [told(arbeid, dager) for dager in (1, 2)]
    FortellingFactory()
    told(arbeid, stand="tilbake")
    client = som(enhetsleder(arbeid.gruppe))

    alle = client.get(liste(arbeid, q="fjæra"))
    av_en_type = client.get(liste(arbeid, q="fjæra", type="sfo"))

    assert list(alle.context["side"]) == nyeste
    assert alle.context["form"].antall == 2
    assert "Søket passer med svært mange." in alle.text
    assert list(av_en_type.context["side"]) == [eldst]
    assert av_en_type.context["form"].antall == 1
    med_tema = client.get(liste(arbeid, q="fjæra", tema=tema.pk))
    assert list(med_tema.context["side"]) == [eldst]
    assert "svært mange" not in med_tema.text


def test_another_network_and_one_without_praksis_see_nothing(arbeid):
    FortellingFactory()
    rad = told(arbeid)
    person = enhetsleder(arbeid.gruppe)
    assert list(som(person).get(liste(arbeid)).context["side"]) == [rad]

    arbeid.nettverk.uten_deler = ["praksis"]
    arbeid.nettverk.save()

    roller = roller_for(person, arbeid.nettverk)
    assert not Praksisfortelling.objects.visible_to(roller).exists()


def test_the_list_and_a_page_cost_the_same_with_one_and_three(arbeid, django_assert_num_queries):
    client = som(enhetsleder(arbeid.gruppe))
    rad = told(arbeid)

    def cost(adresse: str) -> int:
        client.get(adresse)
        with CaptureQueriesContext(connection) as spurt:
            client.get(adresse)
        return len(spurt)

    adresser = [liste(arbeid), liste(arbeid, q="fjæra"), side("fortelling", rad)]
    en = [cost(adresse) for adresse in adresser]
    for _nr in range(2):
        ny = told(arbeid)
        ny.bilder.add(bilde_i(ny.mellomarbeid))
        Praksisbruk.objects.create(fortelling=rad, gruppe=ny.mellomarbeid.gruppe)
    assert [cost(adresse) for adresse in adresser] == en
    assert max(en) <= 12, en


# --- others take it into use


def eget(gruppe: Gruppe, **felt: object) -> Mellomarbeid:
    return MellomarbeidFactory(
        oppdrag=OppdragFactory(nettverk=gruppe.nettverk), gruppe=gruppe, **felt
    )


def test_a_unit_plans_the_idea_in_its_own_log_and_the_authors_are_told(arbeid):
    rad = FortellingFactory(mellomarbeid=arbeid, tittel="Vi målte fjæra")
    forfatter = enhetsleder(arbeid.gruppe)
    gruppe = nabo(arbeid)
    mitt = eget(gruppe)
    client = som(gruppemedlem(gruppe))
    assert "Bruk hos oss" in client.get(side("fortelling", rad)).text
    dato = idag() + datetime.timedelta(days=7)

    svar = client.post(side("fortelling_bruk", rad), {"mellomarbeid": mitt.pk, "dato": dato})

    post = mitt.loggposter.get()
    assert post.noekkel.hex in svar.url.replace("-", "")
    assert (post.stand, post.dato, post.fase) == ("planlagt", dato, "planlegge")
    assert "Vi målte fjæra" in post.tekst
    assert rad.tekst in post.tekst
    mitt.refresh_from_db()
    assert mitt.status == Mellomarbeid.Status.KLADD
    nyhet = Nyhet.objects.get(slag="rolu.praksis_brukt")
    assert nyhet.til == forfatter
    assert nyhet.adresse == side("fortelling", rad)
    html = client.get(side("fortelling", rad)).text
    assert "Brukt av 1 enhet" in html
    assert "Ideen står i loggen deres." in html


def test_a_unit_that_has_delivered_keeps_the_idea_and_plans_it_in_the_next_in_one_tap(arbeid):
    rad = FortellingFactory(mellomarbeid=arbeid, tittel="Vi målte fjæra")
    forfatter = enhetsleder(arbeid.gruppe)
    gruppe = nabo(arbeid)
    eget(gruppe, levert_=True)
    client = som(gruppemedlem(gruppe))
    assert "Ta vare på ideen" in client.get(side("fortelling_bruk", rad)).text

    for _nr in range(2):
        client.post(side("fortelling_ta_vare", rad), {"gruppe": gruppe.pk})

    bruk = Praksisbruk.objects.get()
    assert (bruk.gruppe, bruk.loggpost) == (gruppe, None)
    assert Nyhet.objects.get(slag="rolu.praksis_brukt").til == forfatter
    assert "Dere har tatt vare på ideen." in client.get(side("fortelling", rad)).text
    assert side("fortelling_ta_vare", rad) not in client.get(side("fortelling_bruk", rad)).text

    mitt = eget(gruppe)
    adresse = reverse("rolu:mellomarbeid", args=[mitt.nettverk.slug, mitt.pk])
    svar = client.get(adresse)
    assert "Ideer dere har tatt vare på" in svar.text
    assert svar.context["ideer"] == [
        {"pk": rad.pk, "tittel": "Vi målte fjæra", "enhet": str(rad.enhet)}
    ]
    dato = svar.context["idedato"].isoformat()
    client.post(side("fortelling_bruk", rad), {"mellomarbeid": mitt.pk, "dato": dato})

    bruk.refresh_from_db()
    assert bruk.loggpost == mitt.loggposter.get()
    assert Nyhet.objects.filter(slag="rolu.praksis_brukt").count() == 1
    assert client.get(adresse).context["ideer"] == []


def test_a_kept_idea_is_let_go_and_one_that_is_told_no_more_is_not_offered(arbeid):
    rad, til = (told(arbeid) for _ in "12")
    mitt = eget(nabo(arbeid))
    person = gruppemedlem(mitt.gruppe)
    client = som(person)
    for en in (rad, til):
        praksis.keep(en, gruppe=mitt.gruppe, by=person)
    adresse = reverse("rolu:mellomarbeid", args=[mitt.nettverk.slug, mitt.pk])
    praksis.take_back(til)
    assert [ide["pk"] for ide in client.get(adresse).context["ideer"]] == [rad.pk]
    with pytest.raises(KanIkke):
        praksis.keep(til, gruppe=mitt.gruppe, by=person)

    # Nobody lets go of another unit's.
    som(gruppemedlem(nabo(arbeid))).post(
        side("fortelling_ta_vare", rad), {"gruppe": mitt.gruppe_id, "bort": "1"}
    )
    assert rad.bruk.exists()
    client.post(side("fortelling_ta_vare", rad), {"gruppe": mitt.gruppe_id, "bort": "1"})
    assert not rad.bruk.exists()


def test_the_nearest_deadline_is_proposed_and_what_is_overdue_comes_last(arbeid):
    rad = FortellingFactory(mellomarbeid=arbeid)
    gruppe = nabo(arbeid)
    person = gruppemedlem(gruppe)
    lenge, snart, over = (
        MellomarbeidFactory(
            oppdrag=OppdragFactory(
                nettverk=arbeid.nettverk, frist=idag() + datetime.timedelta(days=dager)
            ),
            gruppe=gruppe,
        )
        for dager in (90, 9, -9)
    )

    skjema = som(person).get(side("fortelling_bruk", rad)).context["form"]

    assert skjema.arbeidene == [snart, lenge, over]


@pytest.mark.parametrize("dager", [-1, 3000])
def test_an_idea_is_planned_for_a_day_to_come_and_within_reach(arbeid, dager: int):
    rad = FortellingFactory(mellomarbeid=arbeid)
    gruppe = nabo(arbeid)
    mitt = eget(gruppe)
    felt = {"mellomarbeid": mitt.pk, "dato": idag() + datetime.timedelta(days=dager)}

    svar = som(gruppemedlem(gruppe)).post(side("fortelling_bruk", rad), felt)

    assert svar.status_code == 422
    assert not mitt.loggposter.exists()


def test_a_long_idea_is_shortened_to_what_an_entry_holds(arbeid):
    rad = FortellingFactory(mellomarbeid=arbeid, tekst="Et ord og\n" * 5_000)
    gruppe = nabo(arbeid)

    post = praksis.use(rad, mellomarbeid=eget(gruppe), dato=idag(), by=gruppemedlem(gruppe))

    assert post.tekst.endswith(" …")
    assert 17_000 < len(post.tekst.replace("\n", "\r\n")) <= TEKST_MAKS


def test_two_units_at_once_are_two_lines_of_news(arbeid):
    rad = FortellingFactory(mellomarbeid=arbeid)
    enhetsleder(arbeid.gruppe)
    for _nr in range(2):
        gruppe = nabo(arbeid)
        praksis.use(rad, mellomarbeid=eget(gruppe), dato=idag(), by=gruppemedlem(gruppe))
        # As the other sees it, who is not done yet.
        Praksisbruk.objects.all().delete()

    assert Nyhet.objects.filter(slag="rolu.praksis_brukt").count() == 2


def test_used_twice_is_used_once_and_each_user_is_a_line_in_the_letter_of_the_week(arbeid):
    rad = FortellingFactory(mellomarbeid=arbeid)
    enhetsleder(arbeid.gruppe)
    for _nr in range(3):
        gruppe = nabo(arbeid)
        person = gruppemedlem(gruppe)
        mitt = eget(gruppe)
        poster = {praksis.use(rad, mellomarbeid=mitt, dato=idag(), by=person).pk for _ in "12"}
        assert len(poster) == 1

    assert rad.bruk.count() == 3
    assert Nyhet.objects.filter(slag="rolu.praksis_brukt").count() == 3
    assert not Brev.objects.exists()


def test_ones_own_what_is_taken_back_and_what_is_delivered_cannot_be_used(arbeid):
    rad = FortellingFactory(mellomarbeid=arbeid)
    gruppe = nabo(arbeid)
    person = gruppemedlem(gruppe)
    levert = eget(gruppe, levert_=True)
    with pytest.raises(KanIkke):
        praksis.use(rad, mellomarbeid=eget(arbeid.gruppe), dato=idag(), by=person)
    with pytest.raises(Lukket):
        praksis.use(rad, mellomarbeid=levert, dato=idag(), by=person)
    svar = som(person).get(side("fortelling_bruk", rad))
    assert "Dere har ikke noe oppdrag å planlegge ideen i nå." in svar.text
    praksis.take_back(rad)
    with pytest.raises(KanIkke):
        praksis.use(rad, mellomarbeid=eget(gruppe), dato=idag(), by=person)
    assert not Praksisbruk.objects.exists()


def test_who_sits_in_no_unit_does_not_use_and_another_units_log_is_no_choice(arbeid):
    rad = FortellingFactory(mellomarbeid=arbeid)
    fremmed = eget(nabo(arbeid))
    gruppe = nabo(arbeid)
    eget(gruppe)
    person = VervFactory(gruppe=gruppe, rolle=Rolle.TILLITSVALGT).person

    assert som(koordinator(arbeid.nettverk)).get(side("fortelling_bruk", rad)).status_code == 403
    svar = som(person).post(
        side("fortelling_bruk", rad), {"mellomarbeid": fremmed.pk, "dato": idag()}
    )
    assert svar.status_code == 422
    assert not Praksisbruk.objects.exists()


# --- where else it shows


def test_the_authors_see_at_home_that_others_use_it_and_the_track_shows_what_is_told(arbeid):
    loype = Laeringsloype.objects.create(nettverk=arbeid.nettverk, slug="matte", navn="Matematikk")
    arbeid.oppdrag.laeringsloype = loype
    arbeid.oppdrag.save()
    rad = FortellingFactory(mellomarbeid=arbeid)
    client = som(enhetsleder(arbeid.gruppe))
    hjem = reverse("nettverk:hjem", args=[arbeid.nettverk.slug])
    loypa = reverse("laeringsloyper:loype", args=[arbeid.nettverk.slug, loype.slug])
    assert "Andre prøver det dere delte" not in client.get(hjem).text

    Praksisbruk.objects.create(fortelling=rad, gruppe=nabo(arbeid))

    assert "Andre prøver det dere delte" in client.get(hjem).text
    assert side("fortelling", rad) in client.get(loypa).text
    praksis.hide(rad, grunn="Et navn.")
    assert side("fortelling", rad) not in client.get(loypa).text


def test_a_gathering_opens_with_what_is_told_since_last_and_never_with_anything_else(arbeid):
    samling = SamlingFactory(nettverk=arbeid.nettverk, publisert_=True)
    assert screen_of(samling).bilde == "naa"
    rad = FortellingFactory(mellomarbeid=arbeid, tittel="Vi målte fjæra")
    LoggpostFactory(mellomarbeid=arbeid, tekst="Bare for oss.", merket="Ingen så det. Nei.")
    neste = SamlingFactory(nettverk=arbeid.nettverk, publisert_=True)

    assert screen_of(neste).bilde == "fortalt"
    assert [k["navn"] for k in screen_told(neste)["kolonner"]] == ["Hva gjorde vi?"]
    Mellomarbeid.objects.update(delt=True)
    kolonner = screen_told(neste)["kolonner"]
    assert [k["linjer"][0]["tekst"] for k in kolonner] == ["Vi målte fjæra", "Ingen så det."]
    praksis.take_back(rad)
    assert screen_told(neste) is None
