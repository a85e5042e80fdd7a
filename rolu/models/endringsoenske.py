"""A wish to change an answer after the deadline."""

from typing import Self

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nettverk.models import Gruppe, Nettverk, Person
from nettverk.tilgang.roller import Roller
from rolu.models.deltakelse import Deltakelse


class EndringsoenskeQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """All for those who answer them (koordinator); else those about oneself, about the utviklingsgruppe
        one leads, and those one has asked. Who sees a wish, sees who is named to come."""
        if not roller.person.is_authenticated:
            return self.none()
        egne = self.filter(deltakelse__samling__nettverk=roller.nettverk)
        if roller.er_koordinator:
            return egne
        if not roller.er_medlem:
            return egne.none()
        ledet = egne.filter(
            deltakelse__verv__gruppe__enhet__in=roller.enheter_ledet,
            deltakelse__verv__gruppe__type=Gruppe.Type.UTVIKLINGSGRUPPE,
        )
        return egne.of(roller.person) | ledet

    def of(self, person: Person) -> Self:
        """Those the person has asked, and those about them."""
        return self.filter(Q(deltakelse__verv__person=person) | Q(av=person))

    def waiting(self) -> Self:
        """Those that nobody has answered."""
        return self.filter(tilstand=Endringsoenske.Tilstand.VENTER)


# Somebody who may come to nothing is not kept in the history.
@pghistory.track(exclude=["vara_navn", "vara_epost", "vara_dager"])
class Endringsoenske(models.Model):
    """Somebody wants another answer than the one that stood when the deadline went out: the coordinator accepts
    or refuses. Changed by `rolu.samlinger.endringer`.

    Who shall come in their place is named only as long as the wish waits: afterwards they are a Gjest, or nobody.
    """

    class Tilstand(models.TextChoices):
        VENTER = "venter", _("venter på svar")
        GODTATT = "godtatt", _("godtatt")
        AVSLAATT = "avslaatt", _("avslått")

    class Svar(models.TextChoices):
        JA = "ja", _("kommer")
        NEI = "nei", _("kan ikke")
        VARA = "vara", _("vara")

    deltakelse = models.ForeignKey(
        Deltakelse,
        on_delete=models.CASCADE,
        related_name="endringsoensker",
        verbose_name=_("deltakelse"),
    )
    oensker = models.CharField(_("ønsket svar"), max_length=4, choices=Svar)
    tekst = models.CharField(_("beskjed"), max_length=500, blank=True)
    vara_navn = models.CharField(_("varaens navn"), max_length=150, blank=True)
    vara_epost = models.EmailField(_("varaens e-post"), blank=True)
    # The days the substitute comes, of a gathering over several; none: all of them.
    vara_dager = ArrayField(
        models.DateField(), null=True, blank=True, verbose_name=_("varaens dager")
    )
    tilstand = models.CharField(
        _("tilstand"), max_length=10, choices=Tilstand, default=Tilstand.VENTER
    )
    av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("spurt av"),
    )
    spurt = models.DateTimeField(_("spurt"), auto_now_add=True)
    behandlet = models.DateTimeField(_("behandlet"), null=True, blank=True)
    behandlet_av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("behandlet av"),
    )

    # Set for the coordinator: the substitute who is signed up now, and is not if it is accepted.
    vara_ut: str = ""

    objects = EndringsoenskeQuerySet.as_manager()

    class Meta:
        verbose_name = _("endringsønske")
        verbose_name_plural = _("endringsønsker")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["deltakelse"],
                condition=Q(tilstand="venter"),
                name="endringsoenske_ett_venter",
                violation_error_message=_("Det er allerede bedt om en endring for denne personen."),
            ),
            models.CheckConstraint(
                condition=Q(tilstand="venter", behandlet__isnull=True)
                | (~Q(tilstand="venter") & Q(behandlet__isnull=False)),
                name="endringsoenske_behandlet_en_gang",
            ),
            models.CheckConstraint(
                condition=(Q(oensker="vara", tilstand="venter") & ~Q(vara_navn=""))
                | (
                    ~Q(oensker="vara", tilstand="venter")
                    & Q(vara_navn="", vara_epost="", vara_dager__isnull=True)
                ),
                name="endringsoenske_vara_mens_det_venter",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deltakelse}: {self.get_oensker_display()}"

    @property
    def nettverk(self) -> Nettverk:
        return self.deltakelse.samling.nettverk

    @property
    def venter(self) -> bool:
        return self.tilstand == self.Tilstand.VENTER
