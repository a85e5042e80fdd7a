"""Forms for units from a file: upload it, confirm what it changes."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from kommuner.enhetsimport.aapning import open_kilde
from kommuner.enhetsimport.kilde import Kilde, LeseFeil
from kommuner.gyldighet import idag
from kommuner.models import Enhet
from nettverk.models.enhetsimport import Enhetsimport
from nettverk.side.portalform import PortalForm
from nettverk.skriving.engang import EngangsForm

# Before this the division into kommuner is not known here.
TIDLIGST = datetime.date(2017, 1, 1)


class EnhetsimportForm(EngangsForm, PortalForm):
    """A file, what kind of units it holds, and the day it describes."""

    fil = forms.FileField(
        label=_("Fil"),
        help_text=_(
            "Excel (.xlsx), CSV, eller JSON fra skoleregisteret (NSR) eller barnehageregisteret (NBR)."
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv,.json"}),
        error_messages={"empty": _("Fila er tom.")},
    )
    type = forms.ChoiceField(
        label=_("Hva slags enheter er det?"),
        choices=[("", _("Det står i fila")), *Enhet.Type.choices],
        required=False,
    )
    per = forms.DateField(
        label=_("Dato fila gjelder"),
        help_text=_("For en eldre fil: datoen den ble laget. Kommunenumrene leses slik de var da."),
    )
    aar = forms.IntegerField(
        label=_("År tallene gjelder"),
        required=False,
        help_text=_("For antall barn og ansatte. La stå tomt for å bruke året i datoen."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 6}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["per"].initial = idag
        self.kilde: Kilde | None = None

    def clean_fil(self) -> UploadedFile:
        fil = self.cleaned_data["fil"]
        try:
            self.kilde = open_kilde(fil)
        except LeseFeil as feil:
            raise ValidationError(str(feil), code="lesefeil") from feil
        fil.seek(0)
        return fil

    def clean_per(self) -> datetime.date:
        per = self.cleaned_data["per"]
        if per > idag():
            raise ValidationError(_("Datoen kan ikke være senere enn i dag."), code="senere")
        if per < TIDLIGST:
            raise ValidationError(_("Datoen kan ikke være før 2017."), code="for_tidlig")
        return per

    def clean_aar(self) -> int | None:
        aar = self.cleaned_data["aar"]
        if aar is not None and not 1990 <= aar <= idag().year:
            raise ValidationError(
                _("Skriv et år fra 1990 til %(i_aar)s."),
                code="aar",
                params={"i_aar": idag().year},
            )
        return aar

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        kilde = self.kilde
        sier_type = kilde is None or kilde.fra_register or "type" in kilde.kjente.values()
        if not sier_type and not data.get("type"):
            self.add_error(
                "type",
                ValidationError(
                    _("Velg hva slags enheter det er. Fila har ingen kolonne som sier det."),
                    code="type_mangler",
                ),
            )
        return data

    def opplasting(self) -> dict[str, Any]:
        """The arguments of `nettverk.enhetsimport.create`."""
        data = self.cleaned_data
        return {
            "fil": data["fil"],
            "filnavn": data["fil"].name,
            "type": data["type"],
            "per": data["per"],
            "aar": data["aar"] or data["per"].year,
        }


class ImportbekreftForm(PortalForm):
    """In which kommuner the units that the file does not mention are to be ended. None, unless ticked."""

    avslutt_i = forms.TypedMultipleChoiceField(
        label=_("Avslutt enheter som ikke står i fila"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Kryss bare av for kommuner der fila er hel. Enhetene slettes ikke, men er ikke lenger med fra datoen fila gjelder."
        ),
    )

    def __init__(self, *args: Any, rad: Enhetsimport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["avslutt_i"].choices = [
            (pk, f"{navn} ({antall})") for pk, navn, antall in rad.oppsummering.get("borte_i", [])
        ]
