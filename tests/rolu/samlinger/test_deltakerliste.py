"""The list of participants as one works in it: groups, choices, and what is done with those who are ticked."""

import datetime
import io

import openpyxl
import pytest
from django.urls import reverse

from nettverk.models import Rolle
from rolu.models import Deltakelse, Gjest, Samling
from rolu.samlinger import deltakerliste
from rolu.samlinger.dager import set_days
from tests.kommuner.factories import KommuneFactory
from tests.nettverk.factories import (
    GruppeFactory,
    MedlemskapFactory,
    VervFactory,
    enhetsleder,
    kog,
    kommuneansvarlig,
    koordinator,
    nettverk_med_enhet,
)
from tests.rolu.factories import DeltakelseFactory, SamlingFactory, klokken

pytestmark = pytest.mark.django_db


@pytest.fixture
def samling() -> Samling:
    return SamlingFactory(nettverk=nettverk_med_enhet()[0], publisert_=True)


def adresse(samling: Samling, navn: str = "samling_deltakere") -> str:
    return reverse(f"rolu:{navn}", args=[samling.nettverk.slug, samling.pk])


def deltaker(samling: Samling, gruppe, navn: str, status: str = "invitert", **felt):
    verv = VervFactory(gruppe=gruppe, rolle=Rolle.MEDLEM, person__navn=navn)
    return DeltakelseFactory(samling=samling, verv=verv, status=status, **felt)


def gruppe(samling: Samling, navn: str):
    return GruppeFactory(nettverk=samling.nettverk, navn=navn)


def chips_of(svar) -> dict[str, int]:
    return {str(b.etikett): b.antall for b in svar.context["liste"].brikker[0]}


def test_the_head_of_a_group_tells_who_waits_for_a_place(client, samling):
    full = gruppe(samling, "Full")
    deltaker(samling, full, "Kari Kommer", "paameldt")
    deltaker(samling, full, "Vera Venter", "venter")
    client.force_login(koordinator(samling.nettverk))

    assert "1 av 2 kommer, 1 på venteliste" in client.get(adresse(samling)).text


@pytest.fixture
def to_grupper(samling):
    """Alpha has all answered; in Beta one of two has not."""
    alpha, beta = gruppe(samling, "Alpha"), gruppe(samling, "Beta")
    return {
        "kari": deltaker(samling, alpha, "Kari Kommer", "paameldt"),
        "nils": deltaker(samling, alpha, "Nils Nei", "avmeldt"),
        "anne": deltaker(samling, beta, "Anne Kommer", "paameldt"),
        "tor": deltaker(samling, beta, "Tor Tier"),
    }


def test_groups_that_wait_for_an_answer_come_first_and_each_head_tells_how_it_stands(
    client, samling, to_grupper
):
    client.force_login(koordinator(samling.nettverk))

    html = client.get(adresse(samling)).text
    etter_navn = client.get(adresse(samling), {"rekkefolge": "kommune"}).text

    assert html.index("Beta") < html.index("Tor Tier") < html.index("Anne Kommer")
    assert html.index("Anne Kommer") < html.index("Alpha")
    assert etter_navn.index("Alpha") < etter_navn.index("Beta")
    assert "1 kommer, 1 uten svar" in html
    assert " ".join(html.split()).count("1 av 2 kommer </td>") == 1


def test_chips_count_people_and_keep_the_search(client, samling, to_grupper):
    # A person with a place in both groups counts once among all of them.
    ogsaa = VervFactory(person=to_grupper["tor"].verv.person, gruppe=to_grupper["kari"].verv.gruppe)
    DeltakelseFactory(samling=samling, verv=ogsaa, status="invitert")
    client.force_login(koordinator(samling.nettverk))

    alle = client.get(adresse(samling))
    sokt = client.get(adresse(samling), {"q": "kommer", "status": "paameldt"})
    enhet = client.get(adresse(samling), {"q": "beta"})

    assert chips_of(alle) == {"Alle": 4, "Ikke svart": 1, "Påmeldt": 2, "Avmeldt": 1}
    assert (alle.context["personer"], alle.context["plasser"]) == (4, 5)
    assert chips_of(sokt)["Alle"] == 2
    assert all("q=kommer" in b.url for b in sokt.context["liste"].brikker[0])
    assert ("Anne Kommer" in enhet.text, "Kari Kommer" in enhet.text) == (True, False)


