"""Every act of a gathering: what it refuses, what a second press does, and two presses at once."""

import datetime

import pytest
from django.core.files.base import ContentFile

from kommuner.gyldighet import idag, periode
from nettverk.models import Brev, Gruppe, Jobb, Person
from nettverk.skriving.konflikt import KanIkke, Konflikt
from rolu.models import Deltakelse, Oppsummering, Programpost, Samling
from rolu.samlinger import innsjekk, oppsummering, paamelding, programplan, publisering
from tests.nettverk.factories import (
    GruppeFactory,
    NettverkFactory,
    PersonFactory,
    VervFactory,
    enhetsleder,
    koordinator,
    nettverk_med_enhet,
)
from tests.rolu.factories import (
    DeltakelseFactory,
    OppdragFactory,
    ProgrampostFactory,
    SamlingFactory,
)
from tests.samtidig import at_once, kinds

pytestmark = pytest.mark.django_db

S = Deltakelse.Status
# The states of a gathering, each made by its trait.
UTKAST, PUBLISERT, AVHOLDT, AVLYST = {}, {"publisert_": True}, {"avholdt": True}, {"avlyst": True}


def _stand(samling: Samling) -> tuple[object, ...]:
    """All that an act could have changed."""
    return (
        *Samling.objects.filter(pk=samling.pk).values_list(),
        *Deltakelse.objects.order_by("pk").values_list(),
        *Programpost.objects.order_by("pk").values_list(),
        *Jobb.objects.order_by("pk").values_list("slag", "gjelder", "status"),
    )


@pytest.fixture(autouse=True)
def _egen_mappe(tmp_path, settings) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def by() -> Person:
    return PersonFactory()


# --- publishing, inviting, calling off


@pytest.mark.parametrize(
    ("act", "stand"),
    [
        (publisering.publish, AVLYST),
        (publisering.invite_new, UTKAST),
        (publisering.invite_new, AVLYST),
        (publisering.invite_new, AVHOLDT),
        (publisering.cancel, UTKAST),
        (publisering.cancel, AVHOLDT),
    ],
)
def test_what_a_gathering_is_not_ready_for_is_refused_and_changes_nothing(act, stand, by):
    nettverk, gruppe = nettverk_med_enhet()
    enhetsleder(gruppe)
    samling = SamlingFactory(nettverk=nettverk, **stand)
    foer = _stand(samling)

    with pytest.raises(KanIkke):
        act(samling, by=by)

    assert _stand(samling) == foer


def test_calling_off_twice_tells_nobody_twice(by):
    nettverk, gruppe = nettverk_med_enhet()
    enhetsleder(gruppe)
    samling = SamlingFactory(nettverk=nettverk)
    publisering.publish(samling, by=by)
    publisering.cancel(samling, by=by)
    foer = (_stand(samling), list(Brev.objects.values_list("pk", "tilstand")))

    publisering.cancel(samling, by=by)

    assert (_stand(samling), list(Brev.objects.values_list("pk", "tilstand"))) == foer


def test_what_is_stale_in_the_hand_does_not_open_a_cancelled_gathering(by):
    samling = SamlingFactory()
    gammel = Samling.objects.get(pk=samling.pk)
    Samling.objects.update(status=Samling.Status.AVLYST)

    with pytest.raises(KanIkke):
        publisering.publish(gammel, by=by)


def test_another_networks_groups_and_the_ended_are_not_invited(by):
    nettverk, gruppe = nettverk_med_enhet()
    leder = enhetsleder(gruppe)
    VervFactory(gruppe=gruppe, gyldig=periode(datetime.date(2019, 1, 1), idag()))
    VervFactory(gruppe=gruppe, person__is_active=False)
    _annet, fremmed = nettverk_med_enhet()
    enhetsleder(fremmed)
    samling = SamlingFactory(nettverk=nettverk)

    publisering.publish(samling, by=by)

    assert [d.verv.person for d in Deltakelse.objects.all()] == [leder]


