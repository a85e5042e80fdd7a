"""What is shown in the hall while a gathering goes on."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nettverk.models import Nettverk
from rolu.models.samling import Samling


class Storskjerm(models.Model):
    """The big screen of a gathering: which picture it shows, a message over it, and a countdown.

    Made when it is first asked for, changed by `rolu.samlinger.storskjerm`, which raises `versjon` in the same
    transaction: whoever has a version, asks for what is newer. There is one, and the last who steers it wins.
    """

    MAKS_BESKJED = 120

    samling = models.OneToOneField(
        Samling, on_delete=models.CASCADE, related_name="storskjerm", verbose_name=_("samling")
    )
    # The key of a picture (`rolu.samlinger.skjermbilder`).
    bilde = models.CharField(_("bilde"), max_length=20, default="naa")
    beskjed = models.CharField(_("beskjed"), max_length=MAKS_BESKJED, blank=True)
    beskjed_til = models.DateTimeField(_("beskjeden vises til"), null=True, blank=True)
    nedtelling_til = models.DateTimeField(_("teller ned til"), null=True, blank=True)
    versjon = models.BigIntegerField(_("versjon"), default=1)

    class Meta:
        verbose_name = _("storskjerm")
        verbose_name_plural = _("storskjermer")
        constraints = [
            models.CheckConstraint(
                condition=Q(beskjed="", beskjed_til__isnull=True)
                | (~Q(beskjed="") & Q(beskjed_til__isnull=False)),
                name="storskjerm_beskjed_gaar_bort",
            ),
            models.CheckConstraint(condition=~Q(bilde=""), name="storskjerm_viser_noe"),
            models.CheckConstraint(condition=Q(versjon__gte=1), name="storskjerm_versjon_fra_1"),
        ]

    def __str__(self) -> str:
        return str(self.samling)

    @property
    def nettverk(self) -> Nettverk:
        return self.samling.nettverk
