"""The summary: figures gathered as plain data, a PDF made by a job, published to the members."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from nettverk.arbeid import jobber
from nettverk.filer.pdf import Pdf, build_html
from nettverk.models import Jobb, Rolle
from nettverk.skriving.konflikt import KanIkke, Lukket
from rolu.models import Oppsummering, Samling
from rolu.samlinger import blokker, oppsummering
from rolu.samlinger.blokkinnhold import Blokkinnhold, Blokktabell, Dokument, put_in_words
from tests.kommuner.factories import EnhetFactory
from tests.nettverk.factories import (
    GruppeFactory,
    NettverkFactory,
    VervFactory,
    enhetsleder,
    gruppemedlem,
    kog,
    koordinator,
    nettverk_med_enhet,
)
from tests.nettverk.filer.ark import pages
from tests.rolu.factories import (
    DeltakelseFactory,
    ProgrampostFactory,
    SamlingFactory,
    klokken,
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
    ProgrampostFactory(samling=samling, tittel="Deling", notat="God deling")
    ProgrampostFactory(samling=samling, tittel="Pause", arbeidsform="pause")
    return samling, gruppe, leder


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


def test_the_document_is_in_the_written_form_of_the_network(scene, monkeypatch):
    samling, _gruppe, leder = scene
    samling.nettverk.maalform = "nn"
    samling.nettverk.save()
    sider = []
    monkeypatch.setattr(
        oppsummering,
        "render_counted",
        lambda *felt: sider.append(build_html(*felt)) or Pdf(b"%PDF", 1, {}),
    )
    with translation.override("en"):
        jobb = oppsummering.order(samling, by=leder)

    jobber.run(jobb.pk)

    assert "Einingar som ikkje var representerte" in sider[0]
    assert "Formell leiar" in sider[0]
    assert 'lang="nn"' in sider[0]


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
    svar = client.post(reverse("rolu:oppsummering_publiser", args=args), {"jobb": rad.jobb_id})

    client.force_login(leder)
    assert foer == [404, 404]
    assert b"".join(client.get(pdf).streaming_content).startswith(b"%PDF")
    innhold = client.get(side).content.decode()
    assert svar.status_code == 302
    assert "Ta ut" not in innhold
    assert "God deling" in innhold
    word = reverse("rolu:oppsummering_word", args=args)
    assert b"".join(client.get(word).streaming_content).startswith(b"PK")
    for adresse in (pdf, word):
        assert client.get(adresse, {"versjon": "utkast"}).status_code == 403


def test_new_draft_does_not_change_what_members_read(scene):
    samling, _gruppe, _leder = scene
    k = koordinator(samling.nettverk)
    rad = _made(samling, k)
    oppsummering.publish(rad.samling, jobb=rad.jobb_id, by=k)
    publisert = Oppsummering.objects.get().fil.name

    ny = _made(samling, k)

    assert ny.jobb_id != rad.jobb_id
    assert ny.fil.name == publisert
    Jobb.objects.all().delete()  # the nightly clearing
    with Oppsummering.objects.get().fil.open("rb") as fil:
        assert fil.read().startswith(b"%PDF")


def test_what_is_changed_since_the_files_were_made_is_not_published(scene):
    samling, _gruppe, _leder = scene
    k = koordinator(samling.nettverk)
    rad = _made(samling, k)
    [blokk, *_resten] = blokker.of(samling)
    blokker.edit(blokk, tekst="Lagt til", versjon=1, by=k)

    with pytest.raises(KanIkke, match="endret etter"):
        oppsummering.publish(rad.samling, jobb=rad.jobb_id, by=k)

    rad = _made(samling, k)
    delt = oppsummering.publish(rad.samling, jobb=rad.jobb_id, by=k)
    assert "Lagt til" in str(delt.oppsummering.publisert_innhold)


def test_it_is_not_published_before_the_gathering_is_over_nor_when_it_is_locked(scene):
    samling, _gruppe, _leder = scene
    k = koordinator(samling.nettverk)
    rad = _made(samling, k)
    alle = Samling.objects.filter(pk=samling.pk)
    alle.update(start=klokken(1, 9), slutt=klokken(1, 15))
    with pytest.raises(KanIkke, match="når samlingen er over"):
        oppsummering.publish(rad.samling, jobb=rad.jobb_id, by=k)

    alle.update(status=Samling.Status.LAAST)
    with pytest.raises(Lukket):
        oppsummering.publish(rad.samling, jobb=rad.jobb_id, by=k)

    assert Oppsummering.objects.get().publisert is None


def _run(samling, by) -> Jobb:
    jobb = oppsummering.order(samling, by=by)
    jobber.run(jobb.pk)
    jobb.refresh_from_db()
    return jobb


def test_nothing_is_kept_of_what_was_ordered_before_the_gathering_was_locked(scene):
    samling, _gruppe, _leder = scene
    jobb = oppsummering.order(samling, by=koordinator(samling.nettverk))
    Samling.objects.filter(pk=samling.pk).update(status=Samling.Status.LAAST)

    jobber.run(jobb.pk)

    jobb.refresh_from_db()
    assert jobb.status == Jobb.Status.FEILET
    assert "låst" in jobb.feil
    assert not Oppsummering.objects.exists()


def test_nothing_is_kept_when_a_part_is_changed_while_it_is_made(scene, monkeypatch):
    samling, _gruppe, _leder = scene
    k = koordinator(samling.nettverk)

    def draw_slowly(*felt) -> Pdf:
        [blokk, *_resten] = blokker.of(samling)
        blokker.edit(blokk, tekst="Skrevet imens", versjon=blokk.versjon, by=k)
        return Pdf(b"%PDF", 1, {})

    with monkeypatch.context() as treg:
        treg.setattr(oppsummering, "render_counted", draw_slowly)
        jobb = _run(samling, k)

    assert jobb.status == Jobb.Status.FEILET
    assert "endret mens filene ble laget" in jobb.feil
    assert not jobb.resultat
    assert not Oppsummering.objects.exists()
    assert _run(samling, k).status == Jobb.Status.FERDIG


def test_a_form_that_does_not_say_which_version_shares_nothing_and_can_be_sent_again(scene, client):
    samling, _gruppe, _leder = scene
    k = koordinator(samling.nettverk)
    rad = _made(samling, k)
    client.force_login(k)
    args = [samling.nettverk.slug, samling.pk]
    adresse = reverse("rolu:oppsummering_publiser", args=args)

    svar = client.post(adresse, {"jobb": "tull"})

    assert svar.status_code == 422
    assert "Se over oppsummeringen en gang til" in svar.text
    assert f'value="{rad.jobb_id}"' in svar.text
    assert Oppsummering.objects.get().publisert is None


def test_the_page_that_asks_holds_nothing(scene, client):
    samling, _gruppe, _leder = scene
    k = koordinator(samling.nettverk)
    _made(samling, k)
    client.force_login(k)
    args = [samling.nettverk.slug, samling.pk]

    with CaptureQueriesContext(connection) as spoerringer:
        svar = client.get(reverse("rolu:oppsummering_publiser", args=args))

    assert svar.status_code == 200
    assert not [s for s in spoerringer.captured_queries if "FOR UPDATE" in s["sql"]]


def test_publishing_moves_the_gathering_nowhere(scene):
    samling, _gruppe, _leder = scene
    k = koordinator(samling.nettverk)
    rad = _made(samling, k)

    oppsummering.publish(rad.samling, jobb=rad.jobb_id, by=k)

    assert Samling.objects.get(pk=samling.pk).status == samling.status


def test_a_version_nobody_has_looked_at_is_not_published(scene):
    samling, _gruppe, _leder = scene
    k = koordinator(samling.nettverk)
    sett = _made(samling, k).jobb_id
    rad = _made(samling, k)

    with pytest.raises(KanIkke, match="nyere"):
        oppsummering.publish(rad.samling, jobb=sett, by=k)


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


def test_when_the_members_read_the_newest_the_page_says_so(scene, client):
    samling, _gruppe, _leder = scene
    k = koordinator(samling.nettverk)
    rad = _made(samling, k)
    side = reverse("rolu:samling_oppsummering", args=[samling.nettverk.slug, samling.pk])
    client.force_login(k)
    foer = client.get(side).content.decode()

    oppsummering.publish(samling, jobb=rad.jobb_id, by=k)
    etter = client.get(side).content.decode()

    assert "Del med medlemmene" in foer
    assert "Medlemmene leser den nyeste utgaven" in etter
    assert "Åpne oppsummeringen" not in etter


def _print(*biter) -> list[str]:
    dokument = Dokument((Blokkinnhold("program", "Program", biter),))
    felles = oppsummering.pdf_context(NettverkFactory(), "Oppsummering", "", dokument)
    return pages(build_html("rolu/pdf/oppsummering.html", felles))


def test_a_word_without_an_end_is_broken_and_a_date_is_not():
    dato = "24. november 2026"
    tabell = Blokktabell(
        "Oppfølginger",
        ("Hvem", "Hva", "Frist"),
        (("Kari", "Ord" * 30, dato),),
        har_tekst=True,
        korte=frozenset({2}),
    )

    linjer = "".join(_print(tabell)).split("\n")

    assert dato in linjer
    assert "Ord" * 30 not in linjer


def test_the_explanation_of_the_sums_stands_under_the_figures_too():
    rad = {"navn": "Aure", "inviterte": 2, "paameldte": 1, "moett": 1}
    data = {**rad, "kommuner": [rad], "roller": [rad], "enhetstyper": [rad]}

    innhold = put_in_words("tall", data)

    assert innhold.biter[-1].tekst.startswith("Hver person er talt én gang i summen.")
