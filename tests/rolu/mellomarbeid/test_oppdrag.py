"""Assignments: given to every unit, told of by mail, changed without losing anybody's words."""

import datetime

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kommuner.gyldighet import idag, periode
from kommuner.models import Enhet
from laeringsloyper.models import Laeringsloype
from laeringsloyper.mottakere import FOLGER
from nettverk.arbeid import jobber
from nettverk.arbeid.gjelder import gjelder
from nettverk.models import Brev, Gruppe, Jobb, Mottakere, Nettverk, Rolle, Verv
from nettverk.mottakere import slag as slagene
from nettverk.mottakere.egne import ENHETSTYPE
from nettverk.skriving.konflikt import KanIkke
from nettverk.tilgang.roller import roller_for
from nettverk.tilgang.tillatelser import kan
from rolu.mellomarbeid.oppdrag import give, give_to_new
from rolu.models import Mellomarbeid, Oppdrag
from tests import smtp
from tests.kommuner.factories import LENGE_SIDEN, EnhetFactory
from tests.nettverk.factories import (
    GruppeFactory,
    NettverkFactory,
    PersonFactory,
    VervFactory,
    enhetsleder,
    gruppemedlem,
    kog,
    koordinator,
    medlem,
    nettverk_med_enhet,
)
from tests.rolu.factories import (
    DeltakelseFactory,
    MellomarbeidFactory,
    OppdragFactory,
    SamlingFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def postkasse(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return mail


def gitt(nettverk: Nettverk, **felt: object) -> Oppdrag:
    return give(
        **{
            "nettverk": nettverk,
            "samling": None,
            "tittel": "Utforsk ute",
            "tekst": "Ta matematikken med ut.",
            "frist": idag() + datetime.timedelta(days=9),
            "laeringsloype": None,
            "by": koordinator(nettverk),
        }
        | felt
    )


def som(person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


# --- giving


def test_every_unit_of_today_gets_its_mellomarbeid_and_its_kommune_is_remembered():
    nettverk, gruppe = nettverk_med_enhet()
    kommune = gruppe.enhet.kommune_per()
    borte = (
        GruppeFactory(
            nettverk=nettverk, utviklingsgruppe=True
        ),  # lies in no kommune of the network
        GruppeFactory(
            nettverk=nettverk,
            utviklingsgruppe=True,
            enhet=EnhetFactory(kommune=kommune),
            gyldig=periode(LENGE_SIDEN, idag()),
        ),
        GruppeFactory(
            nettverk=nettverk,
            utviklingsgruppe=True,
            enhet=EnhetFactory(kommune=kommune, gyldig=periode(LENGE_SIDEN, idag())),
        ),
        GruppeFactory(nettverk=nettverk, type=Gruppe.Type.UTVIKLINGSGRUPPE, kommune=kommune),
        nettverk_med_enhet()[1],
    )

    oppdrag = gitt(nettverk)

    assert list(oppdrag.mellomarbeid.values_list("gruppe", "kommune")) == [(gruppe.pk, kommune.pk)]
    assert len(borte) == 5


@pytest.mark.django_db(transaction=True)
def test_the_leaders_are_told_once_however_often_the_job_runs(postkasse):
    nettverk, gruppe = nettverk_med_enhet()
    leder = enhetsleder(gruppe)
    enhetsleder(gruppe)
    gruppemedlem(gruppe)
    tidligere = enhetsleder(gruppe)
    Verv.objects.filter(person=tidligere).update(gyldig=periode(LENGE_SIDEN, idag()))

    gitt(nettverk)
    jobb = Jobb.objects.get(nettverk=nettverk, gjelder=gjelder(Oppdrag.objects.get()))
    jobber.run(jobb.pk)
    Jobb.objects.filter(pk=jobb.pk).update(status=Jobb.Status.VENTER)
    jobber.run(jobb.pk)

    jobb.refresh_from_db()
    assert jobb.status == Jobb.Status.FERDIG
    assert len(postkasse.outbox) == 2
    assert leder.epost in {m.to[0] for m in postkasse.outbox}
    assert postkasse.outbox[0].subject.startswith("Nytt oppdrag: «Utforsk ute» – frist ")
    assert f"/mellomarbeid/{Mellomarbeid.objects.get().pk}/" in postkasse.outbox[0].body
    assert "om 9 dager" in postkasse.outbox[0].body


def test_a_letter_to_each_leader_and_one_refused_stops_nobody(settings):
    nettverk, gruppe = nettverk_med_enhet()
    annen = GruppeFactory(
        nettverk=nettverk,
        utviklingsgruppe=True,
        enhet=EnhetFactory(kommune=gruppe.enhet.kommune_per()),
    )
    nektet, makker, annen_leder = enhetsleder(gruppe), enhetsleder(gruppe), enhetsleder(annen)
    gitt(nettverk)

    with smtp.posttjener() as tjener:
        smtp.use(settings, tjener)
        tjener.nekter = {nektet.epost: "550 Unknown user"}
        jobber.run(Jobb.objects.get().pk)

    assert set(tjener.til) == {makker.epost, annen_leder.epost}
    assert Brev.objects.get(tilstand=Brev.Tilstand.AVVIST).til == nektet


def test_the_mail_speaks_the_networks_maalform(postkasse):
    nettverk, gruppe = nettverk_med_enhet(maalform="nn")
    enhetsleder(gruppe)
    gitt(nettverk)

    jobber.run(Jobb.objects.get().pk)

    assert postkasse.outbox[0].body.startswith("Hei, ")
    assert Brev.objects.get().spraak == "nn"


def test_the_deadline_in_words():
    om = {
        dager: Oppdrag(frist=idag() + datetime.timedelta(days=dager)).frist_om
        for dager in (9, 1, 0, -1, -3)
    }

    assert om == {9: "om 9 dager", 1: "i morgen", 0: "i dag", -1: "i går", -3: "for 3 dager siden"}


# --- who may


def test_who_may_give_an_assignment():
    nettverk = NettverkFactory()
    fag = GruppeFactory(nettverk=nettverk, type=Gruppe.Type.FAGMILJO)
    fagperson = VervFactory(gruppe=fag).person
    egen = Laeringsloype.objects.create(nettverk=nettverk, slug="a", navn="A", ansvarlig_gruppe=fag)
    annen = Laeringsloype.objects.create(nettverk=nettverk, slug="b", navn="B")

    def kan_gi(person, loype=None) -> bool:
        oppdrag = Oppdrag(nettverk=nettverk, laeringsloype=loype)
        return kan(person, "rolu.give_oppdrag_i_loype", oppdrag)

    assert [kan_gi(koordinator(nettverk), x) for x in (None, egen, annen)] == [True] * 3
    assert [kan_gi(fagperson, x) for x in (None, egen, annen)] == [False, True, False]
    assert [
        kan_gi(p, egen)
        for p in (
            kog(nettverk),
            medlem(nettverk, gruppetype=Gruppe.Type.STYRINGSGRUPPE),
            koordinator(NettverkFactory()),
            PersonFactory(),
        )
    ] == [False] * 4


def test_oppdrag_are_seen_by_members_only():
    oppdrag = OppdragFactory()
    medlemmet = medlem(oppdrag.nettverk, gruppetype=Gruppe.Type.STYRINGSGRUPPE)

    sett = [
        list(Oppdrag.objects.visible_to(roller_for(p, oppdrag.nettverk)))
        for p in (medlemmet, PersonFactory(), koordinator(NettverkFactory()))
    ]

    assert sett == [[oppdrag], [], []]


# --- the pages


def skjema(**felt: object) -> dict[str, object]:
    return {
        "tittel": "Utforsk ute",
        "tekst": "Ta matematikken med ut.",
        "frist": (idag() + datetime.timedelta(days=9)).isoformat(),
        "laeringsloype": "",
    } | felt


@pytest.fixture
def fanen():
    nettverk, gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, avholdt=True)
    enhetsleder(gruppe)
    return samling, reverse("rolu:samling_oppdrag", args=[nettverk.slug, samling.pk])


def test_a_unit_meets_its_own_answer_and_the_way_to_it_on_the_tab_and_after_the_day(fanen):
    samling, adresse = fanen
    gruppe = samling.nettverk.grupper.get()
    eget = MellomarbeidFactory(
        oppdrag=OppdragFactory(nettverk=samling.nettverk, samling=samling), gruppe=gruppe
    )
    andres = MellomarbeidFactory(
        oppdrag=eget.oppdrag,
        gruppe=GruppeFactory(nettverk=samling.nettverk, utviklingsgruppe=True),
    )
    leder = gruppe.verv.get().person
    deltakelse = DeltakelseFactory(samling=samling, verv=leder.verv.get(), moett_=True)

    def link(arbeid: Mellomarbeid) -> str:
        return f'href="{reverse("rolu:mellomarbeid", args=[samling.nettverk.slug, arbeid.pk])}"'

    klient = som(leder)
    fane = klient.get(adresse).text
    oversikt = klient.get(reverse("rolu:samling", args=[samling.nettverk.slug, samling.pk])).text

    assert (link(eget) in fane, link(andres) in fane) == (True, False)
    assert (link(eget) in oversikt, link(andres) in oversikt) == (True, False)
    assert "Dere var der" in oversikt
    assert "1 av 1 møtte" in " ".join(oversikt.split())
    deltakelse.moett = None
    deltakelse.save()
    assert "Dere var der" not in klient.get(adresse).text


def test_the_coordinator_gives_an_assignment_on_the_tab(fanen):
    samling, adresse = fanen

    svar = som(koordinator(samling.nettverk)).post(adresse, skjema(gi="1"), follow=True)

    assert samling.oppdrag.get().mellomarbeid.count() == 1
    assert "Oppdraget er gitt til 1 enhet." in svar.text
    assert "0 av 1 levert" in svar.text


def test_before_it_is_given_one_sees_how_many_get_an_email_and_which(fanen):
    samling, adresse = fanen
    client = som(koordinator(samling.nettverk))

    spurt = client.post(adresse, skjema())

    assert not Oppdrag.objects.exists()
    assert not Brev.objects.exists()
    assert "1 enhet får oppdraget. Ingenting er lagret ennå." in spurt.text
    assert "1 leder får e-post." in spurt.text
    assert "Nytt oppdrag: «Utforsk ute»" in spurt.context["forespeil"].eposten["emne"]
    assert "<p>Ta matematikken med ut.</p>" in spurt.text

    rettet = client.post(adresse, dict(spurt.context["felt"]) | {"rett": "1"})
    assert "Ta matematikken med ut." in rettet.context["form"]["tekst"].value()
    assert not Oppdrag.objects.exists()

    client.post(adresse, dict(spurt.context["felt"]) | {"gi": "1"})
    assert Brev.objects.count() == spurt.context["forespeil"].ledere == 1


def test_a_deadline_in_the_past_is_told_of_at_its_field(fanen):
    samling, adresse = fanen

    svar = som(koordinator(samling.nettverk)).post(
        adresse, skjema(frist=(idag() - datetime.timedelta(days=1)).isoformat())
    )

    assert svar.status_code == 422
    assert svar.context["form"].errors == {"frist": ["Fristen må være i dag eller senere."]}
    assert "Ta matematikken med ut." in svar.text
    assert not Oppdrag.objects.exists()


def test_a_member_reads_the_tab_and_may_not_give(fanen):
    samling, adresse = fanen
    client = som(medlem(samling.nettverk, gruppetype=Gruppe.Type.STYRINGSGRUPPE))

    assert client.get(adresse).context["form"] is None
    assert client.post(adresse, skjema()).status_code == 403


def test_a_fagansvarlig_cannot_give_outside_the_own_loype(fanen):
    samling, adresse = fanen
    fag = GruppeFactory(nettverk=samling.nettverk, type=Gruppe.Type.FAGMILJO)
    Laeringsloype.objects.create(
        nettverk=samling.nettverk, slug="a", navn="A", ansvarlig_gruppe=fag
    )
    annen = Laeringsloype.objects.create(nettverk=samling.nettverk, slug="b", navn="B")

    svar = som(VervFactory(gruppe=fag).person).post(adresse, skjema(laeringsloype=annen.pk))

    assert list(svar.context["form"].errors) == ["laeringsloype"]
    assert not Oppdrag.objects.exists()


def test_a_fagansvarlig_must_say_in_which_loype(fanen):
    samling, adresse = fanen
    fag = GruppeFactory(nettverk=samling.nettverk, type=Gruppe.Type.FAGMILJO)
    Laeringsloype.objects.create(
        nettverk=samling.nettverk, slug="a", navn="A", ansvarlig_gruppe=fag
    )

    svar = som(VervFactory(gruppe=fag).person).post(adresse, skjema(laeringsloype=""))

    assert svar.status_code == 422
    assert list(svar.context["form"].errors) == ["laeringsloype"]
    assert not Oppdrag.objects.exists()


def test_a_fagansvarlig_is_offered_to_change_those_of_the_own_loype_alone(fanen):
    samling, adresse = fanen
    nettverk = samling.nettverk
    fag = GruppeFactory(nettverk=nettverk, type=Gruppe.Type.FAGMILJO)
    egen = Laeringsloype.objects.create(nettverk=nettverk, slug="a", navn="A", ansvarlig_gruppe=fag)
    annen = Laeringsloype.objects.create(nettverk=nettverk, slug="b", navn="B")
    i_egen, i_annen = (
        OppdragFactory(nettverk=nettverk, samling=samling, laeringsloype=loype)
        for loype in (egen, annen)
    )

    svar = som(VervFactory(gruppe=fag).person).get(adresse)

    assert reverse("rolu:oppdrag_rediger", args=[nettverk.slug, i_egen.pk]) in svar.text
    assert reverse("rolu:oppdrag_rediger", args=[nettverk.slug, i_annen.pk]) not in svar.text


def test_the_deadline_is_moved_and_an_old_one_may_stand():
    oppdrag = OppdragFactory(frist=idag() - datetime.timedelta(days=5))
    client = som(koordinator(oppdrag.nettverk))
    adresse = reverse("rolu:oppdrag_rediger", args=[oppdrag.nettverk.slug, oppdrag.pk])

    client.post(adresse, skjema(frist=oppdrag.frist.isoformat(), tittel="Nytt navn"))
    oppdrag.refresh_from_db()

    assert oppdrag.tittel == "Nytt navn"


def test_two_who_edit_the_same_assignment_both_keep_their_text():
    oppdrag = OppdragFactory()
    client = som(koordinator(oppdrag.nettverk))
    adresse = reverse("rolu:oppdrag_rediger", args=[oppdrag.nettverk.slug, oppdrag.pk])
    stand = client.get(adresse).context["form"]["stand"].value()
    client.post(adresse, skjema(tekst="Den andres tekst", stand=stand))

    svar = client.post(adresse, skjema(tekst="Min tekst", stand=stand))
    assert svar.status_code == 409
    assert "Den andres tekst" in svar.text
    assert "Min tekst" in svar.text

    client.post(adresse, skjema(tekst="Min tekst", stand=svar.context["form"]["stand"].value()))
    oppdrag.refresh_from_db()
    assert oppdrag.tekst == "Min tekst"


def test_the_tab_costs_the_same_with_one_and_three_assignments(fanen):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    samling, adresse = fanen
    client = som(koordinator(samling.nettverk))
    MellomarbeidFactory(oppdrag=OppdragFactory(nettverk=samling.nettverk, samling=samling))

    def cost() -> int:
        with CaptureQueriesContext(connection) as spoerringer:
            client.get(adresse)
        return len(spoerringer)

    cost()
    en = cost()
    for _ in range(2):
        MellomarbeidFactory(oppdrag=OppdragFactory(nettverk=samling.nettverk, samling=samling))

    assert cost() == en <= 15  # for the løyper and modules that are offered, and the own answers


# --- an assignment that was given by mistake


def test_an_assignment_that_nobody_has_begun_on_is_deleted_with_the_letters_that_wait():
    nettverk, gruppe = nettverk_med_enhet(slug="en")
    enhetsleder(gruppe)
    oppdrag = gitt(nettverk)
    klient = som(koordinator(nettverk))
    adresse = reverse("rolu:oppdrag_slett", args=["en", oppdrag.pk])
    rediger = reverse("rolu:oppdrag_rediger", args=["en", oppdrag.pk])
    assert adresse in klient.get(rediger).content.decode()

    spoersmaal = klient.get(adresse).content.decode()
    assert "Oppdraget blir borte for 1 enhet." in spoersmaal
    assert "1 e-post som venter, blir ikke sendt." in spoersmaal
    svar = klient.post(adresse, follow=True)

    assert "er slettet" in svar.content.decode()
    assert not Oppdrag.objects.exists()
    assert not Mellomarbeid.objects.exists()
    assert Brev.objects.get().tilstand == Brev.Tilstand.TRUKKET


def test_those_who_delete_are_told_that_leaders_have_had_a_letter():
    nettverk, gruppe = nettverk_med_enhet(slug="en")
    enhetsleder(gruppe)
    oppdrag = gitt(nettverk)
    Brev.objects.update(tilstand=Brev.Tilstand.SENDT, sendt=timezone.now())

    side = som(koordinator(nettverk)).get(reverse("rolu:oppdrag_slett", args=["en", oppdrag.pk]))

    assert "1 leder har fått e-post om oppdraget." in side.content.decode()


@pytest.mark.parametrize("status", [Mellomarbeid.Status.KLADD, Mellomarbeid.Status.LEVERT])
def test_an_assignment_that_a_unit_has_begun_on_stands(status: str):
    nettverk, _gruppe = nettverk_med_enhet(slug="en")
    oppdrag = gitt(nettverk)
    naar = timezone.now() if status == Mellomarbeid.Status.LEVERT else None
    oppdrag.mellomarbeid.update(status=status, levert=naar)
    klient = som(koordinator(nettverk))
    adresse = reverse("rolu:oppdrag_slett", args=["en", oppdrag.pk])
    rediger = reverse("rolu:oppdrag_rediger", args=["en", oppdrag.pk])

    assert adresse not in klient.get(rediger).content.decode()
    assert klient.get(adresse).status_code == 302
    svar = klient.post(adresse, follow=True)

    assert "En enhet har begynt" in svar.content.decode()
    assert Oppdrag.objects.get() == oppdrag


# --- to whom


def _unit(nettverk, gruppe, **enhet) -> Gruppe:
    return GruppeFactory(
        nettverk=nettverk,
        utviklingsgruppe=True,
        enhet=EnhetFactory(kommune=gruppe.enhet.kommune_per(), **enhet),
    )


def test_an_assignment_goes_to_the_units_of_its_audience_and_to_new_ones_when_asked():
    nettverk, gruppe = nettverk_med_enhet()
    Enhet.objects.filter(pk=gruppe.enhet_id).update(type=Enhet.Type.GRUNNSKOLE)
    barnehage = _unit(nettverk, gruppe, type=Enhet.Type.BARNEHAGE)
    oppdrag = gitt(
        nettverk,
        mottakere=Mottakere(nettverk=nettverk, enheter=True, filtre={ENHETSTYPE: ["barnehage"]}),
    )
    ny = _unit(nettverk, gruppe, type=Enhet.Type.BARNEHAGE)
    _unit(nettverk, gruppe, type=Enhet.Type.GRUNNSKOLE)
    leder = enhetsleder(ny)
    client = som(koordinator(nettverk))
    side = reverse("rolu:oppdrag_nye", args=[nettverk.slug, oppdrag.pk])

    assert {m.gruppe for m in oppdrag.mellomarbeid.all()} == {barnehage}
    assert "1 ny enhet får oppdraget." in " ".join(client.get(side).text.split())
    assert not Brev.objects.exists()
    for _ in range(2):
        assert client.post(side).status_code == 302

    assert {m.gruppe for m in oppdrag.mellomarbeid.all()} == {barnehage, ny}
    assert [b.til for b in Brev.objects.all()] == [leder]
    assert "Ingen nye enheter" in client.get(side).text


def test_after_the_deadline_nobody_new_gets_it():
    nettverk, _gruppe = nettverk_med_enhet()
    oppdrag = OppdragFactory(nettverk=nettverk, frist=idag() - datetime.timedelta(days=1))

    with pytest.raises(KanIkke, match="Fristen"):
        give_to_new(oppdrag, by=koordinator(nettverk))

    assert not oppdrag.mellomarbeid.exists()


def test_who_leads_several_units_gets_one_letter_that_lists_them():
    nettverk, gruppe = nettverk_med_enhet()
    annen = _unit(nettverk, gruppe)
    leder = enhetsleder(gruppe)
    VervFactory(person=leder, gruppe=annen, rolle=Rolle.FORMELL_LEDER)

    oppdrag = gitt(nettverk)

    [brev] = Brev.objects.all()
    assert brev.til == leder
    for arbeid in oppdrag.mellomarbeid.select_related("gruppe__enhet"):
        assert f"– {arbeid.gruppe.enhet}\n" in brev.tekst
        assert f"{arbeid.gruppe.enhet}: " in brev.tekst
        assert f"/mellomarbeid/{arbeid.pk}/" in brev.tekst


def test_the_units_are_chosen_on_the_page_and_an_empty_choice_is_refused(fanen):
    samling, adresse = fanen
    nettverk = samling.nettverk
    gruppe = Gruppe.objects.filter(nettverk=nettverk, enhet__isnull=False).first()
    barnehage = _unit(nettverk, gruppe, type=Enhet.Type.BARNEHAGE)
    client = som(koordinator(nettverk))
    felt = {
        "tittel": "Utforsk ute",
        "tekst": "Ta matematikken med ut.",
        "frist": (idag() + datetime.timedelta(days=9)).isoformat(),
        "gi": "1",
    }
    Enhet.objects.exclude(pk=barnehage.enhet_id).update(type=Enhet.Type.GRUNNSKOLE)

    ingen = client.post(
        adresse,
        {
            **felt,
            "til-bare_nettverk_enhetstype": "barnehage",
            "til-uten_grupper": [barnehage.pk],
        },
    )
    noen = client.post(adresse, {**felt, "til-bare_nettverk_enhetstype": "barnehage"})

    assert ingen.status_code == 422
    assert "Utvalget gir ingen mottakere." in ingen.text
    assert noen.status_code == 302
    [oppdrag] = Oppdrag.objects.filter(nettverk=nettverk)
    assert [m.gruppe for m in oppdrag.mellomarbeid.all()] == [barnehage]


def test_a_fagansvarlig_may_choose_only_among_those_who_follow_an_own_loype(fanen, monkeypatch):
    samling, adresse = fanen
    nettverk = samling.nettverk
    gruppe = Gruppe.objects.filter(nettverk=nettverk, enhet__isnull=False).first()
    foelger = _unit(nettverk, gruppe)
    fag = GruppeFactory(nettverk=nettverk, type=Gruppe.Type.FAGMILJO)
    egen = Laeringsloype.objects.create(nettverk=nettverk, slug="a", navn="A", ansvarlig_gruppe=fag)
    annen = Laeringsloype.objects.create(nettverk=nettverk, slug="b", navn="B")
    monkeypatch.setattr(slagene, "_slag", dict(slagene._slag))
    slagene.mottakerslag(
        FOLGER,
        "Følger løypa",
        options=lambda _n, _d: [(egen.slug, "A"), (annen.slug, "B")],
        units=lambda _n, verdier, _d: (
            Enhet.objects.filter(pk=foelger.enhet_id)
            if egen.slug in verdier
            else Enhet.objects.all()
        ),
    )
    client = som(VervFactory(gruppe=fag).person)
    felt = {
        "tittel": "Utforsk ute",
        "tekst": "Ta matematikken med ut.",
        "frist": (idag() + datetime.timedelta(days=9)).isoformat(),
        "laeringsloype": egen.pk,
        "gi": "1",
    }
    navn = "til-bare_laeringsloyper_loype"

    for verdi in ([], [annen.slug]):
        assert client.post(adresse, {**felt, navn: verdi}).status_code == 422
    svar = client.post(adresse, {**felt, navn: [egen.slug]})

    assert svar.status_code == 302
    [oppdrag] = Oppdrag.objects.filter(nettverk=nettverk)
    assert [m.gruppe for m in oppdrag.mellomarbeid.all()] == [foelger]


def test_who_writes_for_a_loype_reaches_its_followers_alone_whatever_the_page_sent(monkeypatch):
    nettverk, _gruppe = nettverk_med_enhet()
    fag = GruppeFactory(nettverk=nettverk, type=Gruppe.Type.FAGMILJO)
    egen = Laeringsloype.objects.create(nettverk=nettverk, slug="a", navn="A", ansvarlig_gruppe=fag)
    by = VervFactory(gruppe=fag).person
    alle = Mottakere(nettverk=nettverk, enheter=True)
    annens = Mottakere(nettverk=nettverk, enheter=True, filtre={FOLGER: ["a", "b"]})

    for mottakere in (None, alle, annens):
        with pytest.raises(PermissionDenied):
            gitt(nettverk, by=by, laeringsloype=egen, mottakere=mottakere)
    # Nor when no filter of that kind is to be had.
    monkeypatch.setattr(slagene, "_slag", {})
    with pytest.raises(PermissionDenied):
        gitt(nettverk, by=by, laeringsloype=egen)

    assert not Oppdrag.objects.exists()


def test_an_assignment_for_nobody_is_not_given():
    nettverk, gruppe = nettverk_med_enhet()
    ingen = Mottakere(nettverk=nettverk, enheter=True, uten_grupper=[gruppe.pk])

    with pytest.raises(KanIkke, match="ingen mottakere"):
        gitt(nettverk, mottakere=ingen)

    assert not Oppdrag.objects.exists()


@pytest.mark.parametrize("knapp", ["oppdater", "rett"])
def test_nothing_is_given_while_one_writes_on_whatever_else_is_pressed(fanen, knapp: str):
    samling, adresse = fanen
    client = som(koordinator(samling.nettverk))

    client.post(adresse, skjema(gi="1", **{knapp: "1"}))

    assert not Oppdrag.objects.exists()
