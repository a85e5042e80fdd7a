"""What people wrote, made fit for paper: no endless word, no endless text."""

import re

import pytest
from django.utils.html import escape

from nettverk.filer.papir import (
    MAKS_LINJER,
    MAKS_RUN,
    MAKS_TEGN,
    on_paper,
    with_breaks,
    without_trailing_space,
)
from nettverk.filer.pdf import html_to_pdf
from tests.nettverk.filer.test_pdf import assert_archivable_and_accessible

SIDE = '<!DOCTYPE html><html lang="nb"><head><title>{0}</title></head><body><p class="{0}">{0}</p></body></html>'


def longest_run(html: str) -> int:
    """Of what stands between the tags, the longest piece that cannot be broken, in signs as they are seen."""
    tekst = re.sub(r"<(style|title)\b.*?</\1>", " ", html, flags=re.DOTALL)
    synlig = re.sub(r"&#?\w+;", "x", re.sub(r"<[^>]*>", " ", tekst))
    return max(map(len, re.split(r"[ \t\n\r\f\v]", synlig)))


@pytest.mark.parametrize("tegn", ["a", "&", "\u00a0", "a\u202f", "<>", "漢"])
def test_a_word_without_end_gets_places_to_break(tegn):
    html = SIDE.format(escape(tegn * 5_000))

    brutt = with_breaks(html)

    assert longest_run(brutt) <= MAKS_RUN
    assert brutt.replace("<wbr>", "") == html
    assert "<wbr>" not in brutt.partition("<p")[0]  # a title and an attribute are no lines
    assert not re.search(r"&[#\w]*<wbr>", brutt)


def test_ordinary_text_is_left_as_it_is():
    html = SIDE.format("Vi prøvde nettverksportalens samlingsside &amp; mer til.")

    assert with_breaks(html) == html


def test_a_document_with_such_a_word_is_archivable_and_accessible():
    html = (
        '<!DOCTYPE html><html lang="nb"><head><meta charset="utf-8"><title>T</title>'
        '<meta name="dcterms.created" content="2026-11-24T10:00:00+01:00"><link rel="stylesheet" href="css/pdf.css">'
        f"</head><body><h1>T</h1><p>{'a' * 500}</p></body></html>"
    )

    assert_archivable_and_accessible(html_to_pdf(with_breaks(html)))


def test_a_text_of_many_lines_is_folded_and_says_where_the_rest_is():
    kort = on_paper("linje\n" * 10_000)

    assert kort.count("linje") == MAKS_LINJER
    assert kort.endswith("… Resten av teksten står i portalen.")


def test_a_text_of_many_signs_is_folded():
    assert len(on_paper("ord " * 12_500)) < MAKS_TEGN + 60


def test_a_text_that_fits_stands():
    for tekst in ("", "Kort.\n", "linje\n" * MAKS_LINJER, "a" * MAKS_TEGN, "a\r\nb"):
        assert on_paper(tekst) == tekst


@pytest.mark.parametrize(
    "slutt", ["</td>", "</p>", "<br>", "<div>under</div></td>", "<ul><li>a</li></ul>"]
)
@pytest.mark.parametrize("tekst", ["én gruppe", "<b>én</b> <span>gruppe</span>"])
def test_no_space_stands_last_in_a_cell_or_a_paragraph(slutt, tekst):
    assert (
        without_trailing_space(f"<td>Vi øver: {tekst}\n    {slutt}")
        == f"<td>Vi øver: {tekst}{slutt}"
    )
    assert (
        without_trailing_space("<b>tre</b> <i>ord</i> <span>til</span>")
        == "<b>tre</b> <i>ord</i> <span>til</span>"
    )
