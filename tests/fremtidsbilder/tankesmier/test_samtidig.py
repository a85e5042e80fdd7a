"""Many at the same moment: twenty phones, dots, and the number that those who watch ask for."""

import threading
import uuid

import pytest
from django.db import connections

from fremtidsbilder.models import Bidrag, Prikk, Stemmegruppe, Tankesmie
from fremtidsbilder.tankesmier import bidrag, klynger, moderering, prikker, stemmegrupper, styring
from fremtidsbilder.tankesmier.bidrag import Skrevet
from fremtidsbilder.tankesmier.paavegne import speak_for
from fremtidsbilder.tankesmier.vegg import read_wall
from nettverk.skriving.konflikt import KanIkke
from tests.fremtidsbilder.tankesmiefabrikk import BidragFactory, KlyngeFactory, SporsmaalFactory
from tests.samtidig import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def aapent():
    sporsmaal = SporsmaalFactory()
    styring.open_question(sporsmaal)
    sporsmaal.refresh_from_db()
    return sporsmaal


def test_twenty_phones_at_once_lose_nothing_and_double_nothing(aapent):
    rader = [Skrevet(uuid.uuid4(), aapent.pk, f"Tekst {n}") for n in range(20)]

    # Each is sent twice, as when the answer was lost.
    at_once(*(lambda rad=rad: bidrag.contribute(aapent.tankesmie, [rad]) for rad in rader * 2))

    assert sorted(aapent.bidrag.values_list("nokkel", flat=True)) == sorted(r.nokkel for r in rader)


def test_the_number_follows_the_order_of_the_commits(aapent):
    """Who has seen the number n, has seen every card that was written before it was n."""
    ferdig = threading.Event()
    sett: list[tuple[int, int]] = []

    def watch() -> None:
        try:
            while not ferdig.is_set():
                versjon = Tankesmie.objects.get(pk=aapent.tankesmie_id).versjon
                sett.append((versjon, Bidrag.objects.filter(sporsmaal=aapent).count()))
        finally:
            connections.close_all()

    seer = threading.Thread(target=watch)
    seer.start()
    foer = Tankesmie.objects.get(pk=aapent.tankesmie_id).versjon
    at_once(
        *(
            lambda: [
                bidrag.contribute(aapent.tankesmie, [Skrevet(uuid.uuid4(), aapent.pk, "x")])
                for _ in range(5)
            ]
            for _ in range(8)
        )
    )
    ferdig.set()
    seer.join()

    # One card for each number: never fewer cards than the number that was read before them tells.
    assert all(antall >= versjon - foer for versjon, antall in sett)
    assert Tankesmie.objects.get(pk=aapent.tankesmie_id).versjon == foer + 40


def test_a_phone_gives_no_more_dots_than_it_has_however_manyat_once(aapent):
    styring.give_dots(aapent, prikker=3)
    kort = BidragFactory.create_batch(10, sporsmaal=aapent)
    velger = uuid.uuid4()

    svar = at_once(*(lambda k=k: prikker.give(aapent, bidrag=k.pk, velger=velger) for k in kort))

    assert Prikk.objects.filter(velger=velger).count() == 3
    assert sum(s is not None for s in svar) == 7


def test_a_dot_on_the_same_card_twice_is_one(aapent):
    styring.give_dots(aapent, prikker=3)
    kort = BidragFactory(sporsmaal=aapent)
    velger = uuid.uuid4()

    at_once(*[lambda: prikker.give(aapent, bidrag=kort.pk, velger=velger)] * 4)

    assert Prikk.objects.count() == 1


def test_a_card_dragged_into_a_theme_while_it_is_merged_is_in_the_one_that_is_shown(aapent):
    lek, ute = (KlyngeFactory(sporsmaal=aapent, navn=n) for n in ("Lek", "Ute"))
    kort = BidragFactory.create_batch(6, sporsmaal=aapent)

    at_once(
        lambda: klynger.merge(aapent, ute.pk, inn_i=lek.pk),
        *(lambda k=k: klynger.place(aapent, [k.pk], tema=ute.pk) for k in kort),
    )

    (tema,) = read_wall(aapent).temaer
    assert (tema.navn, len(tema.kort)) == ("Lek", 6)


def test_who_writes_many_anew_and_who_arranges_the_same_do_not_stop_each_other(aapent):
    # The newest card has the lowest key, so that the two orders are opposite.
    nokler = sorted((uuid.uuid4() for _ in range(30)), reverse=True)
    for nokkel in nokler:
        bidrag.contribute(aapent.tankesmie, [Skrevet(nokkel, aapent.pk, "Ute")])
    tema = KlyngeFactory(sporsmaal=aapent)
    pk_er = list(aapent.bidrag.order_by("pk").values_list("pk", flat=True))

    def write() -> None:
        for utgave in range(2, 40):
            rader = [Skrevet(n, aapent.pk, f"Ute {utgave}", utgave) for n in nokler]
            bidrag.contribute(aapent.tankesmie, rader)

    def arrange() -> None:
        for nr in range(38):
            klynger.place(aapent, pk_er, tema=tema.pk if nr % 2 else None)

    assert at_once(write, arrange) == [None, None]


def test_a_group_that_is_taken_away_as_it_is_used_is_either_gone_or_stays(aapent):
    tankesmie = aapent.tankesmie
    for nr in range(8):
        gruppe = Stemmegruppe.objects.create(nettverk=tankesmie.nettverk, navn=f"Elever {nr}")
        tankesmie.grupper.add(gruppe)
        rader = [Skrevet(uuid.uuid4(), aapent.pk, "Lek", gruppe=gruppe.pk) for _nr in range(4)]

        def speak(gruppe: Stemmegruppe = gruppe) -> None:
            speak_for(aapent, gruppe=gruppe, antall=2, tekst="Mer lek")

        svar = at_once(
            lambda gruppe=gruppe: stemmegrupper.remove(gruppe),
            speak,
            *(lambda rad=rad: bidrag.contribute(tankesmie, [rad]) for rad in rader),
        )

        # Told why, and nothing else went wrong.
        feil = [s for s in svar if isinstance(s, Exception) and not isinstance(s, KanIkke)]
        assert feil == []
        assert aapent.bidrag.filter(nokkel__in=[rad.nokkel for rad in rader]).count() == 4


def test_two_questions_started_at_once_leave_one_open(aapent):
    andre = SporsmaalFactory.create_batch(3, tankesmie=aapent.tankesmie)

    at_once(*(lambda s=s: styring.open_question(s) for s in andre))

    assert aapent.tankesmie.sporsmaal.filter(status="aapent").count() == 1


# --- dots, one at a time


def test_a_dot_is_taken_back_and_one_on_a_hidden_card_is_free_again(aapent):
    styring.give_dots(aapent, prikker=1)
    en, to = BidragFactory.create_batch(2, sporsmaal=aapent)
    velger = uuid.uuid4()
    prikker.give(aapent, bidrag=en.pk, velger=velger)
    with pytest.raises(KanIkke):
        prikker.give(aapent, bidrag=to.pk, velger=velger)

    moderering.hide(aapent, [en.pk])
    prikker.give(aapent, bidrag=to.pk, velger=velger)
    assert prikker.own(aapent, velger) == {to.pk}
    prikker.take_back(aapent, bidrag=to.pk, velger=velger)

    assert prikker.own(aapent, velger) == set()


def test_there_are_no_dots_when_nobody_has_asked_for_them(aapent):
    kort = BidragFactory(sporsmaal=aapent)

    with pytest.raises(KanIkke):
        prikker.give(aapent, bidrag=kort.pk, velger=uuid.uuid4())
