"""What was written on paper is scanned: parted in pages by a worker, written in by a person, and not kept."""

import datetime
import io
import uuid
from typing import Any

import pikepdf
import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from fremtidsbilder.models import (
    Bidrag,
    Samtalesporsmaal,
    Skannebunke,
    Skanneside,
    Stemmegruppe,
    Tankesmie,
)
from fremtidsbilder.portal import FremtidsbilderPortal
from fremtidsbilder.tankesmier import ark, bidrag, egne, moderering, skanning, styring
from nettverk.arbeid import jobber
from nettverk.filer import pdfprosess, pdfsider
from nettverk.filer.opplasting import accept
from nettverk.filer.pdf import html_to_pdf
from nettverk.models import Gruppe, Jobb, Nettverk, Person
from nettverk.skriving.konflikt import KanIkke
from tests.fremtidsbilder.tankesmiefabrikk import SporsmaalFactory
from tests.kommuner.factories import EnhetFactory
from tests.nettverk.factories import (
    GruppeFactory,
    enhetsleder,
    kommuneansvarlig,
    koordinator,
    medlem,
    nettverk_med_enhet,
)
from tests.samtidig import at_once, kinds

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_disk(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def sporsmaal() -> Samtalesporsmaal:
    return SporsmaalFactory(tankesmie__frittstaaende=True)


def pdf(sider: int) -> bytes:
    """As from a scanner: a picture on each page."""
    ut = io.BytesIO()
    bilde = Image.new("RGB", (21, 30), "white")
    bilde.save(ut, format="PDF", save_all=True, append_images=[bilde] * (sider - 1))
    return ut.getvalue()


def locked_pdf() -> bytes:
    ut = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf(1))) as dokument:
        dokument.save(ut, encryption=pikepdf.Encryption(owner="eier", user="leser"))
    return ut.getvalue()


def bomb() -> bytes:
    """Two pages: on the first, nine forms that each draw the next ten times. A few kilobytes."""
    ut = io.BytesIO()
    dokument = pikepdf.new()
    for _nr in range(2):
        dokument.add_blank_page(page_size=(200, 300))
    skjema = dokument.make_stream(b"0 0 1 1 re f 0 0 200 300 re f")
    felt: dict[str, Any] = {"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Form}
    for nr in range(10):
        for navn, verdi in felt.items():
            skjema[navn] = verdi
        skjema["/BBox"] = pikepdf.Array([0, 0, 200, 300])
        if nr == 9:
            break
        neste = dokument.make_stream(b"/F Do " * 10)
        neste["/Resources"] = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=skjema))
        skjema = neste
    side = dokument.pages[0]
    side.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=skjema))
    side.Contents = dokument.make_stream(b"/F Do")
    dokument.save(ut)
    return ut.getvalue()


def _picture(format_: str = "JPEG", farge: str = "white", **valg: Any) -> bytes:
    ut = io.BytesIO()
    Image.new("RGB", (60, 80), farge).save(ut, format=format_, **valg)
    return ut.getvalue()


def _url(navn: str, tankesmie: Tankesmie, *mer: object) -> str:
    argumenter = [tankesmie.nettverk.slug, tankesmie.pk, *mer]
    return reverse(f"fremtidsbilder:{navn}", args=argumenter)


def _send(
    client: Client, sporsmaal: Samtalesporsmaal, *filer: tuple[str, bytes], **felt: Any
) -> HttpResponse:
    return client.post(
        _url("skannebunke_list", sporsmaal.tankesmie),
        {
            "filer": [SimpleUploadedFile(navn, innhold) for navn, innhold in filer],
            "sporsmaal": sporsmaal.pk,
            "engang": uuid.uuid4(),
            **felt,
        },
    )


def _bring(sporsmaal: Samtalesporsmaal, sider: int = 2, innhold: bytes = b"") -> Skannebunke:
    """A bundle of pictures that are drawn already, or a PDF that waits for a worker."""
    by = koordinator(sporsmaal.tankesmie.nettverk)
    felt: dict[str, Any] = {"sporsmaal": sporsmaal, "gruppe": None, "by": by}
    if innhold:
        fil = accept(SimpleUploadedFile("bunke.pdf", innhold))
        return skanning.keep_pdf(sporsmaal.tankesmie, fil=fil, sider=sider, **felt)
    filer = [
        accept(SimpleUploadedFile(f"{nr}.jpg", _picture(farge=f"#{nr:02d}4567")))
        for nr in range(1, sider + 1)
    ]
    return skanning.keep_pictures(sporsmaal.tankesmie, filer=filer, **felt)


