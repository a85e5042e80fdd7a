"""What is written in a tankesmie: nothing is lost, nothing comes twice, and what is taken away is gone."""

import datetime
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fremtidsbilder.models import Bidrag
from fremtidsbilder.models.tankesmie import MAKS_TEGN
from fremtidsbilder.tankesmier import bidrag, inngang, moderering, styring
from fremtidsbilder.tankesmier.bidrag import Skrevet
from fremtidsbilder.tankesmier.vegg import cloud, read_wall, voices
from nettverk.models import Person
from nettverk.skriving.konflikt import KanIkke
from tests.fremtidsbilder.tankesmiefabrikk import (
    BidragFactory,
    SporsmaalFactory,
    TankesmieFactory,
)
from tests.nettverk.factories import koordinator

pytestmark = pytest.mark.django_db


@pytest.fixture
def aapent():
    sporsmaal = SporsmaalFactory()
    styring.open_question(sporsmaal)
    sporsmaal.refresh_from_db()
    return sporsmaal


def _row(sporsmaal, tekst="Vi leser høyt", **felt) -> Skrevet:
    return Skrevet(felt.pop("nokkel", None) or uuid.uuid4(), sporsmaal.pk, tekst, **felt)


def _texts(sporsmaal) -> list[str]:
    return sorted(sporsmaal.bidrag.shown().values_list("tekst", flat=True))


def _version(sporsmaal) -> int:
    sporsmaal.tankesmie.refresh_from_db()
    return sporsmaal.tankesmie.versjon


def test_the_same_rows_twice_are_the_same_cards_and_nothing_has_changed(aapent):
    rader = [_row(aapent, "En", bord=3), _row(aapent, "To", bord=99)]
    bidrag.contribute(aapent.tankesmie, rader)
    versjon = _version(aapent)

    svar = bidrag.contribute(aapent.tankesmie, rader)

    assert set(svar.values()) == {""}
    assert sorted(aapent.bidrag.values_list("tekst", "bord")) == [("En", 3), ("To", None)]
    assert _version(aapent) == versjon


def test_the_newest_edition_stands_however_late_an_older_one_comes(aapent):
    foerste = _row(aapent, "Før")
    andre = _row(aapent, "Etter", nokkel=foerste.nokkel, utgave=2)

    bidrag.contribute(aapent.tankesmie, [andre])
    svar = bidrag.contribute(aapent.tankesmie, [foerste])

    assert svar == {foerste.nokkel: ""}
    assert _texts(aapent) == ["Etter"]


def test_two_editions_in_one_list_are_the_newest(aapent):
    foerste = _row(aapent, "Før")

    bidrag.contribute(
        aapent.tankesmie, [_row(aapent, "Etter", nokkel=foerste.nokkel, utgave=2), foerste]
    )

    assert _texts(aapent) == ["Etter"]


def test_what_is_taken_back_is_gone_and_does_not_come_again(aapent):
    skrevet = _row(aapent)
    bidrag.contribute(aapent.tankesmie, [skrevet])

    bidrag.contribute(aapent.tankesmie, [_row(aapent, "", nokkel=skrevet.nokkel, utgave=2)])
    bidrag.contribute(aapent.tankesmie, [skrevet])

    assert _texts(aapent) == []
    assert read_wall(aapent, med_skjulte=True).antall == 0


def test_a_key_of_another_question_changes_nothing_there(aapent):
    fremmed = BidragFactory(tekst="Deres")

    bidrag.contribute(aapent.tankesmie, [_row(aapent, "Mitt", nokkel=fremmed.nokkel, utgave=9)])

    fremmed.refresh_from_db()
    assert fremmed.tekst == "Deres"


def test_a_question_that_has_not_begun_or_is_another_tankesmies_takes_nothing(aapent):
    kommende = SporsmaalFactory(tankesmie=aapent.tankesmie)
    fremmed = SporsmaalFactory()
    rader = [_row(kommende), _row(fremmed)]

    svar = bidrag.contribute(aapent.tankesmie, rader)

    assert list(svar.values()) == [
        "Spørsmålet er ikke åpnet ennå.",
        "Spørsmålet finnes ikke lenger.",
    ]
    assert not Bidrag.objects.exists()


