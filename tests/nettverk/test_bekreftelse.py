"""The yearly confirmation of a unit's group: one screen, one row a school year, a letter that reminds."""

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kommuner.gyldighet import idag, periode
from nettverk import bekreftelse
from nettverk import verv as vervene
from nettverk.arbeid.brev import slag
from nettverk.bekreftelse import asked_year, confirm, to_remind
from nettverk.invitasjon import INVITASJON
from nettverk.models import Brev, Gruppe, Gruppebekreftelse, Nettverk, Person, Rolle, Verv
from nettverk.models.bekreftelse import skoleaar
from nettverk.side.portalform import DatoInput
from nettverk.skriving.konflikt import KanIkke
from nettverk.tilgang.roller import roller_for
from tests.kommuner.factories import EnhetFactory
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
from tests.okt import pass_time
from tests.samtidig import at_once, kinds

pytestmark = pytest.mark.django_db

AAR = skoleaar(datetime.date(2026, 11, 26))


@pytest.fixture(autouse=True)
def november(monkeypatch: pytest.MonkeyPatch) -> None:
    """26 November 2026, whenever it is read: the network asked on 15 August."""
    _now_is(monkeypatch, datetime.date(2026, 11, 26))


def _now_is(monkeypatch: pytest.MonkeyPatch, dato: datetime.date) -> None:
    for modul in ("nettverk.bekreftelse", "nettverk.models.nettverk", "nettverk.forms.bekreftelse"):
        monkeypatch.setattr(f"{modul}.idag", lambda: dato)


@pytest.fixture
def gruppe() -> Gruppe:
    return nettverk_med_enhet()[1]


@pytest.fixture
def leder(gruppe: Gruppe, client: Client) -> Person:
    person = enhetsleder(gruppe)
    client.force_login(person)
    return person


def _url(gruppe: Gruppe, navn: str = "gruppe_bekreft") -> str:
    return reverse(f"nettverk:{navn}", args=[gruppe.nettverk.slug, gruppe.pk])


def _opened(client: Client, gruppe: Gruppe) -> dict[str, object]:
    """What the browser would send of the page as it stands: everybody still in, nobody new."""
    form = client.get(_url(gruppe)).context["form"]
    return {
        navn: verdi
        for navn, felt in form.fields.items()
        if (verdi := form.get_initial_for_field(felt, navn)) not in (None, False)
    }


def _home(client: Client, gruppe: Gruppe) -> str:
    return client.get(reverse("nettverk:hjem", args=[gruppe.nettverk.slug])).text


# --- one screen


def test_a_group_that_is_as_it_was_is_confirmed_with_one_press(gruppe, leder, client):
    gruppemedlem(gruppe)

    svar = client.post(_url(gruppe), _opened(client, gruppe), follow=True)

    rad = Gruppebekreftelse.objects.get()
    assert (rad.gruppe, rad.skoleaar, rad.bekreftet_av) == (gruppe, AAR, leder)
    assert "Takk! Gruppa er bekreftet" in svar.text
    assert gruppe.verv.gyldig().count() == 2
    assert [h.pgh_label for h in Gruppebekreftelse.pgh_event_model.objects.all()] == ["insert"]


def test_one_has_left_one_fills_a_vacant_role_and_one_is_new(gruppe, leder, client):
    borte = VervFactory(gruppe=gruppe, rolle=Rolle.UTVIKLINGSLAERER)
    siste_dag = idag() - datetime.timedelta(days=10)
    felt = _opened(client, gruppe) | {
        f"svar_{borte.pk}": "sluttet",
        f"dag_{borte.pk}": siste_dag.isoformat(),
        "tillitsvalgt_navn": "Tiril Tillit",
        "tillitsvalgt_epost": "Tiril@a.example",
        "ny0_navn": "Noora Ny",
        "ny0_epost": "noora@a.example",
        "ny0_rolle": "medlem",
    }

    client.post(_url(gruppe), felt)

    borte.refresh_from_db()
    assert borte.siste_dag == siste_dag
    nye = Verv.objects.filter(gruppe=gruppe).exclude(person=leder).gyldig()
    assert set(nye.values_list("person__epost", "rolle")) == {
        ("tiril@a.example", "tillitsvalgt"),
        ("noora@a.example", "medlem"),
    }
    assert set(Brev.objects.filter(slag=INVITASJON).values_list("epost", flat=True)) == {
        "tiril@a.example",
        "noora@a.example",
    }
    assert Gruppebekreftelse.objects.count() == 1