def _work(bunke: Skannebunke) -> Jobb:
    jobb = Jobb.objects.get(slag=skanning.SLAG, gjelder=f"fremtidsbilder.Skannebunke:{bunke.pk}")
    jobber.run(jobb.pk)
    jobb.refresh_from_db()
    return jobb


def _write(side: Skanneside, tekst: str = "Vi vil ha mer ute", **felt: Any) -> skanning.Avskrift:
    alt: dict[str, Any] = {"gruppe": None, "antall": 1, "om_hvem": "", **felt}
    alt.setdefault("sporsmaal", side.bunke.sporsmaal)
    return skanning.write_in(side, tekst=tekst, **alt)


def _files() -> list[str]:
    return [
        navn for mappe in ("skannet",) if default_storage.exists(mappe) for navn in _under(mappe)
    ]


def _under(mappe: str) -> list[str]:
    mapper, filer = default_storage.listdir(mappe)
    return [f"{mappe}/{fil}" for fil in filer] + [
        navn for under in mapper for navn in _under(f"{mappe}/{under}")
    ]


# --- a bundle comes in


def test_a_pdf_is_parted_by_a_worker_and_the_file_goes(
    client: Client, sporsmaal, django_capture_on_commit_callbacks
):
    tankesmie = sporsmaal.tankesmie
    barn = Stemmegruppe.objects.create(nettverk=tankesmie.nettverk, navn="Barn")
    client.force_login(koordinator(tankesmie.nettverk))

    svar = _send(client, sporsmaal, ("Skjemaer.pdf", pdf(3)), gruppe=barn.pk)

    assert svar.status_code == 302
    bunke = Skannebunke.objects.get()
    assert (bunke.navn, bunke.gruppe, bunke.sporsmaal) == ("Skjemaer.pdf", barn, sporsmaal)
    assert FremtidsbilderPortal().lagret(tankesmie.nettverk) == bunke.bytes > 0
    with django_capture_on_commit_callbacks(execute=True):
        jobb = _work(bunke)
    bunke.refresh_from_db()
    sider = list(bunke.sider.all())
    assert (jobb.status, jobb.melding) == (Jobb.Status.FERDIG, "3 sider.")
    assert (bunke.fil.name, bunke.bytes) == ("", 0)
    assert [side.nummer for side in sider] == [1, 2, 3]
    assert sorted(_files()) == sorted(str(side.bilde.name) for side in sider)
    assert FremtidsbilderPortal().lagret(tankesmie.nettverk) == sum(side.bytes for side in sider)
    with sider[1].bilde.open("rb") as fil, Image.open(fil) as bilde:
        assert (bilde.format, max(bilde.size)) == ("WEBP", 2000)


def test_pictures_are_a_page_each_in_their_order_without_the_place(client: Client, sporsmaal):
    exif = Image.Exif()
    exif[0x010F] = "Telefonen til Kari"
    client.force_login(koordinator(sporsmaal.tankesmie.nettverk))

    svar = _send(
        client,
        sporsmaal,
        ("a.jpg", _picture(farge="red", exif=exif)),
        ("b.png", _picture("PNG", farge="blue")),
    )

    bunke = Skannebunke.objects.get()
    assert svar.url == _url("skanneside", sporsmaal.tankesmie, bunke.pk, 1)
    roed, blaa = bunke.sider.all()
    with roed.bilde.open("rb") as fil:
        data = fil.read()
    assert b"Telefonen" not in data
    assert str(blaa.bilde.name).endswith(".png")
    assert not Jobb.objects.exists()


def _code(innhold: bytes) -> str:
    with pytest.raises(ValidationError) as feil:
        pdfsider.count_pages(ContentFile(innhold))
    return str(feil.value.code)


def test_what_cannot_be_opened_is_told_in_words():
    assert _code(locked_pdf()) == "laast"
    assert _code(b"%PDF-1.7\nikke noe mer") == "pdf"
    assert pdfsider.count_pages(ContentFile(pdf(300))) == 300


