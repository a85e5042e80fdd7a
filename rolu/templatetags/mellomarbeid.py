"""What the pages say of a mellomarbeid: `{% load mellomarbeid %}`."""

import datetime

from django import template
from django.utils.safestring import SafeString

from nettverk.templatetags.portal import merke
from rolu.mellomarbeid.mellomarbeidsliste import standing
from rolu.models import Mellomarbeid

register = template.Library()


@register.simple_tag
def mellomarbeidsstatus(arbeid: Mellomarbeid, frist: datetime.date) -> SafeString:
    """How far it has come, on its colour; with the day it was delivered, or how late it is. Fetched `with_stage`."""
    stand = standing(arbeid.stand, arbeid.levert, frist=frist, trukket=arbeid.trukket)
    return merke(stand.ord, stand.farge)
