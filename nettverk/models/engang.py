"""What a form that makes something new has made, so that it is made once."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Engangsnoekkel(models.Model):
    """The key of a form that has been sent, and where the thing it made is seen.

    Written with the thing by `nettverk.skriving.engang`; deleted after a week. A trace of a request, not
    something that people change: it has no history beside it.
    """

    noekkel = models.UUIDField(_("nøkkel"))
    # A key counts only for the person whose page it stood on.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("person"),
    )
    # A hash of what was sent: the same once more is a repeat, something else is a wish for another.
    avtrykk = models.CharField(_("avtrykk"), max_length=64)
    adresse = models.CharField(_("adresse"), max_length=500, blank=True)
    laget = models.DateTimeField(_("laget"), auto_now_add=True)

    class Meta:
        verbose_name = _("engangsnøkkel")
        verbose_name_plural = _("engangsnøkler")
        constraints = [
            models.UniqueConstraint(fields=["person", "noekkel"], name="engangsnoekkel_en_gang"),
        ]
        indexes = [models.Index(fields=["laget"], name="engangsnoekkel_laget")]

    def __str__(self) -> str:
        return f"{self.noekkel} {self.adresse}"
