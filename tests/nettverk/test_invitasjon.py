"""Invitations: who gets one, what it says, and that nobody learns from it whose an address is."""

import datetime
import random
import re
import subprocess
import sys
import time
from collections import Counter
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from kommuner.gyldighet import idag, periode
from nettverk import verv as vervene
from nettverk.arbeid import jobber, utsending
from nettverk.arbeid.brev import try_again
from nettverk.arbeid.gjelder import gjelder
from nettverk.invitasjon import INVITASJON, invite, not_invited, overview
from nettverk.maskinrom.miljo import ROT
from nettverk.models import Brev, Gruppe, Jobb, Nettverk, Partner, Person, Rolle, Ubesvart, Verv
from nettverk.skriving.konflikt import KanIkke
from tests import smtp
from tests.nettverk.factories import (
    GruppeFactory,
    NettverkFactory,
    PersonFactory,
    VervFactory,
    enhetsleder,
    koordinator,
    nettverk_med_enhet,
)

pytestmark = pytest.mark.django_db

NY, ANNETSTEDS = "ny@a.example", "noen@annetsted.example"


@pytest.fixture
def gruppe() -> Gruppe:
    return nettverk_med_enhet()[1]


@pytest.fixture
def sjef(gruppe: Gruppe, client: Client) -> Person:
    person = koordinator(gruppe.nettverk)
    Person.objects.filter(pk=person.pk).update(last_login=timezone.now())
    client.force_login(person)
    return person


def _appoint(gruppe: Gruppe, sjef: Person, epost: str = NY, **felt: object) -> Verv:
    return vervene.appoint(
        gruppe=gruppe,
        navn="Skrevet Navnesen",
        epost=epost,
        rolle=felt.pop("rolle", Rolle.FORMELL_LEDER),
        gyldig=periode(idag()),
        by=sjef,
        spoer=False,
        **felt,
    )


def _stranger() -> Person:
    """Somebody with an account that only another network knows."""
    return VervFactory(person=PersonFactory(epost=ANNETSTEDS, navn="Ekte Hemmelig")).person


def _url(gruppe: Gruppe, navn: str = "inviter") -> str:
    return reverse(f"nettverk:{navn}", args=[gruppe.nettverk.slug])


def _states(gruppe: Gruppe) -> dict[str, tuple[bool, bool, bool]]:
    return {
        en.person.postadresse: (en.invitert is not None, en.har_svart, en.har_vaert_inne)
        for en in overview(gruppe.nettverk)
    }


# --- the letter


def test_one_with_eight_verv_gets_one_letter_that_lists_them(gruppe, sjef):
    forste = _appoint(gruppe, sjef)
    for n in range(7):
        annen = GruppeFactory(nettverk=gruppe.nettverk, navn=f"Arbeidsgruppe {n}")
        _appoint(annen, sjef, rolle=Rolle.MEDLEM)

    (brevet,) = invite([forste.person_id], nettverk=gruppe.nettverk, by=sjef)

    assert brevet.tekst.count("\n– ") == 8
    assert f"formell leder, {gruppe.navn}" in brevet.tekst
    assert "Arbeidsgruppe 6" in brevet.tekst
    assert sjef.navn in brevet.tekst
    assert f"{reverse('nettverk:etter_innlogging')}?nettverk={gruppe.nettverk.slug}" in brevet.tekst
    assert not re.search(r"\b\d{6}\b", brevet.tekst)


def test_each_reads_it_in_their_own_language_with_the_networks_names_for_roles(gruppe, sjef):
    gruppe.nettverk.egne_rollenavn = {"formell_leder": "styrar"}
    gruppe.nettverk.save()
    for epost, spraak in (("nn@a.example", "nn"), ("en@a.example", "en")):
        person = _appoint(gruppe, sjef, epost).person
        Person.objects.filter(pk=person.pk).update(spraak=spraak)
    alle = Verv.objects.filter(gruppe=gruppe).values_list("person", flat=True)

    brevene = {b.spraak: b for b in invite(alle, nettverk=gruppe.nettverk, by=sjef)}

    assert "Logg inn med adressa" in brevene["nn"].tekst
    assert "Sign in with" in brevene["en"].tekst
    assert all("styrar" in b.tekst for b in brevene.values())


def test_a_day_has_one_letter_and_the_next_day_another(gruppe, sjef):
    person = _appoint(gruppe, sjef).person
    en = [len(invite([person.pk], nettverk=gruppe.nettverk, by=sjef)) for _n in range(2)]
    i_gaar = timezone.now() - datetime.timedelta(days=1)
    Brev.objects.update(opprettet=i_gaar, noekkel="i går")

    assert en == [1, 0]
    assert len(invite([person.pk], nettverk=gruppe.nettverk, by=sjef)) == 1


