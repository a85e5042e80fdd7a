"""The states of a gathering: each change, twice, from two at once, taken back; the line that tells of it."""

import datetime

import pytest
from django.urls import reverse

from nettverk.arbeid.gjelder import gjelder
from nettverk.models import Brev, Gruppe, Mottakere, Person
from nettverk.side.skrivemaate import ukedag
from nettverk.skriving.konflikt import KanIkke, Lukket
from rolu.models import Deltakelse, Gjest, Gruppetall, Oppsummering, Programpost, Samling
from rolu.samlinger import (
    dager,
    innsjekk,
    paamelding,
    publisering,
    purring,
    skranketall,
    tilstand,
)
from tests.nettverk.factories import (
    GruppeFactory,
    NettverkFactory,
    PersonFactory,
    VervFactory,
    enhetsleder,
    gruppemedlem,
    kog,
    koordinator,
    medlem,
    nettverk_med_enhet,
)
from tests.rolu.factories import (
    DeltakelseFactory,
    OppdragFactory,
    ProgrampostFactory,
    SamlingFactory,
    UtfallFactory,
    klokken,
)
from tests.samtidig import at_once, kinds

pytestmark = pytest.mark.django_db

St = Samling.Status


@pytest.fixture
def by() -> Person:
    return PersonFactory()


def status(samling: Samling) -> str:
    return Samling.objects.get(pk=samling.pk).status


def brev(samling: Samling, **felt) -> Brev:
    return Brev.objects.create(
        nettverk=samling.nettverk,
        epost="a@demo.example",
        gjelder=gjelder(samling),
        sending="12345678-1234-5678-1234-567812345678",
        spraak="nb",
        melding_id=f"<{Brev.objects.count()}@demo.example>",
        noekkel=f"n{Brev.objects.count()}",
        **({"slag": "rolu.invitasjon"} | felt),
    )


def shared(samling: Samling) -> Samling:
    Oppsummering.objects.create(samling=samling, publisert=samling.slutt)
    return samling


# --- the changes


def test_a_gathering_goes_through_its_states_and_each_change_twice_is_once(by):
    samling = SamlingFactory(i_dag=True)

    for act, til in (
        (tilstand.start, St.PAAGAAR),
        (tilstand.finish, St.OPPSUMMERING),
        (tilstand.lock, St.LAAST),
    ):
        gammel = Samling.objects.get(pk=samling.pk)
        act(samling, by=by)
        act(gammel, by=by)
        assert status(samling) == samling.status == gammel.status == til


@pytest.mark.parametrize(
    ("act", "stand"),
    [
        (tilstand.start, {}),
        (tilstand.start, {"publisert_": True}),
        (tilstand.start, {"oppsummering_": True}),
        (tilstand.start, {"laast": True}),
        (tilstand.start, {"avlyst": True}),
        (tilstand.finish, {}),
        (tilstand.finish, {"publisert_": True}),
        (tilstand.finish, {"laast": True}),
        (tilstand.finish, {"avlyst": True}),
        (tilstand.lock, {}),
        (tilstand.lock, {"i_dag": True}),
        (tilstand.lock, {"avlyst": True}),
    ],
)
def test_what_it_is_not_ready_for_is_refused_and_changes_nothing(act, stand, by):
    samling = SamlingFactory(**stand)
    foer = status(samling)

    with pytest.raises(KanIkke):
        act(samling, by=by)

    assert status(samling) == foer


@pytest.mark.parametrize(
    ("stand", "til"),
    [
        ({"i_dag": True, "status": St.PAAGAAR}, St.INVITERT),
        ({"oppsummering_": True}, St.PAAGAAR),
        ({"laast": True}, St.OPPSUMMERING),
        ({"publisert_": True}, St.UTKAST),
    ],
)
def test_each_change_is_taken_back_once(stand, til, by):
    samling = SamlingFactory(**stand)
    fra = samling.status

    tilstand.take_back(samling, fra=fra, by=by)
    tilstand.take_back(Samling.objects.get(pk=samling.pk), fra=fra, by=by)

    assert status(samling) == til


def test_what_nobody_started_is_not_going_on_when_its_end_is_taken_back(by):
    samling = SamlingFactory(avholdt=True)
    tilstand.finish(samling, by=by)

    tilstand.take_back(samling, fra=St.OPPSUMMERING, by=by)
    tilstand.take_back(samling, fra=St.OPPSUMMERING, by=by)

    assert status(samling) == St.INVITERT


def test_who_takes_back_what_somebody_else_has_changed_meanwhile_is_told(by):
    samling = SamlingFactory(laast=True)

    with pytest.raises(KanIkke, match="«låst»"):
        tilstand.take_back(samling, fra=St.PAAGAAR, by=by)


