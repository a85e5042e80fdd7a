"""Partners (agreements from–to) and dissemination: where the network's experience was shared."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from kommuner.gyldighet import GyldighetMixin, GyldighetQuerySet
from kommuner.sortering import sorteringsfelt
from nettverk.models.nettverk import Nettverk


@pghistory.track(exclude=["sortering"])
class Partner(GyldighetMixin):
    """NTNU, DMMH, KS, PPT, Skrivesenteret … with what the cooperation is about. A Verv may represent it."""

    nettverk = models.ForeignKey(
        Nettverk, on_delete=models.CASCADE, related_name="partnere", verbose_name=_("nettverk")
    )
    navn = models.CharField(_("navn"), max_length=150)
    om = models.TextField(_("om samarbeidet"), blank=True)
    nettsted = models.URLField(_("nettsted"), blank=True)
    rekkefolge = models.PositiveSmallIntegerField(_("rekkefølge"), default=100)
    sortering = sorteringsfelt("navn")

    objects = GyldighetQuerySet.as_manager()

    class Meta:
        verbose_name = _("samarbeidspartner")
        verbose_name_plural = _("samarbeidspartnere")
        ordering = ["rekkefolge", "sortering"]
        constraints = [
            models.UniqueConstraint(fields=["nettverk", "navn"], name="partner_en_gang"),
        ]

    def __str__(self) -> str:
        return self.navn


@pghistory.track()
class Deling(models.Model):
    """A talk, visit or conference where the network shared its experience (ICSEI, Education 2030 …)."""

    nettverk = models.ForeignKey(
        Nettverk, on_delete=models.CASCADE, related_name="delinger", verbose_name=_("nettverk")
    )
    tittel = models.CharField(_("tittel"), max_length=200)
    om = models.TextField(_("om delingen"), blank=True)
    aar = models.PositiveSmallIntegerField(_("år"), null=True, blank=True)
    rekkefolge = models.PositiveSmallIntegerField(_("rekkefølge"), default=100)

    class Meta:
        verbose_name = _("erfaringsdeling")
        verbose_name_plural = _("erfaringsdelinger")
        ordering = ["rekkefolge", "aar"]
        constraints = [
            models.UniqueConstraint(fields=["nettverk", "tittel"], name="deling_en_gang"),
        ]

    def __str__(self) -> str:
        return self.tittel
