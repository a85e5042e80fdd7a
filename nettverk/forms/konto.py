"""What a person may change about themselves."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from nettverk.arbeid.brev import Brevslag, choosable_kinds
from nettverk.models import Naar, Person, Ubesvart
from nettverk.side.portalform import PortalForm, PortalModelForm


class MinKontoForm(PortalModelForm):
    """Own name, phone and language. The e-mail address is the account's name and is changed by others."""

    class Meta:
        model = Person
        fields = ["navn", "telefon", "spraak"]
        labels = {"navn": _("Navn"), "telefon": _("Telefon"), "spraak": _("Språk")}
        widgets = {
            "navn": forms.TextInput(attrs={"autocomplete": "name"}),
            "telefon": forms.TextInput(
                attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}
            ),
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        valg = [v for v in Person._meta.get_field("spraak").choices or [] if v[0]]
        # «Som nettverket» is an answer too.
        self.fields["spraak"].er_besvart = True
        self.fields["spraak"].choices = [("", _("Som nettverket")), *valg]


class UbesvartForm(PortalForm):
    """Whether it is me that a network has written down."""

    ubesvart: forms.ModelChoiceField = forms.ModelChoiceField(queryset=None)
    svar = forms.ChoiceField(choices=[("ja", ""), ("nei", "")])

    def __init__(self, *args: object, ubesvarte: QuerySet[Ubesvart], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ubesvart"].queryset = ubesvarte


def _worded(naar: Naar, slaget: Brevslag) -> str | Promise:
    """What is not gathered in the letter of the week, comes by mail or not."""
    if naar == Naar.STRAKS and Naar.UKE not in slaget.valg:
        return _("På e-post")
    return naar.label


class BrevvalgForm(PortalForm):
    """When I want each kind of letter that is mine to choose."""

    def __init__(self, *args: Any, valgt: dict[str, Naar], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._slag = {slaget.navn.replace(".", "-"): slaget for slaget in choosable_kinds()}
        for felt, slaget in self._slag.items():
            self.fields[felt] = forms.ChoiceField(
                label=str(slaget.om or slaget.tittel),
                choices=[(naar.value, _worded(naar, slaget)) for naar in slaget.valg],
                initial=valgt[slaget.navn],
                widget=forms.RadioSelect,
            )

    @property
    def valg(self) -> dict[str, str]:
        """What was chosen, by the kind of letter."""
        return {slaget.navn: self.cleaned_data[felt] for felt, slaget in self._slag.items()}
