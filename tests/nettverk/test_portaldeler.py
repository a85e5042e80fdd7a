"""A network chooses which parts of the portal it uses, and one answer holds everywhere."""

import datetime
import uuid

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse

from evaluering.models import Aarsrapport
from fremtidsbilder.models import Fremtidsbilde, Maal
from kommuner.gyldighet import idag
from nettverk import portaldeler
from nettverk.arbeid import brev
from nettverk.flater import (
    blokkene,
    closed_part,
    find_part,
    gjoremaalene,
    menyen,
    needed_by,
    needs,
    oppstartsstegene,
    sok_overalt,
)
from nettverk.flater import portaldeler as alle_deler
from nettverk.flater.bruk import parts_at
from nettverk.models import Brev, Nettverk
from nettverk.oppstart.maler import maler
from nettverk.tilgang.roller import roller_for
from rolu.models import Deltakelse
from tests.nettverk.factories import (
    NettverkFactory,
    VervFactory,
    koordinator,
    nettverk_med_enhet,
)
from tests.rolu.factories import DeltakelseFactory, OppdragFactory, SamlingFactory
from tests.tilgang.tabell import RADER
from tests.tilgang.verden import Verden, lag_verden

pytestmark = pytest.mark.django_db

ALT = [d.noekkel for d in alle_deler()]


def _off(nettverk: Nettverk, *noekler: str) -> Nettverk:
    nettverk.uten_deler = list(noekler)
    nettverk.save(update_fields=["uten_deler"])
    return nettverk


def _routes() -> dict[str, str]:
    """The pattern of every address, by its name."""
    funnet = {}

    def gaa(resolver, foran="", rom=""):
        for m in resolver.url_patterns:
            sti = foran + str(m.pattern)
            if hasattr(m, "url_patterns"):
                gaa(m, sti, f"{m.namespace}:" if m.namespace else rom)
            else:
                funnet[f"{rom}{m.name}"] = sti

    gaa(get_resolver())
    return funnet


# --- what belongs to what


def test_every_address_of_the_upper_apps_is_in_a_part():
    utenfor = [
        navn
        for navn, route in _routes().items()
        if navn.split(":")[0] in {"rolu", "laeringsloyper", "evaluering", "fremtidsbilder"}
        and not parts_at(route)
    ]

    assert utenfor == []


def test_an_address_is_in_the_part_that_says_most_of_it():
    ruter = _routes()

    assert [d.noekkel for d in parts_at(ruter["rolu:samling"])] == ["samlinger"]
    assert [d.noekkel for d in parts_at(ruter["rolu:samling_oppdrag"])] == ["mellomarbeid"]
    assert [d.noekkel for d in parts_at(ruter["rolu:mellomarbeid_del"])] == ["praksis"]
    assert [d.noekkel for d in parts_at(ruter["fremtidsbilder:fremtidsbilde"])] == [
        "fremtidsbilder"
    ]


def test_a_page_of_two_parts_is_closed_when_both_are_off():
    liste = _routes()["fremtidsbilder:fremtidsbilde_list"]

    assert closed_part(liste, Nettverk(uten_deler=["fremtidsbilder"])) is None
    assert closed_part(liste, Nettverk(uten_deler=["maal"])) is None
    assert closed_part(liste, Nettverk(uten_deler=["fremtidsbilder", "maal"])) is not None


def test_what_a_part_is_nothing_without_is_followed_to_the_end():
    samlinger, praksis = find_part("samlinger"), find_part("praksis")

    assert [d.noekkel for d in needed_by(samlinger)] == ["mellomarbeid", "praksis"]
    assert [d.noekkel for d in needs(praksis)] == ["samlinger", "mellomarbeid"]


# --- every address


@pytest.fixture
def verden(tmp_path, settings) -> Verden:
    settings.MEDIA_ROOT = tmp_path
    return lag_verden()


def _ask(klient: Client, rad, adresse: str):
    with transaction.atomic():
        svar = getattr(klient, rad.metode)(adresse, rad.data)
        for lukk in svar._resource_closers:
            lukk()
        transaction.set_rollback(True)
    return svar


_OM_JOBBEN = {"nettverk:jobb_resultat", "nettverk:jobb_proev_igjen"}


