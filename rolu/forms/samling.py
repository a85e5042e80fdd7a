"""Forms of a gathering itself: to make and change it, to say whether a move is told of, and to remind."""

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kommuner.gyldighet import idag, periode
from laeringsloyper.models import Laeringsloype
from nettverk.models import Gruppe, Nettverk, Person, Verv
from nettverk.side.portalform import (
    PortalForm,
    PortalModelForm,
    mark_choices,
)
from nettverk.skriving.engang import EngangsForm
from nettverk.skriving.konflikt import KanIkke
from nettverk.skriving.laas import StandForm
from rolu.forms import dager
from rolu.forms.dager import DagerForm
from rolu.models import (
    Samling,
    Samlingsserie,
)
from rolu.samlinger.dager import times_of
from rolu.samlinger.flytting import FELT
from rolu.samlinger.serier import same_name
from rolu.samlinger.venteliste import require_places

_SJELDNE = ["laeringsloype", "serie", "ny_serie", "er_offentlig", "prosessledere"]


def _prosessledere(nettverk: Nettverk, **naar: Any) -> QuerySet[Person]:
    """Those with a Verv in the prosessnettverk then."""
    verv = Verv.objects.filter(
        gruppe__nettverk=nettverk, gruppe__type=Gruppe.Type.PROSESSNETTVERK, **naar
    )
    return Person.objects.filter(pk__in=verv.values("person"), is_active=True)


def leaders_on(samling: Samling, start: datetime.datetime) -> QuerySet[Person]:
    """Of those who lead `samling`, the ones who may lead one that begins then."""
    dato = timezone.localtime(start).date()
    kan_lede = _prosessledere(samling.nettverk, gyldig__contains=dato)
    return samling.prosessledere.filter(pk__in=kan_lede.values("pk"))


