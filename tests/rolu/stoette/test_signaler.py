"""What makes a signal, how long the unit has it alone, and what is remembered of it."""

import datetime

import pytest
from django.utils import timezone

from kommuner.gyldighet import idag, periode
from nettverk.models import Gruppe, Nettverk, Rolle
from nettverk.tilgang.roller import roller_for
from rolu.models import Loggpost, Nestesteg, Oppdrag, Stoettehandling, Stoettesignal
from rolu.stoette import flater, handlinger, rydding, signaler
from rolu.stoette.signaler import Slag
from tests.kommuner.factories import LENGE_SIDEN
from tests.nettverk.factories import (
    GruppeFactory,
    MedlemskapFactory,
    VervFactory,
    gruppemedlem,
    kog,
    kommuneansvarlig,
    koordinator,
    medlem,
    nettverk_med_enhet,
)
from tests.rolu.factories import (
    DeltakelseFactory,
    GjestFactory,
    LoggpostFactory,
    MellomarbeidFactory,
    OppdragFactory,
    SamlingFactory,
)

pytestmark = pytest.mark.django_db
DAG = datetime.timedelta(days=1)


@pytest.fixture
def sted() -> tuple[Nettverk, Gruppe]:
    nettverk, gruppe = nettverk_med_enhet(paakrevde_roller=[])
    return nettverk, gruppe


def slag_ved(gruppe: Gruppe, dato: datetime.date | None = None) -> list[str]:
    funnet = signaler.find(gruppe.nettverk, [gruppe.enhet_id], dato)
    return [s.slag for s in funnet.get(gruppe.enhet_id, [])]


def leder(gruppe: Gruppe, fra: datetime.date, til: datetime.date | None = None):
    return VervFactory(gruppe=gruppe, rolle=Rolle.FORMELL_LEDER, gyldig=periode(fra, til))


# --- what is so


def test_a_leader_who_took_over_this_year_is_new(sted):
    _nettverk, gruppe = sted
    byttet = idag() - 100 * DAG
    leder(gruppe, LENGE_SIDEN, byttet)
    leder(gruppe, byttet)

    [signal] = signaler.find(gruppe.nettverk, [gruppe.enhet_id])[gruppe.enhet_id]

    assert (signal.slag, signal.siden) == (Slag.NY_LEDER, byttet)
    assert slag_ved(gruppe, byttet + 366 * DAG) == []


def test_the_first_leader_of_a_group_is_not_new_in_it(sted):
    _nettverk, gruppe = sted
    leder(gruppe, idag() - 10 * DAG)

    assert slag_ved(gruppe) == []


def test_a_required_role_that_is_vacant_is_told_since_the_last_left(sted):
    nettverk, gruppe = sted
    nettverk.paakrevde_roller = [Rolle.TILLITSVALGT, Rolle.UTVIKLINGSLAERER]
    nettverk.save()
    sluttet = idag() - 40 * DAG
    VervFactory(gruppe=gruppe, rolle=Rolle.TILLITSVALGT, gyldig=periode(LENGE_SIDEN, sluttet))
    gruppemedlem(gruppe)

    [signal] = signaler.find(nettverk, [gruppe.enhet_id])[gruppe.enhet_id]

    assert (signal.slag, signal.siden) == (Slag.LEDIG_ROLLE, sluttet)
    assert signal.detaljer == (Rolle.TILLITSVALGT,)
    assert signaler.as_words(signal, nettverk) == "Ledig rolle i gruppa: tillitsvalgt"


def test_nobody_from_the_group_at_the_last_gathering(sted):
    nettverk, gruppe = sted
    samling = SamlingFactory(nettverk=nettverk, avholdt=True)
    egen = DeltakelseFactory(samling=samling, verv=VervFactory(gruppe=gruppe))

    assert slag_ved(gruppe) == []  # nobody was registered: attendance was not taken

    DeltakelseFactory(samling=samling, moett_=True)
    assert slag_ved(gruppe) == [Slag.IKKE_PAA_SAMLING]

    egen.status, egen.moett = "paameldt", timezone.now()
    egen.save()
    assert slag_ved(gruppe) == []


def test_a_substitute_at_the_gathering_was_there_for_the_group(sted):
    nettverk, gruppe = sted
    samling = SamlingFactory(nettverk=nettverk, avholdt=True)
    DeltakelseFactory(samling=samling, verv=VervFactory(gruppe=gruppe))
    DeltakelseFactory(samling=samling, moett_=True)
    GjestFactory(samling=samling, gruppe=gruppe, moett=timezone.now())

    assert slag_ved(gruppe) == []


