"""What came of a gathering: decisions, insights, assignments and commitments."""

import uuid
from typing import Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kommuner.gyldighet import idag
from kommuner.models import Kommune
from nettverk.models import Gruppe, Nettverk
from nettverk.tilgang.roller import Roller
from rolu.models.oppdrag import Oppdrag
from rolu.models.samling import Programpost, Samling


class UtfallQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """Those of the gatherings one may see."""
        return self.filter(samling__in=Samling.objects.visible_to(roller).values("pk"))

    def commitments(self) -> Self:
        """What somebody took on (oppfølging)."""
        return self.filter(type=Utfall.Type.OPPFOLGING)

    def open(self) -> Self:
        """What is not done yet."""
        return self.filter(gjort__isnull=True)

    def taken_on_by(self, roller: Roller) -> Self:
        """What the person answers for today: their kommune's as kommuneansvarlig, and their groups'."""
        return self.filter(Q(kommune__in=roller.kommuner_ansvar) | Q(gruppe__in=roller.grupper))

    def only_noted(self) -> Self:
        """The assignments that nobody has given to the units."""
        return self.filter(type=Utfall.Type.OPPDRAG, oppdrag=None)

    def with_who(self) -> Self:
        """With who took it on, and the assignment it became; no query for each."""
        return self.select_related("kommune", "gruppe", "oppdrag")


# Also what is taken away: a decision that was minuted can be found again, and its number is not used twice.
@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["noekkel"],
)
class Utfall(models.Model):
    """One outcome of an agenda item, or of the gathering as a whole.

    A decision (beslutning) has a number of its own in the gathering. A commitment (oppfølging) says who took it on,
    a kommune or a group, and may have a deadline. An assignment (oppdrag) becomes `oppdrag` when it is
    given to the units.
    """

    class Type(models.TextChoices):
        BESLUTNING = "beslutning", _("beslutning")
        INNSIKT = "innsikt", _("innsikt")
        OPPDRAG = "oppdrag", _("oppdrag")
        OPPFOLGING = "oppfolging", _("oppfølging")

    samling = models.ForeignKey(
        Samling, on_delete=models.CASCADE, related_name="utfall", verbose_name=_("samling")
    )
    programpost = models.ForeignKey(
        Programpost,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="utfall",
        verbose_name=_("programpost"),
    )
    type = models.CharField(_("type"), max_length=12, choices=Type)
    tekst = models.TextField(_("tekst"))
    nummer = models.PositiveIntegerField(_("nummer"), null=True, blank=True)
    kommune = models.ForeignKey(
        Kommune,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("kommune"),
    )
    gruppe = models.ForeignKey(
        Gruppe,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="oppfolginger",
        verbose_name=_("gruppe"),
    )
    frist = models.DateField(_("frist"), null=True, blank=True)
    oppdrag = models.ForeignKey(
        Oppdrag,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="utfall",
        verbose_name=_("oppdrag"),
    )
    gjort = models.DateTimeField(_("gjort"), null=True, blank=True)
    gjort_av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("gjort av"),
    )
    # Made by the browser, so that a form that is sent twice gives one outcome.
    noekkel = models.UUIDField(_("nøkkel"), default=uuid.uuid4, editable=False, unique=True)
    versjon = models.PositiveIntegerField(_("versjon"), default=1)
    opprettet = models.DateTimeField(_("opprettet"), auto_now_add=True)

    objects = UtfallQuerySet.as_manager()

    class Meta:
        verbose_name = _("utfall")
        verbose_name_plural = _("utfall")
        ordering = ["opprettet", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["samling", "nummer"], name="utfall_ett_nummer"),
            models.CheckConstraint(
                condition=Q(type="beslutning", nummer__isnull=False)
                | ~Q(type="beslutning") & Q(nummer__isnull=True),
                name="utfall_bare_beslutninger_har_nummer",
            ),
            models.CheckConstraint(
                condition=(
                    Q(type="oppfolging")
                    & (
                        Q(kommune__isnull=False, gruppe__isnull=True)
                        | Q(kommune__isnull=True, gruppe__isnull=False)
                    )
                )
                | (~Q(type="oppfolging") & Q(kommune__isnull=True, gruppe__isnull=True)),
                name="utfall_en_tar_oppfolgingen",
                violation_error_message=_("Velg én kommune eller én gruppe som tar oppfølgingen."),
            ),
        ]

    def __str__(self) -> str:
        return self.tekst[:80]

    @property
    def nettverk(self) -> Nettverk:
        return self.samling.nettverk

    @property
    def hvem(self) -> Kommune | Gruppe | None:
        """Who took it on."""
        return self.kommune or self.gruppe

    @property
    def er_over_fristen(self) -> bool:
        return self.gjort is None and self.frist is not None and self.frist < idag()
