"""Goals, and the priority areas that the goals and plans are ordered by."""

from textwrap import shorten
from typing import Self

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fremtidsbilder.models.fremtidsbilde import Tema
from kommuner.models import Enhet, Kommune
from nettverk.models import Gruppe, Mottakere, Nettverk
from nettverk.tilgang.roller import Roller


@pghistory.track()
class Utviklingsomraade(models.Model):
    """A priority area (Nordre Sunnmøre: «prioriterte utviklingsområde»), with what it holds."""

    nettverk = models.ForeignKey(
        Nettverk,
        on_delete=models.CASCADE,
        related_name="utviklingsomraader",
        verbose_name=_("nettverk"),
    )
    nummer = models.PositiveSmallIntegerField(_("nummer"))
    tittel = models.CharField(_("tittel"), max_length=200)
    punkter = ArrayField(
        models.CharField(max_length=300), verbose_name=_("punkter"), default=list, blank=True
    )

    class Meta:
        verbose_name = _("utviklingsområde")
        verbose_name_plural = _("utviklingsområder")
        ordering = ["nummer"]
        constraints = [
            models.UniqueConstraint(
                fields=["nettverk", "nummer"], name="utviklingsomraade_nummer_en_gang"
            )
        ]

    def __str__(self) -> str:
        return self.tittel


class MaalQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """The goals of the network for its members; a draft for those who may change it (`changeable_by`)."""
        egne = self.filter(nettverk=roller.nettverk)
        if not roller.er_medlem:
            return egne.none()
        return egne.filter(~Q(tilstand=Maal.Tilstand.UTKAST) | _changes(roller))

    def changeable_by(self, roller: Roller) -> Self:
        """Those of the network for the koordinator, of the own kommune for the oppvekstansvarlig, of the own unit for
        its leader."""
        return self.filter(_changes(roller), nettverk=roller.nettverk)

    def worked_towards(self) -> Self:
        """Those that are counted as goals wherever they are: a principle says how one works, and a closed goal is no
        longer worked towards."""
        return self.exclude(type=Maal.Type.PRINSIPP).exclude(tilstand=Maal.Tilstand.AVSLUTTET)

    def in_force(self) -> Self:
        """Those one works towards: decided, and not closed."""
        return self.filter(tilstand=Maal.Tilstand.VEDTATT)


def _changes(roller: Roller) -> Q:
    hvor = Q(nivaa="kommune", kommune__in=roller.kommuner_ansvar)
    hvor |= Q(nivaa="enhet", enhet__in=roller.enheter_ledet)
    return hvor | Q(nivaa="nettverk") if roller.er_koordinator else hvor


