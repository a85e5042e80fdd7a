"""Base of the forms: messages that say what to do, dates and times as people write them."""

import datetime

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils import translation
from psycopg.types.range import DateRange
from pytest_django.asserts import assertHTMLEqual

from nettverk.side.filfelt import hva_som_kan_legges_ved
from nettverk.side.formrenderer import DsBoundField
from nettverk.side.portalform import (
    DateRangeForm,
    PortalForm,
    TidspunktField,
    error_list,
    form_status,
)


class AvtaleForm(DateRangeForm, PortalForm):
    tittel = forms.CharField(label="Tittel")
    kommune = forms.ChoiceField(label="Kommune", choices=[("", "Velg"), ("1505", "Kristiansund")])
    oppmote = forms.TimeField(label="Oppmøte", required=False)
    starter = TidspunktField(label="Starter", required=False)


GYLDIG = {"tittel": "Avtale", "kommune": "1505", "fra": "2026-01-01"}


@pytest.fixture(autouse=True)
def bokmaal():
    with translation.override("nb"):
        yield


def test_required_message_names_the_field():
    form = AvtaleForm({})

    errors = dict(error_list(form))

    assert errors == {
        "id_fra": "Fyll ut «Fra og med».",
        "id_tittel": "Fyll ut «Tittel».",
        "id_kommune": "Velg noe i «Kommune».",
    }


def test_own_required_message_is_kept():
    class EgenForm(PortalForm):
        navn = forms.CharField(error_messages={"required": "Hva heter du?"})

    assert EgenForm({}).errors["navn"] == ["Hva heter du?"]


def test_end_before_start_is_told_at_the_end():
    form = AvtaleForm({**GYLDIG, "fra": "2026-06-03", "til": "2026-06-01"})

    assert form.errors == {"til": ["Sluttdatoen må være 3. juni 2026 eller senere."]}


@pytest.mark.parametrize(
    ("til", "gyldig"),
    [
        ("", DateRange(datetime.date(2026, 1, 1), None)),
        ("2026-12-31", DateRange(datetime.date(2026, 1, 1), datetime.date(2027, 1, 1))),
        ("31.12.2026", DateRange(datetime.date(2026, 1, 1), datetime.date(2027, 1, 1))),
    ],
)
def test_inclusive_dates_become_a_half_open_range(til, gyldig):
    form = AvtaleForm({**GYLDIG, "til": til})

    assert form.is_valid(), form.errors
    assert form.cleaned_data["gyldig"] == gyldig


def test_range_of_a_row_is_shown_inclusive():
    gyldig = DateRange(datetime.date(2018, 1, 1), datetime.date(2020, 1, 1))

    form = AvtaleForm(initial_gyldig=gyldig)

    assert form.initial == {"fra": datetime.date(2018, 1, 1), "til": datetime.date(2019, 12, 31)}


@pytest.mark.parametrize(
    "skrevet",
    [
        "24.11.2026",
        "24.11.26",
        "241126",
        "24112026",
        "24. november 2026",
        "24 nov 26",
        "24. November 2026",
        "24/11/2026",
        "24,11,2026",
        " 24. 11. 2026 ",
        "2026-11-24",
    ],
)
@pytest.mark.parametrize("spraak", ["nb", "nn", "en"])
def test_a_date_is_read_as_people_write_it(skrevet: str, spraak: str):
    with translation.override(spraak):
        form = AvtaleForm(
            {**GYLDIG, "fra": skrevet, "starter_0": skrevet, "starter_1": "9", "oppmote": "9"}
        )

        assert form.is_valid(), form.errors
    assert form.cleaned_data["fra"] == datetime.date(2026, 11, 24)
    assert form.cleaned_data["starter"].date() == datetime.date(2026, 11, 24)


@pytest.mark.parametrize("spraak", ["nb", "nn", "en"])
def test_a_date_is_shown_with_the_day_first_and_the_field_says_so(spraak: str):
    with translation.override(spraak):
        form = AvtaleForm(initial={"fra": datetime.date(2026, 11, 4)})
        html = form["fra"].as_field_group()

    assert 'value="04.11.2026"' in html
    assert 'type="text"' in html
    # Read out with the field, and all there is without script.
    assert 'aria-describedby="id_fra_helptext"' in html
    assert "24.11.2026" in html


