"""Forms for who sits where."""

import datetime
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kommuner.gyldighet import idag
from kommuner.sortering import called
from nettverk.models import Gruppe, Verv
from nettverk.models.gruppe import GruppeQuerySet
from nettverk.side.portalform import DateRangeForm, PersonnavnField, PortalForm, mark_choices
from nettverk.skriving.engang import EngangsForm
from nettverk.skriving.konflikt import KanIkke
from nettverk.verv import choosable_roles, known_in, within


class UtnevnForm(EngangsForm, DateRangeForm, PortalForm):
    """A person takes a place in a group, from a day, possibly until a day."""

    navn = PersonnavnField(label=_("Navn"))
    epost = forms.EmailField(
        label=_("E-postadresse på jobb"),
        help_text=_("Personen logger inn med denne adressen."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    rolle = forms.ChoiceField(label=_("Rolle i gruppa"))
    tittel = forms.CharField(
        label=_("Stilling"),
        max_length=80,
        required=False,
        help_text=_("For eksempel styrer, rektor eller inspektør."),
    )
    representerer: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("Representerer kommunen"),
        queryset=None,
        required=False,
        empty_label=_("Ingen kommune"),
    )

    inviter = forms.BooleanField(
        label=_("Send en invitasjon på e-post"),
        required=False,
        initial=True,
        help_text=_("E-posten sier hvilken rolle personen har, og hvordan en logger inn."),
    )

    representerer_partner: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("Representerer samarbeidspartneren"),
        queryset=None,
        required=False,
        empty_label=_("Ingen samarbeidspartner"),
    )

    field_order = [
        "navn",
        "epost",
        "rolle",
        "tittel",
        "representerer",
        "representerer_partner",
        "fra",
        "til",
        "inviter",
    ]

    def __init__(
        self, *args: Any, gruppe: Gruppe, count: Callable[[], None], **kwargs: Any
    ) -> None:
        """`count` counts the attempt before the address is looked up; KanIkke when there are too many."""
        self.gruppe, self.count = gruppe, count
        super().__init__(*args, **kwargs)
        self.fields["fra"].initial = idag
        # Nothing is chosen beforehand: a leader made by not choosing would see and change much.
        velg = ("", _("Velg rolle"))
        if gruppe.er_utviklingsgruppe:
            del self.fields["representerer"], self.fields["representerer_partner"]
        else:
            self.fields["representerer"].queryset = gruppe.nettverk.kommuner()
            self._offer_partners()
        roller = choosable_roles(gruppe.nettverk, utviklingsgruppe=gruppe.er_utviklingsgruppe)
        self.fields["rolle"].choices = [
            velg,
            *((str(rolle), gruppe.nettverk.rollenavn(rolle)) for rolle in roller),
        ]
        mark_choices(self.fields["rolle"], gruppe.nettverk.maalform)

    def _offer_partners(self) -> None:
        nettverk = self.gruppe.nettverk
        felt = self.fields["representerer_partner"]
        felt.queryset = nettverk.partnere.gyldig()
        mark_choices(felt, nettverk.maalform)

    def clean_epost(self) -> str:
        return self.cleaned_data["epost"].strip().lower()

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("representerer") and data.get("representerer_partner"):
            self.add_error(
                "representerer_partner",
                ValidationError(
                    _("Velg en kommune eller en samarbeidspartner, ikke begge."), code="begge"
                ),
            )
        self._end_with_the_group(data)
        if self.errors:
            return data
        try:
            self.count()
        except KanIkke as nei:
            raise ValidationError(str(nei), code="mange") from nei
        if person := known_in(self.gruppe.nettverk, data["epost"]):
            verv = Verv(
                person=person, gruppe=self.gruppe, rolle=data["rolle"], gyldig=data["gyldig"]
            )
            try:
                verv.validate_constraints(exclude={"representerer", "representerer_partner"})
            except ValidationError:
                self.add_error(
                    "fra",
                    ValidationError(
                        _("%(navn)s har allerede denne rollen i gruppa i denne perioden."),
                        code="overlapp",
                        # What was typed: the address may belong to somebody else.
                        params={"navn": data["navn"]},
                    ),
                )
        return data

    def _end_with_the_group(self, data: dict[str, Any]) -> None:
        """A Verv lasts no longer than the group."""
        if data.get("gyldig") is None:
            return
        try:
            data["gyldig"] = within(self.gruppe, data["gyldig"])
        except KanIkke as nei:
            self.add_error("fra", ValidationError(str(nei), code="avsluttet"))

    def utnevning(self) -> dict[str, Any]:
        """The arguments of `nettverk.verv.appoint`."""
        felt = (
            "navn",
            "epost",
            "rolle",
            "gyldig",
            "tittel",
            "representerer",
            "representerer_partner",
        )
        return {navn: self.cleaned_data[navn] for navn in felt if navn in self.cleaned_data}


class AvsluttVervForm(PortalForm):
    """The last day of an appointment."""

    siste_dag = forms.DateField(label=_("Siste dag i vervet"), initial=idag)

    def __init__(self, *args: Any, verv: Verv, **kwargs: Any) -> None:
        self.verv = verv
        super().__init__(*args, **kwargs)

    def clean_siste_dag(self) -> datetime.date:
        siste_dag = self.cleaned_data["siste_dag"]
        if self.verv.fra and siste_dag < self.verv.fra:
            raise ValidationError(
                _("Siste dag kan ikke være før vervet begynte."), code="foer_start"
            )
        if self.verv.siste_dag and siste_dag > self.verv.siste_dag:
            raise ValidationError(_("Vervet slutter allerede før denne dagen."), code="etter_slutt")
        return siste_dag


class RettForm(PortalForm):
    """Name and address of somebody in a group. `stand` is the mark of what stood there."""

    stand = forms.CharField(widget=forms.HiddenInput, max_length=16)
    navn = PersonnavnField(label=_("Navn"))
    epost = forms.EmailField(
        label=_("E-postadresse på jobb"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, er_egen: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # One's own address is for others to correct.
        self.fields["epost"].disabled = er_egen

    def clean_epost(self) -> str:
        return self.cleaned_data["epost"].strip().lower()


class GruppesokForm(PortalForm):
    """Search among the utviklingsgrupper."""

    er_filter = True

    q = forms.CharField(
        label=_("Søk etter enhet"),
        required=False,
        widget=forms.SearchInput(
            attrs={"placeholder": _("Søk etter enhet"), "autocomplete": "off"}
        ),
    )

    def filter(self, grupper: GruppeQuerySet) -> GruppeQuerySet:
        """The groups that are called so; all of them when nothing is asked for."""
        q = self.cleaned_data["q"] if self.is_valid() else ""
        return called(grupper, q, "sortering")
