"""The forms of the support lens: the filter, the unit's answer, a greeting, guidance, a talk."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kommuner.gyldighet import idag
from nettverk.side.portalform import IKKE_NAVN_PAA_BARN, PortalForm
from nettverk.skriving.engang import EngangsForm
from nettverk.tilgang.roller import Roller
from rolu.forms.enhetsfilter import Enhetsfilter, kommuner_of
from rolu.models import Stoettesignal

_ET_AAR = datetime.timedelta(days=366)


class StoetteFilter(Enhetsfilter):
    """Which of the units that one follows up, and which signal."""

    slag = forms.ChoiceField(
        required=False,
        choices=[("", ""), *Stoettesignal.Slag.choices],
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: Any, roller: Roller, **kwargs: Any) -> None:
        kommuner = kommuner_of(roller, alle=roller.er_koordinator)
        super().__init__(*args, kommuner=kommuner, **kwargs)
        self.is_valid()

    @property
    def valgt_slag(self) -> str:
        return self.cleaned_data.get("slag") or ""


class StoettesvarForm(PortalForm):
    """The unit says how it is."""

    svar = forms.CharField(
        label=_("Slik er det"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Én setning er nok. Kommunen og koordinatoren ser svaret."),
    )


class HilsenForm(EngangsForm, PortalForm):
    """A greeting to the leader; shown as a letter before it is sent."""

    tekst = forms.CharField(
        label=_("Hva vil du si?"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=IKKE_NAVN_PAA_BARN,
    )


def _near(dato: datetime.date) -> datetime.date:
    if abs(dato - idag()) > _ET_AAR:
        raise ValidationError(_("Se over datoen. Datoen ligger langt fra i dag."), code="dato")
    return dato


class VeiledningForm(EngangsForm, PortalForm):
    """Guidance that is agreed on."""

    dato = forms.DateField(label=_("Når"))
    hvem = forms.CharField(
        label=_("Hvem veileder"),
        max_length=150,
        help_text=_("For eksempel «PPT ved Kari», eller «Skrivesenteret»."),
    )
    tekst = forms.CharField(
        label=_("Hva det handler om"),
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=IKKE_NAVN_PAA_BARN,
    )

    def clean_dato(self) -> datetime.date:
        return _near(self.cleaned_data["dato"])


class StoettesamtaleForm(EngangsForm, PortalForm):
    """A note of a talk."""

    dato = forms.DateField(label=_("Når snakket dere sammen?"))
    tekst = forms.CharField(
        label=_("Hva ble dere enige om?"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=IKKE_NAVN_PAA_BARN,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("dato", idag())

    def clean_dato(self) -> datetime.date:
        dato = _near(self.cleaned_data["dato"])
        if dato > idag():
            raise ValidationError(
                _("Noter samtalen etter at dere har snakket sammen."), code="fremtid"
            )
        return dato
