"""A day of a gathering that lasts several: its own hours."""

import datetime

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nettverk.models import Nettverk
from rolu.models.samling import Samling


@pghistory.track()
class Samlingsdag(models.Model):
    """One day of a gathering, and when it begins and ends on the clock of the wall.

    A gathering of one day has none: its `start` and `slutt` say it. One over several has a row a day (the
    days need not follow each other), and `start` and `slutt` are those of the first and the last. Asked for
    by `rolu.samlinger.dager.days` and set by `set_days`, which keeps the two together.
    """

    samling = models.ForeignKey(
        Samling, on_delete=models.CASCADE, related_name="samlingsdager", verbose_name=_("samling")
    )
    dato = models.DateField(_("dato"))
    fra = models.TimeField(_("fra kl."))
    til = models.TimeField(_("til kl."))

    class Meta:
        verbose_name = _("samlingsdag")
        verbose_name_plural = _("samlingsdager")
        ordering = ["dato", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["samling", "dato"],
                name="samlingsdag_en_gang",
                violation_error_message=_("Samme dag kan bare stå én gang."),
            ),
            models.CheckConstraint(
                condition=Q(til__gt=F("fra")),
                name="samlingsdag_slutter_etter_start",
                violation_error_message=_("Dagen må slutte etter at den starter."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dato:%d.%m.%Y}"

    @property
    def nettverk(self) -> Nettverk:
        return self.samling.nettverk

    @property
    def start(self) -> datetime.datetime:
        return timezone.make_aware(datetime.datetime.combine(self.dato, self.fra))

    @property
    def slutt(self) -> datetime.datetime:
        return timezone.make_aware(datetime.datetime.combine(self.dato, self.til))
