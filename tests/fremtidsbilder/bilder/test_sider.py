"""The pages where images are written, and what they show to whom."""

import datetime
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fremtidsbilder.bilder import illustrasjoner, skriving, utgaver
from fremtidsbilder.models import Fremtidsbilde
from fremtidsbilder.sted import Hjemsted
from kommuner.gyldighet import idag, periode
from nettverk.models import Nettverk, Rolle
from tests.fremtidsbilder.bilder.bildefiler import godkjent
from tests.fremtidsbilder.factories import FremtidsbildeFactory, TegnFactory, TemaFactory
from tests.kommuner.factories import EnhetFactory
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
    nettverk_med_enhet,
)

pytestmark = pytest.mark.django_db


def _url(navn: str, nettverk: Nettverk, *mer: object) -> str:
    return reverse(f"fremtidsbilder:{navn}", args=[nettverk.slug, *mer])


def _felt(**mer: object) -> dict[str, object]:
    felt: dict[str, object] = {"tittel": "Vi i 2040", "tekst": "Alle er med.", "tegn": "A\nB"}
    return felt | mer


# --- make


def test_the_koordinator_makes_one_for_the_network_and_one_for_an_arena(client: Client):
    nettverk = NettverkFactory()
    gruppe = GruppeFactory(nettverk=nettverk)
    client.force_login(koordinator(nettverk))

    client.post(_url("fremtidsbilde_ny", nettverk), _felt(sted="nettverk"))
    client.post(
        _url("fremtidsbilde_ny", nettverk),
        _felt(sted="arena", tittel="Fagdager", gruppe=gruppe.pk),
    )

    felles, arena = nettverk.fremtidsbilder.order_by("pk")
    assert (felles.nivaa, [t.tekst for t in felles.tegn.all()]) == ("nettverk", ["A", "B"])
    assert (arena.nivaa, arena.gruppe) == ("arena", gruppe)


def test_only_an_arena_has_a_group(client: Client):
    nettverk = NettverkFactory()
    gruppe = GruppeFactory(nettverk=nettverk)
    client.force_login(koordinator(nettverk))

    url = _url("fremtidsbilde_ny", nettverk)
    svar = client.post(url, _felt(sted="nettverk", gruppe=gruppe.pk))

    assert svar.status_code == 422
    assert "gruppe" in svar.context["form"].errors
    # The style sheet leaves it out where no arena is chosen; what an arena is, is said.
    _foer, feltet = client.get(url).text.split('<div class="app-bare-arena">')
    assert 'name="gruppe"' in feltet.split("</select>")[0]
    assert "En arena er " in _foer


def test_the_same_form_twice_makes_one(client: Client):
    nettverk = NettverkFactory()
    client.force_login(koordinator(nettverk))
    felt = _felt(sted="nettverk", engang=str(uuid.uuid4()))

    en = client.post(_url("fremtidsbilde_ny", nettverk), felt)
    to = client.post(_url("fremtidsbilde_ny", nettverk), felt)

    assert en["Location"] == to["Location"]
    assert nettverk.fremtidsbilder.count() == 1