def test_half_a_year_without_a_word_where_something_waits(sted):
    nettverk, gruppe = sted
    arbeid = MellomarbeidFactory(oppdrag=OppdragFactory(nettverk=nettverk), gruppe=gruppe)
    LoggpostFactory(mellomarbeid=arbeid)
    sist = timezone.now() - 200 * DAG
    Oppdrag.objects.update(gitt=timezone.now() - 300 * DAG)
    assert slag_ved(gruppe) == []

    Loggpost.objects.update(endret=sist)
    [signal] = signaler.find(nettverk, [gruppe.enhet_id])[gruppe.enhet_id]
    assert (signal.slag, signal.siden) == (Slag.STILLE, timezone.localdate(sist) + 183 * DAG)

    # Nothing waits: nobody has asked it to write.
    arbeid.status, arbeid.levert = "levert", sist
    arbeid.save()
    assert slag_ved(gruppe) == []


def test_who_has_written_that_it_needs_others_has_asked_for_help(sted):
    nettverk, gruppe = sted
    ppt = GruppeFactory(nettverk=nettverk, navn="PPT Indre")
    arbeid = MellomarbeidFactory(oppdrag=OppdragFactory(nettverk=nettverk), gruppe=gruppe)
    post = LoggpostFactory(mellomarbeid=arbeid)
    Nestesteg.objects.create(loggpost=post, tekst="Lese videre selv")
    assert slag_ved(gruppe) == []

    steg = Nestesteg.objects.create(loggpost=post, hos=ppt, tekst="Observere i gruppa")
    [signal] = signaler.find(nettverk, [gruppe.enhet_id])[gruppe.enhet_id]
    assert signaler.as_words(signal, nettverk).endswith("PPT Indre")

    # Planned for a day that is ahead it is asked today; and the kommune's group is called what it was chosen as.
    ppt.type = Gruppe.Type.FAGNETTVERK
    ppt.save()
    Loggpost.objects.update(dato=idag() + 3 * DAG)
    [signal] = signaler.find(nettverk, [gruppe.enhet_id])[gruppe.enhet_id]
    assert signal.siden == idag()
    assert signaler.as_words(signal, nettverk) == "Ba om hjelp fra kommunen"

    steg.gjort = timezone.now()
    steg.save()
    assert slag_ved(gruppe) == []


def test_what_was_asked_for_long_ago_and_never_ticked_is_no_sign_of_today(sted):
    nettverk, gruppe = sted
    ppt = GruppeFactory(nettverk=nettverk, navn="PPT Indre")
    arbeid = MellomarbeidFactory(oppdrag=OppdragFactory(nettverk=nettverk), gruppe=gruppe)
    post = LoggpostFactory(mellomarbeid=arbeid, dato=idag() - 182 * DAG)
    steg = Nestesteg.objects.create(loggpost=post, hos=ppt, tekst="Observere i gruppa")
    assert slag_ved(gruppe) == [Slag.BA_OM_HJELP]

    Loggpost.objects.update(dato=idag() - 183 * DAG)
    assert slag_ved(gruppe) == []

    # Asked for a day that is still ahead, it waits.
    steg.frist = idag()
    steg.save()
    assert slag_ved(gruppe) == [Slag.BA_OM_HJELP]


def test_all_of_it_is_one_query(sted, django_assert_num_queries):
    nettverk, _gruppe = sted
    nettverk.paakrevde_roller = [Rolle.TILLITSVALGT, Rolle.UTVIKLINGSLAERER]
    with django_assert_num_queries(1):
        signaler.find(nettverk, nettverk.enheter())


# --- the unit's week


@pytest.fixture
def ny_leder(sted) -> tuple[Nettverk, Gruppe]:
    nettverk, gruppe = sted
    byttet = idag() - 60 * DAG
    leder(gruppe, LENGE_SIDEN, byttet)
    leder(gruppe, byttet)
    return nettverk, gruppe


def sees(person, nettverk: Nettverk, gruppe: Gruppe) -> list[str]:
    vises = signaler.seen_by(roller_for(person, nettverk), [gruppe.enhet_id])
    return [v.slag for v in vises.get(gruppe.enhet_id, [])]


def test_the_unit_has_it_for_a_week_before_those_who_follow_up(ny_leder):
    nettverk, gruppe = ny_leder
    egen, sjef = gruppemedlem(gruppe), koordinator(nettverk)
    ansvarlig = kommuneansvarlig(nettverk, gruppe.enhet.kommune_per())

    signaler.note(nettverk)
    Stoettesignal.objects.update(sett=idag() - 6 * DAG)
    foer = [sees(p, nettverk, gruppe) for p in (egen, sjef, ansvarlig)]
    Stoettesignal.objects.update(sett=idag() - 7 * DAG)
    etter = [sees(p, nettverk, gruppe) for p in (egen, sjef, ansvarlig)]

    assert foer == [["ny_leder"], [], []]
    assert etter == [["ny_leder"]] * 3