def test_an_invitation_that_is_sent_is_not_taken_back_and_one_that_waits_is_stopped(by):
    samling = SamlingFactory(publisert_=True)
    venter = brev(samling)
    gruppe = DeltakelseFactory(samling=samling).verv.gruppe
    Gruppetall.objects.create(samling=samling, gruppe=gruppe, hva="elever", antall=14)

    tilstand.take_back(samling, fra=St.INVITERT, by=by)

    venter.refresh_from_db()
    assert not Gruppetall.objects.exists()
    assert (status(samling), venter.tilstand) == (St.UTKAST, Brev.Tilstand.TRUKKET)
    assert not Deltakelse.objects.filter(samling=samling).exists()

    sendt = SamlingFactory(publisert_=True)
    brev(sendt, tilstand=Brev.Tilstand.SENDT, sendt=sendt.publisert)
    with pytest.raises(KanIkke, match="Invitasjonen er sendt"):
        tilstand.take_back(sendt, fra=St.INVITERT, by=by)
    assert status(sendt) == St.INVITERT


def test_answers_attendance_and_a_shared_summary_stand_in_the_way_of_going_back(by):
    svart = SamlingFactory(publisert_=True)
    DeltakelseFactory(samling=svart, status="paameldt", svart=svart.start)
    moett = SamlingFactory(publisert_=True)
    DeltakelseFactory(samling=moett, moett=moett.start)
    delt = shared(SamlingFactory(oppsummering_=True))

    for samling, grunn in ((svart, "Noen har svart"), (moett, "Noen har møtt"), (delt, "delt")):
        with pytest.raises(KanIkke, match=grunn):
            tilstand.take_back(samling, fra=samling.status, by=by)
    assert not tilstand.can_take_back(delt)


def test_starting_stops_what_asks_for_answers_and_closes_them(by):
    nettverk, gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, i_dag=True)
    d = DeltakelseFactory(samling=samling, verv=gruppemedlem(gruppe).verv.get())
    inv, pur, avl = (brev(samling, slag=f"rolu.{s}") for s in ("invitasjon", "purring", "ute"))

    tilstand.start(samling, by=by)

    trukket = [b.pk for b in Brev.objects.filter(tilstand=Brev.Tilstand.TRUKKET).order_by("pk")]
    assert trukket == [inv.pk, pur.pk]
    assert avl.pk not in trukket
    for act in (
        lambda: paamelding.answer(d, kommer=True, by=by, uansett_frist=True),
        lambda: purring.remind(samling, by=by),
        lambda: publisering.invite_new(samling, by=by),
        lambda: publisering.cancel(samling, by=by),
    ):
        with pytest.raises(KanIkke, match="Samlingen har startet"):
            act()


def test_an_end_that_nobody_started_stops_what_asks_for_answers_too(by):
    samling = SamlingFactory(avholdt=True)
    inv, ute = (brev(samling, slag=f"rolu.{s}") for s in ("invitasjon", "ute"))

    tilstand.finish(samling, by=by)

    inv.refresh_from_db()
    ute.refresh_from_db()
    assert (inv.tilstand, ute.tilstand) == (Brev.Tilstand.TRUKKET, Brev.Tilstand.VENTER)


def test_an_invitation_that_goes_while_it_is_taken_back_stands_in_the_way(by, monkeypatch):
    samling = SamlingFactory(publisert_=True)
    letter = brev(samling)
    DeltakelseFactory(samling=samling)

    def send_first(rader) -> None:
        Brev.objects.filter(pk=letter.pk).update(
            tilstand=Brev.Tilstand.SENDT, sendt=samling.publisert
        )

    monkeypatch.setattr(tilstand.brev, "withdraw", send_first)

    with pytest.raises(KanIkke, match="Invitasjonen er sendt"):
        tilstand.take_back(samling, fra=St.INVITERT, by=by)
    assert status(samling) == St.INVITERT
    assert Deltakelse.objects.filter(samling=samling).exists()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_start_it_once_and_take_it_back_once(by):
    samling = SamlingFactory(i_dag=True)

    assert kinds(at_once(*[lambda: tilstand.start(_fresh(samling), by=by)] * 2)) == ["ok", "ok"]
    assert status(samling) == St.PAAGAAR
    tilbake = [lambda: tilstand.take_back(_fresh(samling), fra=St.PAAGAAR, by=by)] * 2
    assert kinds(at_once(*tilbake)) == ["ok", "ok"]
    assert status(samling) == St.INVITERT


