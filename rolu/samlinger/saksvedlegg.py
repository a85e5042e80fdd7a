"""Add documents to an agenda item, remove one, and count what they take."""

from django.utils.translation import gettext as _

from nettverk.filer import vedlegg as filvedlegg
from nettverk.filer.opplasting import GodkjentFil
from nettverk.models import Nettverk, Person
from nettverk.skriving.konflikt import KanIkke
from rolu.models import Programpost, Saksvedlegg
from rolu.samlinger.tilstand import writing


def add(post: Programpost, *, filer: list[GodkjentFil], by: Person) -> list[Saksvedlegg]:
    """Keep the documents; the same one twice is kept once. Raises Lukket, and IkkePlass when there is no room for
    all of them."""
    blant = Saksvedlegg.objects.filter(programpost=post)
    with (
        filvedlegg.written(filer, blant=blant, nettverk=post.nettverk) as skrevet,
        writing(post.samling) as samling,
    ):
        if not Programpost.objects.filter(pk=post.pk, samling=samling).exists():
            raise KanIkke(_("Posten er tatt ut av programmet."))
        return filvedlegg.keep(
            skrevet,
            blant=blant,
            nettverk=samling.nettverk,
            by=by,
            felt=lambda _fil: {"programpost": post},
        )


def remove(vedlegg: Saksvedlegg) -> None:
    """Remove the document, from the storage too. Raises Lukket."""
    with writing(vedlegg.programpost.samling):
        filvedlegg.remove(vedlegg)


def stored(nettverk: Nettverk) -> int:
    """How many bytes the documents of the network's gatherings take."""
    return filvedlegg.size(Saksvedlegg.objects.filter(programpost__samling__nettverk=nettverk))
