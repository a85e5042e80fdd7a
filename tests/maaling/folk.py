"""An import of 700 people with 1,100 Verv from Excel: the preview and the writing, as a worker does them."""

import io
import json
import os
import resource
import sys
import time

import django

PERSONER, VERV = 700, 1_100


def main() -> None:
    """Prints seconds for the preview and for the writing, and the process' memory at most."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nettverk.settings")
    django.setup()
    from nettverk.filer.regneark import make_regneark
    from nettverk.folkeimport import handlinger
    from nettverk.folkeimport.tabell import open_table
    from nettverk.models import Nettverk
    from nettverk.tilgang.roller import coordinators

    nettverk = Nettverk.objects.get(slug=sys.argv[1])
    from nettverk.models import Verv

    sjef = coordinators(Verv.objects.filter(gruppe__nettverk=nettverk)).first().person
    enheter = list(nettverk.enheter().order_by("pk"))
    rader = [
        (
            f"{_navn(n % PERSONER)}",
            f"maalt.{n % PERSONER}@maaling.example",
            # The second Verv of a person is at another unit.
            enheter[(n + n // PERSONER) % len(enheter)].organisasjonsnummer,
            "medlem",
        )
        for n in range(VERV)
    ]
    kolonner = [(navn, 20) for navn in ("navn", "e-post", "organisasjonsnummer", "rolle")]
    fil = io.BytesIO(make_regneark("Folk", kolonner, rader))

    t0 = time.perf_counter()
    rad = handlinger.create(
        nettverk=nettverk, tabell=open_table(fil), filnavn="folk.xlsx", hel_liste=True, by=sjef
    )
    _work(rad)
    t1 = time.perf_counter()
    forespeil = dict(rad.oppsummering["utfall"])
    handlinger.confirm(rad, by=sjef)
    _work(rad)
    t2 = time.perf_counter()
    minne = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        json.dumps(
            {
                "forespeil": t1 - t0,
                "skrevet": t2 - t1,
                "minne": minne,
                "utfall": forespeil,
                "resultat": rad.oppsummering["resultat"],
            }
        )
    )


def _work(rad) -> None:
    from nettverk.arbeid import jobber

    rad.refresh_from_db()
    jobber.run(rad.jobb_id)
    rad.refresh_from_db()


def _navn(n: int) -> str:
    """Names that are as unlike each other as people's are."""
    fornavn = [
        "Kari",
        "Ola",
        "Ingrid",
        "Bjørn-Åge",
        "Siri",
        "Per",
        "Marte",
        "Håkon",
        "Tone",
        "Johannes",
    ]
    etternavn = ["Nes", "Øye", "Fiskå", "Moe", "Lunde", "Vik", "Aas", "Berg", "Dahl", "Sætre"]
    steder = ["bakk", "gard", "heim", "land", "mo", "rud", "strand", "vold"]
    return f"{fornavn[n % 10]} {etternavn[n // 10 % 10]}{steder[n // 100 % 8]}"


if __name__ == "__main__":
    main()
