"""Answers come in once for each phone, the newest edition, and say nothing of who or when."""

import datetime
import uuid

import pghistory.models
import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone

from evaluering.models import Svar, Svarverdi, Undersokelse
from evaluering.models.undersokelse import FRIST
from evaluering.undersokelser import mottak, runder
from evaluering.undersokelser.mottak import Verdi
from nettverk.skriving.konflikt import KanIkke, Lukket
from tests.evaluering.factories import SporsmaalFactory, UndersokelseFactory
from tests.samtidig import at_once, kinds


def make_round(**felt):
    undersokelse = UndersokelseFactory(**felt)
    ett = SporsmaalFactory(skjema=undersokelse.skjema)
    Undersokelse.objects.filter(pk=undersokelse.pk).update(aapnet=timezone.now())
    undersokelse.refresh_from_db()
    return undersokelse, ett


@pytest.mark.django_db
def test_an_answer_has_no_person_no_address_and_no_time_of_day():
    undersokelse, ett = make_round()
    hendelser = {m: m.objects.count() for m in _history()}

    mottak.receive(undersokelse, nokkel=uuid.uuid4(), verdier={ett.pk: Verdi(tall=2)})

    felt = {f.name for modell in (Svar, Svarverdi) for f in modell._meta.get_fields()}
    assert felt == {
        "nokkel",
        "undersokelse",
        "utgave",
        "mottatt",
        "verdier",
        "id",
        "svar",
        "sporsmaal",
        "tall",
        "oensket",
        "tekst",
        "valg",
        "skjult",
    }
    assert type(Svar.objects.get().mottatt) is datetime.date
    # The history of the survey would say when each came, and who was signed in.
    assert {m: m.objects.count() for m in _history()} == hendelser
    undersokelse.refresh_from_db()
    assert undersokelse.versjon == 2


def _history():
    egne = apps.get_app_config("evaluering").get_models()
    return [m for m in egne if issubclass(m, pghistory.models.Event)]


@pytest.mark.django_db
def test_a_late_retry_of_an_older_edition_changes_nothing():
    undersokelse, ett = make_round()
    nokkel = uuid.uuid4()
    for utgave, tall in ((10, 1), (30, 3), (20, 2), (30, 4)):
        mottak.receive(
            undersokelse, nokkel=nokkel, utgave=utgave, verdier={ett.pk: Verdi(tall=tall)}
        )

    assert Svar.objects.get().utgave == 30
    assert Svarverdi.objects.get().tall == 3
    undersokelse.refresh_from_db()
    assert undersokelse.versjon == 3


@pytest.mark.django_db
def test_an_answer_with_nothing_in_it_does_not_count():
    undersokelse, ett = make_round()

    with pytest.raises(KanIkke):
        mottak.receive(undersokelse, nokkel=uuid.uuid4(), verdier={ett.pk: Verdi()})

    assert not Svar.objects.exists()


@pytest.mark.django_db
def test_a_key_answers_one_survey():
    en, ett = make_round()
    annen, annet = make_round()
    nokkel = uuid.uuid4()
    mottak.receive(en, nokkel=nokkel, verdier={ett.pk: Verdi(tall=1)})

    with pytest.raises(KanIkke):
        mottak.receive(annen, nokkel=nokkel, verdier={annet.pk: Verdi(tall=1)})


@pytest.mark.django_db
def test_what_was_on_its_way_when_it_closed_is_taken_for_a_while_and_then_refused_whole():
    undersokelse, ett = make_round()
    runder.close(undersokelse)
    mottak.receive(undersokelse, nokkel=uuid.uuid4(), verdier={ett.pk: Verdi(tall=1)})
    naa = timezone.now()
    Undersokelse.objects.filter(pk=undersokelse.pk).update(
        aapnet=naa - 3 * FRIST, stengt=naa - FRIST
    )

    with pytest.raises(Lukket):
        mottak.receive(undersokelse, nokkel=uuid.uuid4(), verdier={ett.pk: Verdi(tall=1)})

    assert Svar.objects.count() == 1


@pytest.mark.django_db
def test_a_survey_that_is_not_opened_takes_nothing():
    undersokelse = UndersokelseFactory()
    ett = SporsmaalFactory(skjema=undersokelse.skjema)

    with pytest.raises(Lukket):
        mottak.receive(undersokelse, nokkel=uuid.uuid4(), verdier={ett.pk: Verdi(tall=1)})


@pytest.mark.django_db
@pytest.mark.parametrize(
    "felt", [{"tall": 13}, {"tall": 1, "oensket": 0}, {"oensket": 3}, {"valg": [99]}, {}]
)
def test_the_database_refuses_a_value_that_cannot_exist(felt):
    undersokelse, ett = make_round()
    svar = Svar.objects.create(
        nokkel=uuid.uuid4(), undersokelse=undersokelse, mottatt=timezone.localdate()
    )

    with pytest.raises(IntegrityError), transaction.atomic():
        Svarverdi.objects.create(svar=svar, sporsmaal=ett, **felt)


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_are_twenty_and_the_same_key_at_once_is_one():
    undersokelse, ett = make_round()
    samme = uuid.uuid4()

    def answer(nokkel, utgave=None):
        return lambda: mottak.receive(
            undersokelse, nokkel=nokkel, utgave=utgave, verdier={ett.pk: Verdi(tall=2)}
        )

    tjue = at_once(*(answer(uuid.uuid4()) for _nr in range(20)))
    like = at_once(*(answer(samme, utgave=5) for _nr in range(5)), answer(samme, utgave=6))

    assert kinds(tjue) == ["ok"] * 20
    assert kinds(like) == ["ok"] * 6
    assert Svar.objects.count() == Svarverdi.objects.count() == 21
    assert Svar.objects.get(pk=samme).utgave == 6
    undersokelse.refresh_from_db()
    assert undersokelse.versjon in (22, 23)


@pytest.mark.django_db(transaction=True)
def test_many_who_come_too_late_at_once_leave_nothing_half_in():
    undersokelse, ett = make_round()
    Undersokelse.objects.filter(pk=undersokelse.pk).update(
        aapnet=timezone.now() - 4 * FRIST, stengt=timezone.now() - 2 * FRIST
    )

    svar = at_once(
        *(
            lambda: mottak.receive(
                undersokelse, nokkel=uuid.uuid4(), verdier={ett.pk: Verdi(tall=2)}
            )
            for _nr in range(4)
        )
    )

    assert kinds(svar) == ["Lukket"] * 4
    assert not Svar.objects.exists()
    assert not Svarverdi.objects.exists()
