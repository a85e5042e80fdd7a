"""How numbers, times and names are written, in the language of the page. Templates reach them by
`{% load portal %}` and `{% load tekst %}`."""

import datetime
import re
from decimal import Decimal
from textwrap import shorten
from typing import Any

from django.template.defaultfilters import date as format_date
from django.utils import timezone
from django.utils.formats import date_format, number_format, time_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from kommuner.gyldighet import idag
from kommuner.samiske_navn import DELER, navnedeler

NBSP = "\u00a0"
Tall = int | float | Decimal


def _er_engelsk() -> bool:
    return (get_language() or "nb").startswith("en")


# --- text


def shortened(tekst: str, lengde: int) -> str:
    """On one line, at most so long, cut between words; within a word only where the first is longer than that."""
    kort = shorten(tekst, lengde, placeholder=" …")
    return kort if kort != "…" else Truncator(tekst).chars(lengde)


# --- numbers


def tall(verdi: Tall | None, desimaler: int = 0) -> str:
    """9999, 10 000, 1 234,5 – grouped with non-breaking spaces from five digits; 9,999 in English."""
    if verdi is None or verdi == "":
        return ""
    grupper = _er_engelsk() or abs(float(verdi)) >= 10_000 or bool(desimaler)
    tekst = number_format(verdi, decimal_pos=desimaler, use_l10n=True, force_grouping=grupper)
    return tekst.replace("-", "\u2212")


def prosent(verdi: Tall | None, desimaler: int = 0) -> str:
    """92 % from 92."""
    if verdi is None or verdi == "":
        return ""
    tekst = number_format(verdi, decimal_pos=desimaler, use_l10n=True).replace("-", "\u2212")
    return f"{tekst}%" if _er_engelsk() else f"{tekst}{NBSP}%"


def andel(del_: float | None, hele: float | None) -> int:
    """Whole percent that the part makes of the whole; 0 when the whole is nothing."""
    return round(100 * (del_ or 0) / hele) if hele else 0


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


def orgnr(nummer: str | None) -> str:
    """974 760 673"""
    siffer = re.sub(r"\D", "", nummer or "")
    if len(siffer) != 9:
        return nummer or ""
    return NBSP.join((siffer[:3], siffer[3:6], siffer[6:]))


# --- time


def klokke(tid: datetime.datetime | datetime.time | None) -> str:
    """kl. 09.30 – a non-breaking space keeps it on one line."""
    if tid is None or tid == "":
        return ""
    if isinstance(tid, datetime.datetime) and timezone.is_aware(tid):
        tid = timezone.localtime(tid)
    tekst = time_format(tid)
    return tekst if _er_engelsk() else f"kl.{NBSP}{tekst}"


def ukedag(dato: datetime.date | datetime.datetime | None) -> str:
    """torsdag 1. januar 2026"""
    if not dato:
        return ""
    if isinstance(dato, datetime.datetime) and timezone.is_aware(dato):
        dato = timezone.localtime(dato)
    return format_date(dato, "l j F Y" if _er_engelsk() else "l j. F Y")


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


def dager(ting: Any) -> str:
    """The day or days of what has a `start` and a `slutt`: 12. januar 2027, 12.–13. januar 2027."""
    if not ting:
        return ""
    return _dager(*(timezone.localtime(tid).date() for tid in (ting.start, ting.slutt)))


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


def kort_dag(dag: datetime.date) -> str:
    """29. oktober; with the year when it is another than this."""
    return date_format(dag, "MONTH_DAY_FORMAT" if dag.year == idag().year else "DATE_FORMAT")


def varighet(minutter: int) -> str:
    """4 timer og 45 minutter; nothing for none."""
    timer, rest = divmod(minutter, 60)
    deler = []
    if timer:
        deler.append(ngettext("%(n)s time", "%(n)s timer", timer) % {"n": timer})
    if rest:
        deler.append(ngettext("%(n)s minutt", "%(n)s minutter", rest) % {"n": rest})
    return _(" og ").join(deler)


def om_dager(dag: datetime.date) -> str:
    """i dag, i morgen, om 9 dager."""
    dager_til = (dag - idag()).days
    if dager_til <= 0:
        return _("i dag")
    return ngettext("i morgen", "om %(n)s dager", dager_til) % {"n": dager_til}


# How near a deadline is before it is pointed out.
_SNART = datetime.timedelta(days=7)


def friststand(frist: datetime.date | None) -> str:
    """How a deadline stands: «forfalt», «snart» (within 7 days), or nothing. Said in words beside it."""
    if not frist:
        return ""
    if frist < idag():
        return "forfalt"
    return "snart" if frist <= idag() + _SNART else ""


def dager_over(frist: datetime.date) -> int:
    """How many days ago a deadline passed; 0 until then."""
    return max(0, (idag() - frist).days)


def fristfarge(frist: datetime.date | None) -> str:
    """The colour of what is not answered yet: a warning only when `friststand` has something to say."""
    return "warning" if friststand(frist) else "neutral"


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


# --- names


def kommunenavn(navn: str | None) -> SafeString | str:
    """The name of a kommune, with the Sámi part marked as such."""
    deler = navnedeler(navn or "")
    if not any(spraak for _del, spraak in deler):
        return navn or ""
    return format_html_join(
        DELER,
        "{}",
        (
            (format_html('<span lang="{}">{}</span>', spraak, del_) if spraak else del_,)
            for del_, spraak in deler
        ),
    )