@pghistory.track(exclude=["endret"])
class Maal(models.Model):
    """A goal of the network, of a kommune or of a unit: effektmål, resultatmål or a principle; points to the goal
    above it. Change through `fremtidsbilder.maal`.

    It goes in rounds: a draft, out to hearing, decided; later revised, closed, or opened again as a new round
    (`Maalrunde` remembers each). A kommune or a unit may take the goal above as its own (`overtatt`): in the same
    words, which then follow those above, or in its own.
    """

    class Type(models.TextChoices):
        EFFEKT = "effekt", _("effektmål")
        RESULTAT = "resultat", _("resultatmål")
        PRINSIPP = "prinsipp", _("prinsipp")

    class Nivaa(models.TextChoices):
        NETTVERK = "nettverk", _("nettverk")
        KOMMUNE = "kommune", _("kommune")
        ENHET = "enhet", _("enhet")

    class Tilstand(models.TextChoices):
        UTKAST = "utkast", _("utkast")
        HOERING = "hoering", _("på høring")
        VEDTATT = "vedtatt", _("vedtatt")
        AVSLUTTET = "avsluttet", _("avsluttet")

    class Kilde(models.TextChoices):
        SAMSKAPT = "samskapt", _("samskapt")
        FORSKNING = "forskning", _("fra forskning")
        VEDTAK = "vedtak", _("fra et vedtak eller en plan")

    class Status(models.TextChoices):
        """How far people themselves say that they have come."""

        IKKE_VURDERT = "", _("ikke vurdert")
        I_STARTEN = "i_starten", _("i starten")
        PAA_VEI = "paa_vei", _("på vei")
        NAADD = "naadd", _("nådd")

    nettverk = models.ForeignKey(
        Nettverk, on_delete=models.CASCADE, related_name="maal", verbose_name=_("nettverk")
    )
    nivaa = models.CharField(_("nivå"), max_length=10, choices=Nivaa, default=Nivaa.NETTVERK)
    kommune = models.ForeignKey(
        Kommune,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="maal",
        verbose_name=_("kommune"),
    )
    enhet = models.ForeignKey(
        Enhet,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="maal",
        verbose_name=_("enhet"),
    )
    over = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="under",
        verbose_name=_("mål over"),
    )
    overtatt = models.BooleanField(_("overtatt fra målet over"), default=False)
    type = models.CharField(_("type"), max_length=10, choices=Type)
    tekst = models.TextField(_("mål"))
    kilde = models.CharField(_("kilde"), max_length=10, choices=Kilde, blank=True)
    kilde_hvor = models.CharField(_("hvor det står"), max_length=300, blank=True)
    temaer = models.ManyToManyField(Tema, related_name="maal", blank=True, verbose_name=_("temaer"))
    eier = models.ForeignKey(
        Gruppe,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="maal",
        verbose_name=_("gruppe som svarer for målet"),
    )
    # The years one works towards it; without an end until it is closed.
    periode = DateRangeField(_("periode"), null=True, blank=True)
    tilstand = models.CharField(
        _("tilstand"), max_length=10, choices=Tilstand, default=Tilstand.UTKAST
    )
    hoeres_av = models.ForeignKey(
        Mottakere,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("høringen går til"),
    )
    hoering_til = models.DateField(_("svarfrist for høringen"), null=True, blank=True)
    status = models.CharField(
        _("hvor langt dere er kommet"), max_length=10, choices=Status, blank=True, default=""
    )
    vurdering = models.CharField(_("slik vurderer vi det selv"), max_length=500, blank=True)
    vurdert = models.DateField(_("vurdert"), null=True, blank=True)
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

    objects = MaalQuerySet.as_manager()

    class Meta:
        verbose_name = _("mål")
        verbose_name_plural = _("mål")
        ordering = ["rekkefolge", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(nivaa="nettverk", kommune__isnull=True, enhet__isnull=True)
                | Q(nivaa="kommune", kommune__isnull=False, enhet__isnull=True)
                | Q(nivaa="enhet", kommune__isnull=True, enhet__isnull=False),
                name="maal_har_sitt_sted",
            ),
            models.CheckConstraint(
                condition=Q(over__isnull=True) | ~Q(over=F("id")), name="maal_ikke_over_seg_selv"
            ),
            models.CheckConstraint(
                condition=Q(overtatt=False) | Q(over__isnull=False) & ~Q(nivaa="nettverk"),
                name="maal_overtatt_fra_noe",
            ),
            models.CheckConstraint(condition=~Q(tekst=""), name="maal_sier_noe"),
            models.CheckConstraint(
                condition=~Q(tilstand="hoering") | Q(hoering_til__isnull=False),
                name="maal_hoering_har_frist",
            ),
            models.CheckConstraint(
                condition=Q(status="", vurdering="", vurdert__isnull=True)
                | (~Q(status="") & ~Q(vurdering="") & Q(vurdert__isnull=False)),
                name="maal_vurdering_er_hel",
            ),
            # A kommune or a unit takes a goal once; one that is closed may be taken again.
            models.UniqueConstraint(
                fields=["over", "kommune"],
                condition=Q(overtatt=True, nivaa="kommune") & ~Q(tilstand="avsluttet"),
                name="maal_overtatt_en_gang_kommune",
            ),
            models.UniqueConstraint(
                fields=["over", "enhet"],
                condition=Q(overtatt=True, nivaa="enhet") & ~Q(tilstand="avsluttet"),
                name="maal_overtatt_en_gang_enhet",
            ),
        ]

    def __str__(self) -> str:
        return shorten(self.tekst, 80, placeholder=" …")

    @property
    def linjer(self) -> list[str]:
        """The lines that are commented on in a hearing."""
        return [linje.strip() for linje in self.tekst.splitlines() if linje.strip()]

    @property
    def er_utkast(self) -> bool:
        return self.tilstand == self.Tilstand.UTKAST

    @property
    def er_paa_hoering(self) -> bool:
        return self.tilstand == self.Tilstand.HOERING

    @property
    def er_avsluttet(self) -> bool:
        return self.tilstand == self.Tilstand.AVSLUTTET


