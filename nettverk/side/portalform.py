"""Base of every form: plain messages that say what to do, and dates and times as people write them."""

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import (
    EmailValidator,
    MaxLengthValidator,
    MaxValueValidator,
    MinValueValidator,
)
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from psycopg.types.range import DateRange

from kommuner.sortering import composed
from nettverk.filer.opplasting import refuse_unkept
from nettverk.side.dato import FinnesIkke, IngenDato, read_date
from nettverk.side.utenfra import (
    MAKS_EPOST,
    MAKS_TALL,
    MAKS_TEKST,
    SENEST,
    TIDLIGST,
    can_be_addressed,
    lines,
    one_line,
    seen_line,
    wrong_name,
)

# Help text under every free text field in which somebody could come to write about a child.
IKKE_NAVN_PAA_BARN = gettext_lazy(
    "Ikke skriv navn på barn, eller opplysninger som kan kjennes igjen."
)

_DATOFORM = gettext_lazy("Skriv datoen som dag.måned.år, for eksempel 24.11.2026.")
_STANDARD = forms.Field.default_error_messages["required"]
_VELGES = (forms.ChoiceField, forms.ModelChoiceField, forms.TypedChoiceField)


class DatoInput(forms.DateInput):
    """A date written as 24.11.2026, in every language, with a calendar beside it.

    The browser's own field is not used: it writes the date in the browser's language, not the page's.
    """

    template_name = "django/forms/widgets/dato.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            {
                "inputmode": "numeric",
                "autocomplete": "off",
                "size": 10,
                "data-dato": True,
                **(attrs or {}),
            },
            format="%d.%m.%Y",
        )


class TidInput(forms.TimeInput):
    """A time written as people write it: 09.30, 9.30, 0930 or 9."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            {"size": 6, "inputmode": "decimal", "autocomplete": "off", **(attrs or {})}
        )


class TidspunktInput(forms.SplitDateTimeWidget):
    """A date and a time of day side by side, each with its own small label."""

    template_name = "django/forms/widgets/tidspunkt.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        forms.MultiWidget.__init__(self, [DatoInput(), TidInput()], attrs)


class TidspunktField(forms.SplitDateTimeField):
    """A point in time, as date and time of day. Use it for every DateTimeField of a model."""

    widget = TidspunktInput

    default_error_messages = {
        "invalid_date": _DATOFORM,
        "invalid_time": gettext_lazy(
            "Skriv klokkeslettet som timer og minutter, for eksempel 09.30."
        ),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("require_all_fields", True)
        super().__init__(**kwargs)


def _reading_dates(field: forms.Field) -> Callable[[Any], Any]:
    """What a date field makes of what was written. Its own message says how a date is written."""
    to_python = field.to_python

    def read(verdi: Any) -> Any:
        if not isinstance(verdi, str) or not verdi.strip():
            return to_python(verdi)
        try:
            return read_date(verdi)
        except IngenDato as feil:
            raise ValidationError(field.error_messages["invalid"], code="invalid") from feil
        except FinnesIkke as feil:
            raise ValidationError(
                _("Skriv en dato som finnes, for eksempel 24.11.2026."), code="finnes_ikke"
            ) from feil

    return read


def _composing(to_python: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """What a Mac writes as A and a ring comes in as Å: the same name is the same letters."""
    return lambda verdi: to_python(composed(verdi) if isinstance(verdi, str) else verdi)


def _required_message(field: forms.Field, label: str) -> str:
    """Say what to do, with the field's own name, so that the error summary can be read alone."""
    if isinstance(field, forms.BooleanField):
        return _("Kryss av for «%(label)s».") % {"label": label}
    if isinstance(field, forms.FileField):
        return _("Legg ved en fil i «%(label)s».") % {"label": label}
    if isinstance(field, _VELGES):
        return _("Velg noe i «%(label)s».") % {"label": label}
    return _("Fyll ut «%(label)s».") % {"label": label}


def _is_one_line(widget: forms.Widget) -> bool:
    return getattr(widget, "input_type", "") in {"text", "search", "email", "url", "tel"}


def _folding(to_python: Callable[[Any], Any], fold: Callable[[str], str]) -> Callable[[Any], Any]:
    """A title goes into subjects and calendars: no line break or other control character comes in."""
    return lambda verdi: to_python(fold(verdi) if isinstance(verdi, str) else verdi)


