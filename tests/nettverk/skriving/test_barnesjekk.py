"""The soft look for what could tell who a child is."""

import pytest

from nettverk.skriving.barnesjekk import look_for_children


@pytest.mark.parametrize(
    "tekst",
    [
        "Vi snakket med eleven Ola om dette.",
        "Jenta Åse likte boka.",
        "gutten Øystein målte",
        "Barnet Kari sa",
    ],
)
def test_a_child_by_name_is_noticed(tekst: str):
    assert len(look_for_children(tekst)) == 1


def test_a_national_identity_number_is_noticed():
    assert len(look_for_children("fødselsnummer 010190 00083")) == 1
    assert len(look_for_children("01019000083")) == 1


@pytest.mark.parametrize(
    "tekst",
    [
        "Elevene målte flaggstanga. Jenta lo. Barnet sa «lengre».",
        "Konto 12345678901 og telefon 71574000",
        "En elev i Kristiansund fant en stein.",
        "",
    ],
)
def test_ordinary_text_is_left_in_peace(tekst: str):
    assert look_for_children(tekst) == []