def _fresh(samling: Samling) -> Samling:
    return Samling.objects.get(pk=samling.pk)


# --- the pages


@pytest.fixture
def som(client):
    def logg_inn(person):
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return logg_inn


def adresse(side: str, samling: Samling) -> str:
    return reverse(f"rolu:{side}", args=[samling.nettverk.slug, samling.pk])


@pytest.mark.parametrize(
    ("side", "stand", "til", "sier"),
    [
        ("samling_start", {"i_dag": True}, St.PAAGAAR, "Påmeldingen stenges"),
        ("samling_avslutt", {"avholdt": True}, St.OPPSUMMERING, "Oppsummeringen er neste steg"),
        ("samling_laas", {"oppsummering_": True}, St.LAAST, "Oppsummeringen er ikke delt"),
    ],
)
def test_a_page_says_what_it_will_do_and_then_it_is_done(som, side, stand, til, sier):
    samling = SamlingFactory(**stand)
    klient = som(koordinator(samling.nettverk))
    foer = status(samling)

    assert sier in klient.get(adresse(side, samling)).text
    assert status(samling) == foer
    assert klient.post(adresse(side, samling)).status_code == 302
    assert status(samling) == til


def test_taking_back_on_the_page_goes_one_step_however_often_it_is_sent(som):
    samling = SamlingFactory(laast=True)
    klient = som(koordinator(samling.nettverk))
    side = klient.get(adresse("samling_angre", samling))
    assert "Åpne samlingen" in side.text

    for _gang in range(2):
        klient.post(adresse("samling_angre", samling), {"fra": "laast"})

    assert status(samling) == St.OPPSUMMERING
    assert klient.post(adresse("samling_angre", samling), {"fra": "tull"}).status_code in (200, 422)


@pytest.mark.parametrize("side", ["samling_start", "samling_avslutt", "samling_laas"])
def test_what_cannot_be_done_leads_back_with_the_reason(som, side):
    samling = SamlingFactory(publisert_=True)
    klient = som(koordinator(samling.nettverk))

    svar = klient.get(adresse(side, samling), follow=True)

    assert svar.redirect_chain[-1][0] == adresse("samling", samling)
    assert any(ord_ in svar.text for ord_ in ("kan ikke", "Avslutt samlingen før"))


def test_who_leads_it_starts_and_ends_it_but_does_not_lock_it(som):
    nettverk, _gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, i_dag=True)
    leder, annen = (medlem(nettverk, gruppetype=Gruppe.Type.PROSESSNETTVERK) for _n in range(2))
    samling.prosessledere.add(leder)

    assert som(annen).post(adresse("samling_start", samling)).status_code == 403
    som(leder).post(adresse("samling_start", samling))
    assert status(samling) == St.PAAGAAR
    som(leder).post(adresse("samling_angre", samling), {"fra": "paagaar"})
    assert status(samling) == St.INVITERT
    som(leder).post(adresse("samling_avslutt", samling))
    assert status(samling) == St.OPPSUMMERING
    assert som(leder).post(adresse("samling_laas", samling)).status_code == 403
    Samling.objects.update(status=St.LAAST)
    assert som(leder).post(adresse("samling_angre", samling), {"fra": "laast"}).status_code == 403
    assert som(leder).post(adresse("samling_angre", samling), {"fra": "paagaar"}).status_code == 403
    assert status(samling) == St.LAAST


# --- the line


def line(som, person, samling):
    return som(person).get(adresse("samling", samling)).context["tilstandslinje"]


def left(som, samling, person=None) -> list[str]:
    linje = line(som, person or koordinator(samling.nettverk), samling)
    return [punkt.tekst for punkt in linje.gjenstaar]


def test_the_line_marks_the_state_and_only_those_who_run_the_network_see_it(som):
    nettverk, gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)

    linje = line(som, koordinator(nettverk), samling)

    assert [(t.navn, t.stand) for t in linje.trinn] == [
        ("Utkast", "gjort"),
        ("Invitert", "naa"),
        ("Pågår", ""),
        ("Oppsummering", ""),
        ("Låst", ""),
    ]
    side = som(koordinator(nettverk)).get(adresse("samling", samling)).text
    assert 'aria-current="step"' in side
    assert line(som, enhetsleder(gruppe), samling) is None
    assert line(som, koordinator(nettverk), SamlingFactory(nettverk=nettverk, avlyst=True)) is None