@pytest.mark.parametrize("stand", [PUBLISERT, AVHOLDT, AVLYST])
def test_only_a_draft_is_deleted(stand):
    samling = SamlingFactory(**stand)

    with pytest.raises(KanIkke):
        publisering.delete_draft(samling)

    assert Samling.objects.exists()


def test_a_draft_with_an_assignment_is_not_deleted():
    samling = SamlingFactory()
    OppdragFactory(nettverk=samling.nettverk, samling=samling)

    with pytest.raises(KanIkke):
        publisering.delete_draft(samling)


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_at_once_invite_everybody_once():
    nettverk, gruppe = nettverk_med_enhet()
    enhetsleder(gruppe)
    k, samling = koordinator(nettverk), SamlingFactory(nettverk=nettverk)

    svar = at_once(*[lambda: publisering.publish(samling, by=k)] * 2, holding=samling)

    assert sorted(svar) == [0, 1]
    assert Deltakelse.objects.count() == 1
    assert Brev.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_publishing_and_deleting_at_once_leave_no_half():
    k, samling = PersonFactory(), SamlingFactory()

    svar = at_once(
        lambda: publisering.publish(samling, by=k),
        lambda: publisering.delete_draft(Samling.objects.get(pk=samling.pk)),
        holding=samling,
    )

    assert kinds(svar) in (["DoesNotExist", "ok"], ["KanIkke", "ok"])
    igjen = Samling.objects.filter(pk=samling.pk).first()
    assert igjen is None or igjen.er_publisert


# --- signing up


@pytest.mark.parametrize("stand", [UTKAST, AVHOLDT, AVLYST])
@pytest.mark.parametrize("uansett_frist", [False, True])
def test_a_gathering_that_is_not_open_takes_no_answer_not_even_the_coordinators(
    stand, uansett_frist, by
):
    samling = SamlingFactory(**stand)
    rad = DeltakelseFactory(samling=samling)
    [svar] = paamelding.group_answers(samling, [rad.verv.gruppe])
    foer = _stand(samling)

    with pytest.raises(KanIkke):
        paamelding.answer(rad, kommer=True, by=by, uansett_frist=uansett_frist)
    with pytest.raises(KanIkke):
        paamelding.sign_up_group(
            samling,
            gruppe=rad.verv.gruppe,
            kommer=[rad.verv_id],
            stand=svar.stand,
            by=by,
            uansett_frist=uansett_frist,
        )

    assert _stand(samling) == foer


def _sign_up(samling: Samling, gruppe: Gruppe, kommer: list[int], stand: str, by: Person):
    return paamelding.sign_up_group(samling, gruppe=gruppe, kommer=kommer, stand=stand, by=by)


def test_another_groups_verv_among_the_ticks_is_passed_over(by):
    samling = SamlingFactory(publisert_=True)
    egen, annen = DeltakelseFactory(samling=samling), DeltakelseFactory(samling=samling)
    [svar] = paamelding.group_answers(samling, [egen.verv.gruppe])

    _sign_up(samling, egen.verv.gruppe, [egen.verv_id, annen.verv_id, -1], svar.stand, by)

    statuser = dict(Deltakelse.objects.values_list("pk", "status"))
    assert statuser == {egen.pk: S.PAAMELDT, annen.pk: S.INVITERT}


@pytest.mark.parametrize("stand", ["", "0" * 16, "ikke et merke"])
def test_a_mark_that_is_not_of_these_answers_is_a_conflict(stand: str, by):
    rad = DeltakelseFactory()
    foer = _stand(rad.samling)

    with pytest.raises(Konflikt) as konflikt:
        _sign_up(rad.samling, rad.verv.gruppe, [], stand, by)

    assert konflikt.value.deres.medlemmer[0].verv == rad.verv
    assert _stand(rad.samling) == foer