# --- frozen while somebody writes


def test_what_was_written_before_it_was_frozen_is_taken_when_the_network_is_back(aapent):
    for_en_time_siden = timezone.now() - datetime.timedelta(hours=1)
    aapent.status, aapent.frosset = "frosset", for_en_time_siden
    aapent.save()
    foer = _row(aapent, "Før", skrevet=for_en_time_siden - datetime.timedelta(minutes=5))
    etter = _row(aapent, "Etter", skrevet=for_en_time_siden + datetime.timedelta(minutes=5))

    svar = bidrag.contribute(aapent.tankesmie, [foer, etter])

    assert svar[foer.nokkel] == ""
    assert svar[etter.nokkel] == "Spørsmålet er stengt; teksten din er tatt vare på her."
    assert _texts(aapent) == ["Før"]


def test_the_last_words_are_taken_just_after_it_was_frozen(aapent):
    styring.freeze_question(aapent)

    bidrag.contribute(aapent.tankesmie, [_row(aapent, "Sist")])

    assert _texts(aapent) == ["Sist"]


def test_nothing_is_taken_hours_after_whatever_the_phone_says(aapent):
    lenge_siden = timezone.now() - bidrag.SENEST - datetime.timedelta(minutes=1)
    aapent.status, aapent.frosset = "frosset", lenge_siden
    aapent.save()
    rad = _row(aapent, skrevet=lenge_siden - datetime.timedelta(days=1))

    assert bidrag.contribute(aapent.tankesmie, [rad])[rad.nokkel] != ""


def test_a_clock_ahead_of_ours_does_not_shut_one_out(aapent):
    rad = _row(aapent, skrevet=timezone.now() + datetime.timedelta(days=400))

    assert bidrag.contribute(aapent.tankesmie, [rad]) == {rad.nokkel: ""}


def test_closing_freezes_what_is_open_and_takes_what_was_written_before(aapent):
    foer = timezone.now()
    styring.close(aapent.tankesmie)
    aapent.refresh_from_db()
    aapent.frosset -= datetime.timedelta(minutes=10)
    aapent.save()
    kom_for_sent = _row(aapent, "For sent")
    var_skrevet = _row(aapent, "Skrevet", skrevet=foer - datetime.timedelta(minutes=11))

    bidrag.contribute(aapent.tankesmie, [kom_for_sent, var_skrevet])

    assert _texts(aapent) == ["Skrevet"]


# --- one question at a time


def test_one_question_is_open_and_starting_the_next_freezes_it(aapent):
    neste = SporsmaalFactory(tankesmie=aapent.tankesmie)

    styring.open_question(neste, minutter=10)

    aapent.refresh_from_db()
    neste.refresh_from_db()
    assert (aapent.status, neste.status) == ("frosset", "aapent")
    assert neste.frist > timezone.now()


def test_a_closed_tankesmie_starts_no_question():
    tankesmie = TankesmieFactory(lukket=timezone.now())
    sporsmaal = SporsmaalFactory(tankesmie=tankesmie)

    with pytest.raises(KanIkke):
        styring.open_question(sporsmaal)


def test_the_one_opened_last_is_the_one_that_is_shown_also_when_it_was_opened_before(aapent):
    andre = SporsmaalFactory(tankesmie=aapent.tankesmie)
    styring.open_question(andre)
    styring.open_question(aapent)
    styring.freeze_question(aapent)

    assert inngang.started(aapent.tankesmie) == [aapent, andre]


def test_a_question_somebody_has_written_to_is_not_deleted(aapent):
    with pytest.raises(KanIkke):
        styring.delete_question(aapent)


