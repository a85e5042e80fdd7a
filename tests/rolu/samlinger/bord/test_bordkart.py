"""The acts of a seating: rules, the job, moving, locks, late ones, those who leave, sharing, and what the database
refuses."""

import datetime
from collections import Counter

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from nettverk.arbeid import jobber
from nettverk.models import Jobb, Rolle, Verv
from nettverk.skriving.konflikt import KanIkke, Lukket
from nettverk.tilgang.roller import roller_for
from rolu.models import Bordkart, Bordplass, Bordregel, Bordskille, Deltakelse, Gjest, Samling
from rolu.samlinger import tilstand
from rolu.samlinger.bord import bordkart, folk
from rolu.samlinger.bord.bordkart import Valgtregel
from rolu.samlinger.bord.side import for_members, for_print, for_those_who_seat
from tests.nettverk.factories import PersonFactory, VervFactory
from tests.rolu.factories import (
    BordkartFactory,
    DeltakelseFactory,
    SamlingFactory,
    SamlingsserieFactory,
)
from tests.rolu.samlinger.bord.scene import any_group, hall, join, move, places, seat, set_up

pytestmark = pytest.mark.django_db


def texts(kart: Bordkart) -> dict[str, str]:
    return {r.slag: f"{r.tekst} {r.hvorfor}".strip() for r in for_those_who_seat(kart).linjer}


# --- the seating


def test_everybody_who_comes_is_seated_and_the_rules_hold():
    samling, by = hall()

    kart = seat(samling, by)

    assert Counter(places(samling).values()) == {1: 6, 2: 6}  # eight seats at each
    kart = (set_up(samling, plasser=4), seat(samling, by))[1]
    assert Counter(places(samling).values()) == {1: 4, 2: 4, 3: 4}
    assert texts(kart) == {
        "grupper_spres": "Ingen sitter med noen fra egen utviklingsgruppe.",
        "kommuner": "Alle bord har folk fra minst 2 kommuner. 6 ganger sitter to fra samme kommune ved samme bord. Færre er ikke mulig.",
        "enhetstyper": "Alle bord har folk fra både barnehage og skole.",
        "naboer": "Forrige samling har ikke noe bordkart, så regelen har ingenting å si denne gangen.",
    }
    stand = {linje.slag: linje.stand for linje in for_those_who_seat(kart).linjer}
    assert stand == {
        "grupper_spres": "holdt",
        "kommuner": "best",
        "enhetstyper": "holdt",
        "naboer": "ukjent",
    }


def test_the_same_seed_gives_the_same_tables_and_a_new_one_others():
    samling, by = hall(enheter=8)
    set_up(samling)
    kart = seat(samling, by)
    foer, froe = places(samling), kart.froe

    seat(samling, by)
    assert places(samling) == foer, "mended: nobody must move"

    Bordplass.objects.all().delete()
    Bordkart.objects.update(satt=None, delt=None)
    seat(samling, by)
    assert places(samling) == foer, "drawn anew from the same seed"

    assert seat(samling, by, nytt=True).froe != froe
    assert places(samling) != foer


def test_two_more_who_are_kept_apart_move_only_a_few_and_it_is_told_how_many():
    samling, by = hall(enheter=8, hver=6)
    set_up(samling, plasser=6)
    kart = seat(samling, by)
    foer = places(samling)
    en, annen = [p.person for p in Bordplass.objects.filter(bord=1)[:2]]
    bordkart.keep_apart(samling, en=en, annen=annen)
    assert not for_those_who_seat(kart).regler_endret

    kart = seat(samling, by)

    naa = places(samling)
    flyttet = [noekkel for noekkel, bord in naa.items() if bord != foer[noekkel]]
    assert len(flyttet) == 2
    assert naa[f"p{en.pk}"] != naa[f"p{annen.pk}"]
    assert bordkart.latest_job(samling).melding == "2 personer har fått nytt bord."

    seat(samling, by)
    assert places(samling) == naa
    assert bordkart.latest_job(samling).melding == "Ingen har fått nytt bord."


def test_who_comes_and_goes_moves_nobody_else_and_the_tables_that_stand_stay():
    samling, by = hall(enheter=5, hver=5)
    set_up(samling, plasser=5)
    seat(samling, by)
    foer = places(samling)
    for plass in Bordplass.objects.filter(bord__in=[1, 2, 3])[::2]:
        Deltakelse.objects.filter(verv__person=plass.person_id).update(
            status=Deltakelse.Status.AVMELDT
        )
    gruppe = samling.deltakelser.filter(status="paameldt").first().verv.gruppe
    sen = join(samling, gruppe)

    seat(samling, by)

    naa = places(samling)
    assert naa.pop(f"p{sen.verv.person_id}")
    assert len(naa) == 17
    assert naa == {noekkel: foer[noekkel] for noekkel in naa}
    assert set(naa.values()) == {1, 2, 3, 4, 5}


