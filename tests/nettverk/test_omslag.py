"""The network's photograph: put in with its words, seen by those who may read the public page, exchanged, removed."""

import io

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from PIL import Image

from evaluering.aarsrapport import build_html
from nettverk.filer.pdf import html_to_pdf
from nettverk.models import Nettverk, Omslag
from tests.evaluering.factories import AarsrapportFactory
from tests.nettverk.factories import enhetsleder, koordinator, nettverk_med_enhet

pytestmark = pytest.mark.django_db

KUNSTNER = 0x013B


def _bilde(farge: str = "teal", navn: str = "fjorden.jpg") -> SimpleUploadedFile:
    """A photograph as it comes from a camera: large, and with who took it."""
    ut, spor = io.BytesIO(), Image.Exif()
    spor[KUNSTNER] = "Kari Fotograf"
    Image.new("RGB", (3000, 2000), farge).save(ut, format="JPEG", exif=spor)
    return SimpleUploadedFile(navn, ut.getvalue())


@pytest.fixture
def nettverk() -> Nettverk:
    nettverk, _gruppe = nettverk_med_enhet()
    return nettverk


@pytest.fixture
def sjef(nettverk: Nettverk) -> Client:
    client = Client()
    client.force_login(koordinator(nettverk))
    return client


def _lagre(client: Client, nettverk: Nettverk, **felt: object):
    adresse = f"/{nettverk.slug}/nettverket/utseende/"
    return client.post(adresse, {"aksent": "hav", "horisont": "kyst", **felt})


def _aapnet(client: Client, nettverk: Nettverk) -> dict[str, object]:
    """What the form holds when it is opened, but for the choices."""
    form = client.get(f"/{nettverk.slug}/nettverket/utseende/").context["form"]
    return {navn: form.initial[navn] for navn in ("stand", "beskrivelse")}


def _innhold(svar) -> bytes:
    return b"".join(svar.streaming_content)


def test_the_photograph_stands_on_the_public_page_small_and_without_its_traces(nettverk, sjef):
    svar = _lagre(sjef, nettverk, bilde=_bilde(), beskrivelse="Fjorden en morgen")

    assert svar.status_code == 302
    side = Client().get(f"/{nettverk.slug}/").content.decode()
    omslag = Omslag.objects.get(nettverk=nettverk)
    assert f'src="/{nettverk.slug}/omslag/{omslag.pk}/"' in side
    assert 'alt="Fjorden en morgen"' in side
    svar = Client().get(f"/{nettverk.slug}/omslag/{omslag.pk}/")
    assert svar["Content-Type"] == "image/webp"
    bildet = Image.open(io.BytesIO(_innhold(svar)))
    assert bildet.size == (1600, 1067)
    assert KUNSTNER not in bildet.getexif()
    assert omslag.navn == "fjorden.webp"


def test_a_photograph_without_words_is_refused_by_the_form_and_the_database(nettverk, sjef):
    assert _lagre(sjef, nettverk, bilde=_bilde()).status_code == 422
    assert not Omslag.objects.exists()
    assert _lagre(sjef, nettverk, beskrivelse="Fjorden").status_code == 422

    _lagre(sjef, nettverk, bilde=_bilde(), beskrivelse="Fjorden")
    assert _lagre(sjef, nettverk, beskrivelse="").status_code == 422
    with pytest.raises(IntegrityError, match="omslag_har_beskrivelse"), transaction.atomic():
        Omslag.objects.update(alternativ_tekst="")


def test_what_is_no_photograph_is_told_of_at_its_field_and_nothing_is_saved(nettverk, sjef):
    plan = SimpleUploadedFile(
        "plan.pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
    )

    svar = _lagre(sjef, nettverk, bilde=plan, beskrivelse="En plan", aksent="lyng")

    assert svar.status_code == 422
    assert "er ikke et bilde" in svar.context["form"].errors["bilde"][0]
    nettverk.refresh_from_db()
    assert nettverk.aksent == "hav"


def test_a_new_photograph_takes_the_place_of_the_old_whose_file_goes(
    nettverk, sjef, django_capture_on_commit_callbacks
):
    _lagre(sjef, nettverk, bilde=_bilde(), beskrivelse="Fjorden")
    gammelt = Omslag.objects.get()

    with django_capture_on_commit_callbacks(execute=True):
        _lagre(sjef, nettverk, bilde=_bilde("navy", "fjellet.jpg"), beskrivelse="Fjellet")

    nytt = Omslag.objects.get()
    assert (nytt.navn, nytt.alternativ_tekst) == ("fjellet.webp", "Fjellet")
    assert default_storage.exists(nytt.fil.name)
    assert not default_storage.exists(gammelt.fil.name)
    assert sjef.get(f"/{nettverk.slug}/omslag/{gammelt.pk}/").status_code == 404
    historie = Omslag.pgh_event_model.objects.order_by("pgh_id")
    assert list(historie.values_list("pgh_label", "navn")) == [
        ("insert", "fjorden.webp"),
        ("delete", "fjorden.webp"),
        ("insert", "fjellet.webp"),
    ]


