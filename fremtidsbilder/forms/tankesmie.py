"""What comes from a pad: a card, a dot, a table."""

from typing import Any
from unicodedata import category

from django import forms
from django.utils.translation import gettext_lazy as _

from fremtidsbilder.forms.bilde import accept_picture
from fremtidsbilder.models.tankesmie import MAKS_BORD, MAKS_TEGN
from nettverk.filer.opplasting import GodkjentFil
from nettverk.side.portalform import IKKE_NAVN_PAA_BARN, PortalForm
from nettverk.side.utenfra import whole_number

MAKS_UTGAVE = 1_000_000


class Gruppevalg(forms.Field):
    """Whose voice it is, by the number of the group; what is none says nothing, and stops no text."""

    def clean(self, value: Any) -> int | None:
        return whole_number(str(value or "")) or None


class BidragForm(PortalForm):
    """A card as a phone sends it, in a list or as a plain form. An empty text takes it back: only a phone that has
    sent it before can mean that."""

    tekst = forms.CharField(
        label=_("Hva vil dere si?"),
        max_length=MAKS_TEGN,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=IKKE_NAVN_PAA_BARN,
        error_messages={
            "max_length": _(
                "Teksten har %(show_value)s tegn. Det er plass til %(limit_value)s; del den heller i to."
            )
        },
    )
    id = forms.UUIDField(widget=forms.HiddenInput)
    sporsmaal = forms.IntegerField(widget=forms.HiddenInput)
    utgave = forms.IntegerField(
        min_value=1, max_value=MAKS_UTGAVE, required=False, widget=forms.HiddenInput
    )
    bord = forms.IntegerField(
        min_value=0, max_value=MAKS_BORD, required=False, widget=forms.HiddenInput
    )
    gruppe = Gruppevalg(required=False, widget=forms.HiddenInput)
    skrevet = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def clean_tekst(self) -> str:
        """A text of signs that nobody sees is none."""
        tekst: str = self.cleaned_data["tekst"]
        return tekst if any(category(tegn)[0] not in "CZ" for tegn in tekst) else ""


class _Padbildefelt(forms.Form):
    """A drawing or a photograph that goes with a card."""

    bilde = forms.FileField(
        label=_("Legg ved en tegning eller et bilde"),
        required=False,
        allow_empty_file=True,
        # A phone lets one take the picture at once, too.
        widget=forms.FileInput(attrs={"accept": "image/*"}),
        help_text=_(
            "Skriv i feltet over hva bildet viser, for dem som ikke ser det. Ikke ta bilde av barn."
        ),
    )

    def clean_bilde(self) -> GodkjentFil | None:
        fil = self.cleaned_data["bilde"]
        return accept_picture(fil) if fil else None


class PadForm(_Padbildefelt, BidragForm):
    """The pad as a plain form: a card, and a picture of what it says."""

    field_order = ["tekst", "bilde"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("tekst") == "":
            med = "bilde" in self.files
            self.add_error("tekst", _("Skriv hva bildet viser.") if med else _("Skriv noe først."))
        return data


class PadbildeForm(_Padbildefelt, PortalForm):
    """A picture that follows a card a phone has sent, with its key and when it was put there."""

    id = forms.UUIDField()
    sporsmaal = forms.IntegerField()
    skrevet = forms.DateTimeField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bilde"].required = True

    @property
    def is_busy(self) -> bool:
        """Nothing is wrong with it: there are many pictures just now."""
        return self.has_error("bilde", "opptatt")

    def why_not(self) -> str:
        feil = self.errors.get("bilde")
        return str(feil[0]) if feil else str(_("Bildet kunne ikke sendes."))


class PrikkForm(PortalForm):
    """A dot given or taken back."""

    bidrag = forms.IntegerField(widget=forms.HiddenInput)
    handling = forms.ChoiceField(choices=[("gi", "gi"), ("ta", "ta")], widget=forms.HiddenInput)


class BordForm(PortalForm):
    """The table one sits at; 0 is none."""

    bord = forms.IntegerField(label=_("Bord"), min_value=0, max_value=MAKS_BORD)
