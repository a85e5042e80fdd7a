"""The name of a view of a list, and the choices it keeps."""

from django import forms
from django.utils.translation import gettext_lazy as _

from nettverk.side.portalform import PortalForm


class ListevisningForm(PortalForm):
    """«Lagre som visning». Which list, its choices and where to go back to come from the page."""

    navn = forms.CharField(label=_("Navn på visningen"), max_length=40)
    liste = forms.RegexField(r"^[a-z_.]+$", max_length=40, widget=forms.HiddenInput)
    sporring = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)
    tilbake = forms.CharField(required=False, max_length=700, widget=forms.HiddenInput)
