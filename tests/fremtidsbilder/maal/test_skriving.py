"""Goals are made and changed: what may stand above, who writes over whom, and what is nearly the same."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fremtidsbilder.bilder import skriving as bildeskriving
from fremtidsbilder.bilder import temaer
from fremtidsbilder.maal import skriving
from fremtidsbilder.maal.likheter import near
from fremtidsbilder.models import Maal, Tegn
from fremtidsbilder.sted import Hjemsted, places
from fremtidsbilder.tegn import signs_of
from nettverk.models import Gruppe, Person
from nettverk.skriving.konflikt import KanIkke, Konflikt
from nettverk.tilgang.roller import roller_for
from tests.fremtidsbilder.factories import MaalFactory, TemaFactory
from tests.nettverk.factories import enhetsleder, koordinator, nettverk_med_enhet
from tests.samtidig import at_once, kinds

pytestmark = pytest.mark.django_db


def _felt(**mer: object) -> dict[str, object]:
    return {"type": "effekt", "tekst": "Alle barn hører til.", "over": None, **mer}


def test_a_new_goal_is_a_draft_with_its_themes_and_signs():
    nettverk, _gruppe = nettverk_med_enhet()
    by, tema = koordinator(nettverk), TemaFactory(nettverk=nettverk)

    maal = skriving.make(
        nettverk, sted=Hjemsted("nettverk"), felt=_felt(), temaer=[tema], tegn=["Vi ser …"], by=by
    )

    assert (maal.tilstand, maal.versjon, maal.endret_av) == ("utkast", 1, by)
    assert list(maal.temaer.all()) == [tema]
    assert signs_of(maal) == ["Vi ser …"]


def test_a_theme_that_is_merged_as_the_goal_is_written_is_the_one_it_went_into():
    nettverk, _gruppe = nettverk_med_enhet()
    by = koordinator(nettverk)
    lek, ute = (TemaFactory(nettverk=nettverk, navn=navn) for navn in ("Lek", "Ute"))
    temaer.merge(ute, inn_i=lek)

    maal = skriving.make(
        nettverk, sted=Hjemsted("nettverk"), felt=_felt(), temaer=[ute, lek], by=by
    )
    bilde = bildeskriving.create(
        nettverk=nettverk,
        sted=Hjemsted("nettverk"),
        felt={"tittel": "Vi i 2040"},
        temaer=[ute],
        by=by,
    )

    assert (list(maal.temaer.all()), list(bilde.temaer.all())) == ([lek], [lek])


def test_a_unit_hangs_below_the_network_and_not_the_other_way():
    nettverk, gruppe = nettverk_med_enhet()
    by = koordinator(nettverk)
    over = MaalFactory(nettverk=nettverk)
    enhetens = skriving.make(
        nettverk, sted=Hjemsted("enhet", enhet=gruppe.enhet), felt=_felt(over=over), by=by
    )

    with pytest.raises(KanIkke):
        skriving.change(over, versjon=0, felt={"over": enhetens}, by=by)


@pytest.mark.parametrize("tilstand", ["utkast", "avsluttet"])
def test_nothing_hangs_below_a_closed_goal_or_a_draft_of_others(tilstand: str):
    nettverk, gruppe = nettverk_med_enhet()
    over = MaalFactory(nettverk=nettverk, tilstand=tilstand)

    with pytest.raises(KanIkke):
        skriving.make(
            nettverk,
            sted=Hjemsted("enhet", enhet=gruppe.enhet),
            felt=_felt(over=over),
            by=koordinator(nettverk),
        )


def test_nothing_hangs_below_a_goal_of_another_network():
    nettverk, _gruppe = nettverk_med_enhet()

    with pytest.raises(KanIkke):
        skriving.make(
            nettverk,
            sted=Hjemsted("nettverk"),
            felt=_felt(over=MaalFactory()),
            by=koordinator(nettverk),
        )


def test_a_goal_never_comes_below_itself():
    nettverk, _gruppe = nettverk_med_enhet()
    by = koordinator(nettverk)
    a = MaalFactory(nettverk=nettverk)
    b = MaalFactory(nettverk=nettverk, over=a)
    c = MaalFactory(nettverk=nettverk, over=b)

    for over in (a, b, c):
        with pytest.raises(KanIkke):
            skriving.change(a, versjon=0, felt={"over": over}, by=by)
    a.refresh_from_db()
    assert a.over is None


@pytest.mark.django_db(transaction=True)
def test_two_goals_put_below_each_other_at_the_same_moment_make_no_cycle():
    nettverk, _gruppe = nettverk_med_enhet()
    by = koordinator(nettverk)
    a, b = MaalFactory(nettverk=nettverk), MaalFactory(nettverk=nettverk)

    svar = at_once(
        lambda: skriving.change(a, versjon=0, felt={"over": b}, by=by),
        lambda: skriving.change(b, versjon=0, felt={"over": a}, by=by),
        holding=nettverk,
    )

    assert kinds(svar) == ["KanIkke", "ok"]


def test_of_two_who_write_the_second_is_told_and_nothing_is_lost():
    nettverk, _gruppe = nettverk_med_enhet()
    by = koordinator(nettverk)
    maal = MaalFactory(nettverk=nettverk, tilstand="utkast")
    skriving.change(maal, versjon=0, felt={"tekst": "Først"}, tegn=["Ett"], by=by)

    with pytest.raises(Konflikt) as feil:
        skriving.change(maal, versjon=0, felt={"tekst": "Så"}, tegn=["To"], by=by)

    assert feil.value.deres.tekst == "Først"
    assert [t.tekst for t in Tegn.objects.filter(maal=maal)] == ["Ett"]


def test_the_same_change_twice_changes_nothing():
    nettverk, _gruppe = nettverk_med_enhet()
    by = koordinator(nettverk)
    maal = MaalFactory(nettverk=nettverk, tilstand="utkast")

    for _gang in range(2):
        skriving.change(maal, versjon=0, felt={"tekst": "Nytt"}, tegn=["Ett"], by=by)

    maal.refresh_from_db()
    assert maal.versjon == 1


def test_the_words_of_a_decided_goal_are_not_written_over_and_a_closed_one_not_at_all():
    nettverk, _gruppe = nettverk_med_enhet()
    by = koordinator(nettverk)
    vedtatt = MaalFactory(nettverk=nettverk)
    avsluttet = MaalFactory(nettverk=nettverk, tilstand="avsluttet")

    with pytest.raises(KanIkke):
        skriving.change(vedtatt, versjon=0, felt={"tekst": "Andre ord"}, by=by)
    with pytest.raises(KanIkke):
        skriving.change(avsluttet, versjon=0, felt={"type": "prinsipp"}, by=by)
    assert skriving.change(vedtatt, versjon=0, felt={"type": "prinsipp"}, by=by).versjon == 1


def test_the_group_and_the_themes_are_the_networks_own():
    nettverk, _gruppe = nettverk_med_enhet()
    _annet, fremmed = nettverk_med_enhet()
    by = koordinator(nettverk)
    maal = MaalFactory(nettverk=nettverk)

    with pytest.raises(KanIkke):
        skriving.change(maal, versjon=0, felt={"eier": fremmed}, by=by)
    with pytest.raises(KanIkke):
        skriving.change(maal, versjon=0, felt={}, temaer=[TemaFactory()], by=by)


# --- nearly the same


def _like(tekst: str, person: Person, maal: Maal) -> list[Maal]:
    return near(tekst, roller_for(person, maal.nettverk))


@pytest.mark.parametrize(
    "tekst",
    [
        "Alle barn og unge opplever mestring og tilhørighet",
        "Alle barna og de unge opplevde mestringen og tilhørigheten.",
        "Barn og unge opplever tilhørighet og mestring",
    ],
)
def test_a_goal_that_says_nearly_the_same_is_found(tekst: str):
    nettverk, _gruppe = nettverk_med_enhet()
    maal = MaalFactory(
        nettverk=nettverk, tekst="Alle barn og unge opplever mestring og tilhørighet."
    )

    assert _like(tekst, koordinator(nettverk), maal) == [maal]


def test_other_goals_and_closed_ones_and_those_of_others_are_not():
    nettverk, gruppe = nettverk_med_enhet()
    tekst = "Alle barn og unge opplever mestring og tilhørighet."
    maal = MaalFactory(nettverk=nettverk, tekst="Personalet lærer sammen om lek.")
    MaalFactory(nettverk=nettverk, tekst=tekst, tilstand="avsluttet")
    MaalFactory(nettverk=nettverk, tekst=tekst, tilstand="utkast")
    MaalFactory(tekst=tekst)

    assert _like(tekst, enhetsleder(gruppe), maal) == []


def test_it_takes_one_query_however_many_there_are():
    nettverk, _gruppe = nettverk_med_enhet()
    roller = roller_for(koordinator(nettverk), nettverk)
    for antall in (1, 4):
        MaalFactory.create_batch(antall, nettverk=nettverk, tekst="Alle hører til her.")
        with CaptureQueriesContext(connection) as spurt:
            near("Alle hører til her", roller)
        assert len(spurt) == 1


def test_a_person_writes_at_their_own_places():
    nettverk, gruppe = nettverk_med_enhet()
    leder = enhetsleder(gruppe)

    assert [s.nivaa for s in places(roller_for(leder, nettverk))] == ["enhet"]
    assert gruppe.type == Gruppe.Type.UTVIKLINGSGRUPPE
