"""Load the networks from their data files: what the documents say about each.

The file is the beginning. What is missing is added, what is empty is filled; what has been written in
the portal stands.
"""

import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.db import transaction

from kommuner.gyldighet import periode
from kommuner.lasting import load_kommuner
from kommuner.models import Kommune
from nettverk.flater import portaler
from nettverk.lasting import add_or_fill
from nettverk.models import (
    Deling,
    Gruppe,
    Medlemskap,
    Nettverk,
    Noekkeltall,
    Partner,
    Prosjekt,
    Prosjektsum,
)
from nettverk.portaldeler import without

DATAMAPPE = Path(__file__).parent / "data"

_TEKSTER = (
    "navn",
    "kortnavn",
    "maalform",
    "visjon",
    "undertittel",
    "hovedmaal",
    "om",
    "fokus_innledning",
    "fokus_overskrift",
    "fokusomraader",
    "arbeidsmaater",
    "paakrevde_roller",
    "roller_merknad",
    "egne_rollenavn",
    "nettsted",
    "aksent",
    "horisont",
    "rekkefolge",
)


# What a file must say; the rest may be left out.
_KREVES = ("slug", "navn", "kortnavn", "rekkefolge", "fra", "kommuner")


class Datafeil(Exception):
    """A data file cannot be used; the message says which and why, to the one who wrote it."""


def nettverksdata(mappe: Path = DATAMAPPE) -> list[dict[str, Any]]:
    """The data files as they stand, in the order the networks are shown. Raises Datafeil."""
    return sorted((_read(fil) for fil in mappe.glob("*.toml")), key=lambda data: data["rekkefolge"])


