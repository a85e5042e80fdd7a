"""The security log, for the administrator alone."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from nettverk.forms.sikkerhetslogg import SikkerhetsloggForm
from nettverk.innlogging import KJENTE
from nettverk.models import Gruppe, Rolle, Sikkerhetshendelse
from nettverk.sikkerhet.administrasjon import administratorside
from nettverk.sikkerhet.logg import slag

PER_SIDE = 50


@never_cache
@require_safe
@administratorside
def sikkerhetslogg(request: HttpRequest) -> HttpResponse:
    """What happened to the accounts and the rights, the newest first. As the administration: never to
    somebody who has shown only a code by e-mail."""
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
    "fra": gettext_lazy("fra"),
    "maate": gettext_lazy("måte"),
    "type": gettext_lazy("type"),
    "leverandoer": gettext_lazy("innlogging hos"),
    "grunn": gettext_lazy("grunn"),
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
}

_MAATER: dict[str, Any] = {
    "code": gettext_lazy("kode på e-post"),
    "password": gettext_lazy("passord"),
    "webauthn": gettext_lazy("passnøkkel"),
    "totp": gettext_lazy("app"),
    "recovery_codes": gettext_lazy("reservekoder"),
    **{kjent["provider_id"]: kjent["name"] for kjent in KJENTE.values()},
}
# What the values of a detail are called.
_VERDIER: dict[str, Mapping[str, Any]] = {
    "maate": _MAATER,
    "type": _MAATER,
    "leverandoer": _MAATER,
    "grunn": {
        "ukjent": gettext_lazy("ingen konto her"),
        "cancelled": gettext_lazy("avbrutt"),
        "denied": gettext_lazy("avvist der"),
        "feil": gettext_lazy("noe gikk galt"),
    },
    "felt": _ORD,
}
_DATOER = {"fra", "til"}


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
        rolle = str(opplysninger.get("rolle", ""))
        if hendelse.nettverk and rolle in Rolle.values:
            opplysninger["rolle"] = hendelse.nettverk.rollenavn(rolle)
        yield {
            "hendelse": hendelse,
            "tittel": kjent.tittel,
            "er_alarm": kjent.alarm,
            "detaljer": [
                (_ORD.get(navn, navn.replace("_", " ")), _as_text(navn, verdi))
                for navn, verdi in opplysninger.items()
                if verdi not in ("", None, [])
            ],
        }


def _as_text(navn: str, verdi: Any) -> str:
    if isinstance(verdi, list):
        return ", ".join(_as_text(navn, ett) for ett in verdi)
    if isinstance(verdi, bool):
        return _("ja") if verdi else _("nei")
    if navn in _DATOER and (dato := parse_date(str(verdi))):
        return date_format(dato)
    # «mfa:totp» is an app, «socialaccount:feide» is Feide.
    kort = str(verdi).rpartition(":")[2] if navn == "maate" else str(verdi)
    return str(_VERDIER.get(navn, {}).get(kort, verdi))
