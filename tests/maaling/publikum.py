"""An audience of everybody counted: 8,000 and 80,000 Verv, side by side in one network.

Half the Verv are of people who sit in one group; the other half of people who sit in ten each, across
the kommuner, as a PP-rådgiver does.
"""

import datetime
import itertools
import json
import os
import statistics
import sys
import time

import django

STORRELSER = (8_000, 80_000)
RUNDER, BUNKE = 15, 4_000
# In a group: those who are there alone, and those who sit in ten groups.
EGNE, DELTE, GRUPPER_HVER = 4, 4, 10


def main() -> None:
    """Prints, for each size, milliseconds of a count and how many queries it asked."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nettverk.settings")
    django.setup()
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from nettverk.models import Mottakere, Nettverk
    from nettverk.mottakere.utvalg import count

    nettverk = Nettverk.objects.get(slug=sys.argv[1])
    _make(nettverk, max(STORRELSER) // (EGNE + DELTE))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    utvalg = {
        antall: Mottakere(
            nettverk=nettverk,
            enheter=True,
            filtre={} if antall == max(STORRELSER) else {"nettverk.enhetstype": ["sfo"]},
        )
        for antall in STORRELSER
    }
    svar: dict[int, dict] = {}
    for antall, mottakere in utvalg.items():
        with CaptureQueriesContext(connection) as spurt:
            opptelling = count(mottakere)
        svar[antall] = {
            "spoerringer": len(spurt),
            "personer": opptelling.alle.personer,
            "grupper": opptelling.alle.grupper,
            "i_flere": opptelling.i_flere,
            "tider": [],
        }
    for _, (antall, mottakere) in itertools.product(range(RUNDER), utvalg.items()):
        t0 = time.perf_counter()
        count(mottakere)
        svar[antall]["tider"].append(1000 * (time.perf_counter() - t0))
    for rad in svar.values():
        tider = sorted(rad.pop("tider"))
        rad["p50"], rad["p95"] = statistics.median(tider), tider[int(0.95 * (len(tider) - 1))]
    print(json.dumps(list(svar.values())))


def _make(nettverk, antall: int) -> None:
    """`antall` units with their groups and people; every tenth is of a kind the network has no other of."""
    from kommuner.gyldighet import periode
    from kommuner.models import Enhet, Plassering
    from nettverk.demo.rader import numre
    from nettverk.models import Gruppe, Person, Rolle, Verv

    siden = periode(datetime.date(2020, 8, 1))
    kommuner = list(nettverk.kommuner())
    orgnr = numre(30_000_000)
    enheter = Enhet.objects.bulk_create(
        [
            Enhet(
                navn=f"Målt {n}",
                organisasjonsnummer=next(orgnr),
                type=Enhet.Type.GRUNNSKOLE if n % 10 else Enhet.Type.SFO,
                eierform=Enhet.Eierform.KOMMUNAL,
                gyldig=siden,
                er_demo=True,
            )
            for n in range(antall)
        ],
        batch_size=BUNKE,
    )
    Plassering.objects.bulk_create(
        [
            Plassering(enhet=enhet, kommune=kommuner[n % len(kommuner)], gyldig=siden)
            for n, enhet in enumerate(enheter)
        ],
        batch_size=BUNKE,
    )
    grupper = Gruppe.objects.bulk_create(
        [
            Gruppe(
                nettverk=nettverk,
                type=Gruppe.Type.UTVIKLINGSGRUPPE,
                navn=enhet.navn,
                enhet=enhet,
                gyldig=siden,
            )
            for enhet in enheter
        ],
        batch_size=BUNKE,
    )
    folk = Person.objects.bulk_create(
        [
            Person(navn=f"Målt {n}", epost=f"maalt.{n}@publikum.example", password="!")
            for n in range(antall * EGNE + antall * DELTE // GRUPPER_HVER)
        ],
        batch_size=BUNKE,
    )
    egne, delte = folk[: antall * EGNE], folk[antall * EGNE :]
    verv = [
        Verv(gruppe=grupper[n // EGNE], person=person, rolle=Rolle.MEDLEM, gyldig=siden)
        for n, person in enumerate(egne)
    ]
    # Each sits in ten groups that are units one after another, so in several kommuner.
    verv += [
        Verv(
            gruppe=grupper[(n // DELTE * GRUPPER_HVER + g) % antall],
            person=person,
            rolle=Rolle.PP_RAADGIVER,
            gyldig=siden,
        )
        for n, person in enumerate(delte)
        for g in range(GRUPPER_HVER)
    ]
    Verv.objects.bulk_create(verv, batch_size=BUNKE)


if __name__ == "__main__":
    main()
