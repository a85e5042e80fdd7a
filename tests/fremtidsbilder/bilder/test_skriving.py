"""Images are written: made, changed by two at once, published, taken in use, deleted."""

import pytest

from fremtidsbilder.bilder import skriving, temaer, utgaver
from fremtidsbilder.models import Fremtidsbilde, Tegn
from fremtidsbilder.sted import Hjemsted
from kommuner.gyldighet import idag
from nettverk.models import Nettverk, Person
from nettverk.skriving.konflikt import Borte, KanIkke, Konflikt
from tests.fremtidsbilder.factories import FremtidsbildeFactory, TegnFactory, TemaFactory
from tests.nettverk.factories import NettverkFactory, PersonFactory, nettverk_med_enhet
from tests.samtidig import at_once, kinds

pytestmark = pytest.mark.django_db


def _felt(**mer: object) -> dict[str, object]:
    felt = {"tittel": "Vi i 2040", "sporsmaal": "", "tekst": "Alle er med.", "metode": ""}
    return felt | mer


def _change(bilde: Fremtidsbilde, by: Person, *, versjon: int, **mer: object) -> Fremtidsbilde:
    valg = {"felt": _felt(), "tegn": [], "temaer": []} | mer
    return skriving.change(bilde, versjon=versjon, by=by, **valg)


def test_a_new_image_is_last_and_not_published():
    nettverk = NettverkFactory()
    FremtidsbildeFactory(nettverk=nettverk, rekkefolge=40)
    by = PersonFactory()

    bilde = skriving.create(
        nettverk=nettverk,
        sted=Hjemsted("nettverk"),
        felt=_felt(),
        tegn=["Vi ser", "Vi hører"],
        temaer=[TemaFactory(nettverk=nettverk, navn="Livsmestring")],
        nye_temaer=["Uteskole", "LIVSMESTRING"],
        by=by,
    )

    assert (bilde.publisert, bilde.rekkefolge, bilde.versjon, bilde.endret_av) == (False, 50, 1, by)
    assert [t.tekst for t in bilde.tegn.all()] == ["Vi ser", "Vi hører"]
    assert [t.navn for t in bilde.temaer.all()] == ["Livsmestring", "Uteskole"]


def test_two_images_of_a_place_have_two_titles():
    bilde = FremtidsbildeFactory(tittel="Vi i 2040")

    with pytest.raises(KanIkke, match="denne tittelen"):
        skriving.create(
            nettverk=bilde.nettverk, sted=Hjemsted("nettverk"), felt=_felt(), by=PersonFactory()
        )

    annet = FremtidsbildeFactory(nettverk=bilde.nettverk)
    with pytest.raises(KanIkke, match="denne tittelen"):
        _change(annet, PersonFactory(), versjon=0)


def test_the_second_of_two_who_write_is_told_and_loses_nothing():
    bilde = FremtidsbildeFactory()
    _change(bilde, PersonFactory(), versjon=0, felt=_felt(tekst="Den første skrev."))

    with pytest.raises(Konflikt) as feil:
        _change(bilde, PersonFactory(), versjon=0, felt=_felt(tekst="Den andre skrev."))

    assert feil.value.deres.tekst == "Den første skrev."


def test_the_signs_are_part_of_what_two_may_write_over():
    bilde = FremtidsbildeFactory()
    _change(bilde, PersonFactory(), versjon=0, tegn=["Vi ser"])

    with pytest.raises(Konflikt):
        _change(bilde, PersonFactory(), versjon=0, tegn=["Noe annet"])
    # The same once more (the answer was lost) is none.
    assert _change(bilde, PersonFactory(), versjon=0, tegn=["Vi ser"]).versjon == 1


def test_a_sign_that_stands_is_the_same_sign_when_the_order_changes():
    bilde = FremtidsbildeFactory()
    foerst = TegnFactory(fremtidsbilde=bilde, tekst="A", rekkefolge=10)
    TegnFactory(fremtidsbilde=bilde, tekst="B", rekkefolge=20)

    _change(bilde, PersonFactory(), versjon=0, tegn=["C", "A"])

    assert [t.tekst for t in bilde.tegn.all()] == ["C", "A"]
    assert Tegn.objects.get(tekst="A").pk == foerst.pk


def test_an_empty_image_is_not_published():
    bilde = FremtidsbildeFactory()

    with pytest.raises(KanIkke, match="tomt"):
        skriving.publish(bilde, publisert=True, by=PersonFactory())


