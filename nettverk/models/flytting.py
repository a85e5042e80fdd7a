"""A unit that one network wants moved to it from another: proposed by the one, answered by the other."""

from typing import TYPE_CHECKING, Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kommuner.models import Enhet, Kommune
from nettverk.models.nettverk import Nettverk

if TYPE_CHECKING:
    from nettverk.tilgang.roller import Roller


class FlytteforslagQuerySet(models.QuerySet):
    def visible_to(self, roller: "Roller") -> Self:
        """Those that the network has made or must answer, for its coordinators; nothing for others."""
        hos = Q(fra_nettverk=roller.nettverk) | Q(til_nettverk=roller.nettverk)
        return self.filter(hos) if roller.er_koordinator else self.none()

    def open(self) -> Self:
        """Those nobody has answered or withdrawn."""
        return self.filter(tilstand=Flytteforslag.Tilstand.FORESLAATT)


@pghistory.track()
class Flytteforslag(models.Model):
    """A proposal that a unit, from a day, lies in a kommune of another network than it does.

    The network that the unit leaves answers, or the administrator; the one that proposed may withdraw
    it. Change through `nettverk.flytting` (`propose`, `accept`, `decline`, `withdraw`).
    """

    class Tilstand(models.TextChoices):
        FORESLAATT = "foreslaatt", _("venter på svar")
        GODTATT = "godtatt", _("godtatt")
        AVSLAATT = "avslaatt", _("avslått")
        TRUKKET = "trukket", _("trukket tilbake")

    enhet = models.ForeignKey(
        Enhet, on_delete=models.CASCADE, related_name="flytteforslag", verbose_name=_("enhet")
    )
    fra_nettverk = models.ForeignKey(
        Nettverk, on_delete=models.CASCADE, related_name="+", verbose_name=_("fra nettverket")
    )
    til_nettverk = models.ForeignKey(
        Nettverk, on_delete=models.CASCADE, related_name="+", verbose_name=_("til nettverket")
    )
    til_kommune = models.ForeignKey(
        Kommune, on_delete=models.CASCADE, related_name="+", verbose_name=_("til kommunen")
    )
    dato = models.DateField(_("fra og med"))
    grunn = models.CharField(_("grunn"), max_length=300)
    tilstand = models.CharField(
        _("tilstand"), max_length=10, choices=Tilstand, default=Tilstand.FORESLAATT
    )
    foreslaatt = models.DateTimeField(_("foreslått"), default=timezone.now)
    foreslaatt_av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("foreslått av"),
    )
    besvart = models.DateTimeField(_("besvart"), null=True, blank=True)
    besvart_av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("besvart av"),
    )

    objects = FlytteforslagQuerySet.as_manager()

    class Meta:
        verbose_name = _("flytteforslag")
        verbose_name_plural = _("flytteforslag")
        ordering = ["-foreslaatt", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enhet"],
                condition=Q(tilstand="foreslaatt"),
                name="flytteforslag_ett_om_gangen",
            ),
            models.CheckConstraint(
                condition=~Q(fra_nettverk=F("til_nettverk")), name="flytteforslag_mellom_to"
            ),
            models.CheckConstraint(
                condition=Q(tilstand="foreslaatt", besvart__isnull=True)
                | (~Q(tilstand="foreslaatt") & Q(besvart__isnull=False)),
                name="flytteforslag_besvart_naar",
            ),
        ]
        indexes = [
            models.Index(fields=["fra_nettverk", "tilstand"], name="flytteforslag_fra"),
            models.Index(fields=["til_nettverk", "tilstand"], name="flytteforslag_til"),
        ]

    def __str__(self) -> str:
        return str(self.enhet)

    @property
    def nettverk(self) -> Nettverk:
        """The network that must answer."""
        return self.fra_nettverk

    @property
    def er_aapent(self) -> bool:
        return self.tilstand == self.Tilstand.FORESLAATT
