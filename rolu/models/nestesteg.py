"""What comes of a log entry: steps with a date, the unit's own and those that others are asked for; and links."""

from typing import Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from nettverk.models import Gruppe, Nettverk
from nettverk.tilgang.roller import Roller
from rolu.models.mellomarbeid import Loggpost, Mellomarbeid


def as_asked(gruppe: Gruppe) -> str:
    """A group as a unit names it when it needs it."""
    if gruppe.type == Gruppe.Type.FAGNETTVERK:
        return _t("Kommunen")
    return gruppe.kortnavn or gruppe.navn


class NestestegQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """The steps of every mellomarbeid that the person may see, and those asked of the person's own groups; of
        the kommuner's group only what comes from the own kommune."""
        egne = self.filter(loggpost__mellomarbeid__oppdrag__nettverk=roller.nettverk)
        if not roller.er_medlem:
            return egne.none()
        return egne.filter(
            Q(loggpost__mellomarbeid__in=Mellomarbeid.objects.visible_to(roller))
            | (
                Q(hos__in=roller.grupper)
                & (
                    ~Q(hos__type=Gruppe.Type.FAGNETTVERK)
                    | Q(loggpost__mellomarbeid__kommune__in=roller.kommuner_ansvar)
                )
            )
        )

    def open(self) -> Self:
        """Those that are not done, in what is still asked."""
        return self.filter(
            gjort__isnull=True, loggpost__mellomarbeid__oppdrag__trukket__isnull=True
        )

    def asked_of(self, roller: Roller) -> Self:
        """Those that units need of the person's own groups, and that are not done."""
        return self.visible_to(roller).open().filter(hos__in=roller.grupper)


@pghistory.track()
class Nestesteg(models.Model):
    """One thing to be done after an entry, by the unit itself (`hos` is None), or by a group of the network that
    the unit needs: its PPT, its university, its kommune. Change through `rolu.mellomarbeid.nestesteg`."""

    loggpost = models.ForeignKey(
        Loggpost, on_delete=models.CASCADE, related_name="nestesteg", verbose_name=_("loggpost")
    )
    hos = models.ForeignKey(
        Gruppe,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="nestesteg",
        verbose_name=_("hvem dere trenger"),
    )
    tekst = models.CharField(_("hva"), max_length=200)
    frist = models.DateField(_("når"), null=True, blank=True)
    gjort = models.DateTimeField(_("gjort"), null=True, blank=True)
    gjort_av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("gjort av"),
    )

    objects = NestestegQuerySet.as_manager()

    class Meta:
        verbose_name = _("neste steg")
        verbose_name_plural = _("neste steg")
        ordering = ["frist", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(tekst=""), name="nestesteg_sier_hva"),
            models.CheckConstraint(
                condition=Q(gjort__isnull=False) | Q(gjort_av__isnull=True),
                name="nestesteg_gjort_har_tidspunkt",
            ),
        ]

    def __str__(self) -> str:
        return self.tekst

    @property
    def hos_navn(self) -> str:
        """Whom the unit needs, in its words: the kommuner's group is its kommune."""
        if self.hos is None:
            return ""
        return as_asked(self.hos)

    @property
    def nettverk(self) -> Nettverk:
        return self.loggpost.nettverk

    @property
    def enhet_id(self) -> int | None:
        return self.loggpost.enhet_id

    @property
    def kommune_id(self) -> int | None:
        return self.loggpost.kommune_id


class LogglenkeQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """The links of every entry that the person may see."""
        return self.filter(loggpost__mellomarbeid__in=Mellomarbeid.objects.visible_to(roller))


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Logglenke(models.Model):
    """A link in an entry: to a film, a notebook, a folder where the unit works."""

    loggpost = models.ForeignKey(
        Loggpost, on_delete=models.CASCADE, related_name="lenker", verbose_name=_("loggpost")
    )
    url = models.URLField(_("lenke"), max_length=500)
    tekst = models.CharField(_("hva det er"), max_length=150, blank=True)

    objects = LogglenkeQuerySet.as_manager()

    class Meta:
        verbose_name = _("lenke i loggen")
        verbose_name_plural = _("lenker i loggen")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["loggpost", "url"], name="logglenke_en_gang"),
            models.CheckConstraint(
                condition=Q(url__startswith="https://") | Q(url__startswith="http://"),
                name="logglenke_er_en_nettadresse",
            ),
        ]

    def __str__(self) -> str:
        return self.tekst or self.url

    @property
    def kort(self) -> str:
        """The address as short as it can be recognised."""
        return self.url.split("://", 1)[-1].removeprefix("www.").rstrip("/")[:60]

    @property
    def nettverk(self) -> Nettverk:
        return self.loggpost.nettverk
