"""The pictures of a card: kept once, read with the card before they are let out, and gone when it is erased."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from fremtidsbilder.models import Bidrag, Bidragsbilde
from fremtidsbilder.tankesmier import bidrag, bidragsbilder, moderering
from fremtidsbilder.tankesmier.bidragsbilder import MAKS_BILDER, attach
from fremtidsbilder.tankesmier.moderering import GODKJENN, decide, seen
from nettverk.filer.opplasting import accept
from nettverk.models import Nettverk, Person
from nettverk.skriving.konflikt import Borte, KanIkke
from tests.fremtidsbilder.bilder.bildefiler import bildebyte, godkjent
from tests.fremtidsbilder.factories import TemaFactory
from tests.fremtidsbilder.tankesmiefabrikk import (
    BidragFactory,
    KlyngeFactory,
    TankesmieFactory,
)
from tests.kommuner.factories import EnhetFactory
from tests.nettverk.factories import (
    GruppeFactory,
    NettverkFactory,
    enhetsleder,
    kog,
    koordinator,
    nettverk_med_enhet,
)

pytestmark = pytest.mark.django_db

_FARGER = ["red", "green", "blue", "black", "white", "gray", "navy", "lime", "aqua", "pink", "teal"]


@pytest.fixture
def kort() -> Bidrag:
    return BidragFactory(sporsmaal__tankesmie__frittstaaende=True, tekst="Hytta vår")


def _nettverk(kort: Bidrag) -> Nettverk:
    return kort.sporsmaal.nettverk


def _attach(kort: Bidrag, *farger: str, **valg: str) -> list[Bidragsbilde]:
    filer = [godkjent(farge) for farge in farger or ("teal",)]
    return attach(kort, filer=filer, nettverk=_nettverk(kort), **valg)


def _som(person: Person | None = None) -> Client:
    klient = Client()
    if person:
        klient.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return klient


def _approve(kort: Bidrag) -> int:
    naa = Bidrag.objects.get(pk=kort.pk)
    return decide(naa.sporsmaal.tankesmie, {naa.pk: seen(naa)}, valg=GODKJENN).antall


# --- kept


def test_the_same_picture_twice_is_one_and_shows_what_the_card_says(kort):
    foer = kort.sporsmaal.tankesmie.versjon

    [bilde] = _attach(kort)

    assert _attach(kort) == []
    assert list(kort.bilder.all()) == [bilde]
    assert bilde.alternativ_tekst == "Hytta vår"
    assert bidragsbilder.stored(_nettverk(kort)) == bilde.bytes
    kort.sporsmaal.tankesmie.refresh_from_db()
    assert kort.sporsmaal.tankesmie.versjon > foer


def test_other_words_than_the_card_s_may_be_given(kort):
    [bilde] = _attach(kort, beskrivelse="En hytte av kvister")

    assert bilde.alternativ_tekst == "En hytte av kvister"


def test_too_many_are_told_and_none_of_them_is_kept(kort):
    _attach(kort, *_FARGER[: MAKS_BILDER - 1])

    with pytest.raises(KanIkke, match="10 bilder"):
        _attach(kort, *_FARGER[MAKS_BILDER - 1 :])

    assert kort.bilder.count() == MAKS_BILDER - 1


def test_a_card_that_is_taken_back_or_gone_takes_none(kort):
    tilbake = BidragFactory(sporsmaal=kort.sporsmaal, tekst="")
    borte = BidragFactory(sporsmaal=kort.sporsmaal)
    Bidrag.objects.filter(pk=borte.pk).delete()

    for ett in (tilbake, borte):
        with pytest.raises(Borte):
            _attach(ett)

    assert not Bidragsbilde.objects.exists()


def test_an_erased_card_forgets_its_pictures_and_what_they_showed(
    kort, django_capture_on_commit_callbacks
):
    annet = BidragFactory(sporsmaal=kort.sporsmaal)
    [bilde] = _attach(kort)
    [staar] = _attach(annet)

    with django_capture_on_commit_callbacks(execute=True):
        bidrag.erase(kort.sporsmaal, [kort.pk])

    lager = bilde.fil.storage
    assert list(Bidragsbilde.objects.all()) == [staar]
    assert not lager.exists(bilde.fil.name)
    assert not lager.exists(bilde.liten.name)
    assert lager.exists(staar.fil.name)
    [hendelse] = Bidragsbilde.pgh_event_model.objects.all()
    assert hendelse.alternativ_tekst == ""


def test_what_nobody_lets_out_is_not_kept(kort, django_capture_on_commit_callbacks):
    godkjent_kort = BidragFactory(sporsmaal=kort.sporsmaal)
    [bilde], [vises] = _attach(kort), _attach(godkjent_kort)
    Bidrag.objects.filter(pk=godkjent_kort.pk).update(avgjoerelse="godkjent")
    tankesmie = kort.sporsmaal.tankesmie
    tankesmie.lukket = timezone.now()
    tankesmie.save(update_fields=["lukket"])

    def purge(dager: int) -> int:
        with django_capture_on_commit_callbacks(execute=True):
            return bidragsbilder.purge(timezone.now() + datetime.timedelta(days=dager))

    assert (purge(89), bilde.fil.storage.exists(bilde.fil.name)) == (0, True)
    assert (purge(91), bilde.fil.storage.exists(bilde.fil.name)) == (1, False)
    assert list(Bidragsbilde.objects.all()) == [vises]
    assert vises.fil.storage.exists(vises.fil.name)


# --- read before it is let out


def test_an_approved_card_is_unread_again_when_a_picture_is_added(kort):
    assert _approve(kort) == 1
    _attach(kort)

    kort.refresh_from_db()
    assert (kort.avgjoerelse, kort.grunn) == ("", "")
    assert not Bidrag.objects.approved().exists()


def test_a_picture_that_came_after_one_read_the_card_is_not_let_out_with_it(kort):
    lest = {kort.pk: seen(Bidrag.objects.get(pk=kort.pk))}
    _attach(kort)

    avgjort = decide(kort.sporsmaal.tankesmie, lest, valg=GODKJENN)

    assert (avgjort.antall, avgjort.endret) == (0, 1)
    assert not Bidrag.objects.approved().exists()
    assert _approve(kort) == 1


def test_who_sees_the_picture_before_and_after_it_is_approved():
    nettverk, gruppe = nettverk_med_enhet()
    annen = EnhetFactory(kommune=nettverk.kommuner().get())
    annen_gruppe = GruppeFactory(nettverk=nettverk, utviklingsgruppe=True, enhet=annen)
    tankesmie = TankesmieFactory(
        nettverk=nettverk, frittstaaende=True, nivaa="enhet", enhet=gruppe.enhet
    )
    kort = BidragFactory(sporsmaal__tankesmie=tankesmie)
    [bilde] = _attach(kort)
    adresse = reverse("fremtidsbilder:bidragsbilde", args=[nettverk.slug, bilde.pk])
    folk = {
        "ute": None,
        "fremmed": koordinator(NettverkFactory()),
        "medlem": kog(nettverk),
        "annen leder": enhetsleder(annen_gruppe),
        "leder": enhetsleder(gruppe),
        "koordinator": koordinator(nettverk),
    }

    alle = []

    def sees() -> dict[str, int]:
        svar = {hvem: _som(person).get(adresse) for hvem, person in folk.items()}
        alle.extend(svar.values())
        return {hvem: ett.status_code for hvem, ett in svar.items()}

    assert sees() == {
        **dict.fromkeys(("ute", "fremmed", "medlem", "annen leder"), 404),
        **dict.fromkeys(("leder", "koordinator"), 200),
    }
    _approve(kort)
    assert set(sees().values()) == {200}
    moderering.hide(kort.sporsmaal, [kort.pk])
    assert sees()["ute"] == 404
    for ett in alle:
        ett.close()


def test_it_is_let_out_as_a_picture_and_small_in_a_list(kort):
    [bilde] = _attach(kort)
    _approve(kort)
    adresse = reverse("fremtidsbilder:bidragsbilde", args=[_nettverk(kort).slug, bilde.pk])

    hel, liten = _som().get(adresse), _som().get(adresse + "?liten")

    assert (hel["Content-Type"], liten["Content-Type"]) == ("image/png", "image/webp")
    assert hel["X-Content-Type-Options"] == "nosniff"
    hel.close()
    liten.close()


def test_a_picture_of_another_network_is_not_found(kort):
    [bilde] = _attach(kort)
    _approve(kort)
    annet = NettverkFactory()

    adresse = reverse("fremtidsbilder:bidragsbilde", args=[annet.slug, bilde.pk])

    assert _som(koordinator(annet)).get(adresse).status_code == 404


# --- where cards are read


def _src(bilde: Bidragsbilde) -> str:
    nettverk = bilde.bidrag.sporsmaal.nettverk
    adresse = reverse("fremtidsbilder:bidragsbilde", args=[nettverk.slug, bilde.pk])
    return f'src="{adresse}?liten"'


def _cost(klient: Client, *adresser: str) -> int:
    with CaptureQueriesContext(connection) as spoerringer:
        for adresse in adresser:
            assert klient.get(adresse).status_code == 200
    return len(spoerringer)


def test_the_queue_shows_the_picture_beside_its_text_and_approves_what_was_seen(kort):
    kort.tekst = '"><script>alert(1)</script>'
    kort.save()
    [bilde] = _attach(kort)
    klient = _som(koordinator(_nettverk(kort)))
    adresse = reverse(
        "fremtidsbilder:stemmer", args=[_nettverk(kort).slug, kort.sporsmaal.tankesmie_id]
    )

    side = klient.get(adresse).text
    klient.post(adresse, {"en": f"godkjenn:{kort.pk}.1u"})
    uten = Bidrag.objects.approved().count()
    klient.post(adresse, {"en": f"godkjenn:{kort.pk}.1ub1"})

    assert _src(bilde) in side
    assert "<script>alert" not in side
    assert f"{kort.pk}.1ub1" in side
    assert uten == 0
    assert list(Bidrag.objects.approved()) == [kort]


def test_the_queue_costs_the_same_with_one_picture_and_with_many(kort):
    _attach(kort)
    klient = _som(koordinator(_nettverk(kort)))
    adresse = reverse(
        "fremtidsbilder:stemmer", args=[_nettverk(kort).slug, kort.sporsmaal.tankesmie_id]
    )
    _cost(klient, adresse)
    en = _cost(klient, adresse)
    for ett in BidragFactory.create_batch(3, sporsmaal=kort.sporsmaal):
        _attach(ett, "red", "blue")

    assert _cost(klient, adresse) == en


def test_many_are_decided_in_as_many_queries_as_one(kort):
    flere = BidragFactory.create_batch(3, sporsmaal=kort.sporsmaal)
    for ett in (kort, *flere):
        _attach(ett)

    def cost(*kortene: Bidrag) -> int:
        lest = {k.pk: seen(k) for k in Bidrag.objects.filter(pk__in=[k.pk for k in kortene])}
        with CaptureQueriesContext(connection) as spoerringer:
            assert moderering.decide(kort.sporsmaal.tankesmie, lest, valg=GODKJENN).antall == len(
                kortene
            )
        return len(spoerringer)

    assert cost(kort) == cost(*flere)


def test_the_pages_of_a_theme_show_pictures_of_approved_cards_only(kort):
    nettverk = _nettverk(kort)
    nettverk.er_offentlig = True
    nettverk.save()
    tema = TemaFactory(nettverk=nettverk, offentlig=True)
    klynge = KlyngeFactory(sporsmaal=kort.sporsmaal, tema=tema)
    ulest = BidragFactory(sporsmaal=kort.sporsmaal)
    Bidrag.objects.update(klynge=klynge)
    [vist], [skjult] = _attach(kort), _attach(ulest)
    Bidrag.objects.filter(pk=kort.pk).update(avgjoerelse="godkjent", valgt=True)
    Bidrag.objects.filter(pk=ulest.pk).update(valgt=True)
    siden = reverse("fremtidsbilder:tema", args=[nettverk.slug, tema.pk])
    stemmene = reverse("fremtidsbilder:tema_stemmer", args=[nettverk.slug, tema.pk])
    leder = _som(koordinator(nettverk))

    for klient, adresse in ((_som(), siden), (leder, siden), (leder, stemmene)):
        tekst = klient.get(adresse).text
        assert _src(vist) in tekst
        assert _src(skjult) not in tekst
    _cost(leder, siden, stemmene)
    en = _cost(leder, siden, stemmene)
    for _nr in range(3):
        _attach(BidragFactory(sporsmaal=kort.sporsmaal, klynge=klynge), "red", "blue")
    Bidrag.objects.update(avgjoerelse="godkjent", valgt=True)
    assert _cost(leder, siden, stemmene) == en


def test_place_and_camera_are_taken_out_of_a_photograph(kort):
    spor = Image.Exif()
    spor[0x010F] = "Kameraet"
    foto = accept(SimpleUploadedFile("foto.jpg", bildebyte(format_="JPEG", exif=spor)), smaa=True)
    [bilde] = attach(kort, filer=[foto], nettverk=_nettverk(kort))

    with bilde.fil.open("rb") as fil, Image.open(fil) as lagret:
        assert not lagret.getexif()
