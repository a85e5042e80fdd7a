"""Somebody a network has written down, who has not answered yet."""

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nettverk.models.nettverk import Nettverk


@pghistory.track()
class Ubesvart(models.Model):
    """That `person` was written down in a network with a name and an address, and has not answered.

    What was typed stands until then, whoever it is: nobody learns from the portal whose an address is. A
    new address is an account at once, and answers by signing in (`konto` is None). Where the address
    belongs to an account that the network does not know, `person` is only a stand-in: it holds the Verv
    and the typed name here, signs in nowhere, and is replaced by `konto` when that person says yes.
    Change through `nettverk.verv` (`appoint`, `accept`, `decline`).
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="ubesvart",
        verbose_name=_("person"),
    )
    konto = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="ubesvarte",
        verbose_name=_("kontoen som må svare"),
    )
    nettverk = models.ForeignKey(
        Nettverk, on_delete=models.CASCADE, related_name="+", verbose_name=_("nettverk")
    )
    skrevet_av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("skrevet av"),
    )
    opprettet = models.DateTimeField(_("opprettet"), default=timezone.now)

    class Meta:
        verbose_name = _("ubesvart")
        verbose_name_plural = _("ubesvarte")
        ordering = ["opprettet", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["konto", "nettverk"], name="ubesvart_en_per_nettverk")
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.nettverk}"
