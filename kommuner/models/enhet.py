"""Units: kindergartens, schools and the other services, where they lie and how big they are."""

import datetime
from collections.abc import Iterable
from typing import Self

import pghistory
import pgtrigger
from django.db import models
from django.db.models import (
    Case,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from kommuner.gyldighet import GyldighetMixin, GyldighetQuerySet, idag, ikke_samtidig
from kommuner.models.kommune import Kommune
from kommuner.orgnr import validate_orgnr
from kommuner.sortering import sorteringsfelt


class EnhetQuerySet(GyldighetQuerySet):
    def in_kommuner(
        self, kommuner: models.QuerySet | list[int], dato: datetime.date | None = None
    ) -> Self:
        """Units that lie in one of `kommuner` on `dato`."""
        plasseringer = Plassering.objects.filter(kommune__in=kommuner).gyldig(dato)
        return self.filter(pk__in=plasseringer.values("enhet"))

    def placed_in(self, kommuner: Iterable[int], dato: datetime.date) -> Self:
        """As `in_kommuner`, with the unit's placement on `dato` as `her`, to take `her__kommune` from.

        A join instead of a subquery per field; a unit lies in one kommune at a time.
        """
        da = Q(plasseringer__gyldig__contains=dato)
        return self.alias(her=FilteredRelation("plasseringer", condition=da)).filter(
            her__kommune__in=kommuner
        )

    def with_kommune(self, dato: datetime.date | None = None) -> Self:
        """Adds `kommune_id_da` and `kommune_navn`: where the unit lies on `dato`."""
        plassering = Plassering.objects.filter(enhet=OuterRef("pk")).gyldig(dato or idag())
        return self.annotate(
            kommune_id_da=Subquery(plassering.values("kommune")[:1]),
            kommune_navn=Subquery(plassering.values("kommune__navn")[:1]),
            kommunenummer=Subquery(plassering.values("kommune__kommunenummer")[:1]),
        )

    def with_tall(self, dato: datetime.date | None = None) -> Self:
        """Adds `antall_barn` and `antall_ansatte`: the newest figures known, on an earlier `dato` when given."""
        siste = Enhetstall.objects.filter(enhet=OuterRef("pk")).order_by("-aar")
        if dato and dato < idag():
            siste = siste.filter(aar__lte=dato.year)
        return self.annotate(
            antall_barn=Subquery(siste.values("antall_barn")[:1]),
            antall_ansatte=Subquery(siste.values("antall_ansatte")[:1]),
        )

    def with_eier(self, dato: datetime.date) -> Self:
        """Adds `eierform_da` and `eier_da`: who owned it on `dato`; empty when nobody has told.

        A unit that no file has told of (made by hand) has what stands on itself.
        """
        egne = Eierskap.objects.filter(enhet=OuterRef("pk"))
        da = egne.gyldig(dato)

        def felt(navn: str) -> Case:
            return Case(
                When(Exists(egne), then=Coalesce(Subquery(da.values(navn)[:1]), Value(""))),
                default=F(navn),
            )

        return self.annotate(eierform_da=felt("eierform"), eier_da=felt("eier"))


@pghistory.track(exclude=["sortering", "referanse", "opplysninger_per"])
class Enhet(GyldighetMixin):
    """A kindergarten, school, SFO, PPT … – known by its organisation number, municipal or private.

    Its kommune is a `Plassering`, because a split cannot be followed by kommunenummer alone.
    `gyldig` is when the unit existed. Imported by `kommuner.enhetsimport`; never deleted, ended.
    """

    class Type(models.TextChoices):
        BARNEHAGE = "barnehage", _("barnehage")
        GRUNNSKOLE = "grunnskole", _("grunnskole")
        SFO = "sfo", _("SFO")
        VOKSENOPPLAERING = "voksenopplaering", _("voksenopplæring")
        KULTURSKOLE = "kulturskole", _("kulturskole")
        PPT = "ppt", _("PPT")
        ANNET = "annet", _("annet")

    class Eierform(models.TextChoices):
        KOMMUNAL = "kommunal", _("kommunal")
        PRIVAT = "privat", _("privat")
        ANNEN = "annen", _("annen offentlig")

    # Nullable: the kindergarten register of 2018 gives only its own number, `nsr_id`.
    organisasjonsnummer = models.CharField(
        _("organisasjonsnummer"),
        max_length=9,
        null=True,
        blank=True,
        unique=True,
        validators=[validate_orgnr],
    )
    nsr_id = models.CharField(_("NSR-id"), max_length=12, null=True, blank=True, unique=True)
    navn = models.CharField(_("navn i registeret"), max_length=200)
    visningsnavn = models.CharField(_("visningsnavn"), max_length=200, blank=True)
    type = models.CharField(_("type"), max_length=20, choices=Type)
    eierform = models.CharField(_("eierform"), max_length=10, choices=Eierform)
    eier = models.CharField(_("eier"), max_length=200, blank=True)
    adresse = models.CharField(_("adresse"), max_length=200, blank=True)
    postnummer = models.CharField(_("postnummer"), max_length=4, blank=True)
    poststed = models.CharField(_("poststed"), max_length=100, blank=True)
    breddegrad = models.DecimalField(
        _("breddegrad"), max_digits=9, decimal_places=6, null=True, blank=True
    )
    lengdegrad = models.DecimalField(
        _("lengdegrad"), max_digits=9, decimal_places=6, null=True, blank=True
    )
    maalform = models.CharField(
        _("målform"), max_length=2, choices=[("nb", _("bokmål")), ("nn", _("nynorsk"))], blank=True
    )
    er_demo = models.BooleanField(_("oppdiktet"), default=False)
    # An older file must not write over what a newer one said.
    opplysninger_per = models.DateField(
        _("opplysninger per"),
        null=True,
        blank=True,
        help_text=_("Datoen for den nyeste fila som opplysningene er hentet fra."),
    )
    etterfolger = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="forgjengere",
        verbose_name=_("etterfølger"),
    )
    referanse = models.GeneratedField(
        expression=models.functions.Coalesce(
            F("organisasjonsnummer"), models.functions.Concat(models.Value("nsr-"), F("nsr_id"))
        ),
        output_field=models.CharField(max_length=20),
        db_persist=True,
        unique=True,
    )
    sortering = sorteringsfelt("navn")

    objects = EnhetQuerySet.as_manager()

    class Meta:
        verbose_name = _("enhet")
        verbose_name_plural = _("enheter")
        ordering = ["sortering", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Func(
                    F("organisasjonsnummer"),
                    function="orgnr_gyldig",
                    output_field=models.BooleanField(),
                ),
                name="enhet_orgnr_mod11",
                violation_error_message=_("Organisasjonsnummeret har feil kontrollsiffer."),
            ),
            models.CheckConstraint(
                condition=Q(organisasjonsnummer__isnull=False) | Q(nsr_id__isnull=False),
                name="enhet_har_nummer",
                violation_error_message=_("En enhet må ha organisasjonsnummer eller NSR-id."),
            ),
        ]

    def __str__(self) -> str:
        return self.visningsnavn or self.navn

    def kommune_per(self, dato: datetime.date | None = None) -> Kommune | None:
        """Where the unit lies on `dato`."""
        plassering = self.plasseringer.gyldig(dato).select_related("kommune").first()
        return plassering.kommune if plassering else None


