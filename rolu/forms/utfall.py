"""The forms of outcomes: the one to write with on the day, and those of the commitments."""

import uuid
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kommuner.gyldighet import idag
from kommuner.models import Kommune
from nettverk.models import Gruppe, Nettverk
from nettverk.register import medlemskap_per
from nettverk.side.portalform import IKKE_NAVN_PAA_BARN, PortalForm
from nettverk.skriving.autolagring import TekstForm
from rolu.models import Utfall

_KOMMUNE, _GRUPPE = "kommune", "gruppe"
Type = Utfall.Type


class UtfallForm(TekstForm):
    """An outcome; who and by when are asked of a commitment only. `utfall` is the one that is changed."""

    type = forms.ChoiceField(
        label=gettext_lazy("Hva slags utfall?"),
        choices=[(t.value, capfirst(t.label)) for t in Type],
        initial=Type.BESLUTNING,
        widget=forms.RadioSelect,
    )
    tekst = forms.CharField(
        label=gettext_lazy("Hva kom dere frem til?"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=IKKE_NAVN_PAA_BARN,
    )
    hvem = forms.ChoiceField(label=gettext_lazy("Hvem følger opp?"), required=False)
    frist = forms.DateField(label=gettext_lazy("Innen"), required=False)
    noekkel = forms.UUIDField(required=False, widget=forms.HiddenInput)

    tekster = ("tekst",)

    def __init__(
        self, *args: Any, nettverk: Nettverk, utfall: Utfall | None = None, **kwargs: Any
    ) -> None:
        if utfall:
            kwargs["initial"] = {
                "type": utfall.type,
                "tekst": utfall.tekst,
                "hvem": _who(utfall),
                "frist": utfall.frist,
                "versjon": utfall.versjon,
            }
        super().__init__(*args, **kwargs)
        self._kommuner, self._grupper = _can_commit(nettverk, utfall)
        self.fields["hvem"].choices = self._who_choices()
        # Asked of a commitment only, and there it must be answered.
        self.fields["hvem"].er_besvart = True
        self.initial.setdefault("noekkel", uuid.uuid4())

    def _who_choices(self) -> list[Any]:
        grupper = [(f"{_GRUPPE}-{pk}", str(g)) for pk, g in self._grupper.items()]
        kommuner = [(f"{_KOMMUNE}-{pk}", str(k)) for pk, k in self._kommuner.items()]
        navngitte = [(_("Grupper"), grupper), (_("Kommuner"), kommuner)]
        return [("", _("Velg")), *((navn, valg) for navn, valg in navngitte if valg)]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("type") != Type.OPPFOLGING:
            # What stands in the fields that are not asked, stops nobody.
            for navn in {"hvem", "frist"} & self.errors.keys():
                del self.errors[navn]
            data["hvem"], data["frist"] = "", None
        elif not data.get("hvem") and "hvem" not in self.errors:
            self.add_error("hvem", _("Velg kommunen eller gruppa som følger opp."))
        return data

    @property
    def felt(self) -> dict[str, Any]:
        """What the acts need, by name."""
        slag, _skille, pk = (self.cleaned_data.get("hvem") or "").partition("-")
        return {
            "type_": self.cleaned_data["type"],
            "tekst": self.cleaned_data["tekst"],
            "kommune": self._kommuner[int(pk)] if slag == _KOMMUNE else None,
            "gruppe": self._grupper[int(pk)] if slag == _GRUPPE else None,
            "frist": self.cleaned_data.get("frist"),
        }

    @property
    def is_late(self) -> bool:
        """A deadline that has passed: what was promised earlier may be written down later."""
        frist = self.cleaned_data.get("frist")
        return frist is not None and frist < idag()

    def conflict_with(self, deres: Utfall) -> dict[str, Any]:
        konflikt = super().conflict_with(deres)
        konflikt["tekster"].insert(
            0, (self.fields["type"].label, capfirst(deres.get_type_display()))
        )
        if deres.type == Type.OPPFOLGING:
            konflikt["tekster"] += [
                (self.fields["hvem"].label, str(deres.kommune or deres.gruppe)),
                (self.fields["frist"].label, f"{deres.frist:%d.%m.%Y}" if deres.frist else ""),
            ]
        return konflikt


def _who(utfall: Utfall) -> str:
    if utfall.kommune_id:
        return f"{_KOMMUNE}-{utfall.kommune_id}"
    return f"{_GRUPPE}-{utfall.gruppe_id}" if utfall.gruppe_id else ""


def _can_commit(
    nettverk: Nettverk, utfall: Utfall | None
) -> tuple[dict[int, Kommune], dict[int, Gruppe]]:
    """The kommuner and the groups of the network today, and who has it already. Two queries; not the units'
    groups, which answer by mellomarbeid."""
    kommuner = {m.kommune_id: m.kommune for m in medlemskap_per(idag()).filter(nettverk=nettverk)}
    gjelder = Gruppe.objects.filter(nettverk=nettverk, enhet=None)
    med = Q(pk=utfall.gruppe_id if utfall else None)
    grupper = {g.pk: g for g in gjelder.filter(med | Q(pk__in=gjelder.gyldig().values("pk")))}
    if utfall and utfall.kommune:
        kommuner.setdefault(utfall.kommune.pk, utfall.kommune)
    return kommuner, grupper


class UferdigForm(PortalForm):
    """Whether an item was finished."""

    uferdig = forms.BooleanField(label=gettext_lazy("Ble ikke ferdig"), required=False)


class GjortForm(PortalForm):
    """Whether a commitment is done."""

    gjort = forms.BooleanField(required=False)


class OppfolgingFilter(PortalForm):
    """Which commitments the list shows: whose, and done or not. What it does not know it leaves out. One
    query."""

    er_filter = True

    hvem = forms.ChoiceField(label=gettext_lazy("Hvem"), required=False)
    vis = forms.ChoiceField(
        required=False, choices=[("egne", ""), ("gjort", "")], widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, alle: QuerySet[Utfall], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hvem = {
            (f"{_GRUPPE}-{gruppe}" if gruppe else f"{_KOMMUNE}-{kommune}"): gruppenavn or navn
            for gruppe, gruppenavn, kommune, navn in alle.order_by(
                "gruppe__sortering", "kommune__sortering"
            ).values_list("gruppe", "gruppe__navn", "kommune", "kommune__navn")
        }
        self.fields["hvem"].choices = [("", _("Alle kommuner og grupper")), *hvem.items()]
        if len(hvem) < 2:
            del self.fields["hvem"]
        self.is_valid()

    def filter(self, rader: Any) -> Any:
        slag, _skille, pk = (self.cleaned_data.get("hvem") or "").partition("-")
        return rader.filter(**{slag: pk}) if slag else rader
