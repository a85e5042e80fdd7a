"""Forms for the tracks themselves and their periods."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from laeringsloyper.loyper import AAR_I_PERIODEN, ANTALL_PERIODER, free_look
from laeringsloyper.merke import draw_merke
from laeringsloyper.models import Farge, Laeringsloype, Loypetegn, Periode
from nettverk.models import Gruppe, Nettverk
from nettverk.side.portalform import (
    DateRangeForm,
    PortalForm,
    PortalModelForm,
    mark_choices,
)
from nettverk.skriving.engang import EngangsForm
from nettverk.skriving.laas import StandForm

_TEKST = {
    "navn": _("Navn"),
    "om": _("Om læringsløypa"),
    "fokus": _("Fokus"),
    "maal": _("Mål"),
    "nasjonale_maal": _("Nasjonale føringer"),
    "staasted": _("Ståsted"),
    "farge": _("Farge"),
    "tegn": _("Tegn"),
    "ansvarlig_gruppe": _("Ansvarlig for innholdet"),
}
_HJELP = {
    "om": _("Hva dere skal lære, og hvem det er for. Alle kan lese det på den offentlige siden."),
    "fokus": _("Det løypa har fokus på. Likt for flere vises én gang."),
    "maal": _("Det løypa skal føre til."),
    "nasjonale_maal": _("Rammeplan, læreplan og satsinger som løypa svarer på. Én på hver linje."),
    "staasted": _("Det dere så som gjorde at løypa ble valgt."),
    "ansvarlig_gruppe": _("Gruppa kan endre tekstene og gi oppdrag i løypa."),
}
_FELT = {
    "om": forms.Textarea(attrs={"rows": 4}),
    "fokus": forms.Textarea(attrs={"rows": 3}),
    "maal": forms.Textarea(attrs={"rows": 3}),
    "nasjonale_maal": forms.Textarea(attrs={"rows": 3}),
    "staasted": forms.Textarea(attrs={"rows": 3}),
    "farge": forms.RadioSelect,
    "tegn": forms.RadioSelect,
}


def _choose_gruppe(form: Any, nettverk: Nettverk) -> None:
    """Among the network's fagmiljø groups today, and the one that stands."""
    felt = form.fields["ansvarlig_gruppe"]
    fagmiljo = nettverk.grupper.filter(type=Gruppe.Type.FAGMILJO).gyldig()
    felt.queryset = fagmiljo | nettverk.grupper.filter(pk=form.instance.ansvarlig_gruppe_id)
    felt.empty_label = _("Ingen ennå")
    if not nettverk.uses("mellomarbeid"):
        felt.help_text = _("Gruppa kan endre tekstene.")
    mark_choices(felt, nettverk.maalform)


def _choose_look(form: Any, nettverk: Nettverk) -> list[Laeringsloype]:
    """Each colour and sign as it looks; the network's other tracks, which should look otherwise."""
    form.fields["farge"].choices = [
        (verdi, draw_merke(verdi, Loypetegn.FIRKANT, navn)) for verdi, navn in Farge.choices
    ]
    form.fields["tegn"].choices = [
        (verdi, draw_merke("", verdi, navn)) for verdi, navn in Loypetegn.choices
    ]
    return list(nettverk.laeringsloyper.exclude(pk=form.instance.pk))


def _require_own_look(form: Any, andre: list[Laeringsloype]) -> None:
    """Two tracks with the same colour and the same sign could not be told from each other."""
    valgt = form.cleaned_data.get("farge"), form.cleaned_data.get("tegn")
    if lik := next((loype for loype in andre if (loype.farge, loype.tegn) == valgt), None):
        form.add_error(
            "farge",
            forms.ValidationError(
                _("«%(loype)s» har samme farge og tegn. Velg en annen farge eller et annet tegn."),
                code="samme_utseende",
                params={"loype": lik.navn},
            ),
        )


class NyLoypeForm(EngangsForm, PortalModelForm):
    """A new track: its words, who answers for it, and the periods it begins with."""

    forste_dag = forms.DateField(
        label=_("Første dag"), help_text=_("Den første perioden begynner denne dagen.")
    )
    antall_perioder = forms.IntegerField(
        label=_("Antall perioder"), min_value=1, max_value=6, initial=ANTALL_PERIODER
    )
    aar_i_perioden = forms.IntegerField(
        label=_("År i hver periode"), min_value=1, max_value=6, initial=AAR_I_PERIODEN
    )

    class Meta:
        model = Laeringsloype
        fields = ["navn", "om", "fokus", "farge", "tegn", "ansvarlig_gruppe"]
        labels, help_texts, widgets = _TEKST, _HJELP, _FELT

    def __init__(self, *args: Any, nettverk: Nettverk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose_gruppe(self, nettverk)
        self._andre = _choose_look(self, nettverk)
        self.initial["farge"], self.initial["tegn"] = free_look(self._andre)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        _require_own_look(self, self._andre)
        return data

    @property
    def felt(self) -> dict[str, Any]:
        """What `laeringsloyper.loyper.create` needs, by name."""
        return {n: v for n, v in self.cleaned_data.items() if n != "engang"}


class LoypeForm(StandForm, PortalModelForm):
    """The words of a track; who answers for it only for those who may say so."""

    class Meta:
        model = Laeringsloype
        fields = [
            "navn",
            "om",
            "maal",
            "staasted",
            "nasjonale_maal",
            "fokus",
            "farge",
            "tegn",
            "ansvarlig_gruppe",
        ]
        labels, help_texts, widgets = _TEKST, _HJELP, _FELT

    def __init__(self, *args: Any, nettverk: Nettverk, styrer: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._andre = _choose_look(self, nettverk)
        if styrer:
            _choose_gruppe(self, nettverk)
        else:
            del self.fields["ansvarlig_gruppe"]
            self._naa = self._shown()
            self.initial["stand"] = self._mark()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        _require_own_look(self, self._andre)
        return data

    @property
    def felt(self) -> dict[str, Any]:
        """What `laeringsloyper.loyper.change` needs, by name."""
        return {n: self.cleaned_data[n] for n in self.Meta.fields if n in self.cleaned_data}


class PeriodeForm(EngangsForm, DateRangeForm, StandForm, PortalModelForm):
    """A period: its title, and its days for those who set them."""

    class Meta:
        model = Periode
        fields = ["tittel"]
        labels = {"tittel": _("Tittel")}
        help_texts = {"tittel": _("For eksempel «Begynne» eller «Utforske».")}

    field_order = ["tittel", "fra", "til"]

    def __init__(self, *args: Any, styrer: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["til"].required = True
        self.fields["til"].help_text = ""
        if not styrer:
            del self.fields["fra"], self.fields["til"]
            self._naa = self._shown()
            self.initial["stand"] = self._mark()

    def _names(self) -> list[str]:
        """The days count as well: they are no fields of the model form."""
        return [n for n in ("tittel", "fra", "til") if n in self.fields]

    @property
    def felt(self) -> dict[str, Any]:
        """What `laeringsloyper.loyper` needs, by name."""
        return {n: self.cleaned_data[n] for n in ("tittel", "gyldig") if n in self.cleaned_data}


class AvsluttLoypeForm(PortalForm):
    """The last day of a track."""

    siste_dag = forms.DateField(label=_("Siste dag"))
