"""The network's themes across walls: lifted to, merged with all that points at them, counted by whose voices, and the
page that everybody reads."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fremtidsbilder.bilder import temaer
from fremtidsbilder.models import Bidrag, Klynge, Maal, Stemmegruppe, Tema
from fremtidsbilder.tankesmier import klynger, styring, temastemmer
from nettverk.models import Kobling, Nettverk
from nettverk.skriving.konflikt import KanIkke, Konflikt
from nettverk.skriving.svar import undo_of
from rolu.models import Praksisfortelling
from tests.fremtidsbilder.factories import FremtidsbildeFactory, MaalFactory, TemaFactory
from tests.fremtidsbilder.tankesmiefabrikk import (
    BidragFactory,
    KlyngeFactory,
    TankesmieFactory,
)
from tests.nettverk.factories import NettverkFactory, kog, koordinator
from tests.samtidig import at_once, kinds

pytestmark = pytest.mark.django_db


@pytest.fixture
def nettverk() -> Nettverk:
    return NettverkFactory(slug="her", er_offentlig=True)


def _wall(nettverk, navn: str, tema: Tema | None = None, **tankesmie: Any) -> Klynge:
    """A theme on the wall of a tankesmie of its own."""
    return KlyngeFactory(
        sporsmaal__tankesmie=TankesmieFactory(nettverk=nettverk, **tankesmie), navn=navn, tema=tema
    )


def _som(person=None) -> Client:
    klient = Client()
    if person:
        klient.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return klient


def _url(navn: str, tema: Tema) -> str:
    return reverse(f"fremtidsbilder:{navn}", args=[tema.nettverk.slug, tema.pk])


# --- lifted


def test_walls_of_several_tankesmier_meet_in_the_theme_of_one_name(nettverk):
    en, to = _wall(nettverk, "Lek"), _wall(nettverk, "lek")
    BidragFactory(sporsmaal=en.sporsmaal, klynge=en, antall=18)
    BidragFactory(sporsmaal=to.sporsmaal, klynge=to)

    for klynge in (en, to):
        temastemmer.lift_to_new(klynge, navn=klynge.navn)

    [tema] = nettverk.temaer.all()
    assert temastemmer.count(temastemmer.voices(tema)).antall == 19


def test_a_theme_merged_on_the_wall_goes_where_that_goes_and_a_card_in_two_counts_once(nettverk):
    tema = TemaFactory(nettverk=nettverk)
    lek = _wall(nettverk, "Lek", tema)
    ute = KlyngeFactory(sporsmaal=lek.sporsmaal, navn="Ute")
    BidragFactory(sporsmaal=lek.sporsmaal, klynge=ute)
    begge = BidragFactory(sporsmaal=lek.sporsmaal, klynge=lek)
    klynger.place(lek.sporsmaal, [begge.pk], tema=ute.pk, ogsaa=True)
    assert temastemmer.voices(tema).count() == 1

    klynger.merge(lek.sporsmaal, ute.pk, inn_i=lek.pk)

    assert temastemmer.voices(tema).count() == 2
    [vist] = temastemmer.on_walls(lek.sporsmaal.tankesmie)
    assert (vist.navn, vist.antall) == ("Lek", 2)


def test_a_theme_is_lifted_on_the_page_and_undone_in_one_tap(nettverk):
    lek = _wall(nettverk, "Lek")
    tema = TemaFactory(nettverk=nettverk)
    klient = _som(koordinator(nettverk))
    adresse = reverse("fremtidsbilder:veggtemaer", args=["her", lek.sporsmaal.tankesmie_id])

    def chosen() -> Tema | None:
        lek.refresh_from_db()
        return lek.tema

    klient.post(adresse, {"klynge": lek.pk, "tema": tema.pk})
    assert chosen() == tema
    svar = klient.post(adresse, {"klynge": lek.pk, "tema": "nytt"})
    assert str(chosen()) == "Lek"
    angre = undo_of([*get_messages(svar.wsgi_request)][-1])
    assert angre is not None
    klient.post(angre.url, angre.felt)
    assert chosen() == tema
    assert "Hører til" in klient.get(adresse).text
    klient.post(adresse, {"klynge": lek.pk, "tema": ""})

    assert chosen() is None


# --- merged


def test_everything_that_pointed_at_it_points_at_the_other_and_once(nettverk):
    fra, til, annet = TemaFactory.create_batch(3, nettverk=nettverk)
    bilde, begge = FremtidsbildeFactory.create_batch(2, nettverk=nettverk)
    bilde.temaer.set([fra])
    begge.temaer.set([fra, til])
    maal = MaalFactory(nettverk=nettverk)
    maal.temaer.set([fra])
    klynge = _wall(nettverk, "Lek", fra)
    Kobling.objects.create(
        nettverk=nettverk, fra_slag="tema", fra=fra.pk, til_slag="maal", til=maal.pk
    )
    Kobling.objects.create(
        nettverk=nettverk, fra_slag="tema", fra=fra.pk, til_slag="tema", til=til.pk
    )

    temaer.merge(fra, inn_i=til)

    assert [list(b.temaer.all()) for b in (bilde, begge)] == [[til], [til]]
    assert list(maal.temaer.all()) == [til]
    klynge.refresh_from_db()
    assert klynge.tema == til
    [kobling] = Kobling.objects.all()
    assert (kobling.fra, kobling.til) == (til.pk, maal.pk)
    assert {*nettverk.temaer.all()} == {til, annet}


def test_what_another_app_holds_points_at_the_other_too(nettverk):
    """`rolu` is above, and is not named in the act."""
    pekere = {p.related_model for p in Tema._meta.related_objects}

    assert {Praksisfortelling, Maal, Klynge} <= pekere


def test_what_is_written_of_both_is_kept_but_not_let_out_by_it(nettverk):
    fra, til = (TemaFactory(nettverk=nettverk, beskrivelse=t) for t in ("Om lek.", "Om ute."))
    hemmelig = TemaFactory(nettverk=nettverk, beskrivelse="Ikke ferdig.")
    til = temaer.publish(til, offentlig=True)
    fra = temaer.publish(fra, offentlig=True)

    til = temaer.merge(fra, inn_i=til)
    assert til.beskrivelse == "Om ute.\n\nOm lek."
    til = temaer.merge(hemmelig, inn_i=til)

    til.refresh_from_db()
    assert til.beskrivelse == "Om ute.\n\nOm lek."


def test_a_link_to_the_one_that_is_no_more_leads_on(nettverk):
    a, b, c = (TemaFactory(nettverk=nettverk, beskrivelse="x", offentlig=True) for _ in range(3))
    gammel = _url("tema", a)
    temaer.merge(a, inn_i=b)
    temaer.merge(b, inn_i=c)

    assert _som().get(gammel).url == _url("tema", c)


def test_a_theme_is_not_merged_into_itself(nettverk):
    tema = TemaFactory(nettverk=nettverk)

    with pytest.raises(KanIkke):
        temaer.merge(tema, inn_i=Tema.objects.get(pk=tema.pk))


def test_it_is_merged_on_its_page(nettverk):
    fra, til = TemaFactory.create_batch(2, nettverk=nettverk)
    klient = _som(koordinator(nettverk))
    assert klient.get(_url("tema_slaa_sammen", fra)).status_code == 200

    assert klient.post(_url("tema_slaa_sammen", fra), {"inn_i": ""}).status_code == 422
    klient.post(_url("tema_slaa_sammen", fra), {"inn_i": til.pk})

    assert list(nettverk.temaer.all()) == [til]


@pytest.mark.django_db(transaction=True)
def test_a_wall_lifted_to_a_theme_that_another_merges_is_not_lost():
    nettverk = NettverkFactory(slug="her")
    fra, til = TemaFactory.create_batch(2, nettverk=nettverk)
    klynge = _wall(nettverk, "Lek")

    def lift() -> Klynge:
        naa = Klynge.objects.select_related("sporsmaal__tankesmie__nettverk").get(pk=klynge.pk)
        return temastemmer.lift(naa, tema=fra)

    svar = at_once(lambda: temaer.merge(fra, inn_i=til), lift, holding=nettverk)

    klynge.refresh_from_db()
    # Lifted first it came along; after, one is told to choose anew.
    assert (kinds(svar), klynge.tema) in (
        (["ok", "ok"], til),
        (["Borte", "ok"], None),
    )
    assert not Tema.objects.filter(pk=fra.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_merge_two_themes_both_ways_leave_one():
    nettverk = NettverkFactory(slug="her")
    a, b = TemaFactory.create_batch(2, nettverk=nettverk)

    svar = at_once(
        lambda: temaer.merge(a, inn_i=b), lambda: temaer.merge(b, inn_i=a), holding=nettverk
    )

    assert kinds(svar) == ["Borte", "ok"]
    assert Tema.objects.count() == 1


# --- counted


@pytest.fixture
def fylt(nettverk) -> Tema:
    """A theme with 96 children, 40 guardians, 3 politicians and one who is not said."""
    tema = TemaFactory(nettverk=nettverk, navn="Livsmestring", beskrivelse="Å stå i livet.")
    felles = _wall(nettverk, "Lek", tema)
    i_kommunen = _wall(nettverk, "Lek", tema)
    barn, foresatte, politikere = (
        Stemmegruppe.objects.create(nettverk=nettverk, navn=n, er_barn=n == "Barn")
        for n in ("Barn", "Foresatte", "Politikere")
    )
    for gruppe, antall in ((barn, 90), (foresatte, 40), (politikere, 3), (None, 1)):
        BidragFactory(
            sporsmaal=felles.sporsmaal,
            klynge=felles,
            gruppe=gruppe,
            antall=antall,
            tekst=f"Trygghet for {gruppe}",
            avgjoerelse="godkjent",
            valgt=True,
        )
    BidragFactory(
        sporsmaal=i_kommunen.sporsmaal,
        klynge=i_kommunen,
        gruppe=barn,
        antall=6,
        tekst="Ulest om trygghet",
        valgt=True,
    )
    BidragFactory(sporsmaal=felles.sporsmaal, klynge=felles, antall=500, skjult=True)
    return tema


def test_voices_are_counted_by_whose_they_are_across_tankesmier(fylt):
    tall = temastemmer.count(temastemmer.voices(fylt))

    assert tall.setning == "140 stemmer: 96 barn, 40 foresatte, 3 politikere, 1 ikke sagt"


def test_those_who_lead_see_them_drawn_and_in_a_table_with_the_words(fylt, nettverk):
    side = _som(koordinator(nettverk)).get(_url("tema_stemmer", fylt)).text

    assert "140 stemmer: 96 barn" in side
    assert "<svg" in side
    assert "trygghet" in side


def test_the_page_of_voices_costs_the_same_with_many(fylt, nettverk):
    klient = _som(koordinator(nettverk))

    def cost() -> int:
        with CaptureQueriesContext(connection) as spoerringer:
            assert klient.get(_url("tema_stemmer", fylt)).status_code == 200
            assert klient.get(_url("tema", fylt)).status_code == 200
        return len(spoerringer)

    cost()
    en = cost()
    klynge = fylt.klynger.first()
    Bidrag.objects.bulk_create(
        Bidrag(
            sporsmaal=klynge.sporsmaal,
            klynge=klynge,
            tekst=f"Mer {n}",
            avgjoerelse="godkjent",
            valgt=True,
        )
        for n in range(300)
    )

    assert cost() == en


# --- what everybody reads


def test_it_is_nobodys_before_it_is_published_and_everybodys_after(fylt, nettverk):
    k = _som(koordinator(nettverk))
    andre = (_som(), _som(kog(nettverk)))
    assert [a.get(_url("tema", fylt)).status_code for a in andre] == [404, 404]
    side = k.get(_url("tema", fylt)).text
    assert "Slik ser den ut for alle når den er publisert." in side
    # Not on paper.
    assert 'class="ds-alert app-bare-skjerm"' in side

    k.post(_url("tema_publiser", fylt), {"offentlig": "1"})

    assert [a.get(_url("tema", fylt)).status_code for a in andre] == [200, 200]
    k.post(_url("tema_publiser", fylt), {"offentlig": "0"})
    assert _som().get(_url("tema", fylt)).status_code == 404


def test_groups_with_few_voices_are_not_told_apart(fylt):
    temaer.publish(fylt, offentlig=True)

    side = _som().get(_url("tema", fylt)).text

    # Four beside those that are told apart would be known.
    assert "136 stemmer: 96 barn, 40 foresatte" in side
    assert "andre" not in side.split("Dette sa dere</h2>")[1].split("</section>")[0].lower()
    assert "Trygghet for Barn" in side
    assert "Trygghet for Politikere" not in side
    assert "Trygghet for None" not in side

    klynge = fylt.klynger.first()
    BidragFactory(sporsmaal=klynge.sporsmaal, klynge=klynge, avgjoerelse="godkjent")
    side = _som().get(_url("tema", fylt)).text

    assert "141 stemmer: 96 barn, 40 foresatte, 5 andre" in side
    assert "Trygghet for Politikere" in side
    assert ">Politikere<" not in side
    assert "Tallene i diagrammet «" not in side


def test_only_what_is_approved_and_picked_is_quoted(fylt):
    klynge = fylt.klynger.first()
    BidragFactory(
        sporsmaal=klynge.sporsmaal, klynge=klynge, tekst="Ikke valgt", avgjoerelse="godkjent"
    )
    temaer.publish(fylt, offentlig=True)

    side = _som().get(_url("tema", fylt)).text

    assert "Trygghet for Barn" in side
    assert "Ulest om trygghet" not in side
    assert "Ikke valgt" not in side


def test_the_images_the_decided_goals_and_what_happened_stand_there(fylt, nettverk):
    publisert = FremtidsbildeFactory(nettverk=nettverk, tittel="Bildet vårt", publisert=True)
    utkast = FremtidsbildeFactory(nettverk=nettverk, tittel="Et utkast")
    for bilde in (publisert, utkast):
        bilde.temaer.set([fylt])
    vedtatt = MaalFactory(nettverk=nettverk, tekst="Alle har en venn")
    paa_gang = MaalFactory(nettverk=nettverk, tekst="Ikke vedtatt", tilstand="utkast")
    for maal in (vedtatt, paa_gang):
        maal.temaer.set([fylt])
    fylt = temaer.describe(fylt, versjon=0, felt={"skjedde": "Vi bygde **uterom**."})
    temaer.publish(fylt, offentlig=True)

    side = _som().get(_url("tema", fylt)).text

    assert "Bildet vårt" in side
    assert "Alle har en venn" in side
    assert "<strong>uterom</strong>" in side
    assert "Et utkast" not in side
    assert "Ikke vedtatt" not in side


def test_the_thread_forward_is_as_a_stranger_sees_it_also_for_those_who_see_more(fylt, nettverk):
    from tests.rolu.factories import SamlingFactory

    aapen = SamlingFactory(
        nettverk=nettverk, tittel="Den åpne dagen", publisert_=True, er_offentlig=True
    )
    lukket = SamlingFactory(nettverk=nettverk, tittel="Den lukkede dagen", publisert_=True)
    for samling in (aapen, lukket):
        Kobling.objects.create(
            nettverk=nettverk, fra_slag="tema", fra=fylt.pk, til_slag="samling", til=samling.pk
        )
    temaer.publish(fylt, offentlig=True)

    for klient in (_som(), _som(koordinator(nettverk))):
        assert "Den lukkede dagen" not in klient.get(_url("tema", fylt)).text


def test_an_empty_page_is_not_published(nettverk):
    with pytest.raises(KanIkke):
        temaer.publish(TemaFactory(nettverk=nettverk), offentlig=True)


def test_of_two_who_write_the_second_sees_both_texts(fylt, nettverk):
    klient = _som(koordinator(nettverk))
    temaer.describe(fylt, versjon=0, felt={"skjedde": "Det andre skrev."})
    data = {"versjon": 0, "beskrivelse": "Å stå i livet.", "skjedde": "Det jeg skrev."}

    svar = klient.post(_url("tema_rediger", fylt), data)

    assert svar.status_code == 409
    assert "Det andre skrev." in svar.text
    assert "Det jeg skrev." in svar.text
    with pytest.raises(Konflikt):
        temaer.describe(fylt, versjon=0, felt={"skjedde": "Igjen."})
    klient.post(_url("tema_rediger", fylt), data | {"behold": 1})
    fylt.refresh_from_db()
    assert fylt.skjedde == "Det jeg skrev."


def test_the_image_the_list_and_the_public_page_lead_to_it(fylt, nettverk):
    bilde = FremtidsbildeFactory(nettverk=nettverk, publisert=True, sporsmaal="Hvor vil vi?")
    bilde.temaer.set([fylt])
    bildet = reverse("fremtidsbilder:fremtidsbilde", args=["her", bilde.pk])
    lista = reverse("fremtidsbilder:fremtidsbilde_list", args=["her"])
    forsiden = reverse("nettverk:offentlig", args=["her"])
    k = _som(koordinator(nettverk))

    def leads() -> list[bool]:
        sider = (_som().get(bildet), _som().get(forsiden), k.get(lista))
        return [_url("tema", fylt) in side.text for side in sider]

    assert leads() == [False, False, False]
    temaer.publish(fylt, offentlig=True)
    assert leads() == [True, True, True]


def test_a_network_without_a_public_page_shows_it_to_its_own(fylt, nettverk):
    temaer.publish(fylt, offentlig=True)
    nettverk.er_offentlig = False
    nettverk.save()

    assert _som().get(_url("tema", fylt)).status_code == 404
    assert _som(kog(nettverk)).get(_url("tema", fylt)).status_code == 200


# --- on to a goal and an image


def test_a_theme_leads_to_a_new_goal_and_image_with_it_ticked_and_the_goal_leads_back(
    fylt, nettverk
):
    klient = _som(koordinator(nettverk))
    veien = [
        f"{reverse(f'fremtidsbilder:{navn}', args=['her'])}?tema={fylt.pk}"
        for navn in ("maal_ny", "fremtidsbilde_ny")
    ]
    for side in ("tema", "tema_stemmer"):
        assert [v in klient.get(_url(side, fylt)).text for v in veien] == [True, True]
    for adresse in veien:
        assert klient.get(adresse).context["form"]["temaer"].value() == [fylt.pk]
    temaer.publish(fylt, offentlig=True)
    assert not any(v in _som(kog(nettverk)).get(_url("tema", fylt)).text for v in veien)
    maal = MaalFactory(nettverk=nettverk)
    maal.temaer.set([fylt])

    side = _som(kog(nettverk)).get(reverse("fremtidsbilder:maal", args=["her", maal.pk])).text

    assert f'href="{_url("tema", fylt)}"' in side


def test_the_phone_of_a_closed_tankesmie_leads_to_the_pages_that_show_its_voices(fylt, nettverk):
    tankesmie = fylt.klynger.first().sporsmaal.tankesmie
    annet = TemaFactory(nettverk=nettverk, offentlig=True)
    _wall(nettverk, "Ute", annet)
    styring.close(tankesmie)

    def leads() -> list[bool]:
        side = _som().get(reverse("bordpad", args=[tankesmie.kode]))
        assert side.status_code == 410
        return [_url("tema", tema) in side.text for tema in (fylt, annet)]

    assert leads() == [False, False]
    temaer.publish(fylt, offentlig=True)
    assert leads() == [True, False]
    Nettverk.objects.update(er_offentlig=False)
    assert leads() == [False, False]
