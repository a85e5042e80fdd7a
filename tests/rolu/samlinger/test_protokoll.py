"""The minutes: what they say, who may have them, and any text in them."""

import pytest
from django.urls import reverse
from django.utils import timezone

from nettverk.filer.pdf import build_html
from nettverk.side.skrivemaate import ukedag
from rolu.models import Gjest, Gruppetall, Utfall
from rolu.samlinger import protokoll
from tests.nettverk.factories import (
    GruppeFactory,
    VervFactory,
    gruppemedlem,
    kog,
    nettverk_med_enhet,
)
from tests.nettverk.filer.ark import pages
from tests.rolu.factories import (
    DeltakelseFactory,
    ProgrampostFactory,
    SamlingFactory,
    UtfallFactory,
    klokken,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def samling():
    nettverk, _gruppe = nettverk_med_enhet()
    samling = SamlingFactory(nettverk=nettverk, avholdt=True)
    gruppe = GruppeFactory(nettverk=nettverk, navn="KOG")
    for navn, kom in (("Anne", True), ("Berit", False)):
        verv = VervFactory(gruppe=gruppe, person__navn=navn)
        DeltakelseFactory(samling=samling, verv=verv, moett_=kom)
    post = ProgrampostFactory(samling=samling, tittel="Budsjett", notat="Vi gikk gjennom det.")
    ProgrampostFactory(samling=samling, tittel="Pause", arbeidsform="pause", start=klokken(-14, 11))
    ProgrampostFactory(samling=samling, tittel="Valg", uferdig=True, start=klokken(-14, 12))
    UtfallFactory(samling=samling, programpost=post, beslutning_=True, tekst="Vedtatt 📚 نقرأ")
    UtfallFactory(samling=samling, tekst="Fra hele møtet")
    return samling


def test_they_say_who_met_and_what_came_of_each_item(samling, django_assert_num_queries):
    with django_assert_num_queries(8):
        data = protokoll.collect(samling)

    assert (data.moett, data.ikke_moett) == (["Anne, KOG"], ["Berit, KOG"])
    assert [(s.nummer, s.tittel, s.uferdig) for s in data.saker] == [
        (1, "Budsjett", False),
        (2, "Valg", True),
    ]
    assert [(u.nummer, u.tekst) for u in data.saker[0].utfall] == [(1, "Vedtatt 📚 نقرأ")]
    assert [u.tekst for u in data.uten_sak] == ["Fra hele møtet"]


def test_guests_whose_names_are_cleared_and_pupils_are_told_as_numbers(samling):
    gruppe = GruppeFactory(nettverk=samling.nettverk)
    Gruppetall.objects.create(samling=samling, gruppe=gruppe, hva="elever", antall=14)
    for navn in ("Gina", "", ""):
        Gjest.objects.create(samling=samling, navn=navn, fra="Molde", moett=timezone.now())

    data = protokoll.collect(samling)

    assert data.moett == ["Anne, KOG", "Gina, Molde"]
    assert data.i_tillegg == "2 varaer eller gjester, 14 elever"
    assert (data.telt.var_der, data.manglet) == (4, 1)


def test_of_a_gathering_of_many_the_invited_are_counted_and_the_guests_told_beside(
    samling, monkeypatch
):
    monkeypatch.setattr(protokoll, "MED_NAVN", 1)
    Gjest.objects.create(samling=samling, navn="Gina", fra="Molde", moett=timezone.now())

    data = protokoll.collect(samling)

    assert (data.med_navn, data.telt.moett_antall, data.manglet) == (False, 1, 1)
    assert data.i_tillegg == "1 vara eller gjest"


def html_of(samling) -> str:
    """What is on the sheets, as the page that they are made from."""
    return " ".join(
        build_html(
            "rolu/pdf/protokoll.html", protokoll.print_context(protokoll.collect(samling))
        ).split()
    )


def test_nobody_is_away_where_nobody_is_registered_or_it_has_not_begun(samling):
    samling.deltakelser.update(moett=None)
    assert protokoll.collect(samling).ikke_moett == []
    assert "Ingen er registrert" in html_of(samling)
    assert "Møtte ikke" not in html_of(samling)

    samling.start, samling.slutt = klokken(14, 9), klokken(14, 15)
    samling.save()
    assert "Møtte" not in html_of(samling)


def test_of_several_days_each_is_told_over_its_items(samling):
    assert "app-dagtittel" not in html_of(samling)
    samling.start, samling.slutt = klokken(-14, 9), klokken(-13, 15)
    samling.save()
    ProgrampostFactory(samling=samling, tittel="Slutt", start=klokken(-13, 9))

    saker = protokoll.collect(samling).saker

    assert [s.dag for s in saker] == [klokken(-14, 9).date(), None, klokken(-13, 9).date()]
    assert f"{ukedag(klokken(-13, 9)).capitalize()}</h2> <h2>3. Slutt" in html_of(samling)


def test_those_who_run_the_network_have_them_and_members_do_not(samling, client):
    side = reverse("rolu:protokoll", args=[samling.nettverk.slug, samling.pk])
    Utfall.objects.filter(tekst="Fra hele møtet").update(tekst="<script>alert(1)</script>")

    client.force_login(kog(samling.nettverk))
    svar = client.get(side)
    utkast = SamlingFactory(nettverk=samling.nettverk)
    tomt = client.get(reverse("rolu:protokoll", args=[samling.nettverk.slug, utkast.pk]))
    client.force_login(gruppemedlem(samling.nettverk.grupper.get(enhet__isnull=False)))

    assert svar.status_code == 200
    assert svar["Content-Type"] == "application/pdf"
    assert svar.content.startswith(b"%PDF")
    assert tomt.status_code == 404
    assert client.get(side).status_code == 403


@pytest.mark.parametrize("linjer", range(18, 40, 3))
def test_the_last_item_does_not_stand_alone_on_a_page(samling, linjer):
    samling.utfall.all().delete()
    samling.programposter.filter(tittel="Budsjett").update(notat="\n".join(["En linje."] * linjer))
    data = protokoll.print_context(protokoll.collect(samling))
    siste = pages(build_html("rolu/pdf/protokoll.html", data))[-1]

    assert 0 <= siste.find("En linje.") < siste.index("2. Valg")
