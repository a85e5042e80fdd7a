"""When a person wants which letters, and what waits for the letter of the week."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nettverk.models.nettverk import Nettverk


class Naar(models.TextChoices):
    """When a person gets a letter of a kind that is theirs to choose."""

    STRAKS = "straks", _("Med en gang")
    UKE = "uke", _("Samlet, én gang i uka")
    ALDRI = "aldri", _("Ikke på e-post")


class Brevvalg(models.Model):
    """A person's own choice for one kind of letter; without one, the kind says itself. Change through
    `nettverk.arbeid.brevvalg`."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="brevvalg",
        verbose_name=_("person"),
    )
    slag = models.CharField(_("slag"), max_length=50)
    naar = models.CharField(_("når"), max_length=10, choices=Naar)

    class Meta:
        verbose_name = _("valg av e-post")
        verbose_name_plural = _("valg av e-post")
        ordering = ["slag", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "slag"], name="brevvalg_ett_per_slag"),
            models.CheckConstraint(
                condition=Q(naar__in=["straks", "uke", "aldri"]), name="brevvalg_naar_finnes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slag}: {self.get_naar_display()}"


class Nyhet(models.Model):
    """A line that waits for the letter of the week, in the language of who gets it. Gone when the letter is
    written. Made by `nettverk.arbeid.nyheter`."""

    nettverk = models.ForeignKey(
        Nettverk, on_delete=models.CASCADE, related_name="+", verbose_name=_("nettverk")
    )
    til = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("til"),
    )
    slag = models.CharField(_("slag"), max_length=50)
    gjelder = models.CharField(_("gjelder"), max_length=100)
    tekst = models.CharField(_("tekst"), max_length=400)
    adresse = models.CharField(_("adresse"), max_length=300)
    noekkel = models.CharField(_("nøkkel"), max_length=200, unique=True)
    opprettet = models.DateTimeField(_("opprettet"), default=timezone.now)

    class Meta:
        verbose_name = _("nyhet")
        verbose_name_plural = _("nyheter")
        ordering = ["opprettet", "pk"]
        indexes = [models.Index(fields=["gjelder"], name="nyhet_gjelder")]

    def __str__(self) -> str:
        return self.tekst
