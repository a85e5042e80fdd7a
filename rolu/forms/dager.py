"""The days of a gathering as fields of its form: a date, and from when to when."""

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nettverk.side.portalform import DatoInput, TidInput, TidspunktField, limit
from rolu.models import Samling
from rolu.samlinger import dager
from rolu.samlinger.dager import MAKS_DAGER, Dag

FELT = [f"dag_{nummer}" for nummer in range(1, MAKS_DAGER + 1)]
# From the first day to the last. More than that is a slip in the year.
_LENGST = datetime.timedelta(days=183)


class DagInput(forms.MultiWidget):
    """A date, and two times of day, each with its own small label."""

    template_name = "django/forms/widgets/dag.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__([DatoInput(), TidInput(), TidInput()], attrs)

    def decompress(self, value: Dag | None) -> list[Any]:
        return list(value) if value else [None, None, None]


class DagField(forms.MultiValueField):
    """A day of a gathering. One that is empty in all its three fields is no day."""

    widget = DagInput

    def __init__(self, **kwargs: Any) -> None:
        dato = forms.DateField(
            error_messages={"invalid": TidspunktField.default_error_messages["invalid_date"]}
        )
        limit(dato)
        feil = {"invalid": TidspunktField.default_error_messages["invalid_time"]}
        tider = [forms.TimeField(error_messages=feil) for _fra_og_til in range(2)]
        super().__init__(fields=[dato, *tider], **kwargs)

    def compress(self, data_list: Sequence[Any]) -> Dag | None:
        if not data_list:
            return None
        dato, fra, til = data_list
        if not dato or fra is None or til is None:
            raise ValidationError(
                _("Fyll ut datoen, og når dagen starter og slutter."), code="mangler"
            )
        if til <= fra:
            raise ValidationError(
                _("Dagen må slutte etter at den starter, kl. %(fra)s."),
                code="slutt_for_start",
                params={"fra": f"{fra:%H.%M}"},
            )
        return dato, fra, til


class DagerForm(forms.Form):
    """Mixin, before PortalModelForm: up to seven days, of which the first must be told. `dager` holds them
    in order when the form is right."""

    dag_1 = DagField(label=gettext_lazy("Dag 1"))
    dag_2 = DagField(label=gettext_lazy("Dag 2"), required=False)
    dag_3 = DagField(label=gettext_lazy("Dag 3"), required=False)
    dag_4 = DagField(label=gettext_lazy("Dag 4"), required=False)
    dag_5 = DagField(label=gettext_lazy("Dag 5"), required=False)
    dag_6 = DagField(label=gettext_lazy("Dag 6"), required=False)
    dag_7 = DagField(label=gettext_lazy("Dag 7"), required=False)

    dager: list[Dag]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """`initial` may hold `dager`; else they are those of a gathering that stands."""
        initial = kwargs.get("initial") or {}
        samling: Samling | None = kwargs.get("instance")
        dagene = initial.get("dager") or (_days_of(samling) if samling and samling.pk else [])
        kwargs["initial"] = {**dict(zip(FELT, dagene, strict=False)), **initial}
        super().__init__(*args, **kwargs)
        self.dager = []
        for navn in FELT:
            # An empty row is not a question that one leaves open.
            self.fields[navn].er_besvart = True  # type: ignore[attr-defined]

    def _text(self, navn: str, verdi: Any) -> str:
        if navn in FELT and verdi:
            dato, fra, til = verdi
            return f"{dato:%d.%m.%Y} kl. {fra:%H.%M}–{til:%H.%M}"
        return str(super()._text(navn, verdi))  # type: ignore[misc]

    def _names(self) -> list[str]:
        return [*FELT, *super()._names()]  # type: ignore[misc]

    def _read_days(self, data: dict[str, Any]) -> list[Dag]:
        """The days in order, when all that was written of them is right."""
        skrevet = [(navn, data[navn]) for navn in FELT if data.get(navn)]
        kjent: set[datetime.date] = set()
        for navn, (dato, _fra, _til) in skrevet:
            if dato in kjent:
                self.add_error(
                    navn,
                    ValidationError(
                        _("%(dato)s står allerede. Samme dag kan bare stå én gang."),
                        code="to_ganger",
                        params={"dato": date_format(dato)},
                    ),
                )
            kjent.add(dato)
        self._check_span(skrevet)
        self._check_met(kjent)
        if self.errors.keys() & set(FELT):
            return []
        return sorted(dag for _navn, dag in skrevet)

    def _check_span(self, skrevet: list[tuple[str, Dag]]) -> None:
        if f"dag_{MAKS_DAGER + 1}_0" in self.data:
            self.add_error(FELT[-1], _("En samling kan ha høyst sju dager."))
        if not skrevet:
            return
        foerst = min(dag for _navn, dag in skrevet)
        for navn, dag in skrevet:
            if dag[0] - foerst[0] > _LENGST:
                self.add_error(
                    navn,
                    _("Det er mer enn et halvt år mellom første og siste dag. Sjekk datoen."),
                )

    def _check_met(self, skrevet: set[datetime.date]) -> None:
        """A day on which somebody has met, stays: told at the row in which it stood."""
        samling: Samling = self.instance  # type: ignore[attr-defined]
        if not samling.pk or not skrevet:
            return
        gamle = [dag.dato for dag in dager.days(samling)]
        for dato in sorted(dager.days_met(samling, set(gamle)) - skrevet):
            self.add_error(FELT[gamle.index(dato)], dager.has_met_on(dato))

    @property
    def dagfelt(self) -> list[forms.BoundField]:
        """The rows of days: those that stand, and the first."""
        return [self[navn] for navn in FELT if self._is_used(navn)]

    @property
    def ledige_dager(self) -> list[forms.BoundField]:
        """The rows in which nothing stands."""
        return [self[navn] for navn in FELT if not self._is_used(navn)]

    def _is_used(self, navn: str) -> bool:
        verdi = self[navn].value()
        return navn == FELT[0] or bool(self[navn].errors) or bool(verdi and any(verdi))


def _days_of(samling: Samling) -> list[Dag]:
    return [(dag.dato, dag.fra, dag.til) for dag in dager.days(samling)]
