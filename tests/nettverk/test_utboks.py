"""The outbox: what was sent, how it went, and once more – for those who may."""

import re
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from nettverk.arbeid import brev
from nettverk.arbeid.gjelder import gjelder
from nettverk.models import Brev, Gruppe, Jobb, Person, Verv
from nettverk.tilgang.tillatelser import kan
from tests.nettverk.factories import (
    NettverkFactory,
    PersonFactory,
    kog,
    koordinator,
    medlem,
)
from tests.rolu.factories import SamlingFactory

pytestmark = pytest.mark.django_db
SLAG = brev.brevslag("proeve.utboks", "Prøvebrev", tillatelse="nettverk.change_nettverk")


@pytest.fixture
def nettverk():
    return NettverkFactory()


def _som(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def _sending(nettverk, by, antall=1, **felt) -> list[Brev]:
    samling = SamlingFactory.build(nettverk=nettverk)
    sendt = brev.queue_many(
        [
            brev.Utkast(p, "rolu/epost/avlysning.txt", str(uuid.uuid4()), {"samling": samling})
            for p in PersonFactory.create_batch(antall)
        ],
        nettverk=nettverk,
        slag=SLAG,
        om=nettverk,
        by=by,
    )
    Brev.objects.filter(pk__in=[b.pk for b in sendt]).update(**felt)
    return sendt


def _url(navn, nettverk, *mer) -> str:
    return reverse(f"nettverk:utboks{navn}", args=[nettverk.slug, *mer])


def test_the_coordinator_sees_each_sending_with_how_it_went(nettverk):
    k = koordinator(nettverk)
    forste, andre = _sending(nettverk, k, 2)
    Brev.objects.filter(pk=forste.pk).update(tilstand="sendt", sendt=timezone.now())
    Brev.objects.filter(pk=andre.pk).update(tilstand="avvist", grunn="adresse")
    _sending(nettverk, k)
    _sending(NettverkFactory(), koordinator(NettverkFactory()))

    rader = _som(k).get(_url("", nettverk)).context["rader"]

    assert [(r["venter"], r["sendt"], r["mislykket"]) for r in rader] == [(1, 0, 0), (0, 1, 1)]
    assert rader[0]["om"] == nettverk.navn


def test_who_reaches_the_outbox(nettverk):
    sender, andre = (medlem(nettverk, gruppetype=Gruppe.Type.FAGMILJO) for _ in range(2))
    [mitt] = _sending(nettverk, sender)
    _sending(nettverk, koordinator(nettverk))

    side = _som(sender).get(_url("", nettverk))
    assert [r["sending"] for r in side.context["rader"]] == [mitt.sending]
    assert len(_som(kog(nettverk)).get(_url("", nettverk)).context["rader"]) == 2
    assert _som(andre).get(_url("", nettverk)).status_code == 403
    assert _som(andre).get(_url("_sending", nettverk, mitt.sending)).status_code == 404
    assert _som(andre).get(_url("_brev", nettverk, mitt.pk)).status_code == 404


def test_the_outbox_names_nothing_that_only_the_address_asks_about(nettverk):
    k, fremmed = koordinator(nettverk), NettverkFactory(navn="Det hemmelige nettverket")
    _sending(fremmed, koordinator(fremmed))
    _sending(nettverk, k)

    svar = _som(k).get(_url("", nettverk), {"gjelder": gjelder(fremmed)})
    assert fremmed.navn not in svar.text
    assert svar.context["om_hva"] == ""
    svar = _som(k).get(_url("", nettverk), {"gjelder": gjelder(nettverk)})
    assert svar.context["om_hva"] == nettverk.navn


@pytest.mark.parametrize(
    "om",
    ["\x00", "nettverk.Person:007", "nettverk.Person:٣", "nettverk.Person:²", "x.Y:" + "9" * 5000],
)
def test_an_address_that_means_nothing_finds_nothing(nettverk, om):
    svar = _som(koordinator(nettverk)).get(_url("", nettverk), {"gjelder": om})

    assert (svar.status_code, svar.context["om_hva"]) == (200, "")


def test_who_has_sent_letters_and_left_the_network_reaches_none(nettverk):
    sender = medlem(nettverk, gruppetype=Gruppe.Type.FAGMILJO)
    [b] = _sending(nettverk, sender)
    assert _som(sender).get(_url("", nettverk)).status_code == 200
    assert kan(sender, "nettverk.send_brev", nettverk)

    Verv.objects.filter(person=sender).delete()
    sender = Person.objects.get(pk=sender.pk)

    assert _som(sender).get(_url("", nettverk)).status_code == 403
    assert _som(sender).get(_url("_brev", nettverk, b.pk)).status_code == 403
    assert not kan(sender, "nettverk.send_brev", nettverk)


def test_the_refusal_names_only_roles_that_somebody_can_hold(nettverk):
    person = medlem(nettverk, gruppetype=Gruppe.Type.FAGMILJO)

    svar = _som(person).get(_url("", nettverk))

    assert svar.status_code == 403
    assert "den som har sendt brev" not in svar.text
    assert len(svar.context["roller_som_kan"]) == 2


def test_the_menu_has_it_for_those_who_run_the_network(nettverk):
    """Under «Nettverket», and behind «Mer» on a phone, from every page."""
    lenke = f'href="{_url("", nettverk)}"'

    def has(person):
        sider = [
            _som(person).get(reverse(f"nettverk:{navn}", args=[nettverk.slug])).text
            for navn in ("gruppe_list", "nettverket")
        ]
        return [lenke in sider[0], lenke in sider[1].split("<main")[1].split("</main")[0]]

    assert has(koordinator(nettverk)) == [True, True]
    assert has(kog(nettverk)) == [True, True]
    uten = has(medlem(nettverk, gruppetype=Gruppe.Type.STYRINGSGRUPPE))
    assert uten == [False, False]


def test_the_letters_are_shown_by_state_and_the_failed_first(nettverk):
    k = koordinator(nettverk)
    alle = _sending(nettverk, k, 3)
    Brev.objects.filter(pk=alle[2].pk).update(tilstand="feilet", grunn="uvisst")
    adresse = _url("_sending", nettverk, alle[0].sending)

    svar = _som(k).get(adresse)
    assert next(iter(svar.context["side"])) == alle[2]
    assert "Sendingen ble avbrutt, så vi vet ikke om e-posten kom frem." in svar.text
    bare = _som(k).get(adresse, {"tilstand": "mislykket"}).context["side"]
    assert list(bare) == [alle[2]]
    assert len(_som(k).get(adresse, {"tilstand": "tull"}).context["side"]) == 3


def test_a_long_sending_is_paged_with_what_failed_and_what_waits_first(nettverk):
    k = koordinator(nettverk)
    alle = _sending(nettverk, k, 55, tilstand="sendt", sendt=timezone.now())
    Brev.objects.filter(pk=alle[53].pk).update(tilstand="venter", sendt=None)
    Brev.objects.filter(pk=alle[54].pk).update(tilstand="avvist", grunn="adresse", sendt=None)
    adresse = _url("_sending", nettverk, alle[0].sending)

    forste = list(_som(k).get(adresse).context["side"])

    assert [b.pk for b in forste[:2]] == [alle[54].pk, alle[53].pk]
    assert len(forste) == 50
    assert len(list(_som(k).get(adresse, {"side": 2}).context["side"])) == 5


def test_one_or_all_of_the_failed_are_tried_again(nettverk):
    k = koordinator(nettverk)
    alle = _sending(nettverk, k, 3, tilstand="avvist", grunn="adresse")
    client = _som(k)

    client.post(_url("_brev_proev_igjen", nettverk, alle[0].pk))
    assert Brev.objects.waiting().count() == 1
    svar = client.post(_url("_sending_proev_igjen", nettverk, alle[0].sending), follow=True)

    assert "2 e-poster blir sendt på nytt." in svar.text
    assert (Brev.objects.waiting().count(), Jobb.objects.active().count()) == (3, 1)


def test_only_those_that_are_ticked_are_tried_again(nettverk):
    k = koordinator(nettverk)
    alle = _sending(nettverk, k, 3, tilstand="avvist", grunn="adresse")
    [annen] = _sending(nettverk, k, tilstand="avvist", grunn="adresse")
    client = _som(k)
    liste = _url("_sending", nettverk, alle[0].sending) + "?tilstand=mislykket"
    assert 'name="valgt"' in client.get(liste).text
    adresse = _url("_sending_proev_igjen", nettverk, alle[0].sending)

    # One that failed, one of another sending, and what is no number.
    valgt = [alle[1].pk, annen.pk, "²", ""]
    svar = client.post(adresse, {"valgt": valgt, "tilbake": liste}, follow=True)

    assert "1 e-post blir sendt på nytt." in svar.text
    assert svar.redirect_chain[-1][0] == liste
    assert [b.pk for b in Brev.objects.waiting()] == [alle[1].pk]
    # Pressed twice: nothing more is sent.
    client.post(adresse, {"valgt": [alle[1].pk]})
    client.post(adresse, {"valgt": ["tull"]})
    assert Brev.objects.waiting().count() == 1


def _way_back(html: str) -> dict[str, str]:
    """What the bar of acts carries from the list above it."""
    [verdi] = re.findall(
        r'<input type="hidden" form="valgte" name="tilbake" value="([^"]*)">', html
    )
    return {"tilbake": verdi}


def test_the_bar_of_acts_without_anything_ticked_sends_nothing(nettverk):
    k = koordinator(nettverk)
    [feilet] = _sending(nettverk, k, tilstand="avvist", grunn="adresse")
    client = _som(k)
    liste = _url("_sending", nettverk, feilet.sending) + "?tilstand=mislykket"
    adresse = _url("_sending_proev_igjen", nettverk, feilet.sending)
    html = client.get(liste).text
    [form] = re.findall(r'<form\s+id="valgte".*?</form>', html, re.S)
    felt = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form)
    fra_baren = dict(felt) | _way_back(html)

    svar = client.post(adresse, fra_baren, follow=True)

    assert "Velg noen først." in svar.text
    assert svar.redirect_chain[-1][0] == liste
    assert not Brev.objects.waiting().exists()


