"""A leader answers for the whole group at once: substitutes, numbers, days; each fault at its field."""

import datetime
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kommuner.gyldighet import idag, periode
from nettverk.arbeid.brev import slag
from nettverk.models import Brev, Mottakere, Rolle
from nettverk.skriving.konflikt import KanIkke, Konflikt
from rolu.models import Deltakelse, Gjest, Gruppetall, Samling
from rolu.samlinger import (
    bekreftelse,
    deltakerliste,
    flytting,
    paamelding,
    publisering,
    samlingsbrev,
    skranketall,
)
from rolu.samlinger.dager import days, days_listed, set_days
from rolu.samlinger.oppmoete import counted
from rolu.samlinger.paamelding import FeilIFelt, Vara
from tests.kommuner.factories import LENGE_SIDEN
from tests.nettverk.factories import (
    GruppeFactory,
    VervFactory,
    gruppemedlem,
    koordinator,
)
from tests.rolu.factories import DeltakelseFactory, invited_group

pytestmark = pytest.mark.django_db
S = Deltakelse.Status


@pytest.fixture
def scene():
    return invited_group()


def url(samling) -> str:
    return reverse("rolu:paamelding", args=[samling.nettverk.slug, samling.pk])


def stand(samling, gruppe) -> str:
    [svar] = paamelding.group_answers(samling, [gruppe])
    return svar.stand


def sign_up(scene, *, kommer=(), by=None, **mer):
    samling, gruppe, leder, _medlem = scene
    mer.setdefault("stand", stand(samling, gruppe))
    return paamelding.sign_up_group(
        samling,
        gruppe=gruppe,
        kommer=[p.verv.get(gruppe=gruppe).pk for p in kommer],
        by=by or leder,
        **mer,
    )


def posted(scene, **svar) -> dict:
    samling, gruppe, leder, medlem = scene
    return {
        "gruppe": gruppe.pk,
        "stand": stand(samling, gruppe),
        f"svar_{leder.verv.get().pk}": "ja",
        f"svar_{medlem.verv.get().pk}": "ja",
        **svar,
    }


# --- the roles


def test_a_required_role_that_nobody_holds_is_an_empty_place(scene, client):
    samling, gruppe, leder, _medlem = scene
    samling.nettverk.paakrevde_roller = [Rolle.FORMELL_LEDER, Rolle.TILLITSVALGT]
    samling.nettverk.save()
    client.force_login(leder)

    [svar] = paamelding.group_answers(Samling.objects.get(pk=samling.pk), [gruppe])
    html = client.get(url(samling)).text

    assert svar.tomme == [Rolle.TILLITSVALGT]
    assert "tom plass" in html


def test_a_verv_that_has_ended_by_the_day_gets_no_line_and_no_place(scene):
    samling, gruppe, leder, medlem = scene
    gammelt = VervFactory(gruppe=gruppe, gyldig=periode(LENGE_SIDEN, idag()))
    DeltakelseFactory(samling=samling, verv=gammelt)

    svar = sign_up(scene, kommer=[leder, medlem])

    assert gammelt.pk not in [m.verv.pk for m in svar.medlemmer]
    assert Deltakelse.objects.get(verv=gammelt).status == S.INVITERT


# --- substitutes


def test_a_substitute_comes_in_somebodys_place_and_counts_as_one(scene):
    samling, gruppe, leder, medlem = scene
    verv = medlem.verv.get()

    svar = sign_up(scene, kommer=[leder], varaer={verv.pk: Vara("Kari Vik", "kari@skole.example")})

    gjest = Gjest.objects.get()
    assert (gjest.for_verv, gjest.gruppe, gjest.status) == (verv, gruppe, "paameldt")
    assert gjest.kommune == gruppe.enhet.kommune_per()
    assert Deltakelse.objects.get(verv=verv).status == S.AVMELDT
    assert svar.telt.kommer == counted(samling).kommer == 2


def test_another_substitute_takes_over_and_the_first_is_not_on_the_list(scene):
    samling, _gruppe, leder, medlem = scene
    verv = medlem.verv.get()
    sign_up(scene, kommer=[leder], varaer={verv.pk: Vara("Kari", "kari@skole.example")})

    sign_up(scene, kommer=[leder], varaer={verv.pk: Vara("Ola", "ola@skole.example")})
    paamelding.answer(Deltakelse.objects.get(verv=verv), kommer=True, by=medlem)

    assert dict(Gjest.objects.values_list("navn", "status")) == {
        "Kari": "avmeldt",
        "Ola": "avmeldt",
    }
    assert counted(samling).kommer == 2


