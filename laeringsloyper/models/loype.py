"""Learning tracks: Læringsmiljø, Språk og skriving, Matematikk – each 3 × 3 years."""

import datetime
from typing import Self

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from psycopg.types.range import DateRange

from kommuner.gyldighet import GyldighetMixin, GyldighetQuerySet, idag, ikke_samtidig
from kommuner.models import Enhet
from kommuner.sortering import sorteringsfelt
from nettverk.models import Gruppe, Nettverk
from nettverk.models.antatt import AntattMixin
from nettverk.tilgang.roller import Roller


class Farge(models.TextChoices):
    """The colours a track may have: tested for contrast in light, dark and print (static/css)."""

    BRINGEBAER = "bringebaer", _("bringebær")
    FIOL = "fiol", _("fiol")
    SJO = "sjo", _("sjøgrønn")
    HIMMEL = "himmel", _("himmelblå")
    MOSE = "mose", _("mose")
    KOBBER = "kobber", _("kobber")


class Loypetegn(models.TextChoices):
    """The shape beside the colour, for those who do not see it (laeringsloyper/templatetags)."""

    PRIKKER = "prikker", _("to prikker")
    BOBLE = "boble", _("snakkeboble")
    TREKANT = "trekant", _("trekant")
    FIRKANT = "firkant", _("firkant")
    ROMBE = "rombe", _("rute")
    RING = "ring", _("ring")


class LaeringsloypeQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """The tracks of the network, for its members."""
        egne = self.filter(nettverk=roller.nettverk)
        return egne if roller.er_medlem else egne.none()

    def not_over(self, dato: datetime.date) -> Self:
        """Those with a period that runs on `dato`, or will."""
        return self.filter(
            Exists(
                Periode.objects.filter(loype=OuterRef("pk"), gyldig__overlap=DateRange(dato, None))
            )
        )


@pghistory.track(exclude=["sortering"])
class Laeringsloype(models.Model):
    """A learning track over three periods of three years; a fagmiljø group answers for its content."""

    nettverk = models.ForeignKey(
        Nettverk,
        on_delete=models.CASCADE,
        related_name="laeringsloyper",
        verbose_name=_("nettverk"),
    )
    slug = models.SlugField(_("adresse"))
    navn = models.CharField(_("navn"), max_length=100)
    om = models.TextField(_("om løypa"), blank=True)
    fokus = models.TextField(
        _("fokus"), blank=True, help_text=_("Det løypa har fokus på. Likt for flere vises én gang.")
    )
    maal = models.TextField(_("mål"), blank=True, help_text=_("Det løypa skal føre til."))
    nasjonale_maal = models.TextField(
        _("nasjonale føringer"),
        blank=True,
        help_text=_("Rammeplan, læreplan og satsinger som løypa svarer på. Én på hver linje."),
    )
    staasted = models.TextField(
        _("ståsted"), blank=True, help_text=_("Det dere så som gjorde at løypa ble valgt.")
    )
    ansvarlig_gruppe = models.ForeignKey(
        Gruppe,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="laeringsloyper",
        verbose_name=_("ansvarlig fagmiljø"),
    )
    rekkefolge = models.PositiveSmallIntegerField(_("rekkefølge"), default=100)
    farge = models.CharField(
        _("farge"), max_length=10, choices=Farge.choices, default=Farge.BRINGEBAER
    )
    tegn = models.CharField(
        _("tegn"), max_length=10, choices=Loypetegn.choices, default=Loypetegn.PRIKKER
    )
    sortering = sorteringsfelt("navn")

    objects = LaeringsloypeQuerySet.as_manager()

    class Meta:
        verbose_name = _("læringsløype")
        verbose_name_plural = _("læringsløyper")
        ordering = ["rekkefolge", "sortering"]
        constraints = [
            models.UniqueConstraint(fields=["nettverk", "slug"], name="loype_adresse_en_gang"),
            models.CheckConstraint(
                condition=models.Q(farge__in=Farge.values), name="loype_farge_finnes"
            ),
            models.CheckConstraint(
                condition=models.Q(tegn__in=Loypetegn.values), name="loype_tegn_finnes"
            ),
        ]

    def __str__(self) -> str:
        return self.navn

    @property
    def foeringer(self) -> list[str]:
        """The national guidelines the track answers to, one by one."""
        return [linje.strip() for linje in self.nasjonale_maal.splitlines() if linje.strip()]


