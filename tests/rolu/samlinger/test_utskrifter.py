"""Name badges, the list to sign, and proofs of attendance: who is on them, in what order, and that they are drawn."""

import datetime
import io

import pikepdf
import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from nettverk.arbeid.jobber import run
from nettverk.filer.filnavn import made_name
from nettverk.filer.pdf import html_to_pdf
from nettverk.filer.utlevering import EKSPORT
from nettverk.models import Gruppe, Jobb, Rolle, Sikkerhetshendelse
from nettverk.skriving.konflikt import KanIkke
from rolu.models import Bordplass, Deltakelse, Deltakerkode, Gjest, Samling
from rolu.samlinger import innsjekk, utskrifter
from rolu.samlinger.dager import set_days
from tests.kommuner.factories import EnhetFactory, KommuneFactory
from tests.nettverk.factories import (
    GruppeFactory,
    VervFactory,
    enhetsleder,
    koordinator,
    medlem,
    nettverk_med_enhet,
)
from tests.nettverk.filer.ark import pages
from tests.okt import pass_time
from tests.rolu.factories import BordkartFactory, DeltakelseFactory, SamlingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    nettverk, gruppe = nettverk_med_enhet()
    return nettverk, gruppe, SamlingFactory(nettverk=nettverk, i_dag=True, tittel="Høstsamlingen")


def paameldt(samling, gruppe, navn: str, **mer) -> Deltakelse:
    mer.setdefault("status", Deltakelse.Status.PAAMELDT)
    mer.setdefault("kommune", gruppe.enhet.kommune_per())
    return DeltakelseFactory(
        samling=samling, verv=VervFactory(gruppe=gruppe, person__navn=navn), **mer
    )


def sider(html: str) -> int:
    with pikepdf.open(io.BytesIO(html_to_pdf(html))) as pdf:
        return len(pdf.pages)


# --- badges


def test_a_badge_for_each_who_comes_guests_included_and_none_for_who_does_not(scene):
    _nettverk, gruppe, samling = scene
    paameldt(samling, gruppe, "Bo Dal")
    paameldt(samling, gruppe, "Ane Dal")
    paameldt(samling, gruppe, "Kjell Kvist", status=Deltakelse.Status.AVMELDT)
    paameldt(samling, gruppe, "Ola Tier", status=Deltakelse.Status.INVITERT)
    rad = paameldt(samling, gruppe, "Kari Nes")
    Gjest.objects.create(samling=samling, navn="Gro Gjest", fra="Statped")
    Gjest.objects.create(samling=samling, navn="Vigdis Vara", for_verv=rad.verv, gruppe=gruppe)

    (ark,) = utskrifter.badges(samling)

    assert [(s.deltaker.navn, s.deltaker.rolle) for s in ark][2:] == [
        ("Gro Gjest", "gjest"),
        ("Kari Nes", ark[3].deltaker.rolle),
        ("Vigdis Vara", "vara for Kari Nes"),
    ]
    assert [s.deltaker.navn for s in ark][:2] == ["Ane Dal", "Bo Dal"]
    assert ark[2].deltaker.sted == "Statped"
    assert Deltakerkode.objects.count() == 5
    assert utskrifter.badges(samling)[0] == ark, "the same codes once more"


def test_a_person_of_two_groups_has_one_badge(scene):
    nettverk, gruppe, samling = scene
    rad = paameldt(samling, gruppe, "Pia PPT")
    annen = GruppeFactory(nettverk=nettverk, utviklingsgruppe=True)
    DeltakelseFactory(
        samling=samling,
        verv=VervFactory(gruppe=annen, person=rad.verv.person),
        status=Deltakelse.Status.PAAMELDT,
    )

    assert [d.navn for d in utskrifter.participants(samling)] == ["Pia PPT"]


def _two_places(samling, gruppe, foerste: dict, andre: dict) -> tuple[Gruppe, Gruppe]:
    """One person who sits in two groups, the first of them before the other on every list."""
    gruppe.rekkefolge = 1
    gruppe.save()
    annen = GruppeFactory(nettverk=samling.nettverk, utviklingsgruppe=True, rekkefolge=2)
    rad = paameldt(samling, gruppe, "Pia PPT", **foerste)
    verv = VervFactory(gruppe=annen, person=rad.verv.person, rolle=Rolle.FORMELL_LEDER)
    DeltakelseFactory(samling=samling, verv=verv, kommune=annen.enhet.kommune_per(), **andre)
    return gruppe, annen


