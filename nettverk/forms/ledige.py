"""The filter of what is vacant."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kommuner.models.enhet import EnhetQuerySet
from nettverk.ledige import lacks_leader, lacks_role, unconfirmed
from nettverk.models import Nettverk
from nettverk.side.portalform import PortalForm
from nettverk.side.utenfra import whole_number
from nettverk.tilgang.roller import Roller

ROLLE, LEDER, UBEKREFTET = "rolle", "leder", "ubekreftet"


class LedigeFilterForm(PortalForm):
    """Which of the units that lack something: by kommune, and by what they lack."""

    er_filter = True

    # Chosen by the tabs of the page.
    slag = forms.ChoiceField(
        required=False, choices=[(slag, slag) for slag in ("", ROLLE, LEDER, UBEKREFTET)]
    )
    kommune = forms.ChoiceField(label=_("Kommune"), required=False)

    def __init__(self, *args: Any, roller: Roller, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.nettverk: Nettverk = roller.nettverk
        kommuner = self.nettverk.kommuner().defer("grense")
        if not roller.er_kog:
            kommuner = kommuner.filter(pk__in=roller.kommuner_ansvar)
        self._kommuner = list(kommuner)
        self.fields["kommune"].choices = [
            ("", _("Alle kommuner")),
            *((str(k.pk), k.navn) for k in self._kommuner),
        ]
        if len(self._kommuner) < 2:
            del self.fields["kommune"]

    @property
    def er_ukjent(self) -> bool:
        """Whether what is asked for is no choice here: then nothing is narrowed, and nobody is written to."""
        if not self.is_valid():
            return True
        kommune = self.data.get("kommune") if "kommune" not in self.fields else ""
        return bool(kommune) and kommune not in {str(k.pk) for k in self._kommuner}

    def in_kommune(self, enheter: EnhetQuerySet) -> EnhetQuerySet:
        """The units of the kommune that is chosen."""
        data = self.cleaned_data if self.is_valid() else {}
        kommune = whole_number(data.get("kommune"))
        return enheter if kommune is None else enheter.in_kommuner([kommune])

    @property
    def slaget(self) -> str:
        """What is chosen to be lacking; "" for anything."""
        return self.cleaned_data.get("slag", "") if self.is_valid() else ""

    def lacking(self, enheter: EnhetQuerySet) -> EnhetQuerySet:
        """Those that lack what is chosen; anything, when nothing is."""
        n = self.nettverk
        krav = {ROLLE: lacks_role(n), LEDER: lacks_leader(n), UBEKREFTET: unconfirmed(n)}
        hva = krav.get(self.slaget)
        if hva is None:
            hva = lacks_role(n) | lacks_leader(n) | unconfirmed(n)
        return enheter.filter(hva)
