"""What the pages say of a mellomarbeid: `{% load mellomarbeid %}`."""

import datetime

from django import template
from django.utils.safestring import SafeString

from nettverk.templatetags.portal import merke
from rolu.mellomarbeid.mellomarbeidsliste import status_in_words

register = template.Library()


@register.simple_tag
def mellomarbeidsstatus(status: str, levert: datetime.datetime | None = None) -> SafeString:
    """How far it has come, on its colour; with the day when it is delivered and that is known."""
    return merke(*status_in_words(status, levert))