def test_each_writes_at_the_own_place_alone(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    fremmed = EnhetFactory(kommune=nettverk.kommuner().get())
    client.force_login(enhetsleder(gruppe))
    adresse = _url("fremtidsbilde_ny", nettverk)

    svar = [
        client.post(adresse, _felt(sted=sted)).status_code
        for sted in ("nettverk", "arena", f"enhet-{fremmed.referanse}")
    ]
    client.post(adresse, _felt(sted=f"enhet-{gruppe.enhet.referanse}"))

    assert svar == [422, 422, 422]
    assert nettverk.fremtidsbilder.get().enhet == gruppe.enhet


def test_the_oppvekstansvarlig_makes_one_for_the_kommune(client: Client):
    nettverk, _gruppe = nettverk_med_enhet()
    kommune = nettverk.kommuner().get()
    client.force_login(kommuneansvarlig(nettverk, kommune))

    client.post(_url("fremtidsbilde_ny", nettverk), _felt(sted=f"kommune-{kommune.kommunenummer}"))

    assert nettverk.fremtidsbilder.get().kommune == kommune


@pytest.mark.parametrize(
    ("felt", "hvor"),
    [
        ({"tekst": "x" * 60_000}, "tekst"),
        ({"tittel": ""}, "tittel"),
        ({"tittel": "x" * 251}, "tittel"),
        ({"tegn": "x" * 301}, "tegn"),
        ({"tegn": "\n".join(map(str, range(41)))}, "tegn"),
        ({"nye_temaer": "x" * 101}, "nye_temaer"),
        ({"aar": "99999"}, "aar"),
    ],
)
def test_what_does_not_fit_is_told_at_the_field_and_stays_in_it(client, felt, hvor):
    nettverk = NettverkFactory()
    client.force_login(koordinator(nettverk))

    svar = client.post(_url("fremtidsbilde_ny", nettverk), _felt(sted="nettverk") | felt)

    assert svar.status_code == 422
    assert list(svar.context["form"].errors) == [hvor]
    assert not nettverk.fremtidsbilder.exists()


def test_script_emoji_and_other_alphabets_are_words(client: Client):
    nettverk = NettverkFactory()
    client.force_login(koordinator(nettverk))
    tekst = "<script>alert(1)</script> 🌊 שלום"

    svar = client.post(
        _url("fremtidsbilde_ny", nettverk),
        _felt(sted="nettverk", tittel=tekst, tekst=tekst, tegn=tekst, nye_temaer=tekst),
        follow=True,
    )

    html = svar.content.decode()
    assert "<script>alert" not in html
    assert "🌊 שלום" in html


def test_a_nul_is_no_part_of_a_text(client: Client):
    nettverk = NettverkFactory()
    client.force_login(koordinator(nettverk))

    client.post(_url("fremtidsbilde_ny", nettverk), _felt(sted="nettverk", tekst="a\0b"))

    assert nettverk.fremtidsbilder.get().tekst == "a b"


# --- change


def test_of_two_tabs_the_second_sees_both_texts_and_chooses(client: Client):
    bilde = FremtidsbildeFactory(tekst="Før.")
    adresse = _url("fremtidsbilde_rediger", bilde.nettverk, bilde.pk)
    client.force_login(koordinator(bilde.nettverk))
    client.post(adresse, _felt(tekst="Den første.", tegn="Første tegn", versjon=0))

    annen = client.post(adresse, _felt(tekst="Den andre.", versjon=0))
    html = annen.content.decode()

    assert annen.status_code == 409
    assert "Den første." in html
    assert "Første tegn" in html
    assert "Den andre." in html
    svar = client.post(adresse, _felt(tekst="Den andre.", behold=1))
    bilde.refresh_from_db()
    assert (svar.status_code, bilde.tekst) == (302, "Den andre.")


def test_who_may_not_change_it_is_refused(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    bilde = FremtidsbildeFactory(nettverk=nettverk, nivaa="enhet", enhet=gruppe.enhet)
    svar = {}
    for navn, person in (
        ("leder", enhetsleder(gruppe)),
        ("medlem", gruppemedlem(gruppe)),
        ("koordinator", koordinator(nettverk)),
        ("fremmed", koordinator(NettverkFactory())),
    ):
        client.force_login(person)
        svar[navn] = client.get(_url("fremtidsbilde_rediger", nettverk, bilde.pk)).status_code

    assert svar == {"leder": 200, "medlem": 403, "koordinator": 403, "fremmed": 403}


def test_buttons_are_for_those_who_may(client: Client):
    bilde = FremtidsbildeFactory(tekst="Alle er med.", publisert=True)
    adresse = _url("fremtidsbilde", bilde.nettverk, bilde.pk)
    rediger = _url("fremtidsbilde_rediger", bilde.nettverk, bilde.pk)
    ute = client.get(adresse).content.decode()
    client.force_login(kog(bilde.nettverk))
    medlem = client.get(adresse).content.decode()
    client.force_login(koordinator(bilde.nettverk))
    skriver = client.get(adresse).content.decode()

    assert [rediger in html for html in (ute, medlem, skriver)] == [False, False, True]
    assert ["/pdf/" in html for html in (ute, medlem, skriver)] == [False, True, True]


# --- published, and deleted


def test_who_sees_it_is_said_before_it_is_published(client: Client):
    bilde = FremtidsbildeFactory(tekst="Alle er med.")
    adresse = _url("fremtidsbilde_publiser", bilde.nettverk, bilde.pk)
    client.force_login(koordinator(bilde.nettverk))

    foer = client.get(adresse).content.decode()
    client.post(adresse, {"publisert": "1"})
    etter = client.get(adresse).content.decode()

    assert "Nå kan bare de som er med i nettverket, lese det." in foer
    assert "Nå kan alle lese det" in etter
    client.logout()
    assert client.get(_url("fremtidsbilde", bilde.nettverk, bilde.pk)).status_code == 200


def test_a_published_one_is_not_deleted_from_a_page_that_was_open(client: Client):
    bilde = FremtidsbildeFactory(publisert=True)
    adresse = _url("fremtidsbilde_slett", bilde.nettverk, bilde.pk)
    client.force_login(koordinator(bilde.nettverk))

    assert client.get(adresse).status_code == 302
    assert "Trekk det tilbake" in client.post(adresse, follow=True).content.decode()
    skriving.publish(bilde, publisert=False, by=PersonFactory())
    assert client.get(adresse).status_code == 200
    client.post(adresse)
    assert not Fremtidsbilde.objects.exists()


# --- versions


def _med_utgaver() -> Fremtidsbilde:
    bilde = FremtidsbildeFactory(tekst="Alle barn er med.", publisert=True)
    for nummer, tekst in enumerate(("Alle barn er med.", "Alle barn og unge er med."), start=1):
        bilde.tekst = tekst
        bilde.save()
        dato = datetime.date(2017, nummer, 7)
        utgaver.set_utgave(bilde, navn=f"Nr. {nummer}", dato=dato, nytt="", by=PersonFactory())
    return bilde


def test_a_version_is_set_on_its_page(client: Client):
    bilde = FremtidsbildeFactory(tekst="Alle er med.")
    client.force_login(koordinator(bilde.nettverk))
    felt = {"navn": "Første", "dato": "07.02.2017", "nytt": "Alt <b>", "engang": uuid.uuid4()}
    adresse = _url("utgave_ny", bilde.nettverk, bilde.pk)

    svar = client.post(adresse, felt, follow=True)
    client.post(adresse, felt)

    assert bilde.utgaver.get().dato == datetime.date(2017, 2, 7)
    assert "Alt &lt;b&gt;" in svar.content.decode()


def test_everyone_reads_the_versions_of_a_published_image(client: Client):
    bilde = _med_utgaver()
    adresser = [
        _url("utgave", bilde.nettverk, bilde.pk, 1),
        _url("sammenlign", bilde.nettverk, bilde.pk),
    ]
    side = client.get(_url("fremtidsbilde", bilde.nettverk, bilde.pk)).content.decode()
    ute = [client.get(adresse).status_code for adresse in adresser]
    skriving.publish(bilde, publisert=False, by=PersonFactory())
    skjult = [client.get(adresse).status_code for adresse in adresser]

    assert "Siste utgave: 2, Nr. 2" in " ".join(side.split())
    assert all(adresse in side for adresse in adresser)
    assert (ute, skjult) == ([200, 200], [404, 404])


def test_two_versions_side_by_side_in_words(client: Client):
    bilde = _med_utgaver()
    adresse = _url("sammenlign", bilde.nettverk, bilde.pk)

    html = client.get(adresse, {"fra": 1, "til": 2}).content.decode()
    omvendt = client.get(adresse, {"fra": 2, "til": 1}).content.decode()
    lik = client.get(adresse, {"fra": 2, "til": 0}).content.decode()

    assert '<ins><span class="ds-sr-only">[nytt: </span>og unge<span' in html
    assert "<del>" not in html
    assert '<del><span class="ds-sr-only">[tatt bort: </span>og unge<span' in omvendt
    assert "De er like." in lik
    assert "Nytt på 1 sted." in html
    assert "0 steder" not in html


def test_versions_are_compared_without_the_signs_they_are_written_with(client: Client):
    bilde = FremtidsbildeFactory(publisert=True, tekst="*Vi* ser **alle**:\n\n- ute\n- inne")
    dag = datetime.date(2017, 2, 7)
    utgaver.set_utgave(bilde, navn="Nr. 1", dato=dag, nytt="", by=PersonFactory())

    html = client.get(_url("sammenlign", bilde.nettverk, bilde.pk)).content.decode()

    assert "Vi ser alle:\n\n• ute\n• inne<" in html


@pytest.mark.parametrize("valg", ["fra=3", "fra=x", "til=-1", "til=99999999999999999999"])
def test_a_version_that_is_not_there_is_not_found(client, valg):
    bilde = _med_utgaver()

    adresse = _url("sammenlign", bilde.nettverk, bilde.pk)
    assert client.get(f"{adresse}?{valg}").status_code == 404


def test_without_versions_there_is_nothing_to_compare(client: Client):
    bilde = FremtidsbildeFactory(publisert=True)

    assert client.get(_url("sammenlign", bilde.nettverk, bilde.pk)).status_code == 404


# --- taken in use


def test_a_leader_takes_the_networks_image_in_use_for_the_unit(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    bilde = FremtidsbildeFactory(nettverk=nettverk, tittel="Vi i 2040", tekst="Alle er med.")
    client.force_login(enhetsleder(gruppe))
    liste = client.get(_url("fremtidsbilde_list", nettverk)).content.decode()
    adresse = _url("fremtidsbilde_ta_i_bruk", nettverk, bilde.pk)

    svar = client.post(adresse, {"sted": f"enhet-{gruppe.enhet.referanse}"})
    igjen = client.post(adresse, {"sted": f"enhet-{gruppe.enhet.referanse}"})

    eget = bilde.bygget_videre.get()
    assert f"{adresse}?sted=enhet-{gruppe.enhet.referanse}" in liste
    assert svar["Location"] == _url("fremtidsbilde_rediger", nettverk, eget.pk)
    assert igjen["Location"] == _url("fremtidsbilde", nettverk, eget.pk)
    side = client.get(_url("fremtidsbilde", nettverk, bilde.pk)).content.decode()
    assert adresse not in side
    assert str(gruppe.enhet) in side


def test_who_leads_nothing_does_not_take_it_in_use(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    bilde = FremtidsbildeFactory(nettverk=nettverk)
    svar = []
    for person in (gruppemedlem(gruppe), koordinator(nettverk)):
        client.force_login(person)
        svar.append(client.get(_url("fremtidsbilde_ta_i_bruk", nettverk, bilde.pk)).status_code)

    assert svar == [403, 404]


def test_the_image_of_a_closed_unit_is_read_and_not_taken_in_use(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    felles = FremtidsbildeFactory(nettverk=nettverk, tekst="Alle er med.")
    eget, _nytt = skriving.take_in_use(
        felles, sted=Hjemsted("enhet", enhet=gruppe.enhet), by=PersonFactory()
    )
    leder = enhetsleder(gruppe)
    gruppe.enhet.gyldig = periode(datetime.date(2000, 1, 1), idag())
    gruppe.enhet.save()
    client.force_login(leder)

    assert client.get(_url("fremtidsbilde", nettverk, eget.pk)).status_code == 200
    assert client.get(_url("fremtidsbilde_ta_i_bruk", nettverk, felles.pk)).status_code == 404
    assert client.get(_url("fremtidsbilde_ny", nettverk)).status_code == 404


# --- themes


def test_the_koordinator_writes_the_themes(client: Client):
    nettverk = NettverkFactory()
    tema = TemaFactory(nettverk=nettverk, navn="Lek", rekkefolge=10)
    client.force_login(koordinator(nettverk))
    adresse = _url("temaer", nettverk)

    client.post(adresse, {"navn": "Språk"})
    client.post(adresse, {"tema": tema.pk, f"tema-{tema.pk}-navn": "Lek og ro"})
    client.post(adresse, {"tema": tema.pk, "ned": "1"})
    opptatt = client.post(adresse, {"navn": "språk"})
    tomt = client.post(adresse, {"tema": tema.pk, f"tema-{tema.pk}-navn": ""})

    assert [t.navn for t in nettverk.temaer.all()] == ["Språk", "Lek og ro"]
    assert (opptatt.status_code, tomt.status_code) == (422, 422)
    fremmed = TemaFactory()
    assert client.post(adresse, {"tema": fremmed.pk, "opp": "1"}).status_code == 404
    assert client.post(adresse, {"tema": "x", "opp": "1"}).status_code == 404


# --- constant


def _full(nettverk: Nettverk, felles: Fremtidsbilde, nummer: int) -> Fremtidsbilde:
    enhet = EnhetFactory(kommune=nettverk.kommuner().get())
    eget, _nytt = skriving.take_in_use(
        felles, sted=Hjemsted("enhet", enhet=enhet), by=PersonFactory()
    )
    TegnFactory(fremtidsbilde=eget)
    arena = FremtidsbildeFactory(nettverk=nettverk, nivaa="arena", tekst="A", publisert=True)
    for bilde in (eget, arena, felles):
        farge = ("red", "green", "blue")[nummer]
        illustrasjoner.add(bilde, fil=godkjent(farge), beskrivelse="Flate", by=PersonFactory())
    utgaver.set_utgave(felles, navn=f"Nr. {nummer}", dato=idag(), nytt="", by=PersonFactory())
    return eget


def test_the_pages_take_as_many_queries_however_much_there_is(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    felles = FremtidsbildeFactory(nettverk=nettverk, tekst="Alle er med.", publisert=True)
    felles.temaer.add(TemaFactory(nettverk=nettverk))
    client.force_login(enhetsleder(gruppe))
    antall: dict[str, set[int]] = {}
    for nummer in range(3):
        _full(nettverk, felles, nummer)
        for adresse in (
            _url("fremtidsbilde_list", nettverk),
            _url("fremtidsbilde", nettverk, felles.pk),
            _url("sammenlign", nettverk, felles.pk) + "?fra=1&til=0",
            reverse("nettverk:offentlig", args=[nettverk.slug]),
        ):
            client.get(adresse)
            with CaptureQueriesContext(connection) as fanget:
                assert client.get(adresse).status_code == 200
            antall.setdefault(adresse, set()).add(len(fanget))

    assert {adresse: len(n) for adresse, n in antall.items()} == dict.fromkeys(antall, 1)


def test_who_leads_many_units_is_asked_no_more_for_where_an_image_may_be_taken_in_use(
    client: Client,
):
    nettverk, gruppe = nettverk_med_enhet()
    kommune = gruppe.enhet.kommune_per()
    bilde = FremtidsbildeFactory(nettverk=nettverk, nivaa="kommune", kommune=kommune)
    leder = enhetsleder(gruppe)
    client.force_login(leder)

    def asked() -> int:
        with CaptureQueriesContext(connection) as spurt:
            svar = client.get(_url("fremtidsbilde", nettverk, bilde.pk))
        assert "Ta i bruk" in svar.text
        return len(spurt)

    asked()
    for_en = asked()
    for _ in range(3):
        annen = GruppeFactory(
            nettverk=nettverk, utviklingsgruppe=True, enhet=EnhetFactory(kommune=kommune)
        )
        VervFactory(gruppe=annen, person=leder, rolle=Rolle.FORMELL_LEDER)
    assert asked() == for_en
