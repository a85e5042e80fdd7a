"""Series of gatherings, and the next gathering made from the last."""

import datetime
from collections.abc import Iterable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from nettverk.models import Gruppe, Mottakere
from nettverk.tilgang.roller import roller_for
from rolu.models import (
    Deltakelse,
    Gjest,
    Gruppetall,
    Oppsummering,
    Samling,
    Samlingsdag,
    Samlingsserie,
)
from rolu.samlinger import planlegging, publisering, serier
from rolu.samlinger.dager import days
from tests.nettverk.factories import (
    NettverkFactory,
    PersonFactory,
    VervFactory,
    enhetsleder,
    gruppemedlem,
    koordinator,
    medlem,
    nettverk_med_enhet,
)
from tests.rolu.factories import (
    DeltakelseFactory,
    ProgrampostFactory,
    SamlingFactory,
    SamlingsserieFactory,
    klokken,
)
from tests.samtidig import at_once

pytestmark = pytest.mark.django_db

St = Samling.Status


@pytest.fixture
def som(client):
    def logg_inn(person):
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return logg_inn


def side(navn: str, ting: Samling | Samlingsserie, *mer: object) -> str:
    return reverse(f"rolu:{navn}", args=[ting.nettverk.slug, ting.pk, *mer])


def felt(samling: Samling, **andre: object) -> dict[str, object]:
    """The form of a gathering as a browser sends it."""
    return {
        "type": samling.type,
        "tittel": samling.tittel,
        "sted": samling.sted,
        **on_days(days(samling)),
    } | andre


def on_days(dagene: Iterable[Samlingsdag]) -> dict[str, str]:
    return {
        f"dag_{nr}_{del_}": verdi
        for nr, dag in enumerate(dagene, start=1)
        for del_, verdi in enumerate([dag.dato.isoformat(), f"{dag.fra:%H:%M}", f"{dag.til:%H:%M}"])
    }


# --- the series


def test_members_see_the_networks_series_and_strangers_do_not():
    serie = SamlingsserieFactory()
    annet = NettverkFactory()

    def seen_by(person, nettverk):
        return list(Samlingsserie.objects.visible_to(roller_for(person, nettverk)))

    styringsgruppa = medlem(serie.nettverk, gruppetype=Gruppe.Type.STYRINGSGRUPPE)
    assert seen_by(styringsgruppa, serie.nettverk) == [serie]
    assert seen_by(koordinator(annet), annet) == []
    assert seen_by(koordinator(annet), serie.nettverk) == []


def test_a_series_is_made_once_renamed_and_removed_and_its_gatherings_stay(som):
    nettverk, _gruppe = nettverk_med_enhet()
    klient = som(koordinator(nettverk))
    ny = reverse("rolu:serie_ny", args=[nettverk.slug])
    engang = klient.get(ny).context["form"].initial["engang"]
    for _gang in range(2):
        klient.post(ny, {"navn": "ROLU", "engang": str(engang)})
    serie = Samlingsserie.objects.get()
    samling = SamlingFactory(nettverk=nettverk, serie=serie)

    assert klient.post(ny, {"navn": "rolu"}).status_code == 422
    stand = klient.get(side("serie_rediger", serie)).context["form"].initial["stand"]
    klient.post(side("serie_rediger", serie), {"navn": "ROLU 2027", "stand": stand})
    serie.refresh_from_db()
    assert serie.navn == "ROLU 2027"
    assert "1 samling er i serien" in klient.get(side("serie_slett", serie)).text
    klient.post(side("serie_slett", serie))
    samling.refresh_from_db()
    assert (samling.serie, Samlingsserie.objects.count()) == (None, 0)


def test_two_who_write_in_a_series_see_each_other(som):
    serie = SamlingsserieFactory()
    klient = som(koordinator(serie.nettverk))
    stand = klient.get(side("serie_rediger", serie)).context["form"].initial["stand"]
    Samlingsserie.objects.update(navn="Deres")

    svar = klient.post(side("serie_rediger", serie), {"navn": "Mitt", "stand": stand})

    assert svar.status_code == 409
    assert "Deres" in svar.text


