"""The support lens: what one may see of a unit that could need a hand, what the unit says of it, and what was done."""

import datetime
from typing import Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kommuner.gyldighet import idag
from kommuner.models import Enhet, Plassering
from nettverk.models import Nettverk
from nettverk.tilgang.roller import Roller

# How long a signal is the unit's alone, unless it answers before.
ENHETENS_UKE = datetime.timedelta(days=7)


def followed_up(roller: Roller) -> Q:
    """Of what belongs to units (`enhet`): all as koordinator, one's own kommune's as kommuneansvarlig; nothing for
    others."""
    if roller.er_koordinator:
        return Q(enhet__isnull=False)
    if not roller.kommuner_ansvar:
        return Q(pk__in=[])
    her = Plassering.objects.filter(kommune__in=roller.kommuner_ansvar).gyldig()
    return Q(enhet__in=her.values("enhet"))


class StoettesignalQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """The own unit's from the day they arise, for its group; the koordinator sees all and a kommuneansvarlig the
        own kommune's, when the unit has had them for a week or has answered. Nobody else sees any."""
        egne = self.filter(nettverk=roller.nettverk).with_shown_from()
        vises = Q(vises_fra__lte=idag()) & followed_up(roller)
        return egne.filter(Q(enhet__in=roller.enheter) | vises)

    def with_shown_from(self) -> Self:
        """Adds `vises_fra`, the day from which those who follow up see it: at once what the unit has answered, and what
        waits for no week (`Stoettesignal.STRAKS`)."""
        straks = Q(svart__isnull=False) | Q(slag__in=Stoettesignal.STRAKS)
        etter_uka = Cast(F("sett") + Value(ENHETENS_UKE), models.DateField())
        return self.annotate(vises_fra=Case(When(straks, then=F("sett")), default=etter_uka))

    def open(self) -> Self:
        """Those that are still so."""
        return self.filter(borte=None)


@pghistory.track()
class Stoettesignal(models.Model):
    """That a unit could need a hand, since when, and what the unit itself says of it.

    The signals are asked for anew each time (`rolu.stoette.signaler`); a row remembers the day one was first seen, so
    that the unit has it for a week before anybody else, and the unit's answer. Change through `rolu.stoette`.
    """

    class Slag(models.TextChoices):
        BA_OM_HJELP = "ba_om_hjelp", _("ba om hjelp")
        NY_LEDER = "ny_leder", _("ny leder siste år")
        LEDIG_ROLLE = "ledig_rolle", _("ledig rolle i gruppa")
        IKKE_PAA_SAMLING = "ikke_paa_samling", _("ikke på siste samling")
        STILLE = "stille", _("ingen mellomarbeid siste 6 måneder")

    nettverk = models.ForeignKey(
        Nettverk, on_delete=models.CASCADE, related_name="+", verbose_name=_("nettverk")
    )
    enhet = models.ForeignKey(
        Enhet, on_delete=models.CASCADE, related_name="stoettesignaler", verbose_name=_("enhet")
    )
    slag = models.CharField(_("signal"), max_length=20, choices=Slag)
    siden = models.DateField(_("siden"))
    sett = models.DateField(_("først sett"), default=idag)
    svar = models.CharField(_("svaret fra enheten"), max_length=300, blank=True)
    svart = models.DateTimeField(_("svart"), null=True, blank=True)
    svart_av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("svart av"),
    )
    borte = models.DateField(_("ikke lenger slik fra"), null=True, blank=True)

    # Who has asked for help has said so, and waits for no week.
    STRAKS = (Slag.BA_OM_HJELP,)

    # Added by `with_shown_from`.
    vises_fra: datetime.date

    objects = StoettesignalQuerySet.as_manager()

    class Meta:
        verbose_name = _("støttesignal")
        verbose_name_plural = _("støttesignaler")
        ordering = ["enhet", "slag", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["nettverk", "enhet", "slag"],
                condition=Q(borte=None),
                name="stoettesignal_ett_om_gangen",
            ),
            models.CheckConstraint(
                condition=Q(svart__isnull=True, svar="", svart_av__isnull=True)
                | (Q(svart__isnull=False, svart_av__isnull=False) & ~Q(svar="")),
                name="stoettesignal_svar_er_helt",
            ),
            models.CheckConstraint(
                condition=Q(
                    slag__in=[
                        "ba_om_hjelp",
                        "ny_leder",
                        "ledig_rolle",
                        "ikke_paa_samling",
                        "stille",
                    ]
                ),
                name="stoettesignal_slag_finnes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enhet} – {self.get_slag_display()}"

    @property
    def kommune_id(self) -> int | None:
        """Where the unit lies today."""
        return None


class StoettehandlingQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """The own unit's, for its group: nothing is written about a unit that it does not see. All for the
        koordinator, the own kommune's for a kommuneansvarlig."""
        egne = self.filter(nettverk=roller.nettverk)
        return egne.filter(Q(enhet__in=roller.enheter) | followed_up(roller))

    def unopened_by(self, roller: Roller) -> Self:
        """The greetings to the person's own units that nobody there has opened."""
        return self.visible_to(roller).filter(
            enhet__in=roller.enheter, slag=Stoettehandling.Slag.HILSEN, aapnet=None
        )


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Stoettehandling(models.Model):
    """What a kommune or the koordinator did for a unit: sent a greeting, agreed on guidance, noted a talk. The unit
    reads it too. It is deleted a year after its day (`rolu.stoette.rydding`). Change through `rolu.stoette.handlinger`.
    """

    class Slag(models.TextChoices):
        HILSEN = "hilsen", _("hilsen")
        VEILEDNING = "veiledning", _("veiledning")
        SAMTALE = "samtale", _("samtale")

    nettverk = models.ForeignKey(
        Nettverk, on_delete=models.CASCADE, related_name="+", verbose_name=_("nettverk")
    )
    enhet = models.ForeignKey(
        Enhet, on_delete=models.CASCADE, related_name="stoettehandlinger", verbose_name=_("enhet")
    )
    slag = models.CharField(_("hva"), max_length=12, choices=Slag)
    dato = models.DateField(_("dato"), default=idag)
    hvem = models.CharField(_("hvem"), max_length=150, blank=True)
    tekst = models.TextField(_("tekst"), blank=True)
    laget = models.DateTimeField(_("skrevet"), default=timezone.now)
    # When somebody in the unit's group first opened it; a greeting stands on their home page until then.
    aapnet = models.DateTimeField(_("åpnet"), null=True, blank=True)
    laget_av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("skrevet av"),
    )

    objects = StoettehandlingQuerySet.as_manager()

    class Meta:
        verbose_name = _("støttehandling")
        verbose_name_plural = _("støttehandlinger")
        ordering = ["-dato", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(slag="veiledning") & ~Q(hvem="")
                | Q(slag__in=["hilsen", "samtale"]) & ~Q(tekst=""),
                name="stoettehandling_sier_hva",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_slag_display()} {self.dato}"

    @property
    def kommune_id(self) -> int | None:
        """Where the unit lies today."""
        return None
