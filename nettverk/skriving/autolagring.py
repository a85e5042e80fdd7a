"""A form that saves itself while it is written (static/js/autolagre.js), and its ordinary submit.

One protocol for every text that several may write in: 200 «lagret», 422 «feil» (with `versjon` when the rest
is saved), 409 «konflikt» with both texts, 409 «feil» with `slutt` when it has been closed. The page works the same without JavaScript.
"""

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone

from nettverk.side.portalform import PortalForm
from nettverk.side.skrivemaate import klokke
from nettverk.skriving.barnesjekk import look_for_children
from nettverk.skriving.konflikt import KanIkke, Konflikt, Lukket, Versjonert

Rad = TypeVar("Rad", bound=Versjonert)


class TekstForm(PortalForm):
    """A text with the version it was opened as; 0 when nothing has been saved yet.

    `tekster` names the fields in which people write freely: they are shown beside each other in a
    conflict, and looked through for what could tell who a child is.
    """

    tekster: ClassVar[tuple[str, ...]] = ()

    versjon = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def clean(self) -> dict[str, Any]:
        """One kind of line ending, so that an unchanged text is seen as unchanged."""
        data = super().clean() or self.cleaned_data
        for navn in self.tekster:
            if isinstance(data.get(navn), str):
                data[navn] = data[navn].replace("\r\n", "\n").strip()
        data["versjon"] = data.get("versjon") or 0
        return data

    def conflict_with(self, deres: Any) -> dict[str, Any]:
        """What components/konflikt.html shows of the row that somebody else saved."""
        return {
            "versjon": deres.versjon,
            "endret": getattr(deres, "endret", None),
            "av": getattr(deres, "endret_av", None),
            "tekster": [(self.fields[navn].label, getattr(deres, navn)) for navn in self.tekster],
        }

    @property
    def half_written(self) -> dict[str, list[str]]:
        """What must be mended before it is saved, by field, when the rest of the form can be saved meanwhile."""
        return {}

    @property
    def worth_a_look(self) -> list[Any]:
        """What the writer should look at once more (`look_for_children`), as the text stands now."""
        return look_for_children(" ".join(str(self[navn].value() or "") for navn in self.tekster))


def saves_itself(request: HttpRequest) -> bool:
    """Whether the form was sent by the page, and not by the person."""
    return "X-Autolagre" in request.headers


def posted(request: HttpRequest) -> Any:
    """The posted data. «Lagre min tekst» after a conflict says on which version it was decided."""
    data = request.POST.copy()
    if "behold" in data:
        data["versjon"] = str(data["behold"])
    return data


def is_discarded(request: HttpRequest) -> bool:
    """The person chose the text that is saved, and lets the own one go."""
    return "forkast" in request.POST


def save_text(
    request: HttpRequest,
    form: TekstForm,
    *,
    save: Callable[[dict[str, Any]], Rad | None],
    page: Callable[..., HttpResponse],
    done: Callable[[Rad], HttpResponse],
) -> HttpResponse:
    """Save a posted text and answer it, whoever sent it.

    `save` is the act: gets the cleaned data, returns the row (None when there was nothing to save) and
    may raise Konflikt or KanIkke. `page(form, status=…, konflikt=…)` draws the page again with the
    person's own text in the fields; `done(row)` is where an ordinary submit leads.
    """
    selv = saves_itself(request)
    if not form.is_valid():
        return _refused(form.errors, 422) if selv else page(form, status=422)
    try:
        rad = save(form.cleaned_data)
    except Konflikt as feil:
        konflikt = form.conflict_with(feil.deres)
        return _told(request, konflikt) if selv else page(form, status=409, konflikt=konflikt)
    except KanIkke as feil:
        if selv:
            return _refused({NON_FIELD_ERRORS: [str(feil)]}, 409, slutt=isinstance(feil, Lukket))
        form.add_error(None, str(feil))
        return page(form, status=409)
    if selv or rad is None:
        return _saved(form, rad.versjon if rad else 0)
    for advarsel in form.worth_a_look:
        messages.warning(request, advarsel)
    return done(rad)


def _saved(form: TekstForm, versjon: int) -> JsonResponse:
    """All of it, or all but what must be mended first."""
    if form.half_written:
        halvt = {"status": "feil", "feil": form.half_written, "versjon": versjon}
        return JsonResponse(halvt, status=422)
    naa = klokke(timezone.localtime())
    return JsonResponse({"status": "lagret", "versjon": versjon, "lagret": naa})


def _refused(feil: Any, status: int, *, slutt: bool = False) -> JsonResponse:
    """`slutt`: it has been closed, and nothing more is saved here however often the page tries."""
    data = {"status": "feil", "feil": feil}
    return JsonResponse(data | {"slutt": True} if slutt else data, status=status)


def _told(request: HttpRequest, konflikt: dict[str, Any]) -> JsonResponse:
    html = render_to_string("components/konflikt.html", {"konflikt": konflikt}, request=request)
    return JsonResponse({"status": "konflikt", "html": html}, status=409)
