"""Kinds of job that only the tests have: the test and its worker both import this (`celery -I`)."""

import time
from pathlib import Path

from nettverk.arbeid.jobber import Arbeid, JobbFeil, jobbslag

TILLATELSE = "nettverk.change_nettverk"


@jobbslag("proeve.langsom", tillatelse=TILLATELSE)
def langsom(arbeid: Arbeid) -> None:
    """Tells of every start in a file; the first start lasts `sekunder`, the next ones none."""
    spor = Path(arbeid.jobb.parametre["spor"])
    forste = not spor.exists()
    with spor.open("a") as fil:
        fil.write("start\n")
    slutt = time.monotonic() + (arbeid.jobb.parametre["sekunder"] if forste else 0)
    while time.monotonic() < slutt:
        arbeid.report(50, "Halvveis")
        time.sleep(0.05)
    with spor.open("a") as fil:
        fil.write("slutt\n")
    arbeid.resultat = ("svar.txt", b"ferdig")


@jobbslag("proeve.umulig", tillatelse=TILLATELSE)
def umulig(arbeid: Arbeid) -> None:
    raise JobbFeil("Årsrapporten har ingen kapitler.")


@jobbslag("proeve.krasj", tillatelse=TILLATELSE)
def krasj(arbeid: Arbeid) -> None:
    raise ZeroDivisionError("hemmelig innhold")


@jobbslag("proeve.rask", tillatelse=TILLATELSE)
def rask(arbeid: Arbeid) -> None:
    arbeid.report(10, "I gang")
    arbeid.resultat = ("svar.pdf", b"%PDF-1.7")
    arbeid.data = {"antall": 3}
