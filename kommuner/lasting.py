"""Load the municipalities the portal needs, with their names over time and what became of them."""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from kommuner.kommuneimport.inndeling import (
    Endringsrad,
    Inndelingskilde,
    Kommunerad,
    Navneperiode,
)
from kommuner.kommuneimport.skriving import write

DATAFIL = Path(__file__).parent / "data" / "kommuner.toml"


@cache
def kommunedata() -> dict[str, Any]:
    """The data file as it stands: `kommuner`, `endringer` and `samiske_navn`."""
    return tomllib.loads(DATAFIL.read_text(encoding="utf-8"))


@cache
def fylker() -> dict[str, str]:
    """The names of the fylker, by the first two digits of a kommunenummer."""
    return tomllib.loads(DATAFIL.with_name("fylker.toml").read_text(encoding="utf-8"))


def load_kommuner() -> int:
    """Load the data file; answers how many kommuner it holds. Safe to run twice.

    These are national facts, so what stands in the file wins, over all but what a later source has told
    (`kommuner.kommuneimport`). Borders are kept.
    """
    data = kommunedata()
    kommuner = [
        Kommunerad(rad["nummer"], tuple(_names(rad)), rad.get("orgnr", ""))
        for rad in data["kommuner"]
    ]
    endringer = [Endringsrad(**rad) for rad in data["endringer"]]
    write(Inndelingskilde(kommuner, endringer))
    return len(kommuner)


def _names(rad: dict[str, Any]) -> Iterator[Navneperiode]:
    """What it was called before, and its name now: since the last of those, or since the number began."""
    tidligere = rad.get("tidligere", [])
    for navn in tidligere:
        yield Navneperiode(rad["nummer"], navn["navn"], navn["fra"], navn.get("til"))
    fra = tidligere[-1]["til"] if tidligere else rad["fra"]
    yield Navneperiode(rad["nummer"], rad["navn"], fra, rad.get("til"))
