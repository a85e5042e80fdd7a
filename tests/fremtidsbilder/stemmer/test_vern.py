"""What protects those who speak: what is erased is gone everywhere, nothing lies for ever, and no one brings voices in
where a gathering is locked."""

import datetime
import io
import uuid

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fremtidsbilder.models import Bidrag, Bidragsbilde, Skannebunke, Skanneside, Stemmegruppe
from fremtidsbilder.models import Tankesmie as Tankesmier
from fremtidsbilder.portal import FremtidsbilderPortal
from fremtidsbilder.tankesmier import bidrag, moderering, padbilder, skanning, styring
from fremtidsbilder.tankesmier.bidrag import Skrevet
from fremtidsbilder.tankesmier.bidragsbilder import attach
from fremtidsbilder.tankesmier.inngang import look_up, pad_state
from fremtidsbilder.tankesmier.paavegne import speak_for
from fremtidsbilder.tankesmier.stemmeark import Stemmerad
from fremtidsbilder.tankesmier.stemmeimport import FINNES, NY, interpret
from nettverk.models import Person
from nettverk.skriving.konflikt import KanIkke
from tests.fremtidsbilder.bilder.bildefiler import godkjent
from tests.fremtidsbilder.factories import TemaFactory
from tests.fremtidsbilder.tankesmiefabrikk import (
    BidragFactory,
    KlyngeFactory,
    SporsmaalFactory,
    TankesmieFactory,
)
from tests.nettverk.factories import koordinator, nettverk_med_enhet

pytestmark = pytest.mark.django_db
DAG = datetime.timedelta(days=1)


@pytest.fixture
def sporsmaal():
    nettverk, _gruppe = nettverk_med_enhet()
    tankesmie = TankesmieFactory(nettverk=nettverk, frittstaaende=True, lukket=None)
    sporsmaal = SporsmaalFactory(tankesmie=tankesmie)
    if sporsmaal.er_kommende:
        styring.open_question(sporsmaal)
        sporsmaal.refresh_from_db()
    return sporsmaal


def _page(sporsmaal, tilstand: str = "venter") -> Skanneside:
    bunke = Skannebunke.objects.create(
        tankesmie=sporsmaal.tankesmie,
        sporsmaal=sporsmaal,
        navn="a.pdf",
        bytes=0,
        lagt_inn_av=koordinator(sporsmaal.nettverk),
    )
    side = Skanneside(bunke=bunke, nummer=1, bytes=2, tilstand=tilstand)
    if tilstand != "venter":
        side.behandlet = timezone.now()
    side.bilde.save("side.webp", ContentFile(b"ok"), save=False)
    side.save()
    return side


def _som(person) -> Client:
    klient = Client()
    klient.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return klient


def test_what_is_erased_is_gone_with_all_that_told_of_it(
    sporsmaal, django_capture_on_commit_callbacks
):
    side = _page(sporsmaal, "skrevet")
    kort = BidragFactory(sporsmaal=sporsmaal, om_hvem="Ola, 5 år", skanneside=side)
    [bilde] = attach(kort, filer=[godkjent("red")], nettverk=sporsmaal.nettverk)
    merket = moderering.seen(Bidrag.objects.get(pk=kort.pk))
    moderering.decide(
        sporsmaal.tankesmie, {kort.pk: merket}, valg=moderering.HOLD, grunn="Nevner Ola i 3B"
    )

    with django_capture_on_commit_callbacks(execute=True):
        assert bidrag.erase(sporsmaal, [kort.pk]) == 1

    kort.refresh_from_db()
    side.refresh_from_db()
    assert (kort.tekst, kort.om_hvem, kort.grunn, side.bilde.name) == ("", "", "", "")
    assert not bilde.fil.storage.exists(bilde.fil.name)
    historie = Bidrag.pgh_event_model.objects.filter(pgh_obj=kort)
    assert {rad.grunn for rad in historie} == {""}
    [borte] = Bidragsbilde.pgh_event_model.objects.all()
    assert (borte.fil, borte.liten, borte.alternativ_tekst) == ("", "", "")


def test_a_page_that_no_one_deals_with_does_not_lie_for_ever(
    sporsmaal, django_capture_on_commit_callbacks
):
    side = _page(sporsmaal)
    naa = timezone.now()

    with django_capture_on_commit_callbacks(execute=True):
        assert skanning.purge(naa + 89 * DAG) == 0
        assert skanning.purge(naa + 91 * DAG) == 1
    side.refresh_from_db()
    assert side.bilde.name == ""


