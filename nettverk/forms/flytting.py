"""The form with which a network proposes that a unit moves to it."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kommuner.gyldighet import idag
from kommuner.models import Enhet
from nettverk.forms.enhetsimport import TIDLIGST
from nettverk.models import Nettverk
from nettverk.side.portalform import PortalForm

_ETT_AAR = datetime.timedelta(days=366)


class FlytteforslagForm(PortalForm):
    """Which unit, to which of our kommuner, from when, and why."""

    enhet = forms.CharField(
        label=_("Organisasjonsnummer"),
        max_length=20,
        help_text=_("Ni sifre. Nummeret står på siden til enheten og i Brønnøysundregistrene."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 14}),
    )
    kommune: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("Kommunen hos dere"), queryset=None, empty_label=_("Velg kommune")
    )
    dato = forms.DateField(label=_("Fra og med"), initial=idag)
    grunn = forms.CharField(
        label=_("Hvorfor flyttes enheten?"),
        max_length=300,
        help_text=_("De som skal svare, leser dette. For eksempel «Kommunegrensa ble endret»."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, nettverk: Nettverk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kommune"].queryset = nettverk.kommuner().defer("grense")

    def clean_enhet(self) -> Enhet:
        nummer = "".join(self.cleaned_data["enhet"].split())
        enhet = Enhet.objects.filter(referanse=nummer).first()
        if enhet is None:
            raise ValidationError(_("Vi finner ingen enhet med dette nummeret."), code="ukjent")
        return enhet

    def clean_dato(self) -> datetime.date:
        dato = self.cleaned_data["dato"]
        if not TIDLIGST <= dato <= idag() + _ETT_AAR:
            raise ValidationError(_("Velg en dato fra 2017 til ett år frem i tid."), code="utenfor")
        return dato


class FlyttesvarForm(PortalForm):
    """Yes or no to a proposal. What is neither, is no answer: a no cannot be taken back."""

    svar = forms.ChoiceField(choices=[("ja", ""), ("nei", "")])