@pghistory.track(level=pgtrigger.Statement)
class Plassering(GyldighetMixin):
    """The kommune a unit lies in, for a period."""

    enhet = models.ForeignKey(
        Enhet, on_delete=models.CASCADE, related_name="plasseringer", verbose_name=_("enhet")
    )
    kommune = models.ForeignKey(
        Kommune, on_delete=models.PROTECT, related_name="plasseringer", verbose_name=_("kommune")
    )

    objects = GyldighetQuerySet.as_manager()

    class Meta:
        verbose_name = _("plassering")
        verbose_name_plural = _("plasseringer")
        ordering = ["gyldig"]
        constraints = [
            ikke_samtidig(
                "plassering_ikke_samtidig",
                "enhet",
                melding=_("Enheten ligger allerede i en kommune i denne perioden."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.enhet} – {self.kommune}"


@pghistory.track(level=pgtrigger.Statement)
class Eierskap(GyldighetMixin):
    """Who owns a unit, for a period: as the files have told. `Enhet` itself holds what is known last."""

    enhet = models.ForeignKey(
        Enhet, on_delete=models.CASCADE, related_name="eierskap", verbose_name=_("enhet")
    )
    eierform = models.CharField(_("eierform"), max_length=10, choices=Enhet.Eierform, blank=True)
    eier = models.CharField(_("eier"), max_length=200, blank=True)

    objects = GyldighetQuerySet.as_manager()

    class Meta:
        verbose_name = _("eierskap")
        verbose_name_plural = _("eierskap")
        ordering = ["gyldig"]
        constraints = [
            ikke_samtidig(
                "eierskap_ikke_samtidig",
                "enhet",
                melding=_("Enheten har allerede en eier i denne perioden."),
            )
        ]

    def __str__(self) -> str:
        return self.eier or str(self.get_eierform_display())


@pghistory.track(level=pgtrigger.Statement)
class Enhetstall(models.Model):
    """Children or pupils, staff and guardians of a unit in one year."""

    enhet = models.ForeignKey(
        Enhet, on_delete=models.CASCADE, related_name="tall", verbose_name=_("enhet")
    )
    aar = models.PositiveSmallIntegerField(_("år"))
    antall_barn = models.PositiveIntegerField(_("barn eller elever"), null=True, blank=True)
    antall_ansatte = models.PositiveIntegerField(_("ansatte"), null=True, blank=True)
    antall_foresatte = models.PositiveIntegerField(_("foresatte"), null=True, blank=True)

    class Meta:
        verbose_name = _("enhetstall")
        verbose_name_plural = _("enhetstall")
        ordering = ["-aar"]
        constraints = [
            models.UniqueConstraint(fields=["enhet", "aar"], name="enhetstall_ett_per_aar")
        ]

    def __str__(self) -> str:
        return f"{self.enhet} {self.aar}"
