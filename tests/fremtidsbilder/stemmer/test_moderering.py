"""The voices are read: approved, held back, hidden with a reason, and undone; who did it is kept."""

import re
import uuid
from typing import Any

import pghistory
import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fremtidsbilder.models import Bidrag, Stemmegruppe, Tankesmie
from fremtidsbilder.tankesmier import bidrag, moderering, styring
from fremtidsbilder.tankesmier.bidrag import Skrevet
from fremtidsbilder.tankesmier.moderering import GODKJENN, HOLD, SKJUL, decide, seen, undo
from fremtidsbilder.tankesmier.vegg import read_wall
from nettverk.models import Person
from nettverk.skriving.konflikt import KanIkke
from nettverk.skriving.svar import undo_of
from tests.fremtidsbilder.tankesmiefabrikk import BidragFactory, SporsmaalFactory, TankesmieFactory
from tests.nettverk.factories import kog, koordinator
from tests.samtidig import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def sporsmaal():
    return SporsmaalFactory(tankesmie__frittstaaende=True)


def _read(*kort: Bidrag) -> dict[int, str]:
    return {k.pk: seen(Bidrag.objects.get(pk=k.pk)) for k in kort}


def _stand(kort: Bidrag) -> tuple[str, bool, bool, str]:
    kort.refresh_from_db()
    return kort.avgjoerelse, kort.skjult, kort.valgt, kort.grunn


def test_what_is_approved_is_let_out_and_the_rest_is_not(sporsmaal):
    ja, nei, ulest = BidragFactory.create_batch(3, sporsmaal=sporsmaal)

    decide(sporsmaal.tankesmie, _read(ja), valg=GODKJENN)
    decide(sporsmaal.tankesmie, _read(nei), valg=HOLD, grunn="Må spørre læreren")

    assert list(Bidrag.objects.approved()) == [ja]
    assert _stand(nei) == ("holdt", False, False, "Må spørre læreren")
    assert _stand(ulest)[0] == ""


def test_what_is_held_back_is_on_the_wall_and_what_is_hidden_is_not(sporsmaal):
    holdt, skjult = BidragFactory.create_batch(2, sporsmaal=sporsmaal, valgt=True)

    decide(sporsmaal.tankesmie, _read(holdt), valg=HOLD, grunn="Uklart")
    decide(sporsmaal.tankesmie, _read(skjult), valg=SKJUL, grunn="Om en person")

    assert [k.pk for k in read_wall(sporsmaal).kort] == [holdt.pk]
    assert _stand(skjult) == ("holdt", True, False, "Om en person")


def test_not_letting_out_needs_a_reason(sporsmaal):
    kort = BidragFactory(sporsmaal=sporsmaal)

    for valg in (HOLD, SKJUL):
        with pytest.raises(KanIkke):
            decide(sporsmaal.tankesmie, _read(kort), valg=valg, grunn=" ")

    assert _stand(kort)[0] == ""


def test_a_text_that_was_written_anew_while_one_read_is_not_approved(sporsmaal):
    styring.open_question(sporsmaal)
    nokkel = uuid.uuid4()
    bidrag.contribute(sporsmaal.tankesmie, [Skrevet(nokkel, sporsmaal.pk, "Mer ute")])
    kort = Bidrag.objects.get(nokkel=nokkel)
    lest = _read(kort)

    bidrag.contribute(sporsmaal.tankesmie, [Skrevet(nokkel, sporsmaal.pk, "Noe helt annet", 2)])
    avgjort = decide(sporsmaal.tankesmie, lest, valg=GODKJENN)

    assert (avgjort.antall, avgjort.endret) == (0, 1)
    assert not Bidrag.objects.approved().exists()


