"""The form for people from a list: a file, or what was pasted from a spreadsheet."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from kommuner.tabellfil.celler import LeseFeil
from nettverk.folkeimport.spoersmaal import GRUPPE, ROLLE_VED_ENHET, UTVIKLINGSGRUPPE, Svarvalg
from nettverk.folkeimport.tabell import Folkeliste, open_table, read_text
from nettverk.folkeimport.tolking import refuse_too_many
from nettverk.models import Folkeimport
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
        self.tabell: Folkeliste | None = None

    def _take(self, tabell: Folkeliste) -> None:
        refuse_too_many(tabell)
        self.tabell = tabell

    def clean_fil(self) -> UploadedFile | None:
        fil = self.cleaned_data["fil"]
        if fil:
            try:
                self._take(open_table(fil))
            except LeseFeil as feil:
                raise ValidationError(str(feil), code="lesefeil") from feil
        return fil

    def clean_tekst(self) -> str:
        tekst = self.cleaned_data["tekst"]
        if tekst.strip() and not self.cleaned_data.get("fil") and "fil" not in self.errors:
            try:
                self._take(read_text(tekst))
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


class SpoersmaalForm(PortalForm):
    """«Hva er «Leder»?»: one question for each word that the network has no role or group for."""

    er_filter = True

    def __init__(self, *args: Any, rad: Folkeimport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        valg = Svarvalg(rad.nettverk)
        self.noekler: dict[str, str] = {}
        for nr, spurt in enumerate(rad.spoersmaal):
            noekkel, ordet = spurt["noekkel"], spurt["ord"]
            slag = noekkel.partition(":")[0]
            felt = f"svar_{nr}"
            self.noekler[felt] = noekkel
            valgene = [("", _("Ta ikke med radene")), *valg.of(slag)]
            if slag == GRUPPE:
                valgene.append((UTVIKLINGSGRUPPE, _("Utviklingsgruppa ved enheten i raden")))
            self.fields[felt] = forms.ChoiceField(
                label=_hva_er(slag) % {"ord": ordet},
                help_text=ngettext("%(antall)s rad", "%(antall)s rader", spurt["antall"])
                % {"antall": spurt["antall"]},
                required=False,
                choices=valgene,
                initial=rad.svar.get(noekkel, valg.proposal(slag, ordet)),
            )

    def svar(self) -> dict[str, str]:
        """The question's key → the answer; empty for rows that are left out."""
        return {noekkel: self.cleaned_data[felt] for felt, noekkel in self.noekler.items()}


def _hva_er(slag: str) -> str:
    if slag == GRUPPE:
        return gettext("Hvilken gruppe er «%(ord)s»?")
    if slag == ROLLE_VED_ENHET:
        return gettext("Hvilken rolle i utviklingsgruppa er «%(ord)s»?")
    return gettext("Hvilken rolle i gruppa er «%(ord)s»?")
