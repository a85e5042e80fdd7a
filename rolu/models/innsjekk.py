"""What is written at the door: the desk's log, who met on which day, and the participants' own codes."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nettverk.models import Nettverk
from rolu.models.deltakelse import Deltakelse
from rolu.models.gjest import Gjest
from rolu.models.samling import Samling


class Innsjekkhendelse(models.Model):
    """One thing done at the door: somebody ticked in, a tick undone, a guest written down.

    The key is made where it was done, so that what is sent twice is counted once. `tid` is when it was done,
    `registrert` when it came here: a desk without network sends it later. Written by
    `rolu.samlinger.skrankebok` alone.
    """

    class Handling(models.TextChoices):
        MOETT = "moett", _("møtt")
        ANGRE = "angre", _("angret")
        GJEST = "gjest", _("gjest lagt til")

    id = models.UUIDField(_("nøkkel"), primary_key=True)
    samling = models.ForeignKey(
        Samling, on_delete=models.CASCADE, related_name="+", verbose_name=_("samling")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("person"),
    )
    gjest = models.ForeignKey(
        Gjest, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("gjest")
    )
    handling = models.CharField(_("handling"), max_length=5, choices=Handling)
    dato = models.DateField(_("dag"))
    tid = models.DateTimeField(_("tid"))
    # None: they did it themselves, with the code.
    av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("av"),
    )
    registrert = models.DateTimeField(_("registrert"))

    class Meta:
        verbose_name = _("innsjekkhendelse")
        verbose_name_plural = _("innsjekkhendelser")
        ordering = ["registrert", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, gjest__isnull=True)
                | Q(person__isnull=True, gjest__isnull=False),
                name="innsjekkhendelse_person_eller_gjest",
            )
        ]
        indexes = [models.Index(fields=["samling", "registrert"], name="innsjekkhendelse_rekke")]

    def __str__(self) -> str:
        return f"{self.handling} {self.tid:%H.%M}"

    @property
    def nettverk(self) -> Nettverk:
        return self.samling.nettverk


class Dagsoppmoete(models.Model):
    """That somebody met on one day of a gathering that lasts several. `moett` of the participation, or of the
    guest, is the first of them. A gathering of one day has none: there `moett` says it.

    Changed by `rolu.samlinger.skrankebok`, whose log tells who ticked and undid. `samling` is that of the
    participation or of the guest, and there so that a gathering's can be asked for.
    """

    samling = models.ForeignKey(
        Samling, on_delete=models.CASCADE, related_name="+", verbose_name=_("samling")
    )
    deltakelse = models.ForeignKey(
        Deltakelse,
        on_delete=models.CASCADE,
        null=True,
        related_name="dagsoppmoeter",
        verbose_name=_("deltakelse"),
    )
    gjest = models.ForeignKey(
        Gjest,
        on_delete=models.CASCADE,
        null=True,
        related_name="dagsoppmoeter",
        verbose_name=_("gjest"),
    )
    dato = models.DateField(_("dag"))
    tid = models.DateTimeField(_("tid"))
    av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("av"),
    )

    class Meta:
        verbose_name = _("dagsoppmøte")
        verbose_name_plural = _("dagsoppmøter")
        ordering = ["dato", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(deltakelse__isnull=False, gjest__isnull=True)
                | Q(deltakelse__isnull=True, gjest__isnull=False),
                name="dagsoppmoete_deltakelse_eller_gjest",
            ),
            models.UniqueConstraint(
                fields=["deltakelse", "dato"], name="dagsoppmoete_en_per_deltakelse"
            ),
            models.UniqueConstraint(fields=["gjest", "dato"], name="dagsoppmoete_en_per_gjest"),
        ]
        indexes = [models.Index(fields=["samling", "dato"], name="dagsoppmoete_samling_dato")]

    def __str__(self) -> str:
        return f"{self.dato:%d.%m.%Y}"

    @property
    def nettverk(self) -> Nettverk:
        return self.samling.nettverk


class Deltakerkode(models.Model):
    """The code by which somebody checks themselves in, without signing in (`rolu.samlinger.doer`).

    Whoever holds it can say that they are here, and nothing else. Made when it is first shown or printed;
    deleted some time after the gathering.
    """

    samling = models.ForeignKey(
        Samling, on_delete=models.CASCADE, related_name="+", verbose_name=_("samling")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("person"),
    )
    gjest = models.ForeignKey(
        Gjest, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("gjest")
    )
    kode = models.CharField(_("kode"), max_length=12, unique=True)
    laget = models.DateTimeField(_("laget"), auto_now_add=True)

    class Meta:
        verbose_name = _("deltakerkode")
        verbose_name_plural = _("deltakerkoder")
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, gjest__isnull=True)
                | Q(person__isnull=True, gjest__isnull=False),
                name="deltakerkode_person_eller_gjest",
            ),
            models.UniqueConstraint(
                fields=["samling", "person"], name="deltakerkode_en_per_person"
            ),
            models.UniqueConstraint(fields=["gjest"], name="deltakerkode_en_per_gjest"),
        ]

    def __str__(self) -> str:
        return self.kode

    @property
    def nettverk(self) -> Nettverk:
        return self.samling.nettverk
