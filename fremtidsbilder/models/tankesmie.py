"""A tankesmie: what people write together from questions, at tables and on phones, and the wall it is gathered on.

It knows no gathering: whoever holds one makes a tankesmie and leads people to it by its code.
"""

import uuid
from typing import Self

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nettverk.models import Nettverk
from nettverk.tilgang.roller import Roller

MAKS_TEGN = 1000
SPORSMAAL_TEGN = 300
MAKS_BORD = 200
MAKS_PRIKKER = 10


class TankesmieQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """The network's, for those who hold them: koordinator, PRO and EVA. Who has the code of an open one, reaches
        its pad and its wall without being anybody."""
        egne = self.filter(nettverk=roller.nettverk)
        return egne if roller.er_koordinator or roller.er_pro or roller.er_eva else egne.none()


@pghistory.track(exclude=["versjon", "kode"])
class Tankesmie(models.Model):
    """Questions that are answered together, by whoever has the code. Change through `fremtidsbilder.tankesmier`.

    `versjon` is raised in the transaction of every change (`stand.changed`), so that it follows the order of the
    commits: who has seen n, has seen all that came before it.
    """

    nettverk = models.ForeignKey(
        Nettverk, on_delete=models.CASCADE, related_name="tankesmier", verbose_name=_("nettverk")
    )
    tittel = models.CharField(_("tittel"), max_length=200)
    kode = models.CharField(_("kode"), max_length=12, unique=True)
    antall_bord = models.PositiveSmallIntegerField(
        _("antall bord"), default=0, help_text=_("0 når dere ikke sitter ved bord.")
    )
    lukket = models.DateTimeField(_("lukket"), null=True, blank=True)
    versjon = models.BigIntegerField(_("versjon"), default=0)
    opprettet = models.DateTimeField(_("opprettet"), auto_now_add=True)

    objects = TankesmieQuerySet.as_manager()

    class Meta:
        verbose_name = _("tankesmie")
        verbose_name_plural = _("tankesmier")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(antall_bord__lte=MAKS_BORD), name="tankesmie_antall_bord"
            ),
        ]

    def __str__(self) -> str:
        return self.tittel


class SamtalesporsmaalQuerySet(models.QuerySet):
    def started(self) -> Self:
        """Those that are or have been open, the one opened last first: the one that the pads, the walls and the
        screens are at."""
        return self.exclude(status=Samtalesporsmaal.Status.KOMMENDE).order_by("-aapnet", "-pk")


@pghistory.track()
class Samtalesporsmaal(models.Model):
    """One question: it comes, is open for writing, and is frozen. At most one of a tankesmie is open at a time."""

    class Status(models.TextChoices):
        KOMMENDE = "kommende", _("ikke begynt")
        AAPENT = "aapent", _("åpent")
        FROSSET = "frosset", _("stengt")

    tankesmie = models.ForeignKey(
        Tankesmie, on_delete=models.CASCADE, related_name="sporsmaal", verbose_name=_("tankesmie")
    )
    tekst = models.CharField(_("spørsmål"), max_length=SPORSMAAL_TEGN)
    rekkefolge = models.PositiveSmallIntegerField(_("rekkefølge"), default=0)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.KOMMENDE)
    # The last time: it may be opened again.
    aapnet = models.DateTimeField(_("åpnet"), null=True, blank=True)
    frosset = models.DateTimeField(_("stengt"), null=True, blank=True)
    # Until when one is asked to write. It closes nothing by itself.
    frist = models.DateTimeField(_("skriv til"), null=True, blank=True)
    prikker = models.PositiveSmallIntegerField(
        _("prikker til hver telefon"), default=0, help_text=_("0 når det ikke stemmes.")
    )

    objects = SamtalesporsmaalQuerySet.as_manager()

    class Meta:
        verbose_name = _("spørsmål i en tankesmie")
        verbose_name_plural = _("spørsmål i tankesmier")
        ordering = ["rekkefolge", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tankesmie"],
                condition=Q(status="aapent"),
                name="samtalesporsmaal_ett_aapent",
            ),
            models.CheckConstraint(
                condition=Q(prikker__lte=MAKS_PRIKKER), name="samtalesporsmaal_prikker"
            ),
            models.CheckConstraint(
                condition=Q(status="kommende") | Q(aapnet__isnull=False),
                name="samtalesporsmaal_aapnet_naar",
            ),
            models.CheckConstraint(
                condition=Q(status="frosset", frosset__isnull=False)
                | (~Q(status="frosset") & Q(frosset__isnull=True)),
                name="samtalesporsmaal_frosset_naar",
            ),
        ]

    def __str__(self) -> str:
        return self.tekst

    @property
    def nettverk(self) -> Nettverk:
        return self.tankesmie.nettverk

    @property
    def er_aapent(self) -> bool:
        return self.status == self.Status.AAPENT

    @property
    def er_kommende(self) -> bool:
        return self.status == self.Status.KOMMENDE

    @property
    def kan_stemmes(self) -> bool:
        """Dots may be given now, as far as the question goes."""
        return self.prikker > 0 and not self.er_kommende


