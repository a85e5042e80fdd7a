"""The regional network and the kommuner that belong to it, from–to."""

import datetime
from collections.abc import Iterable
from typing import Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from kommuner.gyldighet import GyldighetMixin, GyldighetQuerySet, idag, ikke_samtidig
from kommuner.models import Enhet, Kommune, Kommunenavn, Plassering
from kommuner.models.enhet import EnhetQuerySet
from kommuner.models.kommune import KommuneQuerySet
from kommuner.sortering import sorteringsfelt
from nettverk.models.antatt import AntattMixin
from nettverk.models.rolle import Rolle

# First parts of addresses that belong to the installation, so never to a network.
RESERVERTE_ADRESSER = frozenset(
    [
        "admin",
        "b",
        "demo",
        "e",
        "fil",
        "healthz",
        "helse",
        "i",
        "konto",
        "media",
        "oppstart",
        "personvern",
        "sikkerhetslogg",
        "sok",
        "spraak",
        "static",
        "tilgjengelighet",
    ]
)

# A day that every year has, as month and day: «08-15».
_DAG_I_AARET = r"^((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))$"


def er_roller(verdier: Iterable[str]) -> None:
    """Every one of `verdier` (a list, or the keys of a mapping) is a role."""
    if ukjente := [str(v) for v in verdier if v not in Rolle.values]:
        raise ValidationError(_("Ukjent rolle: %(roller)s."), params={"roller": ", ".join(ukjente)})


def ikke_reservert(slug: str) -> None:
    if slug in RESERVERTE_ADRESSER:
        raise ValidationError(
            _("Adressen «%(slug)s» er reservert for portalen."), params={"slug": slug}
        )


class Aksent(models.TextChoices):
    """The colours a network may have: tested for contrast in light, dark and print (nettverk/frontend)."""

    HAV = "hav", _("hav")
    BLAATIME = "blaatime", _("blåtime")
    LYNG = "lyng", _("lyng")
    SKOG = "skog", _("skog")
    RUST = "rust", _("rust")
    SKIFER = "skifer", _("skifer")


class Horisont(models.TextChoices):
    """The drawings a network may have behind its name (templates/components/horisont)."""

    KYST = "kyst", _("øyer og åpent hav")
    FJORD = "fjord", _("fjell og fjord")
    TINDER = "tinder", _("tinder og midnattssol")


