"""The regional network and the kommuner that belong to it, from–to."""

import datetime
from typing import Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from kommuner.gyldighet import GyldighetMixin, GyldighetQuerySet, ikke_samtidig
from kommuner.models import Enhet, Kommune
from kommuner.models.kommune import KommuneQuerySet
from kommuner.sortering import sorteringsfelt

# First parts of addresses that belong to the installation, so never to a network.
RESERVERTE_ADRESSER = frozenset(
    [
        "admin",
        "b",
        "demo",
        "e",
        "fil",
        "healthz",
        "helse",
        "i",
        "konto",
        "media",
        "personvern",
        "sok",
        "spraak",
        "static",
        "tilgjengelighet",
    ]
)


def ikke_reservert(slug: str) -> None:
    if slug in RESERVERTE_ADRESSER:
        raise ValidationError(
            _("Adressen «%(slug)s» er reservert for portalen."), params={"slug": slug}
        )


@pghistory.track(exclude=["sortering"])
class Nettverk(models.Model):
    """A regional network (oppvekstnettverk) of municipalities that develop practice together."""

    slug = models.SlugField(_("adresse"), unique=True, validators=[ikke_reservert])
    navn = models.CharField(_("navn"), max_length=100)
    kortnavn = models.CharField(
        _("kortnavn"), max_length=40, help_text=_("Regionen, for eksempel «Nordmøre».")
    )
    maalform = models.CharField(
        _("målform"),
        max_length=2,
        choices=[("nb", _("bokmål")), ("nn", _("nynorsk"))],
        default="nb",
    )
    visjon = models.CharField(_("visjon"), max_length=200, blank=True)
    undertittel = models.CharField(_("undertittel"), max_length=200, blank=True)
    hovedmaal = models.TextField(_("hovedmål"), blank=True)
    om = models.TextField(_("om nettverket"), blank=True, help_text=_("Markdown."))
    fokus_innledning = models.CharField(
        _("innledning til fokusområdene"), max_length=300, blank=True
    )
    fokusomraader = ArrayField(
        models.CharField(max_length=400), verbose_name=_("fokusområder"), default=list, blank=True
    )
    arbeidsmaater = ArrayField(
        models.CharField(max_length=400), verbose_name=_("arbeidsmåter"), default=list, blank=True
    )
    nettsted = models.URLField(_("nettsted"), blank=True)
    er_offentlig = models.BooleanField(_("har offentlig side"), default=True)
    er_testdata = models.BooleanField(_("laget for måling"), default=False)
    rekkefolge = models.PositiveSmallIntegerField(_("rekkefølge"), default=100)
    tilgjengelighetserklaering_url = models.URLField(_("tilgjengelighetserklæring"), blank=True)
    # Optimistic lock: two people editing the same text get a clear conflict.
    versjon = models.PositiveIntegerField(_("versjon"), default=1)
    sortering = sorteringsfelt("navn")

    class Meta:
        verbose_name = _("nettverk")
        verbose_name_plural = _("nettverk")
        ordering = ["rekkefolge", "sortering"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(slug__in=sorted(RESERVERTE_ADRESSER)),
                name="nettverk_adresse_ikke_reservert",
                violation_error_message=_("Adressen er reservert for portalen."),
            )
        ]

    def __str__(self) -> str:
        return self.navn

    def kommuner(self, dato: datetime.date | None = None) -> KommuneQuerySet:
        """The municipalities of the network on `dato`: ten in 2018 and eight today, for Nordmøre."""
        medlemskap = self.medlemskap.gyldig(dato)
        return Kommune.objects.filter(pk__in=medlemskap.values("kommune"))

    def enheter(self, dato: datetime.date | None = None) -> models.QuerySet[Enhet]:
        """The units that exist and lie in the network's municipalities on `dato`."""
        return Enhet.objects.gyldig(dato).in_kommuner(self.kommuner(dato).values("pk"), dato)


class MedlemskapQuerySet(GyldighetQuerySet):
    def in_order(self) -> Self:
        return self.select_related("kommune").order_by("kommune__sortering")


@pghistory.track()
class Medlemskap(GyldighetMixin):
    """A kommune in a network, from–to, and its tile on the network's schematic map."""

    nettverk = models.ForeignKey(
        Nettverk, on_delete=models.CASCADE, related_name="medlemskap", verbose_name=_("nettverk")
    )
    kommune = models.ForeignKey(
        Kommune, on_delete=models.PROTECT, related_name="medlemskap", verbose_name=_("kommune")
    )
    kart_kolonne = models.PositiveSmallIntegerField(_("kolonne på kartet"), default=0)
    kart_rad = models.PositiveSmallIntegerField(_("rad på kartet"), default=0)

    objects = MedlemskapQuerySet.as_manager()

    class Meta:
        verbose_name = _("medlemskap")
        verbose_name_plural = _("medlemskap")
        ordering = ["nettverk", "gyldig"]
        constraints = [
            ikke_samtidig(
                "medlemskap_ikke_samtidig",
                "nettverk",
                "kommune",
                melding=_("Kommunen er allerede med i nettverket i denne perioden."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kommune} – {self.nettverk}"
