"""An entry: what is asked, what follows it, what was planned, and what a page that saves itself may send."""

import datetime
import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kommuner.gyldighet import idag, periode
from nettverk.models import Brev, Gruppe, Mottakere
from nettverk.skriving.konflikt import KanIkke
from nettverk.tilgang.roller import roller_for
from rolu.mellomarbeid import innlevering, logg, nestesteg, tilbaketrekking
from rolu.mellomarbeid.faser import proposed
from rolu.mellomarbeid.nestesteg import SkrevetLenke, SkrevetSteg
from rolu.mellomarbeid.oppdrag import give_to_new
from rolu.mellomarbeid.tilbakemelding import readers
from rolu.models import Logglenke, Loggpost, Mellomarbeid, Nestesteg
from tests.kommuner.factories import LENGE_SIDEN, EnhetFactory, KommuneFactory
from tests.nettverk.factories import (
    GruppeFactory,
    PersonFactory,
    VervFactory,
    enhetsleder,
    gruppemedlem,
    kommuneansvarlig,
    koordinator,
    nettverk_med_enhet,
)
from tests.rolu.factories import (
    FortellingFactory,
    LoggpostFactory,
    MellomarbeidFactory,
    OppdragFactory,
    SamlingFactory,
)
from tests.rolu.mellomarbeid.test_sider import AUTOLAGRE, som, url

pytestmark = pytest.mark.django_db

DAG = datetime.timedelta(days=1)
# As many questions as one save of a page that saves itself may ask the database.
MEST = 11
Stand = Loggpost.Stand


@pytest.fixture
def arbeid() -> Mellomarbeid:
    nettverk, gruppe = nettverk_med_enhet()
    return MellomarbeidFactory(
        oppdrag=OppdragFactory(nettverk=nettverk, spoer_merket="Hva sa barna?"),
        gruppe=gruppe,
        kommune=gruppe.enhet.kommune_per(),
    )


@pytest.fixture
def fagmiljo(arbeid) -> Gruppe:
    return GruppeFactory(
        nettverk=arbeid.nettverk, type=Gruppe.Type.FAGMILJO, navn="Skrivesenteret", kortnavn=""
    )


def felt(
    *,
    steg: list[dict[str, Any]] | None = None,
    lenker: list[dict[str, Any]] | None = None,
    **mer: Any,
) -> dict[str, Any]:
    """What the page sends, with its rows."""
    data = {"fase": "proeve", "tekst": "Vi målte.", "dato": idag().isoformat(), "versjon": 0}
    for prefiks, rader in (("steg", steg or []), ("lenke", lenker or [])):
        data |= {f"{prefiks}-TOTAL_FORMS": len(rader) + 1, f"{prefiks}-INITIAL_FORMS": 0}
        for nr, rad in enumerate(rader):
            data |= {f"{prefiks}-{nr}-{navn}": verdi for navn, verdi in rad.items()}
    return data | mer


def save(client: Client, arbeid: Mellomarbeid, noekkel: uuid.UUID, **mer: Any) -> dict[str, Any]:
    return client.post(url("loggpost", arbeid, noekkel), felt(**mer), headers=AUTOLAGRE).json()


# --- what is asked


def test_the_entry_asks_in_the_assignments_words(arbeid):
    side = som(enhetsleder(arbeid.gruppe)).get(url("loggpost", arbeid, uuid.uuid4())).text

    assert "Hva skjedde?" in side
    for ledetekst in ("Hva gjorde vi?", "Hva sa barna?", "Hva gjør vi nå?"):
        assert ledetekst in side


def test_everything_one_tells_is_kept_and_shown(arbeid, fagmiljo):
    client = som(enhetsleder(arbeid.gruppe))
    mer = {"merket": "De lo.", "videre": "Vi fortsetter.", "hvem": "PPT"}
    tall = {"ansatte": 4, "barn": 18, "foresatte": 1, "minutter": 90}

    side = client.post(
        url("loggpost", arbeid, uuid.uuid4()),
        felt(
            **mer,
            **tall,
            steg=[{"tekst": "Ringe", "hos": fagmiljo.pk, "frist": "24.12.2026"}, {"tekst": "Øve"}],
            lenker=[{"url": "udir.no/film", "tekst": "Filmen"}],
        ),
        follow=True,
    ).text

    post = arbeid.loggposter.get()
    assert {navn: getattr(post, navn) for navn in mer | tall} == mer | tall
    assert [(s.tekst, s.hos, s.frist) for s in post.nestesteg.order_by("pk")] == [
        ("Ringe", fagmiljo, datetime.date(2026, 12, 24)),
        ("Øve", None, None),
    ]
    assert [(r.url, r.tekst) for r in post.lenker.all()] == [("https://udir.no/film", "Filmen")]
    for ord_ in ("De lo.", "4 ansatte, 18 barn eller elever, 1 foresatt", "1 time og 30 minutter"):
        assert ord_ in side
    for ord_ in ("Filmen", "Skrivesenteret", "Dem vi trenger", "Hva sa barna?"):
        assert ord_ in side


def test_the_next_phase_is_the_first_that_nothing_is_written_in(arbeid):
    assert proposed([]) == "proeve"
    proeve = LoggpostFactory(mellomarbeid=arbeid, fase="proeve")
    assert proposed([proeve]) == "observere"
    proeve.merket = "De lo."
    assert proposed([proeve]) == "reflektere"
    alle = [LoggpostFactory(mellomarbeid=arbeid, fase=f) for f in ("reflektere", "dele")]
    assert proposed([proeve, *alle]) == "proeve"
    assert proposed([LoggpostFactory(mellomarbeid=arbeid, fase="proeve", stand="planlagt")]) == (
        "proeve"
    )