def test_an_approved_text_that_is_written_anew_must_be_read_anew(sporsmaal):
    styring.open_question(sporsmaal)
    nokkel = uuid.uuid4()
    bidrag.contribute(sporsmaal.tankesmie, [Skrevet(nokkel, sporsmaal.pk, "Mer ute")])
    kort = Bidrag.objects.get(nokkel=nokkel)
    decide(sporsmaal.tankesmie, _read(kort), valg=GODKJENN)

    bidrag.contribute(sporsmaal.tankesmie, [Skrevet(nokkel, sporsmaal.pk, "Mer ute", 2)])
    assert _stand(kort)[0] == "godkjent"
    # Also when the new one may name a child, which hides it.
    bidrag.contribute(sporsmaal.tankesmie, [Skrevet(nokkel, sporsmaal.pk, "Eleven Kari sa", 3)])

    assert _stand(kort) == ("", True, False, "")


def test_an_approved_card_can_be_hidden_and_erased_on_the_wall(sporsmaal):
    skjult, slettet = BidragFactory.create_batch(2, sporsmaal=sporsmaal)
    decide(sporsmaal.tankesmie, _read(skjult, slettet), valg=GODKJENN)

    moderering.hide(sporsmaal, [skjult.pk])
    bidrag.erase(sporsmaal, [slettet.pk])

    assert not Bidrag.objects.approved().exists()
    assert _stand(skjult) == ("holdt", True, False, "Skjult på veggen")


# --- undo


@pytest.mark.parametrize("valg", [GODKJENN, HOLD, SKJUL])
def test_undoing_lets_each_stand_as_it_stood(sporsmaal, valg):
    kort = BidragFactory.create_batch(3, sporsmaal=sporsmaal, valgt=True)
    decide(sporsmaal.tankesmie, _read(kort[0]), valg=GODKJENN)
    decide(sporsmaal.tankesmie, _read(kort[1]), valg=SKJUL, grunn="Om en person")
    foer = [_stand(k) for k in kort]

    avgjort = decide(sporsmaal.tankesmie, _read(*kort), valg=valg, grunn="En annen grunn")
    n = undo(sporsmaal.tankesmie, avgjort.foer, valg=valg)

    assert n == 3
    assert [_stand(k) for k in kort] == foer


def test_what_somebody_has_decided_anew_is_not_undone(sporsmaal):
    kort = BidragFactory(sporsmaal=sporsmaal)
    avgjort = decide(sporsmaal.tankesmie, _read(kort), valg=GODKJENN)
    decide(sporsmaal.tankesmie, _read(kort), valg=SKJUL, grunn="Om en person")

    assert undo(sporsmaal.tankesmie, avgjort.foer, valg=GODKJENN) == 0
    assert _stand(kort)[:2] == ("holdt", True)


# --- who did it


def test_history_tells_who_decided_how_it_stands(sporsmaal):
    a, b = koordinator(sporsmaal.nettverk), koordinator(sporsmaal.nettverk)
    kort, annet = BidragFactory.create_batch(2, sporsmaal=sporsmaal)
    with pghistory.context(user=a.pk):
        decide(sporsmaal.tankesmie, _read(kort), valg=HOLD, grunn="Uklart")
    with pghistory.context(user=b.pk):
        avgjort = decide(sporsmaal.tankesmie, _read(kort), valg=GODKJENN)
    # It is picked by another, and approved by the one who approved it.
    with pghistory.context(user=a.pk):
        bidrag.pick(sporsmaal, [kort.pk])
    kort.refresh_from_db()
    assert {pk: d.av for pk, d in moderering.decided_by([kort, annet]).items()} == {kort.pk: b.navn}

    with pghistory.context(user=b.pk):
        undo(sporsmaal.tankesmie, avgjort.foer, valg=GODKJENN)

    kort.refresh_from_db()
    assert moderering.decided_by([kort])[kort.pk].av == a.navn


