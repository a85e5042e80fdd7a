"""Text from outside, as it may be used inside."""

import pytest

from nettverk.side.utenfra import one_line, whole_number


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
