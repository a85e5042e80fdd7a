"""What people say to a unit about its mellomarbeid, what the unit says back, and the taps: read, of use to us."""

from typing import Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Exists, ExpressionWrapper, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kommuner.models import Enhet
from nettverk.models import Gruppe, Nettverk, Rolle, Verv
from nettverk.tilgang.roller import Roller
from rolu.models.mellomarbeid import Loggpost, Mellomarbeid
from rolu.models.oppdrag import Oppdrag


class TilbakemeldingQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """The threads of what the person follows up or writes in; not of what others have shared."""
        return self.filter(mellomarbeid__in=Mellomarbeid.objects.followed_by(roller))

    def with_kommune(self) -> Self:
        """Adds `fra_kommune`: the name of the kommune that the one who spoke answered for that day; of several, the
        one where the work was given."""
        verv = Verv.objects.filter(
            person=OuterRef("skrevet_av"),
            gruppe__nettverk=OuterRef("mellomarbeid__oppdrag__nettverk"),
            gruppe__type=Gruppe.Type.FAGNETTVERK,
            rolle=Rolle.OPPVEKSTANSVARLIG,
            representerer__isnull=False,
            gyldig__contains=TruncDate(
                ExpressionWrapper(OuterRef("skrevet"), models.DateTimeField())
            ),
        )
        navn = verv.order_by("pk").values("representerer__navn")
        der = navn.filter(representerer=OuterRef("mellomarbeid__kommune"))
        return self.annotate(fra_kommune=Coalesce(Subquery(der[:1]), Subquery(navn[:1]), Value("")))

    def from_unit(self) -> Self:
        return self.filter(som=Tilbakemelding.Som.ENHETEN)

    def from_others(self) -> Self:
        return self.exclude(som=Tilbakemelding.Som.ENHETEN)

    def unseen_by(self, roller: Roller) -> Self:
        """Those the person has neither replied to nor ticked as read: to the own unit, by somebody outside
        it; to who takes part in the thread or is named, by others."""
        meg = roller.person.pk
        senere = Tilbakemelding.objects.filter(
            mellomarbeid=OuterRef("mellomarbeid"), skrevet__gt=OuterRef("skrevet")
        )
        lest = Kvittering.objects.filter(
            mellomarbeid=OuterRef("mellomarbeid"),
            slag=Kvittering.Slag.LEST,
            person=meg,
            naar__gte=OuterRef("skrevet"),
        )
        deltar = Tilbakemelding.objects.filter(
            mellomarbeid=OuterRef("mellomarbeid"), skrevet_av=meg, skrevet__lt=OuterRef("skrevet")
        )
        navngitt = Tilbakemelding.nevnte.through.objects.filter(
            tilbakemelding=OuterRef("pk"), person=meg
        )
        egen = Q(mellomarbeid__gruppe__enhet__in=roller.enheter)
        return (
            self.visible_to(roller)
            .exclude(skrevet_av=meg)
            .filter(
                (egen & ~Q(som=Tilbakemelding.Som.ENHETEN) & ~Exists(senere.from_unit()))
                | (~egen & Exists(deltar))
                | Exists(navngitt)
            )
            .exclude(Exists(senere.filter(skrevet_av=meg)))
            .exclude(Exists(lest))
        )


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Tilbakemelding(models.Model):
    """One thing said in the thread of a mellomarbeid, or of one entry in it. Write through
    `rolu.mellomarbeid.tilbakemelding`."""

    class Som(models.TextChoices):
        """On whose behalf it was said, the day it was."""

        ENHETEN = "enheten", _("enheten")
        KOMMUNEN = "kommunen", _("kommunen")
        FAGMILJOET = "fagmiljoet", _("fagmiljøet")
        KOORDINATOREN = "koordinatoren", _("koordinatoren")

    mellomarbeid = models.ForeignKey(
        Mellomarbeid,
        on_delete=models.CASCADE,
        related_name="tilbakemeldinger",
        verbose_name=_("mellomarbeid"),
    )
    # What in the log it is about; None when it is about the whole, or the entry is removed.
    loggpost = models.ForeignKey(
        Loggpost,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="tilbakemeldinger",
        verbose_name=_("loggpost"),
    )
    som = models.CharField(_("på vegne av"), max_length=15, choices=Som)
    tekst = models.TextField(_("tekst"), max_length=4000)
    nevnte = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name=_("nevnte")
    )
    skrevet_av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("skrevet av"),
    )
    skrevet = models.DateTimeField(_("skrevet"), default=timezone.now)

    objects = TilbakemeldingQuerySet.as_manager()

    class Meta:
        verbose_name = _("tilbakemelding")
        verbose_name_plural = _("tilbakemeldinger")
        ordering = ["skrevet", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(som__in=["enheten", "kommunen", "fagmiljoet", "koordinatoren"]),
                name="tilbakemelding_som_finnes",
            ),
            models.CheckConstraint(condition=~Q(tekst=""), name="tilbakemelding_sier_noe"),
        ]
        indexes = [
            models.Index(fields=["mellomarbeid", "skrevet"], name="tilbakemelding_traad"),
        ]

    def __str__(self) -> str:
        return f"{self.skrevet_av} {self.skrevet:%Y-%m-%d}"

    @property
    def nettverk(self) -> Nettverk:
        return self.mellomarbeid.nettverk