def test_the_vacant_roles_stand_by_the_networks_own_names(gruppe, leder, client):
    Nettverk.objects.update(
        paakrevde_roller=["formell_leder", "tillitsvalgt"],
        egne_rollenavn={"tillitsvalgt": "plasstillitsvald"},
    )

    svar = client.get(_url(gruppe))

    assert [str(ny.ledig) for ny in svar.context["form"].ledige] == ["tillitsvalgt"]
    assert "Plasstillitsvald" in svar.text


def test_ones_own_verv_has_no_answer_and_cannot_be_ended_by_a_made_up_one(gruppe, leder, client):
    eget = leder.verv.get()
    felt = _opened(client, gruppe)
    assert f"svar_{eget.pk}" not in felt

    client.post(_url(gruppe), felt | {f"svar_{eget.pk}": "sluttet", f"dag_{eget.pk}": "2026-01-01"})
    with pytest.raises(KanIkke):
        confirm(gruppe, by=leder, slutter=[(eget, idag())])

    eget.refresh_from_db()
    assert eget.til is None


@pytest.mark.parametrize(
    ("felt", "venter"),
    [
        (
            {"tillitsvalgt_navn": "Tiril"},
            ("tillitsvalgt_epost", "Fyll ut «E-postadresse på jobb»."),
        ),
        (
            {"tillitsvalgt_epost": "tull", "tillitsvalgt_navn": "T"},
            ("tillitsvalgt_epost", "gyldig"),
        ),
        (
            {"ny0_navn": "Noora", "ny0_epost": "n@a.example"},
            ("ny0_rolle", "Velg noe i «Rolle"),
        ),
        (
            {"ny0_navn": "Noora", "ny0_epost": "n@a.example", "ny0_rolle": "koordinator"},
            ("ny0_rolle", ""),
        ),
    ],
)
def test_what_is_half_written_is_said_at_its_field_and_nothing_is_done(
    gruppe, leder, client, felt, venter
):
    hvor, feil = venter
    svar = client.post(_url(gruppe), _opened(client, gruppe) | felt)

    assert svar.status_code == 422
    assert feil in str(svar.context["form"].errors[hvor])
    assert not Gruppebekreftelse.objects.exists()
    assert gruppe.verv.count() == 1


def test_a_last_day_before_the_first_is_refused_at_the_day(gruppe, leder, client):
    verv = VervFactory(gruppe=gruppe, gyldig=periode(datetime.date(2026, 8, 1)))
    felt = {f"svar_{verv.pk}": "sluttet", f"dag_{verv.pk}": "2026-07-01"}

    svar = client.post(_url(gruppe), _opened(client, gruppe) | felt)

    assert "før vervet begynte" in str(svar.context["form"].errors[f"dag_{verv.pk}"])


def test_the_same_person_twice_among_the_new_is_one(gruppe, leder, client):
    felt = {
        f"ny{n}_{navn}": verdi
        for n in range(2)
        for navn, verdi in {
            "navn": "Noora",
            "epost": f"{'N' if n else 'n'}oora@a.example",
            "rolle": "medlem",
        }.items()
    }

    client.post(_url(gruppe), _opened(client, gruppe) | felt)

    assert Verv.objects.filter(person__epost="noora@a.example").count() == 1


def test_a_last_day_to_come_is_told_with_the_day_and_stands_in_group_and_form(
    gruppe, leder, client, monkeypatch
):
    monkeypatch.setattr("nettverk.views.bekreftelse.idag", lambda: datetime.date(2026, 11, 26))
    anne = VervFactory(gruppe=gruppe, person__navn="Anne Krabbelund")
    borte = VervFactory(gruppe=gruppe, rolle=Rolle.MEDLEM)
    dag = datetime.date(max(idag().year, 2026), 12, 31)
    felt = _opened(client, gruppe) | {
        f"svar_{anne.pk}": "sluttet",
        f"dag_{anne.pk}": dag.isoformat(),
        f"svar_{borte.pk}": "sluttet",
    }

    svar = client.post(_url(gruppe), felt, follow=True)

    tekst = " ".join(svar.text.split())
    assert "Anne Krabbelund slutter 31. desember" in tekst
    assert "1 har sluttet." in tekst
    assert f"til 31. desember {dag.year}" in tekst
    assert f"til 31. desember {dag.year}" in " ".join(client.get(_url(gruppe)).text.split())


