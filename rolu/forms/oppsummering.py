"""Forms of a summary: its parts, and to publish it."""

from django import forms
from django.utils.translation import gettext_lazy

from nettverk.side.portalform import (
    IKKE_NAVN_PAA_BARN,
    PortalForm,
)
from nettverk.side.utenfra import MAKS_TALL
from nettverk.skriving.autolagring import TekstForm
from nettverk.skriving.engang import EngangsForm


class OppsummeringPubliserForm(EngangsForm, PortalForm):
    """Let the members read the summary: which version of it was on the page, and whether they are told."""

    jobb = forms.IntegerField(
        min_value=1,
        max_value=MAKS_TALL,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            gettext_lazy("Se over oppsummeringen en gang til før du deler den."),
        ),
    )
    varsle = forms.BooleanField(required=False, widget=forms.HiddenInput)


class BlokktekstForm(TekstForm):
    """What people write in a part of the summary; saves itself."""

    tekst = forms.CharField(
        label=gettext_lazy("Tekst"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=IKKE_NAVN_PAA_BARN,
    )

    tekster = ("tekst",)


class BlokkflyttForm(PortalForm):
    """Where among its own a part of the summary is to stand."""

    plass = forms.IntegerField(min_value=1, max_value=100)


class BlokkutelatForm(PortalForm):
    """Leave a part of the summary out, or bring it back."""

    utelat = forms.ChoiceField(choices=[("ja", ""), ("nei", "")])
