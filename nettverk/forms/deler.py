"""Whether the network uses a part of the portal."""

from django import forms

from nettverk.side.portalform import PortalForm


class DelForm(PortalForm):
    """Which way, said by the button: sent twice, or by two at once, it is the same."""

    skal = forms.ChoiceField(
        choices=[("av", "av"), ("paa", "paa")], widget=forms.HiddenInput, label=""
    )

    @property
    def slaas_av(self) -> bool:
        return self.cleaned_data["skal"] == "av"