def test_a_required_role_that_nobody_has_any_more_is_said_with_the_way_to_fill_it(
    gruppe, leder, client
):
    eneste = VervFactory(gruppe=gruppe, rolle=Rolle.TILLITSVALGT)

    svar = client.post(
        _url(gruppe), _opened(client, gruppe) | {f"svar_{eneste.pk}": "sluttet"}, follow=True
    )

    (mangler,) = [str(m) for m in svar.context["messages"] if "mangler nå" in str(m)]
    assert f"{_url(gruppe, 'verv_ny')}?rolle=tillitsvalgt" in mangler
    assert "utviklingslaerer" not in mangler


def test_the_way_to_it_stands_in_the_group_when_it_is_done_and_when_nobody_asks(
    gruppe, leder, client
):
    def leads_there() -> bool:
        return f'href="{_url(gruppe)}"' in client.get(_url(gruppe, "gruppe")).text

    confirm(gruppe, by=leder)
    assert leads_there()
    Nettverk.objects.update(bekreftes_fra="")
    assert leads_there()
    client.force_login(gruppemedlem(gruppe))
    assert not leads_there()


def test_the_page_asks_in_the_words_of_the_home_page(gruppe, leder, client):
    for _n in range(2):
        tittel = bekreftelse.question(gruppe, er_ny=not gruppe.bekreftelser.exists())
        assert tittel in client.get(_url(gruppe)).text
        if not gruppe.bekreftelser.exists():
            assert tittel in _home(client, gruppe)
            confirm(gruppe, by=leder)


def test_a_name_that_is_none_is_refused_at_the_new_member(gruppe, leder, client):
    felt = {"ny0_navn": "=1+1", "ny0_epost": "n@a.example", "ny0_rolle": "medlem"}

    svar = client.post(_url(gruppe), _opened(client, gruppe) | felt)

    assert svar.context["form"].errors["ny0_navn"] == ["Dette er ikke et navn."]


# --- two at once, and what happened meanwhile


def test_a_member_who_was_ended_meanwhile_is_told_of_and_the_rest_is_kept(gruppe, leder, client):
    annen, blir = VervFactory(gruppe=gruppe), VervFactory(gruppe=gruppe)
    felt = _opened(client, gruppe) | {
        f"svar_{blir.pk}": "sluttet",
        "tillitsvalgt_navn": "Tiril",
        "tillitsvalgt_epost": "tiril@a.example",
    }
    annen.end()

    svar = client.post(_url(gruppe), felt)

    assert svar.status_code == 409
    assert "Noe er endret mens du skrev" in svar.text
    assert "Du må rette" not in svar.text
    form = svar.context["form"]
    assert [(f.etikett, f.ditt) for f in form.forskjeller] == [(annen.person.navn, "Fortsatt med")]
    assert 'value="tiril@a.example"' in svar.text
    assert not Gruppebekreftelse.objects.exists()
    # Sent once more, as the page now stands.
    assert client.post(_url(gruppe), form.data.dict()).status_code == 302
    blir.refresh_from_db()
    # The day before, when no other is chosen: who has left is in the group no more.
    assert not blir.er_gyldig()


def test_a_role_that_was_filled_meanwhile_is_told_of(gruppe, leder, client):
    felt = _opened(client, gruppe) | {
        "tillitsvalgt_navn": "Tiril",
        "tillitsvalgt_epost": "tiril@a.example",
    }
    foerst = VervFactory(gruppe=gruppe, rolle=Rolle.TILLITSVALGT)

    svar = client.post(_url(gruppe), felt)

    assert svar.status_code == 409
    assert [(f.etikett, f.deres) for f in svar.context["form"].forskjeller] == [
        (foerst.person.navn, "Ny: tillitsvalgt")
    ]
    assert 'value="tiril@a.example"' in svar.text


def test_a_second_tab_does_not_confirm_twice_nor_appoint_twice(gruppe, leder, client):
    felt = _opened(client, gruppe) | {
        "tillitsvalgt_navn": "Tiril",
        "tillitsvalgt_epost": "tiril@a.example",
    }

    svarene = [client.post(_url(gruppe), felt).status_code for _n in range(2)]

    assert svarene == [302, 302]
    assert Gruppebekreftelse.objects.count() == 1
    assert Verv.objects.filter(person__epost="tiril@a.example").count() == 1


def test_when_another_has_confirmed_it_the_first_ones_name_stands(gruppe, leder, client):
    sjef = koordinator(gruppe.nettverk)
    felt = _opened(client, gruppe)
    confirm(gruppe, by=sjef)

    svar = client.post(_url(gruppe), felt, follow=True)

    assert "allerede bekreftet" in svar.text
    assert Gruppebekreftelse.objects.get().bekreftet_av == sjef


