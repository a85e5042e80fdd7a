"""The co-created picture of 2040, its themes and the signs that tell it is coming true."""

import re
from typing import Self

import pghistory
from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kommuner.models import Enhet, Kommune
from kommuner.sortering import sorteringsfelt
from nettverk.models import Gruppe, Nettverk
from nettverk.models.vedlegg import VedleggBase
from nettverk.tilgang.roller import Roller

# Short enough to be read large.
_KORT_TEKST = 240
_MARKDOWN = re.compile(r"[\n*_#`\[<]|^[-+>]|^\d+\. ")


@pghistory.track(exclude=["sortering"])
class Tema(models.Model):
    """Livsmestring, dybdelæring, emosjonell og sosial kompetanse, digital kompetanse, innovasjon …"""

    nettverk = models.ForeignKey(
        Nettverk, on_delete=models.CASCADE, related_name="temaer", verbose_name=_("nettverk")
    )
    navn = models.CharField(_("navn"), max_length=100)
    # What it is about, and what came of it, in plain words: «Dette sa dere – dette skjedde».
    beskrivelse = models.TextField(_("hva det handler om"), blank=True)
    skjedde = models.TextField(_("dette skjedde"), blank=True)
    offentlig = models.BooleanField(_("publisert"), default=False)
    versjon = models.PositiveIntegerField(_("versjon"), default=0)
    rekkefolge = models.PositiveSmallIntegerField(_("rekkefølge"), default=100)
    sortering = sorteringsfelt("navn")

    class Meta:
        verbose_name = _("tema")
        verbose_name_plural = _("temaer")
        ordering = ["rekkefolge", "sortering"]
        constraints = [models.UniqueConstraint(fields=["nettverk", "navn"], name="tema_en_gang")]

    def __str__(self) -> str:
        return self.navn


class FremtidsbildeQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """All images of the network for its members, the published ones for everyone."""
        egne = self.filter(nettverk=roller.nettverk)
        return egne if roller.er_medlem else egne.published()

    def changeable_by(self, roller: Roller) -> Self:
        """Those of the network and of its arenas for the koordinator, of the own kommune for the oppvekstansvarlig, of
        the own unit for its leader."""
        hvor = Q(nivaa="kommune", kommune__in=roller.kommuner_ansvar)
        hvor |= Q(nivaa="enhet", enhet__in=roller.enheter_ledet)
        if roller.er_koordinator:
            hvor |= Q(nivaa__in=["nettverk", "arena"])
        return self.filter(hvor, nettverk=roller.nettverk)

    def published(self) -> Self:
        return self.filter(publisert=True)

    def with_picture(self) -> Self:
        """Adds `illustrasjon`: its first picture, as a dictionary with its key and what it shows, or None."""
        dens = Illustrasjon.objects.filter(fremtidsbilde=OuterRef("pk")).order_by("plass", "pk")
        felt = JSONObject(pk="pk", alternativ_tekst="alternativ_tekst")
        return self.annotate(illustrasjon=Subquery(dens.values(json=felt)[:1]))

    def with_themes(self) -> Self:
        """Adds `temanavn`: the names of its themes, in their order."""
        dens = Tema.objects.filter(fremtidsbilder=OuterRef("pk"))
        dens = dens.order_by("rekkefolge", "sortering", "pk")
        return self.annotate(temanavn=ArraySubquery(dens.values("navn")))


@pghistory.track(exclude=["endret"])
class Fremtidsbilde(models.Model):
    """How it shall be in our kindergartens and schools in 2040 – at network, kommune, unit or arena level. Change
    through `fremtidsbilder.bilder`.

    Salten's sheet has three columns: fremtidsbilde (`tekst`), tegn på god praksis (`Tegn`) and
    metode (`metode`).
    """

    class Nivaa(models.TextChoices):
        NETTVERK = "nettverk", _("nettverk")
        KOMMUNE = "kommune", _("kommune")
        ENHET = "enhet", _("enhet")
        ARENA = "arena", _("arena")

    nettverk = models.ForeignKey(
        Nettverk,
        on_delete=models.CASCADE,
        related_name="fremtidsbilder",
        verbose_name=_("nettverk"),
    )
    nivaa = models.CharField(_("nivå"), max_length=10, choices=Nivaa)
    tittel = models.CharField(_("tittel"), max_length=250)
    sporsmaal = models.CharField(_("spørsmål"), max_length=250, blank=True)
    tekst = models.TextField(_("fremtidsbilde"), blank=True)
    metode = models.TextField(_("metode"), blank=True)
    kommune = models.ForeignKey(
        Kommune, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("kommune")
    )
    enhet = models.ForeignKey(
        Enhet, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("enhet")
    )
    gruppe = models.ForeignKey(
        Gruppe, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("gruppe")
    )
    aar = models.PositiveSmallIntegerField(_("laget i"), null=True, blank=True)
    # The year one looks ahead to.
    maalaar = models.PositiveSmallIntegerField(_("året bildet viser"), null=True, blank=True)
    temaer = models.ManyToManyField(
        Tema, related_name="fremtidsbilder", blank=True, verbose_name=_("temaer")
    )
    bygger_paa = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="bygget_videre",
        verbose_name=_("bygger på"),
    )
    publisert = models.BooleanField(_("publisert"), default=False)
    rekkefolge = models.PositiveSmallIntegerField(_("rekkefølge"), default=100)
    versjon = models.PositiveIntegerField(_("versjon"), default=0)
    endret = models.DateTimeField(_("endret"), auto_now=True)
    endret_av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("endret av"),
    )

    objects = FremtidsbildeQuerySet.as_manager()

    class Meta:
        verbose_name = _("fremtidsbilde")
        verbose_name_plural = _("fremtidsbilder")
        ordering = ["rekkefolge", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(nivaa="kommune") | models.Q(kommune__isnull=False),
                name="fremtidsbilde_kommune_har_kommune",
            ),
            models.CheckConstraint(
                condition=~models.Q(nivaa="enhet") | models.Q(enhet__isnull=False),
                name="fremtidsbilde_enhet_har_enhet",
            ),
            # Each kommune and each unit may call its own the same.
            models.UniqueConstraint(
                fields=["nettverk", "nivaa", "kommune", "enhet", "tittel"],
                name="fremtidsbilde_tittel_en_gang",
                nulls_distinct=False,
                violation_error_message=_("Et annet fremtidsbilde har denne tittelen."),
            ),
            models.CheckConstraint(
                condition=Q(bygger_paa__isnull=True) | ~Q(bygger_paa=models.F("id")),
                name="fremtidsbilde_bygger_ikke_paa_seg_selv",
            ),
        ]

    def __str__(self) -> str:
        return self.tittel

    @property
    def utsagn(self) -> str:
        """What is seen first of it: the question, or the text itself when that is one short paragraph
        of plain words."""
        if self.sporsmaal:
            return self.sporsmaal
        tekst = self.tekst.strip()
        return tekst if len(tekst) <= _KORT_TEKST and not _MARKDOWN.search(tekst) else ""

    @property
    def fortelling(self) -> str:
        """The text, when it is not already the `utsagn`."""
        return self.tekst if self.tekst.strip() != self.utsagn else ""