def _careful(to_python: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """JSON that Python will not read (a number of 4,400 digits, a thousand brackets) is no JSON."""

    def read(verdi: Any) -> Any:
        try:
            return to_python(verdi)
        except (ValueError, RecursionError) as feil:
            raise ValidationError(forms.JSONField.default_error_messages["invalid"]) from feil

    return read


def _date_within(verdi: datetime.date | datetime.datetime) -> None:
    dag = verdi.date() if isinstance(verdi, datetime.datetime) else verdi
    if not TIDLIGST <= dag <= SENEST:
        raise ValidationError(
            _("Skriv en dato fra %(fra)s til %(til)s."),
            code="utenfor",
            params={"fra": date_format(TIDLIGST), "til": date_format(SENEST)},
        )


def _addressable(epost: str) -> None:
    if not can_be_addressed(epost):
        raise ValidationError(EmailValidator.message, code="invalid")


def _is_a_name(navn: str) -> None:
    if feil := wrong_name(navn):
        raise ValidationError(feil, code="ikke_navn")


class PersonnavnField(forms.CharField):
    """The name of a person, other than oneself."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 150)
        kwargs.setdefault("validators", [_is_a_name])
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off"}))
        super().__init__(**kwargs)


def limit(field: forms.Field) -> None:
    """What comes from outside fits in the column it goes to, whatever the field itself says."""
    if isinstance(field, (forms.DateField, forms.DateTimeField, forms.SplitDateTimeField)):
        field.validators = [*field.validators, _date_within]
    elif type(field) is forms.IntegerField:
        stoerst, minst = MaxValueValidator(MAKS_TALL), MinValueValidator(-MAKS_TALL)
        field.validators = [*field.validators, *([stoerst] if field.max_value is None else [])]
        field.validators = [*field.validators, *([minst] if field.min_value is None else [])]
    elif isinstance(field, forms.EmailField):
        field.validators = [*field.validators, MaxLengthValidator(MAKS_EPOST), _addressable]
    elif (
        isinstance(field, forms.CharField)
        and not isinstance(field, (forms.JSONField, forms.UUIDField))
        and field.max_length is None
    ):
        field.validators = [*field.validators, MaxLengthValidator(MAKS_TEKST)]
    # Each form has its own copy of the field.
    if isinstance(field, forms.JSONField):
        field.to_python = _careful(field.to_python)  # type: ignore[method-assign,assignment]
    elif isinstance(field, forms.CharField) and _is_one_line(field.widget):
        # A name or an address with hidden signs is refused, not made into another.
        nekter = isinstance(field, (PersonnavnField, forms.EmailField))
        field.to_python = _folding(field.to_python, one_line if nekter else seen_line)  # type: ignore[method-assign,assignment]
    elif isinstance(field.widget, forms.Textarea):
        field.to_python = _folding(field.to_python, lines)  # type: ignore[method-assign,assignment]


def _swap_widget(field: forms.Field, widget: forms.Widget) -> None:
    widget.is_required = field.required
    field.widget = widget


class InnholdSelect(forms.Select):
    """A list of what a network wrote: each choice carries its written form, the empty one does not."""

    maalform = ""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        valg = super().create_option(name, value, *args, **kwargs)
        if value:
            valg["attrs"]["lang"] = self.maalform
        return valg


def mark_choices(field: Any, maalform: str) -> None:
    """The choices of the field are in `maalform`, whatever language the page is in."""
    widget = InnholdSelect(field.widget.attrs)
    widget.maalform = maalform
    _swap_widget(field, widget)
    widget.choices = field.choices


class PortalFormMixin:
    """What all forms of the portal share; mixed into PortalForm and PortalModelForm.

    The page shows one error summary and writes `novalidate` on the form element itself.
    """

    # The browser's own bubble would hide the summary and speaks the browser's language.
    use_required_attribute = False
    # A filter's fields are not called optional: nobody has to filter.
    er_filter = False
    # By name: each kind of field has its own attributes.
    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            self._make_portal_field(name, field)

    def add_fields(self, fields: Mapping[str, forms.Field]) -> None:
        """Fields that this one form has: for each member of a group, for each role."""
        for name, field in fields.items():
            self._make_portal_field(name, field)
            self.fields[name] = field

    def _make_portal_field(self, name: str, field: forms.Field) -> None:
        self._use_portal_widget(field)
        if isinstance(field, forms.CharField) and not isinstance(field.widget, forms.PasswordInput):
            field.to_python = _composing(field.to_python)  # type: ignore[method-assign,assignment]
        if field.required and field.error_messages.get("required") == _STANDARD:
            label = field.label or name.replace("_", " ").capitalize()
            field.error_messages["required"] = _required_message(field, str(label))
        if isinstance(field, forms.FileField):
            field.validators = [*field.validators, refuse_unkept]
        for del_ in field.fields if isinstance(field, forms.MultiValueField) else (field,):
            if type(del_) is forms.DateField:
                # Each form has its own copy of the field.
                del_.to_python = _reading_dates(del_)  # type: ignore[method-assign,assignment]
        limit(field)

    @staticmethod
    def _use_portal_widget(field: forms.Field) -> None:
        if type(field) is forms.DateField and type(field.widget) is forms.DateInput:
            _swap_widget(field, DatoInput(field.widget.attrs))
            if field.error_messages["invalid"] == forms.DateField.default_error_messages["invalid"]:
                field.error_messages["invalid"] = str(_DATOFORM)
            hjelp = _("Skriv dag.måned.år, for eksempel 24.11.2026.")
            field.help_text = f"{field.help_text} {hjelp}" if field.help_text else hjelp
        elif isinstance(field, TidspunktField):
            if not field.help_text:
                field.help_text = _(
                    "Skriv dag.måned.år og klokkeslett, for eksempel 24.11.2026 og 09.30."
                )
        elif type(field) is forms.TimeField and type(field.widget) is forms.TimeInput:
            _swap_widget(field, TidInput(field.widget.attrs))
            if field.error_messages["invalid"] == forms.TimeField.default_error_messages["invalid"]:
                field.error_messages["invalid"] = _(
                    "Skriv klokkeslettet som timer og minutter, for eksempel 09.30."
                )
            if not field.help_text:
                field.help_text = _("For eksempel 09.30")
        elif type(field.widget) is forms.Textarea:
            # Django's 40 × 10 would decide the width; the style sheet does.
            field.widget.attrs.pop("cols", None)
            if field.widget.attrs.get("rows") == "10":
                field.widget.attrs["rows"] = "5"


class PortalForm(PortalFormMixin, forms.Form):
    """A form that is not one model row."""


class PortalModelForm(PortalFormMixin, forms.ModelForm):
    """A form for one model row. Give DateTimeFields `TidspunktField` through Meta.field_classes."""


class DateRangeForm(forms.Form):
    """Mixin with the fields `fra` and `til`, both inclusive, and `gyldig` in the cleaned data.

    Put it before PortalForm or PortalModelForm. Rows keep a half-open range; people do not.
    For a model form, pass the row's range as `initial_gyldig` and set `instance.gyldig` in the act.
    """

    fra = forms.DateField(label=pgettext_lazy("dato", "Fra og med"))
    til = forms.DateField(
        label=pgettext_lazy("dato", "Til og med"),
        required=False,
        help_text=gettext_lazy("La stå tom når sluttdatoen ikke er kjent."),
    )

    def __init__(self, *args: Any, initial_gyldig: DateRange | None = None, **kwargs: Any) -> None:
        if initial_gyldig is not None:
            initial = {"fra": initial_gyldig.lower}
            if initial_gyldig.upper:
                initial["til"] = initial_gyldig.upper - datetime.timedelta(days=1)
            kwargs["initial"] = {**initial, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        fra, til = data.get("fra"), data.get("til")
        if fra and til and til < fra:
            self.add_error(
                "til",
                forms.ValidationError(
                    _("Sluttdatoen må være %(dato)s eller senere."),
                    code="slutt_for_start",
                    params={"dato": date_format(fra)},
                ),
            )
        elif fra and not self.errors.keys() & {"fra", "til"}:
            data["gyldig"] = DateRange(fra, til + datetime.timedelta(days=1) if til else None)
        return data


def sent(request: HttpRequest) -> dict[str, Any]:
    """What binds a form: `SomeForm(**sent(request))`. A POST binds it also when nothing came along."""
    if request.method != "POST":
        return {}
    return {"data": request.POST, "files": request.FILES}


def posted_fields(request: HttpRequest, *, uten: set[str]) -> list[tuple[str, str]]:
    """What was written, name by name, for a page that asks once more before anything is saved; without
    `uten`, the names of the answers."""
    return [
        (navn, verdi)
        for navn, verdier in request.POST.lists()
        if navn not in uten | {"csrfmiddlewaretoken"}
        for verdi in verdier
    ]


def form_status(*skjemaer: Any) -> int:
    """The one convention for a page with forms: 200 when nothing was sent, 409 when somebody else has
    changed the same meanwhile, 422 when something must be mended."""
    sendt = [skjema for skjema in skjemaer if skjema is not None and skjema.is_bound]
    # Asked first, of all of them: it is the check that finds the differences.
    gyldige = [skjema.is_valid() for skjema in sendt]
    if any(getattr(skjema, "forskjeller", None) for skjema in sendt):
        return 409
    return 200 if all(gyldige) else 422


def error_list(*forms_and_formsets: Any) -> list[tuple[str, str | Promise]]:
    """Every error as (id of the control, message), in the order of the page; id is empty when none."""
    errors: list[tuple[str, str | Promise]] = []
    for item in forms_and_formsets:
        if item is None or not item.is_bound:
            continue
        if hasattr(item, "management_form"):
            errors += [("", message) for message in item.non_form_errors()]
            errors += error_list(*item.forms)
            continue
        errors += [("", message) for message in item.non_field_errors()]
        for bound in item:
            errors += [(bound.focus_id, message) for message in bound.errors]
    return errors
