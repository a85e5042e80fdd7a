"""What the outbox shows."""

from django import forms
from django.utils.translation import gettext_lazy as _

from kommuner.sortering import called
from nettverk.models.brev import BrevQuerySet
from nettverk.side.portalform import PortalForm

TILSTANDER = [
    ("", _("Alle")),
    ("venter", _("Venter")),
    ("sendt", _("Sendt")),
    ("mislykket", _("Ikke sendt")),
    ("trukket", _("Trukket tilbake")),
]


class MottakersokForm(PortalForm):
    """Search among those a sending went to."""

    er_filter = True

    q = forms.CharField(
        label=_("Søk etter mottaker"),
        required=False,
        max_length=100,
        widget=forms.SearchInput(
            attrs={"autocomplete": "off", "placeholder": _("Navnet på mottakeren")}
        ),
    )

    def filter(self, brevene: BrevQuerySet) -> BrevQuerySet:
        q = self.cleaned_data["q"] if self.is_valid() else ""
        return called(brevene, q, "til__sortering")