@pytest.mark.parametrize(
    ("navn", "innhold", "sagt"),
    [
        ("mange.pdf", lambda: pdf(301), "PDF-en har 301 sider. Det er plass til 300"),
        ("laast.pdf", locked_pdf, "PDF-en er låst med passord."),
        ("odelagt.pdf", lambda: pdf(2)[:200], "PDF-en kan ikke åpnes."),
        ("tekst.pdf", lambda: b"Kjaere alle", "er ikke det endelsen sier"),
        ("tekst.txt", lambda: b"Kjaere alle", "er verken PDF eller bilde"),
        ("bilde.heic", lambda: b"\0\0\0\x18ftypheic", "HEIC"),
    ],
)
def test_what_is_refused_is_refused_before_anything_is_kept(
    client: Client, sporsmaal, navn, innhold, sagt
):
    client.force_login(koordinator(sporsmaal.tankesmie.nettverk))

    svar = _send(client, sporsmaal, (navn, innhold()))

    assert svar.status_code == 422
    assert sagt in svar.content.decode()
    assert not Skannebunke.objects.exists()
    assert _files() == []


def test_one_pdf_at_a_time(client: Client, sporsmaal):
    client.force_login(koordinator(sporsmaal.tankesmie.nettverk))

    svar = _send(client, sporsmaal, ("a.pdf", pdf(1)), ("b.jpg", _picture()))

    assert "Legg inn én PDF om gangen." in svar.content.decode()


def test_the_same_form_sent_twice_is_one_bundle(client: Client, sporsmaal):
    client.force_login(koordinator(sporsmaal.tankesmie.nettverk))
    noekkel = uuid.uuid4()

    for _gang in range(2):
        _send(client, sporsmaal, ("a.jpg", _picture()), engang=noekkel)

    assert Skannebunke.objects.count() == 1


def test_there_must_be_room_in_the_network(client: Client, sporsmaal, settings):
    settings.LAGERPLASS_PER_NETTVERK = 100
    client.force_login(koordinator(sporsmaal.tankesmie.nettverk))

    for navn, innhold in (("a.pdf", pdf(1)), ("a.jpg", _picture())):
        svar = _send(client, sporsmaal, (navn, innhold))
        assert "ikke plass til flere filer" in svar.content.decode()

    assert not Skannebunke.objects.exists()
    assert _files() == []


# --- it is parted


def test_a_page_that_takes_all_there_is_is_told_and_the_rest_is_drawn(sporsmaal, monkeypatch):
    monkeypatch.setattr(pdfsider, "_MAKS_SEKUNDER", 3)
    bunke = _bring(sporsmaal, sider=2, innhold=bomb())

    jobb = _work(bunke)

    forste, andre = bunke.sider.all()
    assert (forste.bilde.name, bool(andre.bilde)) == ("", True)
    assert jobb.melding == "2 sider. Vi fikk ikke laget bilde av side 1."


def test_the_process_has_little_memory_and_time():
    assert pdfprosess.MINNE <= 640 * 1024 * 1024
    assert pdfprosess.SEKUNDER <= 10


def test_a_run_that_takes_over_makes_no_page_twice(sporsmaal, monkeypatch):
    bunke = _bring(sporsmaal, sider=4, innhold=pdf(4))
    tegnet: list[int] = []
    tegn = pdfsider.draw_page

    def draw(disk: Any, nummer: int) -> bytes | None:
        tegnet.append(nummer)
        if len(tegnet) == 3:
            raise RuntimeError("strømmen gikk")
        return tegn(disk, nummer)

    monkeypatch.setattr(pdfsider, "draw_page", draw)
    jobb = _work(bunke)
    assert (jobb.status, bunke.sider.count()) == (Jobb.Status.FEILET, 2)
    bunke.refresh_from_db()
    skanning.order_again(bunke, by=koordinator(sporsmaal.tankesmie.nettverk))
    jobber.run(Jobb.objects.latest("pk").pk)

    bunke.refresh_from_db()
    assert tegnet == [1, 2, 3, 3, 4]
    assert [side.nummer for side in bunke.sider.all()] == [1, 2, 3, 4]
    assert not bunke.fil
    with pytest.raises(KanIkke):
        skanning.order_again(bunke, by=koordinator(sporsmaal.tankesmie.nettverk))