# --- rows of a page that saves itself


def test_rows_saved_again_and_again_are_the_same_rows(arbeid):
    client, noekkel = som(enhetsleder(arbeid.gruppe)), uuid.uuid4()
    save(client, arbeid, noekkel, steg=[{"tekst": "Ring"}])
    save(client, arbeid, noekkel, versjon=1, steg=[{"tekst": "Ringe PPT"}, {"tekst": "Øve"}])
    forste = Nestesteg.objects.earliest("pk")

    svar = save(
        client, arbeid, noekkel, versjon=2, steg=[{"tekst": "Øve"}, {"tekst": "Ringe PPT i dag"}]
    )
    igjen = save(
        client, arbeid, noekkel, versjon=2, steg=[{"tekst": "Øve"}, {"tekst": "Ringe PPT i dag"}]
    )

    assert (svar["status"], svar["versjon"], igjen["versjon"]) == ("lagret", 3, 3)
    assert set(Nestesteg.objects.values_list("tekst", flat=True)) == {"Øve", "Ringe PPT i dag"}
    forste.refresh_from_db()
    assert forste.tekst == "Ringe PPT i dag"


def test_saving_itself_asks_the_same_few_questions_whatever_the_entry_has(arbeid):
    """The session, who it is, the network, whose mellomarbeid; then with it held: the entry, its steps and its links,
    and the save. With where the transaction begins and ends it is as many as `MEST`."""
    client = som(gruppemedlem(arbeid.gruppe))

    def asked(antall: int) -> int:
        noekkel = uuid.uuid4()
        rader = {
            "steg": [{"tekst": f"Steg {nr}"} for nr in range(antall)],
            "lenker": [{"url": f"https://udir.no/{nr}"} for nr in range(antall)],
        }
        save(client, arbeid, noekkel, **rader)
        with CaptureQueriesContext(connection) as spurt:
            svar = save(client, arbeid, noekkel, versjon=1, tekst="Vi målte mer.", **rader)
        assert (svar["status"], svar["versjon"]) == ("lagret", 2)
        return len(spurt)

    asked(0)  # what a process remembers from its first

    assert asked(0) == asked(1) == asked(5) <= MEST


def test_a_step_asked_of_somebody_is_saved_by_itself_also_when_the_group_is_no_more(
    arbeid, fagmiljo
):
    client, noekkel = som(gruppemedlem(arbeid.gruppe)), uuid.uuid4()
    rader = {"steg": [{"tekst": "Ringe", "hos": fagmiljo.pk}]}
    save(client, arbeid, noekkel, **rader)
    fagmiljo.gyldig = periode(LENGE_SIDEN, idag())
    fagmiljo.save()

    staar = save(client, arbeid, noekkel, versjon=1, tekst="Vi målte mer.", **rader)
    ny = save(client, arbeid, uuid.uuid4(), **rader)

    assert staar["status"] == "lagret"
    assert Nestesteg.objects.get(loggpost__noekkel=noekkel).hos == fagmiljo
    assert list(ny["feil"]) == ["steg-0-hos"]


def test_done_after_it_has_saved_itself_keeps_the_rows(arbeid, fagmiljo):
    client, noekkel = som(enhetsleder(arbeid.gruppe)), uuid.uuid4()
    rader = {"steg": [{"tekst": "Øve"}], "lenker": [{"url": "https://udir.no", "tekst": ""}]}
    save(client, arbeid, noekkel, **rader)

    client.post(url("loggpost", arbeid, noekkel), felt(versjon=1, **rader))
    post = arbeid.loggposter.get()
    kjent = {"steg": [{"pk": post.nestesteg.get().pk, "tekst": "Øve"}], "lenker": rader["lenker"]}
    client.post(url("loggpost", arbeid, noekkel), felt(versjon=1, **kjent))

    assert [str(rad) for rad in (*post.nestesteg.all(), *post.lenker.all())] == [
        "Øve",
        "https://udir.no",
    ]


def test_an_emptied_row_is_gone_and_a_page_that_knows_no_rows_leaves_them(arbeid):
    post = LoggpostFactory(mellomarbeid=arbeid, versjon=1)
    steg = Nestesteg.objects.create(loggpost=post, tekst="Ringe")
    Logglenke.objects.create(loggpost=post, url="https://udir.no")
    client = som(enhetsleder(arbeid.gruppe))

    gammel = {"fase": "proeve", "tekst": "Ny", "dato": idag().isoformat(), "versjon": 1}
    client.post(url("loggpost", arbeid, post.noekkel), gammel)
    assert (post.nestesteg.count(), post.lenker.count()) == (1, 1)

    save(client, arbeid, post.noekkel, versjon=2, steg=[{"pk": steg.pk, "tekst": ""}])
    assert (post.nestesteg.count(), post.lenker.count()) == (0, 0)


def test_a_half_written_link_waits_while_the_rest_is_saved(arbeid):
    client, noekkel = som(enhetsleder(arbeid.gruppe)), uuid.uuid4()

    svar = client.post(
        url("loggpost", arbeid, noekkel),
        felt(steg=[{"tekst": "Øve"}], lenker=[{"url": "https://"}]),
        headers=AUTOLAGRE,
    )

    assert svar.status_code == 422
    assert svar.json()["versjon"] == 1
    assert list(svar.json()["feil"]) == ["lenke-0-url"]
    assert arbeid.loggposter.get().nestesteg.get().tekst == "Øve"
    ferdig = client.post(url("loggpost", arbeid, noekkel), felt(lenker=[{"url": "x y"}], versjon=1))
    assert ferdig.status_code == 422
    assert "Lim inn hele nettadressen" in ferdig.text


