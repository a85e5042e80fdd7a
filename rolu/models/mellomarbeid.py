"""Between-gathering work: one unit's answer to an Oppdrag, in entries by the phases of action learning."""

import uuid
from collections.abc import Collection
from functools import cached_property
from typing import Any, Self

import pghistory
from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, JSONObject, Left, TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kommuner.gyldighet import GyldighetQuerySet, idag
from kommuner.models import Enhet, Kommune, Plassering
from nettverk.models import Gruppe, Nettverk, VedleggBase
from nettverk.tilgang.roller import Roller
from rolu.models.oppdrag import Oppdrag

# By kommune, then unit, as they are sorted in Norwegian.
_REKKEFOLGE = ("kommune__sortering", "gruppe__enhet__sortering", "pk")


class MellomarbeidQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """Own unit: its group. Own kommune: the kommuneansvarlig of where it was given, and of where the unit lies while
        it is open, or lay when it was delivered. Delivered in own løype: its fagmiljø.
        Coordinator and KOG all. Whose whole log is shared and delivered: every member, in a network that uses Praksis."""
        egne = self.filter(oppdrag__nettverk=roller.nettverk)
        if roller.er_kog:
            return egne
        if not roller.er_medlem:
            return egne.none()
        delt = Q(delt=True, status="levert") if roller.nettverk.uses("praksis") else Q()
        return egne.filter(_foelges_av(roller) | delt)

    def followed_by(self, roller: Roller) -> Self:
        """What the person follows up: as `visible_to`, without what other units have shared."""
        egne = self.filter(oppdrag__nettverk=roller.nettverk)
        return egne if roller.er_kog else egne.filter(_foelges_av(roller))

    def of_own_units(self, roller: Roller) -> Self:
        """Those of the person's own units, a part of `visible_to`: where one may come to write."""
        return self.filter(oppdrag__nettverk=roller.nettverk, gruppe__enhet__in=roller.enheter)

    def delivered(self) -> Self:
        return self.filter(status=Mellomarbeid.Status.LEVERT)

    def asked(self) -> Self:
        """Of assignments that are still asked: what is withdrawn is counted nowhere, though what is written stands."""
        return self.filter(oppdrag__trukket__isnull=True)

    def missing(self) -> Self:
        """Not delivered, whether the unit has begun or not; of what is withdrawn nothing is missing."""
        return self.asked().exclude(status=Mellomarbeid.Status.LEVERT)

    def of_present_units(self, nettverk: Nettverk) -> Self:
        """Of the network's units of today: one that is closed or has left is asked nothing."""
        return self.filter(gruppe__enhet__in=nettverk.enheter().order_by().values("pk"))

    def with_excerpt(self) -> Self:
        """Adds `utdrag`: the entry that tells others most, cut short (empty when nothing is written)."""
        poster = Loggpost.objects.filter(mellomarbeid=OuterRef("pk")).exclude(tekst="")
        tekst = poster.order_by(SIER_MEST).values(kort=Left("tekst", 400))
        return self.annotate(utdrag=Coalesce(Subquery(tekst[:1]), Value("")))

    def with_stage(self) -> Self:
        """What every page says of it. Adds `stand` (`Mellomarbeid.Stand`): planned, when all that is written is of what
        the unit has planned; shared, when something of it is told to the whole network, in a network that uses
        Praksis. And `trukket`: that it is no longer asked."""
        poster = Loggpost.objects.filter(mellomarbeid=OuterRef("pk"))
        plan = Q(stand=Loggpost.Stand.PLANLAGT) | Q(fase=Loggpost.Fase.PLANLEGGE)
        fortalt = Mellomarbeid.objects.filter(pk=OuterRef("pk"), fortellinger__stand="vist")
        fortalt = fortalt.exclude(oppdrag__nettverk__uten_deler__contains=["praksis"])
        status, stand = Mellomarbeid.Status, Mellomarbeid.Stand
        return self.annotate(
            stand=Case(
                When(Q(status=status.LEVERT) & Exists(fortalt), then=Value(stand.DELT.value)),
                When(status=status.LEVERT, then=Value(stand.LEVERT.value)),
                When(
                    Exists(poster.filter(plan)) & ~Exists(poster.exclude(plan)),
                    then=Value(stand.PLANLAGT.value),
                ),
                When(status=status.KLADD, then=Value(stand.I_GANG.value)),
                default=Value(stand.IKKE_BEGYNT.value),
                output_field=CharField(),
            ),
            trukket=ExpressionWrapper(Q(oppdrag__trukket__isnull=False), BooleanField()),
        )

    def with_told(self) -> Self:
        """Adds `er_fortalt`: that the unit has told something of it, also when that is taken back or hidden."""
        egne = Mellomarbeid.objects.filter(pk=OuterRef("pk"), fortellinger__isnull=False)
        return self.annotate(er_fortalt=Exists(egne))

    def with_passed(self) -> Self:
        """Adds `har_vaert`: what was planned for days that have passed, where the unit has not said what came of it
        (`noekkel`, `dato`, `tekst`)."""
        poster = Loggpost.objects.unsettled().filter(mellomarbeid=OuterRef("pk")).order_by("dato")
        som_json = JSONObject(noekkel="noekkel", dato="dato", tekst=Left("tekst", 400))
        return self.annotate(har_vaert=ArraySubquery(poster.values(json=som_json)))

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
    foelges = Q(gruppe__enhet__in=roller.enheter) | Q(
        status=Mellomarbeid.Status.LEVERT,
        oppdrag__laeringsloype__ansvarlig_gruppe__in=roller.fagmiljo,
    )
    if roller.kommuner_ansvar:
        foelges |= Q(kommune__in=roller.kommuner_ansvar)
        foelges |= Q(Exists(_lies_in(roller.kommuner_ansvar)))
    return foelges


