"""What the list of people is asked for."""

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nettverk import folkeliste
from nettverk.models import Medlemskap
from nettverk.models.gruppe import VervQuerySet
from nettverk.side.portalform import PortalForm


class FolkesokForm(PortalForm):
    """Search among the people. A value that is not among the choices filters nothing."""

    er_filter = True

    q = forms.CharField(
        label=_("Søk etter navn eller enhet"),
        required=False,
        max_length=100,
        widget=forms.SearchInput(
            attrs={"autocomplete": "off", "placeholder": _("Navn eller enhet")}
        ),
    )
    kommune = forms.ChoiceField(label=_("Kommune"), required=False)

    def __init__(self, *args: Any, medlemskap: Sequence[Medlemskap], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.medlemskap = medlemskap
        self.fields["kommune"].choices = [("", _("Alle kommuner"))] + [
            (m.kommune.kommunenummer, m.navn_da) for m in medlemskap
        ]

    def filter(self, verv: VervQuerySet, dato: datetime.date) -> VervQuerySet:
        self.is_valid()
        verv = folkeliste.search(verv, self.cleaned_data.get("q", ""))
        nummer = self.cleaned_data.get("kommune", "")
        for m in self.medlemskap:
            if nummer and m.kommune.kommunenummer == nummer:
                return folkeliste.in_kommune(verv, m.kommune_id, dato)
        return verv
