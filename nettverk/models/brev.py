"""A letter: one row per letter and recipient, from the moment it is written until its fate is known."""

import datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, Exists, F, Min, OuterRef, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nettverk.arbeid.gjelder import gjelder
from nettverk.models.jobb import Jobb
from nettverk.models.nettverk import Nettverk

if TYPE_CHECKING:
    from nettverk.tilgang.roller import Roller


class BrevQuerySet(models.QuerySet):
    def visible_to(self, roller: "Roller") -> Self:
        """The network's letters: all for coordinator and KOG, else those one sent oneself.

        Mail about sign-in belongs to no network, and is seen by nobody here.
        """
        if not roller.person.is_authenticated:
            return self.none()
        egne = self.filter(nettverk=roller.nettverk)
        return egne if roller.er_kog else egne.filter(bestilt_av=roller.person)

    def about(self, ting: models.Model) -> Self:
        return self.filter(gjelder=gjelder(ting))

    def waiting(self) -> Self:
        """Written, and nobody has begun to send it."""
        return self.filter(tilstand=Brev.Tilstand.VENTER)

    def unsent(self) -> Self:
        """Waiting, or failed and may be tried again."""
        return self.filter(tilstand__in=[Brev.Tilstand.VENTER, *Brev.Tilstand.mislykkede()])

    def claimable(self) -> Self:
        """Waiting, and no earlier letter about the same is on its way to the same address: what was
        written first arrives first."""
        foran = Brev.objects.filter(
            epost=OuterRef("epost"),
            gjelder=OuterRef("gjelder"),
            pk__lt=OuterRef("pk"),
            tilstand=Brev.Tilstand.SENDER,
        )
        return self.waiting().filter(~Exists(foran))

    def abandoned(self) -> Self:
        """Claimed by a worker that has not been heard of since its lease ran out."""
        return self.filter(tilstand=Brev.Tilstand.SENDER, leie_til__lt=timezone.now())

    def stuck(self) -> bool:
        """Whether the networks' letters wait and none goes: the mail server is away, or no worker sends
        them. What has waited for a day is sent by a person, if at all."""
        naa = timezone.now()
        lenge, for_lenge = naa - datetime.timedelta(minutes=10), naa - datetime.timedelta(days=1)
        venter = self.waiting().filter(nettverk__isnull=False)
        return (
            venter.filter(opprettet__lt=lenge, opprettet__gt=for_lenge).exists()
            and not self.filter(sendt__gt=lenge).exists()
        )

    def told(self) -> Self:
        """Those the recipient has, may have, or has any moment."""
        return self.filter(
            Q(tilstand__in=[Brev.Tilstand.SENDT, Brev.Tilstand.SENDER])
            | Q(tilstand=Brev.Tilstand.FEILET, grunn=Brev.Grunn.UVISST)
        )

    def per_sending(self) -> models.QuerySet:
        """One dict per sending, the newest first: what, about what, when, by whom, and how many of each."""
        return (
            self.values("sending", "slag", "gjelder")
            .annotate(naar=Min("opprettet"), **_antall())
            .order_by("-naar", "sending")
        )

    def by_need(self) -> Self:
        """Those that somebody must look at first, then those that wait, then by name."""
        t = Brev.Tilstand
        trenger = Case(
            When(tilstand__in=t.mislykkede(), then=0),
            When(tilstand__in=[t.VENTER, t.SENDER], then=1),
            default=2,
        )
        return self.order_by(trenger, "til__sortering", "pk")

    def counts(self) -> dict[str, int]:
        """How many there are of each: alle, venter, sendt, mislykket, trukket."""
        return self.aggregate(**_antall())

    def fared(self, hvordan: str) -> Self:
        """Those that `counts` counts under that name."""
        return self.filter(tilstand__in=_TILSTANDER[hvordan])

    def count_sendinger(self) -> dict[str, int]:
        """As `counts`, in how many sendings there is one."""
        return self.aggregate(**_antall("sending", distinct=True))

    def failed(self) -> Self:
        """Not sent, or not known to be; a person may choose to try again."""
        return self.filter(tilstand__in=Brev.Tilstand.mislykkede())

    def end(self, tilstand: str, **felt: Any) -> int:
        """Write how it went; returns how many. The text of a secret letter goes with it, unless it is to
        be tried again."""
        igjen = tilstand == Brev.Tilstand.VENTER or felt.get("grunn") == Brev.Grunn.MIDLERTIDIG
        if not igjen:
            felt["tekst"] = Case(
                When(hemmelig=True, then=Value("")),
                default=F("tekst"),
                output_field=models.TextField(),
            )
        return self.update(tilstand=tilstand, leie_til=None, **felt)


def _antall(hva: str = "pk", *, distinct: bool = False) -> dict[str, Count]:
    return {"alle": Count(hva, distinct=distinct)} | {
        navn: Count(hva, filter=Q(tilstand__in=tilstander), distinct=distinct)
        for navn, tilstander in _TILSTANDER.items()
    }