@pytest.mark.django_db(transaction=True)
def test_two_who_confirm_at_the_same_moment_make_one_row():
    gruppe = nettverk_med_enhet()[1]
    folk = [enhetsleder(gruppe), koordinator(gruppe.nettverk)]

    svar = at_once(*(lambda p=p: confirm(gruppe, by=p) for p in folk), holding=gruppe)

    assert kinds(svar) == ["ok", "ok"]
    assert sorted(s.foerst for s in svar) == [False, True]
    assert Gruppebekreftelse.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_ends_a_member_while_another_confirms_and_the_last_day_is_not_overwritten(client):
    gruppe = nettverk_med_enhet()[1]
    leder, annen = enhetsleder(gruppe), koordinator(gruppe.nettverk)
    verv = VervFactory(gruppe=gruppe)
    client.force_login(leder)
    felt = _opened(client, gruppe) | {f"svar_{verv.pk}": "sluttet"}
    foer = idag() - datetime.timedelta(days=30)

    vervene.end(verv=verv, siste_dag=foer, by=annen)
    svar = client.post(_url(gruppe), felt)

    verv.refresh_from_db()
    assert (svar.status_code, verv.siste_dag) == (409, foer)


def test_who_no_longer_leads_the_group_cannot_confirm_the_page_they_have_open(
    gruppe, leder, client
):
    felt = _opened(client, gruppe)
    gruppemedlem(gruppe).verv.update(person=leder)
    leder.verv.get(rolle=Rolle.FORMELL_LEDER).end()

    assert client.post(_url(gruppe), felt).status_code == 403
    assert not Gruppebekreftelse.objects.exists()


def test_a_group_that_has_ended_is_not_confirmed(gruppe, leder, client):
    client.force_login(koordinator(gruppe.nettverk))
    gruppe.end()

    assert client.get(_url(gruppe)).url == _url(gruppe, "gruppe")
    with pytest.raises(KanIkke):
        confirm(gruppe, by=leder)


def test_a_group_without_a_leader_is_confirmed_by_kommune_or_koordinator_with_a_new_one(
    gruppe, client
):
    client.force_login(kommuneansvarlig(gruppe.nettverk, gruppe.enhet.kommune_per()))
    felt = _opened(client, gruppe) | {
        "formell_leder_navn": "Lise Leder",
        "formell_leder_epost": "lise@a.example",
    }

    client.post(_url(gruppe), felt)

    ny = Person.objects.get(epost="lise@a.example")
    assert roller_for(ny, gruppe.nettverk).enheter_ledet == {gruppe.enhet_id}
    assert Gruppebekreftelse.objects.count() == 1


def test_the_kommunes_own_group_and_the_networks_are_not_confirmed(gruppe, client):
    client.force_login(koordinator(gruppe.nettverk))
    andre = [
        GruppeFactory(
            nettverk=gruppe.nettverk,
            type=Gruppe.Type.UTVIKLINGSGRUPPE,
            kommune=gruppe.enhet.kommune_per(),
        ),
        GruppeFactory(nettverk=gruppe.nettverk),
    ]

    assert [client.get(_url(g)).status_code for g in andre] == [404, 404]


def test_only_a_change_of_people_needs_a_fresh_sign_in(gruppe, leder, client):
    verv = VervFactory(gruppe=gruppe)
    pass_time(client, minutter=20)
    felt = _opened(client, gruppe)

    med_endring = client.post(_url(gruppe), felt | {f"svar_{verv.pk}": "sluttet"})
    uten = client.post(_url(gruppe), felt)

    assert (med_endring.status_code, uten.status_code) == (302, 302)
    assert "/konto/" in med_endring.url
    assert uten.url == _url(gruppe, "gruppe")
    verv.refresh_from_db()
    assert verv.til is None


def test_the_page_costs_the_same_with_few_and_many(gruppe, leder, client):
    def cost() -> int:
        with CaptureQueriesContext(connection) as spurt:
            client.get(_url(gruppe))
        return len(spurt)

    cost()
    foer = cost()
    VervFactory.create_batch(5, gruppe=gruppe)
    assert cost() == foer


# --- when it is asked