@pytest.mark.parametrize(
    ("felt", "verdi", "feil"),
    [
        ("vara_epost", "ikke en adresse", "e-post"),
        ("vara_navn", "", "Skriv navnet på varaen"),
        ("vara_navn", "<script>alert(1)</script>", ""),
    ],
)
def test_what_is_wrong_with_a_substitute_stands_at_the_field(scene, client, felt, verdi, feil):
    _samling, _gruppe, leder, medlem = scene
    pk = medlem.verv.get().pk
    client.force_login(leder)
    data = {f"svar_{pk}": "vara", f"vara_navn_{pk}": "Kari", f"vara_epost_{pk}": ""}

    svar = client.post(url(scene[0]), posted(scene, **(data | {f"{felt}_{pk}": verdi})))

    assert svar.status_code == 422
    assert f"{felt}_{pk}" in svar.context["skjema"].errors
    assert feil in str(svar.context["skjema"].errors[f"{felt}_{pk}"])
    assert "<script>alert(1)" not in svar.text
    assert not Gjest.objects.exists()


@pytest.mark.parametrize("navn", ["Kari 🌟 Vik", "محمد علي", "O'Brien-Næss & Sønn"])
def test_names_as_people_have_them_are_written_as_text(scene, client, navn):
    samling, _gruppe, leder, medlem = scene
    pk = medlem.verv.get().pk
    client.force_login(leder)

    svar = client.post(
        url(samling), posted(scene, **{f"svar_{pk}": "vara", f"vara_navn_{pk}": navn})
    )
    client.force_login(koordinator(samling.nettverk))
    lista = client.get(
        reverse("rolu:samling_deltakere", args=[samling.nettverk.slug, samling.pk])
    ).text

    if svar.status_code == 422:  # what is no name is said to be none
        assert f"vara_navn_{pk}" in svar.context["skjema"].errors
    else:
        assert Gjest.objects.get().navn == navn
        assert "<bdi>" in lista


def test_the_same_substitute_twice_is_refused_at_the_second(scene):
    _samling, _gruppe, leder, medlem = scene
    en, to = leder.verv.get().pk, medlem.verv.get().pk
    samme = Vara("Kari", "kari@skole.example")

    with pytest.raises(FeilIFelt) as feil:
        sign_up(scene, varaer={en: samme, to: samme})

    assert feil.value.felt == f"vara_epost_{to}"
    assert not Gjest.objects.exists()


def test_somebody_invited_is_no_substitute(scene, client):
    samling, _gruppe, leder, medlem = scene
    pk = medlem.verv.get().pk
    annen = DeltakelseFactory(samling=samling, status=S.PAAMELDT).verv.person
    client.force_login(leder)

    svar = client.post(
        url(samling),
        posted(
            scene,
            **{
                f"svar_{pk}": "vara",
                f"vara_navn_{pk}": annen.navn,
                f"vara_epost_{pk}": annen.epost,
            },
        ),
    )

    assert svar.status_code == 422
    assert "allerede meldt på" in svar.text


def test_new_addresses_are_limited_and_nothing_that_is_written_is_lost(scene, client, monkeypatch):
    _samling, _gruppe, leder, medlem = scene
    pk = medlem.verv.get().pk
    to = replace(paamelding.VARAADRESSER, antall=2)
    monkeypatch.setattr(paamelding, "VARAADRESSER", to)
    client.force_login(leder)

    def writes(navn: str, epost: str):
        data = {f"svar_{pk}": "vara", f"vara_navn_{pk}": navn, f"vara_epost_{pk}": epost}
        return client.post(url(scene[0]), posted(scene, **data))

    inn = [writes(f"Vara {n}", f"vara{n}@ute.example").status_code for n in range(2)]
    rettet = writes("Vara Een", "vara1@ute.example").status_code
    brev = Brev.objects.count()
    nei = [writes(f"Vara {n}", f"vara{n}@ute.example") for n in (2, 3)]
    uten = writes("Vara 2", "").status_code

    assert (inn, rettet, uten) == ([302, 302], 302, 302)
    for n, svar in zip((2, 3), nei, strict=True):
        assert svar.status_code == 409
        assert "la e-postfeltene stå tomme" in svar.text
        assert f'value="vara{n}@ute.example"' in svar.text
    assert Gjest.objects.get(status="paameldt").navn == "Vara 2"
    assert not Brev.objects.filter(epost__in=["vara2@ute.example", "vara3@ute.example"]).exists()
    assert brev == Brev.objects.exclude(slag=bekreftelse.AVMELDING).count()


