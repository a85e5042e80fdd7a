"""Demo: what those who were at a gathering thought of it, closed the day after."""

import datetime
import random
import uuid

from evaluering.models import Svar, Svarverdi, Undersokelse
from evaluering.undersokelser import skjemaer
from rolu.models import Samling
from rolu.samlinger import evaluering

_ANTALL = 143
_TEKSTER = {
    "ta_med": (
        "At vi skal starte i det små, og heller fortsette lenge.",
        "Samtalen ved bordet. Vi er flere som strever med det samme.",
        "Spørsmålene til samtalene. De tar vi med på personalmøtet.",
        "At barnehagen og skolen må snakke sammen før sommeren.",
        "Eksempelet fra de andre kommunene.",
        "Mer tro på at det vi gjør, betyr noe.",
        "Ro til å tenke.",
    ),
    "annerledes": (
        "Mer tid ved bordene, og mindre fra scenen.",
        "Kortere pauser, så vi rekker bussen.",
        "Høre mer fra enhetene.",
        "Send ut spørsmålene på forhånd.",
        "Ingenting, dette var bra.",
        "Det var vanskelig å høre bakerst i salen.",
    ),
}
# How many of ten give each step, and how many write.
_FORDELING = {"relevant": (0, 1, 4, 5), "opplegg": (0, 2, 5, 3), "neste": (1, 3, 4, 2)}
_SKRIVER = 0.35


def make(samling: Samling) -> None:
    """Make it when it is not there. Deterministic."""
    undersokelse = evaluering.make(samling)
    if not undersokelse.er_kladd:
        return
    aapnet = samling.slutt - datetime.timedelta(minutes=20)
    Undersokelse.objects.filter(pk=undersokelse.pk).update(
        aapnet=aapnet, stengt=samling.slutt + datetime.timedelta(hours=18)
    )
    tilfeldig = random.Random(samling.tittel)
    alle = skjemaer.questions(undersokelse.skjema)
    svar = [
        Svar(
            nokkel=uuid.UUID(int=tilfeldig.getrandbits(128), version=4),
            undersokelse=undersokelse,
            utgave=1,
            mottatt=samling.dato,
        )
        for _nr in range(_ANTALL)
    ]
    Svar.objects.bulk_create(svar)
    verdier = []
    for ett in alle:
        for rad in svar:
            if vekter := _FORDELING.get(ett.noekkel):
                tall = 0 if tilfeldig.random() < 0.03 else tilfeldig.choices(ett.numre, vekter)[0]
                verdier.append(Svarverdi(svar=rad, sporsmaal=ett, tall=tall))
            elif tilfeldig.random() < _SKRIVER:
                tekst = tilfeldig.choice(_TEKSTER[ett.noekkel])
                verdier.append(Svarverdi(svar=rad, sporsmaal=ett, tekst=tekst))
    Svarverdi.objects.bulk_create(verdier)