@pytest.mark.parametrize(
    ("dag", "i_dag", "aar"),
    [
        ("08-15", datetime.date(2026, 8, 14), 2025),
        ("08-15", datetime.date(2026, 8, 15), 2026),
        ("08-15", datetime.date(2027, 7, 31), 2026),
        ("05-01", datetime.date(2027, 5, 2), 2026),
        ("", datetime.date(2026, 11, 26), None),
    ],
)
def test_which_school_year_is_asked_about(monkeypatch, gruppe, dag, i_dag, aar):
    _now_is(monkeypatch, i_dag)
    gruppe.nettverk.bekreftes_fra = dag

    assert asked_year(gruppe.nettverk) == aar


def test_it_is_the_first_and_biggest_thing_on_the_leaders_home_until_it_is_done(
    gruppe, leder, client
):
    assert client.get(reverse("nettverk:hjem", args=[gruppe.nettverk.slug])).context[
        "foerst"
    ].url == _url(gruppe)

    confirm(gruppe, by=leder)

    assert _url(gruppe) not in _home(client, gruppe)


def test_next_school_year_it_is_asked_anew_and_in_other_words(gruppe, leder, client, monkeypatch):
    assert "Hvem er med i utviklingsgruppa" in _home(client, gruppe)
    confirm(gruppe, by=leder)
    _now_is(monkeypatch, datetime.date(2027, 8, 14))
    assert _url(gruppe) not in _home(client, gruppe)

    _now_is(monkeypatch, datetime.date(2027, 8, 15))

    assert "Stemmer utviklingsgruppa" in _home(client, gruppe)


def test_a_network_that_does_not_ask_has_nothing_waiting(gruppe, leder, client):
    Nettverk.objects.update(bekreftes_fra="")

    assert _url(gruppe) not in _home(client, gruppe)


def test_a_member_who_does_not_lead_is_not_asked(gruppe, client):
    client.force_login(gruppemedlem(gruppe))

    assert _url(gruppe) not in _home(client, gruppe)
    assert client.get(_url(gruppe)).status_code == 403


def test_asking_costs_the_leaders_home_no_query(gruppe, leder):
    """It comes with the groups that the home page fetched already, for vacant roles."""
    roller = roller_for(leder, gruppe.nettverk)

    with CaptureQueriesContext(connection) as spurt:
        assert len(list(bekreftelse.gjoremaal(roller))) == 1

    assert len(spurt) == 1


def test_the_koordinator_chooses_the_day_and_an_impossible_one_is_refused(gruppe, client):
    client.force_login(koordinator(gruppe.nettverk))
    url = reverse("nettverk:bekreftes_fra", args=[gruppe.nettverk.slug])

    def choose(dag: str) -> int:
        return client.post(url, {"bekreftes_fra": dag}).status_code

    assert [choose("02-30"), choose("tull")] == [422, 422]
    assert choose("09-01") == 302
    assert Nettverk.objects.get().bekreftes_fra == "09-01"
    assert choose("") == 302
    assert Nettverk.objects.get().bekreftes_fra == ""


# --- the letter


def test_a_leader_of_two_gets_one_letter_a_day_with_a_way_to_each(gruppe, leder):
    nettverk, sjef = gruppe.nettverk, koordinator(gruppe.nettverk)
    annen = GruppeFactory(
        nettverk=nettverk,
        utviklingsgruppe=True,
        enhet=EnhetFactory(kommune=gruppe.enhet.kommune_per()),
    )
    VervFactory(gruppe=annen, person=leder, rolle=Rolle.FORMELL_LEDER)

    brevene = [
        bekreftelse.remind([gruppe.pk, annen.pk], nettverk=nettverk, by=sjef) for _n in range(2)
    ]

    assert [len(b) for b in brevene] == [1, 0]
    assert _url(gruppe) in brevene[0][0].tekst
    assert _url(annen) in brevene[0][0].tekst
    assert "Ledig: tillitsvalgt, utviklingslærer, PP-rådgiver" in brevene[0][0].tekst


def test_it_goes_to_nobody_before_it_is_seen_and_then_to_those_who_were_shown(
    gruppe, leder, client
):
    client.force_login(koordinator(gruppe.nettverk))
    url = reverse("nettverk:ledige_paaminn", args=[gruppe.nettverk.slug])

    side = client.get(url)
    assert "1 leder får påminnelse" in side.text
    assert "Stemmer utviklingsgruppa fortsatt?" in side.text
    assert not Brev.objects.exists()
    for _n in range(2):
        client.post(url, side.context["form"].initial)

    assert [(b.slag, b.til) for b in Brev.objects.all()] == [(bekreftelse.PAAMINNELSE, leder)]