def test_every_address_of_a_part_that_is_off_says_so_and_nothing_else_is_closed(verden: Verden):
    """Each row of the access table, with all parts off, as the koordinator and as nobody."""
    ruter = _routes()
    _off(verden.a.nettverk, *ALT)
    inne, ute = Client(raise_request_exception=False), Client(raise_request_exception=False)
    inne.force_login(verden.folk["koordinator"])
    galt, lukket = [], 0
    for rad in RADER:
        argumenter = rad.argumenter(verden, "own", verden.steder["own"])
        adresse = reverse(rad.navn, args=["en", *argumenter])
        # What a worker made for a part is closed with it.
        er_lukket = bool(parts_at(ruter[rad.navn])) or rad.navn in _OM_JOBBEN
        svar = _ask(inne, rad, adresse)
        sagt = svar.status_code == 404 and "Dette nettverket bruker ikke" in svar.content.decode()
        if svar.status_code >= 500 or sagt != er_lukket:
            galt.append(f"koordinator: {rad.metode} {adresse} ga {svar.status_code}")
        utenfra = _ask(ute, rad, adresse)
        if utenfra.status_code not in {302, 404}:
            galt.append(f"ingen: {rad.metode} {adresse} ga {utenfra.status_code}")
        lukket += er_lukket

    assert not galt, "\n".join(galt)
    assert lukket > 70


def test_in_public_the_address_does_not_exist(verden: Verden, client: Client):
    adresse = f"/en/fremtidsbilder/{verden.a.fremtidsbilde.pk}/"
    assert client.get(adresse).status_code == 200
    _off(verden.a.nettverk, "fremtidsbilder")

    svar = client.get(adresse)

    assert svar.status_code == 404
    assert "bruker ikke" not in svar.content.decode()


def test_the_pages_that_are_left_still_stand(verden: Verden):
    """Home, the public page, search, the unit, the kommune and the report's neighbours, for every person."""
    _off(verden.a.nettverk, *ALT)
    egen = verden.steder["own"]
    adresser = [
        "/en/",
        "/en/hjem/",
        "/en/sok/?q=samling",
        f"/en/enheter/{egen.enhet.referanse}/",
        f"/en/kommuner/{egen.kommune.kommunenummer}/",
        "/en/grupper/",
    ]
    for navn in ("medlem", "gruppemedlem", "enhetsleder", "kommune", "pro", "stg", "koordinator"):
        klient = Client()
        klient.force_login(verden.folk[navn])
        assert [klient.get(a).status_code for a in adresser] == [200] * len(adresser), navn
        html = klient.get("/en/hjem/").content.decode()
        for sti in ("samlinger", "mellomarbeid", "praksis", "laeringsloyper", "aarsrapport"):
            assert f'href="/en/{sti}/' not in html, (navn, sti)


# --- the surfaces


def test_menu_search_chapters_and_waiting_things_follow_the_same_answer():
    nettverk, _gruppe = nettverk_med_enhet()
    person = koordinator(nettverk)
    SamlingFactory(nettverk=nettverk, tittel="Vårsamling", status="utkast")

    def flater(*uten: str) -> tuple[list[str], list[str], list[str], list[str], list[str]]:
        _off(nettverk, *uten)
        roller = roller_for(type(person).objects.get(pk=person.pk), nettverk)
        return (
            [m.noekkel for m in menyen(roller).alle],
            [str(g.tittel) for g in sok_overalt(roller, "vårsamling")],
            [b.noekkel for b in blokkene(nettverk, idag().year)],
            [str(g.tittel) for g in gjoremaalene(roller) if "Vårsamling" in str(g.tittel)],
            [str(s.tittel) for s in oppstartsstegene(roller) if "samling" in str(s.tittel)],
        )

    meny, sok, kapitler, venter, steg = flater()
    assert "samlinger" in meny
    assert "praksis" in meny
    assert sok == ["Samlinger"]
    assert {"samlinger", "deltakelse", "mellomarbeid"} <= set(kapitler)
    assert len(venter) == 1
    assert len(steg) == 1

    meny, sok, kapitler, venter, steg = flater("samlinger", "mellomarbeid", "praksis")
    assert not {"samlinger", "mellomarbeid", "praksis"} & set(meny)
    assert (sok, venter, steg) == ([], [], [])
    assert not {"samlinger", "deltakelse", "mellomarbeid"} & set(kapitler)


