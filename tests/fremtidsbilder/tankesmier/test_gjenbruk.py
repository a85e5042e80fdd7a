"""«Bruk hos oss»: a tankesmie is taken home once, and what is gathered there is seen from where it came."""

import pytest
from django.test import Client
from django.urls import reverse

from fremtidsbilder.models import Samtalesporsmaal, Stemmegruppe, Tankesmie
from fremtidsbilder.sted import Hjemsted
from fremtidsbilder.tankesmier import egne, gjenbruk, klynger, styring
from kommuner.models import Enhet
from nettverk.models import Nettverk
from nettverk.skriving.konflikt import KanIkke
from tests.fremtidsbilder.tankesmiefabrikk import BidragFactory
from tests.nettverk.factories import (
    NettverkFactory,
    enhetsleder,
    kommuneansvarlig,
    koordinator,
    nettverk_med_enhet,
)
from tests.samtidig import at_once, kinds

pytestmark = pytest.mark.django_db


def _url(navn: str, nettverk: Nettverk, *mer: object) -> str:
    return reverse(f"fremtidsbilder:{navn}", args=[nettverk.slug, *mer])


def _shared(nettverk: Nettverk, sted: Hjemsted | None = None, *, deles: bool = True) -> Tankesmie:
    barn = Stemmegruppe.objects.get_or_create(nettverk=nettverk, navn="Barn")[0]
    return egne.make(
        nettverk,
        sted=sted or Hjemsted("nettverk"),
        felt={"tittel": "Skolen i 2040", "plan": "Snakk to og to.", "deles": deles},
        sporsmaal=[
            Samtalesporsmaal(tekst="Hva vil vi?", hjelp="Jeg vil …"),
            Samtalesporsmaal(tekst="Hva ikke?"),
        ],
        grupper=[barn],
    )


def _home(enhet: Enhet) -> Hjemsted:
    return Hjemsted("enhet", enhet=enhet)


