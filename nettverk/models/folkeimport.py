"""An import of people: the rows somebody sent, what they would change, and what came of it."""

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from nettverk.models.jobb import Jobb
from nettverk.models.nettverk import Nettverk

if TYPE_CHECKING:
    from nettverk.tilgang.roller import Roller


class FolkeimportQuerySet(models.QuerySet):
    def visible_to(self, roller: "Roller") -> Self:
        """The imports of the network, for its coordinators; nothing for others."""
        egne = self.filter(nettverk=roller.nettverk).defer("tabell")
        return egne if roller.er_koordinator else egne.none()


class Folkeimport(models.Model):
    """People and their Verv from a file or a paste, from preview to result.

    Nothing is written before it is confirmed. The file itself is never kept: its cells stand here until
    they are read and nothing more is asked about them, and go when it is confirmed or discarded. Change
    through `nettverk.folkeimport.handlinger` (`create`, `answer`, `confirm`, `discard`).
    """

    class Status(models.TextChoices):
        VENTER = "venter", _("leses")
        LEST = "lest", _("venter på bekreftelse")
        BEKREFTET = "bekreftet", _("lagres")
        FERDIG = "ferdig", _("ferdig")
        FORKASTET = "forkastet", _("forkastet")

    nettverk = models.ForeignKey(
        Nettverk,
        on_delete=models.CASCADE,
        related_name="folkeimporter",
        verbose_name=_("nettverk"),
    )
    filnavn = models.CharField(_("filnavn"), max_length=150)
    # Headings, which of them we know, and the cells; empty when they are read and nothing is asked about.
    tabell = models.JSONField(_("tabell"), default=dict, blank=True)
    hel_liste = models.BooleanField(_("fila er hele lista"), default=False)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.VENTER)
    # Counts for each outcome, the columns of the file, and after writing what was really done.
    oppsummering = models.JSONField(_("oppsummering"), default=dict, blank=True)
    # What the words for roles and groups mean that the network does not have, as somebody has answered.
    svar = models.JSONField(_("svar"), default=dict, blank=True)
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

    objects = FolkeimportQuerySet.as_manager()

    class Meta:
        verbose_name = _("folkeimport")
        verbose_name_plural = _("folkeimporter")
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
    def har_stoppet(self) -> bool:
        """The worker gave up; it may be tried again, or thrown away. Fetch with `jobb`."""
        return self.er_underveis and bool(self.jobb and self.jobb.status == Jobb.Status.FEILET)

    @property
    def spoersmaal(self) -> list[dict[str, Any]]:
        """The words that are asked about, answered or not."""
        return self.oppsummering.get("spoersmaal", [])

    @property
    def ubesvart(self) -> int:
        """How many of them wait for an answer."""
        return sum(s["noekkel"] not in self.svar for s in self.spoersmaal)

    @property
    def har_noe_aa_skrive(self) -> bool:
        """There is something to confirm."""
        utfall = Folkeimportrad.Importutfall
        return any(self.antall(u) for u in (utfall.NY, utfall.ENDRET, utfall.AVSLUTTES))


class FolkeimportradQuerySet(models.QuerySet):
    def in_order(self) -> Self:
        return self.order_by(models.F("nummer").asc(nulls_last=True), "pk")


class Folkeimportrad(models.Model):
    """One person in one role in one group, as the file has it, and what it means; or a Verv that the
    whole list does not mention.

    Goes when the import is finished; the refused ones are kept a while, to be mended.
    """

    class Importutfall(models.TextChoices):
        NY = "ny", _("ny")
        ENDRET = "endret", _("endret")
        AVSLUTTES = "avsluttes", _("avsluttes")
        AVVIST = "avvist", _("avvist")
        UENDRET = "uendret", _("uendret")

    folkeimport = models.ForeignKey(
        Folkeimport, on_delete=models.CASCADE, related_name="rader", verbose_name=_("import")
    )
    # One row of the file is several here when its cell names several units.
    nummer = models.PositiveIntegerField(_("rad"), null=True, blank=True)
    utfall = models.CharField(_("utfall"), max_length=10, choices=Importutfall)
    # What was really done, when it was written; empty until then.
    resultat = models.CharField(_("resultat"), max_length=10, blank=True)
    grunn = models.CharField(_("grunn"), max_length=20, blank=True)
    # Something a person should look at before it is confirmed: a likely double, another spelling.
    boer_sees = models.BooleanField(_("bør ses på"), default=False)
    navn = models.CharField(_("navn"), max_length=200, blank=True)
    # Plain data for the page and for writing: the post, changes, errors and the cells as they stood.
    data = models.JSONField(_("innhold"), default=dict)

    objects = FolkeimportradQuerySet.as_manager()

    class Meta:
        verbose_name = _("folkeimportrad")
        verbose_name_plural = _("folkeimportrader")
        ordering = ["folkeimport", "nummer", "pk"]
        indexes = [models.Index(fields=["folkeimport", "utfall", "nummer"], name="folkerad_utfall")]

    def __str__(self) -> str:
        return f"{self.nummer or '–'} {self.navn}"
