"""Forms of evaluering."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evaluering.aarsrapport import TIDLIGST, is_reportable
from evaluering.models import Sporsmaal
from kommuner.gyldighet import idag
from nettverk.side.portalform import IKKE_NAVN_PAA_BARN, PortalForm, PortalModelForm
from nettverk.side.utenfra import seen_line
from nettverk.skriving.autolagring import TekstForm
from nettverk.skriving.engang import EngangsForm
from nettverk.skriving.laas import StandForm


class KapitteltekstForm(TekstForm):
    """The text of one chapter, with the version it was opened as."""

    tekst = forms.CharField(
        label=_("Tekst"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=IKKE_NAVN_PAA_BARN,
    )

    tekster = ("tekst",)


class GodkjennForm(PortalForm):
    """Approve the report as it was when the page was opened (`Aarsrapport.stand`)."""

    stand = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class AarForm(PortalForm):
    """Which year's report to open."""

    aar = forms.IntegerField(
        label=_("Åpne et annet år"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 6, "autocomplete": "off"}),
        error_messages={"invalid": _("Skriv et årstall med fire sifre, for eksempel 2018.")},
    )

    def clean_aar(self) -> int:
        aar = self.cleaned_data["aar"]
        if not is_reportable(aar):
            raise forms.ValidationError(
                _("Velg et år fra %(forste)s til %(siste)s."),
                params={"forste": TIDLIGST, "siste": idag().year + 1},
            )
        return aar


Type = Sporsmaal.Type
_MINST_VALG, _FLEST_VALG, _VALGLENGDE = 2, 12, 150


class SporsmaalForm(EngangsForm, StandForm, PortalModelForm):
    """A question of a survey: the fields that its type has. `felt` is what the act keeps."""

    valg = forms.CharField(
        label=_("Svaralternativene"),
        max_length=(_VALGLENGDE + 2) * _FLEST_VALG,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    trinn = forms.IntegerField(
        label=_("Hvor mange trinn?"),
        min_value=2,
        max_value=10,
        initial=6,
        widget=forms.NumberInput(attrs={"size": 4}),
    )

    class Meta:
        model = Sporsmaal
        fields = ["tekst", "hjelp", "valg", "trinn", "lavest", "hoeyest", "vet_ikke", "paakrevd"]
        labels = {
            "tekst": _("Hva spør dere om?"),
            "lavest": _("Hva betyr det laveste trinnet?"),
            "hoeyest": _("Hva betyr det høyeste trinnet?"),
            "vet_ikke": _("Kan svare «Vet ikke»"),
            "paakrevd": _("Må svares på"),
        }
        help_texts = {
            "hjelp": _("Står under spørsmålet."),
            "paakrevd": _("De fleste svarer lettere når de kan la noe stå tomt."),
        }

    def __init__(self, *args: Any, type_: str, **kwargs: Any) -> None:
        self.type = Type(type_)
        instans = kwargs.get("instance")
        if instans is not None:
            kwargs["initial"] = {"valg": "\n".join(instans.valg), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        for navn in self._unused():
            del self.fields[navn]
        if "valg" in self.fields:
            self.fields["valg"].help_text = (
                _("Trinnene i skalaen, ett på hver linje, det laveste først.")
                if self.type == Type.SKALA
                else _("Ett på hver linje.")
            )

    def _unused(self) -> set[str]:
        if self.type == Type.TEKST:
            return {"valg", "trinn", "lavest", "hoeyest", "vet_ikke"}
        if self.type == Type.NAA_OG_OENSKET:
            return {"valg"}
        return {"trinn", "lavest", "hoeyest"}

    def clean_valg(self) -> list[str]:
        valg = [
            linje for rad in self.cleaned_data["valg"].splitlines() if (linje := seen_line(rad))
        ]
        if not _MINST_VALG <= len(valg) <= _FLEST_VALG:
            raise forms.ValidationError(
                gettext("Skriv fra %(minst)s til %(flest)s svaralternativer, ett på hver linje."),
                params={"minst": _MINST_VALG, "flest": _FLEST_VALG},
            )
        if len(set(valg)) < len(valg):
            raise forms.ValidationError(gettext("To svaralternativer er like."))
        if any(len(ett) > _VALGLENGDE for ett in valg):
            raise forms.ValidationError(
                gettext("Et svaralternativ kan ha %(n)s tegn."), params={"n": _VALGLENGDE}
            )
        return valg

    @property
    def felt(self) -> dict[str, Any]:
        return {navn: self.cleaned_data[navn] for navn in self._names()}


class PlassForm(PortalForm):
    """Where among the others a question is to stand."""

    plass = forms.IntegerField(min_value=1, max_value=1000)


class NyttSporsmaalForm(PortalForm):
    """What kind of question to ask."""

    type = forms.ChoiceField(choices=Type.choices)


class TekstvisningForm(PortalForm):
    """Take a text out of the results, or bring it back."""

    tekst = forms.UUIDField()
    skjul = forms.ChoiceField(choices=[("ja", ""), ("nei", "")])