def test_a_unit_takes_home_the_plan_the_questions_and_the_groups(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    felles = _shared(nettverk)
    client.force_login(enhetsleder(gruppe))
    adresse = _url("tankesmie_bruk_hos_oss", nettverk, felles.pk)

    assert "Snakk to og to." in client.get(adresse).text
    svar = client.post(adresse, {"hvor": f"enhet-{gruppe.enhet.referanse}"})

    egen = felles.kopier.get()
    assert svar["Location"] == _url("tankesmie", nettverk, egen.pk)
    assert (egen.enhet, egen.plan, egen.deles) == (gruppe.enhet, "Snakk to og to.", False)
    assert egen.kode != felles.kode
    assert list(egen.grupper.all()) == list(felles.grupper.all())
    assert [(s.tekst, s.hjelp, s.kopi_av) for s in egen.sporsmaal.all()] == [
        (s.tekst, s.hjelp, s) for s in felles.sporsmaal.all()
    ]


def test_a_place_takes_it_home_once(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    felles = _shared(nettverk)
    client.force_login(enhetsleder(gruppe))
    adresse = _url("tankesmie_bruk_hos_oss", nettverk, felles.pk)

    svar = [client.post(adresse, {"hvor": f"enhet-{gruppe.enhet.referanse}"}) for _n in range(2)]

    assert svar[0]["Location"] == svar[1]["Location"]
    assert felles.kopier.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_take_it_home_at_the_same_moment_make_one():
    nettverk, gruppe = nettverk_med_enhet()
    felles = _shared(nettverk)

    utfall = at_once(
        lambda: gjenbruk.take_home(felles, sted=_home(gruppe.enhet)),
        lambda: gjenbruk.take_home(felles, sted=_home(gruppe.enhet)),
    )

    assert kinds(utfall) == ["ok", "ok"]
    assert felles.kopier.count() == 1


def test_what_is_not_shared_or_is_ones_own_is_not_taken(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    ikke_delt = _shared(nettverk, deles=False)
    egen = _shared(nettverk, _home(gruppe.enhet))
    fremmed = _shared(NettverkFactory())
    client.force_login(enhetsleder(gruppe))

    adresser = [_url("tankesmie_bruk_hos_oss", nettverk, t.pk) for t in (ikke_delt, egen, fremmed)]

    assert [client.get(adresse).status_code for adresse in adresser] == [404, 404, 404]
    with pytest.raises(KanIkke):
        gjenbruk.take_home(ikke_delt, sted=_home(gruppe.enhet))


def test_it_is_offered_until_it_is_taken_home(client: Client):
    nettverk, gruppe = nettverk_med_enhet()
    felles = _shared(nettverk)
    client.force_login(enhetsleder(gruppe))

    def tilbudt() -> list[Tankesmie]:
        return client.get(_url("tankesmie_list", nettverk)).context["stand"].til_deling

    foer = tilbudt()
    gjenbruk.take_home(felles, sted=_home(gruppe.enhet))

    assert (foer, tilbudt()) == ([felles], [])


# --- what is gathered flows up again


@pytest.fixture
def i_bruk() -> tuple[Tankesmie, Tankesmie]:
    """The network's, and the unit's that came of it, both with cards."""
    nettverk, gruppe = nettverk_med_enhet()
    felles = _shared(nettverk)
    egen, _ny = gjenbruk.take_home(felles, sted=_home(gruppe.enhet))
    for tankesmie, tekst in ((felles, "Felles"), (egen, "Hos oss")):
        sporsmaal = tankesmie.sporsmaal.get(rekkefolge=0)
        styring.open_question(sporsmaal)
        kort = BidragFactory(sporsmaal=sporsmaal, tekst=tekst, antall=3)
        klynger.make(sporsmaal, navn="Ute" if tankesmie == felles else "ute", kort=[kort.pk])
        BidragFactory(sporsmaal=sporsmaal, tekst=f"{tekst} skjult", skjult=True)
    BidragFactory(sporsmaal=egen.sporsmaal.get(rekkefolge=0), tekst="Uten tema hos oss")
    return felles, egen


def test_the_origin_shows_who_uses_it_and_how_much_they_have(client: Client, i_bruk):
    felles, egen = i_bruk
    client.force_login(koordinator(felles.nettverk))

    side = client.get(_url("tankesmie", felles.nettverk, felles.pk))

    [bruker] = side.context["brukere"]
    assert (bruker, bruker.antall_stemmer) == (egen, 4)
    assert str(egen.enhet) in side.text


def test_its_wall_is_read_with_theirs(client: Client, i_bruk):
    felles, egen = i_bruk
    sporsmaal = felles.sporsmaal.get(rekkefolge=0)
    client.force_login(koordinator(felles.nettverk))

    vegg = gjenbruk.read_together(sporsmaal)
    side = client.get(_url("tankesmie_samlet", felles.nettverk, felles.pk, sporsmaal.pk)).text

    assert [(t.navn, {k.kort.tekst for k in t.kort}) for t in vegg.temaer] == [
        ("Ute", {"Felles", "Hos oss"})
    ]
    assert [(k.kort.tekst, k.sted) for k in vegg.uten_tema] == [
        ("Uten tema hos oss", str(egen.enhet))
    ]
    assert "Hos oss" in side
    assert "skjult" not in side.split("<main")[1]


def test_what_a_unit_takes_from_a_kommune_reaches_the_network_too():
    nettverk, gruppe = nettverk_med_enhet()
    kommune = nettverk.kommuner().get()
    felles = _shared(nettverk)
    kommunens, _ny = gjenbruk.take_home(felles, sted=Hjemsted("kommune", kommune=kommune))
    kommunens.deles = True
    kommunens.save()
    enhetens, _ny = gjenbruk.take_home(kommunens, sted=_home(gruppe.enhet))
    BidragFactory(sporsmaal=enhetens.sporsmaal.get(rekkefolge=0), tekst="Nederst")

    vegg = gjenbruk.read_together(felles.sporsmaal.get(rekkefolge=0))

    assert set(gjenbruk.users_of(felles)) == {kommunens, enhetens}
    assert [k.kort.tekst for k in vegg.uten_tema] == ["Nederst"]


def test_the_unit_does_not_reach_the_origin(client: Client, i_bruk):
    felles, egen = i_bruk
    nettverk = felles.nettverk
    client.force_login(enhetsleder(egen.enhet.grupper.get()))

    side = client.get(_url("tankesmie", nettverk, egen.pk))

    assert side.status_code == 200
    assert _url("tankesmie", nettverk, felles.pk) not in side.text
    assert client.get(_url("tankesmie", nettverk, felles.pk)).status_code == 404


def test_a_kommune_reads_the_counts_of_those_who_use_its_own_but_does_not_lead_them(
    client: Client,
):
    nettverk, gruppe = nettverk_med_enhet()
    kommune = nettverk.kommuner().get()
    kommunens = _shared(nettverk, Hjemsted("kommune", kommune=kommune))
    enhetens, _ny = gjenbruk.take_home(kommunens, sted=_home(gruppe.enhet))
    client.force_login(kommuneansvarlig(nettverk, kommune))

    side = client.get(_url("tankesmie", nettverk, kommunens.pk))

    assert str(gruppe.enhet) in side.text
    assert _url("tankesmie", nettverk, enhetens.pk) not in side.text


def test_when_the_origin_is_deleted_theirs_stands():
    nettverk, gruppe = nettverk_med_enhet()
    felles = _shared(nettverk)
    egen, _ny = gjenbruk.take_home(felles, sted=_home(gruppe.enhet))

    egne.delete(felles)

    egen.refresh_from_db()
    assert egen.kopi_av is None
    assert egen.sporsmaal.count() == 2