# --- numbers


def test_pupils_and_parents_are_numbers_only(scene, client):
    samling, gruppe, leder, _medlem = scene
    client.force_login(leder)

    client.post(url(samling), posted(scene, **{f"elever_{gruppe.pk}": "14"}))
    html = client.get(url(samling)).text

    tall = counted(samling)
    assert (tall.elever, tall.foresatte, tall.kommer, tall.opptatt) == (14, 0, 2, 16)
    assert Gruppetall.objects.get().kommune == gruppe.enhet.kommune_per()
    assert 'value="14"' in html


def test_a_group_that_is_not_invited_takes_no_places_and_is_told_so(scene, client):
    samling, gruppe, _leder, _medlem = scene
    annen = GruppeFactory(nettverk=samling.nettverk, enhet=gruppe.enhet)
    VervFactory(gruppe=annen)
    Deltakelse.objects.filter(verv__gruppe=annen).delete()
    samling.mottakere = Mottakere.objects.create(nettverk=samling.nettverk, grupper=[gruppe.pk])
    samling.kapasitet = 40
    samling.save()
    client.force_login(koordinator(samling.nettverk))
    adresse = f"{url(samling)}?gruppe={annen.pk}"
    data = {"gruppe": annen.pk, "stand": stand(samling, annen), f"elever_{annen.pk}": "20"}

    svar = client.post(adresse, data)

    assert svar.status_code == 409
    assert not Gruppetall.objects.exists()
    assert svar.text.count("Gruppa er ikke invitert.") == 2  # why, and in the group's place
    annen.verv.all().delete()
    assert "Gruppa har ingen medlemmer på denne datoen." in client.get(adresse).text


@pytest.mark.parametrize("antall", ["-1", "201", "mange", "999999999999999999999"])
def test_numbers_out_of_reach_are_refused_at_the_field(scene, client, antall):
    samling, gruppe, leder, _medlem = scene
    client.force_login(leder)

    svar = client.post(url(samling), posted(scene, **{f"elever_{gruppe.pk}": antall}))

    assert svar.status_code == 422
    assert f"elever_{gruppe.pk}" in svar.context["skjema"].errors
    assert not Deltakelse.objects.filter(status=S.PAAMELDT).exists()


# --- days


def test_who_comes_one_day_of_two_says_which(scene, client):
    samling, _gruppe, leder, medlem = scene
    forste = samling.dato
    andre = forste + datetime.timedelta(days=1)
    set_days(
        samling,
        [(d, datetime.time(9), datetime.time(15)) for d in (forste, andre)],
    )
    pk, lederens = medlem.verv.get().pk, leder.verv.get().pk
    for nr, tittel in enumerate(["Oppstart", "Veien videre"]):
        naar = samling.start + datetime.timedelta(days=nr)
        samling.programposter.create(start=naar, varighet=30, tittel=tittel)
    client.force_login(leder)

    alle = {f"dager_{lederens}": [forste.isoformat(), andre.isoformat()]}
    ingen = client.post(url(samling), posted(scene, **alle))
    svar = client.post(url(samling), posted(scene, **alle, **{f"dager_{pk}": [andre.isoformat()]}))

    assert ingen.status_code == 422
    assert svar.status_code == 302
    dager = dict(Deltakelse.objects.values_list("verv", "dager"))
    assert dager == {pk: [andre], lederens: None}
    medlemmets, lederens = (Brev.objects.get(til=til).tekst for til in (medlem, leder))
    assert "Du kommer disse dagene" in medlemmets
    assert ("Oppstart" in medlemmets, "Veien videre" in medlemmets) == (False, True)
    assert "Du kommer disse dagene" not in lederens
    assert "Oppstart" in lederens


def over_two_days(samling) -> list[datetime.date]:
    datoer = [samling.dato, samling.dato + datetime.timedelta(days=1)]
    set_days(samling, [(d, datetime.time(9), datetime.time(15)) for d in datoer])
    return datoer