def test_a_series_shows_its_gatherings_in_order_and_figures_to_those_who_see_them(som):
    nettverk, gruppe = nettverk_med_enhet()
    serie = SamlingsserieFactory(nettverk=nettverk)
    kommer = SamlingFactory(nettverk=nettverk, serie=serie, publisert_=True)
    var = SamlingFactory(nettverk=nettverk, serie=serie, avholdt=True)
    utkast = SamlingFactory(
        nettverk=nettverk, serie=serie, start=klokken(30, 9), slutt=klokken(30, 15)
    )
    DeltakelseFactory(samling=var, moett_=True)
    DeltakelseFactory(samling=var)
    DeltakelseFactory(samling=kommer, status="paameldt")

    Gruppetall.objects.create(samling=kommer, gruppe=gruppe, hva="elever", antall=14)
    Gjest.objects.create(samling=var, navn="Kom", moett=timezone.now())
    Gjest.objects.create(samling=var, navn="Kom ikke")

    svar = som(koordinator(nettverk)).get(side("serie", serie))

    assert "I tillegg: 14 elever." in svar.text
    assert "I tillegg: 1 vara eller gjest." in svar.text
    assert [li.samling for li in svar.context["linjer"]] == [var, kommer, utkast]
    assert "1 av 2 møtte" in svar.text
    assert "1 av 1 kommer" in svar.text
    assert f"?fra={utkast.pk}" in svar.text
    svar = som(gruppemedlem(gruppe)).get(side("serie", serie))
    assert [li.samling for li in svar.context["linjer"]] == [var, kommer]
    assert "møtte" not in svar.text
    assert "I tillegg" not in svar.text
    assert "Ny samling i serien" not in svar.text
    assert serie.navn in som(gruppemedlem(gruppe)).get(side("samling", kommer)).text


@pytest.mark.parametrize("navn", ["serie", "serie_list"])
def test_the_pages_cost_the_same_however_many_gatherings(som, navn):
    nettverk, _gruppe = nettverk_med_enhet()
    serie = SamlingsserieFactory(nettverk=nettverk)
    klient = som(koordinator(nettverk))
    args = [nettverk.slug, *([serie.pk] if navn == "serie" else [])]

    def cost() -> int:
        with CaptureQueriesContext(connection) as spoerringer:
            assert klient.get(reverse(f"rolu:{navn}", args=args)).status_code == 200
        return len(spoerringer)

    def more() -> None:
        samling = SamlingFactory(nettverk=nettverk, serie=serie, publisert_=True)
        DeltakelseFactory.create_batch(2, samling=samling)
        SamlingFactory(nettverk=nettverk, serie=SamlingsserieFactory(nettverk=nettverk))

    more()
    cost()
    en = cost()
    more()
    more()
    assert cost() == en <= 12


def test_a_gathering_is_put_in_a_series_and_in_a_new_one(som):
    nettverk, _gruppe = nettverk_med_enhet()
    serie = SamlingsserieFactory(nettverk=nettverk)
    fremmed = SamlingsserieFactory()
    samling = SamlingFactory(nettverk=nettverk)
    klient = som(koordinator(nettverk))
    url = side("samling_rediger", samling)

    klient.post(url, felt(samling, serie=serie.pk))
    samling.refresh_from_db()
    assert samling.serie == serie
    klient.post(url, felt(samling, ny_serie="Fagdager"))
    samling.refresh_from_db()
    assert (samling.serie.navn, samling.serie.nettverk) == ("Fagdager", nettverk)
    for feil in (
        {"serie": serie.pk, "ny_serie": "Begge"},
        {"ny_serie": "FAGDAGER"},
        {"serie": fremmed.pk},
    ):
        assert klient.post(url, felt(samling, **feil)).status_code == 422
    assert Samlingsserie.objects.filter(nettverk=nettverk).count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_new_series_from_two_at_once_is_one_however_it_is_written():
    nettverk = NettverkFactory()
    samlinger = SamlingFactory.create_batch(2, nettverk=nettverk)

    def join(samling, navn):
        serier.join_new(samling, navn)
        return samling.serie.pk

    en, to = at_once(
        lambda: join(samlinger[0], "Rolu 26"),
        lambda: join(samlinger[1], "ROLU 26"),
        holding=nettverk,
    )

    assert en == to
    assert Samlingsserie.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_series_made_while_a_gathering_asks_for_it_is_one():
    nettverk = NettverkFactory()
    samling = SamlingFactory(nettverk=nettverk)

    at_once(
        lambda: serier.join_new(samling, "Rolu 26"),
        lambda: serier.make_series(Samlingsserie(nettverk=nettverk, navn="ROLU 26")),
        holding=nettverk,
    )

    assert Samlingsserie.objects.count() == 1