def test_who_wrote_it_is_in_no_history(sporsmaal):
    styring.open_question(sporsmaal)
    nokkel = uuid.uuid4()
    bidrag.contribute(sporsmaal.tankesmie, [Skrevet(nokkel, sporsmaal.pk, "Mer ute")])
    decide(sporsmaal.tankesmie, _read(Bidrag.objects.get()), valg=GODKJENN)
    hendelser: Any = Bidrag.pgh_event_model.objects  # type: ignore[attr-defined]
    foer = hendelser.count()

    bidrag.contribute(sporsmaal.tankesmie, [Skrevet(nokkel, sporsmaal.pk, "Mindre ute", 2)])

    assert hendelser.count() == foer


def test_the_wall_hides_as_the_queue_does_and_says_who(sporsmaal):
    a, b = koordinator(sporsmaal.nettverk), koordinator(sporsmaal.nettverk)
    kort, holdt = BidragFactory.create_batch(2, sporsmaal=sporsmaal)
    decide(sporsmaal.tankesmie, _read(kort), valg=GODKJENN)
    decide(sporsmaal.tankesmie, _read(holdt), valg=HOLD, grunn="Uklart")

    with pghistory.context(user=a.pk):
        avgjort = moderering.hide(sporsmaal, [kort.pk, holdt.pk])

    assert (avgjort.antall, avgjort.var_godkjent) == (2, 1)
    assert moderering.counts(moderering.cards(sporsmaal.tankesmie))["skjult"] == 2
    # Why it was held back, stands.
    assert _stand(holdt) == ("holdt", True, False, "Uklart")
    kort.refresh_from_db()
    assert moderering.decided_by([kort])[kort.pk].av == a.navn
    with pghistory.context(user=b.pk):
        vist = moderering.show(sporsmaal, [kort.pk])
    # It is on the wall again, and nobody has let it out.
    assert _stand(kort) == ("", False, False, "")
    hendelse = Bidrag.pgh_event_model.objects.filter(pgh_obj=kort).latest("pgh_id")  # type: ignore[attr-defined]
    assert hendelse.pgh_context.metadata == {"user": b.pk, "moderering": "vis"}
    assert undo(sporsmaal.tankesmie, vist.foer, valg=moderering.VIS) == 1
    assert _stand(kort) == ("holdt", True, False, "Skjult på veggen")


# --- two at once


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_is_told_that_it_is_decided():
    sporsmaal = SporsmaalFactory()
    kort = BidragFactory(sporsmaal=sporsmaal)
    lest = _read(kort)

    svar = at_once(
        lambda: decide(Tankesmie.objects.get(), lest, valg=GODKJENN),
        lambda: decide(Tankesmie.objects.get(), lest, valg=SKJUL, grunn="Om en person"),
        holding=sporsmaal,
    )

    assert sorted((s.antall, s.endret) for s in svar) == [(0, 1), (1, 0)]


# --- the page


