"""What is learnt in a period of a track: modules in order, with resources and a reading list."""

from typing import Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kommuner.models import Enhet
from laeringsloyper.models.loype import Periode
from nettverk.models import Nettverk, VedleggBase
from nettverk.tilgang.roller import Roller


class ModulQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """The modules of the network's tracks, for its members."""
        egne = self.filter(periode__loype__nettverk=roller.nettverk)
        return egne if roller.er_medlem else egne.none()

    def in_order(self) -> Self:
        """As one meets them: by period, then as the fagmiljø has put them."""
        return self.order_by("periode__nummer", "rekkefolge", "pk")


# A page of a day in the past tells also of a module that is deleted since.
@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Modul(models.Model):
    """One part of a period. The order is a proposal; nothing is locked. Change through `laeringsloyper.moduler`."""

    periode = models.ForeignKey(
        Periode, on_delete=models.CASCADE, related_name="moduler", verbose_name=_("periode")
    )
    rekkefolge = models.PositiveSmallIntegerField(_("rekkefølge"), default=100)
    tittel = models.CharField(_("tittel"), max_length=150)
    formaal = models.TextField(
        _("formål"), blank=True, help_text=_("Hvorfor, og hva enhetene skal sitte igjen med.")
    )
    oppdragsforslag = models.TextField(
        _("forslag til oppdrag"),
        blank=True,
        help_text=_("Det enhetene kan prøve ut. Kan gis som oppdrag med ett trykk."),
    )
    versjon = models.PositiveIntegerField(_("versjon"), default=0)
    endret = models.DateTimeField(_("endret"), auto_now=True)

    objects = ModulQuerySet.as_manager()

    class Meta:
        verbose_name = _("modul")
        verbose_name_plural = _("moduler")
        ordering = ["periode", "rekkefolge", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["periode", "tittel"], name="modul_tittel_en_gang"),
            models.CheckConstraint(condition=~Q(tittel=""), name="modul_har_tittel"),
        ]

    def __str__(self) -> str:
        return self.tittel

    @property
    def nettverk(self) -> Nettverk:
        return self.periode.loype.nettverk


class AvModulQuerySet(models.QuerySet):
    """What belongs to a module: its resources, its reading list."""

    def visible_to(self, roller: Roller) -> Self:
        """That of every module of the network, for its members."""
        egne = self.filter(modul__periode__loype__nettverk=roller.nettverk)
        return egne if roller.er_medlem else egne.none()


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Ressurs(VedleggBase):
    """Something a unit can use in a module: a file, or an address where it is. Change through
    `laeringsloyper.ressurser`."""

    class Slag(models.TextChoices):
        FIL = "fil", _("fil")
        LENKE = "lenke", _("lenke")
        FILM = "film", _("film")
        LYSARK = "lysark", _("lysark")

    modul = models.ForeignKey(
        Modul, on_delete=models.CASCADE, related_name="ressurser", verbose_name=_("modul")
    )
    slag = models.CharField(_("slag"), max_length=10, choices=Slag)
    tittel = models.CharField(_("tittel"), max_length=150)
    url = models.URLField(_("lenke"), max_length=500, blank=True)
    # A link has no file.
    fil = models.FileField(_("fil"), upload_to="ressurser/%Y/%m/", max_length=200, blank=True)
    navn = models.CharField(_("filnavn"), max_length=150, blank=True)
    mimetype = models.CharField(_("filtype"), max_length=100, blank=True)
    bytes = models.PositiveIntegerField(_("størrelse i byte"), default=0)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)

    objects = AvModulQuerySet.as_manager()

    class Meta(VedleggBase.Meta):
        verbose_name = _("ressurs")
        verbose_name_plural = _("ressurser")
        constraints = [
            models.CheckConstraint(
                condition=Q(url="") & ~Q(fil="") | ~Q(url="") & Q(fil=""),
                name="ressurs_er_fil_eller_lenke",
                violation_error_message=_("Legg ved en fil, eller skriv en lenke."),
            ),
            models.CheckConstraint(
                condition=Q(url="") | Q(url__startswith="https://") | Q(url__startswith="http://"),
                name="ressurs_lenke_er_en_nettadresse",
            ),
        ]

    def __str__(self) -> str:
        return self.tittel

    @property
    def nettverk(self) -> Nettverk:
        return self.modul.nettverk


class RessursbrukQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """Which units have used what, for the network's members."""
        egne = self.filter(ressurs__modul__periode__loype__nettverk=roller.nettverk)
        return egne if roller.er_medlem else egne.none()


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent())
class Ressursbruk(models.Model):
    """A unit has used a resource, and said so."""

    ressurs = models.ForeignKey(
        Ressurs, on_delete=models.CASCADE, related_name="bruk", verbose_name=_("ressurs")
    )
    enhet = models.ForeignKey(
        Enhet, on_delete=models.CASCADE, related_name="ressursbruk", verbose_name=_("enhet")
    )
    sagt_av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("sagt av"),
    )
    sagt = models.DateTimeField(_("sagt"), auto_now_add=True)

    objects = RessursbrukQuerySet.as_manager()

    class Meta:
        verbose_name = _("bruk av ressurs")
        verbose_name_plural = _("bruk av ressurser")
        constraints = [
            models.UniqueConstraint(fields=["ressurs", "enhet"], name="ressursbruk_en_gang")
        ]

    def __str__(self) -> str:
        return f"{self.enhet} – {self.ressurs}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Leseverk(models.Model):
    """One work on a module's reading list (leseprogram)."""

    modul = models.ForeignKey(
        Modul, on_delete=models.CASCADE, related_name="leseliste", verbose_name=_("modul")
    )
    forfatter = models.CharField(_("forfatter"), max_length=200)
    aar = models.PositiveSmallIntegerField(_("år"), null=True, blank=True)
    tittel = models.CharField(_("tittel"), max_length=250)
    # Kept as 13 digits without signs between them.
    isbn = models.CharField(_("ISBN"), max_length=13, blank=True)
    sider = models.CharField(_("sider"), max_length=40, blank=True)
    rekkefolge = models.PositiveSmallIntegerField(_("rekkefølge"), default=100)

    objects = AvModulQuerySet.as_manager()

    class Meta:
        verbose_name = _("verk på leselista")
        verbose_name_plural = _("verk på leselista")
        ordering = ["rekkefolge", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(isbn="") | Q(isbn__regex=r"^97[89]\d{10}$"),
                name="leseverk_isbn_har_13_siffer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.forfatter}: {self.tittel}"

    @property
    def nettverk(self) -> Nettverk:
        return self.modul.nettverk
