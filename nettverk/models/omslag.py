"""The photograph that a network may have on its public page and on the cover of its annual report."""

from typing import TYPE_CHECKING, Self

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from nettverk.models.nettverk import Nettverk
from nettverk.models.vedlegg import VedleggBase

if TYPE_CHECKING:
    from nettverk.tilgang.roller import Roller


class OmslagQuerySet(models.QuerySet):
    def visible_to(self, roller: "Roller") -> Self:
        """As the network's public page: everybody's when the network has one, else its members'."""
        egne = self.filter(nettverk=roller.nettverk)
        return egne if roller.er_medlem else egne.filter(nettverk__er_offentlig=True)


# Its life is to be added, exchanged and removed, so all three are told.
@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Omslag(VedleggBase):
    """A network has one or none, and says what it shows. Change it through `nettverk.omslag`."""

    nettverk = models.OneToOneField(
        Nettverk, on_delete=models.CASCADE, related_name="omslag", verbose_name=_("nettverk")
    )

    objects = OmslagQuerySet.as_manager()

    class Meta(VedleggBase.Meta):
        verbose_name = _("omslagsbilde")
        verbose_name_plural = _("omslagsbilder")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(alternativ_tekst=""),
                name="omslag_har_beskrivelse",
                violation_error_message=_("Skriv hva bildet viser."),
            ),
            models.CheckConstraint(
                condition=models.Q(mimetype__startswith="image/"), name="omslag_er_bilde"
            ),
        ]
