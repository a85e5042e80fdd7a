"""Loading what the documents say: added once, and what people have changed since stands."""

import pytest
from django.db import IntegrityError, transaction

from fremtidsbilder.lasting import load_fremtid
from fremtidsbilder.models import Fremtidsbilde, Maal, Tegn
from tests.nettverk.factories import NettverkFactory

pytestmark = pytest.mark.django_db

FILA = {
    "temaer": ["Livsmestring", "Dybdelæring"],
    "utviklingsomraader": [{"tittel": "Tidlig innsats", "punkter": ["Språk", "Lek"]}],
    "maal": [
        {"type": "prinsipp", "tekst": "Alle er med"},
        {"type": "effekt", "tekst": "Meningsfulle liv"},
        {"type": "resultat", "tekst": "Bedre praksis"},
        {"type": "effekt", "tekst": "Trygge barn"},
        {"type": "resultat", "tekst": "Flere samlinger"},
    ],
    "fremtidsbilder": [
        {
            "nivaa": "nettverk",
            "tittel": "Vi i 2040",
            "tekst": " Alle er med. \n",
            "publisert": True,
        },
        {"nivaa": "arena", "tittel": "På enheten", "tegn": ["Vi ser", "Vi hører"]},
    ],
}


def _alt(nettverk) -> dict[str, list[object]]:
    return {
        "temaer": list(nettverk.temaer.values_list("pk", "navn")),
        "områder": list(nettverk.utviklingsomraader.values_list("pk", "tittel")),
        "mål": list(nettverk.maal.values_list("pk", "tekst", "over__tekst")),
        "bilder": list(nettverk.fremtidsbilder.values_list("pk", "tittel", "tekst", "publisert")),
        "tegn": list(Tegn.objects.values_list("pk", "fremtidsbilde__tittel", "tekst")),
    }


def test_the_file_is_loaded_in_its_order():
    nettverk = NettverkFactory()

    load_fremtid(nettverk, FILA)

    assert [t.navn for t in nettverk.temaer.all()] == FILA["temaer"]
    assert [(o.nummer, o.punkter) for o in nettverk.utviklingsomraader.all()] == [
        (1, ["Språk", "Lek"])
    ]
    bilder = list(nettverk.fremtidsbilder.all())
    assert [(b.tittel, b.tekst, b.publisert) for b in bilder] == [
        ("Vi i 2040", "Alle er med.", True),
        ("På enheten", "", False),
    ]
    assert [t.tekst for t in bilder[1].tegn.all()] == ["Vi ser", "Vi hører"]


def test_result_goals_stand_under_the_first_effect_goal_and_nothing_else_does():
    nettverk = NettverkFactory()

    load_fremtid(nettverk, FILA)

    assert dict(nettverk.maal.values_list("tekst", "over__tekst")) == {
        "Alle er med": None,
        "Meningsfulle liv": None,
        "Bedre praksis": "Meningsfulle liv",
        "Trygge barn": None,
        "Flere samlinger": "Meningsfulle liv",
    }


def test_loading_twice_changes_nothing():
    nettverk = NettverkFactory()
    load_fremtid(nettverk, FILA)
    foer = _alt(nettverk)

    load_fremtid(nettverk, FILA)

    assert _alt(nettverk) == foer


def test_a_changed_file_adds_and_never_writes_over():
    nettverk = NettverkFactory()
    load_fremtid(nettverk, FILA)
    Fremtidsbilde.objects.filter(tittel="Vi i 2040").update(tekst="Skrevet i portalen")
    Tegn.objects.filter(tekst="Vi hører").delete()
    endret = {
        **FILA,
        "temaer": ["Dybdelæring", "Innovasjon"],
        "fremtidsbilder": [
            {"nivaa": "nettverk", "tittel": "Vi i 2040", "tekst": "Ny i fila"},
            {"nivaa": "arena", "tittel": "På enheten", "tegn": ["Vi ser", "Vi hører"]},
            {"nivaa": "nettverk", "tittel": "Et bilde til", "tegn": ["Nytt tegn"]},
        ],
    }

    load_fremtid(nettverk, endret)

    assert set(nettverk.temaer.values_list("navn", flat=True)) == {
        "Livsmestring",
        "Dybdelæring",
        "Innovasjon",
    }
    assert nettverk.fremtidsbilder.get(tittel="Vi i 2040").tekst == "Skrevet i portalen"
    # A sign that was taken away in the portal does not come back.
    assert set(Tegn.objects.values_list("tekst", flat=True)) == {"Vi ser", "Nytt tegn"}


def test_a_file_without_anything_of_this_loads_nothing():
    nettverk = NettverkFactory()

    load_fremtid(nettverk, {})

    assert not any(_alt(nettverk).values())


@pytest.mark.parametrize(
    ("data", "ord_"),
    [
        ({"fremtidsbilder": [{"nivaa": "galaksen", "tittel": "Oss"}]}, "galaksen"),
        ({"maal": [{"type": "ønske", "tekst": "Alt"}]}, "ønske"),
    ],
)
def test_a_level_or_kind_that_does_not_exist_is_named(data, ord_: str):
    with pytest.raises(ValueError, match=ord_):
        load_fremtid(NettverkFactory(), data)

    assert not Fremtidsbilde.objects.exists()
    assert not Maal.objects.exists()


def test_an_image_of_a_kommune_must_say_which():
    rad = {"nivaa": "kommune", "tittel": "Vår kommune"}

    with pytest.raises(IntegrityError, match="kommune_har_kommune"), transaction.atomic():
        load_fremtid(NettverkFactory(), {"fremtidsbilder": [rad]})


def test_two_networks_may_say_the_same():
    en, to = NettverkFactory(), NettverkFactory()

    for nettverk in (en, to):
        load_fremtid(nettverk, FILA)

    assert _alt(en).keys() == _alt(to).keys()
    assert en.fremtidsbilder.count() == to.fremtidsbilder.count() == 2