@pytest.mark.parametrize(
    ("navn", "verdi"),
    [("dato", "31.02.2026"), ("dato", ""), ("minutter", "mange"), ("hvem", "x" * 201)],
)
def test_a_field_that_cannot_be_read_waits_while_the_rest_is_saved(arbeid, navn, verdi):
    client, noekkel = som(enhetsleder(arbeid.gruppe)), uuid.uuid4()

    foerst = save(client, arbeid, noekkel, **{navn: verdi}, merket="De lo.", ansatte=4)

    post = arbeid.loggposter.get()
    assert (foerst["status"], foerst["versjon"], list(foerst["feil"])) == ("feil", 1, [navn])
    assert (post.tekst, post.merket, post.ansatte) == ("Vi målte.", "De lo.", 4)
    assert (post.dato, post.minutter, post.hvem) == (idag(), None, "")
    # What stands in the field stays there while more is written.
    leselig = {"dato": (idag() - DAG).isoformat(), "minutter": 45, "hvem": "PPT"}
    save(client, arbeid, noekkel, versjon=1, **leselig)
    save(client, arbeid, noekkel, versjon=2, **leselig | {navn: verdi}, tekst="Vi målte snø.")
    post.refresh_from_db()
    assert (post.versjon, post.tekst) == (3, "Vi målte snø.")
    assert (post.dato, post.minutter, post.hvem) == (idag() - DAG, 45, "PPT")


def test_nothing_but_what_cannot_be_read_makes_no_entry(arbeid):
    client = som(enhetsleder(arbeid.gruppe))

    for mer in (
        {"minutter": "mange"},
        {"lenker": [{"url": "https://"}]},
        {"lenker": [{"tekst": "Filmen"}]},
        {"steg": [{"frist": "24.12.2026"}]},
    ):
        svar = save(client, arbeid, uuid.uuid4(), tekst="", **mer)
        assert (svar["status"], svar["versjon"]) == ("feil", 0)

    assert not arbeid.loggposter.exists()


def test_a_row_that_cannot_be_read_waits_while_the_other_rows_are_saved(arbeid, fagmiljo):
    client, noekkel = som(enhetsleder(arbeid.gruppe)), uuid.uuid4()
    save(
        client,
        arbeid,
        noekkel,
        steg=[{"tekst": "Øve", "frist": "24.12.2026"}, {"tekst": "Ringe", "frist": "24.12.2026"}],
        lenker=[{"url": "https://udir.no", "tekst": "Filmen"}],
    )
    oeve, ringe = Nestesteg.objects.order_by("pk")

    svar = save(
        client,
        arbeid,
        noekkel,
        versjon=1,
        steg=[
            {"tekst": "", "frist": "24.12.2026"},
            {"tekst": "Ringe i dag", "hos": fagmiljo.pk, "frist": "31.02.2026"},
            {"tekst": "Låne målebånd", "frist": "mange"},
        ],
        lenker=[{"url": "", "tekst": "Filmen"}, {"url": "https://nb.no", "tekst": ""}],
    )

    assert (svar["status"], svar["versjon"]) == ("feil", 2)
    assert set(svar["feil"]) == {"steg-0-tekst", "steg-1-frist", "steg-2-frist", "lenke-0-url"}
    jul = datetime.date(2026, 12, 24)
    assert [(s.tekst, s.hos, s.frist) for s in Nestesteg.objects.order_by("pk")] == [
        ("Øve", None, jul),
        ("Ringe i dag", fagmiljo, jul),
        ("Låne målebånd", None, None),
    ]
    assert [s.pk for s in Nestesteg.objects.order_by("pk")][:2] == [oeve.pk, ringe.pk]
    assert set(Logglenke.objects.values_list("url", flat=True)) == {
        "https://udir.no",
        "https://nb.no",
    }
    # Mended, it is as it is written.
    svar = save(
        client,
        arbeid,
        noekkel,
        versjon=2,
        steg=[{"tekst": "Måle"}, {"tekst": "Ringe i dag"}],
        lenker=[{"url": "https://nb.no"}],
    )
    assert svar["status"] == "lagret"
    assert set(Nestesteg.objects.values_list("tekst", flat=True)) == {"Måle", "Ringe i dag"}
    assert Logglenke.objects.get().url == "https://nb.no"


def test_words_beside_a_link_without_an_address_are_not_lost(arbeid):
    svar = som(enhetsleder(arbeid.gruppe)).post(
        url("loggpost", arbeid, uuid.uuid4()), felt(lenker=[{"tekst": "Filmen"}])
    )

    assert svar.status_code == 422
    assert "Lim inn nettadressen" in svar.text
    assert 'value="Filmen"' in svar.text


@pytest.mark.parametrize("lenke", ["javascript:alert(1)", "ftp://udir.no/x", "data:text/html,x"])
def test_a_link_is_an_address_on_the_web(arbeid, lenke):
    client = som(enhetsleder(arbeid.gruppe))

    svar = client.post(url("loggpost", arbeid, uuid.uuid4()), felt(lenker=[{"url": lenke}]))

    assert svar.status_code == 422
    assert not Logglenke.objects.exists()


