"""The lock of ordinary forms: a form opened before somebody else's change saves nothing unseen."""

import datetime

import pytest
from django import forms
from django.http import QueryDict
from django.utils import timezone, translation

from nettverk.side.portalform import PortalModelForm, TidspunktField, form_status
from nettverk.skriving.konflikt import Borte
from nettverk.skriving.laas import StandForm, locked
from rolu.models import Samling
from tests.nettverk.factories import PersonFactory
from tests.rolu.factories import SamlingFactory
from tests.samtidig import at_once

pytestmark = pytest.mark.django_db


class Skjema(StandForm, PortalModelForm):
    prosessledere = forms.ModelMultipleChoiceField(
        queryset=Samling.prosessledere.field.related_model.objects.all(),
        required=False,
        label="Prosessledere",
    )

    class Meta:
        model = Samling
        fields = ["tittel", "type", "om", "start", "prosessledere"]
        field_classes = {"start": TidspunktField}
        labels = {"tittel": "Tittel", "type": "Type", "om": "Om", "start": "Starter"}


@pytest.fixture(autouse=True)
def bokmaal():
    with translation.override("nb"):
        yield


@pytest.fixture
def samling() -> Samling:
    return SamlingFactory(tittel="Før", om="En linje")


def _data(samling: Samling, stand: str, **annet: object) -> QueryDict:
    start = timezone.localtime(samling.start)
    data = QueryDict(mutable=True)
    felt = {
        "tittel": samling.tittel,
        "type": samling.type,
        "om": samling.om,
        "start_0": start.date().isoformat(),
        "start_1": f"{start:%H.%M}",
        "stand": stand,
    }
    for navn, verdi in {**felt, **annet}.items():
        data.setlist(navn, verdi if isinstance(verdi, list) else [verdi])
    return data


def _opened(samling: Samling) -> str:
    return Skjema(instance=samling)["stand"].value()


def _sent(samling: Samling, stand: str, **annet: object) -> Skjema:
    naa = Samling.objects.get(pk=samling.pk)
    return Skjema(_data(samling, stand, **annet), instance=naa)


def test_a_form_nobody_came_between_is_saved(samling):
    form = _sent(samling, _opened(samling), tittel="Etter")

    assert form.is_valid(), form.errors
    assert form_status(form) == 200
    assert form.save().tittel == "Etter"


def test_what_somebody_else_changed_stands_beside_ones_own(samling):
    stand = _opened(samling)
    Samling.objects.update(tittel="Deres", om="En linje")

    form = _sent(samling, stand, tittel="Mitt")

    assert form_status(form) == 409
    assert [(f.etikett, f.deres, f.ditt) for f in form.forskjeller] == [("Tittel", "Deres", "Mitt")]


def test_a_choice_and_a_time_are_told_in_words(samling):
    stand = _opened(samling)
    ny_start = datetime.datetime(2026, 3, 3, 8, 30, tzinfo=datetime.UTC)
    Samling.objects.update(type=Samling.Type.FAGDAG, start=ny_start)

    forskjeller = {f.etikett: f.deres for f in _errors(samling, stand)}

    assert forskjeller == {"Type": "fagdag", "Starter": "03.03.2026 kl. 09.30"}


def _errors(samling: Samling, stand: str) -> list:
    form = _sent(samling, stand)
    form.is_valid()
    return form.forskjeller


def test_people_who_were_chosen_meanwhile_are_seen(samling):
    stand = _opened(samling)
    samling.prosessledere.add(PersonFactory(navn="Kari Tang"))

    assert [(f.etikett, f.deres, f.ditt) for f in _errors(samling, stand)] == [
        ("Prosessledere", "Kari Tang", "")
    ]


def test_sending_it_once_more_saves_with_open_eyes(samling):
    stand = _opened(samling)
    Samling.objects.update(tittel="Deres")
    forste = _sent(samling, stand, tittel="Mitt")
    assert not forste.is_valid()

    igjen = _sent(samling, forste["stand"].value(), tittel="Mitt")

    assert igjen.is_valid(), igjen.errors
    assert igjen.save().tittel == "Mitt"


def test_a_third_change_in_between_is_a_new_conflict(samling):
    stand = _opened(samling)
    Samling.objects.update(tittel="Deres")
    forste = _sent(samling, stand, tittel="Mitt")
    forste.is_valid()
    Samling.objects.update(tittel="Enda en")

    assert form_status(_sent(samling, forste["stand"].value(), tittel="Mitt")) == 409


def test_the_same_change_by_both_is_no_conflict(samling):
    stand = _opened(samling)
    Samling.objects.update(tittel="Likt")

    assert _sent(samling, stand, tittel="Likt").is_valid()


def test_line_endings_and_space_at_the_ends_are_no_difference():
    samling = SamlingFactory(om="En\nTo")
    stand = _opened(samling)

    assert _sent(samling, stand, om="En\r\nTo \r\n").is_valid()


def test_a_new_row_has_nothing_to_lose():
    form = Skjema(_data(SamlingFactory.build(), "hva som helst"), instance=Samling())

    form.is_valid()

    assert form.forskjeller == []


def test_the_held_row_is_the_newest_and_knows_what_the_page_knew(
    samling, django_assert_num_queries
):
    gammel = Samling.objects.select_related("nettverk").get(pk=samling.pk)
    Samling.objects.update(tittel="Nyest")

    with locked(gammel) as naa:
        assert naa.tittel == "Nyest"
        with django_assert_num_queries(0):
            assert naa.nettverk == samling.nettverk


def test_a_row_that_is_gone_is_said_to_be(samling):
    Samling.objects.all().delete()

    with pytest.raises(Borte), locked(samling):
        pass


@pytest.mark.django_db(transaction=True)
def test_two_who_save_at_once_never_both_save_unseen():
    samling = SamlingFactory(tittel="Før")
    stand = _opened(samling)

    def save(tittel: str) -> bool:
        with locked(samling) as naa:
            form = Skjema(_data(samling, stand, tittel=tittel), instance=naa)
            if rett := form.is_valid():
                form.save()
            return rett

    svar = at_once(lambda: save("En"), lambda: save("To"), holding=samling)

    assert sorted(svar) == [False, True]
    assert Samling.objects.get().tittel == ["En", "To"][svar.index(True)]
