"""What the administrator has read of Norway's kommuner, from preview to written."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from nettverk.models.jobb import Jobb


class Kommuneimport(models.Model):
    """The division into kommuner, from SSB or from files; nothing is written before it is confirmed.

    Change through `nettverk.oppstart.kommuner` (`fetch_from_ssb`, `keep`, `confirm`, `discard`). The
    content goes when it is written or discarded.
    """

    class Status(models.TextChoices):
        VENTER = "venter", _("hentes")
        LEST = "lest", _("venter på bekreftelse")
        FERDIG = "ferdig", _("ferdig")
        FEILET = "feilet", _("kunne ikke hentes")
        FORKASTET = "forkastet", _("forkastet")

    # What it was read from: «SSB», or the names of the files.
    kilde = models.CharField(_("kilde"), max_length=320)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.VENTER)
    # `Inndelingskilde.as_json`, until it is written.
    innhold = models.JSONField(_("innhold"), null=True, blank=True)
    # How many were new, changed and so on, when it was written.
    resultat = models.JSONField(_("resultat"), default=dict, blank=True)
    jobb = models.ForeignKey(
        Jobb, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("jobb")
    )
    bestilt_av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("bestilt av"),
    )
    bestilt = models.DateTimeField(_("bestilt"), auto_now_add=True)
    avsluttet = models.DateTimeField(_("avsluttet"), null=True, blank=True)

    class Meta:
        verbose_name = _("kommuneimport")
        verbose_name_plural = _("kommuneimporter")
        ordering = ["-bestilt", "-pk"]

    def __str__(self) -> str:
        return self.kilde