def test_a_group_that_is_not_invited_is_not_answered_for(by):
    samling, gruppe = SamlingFactory(publisert_=True), GruppeFactory()
    [svar] = paamelding.group_answers(samling, [gruppe])

    with pytest.raises(KanIkke):
        _sign_up(samling, gruppe, [], svar.stand, by)

    assert not Deltakelse.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_answer_for_a_group_at_once_never_both_get_their_way():
    rad = DeltakelseFactory()
    samling, gruppe, personer = rad.samling, rad.verv.gruppe, [PersonFactory(), PersonFactory()]
    [svar] = paamelding.group_answers(samling, [gruppe])

    utfall = at_once(
        lambda: _sign_up(samling, gruppe, [rad.verv_id], svar.stand, personer[0]),
        lambda: _sign_up(samling, gruppe, [], svar.stand, personer[1]),
        holding=samling,
    )

    assert kinds(utfall) == ["Konflikt", "ok"]
    vant = utfall.index(next(u for u in utfall if not isinstance(u, Exception)))
    rad.refresh_from_db()
    assert (rad.status, rad.svart_av) == ([S.PAAMELDT, S.AVMELDT][vant], personer[vant])


# --- the desk


@pytest.mark.parametrize("stand", [UTKAST, AVLYST])
def test_a_closed_desk_ticks_nobody_in_or_out(stand, by):
    rad = DeltakelseFactory(samling=SamlingFactory(**stand), moett_=True)
    foer = _stand(rad.samling)

    with pytest.raises(KanIkke):
        innsjekk.check_in(rad.samling, person=rad.verv.person, by=by)
    with pytest.raises(KanIkke):
        innsjekk.undo(rad.samling, person=rad.verv.person)

    assert _stand(rad.samling) == foer


@pytest.mark.parametrize("hvem", ["uten verv", "fremmed", "utgått"])
def test_one_without_a_verv_here_that_day_is_not_let_in(hvem: str, by):
    samling = SamlingFactory(i_dag=True)
    gruppe = GruppeFactory(nettverk=samling.nettverk)
    person = {
        "uten verv": PersonFactory,
        "fremmed": lambda: koordinator(NettverkFactory()),
        "utgått": lambda: VervFactory(gruppe=gruppe, gyldig=("2019-01-01", "2020-01-01")).person,
    }[hvem]()

    with pytest.raises(KanIkke, match="har ikke verv i nettverket"):
        innsjekk.check_in(samling, person=person, by=by)

    assert not Deltakelse.objects.exists()


def test_undoing_what_was_not_done_says_so(by):
    rad = DeltakelseFactory(samling=SamlingFactory(i_dag=True))

    assert innsjekk.undo(rad.samling, person=rad.verv.person) is False
    assert innsjekk.undo(rad.samling, person=PersonFactory()) is False


@pytest.mark.django_db(transaction=True)
def test_two_desks_that_tick_the_same_person_at_once_tick_once():
    rad = DeltakelseFactory(samling=SamlingFactory(i_dag=True))
    person, folk = rad.verv.person, [PersonFactory(), PersonFactory()]

    svar = at_once(*[lambda b=b: innsjekk.check_in(rad.samling, person=person, by=b) for b in folk])

    assert sorted(svar) == [False, True]
    rad.refresh_from_db()
    assert rad.moett_registrert_av == folk[svar.index(True)]


@pytest.mark.django_db(transaction=True)
def test_a_walk_in_at_two_desks_at_once_has_one_place():
    samling = SamlingFactory(i_dag=True)
    verv = VervFactory(gruppe=GruppeFactory(nettverk=samling.nettverk))
    by = PersonFactory()

    svar = at_once(*[lambda: innsjekk.check_in(samling, person=verv.person, by=by)] * 2)

    assert kinds(svar) == ["ok", "ok"]
    assert Deltakelse.objects.get().moett is not None


# --- the programme


def test_a_note_from_an_old_page_is_a_conflict_that_changes_nothing():
    post = ProgrampostFactory(notat="Skrevet av en annen", versjon=3)

    with pytest.raises(Konflikt) as konflikt:
        programplan.write_note(post, notat="Mitt", versjon=2)

    post.refresh_from_db()
    assert (konflikt.value.deres.notat, post.notat, post.versjon) == (
        "Skrevet av en annen",
        "Skrevet av en annen",
        3,
    )