def test_the_bar_of_acts_is_there_when_the_search_gave_nothing_at_first(nettverk):
    """What is searched for next is put into the page without it being drawn again."""
    k = koordinator(nettverk)
    [feilet] = _sending(nettverk, k, tilstand="avvist", grunn="adresse")
    side = _url("_sending", nettverk, feilet.sending)

    assert 'id="valgte"' in _som(k).get(side, {"q": "finnesikke"}).text
    assert 'id="valgte"' not in _som(kog(nettverk)).get(side).text


def test_the_way_back_from_the_bar_of_acts_follows_the_choices(nettverk):
    """It is in what htmx swaps, and belongs to the bar's form."""
    k = koordinator(nettverk)
    [feilet] = _sending(nettverk, k, tilstand="avvist", grunn="adresse")
    side = _url("_sending", nettverk, feilet.sending) + "?tilstand=mislykket"

    bare_rader = _som(k).get(side, headers={"HX-Request": "true"}).text
    hele = _som(k).get(side).text

    assert _way_back(bare_rader) == _way_back(hele) == {"tilbake": side}
    assert 'name="tilbake"' not in hele.split('id="valgte"')[1].split("</form>")[0]
    assert 'id="valgte"' not in bare_rader


def test_a_letter_that_went_and_one_for_who_may_not_send_have_no_box(nettverk):
    k = koordinator(nettverk)
    [sendt] = _sending(nettverk, k, tilstand="sendt", sendt=timezone.now())
    [feilet] = _sending(nettverk, k, tilstand="avvist", grunn="adresse")

    assert 'name="valgt"' not in _som(k).get(_url("_sending", nettverk, sendt.sending)).text
    side = _url("_sending", nettverk, feilet.sending)
    assert 'name="valgt"' in _som(k).get(side).text
    assert 'name="valgt"' not in _som(kog(nettverk)).get(side).text