def test_one_without_an_end_that_everybody_has_left_is_closed(sporsmaal):
    ny = TankesmieFactory(nettverk=sporsmaal.nettverk, frittstaaende=True)
    SporsmaalFactory(tankesmie=ny, status="kommende", aapnet=None)
    naa = timezone.now()
    BidragFactory(sporsmaal=sporsmaal, skrevet=naa)

    assert styring.close_ended(naa + 89 * DAG) == 0
    assert styring.close_ended(naa + 91 * DAG) == 1
    sporsmaal.tankesmie.refresh_from_db()
    ny.refresh_from_db()
    assert sporsmaal.tankesmie.lukket is not None
    assert ny.lukket is None


@pytest.mark.parametrize("navn", ["paa_vegne", "stemmeimport", "skannebunke_list"])
def test_what_is_said_at_a_gathering_comes_in_from_the_gathering(sporsmaal, navn: str):
    klient = _som(koordinator(sporsmaal.nettverk))
    adresse = reverse(
        f"fremtidsbilder:{navn}", args=[sporsmaal.nettverk.slug, sporsmaal.tankesmie_id]
    )
    assert klient.get(adresse).status_code == 200
    Tankesmier.objects.filter(pk=sporsmaal.tankesmie_id).update(frittstaaende=False)

    assert klient.get(adresse).status_code == 404
    assert klient.post(adresse, {}).status_code == 404


def test_what_children_said_is_read_before_what_others_said(sporsmaal):
    barn = Stemmegruppe.objects.create(nettverk=sporsmaal.nettverk, navn="Barn", er_barn=True)
    voksen, barnets = (
        BidragFactory(sporsmaal=sporsmaal, tekst=tekst, gruppe=gruppe)
        for tekst, gruppe in (("Tid", None), ("Huske", barn))
    )
    navngitt = BidragFactory(sporsmaal=sporsmaal, tekst="Lek", om_hvem="jeg heter Ola")

    rekke = moderering.queue(sporsmaal.nettverk, moderering.cards(sporsmaal.tankesmie))

    assert rekke == [navngitt.pk, barnets.pk, voksen.pk]


def test_a_name_in_the_words_about_them_hides_the_card(sporsmaal):
    [kort] = speak_for(sporsmaal, gruppe=None, antall=1, tekst="Lek", om_hvem="eleven Kari, 5 år")

    assert kort.skjult


def test_a_row_of_a_sheet_is_not_what_somebody_else_wrote_on_a_phone(sporsmaal):
    BidragFactory(sporsmaal=sporsmaal, tekst="Mer ute", kilde=Bidrag.Kilde.TELEFON)
    BidragFactory(sporsmaal=sporsmaal, tekst="Mer inne", kilde=Bidrag.Kilde.PAPIR)
    rader = [Stemmerad(rad=n, sporsmaal="1", tekst=t) for n, t in ((2, "Mer ute"), (3, "Mer inne"))]

    assert [rad.utfall for rad in interpret(sporsmaal.tankesmie, rader)] == [NY, FINNES]


def test_a_choice_that_is_no_more_takes_no_link_away(sporsmaal):
    nettverk = sporsmaal.nettverk
    tema, borte = TemaFactory(nettverk=nettverk), TemaFactory(nettverk=nettverk)
    klynge = KlyngeFactory(sporsmaal=sporsmaal, tema=tema)
    nummer = borte.pk
    borte.delete()
    adresse = reverse("fremtidsbilder:veggtemaer", args=[nettverk.slug, sporsmaal.tankesmie_id])

    svar = _som(koordinator(nettverk)).post(
        adresse, {"klynge": klynge.pk, "tema": nummer}, follow=True
    )

    klynge.refresh_from_db()
    assert klynge.tema == tema
    assert "Velg på nytt" in svar.text


def test_the_help_stands_on_the_phone_and_changes_there(sporsmaal):
    tankesmie = sporsmaal.tankesmie
    foer = pad_state(tankesmie).merke
    sporsmaal.hjelp = "Jeg lærer best når …"
    sporsmaal.save(update_fields=["hjelp"])

    assert pad_state(tankesmie).merke != foer
    assert "Jeg lærer best når …" in Client().get(f"/b/{tankesmie.kode}/").text


def test_the_phones_do_not_fill_the_storage_of_the_network(sporsmaal, monkeypatch):
    kort = BidragFactory(sporsmaal=sporsmaal, kilde=Bidrag.Kilde.TELEFON)
    fil = godkjent("red")
    monkeypatch.setattr(padbilder, "MAKS_BYTES", fil.bytes)
    rad = Skrevet(kort.nokkel, sporsmaal.pk, "")
    padbilder.send_with(sporsmaal.tankesmie, rad, fil=fil)

    with pytest.raises(KanIkke, match="ikke plass til flere bilder"):
        padbilder.send_with(sporsmaal.tankesmie, rad, fil=godkjent("blue"))


