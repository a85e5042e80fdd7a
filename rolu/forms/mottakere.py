"""Forms for whom a thing is for after it has been sent: what is answered before it is changed."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nettverk.side.portalform import PortalForm
from rolu.mellomarbeid.oppdrag import Enhetsbytte
from rolu.samlinger.mottakerbytte import Folkebytte


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
    field_order = ["stand", "ta_ut", "beskjed"]

    def __init__(self, *args: Any, bytte: Folkebytte, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bytte = bytte
        self.initial["stand"] = bytte.stand
        self.fields["ta_ut"].choices = [(person.pk, person.navn) for person in bytte.paameldte]
        if not bytte.paameldte:
            del self.fields["ta_ut"]
            if not bytte.vet:
                del self.fields["beskjed"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self._require_answer("beskjed" in self.fields and bool(self.bytte.vet or data.get("ta_ut")))
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