def test_a_sending_is_searched_by_the_name_of_who_gets_it(nettverk):
    k = koordinator(nettverk)
    alle = _sending(nettverk, k, 3)
    Person.objects.filter(pk=alle[1].til_id).update(navn="Åse Aasen")
    side = _url("_sending", nettverk, alle[0].sending)

    svar = _som(k).get(side, {"q": "åsen"})
    assert list(svar.context["side"]) == [alle[1]]
    assert svar.context["liste"].brikker[0][0].antall == 1
    tomt = _som(k).get(side, {"q": "finnesikke"}).text
    assert "Ingen e-poster her" in tomt
    assert "Vis alle" in tomt


def test_the_outbox_shows_the_sendings_in_which_something_did_not_go(nettverk):
    k = koordinator(nettverk)
    forste, andre = _sending(nettverk, k, 2)
    Brev.objects.filter(pk=andre.pk).update(tilstand="avvist", grunn="adresse")
    _sending(nettverk, k)

    svar = _som(k).get(_url("", nettverk), {"tilstand": "mislykket"})

    [rad] = svar.context["rader"]
    # The sending as a whole, with what else is in it.
    assert (rad["sending"], rad["venter"], rad["mislykket"]) == (forste.sending, 1, 1)
    assert [b.antall for b in svar.context["liste"].brikker[0]] == [2, 2, 1]


def test_kog_sees_and_does_not_send(nettverk):
    [b] = _sending(nettverk, koordinator(nettverk), tilstand="avvist", grunn="adresse")
    client = _som(kog(nettverk))

    svar = client.get(_url("_brev", nettverk, b.pk))

    assert svar.context["kan_sende"] is False
    assert client.post(_url("_brev_proev_igjen", nettverk, b.pk)).status_code == 403


def test_a_letter_is_read_as_it_was_written_and_tells_when_its_text_is_gone(nettverk):
    k = koordinator(nettverk)
    [b] = _sending(nettverk, k)
    client = _som(k)

    side = client.get(_url("_brev", nettverk, b.pk)).text
    assert "dessverre avlyst" in side
    # No space of the template's own stands before the first line.
    assert "<p>Hei, " in side
    assert "@<wbr>" in side
    Brev.objects.update(tekst="")
    assert "Teksten er ikke tatt vare på." in client.get(_url("_brev", nettverk, b.pk)).text


def test_the_pages_cost_the_same_with_one_and_many(nettverk):
    k = koordinator(nettverk)
    client = _som(k)
    [b] = _sending(nettverk, k)

    def cost() -> list[int]:
        tall = []
        for adresse in (_url("", nettverk), _url("_sending", nettverk, b.sending)):
            with CaptureQueriesContext(connection) as spurt:
                assert client.get(adresse).status_code == 200
            tall.append(len(spurt))
        return tall

    cost()
    en = cost()
    for nummer in range(4):
        _sending(nettverk, k)
        Brev.objects.filter(pk=Brev.objects.latest("pk").pk).update(
            sending=b.sending if nummer % 2 else uuid.uuid4()
        )

    assert cost() == en
    assert max(en) <= 9
