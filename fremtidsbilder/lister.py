"""The lists one works in (`nettverk.side.liste`): the name of each, and what people call it."""

from django.utils.translation import gettext_lazy as _

STEMMER = "fremtidsbilder.stemmer"

LISTER = ((STEMMER, _("Bidrag å lese")),)