@pytest.mark.parametrize("skrevet", ["09.30", "9.30", "09:30", "0930"])
def test_time_is_read_as_people_write_it(skrevet):
    form = AvtaleForm(
        {**GYLDIG, "oppmote": skrevet, "starter_0": "2026-03-03", "starter_1": skrevet}
    )

    assert form.is_valid(), form.errors
    assert form.cleaned_data["oppmote"] == datetime.time(9, 30)
    assert form.cleaned_data["starter"].strftime("%H.%M") == "09.30"


def test_impossible_time_is_told_with_an_example():
    form = AvtaleForm({**GYLDIG, "oppmote": "25.99"})

    assert form.errors == {
        "oppmote": ["Skriv klokkeslettet som timer og minutter, for eksempel 09.30."]
    }


def test_field_is_drawn_with_its_error_tied_to_it():
    form = AvtaleForm({**GYLDIG, "tittel": ""})

    html = form["tittel"].as_field_group()

    assert 'class="ds-input"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_tittel_error"' in html
    assert 'id="id_tittel_error"' in html
    assert "(valgfritt)" not in html
    assert "(valgfritt)" in form["oppmote"].as_field_group()


def test_error_summary_leads_to_the_first_control_of_a_group():
    class ValgForm(PortalForm):
        dager = forms.MultipleChoiceField(
            label="Dager", choices=[("ma", "mandag")], widget=forms.CheckboxSelectMultiple
        )

    form = ValgForm({})

    assert [control for control, _message in error_list(form)] == ["id_dager_0"]
    assert 'href="#id_dager_0"' in form.render()
    assert 'id="id_dager_0"' in form.render()


def test_widgets_own_class_is_kept():
    class EgenForm(PortalForm):
        navn = forms.CharField(widget=forms.TextInput(attrs={"class": "vTextField"}))

    assert 'class="vTextField ds-input"' in str(EgenForm()["navn"])


def test_choices_start_with_a_capital_and_a_filter_is_never_called_optional():
    class FilterForm(PortalForm):
        er_filter = True
        type = forms.ChoiceField(choices=[("", "Alle typer"), ("fagdag", "fagdag")], required=False)

    html = FilterForm()["type"].as_field_group()

    assert ">Fagdag</option>" in html
    assert "valgfritt" not in html


def test_help_of_a_file_field_is_in_the_language_of_the_page():
    hjelp = hva_som_kan_legges_ved(25 * 1024 * 1024)

    with translation.override("nn"):
        assert str(hjelp).startswith("Bilete, PDF")
    with translation.override("en"):
        assert str(hjelp).startswith("Images, PDFs")


def test_controls_are_as_djangos_own_templates_draw_them():
    """They are drawn by Django's Jinja2 templates, because it is quicker; nobody is to see it."""

    class AltForm(PortalForm):
        tekst = forms.CharField(initial="<b> & 'to'", help_text="Hjelp")
        lang = forms.CharField(widget=forms.Textarea, initial="<b>\nto")
        valg = forms.ChoiceField(
            choices=[("", "Alle"), (1, "Én & to"), ("Flere", [(2, "To"), (3, "Tre")])], initial=1
        )
        flere = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], initial=["b"])
        dato = forms.DateField(initial=datetime.date(2026, 5, 17))
        tall = forms.DecimalField(localize=True, initial="1234.5")
        ja = forms.BooleanField(initial=True)
        fil = forms.FileField()
        skjult = forms.IntegerField(widget=forms.HiddenInput, initial=12345)
        sok = forms.CharField(widget=forms.SearchInput(attrs={"disabled": True, "hidden": False}))

    class Djangos(TemplatesSetting):
        bound_field_class = DsBoundField

    for data in (None, {}, {"valg": "9", "flere": ["a"], "tekst": '"', "dato": "tull"}):
        vaare, djangos = AltForm(data), AltForm(data, renderer=Djangos())
        for felt in vaare.fields:
            assertHTMLEqual(str(vaare[felt]), str(djangos[felt]))