@pghistory.track(exclude=["sortering"])
class Nettverk(models.Model):
    """A regional network (oppvekstnettverk) of municipalities that develop practice together."""

    slug = models.SlugField(_("adresse"), unique=True, validators=[ikke_reservert])
    navn = models.CharField(_("navn"), max_length=100)
    kortnavn = models.CharField(
        _("kortnavn"), max_length=40, help_text=_("Regionen, for eksempel «Nordmøre».")
    )
    maalform = models.CharField(
        _("målform"),
        max_length=2,
        choices=[("nb", _("bokmål")), ("nn", _("nynorsk"))],
        default="nb",
    )
    visjon = models.CharField(_("visjon"), max_length=200, blank=True)
    undertittel = models.CharField(_("undertittel"), max_length=200, blank=True)
    hovedmaal = models.TextField(_("hovedmål"), blank=True)
    om = models.TextField(_("om nettverket"), blank=True, help_text=_("Markdown."))
    fokus_innledning = models.CharField(
        _("innledning til fokusområdene"), max_length=300, blank=True
    )
    fokus_overskrift = models.CharField(
        _("overskrift over fokusområdene"),
        max_length=100,
        blank=True,
        help_text=_("Tom: «Fokusområder»."),
    )
    fokusomraader = ArrayField(
        models.CharField(max_length=400), verbose_name=_("fokusområder"), default=list, blank=True
    )
    arbeidsmaater = ArrayField(
        models.CharField(max_length=400), verbose_name=_("arbeidsmåter"), default=list, blank=True
    )
    paakrevde_roller = ArrayField(
        models.CharField(max_length=20),
        verbose_name=_("roller en utviklingsgruppe må ha"),
        default=list,
        blank=True,
        validators=[er_roller],
    )
    roller_merknad = models.CharField(
        _("merknad om rollene"),
        max_length=300,
        blank=True,
        help_text=_("Sier hva som er antatt om rollene hver gruppe må ha."),
    )
    egne_rollenavn = models.JSONField(
        _("egne navn på rollene"),
        default=dict,
        blank=True,
        validators=[er_roller],
        help_text=_("Rollen og navnet nettverket bruker, på nettverkets egen målform."),
    )
    uten_deler = ArrayField(
        models.CharField(max_length=30),
        verbose_name=_("deler av portalen som ikke er i bruk"),
        default=list,
        blank=True,
        help_text=_("Tom: alle deler er i bruk."),
    )
    nettsted = models.URLField(_("nettsted"), blank=True)
    aksent = models.CharField(_("farge"), max_length=10, choices=Aksent.choices, default=Aksent.HAV)
    horisont = models.CharField(
        _("horisont"), max_length=10, choices=Horisont.choices, default=Horisont.KYST
    )
    er_offentlig = models.BooleanField(_("har offentlig side"), default=True)
    er_testdata = models.BooleanField(_("laget for måling"), default=False)
    rekkefolge = models.PositiveSmallIntegerField(_("rekkefølge"), default=100)
    satt_opp = models.DateField(
        _("satt opp"),
        null=True,
        blank=True,
        help_text=_("Til da står lista «Kom i gang» hos koordinatoren."),
    )
    tosteg_fra = models.DateField(
        _("passnøkkel eller app kreves fra"),
        null=True,
        blank=True,
        help_text=_("Gjelder dem som koordinerer nettverket."),
    )
    bekreftes_fra = models.CharField(
        _("utviklingsgruppene bekreftes fra"),
        max_length=5,
        blank=True,
        default="08-15",
        validators=[RegexValidator(_DAG_I_AARET)],
        help_text=_("Måned og dag, hvert år. Tom: lederne spørres ikke."),
    )
    tilgjengelighetserklaering_url = models.URLField(_("tilgjengelighetserklæring"), blank=True)
    sortering = sorteringsfelt("navn")

    class Meta:
        verbose_name = _("nettverk")
        verbose_name_plural = _("nettverk")
        ordering = ["rekkefolge", "sortering"]
        constraints = [
            models.UniqueConstraint(
                Lower("navn"),
                name="nettverk_ett_navn",
                violation_error_message=_("Et annet nettverk har dette navnet."),
            ),
            models.CheckConstraint(
                condition=models.Q(aksent__in=Aksent.values), name="nettverk_aksent_finnes"
            ),
            models.CheckConstraint(
                condition=models.Q(horisont__in=Horisont.values), name="nettverk_horisont_finnes"
            ),
            models.CheckConstraint(
                condition=~models.Q(slug__in=sorted(RESERVERTE_ADRESSER)),
                name="nettverk_adresse_ikke_reservert",
                violation_error_message=_("Adressen er reservert for portalen."),
            ),
            models.CheckConstraint(
                condition=models.Q(paakrevde_roller__contained_by=Rolle.values),
                name="nettverk_krever_kjente_roller",
            ),
            models.CheckConstraint(
                condition=models.Q(bekreftes_fra="") | models.Q(bekreftes_fra__regex=_DAG_I_AARET),
                name="nettverk_bekreftes_fra_en_dag",
                violation_error_message=_("Velg en dag som finnes hvert år."),
            ),
        ]

    def __str__(self) -> str:
        return self.navn

    @property
    def nettverk(self) -> Self:
        """Itself, so that a permission is asked of a network as of anything in it."""
        return self

    @property
    def krever_tosteg(self) -> bool:
        """Whether a code by e-mail alone no longer gives rights over others here."""
        return self.tosteg_fra is not None and self.tosteg_fra <= idag()

    @property
    def spurt_siden(self) -> datetime.date | None:
        """The day from which the leaders have last been asked to confirm their groups; None when the
        network does not ask."""
        if not self.bekreftes_fra:
            return None
        maaned, dag = map(int, self.bekreftes_fra.split("-"))
        i_aar = idag().replace(month=maaned, day=dag)
        return i_aar if i_aar <= idag() else i_aar.replace(year=i_aar.year - 1)

    def uses(self, del_: str) -> bool:
        """Whether the network uses that part of the portal (the key of a `Portaldel`, or of a choice
        within it, «part.choice»). No query."""
        return del_ not in self.uten_deler

    def rollenavn(self, rolle: str) -> str:
        """What the network calls a role, in its written form; the portal's word when it has none.

        On a page: `nettverk.side.innhold.rolle_i`, which marks it.
        """
        if eget := self.egne_rollenavn.get(rolle):
            return eget
        with override(self.maalform):
            return str(Rolle(rolle).label)

    def kommuner(self, dato: datetime.date | None = None) -> KommuneQuerySet:
        """The municipalities of the network on `dato`: ten in 2018 and eight today, for Nordmøre."""
        medlemskap = self.medlemskap.gyldig(dato)
        return Kommune.objects.filter(pk__in=medlemskap.values("kommune"))

    def enheter(self, dato: datetime.date | None = None) -> EnhetQuerySet:
        """The units that exist and lie in the network's municipalities on `dato`."""
        return Enhet.objects.gyldig(dato).in_kommuner(self.kommuner(dato).values("pk"), dato)