def test_other_seats_or_rules_are_a_whole_new_seating_and_that_is_known_before():
    samling, by = hall(enheter=8)
    set_up(samling, plasser=6)
    kart = seat(samling, by)
    assert not for_those_who_seat(kart).regler_endret

    for endring in ({"plasser": 8}, {"plasser": 8, "kommuner": False}):
        set_up(samling, **endring)
        kart.refresh_from_db()
        assert for_those_who_seat(kart).regler_endret
        kart = seat(samling, by)
        assert not for_those_who_seat(kart).regler_endret


def test_only_a_published_gathering_where_somebody_comes_is_seated():
    utkast = SamlingFactory()
    tom = SamlingFactory(publisert_=True)
    by = PersonFactory()

    for samling in (utkast, tom):
        with pytest.raises(KanIkke):
            bordkart.order(samling, nytt=False, by=by)
    assert not Jobb.objects.exists()


def test_to_press_twice_is_one_job():
    samling, by = hall()

    assert bordkart.order(samling, nytt=False, by=by) == bordkart.order(samling, nytt=True, by=by)


def test_a_job_that_was_killed_seats_the_same_when_it_is_run_again(monkeypatch):
    samling, by = hall(enheter=8)
    jobb = bordkart.order(samling, nytt=True, by=by)

    def killed(*_a, **_k):
        raise jobber.Avbrutt

    with monkeypatch.context() as m:
        m.setattr(bordkart, "_keep", killed)
        jobber.run(jobb.pk)
    assert places(samling) == {}

    jobber.run(jobb.pk)
    foer = places(samling)
    Jobb.objects.filter(pk=jobb.pk).update(status=Jobb.Status.VENTER)
    jobber.run(jobb.pk)

    assert places(samling) == foer
    assert len(foer) == 24


def test_who_takes_the_gathering_back_while_the_tables_wait_is_told_why():
    samling, by = hall()
    jobb = bordkart.order(samling, nytt=False, by=by)
    Bordkart.objects.all().delete()

    jobber.run(jobb.pk)

    jobb.refresh_from_db()
    assert (jobb.status, jobb.feil) == (
        Jobb.Status.FEILET,
        "Samlingen er ikke publisert lenger.",
    )


@pytest.mark.parametrize("act", ["lock", "keep_apart", "let_together", "set_up", "release", "late"])
def test_whatever_is_changed_while_the_tables_are_set_makes_them_be_set_again(act):
    """The draw is kept only when nothing has been changed since it was begun."""
    samling, by = hall()
    seat(samling, by)
    en, annen = [p.person for p in Bordplass.objects.all()[:2]]
    bordkart.keep_apart(samling, en=en, annen=annen)
    sen = join(samling, any_group(samling))
    foer = Bordkart.objects.get().versjon

    {
        "lock": lambda: bordkart.set_lock(samling, f"p{en.pk}", laast=True),
        "keep_apart": lambda: bordkart.keep_apart(samling, en=en, annen=sen.verv.person),
        "let_together": lambda: bordkart.let_together(samling, pk=Bordskille.objects.get().pk),
        "set_up": lambda: set_up(samling),
        "release": lambda: bordkart.release(samling, [f"p{en.pk}"]),
        "late": lambda: bordkart.seat_late(samling),
    }[act]()

    assert Bordkart.objects.get().versjon > foer


def test_what_is_locked_while_the_tables_are_set_holds(monkeypatch):
    samling, by = hall(enheter=8)
    set_up(samling)
    seat(samling, by)
    hvem = next(iter(places(samling)))
    draw = bordkart._draw
    ganger = []

    def somebody_moves(arbeid, grunnlag, froe, *, fersk):
        svar = draw(arbeid, grunnlag, froe, fersk=fersk)
        if not ganger:
            move(samling, hvem, 6)
        ganger.append(1)
        return svar

    monkeypatch.setattr(bordkart, "_draw", somebody_moves)
    seat(samling, by, nytt=True)

    assert places(samling)[hvem] == 6
    assert len(ganger) == 2