def test_the_page_of_images_and_goals_shows_what_is_in_use(client: Client):
    nettverk = NettverkFactory()
    Fremtidsbilde.objects.create(
        nettverk=nettverk, nivaa="nettverk", tittel="Bildet vårt", publisert=True
    )
    Maal.objects.create(nettverk=nettverk, type="effekt", tekst="Meningsfulle liv")
    client.force_login(koordinator(nettverk))
    adresse = f"/{nettverk.slug}/fremtidsbilder/"

    _off(nettverk, "fremtidsbilder")
    bare_maal = client.get(adresse).content.decode()
    _off(nettverk, "maal")
    bare_bilder = client.get(adresse).content.decode()

    assert "Meningsfulle liv" in bare_maal
    assert "Bildet vårt" not in bare_maal
    assert "remtidsbilde" not in bare_maal.split("<main")[1].split("</main")[0].replace(
        "fremtidsbilder/", ""
    ).replace("#fremtidsbilde", "")
    assert "Bildet vårt" in bare_bilder
    assert "Meningsfulle liv" not in bare_bilder


def test_a_gathering_has_no_assignments_and_no_track_in_a_network_without(verden: Verden):
    klient = Client()
    klient.force_login(verden.folk["koordinator"])
    side = f"/en/samlinger/{verden.a.samling.pk}/"
    assert f"{side}oppdrag/" in klient.get(side).content.decode()
    assert 'name="laeringsloype"' in klient.get(f"{side}rediger/").content.decode()
    _off(verden.a.nettverk, "mellomarbeid", "praksis", "laeringsloyper")

    assert f"{side}oppdrag/" not in klient.get(side).content.decode()
    assert 'name="laeringsloype"' not in klient.get(f"{side}rediger/").content.decode()


def test_an_assignment_keeps_its_track_when_it_is_changed_while_tracks_are_off(verden: Verden):
    klient = Client()
    klient.force_login(verden.folk["koordinator"])
    oppdrag = verden.a.oppdrag
    _off(verden.a.nettverk, "laeringsloyper")

    svar = klient.post(
        f"/en/oppdrag/{oppdrag.pk}/rediger/",
        {"tittel": "Nytt navn", "tekst": "Prøv", "frist": oppdrag.frist.isoformat()},
    )

    oppdrag.refresh_from_db()
    assert svar.status_code == 302
    assert (oppdrag.tittel, oppdrag.laeringsloype_id) == ("Nytt navn", verden.a.loype.pk)


def test_the_fagmiljo_gives_no_assignments_while_tracks_are_off(verden: Verden):
    klient = Client(raise_request_exception=False)
    klient.force_login(verden.folk["fagansvarlig"])
    adresse = f"/en/oppdrag/{verden.a.oppdrag.pk}/rediger/"
    assert klient.get(adresse).status_code == 200
    _off(verden.a.nettverk, "laeringsloyper")

    assert klient.get(adresse).status_code == 403


def test_what_is_shared_is_read_by_nobody_else_while_praksis_is_off(verden: Verden):
    arbeid = verden.steder["own"].mellomarbeid
    arbeid.delt = True
    arbeid.save(update_fields=["delt"])
    klient = Client(raise_request_exception=False)
    klient.force_login(verden.folk["stg"])
    adresse = f"/en/mellomarbeid/{arbeid.pk}/"
    assert klient.get(adresse).status_code == 200
    _off(verden.a.nettverk, "praksis")

    assert klient.get(adresse).status_code == 404


# --- turned off and on


def test_those_that_need_it_go_with_it_and_come_back_with_what_they_need():
    nettverk = NettverkFactory()

    av = portaldeler.turn_off(nettverk, find_part("samlinger"))
    assert [d.noekkel for d in av] == ["samlinger", "mellomarbeid", "praksis"]
    paa = portaldeler.turn_on(nettverk, find_part("praksis"))
    assert [d.noekkel for d in paa] == ["samlinger", "mellomarbeid", "praksis"]

    nettverk.refresh_from_db()
    assert nettverk.uten_deler == []
    assert portaldeler.turn_on(nettverk, find_part("praksis")) == []


def test_nothing_is_deleted_and_all_of_it_comes_back(client: Client):
    nettverk = NettverkFactory()
    samling = SamlingFactory(nettverk=nettverk, tittel="Vårsamling", status="invitert")
    client.force_login(koordinator(nettverk))
    side = f"/{nettverk.slug}/nettverket/deler/samlinger/"

    assert client.post(side, {"skal": "av"}).status_code == 302
    borte = client.get(f"/{nettverk.slug}/samlinger/{samling.pk}/")
    assert client.post(side, {"skal": "paa"}).status_code == 302
    igjen = client.get(f"/{nettverk.slug}/samlinger/{samling.pk}/")

    assert borte.status_code == 404
    assert side in borte.content.decode()
    assert "Vårsamling" in igjen.content.decode()


