"""The name of a view of a list, and the choices it keeps."""

from django import forms
from django.utils.translation import gettext_lazy as _

from nettverk.flater import listene
from nettverk.side.portalform import PortalForm


class ListevisningForm(PortalForm):
    """«Lagre som visning». Which list and its choices come from the page.

    How much the choices may be is for `nettverk.listevisninger.keep` to say.
    """

    navn = forms.CharField(label=_("Navn på visningen"), max_length=40)
    liste = forms.ChoiceField(choices=listene, widget=forms.HiddenInput)
    sporring = forms.CharField(required=False, widget=forms.HiddenInput)
