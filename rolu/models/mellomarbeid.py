"""Between-gathering work: one unit's answer to an Oppdrag, in entries by the phases of action learning."""

import uuid
from typing import Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import BigIntegerField, Case, Count, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, JSONObject, Left
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kommuner.models import Enhet, Kommune
from nettverk.models import Gruppe, Nettverk, VedleggBase
from nettverk.tilgang.roller import Roller
from rolu.models.oppdrag import Oppdrag

# By kommune, then unit, as they are sorted in Norwegian.
_REKKEFOLGE = ("kommune__sortering", "gruppe__enhet__sortering", "pk")


class MellomarbeidQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """Own unit: its group. Own kommune: the kommuneansvarlig. Delivered in own løype: its fagmiljø.
        Coordinator and KOG all. Shared: every member, in a network that uses Praksis."""
        egne = self.filter(oppdrag__nettverk=roller.nettverk)
        if roller.er_kog:
            return egne
        if not roller.er_medlem:
            return egne.none()
        delt = Q(delt=True) if roller.nettverk.uses("praksis") else Q()
        return egne.filter(_foelges_av(roller) | delt)

    def followed_by(self, roller: Roller) -> Self:
        """What the person follows up: as `visible_to`, without what other units have shared."""
        egne = self.filter(oppdrag__nettverk=roller.nettverk)
        return egne if roller.er_kog else egne.filter(_foelges_av(roller))

    def delivered(self) -> Self:
        return self.filter(status=Mellomarbeid.Status.LEVERT)

    def missing(self) -> Self:
        """Not delivered, whether the unit has begun or not."""
        return self.exclude(status=Mellomarbeid.Status.LEVERT)

    def shared(self) -> Self:
        """Delivered, and shared with every member of the network."""
        return self.filter(delt=True)

    def public(self) -> Self:
        """Shared, and the unit has said that the text may stand in the report that everyone reads."""
        return self.shared().filter(offentlig=True)

    def with_excerpt(self) -> Self:
        """Adds `utdrag`: the entry that tells others most, cut short (empty when nothing is written)."""
        poster = Loggpost.objects.filter(mellomarbeid=OuterRef("pk")).exclude(tekst="")
        tekst = poster.order_by(SIER_MEST).values(kort=Left("tekst", 400))
        return self.annotate(utdrag=Coalesce(Subquery(tekst[:1]), Value("")))

    def with_picture(self) -> Self:
        """Adds `bilde`: the first picture that was added, its `pk` and `tekst` (None without one)."""
        bilder = (
            Vedlegg.objects.pictures()
            .filter(mellomarbeid=OuterRef("pk"))
            .order_by("lastet_opp", "pk")
        )
        som_json = JSONObject(pk="pk", tekst="alternativ_tekst")
        return self.annotate(bilde=Subquery(bilder.values(json=som_json)[:1]))

    def as_cards(self) -> Self:
        """With all that a practice card shows (templates/rolu/_praksiskort.html); its first sentence is set by
        `rolu.mellomarbeid.utdrag.add_sentences`."""
        return (
            self.with_excerpt()
            .with_picture()
            .select_related("oppdrag__laeringsloype", "gruppe__enhet", "kommune")
            .defer("kommune__grense", "oppdrag__tekst")
        )

    def in_order(self) -> Self:
        """By kommune, then unit, as they are sorted in Norwegian."""
        return self.order_by(*_REKKEFOLGE)

    def least_done_first(self) -> Self:
        """Those that have not begun, those that are at it, those that have delivered; each `in_order`."""
        plass = Case(
            When(status=Mellomarbeid.Status.IKKE_STARTET, then=0),
            When(status=Mellomarbeid.Status.KLADD, then=1),
            default=2,
        )
        return self.order_by(plass, *_REKKEFOLGE)

    def per_kommune(self, *ogsaa: str) -> models.QuerySet:
        """One dict per kommune: kommune__navn, antall, ikke_startet, begynt, levert – in Norwegian order.

        `ogsaa` names fields to count by besides the kommune.
        """
        return (
            self.values(*ogsaa, "kommune", "kommune__navn")
            .annotate(
                antall=Count("pk"),
                begynt=Count("pk", filter=Q(status=Mellomarbeid.Status.KLADD)),
                levert=Count("pk", filter=Q(status=Mellomarbeid.Status.LEVERT)),
                ikke_startet=Count("pk", filter=Q(status=Mellomarbeid.Status.IKKE_STARTET)),
            )
            .order_by("kommune__sortering")
        )


