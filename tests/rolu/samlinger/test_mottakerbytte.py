"""Whom a published gathering is for is changed: who comes in, who falls out, who comes all the same."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from kommuner.gyldighet import periode
from nettverk.arbeid import jobber
from nettverk.models import Brev, Gruppe, Jobb, Mottakere, Rolle
from nettverk.skriving.konflikt import KanIkke, Konflikt
from rolu.forms.mottakere import SamlingsbytteForm
from rolu.models import Behov, Deltakelse, Gjest, Gruppetall, Samling
from rolu.samlinger import bekreftelse, publisering
from rolu.samlinger.mottakerbytte import change_audience, foresee
from rolu.samlinger.oppmoete import counted
from rolu.samlinger.paamelding import answer, group_answers, sign_up_group
from tests.nettverk.factories import (
    GruppeFactory,
    PersonFactory,
    VervFactory,
    enhetsleder,
    gruppemedlem,
    koordinator,
    nettverk_med_enhet,
)
from tests.rolu.factories import GjestFactory, SamlingFactory
from tests.samtidig import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    """A gathering for the unit, published and sent: a leader and a teacher. Beside it a fagnettverk of one."""
    nettverk, gruppe = nettverk_med_enhet()
    fag = GruppeFactory(nettverk=nettverk, type=Gruppe.Type.FAGNETTVERK)
    folk = {
        "leder": enhetsleder(gruppe),
        "laerer": gruppemedlem(gruppe),
        "fag": VervFactory(gruppe=fag).person,
    }
    k = koordinator(nettverk)
    samling = SamlingFactory(nettverk=nettverk)
    publisering.publish(samling, by=k, mottakere=Mottakere(nettverk=nettverk, enheter=True))
    _send()
    return Samling.objects.get(pk=samling.pk), gruppe, fag, folk, k


def _send() -> None:
    for jobb in Jobb.objects.active():
        jobber.run(jobb.pk)


def _only(gruppe: Gruppe, **mer) -> Mottakere:
    return Mottakere(nettverk=gruppe.nettverk, grupper=[gruppe.pk], **mer)


def _change(samling, mottakere, by, **mer):
    stand = foresee(samling, mottakere).stand
    return change_audience(samling, mottakere=mottakere, stand=stand, by=by, **mer)


def _invited(samling) -> set:
    return {d.verv.person for d in Deltakelse.objects.filter(samling=samling)}


def _signs_up(samling, person, by) -> None:
    answer(Deltakelse.objects.get(samling=samling, verv__person=person), kommer=True, by=by)


def _client(person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _url(samling: Samling) -> str:
    return reverse("rolu:samling_mottakere", args=[samling.nettverk.slug, samling.pk])


def test_it_is_told_by_name_and_nothing_is_done_before_it_is_asked_for(scene):
    samling, _gruppe, fag, folk, k = scene
    _signs_up(samling, folk["laerer"], k)

    bytte = foresee(samling, _only(fag))

    assert (bytte.nye, bytte.ut, bytte.paameldte) == (
        [folk["fag"]],
        [folk["leder"]],
        [folk["laerer"]],
    )
    assert (bytte.brev, bytte.vet) == (1, 1)
    assert _invited(samling) == {folk["leder"], folk["laerer"]}
    assert samling.mottakere.grupper == []


def test_who_comes_in_is_invited_and_who_has_signed_up_stays(scene):
    samling, _gruppe, fag, folk, k = scene
    _signs_up(samling, folk["laerer"], k)

    _change(samling, _only(fag), k, tell=True)
    _send()

    assert _invited(samling) == {folk["fag"], folk["laerer"]}
    assert Samling.objects.get(pk=samling.pk).mottakere.grupper == [fag.pk]
    assert {(m.to[0], re.split(r"(?: til)? «", m.subject)[0]) for m in mail.outbox[1:]} == {
        (folk["laerer"].epost, "Du er påmeldt"),
        (folk["leder"].epost, "Du er ikke lenger invitert"),
        (folk["fag"].epost, "Invitasjon"),
    }


def test_who_has_signed_up_is_taken_out_by_name_and_told_only_if_one_says_so(scene):
    samling, _gruppe, fag, folk, k = scene
    _signs_up(samling, folk["laerer"], k)

    _change(samling, _only(fag), k, ta_ut=[folk["laerer"].pk], tell=False)
    _send()

    assert _invited(samling) == {folk["fag"]}
    assert {m.to[0] for m in mail.outbox[1:]} == {folk["fag"].epost}


def test_the_numbers_of_a_group_go_with_the_last_of_it_and_their_places_with_them(scene):
    samling, gruppe, fag, folk, k = scene
    _signs_up(samling, folk["laerer"], k)
    Gruppetall.objects.create(samling=samling, gruppe=gruppe, hva="elever", antall=14)

    _change(samling, _only(fag), k)
    assert counted(samling).elever == 14, "somebody of the group still comes"
    _change(Samling.objects.get(pk=samling.pk), _only(fag), k, ta_ut=[folk["laerer"].pk])

    assert not Gruppetall.objects.exists()


def test_a_person_reached_by_another_way_neither_comes_nor_goes_and_gets_no_second_letter(scene):
    samling, _gruppe, fag, folk, k = scene
    VervFactory(gruppe=fag, person=folk["leder"])
    _signs_up(samling, folk["leder"], k)

    bytte = _change(samling, _only(fag), k, tell=True)
    _send()

    assert folk["leder"] not in [*bytte.nye, *bytte.ut, *bytte.paameldte]
    [plass] = Deltakelse.objects.filter(samling=samling, verv__person=folk["leder"])
    assert (plass.verv.gruppe, plass.status) == (fag, "paameldt")
    til_lederen = [m.subject for m in mail.outbox if m.to == [folk["leder"].epost]]
    assert [emne.split(" ")[0] for emne in til_lederen] == ["Meld", "Du"]


def test_nobody_is_invited_twice_however_often_it_is_changed(scene):
    samling, _gruppe, fag, folk, k = scene
    begge = _only(fag, enheter=True)
    for mottakere in (begge, Mottakere(nettverk=samling.nettverk, enheter=True), begge):
        samling = Samling.objects.get(pk=samling.pk)
        _change(samling, mottakere, k, tell=False)
        _send()

    til = [m.to[0] for m in mail.outbox]
    assert til.count(folk["leder"].epost) == 1
    assert til.count(folk["fag"].epost) == 1, "they were never told that they fell out"


def test_who_was_told_out_is_invited_anew(scene):
    samling, _gruppe, fag, folk, k = scene
    enhetene = Mottakere(nettverk=samling.nettverk, enheter=True)
    for mottakere in (_only(fag), enhetene):
        samling = Samling.objects.get(pk=samling.pk)
        _change(samling, mottakere, k, tell=True)
        _send()

    emner = [m.subject for m in mail.outbox if m.to == [folk["leder"].epost]]
    assert [e.split(" til «")[0] for e in emner] == [
        "Meld på gruppa",
        "Du er ikke lenger invitert",
        "Meld på gruppa",
    ]


def test_an_invitation_that_waits_is_not_sent_to_who_falls_out(scene):
    samling, _gruppe, fag, folk, k = scene
    begge = _only(fag, enheter=True)
    _change(samling, begge, k)

    _change(
        Samling.objects.get(pk=samling.pk), Mottakere(nettverk=samling.nettverk, enheter=True), k
    )
    _send()

    assert Brev.objects.get(til=folk["fag"]).tilstand == Brev.Tilstand.TRUKKET
    assert folk["fag"].epost not in [m.to[0] for m in mail.outbox]


def test_an_answer_meanwhile_is_a_conflict_and_nobody_is_taken_out(scene):
    samling, _gruppe, fag, folk, k = scene
    foer = foresee(samling, _only(fag))
    _signs_up(samling, folk["laerer"], k)

    with pytest.raises(Konflikt) as feil:
        change_audience(samling, mottakere=_only(fag), stand=foer.stand, by=k)

    assert feil.value.deres.paameldte == [folk["laerer"]]
    assert _invited(samling) == {folk["leder"], folk["laerer"]}


def test_the_same_sent_twice_is_done_once(scene):
    samling, _gruppe, fag, _folk, k = scene
    stand = foresee(samling, _only(fag)).stand

    for _ in range(2):
        change_audience(samling, mottakere=_only(fag), stand=stand, by=k, tell=True)
    _send()

    assert len(mail.outbox) == 3


def test_who_falls_out_while_they_answer_is_told_so(scene):
    samling, gruppe, fag, folk, k = scene
    plass = Deltakelse.objects.get(samling=samling, verv__person=folk["laerer"])
    [svar] = group_answers(samling, [gruppe])
    _change(samling, _only(fag), k)

    with pytest.raises(KanIkke, match="ikke lenger for deg"):
        answer(plass, kommer=True, by=folk["laerer"])
    with pytest.raises(Konflikt):
        sign_up_group(
            samling, gruppe=gruppe, kommer=[plass.verv_id], stand=svar.stand, by=folk["leder"]
        )


def test_an_audience_of_nobody_is_refused(scene):
    samling, _gruppe, _fag, _folk, k = scene
    tom = GruppeFactory(nettverk=samling.nettverk, type=Gruppe.Type.FAGMILJO)

    with pytest.raises(KanIkke, match="ingen mottakere"):
        _change(samling, _only(tom), k)
    assert Deltakelse.objects.filter(samling=samling).count() == 2


def test_the_page_shows_it_keeps_what_was_chosen_and_does_it(scene):
    samling, _gruppe, fag, folk, k = scene
    _signs_up(samling, folk["laerer"], k)
    client, valg = _client(k), {"til-grupper": [fag.pk]}

    assert "Se hva som endres" in client.get(_url(samling)).text
    vis = client.post(_url(samling), valg)
    tekst = " ".join(vis.text.split())
    assert "1 kommer til og blir invitert" in tekst
    assert "1 får invitasjonen på e-post." in tekst
    assert "1 faller ut" in tekst
    assert "1 er påmeldt, men ikke i utvalget" in tekst
    for navn in folk.values():
        assert navn.navn in vis.text
    ferdig = valg | {"lagre": "1", "stand": vis.context["bytte"].stand}

    uten_svar = client.post(_url(samling), ferdig)
    assert uten_svar.status_code == 422
    assert uten_svar.context["form"].errors["beskjed"] == [
        "Velg om de som faller ut, skal få beskjed."
    ]
    assert _invited(samling) == {folk["leder"], folk["laerer"]}

    svar = client.post(_url(samling), ferdig | {"beskjed": "nei"}, follow=True)
    assert "1 ny er invitert." in svar.text
    assert _invited(samling) == {folk["fag"], folk["laerer"]}


def test_who_has_no_verv_by_then_is_told_that_and_not_that_the_audience_was_changed(scene):
    samling, gruppe, fag, folk, k = scene
    folk["leder"].verv.update(gyldig=periode(None, samling.dato))
    Deltakelse.objects.filter(samling=samling, verv__person=folk["leder"]).update(status="avmeldt")
    annen = enhetsleder(gruppe)
    publisering.invite_new(samling, by=k)
    _send()
    client, valg = _client(k), {"til-grupper": [fag.pk]}

    vis = client.post(_url(samling), valg)
    tekst = " ".join(vis.text.split())
    assert vis.context["bytte"].har_sluttet == [folk["leder"]]
    assert "Vervet er slutt før samlingen" in tekst
    assert "Slik blir e-posten til dem som ikke har verv lenger" in tekst
    _change(samling, _only(fag), k, tell=True)
    _send()

    ute = {
        m.to[0]: m.body for m in mail.outbox if m.subject.startswith("Du er ikke lenger invitert")
    }
    assert "Vervet ditt er slutt" in ute[folk["leder"].epost]
    assert "Vi har endret hvem" not in ute[folk["leder"].epost]
    assert "Vi har endret hvem" in ute[annen.epost]


def test_it_is_said_why_fewer_get_an_email_than_come_in(scene):
    samling, gruppe, fag, _folk, k = scene
    _change(samling, _only(fag), k)
    _send()
    samling = Samling.objects.get(pk=samling.pk)
    ny = gruppemedlem(gruppe)

    valg = {"til-enheter": "on", "til-grupper": [fag.pk]}
    tekst = " ".join(_client(k).post(_url(samling), valg).text.split())

    assert ny.navn in tekst
    assert "3 kommer til og blir invitert" in tekst
    assert "1 får invitasjonen på e-post." in tekst
    assert "2 av dem som kommer til, får ingen egen e-post: Lederen melder på" in tekst


def test_many_who_have_signed_up_stand_by_kommune_with_their_unit_and_go_by_one_tick(scene):
    samling, gruppe, fag, folk, k = scene
    gruppemedlem(gruppe)
    publisering.invite_new(samling, by=k)
    Deltakelse.objects.filter(samling=samling).update(status="paameldt")
    client, valg = _client(k), {"til-grupper": [fag.pk]}

    vis = client.post(_url(samling), valg)
    tekst = " ".join(vis.text.split())
    assert f"{gruppe.enhet.kommune_per().navn} (3)" in tekst
    assert f"{folk['laerer'].navn}, {gruppe.enhet}" in tekst
    assert "Ta ut alle 3" in tekst
    ferdig = valg | {"lagre": "1", "stand": vis.context["bytte"].stand, "ta_ut_alle": "on"}
    assert client.post(_url(samling), ferdig).status_code == 422  # told, or not?

    client.post(_url(samling), ferdig | {"beskjed": "nei"})

    assert _invited(samling) == {folk["fag"]}


def test_the_page_says_when_somebody_answered_meanwhile(scene):
    samling, _gruppe, fag, folk, k = scene
    client, valg = _client(k), {"til-grupper": [fag.pk]}
    stand = client.post(_url(samling), valg).context["bytte"].stand
    _signs_up(samling, folk["laerer"], k)

    svar = client.post(_url(samling), valg | {"lagre": "1", "stand": stand, "beskjed": "nei"})

    assert svar.status_code == 409
    assert "Se over en gang til." in svar.text
    assert folk["laerer"].navn in svar.text
    assert Samling.objects.get(pk=samling.pk).mottakere.grupper == []


def test_the_newcomers_are_people_and_are_counted_when_asked(scene):
    samling, gruppe, _fag, _folk, k = scene
    pp = PersonFactory()
    for rolle in (Rolle.PP_RAADGIVER, Rolle.MEDLEM):
        VervFactory(gruppe=gruppe, person=pp, rolle=rolle)

    side = _client(k).get(reverse("rolu:samling", args=[samling.nettverk.slug, samling.pk]))
    assert "1 ny er ikke invitert." in " ".join(side.text.split())
    assert publisering.invite_new(samling, by=k) == 1
    assert publisering.newcomers(samling) == 0


def test_the_queries_are_as_many_for_one_as_for_twenty(scene, django_assert_max_num_queries):
    samling, gruppe, fag, _folk, k = scene
    for _ in range(20):
        gruppemedlem(gruppe)
        VervFactory(gruppe=fag)

    with django_assert_max_num_queries(8):
        foresee(samling, _only(fag))
    stand = foresee(samling, _only(fag)).stand
    with django_assert_max_num_queries(64):
        change_audience(samling, mottakere=_only(fag), stand=stand, by=k, tell=True)


@pytest.mark.django_db(transaction=True)
def test_a_sign_up_at_the_same_moment_is_never_lost(scene):
    samling, _gruppe, fag, folk, k = scene
    plass = Deltakelse.objects.get(samling=samling, verv__person=folk["laerer"])
    stand = foresee(samling, _only(fag)).stand

    svaret, byttet = at_once(
        lambda: answer(plass, kommer=True, by=folk["laerer"]),
        lambda: change_audience(samling, mottakere=_only(fag), stand=stand, by=k),
        holding=plass,
    )

    if isinstance(byttet, Konflikt):  # the answer came first, and is shown
        assert svaret.status == "paameldt"
        assert byttet.deres.paameldte == [folk["laerer"]]
        assert folk["laerer"] in _invited(samling)
    else:  # the change came first, and the person is told
        assert isinstance(svaret, KanIkke)
        assert _invited(samling) == {folk["fag"]}


def _with_substitute(samling, person) -> Gjest:
    rad = Deltakelse.objects.get(samling=samling, verv__person=person)
    Deltakelse.objects.filter(pk=rad.pk).update(status=Deltakelse.Status.AVMELDT)
    vara = GjestFactory(
        samling=samling,
        for_verv=rad.verv,
        gruppe=rad.verv.gruppe,
        navn="Ola Vik",
        epost="ola@skole.example",
    )
    bekreftelse.tell(samling, personer=[], gjester=[vara.pk], by=None)
    _send()
    return vara


def test_a_place_with_a_substitute_is_named_and_stays_until_it_is_taken_out(scene):
    samling, _gruppe, fag, folk, k = scene
    vara = _with_substitute(samling, folk["laerer"])

    bytte = foresee(samling, _only(fag))
    assert (bytte.ut, bytte.paameldte) == ([folk["leder"]], [folk["laerer"]])
    assert bytte.varaer == {folk["laerer"].pk: "Ola Vik"}
    valg = SamlingsbytteForm(bytte=bytte).fields["ta_ut"].choices
    assert valg[0][1].endswith("vara: Ola Vik")

    _change(samling, _only(fag), k)
    vara.refresh_from_db()
    assert vara.status == Gjest.Status.PAAMELDT

    samling = Samling.objects.get(pk=samling.pk)
    _change(samling, _only(fag, personer=[folk["leder"].pk]), k, ta_ut=[folk["laerer"].pk])
    vara.refresh_from_db()
    assert vara.status == Gjest.Status.AVMELDT
    assert Brev.objects.filter(slag=bekreftelse.AVMELDING, epost=vara.epost).count() == 1


def test_a_substitute_who_has_met_has_met_though_the_place_is_taken_out(scene):
    samling, _gruppe, fag, folk, k = scene
    vara = _with_substitute(samling, folk["laerer"])
    Gjest.objects.filter(pk=vara.pk).update(moett=samling.start)

    _change(samling, _only(fag), k, ta_ut=[folk["laerer"].pk])

    vara.refresh_from_db()
    assert folk["laerer"] not in _invited(samling)
    assert vara.status == Gjest.Status.PAAMELDT


def test_what_somebody_needed_goes_with_them_and_nobody_elses(scene):
    samling, _gruppe, fag, folk, k = scene
    for hvem in ("leder", "laerer"):
        _signs_up(samling, folk[hvem], k)
        Behov.objects.create(samling=samling, person=folk[hvem], valg=["egg"])

    _change(samling, _only(fag), k, ta_ut=[folk["laerer"].pk])

    assert [b.person for b in Behov.objects.all()] == [folk["leder"]]


def test_a_substitute_moves_with_the_answer_to_the_other_verv(scene):
    samling, _gruppe, fag, folk, k = scene
    vara = _with_substitute(samling, folk["laerer"])
    nytt = VervFactory(gruppe=fag, person=folk["laerer"])

    _change(samling, _only(fag), k)

    vara.refresh_from_db()
    assert (vara.for_verv, vara.gruppe, vara.status) == (nytt, fag, Gjest.Status.PAAMELDT)
    assert Deltakelse.objects.get(verv=nytt).status == Deltakelse.Status.AVMELDT


def test_a_substitute_meanwhile_is_a_conflict(scene):
    samling, _gruppe, fag, folk, k = scene
    stand = foresee(samling, _only(fag)).stand
    GjestFactory(samling=samling, for_verv=folk["laerer"].verv.get())

    with pytest.raises(Konflikt):
        change_audience(samling, mottakere=_only(fag), stand=stand, by=k)
