"""What somebody needs at a gathering: food, and what makes the room work for them."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from nettverk.models import Nettverk
from nettverk.tilgang.roller import Roller
from rolu.models.samling import Samling


class BehovQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """Only one's own. Who orders the food gets the totals (`rolu.samlinger.behov.totals`), never a row."""
        if not roller.person.is_authenticated:
            return self.none()
        return self.filter(samling__nettverk=roller.nettverk, person=roller.person)


class Behov(models.Model):
    """What a person needs at one gathering, written by the person alone.

    It tells of health and faith, so it is kept as short as it can be: no history, in no list and no file with
    names; gone at once when the person declines, and a month after the gathering (`rolu.samlinger.rydding`).
    Changed by `rolu.samlinger.behov`.
    """

    class Valg(models.TextChoices):
        VEGETAR = "vegetar", _("vegetarmat")
        VEGAN = "vegan", _("vegansk mat")
        GLUTEN = "gluten", _("uten gluten")
        LAKTOSE = "laktose", _("uten laktose")
        MELK = "melk", _("uten melk")
        EGG = "egg", _("uten egg")
        NOETTER = "noetter", _("uten nøtter")
        FISK = "fisk", _("uten fisk og skalldyr")
        SVIN = "svin", _("uten svinekjøtt")
        RULLESTOL = "rullestol", _("plass til rullestol")
        TELESLYNGE = "teleslynge", _("teleslynge")
        TOLK = "tolk", _("tegnspråktolk")

    samling = models.ForeignKey(
        Samling, on_delete=models.CASCADE, related_name="behov", verbose_name=_("samling")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="behov",
        verbose_name=_("person"),
    )
    valg = ArrayField(
        models.CharField(max_length=12, choices=Valg),
        default=list,
        blank=True,
        verbose_name=_("valg"),
    )
    annet = models.CharField(_("annet"), max_length=200, blank=True)

    objects = BehovQuerySet.as_manager()

    class Meta:
        verbose_name = _("behov")
        verbose_name_plural = _("behov")
        constraints = [
            models.UniqueConstraint(fields=["samling", "person"], name="behov_ett_per_person"),
        ]

    def __str__(self) -> str:
        # Without the name: it is written in logs and error pages.
        return f"behov {self.pk}"

    @property
    def nettverk(self) -> Nettverk:
        return self.samling.nettverk
