"""The picker: who something goes to, with how many that is in each kommune before it is used.

A page shows it by `components/mottakere.html`, inside its own form. It counts what stands in it when it
is sent with `oppdater` (by htmx, or by its button), and then nothing else is done: see `answer`.
"""

import datetime
from collections.abc import Collection, Mapping
from functools import cached_property
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_htmx.http import reswap, retarget

from kommuner.gyldighet import idag
from kommuner.models import Plassering
from kommuner.sortering import named
from nettverk.models import Gruppe, Mottakere, Nettverk, Person, Rolle, Verv
from nettverk.models.gruppe import GruppeQuerySet
from nettverk.models.rolle import ENHETSROLLER
from nettverk.mottakere.slag import Mottakerslag, kinds
from nettverk.mottakere.utvalg import (
    Opptelling,
    count,
    count_units,
    gone,
    people,
    places,
    units_groups,
)
from nettverk.side.innhold import fill_in, innhold, join, rolle_i
from nettverk.side.portalform import PortalForm
from nettverk.side.utenfra import whole_number

OPPDATER, REGNEARK = "oppdater", "regneark"
# Sent along by a picker that shows what is wrong.
HADDE_FEIL = "mottakere_feil"
# Asked for with `oppdater`: «side:3» is the third page of the names.
_SIDE = "side:"
# How many are named on a page, and how many a search finds.
VISES, TREFF = 50, 8
# How many of a person's places are named beside them.
_STEDER = 2
# What a browser sends that is no choice of ours: how much of it is shown again.
_FLEST_BORTE, _LENGST = 5, 80
_MANGE = forms.CheckboxSelectMultiple


def asks_for_file(request: HttpRequest) -> bool:
    """Whether the page was sent only to take the list out as a spreadsheet."""
    return request.method == "POST" and REGNEARK in request.POST


def asks_for_count(request: HttpRequest) -> bool:
    """Whether the page was sent only to count anew, or to find somebody."""
    return request.method == "POST" and OPPDATER in request.POST


class _Valgfelt(forms.MultipleChoiceField):
    """A filter's choices. What can no longer be chosen keeps its box while it is ticked: whoever sees it
    takes it away, since without it the filter could come to mean «all»."""

    default_error_messages = {
        "invalid_choice": gettext_lazy("Et valg finnes ikke lenger. Ta bort krysset ved det.")
    }
    borte: frozenset[str] = frozenset()

    def valid_value(self, value: Any) -> bool:
        return value not in self.borte and super().valid_value(value)


_UKJENT = {
    feil: gettext_lazy("Et valg finnes ikke lenger. Se over, og velg på nytt.")
    for feil in ("invalid_choice", "invalid_pk_value")
}


