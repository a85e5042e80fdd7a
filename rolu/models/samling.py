"""A gathering, its programme, and the summary that follows it."""

import datetime
import uuid
from typing import Self

import pghistory
from django.apps import apps
from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Case, DateField, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from laeringsloyper.models import Laeringsloype
from nettverk.models import Gruppe, Jobb, Mottakere, Nettverk, Verv
from nettverk.tilgang.roller import Roller
from rolu.models.serie import Samlingsserie


def _over() -> Q:
    """Somebody has ended it, or its time is out (`Samling.er_over`)."""
    return Q(status__in=Samling.AVSLUTTET) | Q(slutt__lt=timezone.now())


class SamlingQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """Published gatherings for members; drafts too for coordinator, KOG and PRO."""
        egne = self.filter(nettverk=roller.nettverk)
        if roller.er_kog or roller.er_pro:
            return egne
        return egne.published() if roller.er_medlem else egne.none()

    def published(self) -> Self:
        """Those that people have been told of: all but drafts."""
        return self.exclude(status=Samling.Status.UTKAST)

    def public(self) -> Self:
        """Those that everybody may read about: published as public, called off or not."""
        return self.published().filter(er_offentlig=True)

    def with_etterfoelger(self, roller: Roller) -> Self:
        """Adds `etterfoelger_pk` and `etterfoelger_tittel` of the newest gathering that was made from this one
        and that one may see; None when there is none."""
        nyeste = Samling.objects.visible_to(roller).filter(forrige=OuterRef("pk")).order_by("-pk")
        return self.annotate(
            etterfoelger_pk=Subquery(nyeste.values("pk")[:1]),
            etterfoelger_tittel=Subquery(nyeste.values("tittel")[:1]),
        )

    def taking_place(self) -> Self:
        """Those that people have been told of and that are not called off, whether they have been or not."""
        return self.filter(status__in=Samling.HOLDES)

    def upcoming(self) -> Self:
        """Those that are not over (`er_over`), the first first."""
        return self.exclude(_over()).order_by("start", "pk")

    def past(self) -> Self:
        return self.filter(_over()).order_by("-start", "-pk")

    def with_er_over(self) -> Self:
        """Adds `over`, as `er_over`."""
        return self.annotate(over=Case(When(_over(), then=Value(True)), default=Value(False)))

    def with_datoer(self) -> Self:
        """Adds `datoer`: the days of a gathering over several, in order; empty for one of one day."""
        dager = apps.get_model("rolu", "Samlingsdag").objects.filter(samling=OuterRef("pk"))
        return self.annotate(datoer=ArraySubquery(dager.order_by("dato").values("dato")))

    def with_har_oppsummering(self) -> Self:
        """Adds `har_oppsummering`: there is a summary that the members read; and `oppsummering_er_laget`: there
        is one, shared or not."""
        laget = Oppsummering.objects.filter(samling=OuterRef("pk"))
        return self.annotate(
            har_oppsummering=Exists(laget.filter(publisert__isnull=False)),
            oppsummering_er_laget=Exists(laget),
        )

    def with_uten_leder(self) -> Self:
        """Adds `uten_leder`: nobody leads it, and somebody who did has left the prosessnettverk by then.
        One that never had a leader, or whose leader was unticked, is as it was meant to be."""
        ledes = Samling.prosessledere.through.objects.filter(samling=OuterRef("pk"))
        er_med = Verv.objects.filter(
            person=OuterRef("person"),
            gruppe__nettverk=OuterRef("samling__nettverk"),
            gruppe__type=Gruppe.Type.PROSESSNETTVERK,
            gyldig__contains=Cast(OuterRef("samling__start"), DateField()),
        )
        ledet = Prosesslederoppdrag.pgh_event_model.objects
        har_gaatt = ledet.filter(samling=OuterRef("pk")).exclude(Exists(er_med))
        return self.annotate(uten_leder=~Exists(ledes) & Exists(har_gaatt))

    def in_year(self, aar: int) -> Self:
        """Gatherings that began in the calendar year `aar`, Norwegian time."""
        return self.filter(start__year=aar)


