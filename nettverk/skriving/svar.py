"""The one answer to an act that could not be done: the person is told why, and the page goes on."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from nettverk.skriving.konflikt import KanIkke


@dataclass(frozen=True)
class Angring:
    """How what was done in one tap is undone in one: the address of a form, and its hidden fields."""

    url: str
    felt: dict[str, str]


@dataclass
class Handlingsutfall:
    """How the act went: `takk` is said when it went well, `nei` is why it could not be done; beside the thanks stands
    how to undo it, when `angre` says so."""

    takk: str = ""
    nei: str = ""
    angre: Angring | None = None


@contextmanager
def told(
    request: HttpRequest,
    takk: str = "",
    *,
    form: forms.BaseForm | None = None,
    filfelt: str = "",
) -> Iterator[Handlingsutfall]:
    """Do an act inside. Says thanks when it went well, and why when it raised KanIkke.

    The reason is a message on the page one is sent to; with `form` it stands in that form, whose page
    is drawn again. With `filfelt` too, only what is wrong with a file does, at that field. Thanks that
    depend on what came of the act are set as `takk` inside.
    """
    utfall = Handlingsutfall(takk)
    try:
        yield utfall
    except KanIkke as feil:
        utfall.nei = str(feil)
        if form is not None and (feil.om_fila or not filfelt):
            form.add_error(filfelt or None, utfall.nei)
        else:
            messages.error(request, utfall.nei)
    else:
        if utfall.takk:
            merket = json.dumps(asdict(utfall.angre)) if utfall.angre else ""
            messages.success(request, utfall.takk, extra_tags=merket)


def undo_of(melding: Any) -> Angring | None:
    """How what a message thanks for is undone; None when it does not say."""
    return Angring(**json.loads(melding.extra_tags)) if melding.extra_tags else None