@pghistory.track()
class Periode(AntattMixin, GyldighetMixin):
    """One of the three periods of a track; `gyldig` is its three years."""

    loype = models.ForeignKey(
        Laeringsloype,
        on_delete=models.CASCADE,
        related_name="perioder",
        verbose_name=_("læringsløype"),
    )
    nummer = models.PositiveSmallIntegerField(_("nummer"))
    tittel = models.CharField(_("tittel"), max_length=150, blank=True)

    objects = GyldighetQuerySet.as_manager()

    class Meta:
        verbose_name = _("periode")
        verbose_name_plural = _("perioder")
        ordering = ["loype", "nummer"]
        constraints = [
            models.UniqueConstraint(fields=["loype", "nummer"], name="periode_nummer_en_gang"),
            ikke_samtidig(
                "periode_ikke_samtidig",
                "loype",
                melding=_("Periodene i en læringsløype kan ikke overlappe."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.loype}, {self.nummer}"


def _as_long_as_the_period() -> DateRange:
    return DateRange(None, None)


class EnhetsloypeQuerySet(GyldighetQuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """What units follow and have followed of the network's tracks, for its members."""
        egne = self.filter(periode__loype__nettverk=roller.nettverk)
        return egne if roller.er_medlem else egne.none()

    def followed(self, dato: datetime.date | None = None) -> Self:
        """Those that held on `dato`: the period ran, the unit existed and had not stopped."""
        dato = dato or idag()
        return self.gyldig(dato).filter(
            periode__gyldig__contains=dato, enhet__gyldig__contains=dato
        )

    def real(self) -> Self:
        """Without those that were taken back before they began."""
        return self.exclude(gyldig__isempty=True)


@pghistory.track()
class Enhetsloype(GyldighetMixin):
    """Which unit follows which track in which period, from when, and why.

    It never holds outside its period, whose days may be changed later; `gyldig` is open where nobody
    said anything else. Change through `laeringsloyper.folging`.
    """

    enhet = models.ForeignKey(
        Enhet, on_delete=models.CASCADE, related_name="enhetsloyper", verbose_name=_("enhet")
    )
    periode = models.ForeignKey(
        Periode, on_delete=models.CASCADE, related_name="enhetsloyper", verbose_name=_("periode")
    )
    gyldig = DateRangeField(_("gyldig"), default=_as_long_as_the_period)
    grunn = models.CharField(_("begrunnelse"), max_length=300, blank=True)
    sluttgrunn = models.CharField(_("begrunnelse for å slutte"), max_length=300, blank=True)
    registrert_av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("registrert av"),
    )

    objects = EnhetsloypeQuerySet.as_manager()

    class Meta:
        verbose_name = _("enhetens læringsløype")
        verbose_name_plural = _("enhetenes læringsløyper")
        constraints = [
            # The periods of a track never overlap: so never twice in the same track at once.
            ikke_samtidig(
                "enhetsloype_ikke_samtidig",
                "enhet",
                "periode",
                melding=_("Enheten følger allerede læringsløypa i denne perioden."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.enhet} – {self.periode}"

    @property
    def nettverk(self) -> Nettverk:
        return self.periode.loype.nettverk

    @property
    def siden(self) -> datetime.date | None:
        """The first day: its own, or the period's when that came later."""
        return max((d for d in (self.fra, self.periode.fra) if d), default=None)

    @property
    def slutter(self) -> datetime.date | None:
        """The last day, its own or the period's; None when neither is known."""
        return min((d for d in (self.siste_dag, self.periode.siste_dag) if d), default=None)

    def is_followed(self, dato: datetime.date) -> bool:
        return self.er_gyldig(dato) and self.periode.er_gyldig(dato)
