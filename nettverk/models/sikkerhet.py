"""What protects the accounts: a log of what happened, and counters that hold when many come at once."""

import datetime

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nettverk.models.nettverk import Nettverk


class Sikkerhetshendelse(models.Model):
    """Something that matters to the safety of the accounts: a sign-in, a wrong code, a limit reached, a
    refusal, a change of rights.

    The least that tells what happened: the kind, the accounts by their number, and the address cut to
    its network. Kept for 90 days, then deleted (`nettverk.sikkerhet.logg`). It is itself a log, and has no
    history beside it. Only the administrator reads it.
    """

    tid = models.DateTimeField(_("tid"), default=timezone.now, editable=False)
    slag = models.CharField(_("slag"), max_length=60)
    # The account it is about, and who acted when that is another.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("konto"),
    )
    av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("utført av"),
    )
    # The log outlives what it tells of.
    nettverk = models.ForeignKey(
        Nettverk,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("nettverk"),
    )
    # 203.0.113.0/24 or 2001:db8:1::/48: enough to see a pattern, too little to point at a person.
    adresse = models.CharField(_("avkortet adresse"), max_length=50, blank=True)
    opplysninger = models.JSONField(_("opplysninger"), default=dict, blank=True)

    class Meta:
        verbose_name = _("sikkerhetshendelse")
        verbose_name_plural = _("sikkerhetshendelser")
        ordering = ["-tid", "-pk"]
        indexes = [
            models.Index(fields=["-tid"], name="sikkerhetshendelse_tid"),
            models.Index(fields=["slag", "-tid"], name="sikkerhetshendelse_slag"),
        ]

    def __str__(self) -> str:
        return f"{self.slag} {self.tid:%Y-%m-%d %H:%M}"


class Teller(models.Model):
    """How many times something has been tried in a window of time (`nettverk.sikkerhet.grenser`).

    The key is a hash: from the row nobody can read which person or address it counts.
    """

    noekkel = models.CharField(_("nøkkel"), max_length=64, primary_key=True)
    antall = models.IntegerField(_("antall"))
    til = models.DateTimeField(_("til"))

    class Meta:
        verbose_name = _("teller")
        verbose_name_plural = _("tellere")
        constraints = [
            models.CheckConstraint(condition=Q(antall__gte=0), name="teller_ikke_negativ"),
        ]
        indexes = [models.Index(fields=["til"], name="teller_til")]

    def __str__(self) -> str:
        return f"{self.noekkel[:8]} {self.antall}"


@pghistory.track()
class Tostegnullstilling(models.Model):
    """That somebody's passkeys and app are to be removed, since they are lost.

    Nobody can be talked into it on the telephone: it waits a day, and all who can stop it have a letter.
    Change through `nettverk.sikkerhet.nullstilling`; the row is gone when it is done or stopped.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="tostegnullstilling",
        verbose_name=_("person"),
    )
    av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("bestilt av"),
    )
    bestilt = models.DateTimeField(_("bestilt"), default=timezone.now)

    class Meta:
        verbose_name = _("nullstilling av to steg")
        verbose_name_plural = _("nullstillinger av to steg")

    def __str__(self) -> str:
        return f"{self.person} {self.bestilt:%Y-%m-%d %H:%M}"

    @property
    def kan_gjoeres(self) -> datetime.datetime:
        """When it may be done."""
        return self.bestilt + settings.NULLSTILLING_VENTER