class MottakereForm(PortalForm):
    """Who it goes to. `valgt` is what was chosen before; `dato` the day on which it is asked.

    `bare_enheter`: only units are meant (an assignment). `bundet` names, per kind of filter, the values
    within which this person may choose, and then at least one of them.
    """

    er_filter = True
    prefix = "til"
    # Set by the page whose reader may take the names out of the portal (`asks_for_file`).
    kan_hentes = False

    enheter = forms.BooleanField(
        label=gettext_lazy("Utviklingsgruppene i enhetene"),
        required=False,
        help_text=gettext_lazy("Alle, eller bare dem du velger ut under."),
    )
    roller = forms.MultipleChoiceField(
        label=gettext_lazy("Roller i gruppene"), required=False, widget=_MANGE
    )
    grupper = forms.ModelMultipleChoiceField(
        Gruppe.objects.none(),
        label=gettext_lazy("Nettverkets egne grupper"),
        required=False,
        widget=_MANGE,
        error_messages=_UKJENT,
    )
    personer = forms.ModelMultipleChoiceField(
        Person.objects.none(), required=False, error_messages=_UKJENT
    )
    finn_person = forms.CharField(
        label=gettext_lazy("Finn en person"), required=False, max_length=80
    )
    uten_grupper = forms.ModelMultipleChoiceField(
        Gruppe.objects.none(), required=False, error_messages=_UKJENT
    )
    uten_personer = forms.ModelMultipleChoiceField(
        Person.objects.none(), required=False, error_messages=_UKJENT
    )
    finn_unntak = forms.CharField(
        label=gettext_lazy("Finn en enhet eller en person"), required=False, max_length=80
    )

    def __init__(
        self,
        *args: Any,
        nettverk: Nettverk,
        valgt: Mottakere | None = None,
        dato: datetime.date | None = None,
        bare_enheter: bool = False,
        bundet: Mapping[str, Collection[str]] | None = None,
        **kwargs: Any,
    ) -> None:
        self.nettverk, self.dato = nettverk, dato or idag()
        self.bundet = bundet or {}
        self.kun_enheter = bare_enheter or bool(self.bundet)
        self.forrige = valgt or Mottakere(nettverk=nettverk)
        kwargs["initial"] = {**_initial(self.forrige), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.slag = {_field_name(slag.kode): slag for slag in kinds()}
        for navn, slag in self.slag.items():
            if slag.in_use(nettverk):
                self._add_filter(navn, slag)
        grupper = Gruppe.objects.filter(nettverk=nettverk)
        if self.kun_enheter:
            self.fields["finn_unntak"].label = _("Finn en enhet")
            for navn in ("enheter", "roller", "grupper", "personer", "finn_person"):
                del self.fields[navn]
            del self.fields["uten_personer"]
        else:
            # Who has left, or a group that has ended, may still stand among those chosen: it reaches nobody.
            verv = Verv.objects.filter(gruppe__nettverk=nettverk, annullert=None)
            folk = Person.objects.filter(pk__in=verv.values("person"))
            self.fields["personer"].queryset = self.fields["uten_personer"].queryset = folk
            self._name_groups(grupper.nettverksgrupper())
            self.fields["roller"].choices = [
                (rolle, rolle_i(rolle, nettverk, stor=True)) for rolle in ENHETSROLLER
            ]
        self.fields["uten_grupper"].queryset = grupper.utviklingsgrupper()

    def _verv(self) -> QuerySet[Verv]:
        return Verv.objects.filter(gruppe__nettverk=self.nettverk).gyldig(self.dato)

    def _add_filter(self, navn: str, slag: Mottakerslag) -> None:
        valg = list(slag.options(self.nettverk, self.dato))
        if slag.kode in self.bundet:
            valg = [(verdi, label) for verdi, label in valg if verdi in self.bundet[slag.kode]]
        borte = self._gone_values(navn, slag, {verdi for verdi, _label in valg})
        if not valg and not borte and slag.kode not in self.bundet:
            return
        valg += [(verdi, _("%(valg)s (finnes ikke lenger)") % {"valg": verdi}) for verdi in borte]
        felt = _Valgfelt(
            label=str(slag.label),
            required=slag.kode in self.bundet,
            choices=valg,
            widget=_MANGE,
            error_messages={"required": _("Velg noe i «%(label)s».") % {"label": slag.label}},
        )
        felt.borte = frozenset(borte)
        self.fields[navn] = felt
        self.initial.setdefault(navn, self.forrige.filtre.get(slag.kode, []))
        if slag.kode in self.bundet and not self.initial[navn]:
            self.initial[navn] = [verdi for verdi, _label in valg]

    def _gone_values(self, navn: str, slag: Mottakerslag, finnes: Collection[str]) -> list[str]:
        """What is chosen, in the form or before, and is no more."""
        valgt = self._posted(navn) if self.is_bound else self.forrige.filtre.get(slag.kode, [])
        borte = [v for v in dict.fromkeys(valgt) if v not in finnes and len(v) <= _LENGST]
        return borte[:_FLEST_BORTE]

    def _posted(self, navn: str) -> list[str]:
        navn = self.add_prefix(navn)
        if isinstance(self.data, QueryDict):
            return self.data.getlist(navn)
        return list(self.data.get(navn, []))

    def _name_groups(self, grupper: GruppeQuerySet) -> None:
        felt = self.fields["grupper"]
        valgt = self._posted("grupper") if self.is_bound else map(str, self.forrige.grupper)
        numre = [nummer for v in valgt if (nummer := whole_number(v)) is not None]
        felt.queryset = grupper.filter(
            Q(pk__in=numre) | Q(pk__in=grupper.gyldig(self.dato).values("pk"))
        )
        felt.label_from_instance = self._group_name

    def _group_name(self, gruppe: Gruppe) -> Any:
        navn = innhold(gruppe.navn, self.nettverk)
        if gruppe.er_gyldig(self.dato):
            return navn
        return fill_in(_("%(gruppe)s (avsluttet)"), gruppe=navn)

    # --- what stands in it

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if OPPDATER in self.data or self.errors:
            return data
        if self.mottakere.er_tom:
            self._refuse(_("Velg hvem det skal gå til."))
        elif not self.opptelling.alle.grupper:
            self._refuse(_("Utvalget gir ingen mottakere. Velg noe mer, eller ta bort et filter."))
        return data

    def _refuse(self, grunn: str) -> None:
        self.add_error(next(iter(self._first_fields())), grunn)

    def _first_fields(self) -> list[str]:
        return [navn for navn in ("enheter", *self.slag, "uten_grupper") if navn in self.fields]

    def _value(self, navn: str) -> Any:
        if navn not in self.fields:
            return None
        if self.is_bound:
            # Asked for by `clean` too, when the form is not done with its errors yet.
            return getattr(self, "cleaned_data", {}).get(navn)
        return self.initial.get(navn)

    def _ids(self, navn: str) -> list[int]:
        if self.is_bound and navn in self.errors:
            # Those that stand are kept where the page shows them, whatever else came along.
            sendt = [nummer for v in self._posted(navn) if (nummer := whole_number(v)) is not None]
            kjente = self.fields[navn].queryset.filter(pk__in=sendt)
            return sorted(kjente.values_list("pk", flat=True))
        return sorted(getattr(rad, "pk", rad) for rad in self._value(navn) or ())

    @property
    def mottakere(self) -> Mottakere:
        """What stands in the form now, not kept. Nobody while something in it is wrong: what could not be
        understood is not left out, for then it could reach everybody."""
        if self.is_bound and self.errors:
            return Mottakere(nettverk=self.nettverk)
        valgt = Mottakere(
            nettverk=self.nettverk,
            enheter=self.kun_enheter or bool(self._value("enheter")),
            grupper=self._ids("grupper"),
            personer=self._ids("personer"),
            uten_grupper=self._ids("uten_grupper"),
            uten_personer=self._ids("uten_personer"),
        )
        if valgt.enheter:
            valgt.roller = list(self._value("roller") or ())
            valgt.filtre = {
                slag.kode: list(verdier)
                for navn, slag in self.slag.items()
                if (verdier := self._value(navn))
            }
            # What cannot be chosen now, stands: without it the audience would be another.
            valgt.filtre |= {slag.kode: list(verdier) for slag, verdier in self._resting()}
            # Bound, and nothing chosen: nobody, never everybody.
            valgt.filtre = {kode: [] for kode in self.bundet} | valgt.filtre
        return valgt

    # --- what the page shows

    @cached_property
    def opptelling(self) -> Opptelling:
        if self.kun_enheter:
            return count_units(self.mottakere, self.dato)
        return count(self.mottakere, self.dato)

    @cached_property
    def filterfelt(self) -> list[forms.BoundField]:
        return [self[navn] for navn in self.slag if navn in self.fields]

    @cached_property
    def borte(self) -> list[str]:
        """What was chosen before and is no more."""
        return gone(self.forrige, self.dato) if self.forrige.pk else []

    def _resting(self) -> list[tuple[Mottakerslag, list[str]]]:
        """The filters that were chosen before, of kinds that the network does not use now."""
        return [
            (slag, self.forrige.filtre[slag.kode])
            for slag in self.slag.values()
            if self.forrige.filtre.get(slag.kode) and not slag.in_use(self.nettverk)
        ]

    @cached_property
    def hviler(self) -> list[str]:
        """What still holds and cannot be changed meanwhile, each in a sentence."""
        setning = _(
            "%(filter)s. Dette gjelder fortsatt, men kan ikke endres så lenge delen er slått av."
        )
        return [
            fill_in(setning, filter=_filter_in_words(slag, self.nettverk, verdier, self.dato))
            for slag, verdier in self._resting()
        ]

    @property
    def sum(self) -> int:
        """How many units, or people, it reaches."""
        alle = self.opptelling.alle
        return alle.grupper if self.kun_enheter else alle.personer

    @property
    def hvorfor_ingen(self) -> str:
        """Why nobody is counted."""
        if self.is_bound and self.errors:
            return _("Rett det som er merket, så teller vi på nytt.")
        if self.mottakere.er_tom:
            return _("Ingen er valgt ennå.")
        return _("Utvalget gir ingen mottakere.")

    @property
    def viser_navn(self) -> bool:
        """Whether a page of the names was asked for."""
        return str(self.data.get(OPPDATER, "")).startswith(_SIDE)

    @cached_property
    def navn(self) -> Page:
        """A page of those who are reached: the units with their kommune, or the people with where they come
        from. Two queries, however many they are."""
        sider = Paginator(self._all_names(), VISES)
        sider.count = self.sum  # known already
        side = sider.get_page(str(self.data.get(OPPDATER, "")).removeprefix(_SIDE))
        rader = list(side.object_list)
        if self.kun_enheter:
            side.object_list = [(gruppe.enhet, gruppe.kommune_navn or "") for gruppe in rader]
        else:
            steder = places(self.mottakere, rader, self.dato)
            side.object_list = [(p.navn, _shortened(steder[p.pk])) for p in rader]
        return side

    def _all_names(self) -> QuerySet[Any]:
        if not self.kun_enheter:
            return people(self.mottakere, self.dato).order_by("sortering", "pk")
        grupper = units_groups(self.mottakere, self.dato).filter(enhet__isnull=False)
        her = Plassering.objects.filter(enhet=OuterRef("enhet")).gyldig(self.dato)
        return (
            grupper.select_related("enhet")
            .annotate(kommune_navn=Subquery(her.values("kommune__navn")[:1]))
            .order_by("enhet__sortering", "pk")
        )

    @cached_property
    def enkeltpersoner(self) -> list[dict[str, Any]]:
        """The single people that are chosen, and those that a search finds."""
        if "personer" not in self.fields:
            return []
        return self._lines("personer", self._ids("personer"), self._found("finn_person"))

    @cached_property
    def unntak(self) -> list[dict[str, Any]]:
        """The units and people that are left out, and those that a search finds."""
        grupper = Gruppe.objects.filter(nettverk=self.nettverk).select_related("enhet", "kommune")
        q = str(self._value("finn_unntak") or "")
        utelatt = self._ids("uten_grupper")
        funnet = named(
            grupper.gyldig(self.dato).utviklingsgrupper().exclude(pk__in=utelatt), q, "sortering"
        )
        linjer = [
            self._line("uten_grupper", g.pk, innhold(g.enhet or g.navn, self.nettverk), valgt)
            for valgt, rader in ((True, grupper.filter(pk__in=utelatt)), (False, funnet[:TREFF]))
            for g in rader
        ]
        if "uten_personer" in self.fields:
            linjer += self._lines(
                "uten_personer", self._ids("uten_personer"), self._found("finn_unntak")
            )
        return linjer

    @property
    def har_unntak(self) -> bool:
        return any(linje["valgt"] for linje in self.unntak)

    @property
    def har_enkeltpersoner(self) -> bool:
        return any(linje["valgt"] for linje in self.enkeltpersoner)

    def _found(self, felt: str) -> QuerySet[Person]:
        folk = Person.objects.filter(pk__in=self._verv().values("person"), is_active=True)
        return named(folk, str(self._value(felt) or ""), "sortering")[:TREFF]

    def _lines(self, felt: str, valgt: list[int], funnet: QuerySet[Person]) -> list[dict[str, Any]]:
        """A line a person, with where they are from. Three queries."""
        folk = [(p, True) for p in Person.objects.filter(pk__in=valgt)]
        folk += [(p, False) for p in funnet if p.pk not in valgt]
        steder: dict[int, list[str]] = {}
        verv = self._verv().filter(person__in=[p.pk for p, _valgt in folk])
        for v in verv.select_related("gruppe__enhet"):
            steder.setdefault(v.person_id, []).append(str(v.gruppe.enhet or v.gruppe.navn))
        return [
            self._line(
                felt,
                p.pk,
                p.navn,
                er_valgt,
                ", ".join(sorted(set(steder.get(p.pk, [_("har ikke lenger et verv")])))),
            )
            for p, er_valgt in folk
        ]

    def _line(self, felt: str, pk: int, navn: Any, valgt: bool, sted: str = "") -> dict[str, Any]:
        return {
            "felt": self.add_prefix(felt),
            "pk": pk,
            "navn": navn,
            "sted": sted,
            "valgt": valgt,
        }


def _shortened(steder: list[str]) -> str:
    """The first places; a PP-rådgiver may come by fifteen."""
    tekst, flere = ", ".join(steder[:_STEDER]), len(steder) - _STEDER
    if flere <= 0:
        return tekst
    return _("%(steder)s og %(n)s til") % {"steder": tekst, "n": flere}


def _field_name(kode: str) -> str:
    return "bare_" + kode.replace(".", "_")


def _initial(valgt: Mottakere) -> dict[str, Any]:
    return {
        navn: getattr(valgt, navn)
        for navn in ("enheter", "roller", "grupper", "personer", "uten_grupper", "uten_personer")
    }


def _filter_in_words(
    slag: Mottakerslag, nettverk: Nettverk, verdier: list[str], dato: datetime.date
) -> str:
    """«Kommuner: Averøy, Tingvoll»."""
    navn = [label for verdi, label in slag.options(nettverk, dato) if verdi in verdier]
    return join(": ", [str(slag.label), join(", ", navn)])


def in_words(mottakere: Mottakere, dato: datetime.date | None = None) -> str:
    """«Utviklingsgruppene i enhetene · Kommuner: Averøy, Tingvoll · Fagnettverket», marked where the
    network's own words stand. Constant queries."""
    nettverk, deler = mottakere.nettverk, []
    if mottakere.enheter:
        deler.append(_("Utviklingsgruppene i enhetene"))
        for slag in kinds():
            if verdier := mottakere.filtre.get(slag.kode):
                deler.append(_filter_in_words(slag, nettverk, verdier, dato or idag()))
        if mottakere.roller:
            roller = [rolle_i(Rolle(rolle), nettverk) for rolle in mottakere.roller]
            deler.append(join(": ", [capfirst(_("roller")), join(", ", roller)]))
    grupper = Gruppe.objects.filter(nettverk=nettverk, pk__in=mottakere.grupper)
    deler += [innhold(gruppe.navn, nettverk) for gruppe in grupper] if mottakere.grupper else []
    if mottakere.personer:
        deler += [p.navn for p in Person.objects.filter(pk__in=mottakere.personer)]
    return join(" · ", deler)


def answer(request: HttpRequest, form: MottakereForm, **mer: Any) -> HttpResponse:
    """The count anew, and what a search found, for a page that asked by htmx. When something is wrong, or
    was so before, the whole picker: then it is said at the field, or said no more."""
    hele = bool(form.errors) or HADDE_FEIL in request.POST
    innhold_ = {"velger": form, "adresse": request.path, **mer}
    if not hele:
        return render(request, "components/mottakere.html#svar", innhold_)
    svar = render(request, "components/mottakere.html#hele_svar", innhold_)
    return retarget(reswap(svar, "outerHTML"), "#mottakere")