def _foelges_av(roller: Roller) -> Q:
    return (
        Q(gruppe__enhet__in=roller.enheter)
        | Q(kommune__in=roller.kommuner_ansvar)
        | Q(
            status=Mellomarbeid.Status.LEVERT,
            oppdrag__laeringsloype__ansvarlig_gruppe__in=roller.fagmiljo,
        )
    )


@pghistory.track()
class Mellomarbeid(models.Model):
    """One unit's answer to an Oppdrag. It belongs to the unit's group, so it stays when people change.

    `kommune` is where the unit lay when the assignment was given. Write through `rolu.mellomarbeid.logg`, deliver
    through `rolu.mellomarbeid.innlevering`.
    """

    class Status(models.TextChoices):
        IKKE_STARTET = "ikke_startet", _("ikke begynt")
        KLADD = "kladd", _("i gang")
        LEVERT = "levert", _("levert")

    oppdrag = models.ForeignKey(
        Oppdrag, on_delete=models.CASCADE, related_name="mellomarbeid", verbose_name=_("oppdrag")
    )
    gruppe = models.ForeignKey(
        Gruppe,
        on_delete=models.PROTECT,
        related_name="mellomarbeid",
        verbose_name=_("utviklingsgruppe"),
    )
    kommune = models.ForeignKey(
        Kommune,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("kommune"),
    )
    status = models.CharField(
        _("status"), max_length=15, choices=Status, default=Status.IKKE_STARTET
    )
    levert = models.DateTimeField(_("levert"), null=True, blank=True)
    levert_av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("levert av"),
    )
    delt = models.BooleanField(_("delt med nettverket"), default=False)
    # The unit's own consent, never anybody else's: the report is read by everyone.
    offentlig = models.BooleanField(_("kan stå i den offentlige rapporten"), default=False)

    objects = MellomarbeidQuerySet.as_manager()

    class Meta:
        verbose_name = _("mellomarbeid")
        verbose_name_plural = _("mellomarbeid")
        constraints = [
            models.UniqueConstraint(
                fields=["oppdrag", "gruppe"], name="mellomarbeid_ett_per_gruppe"
            ),
            models.CheckConstraint(
                condition=Q(status="levert", levert__isnull=False)
                | (~Q(status="levert") & Q(levert__isnull=True)),
                name="mellomarbeid_levert_har_tidspunkt",
            ),
            models.CheckConstraint(
                condition=Q(delt=False) | Q(status="levert"),
                name="mellomarbeid_delt_er_levert",
                violation_error_message=_("Bare levert mellomarbeid kan deles."),
            ),
            models.CheckConstraint(
                condition=Q(offentlig=False) | Q(delt=True),
                name="mellomarbeid_offentlig_er_delt",
                violation_error_message=_("Bare delt mellomarbeid kan stå i rapporten."),
            ),
        ]
        indexes = [models.Index(fields=["oppdrag", "kommune"], name="mellomarbeid_oppdrag_kommune")]

    def __str__(self) -> str:
        return f"{self.oppdrag} – {self.gruppe}"

    @property
    def nettverk(self) -> Nettverk:
        return self.oppdrag.nettverk

    @property
    def enhet_id(self) -> int | None:
        return self.gruppe.enhet_id

    @property
    def enhet(self) -> Enhet | None:
        return self.gruppe.enhet

    @property
    def er_levert(self) -> bool:
        return self.status == self.Status.LEVERT


