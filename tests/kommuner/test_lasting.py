"""The kommuner the portal needs, their names over time and what became of them."""

import csv
import datetime
from pathlib import Path

import pytest

from kommuner.lasting import kommunedata, load_kommuner
from kommuner.models import Kommune, Kommuneendring, Kommunenavn
from kommuner.samiske_navn import navnedeler

# SSB's table, when it lies in a folder of shared data next to the checkout.
SSB = Path(__file__).resolve().parents[2].parent / "shared" / "data"


def _ssb(fil: str) -> list[dict[str, str]]:
    if not (SSB / fil).exists():
        pytest.skip(f"SSBs tabell {fil} finnes ikke her; fakta i datafila ble ikke sammenlignet.")
    return list(csv.DictReader((SSB / fil).read_text(encoding="utf-8").splitlines()))


def _dato(dato: datetime.date | None) -> str:
    return dato.isoformat() if dato else ""


@pytest.mark.django_db
def test_loading_twice_gives_the_same_rows():
    antall = load_kommuner()
    foerste = list(Kommune.objects.values_list("pk", "kommunenummer"))

    load_kommuner()

    assert list(Kommune.objects.values_list("pk", "kommunenummer")) == foerste
    assert len(foerste) == antall
    assert Kommuneendring.objects.count() == len(kommunedata()["endringer"])
    assert Kommunenavn.objects.filter(kommune__kommunenummer="1845").count() == 2


@pytest.mark.django_db
def test_loading_again_keeps_the_borders():
    load_kommuner()
    grense = {"type": "MultiPolygon", "coordinates": []}
    Kommune.objects.filter(kommunenummer="1505").update(grense=grense)

    load_kommuner()

    assert Kommune.objects.get(kommunenummer="1505").grense == grense


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("dato", "navn"),
    [(datetime.date(2018, 1, 1), "Sørfold"), (datetime.date(2024, 1, 1), "Sørfold – Fuolldá")],
)
def test_name_follows_the_date(dato: datetime.date, navn: str):
    load_kommuner()

    assert Kommune.objects.with_navn(dato).get(kommunenummer="1845").navn_da == navn


@pytest.mark.django_db
def test_what_became_of_halsa_and_rindal():
    load_kommuner()

    etter = dict(
        Kommuneendring.objects.filter(fra__kommunenummer__in=["1571", "1567"]).values_list(
            "fra__navn", "til__kommunenummer"
        )
    )

    assert etter == {"Halsa": "5055", "Rindal": "5061"}


def test_names_agree_with_ssb():
    ssb = {
        (r["kommunenummer"], r["navn"].replace(" - ", " – "), r["gyldig_fra"], r["gyldig_til"])
        for r in _ssb("kommuner.csv")
    }
    vaare = set()
    for rad in kommunedata()["kommuner"]:
        tidligere = rad.get("tidligere", [])
        for navn in tidligere:
            vaare.add((rad["nummer"], navn["navn"], _dato(navn["fra"]), _dato(navn["til"])))
        fra = tidligere[-1]["til"] if tidligere else rad["fra"]
        vaare.add((rad["nummer"], rad["navn"], _dato(fra), _dato(rad.get("til"))))

    assert vaare - ssb == set()


def test_organisation_numbers_agree_with_ssb():
    ssb = {r["kommunenummer"]: r["organisasjonsnummer"] for r in _ssb("kommuner.csv")}
    vaare = {r["nummer"]: r["orgnr"] for r in kommunedata()["kommuner"] if "orgnr" in r}
    # The number with a new name in 2024 has its organisation number on the older row only.
    eldre = {r["kommunenummer"] for r in _ssb("kommuner.csv") if r["gyldig_til"]}

    assert {n: o for n, o in vaare.items() if ssb[n] != o and n not in eldre} == {}


def test_changes_agree_with_ssb():
    nummer = {rad["nummer"] for rad in kommunedata()["kommuner"]}
    ssb = {
        (r["dato"], r["fra_kommunenummer"], r["til_kommunenummer"])
        for r in _ssb("kommuneendringer.csv")
        if r["fra_kommunenummer"] in nummer
        and r["til_kommunenummer"] in nummer
        and r["fra_kommunenummer"] != r["til_kommunenummer"]
        and r["dato"] >= "2019-01-01"
    }
    vaare = {(_dato(e["dato"]), e["fra"], e["til"]) for e in kommunedata()["endringer"]}

    assert vaare == ssb


def test_parts_of_a_parallel_name():
    assert navnedeler("Hábmer – Hamarøy") == [("Hábmer", "smj"), ("Hamarøy", "")]
    assert navnedeler("Aure") == [("Aure", "")]
