"""Spreadsheets out."""

import io

import openpyxl

from nettverk.filer.regneark import make_regneark


def test_a_network_may_be_called_what_a_sheet_may_not():
    fil = make_regneark("Folk i Nord/Sør [2026]: alle?", [("Navn", 10)], [["Kari"]])

    ark = openpyxl.load_workbook(io.BytesIO(fil)).active
    assert ark.title == "Folk i Nord Sør  2026   alle "
    assert [rad for (rad,) in ark.values] == ["Navn", "Kari"]