def test_from_the_day_on_one_can_ask_who_met(client):
    samling = SamlingFactory(avholdt=True)
    en = gruppe(samling, "Alpha")
    deltaker(samling, en, "Mona Møtte", "paameldt", moett_=True)
    deltaker(samling, en, "Ulf Uteble", "paameldt")
    client.force_login(koordinator(samling.nettverk))

    alle = client.get(adresse(samling))
    borte = client.get(adresse(samling), {"status": "ikke_moett"}).text

    assert chips_of(alle)["Påmeldt, men møtte ikke"] == 1
    assert "1 av 2 møtte" in alle.text
    assert ("Ulf Uteble" in borte, "Mona Møtte" in borte) == (True, False)


def test_while_it_goes_on_nobody_is_said_not_to_have_come(client):
    samling = SamlingFactory(i_dag=True)
    deltaker(samling, gruppe(samling, "Alpha"), "Ulf Underveis", "paameldt")
    client.force_login(koordinator(samling.nettverk))

    alle = client.get(adresse(samling))

    assert chips_of(alle)["Påmeldt, ikke møtt ennå"] == 1
    assert "møtte ikke" not in alle.text.lower()


def test_a_group_of_many_is_drawn_in_part_and_all_of_it_stands_on_pages_of_its_own(client, samling):
    stor, liten = gruppe(samling, "Stor"), gruppe(samling, "Liten")
    for verv in VervFactory.create_batch(55, gruppe=stor, rolle=Rolle.MEDLEM):
        DeltakelseFactory(samling=samling, verv=verv)
    deltaker(samling, liten, "Lise Liten")
    client.force_login(koordinator(samling.nettverk))

    side = client.get(adresse(samling)).text
    alle = client.get(adresse(samling), {"gruppe": stor.pk})
    to = client.get(adresse(samling), {"gruppe": stor.pk, "side": 2}).text

    assert side.count('name="valgt"') == 51
    assert "Vis alle 55 i Stor" in side
    assert "Velg de 50 som vises i Stor" in side
    assert "Velg alle i Liten" in side
    assert f"gruppe={stor.pk}" in side
    assert alle.text.count('name="valgt"') == 50
    assert "Lise Liten" not in alle.text
    assert to.count('name="valgt"') == 5


def test_who_sees_the_own_unit_only_gets_the_list_without_tools(client, samling):
    leder = enhetsleder(samling.nettverk.grupper.get())
    DeltakelseFactory(samling=samling, verv=leder.verv.get())
    client.force_login(leder)

    html = client.get(adresse(samling)).text

    assert leder.navn in html
    for verktoy in ('id="listevalg"', "app-brikke", 'name="valgt"', "app-liste__fold"):
        assert verktoy not in html


def test_a_kommuneansvarlig_chooses_among_the_own_and_takes_nothing_out(client, samling):
    egen = samling.nettverk.grupper.get()
    kommune = egen.enhet.plasseringer.get().kommune
    deltaker(samling, egen, "Egil Egen", kommune=kommune)
    deltaker(samling, gruppe(samling, "Andre"), "Frida Fremmed")
    client.force_login(kommuneansvarlig(samling.nettverk, kommune))

    html = client.get(adresse(samling)).text

    assert ("Egil Egen" in html, "Frida Fremmed" in html) == (True, False)
    assert "app-brikke" in html
    assert 'name="valgt"' not in html
    assert "Excel" not in html