def test_what_is_wrong_in_the_rows_is_told_of_at_its_field(arbeid):
    client = som(enhetsleder(arbeid.gruppe))
    annet = GruppeFactory(type=Gruppe.Type.FAGMILJO)  # of another network

    svar = client.post(
        url("loggpost", arbeid, uuid.uuid4()),
        felt(
            ansatte="-1",
            steg=[
                {"tekst": "x", "frist": "31.02.2026"},
                {"tekst": "y", "hos": annet.pk},
                {"tekst": "", "frist": "24.12.2026"},
            ],
        ),
    )

    form = svar.context["form"]
    assert svar.status_code == 422
    assert [list(rad.errors) for rad in form.steg.forms] == [["frist"], ["hos"], ["tekst"], []]
    assert "ansatte" in form.errors
    assert not Loggpost.objects.exists()


def test_changed_rows_are_a_conflict_too_and_both_are_shown(arbeid):
    post = LoggpostFactory(mellomarbeid=arbeid, versjon=3, tekst="Vi målte.", fase="proeve")
    Nestesteg.objects.create(loggpost=post, tekst="Kollegaens steg")

    svar = som(enhetsleder(arbeid.gruppe)).post(
        url("loggpost", arbeid, post.noekkel),
        felt(versjon=2, steg=[{"tekst": "Mitt steg"}]),
        headers=AUTOLAGRE,
    )

    assert svar.status_code == 409
    assert "Kollegaens steg" in svar.json()["html"]
    assert post.nestesteg.get().tekst == "Kollegaens steg"


def test_the_same_link_twice_is_one(arbeid):
    post = _save(
        arbeid, lenker=[SkrevetLenke("https://udir.no"), SkrevetLenke("https://udir.no", "Udir")]
    )

    assert [str(r) for r in post.lenker.all()] == ["Udir"]


def _save(arbeid: Mellomarbeid, **mer: Any) -> Loggpost:
    felt = {"noekkel": uuid.uuid4(), "versjon": 0, "fase": "proeve", "tekst": "Vi", "hvem": ""}
    return logg.save(mellomarbeid=arbeid, **{"dato": idag(), "by": PersonFactory(), **felt, **mer})


# --- planned, and what came of it


def test_a_day_to_come_is_planned_and_stays_so_until_the_unit_says(arbeid):
    post = _save(arbeid, dato=idag() + DAG)
    assert post.stand == Stand.PLANLAGT

    Loggpost.objects.filter(pk=post.pk).update(dato=idag() - DAG)
    samme = _save(arbeid, noekkel=post.noekkel, versjon=1, dato=idag() - DAG, tekst="Mer")
    assert samme.stand == Stand.PLANLAGT
    flyttet = _save(arbeid, noekkel=post.noekkel, versjon=2, dato=idag(), tekst="Mer")
    assert flyttet.stand == Stand.SKJEDD


@pytest.fixture
def planlagt(arbeid) -> Loggpost:
    dato = idag() - 3 * DAG
    arbeid.status = Mellomarbeid.Status.KLADD
    arbeid.save(update_fields=["status"])
    return LoggpostFactory(mellomarbeid=arbeid, stand="planlagt", dato=dato, tekst="Tur til elva")


@pytest.mark.parametrize(
    ("svar", "stand", "dager"),
    [("ja", Stand.SKJEDD, -3), ("flyttet", Stand.PLANLAGT, 4), ("nei", Stand.BLE_IKKE, -3)],
)
def test_did_anything_come_of_it_in_one_tap(arbeid, planlagt, svar, stand, dager):
    client = som(gruppemedlem(arbeid.gruppe))
    hjem = client.get(f"/{arbeid.nettverk.slug}/hjem/").text
    assert "Ble det noe av?" in hjem
    assert "Ble det noe av?" in client.get(url("mellomarbeid", arbeid)).text

    for _to_ganger in range(2):
        etter = client.post(url("loggpost_ble", arbeid, planlagt.noekkel), {"svar": svar})

    planlagt.refresh_from_db()
    assert (planlagt.stand, planlagt.dato) == (stand, idag() + dager * DAG)
    assert (planlagt.noekkel.hex[:8] in etter.url) == (svar == "ja")
    assert "Ble det noe av?" not in client.get(url("mellomarbeid", arbeid)).text


def test_an_answer_nobody_offers_changes_nothing(arbeid, planlagt):
    client = som(gruppemedlem(arbeid.gruppe))

    svar = client.post(url("loggpost_ble", arbeid, planlagt.noekkel), {"svar": "kanskje"})

    assert svar.status_code == 302
    planlagt.refresh_from_db()
    assert planlagt.er_planlagt


@pytest.mark.parametrize(
    ("poster", "ord_"),
    [
        ([], "Ikke begynt"),
        ([{"stand": "planlagt", "fase": "proeve"}], "Planlagt"),
        ([{"fase": "planlegge"}], "Planlagt"),
        ([{"fase": "planlegge"}, {"fase": "proeve"}], "I gang"),
    ],
)
def test_the_card_says_what_is_only_planned(arbeid, poster, ord_):
    for post in poster:
        LoggpostFactory(mellomarbeid=arbeid, **post)
    if poster:
        Mellomarbeid.objects.filter(pk=arbeid.pk).update(status=Mellomarbeid.Status.KLADD)
    client, leder = Client(), enhetsleder(arbeid.gruppe)
    client = som(leder)

    sider = [
        client.get(url("mellomarbeid", arbeid)).text,
        client.get(f"/{arbeid.nettverk.slug}/mellomarbeid/").text,
        client.get(f"/{arbeid.nettverk.slug}/enheter/{arbeid.enhet.referanse}/").text,
        som(kommuneansvarlig(arbeid.nettverk, arbeid.kommune))
        .get(f"/{arbeid.nettverk.slug}/mellomarbeid/")
        .text,
    ]

    for side in sider:
        assert ord_ in side
    assert (Mellomarbeid.objects.with_stage().get().stand == "planlagt") == (ord_ == "Planlagt")


