"""The draw: the same seed the same tables, better than chance, what cannot hold, locks, late ones, nobody alone."""

import random
from collections import Counter

import pytest

from rolu.samlinger.bord.plassering import (
    FAKTOR,
    Dekningsregel,
    Merkeregel,
    Oppgave,
    add,
    broken,
    fewest,
    seat,
    together,
    uncovered,
)


def hall(antall: int = 120, plasser: int = 8, *, samle: bool = False, pp: int = 8) -> Oppgave:
    """People of six kommuner, two kinds of units and groups of four, with somebody of a role among them."""
    r = random.Random(3)
    gruppe = [nr // 4 for nr in range(antall)]
    kommune_av = [r.randrange(6) for _ in range(antall)]
    har = [nr % max(1, antall // pp) == 0 for nr in range(antall)]
    return Oppgave(
        antall,
        plasser,
        [
            Dekningsregel(har, 3),
            Merkeregel([(g,) for g in gruppe], samle),
            Merkeregel([(kommune_av[g],) for g in gruppe]),
            Merkeregel([(g % 2,) for g in gruppe]),
            Merkeregel([(r.randrange(15),) for _ in range(antall)]),
        ],
    )


def cost(oppgave: Oppgave, bordet: list[int]) -> float:
    brutt = broken(oppgave, bordet)
    return sum(antall * FAKTOR ** (len(brutt) - nr) for nr, antall in enumerate(brutt))


def at_random(oppgave: Oppgave, froe: int) -> list[int]:
    stoler = [bord for bord, rom in enumerate(oppgave.rom) for _ in range(rom)]
    random.Random(froe).shuffle(stoler)
    return stoler[: oppgave.antall]


def sizes(bordet: list[int]) -> list[int]:
    return sorted(Counter(bordet).values())


def test_the_same_seed_seats_the_same_and_another_does_not():
    oppgave = hall()

    assert seat(oppgave, froe=7) == seat(oppgave, froe=7)
    assert seat(oppgave, froe=7) != seat(oppgave, froe=8)


@pytest.mark.parametrize("samle", [False, True])
def test_it_is_better_than_two_hundred_tries_at_random(samle):
    oppgave = hall(60, samle=samle)
    best = min(cost(oppgave, at_random(oppgave, froe)) for froe in range(200))

    assert cost(oppgave, seat(oppgave, froe=1)) < best


def test_everybody_has_a_seat_and_no_table_more_than_it_has():
    oppgave = hall(118)

    bordet = seat(oppgave, froe=1)

    assert sizes(bordet) == [7, 7, *[8] * 13]


def test_what_can_hold_holds():
    """The rules about groups and the role at their best, and no rule below what is possible."""
    oppgave = hall()
    brutt, minst = (
        broken(oppgave, seat(oppgave, froe=1)),
        [fewest(oppgave, r) for r in oppgave.regler],
    )

    assert brutt[:2] == minst[:2] == [0, 0]
    assert all(b >= m for b, m in zip(brutt, minst, strict=True))


def test_too_few_of_a_role_is_counted_and_shown_where():
    har = [nr < 2 for nr in range(48)]
    oppgave = Oppgave(48, 8, [Dekningsregel(har, 1)])

    bordet = seat(oppgave, froe=1)

    assert broken(oppgave, bordet) == [4] == [fewest(oppgave, oppgave.regler[0])]
    assert len(uncovered(oppgave.regler[0], 6, bordet)) == 4


def test_those_of_a_role_spread_over_the_tables_and_not_only_over_the_stretches():
    """24 PP-rådgivere at 25 tables: each stretch of three is covered by three at one table too; none is to be."""
    har = [nr < 24 for nr in range(200)]
    oppgave = Oppgave(200, 8, [Dekningsregel(har, 3)])

    bordet = seat(oppgave, froe=3)

    ved = Counter(bord for bord, ja in zip(bordet, har, strict=True) if ja)
    assert broken(oppgave, bordet) == [0]
    assert max(ved.values()) == 1, ved


def test_the_heavier_of_two_that_cannot_both_hold_is_the_one_that_does():
    """Pairs are to be together and apart at once."""
    par = Merkeregel([(nr // 2,) for nr in range(16)])
    samles = Merkeregel(par.merker, samle=True)

    foerst_fra = Oppgave(16, 4, [par, samles])
    foerst_til = Oppgave(16, 4, [samles, par])

    assert broken(foerst_fra, seat(foerst_fra, froe=1)) == [0, 8]
    assert broken(foerst_til, seat(foerst_til, froe=1)) == [0, 8]


def test_two_who_are_locked_together_are_told_of_by_table():
    uvenner = Merkeregel([(0,), (0,), *[()] * 14])
    oppgave = Oppgave(16, 8, [uvenner], {0: 1, 1: 1})

    bordet = seat(oppgave, froe=1)

    assert broken(oppgave, bordet) == [1]
    assert together(uvenner, bordet) == {(1, 0): [0, 1]}


def test_groups_that_are_kept_sit_together_though_the_tables_become_uneven():
    gruppe = [0] * 4 + [1] * 8 + [2] * 6
    oppgave = Oppgave(18, 8, [Merkeregel([(g,) for g in gruppe], samle=True)])

    bordet = seat(oppgave, froe=1)

    assert broken(oppgave, bordet) == [0]
    assert sizes(bordet) == [4, 6, 8]


def test_a_group_that_no_table_can_hold_is_parted_as_little_as_can_be():
    oppgave = Oppgave(20, 8, [Merkeregel([(0,)] * 9 + [()] * 11, samle=True)])

    assert broken(oppgave, seat(oppgave, froe=1)) == [fewest(oppgave, oppgave.regler[0])] == [8]


# --- a table of one


@pytest.mark.parametrize("antall", range(2, 40))
def test_nobody_sits_alone(antall):
    gruppe = [nr // 3 for nr in range(antall)]
    oppgave = Oppgave(antall, 4, [Merkeregel([(g,) for g in gruppe], samle=True)])

    assert sizes(seat(oppgave, froe=1))[0] > 1


def test_one_person_has_a_table_and_none_has_none():
    assert seat(Oppgave(1, 8), froe=1) == [0]
    assert seat(Oppgave(0, 8), froe=1) == []


def test_more_are_locked_to_a_table_than_it_has_seats():
    oppgave = Oppgave(12, 4, [], dict.fromkeys(range(6), 0))

    bordet = seat(oppgave, froe=1)

    assert bordet[:6] == [0] * 6
    assert sizes(bordet) == [3, 3, 6]


# --- locks, and what is mended


def test_who_is_locked_stays_whatever_the_seed():
    hele = hall()
    laaste = {3: 11, 50: 0, 51: 0}
    oppgave = Oppgave(hele.antall, hele.plasser, hele.regler, laaste)

    for froe in (1, 2, 3):
        bordet = seat(oppgave, froe=froe)
        assert {person: bordet[person] for person in laaste} == laaste


def test_when_it_is_mended_only_a_few_move():
    hele = hall(400, pp=40)
    foer = seat(hele, froe=1)
    laaste = {person: (foer[person] + 20) % hele.bord for person in (3, 44, 140)}
    oppgave = Oppgave(hele.antall, hele.plasser, hele.regler, laaste)

    etter = seat(oppgave, froe=1, hjem=foer)

    assert {person: etter[person] for person in laaste} == laaste
    assert sum(a != b for a, b in zip(foer, etter, strict=True)) < 40
    assert broken(oppgave, etter)[:2] == [0, 0]


def test_nothing_moves_when_there_is_nothing_to_mend():
    oppgave = Oppgave(16, 4, [Merkeregel([(nr // 4,) for nr in range(16)], samle=True)])
    foer = seat(oppgave, froe=1)

    assert seat(oppgave, froe=9, hjem=foer) == foer


def test_one_pair_fewer_of_what_goes_by_degree_moves_nobody():
    """Nine of one kommune at two tables: five and four is best, but six and three stays as it stands."""
    merker = [(0,)] * 9 + [(nr,) for nr in range(1, 8)]
    hjem = [0] * 6 + [1] * 3 + [0, 0] + [1] * 5
    oppgave = Oppgave(16, 8, [Merkeregel([()] * 16), Merkeregel(merker)])

    assert seat(oppgave, froe=1, hjem=hjem) == hjem


def test_one_more_than_there_are_seats_gets_a_chair_and_several_a_table():
    hjem = [0] * 4 + [1] * 4
    en = seat(Oppgave(9, 4), froe=1, hjem=[*hjem, -1])
    flere = seat(Oppgave(12, 4), froe=1, hjem=[*hjem, *[-1] * 4])

    assert en[:8] == hjem
    assert max(en) == 1
    assert flere == [*hjem, 2, 2, 2, 2]


def test_a_table_where_nobody_sits_wants_for_nothing():
    regel = Dekningsregel([True, False, True, False], 1)

    assert broken(Oppgave(4, 2, [regel]), [0, 0, 2, 2]) == [0]


# --- late ones, and those who leave


def _late(plasser: int, bordet: list[int], merker: list[tuple[int, ...]]) -> Oppgave:
    sitter = {nr: bord for nr, bord in enumerate(bordet) if bord >= 0}
    return Oppgave(len(bordet), plasser, [Merkeregel(merker)], sitter)


def test_a_late_one_gets_the_best_hole_and_nobody_else_moves():
    bordet = [0, 0, 0, 1, 1, 1, -1]
    oppgave = _late(4, bordet, [(1,), (2,), (3,), (4,), (5,), (6,), (2,)])

    assert add(oppgave, bordet, [6]) == {6: 1}


def test_when_there_is_no_hole_a_chair_is_added_and_not_a_table_for_one():
    bordet = [0, 0, 0, 0, 1, 1, 1, 1, -1]
    oppgave = _late(4, bordet, [(1,), *[()] * 7, (1,)])

    assert add(oppgave, bordet, [8]) == {8: 1}


def test_several_late_ones_get_a_table_of_their_own():
    bordet = [0, 0, 0, 0, -1, -1, -1, -1]
    oppgave = _late(4, bordet, [()] * 8)

    assert add(oppgave, bordet, [4, 5, 6, 7]) == dict.fromkeys([4, 5, 6, 7], 1)


def test_who_sits_alone_gets_company_first():
    bordet = [0, 0, 1, -1]
    oppgave = _late(4, bordet, [(), (), (1,), (1,)])

    assert add(oppgave, bordet, [3]) == {3: 1}


def test_how_far_it_is_is_told_on_the_way():
    meldt: list[float] = []

    seat(hall(), froe=1, meld=meldt.append)

    assert meldt[0] == 0
    assert meldt == sorted(meldt)
    assert len(meldt) > 10