def test_it_is_said_beforehand_what_is_under_way(client: Client):
    nettverk, _gruppe = nettverk_med_enhet()
    om_en_uke = idag() + datetime.timedelta(days=7)
    samling = SamlingFactory(nettverk=nettverk, tittel="Vårsamling", status="invitert")
    OppdragFactory(nettverk=nettverk, tittel="Tell ute", frist=om_en_uke)
    OppdragFactory(
        nettverk=nettverk, tittel="For lenge siden", frist=idag() - datetime.timedelta(days=7)
    )
    Brev.objects.create(
        nettverk=nettverk,
        epost="a@demo.example",
        slag="rolu.invitasjon",
        gjelder=f"rolu.Samling:{samling.pk}",
        sending=uuid.uuid4(),
        spraak="nb",
        melding_id="<a@demo.example>",
        noekkel="a",
    )
    client.force_login(koordinator(nettverk))

    html = client.get(f"/{nettverk.slug}/nettverket/deler/samlinger/").content.decode()

    assert "Vårsamling" in html
    assert "Tell ute" in html
    assert "For lenge siden" not in html
    assert "1 e-post er på vei" in html
    assert "Mellomarbeid" in html
    assert "Praksis" in html


def test_it_is_said_how_many_wait_that_nobody_is_told_and_all_that_stands_there(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, tittel="Vårsamling", status="invitert")
    verv = VervFactory.create_batch(3, gruppe=gruppe)
    for ett in verv:
        DeltakelseFactory(samling=samling, verv=ett)
    Deltakelse.objects.filter(verv=verv[0]).update(status="paameldt")
    OppdragFactory(nettverk=nettverk)
    client.force_login(koordinator(nettverk))

    html = " ".join(
        client.get(f"/{nettverk.slug}/nettverket/deler/samlinger/").content.decode().split()
    )

    assert "Invitert: 3. Påmeldt: 1. Ingen av dem får beskjed" in html
    assert "(1 samling, 1 oppdrag)" in html


def test_the_units_still_see_their_own_only_while_mellomarbeid_stays(client: Client):
    nettverk = NettverkFactory()
    client.force_login(koordinator(nettverk))
    deler = f"/{nettverk.slug}/nettverket/deler"

    assert "Enhetene ser fortsatt sitt eget." in client.get(f"{deler}/praksis/").content.decode()
    for over in ("mellomarbeid", "samlinger"):
        assert "fortsatt sitt eget" not in client.get(f"{deler}/{over}/").content.decode()


def test_the_list_tells_what_was_changed_and_by_whom(client: Client):
    nettverk = NettverkFactory()
    person = koordinator(nettverk)
    client.force_login(person)
    client.post(f"/{nettverk.slug}/nettverket/deler/aarsrapport/", {"skal": "av"})

    (endring,) = portaldeler.history(nettverk)

    assert endring.av == person.navn
    assert [str(navn) for navn in endring.slaatt_av] == ["Årsrapport"]
    assert person.navn in client.get(f"/{nettverk.slug}/nettverket/deler/").content.decode()


def test_sent_twice_is_the_same_and_unknown_parts_do_not_exist(client: Client):
    nettverk = NettverkFactory()
    client.force_login(koordinator(nettverk))
    side = f"/{nettverk.slug}/nettverket/deler/"
    for _gang in range(2):
        client.post(f"{side}maal/", {"skal": "av"})

    nettverk.refresh_from_db()
    assert nettverk.uten_deler == ["maal"]
    assert len(portaldeler.history(nettverk)) == 1
    assert client.get(f"{side}kart/").status_code == 404
    assert client.post(f"{side}maal/", {"skal": "x"}).status_code == 422