@pytest.mark.parametrize("nei", [Deltakelse.Status.AVMELDT, Deltakelse.Status.INVITERT])
def test_who_comes_by_the_second_place_is_printed_with_that(scene, nei):
    nettverk, gruppe, samling = scene
    ja = Deltakelse.Status.PAAMELDT
    _foerste, annen = _two_places(samling, gruppe, {"status": nei}, {"status": ja})

    [pia] = utskrifter.participants(samling)

    leder = nettverk.rollenavn(Rolle.FORMELL_LEDER)
    assert (pia.sted, pia.rolle, pia.moett) == (str(annen.enhet), leder, False)


def test_who_met_by_the_second_place_is_printed_with_that(scene):
    _nettverk, gruppe, samling = scene
    naa = timezone.now()
    _foerste, annen = _two_places(samling, gruppe, {}, {"moett": naa})

    [pia] = utskrifter.participants(samling)

    assert (pia.sted, pia.moett) == (str(annen.enhet), True)
    assert [b.deltaker.sted for b in utskrifter.certificates(samling)] == [str(annen.enhet)]


def test_eleven_badges_are_two_sheets(scene):
    _nettverk, gruppe, samling = scene
    for n in range(11):
        paameldt(samling, gruppe, f"Dal {n}")

    assert sider(utskrifter.badges_html(samling)) == 2


@pytest.mark.parametrize(
    "navn",
    [
        "Anne-Margrethe Elisabeth Kristoffersen-Bjørnstjerneson av Nordmøre",
        "مريم عبد الرحمن",
        "Kari 🎉 Nes",
        "<b>Per</b> & Co",
        "X" * 150,
    ],
)
def test_strange_and_long_names_stay_on_their_badge(scene, navn):
    _nettverk, gruppe, samling = scene
    paameldt(samling, gruppe, navn)

    html = utskrifter.badges_html(samling)

    assert "<b>Per" not in html
    assert sider(html) == 1


def test_as_many_questions_with_few_and_many(scene, django_assert_num_queries):
    _nettverk, gruppe, samling = scene
    for antall in (1, 4):
        for n in range(antall):
            paameldt(samling, gruppe, f"Dal {antall} {n}")
        with django_assert_num_queries(2):
            utskrifter.participants(samling)


# --- the list to sign


def test_the_list_to_sign_is_by_kommune_and_unit(scene):
    nettverk, gruppe, samling = scene
    aure, aas = KommuneFactory(navn="Aure"), KommuneFactory(navn="Ås")
    enhet = GruppeFactory(
        nettverk=nettverk, utviklingsgruppe=True, enhet=EnhetFactory(navn="Bø skole", kommune=aas)
    )
    paameldt(samling, enhet, "Bo Dal", kommune=aas)
    paameldt(samling, gruppe, "Ane Dal", kommune=aure)
    Gjest.objects.create(samling=samling, navn="Gro Gjest", fra="Statped")

    liste = utskrifter.signing_list(samling)

    assert [(k.navn, [(s.navn, [d.navn for d in s.folk]) for s in k.steder]) for k in liste] == [
        ("Aure", [(str(gruppe.enhet), ["Ane Dal"])]),
        ("Ås", [("Bø skole", ["Bo Dal"])]),
        ("", [("Statped", ["Gro Gjest"])]),
    ]


def test_the_list_to_sign_has_a_column_for_each_day(scene):
    _nettverk, gruppe, samling = scene
    paameldt(samling, gruppe, "Ane Dal")
    assert "Signatur" in utskrifter.signing_html(samling)

    i_dag = timezone.localdate()
    ni, tre = datetime.time(9), datetime.time(15)
    set_days(samling, [(i_dag, ni, tre), (i_dag + datetime.timedelta(days=1), ni, tre)])
    html = utskrifter.signing_html(Samling.objects.get(pk=samling.pk))

    assert html.count('<th scope="col">') == 2 * 4, "one table for the kommune, one for the others"
    assert sider(html) >= 1


