"""A store instead of a disk: the same promises, with nothing of a file on the machine."""

import threading

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models.fields.files import FieldFile, FileField
from django.http import Http404

from nettverk import tasks
from nettverk.filer import lagervalg
from nettverk.filer.lager import LagerBorte, all_or_nothing
from nettverk.filer.s3lager import S3Lager
from nettverk.filer.utlevering import send_fil
from nettverk.models import Jobb
from nettverk.signaler import beat
from tests.nettverk.factories import NettverkFactory, koordinator
from tests.s3 import S3


def felt(navn: str) -> FieldFile:
    return FieldFile(None, FileField(), navn)


def test_what_is_kept_is_whole_under_its_own_name(s3: S3):
    forste = default_storage.save("vedlegg/Årsplan æøå.pdf", ContentFile(b"en"))
    andre = default_storage.save("vedlegg/Årsplan æøå.pdf", ContentFile(b"to"))
    tekst = default_storage.save("notat.txt", ContentFile("blåbær"))

    assert s3.contents() == {
        f"portalen/{forste}": b"en", f"portalen/{andre}": b"to", f"portalen/{tekst}": "blåbær".encode(),
    }  # fmt: skip
    assert forste.startswith("vedlegg/Årsplan")
    with default_storage.open(forste) as fil:
        assert fil.read() == b"en"
    assert (default_storage.exists(forste), default_storage.size(forste)) == (True, 2)


def test_two_of_the_same_name_at_once_are_both_kept(s3: S3, monkeypatch: pytest.MonkeyPatch):
    """All of them are told that the name is free; the store itself lets one have it."""
    frie = threading.Barrier(6)
    ekte = S3Lager.exists
    forste_gang = threading.local()

    def exists(self, name: str) -> bool:
        if not hasattr(forste_gang, "spurt"):
            forste_gang.spurt = True
            frie.wait(10)
            return False
        return ekte(self, name)

    monkeypatch.setattr(S3Lager, "exists", exists)
    navn: list[str] = []
    traader = [
        threading.Thread(
            target=lambda n=n: navn.append(
                default_storage.save("v/plan.txt", ContentFile(str(n).encode() * 1000))
            )
        )
        for n in range(6)
    ]
    for traad in traader:
        traad.start()
    for traad in traader:
        traad.join()

    assert sorted(s3.contents()) == sorted(f"portalen/{ett}" for ett in navn)
    assert set(s3.contents().values()) == {str(n).encode() * 1000 for n in range(6)}


def test_a_file_is_sent_a_piece_at_a_time_with_its_length(s3: S3):
    innhold = bytes(range(256)) * 4000
    navn = default_storage.save("stor.pdf", ContentFile(innhold))

    svar = send_fil(felt(navn), navn="stor.pdf", mimetype="application/pdf")

    assert svar["Content-Length"] == str(len(innhold))
    assert svar["Cache-Control"] == "private, no-store"
    biter = list(svar.streaming_content)
    assert len(biter) > 10
    assert b"".join(biter) == innhold
    svar.close()


def test_a_file_that_is_gone_from_the_store_is_not_found(s3: S3):
    with pytest.raises(Http404):
        send_fil(felt("borte.pdf"), navn="borte.pdf")
    with pytest.raises(FileNotFoundError):
        default_storage.open("borte.pdf")


def test_a_store_that_is_away_or_says_no_is_told_of_in_plain_words(s3: S3, settings):
    navn = default_storage.save("a.txt", ContentFile(b"a"))
    with s3.away(settings):
        for gjoer in (
            lambda: default_storage.save("b.txt", ContentFile(b"b")),
            lambda: default_storage.open(navn),
            lambda: send_fil(felt(navn), navn="a.txt"),
            lambda: default_storage.exists(navn),
        ):
            with pytest.raises(LagerBorte, match="Vi når ikke stedet der filene ligger"):
                gjoer()
    s3.klient.delete_object(Bucket=s3.bucket, Key=f"portalen/{navn}")
    s3.klient.delete_bucket(Bucket=s3.bucket)
    with pytest.raises(LagerBorte):
        default_storage.save("c.txt", ContentFile(b"c"))


def test_what_was_kept_goes_again_when_the_rest_fails(s3: S3):
    @all_or_nothing()
    def keep() -> None:
        default_storage.save("a.txt", ContentFile(b"a"))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        keep()

    assert s3.contents() == {}


@pytest.mark.django_db
def test_a_file_that_could_not_be_deleted_is_deleted_when_the_store_is_back(
    s3: S3, settings, monkeypatch: pytest.MonkeyPatch
):
    bedt: list[tuple] = []
    monkeypatch.setattr(
        "nettverk.filer.s3lager.current_app.send_task",
        lambda navn, **mer: bedt.append((navn, mer["kwargs"])),
    )
    navn = default_storage.save("a.txt", ContentFile(b"a"))
    with s3.away(settings):
        default_storage.delete(navn)
        with pytest.raises(LagerBorte):
            tasks.delete_fil.run(navn=navn)

    assert bedt == [("nettverk.tasks.delete_fil", {"navn": navn})]
    assert tasks.delete_fil.name == bedt[0][0]
    assert len(s3.contents()) == 1

    nettverk = NettverkFactory()
    jobb = Jobb.objects.create(
        nettverk=nettverk, slag="proeve.rask", gjelder="1", bestilt_av=koordinator(nettverk), resultat=navn,
    )  # fmt: skip
    tasks.delete_fil.run(navn=navn)
    assert len(s3.contents()) == 1  # somebody has the name now

    jobb.delete()
    tasks.delete_fil.run(navn=navn)
    assert s3.contents() == {}


@pytest.mark.django_db(transaction=True)
def test_health_asks_the_store_but_a_web_server_is_no_sicker_for_a_store_that_all_share(
    s3: S3, client, settings
):
    beat()
    assert client.get("/helse/").json()["lager"] == "ok"
    assert s3.contents() == {}
    with s3.away(settings):
        assert client.get("/helse/").json()["mangler"] == ["lager"]
        assert client.get("/helse/web/").status_code == 200


def test_settings_that_are_half_said_are_refused(s3: S3):
    hele = s3.miljo
    assert lagervalg.storage({})["BACKEND"] == "nettverk.filer.lager.HeltLager"
    for navn, verdi, sagt in (
        ("LAGER_S3_HEMMELIGHET", "", "ikke LAGER_S3_HEMMELIGHET"),
        ("LAGER_S3_BUCKET", "", "ikke LAGER_S3_BUCKET"),
        ("LAGER_S3_ADRESSE", "lager.example", "https://"),
        ("LAGER_S3_STIL", "fin", "path eller virtual"),
    ):
        with pytest.raises(ImproperlyConfigured, match=sagt):
            lagervalg.storage({**hele, navn: verdi})
