"""What an attachment is, wherever it hangs. Access is as the thing it hangs on."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class VedleggBase(models.Model):
    """A file that a person added, checked by content (`nettverk.filer.opplasting`) before it was kept."""

    fil = models.FileField(_("fil"), upload_to="vedlegg/%Y/%m/", max_length=200)
    navn = models.CharField(_("filnavn"), max_length=150)
    mimetype = models.CharField(_("filtype"), max_length=100)
    bytes = models.PositiveIntegerField(_("størrelse i byte"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    alternativ_tekst = models.CharField(_("beskrivelse av bildet"), max_length=300, blank=True)
    lastet_opp_av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("lastet opp av"),
    )
    lastet_opp = models.DateTimeField(_("lastet opp"), auto_now_add=True)

    class Meta:
        abstract = True
        ordering = ["lastet_opp", "pk"]

    def __str__(self) -> str:
        return self.navn
