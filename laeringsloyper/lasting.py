"""Load the learning tracks and their periods from a network's data file."""

from typing import Any

from kommuner.gyldighet import periode
from laeringsloyper.models import Laeringsloype, Periode
from nettverk.models import Gruppe, Nettverk


def load_loyper(nettverk: Nettverk, data: dict[str, Any]) -> None:
    """Add what is missing; what is there already stands. Safe to run twice."""
    fagmiljoer = nettverk.grupper.filter(type=Gruppe.Type.FAGMILJO)
    for nummer, rad in enumerate(data.get("laeringsloyper", []), start=1):
        loype, er_ny = Laeringsloype.objects.get_or_create(
            nettverk=nettverk,
            slug=rad["slug"],
            defaults={
                "navn": rad["navn"],
                "om": rad.get("om", ""),
                "fokus": rad.get("fokus", data.get("loypefokus", "")),
                "ansvarlig_gruppe": fagmiljoer.filter(navn=rad.get("ansvarlig")).first(),
                "rekkefolge": nummer * 10,
            },
        )
        if er_ny:
            Periode.objects.bulk_create(
                Periode(
                    loype=loype,
                    nummer=n,
                    tittel=p.get("tittel", ""),
                    gyldig=periode(p["fra"], p["til"]),
                    fra_antatt=rad.get("perioder_antatt", False),
                    til_antatt=rad.get("perioder_antatt", False),
                    merknad=rad.get("perioder_merknad", ""),
                )
                for n, p in enumerate(rad["perioder"], start=1)
            )