def test_what_is_sent_again_when_nothing_more_is_taken_is_told_to_be_there(aapent, monkeypatch):
    skrevet = _row(aapent, "Kom")
    bidrag.contribute(aapent.tankesmie, [skrevet])
    monkeypatch.setattr(bidrag, "MAKS_BIDRAG", 1)
    full = bidrag.contribute(aapent.tankesmie, [ny := _row(aapent, "En til"), skrevet])
    aapent.status = "frosset"
    aapent.frosset = timezone.now() - bidrag.SENEST - datetime.timedelta(minutes=1)
    aapent.save()

    igjen = bidrag.contribute(aapent.tankesmie, [skrevet])

    assert (
        full[ny.nokkel]
        == "Det er ikke plass til flere bidrag på dette spørsmålet. Si fra til den som leder tankesmia."
    )
    assert full[skrevet.nokkel] == ""
    assert igjen == {skrevet.nokkel: ""}


def test_a_full_wall_has_room_when_cards_are_taken_away_and_ones_own_can_be_mended(
    aapent, monkeypatch
):
    monkeypatch.setattr(bidrag, "MAKS_BIDRAG", 1)
    skrevet = _row(aapent, "Eg")
    bidrag.contribute(aapent.tankesmie, [skrevet])

    rettet = _row(aapent, "Jeg", nokkel=skrevet.nokkel, utgave=2)
    assert bidrag.contribute(aapent.tankesmie, [rettet]) == {skrevet.nokkel: ""}
    bidrag.erase(aapent, [aapent.bidrag.get().pk])
    ny = _row(aapent, "En annen")

    assert bidrag.contribute(aapent.tankesmie, [ny]) == {ny.nokkel: ""}
    assert _texts(aapent) == ["En annen"]


def test_without_an_edition_what_is_sent_last_stands_but_not_over_what_is_erased(aapent):
    foerste = _row(aapent, "Før", utgave=None)
    for tekst in ("Før", "Etter"):
        bidrag.contribute(
            aapent.tankesmie, [_row(aapent, tekst, nokkel=foerste.nokkel, utgave=None)]
        )
    assert _texts(aapent) == ["Etter"]
    bidrag.erase(aapent, [aapent.bidrag.get().pk])

    bidrag.contribute(aapent.tankesmie, [foerste])

    assert _texts(aapent) == []


# --- moderation


def test_what_may_name_a_child_is_not_shown_before_somebody_has_read_it(aapent):
    skrevet = _row(aapent, "Eleven Jonas biter")
    bidrag.contribute(aapent.tankesmie, [skrevet, _row(aapent, "Barna leker")])

    assert [kort.tekst for kort in read_wall(aapent).kort] == ["Barna leker"]
    (holdt,) = read_wall(aapent, med_skjulte=True).skjulte
    assert holdt.nevner_barn
    rettet = _row(aapent, "En elev biter", nokkel=skrevet.nokkel, utgave=2)
    bidrag.contribute(aapent.tankesmie, [rettet])

    assert _texts(aapent) == ["Barna leker", "En elev biter"]
    assert not Bidrag.pgh_event_model.objects.exists()


def test_what_names_somebody_of_the_network_waits_as_well_and_costs_one_query(aapent):
    person = koordinator(aapent.nettverk)
    Person.objects.filter(pk=person.pk).update(navn="Åse Skoddeheim")
    skrevet = _row(aapent, "Åse Skoddeheim må slutte")

    def cost(*rader: Skrevet) -> int:
        with CaptureQueriesContext(connection) as spurt:
            bidrag.contribute(aapent.tankesmie, rader)
        return len(spurt)

    uten = cost(_row(aapent, "Rektor må slutte"))
    med = cost(skrevet, *(_row(aapent, f"Skoddeheim, Åse nr. {n}") for n in range(20)))

    assert med == uten + 1
    assert _texts(aapent) == ["Rektor må slutte"]
    # Written anew without the name it is shown: nobody has hidden it.
    bidrag.contribute(aapent.tankesmie, [_row(aapent, "Bra", nokkel=skrevet.nokkel, utgave=2)])
    assert _texts(aapent) == ["Bra", "Rektor må slutte"]