def test_a_bundle_that_is_deleted_meanwhile_is_told_and_leaves_nothing(
    sporsmaal, monkeypatch, django_capture_on_commit_callbacks
):
    bunke = _bring(sporsmaal, sider=2, innhold=pdf(2))
    tegn = pdfsider.draw_page

    def draw(disk: Any, nummer: int) -> bytes | None:
        if nummer == 2:
            skanning.forget(bunke)
        return tegn(disk, nummer)

    monkeypatch.setattr(pdfsider, "draw_page", draw)
    with django_capture_on_commit_callbacks(execute=True):
        jobb = _work(Skannebunke.objects.get())

    assert (jobb.status, jobb.feil) == (Jobb.Status.FEILET, "Bunken er slettet.")
    assert not Skanneside.objects.exists()
    assert _files() == []


def test_the_page_offers_to_try_again(client: Client, sporsmaal, monkeypatch):
    bunke = _bring(sporsmaal, sider=1, innhold=pdf(1))
    default_storage.delete(str(bunke.fil.name))
    jobb = _work(bunke)
    assert jobb.feil == "Fila er borte hos oss. Last den opp på nytt."
    client.force_login(koordinator(sporsmaal.tankesmie.nettverk))
    adresse = _url("skannebunke_del", sporsmaal.tankesmie, bunke.pk)

    assert adresse in client.get(_url("skannebunke_list", sporsmaal.tankesmie)).content.decode()
    client.post(adresse)

    assert Jobb.objects.active().get().parametre == jobb.parametre


# --- a page is written in


def test_a_page_becomes_cards_and_the_next_that_waits_opens(client: Client, sporsmaal):
    tankesmie = sporsmaal.tankesmie
    barn = Stemmegruppe.objects.create(nettverk=tankesmie.nettverk, navn="Barn")
    bunke = _bring(sporsmaal, sider=3)
    client.force_login(koordinator(tankesmie.nettverk))
    _write(bunke.sider.get(nummer=2))

    svar = client.post(
        _url("skanneside", tankesmie, bunke.pk, 1),
        {
            "tekst": "Større ball\n\nMer tid",
            "sporsmaal": sporsmaal.pk,
            "gruppe": barn.pk,
            "antall": 18,
            "om_hvem": "4–5 år",
            "engang": uuid.uuid4(),
        },
    )

    assert svar.url == _url("skanneside", tankesmie, bunke.pk, 3)
    side = bunke.sider.get(nummer=1)
    assert (side.tilstand, side.behandlet is not None) == (Skanneside.Tilstand.SKREVET, True)
    ball, tid = side.bidrag.order_by("pk")
    assert (ball.tekst, tid.tekst) == ("Større ball", "Mer tid")
    for kort in (ball, tid):
        assert kort.kilde == Bidrag.Kilde.SKANNET
        assert (kort.gruppe, kort.antall, kort.om_hvem) == (barn, 18, "4–5 år")
        assert (kort.avgjoerelse, kort.skjult) == ("", False)


def test_after_the_last_page_one_is_led_to_the_bundles(client: Client, sporsmaal):
    bunke = _bring(sporsmaal, sider=1)
    client.force_login(koordinator(sporsmaal.tankesmie.nettverk))
    adresse = _url("skanneside", sporsmaal.tankesmie, bunke.pk, 1)

    svar = client.post(adresse, {"hopp": "1"})

    assert svar.url == _url("skannebunke_list", sporsmaal.tankesmie)
    side = bunke.sider.get()
    assert side.tilstand == Skanneside.Tilstand.HOPPET_OVER
    # It may be written in all the same.
    assert "Lagre og neste side" in client.get(adresse).content.decode()
    _write(side)


def test_what_is_written_is_not_lost_by_skipping(client: Client, sporsmaal):
    bunke = _bring(sporsmaal, sider=1)
    client.force_login(koordinator(sporsmaal.tankesmie.nettverk))

    svar = client.post(
        _url("skanneside", sporsmaal.tankesmie, bunke.pk, 1),
        {"hopp": "1", "tekst": "Mer tid", "sporsmaal": sporsmaal.pk, "antall": 1},
    )

    assert svar.status_code == 422
    assert bunke.sider.get().tilstand == Skanneside.Tilstand.VENTER


