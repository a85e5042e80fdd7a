"""An import of units: the file, what it would change, and what came of it."""

import uuid
from pathlib import PurePath
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kommuner.enhetsimport.sammenligning import Importutfall
from kommuner.models import Enhet
from nettverk.models.jobb import Jobb
from nettverk.models.nettverk import Nettverk

if TYPE_CHECKING:
    from nettverk.tilgang.roller import Roller


def _lagringsnavn(rad: "Enhetsimport", filnavn: str) -> str:
    """A name nobody can guess; what the person called the file stands in `filnavn`."""
    return f"enhetsimport/{uuid.uuid4().hex}{PurePath(filnavn).suffix.lower()[:6]}"


class EnhetsimportQuerySet(models.QuerySet):
    def visible_to(self, roller: "Roller") -> Self:
        """The imports of the network, for its coordinators; nothing for others."""
        egne = self.filter(nettverk=roller.nettverk)
        return egne if roller.er_koordinator else egne.none()


class Enhetsimport(models.Model):
    """A file about units that a coordinator uploaded, from preview to result.

    Nothing is written to the register before it is confirmed. Change through `nettverk.enhetsimport`
    (`create`, `confirm`, `discard`). The file goes when it is confirmed or discarded.
    """

    class Status(models.TextChoices):
        VENTER = "venter", _("leses")
        KOLONNER = "kolonner", _("venter på svar om kolonnene")
        LEST = "lest", _("venter på bekreftelse")
        BEKREFTET = "bekreftet", _("lagres")
        FERDIG = "ferdig", _("ferdig")
        FEILET = "feilet", _("kunne ikke leses")
        FORKASTET = "forkastet", _("forkastet")

    nettverk = models.ForeignKey(
        Nettverk,
        on_delete=models.CASCADE,
        related_name="enhetsimporter",
        verbose_name=_("nettverk"),
    )
    fil = models.FileField(_("fil"), upload_to=_lagringsnavn, blank=True, max_length=200)
    # Of the file while it is kept (`fil` is empty when it has gone).
    bytes = models.PositiveIntegerField(_("størrelse i byte"), default=0)
    filnavn = models.CharField(_("filnavn"), max_length=150)
    type = models.CharField(
        _("type når fila ikke sier det"), max_length=20, choices=Enhet.Type, blank=True
    )
    per = models.DateField(_("fila gjelder per"))
    aar = models.PositiveSmallIntegerField(_("tallene gjelder året"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.VENTER)
    # Counts for each outcome, the columns of the file, and after writing what was really done.
    oppsummering = models.JSONField(_("oppsummering"), default=dict, blank=True)
    # End the units that the register itself calls closed, whether or not the file is whole.
    avslutt_nedlagte = models.BooleanField(_("avslutt nedlagte"), default=False)
    # Kommuner in which units that the file does not mention are to be ended.
    avslutt_i = models.JSONField(_("avslutt enheter i"), default=list, blank=True)
    feil = models.TextField(_("feil"), blank=True)
    jobb = models.ForeignKey(
        Jobb, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("jobb")
    )
    lastet_opp_av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("lastet opp av"),
    )
    lastet_opp = models.DateTimeField(_("lastet opp"), auto_now_add=True)
    avsluttet = models.DateTimeField(_("avsluttet"), null=True, blank=True)

    objects = EnhetsimportQuerySet.as_manager()

    class Meta:
        verbose_name = _("enhetsimport")
        verbose_name_plural = _("enhetsimporter")
        ordering = ["-lastet_opp", "-pk"]

    def __str__(self) -> str:
        return self.filnavn

    def antall(self, utfall: str) -> int:
        return self.oppsummering.get("utfall", {}).get(utfall, 0)

    @property
    def er_underveis(self) -> bool:
        """A worker reads or writes it, or will."""
        return self.status in {self.Status.VENTER, self.Status.BEKREFTET}

    @property
    def har_endringer(self) -> bool:
        """The file says something that the register does not hold."""
        return bool(
            self.antall(Importutfall.NY)
            or self.antall(Importutfall.ENDRET)
            or self.antall(Importutfall.SPOR)
            or self.oppsummering.get("nedlagte")
        )

    @property
    def har_noe_aa_skrive(self) -> bool:
        """There is something to confirm, if only to end units that the file does not mention."""
        return self.har_endringer or bool(self.antall(Importutfall.BORTE))


class ImportradQuerySet(models.QuerySet):
    def in_order(self) -> Self:
        return self.order_by("rang", models.F("nummer").asc(nulls_last=True), "pk")

    def with_slag(self, slag: str) -> Self:
        """Those with a change of this kind (`kommuner.enhetsimport.sammenligning.Endringsslag`)."""
        return self.filter(data__slag__contains=[slag])


class Importrad(models.Model):
    """One row of the file, or one unit that the file does not mention, and what it means.

    Goes when the import is finished; the refused ones are kept a while, to be mended.
    """

    enhetsimport = models.ForeignKey(
        Enhetsimport, on_delete=models.CASCADE, related_name="rader", verbose_name=_("import")
    )
    nummer = models.PositiveIntegerField(_("rad"), null=True, blank=True)
    utfall = models.CharField(_("utfall"), max_length=10, choices=Importutfall)
    # What was really done, when it was written; empty until then.
    resultat = models.CharField(_("resultat"), max_length=10, blank=True)
    grunn = models.CharField(_("grunn"), max_length=20, blank=True)
    # What people must look at first has the lowest.
    rang = models.PositiveSmallIntegerField(_("rang"), default=0)
    navn = models.CharField(_("navn"), max_length=200, blank=True)
    # Plain data for the page and for writing: the post, changes, errors and the cells as they stood.
    data = models.JSONField(_("innhold"), default=dict)

    objects = ImportradQuerySet.as_manager()

    class Meta:
        verbose_name = _("importrad")
        verbose_name_plural = _("importrader")
        ordering = ["enhetsimport", "nummer", "pk"]
        indexes = [
            models.Index(fields=["enhetsimport", "utfall", "nummer"], name="importrad_utfall")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["enhetsimport", "nummer"], name="importrad_en_gang_per_import"
            )
        ]

    def __str__(self) -> str:
        return f"{self.nummer or '–'} {self.navn}"


class Kolonnevalg(models.Model):
    """What the network has answered about a heading that the portal did not know; remembered for the next file."""

    nettverk = models.ForeignKey(
        Nettverk, on_delete=models.CASCADE, related_name="kolonnevalg", verbose_name=_("nettverk")
    )
    # Folded as `kommuner.enhetsimport.kolonner.fold` does.
    overskrift = models.CharField(_("overskrift"), max_length=200)
    # Empty: the column is not used.
    kolonne = models.CharField(_("kolonne"), max_length=30, blank=True)

    class Meta:
        verbose_name = _("kolonnevalg")
        verbose_name_plural = _("kolonnevalg")
        ordering = ["overskrift"]
        constraints = [
            models.UniqueConstraint(
                fields=["nettverk", "overskrift"], name="kolonnevalg_ett_svar_per_overskrift"
            )
        ]

    def __str__(self) -> str:
        return f"{self.overskrift}: {self.kolonne or '–'}"
