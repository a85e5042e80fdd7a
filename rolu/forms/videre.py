"""The form that carries what was not finished to a later gathering."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from nettverk.side.portalform import PortalForm, mark_choices
from nettverk.side.skrivemaate import tidsrom
from rolu.models import Samling


class _Samlingsvalg(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.tittel}, {tidsrom(obj.start, obj.slutt)}"


class TaMedForm(PortalForm):
    """To which gathering; the first of `kandidater` is proposed."""

    til = _Samlingsvalg(
        Samling.objects.none(), label=gettext_lazy("Til hvilken samling?"), empty_label=None
    )

    def __init__(self, *args: Any, kandidater: QuerySet[Samling], maalform: str, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["til"].queryset = kandidater
        mark_choices(self.fields["til"], maalform)
