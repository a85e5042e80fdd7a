"""The annual report: chapters gathered from every app, written up by KOG."""

from typing import Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext_lazy as _

from nettverk.models import Nettverk
from nettverk.tilgang.roller import Roller


class AarsrapportQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """Drafts for coordinator, KOG and STG; approved for members; published for everyone."""
        egne = self.filter(nettverk=roller.nettverk)
        if roller.er_kog or roller.er_stg:
            return egne
        synlige = [Aarsrapport.Status.PUBLISERT]
        if roller.er_medlem:
            synlige.append(Aarsrapport.Status.GODKJENT)
        return egne.filter(status__in=synlige)

    def with_antall_tekster(self) -> Self:
        """Adds `antall_tekster`: chapters in which something is written. The newest first."""
        antall = Count("tekster", filter=~Q(tekster__tekst=""))
        return self.annotate(antall_tekster=antall).order_by("-aar")


@pghistory.track()
class Aarsrapport(models.Model):
    """The network's report for one year. Figures come from `portal.py` of every app; the text is here.

    States: utkast → godkjent → publisert, through `evaluering.godkjenning`. `frosset` and `fil` are the
    report as it was when it was approved, its data and its PDF: no later figure changes them, and
    nothing clears them away.
    """

    class Status(models.TextChoices):
        UTKAST = "utkast", _("utkast")
        GODKJENT = "godkjent", _("godkjent")
        PUBLISERT = "publisert", _("publisert")

    nettverk = models.ForeignKey(
        Nettverk, on_delete=models.CASCADE, related_name="aarsrapporter", verbose_name=_("nettverk")
    )
    aar = models.PositiveSmallIntegerField(_("år"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.UTKAST)
    opprettet = models.DateTimeField(_("opprettet"), auto_now_add=True)
    godkjent = models.DateTimeField(_("godkjent"), null=True, blank=True)
    godkjent_av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("godkjent av"),
    )
    publisert = models.DateTimeField(_("publisert"), null=True, blank=True)
    publisert_av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("publisert av"),
    )
    frosset = models.JSONField(_("rapporten slik den ble godkjent"), null=True, blank=True)
    fil = models.FileField(
        _("godkjent PDF"), upload_to="aarsrapporter/%Y/", blank=True, max_length=200
    )

    objects = AarsrapportQuerySet.as_manager()

    class Meta:
        verbose_name = _("årsrapport")
        verbose_name_plural = _("årsrapporter")
        ordering = ["-aar"]
        constraints = [
            models.UniqueConstraint(fields=["nettverk", "aar"], name="aarsrapport_en_per_aar"),
            models.CheckConstraint(
                condition=models.Q(aar__gte=2000, aar__lte=2100), name="aarsrapport_rimelig_aar"
            ),
            models.CheckConstraint(
                condition=models.Q(status="utkast") | models.Q(frosset__isnull=False),
                name="aarsrapport_godkjent_er_bevart",
                violation_error_message=_("En rapport godkjennes i portalen, ikke her."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nettverk} {self.aar}"

    @property
    def er_laast(self) -> bool:
        """Approved and published reports do not change."""
        return self.status != self.Status.UTKAST

    @property
    def stand(self) -> int:
        """A number that grows with every text saved: which text somebody has looked at. One query."""
        if not self.pk:
            return 0
        return self.tekster.aggregate(sum=Sum("versjon"))["sum"] or 0


@pghistory.track()
class Kapitteltekst(models.Model):
    """What KOG writes in one chapter; saved by `evaluering.kapitteltekst`. `versjon` is the optimistic lock: two writers both keep their text."""

    aarsrapport = models.ForeignKey(
        Aarsrapport, on_delete=models.CASCADE, related_name="tekster", verbose_name=_("årsrapport")
    )
    noekkel = models.SlugField(_("kapittel"), max_length=40)
    tekst = models.TextField(_("tekst"), blank=True)
    versjon = models.PositiveIntegerField(_("versjon"), default=0)
    endret = models.DateTimeField(_("endret"), auto_now=True)
    endret_av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("endret av"),
    )

    class Meta:
        verbose_name = _("kapitteltekst")
        verbose_name_plural = _("kapitteltekster")
        constraints = [
            models.UniqueConstraint(
                fields=["aarsrapport", "noekkel"], name="kapitteltekst_en_per_kapittel"
            )
        ]

    def __str__(self) -> str:
        return f"{self.aarsrapport}: {self.noekkel}"