# A unit's entries by what they tell others: the last it wrote to share, else the first of all.
SIER_MEST = Case(When(fase="dele", then=-F("pk")), default=F("pk"), output_field=BigIntegerField())


class LoggpostQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """The entries of every mellomarbeid that the person may see."""
        return self.filter(mellomarbeid__in=Mellomarbeid.objects.visible_to(roller))


@pghistory.track()
class Loggpost(models.Model):
    """A log entry in one phase of action learning. Change it through `rolu.mellomarbeid.logg`.

    It saves itself while it is written; `versjon` is the optimistic lock. `noekkel` is in the entry's
    address before the row exists, so a save that is sent twice makes one entry.
    """

    class Fase(models.TextChoices):
        PLANLEGGE = "planlegge", _("Planlegge")
        PROEVE = "proeve", _("Prøve")
        OBSERVERE = "observere", _("Observere")
        REFLEKTERE = "reflektere", _("Reflektere")
        DELE = "dele", _("Dele")

    mellomarbeid = models.ForeignKey(
        Mellomarbeid,
        on_delete=models.CASCADE,
        related_name="loggposter",
        verbose_name=_("mellomarbeid"),
    )
    noekkel = models.UUIDField(_("nøkkel"), default=uuid.uuid4, unique=True, editable=False)
    fase = models.CharField(_("fase"), max_length=12, choices=Fase)
    dato = models.DateField(_("dato"), default=timezone.localdate)
    tekst = models.TextField(_("tekst"), blank=True)
    hvem = models.CharField(
        _("hvem var med"),
        max_length=200,
        blank=True,
        help_text=_("Roller, ikke navn på barn. For eksempel «fire ansatte og 18 barn»."),
    )
    versjon = models.PositiveIntegerField(_("versjon"), default=0)
    skrevet_av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("skrevet av"),
    )
    endret = models.DateTimeField(_("endret"), auto_now=True)

    objects = LoggpostQuerySet.as_manager()

    class Meta:
        verbose_name = _("loggpost")
        verbose_name_plural = _("loggposter")
        ordering = ["dato", "pk"]

    def __str__(self) -> str:
        return f"{self.get_fase_display()} {self.dato}"

    @property
    def nettverk(self) -> Nettverk:
        return self.mellomarbeid.nettverk

    @property
    def enhet_id(self) -> int | None:
        return self.mellomarbeid.enhet_id

    @property
    def kommune_id(self) -> int | None:
        return self.mellomarbeid.kommune_id


class VedleggQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """The files of every mellomarbeid that the person may see."""
        return self.filter(mellomarbeid__in=Mellomarbeid.objects.visible_to(roller))

    def pictures(self) -> Self:
        return self.filter(mimetype__startswith="image/")


# Its life is to be added and removed, so both are told.
@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Vedlegg(VedleggBase):
    """A file added to a unit's mellomarbeid. Add and remove through `rolu.mellomarbeid.vedlegg`."""

    mellomarbeid = models.ForeignKey(
        Mellomarbeid,
        on_delete=models.CASCADE,
        related_name="vedlegg",
        verbose_name=_("mellomarbeid"),
    )

    objects = VedleggQuerySet.as_manager()

    class Meta(VedleggBase.Meta):
        verbose_name = _("vedlegg")
        verbose_name_plural = _("vedlegg")

    @property
    def nettverk(self) -> Nettverk:
        return self.mellomarbeid.nettverk

    @property
    def er_bilde(self) -> bool:
        return self.mimetype.startswith("image/")

    @property
    def enhet_id(self) -> int | None:
        return self.mellomarbeid.enhet_id

    @property
    def kommune_id(self) -> int | None:
        return self.mellomarbeid.kommune_id
