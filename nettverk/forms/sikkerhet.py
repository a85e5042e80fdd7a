"""The form of what a network requires of those who coordinate it."""

import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kommuner.gyldighet import idag
from nettverk.models import Nettverk
from nettverk.side.portalform import PortalModelForm
from nettverk.skriving.laas import StandForm

# So that nobody is shut out the day it is decided.
_VARSEL = datetime.timedelta(days=7)


class TostegkravForm(StandForm, PortalModelForm):
    """From which day more than a code by e-mail is required."""

    class Meta:
        model = Nettverk
        fields = ["tosteg_fra"]
        labels = {"tosteg_fra": _("Krev passnøkkel eller app fra")}
        help_texts = {
            "tosteg_fra": _(
                "La feltet stå tomt hvis dere ikke krever det ennå. Gi folk gjerne to uker på å bli klare."
            )
        }

    def clean_tosteg_fra(self) -> datetime.date | None:
        fra = self.cleaned_data["tosteg_fra"]
        if fra and fra < idag() + _VARSEL and "tosteg_fra" in self.changed_data:
            raise ValidationError(
                _("Velg en dag minst en uke frem, så folk rekker å lage en passnøkkel."),
                code="for_tidlig",
            )
        return fra
