"""Files of a log when they lie in a store: the same pages, the same rules, nothing on this machine's disk."""

import pytest
from django.core.files.storage import default_storage

from nettverk.arbeid.jobber import order_jobb, run
from nettverk.models import Jobb
from nettverk.views.jobber import send_resultat
from rolu.models import Mellomarbeid, Vedlegg
from tests.nettverk import proevejobber  # noqa: F401 - its kinds of job
from tests.nettverk.factories import enhetsleder, gruppemedlem, koordinator, nettverk_med_enhet
from tests.rolu.factories import MellomarbeidFactory, OppdragFactory
from tests.rolu.mellomarbeid.test_vedlegg import PDF, bilde, fil, hent, legg_ved, som, url
from tests.s3 import S3

pytestmark = pytest.mark.django_db


@pytest.fixture
def arbeid() -> Mellomarbeid:
    nettverk, gruppe = nettverk_med_enhet()
    return MellomarbeidFactory(oppdrag=OppdragFactory(nettverk=nettverk), gruppe=gruppe)


def test_added_fetched_and_removed_through_the_pages(
    s3: S3, arbeid: Mellomarbeid, django_capture_on_commit_callbacks
):
    leder = enhetsleder(arbeid.gruppe)

    assert legg_ved(arbeid, leder, fil(), bilde(), beskrivelse="Spor").status_code == 200
    pdf = Vedlegg.objects.get(mimetype="application/pdf")

    svar = hent(leder, url("vedlegg", arbeid, pdf.pk))
    assert (svar.status_code, svar.innhold) == (200, PDF)
    assert svar["Cache-Control"] == "private, no-store"
    # With its length also to one who takes packed pages: what breaks off half-way is not to look whole.
    svar = som(leder).get(url("vedlegg", arbeid, pdf.pk), headers={"accept-encoding": "gzip"})
    assert svar["Content-Length"] == str(len(PDF))
    assert b"".join(svar.streaming_content) == PDF
    # The picture has its smaller copy.
    assert len(s3.contents()) == 3
    # Nobody else, though the file lies somewhere else.
    fremmed = gruppemedlem(nettverk_med_enhet()[1])
    assert hent(fremmed, url("vedlegg", arbeid, pdf.pk)).status_code in {403, 404}

    with django_capture_on_commit_callbacks(execute=True):
        som(leder).post(url("vedlegg_slett", arbeid, pdf.pk))
        som(leder).post(url("vedlegg_slett", arbeid, Vedlegg.objects.get().pk))
    assert len(s3.contents()) == 0


def test_a_film_in_the_store_is_wound_without_fetching_all_of_it(s3: S3, arbeid: Mellomarbeid):
    leder = enhetsleder(arbeid.gruppe)
    film = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2" + bytes(range(256)) * 40
    legg_ved(arbeid, leder, fil("tur.mp4", film))
    rad = Vedlegg.objects.get()

    svar = som(leder).get(url("vedlegg", arbeid, rad.pk), headers={"range": "bytes=1000-1999"})

    assert b"".join(svar.streaming_content) == film[1000:2000]
    assert (svar.status_code, svar["Content-Range"]) == (206, f"bytes 1000-1999/{len(film)}")
    assert svar["Content-Length"] == "1000"


def test_a_file_that_the_store_has_lost_is_a_page_that_says_so(s3: S3, arbeid: Mellomarbeid):
    leder = enhetsleder(arbeid.gruppe)
    legg_ved(arbeid, leder, fil())
    rad = Vedlegg.objects.get()
    default_storage.delete(rad.fil.name)

    assert hent(leder, url("vedlegg", arbeid, rad.pk)).status_code == 404


def test_a_store_that_is_away_keeps_nothing_half_and_says_so(
    s3: S3, arbeid: Mellomarbeid, settings
):
    leder = enhetsleder(arbeid.gruppe)
    legg_ved(arbeid, leder, fil("foer.pdf"))
    rad = Vedlegg.objects.get()
    klient = som(leder)
    klient.raise_request_exception = False

    with s3.away(settings):
        sendt = legg_ved(arbeid, leder, fil("ny.pdf", PDF + b"1"), bilde())
        hentet = klient.get(url("vedlegg", arbeid, rad.pk))
        siden = klient.get(url("mellomarbeid", arbeid))

    assert sendt.status_code == 422
    assert "Vi når ikke stedet der filene ligger akkurat nå" in sendt.content.decode()
    assert (hentet.status_code, hentet["Retry-After"]) == (503, "10")
    assert "<h1" in hentet.content.decode()
    assert "Filene er borte et øyeblikk" in hentet.content.decode()
    assert siden.status_code == 200  # the rest of the portal works
    assert list(Vedlegg.objects.all()) == [rad]
    assert len(s3.contents()) == 1


def test_the_networks_share_of_the_store_is_counted(s3: S3, arbeid: Mellomarbeid, settings):
    settings.LAGERPLASS_PER_NETTVERK = 100
    leder = enhetsleder(arbeid.gruppe)
    legg_ved(arbeid, leder, fil())

    svar = legg_ved(arbeid, leder, fil("stor.pdf", PDF + b"x" * 100))

    assert svar.status_code == 422
    assert "ikke plass til flere filer" in svar.content.decode()
    assert len(s3.contents()) == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_on_another_machine_leaves_its_file_where_the_web_server_finds_it(
    s3: S3, arbeid: Mellomarbeid
):
    nettverk = arbeid.nettverk
    jobb = order_jobb(nettverk=nettverk, slag="proeve.rask", gjelder="1", by=koordinator(nettverk))
    run(jobb.pk)

    jobb = Jobb.objects.get(pk=jobb.pk)
    assert jobb.status == Jobb.Status.FERDIG
    (innhold,) = s3.contents().values()
    assert b"".join(send_resultat(jobb).streaming_content) == innhold
