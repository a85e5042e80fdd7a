"""Files of a log: added on a phone, served as the log they hang on, gone when removed."""

import io
import threading
import uuid

import pytest
from django.contrib import admin
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from PIL import Image

from nettverk.filer.kvote import space
from nettverk.filer.lager import HeltLager
from nettverk.filer.opplasting import GodkjentFil
from nettverk.models import Nettverk
from rolu.mellomarbeid import innlevering, logg
from rolu.mellomarbeid import vedlegg as vedlegg_
from rolu.models import Mellomarbeid, Vedlegg
from tests.disk import files_in, full_disk
from tests.nettverk.factories import (
    GruppeFactory,
    PersonFactory,
    enhetsleder,
    gruppemedlem,
    koordinator,
    nettverk_med_enhet,
)
from tests.rolu.factories import MellomarbeidFactory, OppdragFactory
from tests.samtidig import at_once, kinds

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def arbeid() -> Mellomarbeid:
    nettverk, gruppe = nettverk_med_enhet()
    return MellomarbeidFactory(oppdrag=OppdragFactory(nettverk=nettverk), gruppe=gruppe)


def som(person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def url(navn: str, arbeid: Mellomarbeid, pk: int | None = None) -> str:
    return reverse(f"rolu:{navn}", args=[arbeid.nettverk.slug, pk or arbeid.pk])


def fil(navn: str = "plan.pdf", innhold: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(navn, innhold)


def bilde() -> SimpleUploadedFile:
    ut = io.BytesIO()
    Image.new("RGB", (40, 40), "teal").save(ut, format="PNG")
    return SimpleUploadedFile("spor.png", ut.getvalue())


def hent(person, adresse: str):
    """The answer with the whole file in `innhold`. Reading to the end closes the file."""
    svar = som(person).get(adresse)
    svar.innhold = b"".join(svar.streaming_content) if svar.streaming else svar.content
    return svar


def legg_ved(arbeid: Mellomarbeid, person, *filer: SimpleUploadedFile, beskrivelse: str = ""):
    return som(person).post(
        url("vedlegg_ny", arbeid), {"filer": filer, "beskrivelse": beskrivelse}, follow=True
    )


def test_several_files_are_added_and_the_picture_is_described(arbeid):
    svar = legg_ved(arbeid, gruppemedlem(arbeid.gruppe), fil(), bilde(), beskrivelse="Spor i snøen")

    assert list(arbeid.vedlegg.values_list("navn", "alternativ_tekst")) == [
        ("plan.pdf", ""),
        ("spor.png", "Spor i snøen"),
    ]
    assert "2 filer er lagt ved." in svar.text
    assert 'alt="Spor i snøen"' in svar.text
    arbeid.refresh_from_db()
    assert arbeid.status == Mellomarbeid.Status.KLADD


def test_the_same_file_twice_is_kept_once(arbeid):
    leder = enhetsleder(arbeid.gruppe)

    legg_ved(arbeid, leder, fil())
    legg_ved(arbeid, leder, fil("kopi.pdf"))

    assert arbeid.vedlegg.count() == 1


def test_a_file_that_is_too_big_is_told_of_at_its_field_and_the_description_stays(arbeid, settings):
    settings.OPPLASTING_MAKS = 1000

    svar = legg_ved(
        arbeid, enhetsleder(arbeid.gruppe), fil(innhold=PDF + b"x" * 3000), beskrivelse="Skyggen"
    )

    assert svar.status_code == 422
    assert svar.context["form"].errors["filer"][0].startswith("Fila er for stor.")
    assert "Skyggen" in svar.text
    assert not arbeid.vedlegg.exists()


def test_an_exe_called_pdf_is_refused(arbeid):
    svar = legg_ved(arbeid, enhetsleder(arbeid.gruppe), fil(innhold=b"MZ\x90" + b"\0" * 100))

    assert "er ikke det endelsen sier" in svar.context["form"].errors["filer"][0]


def test_a_file_is_served_to_those_who_see_the_log_and_to_nobody_else(arbeid):
    leder = enhetsleder(arbeid.gruppe)
    legg_ved(arbeid, leder, fil())
    adresse = url("vedlegg", arbeid, arbeid.vedlegg.get().pk)
    nabo = enhetsleder(GruppeFactory(nettverk=arbeid.nettverk, utviklingsgruppe=True))

    koder = [
        hent(p, adresse).status_code
        for p in (leder, koordinator(arbeid.nettverk), nabo, PersonFactory())
    ]
    hentet = hent(leder, adresse)

    assert koder == [200, 200, 404, 403]
    assert Client().get(adresse).status_code == 302
    assert hentet.innhold == PDF
    assert hentet["X-Content-Type-Options"] == "nosniff"


def test_a_text_file_is_fetched_never_shown(arbeid):
    leder = enhetsleder(arbeid.gruppe)
    legg_ved(arbeid, leder, fil("notat.txt", "Blåbær <script>".encode("latin-1")))

    svar = hent(leder, url("vedlegg", arbeid, arbeid.vedlegg.get().pk))

    assert svar["Content-Disposition"] == 'attachment; filename="notat.txt"'
    assert "sandbox" in svar["Content-Security-Policy"]


@pytest.mark.django_db(transaction=True)
def test_an_own_file_is_removed_after_a_question_from_the_storage_too():
    nettverk, gruppe = nettverk_med_enhet()
    arbeid = MellomarbeidFactory(oppdrag=OppdragFactory(nettverk=nettverk), gruppe=gruppe)
    eier, kollega = gruppemedlem(gruppe), gruppemedlem(gruppe)
    legg_ved(arbeid, eier, fil())
    vedlegg = arbeid.vedlegg.get()
    lager, navn, adresse = (
        vedlegg.fil.storage,
        vedlegg.fil.name,
        url("vedlegg_slett", arbeid, vedlegg.pk),
    )

    assert som(kollega).post(adresse).status_code == 403
    assert "Slette «plan.pdf»?" in som(eier).get(adresse).text
    assert lager.exists(navn)
    som(eier).post(adresse)

    assert not Vedlegg.objects.exists()
    assert not lager.exists(navn)


def test_a_picture_is_described_afterwards(arbeid):
    leder = enhetsleder(arbeid.gruppe)
    legg_ved(arbeid, leder, bilde())
    vedlegg = arbeid.vedlegg.get()

    som(leder).post(url("vedlegg_beskriv", arbeid, vedlegg.pk), {"beskrivelse": "Fire kongler"})

    vedlegg.refresh_from_db()
    assert vedlegg.alternativ_tekst == "Fire kongler"


def test_files_stand_still_when_the_work_is_delivered(arbeid):
    leder = enhetsleder(arbeid.gruppe)
    legg_ved(arbeid, leder, fil())
    vedlegg = arbeid.vedlegg.get()
    innlevering.submit(arbeid, by=leder)

    svar = legg_ved(arbeid, leder, bilde())
    som(leder).post(url("vedlegg_slett", arbeid, vedlegg.pk))

    assert "Mellomarbeidet er levert" in svar.text
    assert list(arbeid.vedlegg.all()) == [vedlegg]


# --- no room


IKKE_PLASS = "Det er ikke plass til flere filer hos oss akkurat nå. Prøv igjen senere."


@pytest.mark.parametrize(
    "stor", [200_000, 4_000_000], ids=["kept in memory on its way", "kept on disk on its way"]
)
def test_a_full_disk_is_told_of_at_the_field_and_nothing_half_is_kept(
    arbeid, settings, tmp_path, stor: int
):
    settings.MEDIA_ROOT = tmp_path
    leder = enhetsleder(arbeid.gruppe)
    filer = [fil(), fil("stor.pdf", PDF + b"x" * stor)]

    with full_disk(100_000):
        svar = legg_ved(arbeid, leder, *filer, beskrivelse="Skyggen")

    assert svar.status_code == 422
    assert svar.context["form"].errors == {"filer": [IKKE_PLASS]}
    assert "Skyggen" in svar.text
    assert not arbeid.vedlegg.exists()
    assert files_in(tmp_path) == []


def test_a_full_network_is_told_of_at_the_field_until_something_is_removed(arbeid, settings):
    settings.LAGERPLASS_PER_NETTVERK = 400_000
    leder = enhetsleder(arbeid.gruppe)
    legg_ved(arbeid, leder, fil("plan.pdf", PDF + b"x" * 300_000))

    svar = legg_ved(arbeid, leder, fil("ny.pdf", PDF + b"y" * 200_000), beskrivelse="Skyggen")

    assert svar.status_code == 422
    assert svar.context["form"].errors["filer"] == [
        "Nettverket har ikke plass til flere filer (294\xa0kB av 391\xa0kB er brukt). "
        "Slett filer dere ikke trenger, eller be administratoren om mer plass."
    ]
    assert "Skyggen" in svar.text

    vedlegg_.remove(arbeid.vedlegg.get())
    legg_ved(arbeid, leder, fil("ny.pdf", PDF + b"y" * 200_000))
    assert [v.navn for v in arbeid.vedlegg.all()] == ["ny.pdf"]


@pytest.mark.django_db(transaction=True)
def test_twenty_uploads_at_once_fill_no_more_than_there_is_room_for(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.LAGERPLASS_PER_NETTVERK = 7_500
    nettverk, gruppe = nettverk_med_enhet()
    oppdrag = OppdragFactory(nettverk=nettverk)
    person = enhetsleder(gruppe)
    # Each in its own unit, so that nothing but the room makes them wait for one another.
    arbeidene = [
        MellomarbeidFactory(
            oppdrag=oppdrag, gruppe=GruppeFactory(nettverk=nettverk, utviklingsgruppe=True)
        )
        for _ in range(20)
    ]

    def add(nummer: int, arbeid: Mellomarbeid):
        innhold = ContentFile(bytes([nummer]) * 1000, "plan.txt")
        godkjent = GodkjentFil(innhold, "plan.txt", "text/plain", 1000, f"{nummer:064}")
        return lambda: vedlegg_.add(
            mellomarbeid=arbeid, filer=[godkjent], beskrivelse="", by=person
        )

    svar = at_once(*(add(nr, arbeid) for nr, arbeid in enumerate(arbeidene)))

    assert kinds(svar) == ["IkkePlass"] * 13 + ["ok"] * 7
    assert space(nettverk).brukt == 7_000
    assert len(files_in(tmp_path)) == 7


@pytest.mark.django_db(transaction=True)
def test_a_slow_disk_makes_nobody_else_in_the_network_wait(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    nettverk, gruppe = nettverk_med_enhet()
    oppdrag = OppdragFactory(nettverk=nettverk)
    person = enhetsleder(gruppe)
    treg, rask = (
        MellomarbeidFactory(
            oppdrag=oppdrag, gruppe=GruppeFactory(nettverk=nettverk, utviklingsgruppe=True)
        )
        for _ in range(2)
    )
    begynt, ferdig = threading.Event(), threading.Event()
    skriv = HeltLager._write

    def write_slowly(lager: HeltLager, innhold: ContentFile):
        if innhold.name == "treg.txt":
            begynt.set()
            assert ferdig.wait(30)
        return skriv(lager, innhold)

    monkeypatch.setattr(HeltLager, "_write", write_slowly)

    def add(arbeid: Mellomarbeid, navn: str):
        innhold = ContentFile(navn.encode() * 10, navn)
        godkjent = GodkjentFil(innhold, navn, "text/plain", 100, f"{navn:>064}")
        return vedlegg_.add(mellomarbeid=arbeid, filer=[godkjent], beskrivelse="", by=person)

    def others() -> str:
        assert begynt.wait(30)
        try:
            # Neither for the room, nor for what the slow file will hang on.
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '2s'")
            add(rask, "rask.txt")
            logg.save(
                mellomarbeid=treg, noekkel=uuid.uuid4(), versjon=0, by=person, tekst="Vi målte."
            )
        finally:
            ferdig.set()
        return "ok"

    svar = at_once(lambda: add(treg, "treg.txt"), others)

    assert kinds(svar) == ["ok", "ok"]
    assert {fil.navn for fil in Vedlegg.objects.all()} == {"treg.txt", "rask.txt"}
    assert len(files_in(tmp_path)) == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_file_at_once_leaves_one_in_the_storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    nettverk, gruppe = nettverk_med_enhet()
    arbeid = MellomarbeidFactory(oppdrag=OppdragFactory(nettverk=nettverk), gruppe=gruppe)
    person = enhetsleder(gruppe)

    def add():
        innhold = ContentFile(b"plan", "plan.txt")
        godkjent = GodkjentFil(innhold, "plan.txt", "text/plain", 4, "a" * 64)
        return vedlegg_.add(mellomarbeid=arbeid, filer=[godkjent], beskrivelse="", by=person)

    svar = at_once(add, add, holding=arbeid, waiting=1)

    assert kinds(svar) == ["ok", "ok"]
    assert Vedlegg.objects.count() == 1
    assert len(files_in(tmp_path)) == 1


def test_the_koordinator_sees_how_much_room_is_used(arbeid):
    legg_ved(arbeid, enhetsleder(arbeid.gruppe), fil("plan.pdf", PDF + b"x" * 300_000))

    side = som(koordinator(arbeid.nettverk)).get(
        reverse("nettverk:nettverk_rediger", args=[arbeid.nettverk.slug])
    )

    assert "Filene i nettverket bruker 294\xa0kB av 5\xa0GB." in side.text


def test_the_administrator_sees_it_too(arbeid):
    legg_ved(arbeid, enhetsleder(arbeid.gruppe), fil("plan.pdf", PDF + b"x" * 300_000))
    side = admin.site.get_model_admin(Nettverk)

    assert "lagerplass" in side.readonly_fields
    assert side.lagerplass(arbeid.nettverk) == "294\xa0kB av 5\xa0GB"


@pytest.mark.parametrize(
    "navn", ["æ" * 200 + ".pdf", "🎉" * 140 + ".pdf", "regning\u202efdp.x.pdf", "a" * 400 + ".pdf"]
)
def test_a_name_longer_than_a_disk_takes_is_kept_and_can_be_fetched(arbeid, navn: str):
    leder = enhetsleder(arbeid.gruppe)

    svar = legg_ved(arbeid, leder, fil(navn))

    assert svar.status_code == 200
    kept = arbeid.vedlegg.get()
    assert kept.navn.endswith(".pdf")
    assert kept.navn.startswith(navn[0])
    assert "\u202e" not in kept.navn
    assert hent(leder, url("vedlegg", arbeid, kept.pk)).innhold == PDF