def test_a_locked_gathering_stays_as_it_is_when_its_series_is_removed():
    samling = SamlingFactory(laast=True, serie=SamlingsserieFactory())

    serier.remove_series(samling.serie)

    samling.refresh_from_db()
    assert (samling.serie, samling.status) == (None, St.LAAST)


# --- the next from the last


def held(**felt) -> Samling:
    """A gathering over two days with all that may come along, and what must not."""
    nettverk, gruppe = nettverk_med_enhet()
    samling = SamlingFactory(
        **{
            "nettverk": nettverk,
            "oppsummering_": True,
            "start": klokken(-14, 9),
            "slutt": klokken(-12, 14),
            "kapasitet": 120,
            "om": "Ta med kaffe.",
            "serie": SamlingsserieFactory(nettverk=nettverk),
        }
        | felt
    )
    for dager, fra, til in ((-14, 9, 16), (-12, 10, 14)):
        Samlingsdag.objects.create(
            samling=samling,
            dato=klokken(dager, 9).date(),
            fra=datetime.time(fra),
            til=datetime.time(til),
        )
    ProgrampostFactory(samling=samling, tittel="Åpning", leder="Marit", notat="Hemmelig")
    ProgrampostFactory(samling=samling, tittel="Dag to", start=klokken(-12, 11))
    publisering.keep_audience(samling, Mottakere(nettverk=nettverk, enheter=True))
    DeltakelseFactory(samling=samling, verv=enhetsleder(gruppe).verv.get(), moett_=True)
    return samling


def test_the_next_has_programme_days_audience_places_and_series_and_empty_seats():
    forrige = held()
    flytt = datetime.timedelta(days=180)
    ny = Samling(
        nettverk=forrige.nettverk,
        tittel="Neste",
        sted="Surnadal",
        serie=forrige.serie,
        kapasitet=forrige.kapasitet,
        start=klokken(166, 9),
        slutt=klokken(168, 14),
    )
    dager = [(d.dato + flytt, d.fra, d.til) for d in forrige.samlingsdager.all()]

    planlegging.make(ny, kopi_av=forrige, dager=dager, by=PersonFactory())

    ny.refresh_from_db()
    assert (ny.forrige, ny.kapasitet, ny.serie, ny.status) == (
        forrige,
        120,
        forrige.serie,
        St.UTKAST,
    )
    assert ny.mottakere != forrige.mottakere
    assert ny.mottakere.enheter
    assert [(d.dato, d.fra, d.til) for d in ny.samlingsdager.all()] == dager
    assert [(p.tittel, p.start, p.leder, p.notat) for p in ny.programposter.all()] == [
        ("Åpning", klokken(166, 9), "Marit", ""),
        ("Dag to", klokken(168, 11), "", ""),
    ]
    assert not Deltakelse.objects.filter(samling=ny).exists()


@pytest.mark.parametrize(
    ("stand", "delt", "etter"),
    [
        ({"oppsummering_": True}, True, St.LAAST),
        ({"oppsummering_": True}, False, St.OPPSUMMERING),
        ({"avholdt": True}, True, St.LAAST),
        ({"publisert_": True}, True, St.INVITERT),
        ({"laast": True}, True, St.LAAST),
        ({"avlyst": True}, False, St.AVLYST),
    ],
)
def test_the_last_is_locked_when_it_is_over_and_its_summary_is_shared(stand, delt, etter):
    forrige = SamlingFactory(**stand)
    if delt:
        Oppsummering.objects.create(samling=forrige, publisert=timezone.now())
    ny = SamlingFactory.build(nettverk=forrige.nettverk)

    planlegging.make(ny, kopi_av=forrige, by=PersonFactory())

    forrige.refresh_from_db()
    assert forrige.status == etter


