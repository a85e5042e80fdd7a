"""A learning track as it is shown everywhere: `{% load loyper %}`."""

from django import template
from django.utils.safestring import SafeString

from laeringsloyper.merke import draw_merke, draw_tegn
from laeringsloyper.models import Laeringsloype
from nettverk.models import Nettverk
from nettverk.side.innhold import innhold

register = template.Library()


@register.simple_tag
def loypemerke(loype: Laeringsloype, nettverk: Nettverk) -> SafeString:
    """The track's sign and name in its own colour: `{% loypemerke oppdrag.laeringsloype nettverk %}`."""
    return draw_merke(loype.farge, loype.tegn, innhold(loype.navn, nettverk))


@register.simple_tag
def loypemerke_av(farge: str, tegn: str, navn: str, nettverk: Nettverk) -> SafeString:
    """The same from plain data that a report has kept; without colour where none was kept."""
    return draw_merke(farge, tegn, innhold(navn, nettverk))


@register.simple_tag
def loypetegn(loype: Laeringsloype) -> SafeString:
    """The sign alone, where the name stands beside it already; in an element with `data-farge`."""
    return draw_tegn(loype.farge, loype.tegn)
