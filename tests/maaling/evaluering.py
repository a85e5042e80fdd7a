"""Seven hundred phones answer an evaluation, in a minute here and not in ten; meanwhile the results are read five times a second.

Against a web server of its own, as in production. Every answer is sent with a key; every tenth is sent twice, as when
the answer to it is lost, and every twentieth is changed afterwards. The rows are counted at the end.
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
from pathlib import Path
from typing import Any

import django

TELEFONER, SAMTIDIG, SEKUNDER = 700, 40, 60.0


def main() -> None:
    """Prints p50 and p95 in milliseconds of an answer and of the results, and how many rows came of it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nettverk.settings")
    django.setup()
    from nettverk.maskinrom import drift
    from nettverk.models import Nettverk

    undersokelse = _survey(Nettverk.objects.get(slug=sys.argv[1]))
    with socket.create_server((drift.VERT, 0)) as ledig:
        port = ledig.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="evaluering-") as mappe:
        miljo = {**os.environ, "HTTPS": "0", "ALLOWED_HOSTS": drift.VERT, "PORT": str(port)}
        web = drift.web(port, miljo, Path(mappe))
        web.start()
        try:
            drift.wait_for_web(f"http://{drift.VERT}:{port}", [web])
            svar = _measure(undersokelse, drift.VERT, port)
        finally:
            drift.stop([web])
    print(json.dumps(svar))


def _survey(nettverk: Any) -> Any:
    from evaluering.undersokelser import runder, skjemaer

    skjema = skjemaer.newest(nettverk, "samlingsevaluering")
    undersokelse = runder.make(skjema, nettverk=nettverk, tittel="Målt evaluering")
    runder.open_it(undersokelse)
    return undersokelse


def _measure(undersokelse: Any, vert: str, port: int) -> dict[str, Any]:
    from django.middleware.csrf import _get_new_csrf_string

    from evaluering.models import Svar, Svarverdi

    hemmelig = _get_new_csrf_string()
    hoder = {
        "Content-Type": "application/json",
        "Cookie": f"csrftoken={hemmelig}",
        "X-CSRFToken": hemmelig,
    }
    sti = f"/e/{undersokelse.kode}/svar/"
    nokler = [str(uuid.uuid4()) for _nr in range(TELEFONER)]
    tider: dict[str, list[float]] = {"svar": [], "siden": []}
    feil: list[str] = []
    tilfeldig = random.Random(1)
    start = time.monotonic()

    def send(forbindelse: Any, nokkel: str, utgave: int) -> None:
        rad = {
            "id": nokkel,
            "utgave": utgave,
            "s-relevant": str(tilfeldig.randint(1, 4)),
            "s-opplegg": str(tilfeldig.randint(1, 4)),
            "s-neste": "0",
            "s-ta_med": f"Svar nummer {utgave}",
        }
        foer = time.perf_counter()
        forbindelse.request("POST", sti, json.dumps([rad]), hoder)
        svar = forbindelse.getresponse()
        kropp = svar.read()
        tider["svar"].append(1000 * (time.perf_counter() - foer))
        if svar.status != 200 or json.loads(kropp)["svar"] != {nokkel: ""}:
            feil.append(f"{svar.status} {kropp[:80]!r}")

    def phones(egne: list[tuple[int, str]]) -> None:
        forbindelse = http.client.HTTPConnection(vert, port, timeout=30)
        for nr, nokkel in egne:
            time.sleep(max(0.0, start + SEKUNDER * nr / TELEFONER - time.monotonic()))
            foer = time.perf_counter()
            forbindelse.request("GET", f"/e/{undersokelse.kode}/")
            forbindelse.getresponse().read()
            tider["siden"].append(1000 * (time.perf_counter() - foer))
            send(forbindelse, nokkel, 1000)
            if nr % 10 == 0:
                send(forbindelse, nokkel, 1000)
            if nr % 20 == 0:
                send(forbindelse, nokkel, 2000)
                send(forbindelse, nokkel, 1000)

    numre = list(enumerate(nokler))
    traader = [
        threading.Thread(target=phones, args=(numre[nr::SAMTIDIG],)) for nr in range(SAMTIDIG)
    ]
    for traad in traader:
        traad.start()
    seere = _watch(undersokelse, traader, feil)
    for traad in traader:
        traad.join(timeout=5 * SEKUNDER)
    undersokelse.refresh_from_db()
    svarene = Svar.objects.filter(undersokelse=undersokelse)
    return {
        "telefoner": TELEFONER,
        "sekunder": time.monotonic() - start,
        **{f"{hva}_p50": statistics.median(t) for hva, t in tider.items()},
        **{f"{hva}_p95": _p95(t) for hva, t in tider.items()},
        "resultat_p95": _p95(seere),
        "svar": svarene.count(),
        "nyeste": svarene.filter(utgave=2000).count(),
        "verdier": Svarverdi.objects.filter(svar__undersokelse=undersokelse).count(),
        "feil": feil[:5],
    }


def _watch(undersokelse: Any, traader: list[threading.Thread], feil: list[str]) -> list[float]:
    """The results as those who hold the gathering ask for them, until the phones are done: what is shown never
    differs by fewer than five. Milliseconds of each."""
    from evaluering.models import Undersokelse
    from evaluering.undersokelser import resultat

    tider, sist = [], 0
    while any(traad.is_alive() for traad in traader):
        rad = Undersokelse.objects.select_related("skjema").get(pk=undersokelse.pk)
        foer = time.perf_counter()
        vist = resultat.results(rad).sporsmaal[0].antall
        tider.append(1000 * (time.perf_counter() - foer))
        if vist != sist and vist - sist < resultat.MINST:
            feil.append(f"viste {vist} etter {sist}")
        sist = vist
        time.sleep(0.2)
    return tider


def _p95(tider: list[float]) -> float:
    return sorted(tider)[int(0.95 * (len(tider) - 1))]


if __name__ == "__main__":
    main()
