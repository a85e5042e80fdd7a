"""Tags of the person's own pages: `{% load konto %}`."""

import datetime
import re
from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from nettverk.sikkerhet.fersk import is_fersk

register = template.Library()

# The first that is found in the browser's own description of itself; the order matters.
_NETTLESERE = {"Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox"}
_NETTLESERE |= {"Chrome/": "Chrome", "Safari/": "Safari"}
_SYSTEMER = {"iPhone": "iPhone", "iPad": "iPad", "Android": "Android"}
_SYSTEMER |= {"Windows": "Windows", "Mac OS X": "Mac", "CrOS": "Chromebook", "Linux": "Linux"}


@register.simple_tag(takes_context=True)
def nylig_innlogget(context: template.Context) -> bool:
    """Whether the person signed in just now, and is asked once more all the same: before a key is made by
    somebody who has a password."""
    return is_fersk(context["request"])


@register.simple_tag(takes_context=True)
def kontofaner(context: template.Context) -> list[dict[str, Any]]:
    """The parts of the person's own page."""
    sti = context["request"].path
    sider = [
        (_("Om meg"), "nettverk:konto"),
        (_("E-post til deg"), "nettverk:konto_epost"),
        (_("Sikkerhet"), "mfa_index"),
        (_("Der du er logget inn"), "usersessions_list"),
        (_("Mine opplysninger"), "nettverk:mine_opplysninger"),
    ]
    faner = [{"label": navn, "url": reverse(adresse)} for navn, adresse in sider]
    lengst = max((f["url"] for f in faner if sti.startswith(f["url"])), key=len, default="")
    return [fane | {"aktiv": fane["url"] == lengst} for fane in faner]


@register.filter
def nettleser(beskrivelse: str) -> str:
    """«Chrome på Windows» from the browser's long description of itself."""
    navn = _first(_NETTLESERE, beskrivelse)
    system = _first(_SYSTEMER, beskrivelse)
    if navn and system:
        return _("%(nettleser)s på %(system)s") % {"nettleser": navn, "system": system}
    return navn or system or re.sub(r"[/ ].*", "", beskrivelse) or _("Ukjent nettleser")


@register.filter
def verdi(verdi: Any) -> str:
    """A kept value as people read it."""
    if isinstance(verdi, datetime.datetime):
        return date_format(timezone.localtime(verdi), "DATETIME_FORMAT")
    if isinstance(verdi, datetime.date):
        return date_format(verdi)
    if isinstance(verdi, bool):
        return _("ja") if verdi else _("nei")
    return str(verdi)


def _first(kjente: dict[str, str], tekst: str) -> str:
    return next((navn for merke, navn in kjente.items() if merke in tekst), "")
