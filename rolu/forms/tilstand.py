"""The changes of a gathering's state."""

from django import forms

from nettverk.side.portalform import PortalForm
from rolu.models import Samling


class TilstandForm(PortalForm):
    """A change of state; `fra` is the state that the page told of."""

    fra = forms.ChoiceField(choices=Samling.Status.choices, widget=forms.HiddenInput)
