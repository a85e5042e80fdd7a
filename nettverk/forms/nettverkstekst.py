"""The form for what a network says about itself."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nettverk.models import Nettverk
from nettverk.nettverkstekst import TEKSTFELT
from nettverk.side.portalform import PortalModelForm
from nettverk.skriving.laas import StandForm

_MAKS_LINJE = 400


class LinjerField(forms.Field):
    """A list, written one per line. Empty lines are left out."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        if isinstance(value, list):
            return value
        return [
            linje for rad in (value or "").splitlines() if (linje := rad.strip().lstrip("•-* "))
        ]

    def validate(self, value: list[str]) -> None:
        if self.required and not value:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        for linje in value:
            if len(linje) > _MAKS_LINJE:
                raise forms.ValidationError(
                    _("Linja «%(start)s …» er for lang. Bruk høyst %(maks)s tegn på hver linje."),
                    code="linje",
                    params={"start": linje[:40], "maks": _MAKS_LINJE},
                )


class NettverkstekstForm(StandForm, PortalModelForm):
    """Slogan, main goal, background and focus areas."""

    hovedmaal = forms.CharField(
        label=_("Hovedmål"), widget=forms.Textarea(attrs={"rows": 2}), max_length=1000
    )
    om = forms.CharField(
        label=_("Om nettverket"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_(
            "Skriv avsnitt med tom linje mellom. Overskrift: ### foran. Uthevet: **ord**. Punkt: - foran."
        ),
    )
    fokusomraader = LinjerField(
        label=_("Fokusområder"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Ett på hver linje."),
    )
    arbeidsmaater = LinjerField(
        label=_("Arbeidsmåter"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Én på hver linje."),
    )
    nettsted = forms.URLField(
        label=_("Nettsted"),
        required=False,
        assume_scheme="https",
        error_messages={
            "invalid": _("Skriv en hel nettadresse, for eksempel https://nettverk.example.")
        },
    )

    class Meta:
        model = Nettverk
        fields = list(TEKSTFELT)
        labels = {
            "visjon": _("Visjon"),
            "undertittel": _("Undertittel"),
            "fokus_overskrift": _("Overskrift over fokusområdene"),
            "fokus_innledning": _("Innledning til fokusområdene"),
        }

    @property
    def tekster(self) -> dict[str, Any]:
        """What `nettverk.nettverkstekst.change_text` needs, by name."""
        tekster = {felt: self.cleaned_data[felt] for felt in TEKSTFELT}
        # A browser sends CRLF; kept as it was stored, so that an unchanged text is unchanged.
        return {
            felt: verdi.replace("\r\n", "\n") if isinstance(verdi, str) else verdi
            for felt, verdi in tekster.items()
        }