def test_a_draft_says_what_it_lacks(som):
    samling = SamlingFactory()
    assert left(som, samling) == [
        "Programmet er tomt.",
        "Det er ikke valgt hvem samlingen er for.",
    ]

    ProgrampostFactory.create_batch(3, samling=samling)
    ProgrampostFactory(samling=samling, leder="Marit")
    ProgrampostFactory(samling=samling, arbeidsform=Programpost.Arbeidsform.PAUSE)
    publisering.choose_audience(
        samling, mottakere=Mottakere(nettverk=samling.nettverk, enheter=True)
    )
    assert left(som, samling) == ["3 poster i programmet har ingen som leder."]


def test_a_group_has_answered_once_however_many_it_has(som):
    nettverk, gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    publisering.choose_audience(
        SamlingFactory(nettverk=nettverk), mottakere=Mottakere(nettverk=nettverk, enheter=True)
    )
    for verv in (enhetsleder(gruppe).verv.get(), gruppemedlem(gruppe).verv.get()):
        DeltakelseFactory(samling=samling, verv=verv, status="paameldt")
    annen = GruppeFactory(nettverk=nettverk)
    DeltakelseFactory(samling=samling, verv=VervFactory(gruppe=annen))
    DeltakelseFactory(samling=samling, verv=VervFactory(gruppe=annen), status="paameldt")

    linje = line(som, koordinator(nettverk), samling)

    assert linje.gjenstaar[0].tekst == "1 av 2 grupper har svart."
    # The rail beside it has the way to those who are missing.
    assert linje.gjenstaar[0].url == ""
    assert (
        som(koordinator(nettverk)).get(adresse("samling", samling)).text.count('?status=invitert"')
        == 1
    )
    Deltakelse.objects.update(status="avmeldt")
    assert left(som, samling)[0] == "Alle 2 grupper har svart."


def test_while_it_goes_on_it_is_told_how_many_have_met_and_how_many_come(som):
    samling = SamlingFactory(i_dag=True, status=St.PAAGAAR)
    DeltakelseFactory(samling=samling, status="paameldt")
    DeltakelseFactory(samling=samling, moett_=True)
    DeltakelseFactory(samling=samling, moett=samling.start)
    DeltakelseFactory(samling=samling)

    assert left(som, samling) == ["2 har møtt, 2 er påmeldt."]


def test_the_state_line_the_headline_the_tab_and_the_finish_page_count_the_invited_and_tell_the_guests_beside(
    som, by
):
    samling = SamlingFactory(i_dag=True, status=St.PAAGAAR)
    for _nr in range(5):
        DeltakelseFactory(samling=samling, moett_=True)
    vara = Gjest.objects.create(samling=samling, navn="Vigdis Vara")
    Gjest.objects.create(samling=samling, navn="Gro Gjest")
    innsjekk.check_in_guest(samling, gjest=vara, by=by)

    assert skranketall.totals(samling) == {"paameldte": 7, "moett_antall": 6, "ventet": 7}
    talt = "5 har møtt, 5 er påmeldt. I tillegg: 1 vara eller gjest."
    assert left(som, samling) == [talt]
    person = som(koordinator(samling.nettverk))
    side = person.get(adresse("samling", samling)).text
    assert side.count(talt) == 2
    assert "5/5" in side
    assert "av de inviterte har møtt" in side
    slutt = person.get(adresse("samling_avslutt", samling)).text
    assert "5 av 5 inviterte er registrert som møtt. I tillegg: 1 vara eller gjest." in slutt


def test_ending_it_before_its_last_day_says_until_when_it_was_to_last_and_what_is_not_held(som):
    samling = SamlingFactory(
        status=St.PAAGAAR, publisert=klokken(-9, 9), start=klokken(0, 0), slutt=klokken(1, 12)
    )
    dag = datetime.time
    dager.set_days(
        samling,
        [
            (samling.dato, dag(0, 0), dag(15, 0)),
            (klokken(1, 9).date(), dag(9, 0), dag(12, 0)),
        ],
    )
    styrer = som(koordinator(samling.nettverk))

    side = styrer.get(adresse("samling_avslutt", samling)).text.replace("\xa0", " ")

    i_morgen = ukedag(klokken(1, 9)).replace("\xa0", " ")
    assert f"Etter planen varer samlingen til {i_morgen} kl. 12.00." in side
    assert f"Da blir samlingen ikke holdt {i_morgen}." in side