def test_a_substitute_comes_one_day_of_two_and_every_count_by_day_says_so(scene, client):
    samling, _gruppe, leder, medlem = scene
    forste, andre = over_two_days(samling)
    for dag, tittel in zip((forste, andre), ["Oppstart", "Veien videre"], strict=True):
        start = samling.start + (dag - forste)
        samling.programposter.create(start=start, varighet=30, tittel=tittel)
    pk, lederens = medlem.verv.get().pk, leder.verv.get().pk
    client.force_login(leder)
    begge = {f"dager_{lederens}": [forste.isoformat(), andre.isoformat()]}
    vara = {
        **begge,
        f"svar_{pk}": "vara",
        f"vara_navn_{pk}": "Vera Vara",
        f"vara_epost_{pk}": "vera@vara.example",
    }

    ingen = client.post(url(samling), posted(scene, **vara))
    svar = client.post(url(samling), posted(scene, **vara, **{f"dager_{pk}": [andre.isoformat()]}))

    assert "Velg minst én dag for Vera Vara" in ingen.text
    assert svar.status_code == 302
    gjest = Gjest.objects.get()
    assert gjest.dager == [andre]
    per_dag = deltakerliste.signed_up_per_day(samling, Deltakelse.objects.all(), [gjest])
    assert per_dag == [(forste, 1), (andre, 2)]
    for dag, antall in per_dag:
        assert skranketall.totals(samling, dag=dag)["paameldte"] == antall
        assert sum(rad["paameldte"] for rad in skranketall.counts(samling, dag=dag)) == antall
    *_foran, rad = list(deltakerliste.sheet([], [gjest], samling=samling).rader)
    assert rad[5] == days_listed([andre])
    brev = Brev.objects.get(til=None)
    assert "Du kommer disse dagene" in brev.tekst
    assert ("Oppstart" in brev.tekst, "Veien videre" in brev.tekst) == (False, True)
    assert brev.kalender.count("BEGIN:VEVENT") == 1
    assert f"DTSTART;TZID=Europe/Oslo:{andre:%Y%m%d}" in brev.kalender
    side = client.get(url(samling)).text
    assert f'value="{andre.isoformat()}"' in side
    client.force_login(koordinator(samling.nettverk))
    lista = client.get(reverse("rolu:samling_deltakere", args=[samling.nettverk.slug, samling.pk]))
    assert f"bare {days_listed([andre])}" in lista.text


def test_only_the_days_of_a_substitute_are_changed_and_told(scene):
    samling, gruppe, leder, medlem = scene
    forste, andre = over_two_days(samling)
    pk = medlem.verv.get().pk
    varaer = {pk: Vara("Vera Vara", "vera@vara.example")}
    sign_up(scene, kommer=[leder], varaer=varaer, dager={pk: [forste]})
    foer = Gjest.objects.get()

    sign_up(scene, kommer=[leder], varaer=varaer, dager={pk: [andre]})
    etter = Gjest.objects.get()
    sign_up(scene, kommer=[leder], varaer=varaer, dager={pk: [andre]})
    [svaret] = paamelding.group_answers(samling, [gruppe])

    assert (etter.pk, etter.dager) == (foer.pk, [andre])
    assert Brev.objects.filter(til=None).count() == 2
    assert [m.dager for m in svaret.medlemmer if m.vara] == [[andre]]
    sign_up(scene, kommer=[leder], varaer=varaer, dager={})
    assert Gjest.objects.get().dager is None


def test_the_days_of_a_substitute_move_with_the_gathering(scene):
    samling, _gruppe, leder, medlem = scene
    _forste, andre = over_two_days(samling)
    pk = medlem.verv.get().pk
    sign_up(scene, kommer=[leder], varaer={pk: Vara("Vera")}, dager={pk: [andre]})
    uke = datetime.timedelta(days=7)

    set_days(samling, [(d.dato + uke, d.fra, d.til) for d in days(samling)])

    assert Gjest.objects.get().dager == [andre + uke]