@pghistory.track(exclude=["kalender_id"])
class Samling(models.Model):
    """A gathering: ROLU-samling, treningssamling, nettverksmøte, fagdag, dialogkonferanse …

    States: utkast (mails nobody) → invitert → pågår → oppsummering → låst, or avlyst. They are changed by
    `rolu.samlinger.publisering` (invite, call off) and `rolu.samlinger.tilstand` (the rest, and back).
    """

    class Type(models.TextChoices):
        ROLU = "rolu", _("ROLU-samling")
        TRENING = "trening", _("treningssamling")
        NETTVERKSMOETE = "nettverksmoete", _("nettverksmøte")
        FAGDAG = "fagdag", _("fagdag")
        DIALOGKONFERANSE = "dialogkonferanse", _("dialogkonferanse")
        ANNEN = "annen", _("annen samling")

    class Status(models.TextChoices):
        UTKAST = "utkast", _("utkast")
        INVITERT = "invitert", _("invitert")
        PAAGAAR = "paagaar", _("pågår")
        OPPSUMMERING = "oppsummering", _("oppsummering")
        LAAST = "laast", _("låst")
        AVLYST = "avlyst", _("avlyst")

    # The states in which people know of it and it takes place.
    HOLDES = (Status.INVITERT, Status.PAAGAAR, Status.OPPSUMMERING, Status.LAAST)
    # Those in which somebody has ended it, whatever the clock says.
    AVSLUTTET = (Status.OPPSUMMERING, Status.LAAST)

    nettverk = models.ForeignKey(
        Nettverk, on_delete=models.CASCADE, related_name="samlinger", verbose_name=_("nettverk")
    )
    type = models.CharField(_("type"), max_length=20, choices=Type, default=Type.ROLU)
    tittel = models.CharField(_("tittel"), max_length=150)
    tema = models.CharField(_("tema"), max_length=200, blank=True)
    om = models.TextField(_("om samlingen"), blank=True)
    sted = models.CharField(_("sted"), max_length=150)
    start = models.DateTimeField(_("starter"))
    slutt = models.DateTimeField(_("slutter"))
    paameldingsfrist = models.DateField(_("påmeldingsfrist"), null=True, blank=True)
    laeringsloype = models.ForeignKey(
        Laeringsloype,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="samlinger",
        verbose_name=_("læringsløype"),
    )
    # Chosen when it is published, or before. Who is meant until then: `rolu.samlinger.publisering.audience`.
    mottakere = models.OneToOneField(
        Mottakere,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="samling",
        verbose_name=_("mottakere"),
    )
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.UTKAST)
    serie = models.ForeignKey(
        Samlingsserie,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="samlinger",
        verbose_name=_("serie"),
    )
    # The gathering that this one was made from.
    forrige = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="etterfoelgere",
        verbose_name=_("laget etter"),
    )
    kapasitet = models.PositiveIntegerField(_("antall plasser"), null=True, blank=True)
    # What everybody may read on the network's public page: title, date, place and programme.
    er_offentlig = models.BooleanField(_("vises offentlig"), default=False)
    publisert = models.DateTimeField(_("publisert"), null=True, blank=True)
    prosessledere = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="ledede_samlinger",
        verbose_name=_("prosessledere"),
    )
    # The calendar's SEQUENCE: raised when time or place changes, and when it is called off.
    sekvens = models.PositiveIntegerField(_("kalenderens sekvens"), default=0)
    # The calendar's UID, the same for ever, also at another address.
    kalender_id = models.UUIDField(
        _("kalenderens ID"), default=uuid.uuid4, editable=False, unique=True
    )
    opprettet = models.DateTimeField(_("opprettet"), auto_now_add=True)

    # Added by `with_datoer`.
    datoer: list[datetime.date]
    # Added by `with_har_oppsummering`.
    har_oppsummering: bool
    oppsummering_er_laget: bool
    # Added by `with_uten_leder`.
    uten_leder: bool
    # Added by `with_etterfoelger`.
    etterfoelger_pk: int | None
    etterfoelger_tittel: str | None

    objects = SamlingQuerySet.as_manager()

    class Meta:
        verbose_name = _("samling")
        verbose_name_plural = _("samlinger")
        ordering = ["-start", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(slutt__gt=F("start")),
                name="samling_slutter_etter_start",
                violation_error_message=_("Samlingen må slutte etter at den starter."),
            ),
            models.CheckConstraint(
                condition=Q(kapasitet__isnull=True) | Q(kapasitet__gte=1),
                name="samling_minst_en_plass",
                violation_error_message=_("Antall plasser må være minst 1."),
            ),
        ]
        indexes = [models.Index(fields=["nettverk", "start"], name="samling_nettverk_start")]

    def __str__(self) -> str:
        return self.tittel

    @property
    def dato(self) -> datetime.date:
        """The day it begins, where the network is."""
        return timezone.localtime(self.start).date()

    @property
    def typen_er_sagt(self) -> bool:
        """The title begins with what kind of gathering it is."""
        return self.tittel.lower().startswith(str(self.get_type_display()).lower())

    @property
    def er_utkast(self) -> bool:
        return self.status == self.Status.UTKAST

    @property
    def er_publisert(self) -> bool:
        """People know of it, and it takes place."""
        return self.status in self.HOLDES

    @property
    def er_laast(self) -> bool:
        """Nothing of it can be changed (`rolu.samlinger.tilstand.require_unlocked`)."""
        return self.status == self.Status.LAAST

    @property
    def er_avlyst(self) -> bool:
        return self.status == self.Status.AVLYST

    @property
    def er_avsluttet(self) -> bool:
        """Somebody has ended it: the desk is closed."""
        return self.status in self.AVSLUTTET

    @property
    def er_over(self) -> bool:
        return self.er_avsluttet or self.slutt < timezone.now()

    @property
    def er_forestaaende(self) -> bool:
        """Nobody has started it, and it is not over: people may still be invited, answer, and be told it is
        off."""
        return self.status == self.Status.INVITERT and not self.er_over

    @property
    def er_i_dag(self) -> bool:
        """It goes on today, and nobody has ended it."""
        idag = timezone.localdate()
        goes_on = self.status in (self.Status.INVITERT, self.Status.PAAGAAR)
        return goes_on and self.dato <= idag <= timezone.localtime(self.slutt).date()

    @property
    def varer_flere_dager(self) -> bool:
        return timezone.localtime(self.slutt).date() != self.dato

    @property
    def siste_svardag(self) -> datetime.date:
        """The last day a group can be signed up: the deadline, else the day itself."""
        return self.paameldingsfrist or self.dato

    @property
    def er_aapen_for_paamelding(self) -> bool:
        return self.er_forestaaende and timezone.localdate() <= self.siste_svardag


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent(), obj_field=None)
class Prosesslederoppdrag(Samling.prosessledere.through):  # type: ignore[name-defined] # made by Django
    """Who leads a gathering, and so may change its programme; here for the sake of its history."""

    class Meta:
        proxy = True


class ProgrampostQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """Those of the gatherings one may see."""
        return self.filter(samling__in=Samling.objects.visible_to(roller).values("pk"))

    def no_breaks(self) -> Self:
        """Those in which something is noted or decided."""
        return self.exclude(arbeidsform=Programpost.Arbeidsform.PAUSE)


@pghistory.track()
class Programpost(models.Model):
    """An agenda item, in two layers. The programme that all read: when, how long, what, how, who leads it,
    where, and in which track; and its note. The kjøreplan of those who run the gathering: also what it takes
    (`materiell`) and what they tell each other (`internt`), which nobody else is shown.

    What came of it is `utfall` (`rolu.samlinger.utfall`). One that was not finished is carried to a later
    gathering (`rolu.samlinger.videre`); the item it becomes there points back by `fra`.
    """

    class Arbeidsform(models.TextChoices):
        PLENUM = "plenum", _("plenum")
        GRUPPE = "gruppe", _("gruppearbeid")
        VERKSTED = "verksted", _("verksted")
        REFLEKSJON = "refleksjon", _("refleksjon")
        PAUSE = "pause", _("pause")

    samling = models.ForeignKey(
        Samling, on_delete=models.CASCADE, related_name="programposter", verbose_name=_("samling")
    )
    start = models.DateTimeField(_("starter"))
    varighet = models.PositiveSmallIntegerField(_("varighet i minutter"))
    tittel = models.CharField(_("tittel"), max_length=200)
    arbeidsform = models.CharField(
        _("arbeidsform"), max_length=12, choices=Arbeidsform, default=Arbeidsform.PLENUM
    )
    leder = models.CharField(_("ledes av"), max_length=150, blank=True)
    rom = models.CharField(_("rom"), max_length=80, blank=True)
    # What goes on beside each other: items in different tracks are not in each other's way.
    spor = models.CharField(_("spor"), max_length=60, blank=True)
    beskrivelse = models.TextField(_("beskrivelse"), blank=True)
    # Of the kjøreplan: never in what members, letters, the summary or the public page are given.
    materiell = models.CharField(_("materiell"), max_length=300, blank=True)
    internt = models.TextField(_("internt"), blank=True)
    notat = models.TextField(_("notat"), blank=True)
    # Optimistic lock on the note.
    versjon = models.PositiveIntegerField(_("versjon"), default=1)
    uferdig = models.BooleanField(_("ble ikke ferdig"), default=False)
    fra = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="videre",
        verbose_name=_("tatt med fra"),
    )

    objects = ProgrampostQuerySet.as_manager()

    class Meta:
        verbose_name = _("programpost")
        verbose_name_plural = _("programposter")
        ordering = ["start", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(varighet__gte=1, varighet__lte=1440),
                name="programpost_varighet_ett_doegn",
                violation_error_message=_("Varigheten må være mellom 1 og 1440 minutter."),
            ),
            models.UniqueConstraint(fields=["fra"], name="programpost_tas_med_en_gang"),
        ]

    def __str__(self) -> str:
        return self.tittel

    @property
    def nettverk(self) -> Nettverk:
        return self.samling.nettverk

    @property
    def er_pause(self) -> bool:
        """Nothing is noted or decided in it."""
        return self.arbeidsform == self.Arbeidsform.PAUSE

    @property
    def slutt(self) -> datetime.datetime:
        return self.start + datetime.timedelta(minutes=self.varighet)


