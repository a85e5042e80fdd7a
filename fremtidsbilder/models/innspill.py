"""Input to a picture and its goals, kept as input: what a group wrote on a day, in its own words."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from fremtidsbilder.models.fremtidsbilde import Fremtidsbilde


@pghistory.track()
class Innspill(models.Model):
    """What one group put forward: never the picture's own content."""

    fremtidsbilde = models.ForeignKey(
        Fremtidsbilde,
        on_delete=models.CASCADE,
        related_name="innspill",
        verbose_name=_("fremtidsbilde"),
    )
    anledning = models.CharField(_("anledning"), max_length=250)
    fra = models.CharField(_("gruppe"), max_length=100)
    dato = models.DateField(_("dato"))
    punkter = ArrayField(models.CharField(max_length=400), verbose_name=_("innspill"))
    kilde = models.CharField(_("dokument"), max_length=300)
    rekkefolge = models.PositiveSmallIntegerField(_("rekkefølge"), default=100)

    class Meta:
        verbose_name = _("innspill")
        verbose_name_plural = _("innspill")
        ordering = ["rekkefolge", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["fremtidsbilde", "anledning", "fra"], name="innspill_en_gang"
            ),
            models.CheckConstraint(
                condition=models.Q(punkter__len__gt=0), name="innspill_sier_noe"
            ),
            models.CheckConstraint(
                condition=~models.Q(kilde=""),
                name="innspill_har_kilde",
                violation_error_message=_("Skriv hvilket dokument innspillet står i."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.anledning}, {self.fra}"
