"""Which units an assignment is for is changed: who gets it, who loses it, and who has begun and keeps it."""

import datetime
import uuid
from collections import Counter
from functools import partial

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from kommuner.gyldighet import idag
from kommuner.models import Enhet
from laeringsloyper.models import Laeringsloype
from laeringsloyper.mottakere import FOLGER
from nettverk.arbeid import jobber
from nettverk.filer.kvote import claim
from nettverk.filer.opplasting import GodkjentFil
from nettverk.models import Gruppe, Jobb, Mottakere
from nettverk.mottakere.egne import ENHETSTYPE
from nettverk.skriving.konflikt import KanIkke, Konflikt
from rolu.mellomarbeid import innlevering, logg, praksis, tilbaketrekking, vedlegg
from rolu.mellomarbeid.oppdrag import (
    change_audience,
    delete,
    foresee_change,
    give,
    give_to_new,
    give_to_newcomers,
    units_of,
)
from rolu.models import Mellomarbeid, Oppdrag
from tests.kommuner.factories import EnhetFactory
from tests.nettverk.factories import (
    GruppeFactory,
    VervFactory,
    enhetsleder,
    kog,
    koordinator,
    nettverk_med_enhet,
)
from tests.rolu.factories import LoggpostFactory, SamlingFactory
from tests.samtidig import at_once, kinds

pytestmark = pytest.mark.django_db
SKOLE, BARNEHAGE, SFO = "grunnskole", "barnehage", "sfo"


@pytest.fixture
def scene():
    """Given to the schools, of which there are two, and sent; beside them a kindergarten."""
    nettverk, forste = nettverk_med_enhet()
    kommune = forste.enhet.kommune_per()
    Enhet.objects.filter(pk=forste.enhet_id).update(type=SKOLE)
    grupper = [forste] + [
        GruppeFactory(
            nettverk=nettverk,
            utviklingsgruppe=True,
            enhet=EnhetFactory(kommune=kommune, type=type_),
        )
        for type_ in (SKOLE, BARNEHAGE)
    ]
    ledere = [enhetsleder(g) for g in grupper]
    k = koordinator(nettverk)
    oppdrag = give(
        nettverk=nettverk,
        samling=None,
        tittel="Utforsk ute",
        tekst="Ta matematikken med ut.",
        frist=idag() + datetime.timedelta(days=9),
        laeringsloype=None,
        by=k,
        mottakere=_types(nettverk, SKOLE),
    )
    _send()
    return oppdrag, grupper, ledere, k


def _types(nettverk, *typer: str) -> Mottakere:
    return Mottakere(nettverk=nettverk, enheter=True, filtre={ENHETSTYPE: list(typer)})


def _send() -> None:
    for jobb in Jobb.objects.active():
        jobber.run(jobb.pk)


def _have_it(oppdrag) -> set[Gruppe]:
    return {m.gruppe for m in oppdrag.mellomarbeid.all()}


def test_units_come_in_and_fall_out_and_one_that_has_begun_keeps_it(scene):
    oppdrag, (begynt, urort, barnehage), ledere, k = scene
    LoggpostFactory(mellomarbeid=Mellomarbeid.objects.get(oppdrag=oppdrag, gruppe=begynt))
    mottakere = _types(oppdrag.nettverk, BARNEHAGE)

    bytte = foresee_change(oppdrag, mottakere)

    assert [g for g, _k in bytte.nye] == [barnehage]
    assert [m.gruppe for m in bytte.ut] == [urort]
    assert [m.gruppe for m in bytte.begynt] == [begynt]
    assert bytte.vet == 1
    change_audience(oppdrag, mottakere=mottakere, stand=bytte.stand, by=k, tell=True)
    _send()
    assert _have_it(oppdrag) == {begynt, barnehage}
    assert {(m.to[0], m.subject.split(" «")[0]) for m in mail.outbox[2:]} == {
        (ledere[1].epost, "Oppdraget"),
        (ledere[2].epost, "Nytt oppdrag:"),
    }
    assert Oppdrag.objects.get(pk=oppdrag.pk).mottakere.filtre == {ENHETSTYPE: [BARNEHAGE]}


