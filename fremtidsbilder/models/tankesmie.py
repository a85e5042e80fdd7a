"""A tankesmie: what people write together from questions, at tables and on phones, and the wall it is gathered on.

It knows no gathering: whoever holds one makes a tankesmie and leads people to it by its code. A network, a kommune, a
unit or a group may hold one of its own as well, and others may take it home.
"""

import datetime
import uuid
from typing import Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fremtidsbilder.models.fremtidsbilde import Tema
from kommuner.models import Enhet, Kommune
from kommuner.sortering import sorteringsfelt
from nettverk.models import Gruppe, Nettverk
from nettverk.tilgang.roller import Roller

MAKS_TEGN = 1000
SPORSMAAL_TEGN = 300
MAKS_BORD = 200
MAKS_PRIKKER = 10


@pghistory.track(exclude=["sortering"])
class Stemmegruppe(models.Model):
    """Whose voice it is: barn, elever, foresatte, ansatte, politikere, næringsliv, frivillige … as the network says it.
    A group of people, never a person."""

    nettverk = models.ForeignKey(
        Nettverk, on_delete=models.CASCADE, related_name="stemmegrupper", verbose_name=_("nettverk")
    )
    navn = models.CharField(_("navn"), max_length=60)
    # What they say is read first (`tankesmier.moderering.queue`).
    er_barn = models.BooleanField(_("barn eller elever"), default=False)
    rekkefolge = models.PositiveSmallIntegerField(_("rekkefølge"), default=100)
    sortering = sorteringsfelt("navn")

    class Meta:
        verbose_name = _("stemmegruppe")
        verbose_name_plural = _("stemmegrupper")
        ordering = ["rekkefolge", "sortering"]
        constraints = [
            models.UniqueConstraint(
                fields=["nettverk", "navn"],
                name="stemmegruppe_en_gang",
                violation_error_message=_("En annen stemmegruppe heter dette."),
            )
        ]

    def __str__(self) -> str:
        return self.navn


class TankesmieQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """The network's, for koordinator, PRO and EVA; those of the own kommune for the oppvekstansvarlig, of the own
        unit for its leader. Who has the code of an open one, reaches its pad and its wall without being anybody."""
        egne = self.filter(nettverk=roller.nettverk)
        if roller.er_koordinator or roller.er_pro or roller.er_eva:
            return egne
        hvor = Q(nivaa="kommune", kommune__in=roller.kommuner_ansvar)
        hvor |= Q(nivaa="enhet", enhet__in=roller.enheter_ledet)
        return egne.filter(hvor)

    def own(self) -> Self:
        """Those that are held for themselves, not at a gathering."""
        return self.filter(frittstaaende=True)

    def shared(self) -> Self:
        """Those of `own` that kommuner and units may take home."""
        return self.own().filter(deles=True)

    def open_at(self, naa: datetime.datetime) -> Self:
        """Those whose code opens the pad at that moment."""
        begynt = Q(aapen_fra__isnull=True) | Q(aapen_fra__lte=naa)
        varer = Q(aapen_til__isnull=True) | Q(aapen_til__gt=naa)
        return self.filter(begynt, varer, lukket__isnull=True)

    def from_same(self, tankesmie: "Tankesmie") -> Self:
        """Those that were taken home from it: by kommuner and units, and from a kommune by units."""
        return self.filter(Q(kopi_av=tankesmie) | Q(kopi_av__kopi_av=tankesmie))


