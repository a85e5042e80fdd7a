"""Forms of those who lead a tankesmie: steer its questions, arrange its wall, type what came on paper."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fremtidsbilder.models import Samtalesporsmaal
from fremtidsbilder.models.tankesmie import MAKS_BORD, MAKS_PRIKKER, SPORSMAAL_TEGN
from fremtidsbilder.tankesmier.ark import ARK
from fremtidsbilder.tankesmier.styring import MAKS_SPORSMAAL
from nettverk.side.portalform import IKKE_NAVN_PAA_BARN, PortalForm, PortalModelForm
from nettverk.side.utenfra import MAKS_TALL, seen_line, whole_number
from nettverk.skriving.engang import EngangsForm
from nettverk.skriving.laas import StandForm

HJELP_TEGN = 1000


class SporsmaalFelt(forms.CharField):
    """Questions, one on each line; a list of them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 4}), **kwargs)

    def clean(self, value: Any) -> list[str]:
        linjer = [seen_line(linje) for linje in super().clean(value).splitlines()]
        linjer = [linje for linje in linjer if linje]
        if len(linjer) > MAKS_SPORSMAAL:
            raise ValidationError(
                _("Det er plass til %(n)s spørsmål. Fjern noen av linjene.") % {"n": MAKS_SPORSMAAL}
            )
        if any(len(linje) > SPORSMAAL_TEGN for linje in linjer):
            raise ValidationError(_("Et spørsmål kan ha %(n)s tegn.") % {"n": SPORSMAAL_TEGN})
        return linjer


class HjelpFelt(forms.CharField):
    """What helps one to begin: words, or the start of a sentence."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=gettext_lazy("Hjelp til å komme i gang"),
            required=False,
            max_length=HJELP_TEGN,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text=gettext_lazy(
                "Stikkord eller en start på setningen, for eksempel «Jeg lærer best når …»."
            ),
            **kwargs,
        )


class BordtallField(forms.IntegerField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=gettext_lazy("Antall bord"),
            min_value=0,
            max_value=MAKS_BORD,
            help_text=gettext_lazy("Skriv 0 når dere ikke sitter ved bord."),
            widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            **kwargs,
        )


class BordtallForm(PortalForm):
    """The number of tables."""

    antall_bord = BordtallField()


class NyttSamtalesporsmaalForm(PortalForm):
    """One more question."""

    tekst = forms.CharField(label=gettext_lazy("Nytt spørsmål"), max_length=SPORSMAAL_TEGN)
    hjelp = HjelpFelt()

    def __init__(self, *args: Any, med_hjelp: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not med_hjelp:
            del self.fields["hjelp"]

    def felt(self) -> dict[str, str]:
        """What `styring.add_question` needs, by name."""
        return {navn: self.cleaned_data[navn] for navn in ("tekst", "hjelp") if navn in self.fields}


class SporsmaalEndreForm(StandForm, PortalModelForm):
    """A question in other words; of a tankesmie held for itself, the help with it too."""

    hjelp = HjelpFelt()

    class Meta:
        model = Samtalesporsmaal
        fields = ["tekst", "hjelp"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.tankesmie.frittstaaende:
            del self.fields["hjelp"]


class StyringForm(PortalForm):
    """What is done with a question, or with the tankesmie."""

    HANDLINGER = (
        "start",
        "steng",
        "snart",
        "prikker",
        "opp",
        "ned",
        "slett",
        "lukk",
        "gjenaapne",
        "fjern",
    )

    handling = forms.ChoiceField(choices=[(h, h) for h in HANDLINGER], widget=forms.HiddenInput)
    sporsmaal = forms.IntegerField(required=False, widget=forms.HiddenInput)
    minutter = forms.IntegerField(
        label=gettext_lazy("Minutter"),
        min_value=1,
        max_value=240,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    prikker = forms.IntegerField(
        label=gettext_lazy("Prikker til hver telefon"),
        min_value=0,
        max_value=MAKS_PRIKKER,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("handling") == "prikker" and data.get("prikker", 0) is None:
            self.add_error("prikker", _("Skriv hvor mange prikker hver telefon kan gi."))
        return data


class ArkForm(PortalForm):
    """Which print."""

    ark = forms.ChoiceField(choices=[(navn, navn) for navn in ARK], widget=forms.HiddenInput)


class KortFelt(forms.Field):
    """The cards that are ticked, by number."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[int]:
        tall = [whole_number(str(v)) for v in value or []][:5000]
        return [t for t in tall if t is not None]


@dataclass(frozen=True)
class Beholdt:
    """What stood in a `VeggForm` that was refused: the cards that were ticked, the theme that was chosen for them, the
    name; `rad` is the theme whose own row it was."""

    kort: frozenset[int]
    tema: int | None
    navn: str
    rad: int | None

    @property
    def er_utenfor(self) -> bool:
        """It was written among the themes, not among the cards."""
        return self.rad is not None or not self.kort


class VeggForm(PortalForm):
    """What is done on the wall: with the cards that are ticked, or with a theme."""

    MED_KORT = ("flytt", "ogsaa", "uttema", "nytt", "skjul", "vis", "slett", "velg", "velgikke")
    MED_TEMA = ("navn", "slaa", "del", "fjern")

    handling = forms.ChoiceField(
        choices=[(h, h) for h in (*MED_KORT, *MED_TEMA)], widget=forms.HiddenInput
    )
    kort = KortFelt(required=False)
    tema = forms.IntegerField(required=False, max_value=MAKS_TALL)
    inn_i = forms.IntegerField(required=False, max_value=MAKS_TALL)
    navn = forms.CharField(label=gettext_lazy("Navn på temaet"), max_length=100, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        handling = data.get("handling")
        if handling in self.MED_KORT and handling != "nytt" and not data.get("kort"):
            raise ValidationError(_("Kryss av ett eller flere bidrag først."))
        if handling in ("nytt", "navn") and not data.get("navn"):
            raise ValidationError(_("Skriv hva temaet skal hete."))
        if handling in (*self.MED_TEMA, "ogsaa", "uttema") and not data.get("tema"):
            raise ValidationError(_("Velg et tema."))
        if handling == "slaa" and not data.get("inn_i"):
            raise ValidationError(_("Velg et tema å slå det sammen med."))
        return data

    def why_not(self) -> str:
        return str(next(iter(self.errors.values()))[0])

    def kept(self) -> Beholdt:
        tema = whole_number(self["tema"].value())
        i_rad = self["handling"].value() in self.MED_TEMA
        return Beholdt(
            frozenset(self.cleaned_data.get("kort", ())),
            None if i_rad else tema,
            self["navn"].value() or "",
            tema if i_rad else None,
        )


def _table_field(antall: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=gettext_lazy("Bord"),
        min_value=1,
        max_value=antall,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class PapirForm(EngangsForm, PortalForm):
    """What a table wrote on paper."""

    bord = _table_field(MAKS_BORD)
    tekst = forms.CharField(
        label=gettext_lazy("Det som står på arket"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("Ett bidrag på hver linje."),
    )

    def __init__(self, *args: Any, antall_bord: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tekst"].help_text = f"{self.fields['tekst'].help_text} {IKKE_NAVN_PAA_BARN}"
        if antall_bord:
            self.fields["bord"] = _table_field(antall_bord)
        else:
            del self.fields["bord"]
