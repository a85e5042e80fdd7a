"""Forms for whom a thing is for after it has been sent: what is answered before it is changed."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundWidget
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kommuner.models import Kommune
from nettverk.side.portalform import PortalForm
from rolu.mellomarbeid.oppdrag import Enhetsbytte
from rolu.samlinger.mottakerbytte import Folkebytte

# Fewer are ticked one by one.
_FAA = 3


class _BytteForm(PortalForm):
    """The mark of what the person saw, and whether those who fall out are told."""

    er_filter = True  # an answer that is not asked for is not called optional

    stand = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    beskjed = forms.ChoiceField(
        label=gettext_lazy("Skal de som faller ut, få beskjed på e-post?"),
        choices=[
            ("ja", gettext_lazy("Ja, gi beskjed")),
            ("nei", gettext_lazy("Nei, ikke gi beskjed")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )

    @property
    def skal_ha_beskjed(self) -> bool:
        return self.cleaned_data.get("beskjed") == "ja"

    def _require_answer(self, faller_noen_ut: bool) -> None:
        if faller_noen_ut and not self.cleaned_data.get("beskjed") and "beskjed" not in self.errors:
            self.add_error("beskjed", _("Velg om de som faller ut, skal få beskjed."))


class SamlingsbytteForm(_BytteForm):
    """A gathering is for others: those who have signed up stay, but for those who are ticked."""

    ta_ut = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Ta ut disse"),
        coerce=int,
        empty_value=[],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": gettext_lazy("Lista er endret. Se over, og velg på nytt.")
        },
    )
    ta_ut_alle = forms.BooleanField(required=False)
    field_order = ["stand", "ta_ut_alle", "ta_ut", "beskjed"]

    def __init__(self, *args: Any, bytte: Folkebytte, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bytte = bytte
        self.initial["stand"] = bytte.stand
        antall = len(bytte.paameldte)
        self.fields["ta_ut"].choices = [
            (person.pk, ", ".join(filter(None, [person.navn, bytte.plasser[person.pk][0], vara])))
            for person in bytte.paameldte
            for vara in [
                _("vara: %(navn)s") % {"navn": bytte.varaer[person.pk]}
                if person.pk in bytte.varaer
                else ""
            ]
        ]
        self.fields["ta_ut_alle"].label = _("Ta ut alle %(n)s") % {"n": antall}
        if antall < _FAA:
            del self.fields["ta_ut_alle"]
        if not bytte.paameldte:
            del self.fields["ta_ut"]
            if not bytte.vet:
                del self.fields["beskjed"]

    @property
    def skal_ut(self) -> list[int]:
        """The people who have signed up and are taken out."""
        if self.cleaned_data.get("ta_ut_alle"):
            return [person.pk for person in self.bytte.paameldte]
        return self.cleaned_data.get("ta_ut", [])

    def ta_ut_per_kommune(self) -> list[tuple[str, list[BoundWidget], bool]]:
        """The boxes under the kommune of each, and whether one of them is ticked; without kommune last."""
        steder: dict[Kommune | None, list[BoundWidget]] = {}
        for person, boks in zip(self.bytte.paameldte, self["ta_ut"], strict=True):
            steder.setdefault(self.bytte.plasser[person.pk][1], []).append(boks)
        i_orden = sorted(
            steder.items(), key=lambda par: (par[0] is None, par[0].sortering if par[0] else "")
        )
        return [
            (
                kommune.navn if kommune else _("Uten kommune"),
                bokser,
                any(boks.data["selected"] for boks in bokser),
            )
            for kommune, bokser in i_orden
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self._require_answer("beskjed" in self.fields and bool(self.bytte.vet or self.skal_ut))
        return data


class OppdragsbytteForm(_BytteForm):
    """An assignment is for other units."""

    def __init__(self, *args: Any, bytte: Enhetsbytte, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bytte = bytte
        self.initial["stand"] = bytte.stand
        if not bytte.vet:
            del self.fields["beskjed"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self._require_answer("beskjed" in self.fields)
        return data