def test_a_second_verv_before_the_letter_has_gone_stands_in_it(gruppe, sjef):
    person = _appoint(gruppe, sjef).person
    invite([person.pk], nettverk=gruppe.nettverk, by=sjef)
    _appoint(GruppeFactory(nettverk=gruppe.nettverk, navn="Styringsgruppa"), sjef, rolle="medlem")

    invite([person.pk], nettverk=gruppe.nettverk, by=sjef)

    assert "Styringsgruppa" in Brev.objects.get().tekst


def test_a_failed_letter_is_not_sent_again_to_one_who_has_left(gruppe, sjef):
    verv = _appoint(gruppe, sjef)
    invite([verv.person_id], nettverk=gruppe.nettverk, by=sjef)
    Brev.objects.update(tilstand="feilet", grunn="adresse")
    verv.end()

    with override("nb"), pytest.raises(KanIkke, match="ikke lenger noe verv"):
        try_again(Brev.objects.all(), by=sjef)


def test_writing_costs_the_same_for_one_and_for_many(gruppe, sjef):
    def cost(antall: int) -> int:
        folk = VervFactory.create_batch(antall, gruppe=gruppe)
        with CaptureQueriesContext(connection) as spoerringer:
            invite([v.person_id for v in folk], nettverk=gruppe.nettverk, by=sjef)
        return len(spoerringer)

    cost(1)
    assert cost(1) == cost(9)


# --- nobody learns whose an address is


def test_a_stand_in_gets_the_same_letter_looks_the_same_and_gets_no_second_one(gruppe, sjef):
    _stranger()
    folk = [_appoint(gruppe, sjef, epost).person_id for epost in (NY, ANNETSTEDS)]

    brevene = {b.epost: b for b in invite(folk, nettverk=gruppe.nettverk, by=sjef)}

    ny, annen = brevene[NY], brevene[ANNETSTEDS]
    assert ny.emne == annen.emne
    assert ny.tekst.replace(NY, "X") == annen.tekst.replace(ANNETSTEDS, "X")
    states = _states(gruppe)
    assert states[NY] == states[ANNETSTEDS] == (True, False, False)
    # The letter that asks on its own is not sent besides.
    assert Brev.objects.count() == 2


def test_that_a_stand_ins_account_signs_in_elsewhere_shows_nothing_here(gruppe, sjef, client):
    fremmed = _stranger()
    _appoint(gruppe, sjef, NY)
    _appoint(gruppe, sjef, ANNETSTEDS)
    Person.objects.filter(pk=fremmed.pk).update(last_login=timezone.now())

    side = client.get(_url(gruppe)).text

    assert _states(gruppe)[ANNETSTEDS] == _states(gruppe)[NY] == (False, False, False)
    assert side.count("ikke svart") == 2


def test_who_has_answered_has_been_in(gruppe, sjef):
    fremmed = _stranger()
    _appoint(gruppe, sjef, ANNETSTEDS)
    Person.objects.filter(pk=fremmed.pk).update(last_login=timezone.now())

    vervene.accept(Ubesvart.objects.get(konto=fremmed))

    assert _states(gruppe)[ANNETSTEDS] == (False, True, True)


def test_who_said_no_is_not_invited_again_when_written_down_anew(gruppe, sjef, client):
    fremmed = _stranger()
    _appoint(gruppe, sjef, ANNETSTEDS)
    vervene.decline(Ubesvart.objects.get(konto=fremmed))
    igjen = _appoint(gruppe, sjef, ANNETSTEDS)

    assert invite([igjen.person_id], nettverk=gruppe.nettverk, by=sjef) == []
    assert "svarte nei nylig" in client.get(_url(gruppe)).text


def test_who_said_no_lately_does_not_keep_the_step_of_inviting_open(gruppe, sjef):
    fremmed = _stranger()
    _appoint(gruppe, sjef, ANNETSTEDS)
    assert [p.postadresse for p in not_invited(gruppe.nettverk)] == [ANNETSTEDS]
    vervene.decline(Ubesvart.objects.get(konto=fremmed))
    _appoint(gruppe, sjef, ANNETSTEDS)
    ny = _appoint(gruppe, sjef, NY, rolle=Rolle.MEDLEM).person

    assert list(not_invited(gruppe.nettverk)) == [ny]


