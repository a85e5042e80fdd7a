"""Which units the matrix shows, and in which order."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kommuner.models.enhet import EnhetQuerySet
from laeringsloyper.models import Enhetsloype
from nettverk.forms.register import TYPER
from nettverk.side.portalform import mark_choices
from nettverk.tilgang.roller import Roller
from rolu.forms.enhetsfilter import Enhetsfilter, kommuner_of
from rolu.models import Mellomarbeid

OPPDRAG, MODULER = "oppdrag", "moduler"


class MatriseFilter(Enhetsfilter):
    """Which of the units that one follows up, in which order, and what the columns are of."""

    type = forms.ChoiceField(
        label=_("Type"), required=False, choices=[("", _("Alle typer")), *TYPER]
    )
    loype = forms.TypedChoiceField(
        label=_("Læringsløype"), required=False, coerce=int, empty_value=None
    )
    sorter = forms.ChoiceField(
        label=_("Rekkefølge"),
        required=False,
        choices=[
            ("", _("Kommune og navn")),
            ("navn", _("Navn")),
            ("livstegn", _("Lengst siden aktivitet")),
        ],
    )
    stand = forms.ChoiceField(
        required=False, choices=[("", ""), *Mellomarbeid.Stand.choices], widget=forms.HiddenInput
    )

    def __init__(
        self, *args: Any, roller: Roller, loyper: list[tuple[int, str]], vis: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, kommuner=kommuner_of(roller, alle=roller.er_kog), **kwargs)
        # The modules are always those of one track.
        alle = [] if vis == MODULER else [("", _("Alle læringsløyper"))]
        self.fields["loype"].choices = [*alle, *loyper]
        mark_choices(self.fields["loype"], roller.nettverk.maalform)
        if not loyper:
            del self.fields["loype"]
        self.is_valid()

    def filter(self, enheter: EnhetQuerySet, loype: int | None) -> EnhetQuerySet:
        """The units that the search and the choices leave, however far they have come."""
        enheter = self.narrow(enheter)
        if type_ := self.cleaned_data.get("type"):
            enheter = enheter.filter(type=type_)
        if loype:
            fulgt = Enhetsloype.objects.followed().filter(periode__loype=loype)
            enheter = enheter.filter(pk__in=fulgt.order_by().values("enhet"))
        return enheter

    @property
    def valgt_loype(self) -> int | None:
        return self.cleaned_data.get("loype")

    @property
    def rekkefolge(self) -> str:
        return self.cleaned_data.get("sorter") or ""

    @property
    def valgt_stand(self) -> str:
        return self.cleaned_data.get("stand") or ""
