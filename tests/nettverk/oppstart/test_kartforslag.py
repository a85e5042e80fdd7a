"""Where kommuner are proposed on the map: near where they lie, and never two in one tile."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nettverk.oppstart.kartforslag import centre, propose

steder = st.dictionaries(
    st.integers(0, 40),
    st.none() | st.tuples(st.floats(4, 31), st.floats(58, 71)),
    max_size=25,
)


# A busy machine is slow to make up places.
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(steder)
def test_each_has_a_tile_of_its_own_and_none_is_outside(steder):
    ruter = propose(steder)

    assert ruter.keys() == steder.keys()
    assert len(set(ruter.values())) == len(ruter)
    assert all(kolonne >= 0 and rad >= 0 for kolonne, rad in ruter.values())


def test_north_is_up_and_east_is_to_the_right():
    ruter = propose({"nv": (14.0, 68.0), "no": (16.0, 68.0), "s": (15.0, 67.0)})

    assert ruter["nv"][0] < ruter["no"][0]
    assert ruter["nv"][1] == ruter["no"][1] < ruter["s"][1]


def test_without_places_they_stand_close_together():
    ruter = propose(dict.fromkeys(range(17)))

    assert max(kolonne for kolonne, _rad in ruter.values()) == 4
    assert max(rad for _kolonne, rad in ruter.values()) == 3


def test_the_centre_is_that_of_the_largest_part():
    def square(x: float, y: float, side: float) -> list:
        return [[[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]]

    assert centre({"coordinates": [square(0, 0, 1), square(10, 60, 4)]}) == (12, 62)
    assert centre(None) is None
