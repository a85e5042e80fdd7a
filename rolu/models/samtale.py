"""Where a tankesmie belongs: the gathering and the item of its programme in which it is held."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fremtidsbilder.models import Tankesmie
from nettverk.models import Nettverk
from rolu.models.samling import Programpost, Samling


@pghistory.track()
class Samtale(models.Model):
    """A tankesmie held at a gathering, so that everything said keeps its gathering, item, table and question.

    An item that is taken out of the programme does not take what was said in it along.
    """

    samling = models.ForeignKey(
        Samling, on_delete=models.CASCADE, related_name="samtaler", verbose_name=_("samling")
    )
    programpost = models.ForeignKey(
        Programpost,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="samtaler",
        verbose_name=_("programpost"),
    )
    tankesmie = models.OneToOneField(
        Tankesmie, on_delete=models.CASCADE, related_name="samtale", verbose_name=_("tankesmie")
    )

    class Meta:
        verbose_name = _("samtale på en samling")
        verbose_name_plural = _("samtaler på samlinger")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programpost"],
                condition=Q(programpost__isnull=False),
                name="samtale_en_per_programpost",
            ),
        ]

    def __str__(self) -> str:
        return str(self.tankesmie)

    @property
    def nettverk(self) -> Nettverk:
        return self.samling.nettverk