def _lies_in(kommuner: Collection[int]) -> models.QuerySet:
    """That the unit lay in one of the kommuner when it delivered; while it has not, that it lies there today. One that
    moves takes its open work along, and leaves what it had delivered."""
    levert = TruncDate(ExpressionWrapper(OuterRef("levert"), models.DateTimeField()))
    return Plassering.objects.filter(
        enhet=OuterRef("gruppe__enhet"),
        kommune__in=kommuner,
        gyldig__contains=Coalesce(levert, idag()),
    )


@pghistory.track()
class Mellomarbeid(models.Model):
    """One unit's answer to an Oppdrag. It belongs to the unit's group, so it stays when people change.

    `kommune` is where the unit lay when the assignment was given, and where it is counted. Write through `rolu.mellomarbeid.logg`, deliver
    through `rolu.mellomarbeid.innlevering`.
    """

    class Status(models.TextChoices):
        IKKE_STARTET = "ikke_startet", _("ikke begynt")
        KLADD = "kladd", _("i gang")
        LEVERT = "levert", _("levert")

    class Stand(models.TextChoices):
        """How far it has come, as the pages say it, the farthest last (`MellomarbeidQuerySet.with_stage`)."""

        IKKE_BEGYNT = "ikke_begynt", _("ikke begynt")
        PLANLAGT = "planlagt", _("planlagt")
        I_GANG = "i_gang", _("i gang")
        LEVERT = "levert", _("levert")
        DELT = "delt", _("delt i Praksis")

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
    # The unit's word that everyone in the network may read the whole log, besides what is told in a praksisfortelling.
    # It stands while the log is open, and counts when it is delivered (`leses_av_alle`).
    delt = models.BooleanField(_("hele loggen kan leses"), default=False)

    # Added by `with_stage`.
    stand: str
    trukket: bool
    # Added by `with_told`, and by `rolu.mellomarbeid.praksis.with_ideas`.
    er_fortalt: bool
    ideer: list[dict[str, Any]]

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
    def plasseringer(self) -> GyldighetQuerySet:
        """Where the unit lay when it was delivered; while it is not, where it lies today."""
        dag = timezone.localdate(self.levert) if self.levert else idag()
        return Plassering.objects.filter(enhet=self.enhet_id).gyldig(dag)

    @cached_property
    def kommuner(self) -> frozenset[int]:
        """Ids of the kommuner that follow it up: where it was given, and where its unit lay in the end. One query."""
        da = {self.kommune_id} if self.kommune_id else set()
        return frozenset(da | set(self.plasseringer.values_list("kommune", flat=True)))

    def is_followed_from(self, kommuner: Collection[int]) -> bool:
        """Whether one of `kommuner` follows it up; no query for the one where it was given, nor for none."""
        if not kommuner or self.kommune_id in kommuner:
            return bool(kommuner)
        return not self.kommuner.isdisjoint(kommuner)

    @property
    def er_levert(self) -> bool:
        return self.status == self.Status.LEVERT

    @property
    def leses_av_alle(self) -> bool:
        """That every member may read the whole log now."""
        return self.delt and self.er_levert


