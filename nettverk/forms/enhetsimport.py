"""Forms for units from a file: upload it, confirm what it changes."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils.html import format_html
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kommuner.enhetsimport.aapning import open_kilde
from kommuner.enhetsimport.deling import Delt
from kommuner.enhetsimport.kilde import Kilde
from kommuner.enhetsimport.kolonner import TITLER, mangler
from kommuner.enhetsimport.udir import join
from kommuner.gyldighet import idag
from kommuner.models import Enhet
from kommuner.tabellfil.celler import LeseFeil
from nettverk.models.enhetsimport import Enhetsimport, Importrad
from nettverk.side.filfelt import FlereFilerInput
from nettverk.side.portalform import PortalForm
from nettverk.skriving.engang import EngangsForm

# Before this the division into kommuner is not known here.
TIDLIGST = datetime.date(2017, 1, 1)


class RegisterfilField(forms.FileField):
    """One file, or several pages of a register's list, which become one."""

    MAKS_ANTALL = 200

    def clean(self, data: Any, initial: Any = None) -> UploadedFile:
        filer = [fil for fil in data if fil] if isinstance(data, list | tuple) else [data]
        if len(filer) > self.MAKS_ANTALL:
            raise ValidationError(
                _("Velg høyst %(antall)s filer om gangen."),
                code="for_mange",
                params={"antall": self.MAKS_ANTALL},
            )
        renset = [super(RegisterfilField, self).clean(fil, initial) for fil in filer or [None]]
        if len(renset) == 1:
            return renset[0]
        try:
            samlet = join(renset)
        except LeseFeil as feil:
            raise ValidationError(str(feil), code="lesefeil") from feil
        return SimpleUploadedFile(renset[0].name, samlet, "application/json")