class MedlemskapQuerySet(GyldighetQuerySet):
    def in_order(self) -> Self:
        return self.select_related("kommune").order_by("kommune__sortering")

    def with_navn(self, dato: datetime.date) -> Self:
        """Adds `navn_da`: what the kommune was called on `dato`."""
        da = Kommunenavn.objects.filter(kommune=OuterRef("kommune")).gyldig(dato)
        return self.annotate(navn_da=Coalesce(Subquery(da.values("navn")[:1]), "kommune__navn"))

    def with_antall_enheter(self, dato: datetime.date) -> Self:
        """Adds `antall_enheter`: how many units existed in the kommune on `dato`."""
        return self.annotate(antall_enheter=Coalesce(_enheter_in(OuterRef("kommune"), dato), 0))


def _enheter_in(kommune: OuterRef, dato: datetime.date) -> Subquery:
    her = (
        Plassering.objects.filter(kommune=kommune, enhet__gyldig__contains=dato)
        .gyldig(dato)
        .order_by()
        .values("kommune")
        .annotate(n=Count("*"))
    )
    return Subquery(her.values("n"))


@pghistory.track()
class Medlemskap(AntattMixin, GyldighetMixin):
    """A kommune in a network, from–to, and its tile on the network's schematic map."""

    nettverk = models.ForeignKey(
        Nettverk, on_delete=models.CASCADE, related_name="medlemskap", verbose_name=_("nettverk")
    )
    kommune = models.ForeignKey(
        Kommune, on_delete=models.PROTECT, related_name="medlemskap", verbose_name=_("kommune")
    )
    # Both empty: not placed yet, and drawn where there is room (`nettverk.side.kart`).
    kart_kolonne = models.PositiveSmallIntegerField(_("kolonne på kartet"), null=True, blank=True)
    kart_rad = models.PositiveSmallIntegerField(_("rad på kartet"), null=True, blank=True)

    # Added by `with_navn` and `with_antall_enheter`.
    navn_da: str
    antall_enheter: int

    objects = MedlemskapQuerySet.as_manager()

    class Meta:
        verbose_name = _("medlemskap")
        verbose_name_plural = _("medlemskap")
        ordering = ["nettverk", "gyldig"]
        constraints = [
            ikke_samtidig(
                "medlemskap_ikke_samtidig",
                "nettverk",
                "kommune",
                melding=_("Kommunen er allerede med i nettverket i denne perioden."),
            ),
            # Kommuner that follow each other may share one. Asked when a statement is done, so that two
            # can change places.
            ikke_samtidig(
                "medlemskap_en_per_rute",
                "nettverk",
                "kart_kolonne",
                "kart_rad",
                deferrable=models.Deferrable.IMMEDIATE,
                melding=_("Det ligger allerede en kommune på denne plassen på kartet."),
            ),
            models.CheckConstraint(
                condition=models.Q(kart_kolonne__isnull=True, kart_rad__isnull=True)
                | models.Q(kart_kolonne__isnull=False, kart_rad__isnull=False),
                name="medlemskap_hel_plass",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kommune} – {self.nettverk}"
