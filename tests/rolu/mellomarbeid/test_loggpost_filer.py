"""Files in an entry: sent one by one by the page or in a form, described, ordered; and a picture that nobody outside the
unit sees until the unit has said whether there are faces in it."""

import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from nettverk.filer.opplasting import ForStorFil
from nettverk.models import Gruppe, Rolle
from nettverk.skriving.konflikt import KanIkke
from rolu.mellomarbeid import innlevering, logg, praksis
from rolu.mellomarbeid import vedlegg as vedlegg_
from rolu.models import Loggpost, Mellomarbeid, Praksisfortelling, Vedlegg
from tests.disk import files_in
from tests.nettverk.factories import (
    GruppeFactory,
    VervFactory,
    enhetsleder,
    gruppemedlem,
    kog,
    koordinator,
    nettverk_med_enhet,
)
from tests.rolu.factories import MellomarbeidFactory, OppdragFactory
from tests.rolu.mellomarbeid.test_vedlegg import PDF, fil, hent, legg_ved, som, url

pytestmark = pytest.mark.django_db

SIDEN = {"headers": {"X-Autolagre": "1"}}
MP4 = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2" + bytes(range(256)) * 40


@pytest.fixture
def arbeid() -> Mellomarbeid:
    nettverk, gruppe = nettverk_med_enhet()
    return MellomarbeidFactory(oppdrag=OppdragFactory(nettverk=nettverk), gruppe=gruppe)


def bilde(navn: str = "spor.png", farge: str = "teal", side: int = 40) -> SimpleUploadedFile:
    ut = io.BytesIO()
    Image.new("RGB", (side, side), farge).save(ut, format="PNG")
    return SimpleUploadedFile(navn, ut.getvalue())


def til(arbeid: Mellomarbeid, noekkel: uuid.UUID) -> str:
    return reverse("rolu:loggpost_filer", args=[arbeid.nettverk.slug, arbeid.pk, noekkel])


def send(arbeid: Mellomarbeid, person, sendt, *, noekkel=None, **felt):
    """As the page sends one file."""
    adresse = til(arbeid, noekkel or uuid.uuid4())
    return som(person).post(adresse, {"filer": sendt, **felt}, **SIDEN)


def lagt_ved(arbeid: Mellomarbeid, person, sendt=None) -> Vedlegg:
    send(arbeid, person, sendt or bilde())
    return arbeid.vedlegg.latest("pk")


def test_a_picture_before_the_first_word_makes_the_entry_and_the_text_is_saved_after_it(arbeid):
    leder, noekkel = enhetsleder(arbeid.gruppe), uuid.uuid4()

    svar = send(arbeid, leder, bilde(), noekkel=noekkel, fase="observere", beskrivelse="Fem spor.")
    post = Loggpost.objects.get()
    logg.save(
        mellomarbeid=arbeid, noekkel=noekkel, versjon=0, fase="observere", dato=post.dato,
        tekst="Vi fant spor.", hvem="", by=leder,
    )  # fmt: skip

    assert svar.status_code == 200
    assert "Er det ansikter på bildet?" in svar.json()["html"]
    assert (post.noekkel, post.fase) == (noekkel, "observere")
    assert [(v.navn, v.alternativ_tekst) for v in post.vedlegg.all()] == [("spor.png", "Fem spor.")]
    arbeid.refresh_from_db()
    assert arbeid.status == Mellomarbeid.Status.KLADD


def test_one_that_is_refused_leaves_those_that_were_sent_before_it(arbeid):
    leder, noekkel = enhetsleder(arbeid.gruppe), uuid.uuid4()

    send(arbeid, leder, bilde(), noekkel=noekkel)
    svar = send(arbeid, leder, fil("plan.docx", b"MZ\x90" + b"\0" * 100), noekkel=noekkel)
    igjen = send(arbeid, leder, bilde(), noekkel=noekkel)

    assert (svar.status_code, igjen.status_code) == (422, 200)
    assert "er ikke det endelsen sier" in svar.json()["feil"]
    # The answer to the first may have been lost: what lies there is answered as what is new.
    assert f'data-fil="{arbeid.vedlegg.get().pk}"' in igjen.json()["html"]


