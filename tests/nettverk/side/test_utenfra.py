"""Text from outside, as it may be used inside."""

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.test import RequestFactory

from nettverk.folkeimport.tolking import _wrong_address, _wrong_name
from nettverk.forms.gruppe import RettForm, UtnevnForm
from nettverk.forms.oppstart import NyttNettverkForm
from nettverk.side.portalform import PersonnavnField, PortalForm
from nettverk.side.utenfra import INGENS_DOMENE, one_line, own_path, whole_number, wrong_name


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
        ("http://testserver//ond.example/", ""),
        ("//testserver//ond.example/", ""),
        ("http://testserver/\\ond.example/", ""),
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


# --- a person's name, and address

_NAVNEFELT = [(UtnevnForm, "navn"), (RettForm, "navn"), (NyttNettverkForm, "koordinator_navn")]


@pytest.mark.parametrize(
    "navn",
    ["\u200b", "Kari\u200bNes", "Kari \u202eseN", "=1+1", "-1+1", "<script>", "k@a.example", "123"],
)
def test_what_is_no_name_is_refused_wherever_a_person_is_written_down(navn):
    for form, felt in _NAVNEFELT:
        with pytest.raises(ValidationError):
            form.base_fields[felt].clean(navn)
    assert [feil.kode for feil in _wrong_name(navn)] == ["navn"]


@pytest.mark.parametrize(
    "navn", ["Kari Nes", "Åse-Marit d'Arc", "Ánde Ovdavázzi", "李 小龙", "Nes (vikar)"]
)
def test_names_of_people_are_names(navn):
    assert wrong_name(navn) == ""


@pytest.mark.parametrize("domene", [INGENS_DOMENE, INGENS_DOMENE.upper()])
def test_nobody_is_written_down_with_the_address_of_a_stand_in(domene):
    class Skjema(PortalForm):
        navn = PersonnavnField(label="Navn")
        epost = UtnevnForm.base_fields["epost"]

    skjema = Skjema({"navn": "Kari", "epost": f"kari@{domene}"})

    assert set(skjema.errors) == {"epost"}
    assert [feil.kode for feil in _wrong_address(f"kari@{domene.lower()}")] == ["epost"]


# --- signs that turn a text around


@pytest.mark.parametrize("tegn", ["\u202a", "\u202b", "\u202c", "\u202d", "\u202e"])
def test_a_text_keeps_no_hidden_sign_that_forces_it_around(tegn):
    class Skjema(PortalForm):
        tekst = forms.CharField(widget=forms.Textarea)

    skjema = Skjema({"tekst": f"Vi fikk\n{tegn}vikar{tegn}."})

    assert skjema.is_valid()
    assert skjema.cleaned_data == {"tekst": "Vi fikk\nvikar."}


def test_a_title_keeps_no_hidden_sign_that_turns_the_line_around():
    class Skjema(PortalForm):
        tittel = forms.CharField()
        navn = PersonnavnField()
        tekst = forms.CharField(widget=forms.Textarea)

    skjema = Skjema(
        {"tittel": "\u2066Sam\u202eling\u200f ", "navn": "Kari", "tekst": "\u05d0\u200f!"}
    )
    snudd = Skjema({"tittel": "Samling", "navn": "Kari \u202eseN", "tekst": "x"})

    assert skjema.is_valid()
    assert skjema.cleaned_data == {"tittel": "Samling", "navn": "Kari", "tekst": "\u05d0\u200f!"}
    assert set(snudd.errors) == {"navn"}
