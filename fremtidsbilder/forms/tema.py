"""Forms of a theme of the network: what everybody reads of it, what it is merged into, and what a wall's theme becomes
part of."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from fremtidsbilder.models import Tema
from nettverk.side.portalform import IKKE_NAVN_PAA_BARN, PortalForm, mark_choices
from nettverk.side.utenfra import MAKS_TALL, seen_line
from nettverk.skriving.autolagring import TekstForm


class TemasideForm(TekstForm):
    """«Dette sa dere – dette skjedde», in plain words."""

    tekster: ClassVar[tuple[str, ...]] = ("beskrivelse", "skjedde")

    beskrivelse = forms.CharField(
        label=_("Hva temaet handler om"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=IKKE_NAVN_PAA_BARN,
    )
    skjedde = forms.CharField(
        label=_("Dette skjedde"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "Hva kom det ut av det folk sa? Skriv slik at de som sa det, kjenner seg igjen."
        ),
    )

    def __init__(self, *args: Any, tema: Tema, **kwargs: Any) -> None:
        kwargs.setdefault(
            "initial", {navn: getattr(tema, navn) for navn in (*self.tekster, "versjon")}
        )
        super().__init__(*args, **kwargs)

    @property
    def felt(self) -> dict[str, str]:
        return {navn: self.cleaned_data[navn] for navn in self.tekster}


class SlaaSammenForm(PortalForm):
    """The theme that another becomes part of."""

    inn_i = forms.ModelChoiceField(
        Tema.objects.none(),
        label=_("Temaet det skal bli en del av"),
        empty_label=_("Velg tema"),
    )

    def __init__(self, *args: Any, tema: Tema, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        felt: Any = self.fields["inn_i"]
        felt.queryset = tema.nettverk.temaer.exclude(pk=tema.pk)
        mark_choices(felt, tema.nettverk.maalform)


NYTT = "nytt"


class LoeftForm(PortalForm):
    """Which theme of the network a theme on a wall is part of; «nytt» makes one of its name."""

    klynge = forms.IntegerField(max_value=MAKS_TALL, widget=forms.HiddenInput)
    tema = forms.CharField(required=False, max_length=20)


class ForslagForm(PortalForm):
    """A suggestion that is taken: the name, and the cards."""

    navn = forms.CharField(label=_("Navn på temaet"), max_length=100)
    kort = forms.CharField(widget=forms.HiddenInput, max_length=120_000)

    def clean_navn(self) -> str:
        return seen_line(self.cleaned_data["navn"])

    def clean_kort(self) -> list[int]:
        return read_keys(self.cleaned_data["kort"])


def read_keys(tekst: str) -> list[int]:
    """«12-13-14», as the page wrote it."""
    return [int(t) for t in tekst.split("-") if t.isascii() and t.isdigit() and len(t) <= 18]