def test_without_script_the_page_takes_several_and_proposes_what_was_written(arbeid):
    leder, noekkel = enhetsleder(arbeid.gruppe), uuid.uuid4()
    logg.save(
        mellomarbeid=arbeid, noekkel=noekkel, versjon=0, fase="proeve",
        dato=arbeid.oppdrag.frist, tekst="Barna la pinner i rekke. De talte høyt.", hvem="", by=leder,
    )  # fmt: skip
    adresse = til(arbeid, noekkel)

    side = som(leder).get(adresse)
    etter = som(leder).post(
        adresse, {"filer": [bilde(), bilde("to.png", "red"), fil()]}, follow=True
    )

    assert 'value="Barna la pinner i rekke."' in side.text
    assert "3 filer er lagt ved." in etter.text
    assert [v.navn for v in Loggpost.objects.get().vedlegg.all()] == [
        "spor.png",
        "to.png",
        "plan.pdf",
    ]


def test_the_next_picture_is_proposed_the_next_sentence(arbeid):
    leder, noekkel = enhetsleder(arbeid.gruppe), uuid.uuid4()
    post = logg.save(
        mellomarbeid=arbeid, noekkel=noekkel, versjon=0, fase="proeve",
        dato=arbeid.oppdrag.frist, tekst="Barna la pinner i rekke. De talte høyt.", hvem="", by=leder,
    )  # fmt: skip

    forste = vedlegg_.proposal(post)
    send(arbeid, leder, bilde(), noekkel=noekkel, beskrivelse=forste)

    assert forste == "Barna la pinner i rekke."
    assert vedlegg_.proposal(post) == "De talte høyt."


# --- faces


def _others(arbeid: Mellomarbeid) -> dict:
    """Everybody who sees the mellomarbeid without sitting in the unit's group; it is delivered and shared."""
    nettverk = arbeid.nettverk
    fagnettverk = GruppeFactory(nettverk=nettverk, type=Gruppe.Type.FAGNETTVERK)
    return {
        "koordinator": koordinator(nettverk),
        "kog": kog(nettverk),
        "kommuneansvarlig": VervFactory(
            gruppe=fagnettverk, rolle=Rolle.OPPVEKSTANSVARLIG, representerer=arbeid.kommune
        ).person,
        "nabo": enhetsleder(GruppeFactory(nettverk=nettverk, utviklingsgruppe=True)),
    }


@pytest.mark.parametrize("sendt", [bilde(), fil("film.mp4", MP4)], ids=["picture", "film"])
def test_nobody_outside_the_unit_gets_a_byte_of_it_until_the_unit_has_answered(arbeid, sendt):
    leder = enhetsleder(arbeid.gruppe)
    sendt.seek(0)
    rad = lagt_ved(arbeid, leder, sendt)
    innlevering.submit(arbeid, by=leder)
    praksis.share(arbeid, tittel="Fjæra", bilder=[rad], hele_loggen=True, by=leder)
    andre = _others(arbeid)
    adresser = [url("vedlegg", arbeid, rad.pk)]
    if rad.er_bilde:
        adresser.append(url("vedlegg_liten", arbeid, rad.pk))

    def codes() -> set[int]:
        return {hent(p, a).status_code for p in andre.values() for a in adresser}

    def read(person) -> str:
        return som(person).get(url("mellomarbeid", arbeid)).text

    assert codes() == {404}
    assert all(adresser[0] not in read(person) for person in andre.values())
    assert Praksisfortelling.objects.with_picture().get().bilde is None
    # The unit itself sees it.
    assert {hent(leder, a).status_code for a in adresser} == {200}

    svar = som(leder).post(
        url("vedlegg_ansikter", arbeid, rad.pk), {"ansikter": "ingen"}, follow=True
    )

    assert "Svaret er lagret." in svar.text
    assert codes() == {200}
    assert all(adresser[0] in read(person) for person in andre.values())
    assert (Praksisfortelling.objects.with_picture().get().bilde is not None) == rad.er_bilde

    # Taken back, it is the unit's own again.
    som(leder).post(url("vedlegg_ansikter", arbeid, rad.pk), {"ansikter": "skjult"})
    assert codes() == {404}