def test_what_is_shared_says_so():
    arbeid = MellomarbeidFactory(levert_=True, delt=True, gruppe=nettverk_med_enhet()[1])
    nettverk, gruppe = nettverk_med_enhet()
    delt = MellomarbeidFactory(
        oppdrag=OppdragFactory(nettverk=nettverk), gruppe=gruppe, levert_=True, delt=True
    )
    assert arbeid.delt
    FortellingFactory(mellomarbeid=delt)

    side = som(enhetsleder(gruppe)).get(url("mellomarbeid", delt)).text

    assert "Delt, levert" in side


# --- the steps, for those who are named


def test_a_group_that_is_needed_sees_it_at_home_and_ticks_it(arbeid, fagmiljo):
    _save(arbeid, steg=[SkrevetSteg("Veilede oss i skriving", hos=fagmiljo.pk)])
    hjelper = VervFactory(gruppe=fagmiljo).person
    client, steg = som(hjelper), Nestesteg.objects.get()
    hjem = f"/{arbeid.nettverk.slug}/hjem/"
    side = client.get(hjem).text
    assert "Veilede oss i skriving" in side
    assert f"{arbeid.enhet} trenger dere." in side

    client.post(
        f"/{arbeid.nettverk.slug}/mellomarbeid/steg/{steg.pk}/gjort/", {"gjort": "1", "fra": "hjem"}
    )

    steg.refresh_from_db()
    assert steg.gjort_av == hjelper
    assert "Veilede oss i skriving" not in client.get(hjem).text
    assert "Gjort" in som(enhetsleder(arbeid.gruppe)).get(url("mellomarbeid", arbeid)).text


def test_what_one_is_needed_for_leads_to_where_it_is_written_and_a_tick_is_undone(arbeid, fagmiljo):
    kommunen = som(kommuneansvarlig(arbeid.nettverk, arbeid.kommune))
    kommunene = Gruppe.objects.get(nettverk=arbeid.nettverk, type=Gruppe.Type.FAGNETTVERK)
    _save(
        arbeid,
        steg=[SkrevetSteg("Målehjul", hos=kommunene.pk), SkrevetSteg("Kurs", hos=fagmiljo.pk)],
    )
    hjem = f"/{arbeid.nettverk.slug}/hjem/"
    notat = f"{url('mellomarbeid', arbeid)}#notat-{Loggpost.objects.get().pk}"
    side = kommunen.get(hjem).text
    assert f'href="{notat}"' in side
    # Who does not read the log before it is delivered, meets the unit.
    fag = som(VervFactory(gruppe=fagmiljo).person).get(hjem).text
    assert notat not in fag
    assert f'href="/{arbeid.nettverk.slug}/enheter/{arbeid.enhet.referanse}/">Se enheten' in fag

    steg = Nestesteg.objects.get(hos=kommunene)
    adresse = f"/{arbeid.nettverk.slug}/mellomarbeid/steg/{steg.pk}/gjort/"
    etter = kommunen.post(adresse, {"gjort": "1", "fra": "hjem"}, follow=True).text
    angre = etter[
        etter.index("Krysset av som gjort.") : etter.index("</form>", etter.index("Krysset"))
    ]

    assert f'action="{adresse}"' in angre
    assert re.search(r'name="gjort"\s+value="0"', angre)
    assert "autofocus" in angre
    kommunen.post(adresse, {"gjort": "0", "fra": "hjem"})
    assert "Målehjul" in kommunen.get(hjem).text


def test_what_is_asked_of_the_kommune_comes_to_the_units_own(arbeid):
    ansvarlig = kommuneansvarlig(arbeid.nettverk, arbeid.kommune)
    kommunene = Gruppe.objects.get(nettverk=arbeid.nettverk, type=Gruppe.Type.FAGNETTVERK)
    annen = VervFactory(gruppe=kommunene).person  # answers for no kommune
    _save(arbeid, steg=[SkrevetSteg("Tid til møtet", hos=kommunene.pk)])
    adresse = f"/{arbeid.nettverk.slug}/mellomarbeid/steg/{Nestesteg.objects.get().pk}/gjort/"

    assert "Tid til møtet" in som(ansvarlig).get(f"/{arbeid.nettverk.slug}/hjem/").text
    assert "Tid til møtet" not in som(annen).get(f"/{arbeid.nettverk.slug}/hjem/").text
    assert som(annen).post(adresse, {"gjort": "1"}).status_code == 404
    assert som(ansvarlig).post(adresse, {"gjort": "1"}).status_code == 302
    # Also when everyone may read the log.
    Mellomarbeid.objects.update(status="levert", levert=timezone.now(), delt=True)
    assert som(annen).post(adresse, {"gjort": "0"}).status_code == 403


def test_the_units_own_steps_wait_when_they_are_near(arbeid):
    _save(
        arbeid,
        steg=[
            SkrevetSteg("Snart", frist=idag() + 2 * DAG),
            SkrevetSteg("Lenge til", frist=idag() + 90 * DAG),
        ],
    )

    side = som(gruppemedlem(arbeid.gruppe)).get(f"/{arbeid.nettverk.slug}/hjem/").text

    assert "Snart" in side
    assert "Lenge til" not in side


