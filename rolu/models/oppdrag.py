"""The work asked of every unit between two gatherings."""

from typing import Self

import pghistory
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from laeringsloyper.models import Laeringsloype
from nettverk.models import Nettverk, Person
from nettverk.roller import roller_for
from rolu.models.samling import Samling


class OppdragQuerySet(models.QuerySet):
    def visible_to(self, person: Person, nettverk: Nettverk) -> Self:
        """The assignments of `nettverk`, for its members."""
        egne = self.filter(nettverk=nettverk)
        return egne if roller_for(person, nettverk).er_medlem else egne.none()


@pghistory.track()
class Oppdrag(models.Model):
    """An assignment given at (or between) gatherings; `rolu.oppdrag.gi` makes one Mellomarbeid per unit."""

    nettverk = models.ForeignKey(
        Nettverk, on_delete=models.CASCADE, related_name="oppdrag", verbose_name=_("nettverk")
    )
    samling = models.ForeignKey(
        Samling,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="oppdrag",
        verbose_name=_("gitt på samling"),
    )
    laeringsloype = models.ForeignKey(
        Laeringsloype,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="oppdrag",
        verbose_name=_("læringsløype"),
    )
    tittel = models.CharField(_("tittel"), max_length=150)
    tekst = models.TextField(_("hva skal gjøres"))
    frist = models.DateField(_("frist"))
    gitt = models.DateTimeField(_("gitt"), auto_now_add=True)

    objects = OppdragQuerySet.as_manager()

    class Meta:
        verbose_name = _("oppdrag")
        verbose_name_plural = _("oppdrag")
        ordering = ["-frist", "-pk"]

    def __str__(self) -> str:
        return self.tittel

    @property
    def dager_igjen(self) -> int:
        """Days until the deadline; negative when it has passed."""
        return (self.frist - timezone.localdate()).days

    @property
    def er_forfalt(self) -> bool:
        return self.frist < timezone.localdate()
