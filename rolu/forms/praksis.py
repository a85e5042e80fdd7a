"""Forms of what a unit tells in Praksis, of taking it into use, and of what to read."""

import datetime
from collections import defaultdict
from typing import Any, cast

from django import forms
from django.db.models import Count, Exists, F, OuterRef
from django.utils.text import capfirst
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from fremtidsbilder.models import Tema
from kommuner.gyldighet import idag
from kommuner.models import Enhet
from kommuner.sortering import composed
from nettverk.models import Gruppe, Nettverk
from nettverk.side.portalform import (
    IKKE_NAVN_PAA_BARN,
    PortalForm,
    PortalModelForm,
    mark_choices,
)
from nettverk.skriving.engang import EngangsForm
from nettverk.skriving.laas import StandForm, mark
from rolu.forms.loggpost import within_reach
from rolu.mellomarbeid.praksis import open_work, own_groups, pictures_to_choose
from rolu.models import Mellomarbeid, Oppdrag, Praksisfortelling, Vedlegg
from rolu.models import praksis as modellen
from rolu.models.praksis import PraksisfortellingQuerySet, newest_matches

_OM_TO_UKER = datetime.timedelta(days=14)


class Bildevalg(forms.ModelMultipleChoiceField):
    """Pictures, each by what it shows."""

    def label_from_instance(self, bilde: Vedlegg) -> str:
        return bilde.alternativ_tekst or bilde.navn


