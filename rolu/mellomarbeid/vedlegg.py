"""Add a file to a unit's mellomarbeid, describe it, remove it."""

from django.db import transaction
from django.db.models import Sum

from nettverk.filer import kvote
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
    finnes = set(arbeid.vedlegg.values_list("sha256", flat=True))
    bilder = [fil for fil in filer if fil.mimetype.startswith("image/")]
    ukjente = []
    for fil in filer:
        if fil.sha256 not in finnes:
            finnes.add(fil.sha256)
            ukjente.append(fil)
    kvote.claim(arbeid.nettverk, sum(fil.bytes for fil in ukjente))
    nye = [
        Vedlegg.objects.create(
            mellomarbeid=arbeid,
            fil=fil.innhold,
            navn=fil.navn,
            mimetype=fil.mimetype,
            bytes=fil.bytes,
            sha256=fil.sha256,
            alternativ_tekst=beskrivelse if bilder == [fil] else "",
            lastet_opp_av=by,
        )
        for fil in ukjente
    ]
    if nye:
        begin(arbeid)
    return nye


def stored(nettverk: Nettverk) -> int:
    """How many bytes the network's units have added."""
    alle = Vedlegg.objects.filter(mellomarbeid__oppdrag__nettverk=nettverk)
    return alle.aggregate(sum=Sum("bytes"))["sum"] or 0


@transaction.atomic
def remove(vedlegg: Vedlegg) -> None:
    """Remove the file, from the storage too once the row is surely gone. Raises Lukket."""
    open_for_writing(vedlegg.mellomarbeid_id)
    lager, navn = vedlegg.fil.storage, str(vedlegg.fil.name)
    vedlegg.delete()
    transaction.on_commit(lambda: lager.delete(navn))


@transaction.atomic
def describe(vedlegg: Vedlegg, *, beskrivelse: str) -> None:
    """Say what a picture shows, for those who do not see it. Raises Lukket."""
    open_for_writing(vedlegg.mellomarbeid_id)
    vedlegg.alternativ_tekst = beskrivelse
    vedlegg.save(update_fields=["alternativ_tekst"])