def test_the_words_are_changed_without_choosing_the_photograph_again(nettverk, sjef):
    _lagre(sjef, nettverk, bilde=_bilde(), beskrivelse="Fjorden")
    foer = Omslag.objects.get()

    _lagre(sjef, nettverk, beskrivelse="Fjorden en morgen i mai")

    etter = Omslag.objects.get()
    assert (etter.pk, etter.fil.name) == (foer.pk, foer.fil.name)
    assert etter.alternativ_tekst == "Fjorden en morgen i mai"


def test_two_who_describe_it_at_once_see_each_others_words(nettverk, sjef):
    _lagre(sjef, nettverk, bilde=_bilde(), beskrivelse="Fjorden")
    adresse = f"/{nettverk.slug}/nettverket/utseende/"
    stand = sjef.get(adresse).context["form"].initial["stand"]
    Omslag.objects.update(alternativ_tekst="Havet")

    svar = _lagre(sjef, nettverk, beskrivelse="Fjellet", stand=stand)

    assert svar.status_code == 409
    assert Omslag.objects.get().alternativ_tekst == "Havet"


def test_of_two_photographs_put_in_at_once_the_second_is_asked_first(nettverk, sjef):
    _lagre(sjef, nettverk, bilde=_bilde(), beskrivelse="Fjorden")
    felt = _aapnet(sjef, nettverk)

    assert _lagre(sjef, nettverk, **felt, bilde=_bilde("navy", "kysten.jpg")).status_code == 302
    svar = _lagre(sjef, nettverk, **felt, bilde=_bilde("olive", "skogen.jpg"))

    assert svar.status_code == 409
    assert "kysten.webp" in svar.content.decode()
    assert "skogen.webp" in svar.content.decode()
    assert Omslag.objects.get(nettverk=nettverk).navn == "kysten.webp"
    # Who has chosen no photograph, has nothing to answer for.
    assert _lagre(sjef, nettverk, **felt).status_code == 302


def test_the_koordinator_takes_it_away_and_the_horizon_is_left(
    nettverk, sjef, django_capture_on_commit_callbacks
):
    _lagre(sjef, nettverk, bilde=_bilde(), beskrivelse="Fjorden")
    navn = Omslag.objects.get().fil.name
    adresse = f"/{nettverk.slug}/nettverket/utseende/bilde/slett/"
    assert "Ta bort omslagsbildet?" in sjef.get(adresse).content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        sjef.post(adresse)

    assert not default_storage.exists(navn)
    side = Client().get(f"/{nettverk.slug}/").content.decode()
    assert "app-forside__bilde" not in side
    assert "app-horisont" in side


def test_a_network_without_a_public_page_shows_it_to_its_members_alone(nettverk, sjef):
    _lagre(sjef, nettverk, bilde=_bilde(), beskrivelse="Fjorden")
    Nettverk.objects.filter(pk=nettverk.pk).update(er_offentlig=False)
    adresse = f"/{nettverk.slug}/omslag/{Omslag.objects.get().pk}/"
    leder = Client()
    leder.force_login(enhetsleder(nettverk.grupper.utviklingsgrupper().get()))

    assert _innhold(leder.get(adresse))
    assert Client().get(adresse).status_code == 404
    merke = f'"{Omslag.objects.get().sha256}"'
    assert Client().get(adresse, headers={"if-none-match": merke}).status_code == 404


def test_a_browser_that_has_it_gets_it_once(nettverk, sjef):
    _lagre(sjef, nettverk, bilde=_bilde(), beskrivelse="Fjorden")
    adresse = f"/{nettverk.slug}/omslag/{Omslag.objects.get().pk}/"

    foerste = Client().get(adresse)
    andre = Client().get(adresse, headers={"if-none-match": foerste["ETag"]})

    assert _innhold(foerste)
    assert foerste["Cache-Control"] == "private, no-cache"
    assert (andre.status_code, andre.content) == (304, b"")


def test_without_room_the_old_one_stands_and_the_field_says_why(nettverk, sjef, settings):
    _lagre(sjef, nettverk, bilde=_bilde(), beskrivelse="Fjorden")
    settings.LAGERPLASS_PER_NETTVERK = 10

    svar = _lagre(sjef, nettverk, bilde=_bilde("navy"), beskrivelse="Fjellet", aksent="lyng")

    assert svar.status_code == 422
    assert "ikke plass" in svar.context["form"].errors["bilde"][0]
    omslag = Omslag.objects.get()
    assert omslag.alternativ_tekst == "Fjorden"
    assert default_storage.exists(omslag.fil.name)
    nettverk.refresh_from_db()
    assert nettverk.aksent == "hav"


def test_it_stands_on_the_cover_of_the_report_with_its_words(nettverk, sjef):
    rapport = AarsrapportFactory(nettverk=nettverk)
    assert "forside__bilde" not in build_html(rapport)
    _lagre(sjef, nettverk, bilde=_bilde(), beskrivelse="Fjorden en morgen")

    html = build_html(rapport)

    assert 'class="forside__bilde" src="data:image/webp;base64,' in html
    assert 'alt="Fjorden en morgen"' in html
    assert html_to_pdf(html).startswith(b"%PDF")
    default_storage.delete(Omslag.objects.get().fil.name)
    assert "forside__bilde" not in build_html(rapport)
