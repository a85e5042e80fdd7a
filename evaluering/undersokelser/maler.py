"""The forms that come with the portal: data files, `evaluering/data/*.toml`, in each written form."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from evaluering.models import Skjema, Sporsmaal
from nettverk.models import Nettverk

DATAMAPPE = Path(__file__).parents[1] / "data"
_SPRAAK = ("nb", "nn", "en")


@dataclass(frozen=True)
class Skjemamal:
    """A form as the portal has it; texts by language."""

    noekkel: str
    slag: Skjema.Slag
    tittel: dict[str, str]
    sporsmaal: tuple[dict[str, Any], ...]

    def make(self, nettverk: Nettverk) -> Skjema:
        """Copy it into the network, in its own written form: the first version there."""
        spraak = nettverk.maalform
        skjema = Skjema.objects.create(
            nettverk=nettverk,
            slag=self.slag,
            noekkel=self.noekkel,
            tittel=self.tittel[spraak],
            maalform=spraak,
        )
        for nr, mal in enumerate(self.sporsmaal, start=1):
            Sporsmaal.objects.create(
                skjema=skjema, rekkefolge=nr, **{**mal, **_in_language(mal, spraak)}
            )
        return skjema


def _in_language(mal: dict[str, Any], spraak: str) -> dict[str, Any]:
    return {felt: verdi[spraak] for felt, verdi in mal.items() if isinstance(verdi, dict)}


@cache
def maler() -> dict[str, Skjemamal]:
    """The forms there are. A file without one of the languages, or with a kind of question there is not, stops
    here: it is a mistake of the one who wrote it."""
    return {fil.stem: _read(fil) for fil in sorted(DATAMAPPE.glob("*.toml"))}


def _read(fil: Path) -> Skjemamal:
    data = tomllib.loads(fil.read_text(encoding="utf-8"))
    return Skjemamal(
        fil.stem,
        Skjema.Slag(data["slag"]),
        _all_languages(fil, data["tittel"]),
        tuple(_question(fil, ett, data.get("skalaer", {})) for ett in data["sporsmaal"]),
    )


def _question(fil: Path, data: dict[str, Any], skalaer: dict[str, Any]) -> dict[str, Any]:
    felt = {**data, "type": Sporsmaal.Type(data["type"])}
    if skala := felt.pop("skala", ""):
        felt["valg"] = skalaer[skala]
    for verdi in felt.values():
        if isinstance(verdi, dict):
            _all_languages(fil, verdi)
    return felt


def _all_languages(fil: Path, tekster: dict[str, Any]) -> dict[str, Any]:
    if set(tekster) != set(_SPRAAK):
        raise ValueError(f"{fil.name}: {tekster} skal finnes på {', '.join(_SPRAAK)}.")
    return tekster
