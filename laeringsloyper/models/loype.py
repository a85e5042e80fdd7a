"""Learning tracks: Læringsmiljø, Språk og skriving, Matematikk – each 3 × 3 years."""

from typing import Self

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from kommuner.gyldighet import GyldighetMixin, GyldighetQuerySet, ikke_samtidig
from kommuner.models import Enhet
from kommuner.sortering import sorteringsfelt
from nettverk.models import Gruppe, Nettverk
from nettverk.models.antatt import AntattMixin
from nettverk.tilgang.roller import Roller


class LaeringsloypeQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """The tracks of the network, for its members."""
        egne = self.filter(nettverk=roller.nettverk)
        return egne if roller.er_medlem else egne.none()


@pghistory.track(exclude=["sortering"])
class Laeringsloype(models.Model):
    """A learning track over three periods of three years; a fagmiljø group answers for its content."""

    nettverk = models.ForeignKey(
        Nettverk,
        on_delete=models.CASCADE,
        related_name="laeringsloyper",
        verbose_name=_("nettverk"),
    )
    slug = models.SlugField(_("adresse"))
    navn = models.CharField(_("navn"), max_length=100)
    om = models.TextField(_("om løypa"), blank=True)
    fokus = models.TextField(
        _("fokus"), blank=True, help_text=_("Det løypa har fokus på. Likt for flere vises én gang.")
    )
    ansvarlig_gruppe = models.ForeignKey(
        Gruppe,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="laeringsloyper",
        verbose_name=_("ansvarlig fagmiljø"),
    )
    rekkefolge = models.PositiveSmallIntegerField(_("rekkefølge"), default=100)
    sortering = sorteringsfelt("navn")

    objects = LaeringsloypeQuerySet.as_manager()

    class Meta:
        verbose_name = _("læringsløype")
        verbose_name_plural = _("læringsløyper")
        ordering = ["rekkefolge", "sortering"]
        constraints = [
            models.UniqueConstraint(fields=["nettverk", "slug"], name="loype_adresse_en_gang")
        ]

    def __str__(self) -> str:
        return self.navn


@pghistory.track()
class Periode(AntattMixin, GyldighetMixin):
    """One of the three periods of a track; `gyldig` is its three years."""

    loype = models.ForeignKey(
        Laeringsloype,
        on_delete=models.CASCADE,
        related_name="perioder",
        verbose_name=_("læringsløype"),
    )
    nummer = models.PositiveSmallIntegerField(_("nummer"))
    tittel = models.CharField(_("tittel"), max_length=150, blank=True)

    objects = GyldighetQuerySet.as_manager()

    class Meta:
        verbose_name = _("periode")
        verbose_name_plural = _("perioder")
        ordering = ["loype", "nummer"]
        constraints = [
            models.UniqueConstraint(fields=["loype", "nummer"], name="periode_nummer_en_gang"),
            ikke_samtidig(
                "periode_ikke_samtidig",
                "loype",
                melding=_("Periodene i en læringsløype kan ikke overlappe."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.loype}, {self.nummer}"


@pghistory.track()
class Enhetsloype(models.Model):
    """Which unit follows which track in which period."""

    enhet = models.ForeignKey(
        Enhet, on_delete=models.CASCADE, related_name="enhetsloyper", verbose_name=_("enhet")
    )
    periode = models.ForeignKey(
        Periode, on_delete=models.CASCADE, related_name="enhetsloyper", verbose_name=_("periode")
    )

    class Meta:
        verbose_name = _("enhetens læringsløype")
        verbose_name_plural = _("enhetenes læringsløyper")
        constraints = [
            models.UniqueConstraint(fields=["enhet", "periode"], name="enhetsloype_en_gang")
        ]

    def __str__(self) -> str:
        return f"{self.enhet} – {self.periode}"
