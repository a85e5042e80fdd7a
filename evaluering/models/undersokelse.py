"""A survey: one version of a form, opened to whoever has the code, and what they answered."""

import datetime
import uuid
from typing import Self

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluering.models.skjema import Skjema, Sporsmaal
from nettverk.models import Nettverk
from nettverk.tilgang.roller import Roller

# What was sent from a page that was open when it closed, is taken for so long.
FRIST = datetime.timedelta(minutes=30)


class UndersokelseQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """The network's surveys, for those who ask and those who evaluate: koordinator, PRO and EVA. What others may
        read of the results, is told where they are shown."""
        egne = self.filter(nettverk=roller.nettverk)
        ser = roller.er_koordinator or roller.er_pro or roller.er_eva
        return egne if ser else egne.none()

    def open(self) -> Self:
        """Those that can be answered now."""
        return self.filter(aapnet__isnull=False, stengt__isnull=True)

    def taking(self, naa: datetime.datetime) -> Self:
        """Those that take an answer now: open, or closed less than `FRIST` ago."""
        return self.filter(aapnet__isnull=False, frosset__isnull=True).filter(
            Q(stengt__isnull=True) | Q(stengt__gt=naa - FRIST)
        )


# An answer raises `versjon`: were that told in the history, it would say when each came, and who was signed in.
@pghistory.track(exclude=["versjon", "vist"])
class Undersokelse(models.Model):
    """A round of questions. Opened, closed and shown through `evaluering.undersokelser.runder`.

    `vist` is what may be shown of the answers (`evaluering.undersokelser.resultat`). When `frosset` is set the answers
    themselves are gone, and `vist` is all that is left. `versjon` grows with every answer.
    """

    nettverk = models.ForeignKey(
        Nettverk, on_delete=models.CASCADE, related_name="undersokelser", verbose_name=_("nettverk")
    )
    skjema = models.ForeignKey(
        Skjema, on_delete=models.RESTRICT, related_name="undersokelser", verbose_name=_("skjema")
    )
    tittel = models.CharField(_("tittel"), max_length=200)
    kode = models.CharField(_("kode"), max_length=12, unique=True)
    aapnet = models.DateTimeField(_("åpnet"), null=True, blank=True)
    stengt = models.DateTimeField(_("stengt"), null=True, blank=True)
    viser_resultater = models.BooleanField(_("viser resultater"), default=False)
    versjon = models.BigIntegerField(_("versjon"), default=1)
    vist = models.JSONField(_("det som kan vises"), default=dict, blank=True)
    frosset = models.DateTimeField(_("svarene er slettet"), null=True, blank=True)

    objects = UndersokelseQuerySet.as_manager()

    class Meta:
        verbose_name = _("undersøkelse")
        verbose_name_plural = _("undersøkelser")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(stengt__isnull=True) | Q(aapnet__isnull=False, stengt__gte=F("aapnet")),
                name="undersokelse_stenges_etter_aapnet",
            ),
            models.CheckConstraint(
                condition=Q(viser_resultater=False) | Q(aapnet__isnull=False),
                name="undersokelse_viser_etter_aapnet",
            ),
            models.CheckConstraint(
                condition=Q(frosset__isnull=True) | Q(stengt__isnull=False),
                name="undersokelse_fryses_stengt",
            ),
        ]
        triggers = [
            # What people have answered, is answers to these questions.
            pgtrigger.Trigger(
                name="skjemaet_staar",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF OLD.aapnet IS NOT NULL
                        AND (NEW.aapnet IS NULL OR NEW.skjema_id <> OLD.skjema_id) THEN
                        RAISE EXCEPTION 'en undersøkelse som er åpnet, har det skjemaet den har'
                            USING ERRCODE = 'check_violation',
                                  CONSTRAINT = 'undersokelse_skjemaet_staar';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.tittel

    @property
    def er_kladd(self) -> bool:
        """Nobody has been able to answer it yet: its questions can be changed."""
        return self.aapnet is None

    @property
    def er_aapen(self) -> bool:
        return self.aapnet is not None and self.stengt is None

    @property
    def er_stengt(self) -> bool:
        return self.stengt is not None

    @property
    def tar_imot(self) -> bool:
        """Takes an answer, also one that was on its way when it closed."""
        if self.aapnet is None or self.frosset is not None:
            return False
        return self.stengt is None or timezone.now() < self.stengt + FRIST


class Svar(models.Model):
    """One phone's answers: no person, no address and no time of day. Made by `evaluering.undersokelser.mottak`.

    `nokkel` is made on the phone, which alone has it; the row has no other number, so nothing tells who came first.
    `utgave` grows each time the phone answers anew: the newest stands.
    """

    nokkel = models.UUIDField(_("nøkkel"), primary_key=True)
    undersokelse = models.ForeignKey(
        Undersokelse, on_delete=models.CASCADE, related_name="svar", verbose_name=_("undersøkelse")
    )
    utgave = models.BigIntegerField(_("utgave"), default=0)
    mottatt = models.DateField(_("mottatt"))

    class Meta:
        verbose_name = _("svar")
        verbose_name_plural = _("svar")
        constraints = [
            models.CheckConstraint(condition=Q(utgave__gte=0), name="svar_utgave_ikke_negativ")
        ]

    def __str__(self) -> str:
        return str(self.undersokelse_id)


class Svarverdi(models.Model):
    """The answer to one question (`Sporsmaal`): of its kind, never nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    svar = models.ForeignKey(
        Svar, on_delete=models.CASCADE, related_name="verdier", verbose_name=_("svar")
    )
    sporsmaal = models.ForeignKey(
        Sporsmaal, on_delete=models.RESTRICT, related_name="verdier", verbose_name=_("spørsmål")
    )
    tall = models.PositiveSmallIntegerField(_("tall"), null=True, blank=True)
    oensket = models.PositiveSmallIntegerField(_("ønsket"), null=True, blank=True)
    tekst = models.TextField(_("tekst"), blank=True)
    valg = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name=_("valg"), default=list, blank=True
    )
    # Somebody who sees the results has taken the text out of them.
    skjult = models.BooleanField(_("skjult"), default=False)

    class Meta:
        verbose_name = _("svar på et spørsmål")
        verbose_name_plural = _("svar på spørsmål")
        constraints = [
            models.UniqueConstraint(
                fields=["svar", "sporsmaal"], name="svarverdi_en_per_sporsmaal"
            ),
            models.CheckConstraint(
                condition=Q(tall__isnull=False) | ~Q(tekst="") | Q(valg__len__gte=1),
                name="svarverdi_er_noe",
            ),
            models.CheckConstraint(
                condition=(Q(tall__isnull=True) | Q(tall__lte=12))
                & (Q(oensket__isnull=True) | Q(oensket__gte=1, oensket__lte=12, tall__gte=1)),
                name="svarverdi_innenfor",
            ),
            models.CheckConstraint(
                condition=Q(valg=[]) | Q(valg__contained_by=list(range(13))),
                name="svarverdi_valg_innenfor",
            ),
        ]

    def __str__(self) -> str:
        return str(self.sporsmaal_id)