@pghistory.track()
class Klynge(models.Model):
    """A theme on the wall: cards that belong together.

    One that is merged into another (`inn_i`) stays, with its name and its own cards, so that they can be parted
    again; its cards are shown in the other.
    """

    sporsmaal = models.ForeignKey(
        Samtalesporsmaal,
        on_delete=models.CASCADE,
        related_name="klynger",
        verbose_name=_("spørsmål"),
    )
    navn = models.CharField(_("navn"), max_length=100)
    rekkefolge = models.PositiveIntegerField(_("rekkefølge"), default=0)
    inn_i = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="slaatt_inn",
        verbose_name=_("slått sammen med"),
    )

    class Meta:
        verbose_name = _("tema på en vegg")
        verbose_name_plural = _("temaer på en vegg")
        ordering = ["rekkefolge", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["sporsmaal", "navn"], name="klynge_ett_navn"),
            models.CheckConstraint(
                condition=Q(inn_i__isnull=True) | ~Q(inn_i=F("id")), name="klynge_ikke_i_seg_selv"
            ),
        ]

    def __str__(self) -> str:
        return self.navn


class BidragQuerySet(models.QuerySet):
    def shown(self) -> Self:
        """Those that are neither hidden nor taken back."""
        return self.filter(skjult=False).exclude(tekst="")


# Of a card history keeps where it was put and whether it was hidden: never the text, and never who wrote it, not even
# by telling that somebody who was signed in sent something. So nothing that the writer does is kept.
@pghistory.track(
    pghistory.UpdateEvent(),
    fields=["sporsmaal", "klynge", "skjult", "valgt"],
    model_name="BidragEvent",
)
class Bidrag(models.Model):
    """A card: what somebody wrote to a question, at a table or alone. Nobody knows who.

    `nokkel` is made on the phone and shown to nobody else: who has it may write the text anew. The newest `utgave`
    stands, so that a late copy of an older one changes nothing. A text that is taken back or erased is empty; its row
    stays, or an old copy would come in as new.
    """

    class Kilde(models.TextChoices):
        TELEFON = "telefon", _("telefon")
        PAPIR = "papir", _("papir")

    nokkel = models.UUIDField(_("nøkkel"), unique=True, null=True, default=uuid.uuid4)
    sporsmaal = models.ForeignKey(
        Samtalesporsmaal,
        on_delete=models.CASCADE,
        related_name="bidrag",
        verbose_name=_("spørsmål"),
    )
    bord = models.PositiveSmallIntegerField(_("bord"), null=True, blank=True)
    tekst = models.CharField(_("tekst"), max_length=MAKS_TEGN, blank=True)
    utgave = models.PositiveIntegerField(_("utgave"), default=1)
    klynge = models.ForeignKey(
        Klynge,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="bidrag",
        verbose_name=_("tema"),
    )
    skjult = models.BooleanField(_("skjult"), default=False)
    # Picked for the summary of what was said.
    valgt = models.BooleanField(_("valgt ut"), default=False)
    kilde = models.CharField(_("kilde"), max_length=8, choices=Kilde, default=Kilde.TELEFON)
    skrevet = models.DateTimeField(_("skrevet"), default=timezone.now)

    objects = BidragQuerySet.as_manager()

    class Meta:
        verbose_name = _("bidrag")
        verbose_name_plural = _("bidrag")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(skjult=False) | Q(valgt=False), name="bidrag_skjult_er_ikke_valgt"
            ),
            models.CheckConstraint(
                condition=Q(bord__isnull=True) | Q(bord__gte=1, bord__lte=MAKS_BORD),
                name="bidrag_bord",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class Prikk(models.Model):
    """A dot: one phone's vote for a card. How many a phone has, is held by `fremtidsbilder.tankesmier.prikker`."""

    bidrag = models.ForeignKey(
        Bidrag, on_delete=models.CASCADE, related_name="prikker", verbose_name=_("bidrag")
    )
    # The phone; forgotten when the tankesmie has been closed for a while.
    velger = models.UUIDField(_("telefon"), null=True)

    class Meta:
        verbose_name = _("prikk")
        verbose_name_plural = _("prikker")
        constraints = [
            models.UniqueConstraint(fields=["bidrag", "velger"], name="prikk_en_gang"),
        ]

    def __str__(self) -> str:
        return f"{self.bidrag_id}"
