"""Names as people and phones give them: kept as far as a disk, a page and a download can hold them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nettverk.filer.filnavn import as_it_was_named, file_name


@pytest.mark.parametrize(
    ("navn", "heter"),
    [
        ("Årsplan 2026.pdf", "Årsplan 2026.pdf"),
        ("A\u030arsplan.pdf", "Årsplan.pdf"),
        ("../../etc/notat.pdf", "notat.pdf"),
        ("C:\\Mine dokumenter\\notat.pdf", "notat.pdf"),
        ("linje\r\nskift\x00\x1b.pdf", "linje skift.pdf"),
        ("regning\u202efdp.exe", "regningfdp.exe"),
        ("familie 👩\u200d👧.jpg", "familie 👩\u200d👧.jpg"),
        ("uten endelse", "uten endelse"),
        (".bare-endelse", ".bare-endelse"),
        ("", ""),
    ],
)
def test_a_name_is_as_it_was_written_but_for_what_cannot_be_seen(navn: str, heter: str):
    assert file_name(navn) == heter


@pytest.mark.parametrize("tegn", ["a", "æ", "🎉", "👩\u200d👧", "x\u0301\u0302"])
def test_a_long_name_is_cut_before_its_ending(tegn: str):
    navn = file_name(tegn * 400 + ".docx")

    assert navn.startswith(tegn[0])
    assert navn.endswith(".docx")
    assert len(navn.encode()) <= 200
    assert len(navn) <= 140


@given(st.text(st.characters(exclude_categories=[]), max_size=300))
def test_whatever_it_is_called_it_can_be_kept_and_is_the_same_when_read_again(navn: str):
    heter = file_name(navn)

    assert len(heter.encode()) <= 200
    assert "/" not in heter
    assert file_name(heter) == heter


def test_a_kept_file_is_fetched_by_the_name_it_was_given():
    for sti in ("oppsummeringer/2026/om-lek-2026-11-26_UQHmONa.docx", "om-lek-2026-11-26.docx"):
        assert as_it_was_named(sti) == "om-lek-2026-11-26.docx"