def test_a_tick_can_be_taken_away_and_twice_changes_nothing(arbeid):
    _save(arbeid, steg=[SkrevetSteg("Øve")])
    steg, client = Nestesteg.objects.get(), som(gruppemedlem(arbeid.gruppe))
    adresse = f"/{arbeid.nettverk.slug}/mellomarbeid/steg/{steg.pk}/gjort/"

    for gjort in ("1", "1", "0"):
        client.post(adresse, {"gjort": gjort})
    steg.refresh_from_db()

    assert (steg.gjort, steg.gjort_av) == (None, None)
    assert client.post(adresse, {"gjort": "kanskje"}).status_code == 302


# --- who writes here


def test_two_who_have_it_open_hear_of_each_other(arbeid):
    leder, laerer = enhetsleder(arbeid.gruppe), gruppemedlem(arbeid.gruppe)
    adresse = url("loggpost_naa", arbeid, uuid.uuid4())

    alene = som(leder).get(adresse).json()
    sammen = som(laerer).get(adresse).json()

    assert alene == {"andre": ""}
    assert sammen == {"andre": f"{leder.navn.split()[0]} skriver her nå"}
    assert som(kommuneansvarlig(arbeid.nettverk, arbeid.kommune)).get(adresse).status_code == 403


def test_presence_is_told_of_within_the_unit_only(arbeid):
    annet = MellomarbeidFactory(
        oppdrag=arbeid.oppdrag,
        gruppe=GruppeFactory(nettverk=arbeid.nettverk, utviklingsgruppe=True),
    )
    leder, fremmed = som(enhetsleder(arbeid.gruppe)), som(enhetsleder(annet.gruppe))
    noekkel = uuid.uuid4()

    leder.get(url("loggpost_naa", arbeid, noekkel))
    foer = fremmed.get(url("loggpost_naa", annet, noekkel))
    LoggpostFactory(mellomarbeid=arbeid, noekkel=noekkel)
    etter = fremmed.get(url("loggpost_naa", annet, noekkel))

    assert foer.json() == {"andre": ""}
    assert etter.status_code == 404
    assert leder.get(url("loggpost_naa", arbeid, noekkel)).json() == {"andre": ""}


def test_the_key_of_a_new_entry_is_the_same_until_it_is_saved_and_of_this_portal_alone(
    arbeid, settings
):
    leder = enhetsleder(arbeid.gruppe)

    noekkel = logg.new_key(arbeid, fase="proeve", by=leder)
    igjen = logg.new_key(arbeid, fase="proeve", by=leder)
    settings.SECRET_KEY = "en annen portals"

    assert noekkel == igjen
    assert logg.new_key(arbeid, fase="proeve", by=leder) != noekkel


def test_an_entry_or_a_step_that_is_deleted_meanwhile_is_told_in_plain_words(arbeid, monkeypatch):
    leder = enhetsleder(arbeid.gruppe)
    post = LoggpostFactory(mellomarbeid=arbeid, stand=Stand.PLANLAGT, dato=idag() - DAG)
    steg = Nestesteg.objects.create(loggpost=post, tekst="Måle igjen")
    tick = nestesteg.tick

    def tick_too_late(steg: Nestesteg, **felt: Any) -> Nestesteg:
        Nestesteg.objects.filter(pk=steg.pk).delete()
        return tick(steg, **felt)

    monkeypatch.setattr(nestesteg, "tick", tick_too_late)
    side = som(leder).post(
        f"/{arbeid.nettverk.slug}/mellomarbeid/steg/{steg.pk}/gjort/", {"gjort": "1"}, follow=True
    )
    Loggpost.objects.all().delete()

    assert "Steget er slettet av noen andre." in side.text
    with pytest.raises(KanIkke, match="Notatet er slettet av noen andre"):
        logg.happened(post)
    Mellomarbeid.objects.all().delete()
    for act in (innlevering.submit, innlevering.reopen):
        with pytest.raises(KanIkke, match="Mellomarbeidet er slettet av noen andre"):
            act(arbeid, by=leder)


def test_a_link_without_words_is_its_address(arbeid):
    client = som(enhetsleder(arbeid.gruppe))

    side = client.post(
        url("loggpost", arbeid, uuid.uuid4()),
        felt(lenker=[{"url": "https://www.udir.no/laring/", "tekst": ""}]),
        follow=True,
    ).text

    assert ">udir.no/laring</a>" in side


# --- the delivery taken back


def _delivered(arbeid: Mellomarbeid, **siden: Any) -> Mellomarbeid:
    LoggpostFactory(mellomarbeid=arbeid)
    arbeid.status, arbeid.levert = Mellomarbeid.Status.LEVERT, timezone.now() - 5 * DAG
    arbeid.levert_av = PersonFactory()
    arbeid.save()
    start = timezone.now() + siden.pop("om") * DAG
    SamlingFactory(nettverk=arbeid.nettverk, start=start, slutt=start + DAG / 4, **siden)
    return arbeid


@pytest.mark.parametrize(
    "samling", [{"om": 1, "publisert_": True}, {"om": -9, "publisert_": True}, {"om": -1}]
)
def test_the_leader_takes_it_back_until_the_next_gathering_starts(arbeid, samling):
    _delivered(arbeid, **samling)

    som(enhetsleder(arbeid.gruppe)).post(url("mellomarbeid_aapne", arbeid))

    arbeid.refresh_from_db()
    assert not arbeid.er_levert


