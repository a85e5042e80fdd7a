"""The security log, for the administrator alone."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from nettverk.forms.sikkerhetslogg import SikkerhetsloggForm
from nettverk.models import Gruppe, Sikkerhetshendelse
from nettverk.sikkerhet.logg import slag
from nettverk.sikkerhet.tosteg import is_strong, lead
from nettverk.views.konto import signed_in

PER_SIDE = 50


@never_cache
@require_safe
def sikkerhetslogg(request: HttpRequest) -> HttpResponseBase:
    """What happened to the accounts and the rights, the newest first. As the administration: never to
    somebody who has shown only a code by e-mail."""
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
            "linjer": list(_lines(side.object_list)),
            "dager": settings.SIKKERHETSLOGG_BEHOLDES.days,
            "er_filtrert": any(form.cleaned_data.values()),
        },
    )


# What the details are called. What is not here is shown as it is.
_ORD = {
    "rolle": gettext_lazy("rolle"),
    "gruppe": gettext_lazy("gruppe"),
    "til": gettext_lazy("slutter"),
    "felt": gettext_lazy("endret"),
    "side": gettext_lazy("side"),
    "metode": gettext_lazy("metode"),
    "tillatelse": gettext_lazy("tillatelse"),
    "hva": gettext_lazy("hva"),
    "rader": gettext_lazy("rader"),
    "rad": gettext_lazy("nummer"),
    "konto": gettext_lazy("konto"),
    "ny": gettext_lazy("ny"),
    "slettet": gettext_lazy("slettet"),
    "is_staff": gettext_lazy("kan åpne administrasjonen"),
    "is_superuser": gettext_lazy("administrator"),
    "is_active": gettext_lazy("kan logge inn"),
    "maate": gettext_lazy("måte"),
    "leverandoer": gettext_lazy("leverandør"),
    "grunn": gettext_lazy("grunn"),
}

# How somebody signed in or confirmed; the types alone are of a confirmation.
_MAATER = {
    "code": gettext_lazy("kode på e-post"),
    "mfa:webauthn": gettext_lazy("passnøkkel"),
    "webauthn": gettext_lazy("passnøkkel"),
    "mfa:totp": gettext_lazy("app"),
    "totp": gettext_lazy("app"),
    "mfa:recovery_codes": gettext_lazy("reservekode"),
    "recovery_codes": gettext_lazy("reservekode"),
}


def _lines(hendelser: Iterable[Sikkerhetshendelse]) -> Iterator[dict[str, Any]]:
    """The rows of the page in words. One query, for the names of the groups."""
    hendelser = list(hendelser)
    nevnt = {h.opplysninger.get("gruppe") for h in hendelser}
    grupper = Gruppe.objects.in_bulk({pk for pk in nevnt if isinstance(pk, int)})
    for hendelse in hendelser:
        kjent = slag(hendelse.slag)
        opplysninger = dict(hendelse.opplysninger)
        if (pk := opplysninger.get("gruppe")) in grupper:
            opplysninger["gruppe"] = grupper[pk].navn
        yield {
            "hendelse": hendelse,
            "tittel": kjent.tittel,
            "er_alarm": kjent.alarm,
            "detaljer": [
                (_ORD.get(navn, navn.replace("_", " ")), _as_text(verdi))
                for navn, verdi in opplysninger.items()
                if verdi not in ("", None, [])
            ],
        }


def _as_text(verdi: Any) -> str:
    if isinstance(verdi, list):
        return ", ".join(str(_ORD.get(v) or _MAATER.get(v, v)) for v in verdi)
    if isinstance(verdi, bool):
        return _("ja") if verdi else _("nei")
    if isinstance(verdi, str):
        return str(_MAATER.get(verdi, verdi))
    return str(verdi)
