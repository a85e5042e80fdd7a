"""Demo: which tracks the demo's units follow in each network, the same every time."""

import random

from kommuner.gyldighet import idag, periode
from kommuner.models import Enhet
from laeringsloyper import demomoduler
from laeringsloyper.models import Enhetsloype, Periode
from nettverk.models import Nettverk

# In the network's own written form, as people write them there.
_GRUNNER = {
    "nb": (
        "Valgt etter ståstedsanalysen",
        "Ønske fra utviklingsgruppa",
        "Kommunen har valgt løypa for alle sine",
        "Bygger videre på forrige periode",
    ),
    "nn": (
        "Vald etter ståstadsanalysen",
        "Ønske frå utviklingsgruppa",
        "Kommunen har valt løypa for alle sine",
        "Byggjer vidare på førre periode",
    ),
}


def make_demo(nettverk: Nettverk) -> None:
    """Nearly every unit follows one track in each period that has begun, some two and a few none; the
    tracks take turns. Some joined a year late."""
    if nettverk.maalform == "nn":
        demomoduler.begin_on_nynorsk(nettverk)
    perioder = list(
        Periode.objects.filter(loype__nettverk=nettverk, gyldig__startswith__lte=idag())
        .order_by("loype__rekkefolge", "nummer")
        .select_related("loype__nettverk")
    )
    loyper = list(dict.fromkeys(p.loype_id for p in perioder))
    enheter = list(nettverk.enheter().filter(er_demo=True).order_by("organisasjonsnummer"))
    # A second run adds only what no run has made.
    gjort = set(
        Enhetsloype.objects.filter(enhet__in=enheter, periode__in=perioder).values_list(
            "enhet", "periode"
        )
    )
    Enhetsloype.objects.bulk_create(
        rad
        for nummer, enhet in enumerate(enheter)
        for p in perioder
        if (rad := _follow(nummer, enhet, p, loyper)) and (enhet.pk, p.pk) not in gjort
    )
    demomoduler.make(nettverk)


def _follow(nummer: int, enhet: Enhet, p: Periode, loyper: list[int]) -> Enhetsloype | None:
    terning = random.Random(f"{enhet.referanse} {p.nummer}")
    plass = (loyper.index(p.loype_id) - nummer - p.nummer) % len(loyper)
    antall = terning.choices([0, 1, 2], [1, 9, 2])[0]
    if plass >= antall:
        return None
    fra = p.fra
    if fra and terning.random() < 0.2 and fra.replace(year=fra.year + 1) <= idag():
        fra = fra.replace(year=fra.year + 1)
    grunner = _GRUNNER[p.loype.nettverk.maalform]
    grunn = terning.choice(grunner) if terning.random() < 0.7 else ""
    return Enhetsloype(enhet=enhet, periode=p, gyldig=periode(fra), grunn=grunn)
