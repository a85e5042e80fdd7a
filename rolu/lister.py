"""The lists one works in: the name under which the views of each are kept, and what people call it."""

from django.utils.translation import gettext_lazy as _

DELTAKERE = "rolu.deltakere"
MELLOMARBEID = "rolu.mellomarbeid"
MANGLER = "rolu.mangler"
MATRISE = "rolu.matrise"
STOETTE = "rolu.stoette"
OPPFOLGINGER = "rolu.oppfolginger"

SAMLINGSLISTER = (
    (DELTAKERE, _("Deltakere på samlingen")),
    (OPPFOLGINGER, _("Oppfølginger")),
)
MELLOMARBEIDSLISTER = (
    (MELLOMARBEID, _("Mellomarbeid")),
    (MANGLER, _("Enheter som ikke har levert")),
    (MATRISE, _("Alle enheter og oppdrag")),
    (STOETTE, _("Støttelinsen")),
)
