"""The red thread: what a thing came from and has led to, of what one may see, by choosing and never by retyping."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fremtidsbilder.models import Maal
from nettverk.models import Gruppe, Kobling
from nettverk.roedtraad import koblinger
from nettverk.roedtraad.lesing import Roedtraad, count, read
from nettverk.roedtraad.slag import kind_of, kinds
from nettverk.skriving.konflikt import KanIkke
from nettverk.tilgang.roller import roller_for
from rolu.models import Mellomarbeid
from tests.fremtidsbilder.factories import FremtidsbildeFactory, MaalFactory, TemaFactory
from tests.kommuner.factories import EnhetFactory
from tests.nettverk.factories import (
    GruppeFactory,
    NettverkFactory,
    PersonFactory,
    enhetsleder,
    koordinator,
    medlem,
    nettverk_med_enhet,
)
from tests.rolu.factories import MellomarbeidFactory, OppdragFactory
from tests.samtidig import at_once
from tests.samtidig import kinds as kinds_of

pytestmark = pytest.mark.django_db


def som(person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _medlem(nettverk):
    return medlem(nettverk, gruppetype=Gruppe.Type.PROSESSNETTVERK)


def ende(ting):
    return kind_of(ting, ting.nettverk), ting.pk


def adresse(ting) -> str:
    slag, pk = ende(ting)
    return reverse("nettverk:roedtraad", args=[ting.nettverk.slug, slag.noekkel, pk])


def leddene(traad: Roedtraad) -> tuple[dict[str, int], dict[str, int]]:
    return (
        {g.slag.noekkel: g.antall for g in traad.kommer_fra},
        {g.slag.noekkel: g.antall for g in traad.har_foert_til},
    )


@pytest.fixture
def verden():
    """A theme, a goal of it, the assignment that somebody has linked to it, and what two units made of it."""
    nettverk, gruppe = nettverk_med_enhet()
    enhet = EnhetFactory(kommune=gruppe.enhet.kommune_per())
    annen = GruppeFactory(nettverk=nettverk, utviklingsgruppe=True, enhet=enhet)
    tema = TemaFactory(nettverk=nettverk)
    maal = MaalFactory(nettverk=nettverk, tekst="Alle barn lærer ute")
    maal.temaer.add(tema)
    oppdrag = OppdragFactory(nettverk=nettverk)
    k = koordinator(nettverk)
    koblinger.link(nettverk, fra=ende(maal), til=ende(oppdrag), by=k)
    arbeider = [
        MellomarbeidFactory(
            oppdrag=oppdrag,
            gruppe=en,
            kommune=en.enhet.kommune_per(),
            status=Mellomarbeid.Status.KLADD,
        )
        for en in (gruppe, annen)
    ]
    return nettverk, tema, maal, oppdrag, arbeider, k


def test_the_thread_goes_both_ways_through_what_is_linked_and_what_follows(verden):
    nettverk, tema, _maal, oppdrag, arbeider, k = verden
    roller = roller_for(k, nettverk)

    assert leddene(read(*ende(tema_i(tema, nettverk)), roller)) == (
        {},
        {"maal": 1, "oppdrag": 1, "mellomarbeid": 2},
    )
    assert leddene(read(*ende(arbeider[0]), roller)) == ({"tema": 1, "maal": 1, "oppdrag": 1}, {})
    midt = read(*ende(oppdrag), roller)
    assert leddene(midt) == ({"tema": 1, "maal": 1}, {"mellomarbeid": 2})
    (maalet,) = [g for g in midt.kommer_fra if g.slag.noekkel == "maal"]
    (temaet,) = [g for g in midt.kommer_fra if g.slag.noekkel == "tema"]
    assert (maalet.rader[0].steg, temaet.rader[0].steg) == (1, 2)
    # Only what somebody has chosen can be taken away.
    assert maalet.rader[0].kobling == Kobling.objects.get().pk
    assert temaet.rader[0].kobling is None
    assert count(*ende(oppdrag), roller) == (2, 2)


def tema_i(tema, nettverk):
    tema.nettverk = nettverk
    return tema


def test_only_what_one_may_see_is_counted(verden):
    nettverk, _tema, maal, oppdrag, arbeider, _k = verden
    leder = enhetsleder(arbeider[0].gruppe)
    bare_medlem = _medlem(nettverk)

    assert leddene(read(*ende(oppdrag), roller_for(leder, nettverk)))[1] == {"mellomarbeid": 1}
    assert leddene(read(*ende(oppdrag), roller_for(bare_medlem, nettverk)))[1] == {}
    Maal.objects.filter(pk=maal.pk).update(tilstand="utkast")
    # A draft that one may not see is passed through, and not told of.
    assert leddene(read(*ende(oppdrag), roller_for(leder, nettverk)))[0] == {"tema": 1}


def test_one_who_sees_none_of_a_kind_reads_the_rest(verden):
    nettverk, _tema, _maal, oppdrag, _arbeider, _k = verden

    fremmed = roller_for(PersonFactory(), nettverk)

    assert leddene(read(*ende(oppdrag), fremmed)) == ({}, {})


def test_a_link_said_twice_is_one_and_taken_away_once(verden):
    nettverk, _tema, maal, _oppdrag, _arbeider, k = verden
    bilde = FremtidsbildeFactory(nettverk=nettverk)

    first = koblinger.link(nettverk, fra=ende(bilde), til=ende(maal), by=k)
    again = koblinger.link(nettverk, fra=ende(bilde), til=ende(maal), by=k)

    assert first == again
    assert koblinger.unlink(nettverk, fra=ende(bilde), til=ende(maal))
    assert not koblinger.unlink(nettverk, fra=ende(bilde), til=ende(maal))


@pytest.mark.django_db(transaction=True)
def test_two_who_link_the_two_ways_at_once_make_no_ring():
    nettverk = NettverkFactory()
    k = koordinator(nettverk)
    ett, annet = (MaalFactory(nettverk=nettverk) for _ in range(2))

    def koble(fra, til):
        return lambda: koblinger.link(nettverk, fra=ende(fra), til=ende(til), by=k)

    svar = at_once(*[koble(ett, annet), koble(annet, ett)] * 10, holding=nettverk)

    # Ten say the same, and are one; the other ten would make a ring.
    assert kinds_of(svar) == ["KanIkke"] * 10 + ["ok"] * 10
    assert Kobling.objects.count() == 1


def test_nothing_is_linked_to_itself_or_in_a_ring(verden):
    nettverk, _tema, maal, _oppdrag, arbeider, k = verden

    with pytest.raises(KanIkke, match="ring"):
        koblinger.link(nettverk, fra=ende(arbeider[0]), til=ende(maal), by=k)
    with pytest.raises(KanIkke):
        koblinger.link(nettverk, fra=ende(maal), til=ende(maal), by=k)
    with pytest.raises(IntegrityError), transaction.atomic():
        Kobling.objects.create(nettverk=nettverk, fra_slag="maal", fra=1, til_slag="maal", til=1)


def test_a_goal_with_ten_thousand_below_it_asks_as_few_questions(
    verden, django_assert_max_num_queries
):
    nettverk, _tema, maal, _oppdrag, _arbeider, k = verden
    Maal.objects.bulk_create(
        Maal(
            nettverk=nettverk, over=maal, type="resultat", tekst=f"Delmål {nr}", tilstand="vedtatt"
        )
        for nr in range(10_000)
    )
    roller = roller_for(k, nettverk)

    with django_assert_max_num_queries(12):
        traad = read(*ende(maal), roller)

    assert leddene(traad)[1]["maal"] == 10_000
    (under,) = [g for g in traad.har_foert_til if g.slag.noekkel == "maal"]
    assert (len(under.rader), under.flere) == (5, 9_995)


def test_the_page_is_for_members_and_of_its_own_network(verden):
    nettverk, _tema, _maal, oppdrag, arbeider, _k = verden
    sti = adresse(oppdrag)

    assert som(_medlem(nettverk)).get(sti).status_code == 200
    assert som(koordinator(NettverkFactory())).get(sti).status_code in (403, 404)
    # A unit's work that one may not see is no page.
    assert som(_medlem(nettverk)).get(adresse(arbeider[0])).status_code == 404
    assert som(_medlem(nettverk)).get(sti.replace("/oppdrag/", "/tull/")).status_code == 404


def test_one_who_may_change_it_finds_something_links_it_and_undoes_it(verden):
    nettverk, _tema, _maal, oppdrag, _arbeider, k = verden
    bilde = FremtidsbildeFactory(nettverk=nettverk, tittel="Uteskolen 2040")
    client = som(k)

    html = client.get(adresse(oppdrag), {"q": "uteskolen"}).text
    assert "Uteskolen 2040" in html
    assert "(valgfritt)" not in html
    # The theme of the goal that the oppdrag came from.
    assert "med 1 ledd imellom" in html
    felt = {"slag": "fremtidsbilde", "pk": bilde.pk, "retning": "fra"}
    svar = client.post(adresse(oppdrag), felt | {"handling": "koble"}, follow=True)
    assert "Koblingen er laget." in svar.text
    assert "Uteskolen 2040" in svar.text
    assert Kobling.objects.filter(fra_slag="fremtidsbilde", til_slag="oppdrag").exists()
    client.post(adresse(oppdrag), felt | {"handling": "loes"})
    assert not Kobling.objects.filter(fra_slag="fremtidsbilde").exists()


def test_one_who_may_not_change_it_reads_only(verden):
    nettverk, _tema, maal, oppdrag, _arbeider, _k = verden
    client = som(_medlem(nettverk))

    assert "Koble til noe" not in client.get(adresse(oppdrag)).text
    felt = {"slag": "maal", "pk": maal.pk, "retning": "fra", "handling": "loes"}
    assert client.post(adresse(oppdrag), felt).status_code == 403
    assert Kobling.objects.count() == 1


@pytest.mark.parametrize(
    "felt",
    [
        {"slag": "maal", "pk": 0, "retning": "fra", "handling": "koble"},
        {"slag": "maal", "pk": 2**70, "retning": "fra", "handling": "koble"},
        {"slag": "maal", "pk": 1, "retning": "opp", "handling": "koble"},
        {},
    ],
)
def test_what_is_no_choice_is_said_and_links_nothing(verden, felt):
    _nettverk, _tema, _maal, oppdrag, _arbeider, k = verden
    foer = Kobling.objects.count()

    svar = som(k).post(adresse(oppdrag), felt, follow=True)

    assert "Velg det du vil koble til, på nytt." in svar.text
    assert Kobling.objects.count() == foer


def test_a_kind_that_is_not_there_is_not_found(verden):
    _nettverk, _tema, _maal, oppdrag, _arbeider, k = verden
    felt = {"slag": "tull", "pk": 1, "retning": "fra", "handling": "koble"}

    assert som(k).post(adresse(oppdrag), felt).status_code == 404


def test_a_thing_of_another_network_is_not_linked(verden):
    _nettverk, _tema, _maal, oppdrag, _arbeider, k = verden
    fremmed = MaalFactory()
    felt = {"slag": "maal", "pk": fremmed.pk, "retning": "fra", "handling": "koble"}

    assert som(k).post(adresse(oppdrag), felt).status_code == 404


def test_the_end_of_a_page_says_how_much_and_costs_it_nothing(verden):
    nettverk, _tema, _maal, oppdrag, _arbeider, k = verden
    client = som(k)

    html = client.get(adresse(oppdrag), {"del": "side"}).text
    assert "Kommer fra" in html
    assert "Har ført til" in html
    assert "<html" not in html
    assert client.get(adresse(MaalFactory(nettverk=nettverk)), {"del": "side"}).status_code == 200
    alene = FremtidsbildeFactory(nettverk=nettverk)
    assert som(_medlem(nettverk)).get(adresse(alene), {"del": "side"}).text == ""
    liste = client.get(adresse(oppdrag), {"del": "fra"}).text
    assert "Alle barn lærer ute" in liste


def test_of_a_kind_with_many_the_rest_is_a_press_away(verden):
    nettverk, _tema, maal, _oppdrag, _arbeider, k = verden
    for nr in range(7):
        MaalFactory(nettverk=nettverk, over=maal, tekst=f"Delmål {nr}")
    client = som(k)

    side = client.get(adresse(maal)).text
    assert side.count("Delmål") == 5
    assert f'href="{adresse(maal)}?alle=maal"' in side
    alle = client.get(adresse(maal), {"alle": "maal"}).text
    assert alle.count("Delmål") == 7
    # Of the others nothing, and nothing to look for: one has come to read.
    assert "Oppdrag 0" not in alle
    assert 'id="koble"' not in alle
    assert client.get(adresse(maal), {"alle": "tull"}).text.count("Delmål") == 5


def test_a_theme_leads_to_its_page_when_it_has_one(verden):
    nettverk, tema, maal, _oppdrag, _arbeider, k = verden
    siden = reverse("fremtidsbilder:tema", args=[nettverk.slug, tema.pk])
    client = som(k)

    assert siden not in client.get(adresse(maal)).text
    type(tema).objects.filter(pk=tema.pk).update(offentlig=True)
    assert siden in client.get(adresse(maal)).text
    assert f"/tema/{tema.pk}/?del=side" in client.get(siden).text
    assert "?del=side" not in Client().get(siden).text


def test_links_to_what_is_gone_are_swept(verden):
    _nettverk, _tema, maal, _oppdrag, _arbeider, _k = verden
    assert koblinger.purge() == 0
    Maal.objects.filter(pk=maal.pk).delete()

    assert koblinger.purge() == 1
    assert not Kobling.objects.exists()


def test_every_kind_names_a_model_a_permission_and_a_page(verden):
    nettverk, *_ = verden
    roller = roller_for(koordinator(nettverk), nettverk)
    for slag in kinds(nettverk).values():
        for rad in slag.synlige(roller)[:1]:
            assert rad._meta.label == slag.modell
            with CaptureQueriesContext(connection) as spoerringer:
                assert slag.vis(rad, nettverk).url.startswith("/")
            assert len(spoerringer) <= (1 if slag.noekkel == "kapittel" else 0), slag.noekkel
