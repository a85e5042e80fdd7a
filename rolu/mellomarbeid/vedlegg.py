"""Add a file to a unit's mellomarbeid, describe it, remove it."""

from django.db import transaction

from nettverk.filer.opplasting import GodkjentFil
from nettverk.models import Person
from rolu.mellomarbeid.logg import ErLevert
from rolu.models import Mellomarbeid, Vedlegg


@transaction.atomic
def add(
    *, mellomarbeid: Mellomarbeid, filer: list[GodkjentFil], beskrivelse: str, by: Person
) -> list[Vedlegg]:
    """Keep the files. `beskrivelse` belongs to the picture when there is exactly one.

    The same file twice is kept once. Raises ErLevert.
    """
    arbeid = _aapent(mellomarbeid.pk)
    finnes = set(arbeid.vedlegg.values_list("sha256", flat=True))
    bilder = [fil for fil in filer if fil.mimetype.startswith("image/")]
    nye = []
    for fil in filer:
        if fil.sha256 in finnes:
            continue
        finnes.add(fil.sha256)
        nye.append(
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
        )
    if nye and arbeid.status == Mellomarbeid.Status.IKKE_STARTET:
        arbeid.status = Mellomarbeid.Status.KLADD
        arbeid.save(update_fields=["status"])
    return nye


@transaction.atomic
def remove(vedlegg: Vedlegg) -> None:
    """Remove the file, from the storage too once the row is surely gone. Raises ErLevert."""
    _aapent(vedlegg.mellomarbeid_id)
    lager, navn = vedlegg.fil.storage, str(vedlegg.fil.name)
    vedlegg.delete()
    transaction.on_commit(lambda: lager.delete(navn))


def _aapent(pk: int) -> Mellomarbeid:
    arbeid = Mellomarbeid.objects.select_for_update().get(pk=pk)
    if arbeid.er_levert:
        raise ErLevert
    return arbeid
