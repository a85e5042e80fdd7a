"""The form for people from a list: a file, or what was pasted from a spreadsheet."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from kommuner.enhetsimport.kilde import LeseFeil
from nettverk.folkeimport.tabell import Tabell, open_table, read_text
from nettverk.side.portalform import PortalForm
from nettverk.skriving.engang import EngangsForm

# A pasted list of the longest kind.
_MAKS_LIMT = 1_000_000


class FolkeimportForm(EngangsForm, PortalForm):
    """A file or a paste, and whether it is the whole list."""

    # One of the two is needed, so neither is called optional.
    er_filter = True

    fil = forms.FileField(
        label=_("Fil"),
        required=False,
        help_text=_("Excel (.xlsx) eller CSV."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv"}),
        error_messages={"empty": _("Fila er tom.")},
    )
    tekst = forms.CharField(
        label=_("Eller lim inn fra et regneark"),
        required=False,
        max_length=_MAKS_LIMT,
        help_text=_("Merk radene i regnearket, med overskriftene øverst, kopier og lim inn her."),
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false", "autocomplete": "off"}),
    )
    hel_liste = forms.BooleanField(
        label=_("Dette er hele lista over folk i nettverket"),
        required=False,
        help_text=_(
            "Kryss bare av når alle er med. Verv som ikke står i lista, blir foreslått avsluttet. Du ser hvilke verv det er, før noe blir lagret."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Tabs are what parts the cells; they are not trimmed away at the ends.
        self.fields["tekst"].strip = False
        self.tabell: Tabell | None = None

    def clean_fil(self) -> UploadedFile | None:
        fil = self.cleaned_data["fil"]
        if fil:
            try:
                self.tabell = open_table(fil)
            except LeseFeil as feil:
                raise ValidationError(str(feil), code="lesefeil") from feil
        return fil

    def clean_tekst(self) -> str:
        tekst = self.cleaned_data["tekst"]
        if tekst.strip() and not self.cleaned_data.get("fil") and "fil" not in self.errors:
            try:
                self.tabell = read_text(tekst)
            except LeseFeil as feil:
                raise ValidationError(str(feil), code="lesefeil") from feil
        return tekst

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("fil") and data.get("tekst", "").strip():
            self.add_error("tekst", _("Velg fila eller lim inn, ikke begge deler."))
        elif not self.errors and self.tabell is None:
            self.add_error("fil", _("Velg en fil, eller lim inn lista under."))
        return data
