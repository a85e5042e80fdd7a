"""The network's photograph: put in, described anew, taken away; and as it stands on paper."""

import base64
from dataclasses import dataclass

from django.db import transaction

from nettverk.filer import kvote, vedlegg
from nettverk.filer.lager import all_or_nothing
from nettverk.filer.opplasting import GodkjentFil
from nettverk.models import Nettverk, Omslag, Person
from nettverk.models.vedlegg import VedleggBase
from nettverk.skriving.laas import hold


def cover_of(nettverk: Nettverk) -> Omslag | None:
    """Its photograph, when it has one. One query."""
    return Omslag.objects.filter(nettverk=nettverk).first()


def put(nettverk: Nettverk, *, bilde: GodkjentFil, beskrivelse: str, by: Person) -> Omslag:
    """This is the photograph from now on; the one before it goes. Raises IkkePlass."""
    # Written before the network is held: a slow disk makes nobody else wait.
    navn = vedlegg.write_file(Omslag, "fil", bilde.innhold)
    with transaction.atomic(), all_or_nothing([navn]):
        remove(nettverk)
        kvote.claim(nettverk, bilde.bytes)
        return Omslag.objects.create(
            nettverk=nettverk,
            fil=navn,
            navn=bilde.navn,
            mimetype=bilde.mimetype,
            bytes=bilde.bytes,
            sha256=bilde.sha256,
            alternativ_tekst=beskrivelse,
            lastet_opp_av=by,
        )


@transaction.atomic
def describe(nettverk: Nettverk, *, beskrivelse: str) -> None:
    """Say what it shows, for those who do not see it."""
    hold(nettverk)
    Omslag.objects.filter(nettverk=nettverk).exclude(alternativ_tekst=beskrivelse).update(
        alternativ_tekst=beskrivelse
    )


@transaction.atomic
def remove(nettverk: Nettverk) -> None:
    """Take it away, from the storage too once the row is surely gone."""
    hold(nettverk)
    omslag = cover_of(nettverk)
    if omslag is None:
        return
    vedlegg.remove(omslag)


def stored(nettverk: Nettverk) -> int:
    """How many bytes it takes."""
    return vedlegg.size(Omslag.objects.filter(nettverk=nettverk))


@dataclass(frozen=True)
class Trykkbilde:
    """A picture inside the document itself, since a PDF fetches nothing."""

    data: str
    tekst: str


def picture_for_print(nettverk: Nettverk) -> Trykkbilde | None:
    """The photograph for a cover; None without one, or when the place it is kept does not have it: a report
    is made all the same."""
    omslag = cover_of(nettverk)
    return printed(omslag) if omslag else None


def printed(bilde: VedleggBase) -> Trykkbilde | None:
    """A picture for print; None when the place it is kept does not have it."""
    try:
        with bilde.fil.open("rb") as fil:
            kode = base64.b64encode(fil.read()).decode()
    except FileNotFoundError:
        return None
    return Trykkbilde(f"data:{bilde.mimetype};base64,{kode}", bilde.alternativ_tekst)