def test_changing_an_item_leaves_the_note_that_was_written_meanwhile():
    post = ProgrampostFactory(tittel="Lek", notat="")
    programplan.write_note(post, notat="Skrevet imens", versjon=post.versjon)

    post.tittel = "Lek ute"
    programplan.change_item(post, felt=["tittel"])

    post.refresh_from_db()
    assert (post.tittel, post.notat) == ("Lek ute", "Skrevet imens")


@pytest.mark.django_db(transaction=True)
def test_two_notes_at_once_are_one_note_and_one_conflict():
    post = ProgrampostFactory()

    svar = at_once(
        *[
            lambda t=t: programplan.write_note(post, notat=t, versjon=post.versjon)
            for t in ("En", "To")
        ],
        holding=post,
    )

    assert kinds(svar) == ["Konflikt", "ok"]
    vant = next(s for s in svar if not isinstance(s, Exception))
    assert Programpost.objects.get().notat == vant.notat


def test_the_programme_of_a_cancelled_gathering_keeps_its_items():
    post = ProgrampostFactory(samling=SamlingFactory(avlyst=True))

    with pytest.raises(KanIkke, match="avlyst"):
        programplan.delete_item(post)

    assert Programpost.objects.exists()


def test_copying_from_an_empty_programme_adds_nothing():
    assert programplan.copy_program(fra=SamlingFactory(), til=SamlingFactory()) == 0


def test_copying_takes_the_plan_and_not_what_was_said():
    fra = SamlingFactory()
    ProgrampostFactory(samling=fra, tittel="Deling", notat="Hemmelig", rom="Salen")
    til = SamlingFactory(nettverk=fra.nettverk)

    programplan.copy_program(fra=fra, til=til)

    kopi = til.programposter.get()
    assert (kopi.tittel, kopi.rom, kopi.notat) == ("Deling", "Salen", "")
    assert (kopi.start, kopi.varighet) == (til.start, 30)


# --- the summary


@pytest.mark.parametrize("stand", [UTKAST, AVLYST])
def test_what_has_not_been_cannot_be_summed_up(stand, by):
    with pytest.raises(KanIkke):
        oppsummering.order(SamlingFactory(**stand), by=by)

    assert not Jobb.objects.exists()


def test_asking_twice_is_one_job(by):
    samling = SamlingFactory(avholdt=True)

    assert oppsummering.order(samling, by=by) == oppsummering.order(samling, by=PersonFactory())
    assert Jobb.objects.get().bestilt_av == by


def _summary(**jobb: object) -> Oppsummering:
    samling = SamlingFactory(avholdt=True)
    rad = Jobb.objects.create(
        nettverk=samling.nettverk, slag=oppsummering.SLAG, gjelder=f"samling:{samling.pk}", **jobb
    )
    return Oppsummering.objects.create(samling=samling, jobb=rad)


@pytest.mark.parametrize("status", [Jobb.Status.VENTER, Jobb.Status.KJORER, Jobb.Status.FEILET])
def test_what_is_not_made_is_not_published(status: str):
    rad = _summary(status=status)

    with pytest.raises(KanIkke, match="ikke laget"):
        oppsummering.publish(rad.samling, jobb=rad.jobb_id, by=PersonFactory())

    rad.refresh_from_db()
    assert (rad.publisert, bool(rad.fil)) == (None, False)


def test_a_newer_summary_must_be_looked_at_first():
    rad = _summary(status=Jobb.Status.FERDIG)
    rad.jobb.resultat.save("ny.pdf", ContentFile(b"%PDF ny"))

    with pytest.raises(KanIkke, match="nyere"):
        oppsummering.publish(rad.samling, jobb=rad.jobb_id - 1, by=PersonFactory())


def test_publishing_twice_leaves_one_file():
    rad = _summary(status=Jobb.Status.FERDIG)
    rad.jobb.resultat.save("ny.pdf", ContentFile(b"%PDF ny"))

    for _n in range(2):
        rad = oppsummering.publish(rad.samling, jobb=rad.jobb_id, by=PersonFactory()).oppsummering

    with rad.fil.open("rb") as fil:
        assert fil.read() == b"%PDF ny"
    assert rad.publisert is not None