@pghistory.track()
class Tegn(models.Model):
    """A sign of good practice: what one would see and hear when it works (Salten). Of an image or of a goal."""

    fremtidsbilde = models.ForeignKey(
        Fremtidsbilde,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="tegn",
        verbose_name=_("fremtidsbilde"),
    )
    maal = models.ForeignKey(
        "fremtidsbilder.Maal",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="tegn",
        verbose_name=_("mål"),
    )
    tekst = models.CharField(_("tegn"), max_length=300)
    rekkefolge = models.PositiveSmallIntegerField(_("rekkefølge"), default=100)

    class Meta:
        verbose_name = _("tegn på god praksis")
        verbose_name_plural = _("tegn på god praksis")
        ordering = ["rekkefolge", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fremtidsbilde__isnull=False, maal__isnull=True)
                | Q(fremtidsbilde__isnull=True, maal__isnull=False),
                name="tegn_paa_en_ting",
            ),
        ]

    def __str__(self) -> str:
        return self.tekst


# Its life is to be added.
@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent())
class Bildeutgave(models.Model):
    """A version of an image as it was when it was set: «første, februar 2017», «våren 2017», with what was new. It never
    changes; the image goes on."""

    fremtidsbilde = models.ForeignKey(
        Fremtidsbilde,
        on_delete=models.CASCADE,
        related_name="utgaver",
        verbose_name=_("fremtidsbilde"),
    )
    nummer = models.PositiveSmallIntegerField(_("nummer"))
    navn = models.CharField(
        _("navn på utgaven"), max_length=100, help_text=_("For eksempel «våren 2017».")
    )
    nytt = models.TextField(_("hva som er nytt"), blank=True)
    dato = models.DateField(_("dato"), default=timezone.localdate)
    tittel = models.CharField(_("tittel"), max_length=250)
    sporsmaal = models.CharField(_("spørsmål"), max_length=250, blank=True)
    tekst = models.TextField(_("fremtidsbilde"), blank=True)
    metode = models.TextField(_("metode"), blank=True)
    tegn = ArrayField(
        models.CharField(max_length=300), default=list, blank=True, verbose_name=_("tegn")
    )
    temaer = ArrayField(
        models.CharField(max_length=100), default=list, blank=True, verbose_name=_("temaer")
    )
    satt_av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("satt av"),
    )

    class Meta:
        verbose_name = _("utgave av et fremtidsbilde")
        verbose_name_plural = _("utgaver av fremtidsbilder")
        ordering = ["nummer"]
        constraints = [
            models.UniqueConstraint(
                fields=["fremtidsbilde", "nummer"], name="bildeutgave_nummer_en_gang"
            ),
            models.UniqueConstraint(
                fields=["fremtidsbilde", "navn"],
                name="bildeutgave_navn_en_gang",
                violation_error_message=_("En annen utgave har dette navnet."),
            ),
        ]

    def __str__(self) -> str:
        return self.navn


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Illustrasjon(VedleggBase):
    """A picture of an image: drawn, photographed or put together of what children drew. Who sees the image, sees it."""

    fremtidsbilde = models.ForeignKey(
        Fremtidsbilde,
        on_delete=models.CASCADE,
        related_name="illustrasjoner",
        verbose_name=_("fremtidsbilde"),
    )
    liten = models.FileField(_("mindre utgave"), upload_to="vedlegg/%Y/%m/", max_length=200)
    plass = models.PositiveSmallIntegerField(_("plass"), default=0)

    class Meta(VedleggBase.Meta):
        verbose_name = _("bilde i et fremtidsbilde")
        verbose_name_plural = _("bilder i fremtidsbilder")
        ordering = ["plass", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["fremtidsbilde", "sha256"], name="illustrasjon_en_gang"
            ),
            models.CheckConstraint(
                condition=~Q(alternativ_tekst=""), name="illustrasjon_er_beskrevet"
            ),
        ]

    @property
    def nettverk(self) -> Nettverk:
        return self.fremtidsbilde.nettverk
