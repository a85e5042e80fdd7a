"""Who something is sent to: kept with the thing, and resolved to people on a day."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nettverk.models.nettverk import Nettverk
from nettverk.models.rolle import Rolle


@pghistory.track()
class Mottakere(models.Model):
    """The audience of one thing: of a gathering, an assignment, a letter.

    It consists of the units' groups (`enheter`, those that fulfil every filter in `filtre`, with the
    roles in `roller`), the network's own `grupper`, and single `personer`; without those in
    `uten_grupper` and `uten_personer`. A kind of filter that is not there narrows nothing; one without
    values fits nobody. No roles are all of them.

    All of it stands in this row, so that its history is the audience's history. What it names may be
    gone later (a group that ended, a løype that is no more): it then reaches nobody, and
    `nettverk.mottakere.utvalg.gone` says so. Who is reached: `nettverk.mottakere.utvalg.resolve`.
    """

    nettverk = models.ForeignKey(
        Nettverk, on_delete=models.CASCADE, related_name="mottakere", verbose_name=_("nettverk")
    )
    enheter = models.BooleanField(_("enhetenes grupper"), default=False)
    # By kind (`nettverk.mottakere.slag`): the values that are chosen, as text.
    filtre = models.JSONField(_("bare de som"), default=dict, blank=True)
    roller = ArrayField(
        models.CharField(max_length=20), verbose_name=_("roller"), default=list, blank=True
    )
    grupper = ArrayField(
        models.BigIntegerField(), verbose_name=_("nettverkets grupper"), default=list, blank=True
    )
    personer = ArrayField(
        models.BigIntegerField(), verbose_name=_("enkeltpersoner"), default=list, blank=True
    )
    uten_grupper = ArrayField(
        models.BigIntegerField(),
        verbose_name=_("grupper som er holdt utenfor"),
        default=list,
        blank=True,
    )
    uten_personer = ArrayField(
        models.BigIntegerField(),
        verbose_name=_("personer som er holdt utenfor"),
        default=list,
        blank=True,
    )

    class Meta:
        verbose_name = _("mottakere")
        verbose_name_plural = _("mottakere")
        constraints = [
            models.CheckConstraint(
                condition=Q(enheter=True) | ~Q(grupper=[]) | ~Q(personer=[]),
                name="mottakere_er_noen",
                violation_error_message=_("Velg hvem det skal gå til."),
            ),
            models.CheckConstraint(
                condition=Q(enheter=True) | Q(filtre={}, roller=[]),
                name="mottakere_filtre_gjelder_enheter",
            ),
            models.CheckConstraint(
                condition=Q(roller__contained_by=Rolle.values), name="mottakere_kjente_roller"
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk or ''}".strip()

    @property
    def er_tom(self) -> bool:
        """Nobody is chosen; such a one is never kept."""
        return not (self.enheter or self.grupper or self.personer)
