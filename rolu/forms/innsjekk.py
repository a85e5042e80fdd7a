"""Forms of the door: the desk, its log, and the code of a participant."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nettverk.models import Person
from nettverk.side.portalform import PersonnavnField, PortalForm
from nettverk.side.utenfra import SENEST, TIDLIGST
from rolu.models import (
    Gjest,
    Innsjekkhendelse,
)


class InnsjekksokForm(PortalForm):
    """What is typed at the desk."""

    er_filter = True

    q = forms.CharField(label=gettext_lazy("Navn eller enhet"), required=False, max_length=80)


class InnsjekkForm(PortalForm):
    """A tick, or its undoing, of a person or a guest; on which day of a gathering over several."""

    person = forms.ModelChoiceField(Person.objects.all(), required=False)
    gjest = forms.ModelChoiceField(Gjest.objects.none(), required=False)
    handling = forms.ChoiceField(choices=[("moett", ""), ("angre", "")])
    dag = forms.DateField(required=False)
    q = forms.CharField(required=False, max_length=80)

    def clean(self) -> dict[str, Any]:
        felt = super().clean() or {}
        if not self.errors and bool(felt.get("person")) == bool(felt.get("gjest")):
            raise forms.ValidationError(_("Velg den som møtte."))
        return felt


class NyGjestForm(PortalForm):
    """Somebody at the door who has no Verv in the network: the name, and where they come from."""

    alt_paa_lista = False  # one who is called so stands there: is it another?
    navn = PersonnavnField(label=gettext_lazy("Navn"))
    fra = forms.CharField(
        label=gettext_lazy("Kommer fra"),
        max_length=150,
        required=False,
        help_text=gettext_lazy("Arbeidsplass eller sted."),
    )
    vara_for = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    dag = forms.DateField(required=False, widget=forms.HiddenInput)
    # Asked when one who is called so stands on the list.
    en_annen = forms.BooleanField(
        label=gettext_lazy("Det er en annen med samme navn"), required=False
    )
    # The key of the log: the same form sent twice is one guest.
    noekkel = forms.UUIDField(widget=forms.HiddenInput)


class SkrankelisteForm(PortalForm):
    """What a desk asks for: its names, those who have changed since `etter`, or others who are called `q`."""

    er_filter = True

    q = forms.CharField(required=False, max_length=80)
    etter = forms.DateTimeField(required=False)
    dag = forms.DateField(required=False)


class HerForm(PortalForm):
    """«Jeg er her»: nothing to fill in."""


class HendelseForm(PortalForm):
    """One thing that was done at a desk, as it was kept there (rolu.samlinger.skrankebok.Skrankehendelse)."""

    id = forms.UUIDField()
    handling = forms.ChoiceField(choices=Innsjekkhendelse.Handling.choices)
    tid = forms.DateTimeField()
    person = forms.IntegerField(required=False, min_value=1)
    gjest = forms.IntegerField(required=False, min_value=1)
    gjelder = forms.UUIDField(required=False)
    dag = forms.DateField(required=False)
    navn = PersonnavnField(required=False)
    fra = forms.CharField(required=False, max_length=150)
    vara_for = forms.IntegerField(required=False, min_value=1)
    en_annen = forms.BooleanField(required=False)

    def clean_tid(self) -> datetime.datetime:
        tid: datetime.datetime = self.cleaned_data["tid"]
        if not TIDLIGST.year < tid.year < SENEST.year:
            raise forms.ValidationError(_("Skriv en dato som finnes, for eksempel 24.11.2026."))
        return tid

    def clean(self) -> dict[str, Any]:
        felt = super().clean() or {}
        if felt.get("handling") != Innsjekkhendelse.Handling.GJEST:
            hvem = [felt.get("person"), felt.get("gjest"), felt.get("gjelder")]
            if sum(bool(en) for en in hvem) != 1:
                raise forms.ValidationError(_("Velg den som møtte."))
        return felt
