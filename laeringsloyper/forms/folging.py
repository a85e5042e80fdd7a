"""Forms for which units follow which track: choose units, say what they follow, one that stops."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext, ngettext, override
from django.utils.translation import gettext_lazy as _

from kommuner.gyldighet import idag
from kommuner.models import Enhet, Kommune
from kommuner.models.enhet import EnhetQuerySet
from kommuner.tabellfil.celler import LeseFeil
from laeringsloyper.folgefil import Filrad, read_rader
from laeringsloyper.folging import Folging, require_open
from laeringsloyper.models import Enhetsloype, Laeringsloype, Periode
from laeringsloyper.mottakere import FOLGER
from nettverk.models import Nettverk
from nettverk.mottakere.egne import ENHETSTYPE, KOMMUNE
from nettverk.mottakere.slag import kind
from nettverk.side.portalform import PortalForm, mark_choices
from nettverk.skriving.engang import EngangsForm
from nettverk.skriving.konflikt import KanIkke

INGEN = "-"
# What an audience is chosen by too (`nettverk.mottakere`).
_SLAG = {"kommune": KOMMUNE, "type": ENHETSTYPE, "loype": FOLGER}
BEGYNN, SLUTT = "begynn", "slutt"


class UtvalgForm(PortalForm):
    """Which units to choose among. A value that is not among the choices filters nothing."""

    er_filter = True

    kommune = forms.ChoiceField(label=_("Kommune"), required=False)
    type = forms.ChoiceField(
        label=_("Type"), required=False, choices=[("", _("Alle typer")), *Enhet.Type.choices]
    )
    loype = forms.ChoiceField(label=_("Følger nå"), required=False)

    def __init__(
        self,
        *args: Any,
        kommuner: list[Kommune],
        loyper: list[Laeringsloype],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kommune"].choices = [
            ("", _("Alle kommuner")),
            *((k.kommunenummer, k.navn) for k in kommuner),
        ]
        self.fields["loype"].choices = [
            ("", _("Alle enheter")),
            (INGEN, _("Ingen læringsløype ennå")),
            *((loype.slug, loype.navn) for loype in loyper),
        ]
        self.er_gyldig = self.is_valid()

    def _valgt(self, felt: str) -> str:
        return self.cleaned_data.get(felt, "")

    @property
    def er_filtrert(self) -> bool:
        return any(self._valgt(felt) for felt in self.fields)

    def filter(self, enheter: EnhetQuerySet, nettverk: Nettverk) -> EnhetQuerySet:
        """The units that fit today: chosen by the same kinds as the audience of anything else."""
        for felt, kode in _SLAG.items():
            verdi, slag = self._valgt(felt), kind(kode)
            if verdi == INGEN:
                fulgt = Enhetsloype.objects.followed().filter(periode__loype__nettverk=nettverk)
                enheter = enheter.exclude(pk__in=fulgt.values("enhet"))
            elif verdi and slag:
                enheter = enheter.filter(pk__in=slag.units(nettverk, [verdi], idag()).values("pk"))
        return enheter


class _PeriodeOgDag(EngangsForm, PortalForm):
    """A period of one of the network's tracks, a first day and why."""

    periode = forms.TypedChoiceField(label=_("Læringsløype og periode"), coerce=int)
    fra = forms.DateField(label=_("Fra og med"))
    grunn = forms.CharField(
        label=_("Begrunnelse"),
        max_length=300,
        required=False,
        help_text=_(
            "Kort, for eksempel «valgt etter ståstedsanalysen». Alle i nettverket ser begrunnelsen."
        ),
    )

    def __init__(
        self, *args: Any, nettverk: Nettverk, perioder: list[Periode], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.perioder = {periode.pk: periode for periode in perioder}
        self.fields["fra"].initial = idag
        self.fields["periode"].choices = [
            ("", _("Velg læringsløype og periode")),
            *((p.pk, period_name(p, nettverk)) for p in perioder),
        ]
        mark_choices(self.fields["periode"], nettverk.maalform)

    @property
    def perioden(self) -> Periode:
        return self.perioder[self.cleaned_data["periode"]]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if {"periode", "fra"} <= data.keys():
            try:
                require_open(self.perioden, data["fra"])
            except KanIkke as nei:
                self.add_error("fra", ValidationError(str(nei), code="over"))
        return data

    def folging(self, enhet: Enhet) -> Folging:
        data = self.cleaned_data
        return Folging(enhet, self.perioden, data["fra"], data["grunn"])


class EnhetsloypeForm(_PeriodeOgDag):
    """One unit begins to follow a track."""


class FlereEnheterForm(_PeriodeOgDag):
    """Many units begin to follow a track, or stop: all that the filter left, or those ticked."""

    handling = forms.ChoiceField(
        label=_("Hva skal skje?"),
        choices=[
            (BEGYNN, _("Enhetene skal følge læringsløypa")),
            (SLUTT, _("Enhetene skal ikke følge læringsløypa lenger")),
        ],
        widget=forms.RadioSelect,
        initial=BEGYNN,
    )
    alle = forms.BooleanField(required=False)
    enheter = forms.TypedMultipleChoiceField(required=False, coerce=int, empty_value=[])

    field_order = ["handling", "periode", "fra", "grunn"]

    def __init__(
        self,
        *args: Any,
        utvalg: list[Enhet],
        kan_endres: list[int],
        **kwargs: Any,
    ) -> None:
        """`utvalg` is what the filter left; a tick beside it is one that was made under another filter."""
        super().__init__(*args, **kwargs)
        self.utvalg = utvalg
        self.fields["enheter"].choices = [(pk, pk) for pk in kan_endres]
        self.fields["enheter"].error_messages["invalid_choice"] = _(
            "En av enhetene er ikke i nettverket lenger. Velg på nytt."
        )
        self.fields["alle"].label = ngettext(
            "Den ene enheten under", "Alle %(n)s enhetene under", len(utvalg)
        ) % {"n": len(utvalg)}

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("alle"):
            data["enheter"] = [enhet.pk for enhet in self.utvalg]
        elif not data.get("enheter") and "enheter" not in self.errors:
            raise ValidationError(_("Kryss av for enhetene det gjelder."), code="ingen")
        return data

    @property
    def skal_slutte(self) -> bool:
        return self.cleaned_data["handling"] == SLUTT


class SluttForm(PortalForm):
    """From when a unit no longer follows a track, and why."""

    fra = forms.DateField(
        label=_("Følger ikke lenger fra og med"),
        help_text=_("Ble det registrert ved en feil, velger du dagen enheten begynte."),
    )
    grunn = forms.CharField(label=_("Begrunnelse"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fra"].initial = idag


class FolgefilForm(PortalForm):
    """A file that says which units follow what, and from when where the file does not say."""

    fil = forms.FileField(
        label=_("Fil"),
        help_text=_("Excel (.xlsx) eller CSV, med én rad for hver enhet og læringsløype."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv"}),
        error_messages={"empty": _("Fila er tom.")},
    )
    fra = forms.DateField(
        label=_("Fra og med"), help_text=_("For rader der fila ikke sier noen dato.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fra"].initial = idag
        self.rader: list[Filrad] = []

    def clean_fil(self) -> UploadedFile:
        fil = self.cleaned_data["fil"]
        try:
            self.rader = read_rader(fil)
        except LeseFeil as feil:
            raise ValidationError(str(feil), code="lesefeil") from feil
        return fil


class LestFilForm(EngangsForm, PortalForm):
    """What was read in a file and shown, on its way to be written. It is looked at anew: nothing in it
    is trusted."""

    rader = forms.JSONField(widget=forms.HiddenInput)
    fra = forms.DateField(widget=forms.HiddenInput)
    filnavn = forms.CharField(widget=forms.HiddenInput, max_length=200, required=False)
    # What the page showed that saving does.
    stand = forms.CharField(widget=forms.HiddenInput, max_length=32)

    def clean_rader(self) -> list[Filrad]:
        rader = self.cleaned_data["rader"]
        try:
            return [Filrad.from_json(rad) for rad in rader]
        except (TypeError, ValueError) as feil:
            raise ValidationError(_("Last opp fila på nytt."), code="rader") from feil


def period_name(periode: Periode, nettverk: Nettverk) -> str:
    """«Matematikk, periode 2 (2023–2026)», as the network would write it."""
    with override(nettverk.maalform):
        tekst = gettext("%(loype)s, periode %(nummer)s") % {
            "loype": periode.loype.navn,
            "nummer": periode.nummer,
        }
        aar = [str(d.year) for d in (periode.fra, periode.siste_dag) if d]
        if aar:
            tekst += f" ({'–'.join(dict.fromkeys(aar))})"
    return tekst