def test_the_tick_approves_with_who_did_it(client: Client, sporsmaal):
    bunke = _bring(sporsmaal, sider=1)
    sjef = koordinator(sporsmaal.tankesmie.nettverk)
    client.force_login(sjef)

    client.post(
        _url("skanneside", sporsmaal.tankesmie, bunke.pk, 1),
        {
            "tekst": "Mer tid\nEleven Kari vil ha ball",
            "sporsmaal": sporsmaal.pk,
            "antall": 1,
            "godkjenn": "on",
        },
    )

    tid, kari = Bidrag.objects.order_by("pk")
    assert list(Bidrag.objects.approved()) == [tid]
    assert moderering.decided_by([tid])[tid.pk].av == sjef.navn
    assert (kari.avgjoerelse, kari.skjult) == ("", True)


def test_what_may_name_a_child_is_noticed_and_waits(client: Client, sporsmaal):
    bunke = _bring(sporsmaal, sider=1)
    client.force_login(koordinator(sporsmaal.tankesmie.nettverk))

    svar = client.post(
        _url("skanneside", sporsmaal.tankesmie, bunke.pk, 1),
        {"tekst": "Eleven Kari vil ha ball", "sporsmaal": sporsmaal.pk, "antall": 1},
    )

    sagt = " ".join(str(m) for m in get_messages(svar.wsgi_request))
    assert "nevne et barn ved navn" in sagt
    assert "vises ikke før det er lest" in sagt
    assert not Bidrag.objects.shown().exists()


def test_a_page_is_not_written_in_twice_unless_its_cards_are_erased(client: Client, sporsmaal):
    bunke = _bring(sporsmaal, sider=1)
    side = bunke.sider.get()
    skrevet = _write(side)
    client.force_login(koordinator(sporsmaal.tankesmie.nettverk))
    adresse = _url("skanneside", sporsmaal.tankesmie, bunke.pk, 1)

    svar = client.post(adresse, {"tekst": "Noe annet", "sporsmaal": sporsmaal.pk, "antall": 1})

    innhold = svar.content.decode()
    assert svar.status_code == 422
    assert "Denne siden er skrevet inn fra før. Det du skrev, er ikke lagret." in innhold
    assert "Noe annet" in innhold
    assert "Vi vil ha mer ute" in innhold
    assert _url("stemmer", sporsmaal.tankesmie) in innhold
    with pytest.raises(KanIkke):
        skanning.skip(side)
    bidrag.erase(sporsmaal, [kort.pk for kort in skrevet.kort])
    _write(side, "Noe annet")
    assert Bidrag.objects.exclude(tekst="").get().tekst == "Noe annet"


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_page_one_is_told_and_nothing_is_double(sporsmaal):
    side = _bring(sporsmaal, sider=1).sider.get()

    svar = at_once(
        lambda: _write(side, "Den ene"),
        lambda: _write(side, "Den andre", godkjenn=True),
        holding=side,
    )

    assert kinds(svar) == ["KanIkke", "ok"]
    assert Bidrag.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_approve_from_two_questions_do_not_wait_for_each_other(sporsmaal):
    annet = SporsmaalFactory(tankesmie=sporsmaal.tankesmie)
    en, to = _bring(sporsmaal, sider=2).sider.all()

    svar = at_once(
        lambda: _write(en, sporsmaal=sporsmaal, godkjenn=True),
        lambda: _write(to, sporsmaal=annet, godkjenn=True),
        holding=annet,
        waiting=1,
    )

    assert kinds(svar) == ["ok", "ok"]
    assert Bidrag.objects.approved().count() == 2


def test_the_pages_are_few_queries_however_many(client: Client, sporsmaal):
    client.force_login(koordinator(sporsmaal.tankesmie.nettverk))
    adresse = _url("skannebunke_list", sporsmaal.tankesmie)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as spurt:
            assert client.get(adresse).status_code == 200
        return len(spurt)

    _bring(sporsmaal, sider=1, innhold=pdf(1))
    _bring(sporsmaal, sider=1)
    client.get(adresse)
    foer = queries()
    for _nr in range(3):
        _bring(sporsmaal, sider=2, innhold=pdf(1))
        _bring(sporsmaal, sider=2)

    assert queries() == foer


