"""Which names may be one person's: shown beside a row, so that few are shown who are not."""

import pytest

from nettverk.folkeimport.navnelikhet import likely_same, name_key


def _alike(en: str, annen: str) -> bool:
    return bool(likely_same(name_key(en), [name_key(annen)]))


@pytest.mark.parametrize(
    ("en", "annen"),
    [
        ("Kari Nygård", "Kari Nygaard"),
        ("Kristin Nygård", "Kristine Nygård"),
        ("Jon Hansen", "John Hanssen"),
        ("Nygård, Kari", "Kari Nygård"),
        ("Anne Marie Nygård", "Annemarie Nygård"),
    ],
)
def test_a_slip_or_another_spelling_is_a_likeness(en: str, annen: str):
    assert _alike(en, annen)


@pytest.mark.parametrize(
    ("en", "annen"),
    [
        ("Bjørn Nygård", "Jon Nygård"),
        ("Marit Kristoffersen", "Berit Kristoffersen"),
        ("Ola Kristoffersen", "Ole Kristoffersen"),
        ("Anne Nygård", "Anne Nyhus"),
    ],
)
def test_a_shared_surname_or_given_name_alone_is_none(en: str, annen: str):
    assert not _alike(en, annen)


def test_those_that_share_a_surname_do_not_crowd_out_the_one_that_is_alike():
    slekt = [name_key(f"{navn} Kristoffersen") for navn in ("Jan", "Jo", "Jona", "Joa", "Jor")]
    samme = name_key("John Kristofersn")

    assert likely_same(name_key("Jon Kristoffersen"), [*slekt, samme])[-1] == samme
