"""Who a gathering is for: proposed by its type, chosen in the picker, kept, and asked again later."""

import pytest
from django.test import Client
from django.urls import reverse

from kommuner.models import Enhet
from nettverk.models import Brev, Gruppe, Mottakere, Rolle
from nettverk.mottakere.egne import ENHETSTYPE, KOMMUNE
from nettverk.skriving.konflikt import KanIkke
from rolu.models import Deltakelse, Samling
from rolu.samlinger import publisering
from rolu.samlinger.paamelding import answer, group_answers
from tests.kommuner.factories import EnhetFactory
from tests.nettverk.factories import (
    GruppeFactory,
    PersonFactory,
    VervFactory,
    enhetsleder,
    gruppemedlem,
    koordinator,
    nettverk_med_enhet,
)
from tests.rolu.factories import SamlingFactory

pytestmark = pytest.mark.django_db
ALLE = {"til-enheter": "on"}


@pytest.fixture
def scene():
    nettverk, gruppe = nettverk_med_enhet()
    fag = GruppeFactory(nettverk=nettverk, type=Gruppe.Type.FAGNETTVERK)
    return nettverk, gruppe, fag, koordinator(nettverk)


def _client(person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _url(navn: str, samling: Samling) -> str:
    return reverse(f"rolu:{navn}", args=[samling.nettverk.slug, samling.pk])


def _invited(samling) -> set:
    return {d.verv.person for d in Deltakelse.objects.filter(samling=samling)}


@pytest.mark.parametrize(
    ("type_", "hvem"),
    [("rolu", {"leder"}), ("nettverksmoete", {"fag"}), ("fagdag", set()), ("annen", set())],
)
def test_the_type_proposes_who_and_proposes_no_more(scene, type_, hvem):
    nettverk, gruppe, fag, _k = scene
    folk = {"leder": enhetsleder(gruppe), "fag": VervFactory(gruppe=fag).person}
    samling = SamlingFactory(nettverk=nettverk, type=type_)

    forslag = publisering.audience(samling)

    assert {v.person for v in publisering.verv_to_invite(samling)} == {folk[h] for h in hvem}
    assert forslag.pk is None
    assert Mottakere.objects.count() == 0


def test_a_fagnettverk_meeting_invites_the_fagnettverk_alone(scene):
    nettverk, gruppe, fag, k = scene
    enhetsleder(gruppe)
    medlem = VervFactory(gruppe=fag).person
    samling = SamlingFactory(nettverk=nettverk, type="nettverksmoete")

    _client(k).post(_url("samling_publiser", samling), {"til-grupper": [fag.pk]})

    samling.refresh_from_db()
    assert _invited(samling) == {medlem}
    assert samling.mottakere.grupper == [fag.pk]
    assert [b.til for b in Brev.objects.all()] == [medlem]


def test_filters_single_people_and_exceptions_from_the_page_are_kept_and_followed(scene):
    nettverk, gruppe, _fag, k = scene
    kommune = gruppe.enhet.kommune_per()
    barnehage = GruppeFactory(
        nettverk=nettverk,
        utviklingsgruppe=True,
        enhet=EnhetFactory(kommune=kommune, type=Enhet.Type.BARNEHAGE),
    )
    utenfor = GruppeFactory(
        nettverk=nettverk,
        utviklingsgruppe=True,
        enhet=EnhetFactory(kommune=kommune, type=Enhet.Type.BARNEHAGE),
    )
    Enhet.objects.filter(pk=gruppe.enhet_id).update(type=Enhet.Type.GRUNNSKOLE)
    for g in (gruppe, utenfor):
        enhetsleder(g)
    styrer, alene = enhetsleder(barnehage), gruppemedlem(gruppe)
    samling = SamlingFactory(nettverk=nettverk)

    _client(k).post(
        _url("samling_publiser", samling),
        {
            **ALLE,
            "til-bare_nettverk_enhetstype": ["barnehage"],
            "til-bare_nettverk_kommune": [kommune.kommunenummer],
            "til-personer": [alene.pk],
            "til-uten_grupper": [utenfor.pk],
        },
    )

    samling.refresh_from_db()
    assert _invited(samling) == {styrer, alene}
    assert samling.mottakere.filtre == {
        ENHETSTYPE: ["barnehage"],
        KOMMUNE: [kommune.kommunenummer],
    }
    assert {b.til for b in Brev.objects.all()} == {styrer, alene}


def test_those_who_come_later_are_invited_by_the_same_audience(scene):
    nettverk, gruppe, fag, k = scene
    enhetsleder(gruppe)
    samling = SamlingFactory(nettverk=nettverk)
    publisering.publish(
        samling,
        by=k,
        mottakere=Mottakere(
            nettverk=nettverk, enheter=True, roller=[Rolle.FORMELL_LEDER], grupper=[fag.pk]
        ),
    )
    ny_leder, ny_laerer = enhetsleder(gruppe), gruppemedlem(gruppe)
    ny_fag = VervFactory(gruppe=fag).person

    antall = publisering.invite_new(samling, by=k)

    assert antall == 2
    assert {ny_leder, ny_fag} <= _invited(samling)
    assert ny_laerer not in _invited(samling)


@pytest.mark.parametrize("sendt", [{}, {"til-uten_grupper": []}])
def test_an_audience_of_nobody_is_refused_at_the_field(scene, sendt):
    nettverk, _gruppe, _fag, k = scene
    samling = SamlingFactory(nettverk=nettverk, type="fagdag")

    svar = _client(k).post(_url("samling_publiser", samling), sendt)

    assert svar.status_code == 422
    assert svar.context["form"].errors["enheter"] == ["Velg hvem det skal gå til."]
    assert Samling.objects.get(pk=samling.pk).er_utkast


def test_an_audience_that_reaches_nobody_is_refused_at_the_field(scene):
    nettverk, _gruppe, fag, k = scene
    samling = SamlingFactory(nettverk=nettverk)

    svar = _client(k).post(_url("samling_publiser", samling), {"til-grupper": [fag.pk]})

    assert svar.status_code == 422
    assert svar.context["form"].errors["enheter"][0].startswith("Utvalget gir ingen mottakere.")
    assert Samling.objects.get(pk=samling.pk).er_utkast


def test_the_act_itself_refuses_nobody(scene):
    nettverk, _gruppe, _fag, k = scene
    samling = SamlingFactory(nettverk=nettverk, type="fagdag")

    with pytest.raises(KanIkke, match="Velg hvem"):
        publisering.publish(samling, by=k)

    assert Samling.objects.get(pk=samling.pk).er_utkast


def test_groups_and_people_of_another_network_cannot_be_chosen(scene):
    nettverk, gruppe, _fag, k = scene
    enhetsleder(gruppe)
    _n, fremmed = nettverk_med_enhet()
    fremmed_leder = enhetsleder(fremmed)
    samling = SamlingFactory(nettverk=nettverk)

    svar = _client(k).post(
        _url("samling_publiser", samling),
        {**ALLE, "til-personer": [fremmed_leder.pk], "til-grupper": [fremmed.pk]},
    )

    assert svar.status_code == 422
    assert set(svar.context["form"].errors) == {"personer", "grupper"}


def test_the_count_anew_publishes_nothing_and_is_a_piece_of_the_page_by_htmx(scene):
    nettverk, gruppe, fag, k = scene
    leder = enhetsleder(gruppe)
    VervFactory(gruppe=fag)
    samling = SamlingFactory(nettverk=nettverk, type="fagdag")
    sendt = {**ALLE, "til-grupper": [fag.pk], "til-finn_person": leder.navn, "oppdater": "1"}

    hel = _client(k).post(_url("samling_publiser", samling), sendt)
    bit = _client(k).post(_url("samling_publiser", samling), sendt, headers={"HX-Request": "true"})

    for svar in (hel, bit):
        assert "2 personer i 2 grupper" in " ".join(svar.text.split())
        assert "2 får e-post." in svar.text
        assert f'id="til-personer-{leder.pk}"' in svar.text
    assert "<html" in hel.text
    assert "<html" not in bit.text
    assert Samling.objects.get(pk=samling.pk).er_utkast
    assert Mottakere.objects.count() == 0


def test_the_choice_can_be_kept_with_the_draft(scene):
    nettverk, gruppe, fag, k = scene
    enhetsleder(gruppe)
    VervFactory(gruppe=fag)
    samling = SamlingFactory(nettverk=nettverk)

    _client(k).post(_url("samling_publiser", samling), {"til-grupper": [fag.pk], "lagre": "1"})
    _client(k).post(_url("samling_publiser", samling), {**ALLE, "lagre": "1"})

    samling = Samling.objects.get(pk=samling.pk)
    assert samling.er_utkast
    assert not Deltakelse.objects.exists()
    [rad] = Mottakere.objects.all()
    assert (rad.enheter, rad.grupper) == (True, [])
    publisering.delete_draft(samling)
    assert not Mottakere.objects.exists()


def test_a_pp_raadgiver_in_eight_groups_gets_one_letter_with_one_list_and_answers_once(scene):
    nettverk, gruppe, _fag, k = scene
    pp = PersonFactory()
    kommune = gruppe.enhet.kommune_per()
    grupper = [gruppe] + [
        GruppeFactory(nettverk=nettverk, utviklingsgruppe=True, enhet=EnhetFactory(kommune=kommune))
        for _ in range(7)
    ]
    for g in grupper:
        enhetsleder(g)
        VervFactory(gruppe=g, person=pp, rolle=Rolle.PP_RAADGIVER)
    samling = SamlingFactory(nettverk=nettverk, type="fagdag")

    _client(k).post(_url("samling_publiser", samling), {**ALLE, "til-roller": [Rolle.PP_RAADGIVER]})

    [brev] = Brev.objects.all()
    assert brev.til == pp
    assert all(f"– {g.navn}" in brev.tekst for g in grupper)
    side = _client(pp).get(_url("paamelding", samling))
    assert side.text.count('id="eget"') == 1
    svar = _client(pp).post(
        _url("paamelding", samling), {"deltakelse": side.context["eget"]["pk"], "svar": "ja"}
    )
    assert svar.status_code == 302
    assert set(Deltakelse.objects.values_list("status", flat=True)) == {"paameldt"}
    assert Deltakelse.objects.count() == 8


def test_a_leader_signs_up_those_who_are_meant_and_no_others(scene):
    nettverk, gruppe, _fag, k = scene
    leder = enhetsleder(gruppe)
    gruppemedlem(gruppe)
    samling = SamlingFactory(nettverk=nettverk)
    publisering.publish(
        samling,
        by=k,
        mottakere=Mottakere(nettverk=nettverk, enheter=True, roller=[Rolle.FORMELL_LEDER]),
    )

    [svar] = group_answers(Samling.objects.get(pk=samling.pk), [gruppe])

    assert [m.verv.person for m in svar.medlemmer] == [leder]


def test_a_leader_whose_group_is_not_invited_is_told_so(scene):
    nettverk, gruppe, fag, k = scene
    leder = enhetsleder(gruppe)
    VervFactory(gruppe=fag)
    samling = SamlingFactory(nettverk=nettverk, type="nettverksmoete")
    publisering.publish(samling, by=k)

    side = _client(leder).get(_url("paamelding", samling))

    assert "Du er ikke invitert til denne samlingen" in side.text
    assert "Meld på gruppa" not in side.text


def test_ones_own_no_is_for_every_group_one_is_in(scene):
    nettverk, gruppe, fag, k = scene
    person = gruppemedlem(gruppe)
    VervFactory(gruppe=fag, person=person)
    samling = SamlingFactory(nettverk=nettverk)
    publisering.publish(
        samling, by=k, mottakere=Mottakere(nettverk=nettverk, enheter=True, grupper=[fag.pk])
    )

    answer(Deltakelse.objects.filter(samling=samling).first(), kommer=False, by=person)

    assert set(Deltakelse.objects.values_list("status", flat=True)) == {"avmeldt"}


def test_the_history_tells_who_was_meant_before(scene):
    nettverk, gruppe, fag, k = scene
    enhetsleder(gruppe)
    VervFactory(gruppe=fag)
    samling = SamlingFactory(nettverk=nettverk)
    publisering.choose_audience(samling, mottakere=Mottakere(nettverk=nettverk, grupper=[fag.pk]))
    publisering.choose_audience(samling, mottakere=Mottakere(nettverk=nettverk, enheter=True))

    rad = Samling.objects.get(pk=samling.pk).mottakere
    assert [(e.enheter, e.grupper) for e in rad.events.order_by("pgh_id")] == [
        (False, [fag.pk]),
        (True, []),
    ]
    assert publisering.publish(samling, by=k) == 1
    with pytest.raises(KanIkke):
        publisering.choose_audience(samling, mottakere=rad)