def test_who_moves_people_all_the_time_is_told_and_nothing_is_lost(monkeypatch):
    samling, by = hall()
    seat(samling, by)
    draw = bordkart._draw

    def somebody_moves(*a, **k):
        svar = draw(*a, **k)
        move(samling, next(iter(places(samling))), 1)
        return svar

    monkeypatch.setattr(bordkart, "_draw", somebody_moves)
    jobb = bordkart.order(samling, nytt=True, by=by)
    jobber.run(jobb.pk)
    jobb.refresh_from_db()

    assert jobb.status == Jobb.Status.FEILET
    assert "Noen flyttet på folk" in jobb.feil
    assert len(places(samling)) == 12


# --- the rules


def test_a_role_at_every_table_and_too_few_of_it():
    samling, by = hall(enheter=3, hver=4)  # three of the role
    with bordkart.setting_up(samling) as kart:
        kart.plasser = 4
        regel = Valgtregel("rolle", True, Rolle.PP_RAADGIVER, 1)
        bordkart.set_up(kart, [regel, Valgtregel("grupper_samles", True)])

    kart = seat(samling, by)
    assert "Minst én PP-rådgiver ved hvert bord." in texts(kart)["rolle"]
    assert texts(kart)["grupper_samles"] == "Alle utviklingsgruppene sitter samlet."

    gruppe = any_group(samling)
    for _ in range(4):
        join(samling, gruppe)
    kart = seat(samling, by)
    assert (
        texts(kart)["rolle"]
        == "1 av 4 bord er uten PP-rådgiver. Bare 3 av dem som kommer, har rollen."
    )
    [linje] = [r for r in for_those_who_seat(kart).linjer if r.slag == "rolle"]
    assert linje.stand == "best"
    assert len(linje.hvem) == 1


def test_what_gives_way_is_told_with_what_it_could_have_had():
    """All of the role are of one group, which is to sit together: both cannot be. One of another group keeps the
    third of them company."""
    samling, by = hall(enheter=3, hver=3)
    gruppe = any_group(samling)
    Verv.objects.update(rolle=Rolle.MEDLEM)
    gruppe.verv.update(rolle=Rolle.PP_RAADGIVER)
    with bordkart.setting_up(samling) as kart:
        kart.plasser = 4
        regel = Valgtregel("rolle", True, Rolle.PP_RAADGIVER, 1)
        bordkart.set_up(kart, [regel, Valgtregel("grupper_samles", True)])

    kart = seat(samling, by)

    assert (
        texts(kart)["grupper_samles"]
        == "2 av 3 utviklingsgrupper er delt på flere bord. Reglene over gikk foran. Med bare denne regelen ville tallet vært 0."
    )
    stand = {r.slag: r.stand for r in for_those_who_seat(kart).linjer}
    assert stand == {"rolle": "holdt", "grupper_samles": "vek"}


def test_groups_are_spread_or_kept_not_both():
    samling, _by = hall()
    set_up(samling)

    with bordkart.setting_up(samling) as kart:
        bordkart.set_up(kart, [Valgtregel("grupper_samles", True)])
        assert [r.slag for r in kart.regler.all()] == ["grupper_samles"]
        with pytest.raises(IntegrityError), transaction.atomic():
            Bordregel.objects.create(bordkart=kart, slag="grupper_spres", rekkefolge=9)


def test_two_who_are_kept_apart_and_two_who_are_locked_together():
    samling, by = hall()
    set_up(samling)
    en, annen = [d.verv.person for d in samling.deltakelser.order_by("pk")[:2]]
    bordkart.keep_apart(samling, en=annen, annen=en)
    bordkart.keep_apart(samling, en=en, annen=annen)

    kart = seat(samling, by)
    har = places(samling)
    assert har[f"p{en.pk}"] != har[f"p{annen.pk}"]
    assert texts(kart)["skiller"] == "De to dere ville skille, sitter ved hvert sitt bord."

    for person in (en, annen):
        move(samling, f"p{person.pk}", 1)
    kart.refresh_from_db()
    [linje] = [r for r in for_those_who_seat(kart).linjer if r.slag == "skiller"]
    assert linje.stand == "vek"
    assert en.navn in linje.hvem[0]
    assert annen.navn in linje.hvem[0]

    bordkart.let_together(samling, pk=Bordskille.objects.get().pk)
    assert "skiller" not in texts(kart)


