"""A job: long work that a person asked for, with its state where everybody can see it.

The row is the truth; the message to the worker is only a nudge. A job that a dead worker held, or
that was asked for while Redis was away, is found by the sweep (`nettverk.arbeid.jobber`).
"""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nettverk.models.nettverk import Nettverk

if TYPE_CHECKING:
    from nettverk.tilgang.roller import Roller


class JobbQuerySet(models.QuerySet):
    def visible_to(self, roller: "Roller") -> Self:
        """The network's jobs that one asked for oneself; all of them for a coordinator or KOG."""
        if not roller.person.is_authenticated:
            return self.none()
        egne = self.filter(nettverk=roller.nettverk)
        return (
            egne
            if roller.er_koordinator or roller.er_kog
            else egne.filter(bestilt_av=roller.person)
        )

    def active(self) -> Self:
        """Asked for and neither finished nor failed."""
        return self.filter(status__in=Jobb.Status.aktive())

    def to_start(self) -> Self:
        """Nobody works on it: waiting, or running under a lease that has run out."""
        return self.filter(
            Q(status=Jobb.Status.VENTER) | Q(status=Jobb.Status.KJORER, leie_til__lt=timezone.now())
        )


class Jobb(models.Model):
    """One piece of long work: who asked, for what, how far it is, and what came of it."""

    class Status(models.TextChoices):
        VENTER = "venter", _("venter")
        KJORER = "kjorer", _("pågår")
        FERDIG = "ferdig", _("ferdig")
        FEILET = "feilet", _("feilet")

        @classmethod
        def aktive(cls) -> list[str]:
            return [cls.VENTER, cls.KJORER]

    # None: for the whole installation, ordered by the administrator.
    nettverk = models.ForeignKey(
        Nettverk,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="jobber",
        verbose_name=_("nettverk"),
    )
    slag = models.CharField(_("slag"), max_length=50)
    # What it is about: one active job per kind and thing.
    gjelder = models.CharField(_("gjelder"), max_length=100)
    parametre = models.JSONField(_("parametre"), default=dict, blank=True)
    bestilt_av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="jobber",
        verbose_name=_("bestilt av"),
    )
    spraak = models.CharField(_("språk"), max_length=2, default="nb")
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.VENTER)
    framdrift = models.PositiveSmallIntegerField(_("fremdrift i prosent"), default=0)
    melding = models.CharField(_("melding"), max_length=200, blank=True)
    feil = models.TextField(_("feil"), blank=True)
    resultat = models.FileField(
        _("resultat"), upload_to="jobber/%Y/%m/", blank=True, max_length=200
    )
    resultat_data = models.JSONField(_("resultatdata"), default=dict, blank=True)
    forsok = models.PositiveSmallIntegerField(_("forsøk"), default=0)
    # Which run holds it; a run that lost its lease must not write on.
    leie = models.UUIDField(_("leie"), null=True, blank=True)
    leie_til = models.DateTimeField(_("leie til"), null=True, blank=True)
    bestilt = models.DateTimeField(_("bestilt"), auto_now_add=True)
    startet = models.DateTimeField(_("startet"), null=True, blank=True)
    avsluttet = models.DateTimeField(_("avsluttet"), null=True, blank=True)

    objects = JobbQuerySet.as_manager()

    class Meta:
        verbose_name = _("jobb")
        verbose_name_plural = _("jobber")
        ordering = ["-bestilt", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["nettverk", "slag", "gjelder"],
                condition=Q(status__in=["venter", "kjorer"]),
                nulls_distinct=False,
                name="jobb_en_aktiv_per_ting",
                violation_error_message=_("Dette arbeidet er allerede i gang."),
            ),
            models.CheckConstraint(
                condition=Q(framdrift__lte=100), name="jobb_framdrift_hoeyst_100"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slag} {self.gjelder} ({self.get_status_display()})"

    @property
    def er_aktiv(self) -> bool:
        return self.status in self.Status.aktive()

    @property
    def filnavn(self) -> str:
        """What the result is called when somebody saves it."""
        return self.resultat_data.get("filnavn") or (self.resultat.name or "").rpartition("/")[2]
