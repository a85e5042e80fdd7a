"""The security log, for the administrator alone."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from nettverk.forms.sikkerhetslogg import SikkerhetsloggForm
from nettverk.models import Sikkerhetshendelse
from nettverk.sikkerhet.logg import slag
from nettverk.sikkerhet.tosteg import is_strong, lead
from nettverk.views.konto import signed_in

PER_SIDE = 50


@never_cache
@require_safe
def sikkerhetslogg(request: HttpRequest) -> HttpResponseBase:
    """What happened to the accounts and the rights, the newest first."""
    if not signed_in(request).is_superuser:
        raise PermissionDenied
    if not is_strong(request):
        return lead(request)
    form = SikkerhetsloggForm(request.GET)
    hendelser = form.filter(Sikkerhetshendelse.objects.all()).select_related(
        "person", "av", "nettverk"
    )
    side = Paginator(hendelser, PER_SIDE).get_page(request.GET.get("side"))
    return render(
        request,
        "sikkerhet/logg.html",
        {
            "form": form,
            "side": side,
            "linjer": [_line(hendelse) for hendelse in side.object_list],
            "dager": settings.SIKKERHETSLOGG_BEHOLDES.days,
            "er_filtrert": any(form.cleaned_data.values()),
        },
    )


def _line(hendelse: Sikkerhetshendelse) -> dict[str, Any]:
    """A row of the page; what the happening tells, as «navn: verdi»."""
    kjent = slag(hendelse.slag)
    return {
        "hendelse": hendelse,
        "tittel": kjent.tittel,
        "er_alarm": kjent.alarm,
        "detaljer": [
            (navn.replace("_", " "), _as_text(verdi))
            for navn, verdi in hendelse.opplysninger.items()
            if verdi not in ("", None, [])
        ],
    }


def _as_text(verdi: Any) -> str:
    if isinstance(verdi, list):
        return ", ".join(map(str, verdi))
    return (
        {True: "ja", False: "nei"}.get(verdi, str(verdi)) if isinstance(verdi, bool) else str(verdi)
    )
