"""Forms of the register: search and filter, the date a page is asked about, a unit's figures."""

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kommuner.gyldighet import idag
from kommuner.models import Enhet
from kommuner.models.enhet import EnhetQuerySet
from nettverk.models import Medlemskap
from nettverk.register import search_enheter
from nettverk.side.portalform import PortalForm

_EIERFORMER = [
    (Enhet.Eierform.KOMMUNAL, _("Kommunale")),
    (Enhet.Eierform.PRIVAT, _("Private")),
    (Enhet.Eierform.ANNEN, _("Andre offentlige")),
]
TYPER = [
    (Enhet.Type.BARNEHAGE, _("Barnehager")),
    (Enhet.Type.GRUNNSKOLE, _("Grunnskoler")),
    (Enhet.Type.SFO, _("SFO")),
    (Enhet.Type.VOKSENOPPLAERING, _("Voksenopplæring")),
    (Enhet.Type.KULTURSKOLE, _("Kulturskoler")),
    (Enhet.Type.PPT, _("PPT")),
    (Enhet.Type.ANNET, _("Andre")),
]


class RegistersokForm(PortalForm):
    """Search among the units. A value that is not among the choices filters nothing."""

    er_filter = True

    q = forms.CharField(
        label=_("Søk etter navn eller organisasjonsnummer"),
        required=False,
        max_length=100,
        widget=forms.SearchInput(
            attrs={"autocomplete": "off", "placeholder": _("Navn eller organisasjonsnummer")}
        ),
    )
    kommune = forms.ChoiceField(label=_("Kommune"), required=False)
    eierform = forms.ChoiceField(
        label=_("Eierform"), required=False, choices=[("", _("Alle eierformer")), *_EIERFORMER]
    )

    def __init__(self, *args: Any, medlemskap: Sequence[Medlemskap], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.medlemskap = medlemskap
        self.fields["kommune"].choices = [("", _("Alle kommuner"))] + [
            (m.kommune.kommunenummer, m.navn_da) for m in medlemskap
        ]

    def _valg(self, felt: str) -> str:
        self.is_valid()
        return self.cleaned_data.get(felt, "")

    @property
    def sok(self) -> str:
        return " ".join(self._valg("q").split())

    def filter(self, enheter: EnhetQuerySet, dato: datetime.date) -> EnhetQuerySet:
        if self.sok:
            enheter = search_enheter(enheter, self.sok)
        if nummer := self._valg("kommune"):
            kommune = next(
                m.kommune_id for m in self.medlemskap if m.kommune.kommunenummer == nummer
            )
            enheter = enheter.in_kommuner([kommune], dato)
        if eierform := self._valg("eierform"):
            enheter = enheter.with_eier(dato).filter(eierform_da=eierform)
        return enheter


class _SmaattTall(forms.TextInput):
    """A field as narrow as the number. A number input would not be, and scrolls away the figure."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"size": 6, "inputmode": "numeric", "autocomplete": "off"} | (attrs or {}))


class EnhetstallForm(PortalForm):
    """A unit's figures for one year."""

    aar = forms.IntegerField(
        label=_("År"),
        widget=_SmaattTall,
        help_text=_("Tallene per 15. desember, eller slik dere kjenner dem."),
        error_messages={"invalid": _("Skriv årstallet med fire sifre, for eksempel 2026.")},
    )
    antall_barn = forms.IntegerField(
        label=_("Barn eller elever"), required=False, widget=_SmaattTall
    )
    antall_ansatte = forms.IntegerField(label=_("Ansatte"), required=False, widget=_SmaattTall)
    antall_foresatte = forms.IntegerField(label=_("Foresatte"), required=False, widget=_SmaattTall)

    _TALL = ("antall_barn", "antall_ansatte", "antall_foresatte")
    MAKS = 9999

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for felt in self._TALL:
            self.fields[felt].error_messages["invalid"] = _("Skriv et helt tall, for eksempel 42.")

    def clean_aar(self) -> int:
        aar = self.cleaned_data["aar"]
        if not 2000 <= aar <= idag().year + 1:
            raise forms.ValidationError(
                _("Skriv et år fra 2000 til %(siste)s."),
                code="aar",
                params={"siste": idag().year + 1},
            )
        return aar

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for felt in self._TALL:
            verdi = data.get(felt)
            if verdi is not None and not 0 <= verdi <= self.MAKS:
                self.add_error(
                    felt,
                    forms.ValidationError(
                        _("Skriv et tall fra 0 til %(maks)s."),
                        code="utenfor",
                        params={"maks": self.MAKS},
                    ),
                )
        if not self.errors and all(data.get(felt) is None for felt in self._TALL):
            raise forms.ValidationError(_("Fyll ut minst ett av tallene."), code="tomt")
        return data
