"""Forms for voices from a spreadsheet: the file, and what was read in it on its way to be written."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fremtidsbilder.tankesmier.stemmeark import MAKS_RADER, Stemmerad, read_rader
from kommuner.tabellfil.celler import LeseFeil
from nettverk.side.portalform import PortalForm
from nettverk.skriving.engang import EngangsForm


class StemmefilForm(PortalForm):
    """A file with a voice in each row."""

    fil = forms.FileField(
        label=gettext_lazy("Fil"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv"}),
        error_messages={"empty": gettext_lazy("Fila er tom.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fil"].help_text = _("Excel (.xlsx) eller CSV, opptil %(n)s rader.") % {
            "n": MAKS_RADER
        }
        self.rader: list[Stemmerad] = []

    def clean_fil(self) -> UploadedFile:
        fil: UploadedFile = self.cleaned_data["fil"]
        try:
            self.rader = read_rader(fil)
        except LeseFeil as feil:
            raise ValidationError(str(feil), code="lesefeil") from feil
        return fil


class LestStemmefilForm(EngangsForm, PortalForm):
    """What was read in a file and shown. It is looked at anew: nothing in it is trusted."""

    rader = forms.JSONField(widget=forms.HiddenInput)
    filnavn = forms.CharField(widget=forms.HiddenInput, max_length=200, required=False)

    def clean_rader(self) -> list[Stemmerad]:
        rader = self.cleaned_data["rader"]
        try:
            if len(rader) > MAKS_RADER:
                raise ValueError(len(rader))
            return [Stemmerad.from_json(rad) for rad in rader]
        except (TypeError, ValueError) as feil:
            raise ValidationError(_("Last opp fila på nytt."), code="rader") from feil