def test_the_list_to_sign_tells_kommune_gathering_and_date_on_every_page(scene):
    _nettverk, gruppe, samling = scene
    for nr in range(30):
        paameldt(samling, gruppe, f"Ane Dal {nr}")
    kommune = gruppe.enhet.kommune_per().navn

    _forste, neste, *_resten = pages(utskrifter.signing_html(samling))

    assert f"{kommune} (forts.)" in neste
    assert f"Høstsamlingen, {date_format(samling.dato)}" in neste


def test_each_print_says_in_its_title_what_it_is_of(scene):
    _nettverk, gruppe, samling = scene
    paameldt(samling, gruppe, "Ane Dal", moett=timezone.now())

    for html, tittel in (
        (utskrifter.badges_html(samling), "Navneskilt til «Høstsamlingen»"),
        (utskrifter.signing_html(samling), "Signeringsliste til «Høstsamlingen»"),
        (utskrifter.certificates_html(samling), "Kursbevis fra «Høstsamlingen»"),
    ):
        assert f"<title>{tittel} –" in html


# --- proofs of attendance


def _to_dager(samling) -> Samling:
    i_dag = timezone.localdate()
    set_days(
        samling,
        [
            (i_dag - datetime.timedelta(days=1), datetime.time(9), datetime.time(15)),
            (i_dag, datetime.time(9), datetime.time(12, 30)),
        ],
    )
    return Samling.objects.get(pk=samling.pk)


def test_a_proof_tells_the_days_one_met_and_their_hours(scene):
    nettverk, gruppe, samling = scene
    samling = _to_dager(samling)
    by = koordinator(nettverk)
    i_gaar = timezone.localdate() - datetime.timedelta(days=1)
    begge, en = paameldt(samling, gruppe, "Ane Dal"), paameldt(samling, gruppe, "Bo Dal")
    paameldt(samling, gruppe, "Kjell Kvist")
    for rad, dag in ((begge, i_gaar), (begge, None), (en, i_gaar)):
        innsjekk.check_in(samling, person=rad.verv.person, by=by, dag=dag)

    bevis = utskrifter.certificates(samling)

    assert [(b.deltaker.navn, len(b.dager), b.varighet) for b in bevis] == [
        ("Ane Dal", 2, "9 timer og 30 minutter"),
        ("Bo Dal", 1, "6 timer"),
    ]
    html = utskrifter.certificates_html(samling)
    assert "9 timer og 30 minutter i alt" in html
    assert sider(html) == 2


def test_a_proof_is_one_sheet_however_long_the_texts_and_many_the_days(scene):
    _nettverk, gruppe, samling = scene
    samling = SamlingFactory(
        nettverk=gruppe.nettverk, avholdt=True, tittel="Lek og læring " * 10, tema="Et tema " * 25
    )
    i_dag = timezone.localdate()
    dager = [i_dag - datetime.timedelta(days=n) for n in range(7, 0, -1)]
    set_days(samling, [(dag, datetime.time(9), datetime.time(15)) for dag in dager])
    for nr in "123":
        paameldt(samling, gruppe, "Kari Anne-Lise von " * 7 + nr, moett=samling.start)

    sidene = pages(utskrifter.certificates_html(samling))

    assert len(sidene) == 3
    assert all("Kari" in side and "For nettverket" in side for side in sidene)


def test_ones_own_proof_is_for_who_met_when_it_is_over(scene, client):
    _nettverk, gruppe, _samling = scene
    samling = SamlingFactory(nettverk=gruppe.nettverk, avholdt=True)
    moett = paameldt(samling, gruppe, "Ane Dal", moett=timezone.now()).verv.person
    ikke = paameldt(samling, gruppe, "Bo Dal").verv.person
    adresse = reverse("rolu:eget_kursbevis", args=[gruppe.nettverk.slug, samling.pk])

    client.force_login(ikke)
    assert client.get(adresse).status_code == 404
    client.force_login(moett)
    svar = client.get(adresse)
    assert svar["Content-Type"] == "application/pdf"
    assert b"".join(svar.streaming_content).startswith(b"%PDF")


def test_nobody_has_a_proof_of_what_is_not_over(scene):
    _nettverk, gruppe, samling = scene
    person = paameldt(samling, gruppe, "Ane Dal", moett=timezone.now()).verv.person

    assert not utskrifter.has_certificate(samling, person)
    with pytest.raises(KanIkke):
        utskrifter.own_certificate(samling, person=person)


