"""Forms of the thread of a mellomarbeid."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nettverk.side.portalform import IKKE_NAVN_PAA_BARN, PortalForm
from nettverk.skriving.engang import EngangsForm
from rolu.mellomarbeid.tilbakemelding import Leser
from rolu.models import Kvittering, Loggpost


class TilbakemeldingForm(EngangsForm, PortalForm):
    """What one wants to say, about the whole or an entry, and who is named."""

    tekst = forms.CharField(
        label=_("Hva vil du si?"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "autocapitalize": "sentences", "data-nevn": True}),
        help_text=IKKE_NAVN_PAA_BARN,
    )
    loggpost = forms.TypedChoiceField(
        label=_("Hva handler det om?"), required=False, empty_value=None
    )
    nevnte = forms.TypedMultipleChoiceField(
        label=_("Nevn noen"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, *args: Any, poster: Iterable[Loggpost], lesere: list[Leser], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        # The page has the entries already.
        alle = {str(post.pk): post for post in poster}
        self.fields["loggpost"].coerce = lambda pk: alle[str(pk)]
        self.fields["loggpost"].choices = [
            ("", _("Hele mellomarbeidet")),
            *((pk, f"{p.get_fase_display()}, {p.dato:%d.%m.%Y}") for pk, p in alle.items()),
        ]
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
