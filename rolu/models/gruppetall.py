"""Pupils and parents at a gathering: how many, never who."""

from typing import Self

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kommuner.models import Kommune
from nettverk.models import Gruppe, Nettverk
from nettverk.tilgang.roller import Roller
from rolu.models.deltakelse import sees_all
from rolu.models.samling import Samling


class GruppetallQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """As Gjest: who runs the network sees all, a kommuneansvarlig the own kommune's, a leader the own
        unit's."""
        if not roller.person.is_authenticated:
            return self.none()
        egne = self.filter(samling__nettverk=roller.nettverk)
        if sees_all(roller):
            return egne
        return egne.filter(
            Q(kommune__in=roller.kommuner_ansvar) | Q(gruppe__enhet__in=roller.enheter_ledet)
        )


@pghistory.track()
class Gruppetall(models.Model):
    """How many pupils or parents a group brings to a gathering. Of children and parents only the number is
    kept. Changed by `rolu.samlinger.paamelding.sign_up_group`."""

    class Hva(models.TextChoices):
        ELEVER = "elever", _("elever")
        FORESATTE = "foresatte", _("foresatte")

    MAKS = 200

    samling = models.ForeignKey(
        Samling, on_delete=models.CASCADE, related_name="gruppetall", verbose_name=_("samling")
    )
    gruppe = models.ForeignKey(
        Gruppe, on_delete=models.PROTECT, related_name="+", verbose_name=_("gruppe")
    )
    kommune = models.ForeignKey(
        Kommune,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("kommune"),
    )
    hva = models.CharField(_("hvem"), max_length=10, choices=Hva)
    antall = models.PositiveSmallIntegerField(_("antall"), default=0)

    objects = GruppetallQuerySet.as_manager()

    class Meta:
        verbose_name = _("antall fra en gruppe")
        verbose_name_plural = _("antall fra gruppene")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["samling", "gruppe", "hva"], name="gruppetall_ett_per_gruppe"
            ),
            models.CheckConstraint(
                condition=Q(antall__lte=200),
                name="gruppetall_hoyst_200",
                violation_error_message=_("Antallet må være mellom 0 og 200."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.antall} {self.get_hva_display()}"

    @property
    def nettverk(self) -> Nettverk:
        return self.samling.nettverk
