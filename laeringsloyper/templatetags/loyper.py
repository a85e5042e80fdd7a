"""A learning track as it is shown everywhere: `{% load loyper %}`."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.safestring import SafeString

from kommuner.sortering import norsk_nokkel
from laeringsloyper.enheter import LoypeStatus
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


@register.filter
def per_kommune(loyper: Sequence[Any]) -> list[tuple[str, list[int]]]:
    """Each kommune with how many of its units follow each of the tracks, of figures as they are or as a report has
    kept them (`LoypeStatus`)."""
    antall = [
        {rad["kommune"]: rad["antall"] for rad in _kept(loype, "per_kommune")} for loype in loyper
    ]
    navnene = sorted({navn for tall in antall for navn in tall}, key=norsk_nokkel)
    return [(navn, [tall.get(navn, 0) for tall in antall]) for navn in navnene]


@register.filter
def follows_several(loyper: Sequence[Any], antall: int) -> bool:
    """Whether some of the `antall` units are counted in more than one of the tracks."""
    return sum(_kept(loype, "antall_enheter") for loype in loyper) > antall


def _kept(loype: LoypeStatus | dict[str, Any], navn: str) -> Any:
    return loype[navn] if isinstance(loype, dict) else getattr(loype, navn)
