"""The drawings and photographs that go with a card: kept without what the camera knew, and looked at by a person before
anybody outside sees them."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fremtidsbilder.models import Bidrag, Bidragsbilde
from fremtidsbilder.tankesmier.stand import changed
from nettverk.filer import vedlegg as filvedlegg
from nettverk.filer.opplasting import GodkjentFil
from nettverk.models import Nettverk
from nettverk.skriving.konflikt import KanIkke
from nettverk.skriving.laas import held

# To one card.
MAKS_BILDER = 10


def attach(
    kort: Bidrag, *, filer: list[GodkjentFil], nettverk: Nettverk, beskrivelse: str = ""
) -> list[Bidragsbilde]:
    """Keep the pictures, those that the card has not from before: the same sent twice is there once. What was approved
    was the card without them, so it waits to be read again. Raises IkkePlass, KanIkke and Borte."""
    blant = Bidragsbilde.objects.filter(bidrag=kort)
    with filvedlegg.written(filer, blant=blant, nettverk=nettverk) as skrevet:
        naa = held(kort, _("Bidraget er slettet av noen andre."))
        nye = [
            Bidragsbilde(
                bidrag=naa,
                fil=fil.fil,
                liten=fil.liten,
                mimetype=fil.om.mimetype,
                bytes=fil.om.bytes,
                sha256=fil.om.sha256,
                alternativ_tekst=beskrivelse,
            )
            for fil in filvedlegg.with_room(skrevet, blant=blant, nettverk=nettverk)
        ]
        if blant.count() + len(nye) > MAKS_BILDER:
            raise KanIkke(_("Et bidrag kan ha %(maks)s bilder.") % {"maks": MAKS_BILDER})
        if nye:
            Bidragsbilde.objects.bulk_create(nye)
            if naa.avgjoerelse:
                naa.avgjoerelse, naa.grunn = "", ""
                naa.save(update_fields=["avgjoerelse", "grunn"])
            changed(naa.sporsmaal.tankesmie_id)
        return nye


@transaction.atomic
def forget(kort: QuerySet[Bidrag]) -> None:
    """Take the pictures of the cards away, from the storage too once the rows are surely gone."""
    bilder = Bidragsbilde.objects.filter(bidrag__in=kort)
    filvedlegg.forget_files(list(bilder.select_for_update()))
    bilder.delete()


def stored(nettverk: Nettverk) -> int:
    """How many bytes they take."""
    return filvedlegg.size(
        Bidragsbilde.objects.filter(bidrag__sporsmaal__tankesmie__nettverk=nettverk)
    )
