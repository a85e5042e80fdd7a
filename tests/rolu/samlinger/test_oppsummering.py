"""The summary: figures gathered as plain data, a PDF made by a job, published to the members."""

import datetime

import pytest
from django.urls import reverse
from django.utils import translation

from nettverk.arbeid import jobber
from nettverk.filer.pdf import build_html
from nettverk.models import Jobb, Rolle
from nettverk.skriving.konflikt import KanIkke
from rolu.models import Oppsummering
from rolu.samlinger import oppsummering
from rolu.samlinger.oppsummering import Enhetsoppmoete, Tall
from tests.kommuner.factories import EnhetFactory
from tests.nettverk.factories import (
    GruppeFactory,
    VervFactory,
    enhetsleder,
    gruppemedlem,
    kog,
    koordinator,
    nettverk_med_enhet,
)
from tests.rolu.factories import (
    DeltakelseFactory,
    OppdragFactory,
    ProgrampostFactory,
    SamlingFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    """A gathering that has been: a leader who met, a member who did not, and a unit that did not."""
    nettverk, gruppe = nettverk_med_enhet()
    kommune = gruppe.enhet.kommune_per()
    samling = SamlingFactory(nettverk=nettverk, avholdt=True, tema="Lek")
    leder, medlem = enhetsleder(gruppe), gruppemedlem(gruppe)
    DeltakelseFactory(samling=samling, verv=leder.verv.get(), kommune=kommune, moett_=True)
    DeltakelseFactory(samling=samling, verv=medlem.verv.get(), kommune=kommune)
    borte = GruppeFactory(
        nettverk=nettverk, utviklingsgruppe=True, enhet=EnhetFactory(navn="Borte barnehage")
    )
    verv = VervFactory(gruppe=borte, rolle=Rolle.FORMELL_LEDER)
    DeltakelseFactory(samling=samling, verv=verv, kommune=kommune)
    ProgrampostFactory(
        samling=samling, tittel="Deling", notat="God deling", vedtak="Prøv lesestund"
    )
    ProgrampostFactory(samling=samling, tittel="Pause", arbeidsform="pause")
    return samling, gruppe, leder


def test_roles_are_called_what_the_network_calls_them(scene):
    samling, _gruppe, _leder = scene
    samling.nettverk.egne_rollenavn = {Rolle.FORMELL_LEDER: "enhetens sjef"}

    roller = oppsummering.collect(samling).per_rolle

    assert [tall.navn for tall in roller] == ["enhetens sjef", "utviklingslærer"]


def test_collect_gathers_everything_as_plain_data(scene):
    samling, gruppe, _leder = scene
    OppdragFactory(
        nettverk=samling.nettverk, samling=samling, tittel="Les", frist=datetime.date(2027, 1, 15)
    )
    kommune = gruppe.enhet.kommune_per()

    data = oppsummering.collect(samling)

    assert data.totalt == Tall("Alle", 3, 1, 1)
    assert data.per_kommune == [Tall(kommune.navn, 3, 1, 1)]
    assert data.per_rolle == [Tall("formell leder", 2, 1, 1), Tall("utviklingslærer", 1, 0, 0)]
    assert data.enheter_moett == [Enhetsoppmoete(str(gruppe.enhet), kommune.navn, 1)]
    assert [e.enhet for e in data.enheter_ikke_moett] == ["Borte barnehage"]
    assert [(p.tittel, p.vedtak) for p in data.vedtak] == [("Deling", "Prøv lesestund")]
    assert [(o.tittel, o.frist) for o in data.oppdrag] == [("Les", datetime.date(2027, 1, 15))]


def test_collect_costs_the_same_whatever_the_size(scene, django_assert_num_queries):
    samling, _gruppe, _leder = scene
    for _ in range(2):
        with django_assert_num_queries(6):
            oppsummering.collect(samling)
        DeltakelseFactory.create_batch(3, samling=samling, moett_=True)
        ProgrampostFactory.create_batch(3, samling=samling)


def test_worker_makes_a_pdf_and_the_page_follows_it_to_the_end(scene, client):
    samling, _gruppe, _leder = scene
    k = koordinator(samling.nettverk)
    client.force_login(k)
    url = reverse("rolu:samling_oppsummering", args=[samling.nettverk.slug, samling.pk])

    client.post(url)
    underveis = client.get(url, headers={"HX-Request": "true"}).content.decode()
    jobb = Jobb.objects.get()
    jobber.run(jobb.pk)
    etter = client.get(url, headers={"HX-Request": "true"}).content.decode()

    assert 'hx-trigger="every 1s"' in underveis
    assert "Lag oppsummering" not in underveis
    assert 'hx-trigger="every 1s"' not in etter
    assert "Åpne oppsummeringen" in etter
    assert "Del med medlemmene" in etter
    jobb.refresh_from_db()
    assert (jobb.status, jobb.feil) == (Jobb.Status.FERDIG, "")
    adresse = reverse("rolu:oppsummering_pdf", args=[samling.nettverk.slug, samling.pk])
    pdf = b"".join(client.get(adresse, {"versjon": "utkast"}).streaming_content)
    assert pdf.startswith(b"%PDF")
    assert len(pdf) > 10_000


def test_the_pdf_is_in_the_written_form_of_the_network(scene, monkeypatch):
    from nettverk.filer.pdf import build_html

    samling, _gruppe, leder = scene
    samling.nettverk.maalform = "nn"
    samling.nettverk.save()
    sider = []
    monkeypatch.setattr(
        oppsummering, "render_pdf", lambda *felt: sider.append(build_html(*felt)) or b"%PDF"
    )
    with translation.override("en"):
        jobb = oppsummering.order(samling, by=leder)

    jobber.run(jobb.pk)

    assert "Einingar som ikkje møtte" in sider[0]
    assert "Formell leiar" in sider[0]
    assert 'lang="nn"' in sider[0]


def test_pdf_tells_what_was_decided_and_who_met(scene):
    from nettverk.filer.pdf import build_html

    samling, gruppe, _leder = scene

    html = build_html(
        "rolu/pdf/oppsummering.html",
        oppsummering.pdf_context(samling, oppsummering.collect(samling)),
    )

    for tekst in ("Prøv lesestund", "God deling", str(gruppe.enhet), "Borte barnehage", "av 2"):
        assert tekst in html


def test_asking_twice_gives_the_same_job(scene):
    samling, _gruppe, _leder = scene
    k = koordinator(samling.nettverk)

    assert oppsummering.order(samling, by=k) == oppsummering.order(samling, by=k)


def test_draft_and_cancelled_gatherings_have_no_summary(scene):
    samling, _gruppe, leder = scene
    for trekk in ({}, {"avlyst": True}):
        with pytest.raises(KanIkke):
            oppsummering.order(SamlingFactory(nettverk=samling.nettverk, **trekk), by=leder)


def _made(samling, by) -> Oppsummering:
    jobber.run(oppsummering.order(samling, by=by).pk)
    return Oppsummering.objects.get(samling=samling)


def test_members_read_only_what_is_published(scene, client):
    samling, _gruppe, leder = scene
    k = koordinator(samling.nettverk)
    rad = _made(samling, k)
    args = [samling.nettverk.slug, samling.pk]
    pdf, side = (
        reverse(f"rolu:{n}", args=args) for n in ("oppsummering_pdf", "samling_oppsummering")
    )
    client.force_login(leder)
    foer = [client.get(a).status_code for a in (pdf, side)]

    client.force_login(k)
    client.post(reverse("rolu:oppsummering_publiser", args=args), {"jobb": rad.jobb_id})

    client.force_login(leder)
    assert foer == [404, 404]
    assert b"".join(client.get(pdf).streaming_content).startswith(b"%PDF")
    assert client.get(side).status_code == 200
    assert client.get(pdf, {"versjon": "utkast"}).status_code == 403


def test_new_draft_does_not_change_what_members_read(scene):
    samling, _gruppe, _leder = scene
    k = koordinator(samling.nettverk)
    rad = _made(samling, k)
    oppsummering.publish(rad.samling, jobb=rad.jobb_id)
    publisert = Oppsummering.objects.get().fil.name

    ny = _made(samling, k)

    assert ny.jobb_id != rad.jobb_id
    assert ny.fil.name == publisert
    Jobb.objects.all().delete()  # the nightly clearing
    with Oppsummering.objects.get().fil.open("rb") as fil:
        assert fil.read().startswith(b"%PDF")


def test_a_version_nobody_has_looked_at_is_not_published(scene):
    samling, _gruppe, _leder = scene
    k = koordinator(samling.nettverk)
    sett = _made(samling, k).jobb_id
    rad = _made(samling, k)

    with pytest.raises(KanIkke, match="nyere"):
        oppsummering.publish(rad.samling, jobb=sett)


def test_kog_sees_the_draft_and_cannot_make_or_publish(scene, client):
    samling, _gruppe, _leder = scene
    rad = _made(samling, koordinator(samling.nettverk))
    args = [samling.nettverk.slug, samling.pk]
    side = reverse("rolu:samling_oppsummering", args=args)
    client.force_login(kog(samling.nettverk))

    assert client.get(side).status_code == 200
    assert client.post(side).status_code == 403
    publiser = reverse("rolu:oppsummering_publiser", args=args)
    assert client.post(publiser, {"jobb": rad.jobb_id}).status_code == 403


def test_the_units_that_met_are_told_of_kommune_by_kommune(scene):
    samling, gruppe, _leder = scene
    data = oppsummering.collect(samling)

    html = build_html("rolu/pdf/oppsummering.html", oppsummering.pdf_context(samling, data))

    [enhet] = data.enheter_moett
    assert f"<strong>{enhet.kommune}:</strong> {gruppe.enhet} (1)" in " ".join(html.split())