def answered() -> models.QuerySet:
    """The ids of the mellomarbeid about which somebody outside the unit has said something."""
    return Tilbakemelding.objects.from_others().values("mellomarbeid")


def unanswered(roller: Roller) -> Q:
    """Of mellomarbeid: what is delivered, and nobody outside the unit has said anything about; not of the person's own
    unit, which others are to answer."""
    levert = Q(status=Mellomarbeid.Status.LEVERT) & ~Q(gruppe__enhet__in=roller.enheter)
    return levert & ~Q(pk__in=answered())


def last_word() -> Subquery:
    """For mellomarbeid: on whose behalf the last thing in the thread was said; None when nobody has said
    anything."""
    traad = Tilbakemelding.objects.filter(mellomarbeid=OuterRef("pk")).order_by("-skrevet", "-pk")
    return Subquery(traad.values("som")[:1])


class KvitteringQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """Who has read it: for those in the thread. Whom it is of use to: for all who may read it."""
        return self.filter(
            Q(mellomarbeid__in=Mellomarbeid.objects.followed_by(roller))
            | Q(
                slag=Kvittering.Slag.NYTTIG,
                mellomarbeid__in=Mellomarbeid.objects.visible_to(roller),
            )
        )


class Kvittering(models.Model):
    """One tap by one person: «Lest», or «Nyttig for oss» on behalf of a unit of theirs. Tapped again it is taken
    back. Change through `rolu.mellomarbeid.tilbakemelding`."""

    class Slag(models.TextChoices):
        LEST = "lest", _("lest")
        NYTTIG = "nyttig", _("nyttig for oss")

    mellomarbeid = models.ForeignKey(
        Mellomarbeid,
        on_delete=models.CASCADE,
        related_name="kvitteringer",
        verbose_name=_("mellomarbeid"),
    )
    slag = models.CharField(_("slag"), max_length=10, choices=Slag)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("person"),
    )
    # The unit it is of use to, or as whose it was read; None when the person sits in none.
    enhet = models.ForeignKey(
        Enhet,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("enhet"),
    )
    naar = models.DateTimeField(_("når"), default=timezone.now)

    objects = KvitteringQuerySet.as_manager()

    class Meta:
        verbose_name = _("kvittering")
        verbose_name_plural = _("kvitteringer")
        ordering = ["naar", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mellomarbeid", "person"],
                condition=Q(slag="lest"),
                name="kvittering_lest_en_gang",
            ),
            models.UniqueConstraint(
                fields=["mellomarbeid", "person", "enhet"],
                condition=Q(slag="nyttig"),
                name="kvittering_nyttig_en_gang_per_enhet",
            ),
            models.CheckConstraint(
                condition=Q(slag__in=["lest", "nyttig"]), name="kvittering_slag_finnes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_slag_display()} {self.person}"

    @property
    def nettverk(self) -> Nettverk:
        return self.mellomarbeid.nettverk


class Paaminnelse(models.Model):
    """That a person was reminded of a deadline, so many days before it: once, however often it is tried. A
    deadline that is moved is another. Written by `rolu.mellomarbeid.paaminnelse`."""

    oppdrag = models.ForeignKey(
        Oppdrag,
        on_delete=models.CASCADE,
        related_name="paaminnelser",
        verbose_name=_("oppdrag"),
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("person"),
    )
    frist = models.DateField(_("frist"))
    dager = models.PositiveSmallIntegerField(_("dager før"))
    laget = models.DateTimeField(_("laget"), default=timezone.now)

    class Meta:
        verbose_name = _("påminnelse")
        verbose_name_plural = _("påminnelser")
        ordering = ["laget", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["oppdrag", "person", "frist", "dager"], name="paaminnelse_en_gang"
            )
        ]

    def __str__(self) -> str:
        return f"{self.oppdrag} {self.person} {self.dager}"

    @property
    def nettverk(self) -> Nettverk:
        return self.oppdrag.nettverk
