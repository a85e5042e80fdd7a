"""Forms of the thread of a mellomarbeid."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from nettverk.side.portalform import IKKE_NAVN_PAA_BARN, PortalForm
from nettverk.skriving.engang import EngangsForm
from rolu.mellomarbeid.tilbakemelding import Leser
from rolu.models import Kvittering, Loggpost


class NotatvalgField(forms.ModelChoiceField):
    """One of the unit's entries, by phase and date."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.get_fase_display()}, {obj.dato:%d.%m.%Y}"


class TilbakemeldingForm(EngangsForm, PortalForm):
    """What one wants to say, about the whole or an entry, and who is named."""

    tekst = forms.CharField(
        label=_("Hva vil du si?"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "autocapitalize": "sentences", "data-nevn": True}),
        help_text=IKKE_NAVN_PAA_BARN,
    )
    loggpost = NotatvalgField(
        label=_("Hva handler det om?"),
        queryset=None,
        required=False,
        empty_label=_("Hele mellomarbeidet"),
    )
    nevnte = forms.TypedMultipleChoiceField(
        label=_("Nevn noen"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, *args: Any, poster: QuerySet[Loggpost], lesere: list[Leser], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["loggpost"].queryset = poster
        self.fields["nevnte"].choices = [(leser.person.pk, leser.person.navn) for leser in lesere]
        if not lesere:
            del self.fields["nevnte"]

    @property
    def felt(self) -> dict[str, Any]:
        """What `rolu.mellomarbeid.tilbakemelding.say` needs, by name."""
        return {
            "tekst": self.cleaned_data["tekst"],
            "loggpost": self.cleaned_data["loggpost"],
            "nevnte": self.cleaned_data.get("nevnte") or [],
        }


class KvitteringForm(PortalForm):
    """Which of the two taps, and for which of one's units."""

    slag = forms.ChoiceField(choices=Kvittering.Slag)
    enhet = forms.IntegerField(required=False)
