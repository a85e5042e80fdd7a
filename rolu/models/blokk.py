"""A part of the summary that follows a gathering: the figures as they were fetched, and what people wrote."""

from typing import Self

import pghistory
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from nettverk.models import Nettverk
from nettverk.tilgang.roller import Roller
from rolu.models.samling import Samling


class OppsummeringsblokkQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """The parts of the network's summaries, for those who see the draft: KOG and PRO. Members read what
        is published (`Oppsummering.publisert_innhold`)."""
        egne = self.filter(samling__nettverk=roller.nettverk)
        return egne if roller.er_kog or roller.er_pro else egne.none()


@pghistory.track(exclude=["data"])
class Oppsummeringsblokk(models.Model):
    """One part of a gathering's summary. Change through `rolu.samlinger.blokker`.

    `data` is what was fetched at `hentet` (`rolu.samlinger.blokkdata`), and stands until somebody asks for it
    anew. `versjon` counts the saves of the text alone: to fetch, move or leave out disturbs nobody who writes.
    """

    class Slag(models.TextChoices):
        BESLUTNINGER = "beslutninger", _("Det vi ble enige om")
        FAKTA = "fakta", _("Kort om samlingen")
        OPPMOETE = "oppmoete", _("Oppmøte")
        PROGRAM = "program", _("Programmet og det som kom ut av det")
        STEMMER = "stemmer", _("Stemmer fra samlingen")
        EVALUERING = "evaluering", _("Hva deltakerne syntes")
        OPPDRAG = "oppdrag", _("Oppdrag til neste gang")
        OPPFOLGINGER = "oppfolginger", _("Hvem som følger opp hva")
        NESTE = "neste", _("Neste samling")
        TALL = "tall", _("Oppmøtet i tall")
        FRAVAER = "fravaer", _("De som ikke var der")
        DELTAKERE = "deltakere", _("De som var der")
        NOTATER = "notater", _("Notater")

    # They stand last, after the pages that everybody reads.
    VEDLEGG = (Slag.TALL, Slag.FRAVAER, Slag.DELTAKERE, Slag.NOTATER)
    # Everybody's name: only where somebody has said so.
    UTELATT_FRA_STARTEN = (Slag.DELTAKERE,)

    samling = models.ForeignKey(
        Samling,
        on_delete=models.CASCADE,
        related_name="oppsummeringsblokker",
        verbose_name=_("samling"),
    )
    slag = models.CharField(_("slag"), max_length=15, choices=Slag)
    rekkefolge = models.PositiveSmallIntegerField(_("rekkefølge"))
    er_utelatt = models.BooleanField(_("utelatt"), default=False)
    tekst = models.TextField(_("tekst"), blank=True)
    data = models.JSONField(_("tall og tekster"), default=dict, blank=True)
    hentet = models.DateTimeField(_("hentet"))
    versjon = models.PositiveIntegerField(_("versjon"), default=1)
    endret = models.DateTimeField(_("endret"), null=True, blank=True)
    endret_av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("endret av"),
    )

    objects = OppsummeringsblokkQuerySet.as_manager()

    class Meta:
        verbose_name = _("del av oppsummering")
        verbose_name_plural = _("deler av oppsummering")
        ordering = ["rekkefolge", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["samling", "slag"], name="oppsummeringsblokk_en_av_slaget"
            )
        ]

    def __str__(self) -> str:
        return str(self.get_slag_display())

    @property
    def nettverk(self) -> Nettverk:
        return self.samling.nettverk

    @property
    def er_vedlegg(self) -> bool:
        return self.slag in self.VEDLEGG