def test_the_letter_names_the_partner_that_somebody_speaks_for(gruppe, sjef):
    partner = Partner.objects.create(
        nettverk=gruppe.nettverk, navn="Høgskulen", gyldig=periode(idag())
    )
    annen = GruppeFactory(nettverk=gruppe.nettverk, navn="Faggruppa")
    verv = _appoint(annen, sjef, rolle=Rolle.MEDLEM, representerer_partner=partner)

    (brevet,) = invite([verv.person_id], nettverk=gruppe.nettverk, by=sjef)

    assert "Faggruppa (Høgskulen)" in brevet.tekst


@pytest.mark.parametrize("epost", [NY, ANNETSTEDS])
def test_appointed_on_the_groups_page_with_the_tick_one_letter_goes(gruppe, sjef, client, epost):
    _stranger()
    adresse = reverse("nettverk:verv_ny", args=[gruppe.nettverk.slug, gruppe.pk])
    felt = {
        "navn": "Skrevet Navnesen",
        "epost": epost,
        "rolle": "medlem",
        "fra": idag().isoformat(),
        "inviter": "on",
    }
    assert re.search(r'name="inviter"[^>]*checked', client.get(adresse).text)

    client.post(adresse, felt)

    (brevet,) = Brev.objects.all()
    assert (brevet.slag, brevet.epost, brevet.til.navn) == (INVITASJON, epost, "Skrevet Navnesen")


# --- the page


def test_all_who_have_not_been_in_are_shown_counted_previewed_and_then_invited(
    gruppe, sjef, client
):
    for n in range(3):
        _appoint(gruppe, sjef, f"p{n}@a.example", rolle=Rolle.MEDLEM)

    liste = client.get(_url(gruppe)).text
    assert "Inviter alle 3 som ikke har vært inne" in liste
    assert sjef.postadresse not in liste
    send = client.get(_url(gruppe, "inviter_send") + "?alle=on")
    assert "3 personer får invitasjon" in send.text
    assert "Du er lagt til i" in send.text
    assert not Brev.objects.exists()
    skjema = send.context["form"].initial

    for _n in range(2):
        client.post(_url(gruppe, "inviter_send"), skjema)

    assert Counter(Brev.objects.values_list("epost", flat=True)) == {
        f"p{n}@a.example": 1 for n in range(3)
    }
    assert "3" in client.get(_url(gruppe)).text
    assert client.get(_url(gruppe, "inviter_send") + "?alle=on").status_code == 302


def test_only_the_ticked_are_invited_and_nobody_of_another_network(gruppe, sjef, client):
    en, annen = (_appoint(gruppe, sjef, f"p{n}@a.example").person_id for n in range(2))
    fremmed = VervFactory().person_id

    side = client.get(_url(gruppe, "inviter_send"), {"person": [en, fremmed]})
    client.post(_url(gruppe, "inviter_send"), {"hvem": f"{en},{fremmed},tull"})

    assert side.context["antall"] == 1
    assert [b.til_id for b in Brev.objects.all()] == [en]
    assert annen not in {b.til_id for b in Brev.objects.all()}


def test_the_list_is_narrowed_by_name_kommune_group_and_state(gruppe, sjef, client):
    annen = GruppeFactory(nettverk=gruppe.nettverk, navn="Styringsgruppa")
    inne = enhetsleder(gruppe)
    Person.objects.filter(pk=inne.pk).update(last_login=timezone.now())
    a = _appoint(gruppe, sjef, "a@a.example").person
    b = _appoint(annen, sjef, "b@a.example", rolle="medlem").person
    Person.objects.filter(pk=b.pk).update(navn="Bjørn Øye")
    invite([a.pk], nettverk=gruppe.nettverk, by=sjef)

    def shown(**filter_: object) -> set[str]:
        side = client.get(_url(gruppe), filter_)
        return {en.person.postadresse for en in side.context["side"].object_list}

    assert shown() == {a.epost, b.epost}
    assert shown(tilstand="inne") == {inne.epost, sjef.epost}
    assert shown(tilstand="invitert") == {a.epost}
    assert shown(tilstand="ikke_invitert") == {b.epost}
    assert shown(gruppe=annen.pk) == {b.epost}
    assert shown(gruppe="enheter") == {a.epost}
    assert shown(kommune=gruppe.enhet.kommune_per().pk) == {a.epost}
    assert shown(q="bjorn") == {b.epost}


def test_the_page_costs_the_same_with_one_and_three_people(gruppe, sjef, client):
    def cost() -> int:
        with CaptureQueriesContext(connection) as spoerringer:
            client.get(_url(gruppe))
        return len(spoerringer)

    invite([_appoint(gruppe, sjef).person_id], nettverk=gruppe.nettverk, by=sjef)
    cost()
    en = cost()
    for n in range(2):
        verv = _appoint(gruppe, sjef, f"p{n}@a.example", rolle=Rolle.MEDLEM)
        invite([verv.person_id], nettverk=gruppe.nettverk, by=sjef)

    assert cost() == en


