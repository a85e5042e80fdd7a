"""A hundred who write in the log of their units at once, against a web server of its own: each save is the whole form.

As a person at a phone: a save is sent some while after the last letter. The rows are counted afterwards.
"""

import http.client
import json
import os
import random
import re
import socket
import statistics
import sys
import tempfile
import threading
import time
import urllib.parse
import uuid
from pathlib import Path
from typing import Any

import django

SKRIVER = 100
SEKUNDER = 30.0
HVERT = 3.0  # seconds between two saves of one who writes
SVARTID = "%(method)s svartid=%(dt_ms).3f"


def main() -> None:
    """Prints p50 and p95 in milliseconds of a save, at the server and to those who write, and how many entries came of
    it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nettverk.settings")
    django.setup()
    from nettverk.maskinrom import drift

    arbeidene = _work(sys.argv[1])
    with socket.create_server((drift.VERT, 0)) as ledig:
        port = ledig.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="autolagring-") as mappe:
        miljo = {**os.environ, "HTTPS": "0", "ALLOWED_HOSTS": drift.VERT, "PORT": str(port)}
        # How long each answer took the server: those who write share its two cores in this measurement.
        miljo |= {"GRANIAN_LOG_ACCESS_ENABLED": "1", "GRANIAN_LOG_ACCESS_FMT": SVARTID}
        web = drift.web(port, miljo, Path(mappe))
        web.start()
        try:
            drift.wait_for_web(f"http://{drift.VERT}:{port}", [web])
            svar = _measure(sys.argv[1], arbeidene, drift.VERT, port)
        finally:
            drift.stop([web])
        svar |= _at_the_server(web.logg.read_text())
    print(json.dumps(svar))


def _at_the_server(logg: str) -> dict[str, float]:
    """From a request has come until its answer goes, p50 and p95 in milliseconds."""
    tider = sorted(float(tid) for tid in re.findall(r"POST svartid=([\d.]+)", logg))
    return {
        "tjener_p50": statistics.median(tider),
        "tjener_p95": tider[int(0.95 * (len(tider) - 1))],
    }


def _work(slug: str) -> list[tuple[int, str]]:
    """Open mellomarbeid of a hundred units, each with the session of one who sits in its group."""
    from nettverk.models import Verv
    from rolu.models import Mellomarbeid
    from tests.maaling.tjener import session_of

    oppdrag = Mellomarbeid.objects.filter(oppdrag__nettverk__slug=slug).latest("pk").oppdrag
    aapne = oppdrag.mellomarbeid.exclude(status="levert").order_by("pk")
    if not aapne.exists():
        raise SystemExit("Ingen åpne mellomarbeid å skrive i.")
    folk = []
    for arbeid in aapne[:SKRIVER]:
        verv = (
            Verv.objects.filter(gruppe=arbeid.gruppe_id).gyldig().select_related("person").first()
        )
        if verv:
            folk.append((arbeid.pk, session_of(verv.person)))
    # Where there are fewer units several write in one log.
    return [folk[nr % len(folk)] for nr in range(SKRIVER)]


def _measure(slug: str, arbeidene: list[tuple[int, str]], vert: str, port: int) -> dict[str, Any]:
    from django.utils import timezone

    from rolu.models import Loggpost
    from tests.maaling.tjener import signed_in

    foer = Loggpost.objects.count()
    dato = f"{timezone.localdate():%d.%m.%Y}"
    tider: list[float] = []
    feil: list[str] = []

    def write(nr: int) -> None:
        arbeid, oekt = arbeidene[nr]
        kobling = http.client.HTTPConnection(vert, port, timeout=30)
        hoder = {
            **signed_in(oekt),
            "X-Autolagre": "1",
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        sti = f"/{slug}/mellomarbeid/{arbeid}/logg/{uuid.uuid4()}/"
        # No two people write in step.
        ujevn = random.Random(nr)
        time.sleep(ujevn.uniform(0, HVERT))
        slutt, versjon, tekst = time.monotonic() + SEKUNDER, 0, ""
        while time.monotonic() < slutt:
            tekst += "Barna målte og talte ute i snøen. "
            felt = {
                "fase": "proeve",
                "tekst": tekst,
                "merket": tekst[:200],
                "dato": dato,
                "barn": 18,
                "versjon": versjon,
                "steg-TOTAL_FORMS": 2,
                "steg-INITIAL_FORMS": 0,
                "steg-0-tekst": "Lage målebånd",
                "lenke-TOTAL_FORMS": 1,
                "lenke-INITIAL_FORMS": 0,
            }
            t0 = time.perf_counter()
            kobling.request("POST", sti, body=urllib.parse.urlencode(felt), headers=hoder)
            svar = kobling.getresponse()
            innhold = svar.read()
            tider.append(1000 * (time.perf_counter() - t0))
            if svar.status == 200:
                versjon = json.loads(innhold)["versjon"]
            else:
                feil.append(f"{svar.status} {innhold[:200]!r}")
            time.sleep(ujevn.uniform(0.5, 1.5) * HVERT)

    traader = [threading.Thread(target=write, args=(nr,)) for nr in range(SKRIVER)]
    for traad in traader:
        traad.start()
    for traad in traader:
        traad.join()
    return {
        "feil": feil[:3],
        "lagringer": len(tider),
        "notater": Loggpost.objects.count() - foer,
        "p50": statistics.median(tider),
        "p95": sorted(tider)[int(0.95 * (len(tider) - 1))],
    }


if __name__ == "__main__":
    main()