# --- who sees it


def _world() -> tuple[Tankesmie, Skannebunke, dict[str, Person]]:
    nettverk, gruppe = nettverk_med_enhet()
    enhet, kommune = gruppe.enhet, nettverk.medlemskap.get().kommune
    tankesmie: Tankesmie = styring.make(
        nettverk,
        tittel="Hos oss",
        sporsmaal=["Hva?"],
        frittstaaende=True,
        nivaa="enhet",
        enhet=enhet,
    )
    bunke = _bring(tankesmie.sporsmaal.get(), sider=1)
    annen = GruppeFactory(
        nettverk=nettverk, utviklingsgruppe=True, enhet=EnhetFactory(kommune=kommune)
    )
    return (
        tankesmie,
        bunke,
        {
            "koordinator": koordinator(nettverk),
            "leder": enhetsleder(gruppe),
            "annen leder": enhetsleder(annen),
            "kommune": kommuneansvarlig(nettverk, kommune),
            "medlem": medlem(nettverk, gruppetype=Gruppe.Type.FAGMILJO),
        },
    )


def test_only_those_who_lead_it_reach_the_pages_and_the_pictures(client: Client):
    tankesmie, bunke, folk = _world()
    adresser = [
        _url("skannebunke_list", tankesmie),
        _url("skannebunke_slett", tankesmie, bunke.pk),
        _url("skanneside", tankesmie, bunke.pk, 1),
        _url("skanneside_bilde", tankesmie, bunke.pk, 1),
    ]
    assert all(client.get(adresse).status_code != 200 for adresse in adresser)

    aapne = []
    for navn, person in folk.items():
        client.force_login(person)
        aapne += (svarene := [client.get(adresse) for adresse in adresser])
        svar = {s.status_code for s in svarene}
        delt = client.post(_url("skannebunke_del", tankesmie, bunke.pk)).status_code
        if navn in {"koordinator", "leder"}:
            assert (navn, svar, delt) == (navn, {200}, 302)
        else:
            assert svar <= {403, 404}, navn
            assert delt in {403, 404}, navn
    for s in aapne:
        s.close()


def test_a_page_is_found_only_in_its_own_tankesmie(client: Client, sporsmaal):
    andre = SporsmaalFactory(tankesmie__nettverk=sporsmaal.tankesmie.nettverk)
    bunke = _bring(sporsmaal, sider=1)
    client.force_login(koordinator(sporsmaal.tankesmie.nettverk))

    for navn in ("skanneside", "skanneside_bilde"):
        assert client.get(_url(navn, andre.tankesmie, bunke.pk, 1)).status_code == 404


def test_the_picture_is_kept_by_no_cache(client: Client, sporsmaal):
    bunke = _bring(sporsmaal, sider=1)
    client.force_login(koordinator(sporsmaal.tankesmie.nettverk))

    svar = client.get(_url("skanneside_bilde", sporsmaal.tankesmie, bunke.pk, 1))

    svar.close()
    assert (svar["Content-Type"], svar["Cache-Control"]) == ("image/jpeg", "private, no-store")


# --- what is not kept


def test_the_picture_goes_a_month_after_the_page_was_dealt_with(
    client: Client, sporsmaal, django_capture_on_commit_callbacks
):
    bunke = _bring(sporsmaal, sider=3)
    gammel, ny, _ventende = bunke.sider.all()
    _write(gammel)
    skanning.skip(ny)
    naa = timezone.now()
    Skanneside.objects.filter(pk=gammel.pk).update(behandlet=naa - datetime.timedelta(days=31))

    with django_capture_on_commit_callbacks(execute=True):
        antall = FremtidsbilderPortal().rydd(naa)["skannesider"]

    assert (antall, skanning.purge(naa)) == (1, 0)
    gammel.refresh_from_db()
    assert (gammel.bilde.name, gammel.bytes) == ("", 0)
    assert len(_files()) == 2
    assert Bidrag.objects.shown().count() == 1
    client.force_login(koordinator(sporsmaal.tankesmie.nettverk))
    assert (
        "Bildet er ikke her lenger"
        in client.get(_url("skanneside", sporsmaal.tankesmie, bunke.pk, 1)).content.decode()
    )
    bilde = client.get(_url("skanneside_bilde", sporsmaal.tankesmie, bunke.pk, 1))
    assert bilde.status_code == 404