def test_a_substitute_of_one_day_gets_that_day_in_the_calendar_when_it_is_moved(scene):
    samling, _gruppe, leder, medlem = scene
    _forste, andre = over_two_days(samling)
    pk = medlem.verv.get().pk
    varaer = {pk: Vara("Vera Vara", "vera@vara.example")}
    sign_up(scene, kommer=[leder], varaer=varaer, dager={pk: [andre]})
    fra = samlingsbrev.TidOgSted(samling)
    Brev.objects.update(tilstand=Brev.Tilstand.SENDT, sendt=timezone.now())
    samling.sted, samling.sekvens = "Rådhuset", samling.sekvens + 1
    samling.save()

    samlingsbrev.queue_move(samling, fra=fra, by=leder)

    brev = Brev.objects.get(til=None, slag=samlingsbrev.FLYTTING)
    assert brev.kalender.count("BEGIN:VEVENT") == 1


# --- two at once, and twice


def test_the_conflict_covers_substitutes_and_numbers_and_shows_both(scene, client):
    samling, gruppe, leder, medlem = scene
    pk = medlem.verv.get().pk
    gammel = posted(scene, **{f"elever_{gruppe.pk}": "3"})
    sign_up(scene, kommer=[leder], varaer={pk: Vara("Kari Vik")}, tall={"elever": 5})
    client.force_login(leder)

    svar = client.post(url(samling), gammel)

    assert svar.status_code == 409
    assert "Lagret nå: vara: Kari Vik" in svar.text
    assert "Lagret nå: 5 elever" in svar.text
    assert svar.text.count("Lagret nå") == 2
    assert counted(samling).elever == 5
    gammel["stand"] = svar.context["skjema"].svar.stand
    assert client.post(url(samling), gammel).status_code == 302
    assert counted(samling).elever == 3


@pytest.mark.parametrize("hvem", ["vara", "medlem"])
def test_a_conflict_about_the_days_alone_shows_both(scene, client, hvem):
    samling, gruppe, leder, medlem = scene
    forste, andre = over_two_days(samling)
    pk, lederens = medlem.verv.get().pk, leder.verv.get().pk
    varaer = {pk: Vara("Kari Vik", "kari@vara.example")} if hvem == "vara" else {}
    kommer = [leder] if varaer else [leder, medlem]
    sign_up(scene, kommer=kommer, varaer=varaer, dager={})
    alle = [forste.isoformat(), andre.isoformat()]
    min_side = posted(scene, **{f"dager_{lederens}": alle, f"dager_{pk}": [forste.isoformat()]})
    if varaer:
        min_side |= {
            f"svar_{pk}": "vara",
            f"vara_navn_{pk}": "Kari Vik",
            f"vara_epost_{pk}": "kari@vara.example",
        }
    sign_up(scene, kommer=kommer, varaer=varaer, dager={pk: [andre]})
    client.force_login(leder)

    svar = client.post(url(samling), min_side)

    assert svar.status_code == 409
    [andres] = [linje for linje in svar.context["skjema"].linjer if linje["lagret"]]
    assert andres["m"].verv.pk == pk
    assert andres["lagret"].endswith(f", bare {days_listed([andre])}")
    assert andres["lagret"] in svar.text
    assert [valgt for _dag, _ord, valgt in andres["dagvalg"]] == [True, False]
    assert [m.dager for m in svar.context["skjema"].svar.medlemmer if m.verv.pk == pk] == [[andre]]
    min_side["stand"] = svar.context["skjema"].svar.stand
    assert client.post(url(samling), min_side).status_code == 302
    [svar] = paamelding.group_answers(samling, [gruppe])
    assert [m.dager for m in svar.medlemmer if m.verv.pk == pk] == [[forste]]


def test_a_conflict_about_numbers_that_were_taken_away_says_that_there_are_none(scene, client):
    samling, gruppe, leder, medlem = scene
    sign_up(scene, kommer=[leder, medlem], tall={"elever": 5})
    gammel = posted(scene, **{f"elever_{gruppe.pk}": "5"})
    sign_up(scene, kommer=[leder, medlem], tall={"elever": 0})
    client.force_login(leder)

    svar = client.post(url(samling), gammel)

    assert svar.status_code == 409
    assert "Lagret nå: ingen" in svar.text


def test_a_line_that_nothing_was_sent_of_keeps_its_substitute_and_days(scene, client):
    samling, gruppe, leder, medlem = scene
    _forste, andre = over_two_days(samling)
    pk = medlem.verv.get().pk
    sign_up(scene, kommer=[leder], varaer={pk: Vara("Kari Vik")}, dager={pk: [andre]})
    client.force_login(leder)

    svar = client.post(
        url(samling),
        {
            "gruppe": gruppe.pk,
            "stand": stand(samling, gruppe),
            f"svar_{leder.verv.get().pk}": "nei",
        },
    )

    assert svar.status_code == 302
    assert Gjest.objects.values_list("navn", "status", "dager").get() == (
        "Kari Vik",
        "paameldt",
        [andre],
    )
    assert Deltakelse.objects.get(verv__person=leder).status == S.AVMELDT


