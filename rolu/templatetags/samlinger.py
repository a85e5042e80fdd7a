"""When a gathering is, in words: `{% load samlinger %}`."""

import datetime

from django import template

from rolu.models import Samling, Samlingsdag
from rolu.samlinger import dager
from rolu.samlinger.samlingsbrev import TidOgSted

register = template.Library()


@register.filter
def naar(samling: Samling | TidOgSted) -> str:
    """Its days with their hours: `{{ samling|naar }}`. The time before a move too."""
    return samling.naar if isinstance(samling, TidOgSted) else dager.in_words(samling)


@register.filter
def datoene(samling: Samling | TidOgSted) -> str:
    """Its days without hours: `{{ samling|datoene }}`, «3. og 4. juni 2026»."""
    return samling.datoene if isinstance(samling, TidOgSted) else dager.dates_in_words(samling)


@register.filter
def dagene(samling: Samling) -> list[Samlingsdag]:
    """Each of its days."""
    return dager.days(samling)


@register.filter
def bare_dager(datoer: list[datetime.date] | None) -> str:
    """«bare 4. juni», of who comes on some of the days; nothing of who comes on all."""
    return dager.only_days(datoer)
