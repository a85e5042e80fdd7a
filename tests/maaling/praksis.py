"""Sixty thousand praksisfortellinger in one network: how long a search in `/praksis/` takes, and the plan of it.

In a transaction that is rolled back. The texts are of some hundred characters, of a few thousand words of which some
are common and most are rare; searched for are common words, rare ones, those between, and two at once.
"""

import datetime
import itertools
import json
import os
import random
import statistics
import sys
import time
from typing import Any

import django

FORTELLINGER, SPOERRINGER = 60_000, 120
# As many words as units use, the n-th as common as 1/n (Zipf): the first stand in every other text, most in a few.
ORD = 8_000
ORD_I_TITTEL, ORD_I_TEKST = (3, 8), (25, 90)
# Smaller words («og», «på») are no part of the index, so that the first fifty ranks are left out.
_FOERSTE_RANG = 50
_STAVELSER = [
    "ba",
    "de",
    "fi",
    "go",
    "hu",
    "ja",
    "ke",
    "li",
    "mo",
    "nu",
    "ra",
    "se",
    "ti",
    "vo",
    "pe",
    "sta",
    "kri",
    "flo",
    "gru",
    "spa",
    "tre",
    "ble",
    "sku",
    "dra",
]
# What units write of, spread from the common to the rare; each is asked for in another form than it is written in.
SKREVET = {
    0: "elevene",
    1: "lærerne",
    2: "barna",
    4: "lek",
    8: "målte",
    15: "boka",
    30: "samtale",
    60: "uteskole",
    120: "fjæra",
    250: "veiledning",
    500: "garderoben",
    1000: "høytlesing",
    2000: "kongler",
    4000: "båtene",
    7000: "vikarer",
}
VANLIGE = ["elevar", "lærarane", "barnet", "leik", "måling"]
SJELDNE = ["høytlesinga", "kongle", "båt", "vikarane", "garderobe"]
PAR = ["lærarane måling", "elever bøker", "barn fjæra", "rettleiing samtalar", "leik kongler"]
MIDT = ["bøkene", "samtalar", "uteskulen", "rettleiing", "fjæra"]
SOEK = [q for fire in zip(VANLIGE, PAR, MIDT, SJELDNE, strict=True) for q in fire]


def _words() -> list[str]:
    """`ORD` words from the commonest to the rarest: those of `SKREVET` at their ranks, made ones between them."""
    stavelser = itertools.product(_STAVELSER, repeat=3)
    laget = ["".join(tre) + "m" for tre in itertools.islice(stavelser, ORD)]
    random.Random(2).shuffle(laget)
    return [SKREVET.get(rang, laget[rang]) for rang in range(ORD)]


def main() -> None:
    """Prints p50 and p95 in milliseconds of the whole page and of the query alone, and the plan."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nettverk.settings")
    django.setup()
    from django.db import connection, transaction

    from nettverk.models import Nettverk

    with transaction.atomic():
        nettverk = Nettverk.objects.get(slug=sys.argv[1])
        foer = time.perf_counter()
        _write(nettverk)
        skrevet = time.perf_counter() - foer
        with connection.cursor() as db:
            db.execute("ANALYZE rolu_praksisfortelling")
        print(json.dumps({"skrevet": skrevet, **_measure(nettverk)}, ensure_ascii=False))
        transaction.set_rollback(True)


def _write(nettverk: Any) -> None:
    from django.utils import timezone

    from rolu.models import Mellomarbeid, Praksisfortelling

    tilfeldig = random.Random(1)
    arbeidene = list(
        Mellomarbeid.objects.filter(oppdrag__nettverk=nettverk, status="levert").values_list(
            "pk", flat=True
        )
    )

    ordene = _words()
    vekt = list(itertools.accumulate(1 / (_FOERSTE_RANG + rang) for rang in range(ORD)))

    def words(antall: tuple[int, int]) -> str:
        valgt = tilfeldig.choices(ordene, cum_weights=vekt, k=tilfeldig.randint(*antall))
        return " ".join(valgt).capitalize()

    Praksisfortelling.objects.bulk_create(
        (
            Praksisfortelling(
                mellomarbeid_id=tilfeldig.choice(arbeidene),
                tittel=words(ORD_I_TITTEL)[:150],
                tekst=f"Vi prøvde. {words(ORD_I_TEKST)}.",
                delt=timezone.now() - datetime.timedelta(minutes=tilfeldig.randrange(10**6)),
            )
            for _nr in range(FORTELLINGER)
        ),
        batch_size=2000,
    )


def _measure(nettverk: Any) -> dict[str, Any]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from nettverk.tilgang.roller import whom_to_ask
    from rolu.models import Mellomarbeid
    from rolu.models.praksis import ORDET_SQL, newest_matches

    person = whom_to_ask(nettverk)[0].person
    klient = Client(HTTP_HOST=os.environ.get("MAALEVERT", "portal.example"))
    klient.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    adresse = reverse("rolu:praksis", args=[nettverk.slug])
    arbeidene = Mellomarbeid.objects.filter(oppdrag__nettverk=nettverk)
    tider: dict[str, list[float]] = {"siden": [], "spørringen": []}
    treff: dict[str, int] = {}

    def page(q: str) -> None:
        svar = klient.get(adresse, {"q": q}, secure=True)
        if svar.status_code != 200:
            raise SystemExit(f"{svar.status_code} {q}")

    # The first of a process also compiles the templates.
    page(SOEK[0])
    for nr in range(SPOERRINGER):
        q = SOEK[nr % len(SOEK)]
        foer = time.perf_counter()
        page(q)
        tider["siden"].append(1000 * (time.perf_counter() - foer))
        foer = time.perf_counter()
        newest_matches(q, arbeidene)
        tider["spørringen"].append(1000 * (time.perf_counter() - foer))
        treff[q] = _count(q)
    planer, spoerringer = {}, 0
    for q in (VANLIGE[0], SJELDNE[2]):
        with CaptureQueriesContext(connection) as spurt:
            page(q)
        spoerringer = max(spoerringer, len(spurt))
        # What the function does, with its own setting.
        with connection.cursor() as db:
            db.execute("SET LOCAL enable_seqscan = off")
            sql = ORDET_SQL.replace("$1", "sokesporring(%s)")
            db.execute(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {sql}", [q])
            planer[q] = "\n".join(linje for (linje,) in db)
            db.execute("SET LOCAL enable_seqscan TO DEFAULT")
    return {
        **{
            navn: {"p50": statistics.median(t), "p95": statistics.quantiles(t, n=20)[-1]}
            for navn, t in tider.items()
        },
        "treff": treff,
        "spoerringer": spoerringer,
        "planer": planer,
    }


def _count(q: str) -> int:
    from rolu.models import Praksisfortelling

    return Praksisfortelling.objects.filter(sok__finner=q).count()


if __name__ == "__main__":
    main()