def test_the_same_form_twice_is_once(scene):
    samling, gruppe, leder, medlem = scene
    foer = stand(samling, gruppe)
    argumenter = {
        "kommer": [leder],
        "varaer": {medlem.verv.get().pk: Vara("Kari", "kari@skole.example")},
        "tall": {"elever": 2, "foresatte": 0},
        "stand": foer,
    }
    sign_up(scene, **argumenter)
    svart = list(Deltakelse.objects.values_list("svart", flat=True))

    sign_up(scene, **argumenter)

    assert list(Deltakelse.objects.values_list("svart", flat=True)) == svart
    assert Gjest.objects.count() == 1
    assert Brev.objects.filter(slag__in=bekreftelse.SLAG).count() == 2


def test_another_form_with_an_old_mark_is_a_conflict(scene):
    samling, gruppe, leder, medlem = scene
    foer = stand(samling, gruppe)
    sign_up(scene, kommer=[leder], stand=foer)

    with pytest.raises(Konflikt):
        sign_up(scene, kommer=[medlem], stand=foer)


def test_when_it_has_started_nobody_answers_here(scene):
    samling, _gruppe, leder, medlem = scene
    Samling.objects.filter(pk=samling.pk).update(status=Samling.Status.PAAGAAR)

    with pytest.raises(KanIkke, match="startet"):
        sign_up(scene, kommer=[leder], uansett_frist=True)
    with pytest.raises(KanIkke, match="startet"):
        paamelding.answer(Deltakelse.objects.get(verv__person=medlem), kommer=True, by=medlem)


def test_somebody_in_two_groups_is_one_person_in_every_count(scene, client):
    samling, _gruppe, leder, medlem = scene
    annen = GruppeFactory(nettverk=samling.nettverk)
    DeltakelseFactory(samling=samling, verv=VervFactory(gruppe=annen, person=medlem))

    sign_up(scene, kommer=[leder, medlem])

    tall = counted(samling)
    client.force_login(koordinator(samling.nettverk))
    side = client.get(reverse("rolu:samling_deltakere", args=[samling.nettverk.slug, samling.pk]))
    assert (tall.paameldte, tall.ubesvarte, tall.inviterte) == (2, 0, 2)
    assert side.context["tallene"] == tall
    assert side.context["mangler_svar"] == ""
    assert Brev.objects.filter(til=medlem, slag=bekreftelse.BEKREFTELSE).count() == 1


# --- the letter


def test_each_who_is_signed_up_gets_one_letter_with_the_programme_and_a_calendar(scene):
    samling, _gruppe, leder, medlem = scene
    samling.programposter.create(start=samling.start, varighet=30, tittel="Velkommen")

    sign_up(scene, kommer=[leder, medlem])

    brev = Brev.objects.get(til=medlem)
    assert brev.slag == bekreftelse.BEKREFTELSE
    assert "Velkommen" in brev.tekst
    assert "PARTSTAT=ACCEPTED" in brev.kalender.replace("\r\n ", "")
    assert Brev.objects.filter(til=leder, slag=bekreftelse.BEKREFTELSE).count() == 1


def test_a_substitute_is_written_to_at_the_address_given(scene):
    _samling, _gruppe, leder, medlem = scene

    sign_up(
        scene,
        kommer=[leder],
        varaer={medlem.verv.get().pk: Vara("Kari Vik", "kari@skole.example")},
    )

    brev = Brev.objects.get(til=None)
    assert (brev.epost, brev.slag) == ("kari@skole.example", bekreftelse.BEKREFTELSE)
    assert f"i stedet for {medlem.navn}" in brev.tekst
    assert "kari@skole.example" in brev.kalender.replace("\r\n ", "")
    assert Gjest.objects.get().bekreftelse == brev


