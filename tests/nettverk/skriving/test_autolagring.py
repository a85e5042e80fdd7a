"""A form that saves itself: what it is answered, and what the ordinary button gives for the same."""

import json
from typing import Any

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import translation

from nettverk.skriving import autolagring
from nettverk.skriving.autolagring import TekstForm, save_text
from nettverk.skriving.konflikt import Konflikt, Lukket


class Skjema(TekstForm):
    tekster = ("tekst",)
    tekst = forms.CharField(label="Tekst", max_length=50, widget=forms.Textarea)


class Rad:
    pk, versjon, tekst = 1, 7, "Deres"


@pytest.fixture(autouse=True)
def bokmaal():
    with translation.override("nb"):
        yield


def _request(data: dict[str, str], *, selv: bool) -> HttpRequest:
    hoder = {"X-Autolagre": "1"} if selv else {}
    request = RequestFactory().post("/", data, headers=hoder)
    request.session = {}
    request._messages = FallbackStorage(request)
    return request


def _send(
    data: dict[str, str], *, selv: bool, utfall: Any = None
) -> tuple[HttpResponse, list[dict]]:
    """The answer, and what the act was given."""
    gitt: list[dict] = []

    def save(felt: dict[str, Any]) -> Any:
        gitt.append(felt)
        if isinstance(utfall, Exception):
            raise utfall
        return utfall

    request = _request(data, selv=selv)
    svar = save_text(
        request,
        Skjema(autolagring.posted(request)),
        save=save,
        page=lambda form, **felt: HttpResponse(
            json.dumps({"tekst": form["tekst"].value(), "har": sorted(felt), "feil": form.errors}),
            status=felt["status"],
        ),
        done=lambda rad: HttpResponse(f"videre {rad.versjon}"),
    )
    svar.meldinger = [str(m) for m in get_messages(request)]
    return svar, gitt


def _json(svar: HttpResponse) -> dict[str, Any]:
    return json.loads(svar.content)


@pytest.mark.parametrize("selv", [True, False])
def test_the_act_gets_one_kind_of_line_ending_and_a_number(selv: bool):
    _svar, [felt] = _send({"tekst": " En\r\nTo \r\n"}, selv=selv, utfall=Rad())

    assert felt == {"tekst": "En\nTo", "versjon": 0}


def test_a_save_is_told_with_the_next_version_and_the_time():
    svar, _gitt = _send({"tekst": "Hei", "versjon": "6"}, selv=True, utfall=Rad())

    data = _json(svar)
    assert (svar.status_code, data["status"], data["versjon"]) == (200, "lagret", 7)
    assert data["lagret"].startswith("kl.")


def test_nothing_to_save_is_told_as_saved():
    svar, _gitt = _send({"tekst": "Hei"}, selv=True, utfall=None)

    assert (_json(svar)["status"], _json(svar)["versjon"]) == ("lagret", 0)


def test_the_button_leads_on():
    svar, _gitt = _send({"tekst": "Hei"}, selv=False, utfall=Rad())

    assert svar.content == b"videre 7"


@pytest.mark.parametrize("versjon", ["abc", "-1", "1e3"])
@pytest.mark.parametrize("selv", [True, False])
def test_a_version_that_is_no_number_never_reaches_the_act(versjon: str, selv: bool):
    svar, gitt = _send({"tekst": "Hei", "versjon": versjon}, selv=selv)

    assert (svar.status_code, gitt) == (422, [])


@pytest.mark.parametrize("selv", [True, False])
def test_what_must_be_mended_is_told_at_its_field(selv: bool):
    svar, gitt = _send({"tekst": "x" * 51}, selv=selv)

    assert (svar.status_code, gitt) == (422, [])
    assert list(_json(svar)["feil"]) == ["tekst"]


def test_a_conflict_gives_the_page_both_texts():
    svar, _gitt = _send({"tekst": "Mitt"}, selv=True, utfall=Konflikt(Rad()))

    data = _json(svar)
    assert (svar.status_code, data["status"]) == (409, "konflikt")
    assert "Deres" in data["html"]
    assert 'name="behold" value="7"' in " ".join(data["html"].split())


def test_a_conflict_at_the_button_keeps_ones_own_text_in_the_field():
    svar, _gitt = _send({"tekst": "Mitt"}, selv=False, utfall=Konflikt(Rad()))

    assert svar.status_code == 409
    assert _json(svar) == {"tekst": "Mitt", "har": ["konflikt", "status"], "feil": {}}


@pytest.mark.parametrize("selv", [True, False])
def test_a_place_that_was_closed_meanwhile_says_why_and_keeps_the_text(selv: bool):
    svar, _gitt = _send({"tekst": "Mitt"}, selv=selv, utfall=Lukket("Det er levert."))

    assert svar.status_code == 409
    assert _json(svar)["feil"]["__all__"] == ["Det er levert."]
    if not selv:
        assert _json(svar)["tekst"] == "Mitt"


def test_what_could_tell_who_a_child_is_is_a_warning_to_the_person_not_to_the_page():
    tekst = {"tekst": "Eleven Kari leste."}
    selv, _gitt = _send(tekst, selv=True, utfall=Rad())
    knapp, _gitt = _send(tekst, selv=False, utfall=Rad())

    assert selv.meldinger == []
    assert len(knapp.meldinger) == 1
    assert "Kari" not in knapp.meldinger[0]


def test_keeping_ones_own_says_over_which_version_it_was_decided():
    _svar, [felt] = _send(
        {"tekst": "Mitt", "versjon": "3", "behold": "7"}, selv=False, utfall=Rad()
    )

    assert felt["versjon"] == 7


def test_letting_ones_own_go_is_asked_of_the_request():
    assert autolagring.is_discarded(_request({"forkast": "1"}, selv=False))
    assert not autolagring.is_discarded(_request({"behold": "7"}, selv=False))
