"""Groups and appointments: who sits where, in which role, from–to, and for which kommune."""

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

import pghistory
from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kommuner.gyldighet import GyldighetMixin, GyldighetQuerySet, ikke_samtidig
from kommuner.models import Enhet, Kommune
from kommuner.sortering import sorteringsfelt
from nettverk.models.nettverk import Nettverk

if TYPE_CHECKING:
    from nettverk.tilgang.roller import Roller


class Rolle(models.TextChoices):
    """What a person is in a group. The source documents' own words."""

    LEDER = "leder", _("leder")
    NESTLEDER = "nestleder", _("nestleder")
    KOORDINATOR = "koordinator", _("koordinator")
    UTVIKLINGSVEILEDER = "utviklingsveileder", _("utviklingsveileder")
    RAADGIVER = "raadgiver", _("rådgiver")
    MEDLEM = "medlem", _("medlem")
    FORMELL_LEDER = "formell_leder", _("formell leder")
    TILLITSVALGT = "tillitsvalgt", _("tillitsvalgt")
    UTVIKLINGSLAERER = "utviklingslaerer", _("utviklingslærer")
    PP_RAADGIVER = "pp_raadgiver", _("PP-rådgiver")
    OPPVEKSTANSVARLIG = "oppvekstansvarlig", _("oppvekstansvarlig")
    HOVEDTILLITSVALGT = "hovedtillitsvalgt", _("hovedtillitsvalgt")
    FOLGEFORSKER = "folgeforsker", _("følgeforsker")
    UH_KONTAKT = "uh_kontakt", _("kontaktperson i universitet eller høgskole")
    OBSERVATOR = "observator", _("observatør")


# The source: «utviklingsgrupper som består av de formelle lederne, tillitsvalgt, utviklingslærer
# og pedagogisk og psykologisk rådgiver».
PAAKREVDE_ROLLER = (
    Rolle.FORMELL_LEDER,
    Rolle.TILLITSVALGT,
    Rolle.UTVIKLINGSLAERER,
    Rolle.PP_RAADGIVER,
)


class GruppeQuerySet(GyldighetQuerySet):
    def visible_to(self, roller: "Roller") -> Self:
        """The groups of `nettverk`, for its members; nothing for others."""
        egne = self.filter(nettverk=roller.nettverk)
        return egne if roller.er_medlem else egne.none()

    def utviklingsgrupper(self) -> Self:
        return self.filter(type=Gruppe.Type.UTVIKLINGSGRUPPE)

    def nettverksgrupper(self) -> Self:
        """The network's own groups: all but the units' utviklingsgrupper."""
        return self.exclude(type=Gruppe.Type.UTVIKLINGSGRUPPE)

    def with_roller(self, dato: datetime.date | None = None) -> Self:
        """Adds `roller_da`: the role of every appointment valid on `dato`, a list per group."""
        verv = Verv.objects.filter(gruppe=models.OuterRef("pk")).gyldig(dato)
        return self.annotate(roller_da=ArraySubquery(verv.values("rolle")))

    def with_vacancy(self) -> Self:
        """Those (after `with_roller`) in which a required role is vacant."""
        return self.filter(enhet__isnull=False).exclude(roller_da__contains=list(PAAKREVDE_ROLLER))