DATOFORM = "Skriv datoen som dag.måned.år, for eksempel 24.11.2026."
DATOFEIL = "Skriv en dato som finnes, for eksempel 24.11.2026."
TIDFEIL = "Skriv klokkeslettet som timer og minutter, for eksempel 09.30."


@pytest.mark.parametrize(
    ("skrevet", "feil"),
    [
        ("2026-02-30", DATOFEIL),
        ("31.04.2026", DATOFEIL),
        ("29.02.2025", DATOFEIL),
        ("00.00.0000", DATOFEIL),
        ("31. juni 2026", DATOFEIL),
        ("i dag", DATOFORM),
        ("2026", DATOFORM),
        ("1e9", DATOFORM),
        ("24. brumaire 2026", DATOFORM),
    ],
)
def test_what_is_no_day_is_told_at_its_field_with_an_example(skrevet: str, feil: str):
    form = AvtaleForm({**GYLDIG, "fra": skrevet})

    assert form.errors == {"fra": [feil]}
    assert "gyldig" not in form.cleaned_data


def test_a_wrong_end_gives_no_range():
    form = AvtaleForm({**GYLDIG, "til": "31.06.2026"})

    assert form.errors == {"til": [DATOFEIL]}
    assert "gyldig" not in form.cleaned_data


@pytest.mark.parametrize("skrevet", ["24.00", "9.60", "kl 9", "9.3.1.2", "-1", "½9"])
def test_a_time_that_does_not_exist_is_told_with_an_example(skrevet: str):
    form = AvtaleForm({**GYLDIG, "oppmote": skrevet})

    assert form.errors == {"oppmote": [TIDFEIL]}


@pytest.mark.parametrize(
    ("dato", "tid", "feil"),
    [
        ("2026-02-30", "09.30", DATOFEIL),
        ("2026-02-28", "25.00", TIDFEIL),
        ("i morgen", "09.30", DATOFORM),
    ],
)
def test_a_wrong_point_in_time_says_which_half_is_wrong(dato: str, tid: str, feil: str):
    form = AvtaleForm({**GYLDIG, "starter_0": dato, "starter_1": tid})

    assert form.errors == {"starter": [feil]}


@pytest.mark.parametrize(("dato", "tid"), [("2026-03-03", ""), ("", "09.30")])
def test_half_a_point_in_time_is_refused(dato: str, tid: str):
    form = AvtaleForm({**GYLDIG, "starter_0": dato, "starter_1": tid})

    assert list(form.errors) == ["starter"]


def test_a_day_without_an_end_before_the_first_day_of_all_is_read():
    form = AvtaleForm({**GYLDIG, "fra": "2026-06-03", "til": "2026-06-03"})

    assert form.is_valid(), form.errors
    assert form.cleaned_data["gyldig"] == DateRange(
        datetime.date(2026, 6, 3), datetime.date(2026, 6, 4)
    )


def test_the_convention_of_statuses():
    rett, galt = AvtaleForm(GYLDIG), AvtaleForm({})
    konflikt = AvtaleForm(GYLDIG)
    konflikt.forskjeller = ["noe"]

    assert form_status(AvtaleForm(), None) == 200
    assert form_status(rett) == 200
    assert form_status(rett, galt) == 422
    assert form_status(galt, konflikt) == 409


@pytest.mark.parametrize("tegn", ["\n", "\r\n", "\v", "\f", "\t", "\x1c", "\x85", "\u2028"])
def test_what_is_written_on_one_line_comes_in_as_one_line(tegn: str):
    form = AvtaleForm({**GYLDIG, "tittel": f"Første{tegn}andre"})

    assert form.is_valid(), form.errors
    assert form.cleaned_data["tittel"] == "Første andre"


def test_a_text_of_many_lines_keeps_them():
    class LangForm(PortalForm):
        tekst = forms.CharField(widget=forms.Textarea)

    form = LangForm({"tekst": "Første\n\tandre"})

    assert form.is_valid()
    assert form.cleaned_data["tekst"] == "Første\n\tandre"