class EnhetsimportForm(EngangsForm, PortalForm):
    """A file, what kind of units it holds, and the day it describes."""

    # What may stand empty says so itself: the kind must be chosen when the file does not tell it.
    er_filter = True

    fil = RegisterfilField(
        label=_("Fil"),
        help_text=_(
            "Excel (.xlsx), CSV, eller JSON fra skoleregisteret (NSR) eller barnehageregisteret (NBR). Har registeret delt lista i flere sider, velger du alle sidene på en gang."
        ),
        widget=FlereFilerInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv,.json"}),
        error_messages={"empty": _("Fila er tom.")},
    )
    type = forms.ChoiceField(
        label=_("Hva slags enheter er det?"),
        choices=[("", _("Det står i fila")), *Enhet.Type.choices],
        required=False,
        help_text=_("Velg hvis fila ikke har en kolonne som sier det."),
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

    def __init__(self, *args: Any, valg: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["per"].initial = idag
        self.valg = valg
        self.kilde: Kilde | None = None

    def clean_fil(self) -> UploadedFile:
        fil = self.cleaned_data["fil"]
        try:
            self.kilde = open_kilde(fil, self.valg)
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


class KolonnerForm(PortalForm):
    """«Hva er denne kolonna?»: one question for each heading that the portal does not know."""

    er_filter = True

    def __init__(self, *args: Any, rad: Enhetsimport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kjente = set(rad.oppsummering.get("kolonner", []))
        self.mangler: list[str] = rad.oppsummering.get("mangler", [])
        self.overskrifter: dict[str, str] = {}
        valg = [
            ("", _("Brukes ikke")),
            *((navn, tittel) for navn, tittel in TITLER.items() if navn not in kjente),
        ]
        for nr, (overskrift, verdier) in enumerate(rad.oppsummering.get("ukjente", [])):
            felt = f"kolonne_{nr}"
            self.overskrifter[felt] = overskrift
            self.fields[felt] = forms.ChoiceField(
                label=f"«{overskrift}»",
                choices=valg,
                required=False,
                # What stands in the file is text, never HTML.
                help_text=format_html("{}: {}", _("I fila"), ", ".join(verdier)),
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        valgt: dict[str, str] = {}
        for felt in self.overskrifter:
            if kolonne := data.get(felt):
                if kolonne in valgt:
                    self.add_error(
                        felt,
                        ValidationError(
                            _("Dette er valgt for «%(annen)s» også. Velg det bare én gang."),
                            code="dobbelt",
                            params={"annen": self.overskrifter[valgt[kolonne]]},
                        ),
                    )
                valgt.setdefault(kolonne, felt)
        if savnet := mangler([*valgt, *self._kjente_av_de_noedvendige()]):
            raise ValidationError(
                _("Velg hvilken kolonne som er %(hva)s."),
                code="mangler",
                params={"hva": _(" og ").join(str(TITLER[k]).lower() for k in savnet)},
            )
        return data

    def _kjente_av_de_noedvendige(self) -> list[str]:
        return [k for k in ("navn", "kommunenummer") if k not in self.mangler]

    def svar(self) -> dict[str, str]:
        """Heading → column; nothing for «not used». Of two columns of one heading, the one that is used."""
        svar: dict[str, str] = {}
        for felt, overskrift in self.overskrifter.items():
            svar[overskrift] = svar.get(overskrift) or self.cleaned_data[felt]
        return svar


class SammeEnhetForm(PortalForm):
    """«Er dette den samme enheten?», for the rows on the page."""

    er_filter = True
    NY = "ny"

    def __init__(self, *args: Any, rader: Sequence[Importrad], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for rad in rader:
            kandidater = rad.data["kandidater"]
            forslag = next((k["enhet_id"] for k in kandidater if k["er_likt"]), "")
            self.fields[f"rad_{rad.pk}"] = forms.ChoiceField(
                label=f"{rad.navn}, {rad.data['kommunenavn']}",
                required=False,
                widget=forms.RadioSelect,
                initial=rad.data.get("svar", forslag),
                choices=[
                    *(
                        (
                            k["enhet_id"],
                            format_lazy(
                                _("Den samme som «{navn}» i {kommune} ({nummer})"),
                                navn=k["navn"],
                                kommune=k["kommunenavn"],
                                nummer=k["referanse"],
                            ),
                        )
                        for k in kandidater
                    ),
                    (self.NY, _("En ny enhet")),
                ],
            )

    def svar(self) -> dict[int, int | None]:
        """Row → the unit that it is, or None for a new one. What nobody answered is left out."""
        return {
            int(felt.removeprefix("rad_")): None if verdi == self.NY else int(verdi)
            for felt, verdi in self.cleaned_data.items()
            if verdi
        }


class DeltForm(PortalForm):
    """Which part of a divided kommune each unit went to."""

    er_filter = True

    def __init__(self, *args: Any, delte: Sequence[Delt], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for delt in delte:
            self.fields[f"enhet_{delt.enhet.pk}"] = forms.TypedChoiceField(
                label=str(delt.enhet),
                required=False,
                coerce=int,
                empty_value=None,
                choices=[
                    ("", _("Vet ikke ennå")),
                    *((d.id, f"{d.nummer} {d.navn}") for d in delt.deler),
                ],
            )

    def svar(self) -> dict[int, int]:
        return {
            int(felt.removeprefix("enhet_")): verdi
            for felt, verdi in self.cleaned_data.items()
            if verdi is not None
        }


class ImportbekreftForm(PortalForm):
    """In which kommuner the units that the file does not mention are to be ended. None, unless ticked."""

    er_filter = True
    avslutt_nedlagte = forms.BooleanField(required=False)

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
        if antall := rad.oppsummering.get("nedlagte"):
            self.fields["avslutt_nedlagte"].label = ngettext(
                "Avslutt %(antall)s enhet som er nedlagt i registeret",
                "Avslutt %(antall)s enheter som er nedlagt i registeret",
                antall,
            ) % {"antall": antall}
            self.fields["avslutt_nedlagte"].initial = True
        else:
            del self.fields["avslutt_nedlagte"]
        self.fields["avslutt_i"].choices = [
            (pk, f"{navn} ({antall})") for pk, navn, antall in rad.oppsummering.get("borte_i", [])
        ]