def test_after_it_has_started_the_koordinator_does(arbeid):
    _delivered(arbeid, om=-1, publisert_=True)
    leder, adresse = som(enhetsleder(arbeid.gruppe)), url("mellomarbeid_aapne", arbeid)

    assert adresse not in leder.get(url("mellomarbeid", arbeid)).text
    assert "er det koordinatoren som kan åpne" in leder.post(adresse, follow=True).text
    arbeid.refresh_from_db()
    assert arbeid.er_levert

    som(koordinator(arbeid.nettverk)).post(adresse)
    arbeid.refresh_from_db()
    assert not arbeid.er_levert


# --- an assignment that is withdrawn, and a unit that changes


def test_a_withdrawn_assignment_keeps_what_is_written_and_says_why(arbeid):
    post = LoggpostFactory(mellomarbeid=arbeid, tekst="Vi rakk dette.")
    leder = som(enhetsleder(arbeid.gruppe))
    adresse = f"/{arbeid.nettverk.slug}/oppdrag/{arbeid.oppdrag_id}/trekk/"
    gir = som(koordinator(arbeid.nettverk))
    assert gir.post(adresse, {"grunn": ""}).status_code == 422
    gir.post(adresse, {"grunn": "Samlingen er flyttet."})

    side = leder.get(url("mellomarbeid", arbeid)).text
    auto = leder.post(url("loggpost", arbeid, post.noekkel), felt(tekst="Mer"), headers=AUTOLAGRE)
    leder.post(url("mellomarbeid_lever", arbeid))

    for ord_ in ("Oppdraget er trukket", "Samlingen er flyttet.", "Vi rakk dette."):
        assert ord_ in side
    assert auto.status_code == 409
    # The page stops trying, keeps the text in the browser, and offers it to be copied.
    assert auto.json()["slutt"]
    assert "Samlingen er flyttet." in auto.json()["feil"]["__all__"][0]
    arbeid.refresh_from_db()
    assert not arbeid.er_levert
    assert not Mellomarbeid.objects.missing().exists()
    assert "ikke levert" not in gir.get(f"/{arbeid.nettverk.slug}/hjem/").text
    # Pressed twice it is withdrawn once.
    gir.post(adresse, {"grunn": "En annen grunn."})
    arbeid.oppdrag.refresh_from_db()
    assert arbeid.oppdrag.trukket_grunn == "Samlingen er flyttet."
    gir.post(adresse, {"gi": "1"})
    assert leder.post(url("loggpost", arbeid, uuid.uuid4()), felt()).status_code == 302


def test_letters_that_were_stopped_are_sent_when_it_is_asked_after_all(arbeid):
    oppdrag, gir = arbeid.oppdrag, koordinator(arbeid.nettverk)
    oppdrag.mottakere = Mottakere.objects.create(nettverk=arbeid.nettverk, enheter=True)
    oppdrag.save()
    ny = EnhetFactory(kommune=arbeid.kommune)
    leder = enhetsleder(GruppeFactory(nettverk=arbeid.nettverk, utviklingsgruppe=True, enhet=ny))
    give_to_new(oppdrag, by=gir)
    brevet = Brev.objects.filter(til=leder)
    assert brevet.get().tilstand == Brev.Tilstand.VENTER

    tilbaketrekking.withdraw(oppdrag, grunn="Nei.", by=gir)
    assert brevet.get().tilstand == Brev.Tilstand.TRUKKET
    with pytest.raises(KanIkke, match="trukket"):
        give_to_new(oppdrag, by=gir)

    tilbaketrekking.restore(oppdrag, by=gir)
    assert brevet.get().tilstand == Brev.Tilstand.VENTER


def test_what_is_ticked_is_never_another_step(arbeid):
    post = _save(arbeid, steg=[SkrevetSteg("Kjøpe målebånd")])
    nestesteg.tick(Nestesteg.objects.get(), gjort=True, by=PersonFactory())

    _save(arbeid, noekkel=post.noekkel, versjon=1, steg=[SkrevetSteg("Låne tau")])

    steg = Nestesteg.objects.get()
    assert (steg.tekst, steg.gjort) == ("Låne tau", None)


def test_whoever_ticks_while_another_writes_has_the_tick_kept(arbeid):
    post = _save(arbeid, steg=[SkrevetSteg("Kjøpe målebånd")])
    steg = Nestesteg.objects.get()
    rader = nestesteg.steps(post, [SkrevetSteg("Kjøpe to målebånd", pk=steg.pk)])
    nestesteg.tick(steg, gjort=True, by=PersonFactory())

    rader.write(post)

    steg.refresh_from_db()
    assert steg.tekst == "Kjøpe to målebånd"
    assert steg.gjort


