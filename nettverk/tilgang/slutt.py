"""A page is open when the Verv that opened it ends: said so, with which, since when, whom to ask, and what
was typed – not as any other refusal, and not as a fault that will pass.
"""

import copy
import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model, Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.html import strip_tags
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from kommuner.gyldighet import idag
from nettverk.models.gruppe import Verv
from nettverk.models.nettverk import Nettverk
from nettverk.models.person import Person
from nettverk.side.innhold import fill_in, innhold, rolle_i
from nettverk.skriving.autolagring import saves_itself
from nettverk.tilgang.avslag import note
from nettverk.tilgang.roller import Roller, VervINettverk, roller_for, whom_to_ask
from nettverk.tilgang.tillatelser import Avslag, kan

# As long as a session lives: no page has been open longer.
_NYLIG = datetime.timedelta(days=14)
_MERKE = "X-Verv-Slutt"
# What `get_object_or_404` says, and what it was asked by.
_IKKE_FUNNET = re.compile(r"No (\w+) matches the given query\.")
_NOEKLER = {"pk", "slug", "noekkel"}
# Shorter than this is a choice, and nothing that somebody would miss.
_KORT = 12
_SKJULT = {"csrfmiddlewaretoken", "versjon", "stand", "engang", "behold", "next"}


@dataclass(frozen=True)
class Slutt:
    """The Verv that ended, in words, and who can be asked."""

    tittel: str
    naar: str
    koordinatorer: list[str]


class VervSluttMiddleware:
    """Answers the refusal of somebody who had what it takes until a Verv ended."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, feil: Exception) -> HttpResponse | None:
        nettverk = getattr(request, "nettverk", None)
        if not isinstance(feil, Avslag | Http404) or nettverk is None:
            return None
        if not isinstance(request.user, Person):
            return None
        verv = lost(request, nettverk, feil)
        if verv is None:
            return None
        note(request, feil)
        return _answer(request, _in_words(verv, nettverk))


def lost(request: HttpRequest, nettverk: Nettverk, feil: Exception) -> Verv | None:
    """The Verv that ended, when it is why this was refused.

    A thing that is not found may never have been there, or be deleted: then only what an open page sends is
    answered so, and to somebody who is a member still, only when that Verv showed it.
    """
    i_bruk = request.method == "POST" or _wants_data(request)
    if isinstance(feil, Http404) and not i_bruk:
        return None
    tidligere = list(
        Verv.objects.filter(
            Q(gyldig__fully_lt=(idag(), None), gyldig__endswith__gt=idag() - _NYLIG)
            | Q(annullert__date__gt=idag() - _NYLIG),
            person=request.user.pk,
            gruppe__nettverk=nettverk,
        ).select_related("gruppe")
    )
    tidligere.sort(key=lambda v: (v.til or localtime(v.annullert).date(), v.pk), reverse=True)
    if isinstance(feil, Avslag):
        tidligere = [v for v in tidligere if _opened(request, nettverk, v, feil)]
    else:
        tidligere = [v for v in tidligere if _showed(request, nettverk, v, feil)]
    return tidligere[0] if tidligere else None


def _opened(request: Any, nettverk: Nettverk, verv: Verv, feil: Avslag) -> bool:
    """Whether the person could have done it with this Verv still."""
    return kan(_with(request, nettverk, verv).person, feil.tillatelse, feil.ting)


def _showed(request: Any, nettverk: Nettverk, verv: Verv, feil: Exception) -> bool:
    """Whether what the address names is there, and the person could see it with this Verv still. Somebody
    who is no member any longer, sees nothing for want of any."""
    if not roller_for(request.user, nettverk).er_medlem:
        return True
    hva = _IKKE_FUNNET.fullmatch(str(feil))
    noekler = {k: v for k, v in request.resolver_match.kwargs.items() if k in _NOEKLER}
    if hva is None or not noekler:
        return False
    roller = _with(request, nettverk, verv)
    return any(
        (egne := _own(modell, noekler))
        and modell._default_manager.visible_to(roller).filter(**egne).exists()
        for modell in apps.get_models()
        if modell._meta.object_name == hva[1] and hasattr(modell._default_manager, "visible_to")
    )


def _own(modell: type[Model], noekler: dict[str, Any]) -> dict[str, Any]:
    """Of what the address names, what is a key of this; the rest is of what lies in it."""
    felt = {"pk", *(felt.name for felt in modell._meta.fields)}
    return {navn: verdi for navn, verdi in noekler.items() if navn in felt}


def _with(request: Any, nettverk: Nettverk, verv: Verv) -> Roller:
    """The person's roles as they were with that Verv."""
    som_foer = copy.copy(request.user)
    g = verv.gruppe
    felt = (verv.pk, g.pk, g.navn, g.type, verv.rolle, g.enhet_id, verv.representerer_id)
    naa = roller_for(request.user, nettverk)
    roller = Roller(som_foer, nettverk, [*naa.verv, VervINettverk(*felt)])
    som_foer._roller = {nettverk.pk: roller}
    return roller


def _in_words(verv: Verv, nettverk: Nettverk) -> Slutt:
    tittel = fill_in(
        _("Vervet ditt som %(rolle)s i %(gruppe)s er slutt"),
        rolle=rolle_i(verv.rolle, nettverk),
        gruppe=innhold(verv.gruppe.i_setning, nettverk),
    )
    if verv.annullert:
        tid = date_format(localtime(verv.annullert), "DATETIME_FORMAT")
        naar = _("Vervet ble annullert %(tid)s.") % {"tid": tid}
    else:
        assert verv.siste_dag is not None
        naar = _("Siste dag var %(dato)s.") % {"dato": date_format(verv.siste_dag)}
    return Slutt(tittel, naar, [ett.person.navn for ett in whom_to_ask(nettverk)[:3]])


def _wants_data(request: HttpRequest) -> bool:
    return saves_itself(request) or "HX-Request" in request.headers


def _answer(request: HttpRequest, slutt: Slutt) -> HttpResponse:
    svar: HttpResponse
    if _wants_data(request):
        spoer = _("Spør %(navn)s.") % {"navn": ", ".join(slutt.koordinatorer)}
        deler = [f"{strip_tags(slutt.tittel)}.", slutt.naar, spoer if slutt.koordinatorer else ""]
        svar = JsonResponse({"status": "slutt", "tekst": " ".join(filter(None, deler))}, status=403)
    else:
        data = {"slutt": slutt, "skrevet": _typed(request)}
        svar = render(request, "nettverk/verv_slutt.html", data, status=403)
    svar.headers[_MERKE] = "1"
    return svar


def _typed(request: HttpRequest) -> str:
    """What the person wrote in the form that was sent: it is theirs, and stands nowhere else."""
    return "\n\n".join(
        verdi.strip()
        for navn, verdier in request.POST.lists()
        for verdi in verdier
        if navn not in _SKJULT and len(verdi.strip()) >= _KORT
    )
