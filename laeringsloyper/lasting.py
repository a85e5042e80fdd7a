"""Load the learning tracks and their periods from a network's data file."""

from typing import Any

from kommuner.gyldighet import periode
from laeringsloyper.models import Farge, Laeringsloype, Loypetegn, Periode
from nettverk.lasting import add_or_fill, fill
from nettverk.models import Gruppe, Nettverk


def load_loyper(nettverk: Nettverk, data: dict[str, Any]) -> None:
    """Add what is missing, fill what is empty; what is written stands. Safe to run twice.

    Periods come with a new track; one that is taken away in the portal does not come back.
    """
    fagmiljoer = nettverk.grupper.filter(type=Gruppe.Type.FAGMILJO)
    for nummer, rad in enumerate(data.get("laeringsloyper", []), start=1):
        farge, tegn = _look_in_turn(nummer)
        loype, er_ny = add_or_fill(
            Laeringsloype.objects.all(),
            nettverk=nettverk,
            slug=rad["slug"],
            defaults={
                "navn": rad["navn"],
                "om": rad.get("om", ""),
                "fokus": rad.get("fokus", data.get("loypefokus", "")),
                "ansvarlig_gruppe": fagmiljoer.filter(navn=rad.get("ansvarlig")).first(),
                "rekkefolge": nummer * 10,
                "farge": rad.get("farge", farge),
                "tegn": rad.get("tegn", tegn),
            },
        )
        perioder = {n: _periode(p, rad) for n, p in enumerate(rad["perioder"], start=1)}
        if er_ny:
            Periode.objects.bulk_create(
                Periode(loype=loype, nummer=n, **felt) for n, felt in perioder.items()
            )
        else:
            for lagret in loype.perioder.filter(nummer__in=perioder):
                fill(lagret, perioder[lagret.nummer])


def _look_in_turn(nummer: int) -> tuple[str, str]:
    """The colour and the sign of a track without its own choice, by its place: no pair twice before all are used."""
    runde, plass = divmod(nummer - 1, len(Farge.values))
    return Farge.values[plass], Loypetegn.values[(plass + runde) % len(Loypetegn.values)]


def _periode(rad: dict[str, Any], loype: dict[str, Any]) -> dict[str, Any]:
    """The fields of a period; whether its dates are inferred is said once for the whole track."""
    antatt = loype.get("perioder_antatt", False)
    return {
        "tittel": rad.get("tittel", ""),
        "gyldig": periode(rad["fra"], rad["til"]),
        "fra_antatt": antatt,
        "til_antatt": antatt,
        "merknad": loype.get("perioder_merknad", ""),
    }