def test_who_declined_from_the_start_gets_no_letter_and_who_had_one_is_signed_off(scene):
    _samling, _gruppe, leder, medlem = scene
    sign_up(scene, kommer=[leder])
    assert not Brev.objects.filter(til=medlem).exists()
    Brev.objects.filter(til=leder).update(tilstand="sendt", sendt="2026-01-01T00:00Z")

    sign_up(scene, kommer=[medlem])

    siste = Brev.objects.filter(til=leder).order_by("pk").last()
    assert (siste.slag, siste.metode) == (bekreftelse.AVMELDING, "CANCEL")


@pytest.mark.parametrize("ventet", [True, False])
def test_a_substitute_who_only_waited_has_nothing_in_a_calendar_to_take_out(scene, ventet):
    samling, _gruppe, leder, medlem = scene
    samling.kapasitet = 1 if ventet else None
    samling.save()
    sign_up(scene, kommer=[leder])
    vara = {medlem.verv.get().pk: Vara("Kari Vik", "kari@skole.example")}
    sign_up(scene, kommer=[leder], varaer=vara)
    Brev.objects.update(tilstand=Brev.Tilstand.SENDT, sendt=timezone.now())

    sign_up(scene, kommer=[leder])

    foer, avmelding = Brev.objects.filter(epost="kari@skole.example").order_by("pk")
    assert bool(foer.kalender) != ventet
    assert avmelding.slag == bekreftelse.AVMELDING
    assert avmelding.metode == ("" if ventet else "CANCEL")
    assert ("Fila som følger med" in avmelding.tekst) != ventet


def test_a_letter_that_waits_is_taken_back_when_it_is_no_longer_so(scene):
    _samling, _gruppe, leder, medlem = scene
    sign_up(scene, kommer=[leder, medlem])

    sign_up(scene, kommer=[leder])

    assert list(Brev.objects.filter(til=medlem).values_list("tilstand", flat=True)) == ["trukket"]


def test_page_and_post_cost_the_same_with_two_and_ten(scene, client):
    samling, gruppe, leder, _medlem = scene
    samling.kapasitet = 100
    samling.save()
    client.force_login(leder)

    def cost(kommer: bool) -> tuple[int, int]:
        with CaptureQueriesContext(connection) as les:
            client.get(url(samling))
        [svar] = paamelding.group_answers(samling, [gruppe])
        ja = "ja" if kommer else "nei"
        data = {f"svar_{m.verv.pk}": ja for m in svar.medlemmer}
        with CaptureQueriesContext(connection) as skriv:
            client.post(url(samling), {"gruppe": gruppe.pk, "stand": svar.stand, **data})
        return len(les), len(skriv)

    cost(True)
    cost(False)
    to = cost(True), cost(False)
    for _ in range(8):
        DeltakelseFactory(samling=samling, verv=gruppemedlem(gruppe).verv.get())
    cost(True)
    cost(False)

    assert (cost(True), cost(False)) == to


def test_an_address_is_added_to_and_taken_from_the_same_substitute(scene):
    _samling, _gruppe, leder, medlem = scene
    pk = medlem.verv.get().pk

    for epost in ("", "kari@skole.example", "", "kari@skole.example"):
        sign_up(scene, kommer=[leder], varaer={pk: Vara("Kari Vik", epost)})
        gjest = Gjest.objects.get()
        assert (gjest.navn, gjest.epost, gjest.status) == ("Kari Vik", epost, "paameldt")

    brevene = Brev.objects.filter(epost="kari@skole.example", slag=bekreftelse.BEKREFTELSE)
    assert brevene.count() == 2


def test_who_is_ticked_to_come_is_nobodys_substitute_in_the_same_form(scene):
    _samling, _gruppe, leder, medlem = scene
    pk = medlem.verv.get().pk

    with pytest.raises(FeilIFelt) as feil:
        sign_up(scene, kommer=[leder], varaer={pk: Vara("Leder", leder.epost)})

    assert feil.value.felt == f"vara_epost_{pk}"
    assert not Gjest.objects.exists()


