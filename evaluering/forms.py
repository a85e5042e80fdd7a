"""Forms of evaluering."""

from django import forms
from django.utils.translation import gettext_lazy as _

from evaluering.aarsrapport import TIDLIGST, is_reportable
from kommuner.gyldighet import idag
from nettverk.side.portalform import IKKE_NAVN_PAA_BARN, PortalForm
from nettverk.skriving.autolagring import TekstForm


class KapitteltekstForm(TekstForm):
    """The text of one chapter, with the version it was opened as."""

    tekst = forms.CharField(
        label=_("Tekst"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=IKKE_NAVN_PAA_BARN,
    )

    tekster = ("tekst",)


class GodkjennForm(PortalForm):
    """Approve the report as it was when the page was opened (`Aarsrapport.stand`)."""

    stand = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class AarForm(PortalForm):
    """Which year's report to open."""

    aar = forms.IntegerField(
        label=_("Åpne et annet år"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 6, "autocomplete": "off"}),
        error_messages={"invalid": _("Skriv et årstall med fire sifre, for eksempel 2018.")},
    )

    def clean_aar(self) -> int:
        aar = self.cleaned_data["aar"]
        if not is_reportable(aar):
            raise forms.ValidationError(
                _("Velg et år fra %(forste)s til %(siste)s."),
                params={"forste": TIDLIGST, "siste": idag().year + 1},
            )
        return aar
