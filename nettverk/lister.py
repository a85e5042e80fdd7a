"""The lists one works in: the name under which the views of each are kept, and what people call it."""

from django.utils.translation import gettext_lazy as _

ENHETER = "nettverk.enheter"
GRUPPER = "nettverk.grupper"
FOLK = "nettverk.folk"
UTBOKS = "nettverk.utboks"
SENDING = "nettverk.sending"

LISTER = (
    (ENHETER, _("Kommuner og enheter")),
    (GRUPPER, _("Grupper")),
    (FOLK, _("Folk")),
    (UTBOKS, _("Utboks")),
    (SENDING, _("E-poster i sendingen")),
)
