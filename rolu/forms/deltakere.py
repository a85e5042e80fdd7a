"""Forms of the list of participants: what it shows, and what is printed of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nettverk.side.portalform import (
    PortalForm,
)
from nettverk.side.utenfra import MAKS_TALL
from rolu.samlinger.utskrifter import UTSKRIFTER


class DeltakerfilterForm(PortalForm):
    """Which participants the list shows. What it does not know it leaves out."""

    er_filter = True

    STATUSER = ["invitert", "paameldt", "venter", "avmeldt", "moett", "ikke_moett"]

    q = forms.CharField(
        label=gettext_lazy("Navn eller enhet"),
        required=False,
        max_length=80,
        widget=forms.SearchInput(
            attrs={"autocomplete": "off", "placeholder": gettext_lazy("Navn eller enhet")}
        ),
    )
    kommune = forms.TypedChoiceField(
        label=gettext_lazy("Kommune"), required=False, coerce=int, empty_value=None
    )
    rekkefolge = forms.ChoiceField(
        label=gettext_lazy("Rekkefølge"),
        required=False,
        choices=[
            ("", gettext_lazy("De uten svar først")),
            ("kommune", gettext_lazy("Etter kommune og enhet")),
        ],
    )
    status = forms.ChoiceField(
        required=False, choices=[(s, s) for s in STATUSER], widget=forms.HiddenInput
    )
    gruppe = forms.IntegerField(
        required=False, min_value=1, max_value=MAKS_TALL, widget=forms.HiddenInput
    )

    def __init__(
        self, *args: Any, kommuner: dict[int, str], venter_paa_svar: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kommune"].choices = [("", _("Alle kommuner")), *kommuner.items()]
        if len(kommuner) < 2:
            del self.fields["kommune"]
        if not venter_paa_svar:
            del self.fields["rekkefolge"]
        self.is_valid()

    @property
    def er_brukt(self) -> bool:
        """Whether something is chosen of what is folded away on a phone."""
        return bool(self.cleaned_data.get("kommune") or self.cleaned_data.get("rekkefolge"))


class UtskriftForm(PortalForm):
    """What is to be printed (rolu.samlinger.utskrifter)."""

    utskrift = forms.ChoiceField(choices=[(navn, "") for navn in UTSKRIFTER])
