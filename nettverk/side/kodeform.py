"""The field for a code that is read from the screen or from paper."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nettverk.side.kode import read
from nettverk.side.portalform import PortalForm


class InngangskodeForm(PortalForm):
    """The code as it is typed (`nettverk.side.kode.read`)."""

    kode = forms.CharField(
        label=_("Kode"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "size": 12}
        ),
    )

    def clean_kode(self) -> str:
        kode = read(self.cleaned_data["kode"])
        if not kode:
            raise forms.ValidationError(gettext("Koden har bare bokstaver og tall."))
        return kode