def test_the_list_costs_the_same_however_much_there_is(client: Client, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    nettverk = NettverkFactory()
    client.force_login(koordinator(nettverk))
    side = f"/{nettverk.slug}/nettverket/deler/"
    client.get(side)
    with CaptureQueriesContext(
        connection,
    ) as faa:
        client.get(side)
    for nummer in range(3):
        SamlingFactory(nettverk=nettverk)
        OppdragFactory(nettverk=nettverk)
        Aarsrapport.objects.create(nettverk=nettverk, aar=2020 + nummer)

    with django_assert_num_queries(len(faa)):
        client.get(side)


# --- shapes


def test_a_shape_leaves_out_what_it_does_not_have():
    former = maler()

    assert former["nordmore"].uten_deler == ()
    assert "laeringsloyper" in former["sunnmore"].uten_deler
    assert "laeringsloyper" in former["salten"].nettverksfelt()["uten_deler"]
    assert "fremtidsbilder" not in former["salten"].uten_deler


def test_a_shape_cannot_leave_out_what_is_no_part():
    assert portaldeler.without(["mellomarbeid"]) == ["mellomarbeid", "praksis"]
    with pytest.raises(ValueError, match="finnesikke"):
        portaldeler.without(["finnesikke"])


def test_a_file_that_is_loaded_again_turns_nothing_off():
    from nettverk.nettverksdata import load_named, named_data

    (nettverk,) = load_named(named_data(["nordre-sunnmore"]))
    assert "laeringsloyper" in nettverk.uten_deler
    _off(nettverk)

    load_named(named_data(["nordre-sunnmore"]))

    nettverk.refresh_from_db()
    assert nettverk.uten_deler == []


# --- choices within a part


def test_the_kinds_of_gatherings_a_network_does_not_use_are_not_offered(client: Client):
    nettverk = _off(NettverkFactory(), "samlinger.rolu", "samlinger.trening")
    gammel = SamlingFactory(nettverk=nettverk, type="rolu")
    client.force_login(koordinator(nettverk))

    ny = client.get(f"/{nettverk.slug}/samlinger/ny/").content.decode()
    rediger = client.get(f"/{nettverk.slug}/samlinger/{gammel.pk}/rediger/").content.decode()

    assert "ROLU-samling</option>" not in ny.replace("\n", "")
    assert 'value="nettverksmoete" selected' in ny
    # What is of that kind already keeps it.
    assert 'value="rolu" selected' in rediger


def test_the_koordinator_chooses_the_kinds_and_one_must_be_left(client: Client):
    nettverk = NettverkFactory(uten_deler=["maal"])
    client.force_login(koordinator(nettverk))
    side = f"/{nettverk.slug}/nettverket/deler/samlinger/"

    assert client.post(side, {"skal": "valg"}).status_code == 422
    assert client.post(side, {"skal": "valg", "valg": ["fagdag", "annen"]}).status_code == 302

    nettverk.refresh_from_db()
    assert nettverk.uses("samlinger.fagdag")
    assert not nettverk.uses("samlinger.rolu")
    assert not nettverk.uses("maal")
    assert nettverk.uses("samlinger")
    assert "ROLU-samling" in str(portaldeler.history(nettverk)[0].slaatt_av[0])


# --- what stands outside the addresses of a part


def test_what_came_of_the_work_of_a_part_is_closed_with_it(verden: Verden):
    verden.a.jobb.resultat.save("rapport.pdf", ContentFile(b"%PDF"))
    klient = Client()
    klient.force_login(verden.folk["koordinator"])
    fil, igjen = (
        reverse(f"nettverk:{navn}", args=["en", verden.a.jobb.pk])
        for navn in ("jobb_resultat", "jobb_proev_igjen")
    )
    assert b"".join(klient.get(fil).streaming_content) == b"%PDF"
    _off(verden.a.nettverk, "aarsrapport")

    for svar in (klient.get(fil), klient.post(igjen)):
        assert svar.status_code == 404
        assert "Dette nettverket bruker ikke «Årsrapport»" in svar.text
    verden.a.jobb.refresh_from_db()
    assert verden.a.jobb.status == "feilet"
    _off(verden.a.nettverk, "samlinger")
    assert b"".join(klient.get(fil).streaming_content) == b"%PDF"


def test_every_letter_of_gatherings_and_assignments_is_in_a_part():
    i_en_del = {slag for del_ in alle_deler() for slag in del_.brev}

    assert {slag for slag in brev._slag if slag.startswith("rolu.")} - i_en_del == set()


def test_a_text_that_saves_itself_is_told_that_its_part_is_off(verden: Verden):
    arbeid = verden.steder["own"].mellomarbeid
    klient = Client()
    klient.force_login(verden.folk["gruppemedlem"])
    adresse = f"/en/mellomarbeid/{arbeid.pk}/logg/{uuid.uuid4()}/"
    notat = {"fase": "proeve", "tekst": "Vi målte.", "dato": idag().isoformat(), "versjon": 0}
    assert klient.get(adresse).status_code != 404
    _off(verden.a.nettverk, "mellomarbeid", "praksis")

    svar = klient.post(adresse, notat, headers={"X-Autolagre": "1"})
    sendt = klient.post(adresse, notat)

    assert svar.status_code == 404
    assert svar.json() == {
        "status": "slutt",
        "tekst": "Dette nettverket bruker ikke «Mellomarbeid» lenger.",
    }
    assert "Det du sendte nå, ble ikke lagret" in sendt.text
    assert "Det du sendte nå" not in klient.get(adresse).text
