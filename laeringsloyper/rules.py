"""Who may see the learning tracks (docs/tilgang.md)."""

from nettverk.models import Nettverk
from nettverk.rules import medlem
from nettverk.tilgang.tillatelser import tillat

tillat("laeringsloyper.view_laeringsloype", medlem, om=Nettverk)