@pghistory.track(exclude=["versjon", "kode"])
class Tankesmie(models.Model):
    """Questions that are answered together, by whoever has the code. Change through `fremtidsbilder.tankesmier`.

    `versjon` is raised in the transaction of every change (`stand.changed`), so that it follows the order of the
    commits: who has seen n, has seen all that came before it.
    """

    class Nivaa(models.TextChoices):
        NETTVERK = "nettverk", _("nettverk")
        KOMMUNE = "kommune", _("kommune")
        ENHET = "enhet", _("enhet")
        GRUPPE = "gruppe", _("gruppe")

    nettverk = models.ForeignKey(
        Nettverk, on_delete=models.CASCADE, related_name="tankesmier", verbose_name=_("nettverk")
    )
    tittel = models.CharField(_("tittel"), max_length=200)
    nivaa = models.CharField(_("nivå"), max_length=10, choices=Nivaa, default=Nivaa.NETTVERK)
    kommune = models.ForeignKey(
        Kommune,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tankesmier",
        verbose_name=_("kommune"),
    )
    enhet = models.ForeignKey(
        Enhet,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tankesmier",
        verbose_name=_("enhet"),
    )
    gruppe = models.ForeignKey(
        Gruppe,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tankesmier",
        verbose_name=_("gruppe"),
    )
    # Held for itself, and led from its own page; else from the gathering it is held at.
    frittstaaende = models.BooleanField(_("holdes for seg selv"), default=False)
    sted = models.CharField(_("sted"), max_length=150, blank=True)
    dato = models.DateField(_("dato"), null=True, blank=True)
    plan = models.TextField(
        _("plan"), blank=True, help_text=_("Hvordan dere gjør det, steg for steg.")
    )
    # The code opens the pad in this time; without an end until it is closed.
    aapen_fra = models.DateTimeField(_("åpen fra"), null=True, blank=True)
    aapen_til = models.DateTimeField(_("åpen til"), null=True, blank=True)
    # Whether those who write say whose voice it is, and who is asked.
    grupper = models.ManyToManyField(
        Stemmegruppe, related_name="tankesmier", blank=True, verbose_name=_("hvem som svarer")
    )
    # Kommuner and units may take it home («Bruk hos oss»); what they gather is seen from here.
    deles = models.BooleanField(_("andre kan bruke den hos seg"), default=False)
    kopi_av = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="kopier",
        verbose_name=_("hentet fra"),
    )
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
            models.CheckConstraint(
                condition=Q(
                    nivaa="nettverk", kommune__isnull=True, enhet__isnull=True, gruppe__isnull=True
                )
                | Q(nivaa="kommune", kommune__isnull=False, enhet__isnull=True, gruppe__isnull=True)
                | Q(nivaa="enhet", kommune__isnull=True, enhet__isnull=False, gruppe__isnull=True)
                | Q(nivaa="gruppe", kommune__isnull=True, enhet__isnull=True, gruppe__isnull=False),
                name="tankesmie_har_sitt_sted",
            ),
            models.CheckConstraint(
                condition=Q(aapen_til__isnull=True)
                | Q(aapen_fra__isnull=True)
                | Q(aapen_til__gt=F("aapen_fra")),
                name="tankesmie_aapen_til_etter_fra",
                violation_error_message=_("Den må stenge etter at den åpner."),
            ),
            models.CheckConstraint(
                condition=Q(kopi_av__isnull=True) | ~Q(kopi_av=F("id")),
                name="tankesmie_ikke_kopi_av_seg_selv",
            ),
            # A kommune or a unit takes it home once.
            models.UniqueConstraint(
                fields=["kopi_av", "kommune"],
                condition=Q(kopi_av__isnull=False, nivaa="kommune"),
                name="tankesmie_hentet_en_gang_kommune",
            ),
            models.UniqueConstraint(
                fields=["kopi_av", "enhet"],
                condition=Q(kopi_av__isnull=False, nivaa="enhet"),
                name="tankesmie_hentet_en_gang_enhet",
            ),
        ]

    def __str__(self) -> str:
        return self.tittel

    @property
    def er_over(self) -> bool:
        """The code opens nothing more: it is closed, or its time is out."""
        tiden_er_ute = self.aapen_til is not None and self.aapen_til <= timezone.now()
        return self.lukket is not None or tiden_er_ute

    @property
    def venter(self) -> bool:
        """Its time has not come."""
        return not self.er_over and self.aapen_fra is not None and self.aapen_fra > timezone.now()


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
    hjelp = models.TextField(
        _("hjelp til å komme i gang"),
        blank=True,
        help_text=_("Stikkord eller en start på setningen."),
    )
    kopi_av = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="kopier",
        verbose_name=_("hentet fra"),
    )
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
    # The network's theme that this one became part of: so walls of many tankesmier meet.
    tema = models.ForeignKey(
        Tema,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="klynger",
        verbose_name=_("nettverkets tema"),
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
    def visible_to(self, roller: Roller) -> Self:
        """All that are shown of the tankesmier that one leads; of the network's others what is approved, for members."""
        her = self.filter(sporsmaal__tankesmie__nettverk=roller.nettverk).shown()
        ser = Q(sporsmaal__tankesmie__in=Tankesmie.objects.visible_to(roller))
        return her.filter(ser | Q(avgjoerelse="godkjent") if roller.er_medlem else ser)

    def shown(self) -> Self:
        """Those that are neither hidden nor taken back."""
        return self.filter(skjult=False).exclude(tekst="")

    def approved(self) -> Self:
        """Those that somebody has read and let out to everybody."""
        return self.shown().filter(avgjoerelse="godkjent")


# Of a card history keeps where it was put and whether it was hidden: never the text, and never who wrote it, not even
# by telling that somebody who was signed in sent something. So nothing that the writer does is kept.
@pghistory.track(
    pghistory.UpdateEvent(),
    fields=["sporsmaal", "klynge", "skjult", "valgt", "avgjoerelse", "grunn"],
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
        PAA_VEGNE = "paavegne", _("på vegne av en gruppe")
        SKANNET = "skannet", _("skannet skjema")
        REGNEARK = "regneark", _("regneark")

    class Avgjoerelse(models.TextChoices):
        """What somebody who has read it says of showing it outside the tankesmie."""

        VENTER = "", _("ikke lest")
        GODKJENT = "godkjent", _("godkjent")
        HOLDT = "holdt", _("holdt tilbake")

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
    # Whose voice it is: a group, how many they were, and where. Never a person.
    gruppe = models.ForeignKey(
        Stemmegruppe,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="bidrag",
        verbose_name=_("hvem sin stemme"),
    )
    antall = models.PositiveSmallIntegerField(_("antall stemmer"), default=1, db_default=1)
    om_hvem = models.CharField(
        _("om dem"), max_length=80, blank=True, db_default="", help_text=_("For eksempel «4–5 år».")
    )
    kommune = models.ForeignKey(
        Kommune,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="bidrag",
        verbose_name=_("kommune"),
    )
    andre_klynger = models.ManyToManyField(
        Klynge, related_name="ogsaa", blank=True, verbose_name=_("står også i")
    )
    avgjoerelse = models.CharField(
        _("avgjørelse"), max_length=10, choices=Avgjoerelse, blank=True, default="", db_default=""
    )
    grunn = models.CharField(_("grunn"), max_length=200, blank=True, default="", db_default="")
    skanneside = models.ForeignKey(
        "fremtidsbilder.Skanneside",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="bidrag",
        verbose_name=_("skannet side"),
    )

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
            models.CheckConstraint(
                condition=Q(skjult=False) | ~Q(avgjoerelse="godkjent"),
                name="bidrag_skjult_er_ikke_godkjent",
            ),
            models.CheckConstraint(condition=Q(antall__gte=1), name="bidrag_antall"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class BidragsbildeQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """Those of approved cards, for everybody; the others for those who lead the tankesmie."""
        ledes = Tankesmie.objects.visible_to(roller)
        her = self.filter(bidrag__sporsmaal__tankesmie__nettverk=roller.nettverk)
        return her.filter(
            Q(bidrag__in=Bidrag.objects.approved()) | Q(bidrag__sporsmaal__tankesmie__in=ledes)
        )


@pghistory.track(pghistory.DeleteEvent())
class Bidragsbilde(models.Model):
    """A drawing or a photograph that goes with a card, without what the camera knew of the place. Who may see the
    card, sees it; outside the tankesmie only when the card is approved."""

    bidrag = models.ForeignKey(
        Bidrag, on_delete=models.CASCADE, related_name="bilder", verbose_name=_("bidrag")
    )
    fil = models.FileField(_("fil"), upload_to="vedlegg/%Y/%m/", max_length=200)
    liten = models.FileField(_("mindre utgave"), upload_to="vedlegg/%Y/%m/", max_length=200)
    mimetype = models.CharField(_("filtype"), max_length=100)
    bytes = models.PositiveIntegerField(_("størrelse i byte"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    alternativ_tekst = models.CharField(_("beskrivelse av bildet"), max_length=300, blank=True)
    lastet_opp = models.DateTimeField(_("lastet opp"), auto_now_add=True)

    objects = BidragsbildeQuerySet.as_manager()

    class Meta:
        verbose_name = _("bilde til et bidrag")
        verbose_name_plural = _("bilder til bidrag")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["bidrag", "sha256"], name="bidragsbilde_en_gang"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


@pghistory.track(exclude=["fil"])
class Skannebunke(models.Model):
    """Forms on paper that were scanned together: each page is read by a person, who writes it in and approves it."""

    tankesmie = models.ForeignKey(
        Tankesmie, on_delete=models.CASCADE, related_name="bunker", verbose_name=_("tankesmie")
    )
    # What the pages answer and whose they are, where a page does not say otherwise.
    sporsmaal = models.ForeignKey(
        Samtalesporsmaal,
        on_delete=models.CASCADE,
        related_name="bunker",
        verbose_name=_("spørsmål"),
    )
    gruppe = models.ForeignKey(
        Stemmegruppe,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("hvem sin stemme"),
    )
    navn = models.CharField(_("filnavn"), max_length=150)
    # What was scanned, until it has been parted in pages.
    fil = models.FileField(_("fil"), upload_to="skannet/%Y/%m/", max_length=200, blank=True)
    bytes = models.PositiveIntegerField(_("størrelse i byte"))
    lagt_inn_av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("lagt inn av"),
    )
    lagt_inn = models.DateTimeField(_("lagt inn"), auto_now_add=True)

    class Meta:
        verbose_name = _("skannet bunke")
        verbose_name_plural = _("skannede bunker")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.navn


@pghistory.track(exclude=["bilde"])
class Skanneside(models.Model):
    """A page of a bundle. Its picture is taken away some days after the page was written in."""

    class Tilstand(models.TextChoices):
        VENTER = "venter", _("venter")
        SKREVET = "skrevet", _("skrevet inn")
        HOPPET_OVER = "hoppet", _("hoppet over")

    bunke = models.ForeignKey(
        Skannebunke, on_delete=models.CASCADE, related_name="sider", verbose_name=_("bunke")
    )
    nummer = models.PositiveSmallIntegerField(_("side"))
    bilde = models.FileField(_("bilde"), upload_to="skannet/%Y/%m/", max_length=200, blank=True)
    bytes = models.PositiveIntegerField(_("størrelse i byte"))
    tilstand = models.CharField(
        _("tilstand"), max_length=8, choices=Tilstand, default=Tilstand.VENTER
    )
    behandlet = models.DateTimeField(_("behandlet"), null=True, blank=True)

    class Meta:
        verbose_name = _("skannet side")
        verbose_name_plural = _("skannede sider")
        ordering = ["nummer"]
        constraints = [
            models.UniqueConstraint(fields=["bunke", "nummer"], name="skanneside_nummer_en_gang"),
            models.CheckConstraint(
                condition=Q(tilstand="venter", behandlet__isnull=True)
                | (~Q(tilstand="venter") & Q(behandlet__isnull=False)),
                name="skanneside_behandlet_naar",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nummer}"


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