def test_faces_are_shown_only_with_the_tick_and_who_said_so_stands_on_the_row(arbeid):
    leder = enhetsleder(arbeid.gruppe)
    rad = lagt_ved(arbeid, leder)
    adresse = url("vedlegg_ansikter", arbeid, rad.pk)

    uten = som(leder).post(adresse, {"ansikter": "samtykke"}, **SIDEN)
    rad.refresh_from_db()
    assert uten.status_code == 422
    assert "Kryss av for at dere har samtykke" in uten.json()["feil"]
    assert rad.venter_paa_svar

    med = som(leder).post(adresse, {"ansikter": "samtykke", "samtykke": "on"}, **SIDEN)
    rad.refresh_from_db()
    assert f"Ansikter, med samtykke. Svart av {leder} " in " ".join(med.json()["html"].split())
    assert (rad.ansikter, rad.ansikter_av) == ("samtykke", leder)
    assert rad.ansikter_svart is not None


def test_only_the_unit_answers_and_a_document_is_not_asked_about(arbeid):
    leder = enhetsleder(arbeid.gruppe)
    rad = lagt_ved(arbeid, leder)
    dokument = lagt_ved(arbeid, leder, fil())
    som(leder).post(url("vedlegg_ansikter", arbeid, rad.pk), {"ansikter": "ingen"})

    svar = som(koordinator(arbeid.nettverk)).post(
        url("vedlegg_ansikter", arbeid, rad.pk), {"ansikter": "skjult"}
    )

    assert svar.status_code == 403
    assert som(leder).get(url("vedlegg_ansikter", arbeid, dokument.pk)).status_code == 404
    assert hent(koordinator(arbeid.nettverk), url("vedlegg", arbeid, dokument.pk)).innhold == PDF
    with pytest.raises(IntegrityError), transaction.atomic():
        Vedlegg.objects.filter(pk=rad.pk).update(ansikter_av=None)


# --- ordered, removed


def test_files_are_put_in_another_order(arbeid):
    leder, noekkel = enhetsleder(arbeid.gruppe), uuid.uuid4()
    for farge in ("red", "green", "blue"):
        send(arbeid, leder, bilde(f"{farge}.png", farge), noekkel=noekkel)
    post = Loggpost.objects.get()
    blaa = post.vedlegg.get(navn="blue.png")

    def order() -> list[str]:
        return [v.navn for v in post.vedlegg.all()]

    som(leder).post(url("vedlegg_flytt", arbeid, blaa.pk), {"frem": "1"}, **SIDEN)
    assert order() == ["red.png", "blue.png", "green.png"]
    som(leder).post(url("vedlegg_flytt", arbeid, blaa.pk), {"frem": "1"}, **SIDEN)
    som(leder).post(url("vedlegg_flytt", arbeid, blaa.pk), {"frem": "1"}, **SIDEN)
    assert order() == ["blue.png", "red.png", "green.png"]


