"""Forms of the moderation: which voices one reads, what is done with those that are ticked, and undoing it."""

import re
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fremtidsbilder.models import Bidrag, Tankesmie
from fremtidsbilder.tankesmier.moderering import GODKJENN, HOLD, SKJUL, VIS
from nettverk.side.portalform import PortalForm

UTEN = "ingen"
_VALG = [(valg, valg) for valg in (GODKJENN, HOLD, SKJUL)]
# What the wall does too.
_ANGRES = [*_VALG, (VIS, VIS)]


class StemmefilterForm(PortalForm):
    """Whose voices, and to which question."""

    er_filter = True

    gruppe = forms.ChoiceField(label=_("Hvem sin stemme"), required=False)
    sporsmaal = forms.ChoiceField(label=_("Spørsmål"), required=False)

    def __init__(self, *args: Any, tankesmie: Tankesmie, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grupper = tankesmie.nettverk.stemmegrupper.filter(bidrag__sporsmaal__tankesmie=tankesmie)
        valg = [(str(g.pk), g.navn) for g in grupper.distinct()]
        if valg:
            self.fields["gruppe"].choices = [
                ("", _("Alle grupper")),
                *valg,
                (UTEN, _("Ikke sagt hvem sin")),
            ]
        else:
            del self.fields["gruppe"]
        sporsmaalene = [(str(s.pk), s.tekst) for s in tankesmie.sporsmaal.all()]
        if len(sporsmaalene) > 1:
            self.fields["sporsmaal"].choices = [("", _("Alle spørsmål")), *sporsmaalene]
            self.fields["sporsmaal"].widget.attrs["lang"] = tankesmie.nettverk.maalform
        else:
            del self.fields["sporsmaal"]

    def filter(self, kort: QuerySet[Bidrag]) -> QuerySet[Bidrag]:
        """What is chosen of them; a choice that is none, chooses nothing."""
        self.is_valid()
        gruppe = self.cleaned_data.get("gruppe")
        if gruppe == UTEN:
            kort = kort.filter(gruppe__isnull=True)
        elif gruppe:
            kort = kort.filter(gruppe=gruppe)
        sporsmaal = self.cleaned_data.get("sporsmaal")
        return kort.filter(sporsmaal=sporsmaal) if sporsmaal else kort


_KORT = re.compile(r"(\d{1,18})\.(\w{1,20})", re.ASCII)
MANGE = 500


class MerkedeKort(forms.Field):
    """Cards with a mark each, as «12.1u»: which one, and how it was read (`moderering.seen`, `state`)."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> dict[int, str]:
        treff = (_KORT.fullmatch(str(v)) for v in (value or [])[:MANGE])
        return {int(t.group(1)): t.group(2) for t in treff if t}


class AvgjoerelseForm(PortalForm):
    """What is done with the cards that are ticked, or with the one whose own button was pressed."""

    handling = forms.ChoiceField(choices=_VALG, widget=forms.HiddenInput)
    valgt = MerkedeKort(required=False)
    grunn = forms.CharField(label=_("Hvorfor"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("valgt"):
            raise forms.ValidationError(_("Kryss av ett eller flere bidrag først."))
        return data

    def why_not(self) -> str:
        return str(next(iter(self.errors.values()))[0])


class AngreForm(PortalForm):
    """The decision that is undone, and how each card stood before it."""

    angre = forms.ChoiceField(choices=_ANGRES, widget=forms.HiddenInput)
    foer = forms.CharField(widget=forms.HiddenInput, max_length=MANGE * 40)

    def clean_foer(self) -> dict[int, str]:
        return MerkedeKort().clean(self.cleaned_data["foer"].split("-"))
