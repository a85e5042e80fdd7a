"""Small numbers: nobody's answer is read from what is shown, or from the difference between two things shown."""

import datetime
import itertools
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluering.models import Svar, Svarverdi
from evaluering.undersokelser import mottak, resultat, rydding, tegninger
from evaluering.undersokelser.mottak import Verdi
from tests.evaluering.factories import SporsmaalFactory, UndersokelseFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def runde():
    undersokelse = UndersokelseFactory(aapen=False)
    skala = SporsmaalFactory(skjema=undersokelse.skjema, rekkefolge=1, vet_ikke=True)
    tekst = SporsmaalFactory(skjema=undersokelse.skjema, rekkefolge=2, tekst_=True)
    undersokelse.aapnet = timezone.now()
    undersokelse.save()
    return undersokelse, skala, tekst


def svar(undersokelse, **verdier) -> uuid.UUID:
    nokkel = uuid.uuid4()
    mottak.receive(undersokelse, nokkel=nokkel, verdier={int(k[1:]): v for k, v in verdier.items()})
    return nokkel


def mange(undersokelse, ett, antall: int, tall: int = 3) -> None:
    for _nr in range(antall):
        svar(undersokelse, **{f"s{ett.pk}": Verdi(tall=tall)})


def fordeling(undersokelse, nr: int = 0) -> dict[int, int]:
    undersokelse.refresh_from_db()
    return resultat.results(undersokelse).sporsmaal[nr].fordeling


def test_four_answers_show_nothing_but_how_many_and_the_fifth_shows_all(runde):
    undersokelse, skala, _tekst = runde
    mange(undersokelse, skala, 4)
    fire = resultat.results(undersokelse)
    mange(undersokelse, skala, 1, tall=1)
    fem = resultat.results(undersokelse)

    assert (fire.antall, fire.vises, fire.mangler) == (4, False, 1)
    assert fire.sporsmaal[0].fordeling == {}
    assert undersokelse.vist["svar"] == 5
    assert (fem.antall, fem.vises) == (5, True)
    assert fem.sporsmaal[0].fordeling == {3: 4, 1: 1}


def test_two_views_never_differ_by_one_persons_answer(runde):
    undersokelse, skala, _tekst = runde
    mange(undersokelse, skala, 5)
    sett = [fordeling(undersokelse)]
    for _nr in range(12):
        mange(undersokelse, skala, 1, tall=1)
        sett.append(fordeling(undersokelse))

    forskjeller = [sum(b.values()) - sum(a.values()) for a, b in itertools.pairwise(sett)]
    assert set(forskjeller) == {0, 5}
    assert sett[-1] == {3: 5, 1: 10}
    assert resultat.results(undersokelse).venter == 2


def test_a_question_that_few_answered_waits_for_five_of_its_own(runde):
    """Five new answers in all, but one to this question: the difference would be that one's."""
    undersokelse, skala, tekst = runde
    mange(undersokelse, skala, 5)
    fordeling(undersokelse)
    for _nr in range(4):
        svar(undersokelse, **{f"s{tekst.pk}": Verdi(tekst="Mer lek")})
    svar(undersokelse, **{f"s{skala.pk}": Verdi(tall=1), f"s{tekst.pk}": Verdi(tekst="Tid")})

    vist = resultat.results(undersokelse)

    assert vist.sporsmaal[0].fordeling == {3: 5}
    assert len(vist.sporsmaal[1].tekster) == 5


def test_those_after_the_last_step_stay_out_when_it_closes_but_not_where_nobody_had_looked(runde):
    undersokelse, skala, _tekst = runde
    mange(undersokelse, skala, 5)
    fordeling(undersokelse)
    mange(undersokelse, skala, 3, tall=1)
    undersokelse.refresh_from_db()
    undersokelse.stengt = timezone.now()
    undersokelse.save()
    assert fordeling(undersokelse) == {3: 5}

    undersokelse.vist = {}
    undersokelse.save()
    assert fordeling(undersokelse) == {3: 5, 1: 3}


def test_a_changed_answer_waits_for_the_next_step(runde):
    undersokelse, skala, _tekst = runde
    mange(undersokelse, skala, 4)
    nokkel = svar(undersokelse, **{f"s{skala.pk}": Verdi(tall=3)})
    foer = fordeling(undersokelse)
    mottak.receive(undersokelse, nokkel=nokkel, verdier={skala.pk: Verdi(tall=1)})

    assert fordeling(undersokelse) == foer == {3: 5}


def test_texts_show_from_five_in_an_order_that_tells_no_arrival_and_can_be_hidden(runde):
    undersokelse, _skala, tekst = runde
    skrevet = [f"Tekst {nr}" for nr in range(8)]
    for en in skrevet[:4]:
        svar(undersokelse, **{f"s{tekst.pk}": Verdi(tekst=en)})
    assert resultat.results(undersokelse).sporsmaal[1].tekster == ()
    nokler = [svar(undersokelse, **{f"s{tekst.pk}": Verdi(tekst=en)}) for en in skrevet[4:]]

    vist = resultat.results(undersokelse).sporsmaal[1].tekster
    assert sorted(en.tekst for en in vist) == skrevet
    assert [en.tekst for en in vist] == [
        en.tekst for en in resultat.results(undersokelse).sporsmaal[1].tekster
    ]

    assert resultat.hide(undersokelse, vist[0].pk, skjul=True)
    assert len(resultat.results(undersokelse).sporsmaal[1].tekster) == 7
    assert len(resultat.results(undersokelse, med_skjulte=True).sporsmaal[1].tekster) == 8
    # Who writes anew what is shown, takes it back at once.
    mottak.receive(undersokelse, nokkel=nokler[-1], verdier={tekst.pk: Verdi(tekst="Nytt")})
    naa = {en.tekst for en in resultat.results(undersokelse, med_skjulte=True).sporsmaal[1].tekster}
    assert "Tekst 7" not in naa
    assert "Nytt" not in naa


