"""Small tags and filters of every page: `{% load portal %}`."""

import datetime
import re
from decimal import Decimal
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.http import QueryDict
from django.template.defaultfilters import date as format_date
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format, number_format, time_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from kommuner.gyldighet import idag
from nettverk.models import Gruppe, Rolle
from nettverk.side.innhold import innhold
from nettverk.side.portalform import error_list

register = template.Library()

NBSP = "\u00a0"
Tall = int | float | Decimal


def _er_engelsk() -> bool:
    return (get_language() or "nb").startswith("en")


# --- icons


@cache
def _sprite() -> str:
    return static("ikoner.svg")


@register.simple_tag
@cache
def ikon(navn: str, klasse: str = "") -> SafeString:
    """An icon from the sprite (names in nettverk/frontend/ikoner.json). Decoration: never the only name."""
    return format_html(
        '<svg class="app-ikon{}" width="24" height="24" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        f" {klasse}" if klasse else "",
        _sprite(),
        navn,
    )


# --- numbers


@register.filter
def tall(verdi: Tall | None, desimaler: int = 0) -> str:
    """9999, 10 000, 1 234,5 – grouped with non-breaking spaces from five digits."""
    if verdi is None or verdi == "":
        return ""
    grupper = abs(float(verdi)) >= 10_000 or bool(desimaler)
    tekst = number_format(verdi, decimal_pos=desimaler, use_l10n=True, force_grouping=grupper)
    return tekst.replace("-", "\u2212")


@register.filter
def prosent(verdi: Tall | None, desimaler: int = 0) -> str:
    """92 % from 92."""
    if verdi is None or verdi == "":
        return ""
    tekst = number_format(verdi, decimal_pos=desimaler, use_l10n=True).replace("-", "\u2212")
    return f"{tekst}%" if _er_engelsk() else f"{tekst}{NBSP}%"


@register.filter
def andel(del_: float | None, hele: float | None) -> int:
    """Whole percent that the part makes of the whole; 0 when the whole is nothing."""
    return round(100 * (del_ or 0) / hele) if hele else 0


@register.filter
def spraaknavn(kode: str) -> str:
    """A language's name in the language itself, which Django's own tag would have translated."""
    return dict(settings.LANGUAGES)[kode]


@register.filter
def telefon(nummer: str | None) -> str:
    """71 57 40 00, and 915 41 234 for a mobile."""
    siffer = re.sub(r"\D", "", nummer or "").removeprefix("0047")
    if len(siffer) == 10 and siffer.startswith("47"):
        siffer = siffer[2:]
    if len(siffer) != 8:
        return nummer or ""
    deling = (3, 2, 3) if siffer[0] in "49" else (2, 2, 2, 2)
    biter, start = [], 0
    for lengde in deling:
        biter.append(siffer[start : start + lengde])
        start += lengde
    return NBSP.join(biter)


@register.filter
def orgnr(nummer: str | None) -> str:
    """974 760 673"""
    siffer = re.sub(r"\D", "", nummer or "")
    if len(siffer) != 9:
        return nummer or ""
    return NBSP.join((siffer[:3], siffer[3:6], siffer[6:]))


# --- time


@register.filter
def klokke(tid: datetime.datetime | datetime.time | None) -> str:
    """kl. 09.30 – a non-breaking space keeps it on one line."""
    if tid is None or tid == "":
        return ""
    if isinstance(tid, datetime.datetime) and timezone.is_aware(tid):
        tid = timezone.localtime(tid)
    tekst = time_format(tid)
    return tekst if _er_engelsk() else f"kl.{NBSP}{tekst}"


@register.filter
def ukedag(dato: datetime.date | datetime.datetime | None) -> str:
    """torsdag 1. januar 2026"""
    if not dato:
        return ""
    if isinstance(dato, datetime.datetime) and timezone.is_aware(dato):
        dato = timezone.localtime(dato)
    return format_date(dato, "l j F Y" if _er_engelsk() else "l j. F Y")


