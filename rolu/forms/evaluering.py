"""The form of a gathering's evaluation: what is done with it."""

from django import forms

from nettverk.side.portalform import PortalForm

LAG, AAPNE, STENG, VIS, SKJUL = "lag", "aapne", "steng", "vis", "skjul"


class EvalueringForm(PortalForm):
    """Make it, open it, close it, show the results to the room or take them away; and which page to come back to."""

    handling = forms.ChoiceField(choices=[(h, "") for h in (LAG, AAPNE, STENG, VIS, SKJUL)])
    tilbake = forms.ChoiceField(choices=[("", ""), ("dagen", "")], required=False)