def test_a_file_that_nobody_had_parted_goes_too(sporsmaal, django_capture_on_commit_callbacks):
    bunke = _bring(sporsmaal, sider=1, innhold=pdf(1))
    senere = timezone.now() + datetime.timedelta(days=31)
    # A worker is about to part it.
    assert skanning.purge(senere) == 0
    Jobb.objects.update(status=Jobb.Status.FEILET)

    with django_capture_on_commit_callbacks(execute=True):
        assert skanning.purge(senere) == 1

    bunke.refresh_from_db()
    assert not bunke.fil
    assert _files() == []


def test_a_bundle_is_deleted_with_its_pictures_and_the_cards_stay(
    client: Client, sporsmaal, django_capture_on_commit_callbacks
):
    bunke = _bring(sporsmaal, sider=2)
    _write(bunke.sider.first())
    client.force_login(koordinator(sporsmaal.tankesmie.nettverk))
    adresse = _url("skannebunke_slett", sporsmaal.tankesmie, bunke.pk)
    assert client.get(adresse).status_code == 200

    with django_capture_on_commit_callbacks(execute=True):
        client.post(adresse)

    assert not Skannebunke.objects.exists()
    assert _files() == []
    assert Bidrag.objects.get().skanneside is None


def test_a_tankesmie_with_scanned_forms_is_not_deleted_as_if_nobody_had_written(sporsmaal):
    bunke = _bring(sporsmaal, sider=1)

    with pytest.raises(KanIkke):
        egne.delete(sporsmaal.tankesmie)
    with pytest.raises(KanIkke):
        styring.delete_question(sporsmaal)
    skanning.forget(bunke)
    egne.delete(sporsmaal.tankesmie)

    assert not Tankesmie.objects.exists()


def test_other_networks_are_not_counted(sporsmaal):
    _bring(sporsmaal, sider=1)
    annet, _enhet = nettverk_med_enhet()

    assert skanning.stored(sporsmaal.tankesmie.nettverk) > 0
    assert skanning.stored(Nettverk.objects.get(pk=annet.pk)) == 0


# --- the sheets to hand out


def test_the_sheet_is_a_page_for_each_question_also_with_much_on_it(sporsmaal):
    tankesmie = sporsmaal.tankesmie
    sporsmaal.tekst, sporsmaal.hjelp = "Hvordan vil du ha det? " * 12, "Jeg lærer best når " * 40
    sporsmaal.save()
    SporsmaalFactory(tankesmie=tankesmie)
    for nr in range(12):
        Stemmegruppe.objects.create(nettverk=tankesmie.nettverk, navn=f"Foresatte på trinn {nr}")

    html = ark.forms_html(tankesmie)

    assert html.count("Foresatte på trinn 11") == 2
    assert "Ikke skriv navn." in html
    assert pdfsider.count_pages(ContentFile(html_to_pdf(html))) == 2


def test_the_sheet_asks_the_groups_that_the_tankesmie_asks(sporsmaal):
    nettverk = sporsmaal.tankesmie.nettverk
    barn = Stemmegruppe.objects.create(nettverk=nettverk, navn="Barn")
    Stemmegruppe.objects.create(nettverk=nettverk, navn="Politikere")
    sporsmaal.tankesmie.grupper.add(barn)

    html = ark.forms_html(sporsmaal.tankesmie)

    assert ("Barn" in html, "Politikere" in html) == (True, False)


def test_who_leads_asks_for_the_sheets(client: Client, sporsmaal):
    client.force_login(koordinator(sporsmaal.tankesmie.nettverk))

    client.post(_url("tankesmie_ark", sporsmaal.tankesmie), {"ark": "skjemaer"})
    jobb = Jobb.objects.get(slag="fremtidsbilder.skjemaer")
    jobber.run(jobb.pk)

    jobb.refresh_from_db()
    assert jobb.status == Jobb.Status.FERDIG