@register.filter
def uke(dato: datetime.date | None) -> str:
    """uke 46, the ISO week."""
    return _("uke %(nummer)s") % {"nummer": dato.isocalendar().week} if dato else ""


def _dager(start: datetime.date, slutt: datetime.date) -> str:
    """3.–6. juni 2026, 28. mai–3. juni 2026, 1. desember 2025–31. januar 2026."""
    if start == slutt:
        return date_format(start)
    punktum = "" if _er_engelsk() else "."
    if (start.year, start.month) == (slutt.year, slutt.month):
        return f"{start.day}{punktum}–{date_format(slutt)}"
    if start.year == slutt.year:
        return f"{date_format(start, 'MONTH_DAY_FORMAT')}–{date_format(slutt)}"
    return f"{date_format(start)}–{date_format(slutt)}"


@register.filter
def periode(gyldig: Any) -> str:
    """A half-open date range in words; whole calendar years become 2025–2028."""
    if gyldig is None or getattr(gyldig, "isempty", False):
        return ""
    start, slutt = gyldig.lower, gyldig.upper
    siste = slutt - datetime.timedelta(days=1) if slutt else None
    if start and siste:
        if (start.month, start.day) == (1, 1) and (siste.month, siste.day) == (12, 31):
            return str(start.year) if start.year == siste.year else f"{start.year}–{siste.year}"
        return _dager(start, siste)
    if start:
        return pgettext("periode", "fra %(dato)s") % {"dato": date_format(start)}
    if siste:
        return pgettext("periode", "til %(dato)s") % {"dato": date_format(siste)}
    return _("alltid")


# How near a deadline is before it is pointed out.
_SNART = datetime.timedelta(days=14)


@register.filter
def friststand(frist: datetime.date | None) -> str:
    """How a deadline stands: «forfalt», «snart» (within 14 days), or nothing. Said in words beside it."""
    if not frist:
        return ""
    if frist < idag():
        return "forfalt"
    return "snart" if frist <= idag() + _SNART else ""


@register.filter
def fristfarge(frist: datetime.date | None) -> str:
    """The colour of what is not answered yet: a warning only when `friststand` has something to say."""
    return "warning" if friststand(frist) else "neutral"


@register.simple_tag
def tidsrom(start: datetime.datetime | None, slutt: datetime.datetime | None = None) -> str:
    """tirsdag 3. mars 2026 kl. 09.00–15.30; over several days each time stands by its own day:
    10. november kl. 10.00 – 11. november 2026 kl. 15.00."""
    if not start:
        return ""
    start = timezone.localtime(start) if timezone.is_aware(start) else start
    if not slutt:
        return f"{ukedag(start)} {klokke(start)}"
    slutt = timezone.localtime(slutt) if timezone.is_aware(slutt) else slutt
    if start.date() == slutt.date():
        return f"{ukedag(start)} {klokke(start)}–{time_format(slutt)}"
    samme_aar = start.year == slutt.year
    dag = date_format(start.date(), "MONTH_DAY_FORMAT") if samme_aar else date_format(start.date())
    return f"{dag} {klokke(start)} – {date_format(slutt.date())} {klokke(slutt)}"


# --- page parts


@register.inclusion_tag("components/brodsmuler.html", takes_context=True)
def brodsmuler(context: dict[str, Any], *deler: Any) -> dict[str, Any]:
    """`{% brodsmuler _("Samlinger") url samling.tittel %}`: label, url, …, and the label of this page.

    The network's own page comes first by itself.
    """
    steg = []
    nettverk, roller = context.get("nettverk"), context.get("roller")
    if nettverk:
        hjem = "hjem/" if roller is not None and roller.er_medlem else ""
        steg.append((nettverk.kortnavn, f"/{nettverk.slug}/{hjem}"))
    steg += list(zip(deler[0:-1:2], deler[1::2], strict=False))
    return {"steg": steg, "her": deler[-1], "forrige": steg[-1] if steg else None}


