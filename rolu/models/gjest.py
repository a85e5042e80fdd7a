"""Somebody at a gathering who has no Verv in the network: a substitute, or a walk-in."""

import datetime
from typing import Self

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kommuner.models import Kommune
from nettverk.models import Brev, Gruppe, Nettverk, Verv
from nettverk.tilgang.roller import Roller
from rolu.models.deltakelse import sees_all
from rolu.models.samling import Samling


class GjestQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """As Deltakelse: who runs the network sees all, a kommuneansvarlig the own kommune's, a leader the
        own unit's."""
        if not roller.person.is_authenticated:
            return self.none()
        egne = self.filter(samling__nettverk=roller.nettverk)
        if sees_all(roller):
            return egne
        return egne.filter(
            Q(kommune__in=roller.kommuner_ansvar) | Q(gruppe__enhet__in=roller.enheter_ledet)
        )

    def met(self) -> Self:
        return self.filter(moett__isnull=False)

    def with_sted(self) -> Self:
        """With what it takes to tell where each comes from, and whom they stand in for."""
        sted = self.select_related("gruppe__enhet", "kommune", "for_verv__person")
        return sted.defer("kommune__grense")


@pghistory.track()
class Gjest(models.Model):
    """A person who comes to one gathering without a Verv in the network.

    `for_verv` is the one whose place a substitute (vara) takes. The name and the address are kept until they
    are cleared some time after the gathering (`rolu.samlinger.rydding`); the row stays, for the figures.
    """

    class Status(models.TextChoices):
        PAAMELDT = "paameldt", _("påmeldt")
        VENTER = "venter", _("på venteliste")
        AVMELDT = "avmeldt", _("avmeldt")

    samling = models.ForeignKey(
        Samling, on_delete=models.CASCADE, related_name="gjester", verbose_name=_("samling")
    )
    navn = models.CharField(_("navn"), max_length=150, blank=True)
    epost = models.EmailField(_("e-post"), blank=True)
    # The group they come with, and the Verv they stand in for.
    gruppe = models.ForeignKey(
        Gruppe,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("gruppe"),
    )
    for_verv = models.ForeignKey(
        Verv,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="varaer",
        verbose_name=_("vara for"),
    )
    kommune = models.ForeignKey(
        Kommune,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("kommune"),
    )
    # In words, of who comes from no unit of the network.
    fra = models.CharField(_("kommer fra"), max_length=150, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PAAMELDT)
    venter_siden = models.DateTimeField(_("venter siden"), null=True, blank=True)
    # As of Deltakelse: the days they come, of a gathering over several; none: all of them.
    dager = ArrayField(models.DateField(), null=True, blank=True, verbose_name=_("dager"))
    lagt_til = models.DateTimeField(_("lagt til"), auto_now_add=True)
    lagt_til_av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("lagt til av"),
    )
    bekreftelse = models.ForeignKey(
        Brev,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("bekreftelse"),
    )
    moett = models.DateTimeField(_("møtte"), null=True, blank=True)
    moett_registrert_av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("oppmøte registrert av"),
    )

    objects = GjestQuerySet.as_manager()

    class Meta:
        verbose_name = _("gjest")
        verbose_name_plural = _("gjester")
        ordering = ["navn", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["samling", "for_verv"],
                condition=Q(for_verv__isnull=False) & ~Q(status="avmeldt"),
                name="gjest_en_vara_per_verv",
                violation_error_message=_("Det er allerede meldt på en vara for denne personen."),
            )
        ]

    def __str__(self) -> str:
        return self.navn

    @property
    def sted(self) -> str:
        """Where they come from, as it is written of those with a Verv (`rolu.samlinger.skrankesok.place`): the unit,
        else the group they come with; else what they said themselves."""
        return str(self.gruppe.enhet or self.gruppe.navn) if self.gruppe else self.fra

    def comes_on(self, dag: datetime.date | None) -> bool:
        """As `rolu.models.deltakelse.comes_by`: signed up; with `dag`, of a gathering over several, for that day or
        for all."""
        valgte = self.dager or []
        return self.status == self.Status.PAAMELDT and (dag is None or not valgte or dag in valgte)

    @property
    def nettverk(self) -> Nettverk:
        return self.samling.nettverk
