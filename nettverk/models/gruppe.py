"""Groups and appointments: who sits where, in which role, from–to, and for which kommune."""

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from kommuner.gyldighet import GyldighetMixin, GyldighetQuerySet, ikke_samtidig
from kommuner.models import Enhet, Kommune
from kommuner.sortering import sorteringsfelt
from nettverk.models.antatt import AntattMixin
from nettverk.models.nettverk import Nettverk
from nettverk.models.partner import Partner
from nettverk.models.rolle import Rolle

if TYPE_CHECKING:
    from nettverk.tilgang.roller import Roller


class GruppeQuerySet(GyldighetQuerySet):
    def visible_to(self, roller: "Roller") -> Self:
        """The groups of the network, for its members; nothing for others."""
        egne = self.filter(nettverk=roller.nettverk)
        return egne if roller.er_medlem else egne.none()

    def utviklingsgrupper(self) -> Self:
        return self.filter(type=Gruppe.Type.UTVIKLINGSGRUPPE)

    def nettverksgrupper(self) -> Self:
        """The network's own groups: all but the units' utviklingsgrupper."""
        return self.exclude(type=Gruppe.Type.UTVIKLINGSGRUPPE)

    def held(self) -> Self:
        """The rows, held until the transaction ends; always in the same order. Hold the network before
        them, when it is to be held (`nettverk.skriving.laas.hold`), and Verv after."""
        return self.select_for_update(of=("self",), no_key=True).order_by("pk")

    def with_roller(self, dato: datetime.date | None = None) -> Self:
        """Adds `roller_da`: the role of every appointment valid on `dato`, a list per group."""
        verv = Verv.objects.filter(gruppe=models.OuterRef("pk")).gyldig(dato)
        return self.annotate(roller_da=ArraySubquery(verv.values("rolle")))


@pghistory.track(exclude=["sortering"])
class Gruppe(AntattMixin, GyldighetMixin):
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
    omtale = models.CharField(
        _("navnet i en setning"),
        max_length=150,
        blank=True,
        help_text=_("Slik gruppa nevnes midt i en setning, for eksempel «styringsgruppa»."),
    )
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
            ExclusionConstraint(
                name="gruppe_ett_navn",
                expressions=[
                    ("nettverk", RangeOperators.EQUAL),
                    (Lower("navn"), RangeOperators.EQUAL),
                    ("gyldig", RangeOperators.OVERLAPS),
                ],
                condition=~Q(type="utviklingsgruppe"),
                violation_error_message=_("Nettverket har allerede en gruppe som heter dette."),
            ),
        ]

    def __str__(self) -> str:
        return self.navn

    @property
    def i_setning(self) -> str:
        """The name as it stands inside a sentence: «arbeidsutvalet», but «SR oppvekst»."""
        return self.omtale or self.navn

    @property
    def er_utviklingsgruppe(self) -> bool:
        return self.type == self.Type.UTVIKLINGSGRUPPE

    def ledige_roller(self, besatt: Iterable[str]) -> list[Rolle]:
        """The network's required roles that are not among `besatt`, the roles of today's appointments."""
        if not (self.er_utviklingsgruppe and self.enhet_id):
            return []
        fylt = set(besatt)
        return [Rolle(rolle) for rolle in self.nettverk.paakrevde_roller if rolle not in fylt]


class VervQuerySet(GyldighetQuerySet):
    def visible_to(self, roller: "Roller") -> Self:
        """The appointments of the network, for its members; nothing for others."""
        egne = self.filter(gruppe__nettverk=roller.nettverk)
        return egne if roller.er_medlem else egne.none()

    def held(self) -> Self:
        """The rows, held until the transaction ends, in one order; hold their groups first
        (`GruppeQuerySet.held`). What points at a Verv may be made meanwhile."""
        return self.select_for_update(of=("self",), no_key=True).order_by("pk")

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
    """A person in a group, in a role, from–to, possibly representing a kommune or a Partner.

    What a person may do follows from their Verv valid today (`nettverk.tilgang.roller`). When it ends, access
    ends; the history stays. Change through `nettverk.verv` (`appoint`, `end`), `nettverk.annullering` and
    `nettverk.rettelse`.
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
    # A private owner, PPT, a university: says whom they speak for, and gives no access.
    representerer_partner = models.ForeignKey(
        Partner,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="representanter",
        verbose_name=_("representerer samarbeidspartneren"),
    )

    # Given by mistake, and taken back the same day (`nettverk.annullering`): it never held.
    annullert = models.DateTimeField(_("annullert"), null=True, blank=True, editable=False)

    # Set by the page of the group: whether this reader sees the person's address.
    vis_epost: bool

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
            ),
            models.CheckConstraint(
                condition=Q(representerer__isnull=True) | Q(representerer_partner__isnull=True),
                name="verv_representerer_hoeyst_en",
                violation_error_message=_(
                    "Et verv representerer en kommune eller en samarbeidspartner, ikke begge."
                ),
            ),
            models.CheckConstraint(
                condition=Q(annullert__isnull=True) | Q(gyldig__isempty=True),
                name="verv_annullert_gjaldt_aldri",
            ),
        ]
        indexes = [models.Index(fields=["gruppe", "rolle"], name="verv_gruppe_rolle")]

    def __str__(self) -> str:
        return f"{self.person} – {self.get_rolle_display()}, {self.gruppe}"

    def clean(self) -> None:
        partner = self.representerer_partner
        if partner and partner.nettverk_id != self.gruppe.nettverk_id:
            raise ValidationError(
                {"representerer_partner": _("Samarbeidspartneren hører til et annet nettverk.")}
            )

    @property
    def nettverk(self) -> Nettverk:
        return self.gruppe.nettverk

    @property
    def representant_for(self) -> Kommune | Partner | None:
        """Whom they represent, when anybody."""
        return self.representerer or self.representerer_partner