class Brev(models.Model):
    """One letter to one person: what, to whom, when, and how it went. Every mail the portal sends is one.

    Written by `nettverk.arbeid.brev.queue`, sent by `nettverk.arbeid.utsending`. Message-ID and date
    are made once, so that a letter tried again is the same letter. It is itself a log, and has no
    history beside it. The text is kept for a year; that of a secret letter lies here sealed until the
    letter is sent or given up, and not a moment longer.
    """

    class Tilstand(models.TextChoices):
        VENTER = "venter", _("venter")
        SENDER = "sender", _("sendes nå")
        SENDT = "sendt", _("sendt")
        AVVIST = "avvist", _("avvist")
        FEILET = "feilet", _("feilet")
        TRUKKET = "trukket", _("trukket tilbake")

        @classmethod
        def mislykkede(cls) -> list[str]:
            return [cls.AVVIST, cls.FEILET]

    class Grunn(models.TextChoices):
        ADRESSE = "adresse", _("Mottakerens e-posttjener tok ikke imot e-posten.")
        INNHOLD = "innhold", _("E-posttjeneren ville ikke sende e-posten.")
        MIDLERTIDIG = "midlertidig", _("Mottakerens e-posttjener ba oss vente. Vi prøver igjen.")
        UVISST = "uvisst", _("Sendingen ble avbrutt, så vi vet ikke om e-posten kom frem.")
        FORSENT = "forsent", _("E-posten ble ikke sendt i tide.")

    nettverk = models.ForeignKey(
        Nettverk,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="brev",
        verbose_name=_("nettverk"),
    )
    til = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="brev",
        verbose_name=_("til"),
    )
    epost = models.EmailField(_("e-postadresse"))
    slag = models.CharField(_("slag"), max_length=50)
    gjelder = models.CharField(_("gjelder"), max_length=100, blank=True)
    # The letters that one act made: they are shown and tried again together.
    sending = models.UUIDField(_("sending"))
    spraak = models.CharField(_("språk"), max_length=2)
    emne = models.CharField(_("emne"), max_length=300, blank=True)
    tekst = models.TextField(_("tekst"), blank=True)
    # The code for signing in: subject and text are sealed together in `tekst` (`nettverk.sikkerhet.forsegling`).
    hemmelig = models.BooleanField(_("hemmelig"), default=False, editable=False)
    # A calendar file that follows the letter; its METHOD stands in the file and in the mail's header.
    kalender = models.TextField(_("kalender"), blank=True)
    metode = models.CharField(_("kalendermetode"), max_length=10, blank=True)
    melding_id = models.CharField(_("meldings-ID"), max_length=150, unique=True)
    dato = models.DateTimeField(_("skrevet"), default=timezone.now)
    noekkel = models.CharField(_("nøkkel"), max_length=200, unique=True)
    tilstand = models.CharField(
        _("tilstand"), max_length=10, choices=Tilstand, default=Tilstand.VENTER
    )
    grunn = models.CharField(_("grunn"), max_length=12, choices=Grunn, blank=True)
    forsok = models.PositiveSmallIntegerField(_("forsøk"), default=0)
    # The last attempt's own mark: only that attempt may say how it went.
    leie = models.UUIDField(_("leie"), null=True, blank=True)
    leie_til = models.DateTimeField(_("leie til"), null=True, blank=True)
    svar = models.CharField(_("svar fra e-posttjeneren"), max_length=300, blank=True)
    sendt = models.DateTimeField(_("sendt"), null=True, blank=True)
    bestilt_av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("bestilt av"),
    )
    jobb = models.ForeignKey(
        Jobb,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="brev",
        verbose_name=_("jobb"),
    )
    opprettet = models.DateTimeField(_("opprettet"), default=timezone.now)

    objects = BrevQuerySet.as_manager()

    class Meta:
        verbose_name = _("e-post")
        verbose_name_plural = _("e-poster")
        ordering = ["-opprettet", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(tilstand="sendt", sendt__isnull=False)
                | (~Q(tilstand="sendt") & Q(sendt__isnull=True)),
                name="brev_sendt_har_tidspunkt",
            ),
            models.CheckConstraint(
                condition=Q(tilstand="sender", leie__isnull=False, leie_til__isnull=False)
                | (~Q(tilstand="sender") & Q(leie_til__isnull=True)),
                name="brev_sendes_under_leie",
            ),
            models.CheckConstraint(
                condition=(Q(tilstand__in=["avvist", "feilet"]) & ~Q(grunn=""))
                | (~Q(tilstand__in=["avvist", "feilet"]) & Q(grunn="")),
                name="brev_mislykket_har_grunn",
            ),
            models.CheckConstraint(
                condition=Q(kalender="", metode="") | (~Q(kalender="") & ~Q(metode="")),
                name="brev_kalender_har_metode",
            ),
            models.CheckConstraint(
                condition=Q(hemmelig=False)
                | Q(emne="", tekst="")
                | Q(emne="", tilstand__in=["venter", "sender"])
                | Q(emne="", tilstand="feilet", grunn="midlertidig"),
                name="brev_hemmelig_slettes",
            ),
        ]
        indexes = [
            models.Index(
                fields=["gjelder", "id"],
                condition=Q(tilstand__in=["venter", "sender"]),
                name="brev_aa_sende",
            ),
            models.Index(fields=["nettverk", "-opprettet"], name="brev_nettverk_opprettet"),
            models.Index(fields=["gjelder", "slag"], name="brev_gjelder_slag"),
            models.Index(fields=["sending"], name="brev_sending"),
            models.Index(fields=["opprettet"], condition=Q(nettverk=None), name="brev_om_kontoen"),
        ]

    def __str__(self) -> str:
        return f"{self.slag} {self.epost} ({self.get_tilstand_display()})"

    @property
    def er_mislykket(self) -> bool:
        return self.tilstand in self.Tilstand.mislykkede()

    @property
    def har_tekst(self) -> bool:
        return bool(self.tekst)

    @property
    def tidspunkt(self) -> datetime.datetime:
        """When it was sent, else when it was written."""
        return self.sendt or self.opprettet


_TILSTANDER = {
    "venter": [Brev.Tilstand.VENTER, Brev.Tilstand.SENDER],
    "sendt": [Brev.Tilstand.SENDT],
    "mislykket": Brev.Tilstand.mislykkede(),
    "trukket": [Brev.Tilstand.TRUKKET],
}