def test_a_kommune_reminds_the_leaders_of_its_own_units_alone(gruppe, leder, client):
    annen, _leder = _in_another_kommune(gruppe)
    client.force_login(kommuneansvarlig(gruppe.nettverk, gruppe.enhet.kommune_per()))
    url = reverse("nettverk:ledige_paaminn", args=[gruppe.nettverk.slug])

    assert client.get(url).context["antall"] == 1
    client.post(url, {"grupper": f"{gruppe.pk},{annen.pk}"})

    assert [b.til for b in Brev.objects.all()] == [leder]


def _in_another_kommune(gruppe: Gruppe) -> tuple[Gruppe, Person]:
    from tests.nettverk.factories import MedlemskapFactory

    kommune = MedlemskapFactory(nettverk=gruppe.nettverk).kommune
    annen = GruppeFactory(
        nettverk=gruppe.nettverk, utviklingsgruppe=True, enhet=EnhetFactory(kommune=kommune)
    )
    return annen, enhetsleder(annen)


def test_who_has_done_it_is_not_reminded_and_a_failed_letter_is_not_sent_again(gruppe, leder):
    nettverk = gruppe.nettverk
    (brevet,) = bekreftelse.remind([gruppe.pk], nettverk=nettverk, by=leder)
    hindrer = slag(bekreftelse.PAAMINNELSE).hindrer
    assert hindrer is not None
    assert hindrer(nettverk, brevet) == ""
    for rolle in ("tillitsvalgt", "utviklingslaerer", "pp_raadgiver"):
        VervFactory(gruppe=gruppe, rolle=rolle)
    confirm(gruppe, by=leder)

    assert to_remind(nettverk) == {}
    assert hindrer(nettverk, brevet) != ""


def test_reminding_costs_the_same_for_one_and_for_many(gruppe, leder):
    def cost() -> int:
        with CaptureQueriesContext(connection) as spurt:
            to_remind(gruppe.nettverk)
        return len(spurt)

    foer = cost()
    for _n in range(3):
        _in_another_kommune(gruppe)
    assert len(to_remind(gruppe.nettverk)) == 4
    assert cost() == foer == 2


def test_a_stand_in_and_a_new_account_are_told_of_in_the_same_words(gruppe, leder, client):
    """Nobody learns from this page whose an address is."""
    VervFactory(person=PersonFactory(epost="noen@annetsted.example", last_login=timezone.now()))

    def told(epost: str) -> str:
        felt = {"ny0_navn": "Noora", "ny0_epost": epost, "ny0_rolle": "medlem"}
        svar = client.post(_url(gruppe), _opened(client, gruppe) | felt, follow=True)
        return " ".join(str(m) for m in svar.context["messages"])

    assert (
        told("ny@a.example").partition(".")[2].replace("Takk! Gruppa er bekreftet", "")
        == told("noen@annetsted.example").partition(".")[2]
    )


def test_somebody_new_needs_a_fresh_sign_in_and_blanks_do_not(gruppe, leder, client):
    pass_time(client, minutter=20)
    felt = _opened(client, gruppe)

    ny = client.post(_url(gruppe), felt | {"ny0_navn": "", "ny0_epost": "ny@demo.example"})
    blankt = client.post(_url(gruppe), felt | {"ny0_navn": " ", "ny0_epost": ""})

    assert "/konto/" in ny.url
    assert blankt.url == _url(gruppe, "gruppe")


def test_the_fields_of_each_member_are_fields_of_the_portal(gruppe, leder, client):
    """With the portal's way of asking for a day, and its limits."""
    verv = VervFactory(gruppe=gruppe)
    form = client.get(_url(gruppe)).context["form"]

    svar = client.post(
        _url(gruppe),
        _opened(client, gruppe) | {f"svar_{verv.pk}": "sluttet", f"dag_{verv.pk}": "0001-01-01"},
    )

    assert isinstance(form.fields[f"dag_{verv.pk}"].widget, DatoInput)
    assert "Skriv en dato fra" in svar.context["form"].errors[f"dag_{verv.pk}"][0]


def test_the_page_of_the_day_says_that_it_is_asked_per_school_year(gruppe, leder, client):
    client.force_login(koordinator(gruppe.nettverk))

    side = client.get(reverse("nettverk:bekreftes_fra", args=[gruppe.nettverk.slug]))

    assert "bekreftet tidligere i samme skoleår, blir ikke spurt om igjen" in side.text