def test_the_form_says_beforehand_what_comes_along_and_both_lead_to_each_other(som):
    forrige = held()
    Oppsummering.objects.create(samling=forrige, publisert=timezone.now())
    leder = medlem(forrige.nettverk, gruppetype=Gruppe.Type.PROSESSNETTVERK)
    sluttet = PersonFactory()
    forrige.prosessledere.add(leder, sluttet)
    klient = som(koordinator(forrige.nettverk))
    url = reverse("rolu:samling_ny", args=[forrige.nettverk.slug])

    svar = klient.get(f"{url}?fra={forrige.pk}")

    initial = svar.context["form"].initial
    assert "Dette blir ikke med" in svar.text
    assert "blir låst" in svar.text
    assert (initial["om"], initial["serie"]) == ("Ta med kaffe.", forrige.serie_id)
    assert initial["prosessledere"] == [leder.pk]
    ny = SamlingFactory.build(nettverk=forrige.nettverk)
    dagene = [Samlingsdag(dato=dato, fra=fra, til=til) for dato, fra, til in initial["dager"]]
    data = felt(
        ny,
        kopier=forrige.pk,
        engang=str(initial["engang"]),
        serie=forrige.serie_id,
        **on_days(dagene),
    )
    assert klient.post(url, {**data, "tittel": ""}).status_code == 422
    for _gang in range(2):
        assert klient.post(url, data).status_code == 302
    laget = Samling.objects.get(forrige=forrige)
    forrige.refresh_from_db()
    assert forrige.status == St.LAAST
    assert [d.dato for d in laget.samlingsdager.all()] == [d.dato for d in dagene]
    assert laget.tittel in klient.get(side("samling", forrige)).text
    assert "Laget etter" in klient.get(side("samling", laget)).text
    assert reverse("rolu:serieoppsummering", args=[laget.nettverk.slug, laget.serie_id]) in (
        klient.get(reverse("rolu:serie", args=[laget.nettverk.slug, laget.serie_id])).text
    )
    # A draft is not told of to those who do not see it.
    fremmed = som(VervFactory(gruppe__nettverk=forrige.nettverk).person)
    assert laget.tittel not in fremmed.get(side("samling", forrige)).text
    # Nor how the next one was made, when they do.
    Samling.objects.filter(pk=laget.pk).update(status=St.INVITERT)
    assert "Laget etter" not in fremmed.get(side("samling", laget)).text


def test_one_that_is_not_locked_says_that_there_is_a_newer_one(som):
    forrige = held()
    laget = SamlingFactory(nettverk=forrige.nettverk, forrige=forrige, tittel="Den nye")

    text = som(koordinator(forrige.nettverk)).get(side("samling_program", forrige)).text

    assert "Det er laget en ny samling etter denne" in text
    assert side("samling", laget) in text


def test_the_note_of_an_item_does_not_take_the_next_item_for_a_newer_gathering(som):
    samling = SamlingFactory(publisert_=True)
    foerste, andre = ProgrampostFactory.create_batch(2, samling=samling)

    text = som(koordinator(samling.nettverk)).get(side("notat", samling, foerste.pk)).text

    assert side("notat", samling, andre.pk) in text
    assert "Det er laget en ny samling" not in text


@pytest.mark.parametrize("fra", ["tull", "999999", "²"])
def test_from_what_is_not_there_is_nothing(som, fra):
    nettverk, _gruppe = nettverk_med_enhet()
    url = reverse("rolu:samling_ny", args=[nettverk.slug])

    assert som(koordinator(nettverk)).get(url, {"fra": fra}).status_code in (200, 404)
    assert som(koordinator(nettverk)).post(url, {"kopier": fra}).status_code in (404, 422)
