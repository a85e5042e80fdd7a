"""What the person is told of an act that could not be done, and of one that could."""

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest
from django.test import RequestFactory

from nettverk.skriving.konflikt import KanIkke, Konflikt, Lukket
from nettverk.skriving.svar import told


@pytest.fixture
def request_() -> HttpRequest:
    request = RequestFactory().post("/")
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    return request


def sagt(request: HttpRequest) -> list[tuple[str, str]]:
    return [(m.level_tag, m.message) for m in get_messages(request)]


def test_an_act_that_went_well_is_thanked_for(request_):
    with told(request_, "Lagret.") as utfall:
        pass

    assert not utfall.nei
    assert sagt(request_) == [("success", "Lagret.")]


def test_thanks_may_depend_on_what_came_of_it(request_):
    with told(request_) as utfall:
        utfall.takk = "To ble invitert."

    assert sagt(request_) == [("success", "To ble invitert.")]


@pytest.mark.parametrize("feil", [KanIkke("Samlingen er over."), Lukket("Samlingen er over.")])
def test_the_reason_is_said_and_no_thanks(request_, feil: KanIkke):
    with told(request_, "Lagret.") as utfall:
        raise feil

    assert utfall.nei == "Samlingen er over."
    assert sagt(request_) == [("error", "Samlingen er over.")]


def test_with_a_form_the_reason_stands_in_the_form(request_):
    form = forms.Form({})

    with told(request_, "Lagret.", form=form):
        raise KanIkke("Ingen har skrevet.")

    assert form.non_field_errors() == ["Ingen har skrevet."]
    assert sagt(request_) == []


def test_a_conflict_is_another_matter(request_):
    with pytest.raises(Konflikt), told(request_):
        raise Konflikt("deres")
