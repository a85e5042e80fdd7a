"""Municipalities: the number is the identity; names, and what became of it, change over time."""

import datetime
from typing import Self

import pghistory
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from kommuner.gyldighet import GyldighetMixin, GyldighetQuerySet, idag, ikke_samtidig
from kommuner.sortering import sorteringsfelt


class KommuneQuerySet(GyldighetQuerySet):
    def with_navn(self, dato: datetime.date | None = None) -> Self:
        """Adds `navn_da`: what the kommune was called on `dato`."""
        da = Kommunenavn.objects.filter(kommune=OuterRef("pk")).gyldig(dato or idag())
        return self.annotate(navn_da=Coalesce(Subquery(da.values("navn")[:1]), "navn"))


@pghistory.track(exclude=["sortering", "grense"])
class Kommune(GyldighetMixin):
    """A Norwegian municipality, known by its number for as long as that number was valid.

    A merger, a split or a new county gives a new number and so a new row; `Kommuneendring` ties them.
    Source: Statistics Norway, KLASS 131.
    """

    kommunenummer = models.CharField(
        _("kommunenummer"), max_length=4, unique=True, validators=[RegexValidator(r"^\d{4}$")]
    )
    navn = models.CharField(_("navn"), max_length=100)
    organisasjonsnummer = models.CharField(_("organisasjonsnummer"), max_length=9, blank=True)
    grense = models.JSONField(
        _("grense"),
        null=True,
        blank=True,
        help_text=_("GeoJSON-geometri fra Kartverket (WGS 84, lengdegrad først)."),
    )
    sortering = sorteringsfelt("navn")

    objects = KommuneQuerySet.as_manager()

    class Meta:
        verbose_name = _("kommune")
        verbose_name_plural = _("kommuner")
        ordering = ["sortering", "kommunenummer"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kommunenummer__regex=r"^[0-9]{4}$"),
                name="kommunenummer_fire_sifre",
                violation_error_message=_("Et kommunenummer har fire sifre."),
            )
        ]

    def __str__(self) -> str:
        return self.navn


class Kommunenavn(GyldighetMixin):
    """What a kommune was called in a period; only needed where the name changed."""

    kommune = models.ForeignKey(
        Kommune, on_delete=models.CASCADE, related_name="navn_list", verbose_name=_("kommune")
    )
    navn = models.CharField(_("navn"), max_length=100)

    objects = GyldighetQuerySet.as_manager()

    class Meta:
        verbose_name = _("kommunenavn")
        verbose_name_plural = _("kommunenavn")
        ordering = ["gyldig"]
        constraints = [ikke_samtidig("kommunenavn_ikke_samtidig", "kommune")]

    def __str__(self) -> str:
        return self.navn


class Kommuneendring(models.Model):
    """One step of the change from one municipality to another on a date: merger, split, new number."""

    class Type(models.TextChoices):
        SAMMENSLAAING = "sammenslaaing", _("sammenslåing")
        DELING = "deling", _("deling")
        NYTT_NUMMER = "nytt_nummer", _("nytt nummer")

    fra = models.ForeignKey(
        Kommune, on_delete=models.CASCADE, related_name="ble_til", verbose_name=_("fra")
    )
    til = models.ForeignKey(
        Kommune, on_delete=models.CASCADE, related_name="kom_fra", verbose_name=_("til")
    )
    dato = models.DateField(_("dato"), help_text=_("Første dag med ny inndeling."))
    type = models.CharField(_("type"), max_length=20, choices=Type)

    class Meta:
        verbose_name = _("kommuneendring")
        verbose_name_plural = _("kommuneendringer")
        ordering = ["dato"]
        constraints = [
            models.UniqueConstraint(fields=["fra", "til", "dato"], name="kommuneendring_en_gang"),
        ]

    def __str__(self) -> str:
        return f"{self.fra} → {self.til}"