class SamlingForm(DagerForm, EngangsForm, StandForm, PortalModelForm):
    """A gathering. `kopier` is the earlier gathering whose programme the new one begins with."""

    kopier = forms.ModelChoiceField(
        Samling.objects.none(), required=False, widget=forms.HiddenInput
    )
    om = forms.CharField(
        label=gettext_lazy("Om samlingen"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Vises for alle i nettverket."),
    )

    ny_serie = forms.CharField(label=gettext_lazy("Ny serie"), required=False, max_length=150)

    field_order = [
        "type",
        "tittel",
        "tema",
        "sted",
        *dager.FELT,
        "paameldingsfrist",
        "kapasitet",
        "laeringsloype",
        "om",
        "serie",
        "ny_serie",
        "er_offentlig",
        "prosessledere",
    ]

    class Meta:
        model = Samling
        fields = [*(felt for felt in FELT if felt not in {"start", "slutt"}), "prosessledere"]
        widgets = {
            "prosessledere": forms.CheckboxSelectMultiple,
            "kapasitet": forms.NumberInput(attrs={"size": 5, "min": 1, "inputmode": "numeric"}),
        }
        help_texts = {
            "sted": gettext_lazy("For eksempel kulturhuset."),
            "paameldingsfrist": gettext_lazy(
                "Siste dag gruppene kan svare. Uten frist kan de svare til og med samlingsdagen."
            ),
            "kapasitet": gettext_lazy(
                "La feltet stå tomt når det er plass til alle. De som ikke får plass, står på venteliste."
            ),
            "prosessledere": gettext_lazy(
                "Prosesslederne kan endre programmet for denne samlingen."
            ),
            "er_offentlig": gettext_lazy(
                "Da kan alle lese tittel, tid, sted og program uten å logge inn når samlingen er publisert. Hver post vises med klokkeslett, tittel, rom og beskrivelse. Notater, beslutninger og navn vises aldri der."
            ),
        }

    def __init__(self, *args: Any, nettverk: Nettverk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.nettverk = nettverk
        self._offer_types(nettverk)
        if nettverk.uses("laeringsloyper"):
            self.fields["laeringsloype"].queryset = Laeringsloype.objects.filter(nettverk=nettverk)
            self.fields["laeringsloype"].empty_label = _("Ingen bestemt løype")
            mark_choices(self.fields["laeringsloype"], nettverk.maalform)
        else:
            del self.fields["laeringsloype"]
        self._offer_series(nettverk)
        self._offer_leaders(nettverk)
        self.fields["kopier"].queryset = Samling.objects.filter(nettverk=nettverk)
        if not self.fields["prosessledere"].queryset.exists():
            del self.fields["prosessledere"]
        if self.instance.pk:
            del self.fields["kopier"]

    @property
    def sjeldne(self) -> list[forms.BoundField]:
        """What is seldom chosen: folded, so that the rest is read at a glance."""
        return [self[felt] for felt in _SJELDNE if felt in self.fields]

    @property
    def viser_sjeldne(self) -> bool:
        """Whether they are unfolded: something is chosen, wrong, or to be seen to."""
        valgt = any(felt.value() or felt.errors for felt in self.sjeldne)
        return valgt or bool(getattr(self.instance, "uten_leder", False))

    def _offer_types(self, nettverk: Nettverk) -> None:
        """The kinds the network uses, and the one it has from before; the first is chosen."""
        egen = self.instance.type if self.instance.pk else ""
        typer = [t for t in Samling.Type if t == egen or nettverk.uses(f"samlinger.{t}")]
        self.fields["type"].choices = [(t.value, t.label) for t in typer]
        if self.initial.get("type") not in typer and typer:
            self.initial["type"] = typer[0]

    def _offer_series(self, nettverk: Nettverk) -> None:
        """Those there are, and a new one beside them."""
        felt = self.fields["serie"]
        felt.queryset = Samlingsserie.objects.filter(nettverk=nettverk)
        felt.empty_label = _("Ingen serie")
        felt.help_text = _("Samlinger som følger hverandre, har en felles side.")
        mark_choices(felt, nettverk.maalform)
        if not felt.queryset.exists():
            del self.fields["serie"]
            self.fields["ny_serie"].help_text = felt.help_text
        navn = [n for n in self.fields if n != "ny_serie"]
        self.order_fields([*navn[: navn.index("er_offentlig")], "ny_serie"])

    def _offer_leaders(self, nettverk: Nettverk) -> None:
        """Those who hold on the day of the gathering, and those who are chosen, marked when they do not.
        Of a form that is sent, the day is known when it is read: see `_check_leaders`."""
        dato = self.instance.dato if self.instance.pk else None
        if dato and not self.is_bound:
            kan_lede = _prosessledere(nettverk, gyldig__contains=dato)
        else:
            kan_lede = _prosessledere(nettverk, gyldig__overlap=periode(idag()))
        valgt = self.instance.prosessledere.values("pk") if self.instance.pk else []
        felt = self.fields["prosessledere"]
        felt.queryset = Person.objects.filter(Q(pk__in=kan_lede.values("pk")) | Q(pk__in=valgt))
        if dato:
            da = set(_prosessledere(nettverk, gyldig__contains=dato).values_list("pk", flat=True))
            felt.label_from_instance = lambda person: (
                person.navn
                if person.pk in da
                else _("%(navn)s (har ikke verv som prosessleder den dagen)")
                % {"navn": person.navn}
            )

    def _check_leaders(self, valgt: Iterable[Person], start: datetime.datetime) -> None:
        """Whoever is chosen now, or for another day, must hold on the day. Who was chosen before may stay:
        the page says what is wrong, and the rest can be changed without that."""
        dato = timezone.localtime(start).date()
        kjent = self.instance.pk and self.instance.dato == dato
        fra_foer = set(self.instance.prosessledere.values_list("pk", flat=True)) if kjent else set()
        nye = [person for person in valgt if person.pk not in fra_foer]
        if not nye:
            return
        da = set(
            _prosessledere(self.instance.nettverk, gyldig__contains=dato).values_list(
                "pk", flat=True
            )
        )
        if uten := [person.navn for person in nye if person.pk not in da]:
            self.add_error(
                "prosessledere",
                _("Har ikke verv som prosessleder %(dato)s: %(navn)s. Velg noen andre.")
                % {"dato": date_format(dato), "navn": ", ".join(uten)},
            )

    def clean_kapasitet(self) -> int | None:
        """Nobody who has a place loses it. The row is held when a gathering that stands is changed."""
        plasser: int | None = self.cleaned_data["kapasitet"]
        if plasser is None:
            return None
        if plasser < 1:
            raise forms.ValidationError(_("Antall plasser må være minst 1."))
        if self.instance.pk and plasser != self.instance.kapasitet:
            try:
                require_places(self.instance, plasser)
            except KanIkke as feil:
                raise forms.ValidationError(str(feil)) from feil
        return plasser

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self.dager = self._read_days(data)
        if not self.dager:
            return data
        tider = times_of(self.dager)
        if valgt := data.get("prosessledere"):
            self._check_leaders(valgt, tider[0][0])
        self._check_series(data)
        self.instance.start, self.instance.slutt = tider[0][0], tider[-1][1]
        forste, frist = self.dager[0][0], data.get("paameldingsfrist")
        if frist and frist > forste:
            self.add_error(
                "paameldingsfrist",
                forms.ValidationError(
                    _("Fristen må være %(dato)s eller tidligere."),
                    code="frist_etter_start",
                    params={"dato": date_format(forste)},
                ),
            )
        return data

    def _check_series(self, data: dict[str, Any]) -> None:
        """One series: chosen, or new."""
        navn = data.get("ny_serie")
        if navn and data.get("serie"):
            self.add_error("ny_serie", _("Velg en serie, eller skriv en ny. Ikke begge deler."))
        elif navn and same_name(Samlingsserie(nettverk=self.instance.nettverk, navn=navn)).exists():
            self.add_error("ny_serie", _("Nettverket har allerede en serie med dette navnet."))


class FlyttingForm(PortalForm):
    """Whether those who know of the old time or place are told of the new."""

    beskjed = forms.ChoiceField(choices=[("ja", ""), ("nei", "")])


class PurreForm(EngangsForm, PortalForm):
    """Asks those who have not answered once more; whom is worked out when it is sent."""
