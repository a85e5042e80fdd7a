"""What the participants think of a gathering: which survey is asked there."""

from typing import Self

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from evaluering.models import Undersokelse
from nettverk.models import Nettverk
from nettverk.tilgang.roller import Roller
from rolu.models.samling import Samling


class SamlingsevalueringQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """The evaluations of the gatherings one may see, for koordinator, PRO and EVA."""
        return self.filter(
            samling__in=Samling.objects.visible_to(roller),
            undersokelse__in=Undersokelse.objects.visible_to(roller),
        )


@pghistory.track()
class Samlingsevaluering(models.Model):
    """The one survey of a gathering. Made by `rolu.samlinger.evaluering`."""

    samling = models.OneToOneField(
        Samling, on_delete=models.CASCADE, related_name="evaluering", verbose_name=_("samling")
    )
    undersokelse = models.OneToOneField(
        Undersokelse,
        on_delete=models.CASCADE,
        related_name="samlingsevaluering",
        verbose_name=_("undersøkelse"),
    )

    objects = SamlingsevalueringQuerySet.as_manager()

    class Meta:
        verbose_name = _("samlingsevaluering")
        verbose_name_plural = _("samlingsevalueringer")

    def __str__(self) -> str:
        return str(self.samling)

    @property
    def nettverk(self) -> Nettverk:
        return self.samling.nettverk