@pghistory.track(exclude=["innhold", "publisert_innhold"])
class Oppsummering(models.Model):
    """The document that follows a gathering.

    `jobb` made the newest PDF from the parts as they then stood (`innhold`), and the same as Word: those who
    run the network see them. What the members read is a copy kept when it was published (`fil`,
    `publisert_word`, `publisert_innhold`), so that neither a new draft nor the clearing of old jobs changes it.
    """

    samling = models.OneToOneField(
        Samling, on_delete=models.CASCADE, related_name="oppsummering", verbose_name=_("samling")
    )
    jobb = models.ForeignKey(
        Jobb, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("jobb")
    )
    fil = models.FileField(
        _("publisert fil"), upload_to="oppsummeringer/%Y/", blank=True, max_length=200
    )
    publisert = models.DateTimeField(_("publisert"), null=True, blank=True)
    innhold = models.JSONField(_("innhold"), null=True, blank=True)
    word = models.FileField(
        _("nyeste som Word"), upload_to="oppsummeringer/%Y/", blank=True, max_length=200
    )
    publisert_innhold = models.JSONField(_("publisert innhold"), null=True, blank=True)
    publisert_word = models.FileField(
        _("publisert som Word"), upload_to="oppsummeringer/%Y/", blank=True, max_length=200
    )
    # How many versions the members have read: each is told of once.
    utgave = models.PositiveIntegerField(_("utgave"), default=0)

    class Meta:
        verbose_name = _("oppsummering")
        verbose_name_plural = _("oppsummeringer")

    def __str__(self) -> str:
        return str(self.samling)

    @property
    def nettverk(self) -> Nettverk:
        return self.samling.nettverk
