"""The form of a gathering's tankesmier: one for an item of the programme. The others are everybody's who leads one
(`fremtidsbilder.forms.ledelse`)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from fremtidsbilder.forms.ledelse import BordtallField, SporsmaalFelt
from nettverk.side.portalform import PortalForm, mark_choices
from nettverk.skriving.engang import EngangsForm
from rolu.models import Programpost, Samling
from rolu.samlinger.samtaler import free_items


class SamtaleForm(EngangsForm, PortalForm):
    """A tankesmie for an item of the programme."""

    programpost = forms.ModelChoiceField(
        Programpost.objects.none(),
        label=gettext_lazy("Post i programmet"),
        empty_label=gettext_lazy("Velg post"),
    )
    sporsmaal = SporsmaalFelt(
        label=gettext_lazy("Spørsmål"),
        help_text=gettext_lazy("Ett på hver linje. Du åpner spørsmålene ett for ett i salen."),
    )
    antall_bord = BordtallField(initial=0)

    def __init__(self, *args: Any, samling: Samling, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programpost"].queryset = free_items(samling)
        mark_choices(self.fields["programpost"], samling.nettverk.maalform)