def test_a_text_that_is_not_shown_cannot_be_hidden_from_outside(runde):
    undersokelse, _skala, tekst = runde
    svar(undersokelse, **{f"s{tekst.pk}": Verdi(tekst="Alene")})
    pk = str(Svarverdi.objects.get().pk)

    assert not resultat.hide(undersokelse, pk, skjul=True)
    assert not resultat.hide(undersokelse, "ingen", skjul=True)


def test_an_average_leaves_out_vet_ikke_and_is_of_five_at_least(runde):
    undersokelse, skala, _tekst = runde
    mange(undersokelse, skala, 4, tall=4)
    mange(undersokelse, skala, 1, tall=0)
    faa = resultat.results(undersokelse).sporsmaal[0]
    mange(undersokelse, skala, 5, tall=2)
    flere = resultat.results(undersokelse).sporsmaal[0]

    assert (faa.antall, faa.snitt) == (5, None)
    assert flere.snitt == pytest.approx(26 / 9)


def test_every_kind_of_question_is_counted_and_drawn():
    undersokelse = UndersokelseFactory()
    valg, flere, gap = (
        SporsmaalFactory(skjema=undersokelse.skjema, rekkefolge=nr, **{slag: True})
        for nr, slag in enumerate(("valg_", "flervalg_", "naa_og_oensket_"), start=1)
    )
    undersokelse.aapnet = timezone.now()
    undersokelse.save()
    for nr in range(6):
        svar(
            undersokelse,
            **{
                f"s{valg.pk}": Verdi(valg=[1 + nr % 2]),
                f"s{flere.pk}": Verdi(valg=[1, 3]),
                f"s{gap.pk}": Verdi(tall=2, oensket=5),
            },
        )

    vist = resultat.results(undersokelse)
    data = tegninger.as_data(vist)

    assert [ett.antall for ett in vist.sporsmaal] == [6, 6, 6]
    assert data["sporsmaal"][0]["rader"] == [["En", 3], ["To", 3], ["Tre", 0], ["Fire", 0]]
    assert data["sporsmaal"][1]["rader"] == [["En", 6], ["To", 0], ["Tre", 6], ["Fire", 0]]
    assert data["sporsmaal"][2]["snitt"] == 2.0
    assert data["sporsmaal"][2]["snitt_oensket"] == 5.0
    assert [len(tegninger.chart(ett).rader) for ett in data["sporsmaal"]] == [4, 4, 12]
    assert "nå 2,0, ønsket 5,0 av 6" in tegninger.about(data["sporsmaal"][2])


def test_results_cost_the_same_whatever_the_number_of_answers_and_questions(runde):
    undersokelse, skala, tekst = runde

    def cost() -> int:
        undersokelse.refresh_from_db()
        with CaptureQueriesContext(connection) as spoerringer:
            resultat.results(undersokelse)
        return len(spoerringer)

    for _nr in range(5):
        svar(undersokelse, **{f"s{skala.pk}": Verdi(tall=2), f"s{tekst.pk}": Verdi(tekst="Ja")})
    cost()
    fem = cost()
    for _nr in range(20):
        svar(undersokelse, **{f"s{skala.pk}": Verdi(tall=2), f"s{tekst.pk}": Verdi(tekst="Ja")})
    cost()

    assert cost() == fem <= 4


def test_a_year_after_it_closed_only_the_figures_are_left(runde):
    undersokelse, skala, tekst = runde
    for _nr in range(6):
        svar(undersokelse, **{f"s{skala.pk}": Verdi(tall=2), f"s{tekst.pk}": Verdi(tekst="Ja")})
    naa = timezone.now()
    undersokelse.stengt = naa
    undersokelse.save(update_fields=["stengt"])

    assert rydding.freeze(naa + datetime.timedelta(days=364)) == 0
    assert rydding.freeze(naa + datetime.timedelta(days=366)) == 1
    assert rydding.freeze(naa + datetime.timedelta(days=366)) == 0

    undersokelse.refresh_from_db()
    vist = resultat.results(undersokelse)
    assert not Svar.objects.exists()
    assert not Svarverdi.objects.exists()
    assert (vist.antall, vist.sporsmaal[0].fordeling) == (6, {2: 6})
    assert vist.sporsmaal[1].tekster == ()


def test_four_answers_leave_nothing_but_how_many_when_they_are_deleted(runde):
    undersokelse, skala, _tekst = runde
    mange(undersokelse, skala, 4)
    naa = timezone.now()
    undersokelse.stengt = naa
    undersokelse.save(update_fields=["stengt"])

    rydding.freeze(naa + datetime.timedelta(days=366))

    undersokelse.refresh_from_db()
    assert undersokelse.vist == {"svar": 0, "sporsmaal": {}, "i_alt": 4}
    assert resultat.results(undersokelse).antall == 4


def test_what_nobody_closed_is_closed_after_two_months(runde):
    undersokelse, _skala, _tekst = runde

    assert rydding.close_forgotten(undersokelse.aapnet + datetime.timedelta(days=59)) == 0
    assert rydding.close_forgotten(undersokelse.aapnet + datetime.timedelta(days=61)) == 1