# Its life is to be added.
@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent())
class Maalrunde(models.Model):
    """A step of a goal's way: sent to hearing, decided, revised, closed, opened again. The goal's words as they were
    then are kept with it."""

    class Slag(models.TextChoices):
        HOERING = "hoering", _("sendt på høring")
        UTKAST = "utkast", _("tatt tilbake som utkast")
        VEDTATT = "vedtatt", _("vedtatt")
        REVIDERT = "revidert", _("revidert")
        AVSLUTTET = "avsluttet", _("avsluttet")
        GJENAAPNET = "gjenaapnet", _("åpnet igjen")

    maal = models.ForeignKey(
        Maal, on_delete=models.CASCADE, related_name="runder", verbose_name=_("mål")
    )
    slag = models.CharField(_("hva som ble gjort"), max_length=10, choices=Slag)
    dato = models.DateField(_("dato"), default=timezone.localdate)
    hvor = models.CharField(_("hvor"), max_length=200, blank=True)
    grunn = models.CharField(_("begrunnelse"), max_length=500, blank=True)
    tekst = models.TextField(_("målet slik det lød"))
    av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("gjort av"),
    )
    opprettet = models.DateTimeField(_("opprettet"), auto_now_add=True)

    class Meta:
        verbose_name = _("runde for et mål")
        verbose_name_plural = _("runder for mål")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(slag="avsluttet") | ~Q(grunn=""),
                name="maalrunde_avsluttet_med_grunn",
            ),
        ]

    def __str__(self) -> str:
        return self.get_slag_display()


class MaalkommentarQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """With the goal: what is said in a hearing is read by all who read the goal."""
        return self.filter(maal__in=Maal.objects.visible_to(roller))


@pghistory.track()
class Maalkommentar(models.Model):
    """What somebody says of a goal in a hearing, of one line or of the whole, and what became of it."""

    class Utfall(models.TextChoices):
        VENTER = "", _("ikke vurdert")
        TATT_MED = "tatt_med", _("tatt med")
        IKKE_TATT_MED = "ikke_tatt_med", _("ikke tatt med")
        # It asked for nothing: «fint mål».
        TAKK = "takk", _("takk, ingen endring trengs")

    maal = models.ForeignKey(
        Maal, on_delete=models.CASCADE, related_name="kommentarer", verbose_name=_("mål")
    )
    # The words commented on, as they were: the line may have other words by now. Empty: the goal as a whole.
    linje = models.CharField(_("linje"), max_length=500, blank=True)
    tekst = models.CharField(_("kommentar"), max_length=1000)
    skrevet_av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("skrevet av"),
    )
    # Through which group, as it was then.
    gruppe = models.ForeignKey(
        Gruppe,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("for gruppa"),
    )
    skrevet = models.DateTimeField(_("skrevet"), auto_now_add=True)
    utfall = models.CharField(_("utfall"), max_length=14, choices=Utfall, blank=True, default="")
    svar = models.CharField(_("svar"), max_length=500, blank=True)

    objects = MaalkommentarQuerySet.as_manager()

    class Meta:
        verbose_name = _("kommentar til et mål")
        verbose_name_plural = _("kommentarer til mål")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(tekst=""), name="maalkommentar_sier_noe"),
            models.CheckConstraint(
                condition=Q(utfall__in=["", "takk"]) | ~Q(svar=""),
                name="maalkommentar_sier_hvorfor",
            ),
        ]

    def __str__(self) -> str:
        return shorten(self.tekst, 80, placeholder=" …")

    @property
    def nettverk(self) -> Nettverk:
        return self.maal.nettverk
