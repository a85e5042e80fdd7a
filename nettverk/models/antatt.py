"""What is inferred and not read in a source is marked, in the data and on the page."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AntattMixin(models.Model):
    """A fact with a validity range whose ends may be inferred."""

    fra_antatt = models.BooleanField(
        _("startdatoen er antatt"),
        default=False,
        help_text=_("Datoen står ikke i noe dokument."),
    )
    til_antatt = models.BooleanField(
        _("sluttdatoen er antatt"),
        default=False,
        help_text=_("Datoen står ikke i noe dokument."),
    )
    merknad = models.CharField(
        _("merknad"),
        max_length=400,
        blank=True,
        help_text=_("Hva dokumentet sier, og hva som er en slutning."),
    )

    class Meta:
        abstract = True
