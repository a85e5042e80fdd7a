"""That a unit's utviklingsgruppe was looked over and is right, once a school year."""

import datetime

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nettverk.models.gruppe import Gruppe
from nettverk.models.nettverk import Nettverk


def skoleaar(dato: datetime.date) -> int:
    """The year in which the school year of `dato` began, in August."""
    return dato.year if dato.month >= 8 else dato.year - 1


@pghistory.track()
class Gruppebekreftelse(models.Model):
    """Somebody confirmed who is in a unit's utviklingsgruppe this school year. Made by
    `nettverk.bekreftelse.confirm`."""

    gruppe = models.ForeignKey(
        Gruppe, on_delete=models.CASCADE, related_name="bekreftelser", verbose_name=_("gruppe")
    )
    skoleaar = models.PositiveSmallIntegerField(
        _("skoleår"), help_text=_("Året skoleåret begynte, i august.")
    )
    bekreftet = models.DateTimeField(_("bekreftet"), default=timezone.now)
    bekreftet_av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("bekreftet av"),
    )

    class Meta:
        verbose_name = _("bekreftelse av en gruppe")
        verbose_name_plural = _("bekreftelser av grupper")
        ordering = ["-skoleaar", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["gruppe", "skoleaar"], name="gruppe_bekreftes_en_gang_i_skoleaaret"
            )
        ]

    def __str__(self) -> str:
        return f"{self.gruppe}, {self.skoleaar}"

    @property
    def nettverk(self) -> Nettverk:
        return self.gruppe.nettverk

    @property
    def dato(self) -> datetime.date:
        return timezone.localdate(self.bekreftet)
