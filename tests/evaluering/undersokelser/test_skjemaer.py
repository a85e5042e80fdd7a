"""Forms in versions: what has been used never changes, and the next is made of it."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from evaluering.models import Skjema, Sporsmaal
from evaluering.undersokelser import runder, skjemaer
from evaluering.undersokelser.maler import maler
from nettverk.models import Nettverk
from nettverk.skriving.konflikt import KanIkke, Lukket
from tests.evaluering.factories import SporsmaalFactory, UndersokelseFactory
from tests.nettverk.factories import NettverkFactory
from tests.samtidig import at_once

pytestmark = pytest.mark.django_db

MAL = "samlingsevaluering"


def texts(skjema) -> list[str]:
    return [ett.tekst for ett in skjemaer.questions(skjema)]


def test_the_template_is_copied_once_in_the_networks_own_written_form():
    bokmaal, nynorsk = NettverkFactory(maalform="nb"), NettverkFactory(maalform="nn")

    en = skjemaer.newest(bokmaal, MAL)
    to = skjemaer.newest(nynorsk, MAL)

    assert skjemaer.newest(bokmaal, MAL) == en
    assert texts(en)[2] == "Jeg vet hva vi skal gjøre til neste gang."
    assert texts(to)[2] == "Eg veit kva vi skal gjere til neste gong."
    assert [ett.noekkel for ett in skjemaer.questions(en)] == [
        ett.noekkel for ett in skjemaer.questions(to)
    ]


def test_every_template_is_whole_in_all_three_languages():
    for mal in maler().values():
        for maalform in ("nb", "nn", "en"):
            nettverk = Nettverk(maalform=maalform)
            assert mal.tittel[nettverk.maalform]
            assert all(ett["tekst"][maalform] for ett in mal.sporsmaal)
            assert len({ett["noekkel"] for ett in mal.sporsmaal}) == len(mal.sporsmaal)


def test_questions_are_added_moved_changed_and_removed_until_it_is_opened():
    nettverk = NettverkFactory()
    skjema = skjemaer.newest(nettverk, MAL)
    undersokelse = runder.make(skjema, nettverk=nettverk, tittel="Høst")
    ny = skjemaer.add(undersokelse, felt={"type": "tekst", "tekst": "Maten?"})
    skjemaer.move(undersokelse, ny.noekkel, plass=1)
    skjemaer.change(undersokelse, ny.noekkel, felt={"tekst": "Var maten god?"})
    skjemaer.remove(undersokelse, "opplegg")
    skjemaer.remove(undersokelse, "opplegg")

    assert undersokelse.skjema == skjema
    assert [ett.noekkel for ett in skjemaer.questions(skjema)] == [
        "eget1",
        "relevant",
        "neste",
        "ta_med",
        "annerledes",
    ]
    assert texts(skjema)[0] == "Var maten god?"
    runder.open_it(undersokelse)
    with pytest.raises(Lukket):
        skjemaer.move(undersokelse, "neste", plass=1)


def test_the_next_survey_asks_the_newest_version_and_the_first_stands_as_it_was():
    nettverk = NettverkFactory()
    foerste = runder.make(skjemaer.newest(nettverk, MAL), nettverk=nettverk, tittel="Vår")
    runder.open_it(foerste)
    andre = runder.make(skjemaer.newest(nettverk, MAL), nettverk=nettverk, tittel="Høst")
    assert andre.skjema == foerste.skjema
    foer = texts(foerste.skjema)

    skjemaer.change(andre, "opplegg", felt={"tekst": "Dagen var godt lagt opp."})

    andre.refresh_from_db()
    assert (andre.skjema.utgave, andre.skjema.forrige) == (2, foerste.skjema)
    assert texts(foerste.skjema) == foer
    assert texts(andre.skjema)[1] == "Dagen var godt lagt opp."
    assert skjemaer.newest(nettverk, MAL) == andre.skjema


def test_a_key_that_another_version_had_is_not_given_to_another_question():
    nettverk = NettverkFactory()
    undersokelse = runder.make(skjemaer.newest(nettverk, MAL), nettverk=nettverk, tittel="Vår")
    skjemaer.add(undersokelse, felt={"type": "tekst", "tekst": "Maten?"})
    runder.open_it(undersokelse)
    neste = runder.make(skjemaer.newest(nettverk, MAL), nettverk=nettverk, tittel="Høst")
    skjemaer.remove(neste, "eget1")

    ny = skjemaer.add(neste, felt={"type": "tekst", "tekst": "Rommet?"})

    assert ny.noekkel == "eget2"


def test_a_survey_keeps_its_last_question_and_has_no_more_than_thirty():
    undersokelse = UndersokelseFactory()
    ett = SporsmaalFactory(skjema=undersokelse.skjema)
    with pytest.raises(KanIkke):
        skjemaer.remove(undersokelse, ett.noekkel)
    for _nr in range(29):
        skjemaer.add(undersokelse, felt={"type": "tekst", "tekst": "Mer?"})

    with pytest.raises(KanIkke):
        skjemaer.add(undersokelse, felt={"type": "tekst", "tekst": "En til?"})


def test_the_database_refuses_every_change_of_a_version_in_use():
    undersokelse = UndersokelseFactory()
    ett = SporsmaalFactory(skjema=undersokelse.skjema)
    undersokelse.aapnet = timezone.now()
    undersokelse.save()
    annet = UndersokelseFactory(nettverk=undersokelse.nettverk)
    forsoek = [
        lambda: Sporsmaal.objects.filter(pk=ett.pk).update(tekst="Et annet"),
        lambda: SporsmaalFactory(skjema=undersokelse.skjema),
        lambda: Skjema.objects.filter(pk=undersokelse.skjema_id).update(tittel="En annen"),
        lambda: type(undersokelse).objects.filter(pk=undersokelse.pk).update(skjema=annet.skjema),
        lambda: type(undersokelse).objects.filter(pk=undersokelse.pk).update(aapnet=None),
        lambda: _delete(ett),
    ]

    for act in forsoek:
        with pytest.raises(DatabaseError), transaction.atomic():
            act()

    assert texts(undersokelse.skjema) == [ett.tekst]


def _delete(ett: Sporsmaal) -> None:
    Sporsmaal.objects.filter(pk=ett.pk).delete()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.django_db(transaction=True)
def test_a_network_with_a_survey_in_use_can_still_be_deleted():
    undersokelse = UndersokelseFactory()
    SporsmaalFactory(skjema=undersokelse.skjema)
    undersokelse.aapnet = timezone.now()
    undersokelse.save()

    undersokelse.nettverk.delete()

    assert not Skjema.objects.exists()
    assert not Sporsmaal.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_begin_at_once_get_the_same_version():
    nettverk = NettverkFactory()

    svar = at_once(*(lambda: skjemaer.newest(nettverk, MAL).pk for _nr in range(3)))

    assert len(set(svar)) == 1
    assert Skjema.objects.count() == 1
