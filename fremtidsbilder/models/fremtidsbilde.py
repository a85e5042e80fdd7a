"""The co-created picture of 2040, its themes and the signs that tell it is coming true."""

import re
from typing import Self

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from kommuner.models import Enhet, Kommune
from kommuner.sortering import sorteringsfelt
from nettverk.models import Gruppe, Nettverk
from nettverk.tilgang.roller import Roller

# Short enough to be read large.
_KORT_TEKST = 240
_MARKDOWN = re.compile(r"[\n*_#`\[<]|^[-+>]|^\d+\. ")


@pghistory.track(exclude=["sortering"])
class Tema(models.Model):
    """Livsmestring, dybdelæring, emosjonell og sosial kompetanse, digital kompetanse, innovasjon …"""

    nettverk = models.ForeignKey(
        Nettverk, on_delete=models.CASCADE, related_name="temaer", verbose_name=_("nettverk")
    )
    navn = models.CharField(_("navn"), max_length=100)
    rekkefolge = models.PositiveSmallIntegerField(_("rekkefølge"), default=100)
    sortering = sorteringsfelt("navn")

    class Meta:
        verbose_name = _("tema")
        verbose_name_plural = _("temaer")
        ordering = ["rekkefolge", "sortering"]
        constraints = [models.UniqueConstraint(fields=["nettverk", "navn"], name="tema_en_gang")]

    def __str__(self) -> str:
        return self.navn


class FremtidsbildeQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """All images of the network for its members, the published ones for everyone."""
        egne = self.filter(nettverk=roller.nettverk)
        return egne if roller.er_medlem else egne.published()

    def published(self) -> Self:
        return self.filter(publisert=True)


@pghistory.track()
class Fremtidsbilde(models.Model):
    """How it shall be in our kindergartens and schools in 2040 – at network, kommune, unit or arena level.

    Salten's sheet has three columns: fremtidsbilde (`tekst`), tegn på god praksis (`Tegn`) and
    metode (`metode`).
    """

    class Nivaa(models.TextChoices):
        NETTVERK = "nettverk", _("nettverk")
        KOMMUNE = "kommune", _("kommune")
        ENHET = "enhet", _("enhet")
        ARENA = "arena", _("arena")

    nettverk = models.ForeignKey(
        Nettverk,
        on_delete=models.CASCADE,
        related_name="fremtidsbilder",
        verbose_name=_("nettverk"),
    )
    nivaa = models.CharField(_("nivå"), max_length=10, choices=Nivaa)
    tittel = models.CharField(_("tittel"), max_length=250)
    sporsmaal = models.CharField(_("spørsmål"), max_length=250, blank=True)
    tekst = models.TextField(_("fremtidsbilde"), blank=True)
    metode = models.TextField(_("metode"), blank=True)
    kommune = models.ForeignKey(
        Kommune, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("kommune")
    )
    enhet = models.ForeignKey(
        Enhet, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("enhet")
    )
    gruppe = models.ForeignKey(
        Gruppe, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("gruppe")
    )
    aar = models.PositiveSmallIntegerField(_("laget i"), null=True, blank=True)
    publisert = models.BooleanField(_("publisert"), default=False)
    rekkefolge = models.PositiveSmallIntegerField(_("rekkefølge"), default=100)

    objects = FremtidsbildeQuerySet.as_manager()

    class Meta:
        verbose_name = _("fremtidsbilde")
        verbose_name_plural = _("fremtidsbilder")
        ordering = ["rekkefolge", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(nivaa="kommune") | models.Q(kommune__isnull=False),
                name="fremtidsbilde_kommune_har_kommune",
            ),
            models.CheckConstraint(
                condition=~models.Q(nivaa="enhet") | models.Q(enhet__isnull=False),
                name="fremtidsbilde_enhet_har_enhet",
            ),
            models.UniqueConstraint(
                fields=["nettverk", "nivaa", "tittel"], name="fremtidsbilde_tittel_en_gang"
            ),
        ]

    def __str__(self) -> str:
        return self.tittel

    @property
    def utsagn(self) -> str:
        """What is seen first of it: the question, or the text itself when that is one short paragraph
        of plain words."""
        if self.sporsmaal:
            return self.sporsmaal
        tekst = self.tekst.strip()
        return tekst if len(tekst) <= _KORT_TEKST and not _MARKDOWN.search(tekst) else ""

    @property
    def fortelling(self) -> str:
        """The text, when it is not already the `utsagn`."""
        return self.tekst if self.tekst.strip() != self.utsagn else ""


@pghistory.track()
class Tegn(models.Model):
    """A sign of good practice: what one would see and hear when it works (Salten)."""

    fremtidsbilde = models.ForeignKey(
        Fremtidsbilde,
        on_delete=models.CASCADE,
        related_name="tegn",
        verbose_name=_("fremtidsbilde"),
    )
    tekst = models.CharField(_("tegn"), max_length=300)
    rekkefolge = models.PositiveSmallIntegerField(_("rekkefølge"), default=100)

    class Meta:
        verbose_name = _("tegn på god praksis")
        verbose_name_plural = _("tegn på god praksis")
        ordering = ["rekkefolge", "pk"]

    def __str__(self) -> str:
        return self.tekst
