"""The one answer to an act that could not be done: the person is told why, and the page goes on."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from nettverk.skriving.konflikt import KanIkke


@dataclass
class Handlingsutfall:
    """How the act went: `takk` is said when it went well, `nei` is why it could not be done."""

    takk: str = ""
    nei: str = ""


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
            messages.success(request, utfall.takk)
