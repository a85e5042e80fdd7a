"""What the outbox shows."""

from django import forms
from django.utils.translation import gettext_lazy as _

from nettverk.models import Brev
from nettverk.models.brev import BrevQuerySet
from nettverk.side.portalform import PortalForm


class TilstandForm(PortalForm):
    """Which letters of a sending; an answer that makes no sense shows all."""

    er_filter = True

    VALG = [
        ("", _("Alle")),
        ("venter", _("Venter")),
        ("sendt", _("Sendt")),
        ("mislykket", _("Ikke sendt")),
        ("trukket", _("Trukket tilbake")),
    ]
    tilstand = forms.ChoiceField(choices=VALG, required=False)

    def filter(self, brevene: BrevQuerySet) -> BrevQuerySet:
        valgt = self.cleaned_data["tilstand"] if self.is_valid() else ""
        tilstander = {
            "venter": [Brev.Tilstand.VENTER, Brev.Tilstand.SENDER],
            "mislykket": Brev.Tilstand.mislykkede(),
        }
        return brevene.filter(tilstand__in=tilstander.get(valgt, [valgt])) if valgt else brevene
