"""A list as somebody likes to see it, kept under a name."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from nettverk.models.nettverk import Nettverk

if TYPE_CHECKING:
    from nettverk.tilgang.roller import Roller

# The choices as an address writes them.
MAKS_SPORRING = 500


class ListevisningQuerySet(models.QuerySet):
    def visible_to(self, roller: "Roller") -> Self:
        """One's own, in the network where they were kept."""
        return self.filter(person=roller.person.pk, nettverk=roller.nettverk)


class Listevisning(models.Model):
    """The choices of one list – filter, search, order – that `person` keeps under a name of their own.

    It holds what the address says, never what the list shows: whoever opens it sees what they may see
    that day. Nobody else sees it. Change through `nettverk.listevisninger`.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="listevisninger",
        verbose_name=_("person"),
    )
    nettverk = models.ForeignKey(
        Nettverk, on_delete=models.CASCADE, related_name="+", verbose_name=_("nettverk")
    )
    # The same list in another gathering is the same list: `rolu.deltakere`.
    liste = models.CharField(_("liste"), max_length=40)
    navn = models.CharField(_("navn"), max_length=40)
    sporring = models.CharField(_("valg"), max_length=MAKS_SPORRING, blank=True)
    opprettet = models.DateTimeField(_("opprettet"), auto_now_add=True)

    objects = ListevisningQuerySet.as_manager()

    class Meta:
        verbose_name = _("listevisning")
        verbose_name_plural = _("listevisninger")
        ordering = ["opprettet", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "nettverk", "liste", "navn"], name="listevisning_ett_navn"
            )
        ]

    def __str__(self) -> str:
        return self.navn
