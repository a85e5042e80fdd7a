"""What is chosen on the page of a thing's red thread."""

from django import forms
from django.utils.translation import gettext_lazy as _

from nettverk.side.portalform import PortalForm

FRA, TIL = "fra", "til"


class TraadsokForm(PortalForm):
    """What one looks for to link to."""

    er_filter = True

    q = forms.CharField(
        label=_("Finn det du vil koble til"),
        max_length=100,
        required=False,
        help_text=_("Skriv et ord fra tittelen."),
        widget=forms.TextInput(attrs={"type": "search"}),
    )


class KoblingForm(PortalForm):
    """The other end, and which way the thread goes: `fra` when the thing came from it, `til` when it led to it."""

    slag = forms.SlugField(widget=forms.HiddenInput)
    pk = forms.IntegerField(min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    retning = forms.ChoiceField(choices=[(FRA, FRA), (TIL, TIL)], widget=forms.HiddenInput)
    handling = forms.ChoiceField(choices=[("koble", "koble"), ("loes", "loes")])
