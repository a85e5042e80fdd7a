"""A link of the red thread: this came of that."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from nettverk.models.nettverk import Nettverk


# Its life is to be made and taken away.
@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent())
class Kobling(models.Model):
    """That one thing has led to another, as somebody has said by choosing both: a goal and the assignment that was given
    to reach it, a unit's mellomarbeid and the chapter of the report that tells of it.

    Each end is a kind (`nettverk.flater.Traadslag.noekkel`) and the row's id: a link knows nothing of the apps. What
    follows from the things themselves (the goal above a goal) is no link; the apps say it (`Traadslag.kanter`).
    Change through `nettverk.roedtraad.koblinger`.
    """

    nettverk = models.ForeignKey(
        Nettverk, on_delete=models.CASCADE, related_name="koblinger", verbose_name=_("nettverk")
    )
    fra_slag = models.SlugField(_("kommer fra, slag"), max_length=40)
    fra = models.BigIntegerField(_("kommer fra"))
    til_slag = models.SlugField(_("har ført til, slag"), max_length=40)
    til = models.BigIntegerField(_("har ført til"))
    opprettet = models.DateTimeField(_("opprettet"), auto_now_add=True)
    opprettet_av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("koblet av"),
    )

    class Meta:
        verbose_name = _("kobling")
        verbose_name_plural = _("koblinger")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["fra_slag", "fra"], name="kobling_fra"),
            models.Index(fields=["til_slag", "til"], name="kobling_til"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["nettverk", "fra_slag", "fra", "til_slag", "til"], name="kobling_en_gang"
            ),
            models.CheckConstraint(
                condition=~Q(fra_slag=F("til_slag"), fra=F("til")), name="kobling_ikke_til_seg_selv"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fra_slag} {self.fra} → {self.til_slag} {self.til}"