def test_what_no_night_has_noted_yet_is_the_units_alone(ny_leder):
    nettverk, gruppe = ny_leder

    assert sees(gruppemedlem(gruppe), nettverk, gruppe) == ["ny_leder"]
    assert sees(koordinator(nettverk), nettverk, gruppe) == []


def test_who_asks_for_help_is_seen_at_once_by_those_who_follow_up_and_by_no_others(sted):
    nettverk, gruppe = sted
    arbeid = MellomarbeidFactory(oppdrag=OppdragFactory(nettverk=nettverk), gruppe=gruppe)
    post = LoggpostFactory(mellomarbeid=arbeid)
    Nestesteg.objects.create(loggpost=post, hos=GruppeFactory(nettverk=nettverk), tekst="Se på")
    her = gruppe.enhet.kommune_per()
    annen = MedlemskapFactory(nettverk=nettverk).kommune
    ser = [koordinator(nettverk), kommuneansvarlig(nettverk, her), gruppemedlem(gruppe)]
    ser_ikke = [kommuneansvarlig(nettverk, annen), kog(nettverk)]

    def all_see() -> list[list[str]]:
        return [sees(person, nettverk, gruppe) for person in (*ser, *ser_ikke)]

    foer = all_see()
    signaler.note(nettverk)

    assert foer == all_see() == [["ba_om_hjelp"]] * 3 + [[]] * 2


def test_what_one_sees_is_what_visible_to_says(ny_leder, django_assert_num_queries):
    """The rows that are remembered, and the signals, are shown to the same people; also of a kommuneansvarlig it is
    asked once."""
    nettverk, gruppe = ny_leder
    ansvarlig = kommuneansvarlig(nettverk, gruppe.enhet.kommune_per())
    annen = kommuneansvarlig(nettverk, MedlemskapFactory(nettverk=nettverk).kommune)
    signaler.note(nettverk)
    for dager in (6, 7):
        Stoettesignal.objects.update(sett=idag() - dager * DAG)
        for person in (
            gruppemedlem(gruppe),
            koordinator(nettverk),
            ansvarlig,
            annen,
            kog(nettverk),
        ):
            roller = roller_for(person, nettverk)
            rader = [r.slag for r in Stoettesignal.objects.visible_to(roller)]
            with django_assert_num_queries(1):
                vises = signaler.seen_by(roller, [gruppe.enhet_id])
            assert [v.slag for v in vises.get(gruppe.enhet_id, [])] == rader


def test_an_answer_is_shown_at_once(ny_leder):
    nettverk, gruppe = ny_leder
    by = gruppe.verv.gyldig().get().person

    handlinger.answer(nettverk, gruppe.enhet, slag=Slag.NY_LEDER, svar="Jeg kjenner huset.", by=by)

    vises = signaler.seen_by(roller_for(koordinator(nettverk), nettverk), [gruppe.enhet_id])
    assert [v.svar for v in vises[gruppe.enhet_id]] == ["Jeg kjenner huset."]


def test_what_is_so_and_what_is_remembered_of_it_come_in_one_query(
    ny_leder, django_assert_num_queries
):
    nettverk, gruppe = ny_leder
    leder = gruppe.verv.gyldig().get().person
    rad = handlinger.answer(
        nettverk, gruppe.enhet, slag=Slag.NY_LEDER, svar="Det går «bra».", by=leder
    )
    roller = roller_for(leder, nettverk)

    with django_assert_num_queries(1):
        vises = signaler.seen_by(roller, roller.enheter_ledet)

    [vist] = vises[gruppe.enhet_id]
    assert (vist.svar, vist.svart, vist.siden) == (rad.svar, rad.svart, rad.siden)


def test_nobody_else_sees_any(ny_leder):
    nettverk, gruppe = ny_leder
    signaler.note(nettverk)
    Stoettesignal.objects.update(sett=idag() - 30 * DAG)
    annen_kommune = MedlemskapFactory(nettverk=nettverk).kommune
    andre = [
        kog(nettverk),
        kommuneansvarlig(nettverk, annen_kommune),
        medlem(nettverk, gruppetype=Gruppe.Type.STYRINGSGRUPPE),
        medlem(nettverk, gruppetype=Gruppe.Type.EVALUERINGSNETTVERK, rolle=Rolle.FOLGEFORSKER),
        gruppemedlem(GruppeFactory(nettverk=nettverk, utviklingsgruppe=True)),
    ]

    assert [sees(person, nettverk, gruppe) for person in andre] == [[]] * len(andre)


