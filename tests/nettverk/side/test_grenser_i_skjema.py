"""What comes from outside has limits, in every form and every address that is read."""

import datetime

import pytest
from django import forms
from django.test import Client, RequestFactory

from kommuner.gyldighet import idag
from nettverk.forms.gruppe import UtnevnForm
from nettverk.innlogging.forms import NoekkelinnloggingForm
from nettverk.models import Gruppe
from nettverk.side.perdato import read_per
from nettverk.side.portalform import PortalForm, TidspunktField
from nettverk.side.utenfra import can_be_addressed, lines, one_line, whole_number
from tests.nettverk.factories import GruppeFactory


class _Skjema(PortalForm):
    dato = forms.DateField(required=False)
    naar = TidspunktField(required=False, require_all_fields=False)
    tall = forms.IntegerField(required=False)
    epost = forms.EmailField(required=False)
    tittel = forms.CharField(required=False)
    tekst = forms.CharField(required=False, widget=forms.Textarea)


def _wrong(**data: str) -> set[str]:
    return set(_Skjema(data).errors)


@pytest.mark.parametrize("dato", ["0001-01-01", "1899-12-31", "2101-01-01", "9999-12-31"])
def test_dates_lie_between_1900_and_2100(dato: str):
    assert _wrong(dato=dato) == {"dato"}
    assert _wrong(naar_0=dato, naar_1="09.00") == {"naar"}


@pytest.mark.parametrize("dato", ["1900-01-01", "2100-12-31"])
def test_the_ends_are_dates_too(dato: str):
    assert _wrong(dato=dato, naar_0=dato, naar_1="09.00") == set()


@pytest.mark.parametrize("tall", ["²", "9" * 4_400, str(2**63), str(-(2**63)), "NaN", "1e400"])
def test_a_number_fits_its_column(tall: str):
    assert _wrong(tall=tall) == {"tall"}


@pytest.mark.parametrize(
    "epost", [f"{'a' * 303}@example.org", "a@\u202e.no", "a@b\r\nBcc: c@example.org", "a\x00@b.no"]
)
def test_an_address_is_one_that_a_letter_can_go_to(epost: str):
    assert _wrong(epost=epost) == {"epost"}


@pytest.mark.django_db
def test_an_address_of_315_characters_gives_nobody_a_place():
    gruppe = GruppeFactory(type=Gruppe.Type.ANNEN)
    data = {"navn": "Kari", "epost": f"{'a' * 303}@example.org", "rolle": "medlem"}

    skjema = UtnevnForm({**data, "fra": idag().isoformat()}, gruppe=gruppe, count=lambda: None)
    assert "epost" in skjema.errors


@pytest.mark.parametrize(
    "tittel", ["en\rto", "en\r\nto", "en\nto", "en\u2028to", "en\x0bto", "en\x00to"]
)
def test_a_title_is_one_line(tittel: str):
    skjema = _Skjema({"tittel": tittel})

    assert skjema.is_valid()
    assert skjema.cleaned_data["tittel"] == "en to"


def test_a_text_has_one_kind_of_line_break_and_no_control_characters():
    skjema = _Skjema({"tekst": "en\rto\r\ntre\x00fire\tfem"})

    assert skjema.is_valid()
    assert skjema.cleaned_data["tekst"] == "en\nto\ntre fire\tfem"


def test_a_text_without_a_limit_of_its_own_has_one():
    assert _wrong(tekst="å" * 60_000, tittel="å" * 60_000) == {"tekst", "tittel"}


@pytest.mark.parametrize("json", ["9" * 4_400, "[" * 100_000, "null", "{"])
def test_what_a_passkey_answers_is_read_with_care(json: str):
    assert "credential" in NoekkelinnloggingForm({"credential": json}).errors


@pytest.mark.parametrize("per", ["0001-01-01", "9999-12-31", "9999", "0001", "31.02.2026", "²"])
def test_a_page_is_told_per_a_day_that_can_be(per: str):
    request = RequestFactory().get("/", {"per": per})
    request._messages = _Beskjeder()  # type: ignore[attr-defined]

    assert read_per(request) == idag()
    assert request._messages.sagt  # type: ignore[attr-defined]


def test_a_day_in_between_is_the_day():
    assert read_per(RequestFactory().get("/", {"per": "2018"})) == datetime.date(2018, 1, 1)


class _Beskjeder:
    """Where a message of a request goes."""

    def __init__(self) -> None:
        self.sagt: list[str] = []

    def add(self, _nivaa: int, tekst: str, _merker: str = "") -> None:
        self.sagt.append(tekst)


def test_text_from_outside_as_it_may_be_used_inside():
    assert [whole_number(t) for t in ("12", "²", "٣", "-1", "9" * 19, "", None)] == [
        12,
        *[None] * 6,
    ]
    assert one_line("a\r\nb\x00c") == "a b c"
    assert lines("a\rb\u2029c") == "a\nb\nc"
    assert can_be_addressed("kari@øæå.no")
    assert not can_be_addressed("a@\u202e.no")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "kapsel",
    ["sessionid=" + "x" * 5_000, "sessionid=%00", 'django_language="<script>"', "messages=x"],
)
def test_a_broken_cookie_is_no_cookie(kapsel: str):
    assert Client().get("/", HTTP_COOKIE=kapsel).status_code == 200
