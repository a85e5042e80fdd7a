"""The forms of the yearly confirmation: one screen for who is in a group, the day it is asked, the letter."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kommuner.gyldighet import idag
from nettverk.forms.gruppe import AvsluttVervForm, UtnevnForm
from nettverk.models import Gruppe, Nettverk, Person, Rolle, Verv
from nettverk.side.portalform import PersonnavnField, PortalForm, PortalModelForm, mark_choices
from nettverk.side.utenfra import whole_number
from nettverk.skriving.engang import EngangsForm
from nettverk.skriving.konflikt import Forskjell
from nettverk.skriving.laas import StandForm
from nettverk.verv import choosable_roles

FORTSATT, SLUTTET = "fortsatt", "sluttet"
# As many as have come besides those who fill a vacant role; the page can be sent in again.
_NYE = 2


@dataclass
class Medlemssvar:
    """Somebody in the group, and the fields of the answer about them; none for oneself."""

    verv: Verv
    svar: forms.BoundField | None
    siste_dag: forms.BoundField | None


@dataclass
class NyttMedlem:
    """The fields of somebody new; `ledig` is the vacant role they fill, else it is chosen."""

    navn: forms.BoundField
    epost: forms.BoundField
    rolle: forms.BoundField | None
    ledig: Rolle | None = None


class GruppebekreftelseForm(EngangsForm, PortalForm):
    """Everybody in the group with «Fortsatt med» or «Sluttet», the vacant roles, and room for new ones.

    `sett` is who was there when it was opened: when somebody has come or gone meanwhile, `forskjeller` says
    who, and the form is to be sent once more. What it takes to be appointed and to end a Verv, the forms of
    those pages say.
    """

    # Nobody has to fill in any of it: the group may be right as it is.
    er_filter = True

    sett = forms.CharField(required=False, widget=forms.HiddenInput)
    inviter = forms.BooleanField(
        label=gettext_lazy("Send de nye en invitasjon på e-post"), required=False, initial=True
    )

    def __init__(
        self,
        *args: Any,
        gruppe: Gruppe,
        verv: list[Verv],
        by: Person,
        count: Callable[[], None],
        **kwargs: Any,
    ) -> None:
        """`verv` is who is in the group now; `count` as in UtnevnForm."""
        self.gruppe, self.verv, self.by, self.count = gruppe, verv, by, count
        self.forskjeller: list[Forskjell] = []
        self.slutter: list[tuple[Verv, datetime.date]] = []
        self.nye: list[dict[str, Any]] = []
        self._andre = [v for v in verv if v.person_id != by.pk]
        data = kwargs.get("data")
        ledige = gruppe.ledige_roller(v.rolle for v in verv)
        self._ledige = [
            rolle
            for rolle in map(Rolle, gruppe.nettverk.paakrevde_roller)
            # Filled by another meanwhile: what was typed is not lost.
            if rolle in ledige or (data and data.get(f"{rolle}_navn"))
        ]
        kwargs["initial"] = {"sett": self._present(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.add_fields(self._own_fields())
        roller = choosable_roles(gruppe.nettverk, utviklingsgruppe=True)
        for n in range(_NYE):
            felt = self.fields[f"ny{n}_rolle"]
            felt.choices = [
                ("", _("Velg rolle")),
                *((str(rolle), gruppe.nettverk.rollenavn(rolle)) for rolle in roller),
            ]
            mark_choices(felt, gruppe.nettverk.maalform)

    @staticmethod
    def changes_people(sendt: QueryDict) -> bool:
        """Whether what is sent in lets somebody go or takes somebody in; asked before the form is made."""
        return any(
            (navn.startswith("svar_") and verdi == SLUTTET)
            or (navn.endswith(("_navn", "_epost")) and str(verdi).strip())
            for navn, verdi in sendt.items()
        )

    def _own_fields(self) -> dict[str, forms.Field]:
        felt: dict[str, forms.Field] = {}
        for verv in self._andre:
            felt[f"svar_{verv.pk}"] = forms.ChoiceField(
                label=verv.person.navn,
                choices=[(FORTSATT, _("Fortsatt med")), (SLUTTET, _("Sluttet"))],
                widget=forms.RadioSelect,
                initial=FORTSATT,
            )
            felt[f"dag_{verv.pk}"] = forms.DateField(
                label=_("Siste dag"), required=False, initial=_yesterday(verv)
            )
        for navn in self._prefixes():
            felt[f"{navn}_navn"] = PersonnavnField(label=_("Navn"), required=False)
            felt[f"{navn}_epost"] = forms.EmailField(
                label=_("E-postadresse på jobb"),
                required=False,
                widget=forms.EmailInput(attrs={"autocomplete": "off"}),
            )
        for n in range(_NYE):
            felt[f"ny{n}_rolle"] = forms.ChoiceField(label=_("Rolle i gruppa"), required=False)
        return felt

    def _prefixes(self) -> list[str]:
        return [*map(str, self._ledige), *(f"ny{n}" for n in range(_NYE))]

    def _present(self) -> str:
        return ",".join(str(v.pk) for v in self.verv)

    # --- the page

    @property
    def medlemmer(self) -> list[Medlemssvar]:
        egne = {v.pk for v in self._andre}
        return [
            Medlemssvar(v, self[f"svar_{v.pk}"], self[f"dag_{v.pk}"])
            if v.pk in egne
            else Medlemssvar(v, None, None)
            for v in self.verv
        ]

    @property
    def ledige(self) -> list[NyttMedlem]:
        return [NyttMedlem(self[f"{r}_navn"], self[f"{r}_epost"], None, r) for r in self._ledige]

    @property
    def andre_nye(self) -> list[NyttMedlem]:
        return [
            NyttMedlem(self[f"ny{n}_navn"], self[f"ny{n}_epost"], self[f"ny{n}_rolle"])
            for n in range(_NYE)
        ]

    @property
    def andre_nye_er_skrevet(self) -> bool:
        return any(ny.navn.value() or ny.epost.value() for ny in self.andre_nye)

    # --- what was answered

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self._compare(data.get("sett", ""))
        if self.forskjeller:
            # Only this one: the rest is asked when it is sent once more.
            self.errors.clear()
            raise ValidationError(
                _(
                    "Noen andre har endret gruppa mens du hadde siden åpen. Se over, og bekreft en gang til."
                ),
                code="konflikt",
            )
        for verv in self._andre:
            if data.get(f"svar_{verv.pk}") == SLUTTET:
                self._end(verv, data.get(f"dag_{verv.pk}"))
        sett: set[tuple[str, str]] = set()
        for navn in self._prefixes():
            if data.get(f"{navn}_navn") or data.get(f"{navn}_epost") or data.get(f"{navn}_rolle"):
                self._appoint(navn, data, sett)
        return data

    def once(self, by: Person, make: Callable[[], str]) -> str | None:
        adresse = super().once(by, make)
        if adresse is None and self.forskjeller:
            self._open_anew()
        return adresse

    def _compare(self, sett: str) -> None:
        foer = {pk for bit in sett.split(",") if (pk := whole_number(bit)) is not None}
        naa = {v.pk: v for v in self.verv}
        borte = Verv.objects.filter(gruppe=self.gruppe, pk__in=foer - naa.keys())
        for verv in borte.select_related("person"):
            stand = (
                _("Sluttet, siste dag %(dato)s") % {"dato": date_format(verv.siste_dag)}
                if verv.siste_dag
                else _("Sluttet")
            )
            self.forskjeller.append(
                Forskjell(verv.person.navn, stand, self._choice(f"svar_{verv.pk}"))
            )
        for pk in naa.keys() - foer:
            rolle = self.gruppe.nettverk.rollenavn(naa[pk].rolle)
            self.forskjeller.append(
                Forskjell(naa[pk].person.navn, _("Ny: %(rolle)s") % {"rolle": rolle}, "")
            )

    def _choice(self, felt: str) -> str:
        return _("Sluttet") if self.data.get(felt) == SLUTTET else _("Fortsatt med")

    def _open_anew(self) -> None:
        nye = cast(QueryDict, self.data).copy()
        nye["sett"] = self._present()
        for verv in self._andre:
            nye.setdefault(f"svar_{verv.pk}", FORTSATT)
            nye.setdefault(f"dag_{verv.pk}", _yesterday(verv).isoformat())
        self.data = nye

    def _end(self, verv: Verv, dag: datetime.date | None) -> None:
        form = AvsluttVervForm({"siste_dag": dag}, verv=verv)
        if form.is_valid():
            self.slutter.append((verv, form.cleaned_data["siste_dag"]))
        elif f"dag_{verv.pk}" not in self.errors:
            self.add_error(f"dag_{verv.pk}", form.errors["siste_dag"].data)

    def _appoint(self, navn: str, data: dict[str, Any], sett: set[tuple[str, str]]) -> None:
        """As on the page where one person is appointed, from today."""
        if {f"{navn}_navn", f"{navn}_epost"} & self.errors.keys():
            return
        rolle = data.get(f"{navn}_rolle", "" if navn.startswith("ny") else navn)
        felt = {"navn": data[f"{navn}_navn"], "epost": data[f"{navn}_epost"], "rolle": rolle}
        form = UtnevnForm({**felt, "fra": idag().isoformat()}, gruppe=self.gruppe, count=self.count)
        if form.is_valid():
            ny = form.utnevning()
            if (ny["epost"], ny["rolle"]) not in sett:
                sett.add((ny["epost"], ny["rolle"]))
                self.nye.append(ny)
            return
        for hvor, feil in form.errors.items():
            egen = f"{navn}_{hvor}"
            # What is wrong with the day is about the person: the day is not asked for here.
            self.add_error(
                egen if egen in self.fields else f"{navn}_epost" if hvor == "fra" else None,
                feil.data,
            )


def _yesterday(verv: Verv) -> datetime.date:
    """Who has left, is in the group no more today."""
    dag = idag() - datetime.timedelta(days=1)
    return max(dag, verv.fra) if verv.fra else dag


class BekreftesFraForm(StandForm, PortalModelForm):
    """From which day of the year the leaders are asked, or that they are not."""

    bekreftes_fra = forms.ChoiceField(
        label=gettext_lazy("Spør lederne hvert år fra"),
        required=False,
        help_text=gettext_lazy(
            "Fra denne dagen står spørsmålet på siden «Hjem» hos hver leder til gruppa er bekreftet. Ingen får e-post om det før dere sender en påminnelse. En gruppe som er bekreftet tidligere i samme skoleår, blir ikke spurt om igjen. Skoleåret begynner 1. august."
        ),
    )
    er_filter = True

    class Meta:
        model = Nettverk
        fields: ClassVar[list[str]] = ["bekreftes_fra"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dager = {f"{maaned:02}-{dag:02}" for maaned in range(1, 13) for dag in (1, 15)}
        dager |= {self.instance.bekreftes_fra} - {""}
        self.fields["bekreftes_fra"].choices = [
            ("", _("Ikke spør")),
            *((dag, _day(dag)) for dag in sorted(dager)),
        ]


def _day(dag: str) -> str:
    """«15. august»."""
    return date_format(datetime.date.fromisoformat(f"2001-{dag}"), "MONTH_DAY_FORMAT")


class PaaminnForm(EngangsForm, PortalForm):
    """The groups whose leaders the preview showed, by number."""

    grupper = forms.CharField(widget=forms.HiddenInput)

    def clean_grupper(self) -> list[int]:
        numre = (whole_number(bit) for bit in self.cleaned_data["grupper"].split(","))
        return [nummer for nummer in numre if nummer is not None]
