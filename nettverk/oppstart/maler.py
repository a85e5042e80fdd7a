"""The shapes a new network can begin with: its groups, what they and the roles are called, and nothing
of what any network has written. They are data files, `data/*.toml`."""

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language

from nettverk.models import Gruppe, Nettverk, Rolle
from nettverk.models.nettverk import Aksent, Horisont
from nettverk.portaldeler import without

DATAMAPPE = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Gruppemal:
    """A group of the shape, in the shape's written form."""

    type: Gruppe.Type
    navn: str
    kortnavn: str = ""
    omtale: str = ""


@dataclass(frozen=True)
class Nettverksmal:
    """A shape. `omtaler` say what is in it to the one who chooses, by language."""

    noekkel: str
    navn: str
    omtaler: dict[str, str]
    maalform: str
    rekkefolge: int
    grupper: tuple[Gruppemal, ...]
    paakrevde_roller: tuple[Rolle, ...] = ()
    roller_merknad: str = ""
    egne_rollenavn: dict[str, str] = field(default_factory=dict)
    aksent: Aksent = Aksent.HAV
    horisont: Horisont = Horisont.KYST
    uten_deler: tuple[str, ...] = ()

    @property
    def omtale(self) -> str:
        """What is in it, in the language of the page."""
        return self.omtaler.get(get_language() or "nb", self.omtaler["nb"])

    def nettverksfelt(self) -> dict[str, Any]:
        """What of it stands on the network itself."""
        return {
            "paakrevde_roller": list(self.paakrevde_roller),
            "roller_merknad": self.roller_merknad,
            "egne_rollenavn": dict(self.egne_rollenavn),
            "aksent": self.aksent,
            "horisont": self.horisont,
            "uten_deler": list(self.uten_deler),
        }

    def make_grupper(self, nettverk: Nettverk, gyldig: Any) -> list[Gruppe]:
        """The groups of the shape in `nettverk`, in its order."""
        return Gruppe.objects.bulk_create(
            Gruppe(
                nettverk=nettverk,
                type=mal.type,
                navn=mal.navn,
                kortnavn=mal.kortnavn,
                omtale=mal.omtale,
                rekkefolge=nummer * 10,
                gyldig=gyldig,
            )
            for nummer, mal in enumerate(self.grupper, start=1)
        )


@cache
def maler() -> dict[str, Nettverksmal]:
    """The shapes there are, in the order they are shown.

    A file that says something a network cannot have (a role, a kind of group, a part of the portal), or has nobody who
    coordinates, stops here: it is a mistake of the one who wrote it.
    """
    alle = sorted((_read(fil) for fil in DATAMAPPE.glob("*.toml")), key=lambda mal: mal.rekkefolge)
    return {mal.noekkel: mal for mal in alle}


def _read(fil: Path) -> Nettverksmal:
    data = tomllib.loads(fil.read_text(encoding="utf-8"))
    grupper = tuple(
        Gruppemal(**{**gruppe, "type": Gruppe.Type(gruppe["type"])}) for gruppe in data["grupper"]
    )
    if Gruppe.Type.KOORDINERINGSGRUPPE not in {gruppe.type for gruppe in grupper}:
        raise ValueError(f"{fil.name} har ingen koordineringsgruppe.")
    return Nettverksmal(
        noekkel=fil.stem,
        navn=data["navn"],
        omtaler=data["omtale"],
        maalform=data["maalform"],
        rekkefolge=data["rekkefolge"],
        grupper=grupper,
        paakrevde_roller=tuple(Rolle(rolle) for rolle in data.get("paakrevde_roller", [])),
        roller_merknad=data.get("roller_merknad", ""),
        aksent=Aksent(data.get("aksent", Aksent.HAV)),
        horisont=Horisont(data.get("horisont", Horisont.KYST)),
        egne_rollenavn={Rolle(r).value: n for r, n in data.get("egne_rollenavn", {}).items()},
        uten_deler=tuple(without(data.get("uten_deler", []))),
    )