# --- the night


def test_twice_in_a_night_is_once_and_what_is_over_is_closed(ny_leder):
    nettverk, gruppe = ny_leder

    assert [signaler.note(nettverk), signaler.note(nettverk)] == [0, 0]
    assert Stoettesignal.objects.count() == 1

    assert signaler.note(nettverk, idag() + 400 * DAG) == 1
    assert not Stoettesignal.objects.open().exists()
    assert sees(koordinator(nettverk), nettverk, gruppe) == []


def test_what_is_remembered_while_the_night_looks_stands(ny_leder, monkeypatch):
    nettverk, gruppe = ny_leder
    by = koordinator(nettverk)
    is_the_same = signaler._is_the_same

    def meanwhile(signal, rad):
        if not Stoettesignal.objects.exists():
            handlinger.answer(nettverk, gruppe.enhet, slag=Slag.NY_LEDER, svar="Bra.", by=by)
        return is_the_same(signal, rad)

    monkeypatch.setattr(signaler, "_is_the_same", meanwhile)
    signaler.note(nettverk)

    assert Stoettesignal.objects.get().svar == "Bra."


def test_a_role_that_is_vacant_since_nobody_knows_when_keeps_its_first_day_and_its_answer(sted):
    nettverk, gruppe = sted
    nettverk.paakrevde_roller = [Rolle.TILLITSVALGT]
    nettverk.save()
    gruppe.gyldig = periode(None, None)
    gruppe.save()
    signaler.note(nettverk, idag() - 3 * DAG)
    handlinger.answer(
        nettverk,
        gruppe.enhet,
        slag=Slag.LEDIG_ROLLE,
        svar="Vi velger i mai.",
        by=koordinator(nettverk),
    )

    assert [signaler.note(nettverk, idag() - nr * DAG) for nr in (2, 1, 0)] == [0, 0, 0]
    rad = Stoettesignal.objects.get()
    assert (rad.siden, rad.sett) == (idag() - 3 * DAG, idag() - 3 * DAG)
    assert rad.svar == "Vi velger i mai."


def test_another_new_leader_is_another_signal_with_its_own_week(ny_leder):
    nettverk, gruppe = ny_leder
    by = koordinator(nettverk)
    handlinger.answer(nettverk, gruppe.enhet, slag=Slag.NY_LEDER, svar="Det går bra.", by=by)
    gruppe.verv.filter(rolle=Rolle.FORMELL_LEDER).gyldig().get().end(idag() - 2 * DAG)
    leder(gruppe, idag() - 2 * DAG)

    assert sees(by, nettverk, gruppe) == []
    signaler.note(nettverk)
    assert [s.svar for s in Stoettesignal.objects.open()] == [""]
    assert sees(by, nettverk, gruppe) == []


def test_what_is_kept_goes_a_year_after_and_from_the_history(ny_leder):
    nettverk, gruppe = ny_leder
    by = koordinator(nettverk)
    handlinger.note_talk(
        nettverk, gruppe.enhet, dato=idag() - 366 * DAG, tekst="Snakket om høsten.", by=by
    )
    handlinger.note_talk(nettverk, gruppe.enhet, dato=idag(), tekst="Ny prat.", by=by)

    assert rydding.purge(timezone.now()) == 1
    assert rydding.purge(timezone.now()) == 0
    assert [h.tekst for h in Stoettehandling.objects.all()] == ["Ny prat."]
    hendelser = Stoettehandling.pgh_event_model.objects.values_list("tekst", flat=True)
    assert set(hendelser) == {"Ny prat."}


def test_the_night_goes_through_every_network_that_uses_mellomarbeid(ny_leder):
    rydding.note_all(timezone.now())

    assert Stoettesignal.objects.open().count() == 1


def test_a_leader_who_has_left_the_unit_is_no_longer_told(ny_leder):
    nettverk, gruppe = ny_leder
    ny = gruppe.verv.gyldig().get()
    ny.end(idag() - DAG)

    neste = leder(gruppe, idag() - DAG).person

    assert sees(ny.person, nettverk, gruppe) == []
    assert sees(neste, nettverk, gruppe) == ["ny_leder"]


def test_a_unit_that_has_left_the_network_is_asked_nothing_at_home(ny_leder):
    nettverk, gruppe = ny_leder
    ny = gruppe.verv.gyldig().get().person
    assert list(flater.hjem(roller_for(ny, nettverk)))

    nettverk.medlemskap.all().delete()

    assert not list(flater.hjem(roller_for(ny, nettverk)))