def test_nobody_is_told_when_one_says_no_and_twice_is_once(scene):
    oppdrag, _grupper, ledere, k = scene
    mottakere = _types(oppdrag.nettverk, BARNEHAGE)
    stand = foresee_change(oppdrag, mottakere).stand

    for _ in range(2):
        change_audience(oppdrag, mottakere=mottakere, stand=stand, by=k)
    _send()

    assert [m.to[0] for m in mail.outbox[2:]] == [ledere[2].epost]


def test_a_unit_that_begins_meanwhile_is_a_conflict_and_loses_nothing(scene):
    oppdrag, (forste, *_), _ledere, k = scene
    mottakere = _types(oppdrag.nettverk, BARNEHAGE)
    stand = foresee_change(oppdrag, mottakere).stand
    LoggpostFactory(mellomarbeid=Mellomarbeid.objects.get(oppdrag=oppdrag, gruppe=forste))

    with pytest.raises(Konflikt) as feil:
        change_audience(oppdrag, mottakere=mottakere, stand=stand, by=k)

    assert [m.gruppe for m in feil.value.deres.begynt] == [forste]
    assert oppdrag.mellomarbeid.count() == 2


def test_no_unit_is_refused_and_so_is_whoever_may_not(scene):
    oppdrag, _grupper, _ledere, k = scene
    tomt = _types(oppdrag.nettverk, SFO)
    stand = foresee_change(oppdrag, tomt).stand

    with pytest.raises(KanIkke, match="ingen mottakere"):
        change_audience(oppdrag, mottakere=tomt, stand=stand, by=k)
    with pytest.raises(PermissionDenied):
        change_audience(oppdrag, mottakere=tomt, stand=stand, by=kog(oppdrag.nettverk))
    assert oppdrag.mellomarbeid.count() == 2


def test_what_was_given_to_more_than_the_followers_is_not_the_fagmiljos_to_take_away(scene):
    oppdrag, grupper, _ledere, k = scene
    nettverk = oppdrag.nettverk
    fag = GruppeFactory(nettverk=nettverk, type=Gruppe.Type.FAGMILJO)
    oppdrag.laeringsloype = Laeringsloype.objects.create(
        nettverk=nettverk, slug="matematikk", navn="Matematikk", ansvarlig_gruppe=fag
    )
    oppdrag.save()
    f = VervFactory(gruppe=fag).person
    folger = Mottakere(nettverk=nettverk, enheter=True, filtre={FOLGER: ["matematikk"]})
    stand = foresee_change(oppdrag, folger).stand
    client = Client()
    client.force_login(f, backend="django.contrib.auth.backends.ModelBackend")
    adresse = reverse("rolu:oppdrag_mottakere", args=[nettverk.slug, oppdrag.pk])
    rediger = reverse("rolu:oppdrag_rediger", args=[nettverk.slug, oppdrag.pk])

    with pytest.raises(KanIkke, match="bare koordinatoren endre"):
        change_audience(oppdrag, mottakere=folger, stand=stand, by=f)
    with pytest.raises(KanIkke, match="bare koordinatoren endre"):
        give_to_new(oppdrag, by=f)
    assert "bare koordinatoren endre" in client.get(adresse, follow=True).text
    assert adresse not in client.get(rediger).text
    client.force_login(k, backend="django.contrib.auth.backends.ModelBackend")
    assert adresse in client.get(rediger).text
    assert _have_it(oppdrag) == set(grupper[:2])


