"""Phones that write and people who watch, against a web server of its own: as three hundred of each in five minutes,
but for half a minute.

Every card is sent with a key, three of ten twice, as when an answer is lost; the rows are counted afterwards. First a
wall of two thousand cards is opened, and counted in queries.
"""

import http.client
import json
import os
import random
import socket
import statistics
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

TELEFONER, SEERE = 30, 300
SEKUNDER = 30.0
HVERT = 2.5  # seconds between two refreshes of one who watches
KORT_HVER = 1  # cards of each phone: 30 in half a minute is 300 in five
STOR_VEGG = 2000


def main() -> None:
    """Prints p50 and p95 in milliseconds of a refresh, of a card, and of opening the large wall."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nettverk.settings")
    django.setup()
    from nettverk.maskinrom import drift
    from nettverk.models import Nettverk

    nettverk = Nettverk.objects.get(slug=sys.argv[1])
    stor, liten = _make(nettverk, STOR_VEGG), _make(nettverk, 40)
    with socket.create_server((drift.VERT, 0)) as ledig:
        port = ledig.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="vegg-") as mappe:
        miljo = {**os.environ, "HTTPS": "0", "ALLOWED_HOSTS": drift.VERT, "PORT": str(port)}
        web = drift.web(port, miljo, Path(mappe))
        web.start()
        try:
            drift.wait_for_web(f"http://{drift.VERT}:{port}", [web])
            svar = {
                "spoerringer": _queries(stor),
                **_open(stor, drift.VERT, port),
                **_measure(liten, drift.VERT, port),
            }
        finally:
            drift.stop([web])
    print(json.dumps(svar))


def _make(nettverk: Any, antall: int) -> Any:
    """An open question with so many cards, a third of them without a theme; the question."""
    from fremtidsbilder.models import Bidrag
    from fremtidsbilder.tankesmier import klynger, styring

    tankesmie = styring.make(nettverk, tittel="Målt", antall_bord=88, sporsmaal=["Hva virker?"])
    sporsmaal = tankesmie.sporsmaal.get()
    styring.open_question(sporsmaal)
    temaer = [klynger.make(sporsmaal, navn=f"Tema {n}") for n in range(12)]
    Bidrag.objects.bulk_create(
        Bidrag(
            sporsmaal=sporsmaal,
            tekst=f"Vi ser at barna leker sammen ute i skogen når vi voksne er med dem {n}",
            bord=n % 88 + 1,
            klynge=temaer[n % 12] if n % 3 else None,
        )
        for n in range(antall)
    )
    sporsmaal.tankesmie.refresh_from_db()
    return sporsmaal


def _queries(sporsmaal: Any) -> int:
    """How many questions to the database the wall takes."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as spoerringer:
        Client().get(
            f"/b/{sporsmaal.tankesmie.kode}/vegg/", headers={"Host": "portal.example"}, secure=True
        )
    return len(spoerringer)


def _open(sporsmaal: Any, vert: str, port: int) -> dict[str, float]:
    """The large wall, drawn anew each time: something is changed between."""
    from fremtidsbilder.tankesmier.stand import changed

    tider = []
    for _n in range(12):
        changed(sporsmaal.tankesmie_id)
        time.sleep(0.6)
        tider.append(
            _ask(
                http.client.HTTPConnection(vert, port, timeout=30),
                "GET",
                f"/b/{sporsmaal.tankesmie.kode}/vegg/",
            )[2]
        )
    tider = tider[2:]  # the first of each process reads its templates
    return {"stor_p50": statistics.median(tider), "stor_p95": max(tider)}


def _ask(
    kobling: http.client.HTTPConnection, metode: str, adresse: str, **mer: Any
) -> tuple[int, bytes, float]:
    t0 = time.perf_counter()
    kobling.request(metode, adresse, **mer)
    svar = kobling.getresponse()
    innhold = svar.read()
    return svar.status, innhold, 1000 * (time.perf_counter() - t0)


def _measure(sporsmaal: Any, vert: str, port: int) -> dict[str, Any]:
    from django.middleware.csrf import _get_new_csrf_string

    from fremtidsbilder.models import Bidrag

    sti = f"/b/{sporsmaal.tankesmie.kode}/"
    hemmelig = _get_new_csrf_string()
    hoder = {
        "Cookie": f"csrftoken={hemmelig}",
        "X-CSRFToken": hemmelig,
        "Content-Type": "application/json",
    }
    foer = Bidrag.objects.filter(sporsmaal=sporsmaal).count()
    tider: dict[str, list[float]] = {"frisk": [], "kort": []}
    nye = [0]
    feil: list[str] = []
    noekler: set[str] = set()

    def watch(nr: int) -> None:
        ujevn = random.Random(nr)
        kobling = http.client.HTTPConnection(vert, port, timeout=30)
        etter = 0
        slutt = time.monotonic() + SEKUNDER
        time.sleep(ujevn.uniform(0, HVERT))
        while time.monotonic() < slutt:
            status, innhold, tid = _ask(
                kobling, "GET", f"{sti}vegg/?etter={etter}", headers={"Accept-Encoding": "gzip"}
            )
            tider["frisk"].append(tid)
            if status == 200:
                nye[0] += 1
                etter = _number(innhold)
            elif status != 204:
                feil.append(f"{status} {innhold[:200]!r}")
            time.sleep(HVERT)

    def write(nr: int) -> None:
        ujevn = random.Random(1000 + nr)
        time.sleep(ujevn.uniform(0, SEKUNDER))
        kobling = http.client.HTTPConnection(vert, port, timeout=30)
        for n in range(KORT_HVER):
            noekkel = str(uuid.uuid4())
            noekler.add(noekkel)
            rad = {"id": noekkel, "utgave": 1, "sporsmaal": sporsmaal.pk, "tekst": f"Kort {nr} {n}"}
            for _ in range(2 if ujevn.random() < 0.3 else 1):
                status, innhold, tid = _ask(
                    kobling, "POST", sti, body=json.dumps([rad]), headers=hoder
                )
                tider["kort"].append(tid)
                if status != 200 or json.loads(innhold)["svar"][noekkel]:
                    feil.append(f"{status} {innhold[:200]!r}")

    _together(
        [
            *(lambda nr=nr: watch(nr) for nr in range(SEERE)),
            *(lambda nr=nr: write(nr) for nr in range(TELEFONER)),
        ]
    )
    rader = Bidrag.objects.filter(sporsmaal=sporsmaal)
    return {
        "feil": feil[:3],
        "skrevet": len(noekler),
        "kommet": rader.filter(nokkel__in=noekler).count(),
        "ekstra": rader.count() - foer - len(noekler),
        "oppfriskninger": len(tider["frisk"]),
        "nye": nye[0],
        **{f"{hva}_p50": statistics.median(t) for hva, t in tider.items()},
        **{f"{hva}_p95": sorted(t)[int(0.95 * (len(t) - 1))] for hva, t in tider.items()},
    }


def _number(pakket: bytes) -> int:
    import gzip

    tekst = gzip.decompress(pakket).decode()
    return int(tekst.split("?etter=")[1].split('"')[0].split("&")[0])


def _together(arbeid: list[Callable[[], None]]) -> None:
    traader = [threading.Thread(target=act) for act in arbeid]
    for traad in traader:
        traad.start()
    for traad in traader:
        traad.join()


if __name__ == "__main__":
    main()
