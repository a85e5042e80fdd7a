"""Forms of gatherings: the gathering itself, its list, publishing, and its programme."""

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
    IKKE_NAVN_PAA_BARN,
    PortalForm,
    PortalModelForm,
    TidspunktField,
    mark_choices,
)
from nettverk.side.skrivemaate import ukedag
from nettverk.side.utenfra import MAKS_TALL
from nettverk.skriving.autolagring import TekstForm
from nettverk.skriving.engang import EngangsForm
from nettverk.skriving.laas import StandForm
from rolu.models import Programpost, Samling
from rolu.samlinger.flytting import FELT


def _prosessledere(nettverk: Nettverk, **naar: Any) -> QuerySet[Person]:
    """Those with a Verv in the prosessnettverk then."""
    verv = Verv.objects.filter(
        gruppe__nettverk=nettverk, gruppe__type=Gruppe.Type.PROSESSNETTVERK, **naar
    )
    return Person.objects.filter(pk__in=verv.values("person"), is_active=True)


class SamlingForm(EngangsForm, StandForm, PortalModelForm):
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

    class Meta:
        model = Samling
        fields = [*FELT, "prosessledere"]
        field_classes = {"start": TidspunktField, "slutt": TidspunktField}
        widgets = {
            "prosessledere": forms.CheckboxSelectMultiple,
        }
        help_texts = {
            "sted": gettext_lazy("For eksempel kulturhuset."),
            "paameldingsfrist": gettext_lazy(
                "Siste dag gruppene kan svare. Uten frist kan de svare til og med samlingsdagen."
            ),
            "prosessledere": gettext_lazy("De kan endre programmet for denne samlingen."),
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
        self._offer_leaders(nettverk)
        self.fields["kopier"].queryset = Samling.objects.filter(nettverk=nettverk)
        if not self.fields["prosessledere"].queryset.exists():
            del self.fields["prosessledere"]
        if self.instance.pk:
            del self.fields["kopier"]

    def _offer_types(self, nettverk: Nettverk) -> None:
        """The kinds the network uses, and the one it has from before; the first is chosen."""
        egen = self.instance.type if self.instance.pk else ""
        typer = [t for t in Samling.Type if t == egen or nettverk.uses(f"samlinger.{t}")]
        self.fields["type"].choices = [(t.value, t.label) for t in typer]
        if self.initial.get("type") not in typer and typer:
            self.initial["type"] = typer[0]

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
                else _("%(navn)s (har ikke verv i prosessnettverket den dagen)")
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
                _("Har ikke verv i prosessnettverket %(dato)s: %(navn)s. Velg noen andre.")
                % {"dato": date_format(dato), "navn": ", ".join(uten)},
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if (start := data.get("start")) and (valgt := data.get("prosessledere")):
            self._check_leaders(valgt, start)
        start, slutt, frist = (data.get(n) for n in ("start", "slutt", "paameldingsfrist"))
        if start and slutt and slutt <= start:
            self.add_error(
                "slutt",
                forms.ValidationError(
                    _("Samlingen må slutte etter at den starter, %(start)s."),
                    code="slutt_for_start",
                    params={"start": _when(start)},
                ),
            )
        elif start and slutt and slutt - start > datetime.timedelta(days=7):
            self.add_error("slutt", _("En samling kan vare i høyst sju dager. Sjekk datoen."))
        if start and frist and frist > timezone.localtime(start).date():
            self.add_error(
                "paameldingsfrist",
                forms.ValidationError(
                    _("Fristen må være %(dato)s eller tidligere."),
                    code="frist_etter_start",
                    params={"dato": date_format(timezone.localtime(start).date())},
                ),
            )
        return data


class FlyttingForm(PortalForm):
    """Whether those who know of the old time or place are told of the new."""

    beskjed = forms.ChoiceField(choices=[("ja", ""), ("nei", "")])


def _when(tid: datetime.datetime) -> str:
    return date_format(timezone.localtime(tid), "DATETIME_FORMAT")


class ProgrampostForm(EngangsForm, StandForm, PortalModelForm):
    """One agenda item. The day is asked for only when the gathering lasts several."""

    dag = forms.TypedChoiceField(label=gettext_lazy("Dag"))
    klokkeslett = forms.TimeField(label=gettext_lazy("Starter kl."))

    field_order = ["dag", "klokkeslett", "varighet", "tittel", "arbeidsform", "leder", "rom"]

    class Meta:
        model = Programpost
        fields = ["varighet", "tittel", "arbeidsform", "leder", "rom", "beskrivelse"]
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
        dager = self._days(start.date())
        self.fields["dag"].coerce = datetime.date.fromisoformat
        self.fields["dag"].choices = [(d.isoformat(), ukedag(d)) for d in dager]
        self.initial.setdefault("dag", start.date().isoformat())
        self.initial.setdefault("klokkeslett", start.time())
        if len(dager) == 1:
            self.fields["dag"].required = False
            self.fields["dag"].widget = forms.HiddenInput()
        self.fields["varighet"].error_messages |= {
            "min_value": _("Varigheten må være mellom 1 og 1440 minutter."),
            "max_value": _("Varigheten må være mellom 1 og 1440 minutter."),
            "invalid": _("Skriv varigheten i hele minutter, for eksempel 45."),
        }

    def _days(self, fra_posten: datetime.date) -> list[datetime.date]:
        forste, siste = self.samling.dato, timezone.localtime(self.samling.slutt).date()
        dager = {forste + datetime.timedelta(days=n) for n in range((siste - forste).days + 1)}
        return sorted(dager | ({fra_posten} if self.instance.pk else set()))

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

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        dag, klokka = data.get("dag"), data.get("klokkeslett")
        if dag and klokka:
            self.instance.start = timezone.make_aware(datetime.datetime.combine(dag, klokka))
        return data


class ProgrampostFlyttForm(PortalForm):
    """How far an item is moved, and what goes with it; `stand` is the mark of the programme on the page."""

    hva = forms.ChoiceField(choices=[("post", ""), ("resten", ""), ("forleng", "")])
    minutter = forms.IntegerField(min_value=-720, max_value=720)
    stand = forms.CharField(max_length=20)


class PurreForm(EngangsForm, PortalForm):
    """Asks those who have not answered once more; whom is worked out when it is sent."""


class NotatForm(TekstForm):
    """The note and the decision of an item; saves itself."""

    notat = forms.CharField(
        label=gettext_lazy("Notat"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=IKKE_NAVN_PAA_BARN,
    )
    vedtak = forms.CharField(
        label=gettext_lazy("Beslutning"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Det dere ble enige om, i én eller to setninger."),
    )

    tekster = ("notat", "vedtak")


class DeltakerfilterForm(PortalForm):
    """Which participants the list shows. What it does not know it leaves out."""

    er_filter = True

    STATUSER = ["invitert", "paameldt", "avmeldt", "moett", "ikke_moett"]

    q = forms.CharField(
        label=gettext_lazy("Navn eller enhet"),
        required=False,
        max_length=80,
        widget=forms.SearchInput(
            attrs={"autocomplete": "off", "placeholder": gettext_lazy("Navn eller enhet")}
        ),
    )
    kommune = forms.TypedChoiceField(
        label=gettext_lazy("Kommune"), required=False, coerce=int, empty_value=None
    )
    rekkefolge = forms.ChoiceField(
        label=gettext_lazy("Rekkefølge"),
        required=False,
        choices=[
            ("", gettext_lazy("De uten svar først")),
            ("kommune", gettext_lazy("Etter kommune og enhet")),
        ],
    )
    status = forms.ChoiceField(
        required=False, choices=[(s, s) for s in STATUSER], widget=forms.HiddenInput
    )
    gruppe = forms.IntegerField(
        required=False, min_value=1, max_value=MAKS_TALL, widget=forms.HiddenInput
    )

    def __init__(
        self, *args: Any, kommuner: dict[int, str], venter_paa_svar: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kommune"].choices = [("", _("Alle kommuner")), *kommuner.items()]
        if len(kommuner) < 2:
            del self.fields["kommune"]
        if not venter_paa_svar:
            del self.fields["rekkefolge"]
        self.is_valid()

    @property
    def er_brukt(self) -> bool:
        """Whether something is chosen of what is folded away on a phone."""
        return bool(self.cleaned_data.get("kommune") or self.cleaned_data.get("rekkefolge"))


class InnsjekksokForm(PortalForm):
    """What is typed at the desk."""

    er_filter = True

    q = forms.CharField(label=gettext_lazy("Navn eller enhet"), required=False, max_length=80)


class InnsjekkForm(PortalForm):
    """A tick, or its undoing."""

    person = forms.ModelChoiceField(Person.objects.all())
    handling = forms.ChoiceField(choices=[("moett", ""), ("angre", "")])
    q = forms.CharField(required=False, max_length=80)


class GruppesvarForm(PortalForm):
    """A group's sign-up: who comes. `stand` is the mark of the answers that were on the page."""

    gruppe = forms.IntegerField()
    kommer = forms.TypedMultipleChoiceField(required=False, coerce=int)
    stand = forms.CharField(max_length=20)

    def __init__(self, *args: Any, verv: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kommer"].choices = [(pk, pk) for pk in verv]


class OppsummeringPubliserForm(PortalForm):
    """Let the members read the summary: which version of it was on the page."""

    jobb = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class EgetSvarForm(PortalForm):
    """One's own answer."""

    deltakelse = forms.IntegerField()
    svar = forms.ChoiceField(choices=[("ja", ""), ("nei", "")])
