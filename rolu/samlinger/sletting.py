"""A text that is taken away for good is taken out of what has been made of it too."""

import json
from collections.abc import Iterable

from fremtidsbilder.models import Samtalesporsmaal
from fremtidsbilder.tankesmier import bidrag
from rolu.models import Oppsummeringsblokk, Samling
from rolu.samlinger import samtaler
from rolu.samlinger.tilstand import writing


def erase(samling: Samling, sporsmaal: Samtalesporsmaal, kort: Iterable[int]) -> int:
    """Erase what was written on the cards, also where the draft of the summary quotes it; the number of them. What
    has been shared stands until the summary is made and shared anew (`quoted`). Also of a gathering that is called
    off: it may tell who a child is."""
    with writing(samling) as naa:
        antall = bidrag.erase(sporsmaal, kort)
        blokker = Oppsummeringsblokk.objects.select_for_update().filter(
            samling=naa, slag=Oppsummeringsblokk.Slag.STEMMER
        )
        for blokk in blokker:
            blokk.data = samtaler.voices_data(naa)
            blokk.save(update_fields=["data"])
        return antall


def quoted(samling: Samling, tekster: Iterable[str]) -> bool:
    """Whether a summary that is made says one of the texts. One query."""
    oppsummering = getattr(samling, "oppsummering", None)
    if oppsummering is None:
        return False
    sagt = json.dumps([oppsummering.innhold, oppsummering.publisert_innhold])
    return any(tekst and json.dumps(tekst)[1:-1] in sagt for tekst in tekster)
