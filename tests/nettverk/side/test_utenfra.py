"""Text from outside, as it may be used inside."""

import pytest
from django.test import RequestFactory

from nettverk.side.utenfra import one_line, own_path, whole_number


@pytest.mark.parametrize(
    ("tekst", "tallet"),
    [
        ("12", 12),
        ("007", 7),
        ("9" * 18, 10**18 - 1),
        *(
            (t, None)
            for t in ("", None, "-1", "1.5", " 1", "²", "٣", "1\x00", "9" * 19, "9" * 5000)
        ),
    ],
)
def test_only_a_number_that_a_row_can_have_is_one(tekst, tallet):
    assert whole_number(tekst) == tallet


def test_control_characters_become_a_space_and_the_rest_stands():
    assert one_line(" Første \r\n andre\x00tredje  fjerde\f") == "Første andre tredje  fjerde"


@pytest.mark.parametrize(
    ("adresse", "sti"),
    [
        ("/en/hjem/?vis=alle#her", "/en/hjem/?vis=alle"),
        ("http://testserver/en/hjem/?vis=alle", "/en/hjem/?vis=alle"),
        ("https://ond.example/en/hjem/", ""),
        ("//ond.example/", ""),
        ("/\\ond.example/", ""),
        ("javascript:alert(1)", ""),
        ("http://testserver", ""),
        # The name of a page, or just a word.
        ("nettverk:forside", ""),
        ("9999-12-31", ""),
        ("/en/\r\nSet-Cookie: a=b", ""),
        ("/en/\x00", ""),
        ("/en/\ud800", ""),
        ("", ""),
    ],
)
def test_where_one_may_be_led_is_a_path_of_the_portal(adresse: str, sti: str):
    assert own_path(RequestFactory().get("/"), adresse) == sti