def test_the_page_shows_it_and_does_it(scene):
    oppdrag, (_a, _b, barnehage), _ledere, k = scene
    client = Client()
    client.force_login(k, backend="django.contrib.auth.backends.ModelBackend")
    adresse = reverse("rolu:oppdrag_mottakere", args=[oppdrag.nettverk.slug, oppdrag.pk])
    valg = {"til-bare_nettverk_enhetstype": [BARNEHAGE]}

    assert "Se hva som endres" in client.get(adresse).text
    vis = client.post(adresse, valg)
    tekst = " ".join(vis.text.split())
    assert "1 ny enhet får oppdraget. 1 leder får e-post." in tekst
    assert "2 enheter faller ut" in tekst
    assert "2 ledere har fått e-post om oppdraget." in tekst
    ferdig = valg | {"lagre": "1", "stand": vis.context["bytte"].stand}
    assert client.post(adresse, ferdig).status_code == 422

    svar = client.post(adresse, ferdig | {"beskjed": "nei"}, follow=True)
    assert "1 ny enhet har fått oppdraget." in svar.text
    assert _have_it(oppdrag) == {barnehage}


@pytest.mark.django_db(transaction=True)
def test_of_two_who_change_it_at_once_the_second_sees_what_the_first_did(scene):
    oppdrag, (_a, _b, barnehage), ledere, k = scene
    begge = [_types(oppdrag.nettverk, *typer) for typer in ((BARNEHAGE,), (BARNEHAGE, SKOLE))]
    stand = [foresee_change(oppdrag, m).stand for m in begge]

    svar = at_once(
        *(
            partial(change_audience, oppdrag, mottakere=m, stand=s, by=k, tell=True)
            for m, s in zip(begge, stand, strict=True)
        ),
        holding=oppdrag,
    )
    _send()

    assert kinds(svar) == ["Konflikt", "ok"]
    valgt = Oppdrag.objects.get(pk=oppdrag.pk).mottakere.filtre[ENHETSTYPE]
    skoler = SKOLE in valgt
    assert _have_it(oppdrag) == {g for g in scene[1] if skoler or g == barnehage}
    assert Counter(m.to[0] for m in mail.outbox[2:]) == Counter(
        [ledere[2].epost, *([] if skoler else [ledere[0].epost, ledere[1].epost])]
    )


