"""The red thread of a goal with ten thousand below it and ten thousand voices behind it, and the tree of four hundred
goals: how long each takes, and how many questions to the database.

In a transaction that is rolled back.
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import django

UNDER, STEMMER, I_TREET, GANGER = 10_000, 10_000, 400, 20


def main() -> None:
    """Prints p50 and p95 in milliseconds, and the questions, of the thread, of its page and of the page of the goals."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nettverk.settings")
    django.setup()
    from django.db import connection, transaction
    from django.urls import reverse

    from nettverk.models import Nettverk

    with transaction.atomic():
        nettverk = Nettverk.objects.get(slug=sys.argv[1])
        nettverk.maal.all().delete()
        maal = _make_tree(nettverk)
        with connection.cursor() as db:
            db.execute("ANALYZE fremtidsbilder_maal")
        liste = reverse("fremtidsbilder:maal_list", args=[nettverk.slug])
        treet = _measure(_page(nettverk, liste))
        _make_thread(nettverk, maal)
        with connection.cursor() as db:
            db.execute("ANALYZE fremtidsbilder_maal, fremtidsbilder_bidrag")
        side = reverse("nettverk:roedtraad", args=[nettverk.slug, "maal", maal.pk])
        svar = {
            "treet": treet,
            "tråden": _measure(_read(nettverk, maal)),
            "siden til tråden": _measure(_page(nettverk, side)),
        }
        print(json.dumps(svar, ensure_ascii=False))
        transaction.set_rollback(True)


def _make_tree(nettverk: Any) -> Any:
    """Ten goals of the network, nine below each in kommuner, the rest at units; the first of them."""
    from fremtidsbilder.models import Maal

    kommuner, enheter = list(nettverk.kommuner()), list(nettverk.enheter())
    felles = [
        Maal(nettverk=nettverk, type="effekt", tekst=f"Felles mål {nr}", tilstand="vedtatt")
        for nr in range(10)
    ]
    Maal.objects.bulk_create(felles)
    i_kommuner = [
        Maal(
            nettverk=nettverk,
            nivaa="kommune",
            kommune=kommuner[nr % len(kommuner)],
            over=felles[nr % 10],
            type="resultat",
            tekst=f"Mål i kommunen {nr}",
            tilstand="vedtatt",
        )
        for nr in range(90)
    ]
    Maal.objects.bulk_create(i_kommuner)
    Maal.objects.bulk_create(
        Maal(
            nettverk=nettverk,
            nivaa="enhet",
            enhet=enheter[nr % len(enheter)],
            over=i_kommuner[nr % 90],
            type="resultat",
            tekst=f"Mål i enheten {nr}",
            tilstand="vedtatt",
        )
        for nr in range(I_TREET - 100)
    )
    return felles[0]


def _make_thread(nettverk: Any, maal: Any) -> None:
    from fremtidsbilder.bilder.temaer import theme_named
    from fremtidsbilder.models import Bidrag, Maal
    from fremtidsbilder.tankesmier import klynger, styring

    tankesmie = styring.make(nettverk, tittel="Målt", sporsmaal=["Hva virker?"])
    sporsmaal = tankesmie.sporsmaal.get()
    styring.open_question(sporsmaal)
    klynge = klynger.make(sporsmaal, navn="Målt tema")
    klynge.tema = theme_named(nettverk, "Målt tema")
    klynge.save(update_fields=["tema"])
    maal.temaer.add(klynge.tema)
    Bidrag.objects.bulk_create(
        (
            Bidrag(sporsmaal=sporsmaal, klynge=klynge, tekst=f"Barna leker sammen {nr}")
            for nr in range(STEMMER)
        ),
        batch_size=2000,
    )
    Maal.objects.bulk_create(
        (
            Maal(
                nettverk=nettverk,
                over=maal,
                type="resultat",
                tekst=f"Delmål {nr}",
                tilstand="vedtatt",
            )
            for nr in range(UNDER)
        ),
        batch_size=2000,
    )


def _read(nettverk: Any, maal: Any) -> Callable[[], None]:
    from fremtidsbilder.traadslag import MAAL
    from nettverk.roedtraad.lesing import read
    from nettverk.tilgang.roller import roller_for, whom_to_ask

    roller = roller_for(whom_to_ask(nettverk)[0].person, nettverk)

    def act() -> None:
        traad = read(MAAL, maal.pk, roller)
        funnet = sum(gruppe.antall for gruppe in (*traad.kommer_fra, *traad.har_foert_til))
        if funnet < UNDER + STEMMER:
            raise SystemExit(f"Tråden har bare {funnet}.")

    return act


def _page(nettverk: Any, adresse: str) -> Callable[[], None]:
    from django.test import Client

    from nettverk.tilgang.roller import whom_to_ask

    klient = Client(HTTP_HOST=os.environ.get("MAALEVERT", "portal.example"))
    klient.force_login(
        whom_to_ask(nettverk)[0].person, backend="django.contrib.auth.backends.ModelBackend"
    )

    def act() -> None:
        svar = klient.get(adresse, secure=True)
        if svar.status_code != 200:
            raise SystemExit(f"{svar.status_code} {adresse}")

    return act


def _measure(act: Callable[[], None]) -> dict[str, float]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    act()  # the first of a process also compiles the templates
    with CaptureQueriesContext(connection) as spurt:
        act()
    spoerringer = len(spurt)  # the next request of a page empties the list
    tider = []
    for _nr in range(GANGER):
        foer = time.perf_counter()
        act()
        tider.append(1000 * (time.perf_counter() - foer))
    return {
        "p50": statistics.median(tider),
        "p95": sorted(tider)[int(0.95 * (len(tider) - 1))],
        "spoerringer": spoerringer,
    }


if __name__ == "__main__":
    main()
