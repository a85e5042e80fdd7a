"""What a Verv that ends leaves behind, in words."""

from collections.abc import Sequence

from django import template

from nettverk.flater import Etterlatt
from nettverk.overtakelse import in_words

register = template.Library()


@register.filter
def i_ord(etterlatt: Sequence[Etterlatt]) -> list[str]:
    """A sentence for each one who takes over, one for what closes, one for what nobody has."""
    return in_words(etterlatt)