@pytest.mark.django_db(transaction=True)
def test_who_gives_withdraws_writes_and_delivers_at_once_wait_in_one_order(
    scene, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    oppdrag, (begynt, _b, _c), ledere, k = scene
    nettverk = oppdrag.nettverk
    annet = give(
        nettverk=nettverk,
        samling=None,
        tittel="Les sammen",
        tekst="Les.",
        frist=oppdrag.frist,
        laeringsloype=None,
        by=k,
        mottakere=_types(nettverk, SKOLE),
    )
    arbeid = Mellomarbeid.objects.get(oppdrag=oppdrag, gruppe=begynt)
    post = LoggpostFactory(mellomarbeid=arbeid)
    levert = LoggpostFactory(
        mellomarbeid=Mellomarbeid.objects.exclude(pk=arbeid.pk).get(oppdrag=oppdrag)
    ).mellomarbeid
    innlevering.submit(levert, by=ledere[1])
    ny = _types(nettverk, SKOLE, BARNEHAGE)
    stand = foresee_change(oppdrag, ny).stand

    def file(nummer: int):
        innhold = ContentFile(bytes([nummer]), "plan.txt")
        fil = GodkjentFil(innhold, "plan.txt", "text/plain", 1, f"{nummer:064}")
        return partial(
            vedlegg.add_to_entry,
            mellomarbeid=arbeid,
            noekkel=post.noekkel,
            fase="proeve",
            filer=[fil],
            beskrivelse="",
            by=ledere[0],
        )

    def write(nummer: int):
        felt = {"fase": "proeve", "tekst": f"Vi målte {nummer}.", "by": ledere[0]}
        return partial(logg.save, mellomarbeid=arbeid, noekkel=uuid.uuid4(), versjon=0, **felt)

    def claims():
        with transaction.atomic():
            claim(nettverk, 1)

    svar = at_once(
        partial(tilbaketrekking.withdraw, oppdrag, grunn="Vi venter.", by=k),
        partial(tilbaketrekking.restore, oppdrag, by=k),
        partial(change_audience, oppdrag, mottakere=ny, stand=stand, by=k),
        partial(give_to_new, oppdrag, by=k),
        partial(give_to_newcomers, nettverk),
        partial(delete, annet),
        partial(delete, oppdrag),
        partial(innlevering.submit, arbeid, by=ledere[0]),
        partial(innlevering.reopen, levert, by=ledere[1]),
        partial(praksis.share, levert, tittel="Vi målte", by=ledere[1]),
        claims,
        *(act(nr) for nr in range(3) for act in (file, write)),
        holding=arbeid,
        waiting=6,
    )

    # Refused in words, or done; nobody stood in the way of another (a deadlock is an OperationalError).
    assert set(kinds(svar)) <= {"ok", "KanIkke", "Lukket", "Konflikt"}
    assert Oppdrag.objects.filter(pk=oppdrag.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_another_audience_and_a_withdrawal_at_once_do_not_stand_in_each_others_way(scene):
    """Whoever held the assignment waited for the work, and whoever held the work for the assignment."""
    oppdrag, _grupper, _ledere, k = scene
    forste = oppdrag.mellomarbeid.earliest("pk")
    ny = _types(oppdrag.nettverk, SKOLE, BARNEHAGE)
    stand = foresee_change(oppdrag, ny).stand

    for andre in (
        partial(tilbaketrekking.withdraw, oppdrag, grunn="Vi venter.", by=k),
        partial(tilbaketrekking.restore, oppdrag, by=k),
    ):
        svar = at_once(
            andre,
            partial(change_audience, oppdrag, mottakere=ny, stand=stand, by=k),
            holding=forste,
        )
        assert set(kinds(svar)) <= {"ok", "KanIkke", "Konflikt"}


@pytest.mark.django_db(transaction=True)
def test_opening_again_and_withdrawing_at_once_do_not_stand_in_each_others_way(scene):
    """What is opened again is saved twice, and looks for its assignment the second time."""
    oppdrag, _grupper, ledere, k = scene
    levert = LoggpostFactory(mellomarbeid=oppdrag.mellomarbeid.earliest("pk")).mellomarbeid
    innlevering.submit(levert, by=ledere[0])
    praksis.share(levert, tittel="Vi målte", hele_loggen=True, by=ledere[0])

    svar = at_once(
        partial(innlevering.reopen, levert, by=ledere[0]),
        partial(tilbaketrekking.withdraw, oppdrag, grunn="Vi venter.", by=k),
        holding=levert,
    )

    assert kinds(svar) == ["ok", "ok"]


def test_what_another_has_deleted_is_told_in_plain_words(scene):
    oppdrag, _grupper, _ledere, k = scene
    delete(Oppdrag.objects.get(pk=oppdrag.pk))

    for act in (
        partial(delete, oppdrag),
        partial(give_to_new, oppdrag, by=k),
        partial(tilbaketrekking.withdraw, oppdrag, grunn="Vi venter.", by=k),
    ):
        with pytest.raises(KanIkke, match="slettet av noen andre"):
            act()


def test_an_assignment_from_a_gathering_begins_with_the_units_it_was_for(scene):
    oppdrag, (_a, skole, _barnehage), _ledere, k = scene
    valgt = _types(oppdrag.nettverk, SKOLE)
    valgt.uten_grupper = [skole.pk]
    valgt.save()
    samling = SamlingFactory(nettverk=oppdrag.nettverk, mottakere=valgt)
    client = Client()
    client.force_login(k, backend="django.contrib.auth.backends.ModelBackend")
    adresse = reverse("rolu:samling_oppdrag", args=[oppdrag.nettverk.slug, samling.pk])

    assert client.get(adresse).context["velger"].opptelling.alle.grupper == 1
    samling.mottakere = None
    samling.save()
    assert client.get(adresse).context["velger"].opptelling.alle.grupper == 3
    # Of several løyper, a fagansvarlig begins with those they may write to.
    samling.mottakere = Mottakere(
        nettverk=oppdrag.nettverk, enheter=True, filtre={FOLGER: ["lesing", "matematikk"]}
    )
    egne = units_of(samling, {FOLGER: {"matematikk"}})
    assert egne.filtre == {FOLGER: ["matematikk"]}
