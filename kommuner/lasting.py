"""Load the municipalities the portal needs, with their names over time and what became of them."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction

from kommuner.gyldighet import periode
from kommuner.models import Kommune, Kommuneendring, Kommunenavn

DATAFIL = Path(__file__).parent / "data" / "kommuner.toml"


@cache
def kommunedata() -> dict[str, Any]:
    """The data file as it stands: `kommuner`, `endringer` and `samiske_navn`."""
    return tomllib.loads(DATAFIL.read_text(encoding="utf-8"))


@transaction.atomic
def load_kommuner() -> int:
    """Load the data file; answers how many kommuner it holds. Safe to run twice.

    These are national facts, so what stands in the file wins. Borders are kept.
    """
    data = kommunedata()
    kommuner = {rad["nummer"]: _load_kommune(rad) for rad in data["kommuner"]}
    for endring in data["endringer"]:
        Kommuneendring.objects.update_or_create(
            fra=kommuner[endring["fra"]],
            til=kommuner[endring["til"]],
            dato=endring["dato"],
            defaults={"type": endring["type"]},
        )
    return len(kommuner)


def _load_kommune(rad: dict[str, Any]) -> Kommune:
    kommune, _ny = Kommune.objects.update_or_create(
        kommunenummer=rad["nummer"],
        defaults={
            "navn": rad["navn"],
            "organisasjonsnummer": rad.get("orgnr", ""),
            "gyldig": periode(rad["fra"], rad.get("til")),
        },
    )
    tidligere = rad.get("tidligere", [])
    if tidligere:
        # Replaced as a whole: an exclusion constraint would refuse them one by one.
        kommune.navn_list.all().delete()
        naa = {"navn": rad["navn"], "fra": tidligere[-1]["til"]}
        Kommunenavn.objects.bulk_create(
            Kommunenavn(kommune=kommune, navn=n["navn"], gyldig=periode(n["fra"], n.get("til")))
            for n in [*tidligere, naa]
        )
    return kommune
