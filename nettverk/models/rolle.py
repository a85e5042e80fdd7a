"""The functions a person may have in a group. What a network calls each of them is its own data."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Rolle(models.TextChoices):
    """What a person is in a group: the function. A network may have its own name for it.

    Show it by `nettverk.side.innhold.rolle_i` (`|rolle_i:nettverk`), not by its label.
    """

    LEDER = "leder", _("leder")
    NESTLEDER = "nestleder", _("nestleder")
    KOORDINATOR = "koordinator", _("koordinator")
    UTVIKLINGSVEILEDER = "utviklingsveileder", _("utviklingsveileder")
    RAADGIVER = "raadgiver", _("rådgiver")
    MEDLEM = "medlem", _("medlem")
    FORMELL_LEDER = "formell_leder", _("formell leder")
    TILLITSVALGT = "tillitsvalgt", _("tillitsvalgt")
    UTVIKLINGSLAERER = "utviklingslaerer", _("utviklingslærer")
    PP_RAADGIVER = "pp_raadgiver", _("PP-rådgiver")
    OPPVEKSTANSVARLIG = "oppvekstansvarlig", _("oppvekstansvarlig")
    HOVEDTILLITSVALGT = "hovedtillitsvalgt", _("hovedtillitsvalgt")
    FOLGEFORSKER = "folgeforsker", _("følgeforsker")
    UH_KONTAKT = "uh_kontakt", _("kontaktperson i universitet eller høgskole")
    OBSERVATOR = "observator", _("observatør")


# The functions of those who work at one unit; which of them its group must have, the network says.
ENHETSROLLER = (
    Rolle.FORMELL_LEDER,
    Rolle.TILLITSVALGT,
    Rolle.UTVIKLINGSLAERER,
    Rolle.PP_RAADGIVER,
)
