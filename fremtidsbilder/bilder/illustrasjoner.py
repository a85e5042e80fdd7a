"""The pictures of an image: added with what they show, described anew, put in order, removed."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from fremtidsbilder.models import Fremtidsbilde, Illustrasjon
from nettverk.filer import vedlegg as filvedlegg
from nettverk.filer.opplasting import GodkjentFil
from nettverk.models import Nettverk, Person
from nettverk.omslag import Trykkbilde, printed
from nettverk.skriving.laas import held
from nettverk.skriving.rekkefolge import move_one


def add(
    bilde: Fremtidsbilde, *, fil: GodkjentFil, beskrivelse: str, by: Person
) -> Illustrasjon | None:
    """Keep a picture, the last; None when the image has it from before. Raises IkkePlass, and Borte."""
    blant = Illustrasjon.objects.filter(fremtidsbilde=bilde)
    with filvedlegg.written([fil], blant=blant, nettverk=bilde.nettverk) as skrevet:
        held(bilde, _("Fremtidsbildet er slettet av noen andre."))
        sist = blant.aggregate(plass=Max("plass"))["plass"] or 0
        nye = filvedlegg.keep(
            skrevet,
            blant=blant,
            nettverk=bilde.nettverk,
            by=by,
            felt=lambda en: {
                "fremtidsbilde": bilde,
                "plass": sist + 1,
                "liten": en.liten,
                "alternativ_tekst": beskrivelse,
            },
        )
        return next(iter(nye), None)


@transaction.atomic
def describe(illustrasjon: Illustrasjon, *, beskrivelse: str) -> Illustrasjon:
    """Say what it shows, for those who do not see it. Raises Borte."""
    naa = held(illustrasjon, _("Bildet er slettet av noen andre."))
    if naa.alternativ_tekst != beskrivelse:
        naa.alternativ_tekst = beskrivelse
        naa.save(update_fields=["alternativ_tekst"])
    return naa


@transaction.atomic
def move(illustrasjon: Illustrasjon, *, opp: bool) -> None:
    """One place nearer the first, or the last; at the end nothing changes. The first is the one seen on the list."""
    bilde = held(illustrasjon.fremtidsbilde)
    move_one(list(bilde.illustrasjoner.all()), illustrasjon, opp=opp, felt="plass", steg=1)


@transaction.atomic
def remove(illustrasjon: Illustrasjon) -> None:
    """Take it away, from the storage too once the row is surely gone. Gone already is gone."""
    naa = Illustrasjon.objects.filter(pk=illustrasjon.pk).select_for_update().first()
    if naa is not None:
        filvedlegg.remove(naa)


def stored(nettverk: Nettverk) -> int:
    """How many bytes the pictures of the network's images take."""
    return filvedlegg.size(Illustrasjon.objects.filter(fremtidsbilde__nettverk=nettverk))


def pictures_for_print(bilde: Fremtidsbilde) -> list[Trykkbilde]:
    """Those that the storage has."""
    return [trykk for rad in bilde.illustrasjoner.all() if (trykk := printed(rad))]