def test_those_who_are_ticked_are_taken_out_and_nobody_of_another_gathering(
    client, samling, to_grupper
):
    fremmed = DeltakelseFactory()
    client.force_login(kog(samling.nettverk))
    valgt = {"valgt": [to_grupper["nils"].pk, to_grupper["anne"].pk, fremmed.pk, "tull"]}

    fil = client.post(adresse(samling, "deltakere_regneark"), valgt).content
    papir = client.post(adresse(samling, "deltakere_utskrift"), valgt).text
    epost = client.post(adresse(samling, "deltakere_epost"), valgt)

    ark = openpyxl.load_workbook(io.BytesIO(fil)).active
    assert [rad[0].value for rad in ark.iter_rows(min_row=2)] == ["Nils Nei", "Anne Kommer"]
    assert ("Nils Nei" in papir, "Anne Kommer" in papir, "Kari Kommer" in papir) == (
        True,
        True,
        False,
    )
    assert epost.context["adresser"] == [
        to_grupper[hvem].verv.person.epost for hvem in ("nils", "anne")
    ]
    assert "; ".join(epost.context["adresser"]) in epost.text


def test_what_is_taken_out_follows_the_choices(client, samling, to_grupper):
    client.force_login(kog(samling.nettverk))

    fil = client.get(adresse(samling, "deltakere_regneark"), {"q": "kommer", "status": "paameldt"})
    papir = client.get(adresse(samling, "deltakere_utskrift"), {"status": "avmeldt"}).text
    epost = client.get(adresse(samling, "deltakere_epost"), {"status": "invitert"})

    ark = openpyxl.load_workbook(io.BytesIO(fil.content)).active
    assert [rad[0].value for rad in ark.iter_rows(min_row=2)] == ["Kari Kommer", "Anne Kommer"]
    assert "Nils Nei" in papir
    assert epost.context["adresser"] == [to_grupper["tor"].verv.person.epost]


def test_choices_that_leave_nobody_say_so_with_a_way_out(client, samling, to_grupper):
    client.force_login(koordinator(samling.nettverk))

    svar = client.get(adresse(samling), {"q": "kari", "status": "avmeldt", "kommune": "abc"})

    assert "Ingen passer med det du har valgt" in svar.text
    assert 'href="?"' in svar.text
    assert chips_of(svar)["Alle"] == 1


def _med_kommuner(samling: Samling, svarte: list[int]):
    """As many kommuner in the network, each with two invited, of whom so many have answered."""
    kommuner = []
    for nr, antall in enumerate(svarte):
        kommune = KommuneFactory()
        MedlemskapFactory(nettverk=samling.nettverk, kommune=kommune)
        sted = gruppe(samling, f"Sted {nr}")
        for person in range(2):
            status = "paameldt" if person < antall else "invitert"
            deltaker(samling, sted, f"Folk {nr}{person}", status, kommune=kommune)
        kommuner.append(kommune)
    return kommuner


def test_the_map_chooses_kommune_keeps_the_rest_and_is_shaded_by_the_answers(client, samling):
    ingen, halve = _med_kommuner(samling, [0, 1])
    client.force_login(koordinator(samling.nettverk))

    svar = client.get(adresse(samling), {"status": "invitert", "side": 2})
    valgt = client.get(adresse(samling), {"status": "invitert", "kommune": halve.pk})

    flater = {f.kommunenummer: f for f in svar.context["kart"].flater}
    assert flater[ingen.kommunenummer].url == f"?status=invitert&kommune={ingen.pk}"
    assert flater[ingen.kommunenummer].trinn == 0
    assert flater[halve.kommunenummer].lest == f"{halve.navn}: 1 av 2 har svart"
    assert flater[halve.kommunenummer].trinn == 3
    # Pressed once more it lets all in again.
    [flate] = [f for f in valgt.context["kart"].flater if f.er_valgt]
    assert (flate.kommunenummer, flate.url) == (halve.kommunenummer, "?status=invitert")
    assert ("Folk 11" in valgt.text, "Folk 00" in valgt.text) == (True, False)


def test_the_map_comes_along_with_the_rows_so_that_its_links_keep_what_is_chosen(client, samling):
    kommune, _annen = _med_kommuner(samling, [0, 1])
    client.force_login(koordinator(samling.nettverk))

    html = client.get(
        adresse(samling), {"q": "folk", "status": "invitert"}, headers={"HX-Request": "true"}
    ).text

    assert 'hx-swap-oob="true"' in html
    assert f'href="?q=folk&amp;status=invitert&amp;kommune={kommune.pk}"' in html
    assert "hx-swap-oob" not in client.get(adresse(samling)).text


