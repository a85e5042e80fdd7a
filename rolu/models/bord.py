"""Who sits at which table of a gathering, and the rules by which they were seated."""

from typing import Self

import pghistory
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from nettverk.models import Nettverk, Rolle
from nettverk.tilgang.roller import Roller
from rolu.models.gjest import Gjest
from rolu.models.samling import Samling

MINST_PLASSER, MEST_PLASSER = 4, 14


def runs_tables(roller: Roller) -> bool:
    """Whether the person seats people: koordinator and PRO."""
    return roller.er_koordinator or roller.er_pro


class BordkartQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """All to those who seat people; to members what is shared with them."""
        egne = self.filter(samling__nettverk=roller.nettverk)
        if runs_tables(roller):
            return egne
        return egne.filter(_shared("")) if roller.er_medlem else egne.none()


def _shared(forstavelse: str) -> Q:
    """Shared, of a gathering that people have been told of."""
    delt = Q(**{f"{forstavelse}delt__isnull": False})
    return delt & ~Q(**{f"{forstavelse}samling__status": Samling.Status.UTKAST})


@pghistory.track(exclude=["resultat", "versjon"])
class Bordkart(models.Model):
    """The seating of a gathering: how many seats a table has, the rules in order, and who sits where.

    `froe` is what the draw began with: the same people, rules and seed are seated in the same way. `resultat` is
    a mark of the seats and rules people sit by (`oppsett`), and how often each rule that gave way would be broken if it
    stood alone (`alene`), without names. `versjon` counts what is changed by hand, so that a seating that
    was made meanwhile is made again. Changed by `rolu.samlinger.bord.bordkart`.
    """

    samling = models.OneToOneField(
        Samling, on_delete=models.CASCADE, related_name="bordkart", verbose_name=_("samling")
    )
    plasser = models.PositiveSmallIntegerField(
        _("plasser ved hvert bord"),
        default=8,
        validators=[MinValueValidator(MINST_PLASSER), MaxValueValidator(MEST_PLASSER)],
    )
    froe = models.PositiveIntegerField(_("frø"), default=1)
    satt = models.DateTimeField(_("satt"), null=True, blank=True)
    delt = models.DateTimeField(_("delt"), null=True, blank=True)
    resultat = models.JSONField(_("resultat"), default=dict, blank=True)
    versjon = models.PositiveIntegerField(_("versjon"), default=1)

    objects = BordkartQuerySet.as_manager()

    class Meta:
        verbose_name = _("bordkart")
        verbose_name_plural = _("bordkart")
        constraints = [
            models.CheckConstraint(
                condition=Q(plasser__gte=MINST_PLASSER, plasser__lte=MEST_PLASSER),
                name="bordkart_plasser_ved_et_bord",
                violation_error_message=_("Et bord kan ha fra 4 til 14 plasser."),
            ),
            models.CheckConstraint(
                condition=Q(delt__isnull=True) | Q(satt__isnull=False),
                name="bordkart_deles_naar_det_er_satt",
            ),
        ]

    def __str__(self) -> str:
        return f"bordkart {self.pk}"

    @property
    def nettverk(self) -> Nettverk:
        return self.samling.nettverk


class BordregelQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """Those of the network's gatherings, to those who seat people."""
        egne = self.filter(bordkart__samling__nettverk=roller.nettverk)
        return egne if runs_tables(roller) else egne.none()

    def active(self) -> Self:
        """Those that are on, the heaviest first."""
        return self.filter(er_paa=True).order_by("rekkefolge")