def test_published_and_taken_back():
    bilde = FremtidsbildeFactory(tekst="Alle er med.")

    assert skriving.publish(bilde, publisert=True, by=PersonFactory()).publisert
    assert not skriving.publish(bilde, publisert=False, by=PersonFactory()).publisert


def test_what_is_published_or_has_versions_is_not_deleted():
    publisert = FremtidsbildeFactory(publisert=True)
    med_utgave = FremtidsbildeFactory(tekst="Alle er med.")
    utgaver.set_utgave(med_utgave, navn="Første", dato=idag(), nytt="", by=PersonFactory())

    with pytest.raises(KanIkke, match="publisert"):
        skriving.remove(publisert)
    with pytest.raises(KanIkke, match="utgaver"):
        skriving.remove(med_utgave)


def test_an_image_is_deleted_with_its_signs_and_the_next_is_told():
    bilde = TegnFactory().fremtidsbilde

    skriving.remove(bilde)

    assert not Fremtidsbilde.objects.exists()
    with pytest.raises(Borte):
        _change(bilde, PersonFactory(), versjon=0)


def _med_enhet() -> tuple[Nettverk, Hjemsted, Fremtidsbilde]:
    nettverk, gruppe = nettverk_med_enhet()
    bilde = FremtidsbildeFactory(
        nettverk=nettverk, tittel="Vi i 2040", tekst="Alle er med.", publisert=True
    )
    TegnFactory(fremtidsbilde=bilde, tekst="Vi ser")
    bilde.temaer.add(TemaFactory(nettverk=nettverk, navn="Livsmestring"))
    return nettverk, Hjemsted("enhet", enhet=gruppe.enhet), bilde


def test_a_unit_takes_the_image_as_its_own_once():
    _nettverk, sted, bilde = _med_enhet()

    eget, nytt = skriving.take_in_use(bilde, sted=sted, by=PersonFactory())
    igjen, nytt_igjen = skriving.take_in_use(bilde, sted=sted, by=PersonFactory())

    assert (eget.bygger_paa, eget.tekst, eget.publisert) == (bilde, "Alle er med.", False)
    assert [t.tekst for t in eget.tegn.all()] == ["Vi ser"]
    assert [t.navn for t in eget.temaer.all()] == ["Livsmestring"]
    assert (nytt, nytt_igjen, igjen) == (True, False, eget)


def test_a_title_that_names_the_network_names_the_place():
    nettverk, sted, bilde = _med_enhet()
    bilde.tittel = f"{nettverk.kortnavn} 2040"
    bilde.save()

    eget, _nytt = skriving.take_in_use(bilde, sted=sted, by=PersonFactory())

    assert eget.tittel == f"{sted.navn} 2040"


def test_what_the_unit_writes_does_not_change_the_networks():
    _nettverk, sted, bilde = _med_enhet()
    eget, _nytt = skriving.take_in_use(bilde, sted=sted, by=PersonFactory())

    _change(eget, PersonFactory(), versjon=1, felt=_felt(tekst="Hos oss."), tegn=[])

    bilde.refresh_from_db()
    assert (bilde.tekst, bilde.tegn.count()) == ("Alle er med.", 1)


def test_a_units_image_is_not_taken_by_others():
    _nettverk, sted, bilde = _med_enhet()
    eget, _nytt = skriving.take_in_use(bilde, sted=sted, by=PersonFactory())

    with pytest.raises(KanIkke):
        skriving.take_in_use(eget, sted=sted, by=PersonFactory())


@pytest.mark.django_db(transaction=True)
def test_twenty_who_take_it_in_use_at_once_make_one():
    _nettverk, sted, bilde = _med_enhet()
    by = PersonFactory()

    svar = at_once(*[lambda: skriving.take_in_use(bilde, sted=sted, by=by)] * 20, holding=bilde)

    assert kinds(svar) == ["ok"] * 20
    assert bilde.bygget_videre.count() == 1


# --- themes


def test_themes_are_added_renamed_and_moved():
    nettverk = NettverkFactory()
    foerste = temaer.add(nettverk, navn="Lek")
    andre = temaer.add(nettverk, navn="Språk")

    temaer.move(andre, opp=True)
    temaer.move(andre, opp=True)
    temaer.rename(foerste, navn="Lek og læring")

    assert [t.navn for t in nettverk.temaer.all()] == ["Språk", "Lek og læring"]
    with pytest.raises(KanIkke, match="allerede et tema"):
        temaer.rename(foerste, navn="SPRÅK")
    with pytest.raises(KanIkke, match="allerede et tema"):
        temaer.add(nettverk, navn="språk")