def test_the_kommune_is_a_field_too_where_somebody_comes_from_outside_the_map(client, samling):
    _med_kommuner(samling, [0, 1])
    client.force_login(koordinator(samling.nettverk))
    assert "data-nok" in client.get(adresse(samling)).text

    deltaker(samling, gruppe(samling, "Gjester"), "Gjest", kommune=KommuneFactory())

    assert "data-nok" not in client.get(adresse(samling)).text


# --- guests, and who comes on some of the days


def test_guests_are_taken_out_with_all_of_the_list_in_whatever_order(client, samling, to_grupper):
    ved = GruppeFactory(nettverk=samling.nettverk, utviklingsgruppe=True)
    enhet = ved.enhet
    for navn, mer in (
        ("Gunn Gjest", {"epost": "gunn@example.no", "fra": "Fylkeskommunen"}),
        ("Vidar Vara", {"for_verv": to_grupper["nils"].verv, "gruppe": ved}),
        ("Ada Avmeldt", {"epost": "ada@example.no", "status": Gjest.Status.AVMELDT}),
    ):
        Gjest.objects.create(samling=samling, navn=navn, **mer)
    client.force_login(kog(samling.nettverk))
    valg = {"rekkefolge": "kommune"}

    fil = client.get(adresse(samling, "deltakere_regneark"), valg).content
    papir = " ".join(client.get(adresse(samling, "deltakere_utskrift"), valg).text.split())
    epost = client.get(adresse(samling, "deltakere_epost"), valg)

    ark = openpyxl.load_workbook(io.BytesIO(fil)).active
    navn = {rad[0].value: rad[1].value for rad in ark.iter_rows(min_row=2)}
    assert {"Gunn Gjest", "Vidar Vara", "Ada Avmeldt"} <= set(navn)
    assert navn["Vidar Vara"] == str(enhet), "as it is written of the members"
    assert "<small>gjest</small>" in papir
    assert "<small>vara for Nils Nei</small>" in papir
    assert "Ada Avmeldt" not in papir
    assert epost.context["adresser"][-1] == "gunn@example.no"
    assert epost.context["uten"] == 1


def test_the_days_one_comes_stand_at_the_answer_and_are_counted(client, samling):
    dagene = [datetime.date(2027, 6, 3), datetime.date(2027, 6, 4)]
    set_days(samling, [(dato, datetime.time(9), datetime.time(15)) for dato in dagene])
    alpha = gruppe(samling, "Alpha")
    deltaker(samling, alpha, "Kari Begge", "paameldt")
    deltaker(samling, alpha, "Bo Siste", "paameldt", dager=[dagene[1]])
    deltaker(samling, alpha, "Nils Nei", "avmeldt")
    Gjest.objects.create(samling=samling, navn="Gunn Gjest")
    client.force_login(kog(samling.nettverk))

    svar = client.get(adresse(samling))

    assert svar.context["per_dag"] == [(dagene[0], 2), (dagene[1], 3)]
    assert "bare 4. juni" in svar.text.partition("Bo Siste")[2].partition("</tr>")[0]
    assert svar.text.count("bare 4. juni") == 1


def test_over_several_days_the_list_for_the_door_has_a_box_for_each():
    nettverk, gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, publisert_=True)
    rad = DeltakelseFactory(samling=samling, verv=VervFactory(gruppe=gruppe), moett_=True)
    dager = [klokken(n, 9).date() for n in (14, 15)]

    def line(**mer):
        deltakere = deltakerliste.rows(Deltakelse.objects.filter(samling=samling))
        (steder,) = deltakerliste.door_list(deltakere, **mer).values()
        ((linje,),) = steder.values()
        return linje

    moett = {("p", rad.verv.person_id): {dager[1]}}
    assert line(dager=dager[:1]).ruter == (True,)
    assert line(dager=dager, moett_dager=moett).ruter == (False, True)
