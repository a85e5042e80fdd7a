"""Forms of a unit's log, its files, and the coordinator's list."""

import datetime
from collections import defaultdict
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Count, F
from django.utils.translation import gettext_lazy as _

from kommuner.gyldighet import idag
from kommuner.sortering import named
from nettverk.models import Nettverk
from nettverk.side.filfelt import FilerField, hva_som_kan_legges_ved
from nettverk.side.portalform import IKKE_NAVN_PAA_BARN, PortalForm, mark_choices
from nettverk.skriving.autolagring import TekstForm
from rolu.models import Loggpost, Mellomarbeid, Oppdrag
from rolu.models.mellomarbeid import MellomarbeidQuerySet

_ETT_AAR = datetime.timedelta(days=366)


class LoggpostForm(TekstForm):
    """One entry, short enough for a phone. `kladd` is the form saving itself: nothing is demanded yet."""

    fase = forms.ChoiceField(
        label=_("Hva handler det om?"), choices=Loggpost.Fase, widget=forms.RadioSelect
    )
    tekst = forms.CharField(
        label=_("Fortell"),
        widget=forms.Textarea(attrs={"rows": 10, "autocapitalize": "sentences"}),
        max_length=20_000,
        help_text=IKKE_NAVN_PAA_BARN,
    )
    dato = forms.DateField(label=_("Når var det?"))
    hvem = forms.CharField(
        label=_("Hvem var med?"),
        max_length=200,
        required=False,
        help_text=_("Roller, ikke navn på barn. For eksempel «fire ansatte og 18 barn»."),
    )

    tekster = ("tekst", "hvem")

    def __init__(self, *args: Any, kladd: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tekst"].required = not kladd
        self.fields["tekst"].error_messages["required"] = _("Skriv noen ord først.")

    def clean_dato(self) -> datetime.date:
        dato = self.cleaned_data["dato"]
        if abs(dato - idag()) > 2 * _ETT_AAR:
            raise ValidationError(_("Se over datoen. Datoen er langt unna i dag."), code="dato")
        return dato


class VedleggForm(PortalForm):
    """Files for the log; the description belongs to a picture."""

    filer = FilerField(label=_("Filer"), help_text=hva_som_kan_legges_ved(settings.OPPLASTING_MAKS))
    beskrivelse = forms.CharField(
        label=_("Hva viser bildet?"),
        max_length=300,
        required=False,
        help_text=_(
            "Leses opp for dem som ikke ser bildet. Legger du ved flere bilder, kan du beskrive hvert av dem etterpå."
        ),
    )


class BeskrivelseForm(PortalForm):
    """What a picture shows, for those who do not see it."""

    beskrivelse = forms.CharField(
        label=_("Hva viser bildet?"),
        max_length=300,
        required=False,
        help_text=IKKE_NAVN_PAA_BARN,
    )


class PraksisdelingForm(PortalForm):
    """Share a mellomarbeid with the network, or no longer; and whether the public report may quote it."""

    delt = forms.TypedChoiceField(
        choices=[("1", "1"), ("0", "0")],
        coerce=lambda verdi: verdi == "1",
        widget=forms.HiddenInput,
    )
    offentlig = forms.BooleanField(
        label=_("Et utdrag kan stå i den offentlige årsrapporten"),
        required=False,
        help_text=_(
            "Alle kan lese årsrapporten, også de utenfor nettverket. Dere bestemmer, og kan ombestemme dere til rapporten er godkjent."
        ),
    )


class MellomarbeidFilter(PortalForm):
    """Which units the list shows. What it does not know it leaves out."""

    er_filter = True

    q = forms.CharField(
        label=_("Enhet"),
        required=False,
        max_length=80,
        widget=forms.SearchInput(
            attrs={"autocomplete": "off", "placeholder": _("Søk etter enhet")}
        ),
    )
    kommune = forms.TypedChoiceField(
        label=_("Kommune"), required=False, coerce=int, empty_value=None
    )
    status = forms.ChoiceField(
        required=False, choices=Mellomarbeid.Status.choices, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, kommuner: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kommune"].choices = [("", _("Alle kommuner")), *kommuner]
        if len(kommuner) < 2:
            del self.fields["kommune"]
        self.is_valid()

    def filter(self, queryset: MellomarbeidQuerySet) -> MellomarbeidQuerySet:
        """The units that the search and the kommune leave, whatever they have done."""
        if kommune := self.cleaned_data.get("kommune"):
            queryset = queryset.filter(kommune=kommune)
        if q := self.cleaned_data.get("q"):
            queryset = named(queryset, q, "gruppe__enhet__sortering")
        return queryset

    @property
    def valgt_status(self) -> str:
        return self.cleaned_data.get("status") or ""


class PraksisFilter(PortalForm):
    """Which of the shared work to read, and how much there is behind each choice. What it does not know
    it leaves out. Two queries."""

    er_filter = True

    kommune = forms.TypedChoiceField(
        label=_("Kommune"), required=False, coerce=int, empty_value=None
    )
    loype = forms.TypedChoiceField(
        label=_("Læringsløype"), required=False, coerce=int, empty_value=None
    )
    oppdrag = forms.TypedChoiceField(
        label=_("Oppdrag"), required=False, coerce=int, empty_value=None
    )

    def __init__(
        self, *args: Any, delte: MellomarbeidQuerySet, nettverk: Nettverk, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        # How many are shared for each kommune, track and assignment: every figure on the page is a sum.
        self._antall = list(
            delte.order_by("kommune__sortering")
            .values("kommune", "kommune__navn", "oppdrag", loype=F("oppdrag__laeringsloype"))
            .annotate(n=Count("pk"))
        )
        kommuner = {rad["kommune"]: rad["kommune__navn"] for rad in self._antall if rad["kommune"]}
        # All of them: a link to an assignment of which nothing is shared yet says so.
        oppdrag = list(
            Oppdrag.objects.filter(nettverk=nettverk)
            .select_related("laeringsloype")
            .defer("tekst", "laeringsloype__om", "laeringsloype__fokus")
        )
        self.loyper = sorted(
            {o.laeringsloype for o in oppdrag if o.laeringsloype},
            key=lambda loype: loype.rekkefolge,
        )
        self._set("kommune", list(kommuner.items()))
        self._set("loype", [(loype.pk, loype.navn) for loype in self.loyper])
        self._set("oppdrag", [(o.pk, o.tittel) for o in oppdrag])
        for felt in ("loype", "oppdrag"):
            mark_choices(self.fields[felt], nettverk.maalform)
        if not nettverk.uses("laeringsloyper"):
            del self.fields["loype"]
            self.loyper = []
        self.is_valid()

    def _set(self, felt: str, valg: list[tuple[int, str]]) -> None:
        cast(forms.ChoiceField, self.fields[felt]).choices = [("", _("Alle")), *valg]

    @property
    def er_i_bruk(self) -> bool:
        return any(self.cleaned_data.values())

    @property
    def antall(self) -> int:
        """How many `filter` leaves."""
        return sum(rad["n"] for rad in self._antall if self._fits(rad))

    def count_by(self, felt: str) -> dict[int | None, int]:
        """How many each value of `felt` would leave, with the other choices as they are."""
        per: dict[int | None, int] = defaultdict(int)
        for rad in self._antall:
            if self._fits(rad, uten=felt):
                per[rad[felt]] += rad["n"]
        return per

    def _fits(self, rad: dict[str, Any], uten: str = "") -> bool:
        return all(
            not verdi or felt == uten or rad[felt] == verdi
            for felt, verdi in self.cleaned_data.items()
        )

    def filter(self, delte: MellomarbeidQuerySet) -> MellomarbeidQuerySet:
        sti = {
            "kommune": "kommune",
            "loype": "oppdrag__laeringsloype",
            "oppdrag": "oppdrag",
        }
        return delte.filter(
            **{sti[felt]: verdi for felt, verdi in self.cleaned_data.items() if verdi}
        )
