"""Demo: which track each of Nordmøre's units follows, the same every time."""

from kommuner.gyldighet import idag
from laeringsloyper.models import Enhetsloype, Periode
from nettverk.models import Nettverk


def make_demo(nettverk: Nettverk) -> None:
    """Every unit follows one track in each period that has begun; the tracks take turns."""
    perioder = list(
        Periode.objects.filter(loype__nettverk=nettverk, gyldig__startswith__lte=idag()).order_by(
            "loype__rekkefolge", "nummer"
        )
    )
    loyper = list(dict.fromkeys(p.loype_id for p in perioder))
    if not loyper:
        return
    enheter = nettverk.enheter().filter(er_demo=True).order_by("organisasjonsnummer")
    rader = []
    for nummer, enhet in enumerate(enheter):
        for periode in perioder:
            tur = (nummer + periode.nummer) % len(loyper)
            if loyper[tur] == periode.loype_id:
                rader.append(Enhetsloype(enhet=enhet, periode=periode))
    Enhetsloype.objects.bulk_create(rader, ignore_conflicts=True)
