"""Goals, and the priority areas that the goals and plans are ordered by."""

from typing import Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from nettverk.models import Nettverk
from nettverk.tilgang.roller import Roller


@pghistory.track()
class Utviklingsomraade(models.Model):
    """A priority area (Nordre Sunnmøre: «prioriterte utviklingsområde»), with what it holds."""

    nettverk = models.ForeignKey(
        Nettverk,
        on_delete=models.CASCADE,
        related_name="utviklingsomraader",
        verbose_name=_("nettverk"),
    )
    nummer = models.PositiveSmallIntegerField(_("nummer"))
    tittel = models.CharField(_("tittel"), max_length=200)
    punkter = ArrayField(
        models.CharField(max_length=300), verbose_name=_("punkter"), default=list, blank=True
    )

    class Meta:
        verbose_name = _("utviklingsområde")
        verbose_name_plural = _("utviklingsområder")
        ordering = ["nummer"]
        constraints = [
            models.UniqueConstraint(
                fields=["nettverk", "nummer"], name="utviklingsomraade_nummer_en_gang"
            )
        ]

    def __str__(self) -> str:
        return self.tittel


class MaalQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """The goals of the network, for its members."""
        egne = self.filter(nettverk=roller.nettverk)
        return egne if roller.er_medlem else egne.none()


@pghistory.track()
class Maal(models.Model):
    """A goal of the network: effektmål, resultatmål or a principle; points to the goal above it."""

    class Type(models.TextChoices):
        EFFEKT = "effekt", _("effektmål")
        RESULTAT = "resultat", _("resultatmål")
        PRINSIPP = "prinsipp", _("prinsipp")

    nettverk = models.ForeignKey(
        Nettverk, on_delete=models.CASCADE, related_name="maal", verbose_name=_("nettverk")
    )
    over = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="under",
        verbose_name=_("mål over"),
    )
    type = models.CharField(_("type"), max_length=10, choices=Type)
    tekst = models.TextField(_("mål"))
    rekkefolge = models.PositiveSmallIntegerField(_("rekkefølge"), default=100)

    objects = MaalQuerySet.as_manager()

    class Meta:
        verbose_name = _("mål")
        verbose_name_plural = _("mål")
        ordering = ["rekkefolge", "pk"]

    def __str__(self) -> str:
        return self.tekst[:80]
