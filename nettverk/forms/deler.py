"""Whether the network uses a part of the portal."""

from typing import Any

from django import forms

from nettverk.flater import Portaldel
from nettverk.side.portalform import PortalForm


class DelForm(PortalForm):
    """Which way, said by the button: sent twice, or by two at once, it is the same."""

    skal = forms.ChoiceField(
        choices=[("av", "av"), ("paa", "paa")], widget=forms.HiddenInput, label=""
    )

    @property
    def slaas_av(self) -> bool:
        return self.cleaned_data["skal"] == "av"


class ValgForm(PortalForm):
    """Which of the choices within a part the network uses: one at least, where it needs one."""

    valg = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, del_: Portaldel, i_bruk: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valg"].label = str(del_.valg_navn)
        self.fields["valg"].required = del_.valg_trengs
        self.fields["valg"].choices = list(del_.valg)
        self.initial["valg"] = i_bruk