def _page(sporsmaal, person: Person | None = None) -> tuple[Client, str]:
    klient = Client()
    klient.force_login(
        person or koordinator(sporsmaal.nettverk),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    sted = [sporsmaal.nettverk.slug, sporsmaal.tankesmie.pk]
    return klient, reverse("fremtidsbilder:stemmer", args=sted)


def test_those_that_may_name_a_child_are_read_first(sporsmaal):
    BidragFactory(sporsmaal=sporsmaal, tekst="Mer tid ute")
    BidragFactory(sporsmaal=sporsmaal, tekst="Eleven Kari vil ha ro", skjult=True)
    klient, adresse = _page(sporsmaal)

    svar = klient.get(adresse).text

    assert svar.index("Eleven Kari") < svar.index("Mer tid ute")
    assert "Kan nevne et barn" in svar


def test_cards_are_ticked_and_approved_and_undone_by_the_thanks(sporsmaal):
    kort = BidragFactory.create_batch(3, sporsmaal=sporsmaal)
    klient, adresse = _page(sporsmaal)
    merker = [f"{pk}.{merke}" for pk, merke in _read(*kort[:2]).items()]

    svar = klient.post(adresse, {"valgt": merker, "handling": "godkjenn"})
    [melding] = get_messages(svar.wsgi_request)
    assert str(melding) == "2 bidrag er godkjent."
    assert Bidrag.objects.approved().count() == 2
    angre = undo_of(melding)
    assert angre is not None
    klient.post(angre.url, angre.felt)

    assert not Bidrag.objects.approved().exists()


def test_one_that_names_somebody_is_not_ticked_with_all_the_others(sporsmaal):
    navngitt = BidragFactory(sporsmaal=sporsmaal, tekst="Eleven Kari vil ha ro")
    annet = BidragFactory(sporsmaal=sporsmaal, tekst="Mer tid ute")
    klient, adresse = _page(sporsmaal)

    boks = re.findall(r'<input[^>]*name="valgt"[^>]*>', klient.get(adresse).text)

    assert {b.count("data-ikke-alle") for b in boks if f'"kort-{navngitt.pk}"' in b} == {1}
    assert {b.count("data-ikke-alle") for b in boks if f'"kort-{annet.pk}"' in b} == {0}


def test_what_is_hidden_on_the_wall_is_undone_by_the_thanks(sporsmaal):
    annet = SporsmaalFactory(tankesmie=sporsmaal.tankesmie)
    kort, andre = BidragFactory.create_batch(2, sporsmaal=sporsmaal)
    decide(sporsmaal.tankesmie, _read(kort), valg=GODKJENN)
    klient, _adresse = _page(sporsmaal)
    sted = [sporsmaal.nettverk.slug, sporsmaal.tankesmie.pk, sporsmaal.pk]
    vegg = reverse("fremtidsbilder:tankesmie_vegg", args=sted)

    svar = klient.post(vegg, {"handling": "skjul", "kort": [kort.pk]})
    [melding] = get_messages(svar.wsgi_request)
    assert "1 er ikke lenger godkjent" in str(melding)
    angre = undo_of(melding)
    assert angre is not None
    assert klient.post(angre.url, angre.felt).url == vegg
    assert _stand(kort)[:2] == ("godkjent", False)

    # Without leaving the page the same is there, and the counts of the questions come with it.
    svar = klient.post(
        vegg, {"handling": "skjul", "kort": [kort.pk]}, headers={"HX-Request": "true"}
    )
    assert f'name="foer" value="{kort.pk}.g"' in " ".join(svar.text.split())
    assert 'hx-swap-oob="true"' in svar.text
    assert f"{sporsmaal.tekst} (1)" in svar.text
    assert (andre.skjult, annet.bidrag.count()) == (False, 0)


def test_what_waits_to_be_read_is_said_not_to_be_on_the_wall_and_leads_to_the_queue(sporsmaal):
    klient, koe = _page(sporsmaal)
    nettverk = sporsmaal.nettverk
    sted = [nettverk.slug, sporsmaal.tankesmie.pk, sporsmaal.pk]
    vegg = reverse("fremtidsbilder:tankesmie_vegg", args=sted)
    BidragFactory(sporsmaal=sporsmaal)
    assert "Ikke på veggen" not in klient.get(vegg).text

    BidragFactory(sporsmaal=sporsmaal, skjult=True)
    _foran, under = klient.get(vegg).text.split("Ikke på veggen")

    assert f'href="{koe}"' in under


def test_one_card_is_approved_by_its_own_button_and_the_page_says_who(sporsmaal):
    kort, annet = BidragFactory.create_batch(2, sporsmaal=sporsmaal)
    person = koordinator(sporsmaal.nettverk)
    klient, adresse = _page(sporsmaal, person)
    [(pk, merke)] = _read(kort).items()

    klient.post(adresse, {"en": f"godkjenn:{pk}.{merke}", "valgt": [f"{annet.pk}.1u"]})

    assert list(Bidrag.objects.approved()) == [kort]
    assert f"Godkjent av {person.navn}" in klient.get(adresse, {"stand": "godkjent"}).text


def test_the_field_of_the_reason_says_what_it_asks_for(sporsmaal):
    klient, adresse = _page(sporsmaal)

    assert '<label class="ds-label" for="grunn">Hvorfor ikke?</label>' in klient.get(adresse).text


def test_nothing_ticked_or_no_reason_is_told(sporsmaal):
    kort = BidragFactory(sporsmaal=sporsmaal)

    for data, sagt in (
        ({"handling": "godkjenn"}, "Kryss av ett eller flere bidrag først."),
        ({"handling": "skjul", "valgt": [f"{kort.pk}.1u"]}, "Skriv hvorfor"),
    ):
        klient, adresse = _page(sporsmaal)
        svar = klient.post(adresse, data)
        assert [sagt in str(m) for m in get_messages(svar.wsgi_request)] == [True]


def test_one_reads_the_voices_of_one_group_or_one_question(sporsmaal):
    barn = Stemmegruppe.objects.create(nettverk=sporsmaal.nettverk, navn="Barn", er_barn=True)
    annet = SporsmaalFactory(tankesmie=sporsmaal.tankesmie)
    BidragFactory(sporsmaal=sporsmaal, tekst="Fra barna", gruppe=barn)
    BidragFactory(sporsmaal=sporsmaal, tekst="Fra noen")
    BidragFactory(sporsmaal=annet, tekst="Om det andre", gruppe=barn)
    klient, adresse = _page(sporsmaal)

    def read(**valg: Any) -> list[str]:
        svar = klient.get(adresse, valg).text
        return [t for t in ("Fra barna", "Fra noen", "Om det andre") if t in svar]

    assert read() == ["Fra barna", "Fra noen", "Om det andre"]
    assert read(gruppe=barn.pk) == ["Fra barna", "Om det andre"]
    assert read(gruppe="ingen") == ["Fra noen"]
    assert read(gruppe=barn.pk, sporsmaal=annet.pk) == ["Om det andre"]


def test_the_page_costs_the_same_with_one_and_a_thousand_cards(sporsmaal):
    klient, adresse = _page(sporsmaal)

    def cost() -> int:
        with CaptureQueriesContext(connection) as spoerringer:
            assert klient.get(adresse, {"stand": "alle"}).status_code == 200
            assert klient.get(adresse).status_code == 200
        return len(spoerringer)

    kort = BidragFactory(sporsmaal=sporsmaal)
    decide(sporsmaal.tankesmie, _read(kort), valg=GODKJENN)
    BidragFactory(sporsmaal=sporsmaal)
    cost()
    en = cost()
    Bidrag.objects.bulk_create(Bidrag(sporsmaal=sporsmaal, tekst=f"Tekst {n}") for n in range(1000))

    assert cost() <= en


def test_only_those_who_lead_it_read_them(sporsmaal):
    fremmed = TankesmieFactory()
    klient, adresse = _page(sporsmaal, kog(sporsmaal.nettverk))
    assert klient.get(adresse).status_code == 403
    klient, _adresse = _page(sporsmaal)
    sted = [sporsmaal.nettverk.slug, fremmed.pk]
    assert klient.get(reverse("fremtidsbilder:stemmer", args=sted)).status_code == 404


def test_a_card_that_names_somebody_who_works_in_the_network_is_marked(sporsmaal):
    klient, adresse = _page(sporsmaal)
    ansatt = koordinator(sporsmaal.nettverk)
    Person.objects.filter(pk=ansatt.pk).update(navn="Kari Nordmann")
    BidragFactory(sporsmaal=sporsmaal, tekst="Læreren er streng")
    BidragFactory(sporsmaal=sporsmaal, tekst="Kari Nordmann er streng")

    side = klient.get(adresse).content.decode()

    assert side.count("Nevner en i nettverket") == 1
    assert "Nevner en i nettverket: Kari Nordmann" in side
    # It is read first.
    assert side.index("Kari Nordmann er streng") < side.index("Læreren er streng")