class FortellingForm(EngangsForm, StandForm, PortalModelForm):
    """What everyone in the network will read, and how far it may go."""

    bilder = Bildevalg(
        label=_("Bilder"),
        queryset=Vedlegg.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Velg bare bilder der ingen kan kjennes igjen uten at det er greit for dem."),
    )
    temaer = forms.ModelMultipleChoiceField(
        label=_("Temaer"),
        queryset=Tema.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    hele_loggen = forms.BooleanField(
        label=_("Andre kan lese hele loggen også"),
        required=False,
        help_text=_("Uten kryss leser andre bare fortellingen."),
    )

    class Meta:
        model = Praksisfortelling
        fields = ["tittel", "tekst", "bilder", "temaer", "offentlig"]
        widgets = {"tekst": forms.Textarea(attrs={"rows": 12, "autocapitalize": "sentences"})}
        labels = {
            "tittel": _("Tittel"),
            "tekst": _("Fortellingen"),
            "offentlig": _("Fortellingen kan stå i den offentlige årsrapporten"),
        }
        help_texts = {
            "tittel": _("Det viktigste i én setning."),
            "tekst": IKKE_NAVN_PAA_BARN,
            "offentlig": _(
                "Alle kan lese årsrapporten, også utenfor nettverket. Dere bestemmer, og kan ombestemme dere til rapporten er godkjent."
            ),
        }

    def __init__(self, *args: Any, arbeid: Mellomarbeid, **kwargs: Any) -> None:
        kwargs["initial"] = {"hele_loggen": arbeid.delt, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.fields["bilder"].queryset = pictures_to_choose(arbeid)
        self.fields["temaer"].queryset = Tema.objects.filter(nettverk=arbeid.nettverk)
        for navn in ("bilder", "temaer"):
            if not self.fields[navn].queryset.exists():
                del self.fields[navn]

    def _names(self) -> list[str]:
        return [*super()._names(), "hele_loggen"]

    def _mark(self) -> str:
        """Taken back, hidden or told again meanwhile is another state too."""
        return mark(super()._mark() + self.instance.stand)

    def _words(self, navn: str, tekst: str) -> str:
        if isinstance(self.fields[navn], forms.BooleanField):
            return _t("Ja") if tekst == "True" else _t("Nei")
        return super()._words(navn, tekst)


class SkjulForm(PortalForm):
    """Why the koordinator hides what a unit has told; the unit reads it."""

    grunn = forms.CharField(
        label=_("Hvorfor?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Enheten leser dette, og kan rette fortellingen."),
    )


class Arbeidsvalg(forms.ModelChoiceField):
    """The logs of the own units that can be written in, by the assignment, and the unit when there are several."""

    flere_enheter = False

    def label_from_instance(self, arbeid: Mellomarbeid) -> str:
        return f"{arbeid.enhet}: {arbeid.oppdrag}" if self.flere_enheter else str(arbeid.oppdrag)


def proposed_day() -> datetime.date:
    """When an idea is tried, until the unit says otherwise."""
    return idag() + _OM_TO_UKER


class IdebrukForm(PortalForm):
    """Where in the own logs the idea is planned, and when."""

    mellomarbeid = Arbeidsvalg(
        label=_("Hvor vil dere planlegge ideen?"),
        queryset=Mellomarbeid.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
    )
    dato = forms.DateField(label=_("Når vil dere prøve?"))

    def __init__(self, *args: Any, roller: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"dato": proposed_day(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        felt = self.fields["mellomarbeid"]
        felt.queryset = open_work(roller)
        felt.flere_enheter = len(roller.enheter) > 1
        self.arbeidene = list(felt.queryset)
        if self.arbeidene:
            felt.initial = self.arbeidene[0].pk

    def clean_dato(self) -> datetime.date:
        dato = self.cleaned_data["dato"]
        if dato < idag():
            raise forms.ValidationError(_("Velg en dag som kommer."), code="dato")
        return cast(datetime.date, within_reach(dato))


class TaVareForm(PortalForm):
    """Which of the own units keeps the idea."""

    gruppe = forms.ModelChoiceField(queryset=Gruppe.objects.none())

    def __init__(self, *args: Any, roller: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["gruppe"].queryset = own_groups(roller)


class PraksisFilter(PortalForm):
    """Which praksisfortellinger to read, and how many there are behind each choice. What it does not know it
    leaves out. Three queries, and one or two when something is searched for.

    A search is in the newest `TREFF_MAKS` that match: they are ranked, counted and shown, and `er_kuttet` says that
    there are more. What is chosen besides is looked for among all that match."""

    er_filter = True
    _treff: list[int] | None = None
    _treff_i_valget: list[int] | None = None

    q = forms.CharField(
        label=_("Søk"),
        required=False,
        max_length=120,
        widget=forms.SearchInput(
            attrs={"autocomplete": "off", "placeholder": _("Søk: måling, lek, overgang")}
        ),
    )
    loype = forms.TypedChoiceField(
        label=_("Læringsløype"), required=False, coerce=int, empty_value=None
    )
    modul = forms.TypedChoiceField(label=_("Modul"), required=False, coerce=int, empty_value=None)
    type = forms.ChoiceField(label=_("Type enhet"), required=False)
    kommune = forms.TypedChoiceField(
        label=_("Kommune"), required=False, coerce=int, empty_value=None
    )
    tema = forms.TypedChoiceField(label=_("Tema"), required=False, coerce=int, empty_value=None)
    oppdrag = forms.TypedChoiceField(
        label=_("Oppdrag"), required=False, coerce=int, empty_value=None
    )
    forst = forms.ChoiceField(
        label=_("Vis først"),
        required=False,
        choices=[("", _("Nyest")), ("brukt", _("Det andre har brukt"))],
    )

    STI = {
        "kommune": "mellomarbeid__kommune",
        "loype": "mellomarbeid__oppdrag__laeringsloype",
        "modul": "mellomarbeid__oppdrag__modul",
        "oppdrag": "mellomarbeid__oppdrag",
        "type": "mellomarbeid__gruppe__enhet__type",
    }

    def __init__(
        self, *args: Any, delte: PraksisfortellingQuerySet, nettverk: Nettverk, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        # All of them: a link to an assignment of which nothing is told yet says so.
        oppdrag = list(
            Oppdrag.objects.filter(nettverk=nettverk)
            .select_related("laeringsloype", "modul")
            .defer("tekst", "laeringsloype__om", "laeringsloype__fokus")
        )
        self.loyper = sorted(
            {o.laeringsloype for o in oppdrag if o.laeringsloype},
            key=lambda loype: loype.rekkefolge,
        )
        moduler = {o.modul for o in oppdrag if o.modul}
        brukt = Praksisfortelling.temaer.through.objects.filter(tema=OuterRef("pk"))
        temaer = list(Tema.objects.filter(Exists(brukt), nettverk=nettverk))
        self._set("loype", [(loype.pk, loype.navn) for loype in self.loyper])
        self._set("modul", sorted((modul.pk, str(modul)) for modul in moduler))
        self._set("oppdrag", [(o.pk, o.tittel) for o in oppdrag])
        self._set("tema", [(tema.pk, tema.navn) for tema in temaer])
        self._set("type", [(verdi, str(capfirst(navn))) for verdi, navn in Enhet.Type.choices])
        for felt in ("loype", "modul", "oppdrag", "tema"):
            mark_choices(self.fields[felt], nettverk.maalform)
        self._count(delte, nettverk)
        if not moduler:
            del self.fields["modul"]
        if not temaer:
            del self.fields["tema"]
        if not nettverk.uses("laeringsloyper"):
            del self.fields["loype"]
            self.fields.pop("modul", None)
            self.loyper = []
        self.is_valid()
        if self.er_kuttet and (valgt := self._chosen()):
            arbeidene = Mellomarbeid.objects.filter(
                oppdrag__nettverk=nettverk,
                **{sti.removeprefix("mellomarbeid__"): verdi for sti, verdi in valgt.items()},
            )
            self._treff_i_valget = newest_matches(self._typed("q"), arbeidene, self._tema())

    def _count(self, delte: PraksisfortellingQuerySet, nettverk: Nettverk) -> None:
        """How many are told for each kommune, assignment and type of unit: every figure on the page is a sum."""
        q, tema = self._typed("q"), self._tema()
        if q:
            arbeidene = Mellomarbeid.objects.filter(oppdrag__nettverk=nettverk)
            self._treff = newest_matches(q, arbeidene, tema)
            delte = delte.filter(pk__in=self._treff)
        elif tema is not None:
            delte = delte.filter(temaer=tema)
        self._antall = list(
            delte.order_by("mellomarbeid__kommune__sortering")
            .values(
                kommune=F(self.STI["kommune"]),
                navn=F("mellomarbeid__kommune__navn"),
                oppdrag=F(self.STI["oppdrag"]),
                loype=F(self.STI["loype"]),
                modul=F(self.STI["modul"]),
                type=F(self.STI["type"]),
            )
            .annotate(n=Count("pk"))
        )
        kommuner = {rad["kommune"]: rad["navn"] for rad in self._antall if rad["kommune"]}
        self._set("kommune", list(kommuner.items()))

    def _typed(self, felt: str) -> str:
        """What is asked for, before the form is checked: the choices of the other fields depend on it."""
        return " ".join(composed(str(self.data.get(felt, ""))).replace("\x00", "").split())[:120]

    def _tema(self) -> int | None:
        tema = self._typed("tema")
        return int(tema) if tema.isdecimal() and len(tema) < 10 else None

    def _chosen(self) -> dict[str, Any]:
        """What is chosen of what is counted, each by its path from a praksisfortelling."""
        valg = self.cleaned_data.items()
        return {self.STI[felt]: verdi for felt, verdi in valg if verdi and felt in self.STI}

    def _set(self, felt: str, valg: list[tuple[Any, str]]) -> None:
        cast(forms.ChoiceField, self.fields[felt]).choices = [("", _("Alle")), *valg]

    @property
    def er_i_bruk(self) -> bool:
        return any(verdi for felt, verdi in self.cleaned_data.items() if felt != "forst")

    @property
    def er_kuttet(self) -> bool:
        """More match than are shown."""
        return self._treff is not None and len(self._treff) == modellen.TREFF_MAKS

    @property
    def antall(self) -> int:
        """How many `filter` leaves."""
        if self._treff_i_valget is not None:
            return len(self._treff_i_valget)
        return sum(rad["n"] for rad in self._antall if self._fits(rad))

    def count_by(self, felt: str) -> dict[Any, int]:
        """How many each value of `felt` would leave, with the other choices as they are."""
        per: dict[Any, int] = defaultdict(int)
        for rad in self._antall:
            if self._fits(rad, uten=felt):
                per[rad[felt]] += rad["n"]
        return per

    def _fits(self, rad: dict[str, Any], uten: str = "") -> bool:
        return all(
            not verdi or felt == uten or rad[felt] == verdi
            for felt, verdi in self.cleaned_data.items()
            if felt in self.STI
        )

    def filter(self, delte: PraksisfortellingQuerySet) -> PraksisfortellingQuerySet:
        """Those that fit: the nearest to what is searched for first, else the newest, or what is most used."""
        valg = self.cleaned_data
        if self._treff_i_valget is not None:
            delte = delte.filter(pk__in=self._treff_i_valget)
        elif self._treff is not None:
            delte = delte.filter(pk__in=self._treff, **self._chosen())
        else:
            delte = delte.filter(**self._chosen())
            if tema := valg.get("tema"):
                delte = delte.filter(temaer=tema)
        if self._treff is not None:
            delte = delte.nearest_first(self._typed("q"))
        elif valg.get("forst") != "brukt":
            delte = delte.newest_first()
        if valg.get("forst") == "brukt":
            delte = delte.with_uses().order_by("-brukt", "-delt", "-pk")
        return delte