# A unit's entries by what they tell others: the last it wrote to share, else the first of all.
SIER_MEST = Case(When(fase="dele", then=-F("pk")), default=F("pk"), output_field=BigIntegerField())


class LoggpostQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """The entries of every mellomarbeid that the person may see."""
        return self.filter(mellomarbeid__in=Mellomarbeid.objects.visible_to(roller))

    def unsettled(self) -> Self:
        """Planned for a day that has passed, where the unit has not said what came of it."""
        return self.filter(stand=Loggpost.Stand.PLANLAGT, dato__lt=timezone.localdate())


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

    class Stand(models.TextChoices):
        """Whether what it tells of has been: on a planned day that has passed, the unit says what came of it."""

        SKJEDD = "skjedd", _("skjedd")
        PLANLAGT = "planlagt", _("planlagt")
        BLE_IKKE = "ble_ikke", _("ble ikke noe av")

    mellomarbeid = models.ForeignKey(
        Mellomarbeid,
        on_delete=models.CASCADE,
        related_name="loggposter",
        verbose_name=_("mellomarbeid"),
    )
    noekkel = models.UUIDField(_("nøkkel"), default=uuid.uuid4, unique=True, editable=False)
    fase = models.CharField(_("fase"), max_length=12, choices=Fase)
    dato = models.DateField(_("dato"), default=timezone.localdate)
    stand = models.CharField(_("stand"), max_length=10, choices=Stand, default=Stand.SKJEDD)
    # The answers to the three prompts of the assignment (`Oppdrag.ledetekster`).
    tekst = models.TextField(_("hva gjorde vi"), blank=True)
    merket = models.TextField(_("hva la vi merke til"), blank=True)
    videre = models.TextField(_("hva gjør vi nå"), blank=True)
    # How many took part, never who: nobody is found again by a number.
    ansatte = models.PositiveSmallIntegerField(_("ansatte"), null=True, blank=True)
    barn = models.PositiveSmallIntegerField(_("barn eller elever"), null=True, blank=True)
    foresatte = models.PositiveSmallIntegerField(_("foresatte"), null=True, blank=True)
    minutter = models.PositiveSmallIntegerField(_("tid brukt, i minutter"), null=True, blank=True)
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
        constraints = [
            models.CheckConstraint(
                condition=Q(stand__in=["skjedd", "planlagt", "ble_ikke"]),
                name="loggpost_stand_finnes",
            ),
        ]

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

    @property
    def er_planlagt(self) -> bool:
        return self.stand == self.Stand.PLANLAGT

    @property
    def ble_ikke(self) -> bool:
        return self.stand == self.Stand.BLE_IKKE

    @property
    def deltok(self) -> str:
        """How many took part, in words: «4 ansatte, 18 barn eller elever»."""
        deler = []
        if self.ansatte:
            deler.append(
                ngettext("%(n)s ansatt", "%(n)s ansatte", self.ansatte) % {"n": self.ansatte}
            )
        if self.barn:
            barn = ngettext("%(n)s barn eller elev", "%(n)s barn eller elever", self.barn)
            deler.append(barn % {"n": self.barn})
        if self.foresatte:
            foresatte = ngettext("%(n)s foresatt", "%(n)s foresatte", self.foresatte)
            deler.append(foresatte % {"n": self.foresatte})
        return ", ".join(deler)

    @property
    def tid_brukt(self) -> str:
        """How long it took, as people say it: «45 minutter», «1 time og 30 minutter»."""
        timer, minutter = divmod(self.minutter or 0, 60)
        deler = []
        if timer:
            deler.append(ngettext("%(n)s time", "%(n)s timer", timer) % {"n": timer})
        if minutter:
            deler.append(ngettext("%(n)s minutt", "%(n)s minutter", minutter) % {"n": minutter})
        if len(deler) < 2:
            return "".join(deler)
        return _t("%(timer)s og %(minutter)s") % {"timer": deler[0], "minutter": deler[1]}

    @property
    def venter_paa_svar(self) -> bool:
        """As `unsettled`, of this one."""
        return self.er_planlagt and self.dato < timezone.localdate()


class VedleggQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """The files of every mellomarbeid that the person may see, and the pictures of what is told in Praksis; a
        picture or a film only for the unit itself until it has said whether there are faces."""
        synlig = Q(mellomarbeid__in=Mellomarbeid.objects.visible_to(roller))
        if roller.er_medlem and roller.nettverk.uses("praksis"):
            fortalt = Vedlegg.objects.filter(
                fortellinger__stand="vist", mellomarbeid__oppdrag__nettverk=roller.nettverk
            )
            synlig |= Q(pk__in=fortalt.values("pk"))
        return self.filter(synlig, _MAA_VISES | Q(mellomarbeid__gruppe__enhet__in=roller.enheter))

    def pictures(self) -> Self:
        return self.filter(mimetype__startswith="image/")

    def approved(self) -> Self:
        """What others than the unit may see: without faces, or with consent. Documents and sound always."""
        return self.filter(_MAA_VISES)

    def unanswered(self) -> Self:
        """The pictures and films where nobody has said whether there are faces."""
        return self.exclude(_MAA_VISES)


_VISER_FOLK = Q(mimetype__startswith="image/") | Q(mimetype__startswith="video/")
_MAA_VISES = ~_VISER_FOLK | ~Q(ansikter="")


# Its life is to be added and removed, so both are told.
@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Vedlegg(VedleggBase):
    """A file added to a unit's mellomarbeid. Add, change and remove through `rolu.mellomarbeid.vedlegg`.

    A picture or a film is the unit's alone until somebody in its group has said whether there are faces in it
    (`ansikter`), and that those who are seen, or the parents, have consented.
    """

    class Ansikter(models.TextChoices):
        INGEN = "ingen", _("ingen ansikter")
        SAMTYKKE = "samtykke", _("ansikter, med samtykke")

    REKKEFOLGE = ("plass", "lastet_opp", "pk")

    mellomarbeid = models.ForeignKey(
        Mellomarbeid,
        on_delete=models.CASCADE,
        related_name="vedlegg",
        verbose_name=_("mellomarbeid"),
    )
    # Where in the log it belongs; None when it belongs to the whole.
    loggpost = models.ForeignKey(
        Loggpost,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="vedlegg",
        verbose_name=_("loggpost"),
    )
    # What a list shows of a picture; empty for the rest, and for what was added before there were such copies.
    liten = models.FileField(
        _("liten utgave"), upload_to="vedlegg/%Y/%m/", max_length=200, blank=True
    )
    plass = models.PositiveSmallIntegerField(_("plass"), default=0)
    ansikter = models.CharField(_("ansikter"), max_length=10, choices=Ansikter, blank=True)
    ansikter_av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("svart av"),
    )
    ansikter_svart = models.DateTimeField(_("svart"), null=True, blank=True)

    objects = VedleggQuerySet.as_manager()

    class Meta(VedleggBase.Meta):
        verbose_name = _("vedlegg")
        verbose_name_plural = _("vedlegg")
        ordering = ["plass", "lastet_opp", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ansikter__in=["", "ingen", "samtykke"]), name="vedlegg_ansikter_finnes"
            ),
            models.CheckConstraint(
                condition=Q(ansikter="", ansikter_av__isnull=True, ansikter_svart__isnull=True)
                | (~Q(ansikter="") & Q(ansikter_av__isnull=False, ansikter_svart__isnull=False)),
                name="vedlegg_noen_har_svart_om_ansikter",
            ),
        ]

    @property
    def nettverk(self) -> Nettverk:
        return self.mellomarbeid.nettverk

    @property
    def er_bilde(self) -> bool:
        return self.mimetype.startswith("image/")

    @property
    def er_film(self) -> bool:
        return self.mimetype.startswith("video/")

    @property
    def er_lyd(self) -> bool:
        return self.mimetype.startswith("audio/")

    @property
    def viser_folk(self) -> bool:
        """Faces may be seen in it, so the unit is asked."""
        return self.er_bilde or self.er_film

    @property
    def venter_paa_svar(self) -> bool:
        """Others do not see it until the unit has said whether there are faces."""
        return self.viser_folk and not self.ansikter

    @property
    def enhet_id(self) -> int | None:
        return self.mellomarbeid.enhet_id

    @property
    def kommune_id(self) -> int | None:
        return self.mellomarbeid.kommune_id
