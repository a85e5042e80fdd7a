"""Twenty desks at the door of one gathering of 700: they type, and then they tick all of them in a minute.

Against a web server of its own, as in production. Everything that is ticked is sent with a key; every tenth is
sent twice, as when an answer is lost. The rows are counted afterwards.
"""

import datetime
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

SKRANKER, DELTAKERE = 20, 700
SKRIVER, KRYSSER = 15.0, 60.0  # seconds
EN_BOKSTAV = 0.55  # seconds between two letters: 35 requests a second in all
SOK = ("han", "ber", "ols", "and", "sko", "kar", "lie", "dal")


def main() -> None:
    """Prints p50 and p95 in milliseconds of a letter and of a tick, and how many rows came of it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nettverk.settings")
    django.setup()
    from nettverk.maskinrom import drift
    from nettverk.models import Nettverk

    samling = _gathering(Nettverk.objects.get(slug=sys.argv[1]))
    with socket.create_server((drift.VERT, 0)) as ledig:
        port = ledig.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="skranke-") as mappe:
        miljo = {**os.environ, "HTTPS": "0", "ALLOWED_HOSTS": drift.VERT, "PORT": str(port)}
        web = drift.web(port, miljo, Path(mappe))
        web.start()
        try:
            drift.wait_for_web(f"http://{drift.VERT}:{port}", [web])
            svar = _measure(samling, drift.VERT, port)
        finally:
            drift.stop([web])
    print(json.dumps(svar))


def _gathering(nettverk: Any) -> Any:
    """A gathering today, with 700 people who are signed up."""
    from django.utils import timezone

    from nettverk.models import Verv
    from rolu.models import Deltakelse, Samling
    from rolu.samlinger.publisering import participations

    idag = timezone.localdate()
    kl = lambda time_: timezone.make_aware(datetime.datetime.combine(idag, time_))  # noqa: E731
    samling = Samling.objects.create(
        nettverk=nettverk,
        tittel="Målt i skranken",
        sted="Salen",
        start=kl(datetime.time(0)),
        slutt=kl(datetime.time(23, 59)),
        status=Samling.Status.INVITERT,
        publisert=timezone.now(),
    )
    gyldige = Verv.objects.filter(gruppe__nettverk=nettverk).gyldig(idag)
    foerste = gyldige.order_by("person_id", "pk").distinct("person_id").values("pk")[:DELTAKERE]
    rader = participations(
        samling,
        Verv.objects.filter(pk__in=list(foerste.values_list("pk", flat=True))),
        status="paameldt",
    )
    Deltakelse.objects.bulk_create(rader)
    return samling


def _measure(samling: Any, vert: str, port: int) -> dict[str, Any]:
    from rolu.models import Deltakelse, Innsjekkhendelse
    from tests.maaling.tjener import coordinator, signed_in

    hoder = signed_in(coordinator())
    sti = f"/{samling.nettverk.slug}/samlinger/{samling.pk}/innsjekk/"
    folk = list(
        Deltakelse.objects.filter(samling=samling)
        .order_by("pk")
        .values_list("verv__person", flat=True)
    )
    tider: dict[str, list[float]] = {"siden": [], "bokstav": [], "kryss": []}
    feil: list[str] = []

    def ask(
        hva: str, kobling: http.client.HTTPConnection, metode: str, adresse: str, **mer: Any
    ) -> None:
        t0 = time.perf_counter()
        kobling.request(metode, adresse, **mer)
        svar = kobling.getresponse()
        innhold = svar.read()
        tider[hva].append(1000 * (time.perf_counter() - t0))
        if svar.status != 200:
            feil.append(f"{svar.status} {innhold[:200]!r}")

    def open_desk(_nr: int) -> None:
        kobling = http.client.HTTPConnection(vert, port, timeout=30)
        ask("siden", kobling, "GET", sti, headers=hoder)
        ask("siden", kobling, "GET", f"{sti}?q=ber", headers={**hoder, "HX-Request": "true"})

    def type_(nr: int) -> None:
        kobling = http.client.HTTPConnection(vert, port, timeout=30)
        # No two people strike their keys in step.
        ujevn = random.Random(nr)
        time.sleep(ujevn.uniform(0, EN_BOKSTAV))
        slutt = time.monotonic() + SKRIVER
        bokstav = nr
        while time.monotonic() < slutt:
            ord_ = SOK[bokstav // 2 % len(SOK)][: 2 + bokstav % 2]
            ask(
                "bokstav",
                kobling,
                "GET",
                f"{sti}?q={ord_}",
                headers={**hoder, "HX-Request": "true"},
            )
            bokstav += 1
            time.sleep(ujevn.uniform(0.5, 1.5) * EN_BOKSTAV)

    def tick(nr: int) -> None:
        kobling = http.client.HTTPConnection(vert, port, timeout=30)
        egne = folk[nr::SKRANKER]
        start = time.monotonic()
        for n, person in enumerate(egne):
            time.sleep(max(start + (n + nr / SKRANKER) * KRYSSER / len(egne) - time.monotonic(), 0))
            naa = datetime.datetime.now(datetime.UTC).isoformat()
            rad = {"id": str(uuid.uuid4()), "handling": "moett", "person": person, "tid": naa}
            for _ in range(2 if n % 10 == 0 else 1):
                ask(
                    "kryss",
                    kobling,
                    "POST",
                    f"{sti}hendelser/",
                    body=json.dumps([rad]),
                    headers={**hoder, "Content-Type": "application/json"},
                )

    _together(open_desk)
    _together(type_)
    t0 = time.monotonic()
    _together(tick)
    varte = time.monotonic() - t0
    moett = Deltakelse.objects.filter(samling=samling).met()
    return {
        "deltakere": len(folk),
        "feil": feil[:3],
        "sekunder": varte,
        "sendt": len(tider["kryss"]),
        "hendelser": Innsjekkhendelse.objects.filter(samling=samling).count(),
        "moett": moett.values("verv__person").distinct().count(),
        **{f"{hva}_p50": statistics.median(t) for hva, t in tider.items()},
        **{f"{hva}_p95": sorted(t)[int(0.95 * (len(t) - 1))] for hva, t in tider.items()},
    }


def _together(arbeid: Callable[[int], None]) -> None:
    traader = [threading.Thread(target=arbeid, args=(nr,)) for nr in range(SKRANKER)]
    for traad in traader:
        traad.start()
    for traad in traader:
        traad.join()


if __name__ == "__main__":
    main()
