"""Who may see and change where the network wants to go (docs/tilgang.md)."""

from nettverk.models import Nettverk
from nettverk.rules import medlem
from nettverk.tilgang.tillatelser import tillat

# A published image is open to everyone: `Fremtidsbilde.objects.visible_to`.
tillat("fremtidsbilder.view_fremtidsbilde", medlem, om=Nettverk)