# --- 700 letters, and a worker that dies


@pytest.mark.django_db(transaction=True)
def test_seven_hundred_invitations_with_a_worker_killed_twice_leave_nobody_without(
    settings, barnemiljo
):
    nettverk = NettverkFactory()
    gruppe = GruppeFactory(nettverk=nettverk)
    sjef = koordinator(nettverk)
    folk = [v.person_id for v in VervFactory.create_batch(700, gruppe=gruppe)]
    with smtp.posttjener() as tjener:
        smtp.use(settings, tjener)
        assert len(invite(folk, nettverk=nettverk, by=sjef)) == 700
        miljo = {
            **barnemiljo,
            "DJANGO_SETTINGS_MODULE": "nettverk.settings",
            "DEMO": "0",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(tjener.port),
        }
        kommando = [sys.executable, "-m", "tests.nettverk.arbeid.brevskriving", gjelder(nettverk)]
        for drap in (1, 2):
            arbeider = subprocess.Popen(kommando, cwd=ROT, env=miljo)
            slutt = time.monotonic() + 90
            while len(tjener.mottatt) < 150 * drap and time.monotonic() < slutt:
                time.sleep(random.Random(drap).random() / 100)
            arbeider.kill()
            arbeider.wait()
        # The sweep's part: the letter a dead worker held is named, and the job does the rest.
        Brev.objects.filter(tilstand="sender").update(
            leie_til=timezone.now() - datetime.timedelta(seconds=1)
        )
        utsending.sweep()
        jobber.run(Jobb.objects.active().get().pk)
        usikre = Brev.objects.filter(grunn="uvisst")
        assert usikre.count() <= 2
        # A person sends those again, from the outbox.
        try_again(usikre, by=sjef)
        for jobb in Jobb.objects.active():
            jobber.run(jobb.pk)

        antall = tjener.antall()
        epostene = set(Person.objects.filter(pk__in=folk).values_list("epost", flat=True))
        assert set(tjener.til) == epostene
        doble = {epost: n for epost, n in antall.items() if n > 1}
        assert len(doble) <= 2
        assert max(antall.values()) <= 2
        for epost in doble:  # byte for byte the same letter
            assert len({innhold for til, innhold in tjener.mottatt if til == epost}) == 1
        assert not Brev.objects.exclude(tilstand="sendt").exists()


# --- answered, and where it leads


@pytest.mark.django_db(transaction=True)
def test_an_answer_goes_to_the_one_who_invited_and_the_letter_says_so(settings):
    nettverk, gruppe = nettverk_med_enhet()
    sjef = koordinator(nettverk)
    forste = _appoint(gruppe, sjef)
    with smtp.posttjener() as tjener:
        smtp.use(settings, tjener)
        invite([forste.person_id], nettverk=nettverk, by=sjef)
        for jobb in Jobb.objects.active():
            jobber.run(jobb.pk)
        brevet = tjener.brev()

    assert brevet["Reply-To"] == f"{sjef.navn} <{sjef.epost}>"
    assert f"Svaret går til {sjef.navn}." in brevet.get_content()


def test_the_letter_leads_to_the_network_it_is_about_also_for_one_with_several(
    gruppe, sjef, client: Client
):
    person = _appoint(gruppe, sjef).person
    VervFactory(person=person)
    (brevet,) = invite([person.pk], nettverk=gruppe.nettverk, by=sjef)
    sti = re.search(r"https?://[^/\s]+(/\S+)", brevet.tekst)[1]
    client.logout()

    # First to sign in, and from there the same way.
    assert quote(sti) in client.get(sti)["Location"]
    client.force_login(person)
    hjem = reverse("nettverk:hjem", args=[gruppe.nettverk.slug])
    assert client.get(sti)["Location"] == hjem
    # A network one is not in is no way in.
    assert client.get(f"{sti}x").status_code == 200


def test_the_first_koordinator_is_told_to_begin_with_the_list(gruppe, sjef):
    nettverk = gruppe.nettverk
    Nettverk.objects.filter(pk=nettverk.pk).update(satt_opp=None)
    nettverk.refresh_from_db()
    ny = VervFactory(gruppe=Gruppe.objects.get(verv__person=sjef), rolle="koordinator").person

    (brevet,) = invite([ny.pk], nettverk=nettverk, by=sjef)

    assert "Følg lista «Kom i gang»" in brevet.tekst
