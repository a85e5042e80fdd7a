"""People at work while something breaks: readers who read and writers who write, and what they were told.

A writer's page saves itself, as static/js/autolagre.js does it: the same text is sent again until it is
answered, and the next sentence only then. What was answered «lagret» must stand there afterwards.
"""

import contextlib
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.urls import reverse

from kommuner.gyldighet import idag
from rolu.models import Loggpost
from tests.angrep.klient import Borte, Heng, Klient, Svar
from tests.angrep.portal import Portal
from tests.angrep.utfall import Utfall
from tests.angrep.verden import Loep

LESERE = 3
SKRIVERE = 3


@dataclass
class Skriver:
    """One entry of one unit's log, with what has been confirmed of it."""

    adresse: str
    noekkel: uuid.UUID
    versjon: int = 0
    setninger: int = 0
    lagret: str = ""
    sendt: str = ""


@dataclass
class Belastning:
    utfall: Utfall
    hva: str
    uten_web: bool = False  # the web server is what is killed
    svar: Counter[str] = field(default_factory=Counter)
    _laas: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def gone(self, feil: Borte) -> None:
        """Nobody answered. So it is while the web server itself is dead, and at no other time."""
        with self._laas:
            self.svar["borte"] += 1
        self.utfall.tried()
        if not self.uten_web:
            self.utfall.found("annet", f"{self.hva}: {str(feil).partition(': ')[2]}")

    def count(self, svar: Svar) -> None:
        with self._laas:
            self.svar[str(svar.status)] += 1
        self.utfall.tried()
        if svar.status >= 500 and not svar.er_rent_503:
            self.utfall.found("5xx", f"{self.hva}: side under arbeid ga {svar.status}")

    def hang(self) -> None:
        self.utfall.found("heng", f"{self.hva}: en side svarte ikke")


@contextlib.contextmanager
def at_work(
    portal: Portal, loep: Loep, utfall: Utfall, hva: str, *, uten_web: bool = False
) -> Iterator[Belastning]:
    """Readers and writers while the block lasts and a little after; then the texts are read back."""
    last, ferdig = Belastning(utfall, hva, uten_web), threading.Event()
    skrivere = [_writer(loep, nr) for nr in range(SKRIVERE)]
    traader = [
        threading.Thread(target=_read, args=(portal.signed_in(p), last, ferdig), daemon=True)
        for p in loep.ledere[6 : 6 + LESERE]
    ]
    traader += [
        threading.Thread(
            target=_write_on,
            args=(portal.signed_in(loep.ledere[8 + nr]), s, last, ferdig),
            daemon=True,
        )
        for nr, s in enumerate(skrivere)
    ]
    for traad in traader:
        traad.start()
    try:
        yield last
        time.sleep(1)
    finally:
        ferdig.set()
        for traad in traader:
            traad.join(30)
    utfall.tall[f"{hva}: svar"] = ", ".join(f"{k}: {n}" for k, n in sorted(last.svar.items()))
    _read_back(skrivere, utfall, hva)


def _writer(loep: Loep, nummer: int) -> Skriver:
    arbeid, noekkel = loep.arbeid[8 + nummer], uuid.uuid4()
    return Skriver(reverse("rolu:loggpost", args=["lop", arbeid.pk, noekkel]), noekkel)


def _read(klient: Klient, last: Belastning, ferdig: threading.Event) -> None:
    while not ferdig.wait(0.1):
        try:
            last.count(klient.get("/lop/hjem/"))
        except Borte as feil:
            last.gone(feil)
        except Heng:
            last.hang()


def _write_on(klient: Klient, s: Skriver, last: Belastning, ferdig: threading.Event) -> None:
    while not ferdig.wait(0.1):
        if s.sendt == s.lagret:
            s.setninger += 1
            s.sendt = f"{s.lagret} Setning {s.setninger}.".strip()
        felt = {
            "fase": "proeve",
            "tekst": s.sendt,
            "dato": f"{idag()}",
            "hvem": "",
            "versjon": s.versjon,
        }
        try:
            svar = klient.post(s.adresse, felt, **{"X-Autolagre": "1"})
        except Borte as feil:
            last.gone(feil)
            continue
        except Heng:
            last.hang()
            continue
        last.count(svar)
        if svar.status == 200 and '"lagret"' in svar.tekst:
            s.lagret = s.sendt
            s.versjon = int(svar.tekst.partition('"versjon":')[2].partition(",")[0])


def _read_back(skrivere: list[Skriver], utfall: Utfall, hva: str) -> None:
    for s in skrivere:
        post = Loggpost.objects.filter(noekkel=s.noekkel).first()
        staar = post.tekst if post else ""
        # What was sent last may stand there though its answer was lost on the way.
        if staar not in {s.lagret, s.sendt}:
            utfall.found("tapt", f"{hva}: «{s.lagret[-40:]}» ble meldt lagret, og står ikke der")
        if staar.count("Setning 1.") > 1 or Loggpost.objects.filter(noekkel=s.noekkel).count() > 1:
            utfall.found("dobbelt", f"{hva}: en setning står to ganger")
        if not s.lagret:
            utfall.found("annet", f"{hva}: en skriver fikk ikke lagret noe")
