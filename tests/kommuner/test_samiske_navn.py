"""What people write for a kommune that has several names."""

import pytest

from kommuner.samiske_navn import written_names


@pytest.mark.parametrize(
    ("navn", "skrives"),
    [
        ("Rana – Raane", {"Rana", "Raane", "Rana – Raane"}),
        ("Fauske - Fuossko", {"Fauske", "Fuossko", "Fauske - Fuossko"}),
        ("Herøy (Nordland)", {"Herøy", "Herøy (Nordland)"}),
        ("Sør-Varanger", {"Sør-Varanger"}),
    ],
)
def test_each_part_and_the_name_without_its_county_is_the_kommune(navn: str, skrives: set[str]):
    assert written_names(navn) == skrives