def test_last_times_neighbours_are_of_the_gathering_before_in_the_series_or_that_it_was_made_from():
    serie = SamlingsserieFactory()
    foer, by = hall(enheter=4, hver=1, nettverk=serie.nettverk, serie=serie)
    Samling.objects.filter(pk=foer.pk).update(start=foer.start - datetime.timedelta(days=100))
    foer.refresh_from_db()
    set_up(foer, plasser=4, naboer=False)
    seat(foer, by)
    etter = SamlingFactory(nettverk=serie.nettverk, serie=serie, publisert_=True)
    arvet = SamlingFactory(nettverk=serie.nettverk, forrige=foer, publisert_=True)
    annen = SamlingFactory(nettverk=serie.nettverk, publisert_=True)
    for d in foer.deltakelser.all():
        for samling in (etter, arvet):
            d.pk, d.samling = None, samling
            d.save()

    assert folk.last_time(etter) == folk.last_time(arvet) != {}
    assert folk.last_time(annen) == folk.last_time(foer) == {}
    Samling.objects.filter(pk=foer.pk).update(status=Samling.Status.AVLYST)
    assert folk.last_time(etter) == {}, "nobody sat there"
    Samling.objects.filter(pk=foer.pk).update(status=foer.status)
    gruppe = any_group(etter)
    for _ in range(4):
        join(etter, gruppe)
    set_up(etter, plasser=4, kommuner=False, enhetstyper=False, grupper_spres=False)
    kart = seat(etter, by)
    assert (
        texts(kart)["naboer"]
        == "2 ganger sitter to ved samme bord både nå og sist. Færre er ikke mulig."
    )


def test_who_comes_from_several_kinds_of_units_is_of_none_and_a_substitute_has_the_role():
    samling, _by = hall(enheter=2, hver=1)
    barnehage, skole = [d.verv for d in samling.deltakelser.order_by("pk")]
    DeltakelseFactory(
        samling=samling,
        verv=VervFactory(gruppe=skole.gruppe, person=barnehage.person),
        status=Deltakelse.Status.PAAMELDT,
    )
    vara = Gjest.objects.create(
        samling=samling, navn="Vara Vik", gruppe=skole.gruppe, for_verv=skole
    )

    har = {gjest.noekkel: gjest.har for gjest in folk.who_sits(samling)}

    assert har[f"p{barnehage.person_id}"].typer == frozenset()
    assert har[f"p{skole.person_id}"].typer == {"grunnskole"}
    assert har[f"g{vara.pk}"].roller == {Rolle.PP_RAADGIVER}


# --- by hand


def test_who_is_moved_is_locked_and_a_new_seating_leaves_them():
    samling, by = hall(enheter=8)
    set_up(samling)
    seat(samling, by)
    hvem = next(iter(places(samling)))
    move(samling, hvem, 5)

    seat(samling, by)
    assert places(samling)[hvem] == 5
    seat(samling, by, nytt=True)
    assert places(samling)[hvem] == 5
    assert Bordplass.objects.get(laast=True).noekkel == hvem

    bordkart.set_lock(samling, hvem, laast=False)
    assert not Bordplass.objects.filter(laast=True).exists()


def test_what_was_moved_by_hand_is_in_the_history_and_a_seating_is_not():
    samling, by = hall()
    seat(samling, by)
    hvem = next(iter(places(samling)))
    assert Bordplass.pgh_event_model.objects.count() == 0

    move(samling, hvem, 2)

    [hendelse] = Bordplass.pgh_event_model.objects.all()
    assert (hendelse.bord, hendelse.laast) == (2, True)


def test_late_ones_fill_the_holes_and_nobody_else_moves():
    samling, by = hall(enheter=4, hver=3)
    set_up(samling, plasser=7)
    seat(samling, by)
    foer = places(samling)
    sen = join(samling, any_group(samling))
    gjest = Gjest.objects.create(samling=samling, navn="Gro Gjest")

    faar = bordkart.seat_late(samling)

    assert {g.noekkel for g, _bord in faar} == {f"p{sen.verv.person_id}", f"g{gjest.pk}"}
    naa = places(samling)
    assert {k: v for k, v in naa.items() if k in foer} == foer
    assert len(naa) == 14
    assert bordkart.seat_late(samling) == [], "once more does nothing"


def test_who_does_not_come_any_more_is_released_by_one_press_and_who_has_not_met_by_another():
    samling, by = hall(i_dag=True)
    seat(samling, by)
    borte, moett, *_resten = samling.deltakelser.order_by("pk")
    Deltakelse.objects.filter(pk=borte.pk).update(status=Deltakelse.Status.AVMELDT)
    Deltakelse.objects.filter(pk=moett.pk).update(moett=timezone.now())

    side = for_those_who_seat(Bordkart.objects.get())
    assert [rad.gjest.person for rad in side.borte] == [borte.verv.person_id]
    assert side.ikke_moett == 10

    assert bordkart.release_absent(samling) == 1
    assert bordkart.release_absent(samling) == 0
    assert bordkart.release_absent(samling, ogsaa_ikke_moett=True) == 10
    assert list(places(samling)) == [f"p{moett.verv.person_id}"]
    side = for_those_who_seat(Bordkart.objects.get())
    assert len(side.uten_bord) == 10
    assert [kort.antall for kort in side.alene] == [1], "who sits alone now is told"


