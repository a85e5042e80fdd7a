"""Projects: the phases of a network's work, with target groups in figures and the sums applied for."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kommuner.gyldighet import GyldighetMixin, GyldighetQuerySet
from nettverk.models.antatt import AntattMixin
from nettverk.models.nettverk import Nettverk

FORSTE_AAR = 1990


@pghistory.track()
class Prosjekt(AntattMixin, GyldighetMixin):
    """A phase of the network's work: forprosjekt, hovedprosjekt, the years of a strategy plan.

    `gyldig` is its period. Figures (`Noekkeltall`) and sums (`Prosjektsum`) carry year and source.
    """

    nettverk = models.ForeignKey(
        Nettverk, on_delete=models.CASCADE, related_name="prosjekter", verbose_name=_("nettverk")
    )
    navn = models.CharField(_("navn"), max_length=200)
    eier = models.CharField(_("eier"), max_length=300, blank=True)
    om = models.TextField(_("om prosjektet"), blank=True, help_text=_("Markdown."))
    maal = ArrayField(
        models.CharField(max_length=400), verbose_name=_("mål"), default=list, blank=True
    )
    forskningsmaal = ArrayField(
        models.CharField(max_length=500),
        verbose_name=_("mål fra forskningen"),
        default=list,
        blank=True,
    )
    forskningskilde = models.CharField(
        _("forskningen målene bygger på"), max_length=300, blank=True
    )
    kilde = models.CharField(_("dokument"), max_length=300)
    rekkefolge = models.PositiveSmallIntegerField(_("rekkefølge"), default=100)

    objects = GyldighetQuerySet.as_manager()

    class Meta:
        verbose_name = _("prosjekt")
        verbose_name_plural = _("prosjekter")
        ordering = ["rekkefolge", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["nettverk", "navn"], name="prosjekt_en_gang"),
            models.CheckConstraint(
                condition=Q(gyldig__isempty=False),
                name="prosjekt_har_periode",
                violation_error_message=_("Prosjektet må vare minst én dag."),
            ),
            models.CheckConstraint(
                condition=~Q(kilde=""),
                name="prosjekt_har_kilde",
                violation_error_message=_("Skriv hvilket dokument det står i."),
            ),
        ]

    def __str__(self) -> str:
        return self.navn


class AarOgKilde(models.Model):
    """A figure is of a year and stands in a document."""

    aar = models.PositiveSmallIntegerField(_("år"))
    aar_antatt = models.BooleanField(_("året er antatt"), default=False)
    kilde = models.CharField(_("dokument"), max_length=300)
    rekkefolge = models.PositiveSmallIntegerField(_("rekkefølge"), default=100)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=~Q(kilde=""),
                name="%(class)s_har_kilde",
                violation_error_message=_("Skriv hvilket dokument tallet står i."),
            ),
            models.CheckConstraint(
                condition=Q(aar__gte=FORSTE_AAR), name="%(class)s_aar_er_et_aar"
            ),
        ]


@pghistory.track()
class Noekkeltall(AarOgKilde):
    """A target group or a size in figures: 75 kindergartens, about 3 000 children, 10–15 HTV."""

    prosjekt = models.ForeignKey(
        Prosjekt, on_delete=models.CASCADE, related_name="noekkeltall", verbose_name=_("prosjekt")
    )
    del_av = models.CharField(
        _("overskrift"),
        max_length=100,
        blank=True,
        help_text=_("Det tallet hører til, for eksempel «Barnehager»."),
    )
    etikett = models.CharField(_("hva det er tall på"), max_length=200)
    tall = models.PositiveIntegerField(_("tall"))
    tall_til = models.PositiveIntegerField(
        _("til"), null=True, blank=True, help_text=_("Når dokumentet sier fra–til.")
    )
    omtrent = models.BooleanField(_("omtrent"), default=False, help_text=_("Dokumentet sier «ca.»"))

    class Meta(AarOgKilde.Meta):
        verbose_name = _("nøkkeltall")
        verbose_name_plural = _("nøkkeltall")
        ordering = ["rekkefolge", "pk"]
        constraints = [
            *AarOgKilde.Meta.constraints,
            models.UniqueConstraint(
                fields=["prosjekt", "del_av", "etikett", "aar"], name="noekkeltall_en_gang"
            ),
            models.CheckConstraint(
                condition=Q(tall_til__isnull=True) | Q(tall_til__gt=F("tall")),
                name="noekkeltall_fra_foer_til",
                violation_error_message=_("«Til» må være større enn tallet."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tall} {self.etikett} ({self.aar})"


@pghistory.track()
class Prosjektsum(AarOgKilde):
    """Money the project applied for, or got: from whom, how much, for which year."""

    class Status(models.TextChoices):
        SOKT = "sokt", _("søkt om")
        FAATT = "faatt", _("fått")

    prosjekt = models.ForeignKey(
        Prosjekt, on_delete=models.CASCADE, related_name="summer", verbose_name=_("prosjekt")
    )
    status = models.CharField(_("status"), max_length=5, choices=Status)
    belop = models.PositiveBigIntegerField(_("kroner"), validators=[MinValueValidator(1)])
    giver = models.CharField(_("fra"), max_length=200)
    hva = models.CharField(_("hva slags midler"), max_length=200, blank=True)
    merknad = models.CharField(_("merknad"), max_length=400, blank=True)

    class Meta(AarOgKilde.Meta):
        verbose_name = _("prosjektsum")
        verbose_name_plural = _("prosjektsummer")
        ordering = ["rekkefolge", "pk"]
        constraints = [
            *AarOgKilde.Meta.constraints,
            models.UniqueConstraint(
                fields=["prosjekt", "giver", "hva", "aar", "status"], name="prosjektsum_en_gang"
            ),
            models.CheckConstraint(condition=Q(belop__gt=0), name="prosjektsum_over_null"),
        ]

    def __str__(self) -> str:
        return f"{self.hva or self.giver} {self.aar}: {self.belop}"
