"""A form: questions in an order. A version that has been used never changes; another one follows it."""

from typing import Self

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nettverk.models import Nettverk
from nettverk.tilgang.roller import Roller

# No row of a version that has been opened to answers is added, changed or taken away. To delete is asked at the end of
# the transaction, so that a whole network can go.
_I_BRUK = """
    IF EXISTS (
        SELECT 1 FROM evaluering_undersokelse u WHERE u.aapnet IS NOT NULL AND u.skjema_id {skjema}
    ) THEN
        RAISE EXCEPTION 'en utgave som er tatt i bruk, endres ikke'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'skjema_i_bruk_endres_ikke';
    END IF;
    RETURN {rad};
"""


def _stays(
    navn: str, operasjon: pgtrigger.Operation, *, skjema: str, rad: str
) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=navn,
        when=pgtrigger.Before,
        operation=operasjon,
        func=_I_BRUK.format(skjema=skjema, rad=rad),
    )


class SkjemaQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """The network's forms, for those who ask and those who evaluate: koordinator, PRO and EVA."""
        egne = self.filter(nettverk=roller.nettverk)
        ser = roller.er_koordinator or roller.er_pro or roller.er_eva
        return egne if ser else egne.none()


@pghistory.track()
class Skjema(models.Model):
    """One version of a form, in the network's written form. Change through `evaluering.undersokelser.skjemaer`.

    `noekkel` is the same through all its versions. Once a survey of it has been opened, the database refuses every
    change (`skjema_i_bruk_endres_ikke`).
    """

    class Slag(models.TextChoices):
        SAMLINGSEVALUERING = "samlingsevaluering", _("samlingsevaluering")
        FRITT = "fritt", _("fritt skjema")

    nettverk = models.ForeignKey(
        Nettverk, on_delete=models.CASCADE, related_name="skjemaer", verbose_name=_("nettverk")
    )
    slag = models.CharField(_("slag"), max_length=20, choices=Slag)
    noekkel = models.SlugField(_("nøkkel"), max_length=40)
    tittel = models.CharField(_("tittel"), max_length=150)
    maalform = models.CharField(_("målform"), max_length=2)
    utgave = models.PositiveIntegerField(_("utgave"), default=1)
    forrige = models.ForeignKey(
        "self",
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="senere",
        verbose_name=_("laget etter"),
    )

    objects = SkjemaQuerySet.as_manager()

    class Meta:
        verbose_name = _("skjema")
        verbose_name_plural = _("skjemaer")
        ordering = ["noekkel", "-utgave"]
        constraints = [
            models.UniqueConstraint(
                fields=["nettverk", "noekkel", "utgave"], name="skjema_en_av_hver_utgave"
            ),
            models.CheckConstraint(
                condition=Q(utgave=1, forrige__isnull=True)
                | Q(utgave__gt=1, forrige__isnull=False),
                name="skjema_ny_utgave_har_forrige",
            ),
        ]
        triggers = [
            _stays(
                "i_bruk",
                pgtrigger.Update,
                skjema="= OLD.id",
                rad="NEW",
            )
        ]

    def __str__(self) -> str:
        return self.tittel


# History tells of what is taken away too.
@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Sporsmaal(models.Model):
    """A question of a form. `noekkel` is the same in every version, so that answers can be held together.

    An answer is a number: the step of a scale or the number of a choice, from 1; 0 is «vet ikke». `valg` are the steps
    of a scale from the lowest, or the choices. A question about now and wanted has `trinn` steps without words, and
    words for the `lavest` and the `hoeyest`.
    """

    class Type(models.TextChoices):
        SKALA = "skala", _("skala")
        VALG = "valg", _("ett valg")
        FLERVALG = "flervalg", _("flere valg")
        TEKST = "tekst", _("tekst")
        NAA_OG_OENSKET = "naa_og_oensket", _("nå og ønsket")

    MED_VALG = (Type.SKALA, Type.VALG, Type.FLERVALG)

    skjema = models.ForeignKey(
        Skjema, on_delete=models.CASCADE, related_name="sporsmaal", verbose_name=_("skjema")
    )
    noekkel = models.SlugField(_("nøkkel"), max_length=40)
    type = models.CharField(_("type"), max_length=15, choices=Type)
    tekst = models.CharField(_("spørsmål"), max_length=300)
    hjelp = models.CharField(_("forklaring"), max_length=300, blank=True)
    valg = ArrayField(
        models.CharField(max_length=150), verbose_name=_("valg"), default=list, blank=True
    )
    trinn = models.PositiveSmallIntegerField(_("antall trinn"), null=True, blank=True)
    lavest = models.CharField(_("det laveste trinnet"), max_length=80, blank=True)
    hoeyest = models.CharField(_("det høyeste trinnet"), max_length=80, blank=True)
    vet_ikke = models.BooleanField(_("kan svare «vet ikke»"), default=False)
    paakrevd = models.BooleanField(_("må besvares"), default=False)
    rekkefolge = models.PositiveSmallIntegerField(_("rekkefølge"))

    class Meta:
        verbose_name = _("spørsmål")
        verbose_name_plural = _("spørsmål")
        ordering = ["rekkefolge", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["skjema", "noekkel"], name="sporsmaal_en_av_hver_noekkel"
            ),
            models.CheckConstraint(
                condition=Q(type__in=["tekst", "naa_og_oensket"], valg=[])
                | Q(type__in=["skala", "valg", "flervalg"], valg__len__gte=2, valg__len__lte=12),
                name="sporsmaal_valg_etter_type",
            ),
            models.CheckConstraint(
                condition=Q(type="naa_og_oensket", trinn__gte=2, trinn__lte=10)
                | (~Q(type="naa_og_oensket") & Q(trinn__isnull=True)),
                name="sporsmaal_trinn_etter_type",
            ),
        ]
        triggers = [
            _stays("i_bruk_ny", pgtrigger.Insert, skjema="= NEW.skjema_id", rad="NEW"),
            _stays(
                "i_bruk", pgtrigger.Update, skjema="IN (OLD.skjema_id, NEW.skjema_id)", rad="NEW"
            ),
            pgtrigger.Trigger(
                name="i_bruk_slett",
                when=pgtrigger.After,
                operation=pgtrigger.Delete,
                timing=pgtrigger.Deferred,
                func=_I_BRUK.format(skjema="= OLD.skjema_id", rad="NULL"),
            ),
        ]

    def __str__(self) -> str:
        return self.tekst

    @property
    def nettverk(self) -> Nettverk:
        return self.skjema.nettverk

    @property
    def er_tekst(self) -> bool:
        return self.type == self.Type.TEKST

    @property
    def numre(self) -> list[int]:
        """The numbers an answer may be, without «vet ikke»."""
        return list(range(1, (self.trinn or len(self.valg)) + 1))