@pghistory.track()
class Bordregel(models.Model):
    """One of the rules of a seating; what stands higher up is not given up for what stands below.

    Changed by `rolu.samlinger.bord.bordkart.set_up`.
    """

    class Slag(models.TextChoices):
        ROLLE = "rolle", _("en rolle ved bordene")
        KOMMUNER = "kommuner", _("bland kommunene")
        ENHETSTYPER = "enhetstyper", _("bland barnehage og skole")
        GRUPPER_SPRES = "grupper_spres", _("spre utviklingsgruppene")
        GRUPPER_SAMLES = "grupper_samles", _("hold utviklingsgruppene sammen")
        NABOER = "naboer", _("nye naboer")

    GRUPPEREGLER = (Slag.GRUPPER_SPRES, Slag.GRUPPER_SAMLES)

    bordkart = models.ForeignKey(
        Bordkart, on_delete=models.CASCADE, related_name="regler", verbose_name=_("bordkart")
    )
    slag = models.CharField(_("slag"), max_length=16, choices=Slag)
    rekkefolge = models.PositiveSmallIntegerField(_("rekkefølge"))
    er_paa = models.BooleanField(_("er på"), default=True)
    # Of the rule about a role: which, and one at least for each so many tables.
    rolle = models.CharField(_("rolle"), max_length=20, choices=Rolle, blank=True)
    per_bord = models.PositiveSmallIntegerField(_("per antall bord"), default=1)

    objects = BordregelQuerySet.as_manager()

    class Meta:
        verbose_name = _("bordregel")
        verbose_name_plural = _("bordregler")
        ordering = ["rekkefolge"]
        constraints = [
            models.UniqueConstraint(fields=["bordkart", "slag"], name="bordregel_en_av_hvert_slag"),
            models.UniqueConstraint(
                fields=["bordkart", "rekkefolge"],
                name="bordregel_en_paa_hver_plass",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=["bordkart"],
                condition=Q(slag__in=["grupper_spres", "grupper_samles"]),
                name="bordregel_grupper_spres_eller_samles",
                violation_error_message=_("Utviklingsgruppene kan spres eller holdes sammen."),
            ),
            models.CheckConstraint(
                condition=~Q(slag="rolle") | Q(er_paa=False) | ~Q(rolle=""),
                name="bordregel_har_en_rolle",
                violation_error_message=_("Velg hvilken rolle det gjelder."),
            ),
            models.CheckConstraint(
                condition=Q(per_bord__gte=1, per_bord__lte=20), name="bordregel_per_antall_bord"
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_slag_display())

    @property
    def nettverk(self) -> Nettverk:
        return self.bordkart.nettverk


class BordskilleQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """Those of the network's gatherings, to those who seat people; never to those it is about."""
        egne = self.filter(bordkart__samling__nettverk=roller.nettverk)
        return egne if runs_tables(roller) else egne.none()


@pghistory.track()
class Bordskille(models.Model):
    """Two people who are not to sit at the same table. Why is not written anywhere, and nobody else is shown it.

    Changed by `rolu.samlinger.bord.bordkart`; gone a month after the gathering.
    """

    bordkart = models.ForeignKey(
        Bordkart, on_delete=models.CASCADE, related_name="skiller", verbose_name=_("bordkart")
    )
    # The one with the lowest number first, so that the same two are one row.
    en = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("den ene"),
    )
    annen = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("den andre"),
    )

    objects = BordskilleQuerySet.as_manager()

    class Meta:
        verbose_name = _("bordskille")
        verbose_name_plural = _("bordskiller")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["bordkart", "en", "annen"], name="bordskille_to_personer_en_gang"
            ),
            models.CheckConstraint(
                condition=Q(en__lt=F("annen")),
                name="bordskille_er_mellom_to",
                violation_error_message=_("Velg to forskjellige personer."),
            ),
        ]

    def __str__(self) -> str:
        # Without the names: it is written in logs and error pages.
        return f"bordskille {self.pk}"

    @property
    def nettverk(self) -> Nettverk:
        return self.bordkart.nettverk


class BordplassQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """As the seating they are of."""
        egne = self.filter(bordkart__samling__nettverk=roller.nettverk)
        if runs_tables(roller):
            return egne
        return egne.filter(_shared("bordkart__")) if roller.er_medlem else egne.none()


# What a person moves by hand is an update; a seating is made anew, and its seven hundred rows are no history.
@pghistory.track(pghistory.UpdateEvent())
class Bordplass(models.Model):
    """Where one person, or one guest, sits. `laast`: somebody has put them there, and a new seating leaves them.

    Changed by `rolu.samlinger.bord.bordkart`. Kept so that the next gathering can give people other neighbours
    (`rolu.samlinger.bord.rydding`).
    """

    bordkart = models.ForeignKey(
        Bordkart, on_delete=models.CASCADE, related_name="bordplasser", verbose_name=_("bordkart")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("person"),
    )
    gjest = models.ForeignKey(
        Gjest,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("gjest"),
    )
    bord = models.PositiveSmallIntegerField(_("bord"))
    laast = models.BooleanField(_("låst"), default=False)

    objects = BordplassQuerySet.as_manager()

    class Meta:
        verbose_name = _("bordplass")
        verbose_name_plural = _("bordplasser")
        ordering = ["bord", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, gjest__isnull=True)
                | Q(person__isnull=True, gjest__isnull=False),
                name="bordplass_person_eller_gjest",
            ),
            models.CheckConstraint(condition=Q(bord__gte=1), name="bordplass_bord_fra_en"),
            models.UniqueConstraint(fields=["bordkart", "person"], name="bordplass_en_per_person"),
            models.UniqueConstraint(fields=["gjest"], name="bordplass_en_per_gjest"),
        ]

    def __str__(self) -> str:
        return f"bord {self.bord}"

    @property
    def nettverk(self) -> Nettverk:
        return self.bordkart.nettverk

    @property
    def noekkel(self) -> str:
        """p12 or g3: who sits there, among persons and guests."""
        return f"g{self.gjest_id}" if self.gjest_id else f"p{self.person_id}"
