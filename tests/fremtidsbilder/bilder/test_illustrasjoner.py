"""The pictures of an image: kept once, described, in order, seen by those who see the image."""

import io

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from fremtidsbilder.bilder import illustrasjoner, skriving
from fremtidsbilder.models import Fremtidsbilde
from nettverk.filer.lager import IkkePlass
from tests.fremtidsbilder.bilder.bildefiler import HEIC, bildebyte, godkjent
from tests.fremtidsbilder.factories import FremtidsbildeFactory
from tests.nettverk.factories import NettverkFactory, PersonFactory, kog, koordinator

pytestmark = pytest.mark.django_db


def _add(bilde: Fremtidsbilde, farge: str = "teal"):
    return illustrasjoner.add(
        bilde, fil=godkjent(farge), beskrivelse=f"En {farge} flate", by=PersonFactory()
    )


def _adresse(navn: str, bilde: Fremtidsbilde, *mer: object) -> str:
    return reverse(f"fremtidsbilder:{navn}", args=[bilde.nettverk.slug, bilde.pk, *mer])


def _bytes(fil) -> io.BytesIO:
    with fil.open("rb") as innhold:
        return io.BytesIO(innhold.read())


def test_a_picture_is_kept_once_with_a_smaller_copy():
    bilde = FremtidsbildeFactory()

    rad = _add(bilde)

    assert _add(bilde) is None
    assert rad.alternativ_tekst == "En teal flate"
    with Image.open(_bytes(rad.liten)) as liten:
        assert liten.format == "WEBP"


def test_pictures_are_moved_described_and_removed(django_capture_on_commit_callbacks):
    bilde = FremtidsbildeFactory()
    en, to, tre = (_add(bilde, farge) for farge in ("red", "green", "blue"))

    illustrasjoner.move(tre, opp=True)
    illustrasjoner.move(en, opp=True)
    illustrasjoner.describe(to, beskrivelse="Gress")
    with django_capture_on_commit_callbacks(execute=True):
        illustrasjoner.remove(en)
    illustrasjoner.remove(en)

    assert [r.alternativ_tekst for r in bilde.illustrasjoner.all()] == ["En blue flate", "Gress"]
    assert not default_storage.exists(en.fil.name)
    assert not default_storage.exists(en.liten.name)


def test_the_pictures_go_with_the_image(django_capture_on_commit_callbacks):
    bilde = FremtidsbildeFactory()
    rad = _add(bilde)

    with django_capture_on_commit_callbacks(execute=True):
        skriving.remove(bilde)

    assert not default_storage.exists(rad.fil.name)


def test_a_full_network_takes_no_more(settings):
    bilde = FremtidsbildeFactory()
    _add(bilde)
    assert illustrasjoner.stored(bilde.nettverk) > 0
    settings.LAGERPLASS_PER_NETTVERK = illustrasjoner.stored(bilde.nettverk)

    with pytest.raises(IkkePlass):
        _add(bilde, "red")


def _send(client: Client, bilde: Fremtidsbilde, navn: str, data: bytes, tekst: str = "Et tre"):
    return client.post(
        _adresse("illustrasjon_list", bilde),
        {"fil": SimpleUploadedFile(navn, data), "alternativ_tekst": tekst},
    )


@pytest.fixture
def bilde(client: Client) -> Fremtidsbilde:
    bilde = FremtidsbildeFactory(tekst="Alle er med.")
    client.force_login(koordinator(bilde.nettverk))
    return bilde


def test_place_and_camera_are_taken_out(client: Client, bilde: Fremtidsbilde):
    exif = Image.Exif()
    exif[0x0110] = "Kamera"
    exif.get_ifd(0x8825)[1] = "N"

    svar = _send(client, bilde, "ute.jpg", bildebyte("teal", "JPEG", exif=exif))

    assert svar.status_code == 302
    with Image.open(_bytes(bilde.illustrasjoner.get().fil)) as kept:
        assert not kept.getexif()