def test_a_unit_that_moves_takes_its_open_work_along_and_leaves_what_it_had_delivered(arbeid):
    enhet, nettverk = arbeid.gruppe.enhet, arbeid.nettverk
    gammel, ny, mellom = arbeid.kommune, KommuneFactory(navn="Nyvik"), KommuneFactory()
    dager = [idag() - 60 * DAG, idag() - 30 * DAG]
    enhet.plasseringer.update(gyldig=periode(LENGE_SIDEN, dager[0]))
    enhet.plasseringer.create(kommune=mellom, gyldig=periode(*dager))
    enhet.plasseringer.create(kommune=ny, gyldig=periode(dager[1]))
    LoggpostFactory(mellomarbeid=arbeid, tekst="Vi rakk dette.")

    def gave(tekst: str, kommune, levert: datetime.date | None) -> Mellomarbeid:
        tid = timezone.make_aware(datetime.datetime.combine(levert, datetime.time(12)))
        return MellomarbeidFactory(
            oppdrag=OppdragFactory(nettverk=nettverk, tittel=tekst),
            gruppe=arbeid.gruppe,
            kommune=kommune,
            status="levert",
            levert=tid,
        )

    levert_foer = gave("Før", gammel, dager[0] - DAG)
    levert_mellom = gave("Mellom", gammel, dager[0])
    levert_etter = gave("Etter", ny, dager[1])
    folk = {k: kommuneansvarlig(nettverk, k) for k in (gammel, mellom, ny, KommuneFactory())}

    sett = [
        set(Mellomarbeid.objects.visible_to(roller_for(person, nettverk)))
        for person in folk.values()
    ]

    assert sett == [
        {arbeid, levert_foer, levert_mellom},
        {levert_mellom},
        {arbeid, levert_etter},
        set(),
    ]
    # Whoever sees it answers in its thread, and for the kommune they answer for.
    for kommune, status in ((gammel, 200), (mellom, 404), (ny, 200)):
        side = som(folk[kommune]).get(url("mellomarbeid", arbeid))
        assert (side.status_code, "Vi rakk dette." in side.text) == (status, status == 200)
    assert {leser.person for leser in readers(arbeid)} >= {folk[gammel], folk[ny]}
    assert folk[mellom] not in {leser.person for leser in readers(arbeid)}
    som(folk[ny]).post(url("tilbakemelding", arbeid), {"tekst": "Så fint å få dere hit."})
    traad = som(enhetsleder(arbeid.gruppe)).get(url("mellomarbeid", arbeid)).text
    assert "Så fint å få dere hit." in traad
    assert "Nyvik" in traad


@pytest.mark.parametrize("har_annet_verv", [False, True])
def test_a_leader_whose_verv_ended_yesterday_is_told_and_the_text_stands(arbeid, har_annet_verv):
    leder, medlem = enhetsleder(arbeid.gruppe), gruppemedlem(arbeid.gruppe)
    post = LoggpostFactory(mellomarbeid=arbeid, skrevet_av=leder, tekst="Vi rakk dette.", versjon=1)
    leder.verv.update(gyldig=periode(LENGE_SIDEN, idag()))
    if har_annet_verv:
        annen = GruppeFactory(
            nettverk=arbeid.nettverk,
            utviklingsgruppe=True,
            enhet=EnhetFactory(kommune=arbeid.kommune),
        )
        VervFactory(gruppe=annen, rolle="formell_leder", person=leder)
    sendt = felt(tekst="Det jeg skriver på nå.", versjon=1)

    auto = som(leder).post(url("loggpost", arbeid, post.noekkel), sendt, headers=AUTOLAGRE)
    ferdig = som(leder).post(url("loggpost", arbeid, post.noekkel), sendt)
    lever = som(leder).post(url("mellomarbeid_lever", arbeid))

    assert (auto.status_code, auto.json()["status"]) == (403, "slutt")
    assert "er slutt. Siste dag var" in auto.json()["tekst"]
    assert (ferdig.status_code, lever.status_code) == (403, 403)
    # What was sent stands on the page that says no.
    assert "Det jeg skriver på nå." in ferdig.text
    post.refresh_from_db()
    arbeid.refresh_from_db()
    assert (post.tekst, arbeid.er_levert) == ("Vi rakk dette.", False)
    # The group goes on where it was, and whoever leads it now delivers.
    assert "Vi rakk dette." in som(medlem).get(url("loggpost", arbeid, post.noekkel)).text
    som(enhetsleder(arbeid.gruppe)).post(url("mellomarbeid_lever", arbeid))
    arbeid.refresh_from_db()
    assert arbeid.er_levert


def test_what_some_have_answered_stands_when_it_is_withdrawn_and_the_rest_owe_nothing(arbeid):
    annen = GruppeFactory(
        nettverk=arbeid.nettverk, utviklingsgruppe=True, enhet=EnhetFactory(kommune=arbeid.kommune)
    )
    LoggpostFactory(mellomarbeid=arbeid, tekst="Vi rakk dette.")
    innlevering.submit(arbeid, by=enhetsleder(arbeid.gruppe))
    rest = MellomarbeidFactory(oppdrag=arbeid.oppdrag, gruppe=annen, kommune=arbeid.kommune)

    tilbaketrekking.withdraw(
        arbeid.oppdrag, grunn="Samlingen er flyttet.", by=koordinator(arbeid.nettverk)
    )

    levert = som(enhetsleder(arbeid.gruppe)).get(url("mellomarbeid", arbeid)).text
    assert "Vi rakk dette." in levert
    assert "Samlingen er flyttet." in levert
    ny = som(enhetsleder(annen)).get(url("loggpost_ny", rest), follow=True)
    assert "Samlingen er flyttet." in ny.text
    arbeid.refresh_from_db()
    assert arbeid.er_levert
    assert not Mellomarbeid.objects.missing().exists()


def test_a_unit_that_moves_or_closes_keeps_its_open_work(arbeid):
    client, enhet = som(enhetsleder(arbeid.gruppe)), arbeid.gruppe.enhet
    ny = KommuneFactory()
    enhet.plasseringer.update(gyldig=periode(LENGE_SIDEN, idag()))
    enhet.plasseringer.create(kommune=ny, gyldig=periode(idag()))
    type(enhet).objects.filter(pk=enhet.pk).update(gyldig=periode(LENGE_SIDEN, idag() + DAG))

    assert client.post(url("loggpost", arbeid, uuid.uuid4()), felt()).status_code == 302
    client.post(url("mellomarbeid_lever", arbeid))

    arbeid.refresh_from_db()
    assert arbeid.er_levert
    assert arbeid.kommune != ny  # counted where it was given