def test_a_card_that_was_hidden_for_another_reason_stays_so_when_it_is_mended(aapent):
    skrevet = _row(aapent, "Sjefen er dum")
    bidrag.contribute(aapent.tankesmie, [skrevet])
    moderering.hide(aapent, [aapent.bidrag.get().pk])

    bidrag.contribute(aapent.tankesmie, [_row(aapent, "Dum", nokkel=skrevet.nokkel, utgave=2)])

    assert _texts(aapent) == []


def test_a_hidden_card_is_gone_from_the_wall_and_can_be_shown_again(aapent):
    kort = BidragFactory(sporsmaal=aapent, valgt=True)

    moderering.hide(aapent, [kort.pk])
    assert read_wall(aapent).antall == 0
    assert voices(read_wall(aapent)) == []
    moderering.show(aapent, [kort.pk])

    assert [k.pk for k in read_wall(aapent).uten_tema] == [kort.pk]


def test_an_erased_text_is_nowhere_and_no_phone_brings_it_back(aapent):
    skrevet = _row(aapent, "Kari er lei seg")
    bidrag.contribute(aapent.tankesmie, [skrevet])
    kort = aapent.bidrag.get()
    bidrag.pick(aapent, [kort.pk])
    moderering.hide(aapent, [kort.pk])

    bidrag.erase(aapent, [kort.pk])
    bidrag.contribute(aapent.tankesmie, [_row(aapent, "Kari", nokkel=skrevet.nokkel, utgave=5)])

    kort.refresh_from_db()
    historie = Bidrag.pgh_event_model.objects.filter(pgh_obj=kort)
    assert kort.tekst == ""
    assert historie.count() == 3  # picked, hidden, and no longer decided
    assert not {"tekst", "nokkel"} & {f.name for f in Bidrag.pgh_event_model._meta.get_fields()}


def test_history_tells_nothing_of_who_wrote(aapent):
    skrevet = _row(aapent)
    bidrag.contribute(aapent.tankesmie, [skrevet])
    bidrag.contribute(aapent.tankesmie, [_row(aapent, "Nytt", nokkel=skrevet.nokkel, utgave=2)])

    assert not Bidrag.pgh_event_model.objects.exists()


def test_paper_is_a_card_for_each_line_also_when_it_is_frozen(aapent):
    styring.freeze_question(aapent)

    bidrag.type_in(aapent, tekst="  Lek ute\n\n\nLesing  \n", bord=4)

    assert list(aapent.bidrag.order_by("pk").values_list("tekst", "bord", "kilde")) == [
        ("Lek ute", 4, "papir"),
        ("Lesing", 4, "papir"),
    ]


def test_paper_that_is_too_long_or_empty_is_told_and_nothing_is_kept(aapent):
    for tekst in ("  \n ", "x" * (MAKS_TEGN + 1)):
        with pytest.raises(KanIkke):
            bidrag.type_in(aapent, tekst=tekst)

    assert not aapent.bidrag.exists()


def test_keys_are_forgotten_when_it_has_been_closed_for_a_while(aapent):
    kort = BidragFactory(sporsmaal=aapent)
    kort.prikker.create(velger=uuid.uuid4())
    styring.close(aapent.tankesmie)
    lukket = timezone.now()

    assert styring.purge(lukket + datetime.timedelta(days=13)) == 0
    assert styring.purge(lukket + datetime.timedelta(days=15)) == 2

    kort.refresh_from_db()
    assert (kort.nokkel, kort.tekst != "", kort.prikker.count()) == (None, True, 1)


# --- the cloud


def test_the_cloud_counts_cards_and_leaves_out_the_small_words():
    ordene = cloud(["Lek og lek i skogen", "Leken er viktig, og vi har lek", "lek ikke bare"])

    assert [(o.ord, o.antall, o.trinn) for o in ordene] == [("lek", 3, 5)]


def test_script_tags_emoji_and_right_to_left_come_through_as_they_were_written(aapent):
    tekster = ["<script>alert(1)</script>", "👩‍🏫🎉", "שלום \u202e ילדים"]

    bidrag.contribute(aapent.tankesmie, [_row(aapent, t) for t in tekster])

    assert _texts(aapent) == sorted(tekster)