def _read(fil: Path) -> dict[str, Any]:
    try:
        data = tomllib.loads(fil.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as feil:
        raise Datafeil(f"{fil.name} kan ikke leses: {feil}") from feil
    if mangler := [felt for felt in _KREVES if felt not in data]:
        raise Datafeil(f"{fil.name} mangler {', '.join(mangler)}.")
    return data


def named_data(navn: Sequence[str]) -> list[dict[str, Any]]:
    """The data of the networks that are named: by slug, or by the path of a data file. Raises Datafeil."""
    kjente = {data["slug"]: data for data in nettverksdata()}
    return [kjente[n] if n in kjente else _read_named(Path(n), kjente) for n in navn]


def _read_named(fil: Path, kjente: Iterable[str]) -> dict[str, Any]:
    if not fil.is_file():
        raise Datafeil(
            f"{fil} er verken en fil eller et av nettverkene vi har data om: {', '.join(kjente)}."
        )
    return _read(fil)


@transaction.atomic
def load_named(datene: Iterable[dict[str, Any]]) -> list[Nettverk]:
    """Load these networks, and the kommuner that they need. Safe to run twice."""
    load_kommuner()
    return [load_nettverk(data) for data in datene]


def load_all() -> list[Nettverk]:
    """Load every network there is a data file of, as the demo does."""
    return load_named(nettverksdata())


@transaction.atomic
def load_nettverk(data: dict[str, Any]) -> Nettverk:
    """Load one network: its texts, kommuner, groups and partners, and what each app keeps of it.

    Raises Datafeil when it names a kommune that the portal does not know, having changed nothing.
    """
    tekster = {felt: _ren(data[felt]) for felt in _TEKSTER if felt in data}
    if not Nettverk.objects.filter(slug=data["slug"]).exists():
        # In a new one alone: empty is an answer too, that all of the portal is in use.
        tekster["uten_deler"] = _uten_deler(data)
    nettverk, _ny = add_or_fill(Nettverk.objects.all(), slug=data["slug"], defaults=tekster)
    _load_medlemskap(nettverk, data)
    for nummer, gruppe in enumerate(data.get("grupper", []), start=1):
        _load_gruppe(nettverk, gruppe, data, nummer * 10)
    for nummer, partner in enumerate(data.get("partnere", []), start=1):
        add_or_fill(
            Partner.objects.all(),
            nettverk=nettverk,
            navn=partner["navn"],
            defaults={
                "om": partner.get("om", ""),
                "gyldig": periode(partner.get("fra"), partner.get("til")),
                "rekkefolge": nummer * 10,
            },
        )
    for nummer, deling in enumerate(data.get("delinger", []), start=1):
        add_or_fill(
            Deling.objects.all(),
            nettverk=nettverk,
            tittel=deling["tittel"],
            defaults={
                "om": deling.get("om", ""),
                "aar": deling.get("aar"),
                "rekkefolge": nummer * 10,
            },
        )
    for nummer, prosjekt in enumerate(data.get("prosjekter", []), start=1):
        _load_prosjekt(nettverk, prosjekt, nummer * 10)
    for portal in portaler():
        portal.load_nettverk(nettverk, data)
    return nettverk


def _uten_deler(data: dict[str, Any]) -> list[str]:
    try:
        return without(data.get("uten_deler", []))
    except ValueError as feil:
        raise Datafeil(f"{data['slug']}: {feil}") from feil


def _ren(verdi: Any) -> Any:
    return verdi.strip() if isinstance(verdi, str) else verdi


def _load_medlemskap(nettverk: Nettverk, data: dict[str, Any]) -> None:
    kommuner = Kommune.objects.in_bulk(
        [rad["nummer"] for rad in data["kommuner"]], field_name="kommunenummer"
    )
    if ukjente := {rad["nummer"] for rad in data["kommuner"]} - kommuner.keys():
        raise Datafeil(f"{data['slug']}: ukjent kommunenummer {', '.join(sorted(ukjente))}.")
    for rad in data["kommuner"]:
        add_or_fill(
            Medlemskap.objects.all(),
            nettverk=nettverk,
            kommune=kommuner[rad["nummer"]],
            defaults={
                **_gyldighet({"merknad": data.get("kommuner_merknad", ""), **rad}, data),
                "kart_kolonne": rad["kart"][0],
                "kart_rad": rad["kart"][1],
            },
        )


def _gyldighet(rad: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    """From–to of a row, and which ends are inferred. Its beginning is the network's when not given."""
    fra_antatt = rad.get("fra_antatt", False if "fra" in rad else data.get("fra_antatt", False))
    return {
        "gyldig": periode(rad.get("fra", data["fra"]), rad.get("til")),
        "fra_antatt": fra_antatt,
        "til_antatt": rad.get("til_antatt", False),
        "merknad": rad.get("merknad", ""),
    }


def _load_prosjekt(nettverk: Nettverk, rad: dict[str, Any], rekkefolge: int) -> None:
    """A project with its figures and sums; each has the project's year and document when it has none."""
    prosjekt, er_nytt = add_or_fill(
        Prosjekt.objects.all(),
        nettverk=nettverk,
        navn=rad["navn"],
        defaults={
            "eier": rad.get("eier", ""),
            "om": rad.get("om", "").strip(),
            "maal": rad.get("maal", []),
            "forskningsmaal": rad.get("forskningsmaal", []),
            "forskningskilde": rad.get("forskningskilde", ""),
            "kilde": rad["kilde"],
            "rekkefolge": rekkefolge,
            "gyldig": periode(rad["fra"], rad.get("til")),
            "fra_antatt": rad.get("fra_antatt", False),
            "til_antatt": rad.get("til_antatt", False),
            "merknad": rad.get("merknad", ""),
        },
    )
    if not er_nytt:
        return
    felles = {"kilde": rad["kilde"], "aar": rad.get("tall_aar")}
    if rad.get("tall_aar_antatt"):
        felles["aar_antatt"] = True
    Noekkeltall.objects.bulk_create(
        Noekkeltall(prosjekt=prosjekt, rekkefolge=nummer * 10, **{**felles, **tall})
        for nummer, tall in enumerate(rad.get("tall", []), start=1)
    )
    Prosjektsum.objects.bulk_create(
        Prosjektsum(prosjekt=prosjekt, rekkefolge=nummer * 10, **{"kilde": rad["kilde"], **sum_})
        for nummer, sum_ in enumerate(rad.get("summer", []), start=1)
    )


def _load_gruppe(
    nettverk: Nettverk, rad: dict[str, Any], data: dict[str, Any], rekkefolge: int
) -> None:
    add_or_fill(
        Gruppe.objects.all(),
        nettverk=nettverk,
        type=Gruppe.Type(rad["type"]),
        navn=rad["navn"],
        defaults={
            "kortnavn": rad.get("kortnavn", ""),
            "mandat": rad.get("mandat", ""),
            "omtale": rad.get("omtale", ""),
            "rekkefolge": rekkefolge,
            **_gyldighet(rad, data),
        },
    )
