"""The documents of an agenda item: what one reads before a gathering."""

from typing import Self

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from nettverk.models import Nettverk, VedleggBase
from nettverk.tilgang.roller import Roller
from rolu.models.samling import Programpost, Samling


class SaksvedleggQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """The documents of every gathering that the person may see."""
        return self.filter(programpost__samling__in=Samling.objects.visible_to(roller))

    def about(self, samling: Samling) -> Self:
        """The documents of the gathering's programme."""
        return self.filter(programpost__samling=samling)


# Its life is to be added and removed, so both are told.
@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Saksvedlegg(VedleggBase):
    """A document of an agenda item. Add and remove through `rolu.samlinger.saksvedlegg`."""

    # It is fetched by its name, also when it is a picture.
    alternativ_tekst = None  # type: ignore[assignment]
    programpost = models.ForeignKey(
        Programpost,
        on_delete=models.CASCADE,
        related_name="vedlegg",
        verbose_name=_("programpost"),
    )

    objects = SaksvedleggQuerySet.as_manager()

    class Meta(VedleggBase.Meta):
        verbose_name = _("saksdokument")
        verbose_name_plural = _("saksdokumenter")
        constraints = [
            models.UniqueConstraint(
                fields=["programpost", "sha256"], name="saksvedlegg_en_gang_per_post"
            )
        ]

    @property
    def nettverk(self) -> Nettverk:
        return self.programpost.nettverk
