"""The work asked of every unit between two gatherings."""

from typing import Self

import pghistory
from django.db import models
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from laeringsloyper.models import Laeringsloype, Modul
from nettverk.models import Mottakere, Nettverk
from nettverk.tilgang.roller import Roller
from rolu.models.samling import Samling


class OppdragQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """The assignments of the network, for its members."""
        egne = self.filter(nettverk=roller.nettverk)
        return egne if roller.er_medlem else egne.none()

    def asked(self) -> Self:
        """Those that are still asked; of what is withdrawn nobody is waited for."""
        return self.filter(trukket__isnull=True)

    def with_status(self, mellomarbeid: models.QuerySet) -> Self:
        """Adds `antall` and `levert`: how many of `mellomarbeid` each has, and how many are delivered."""
        per_oppdrag = mellomarbeid.filter(oppdrag=OuterRef("pk")).order_by().values("oppdrag")

        def count(**bare: str) -> Coalesce:
            antall = per_oppdrag.filter(**bare).annotate(n=Count("pk")).values("n")
            return Coalesce(Subquery(antall), 0)

        return self.annotate(antall=count(), levert=count(status="levert"))

    def followed_through(self, mellomarbeid: models.QuerySet) -> Self:
        """As `with_status`, only those that have any of `mellomarbeid`."""
        return self.with_status(mellomarbeid).filter(
            pk__in=mellomarbeid.order_by().values("oppdrag")
        )

    def current(self) -> Self:
        """Those whose deadline has not passed; the nearest first."""
        return self.filter(frist__gte=timezone.localdate()).order_by("frist", "pk")


@pghistory.track()
class Oppdrag(models.Model):
    """An assignment given at (or between) gatherings; `rolu.mellomarbeid.oppdrag.give` makes one Mellomarbeid per unit of its `mottakere`."""

    nettverk = models.ForeignKey(
        Nettverk, on_delete=models.CASCADE, related_name="oppdrag", verbose_name=_("nettverk")
    )
    samling = models.ForeignKey(
        Samling,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="oppdrag",
        verbose_name=_("gitt på samling"),
    )
    laeringsloype = models.ForeignKey(
        Laeringsloype,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="oppdrag",
        verbose_name=_("læringsløype"),
    )
    modul = models.ForeignKey(
        Modul,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="oppdrag",
        verbose_name=_("modul"),
    )
    mottakere = models.OneToOneField(
        Mottakere,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="oppdrag",
        verbose_name=_("mottakere"),
    )
    tittel = models.CharField(_("tittel"), max_length=150)
    tekst = models.TextField(_("hva skal gjøres"))
    # What an entry is asked to tell, in this assignment's words; empty is the usual words.
    spoer_gjorde = models.CharField(_("første ledetekst"), max_length=120, blank=True)
    spoer_merket = models.CharField(_("andre ledetekst"), max_length=120, blank=True)
    spoer_videre = models.CharField(_("tredje ledetekst"), max_length=120, blank=True)
    frist = models.DateField(_("frist"))
    gitt = models.DateTimeField(_("gitt"), auto_now_add=True)
    # No longer asked; what units have written stands. Through `rolu.mellomarbeid.tilbaketrekking`.
    trukket = models.DateTimeField(_("trukket"), null=True, blank=True)
    trukket_grunn = models.CharField(_("hvorfor det er trukket"), max_length=300, blank=True)

    # Added by `with_status`.
    antall: int
    levert: int

    objects = OppdragQuerySet.as_manager()

    class Meta:
        verbose_name = _("oppdrag")
        verbose_name_plural = _("oppdrag")
        ordering = ["-frist", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(modul__isnull=True) | models.Q(laeringsloype__isnull=False),
                name="oppdrag_modul_har_loype",
                violation_error_message=_("En modul hører til en læringsløype. Velg løypa også."),
            ),
            models.CheckConstraint(
                condition=models.Q(trukket__isnull=True, trukket_grunn="")
                | (models.Q(trukket__isnull=False) & ~models.Q(trukket_grunn="")),
                name="oppdrag_trukket_sier_hvorfor",
            ),
        ]

    def __str__(self) -> str:
        return self.tittel

    @property
    def ledetekster(self) -> dict[str, str]:
        """What an entry is asked to tell: the entry's field, and the prompt in the assignment's or the usual words."""
        return {
            "tekst": self.spoer_gjorde or str(_("Hva gjorde vi?")),
            "merket": self.spoer_merket or str(_("Hva la vi merke til?")),
            "videre": self.spoer_videre or str(_("Hva gjør vi nå?")),
        }

    @property
    def dager_igjen(self) -> int:
        """Days until the deadline; negative when it has passed."""
        return (self.frist - timezone.localdate()).days

    @property
    def er_forfalt(self) -> bool:
        return self.frist < timezone.localdate()

    @property
    def frist_om(self) -> str:
        """How far away the deadline is, in words: om 9 dager, i morgen, i dag, for 3 dager siden."""
        dager = self.dager_igjen
        if dager == 0:
            return str(_("i dag"))
        if dager == 1:
            return str(_("i morgen"))
        if dager == -1:
            return str(_("i går"))
        if dager > 1:
            return ngettext("om %(n)s dag", "om %(n)s dager", dager) % {"n": dager}
        return ngettext("for %(n)s dag siden", "for %(n)s dager siden", -dager) % {"n": -dager}
