"""The form for what a network says about itself."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nettverk.models import Nettverk
from nettverk.nettverkstekst import TEKSTFELT
from nettverk.side.portalform import PortalForm

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


class NettverkstekstForm(PortalForm):
    """Slogan, main goal, background and focus areas. `versjon` is what the writer opened."""

    visjon = forms.CharField(label=_("Visjon"), required=False, max_length=200)
    undertittel = forms.CharField(label=_("Undertittel"), required=False, max_length=200)
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
    fokus_innledning = forms.CharField(
        label=_("Innledning til fokusområdene"), required=False, max_length=300
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
    versjon = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def for_nettverk(cls, nettverk: Nettverk) -> "NettverkstekstForm":
        return cls(initial={felt: getattr(nettverk, felt) for felt in (*TEKSTFELT, "versjon")})

    @property
    def tekster(self) -> dict[str, Any]:
        tekster = {felt: self.cleaned_data[felt] for felt in TEKSTFELT}
        # A browser sends CRLF; kept as it was stored, so that an unchanged text is unchanged.
        return {
            felt: verdi.replace("\r\n", "\n") if isinstance(verdi, str) else verdi
            for felt, verdi in tekster.items()
        }

    def conflicts_with(self, naa: Nettverk) -> list[dict[str, Any]]:
        """The fields that differ: label, the text that stands and the one written here."""
        ulike = []
        for felt, verdi in self.tekster.items():
            deres = getattr(naa, felt)
            if deres != verdi:
                ulike.append(
                    {
                        "navn": self.fields[felt].label,
                        "deres": self.fields[felt].prepare_value(deres),
                        "din": self.fields[felt].prepare_value(verdi),
                    }
                )
        return ulike

    def reopened_on(self, naa: Nettverk) -> "NettverkstekstForm":
        """The same texts, now as a change of the version that stands: saving again writes over it."""
        return type(self)(initial={**self.tekster, "versjon": naa.versjon})