def test_a_substitute_is_counted_among_those_who_are_told_and_led_nowhere_they_cannot_go(
    scene, client
):
    samling, _gruppe, _leder, medlem = scene
    k = koordinator(samling.nettverk)
    sign_up(scene, varaer={medlem.verv.get().pk: Vara("Kari Vik", "kari@skole.example")})
    Brev.objects.update(tilstand=Brev.Tilstand.SENDT, sendt=timezone.now())
    assert samlingsbrev.count_told(samling) == 1
    client.force_login(k)
    side = client.get(reverse("rolu:samling_avlys", args=[samling.nettverk.slug, samling.pk])).text
    assert "1 person som har fått" in side
    assert "Kari Vik" in side

    naa = Samling.objects.get(pk=samling.pk)
    naa.sted = "Et annet sted"
    with pytest.raises(flytting.MaaVelge) as valg:
        flytting.change(naa, by=k)
    assert valg.value.antall == flytting.change(naa, by=k, tell=True) == 1
    flyttet = Brev.objects.get(slag=samlingsbrev.FLYTTING)
    publisering.cancel(samling, by=k)
    avlyst = Brev.objects.get(slag=samlingsbrev.AVLYSNING)

    assert "sier du fra til den som meldte deg på" in flyttet.tekst
    for letter in Brev.objects.filter(epost="kari@skole.example"):
        assert f"/samlinger/{samling.pk}/" not in letter.tekst + letter.kalender.replace(
            "\r\n ", ""
        )
    assert {flyttet.epost, avlyst.epost} == {"kari@skole.example"}


def test_who_answers_for_others_leaves_those_who_have_not_answered_as_they_are(scene, client):
    samling, gruppe, _leder, medlem = scene
    Deltakelse.objects.filter(verv=medlem.verv.get()).update(status=S.PAAMELDT)
    styrer = koordinator(samling.nettverk)
    DeltakelseFactory(samling=samling, verv=styrer.verv.first())
    client.force_login(styrer)
    lista = reverse("rolu:samling_deltakere", args=[samling.nettverk.slug, samling.pk])
    lista += "?status=invitert"
    side = f"{url(samling)}?{urlencode({'neste': lista, 'gruppe': gruppe.pk})}"

    html = client.get(side).text

    assert html.count("checked") == 1
    assert "De du ikke svarer for, blir stående uten svar." in html or "1 er påmeldt." in html
    assert "Kommer du?" not in html
    assert "Det du trenger" not in html
    svar = client.post(
        side,
        {
            "gruppe": gruppe.pk,
            "stand": stand(samling, gruppe),
            f"svar_{medlem.verv.get().pk}": "nei",
        },
    )
    assert svar.url == lista
    assert list(
        Deltakelse.objects.filter(verv__gruppe=gruppe).order_by("status").values_list("status")
    ) == [(S.AVMELDT,), (S.INVITERT,)]
    assert urlencode({"neste": lista}) in client.get(lista).text.replace("&amp;", "&")


def test_who_may_answer_after_the_deadline_is_told_that_it_has_passed(scene, client):
    samling, gruppe, *_mer = scene
    samling.paameldingsfrist = timezone.localdate() - datetime.timedelta(days=1)
    samling.save()
    client.force_login(koordinator(samling.nettverk))

    html = client.get(f"{url(samling)}?gruppe={gruppe.pk}").text

    assert "Svar innen" not in html
    assert "Du kan fortsatt svare for gruppa." in html


def test_the_receipt_counts_the_invited_and_tells_the_substitute_beside(scene, client):
    samling, gruppe, leder, medlem = scene
    client.force_login(leder)
    verv = medlem.verv.get().pk

    svar = client.post(
        url(samling),
        {
            "gruppe": gruppe.pk,
            "stand": stand(samling, gruppe),
            f"svar_{leder.verv.get().pk}": "ja",
            f"svar_{verv}": "vara",
            f"vara_navn_{verv}": "Vigdis Vara",
        },
        follow=True,
    )

    assert f"1 fra {gruppe} er påmeldt. I tillegg: 1 vara eller gjest." in svar.text


def test_a_letter_about_an_answer_that_is_another_by_now_does_not_go():
    rad = DeltakelseFactory()
    paamelding.answer(rad, kommer=True, by=rad.verv.person)
    vara = Gjest.objects.create(samling=rad.samling, navn="Kari Nes", epost="kari@skole.example")
    bekreftelse.tell(rad.samling, personer=[], gjester=[vara.pk], by=None)
    brevene = list(Brev.objects.filter(slag=bekreftelse.BEKREFTELSE))
    hindrer = slag(bekreftelse.BEKREFTELSE).hindrer
    assert [hindrer(rad.samling, brev) for brev in brevene] == ["", ""]

    Deltakelse.objects.update(status="avmeldt")
    Gjest.objects.update(status="avmeldt")

    for brev in brevene:
        assert "Svaret er endret" in hindrer(rad.samling, brev)
