"""What the lists of units have in common: a search by name, and a kommune."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kommuner.models.enhet import EnhetQuerySet
from kommuner.sortering import named
from nettverk.side.portalform import PortalForm
from nettverk.tilgang.roller import Roller


class Enhetsfilter(PortalForm):
    """Which units a list shows. What it does not know it leaves out. `kommuner`: those that one may choose between;
    of one only there is nothing to choose."""

    er_filter = True

    q = forms.CharField(
        label=_("Enhet"),
        required=False,
        max_length=80,
        widget=forms.SearchInput(
            attrs={"autocomplete": "off", "placeholder": _("Søk etter enhet")}
        ),
    )
    kommune = forms.TypedChoiceField(
        label=_("Kommune"), required=False, coerce=int, empty_value=None
    )

    def __init__(self, *args: Any, kommuner: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.flere_kommuner = len(kommuner) > 1
        self.fields["kommune"].choices = [("", _("Alle kommuner")), *kommuner]
        if not self.flere_kommuner:
            del self.fields["kommune"]

    def narrow(self, enheter: EnhetQuerySet) -> EnhetQuerySet:
        """The units that the search and the kommune leave."""
        if kommune := self.cleaned_data.get("kommune"):
            enheter = enheter.in_kommuner([kommune])
        if q := self.cleaned_data.get("q"):
            enheter = named(enheter, q, "sortering")
        return enheter


def kommuner_of(roller: Roller, *, alle: bool) -> list[tuple[int, str]]:
    """The kommuner of the network today to choose between: all, or those that the person answers for. One query."""
    kommuner = roller.nettverk.kommuner()
    if not alle:
        kommuner = kommuner.filter(pk__in=roller.kommuner_ansvar)
    return list(kommuner.order_by("sortering").values_list("pk", "navn"))