def test_who_put_scanned_forms_in_sees_that_it_is_kept(sporsmaal):
    person = _page(sporsmaal).bunke.lagt_inn_av

    [om] = FremtidsbilderPortal().opplysninger(person)

    assert "a.pdf" in str(om.rader)


# --- what a phone writes anew


def _send(
    sporsmaal, nokkel: uuid.UUID, utgave: int, tekst: str, gruppe: int | None = None
) -> Bidrag:
    rad = Skrevet(nokkel, sporsmaal.pk, tekst, utgave, gruppe=gruppe)
    assert bidrag.contribute(sporsmaal.tankesmie, [rad]) == {nokkel: ""}
    return Bidrag.objects.get(nokkel=nokkel)


def test_what_somebody_hid_is_not_shown_by_writing_a_name_and_taking_it_out(sporsmaal):
    nokkel = uuid.uuid4()
    kort = _send(sporsmaal, nokkel, 1, "stygt")
    moderering.decide(
        sporsmaal.tankesmie, {kort.pk: moderering.seen(kort)}, valg="skjul", grunn="Om en person"
    )

    stod = [
        _send(sporsmaal, nokkel, utgave, tekst).skjult
        for utgave, tekst in ((2, "stygt igjen"), (3, "Eleven Kari er slem"), (4, "stygt"))
    ]

    assert stod == [True, True, True]


def test_a_name_that_is_taken_out_again_is_shown_when_nobody_hid_it(sporsmaal):
    nokkel = uuid.uuid4()

    stod = [
        _send(sporsmaal, nokkel, utgave, tekst).skjult
        for utgave, tekst in ((1, "Eleven Kari vil ut"), (2, "Vi vil ut"))
    ]

    assert stod == [True, False]


def test_what_was_approved_as_one_groups_is_not_as_anothers(sporsmaal):
    foresatte, barn = (
        Stemmegruppe.objects.create(nettverk=sporsmaal.nettverk, navn=navn)
        for navn in ("Foresatte", "Barn")
    )
    sporsmaal.tankesmie.grupper.set([foresatte, barn])
    nokkel = uuid.uuid4()
    kort = _send(sporsmaal, nokkel, 1, "Mer lek", foresatte.pk)
    moderering.decide(sporsmaal.tankesmie, {kort.pk: moderering.seen(kort)}, valg="godkjenn")

    samme = _send(sporsmaal, nokkel, 2, "Mer lek", foresatte.pk)
    annen = _send(sporsmaal, nokkel, 3, "Mer lek", barn.pk)

    assert (samme.avgjoerelse, annen.avgjoerelse) == ("godkjent", "")


def test_what_is_taken_back_does_not_fill_the_base(sporsmaal, monkeypatch):
    monkeypatch.setattr(bidrag, "MAKS_BIDRAG", 2)
    rader = [Skrevet(uuid.uuid4(), sporsmaal.pk, "") for _nr in range(4)]

    svar = [bidrag.contribute(sporsmaal.tankesmie, [rad])[rad.nokkel] for rad in rader]
    nei = _last_refused(sporsmaal)

    assert svar == ["", "", "", ""]
    assert "ikke plass" in nei


def _last_refused(sporsmaal) -> str:
    rad = Skrevet(uuid.uuid4(), sporsmaal.pk, "Mer lek")
    return bidrag.contribute(sporsmaal.tankesmie, [rad])[rad.nokkel]


def test_a_child_named_in_whom_a_scanned_page_is_about_is_not_let_out(sporsmaal):
    side = _page(sporsmaal)

    skrevet = skanning.write_in(
        side,
        sporsmaal=sporsmaal,
        gruppe=None,
        antall=1,
        om_hvem="Eleven Karianne i 2b",
        tekst="Mer lek",
        godkjenn=True,
    )

    [kort] = skrevet.kort
    kort.refresh_from_db()
    assert (skrevet.venter, kort.skjult, kort.avgjoerelse) == (1, True, "")


