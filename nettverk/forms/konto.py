"""What a person may change about themselves."""

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from nettverk.models import Person, Ubesvart
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


class SvarForm(PortalForm):
    """Whether it is me that a network has written down."""

    ubesvart: forms.ModelChoiceField = forms.ModelChoiceField(queryset=None)
    svar = forms.ChoiceField(choices=[("ja", ""), ("nei", "")])

    def __init__(self, *args: object, ubesvarte: QuerySet[Ubesvart], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ubesvart"].queryset = ubesvarte