@pytest.mark.parametrize(
    ("navn", "data", "sagt"),
    [
        ("a.heic", HEIC, "HEIC"),
        ("a.jpg", HEIC, "HEIC"),
        ("a.png", b"<html><script>alert(1)</script></html>", "a.png"),
        ("a.png", b"", "tom"),
        ("a.pdf", b"%PDF-1.4\n%%EOF\n", "ikke et bilde"),
        ("a.exe", b"MZ" + b"\0" * 100, "kan ikke lastes opp"),
        ("a.png", bildebyte()[:60], "kan ikke åpnes"),
    ],
)
def test_what_is_no_picture_is_told_at_the_field(client, bilde, navn, data, sagt):
    svar = _send(client, bilde, navn, data)

    assert svar.status_code == 422
    assert sagt in str(svar.context["form"].errors["fil"])
    assert not bilde.illustrasjoner.exists()


def test_a_hundred_megabytes_are_refused_at_the_field(client, bilde):
    svar = _send(client, bilde, "stor.jpg", b"\xff\xd8\xff" + bytes(100 * 1024 * 1024))

    assert svar.status_code == 422
    assert "for stor" in str(svar.context["form"].errors["fil"])


def test_twenty_thousand_by_twenty_thousand_is_refused(client, bilde):
    ut = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(ut, format="PNG")

    svar = _send(client, bilde, "plakat.png", ut.getvalue())

    assert "for mange bildepunkter" in str(svar.context["form"].errors["fil"])


def test_a_picture_without_words_is_not_kept(client, bilde):
    svar = _send(client, bilde, "a.png", bildebyte(), tekst=" ")

    assert svar.status_code == 422
    assert "alternativ_tekst" in svar.context["form"].errors


def test_who_sees_the_image_sees_the_picture(client: Client):
    bilde = FremtidsbildeFactory(tekst="Alle er med.")
    adresse = _adresse("illustrasjon", bilde, _add(bilde).pk)
    ute = client.get(adresse).status_code
    client.force_login(koordinator(NettverkFactory()))
    fremmed = client.get(adresse).status_code
    client.force_login(kog(bilde.nettverk))
    medlem = client.get(adresse)
    skriving.publish(bilde, publisert=True, by=PersonFactory())
    client.logout()
    alle = client.get(adresse + "?liten")
    medlem.close()
    alle.close()

    assert (ute, fremmed, medlem.status_code, alle.status_code) == (404, 404, 200, 200)
    assert (medlem["Content-Type"], alle["Content-Type"]) == ("image/png", "image/webp")
    assert alle["X-Content-Type-Options"] == "nosniff"


def test_a_picture_of_another_image_is_not_found(client, bilde):
    annet = FremtidsbildeFactory(nettverk=bilde.nettverk)
    rad = _add(annet)

    assert client.get(_adresse("illustrasjon", bilde, rad.pk)).status_code == 404
    assert client.post(_adresse("illustrasjon_slett", bilde, rad.pk)).status_code == 404
    assert annet.illustrasjoner.exists()


def test_arranged_on_the_page(client, bilde):
    en, to = _add(bilde, "red"), _add(bilde, "blue")

    client.post(_adresse("illustrasjon_endre", bilde, to.pk), {"opp": "1"})
    felt = {f"bilde-{en.pk}-alternativ_tekst": "Solnedgang"}
    client.post(_adresse("illustrasjon_endre", bilde, en.pk), felt)
    tom = client.post(
        _adresse("illustrasjon_endre", bilde, to.pk), {f"bilde-{to.pk}-alternativ_tekst": ""}
    )
    side = client.get(_adresse("illustrasjon_slett", bilde, to.pk))

    assert [r.pk for r in bilde.illustrasjoner.all()] == [to.pk, en.pk]
    assert bilde.illustrasjoner.last().alternativ_tekst == "Solnedgang"
    assert (tom.status_code, side.status_code) == (422, 200)
    client.post(_adresse("illustrasjon_slett", bilde, to.pk))
    assert bilde.illustrasjoner.get() == en