@pghistory.track(exclude=["sortering"])
class Gruppe(GyldighetMixin):
    """KOG, STG, Fagnettverket, PRO, EVA, …, and the utviklingsgruppe of one unit or one kommune."""

    class Type(models.TextChoices):
        KOORDINERINGSGRUPPE = "koordineringsgruppe", _("koordineringsgruppe")
        STYRINGSGRUPPE = "styringsgruppe", _("styringsgruppe")
        FAGNETTVERK = "fagnettverk", _("fagnettverk")
        OPPVEKSTNETTVERK = "oppvekstnettverk", _("oppvekstnettverk")
        PROSESSNETTVERK = "prosessnettverk", _("prosessnettverk")
        EVALUERINGSNETTVERK = "evalueringsnettverk", _("evalueringsnettverk")
        NY_PRAKSIS = "ny_praksis", _("ny praksis")
        FAGMILJO = "fagmiljo", _("fagmiljø")
        LEDERNETTVERK = "ledernettverk", _("ledernettverk")
        UTVIKLINGSGRUPPE = "utviklingsgruppe", _("utviklingsgruppe")
        ANNEN = "annen", _("annen gruppe")

    nettverk = models.ForeignKey(
        Nettverk, on_delete=models.CASCADE, related_name="grupper", verbose_name=_("nettverk")
    )
    type = models.CharField(_("type"), max_length=20, choices=Type)
    navn = models.CharField(_("navn"), max_length=150)
    kortnavn = models.CharField(_("kortnavn"), max_length=30, blank=True)
    mandat = models.TextField(_("mandat"), blank=True)
    rekkefolge = models.PositiveSmallIntegerField(_("rekkefølge"), default=100)
    enhet = models.ForeignKey(
        Enhet,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="grupper",
        verbose_name=_("enhet"),
    )
    kommune = models.ForeignKey(
        Kommune,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="grupper",
        verbose_name=_("kommune"),
    )
    sortering = sorteringsfelt("navn")

    objects = GruppeQuerySet.as_manager()

    class Meta:
        verbose_name = _("gruppe")
        verbose_name_plural = _("grupper")
        ordering = ["rekkefolge", "sortering", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(type="utviklingsgruppe")
                | Q(enhet__isnull=False, kommune__isnull=True)
                | Q(enhet__isnull=True, kommune__isnull=False),
                name="utviklingsgruppe_hoerer_til_ett_sted",
                violation_error_message=_(
                    "En utviklingsgruppe hører til én enhet eller én kommune."
                ),
            ),
            ikke_samtidig(
                "utviklingsgruppe_en_per_enhet",
                "nettverk",
                "enhet",
                condition=Q(type="utviklingsgruppe", enhet__isnull=False),
                melding=_("Enheten har allerede en utviklingsgruppe i denne perioden."),
            ),
            ikke_samtidig(
                "utviklingsgruppe_en_per_kommune",
                "nettverk",
                "kommune",
                condition=Q(type="utviklingsgruppe", kommune__isnull=False),
                melding=_("Kommunen har allerede en utviklingsgruppe i denne perioden."),
            ),
        ]

    def __str__(self) -> str:
        return self.navn

    @property
    def er_utviklingsgruppe(self) -> bool:
        return self.type == self.Type.UTVIKLINGSGRUPPE

    def ledige_roller(self, besatt: Iterable[str]) -> list[Rolle]:
        """The required roles that are not among `besatt`, the roles of today's appointments."""
        if not (self.er_utviklingsgruppe and self.enhet_id):
            return []
        fylt = set(besatt)
        return [rolle for rolle in PAAKREVDE_ROLLER if rolle not in fylt]


class VervQuerySet(GyldighetQuerySet):
    def visible_to(self, roller: "Roller") -> Self:
        """The appointments of `nettverk`, for its members; nothing for others."""
        egne = self.filter(gruppe__nettverk=roller.nettverk)
        return egne if roller.er_medlem else egne.none()

    def in_order(self) -> Self:
        """Leader first, ordinary members last; then by name."""
        sist = [Rolle.MEDLEM, Rolle.OBSERVATOR]
        orden = [rolle for rolle in Rolle if rolle not in sist] + sist
        rang = models.Case(
            *(models.When(rolle=r, then=n) for n, r in enumerate(orden)),
            default=len(orden),
            output_field=models.IntegerField(),
        )
        return self.order_by(rang, "person__sortering")


@pghistory.track()
class Verv(GyldighetMixin):
    """A person in a group, in a role, from–to, possibly representing a kommune.

    What a person may do follows from their Verv valid today (`nettverk.tilgang.roller`). When it ends, access
    ends; the history stays. Change through `nettverk.verv` (`appoint`, `end`).
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="verv",
        verbose_name=_("person"),
    )
    gruppe = models.ForeignKey(
        Gruppe, on_delete=models.CASCADE, related_name="verv", verbose_name=_("gruppe")
    )
    rolle = models.CharField(_("rolle"), max_length=20, choices=Rolle)
    tittel = models.CharField(
        _("stilling"),
        max_length=80,
        blank=True,
        help_text=_("For eksempel styrer, rektor eller inspektør."),
    )
    representerer = models.ForeignKey(
        Kommune,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="representanter",
        verbose_name=_("representerer"),
    )

    objects = VervQuerySet.as_manager()

    class Meta:
        verbose_name = _("verv")
        verbose_name_plural = _("verv")
        ordering = ["gruppe", "gyldig", "pk"]
        constraints = [
            ikke_samtidig(
                "verv_ikke_samtidig",
                "person",
                "gruppe",
                "rolle",
                melding=_("Personen har allerede denne rollen i gruppa i denne perioden."),
            )
        ]
        indexes = [models.Index(fields=["gruppe", "rolle"], name="verv_gruppe_rolle")]

    def __str__(self) -> str:
        return f"{self.person} – {self.get_rolle_display()}, {self.gruppe}"
