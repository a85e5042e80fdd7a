"""Spreadsheets out."""

import datetime
import io

import openpyxl
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from nettverk.filer.regneark import make_regneark


def test_a_network_may_be_called_what_a_sheet_may_not():
    fil = make_regneark("Folk i Nord/Sør [2026]: alle?", [("Navn", 10)], [["Kari"]])

    ark = openpyxl.load_workbook(io.BytesIO(fil)).active
    assert ark.title == "Folk i Nord Sør  2026   alle "
    assert [rad for (rad,) in ark.values] == ["Navn", "Kari"]


def test_words_that_wait_for_their_language_are_text_and_no_formula():
    lat = capfirst(gettext_lazy("barnehage"))
    fil = make_regneark("Enheter", [("Type", 10)], [[lat], [capfirst(gettext_lazy("=1+1"))]])

    ark = openpyxl.load_workbook(io.BytesIO(fil)).active
    assert [celle.value for (celle,) in ark.iter_rows(min_row=2)] == ["Barnehage", "=1+1"]
    assert {celle.data_type for (celle,) in ark.iter_rows()} == {"s"}


def test_sentences_go_over_several_lines_times_have_no_seconds_and_the_head_is_on_every_sheet():
    naa = datetime.datetime.fromisoformat("2026-06-03T09:05")
    fil = make_regneark("Ark", [("Når", 18), ("Tekst", 70)], [[naa, "Ord " * 40], [naa.date(), ""]])

    ark = openpyxl.load_workbook(io.BytesIO(fil)).active
    assert [ark["A2"].number_format, ark["A3"].number_format] == ["dd.mm.yyyy hh:mm", "dd.mm.yyyy"]
    assert (ark["B2"].alignment.wrap_text, ark["A2"].alignment.vertical) == (True, "top")
    assert ark.print_title_rows == "$1:$1"