def test_a_whole_name_of_one_who_works_here_waits_whichever_way_it_comes_in(sporsmaal):
    Person.objects.filter(pk=koordinator(sporsmaal.nettverk).pk).update(navn="Åse Skoddeheim")
    tekst = "Mer lek\nsom hos Åse Skoddeheim"

    def hidden(kort) -> list[bool]:
        return [k.skjult for k in kort]

    assert hidden(bidrag.type_in(sporsmaal, tekst=tekst)) == [False, True]
    brakt = speak_for(sporsmaal, gruppe=None, antall=3, tekst=tekst)
    assert hidden(brakt) == [False, True]
    om_dem = speak_for(
        sporsmaal, gruppe=None, antall=3, tekst="Ro", om_hvem="De hos Åse Skoddeheim"
    )
    assert hidden(om_dem) == [True]
    skrevet = skanning.write_in(
        _page(sporsmaal),
        sporsmaal=sporsmaal,
        gruppe=None,
        antall=1,
        om_hvem="",
        tekst=tekst,
        godkjenn=True,
    )
    assert hidden(skrevet.kort) == [False, True]
    staar = Bidrag.objects.filter(pk__in=[k.pk for k in skrevet.kort]).order_by("pk")
    assert list(staar.values_list("avgjoerelse", flat=True)) == ["godkjent", ""]


def test_who_speaks_for_a_group_is_told_once_which_whole_name_to_look_at(client, sporsmaal):
    person = koordinator(sporsmaal.nettverk)
    Person.objects.filter(pk=person.pk).update(navn="Åse Skoddeheim")
    client.force_login(person)
    adresse = reverse(
        "fremtidsbilder:paa_vegne", args=[sporsmaal.nettverk.slug, sporsmaal.tankesmie_id]
    )
    felt = {"sporsmaal": sporsmaal.pk, "antall": 3, "tekst": "Vi vil ha Åse Skoddeheim"}
    felt |= {"engang": client.get(adresse).context["form"]["engang"].value()}

    svar = client.post(adresse, felt)

    assert svar.status_code == 422
    assert "Teksten nevner Åse Skoddeheim. Skriv heller" in svar.text
    assert "Du må rette" not in svar.text
    assert svar.text.count("data-feiloppsummering") == 1
    assert svar.text.count("Se over teksten. Sender du den slik den er") == 1
    assert client.post(adresse, felt | {"likevel": "1"}).status_code == 302
    assert Bidrag.objects.get().skjult


def test_signs_that_no_file_can_hold_do_not_stop_the_spreadsheet(client, sporsmaal):
    _send(sporsmaal, uuid.uuid4(), 1, "Mer\ufffe lek\uffff")
    client.force_login(koordinator(sporsmaal.nettverk))
    adresse = reverse(
        "fremtidsbilder:tankesmie_regneark",
        args=[sporsmaal.nettverk.slug, sporsmaal.tankesmie_id],
    )

    svar = client.get(adresse)

    ark = openpyxl.load_workbook(io.BytesIO(svar.content)).active
    assert "Mer lek" in [celle.value for celle in ark["F"]]


def test_what_was_picked_is_not_when_it_is_written_anew(sporsmaal):
    nokkel = uuid.uuid4()
    kort = _send(sporsmaal, nokkel, 1, "Mer lek")
    bidrag.pick(sporsmaal, [kort.pk])

    samme = _send(sporsmaal, nokkel, 2, "Mer lek").valgt
    annet = _send(sporsmaal, nokkel, 3, "Noe helt annet").valgt

    assert (samme, annet) == (True, False)


def test_undoing_lets_nothing_out_that_nobody_let_out(sporsmaal):
    kort = _send(sporsmaal, uuid.uuid4(), 1, "Mer lek")
    moderering.decide(
        sporsmaal.tankesmie, {kort.pk: moderering.seen(kort)}, valg="hold", grunn="Uklart"
    )

    moderering.undo(sporsmaal.tankesmie, {kort.pk: "gv"}, valg="hold")

    kort.refresh_from_db()
    assert kort.avgjoerelse == ""


@pytest.mark.parametrize(("frittstaaende", "virker"), [(True, False), (False, True)])
def test_the_code_of_one_that_nobody_can_lead_opens_nothing(sporsmaal, frittstaaende, virker):
    tankesmie = sporsmaal.tankesmie
    Tankesmier.objects.filter(pk=tankesmie.pk).update(frittstaaende=frittstaaende)
    tankesmie.nettverk.uten_deler = ["fremtidsbilder"]
    tankesmie.nettverk.save()

    assert (look_up(tankesmie.kode) is not None) == virker


def test_a_child_named_on_paper_waits_as_on_a_phone(client, sporsmaal):
    client.force_login(koordinator(sporsmaal.nettverk))
    adresse = reverse(
        "fremtidsbilder:tankesmie_papir",
        args=[sporsmaal.nettverk.slug, sporsmaal.tankesmie_id, sporsmaal.pk],
    )

    svar = client.post(adresse, {"tekst": "Mer lek\nEleven Karianne ble slått"}, follow=True)

    staar = dict(sporsmaal.bidrag.values_list("tekst", "skjult"))
    assert staar == {"Mer lek": False, "Eleven Karianne ble slått": True}
    assert "1 bidrag kan nevne noen ved navn" in svar.text
