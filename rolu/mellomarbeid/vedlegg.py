"""Add a file to a unit's mellomarbeid, describe it, remove it."""

from django.db import transaction

from nettverk.filer import vedlegg as filvedlegg
from nettverk.filer.lager import all_or_nothing
from nettverk.filer.opplasting import GodkjentFil
from nettverk.models import Nettverk, Person
from rolu.mellomarbeid.logg import begin, open_for_writing
from rolu.models import Mellomarbeid, Vedlegg


@transaction.atomic
@all_or_nothing()
def add(
    *, mellomarbeid: Mellomarbeid, filer: list[GodkjentFil], beskrivelse: str, by: Person
) -> list[Vedlegg]:
    """Keep the files. `beskrivelse` belongs to the picture when there is exactly one.

    The same file twice is kept once. Raises Lukket, and IkkePlass when there is no room for all of them.
    """
    arbeid = open_for_writing(mellomarbeid.pk)
    bilder = [fil for fil in filer if fil.mimetype.startswith("image/")]
    nye = filvedlegg.keep(
        filer,
        blant=arbeid.vedlegg.all(),
        nettverk=arbeid.nettverk,
        by=by,
        felt=lambda fil: {
            "mellomarbeid": arbeid,
            "alternativ_tekst": beskrivelse if bilder == [fil] else "",
        },
    )
    if nye:
        begin(arbeid)
    return nye


def stored(nettverk: Nettverk) -> int:
    """How many bytes the network's units have added."""
    return filvedlegg.size(Vedlegg.objects.filter(mellomarbeid__oppdrag__nettverk=nettverk))


@transaction.atomic
def remove(vedlegg: Vedlegg) -> None:
    """Remove the file, from the storage too once the row is surely gone. Raises Lukket."""
    open_for_writing(vedlegg.mellomarbeid_id)
    filvedlegg.remove(vedlegg)


@transaction.atomic
def describe(vedlegg: Vedlegg, *, beskrivelse: str) -> None:
    """Say what a picture shows, for those who do not see it. Raises Lukket."""
    open_for_writing(vedlegg.mellomarbeid_id)
    vedlegg.alternativ_tekst = beskrivelse
    vedlegg.save(update_fields=["alternativ_tekst"])