@pytest.mark.django_db(transaction=True)
def test_a_removed_picture_is_gone_from_the_storage_with_its_smaller_copy(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    nettverk, gruppe = nettverk_med_enhet()
    arbeid = MellomarbeidFactory(oppdrag=OppdragFactory(nettverk=nettverk), gruppe=gruppe)
    leder = enhetsleder(gruppe)
    rad = lagt_ved(arbeid, leder, bilde(side=1500))
    liten = hent(leder, url("vedlegg_liten", arbeid, rad.pk))

    with Image.open(io.BytesIO(liten.innhold)) as kopi:
        assert (kopi.format, max(kopi.size)) == ("WEBP", 640)
    assert len(files_in(tmp_path)) == 2

    svar = som(leder).post(url("vedlegg_slett", arbeid, rad.pk), **SIDEN)

    assert (svar.status_code, svar.json()) == (200, {"html": ""})
    assert files_in(tmp_path) == []


@pytest.mark.django_db(transaction=True)
def test_the_files_of_an_entry_go_with_it_and_the_page_that_asks_says_so(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    nettverk, gruppe = nettverk_med_enhet()
    arbeid = MellomarbeidFactory(oppdrag=OppdragFactory(nettverk=nettverk), gruppe=gruppe)
    leder, noekkel = enhetsleder(gruppe), uuid.uuid4()
    for farge in ("red", "green"):
        send(arbeid, leder, bilde(f"{farge}.png", farge), noekkel=noekkel)
    legg_ved(arbeid, leder, fil())
    adresse = reverse("rolu:loggpost_slett", args=[nettverk.slug, arbeid.pk, noekkel])

    spurt = som(leder).get(adresse).text
    som(leder).post(adresse)

    assert "2 filer i notatet slettes også, og blir borte for godt." in spurt
    assert [v.navn for v in arbeid.vedlegg.all()] == ["plan.pdf"]
    assert len(files_in(tmp_path)) == 1


def test_what_somebody_else_removed_meanwhile_is_told_in_plain_words(arbeid):
    leder = enhetsleder(arbeid.gruppe)
    rad = lagt_ved(arbeid, leder)
    Vedlegg.objects.filter(pk=rad.pk).delete()

    for act in (
        lambda: vedlegg_.describe(rad, beskrivelse="Spor"),
        lambda: vedlegg_.move(rad, frem=True),
        lambda: vedlegg_.answer(rad, ansikter="ingen", by=leder),
    ):
        with pytest.raises(KanIkke, match="Fila er slettet av noen andre"):
            act()
    Mellomarbeid.objects.all().delete()
    with pytest.raises(KanIkke, match="Mellomarbeidet er slettet av noen andre"):
        vedlegg_.describe(rad, beskrivelse="Spor")


def test_what_is_withdrawn_offers_no_files_and_looks_into_none(arbeid, monkeypatch):
    leder, noekkel = enhetsleder(arbeid.gruppe), uuid.uuid4()
    send(arbeid, leder, bilde(), noekkel=noekkel)
    rad = arbeid.vedlegg.get()
    arbeid.oppdrag.trukket, arbeid.oppdrag.trukket_grunn = timezone.now(), "Samlingen er flyttet."
    arbeid.oppdrag.save()
    monkeypatch.setattr("nettverk.side.filfelt.accept", lambda *_a, **_k: pytest.fail("looked"))

    sider = [som(leder).get(a) for a in (til(arbeid, noekkel), url("vedlegg_ny", arbeid))]
    skjema = som(leder).post(url("vedlegg_ny", arbeid), {"filer": fil()}, follow=True)
    sendt = send(arbeid, leder, bilde("ny.png", "red"), noekkel=noekkel)
    lest = som(leder).get(url("mellomarbeid", arbeid)).text

    assert [side.status_code for side in sider] == [302, 302]
    assert "Samlingen er flyttet." in skjema.text
    assert sendt.status_code == 409
    assert "Samlingen er flyttet." in sendt.json()["feil"]
    assert url("vedlegg_slett", arbeid, rad.pk) not in lest


def test_nothing_is_added_ordered_or_removed_in_what_is_delivered(arbeid):
    leder = enhetsleder(arbeid.gruppe)
    rad = lagt_ved(arbeid, leder)
    innlevering.submit(arbeid, by=leder)

    svar = [
        send(arbeid, leder, bilde("ny.png", "red")),
        som(leder).post(url("vedlegg_flytt", arbeid, rad.pk), {"frem": "1"}, **SIDEN),
        som(leder).post(url("vedlegg_slett", arbeid, rad.pk), **SIDEN),
        som(leder).post(url("vedlegg_beskriv", arbeid, rad.pk), {"beskrivelse": "Ny"}, **SIDEN),
    ]

    assert [s.status_code for s in svar] == [409] * 4
    assert all("Mellomarbeidet er levert" in s.json()["feil"] for s in svar)
    assert list(arbeid.vedlegg.all()) == [rad]
    assert Loggpost.objects.count() == 1


def test_an_entry_of_another_unit_takes_no_files(arbeid):
    annet = MellomarbeidFactory(
        oppdrag=arbeid.oppdrag,
        gruppe=GruppeFactory(nettverk=arbeid.nettverk, utviklingsgruppe=True),
    )
    noekkel = uuid.uuid4()
    send(annet, enhetsleder(annet.gruppe), bilde(), noekkel=noekkel)

    svar = send(arbeid, enhetsleder(arbeid.gruppe), bilde("min.png", "red"), noekkel=noekkel)

    assert svar.status_code == 404
    assert not arbeid.vedlegg.exists()


def test_the_pages_cost_the_same_with_one_and_five_pictures(arbeid, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    leder, noekkel = gruppemedlem(arbeid.gruppe), uuid.uuid4()
    klient = som(leder)
    adresser = [
        url("mellomarbeid", arbeid),
        til(arbeid, noekkel),
        reverse("rolu:loggpost", args=[arbeid.nettverk.slug, arbeid.pk, noekkel]),
    ]

    def cost() -> list[int]:
        antall = []
        for adresse in adresser:
            with CaptureQueriesContext(connection) as spoerringer:
                assert klient.get(adresse).status_code == 200
            antall.append(len(spoerringer))
        return antall

    send(arbeid, leder, bilde(), noekkel=noekkel)
    rad = arbeid.vedlegg.get()
    som(leder).post(url("vedlegg_ansikter", arbeid, rad.pk), {"ansikter": "ingen"})
    cost()
    en = cost()
    for farge in ("red", "green", "blue", "white"):
        send(arbeid, leder, bilde(f"{farge}.png", farge), noekkel=noekkel)

    assert cost() == en


# --- what is too much, and what is not what it says


def test_a_film_above_its_limit_is_told_of_in_plain_words(arbeid, settings):
    settings.OPPLASTING_MAKS, settings.OPPLASTING_FILM_MAKS = 1000, 8000

    svar = send(arbeid, enhetsleder(arbeid.gruppe), fil("tur.mp4", MP4))

    assert svar.status_code == 422
    assert svar.json()["feil"] == (
        "Fila er for stor. «tur.mp4» er 11\xa0kB, og grensen er 8\xa0kB."
    )


def test_where_no_film_is_taken_and_for_strangers_a_film_has_the_limit_of_the_rest(
    arbeid, settings
):
    settings.OPPLASTING_MAKS, settings.OPPLASTING_FILM_MAKS = 1000, 20_000
    leder = enhetsleder(arbeid.gruppe)
    rad = lagt_ved(arbeid, leder, fil(innhold=PDF))

    def kept(client: Client, adresse: str) -> bool:
        svar = client.post(adresse, {"filer": fil("tur.mp4", MP4), "beskrivelse": ""})
        return not isinstance(svar.wsgi_request.FILES["filer"], ForStorFil)

    assert not kept(som(leder), url("vedlegg_beskriv", arbeid, rad.pk))
    assert not kept(Client(), til(arbeid, uuid.uuid4()))
    assert kept(som(leder), til(arbeid, uuid.uuid4()))


def test_a_film_may_be_larger_than_the_rest(arbeid, settings):
    settings.OPPLASTING_MAKS, settings.OPPLASTING_FILM_MAKS = 1000, 20_000

    assert send(arbeid, enhetsleder(arbeid.gruppe), fil("tur.mp4", MP4)).status_code == 200
    assert arbeid.vedlegg.get().mimetype == "video/mp4"


@pytest.mark.parametrize("navn", ["IMG_1.HEIC", "IMG_1.jpg"], ids=["by name", "called a JPEG"])
def test_a_heic_is_answered_with_what_to_do(arbeid, navn: str):
    heic = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\0" * 200

    svar = send(arbeid, enhetsleder(arbeid.gruppe), fil(navn, heic))

    assert svar.status_code == 422
    assert svar.json()["feil"].startswith(f"«{navn}» er i formatet HEIC, som mange ikke kan åpne.")


def test_a_picture_of_twenty_thousand_by_twenty_thousand_is_refused_by_its_head(arbeid):
    ut = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(ut, format="PNG")

    svar = send(arbeid, enhetsleder(arbeid.gruppe), fil("plakat.png", ut.getvalue()))

    assert svar.status_code == 422
    assert svar.json()["feil"] == (
        "Bildet har for mange bildepunkter. Gjør bildet mindre, og prøv igjen."
    )
    assert not arbeid.vedlegg.exists()


# --- wound


@pytest.mark.parametrize(
    ("spurt", "status", "fra", "til_"),
    [
        ("bytes=0-", 206, 0, None),
        ("bytes=100-199", 206, 100, 200),
        ("bytes=-50", 206, -50, None),
        ("bytes=100-9999999", 206, 100, None),
        ("bytes=0-10,20-30", 200, 0, None),
        ("bytes=-", 200, 0, None),
        ("bytes=9-3", 200, 0, None),
        ("sider=1-2", 200, 0, None),
    ],
)
def test_a_film_can_be_wound(arbeid, spurt: str, status: int, fra: int, til_: int | None):
    leder = enhetsleder(arbeid.gruppe)
    rad = lagt_ved(arbeid, leder, fil("tur.mp4", MP4))
    kept = hent(leder, url("vedlegg", arbeid, rad.pk)).innhold

    svar = som(leder).get(url("vedlegg", arbeid, rad.pk), headers={"range": spurt})
    innhold = b"".join(svar.streaming_content)

    assert (svar.status_code, innhold) == (status, kept[fra:til_])
    assert svar["Content-Length"] == str(len(innhold))
    assert svar["Accept-Ranges"] == "bytes"
    if status == 206:
        start = fra if fra >= 0 else len(kept) + fra
        assert svar["Content-Range"] == f"bytes {start}-{start + len(innhold) - 1}/{len(kept)}"


def test_past_the_end_of_a_film_there_is_nothing(arbeid):
    leder = enhetsleder(arbeid.gruppe)
    rad = lagt_ved(arbeid, leder, fil("tur.mp4", MP4))

    svar = som(leder).get(url("vedlegg", arbeid, rad.pk), headers={"range": "bytes=999999-"})

    assert (svar.status_code, svar["Content-Range"]) == (416, f"bytes */{len(MP4)}")


def test_a_part_of_a_film_is_not_for_one_who_may_not_see_the_whole(arbeid):
    rad = lagt_ved(arbeid, enhetsleder(arbeid.gruppe), fil("tur.mp4", MP4))

    svar = som(koordinator(arbeid.nettverk)).get(
        url("vedlegg", arbeid, rad.pk), headers={"range": "bytes=0-10"}
    )

    assert svar.status_code == 404


def test_pictures_added_to_the_whole_are_asked_about_too(arbeid):
    leder = enhetsleder(arbeid.gruppe)

    svar = legg_ved(arbeid, leder, bilde())

    assert "Er det ansikter på bildet?" in svar.text
    assert arbeid.vedlegg.get().venter_paa_svar