def test_one_who_leaves_at_lunch_is_released():
    samling, by = hall()
    seat(samling, by)
    hvem = next(iter(places(samling)))

    assert bordkart.release(samling, [hvem]) == 1
    assert bordkart.release(samling, [hvem]) == 0
    assert hvem not in places(samling)


def test_nothing_changes_in_a_locked_gathering_or_before_anybody_is_seated():
    samling, by = hall()
    with pytest.raises(KanIkke):
        bordkart.seat_late(samling)
    seat(samling, by)
    Samling.objects.filter(pk=samling.pk).update(status=Samling.Status.LAAST)

    for act in (
        lambda: bordkart.seat_late(samling),
        lambda: bordkart.share(samling),
        lambda: bordkart.release_absent(samling),
        lambda: bordkart.order(samling, nytt=False, by=by),
        lambda: set_up(samling),
    ):
        with pytest.raises(Lukket):
            act()


def test_a_gathering_that_becomes_a_draft_again_has_no_seating():
    samling, by = hall()
    seat(samling, by)
    Deltakelse.objects.update(svart=None)

    tilstand.take_back(samling, fra=Samling.Status.INVITERT, by=by)

    assert not Bordkart.objects.exists()


# --- sharing, and who sees it


def test_members_see_the_tables_when_they_are_shared_and_not_before():
    samling, by = hall()
    kart = seat(samling, by)
    medlem = samling.deltakelser.first().verv.person
    Gjest.objects.create(samling=samling, navn="Gro Gjest")
    bordkart.seat_late(samling)

    def sees(person):
        roller = roller_for(person, samling.nettverk)
        return (
            Bordkart.objects.visible_to(roller).count(),
            Bordplass.objects.visible_to(roller).count(),
            Bordregel.objects.visible_to(roller).count(),
        )

    assert sees(by) == (1, 13, 5)
    assert sees(medlem) == (0, 0, 0)
    bordkart.share(samling)
    assert sees(medlem) == (1, 13, 0)
    navn = [rad.gjest.navn for kort in for_members(kart).kort for rad in kort.rader]
    assert "Gro Gjest" not in navn
    assert "Gjest" in navn
    assert "Gro Gjest" in [r.gjest.navn for kort in for_print(kart) for r in kort.rader]

    bordkart.take_back_sharing(samling)
    assert sees(medlem) == (0, 0, 0)


# --- what the database refuses


@pytest.mark.parametrize(
    "wrong",
    [
        lambda kart: Bordkart.objects.filter(pk=kart.pk).update(plasser=3),
        lambda kart: Bordkart.objects.filter(pk=kart.pk).update(plasser=15),
        lambda kart: Bordkart.objects.filter(pk=kart.pk).update(satt=None, delt=timezone.now()),
        lambda kart: Bordplass.objects.create(bordkart=kart, bord=1),
        lambda kart: Bordplass.objects.create(bordkart=kart, person=PersonFactory(), bord=0),
        lambda kart: Bordregel.objects.create(bordkart=kart, slag="rolle", rekkefolge=1),
        lambda kart: Bordregel.objects.create(
            bordkart=kart, slag="kommuner", rekkefolge=1, per_bord=21
        ),
    ],
)
def test_what_cannot_be(wrong):
    kart = BordkartFactory(satt_=True)

    with pytest.raises(IntegrityError), transaction.atomic():
        wrong(kart)


def test_a_person_has_one_place_and_two_are_kept_apart_once():
    kart = BordkartFactory(satt_=True)
    en, annen = PersonFactory(), PersonFactory()
    Bordplass.objects.create(bordkart=kart, person=en, bord=1)
    Bordskille.objects.create(bordkart=kart, en=en, annen=annen)

    for igjen in (
        lambda: Bordplass.objects.create(bordkart=kart, person=en, bord=2),
        lambda: Bordskille.objects.create(bordkart=kart, en=en, annen=annen),
        lambda: Bordskille.objects.create(bordkart=kart, en=annen, annen=en),
        lambda: Bordkart.objects.create(samling=kart.samling),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            igjen()
