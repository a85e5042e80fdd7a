"""A series: gatherings that follow each other, such as the ROLU-samlinger of every spring and autumn."""

from typing import Self

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from nettverk.models import Nettverk
from nettverk.tilgang.roller import Roller


class SamlingsserieQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """The network's series, for its members."""
        egne = self.filter(nettverk=roller.nettverk)
        return egne if roller.er_medlem else egne.none()


@pghistory.track()
class Samlingsserie(models.Model):
    """Gatherings that follow each other; a gathering is in one series or none."""

    nettverk = models.ForeignKey(
        Nettverk,
        on_delete=models.CASCADE,
        related_name="samlingsserier",
        verbose_name=_("nettverk"),
    )
    navn = models.CharField(_("navn"), max_length=150)
    om = models.TextField(_("om serien"), blank=True)

    objects = SamlingsserieQuerySet.as_manager()

    class Meta:
        verbose_name = _("samlingsserie")
        verbose_name_plural = _("samlingsserier")
        ordering = ["navn", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["nettverk", "navn"],
                name="samlingsserie_ett_navn",
                violation_error_message=_("Nettverket har allerede en serie med dette navnet."),
            )
        ]

    def __str__(self) -> str:
        return self.navn
