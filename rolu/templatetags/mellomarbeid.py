"""What the pages say of a mellomarbeid: `{% load mellomarbeid %}`."""

import datetime

from django import template
from django.utils.safestring import SafeString

from nettverk.templatetags.portal import merke
from rolu.mellomarbeid.mellomarbeidsliste import standing

register = template.Library()


@register.simple_tag
def mellomarbeidsstatus(
    status: str,
    levert: datetime.datetime | None,
    frist: datetime.date,
    *,
    delt: bool = False,
    planlagt: bool = False,
) -> SafeString:
    """How far it has come, on its colour; with the day it was delivered, or how late it is. `planlagt`: only that is
    written (`with_stage`)."""
    stand = standing(status, levert, frist=frist, delt=delt, planlagt=planlagt)
    return merke(stand.ord, stand.farge)