@register.inclusion_tag("components/feiloppsummering.html")
def feiloppsummering(*skjemaer: Any) -> dict[str, Any]:
    """The error summary of one or more forms and formsets, with both texts where somebody else has
    changed the same; nothing when there is no error."""
    forskjeller = [f for skjema in skjemaer for f in getattr(skjema, "forskjeller", ())]
    return {"feil": error_list(*skjemaer), "forskjeller": forskjeller}


@register.inclusion_tag("components/sidetall.html", takes_context=True)
def sidetall(context: dict[str, Any], side: Any) -> dict[str, Any]:
    """Pagination of a Page; the links keep the rest of the address."""
    request = context.get("request")
    felt = request.GET.copy() if request else QueryDict(mutable=True)

    def url(nummer: int) -> str:
        felt["side"] = str(nummer)
        return f"?{felt.urlencode()}"

    antall = side.paginator.num_pages
    numre = sorted({1, antall, *range(max(1, side.number - 1), min(antall, side.number + 1) + 1)})
    sider: list[tuple[int, str]] = []
    for nummer in numre:
        if sider and nummer - sider[-1][0] > 1:
            sider.append((0, ""))
        sider.append((nummer, url(nummer)))
    return {
        "side": side,
        "sider": sider,
        "forrige": url(side.previous_page_number()) if side.has_previous() else "",
        "neste": url(side.next_page_number()) if side.has_next() else "",
    }


@register.simple_tag
def merke(tekst: Any, farge: str = "neutral") -> SafeString:
    """A state in words on a coloured ground: success, warning, danger, info, neutral, kyst, varm."""
    return format_html('<span class="ds-tag" data-color="{}">{}</span>', farge, tekst)


@register.filter
def brytbar(adresse: str) -> SafeString:
    """An e-mail address that may break after @, not inside a name."""
    foran, krull, bak = adresse.partition("@")
    return format_html("{}{}<wbr>{}", foran, krull, bak) if krull else format_html("{}", adresse)


@register.filter
def rolle_i(rolle: str, nettverk: Any) -> str:
    """What the network calls a role: `{{ verv.rolle|rolle_i:nettverk|capfirst }}`."""
    return nettverk.rollenavn(rolle)


@register.simple_tag
def rollenavn(roller: Any) -> list[str]:
    """What the person is in this network, in words. No queries."""
    if roller is None or not roller.er_medlem:
        return []
    navn = []
    if roller.er_koordinator:
        navn.append(capfirst(roller.nettverk.rollenavn(Rolle.KOORDINATOR)))
    elif roller.er_kog:
        navn.append(_group(roller, Gruppe.Type.KOORDINERINGSGRUPPE))
    if roller.er_stg:
        navn.append(_group(roller, Gruppe.Type.STYRINGSGRUPPE))
    if roller.kommuner_ansvar:
        navn.append(capfirst(roller.nettverk.rollenavn(Rolle.OPPVEKSTANSVARLIG)))
    if roller.enheter_ledet:
        navn.append(_("Enhetsleder"))
    elif roller.enheter:
        navn.append(_("Utviklingsgruppe"))
    if roller.fagmiljo:
        navn.append(_("Fagansvarlig"))
    if roller.er_pro:
        navn.append(_group(roller, Gruppe.Type.PROSESSNETTVERK))
    if roller.er_eva:
        navn.append(_group(roller, Gruppe.Type.EVALUERINGSNETTVERK))
    if roller.er_forsker:
        navn.append(capfirst(roller.nettverk.rollenavn(Rolle.FOLGEFORSKER)))
    return navn or [_("Medlem av nettverket")]


def _group(roller: Any, type_: str) -> str:
    return innhold(roller.gruppenavn(type_), roller.nettverk)
