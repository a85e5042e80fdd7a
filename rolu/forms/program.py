"""Forms of a programme: its items, their moves, and the note of one."""

import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nettverk.side.filfelt import FilerField, hva_som_kan_legges_ved
from nettverk.side.portalform import (
    IKKE_NAVN_PAA_BARN,
    PortalForm,
    PortalModelForm,
)
from nettverk.side.skrivemaate import tall, ukedag
from nettverk.skriving.autolagring import TekstForm
from nettverk.skriving.engang import EngangsForm
from nettverk.skriving.laas import StandForm
from rolu.models import (
    Programpost,
    Samling,
)
from rolu.samlinger.dager import days
from rolu.samlinger.programplan import MAKS_VARIGHET

# What fits beside an item in a programme; the note has room for more.
MAKS_BESKRIVELSE = 5_000


class ProgrampostForm(EngangsForm, StandForm, PortalModelForm):
    """One agenda item, both layers. The day is asked for only when the gathering lasts several."""

    dag = forms.TypedChoiceField(label=gettext_lazy("Dag"))
    klokkeslett = forms.TimeField(label=gettext_lazy("Starter kl."))

    internt = forms.CharField(
        label=gettext_lazy("Interne notater"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=IKKE_NAVN_PAA_BARN,
    )

    field_order = ["dag", "klokkeslett", "varighet", "tittel", "arbeidsform", "leder", "rom"]

    class Meta:
        model = Programpost
        fields = [
            "varighet",
            "tittel",
            "arbeidsform",
            "leder",
            "rom",
            "spor",
            "beskrivelse",
            "materiell",
            "internt",
        ]
        help_texts = {
            "spor": gettext_lazy("Når flere ting går samtidig, for eksempel «Barnehage»."),
        }
        widgets = {
            "varighet": forms.NumberInput(attrs={"size": 5, "min": 1, "max": 1440}),
            "beskrivelse": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, samling: Samling, **kwargs: Any) -> None:
        self.samling = samling
        start = kwargs.pop("start", None)
        super().__init__(*args, **kwargs)
        self.instance.samling = samling
        start = self.instance.start if self.instance.pk else start or samling.start
        start = timezone.localtime(start)
        dagene = self._days(start.date())
        self.fields["dag"].coerce = datetime.date.fromisoformat
        self.fields["dag"].choices = [(d.isoformat(), ukedag(d)) for d in dagene]
        self.fields["dag"].error_messages["invalid_choice"] = _("Velg en av dagene til samlingen.")
        self.initial.setdefault("dag", start.date().isoformat())
        self.initial.setdefault("klokkeslett", start.time())
        if len(dagene) == 1:
            self.fields["dag"].required = False
            self.fields["dag"].widget = forms.HiddenInput()
        self.fields["varighet"].error_messages |= {
            "min_value": _("Varigheten må være mellom 1 og 1440 minutter."),
            "max_value": _("Varigheten må være mellom 1 og 1440 minutter."),
            "invalid": _("Skriv varigheten i hele minutter, for eksempel 45."),
        }

    def _days(self, fra_posten: datetime.date) -> list[datetime.date]:
        dagene = {dag.dato for dag in days(self.samling)}
        return sorted(dagene | ({fra_posten} if self.instance.pk else set()))

    def _names(self) -> list[str]:
        return ["dag", "klokkeslett", *super()._names()]

    def _shown(self) -> dict[str, str]:
        vist = super()._shown()
        if not vist:
            return vist
        start = timezone.localtime(self.instance.start)
        return {
            **vist,
            "dag": self._text("dag", start.date()),
            "klokkeslett": self._text("klokkeslett", start.time()),
        }

    def clean_dag(self) -> datetime.date:
        """A gathering of one day does not ask for it."""
        return self.cleaned_data["dag"] or self.samling.dato

    def clean_beskrivelse(self) -> str:
        """One that was longer before there was a limit, may stand."""
        tekst: str = self.cleaned_data["beskrivelse"]
        if len(tekst) > MAKS_BESKRIVELSE and "beskrivelse" in self.changed_data:
            raise forms.ValidationError(
                _("Beskrivelsen kan ha høyst %(maks)s tegn, og har %(antall)s."),
                code="for_lang",
                params={"maks": tall(MAKS_BESKRIVELSE), "antall": tall(len(tekst))},
            )
        return tekst

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        dag, klokka = data.get("dag"), data.get("klokkeslett")
        if dag and klokka:
            self.instance.start = timezone.make_aware(datetime.datetime.combine(dag, klokka))
            self._check_midnight(klokka, data.get("varighet"))
        return data

    def _check_midnight(self, klokka: datetime.time, varighet: int | None) -> None:
        if varighet and klokka.hour * 60 + klokka.minute + varighet > MAKS_VARIGHET:
            self.add_error(
                "varighet",
                _("Posten må være slutt før midnatt. Legg resten i en ny post dagen etter."),
            )


class ProgramDagerForm(PortalForm):
    """The items that are on no day of the gathering go to its days; `stand` as below."""

    stand = forms.CharField(max_length=20)


class ProgrampostFlyttForm(PortalForm):
    """How far an item is moved, and what goes with it; `stand` is the mark of the programme on the page."""

    hva = forms.ChoiceField(choices=[("post", ""), ("resten", ""), ("forleng", "")])
    minutter = forms.IntegerField(min_value=-720, max_value=720)
    stand = forms.CharField(max_length=20)


class NotatForm(TekstForm):
    """The note of an item; saves itself."""

    notat = forms.CharField(
        label=gettext_lazy("Notat"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=IKKE_NAVN_PAA_BARN,
    )

    tekster = ("notat",)


class SaksvedleggForm(PortalForm):
    """Documents for an agenda item."""

    filer = FilerField(
        label=gettext_lazy("Filer"), help_text=hva_som_kan_legges_ved(settings.OPPLASTING_MAKS)
    )