# --- the page, and the work


@pytest.mark.parametrize("navn", utskrifter.UTSKRIFTER)
def test_a_print_is_ordered_made_and_fetched(
    scene, client, navn, django_capture_on_commit_callbacks
):
    nettverk, gruppe, samling = scene
    person = paameldt(samling, gruppe, "Ane Dal", moett=timezone.now()).verv.person
    kart = BordkartFactory(samling=samling, satt_=True)
    Bordplass.objects.create(bordkart=kart, person=person, bord=1)
    client.force_login(koordinator(nettverk))
    adresse = reverse("rolu:samling_utskrifter", args=[nettverk.slug, samling.pk])

    svar = client.post(adresse, {"utskrift": navn})
    assert svar.url == f"{adresse}#utskrift-{navn}"
    jobb = Jobb.objects.get()
    run(jobb.pk)

    jobb.refresh_from_db()
    assert (jobb.status, jobb.feil) == (Jobb.Status.FERDIG, "")
    stamme = made_name(str(utskrifter.UTSKRIFTER[navn].tittel), endelse="pdf")
    assert jobb.filnavn.startswith(stamme.removesuffix(".pdf"))
    side = client.get(adresse)
    assert reverse("nettverk:jobb_resultat", args=[nettverk.slug, jobb.pk]) in side.text


def made(samling, navn: str, by) -> Jobb:
    jobb = utskrifter.order(samling, utskrift=utskrifter.UTSKRIFTER[navn], by=by)
    run(jobb.pk)
    jobb.refresh_from_db()
    return jobb


def test_a_print_is_fetched_by_who_just_signed_in_and_each_time_is_written_down(scene, client):
    nettverk, gruppe, samling = scene
    for navn in ("Ane Dal", "Bo Dal"):
        paameldt(samling, gruppe, navn)
    person = koordinator(nettverk)
    jobb = made(samling, "navneskilt", person)
    fil = reverse("nettverk:jobb_resultat", args=[nettverk.slug, jobb.pk])
    client.force_login(person)

    assert b"".join(client.get(fil).streaming_content).startswith(b"%PDF")
    [hendelse] = Sikkerhetshendelse.objects.filter(slag=EKSPORT)
    assert hendelse.person == person
    assert (hendelse.opplysninger["hva"], hendelse.opplysninger["rader"]) == ("rolu.navneskilt", 2)
    pass_time(client, minutter=120)
    svar = client.get(fil)
    assert (svar.status_code, svar.url.split("?")[0]) == (302, "/konto/bekreft/e-post/")
    assert Sikkerhetshendelse.objects.filter(slag=EKSPORT).count() == 1


def test_no_print_is_opened_in_a_network_that_does_not_use_gatherings(scene, client):
    nettverk, gruppe, samling = scene
    paameldt(samling, gruppe, "Ane Dal")
    person = koordinator(nettverk)
    jobb = made(samling, "signeringsliste", person)
    nettverk.uten_deler = ["samlinger"]
    nettverk.save()
    client.force_login(person)

    assert (
        client.get(reverse("nettverk:jobb_resultat", args=[nettverk.slug, jobb.pk])).status_code
        == 404
    )


def test_nothing_is_printed_of_nobody(scene):
    nettverk, _gruppe, samling = scene
    by = koordinator(nettverk)

    for utskrift in utskrifter.UTSKRIFTER.values():
        with pytest.raises(KanIkke, match=r"Ingen|noe bordkart"):
            utskrifter.order(samling, utskrift=utskrift, by=by)
    assert not Jobb.objects.exists()


def test_prints_are_for_those_who_run_the_desk(scene, client):
    nettverk, gruppe, samling = scene
    pro = medlem(nettverk, gruppetype=Gruppe.Type.PROSESSNETTVERK)
    adresse = reverse("rolu:samling_utskrifter", args=[nettverk.slug, samling.pk])
    svar = {}
    for navn, person in (
        ("k", koordinator(nettverk)),
        ("pro", pro),
        ("leder", enhetsleder(gruppe)),
    ):
        client.force_login(person)
        svar[navn] = client.get(adresse).status_code

    assert svar["leder"] == 403
    assert {svar["k"], svar["pro"]} <= {200, 302}
