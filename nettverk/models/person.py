"""A person is also the sign-in account; the e-mail address is the name."""

import datetime
from typing import TYPE_CHECKING, Self

import pghistory
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _

from kommuner.gyldighet import idag
from kommuner.sortering import sorteringsfelt

if TYPE_CHECKING:
    from nettverk.models.nettverk import Nettverk


class PersonQuerySet(models.QuerySet):
    def in_nettverk(self, nettverk: "Nettverk", dato: datetime.date | None = None) -> Self:
        """People with a Verv in `nettverk` on `dato`."""
        return self.filter(
            verv__gruppe__nettverk=nettverk, verv__gyldig__contains=dato or idag()
        ).distinct()


class PersonManager(BaseUserManager.from_queryset(PersonQuerySet)):  # type: ignore[misc] # Django's own way
    def create_user(self, epost: str, password: str | None = None, **felt) -> "Person":
        """A person who signs in by e-mailed code; a password is only for the administrator."""
        person = self.model(epost=epost.strip().lower(), **felt)
        if password:
            person.set_password(password)
        else:
            person.set_unusable_password()
        person.save(using=self._db)
        return person

    def create_superuser(self, epost: str, password: str | None = None, **felt) -> "Person":
        return self.create_user(epost, password, is_staff=True, is_superuser=True, **felt)

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(epost__iexact=username)


@pghistory.track(
    exclude=[
        "sortering",
        "password",
        "last_login",
        "postadresse",
        "nettlesere_glemt",
        "tosteg_ikke_naa",
    ]
)
class Person(AbstractBaseUser, PermissionsMixin):
    """Somebody in the networks. What they may do follows from their Verv today, never from this row.

    Least possible personal data: name, work e-mail, optional work phone, language.
    """

    epost = models.EmailField(_("e-postadresse"), unique=True)
    # Only for a stand-in (`Ubesvart`), whose own address is none: where its letters go.
    oppgitt_epost = models.EmailField(_("oppgitt e-postadresse"), blank=True, editable=False)
    # What is shown, and what letters are sent to.
    postadresse = models.GeneratedField(
        expression=models.functions.Coalesce(
            models.functions.NullIf("oppgitt_epost", models.Value("")), "epost"
        ),
        output_field=models.EmailField(),
        db_persist=True,
        editable=False,
    )
    navn = models.CharField(_("navn"), max_length=150)
    telefon = models.CharField(
        _("telefon"),
        max_length=20,
        blank=True,
        help_text=_(
            "Bare koordinatoren, koordineringsgruppa og den oppvekstansvarlige i kommunen ser nummeret."
        ),
    )
    spraak = models.CharField(_("språk"), max_length=2, choices=settings.LANGUAGES, blank=True)
    is_staff = models.BooleanField(_("kan åpne administrasjonen"), default=False)
    is_active = models.BooleanField(_("kan logge inn"), default=True)
    # «Not now», said to the question of a passkey: it is not asked again for a while.
    tosteg_ikke_naa = models.DateField(null=True, blank=True, editable=False)
    # Browsers that were known before this are known no more (`nettverk.innlogging.kjent`).
    nettlesere_glemt = models.DateTimeField(null=True, blank=True, editable=False)
    opprettet = models.DateTimeField(_("opprettet"), auto_now_add=True)
    sortering = sorteringsfelt("navn")

    # Set for the person of a request whose session has shown no more than a code by e-mail.
    svak_okt = False
    # Set when that person has a passkey or an app besides, and so could have shown more.
    har_ikke_vist_noekkel = False

    objects = PersonManager()

    USERNAME_FIELD = "epost"
    EMAIL_FIELD = "epost"
    REQUIRED_FIELDS = ["navn"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("personer")
        ordering = ["sortering", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(epost=models.functions.Lower("epost")),
                name="person_epost_smaa_bokstaver",
                violation_error_message=_("Skriv e-postadressen med små bokstaver."),
            )
        ]

    def __str__(self) -> str:
        return self.navn

    def clean(self) -> None:
        self.epost = self.epost.strip().lower()

    def get_full_name(self) -> str:
        return self.navn

    def get_short_name(self) -> str:
        return self.navn.split(" ")[0]

    @property
    def initialer(self) -> str:
        deler = self.navn.split()
        return (deler[0][:1] + deler[-1][:1]).upper() if len(deler) > 1 else self.navn[:2].upper()