def test_an_ended_gathering_is_past_also_before_its_time_is_out(som):
    nettverk = NettverkFactory()
    slutt = SamlingFactory(nettverk=nettverk, i_dag=True, status=St.OPPSUMMERING, tittel="Slutt")
    DeltakelseFactory(samling=slutt, moett_=True)
    neste = SamlingFactory(nettverk=nettverk, publisert_=True, tittel="Neste")
    DeltakelseFactory(samling=neste, status="paameldt")
    styrer = som(koordinator(nettverk))

    kommende = styrer.get(reverse("rolu:samling_list", args=[nettverk.slug])).text
    tidligere = styrer.get(
        reverse("rolu:samling_list", args=[nettverk.slug]) + "?vis=tidligere"
    ).text
    hjem = styrer.get(reverse("nettverk:hjem", args=[nettverk.slug])).text

    assert list(Samling.objects.upcoming()) == [neste]
    assert list(Samling.objects.past()) == [slutt]
    assert ("Slutt</" in kommende, "1 av 1 kommer." in kommende) == (False, True)
    assert "1 av 1 møtte." in tidligere
    assert "1 av 1 kommer." in hjem


def test_one_that_goes_on_is_said_to_and_not_what_it_still_needs(som):
    samling = SamlingFactory(i_dag=True, status=St.PAAGAAR)
    DeltakelseFactory(samling=samling, moett_=True)
    DeltakelseFactory(samling=samling)
    Gjest.objects.create(samling=samling, navn="Gro Gjest", moett=samling.start)
    styrer = som(koordinator(samling.nettverk))

    lista = styrer.get(reverse("rolu:samling_list", args=[samling.nettverk.slug])).text
    hjem = styrer.get(reverse("nettverk:hjem", args=[samling.nettverk.slug])).text

    for side in (lista, hjem):
        assert "Pågår nå" in side
        assert "1 har møtt, 1 er påmeldt. I tillegg: 1 vara eller gjest." in side
    assert "som mangler" not in lista
    assert "Forberedelser" not in hjem


def test_afterwards_the_summary_and_the_assignment_are_left(som):
    samling = SamlingFactory(oppsummering_=True)
    assert left(som, samling) == ["Oppsummeringen er ikke laget.", "Det er ikke gitt noe oppdrag."]

    notert = UtfallFactory(samling=samling, type="oppdrag")
    linje = line(som, koordinator(samling.nettverk), samling)
    assert linje.gjenstaar[1].tekst == "1 oppdrag er notert, men ikke gitt."
    assert linje.gjenstaar[1].url.endswith(f"/oppdrag/?utfall={notert.pk}#nytt")
    notert.delete()

    rad = Oppsummering.objects.create(samling=samling)
    OppdragFactory(samling=samling, nettverk=samling.nettverk)
    assert left(som, samling) == ["Oppsummeringen er ikke delt."]
    rad.publisert = samling.slutt
    rad.save()
    assert left(som, samling) == ["Oppsummeringen er delt."]


def test_who_locked_it_stands_there_and_kog_gets_words_without_links(som):
    samling = SamlingFactory(oppsummering_=True)
    styrer = koordinator(samling.nettverk)
    som(styrer).post(adresse("samling_laas", samling))

    [linja] = left(som, samling, kog(samling.nettverk))

    assert linja.startswith("Låst ")
    assert linja.endswith(f"av {styrer.navn}.")
    utkast = SamlingFactory(nettverk=samling.nettverk)
    linje = line(som, kog(samling.nettverk), utkast)
    assert {p.url for p in linje.gjenstaar} == {""}
    assert linje.knapper == []


def test_the_next_step_follows_the_state(som):
    samling = SamlingFactory(i_dag=True)
    styrer = koordinator(samling.nettverk)

    def steg() -> str:
        svar = som(styrer).get(adresse("samling", samling))
        knapper = {k.tekst for k in svar.context["tilstandslinje"].knapper}
        knapp = svar.context["skinne"].steg.knapp
        assert knapp not in knapper
        return knapp

    assert steg() == "Start samlingen"
    Samling.objects.update(status=St.PAAGAAR)
    assert steg() == "På dagen"
    Samling.objects.update(
        start=samling.start - datetime.timedelta(days=3),
        slutt=samling.slutt - datetime.timedelta(days=3),
    )
    assert steg() == "Avslutt samlingen"
    Samling.objects.update(status=St.OPPSUMMERING)
    assert steg() == "Lag oppsummeringen"
    laget = Oppsummering.objects.create(samling=samling)
    assert steg() == "Se over og del"
    laget.delete()
    shared(samling)
    assert steg() == "Gi et oppdrag"
    OppdragFactory(samling=samling, nettverk=samling.nettverk)
    assert steg() == "Lås samlingen"
    Samling.objects.update(status=St.LAAST)
    assert steg() == "Ny samling etter denne"


def test_locked_with_the_reason_is_a_kind_of_closed():
    with pytest.raises(Lukket, match="Samlingen er låst"):
        tilstand.require_unlocked(SamlingFactory(laast=True))
