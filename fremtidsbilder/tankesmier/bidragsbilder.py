"""The drawings and photographs that go with a card: kept without what the camera knew, and looked at by a person before
anybody outside sees them."""

import datetime
from functools import partial

import pgtrigger
from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from fremtidsbilder.models import Bidrag, Bidragsbilde, Samtalesporsmaal, Skanneside
from fremtidsbilder.tankesmier.stand import changed
from nettverk.filer import vedlegg as filvedlegg
from nettverk.filer.opplasting import GodkjentFil
from nettverk.filer.vedlegg import SkrevetFil
from nettverk.models import Nettverk
from nettverk.skriving.konflikt import Borte, KanIkke
from nettverk.skriving.laas import held

# So long after a tankesmie is closed a picture waits to be let out.
IKKE_GODKJENT_BEHOLDES = datetime.timedelta(days=90)
# To one card.
MAKS_BILDER = 10
_BESKRIVELSE = 300


def attach(
    kort: Bidrag, *, filer: list[GodkjentFil], nettverk: Nettverk, beskrivelse: str = ""
) -> list[Bidragsbilde]:
    """Keep the pictures, those that the card has not from before: the same sent twice is there once. Without a
    `beskrivelse` they show what the card says. What was approved was the card without them, so it waits to be read
    again. Raises IkkePlass, KanIkke and Borte."""
    blant = Bidragsbilde.objects.filter(bidrag=kort)
    with filvedlegg.written(filer, blant=blant, nettverk=nettverk) as skrevet:
        naa = held(kort, _("Bidraget er slettet av noen andre."))
        if not naa.tekst:
            raise Borte(_("Bidraget er tatt tilbake eller slettet."))
        nye = hang(naa, skrevet, nettverk=nettverk, beskrivelse=beskrivelse or said_by(naa))
        if nye:
            if naa.avgjoerelse:
                naa.avgjoerelse, naa.grunn = "", ""
                # Of what the writer does history keeps nothing.
                with pgtrigger.ignore(f"{Bidrag._meta.label}:update_update"):
                    naa.save(update_fields=["avgjoerelse", "grunn"])
            changed(naa.sporsmaal.tankesmie_id)
        return nye


def hang(
    kort: Bidrag, skrevet: list[SkrevetFil], *, nettverk: Nettverk, beskrivelse: str
) -> list[Bidragsbilde]:
    """Give the files rows at the card. Call within `filvedlegg.written`, with the card held or new. Raises IkkePlass and
    KanIkke."""
    blant = Bidragsbilde.objects.filter(bidrag=kort)
    nye = [
        Bidragsbilde(
            bidrag=kort,
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
    return Bidragsbilde.objects.bulk_create(nye)


@transaction.atomic
def forget(kort: QuerySet[Bidrag]) -> None:
    """Take the pictures of the cards away, from the storage too once the rows are surely gone."""
    bilder = Bidragsbilde.objects.filter(bidrag__in=kort)
    filvedlegg.forget_files(list(bilder.select_for_update(of=["self"])))
    # History keeps that they went, and nothing of what they showed or were called.
    bilder.update(alternativ_tekst="", fil="", liten="")
    bilder.delete()


def forget_pages(sider: QuerySet[Skanneside]) -> int:
    """Take the pictures of scanned pages away, from the storage too once that is sure. How many."""
    laaste = list(sider.exclude(bilde="").select_for_update().order_by("pk"))
    for side in laaste:
        transaction.on_commit(partial(side.bilde.storage.delete, str(side.bilde.name)))
    Skanneside.objects.filter(pk__in=[s.pk for s in laaste]).update(bilde="", bytes=0)
    return len(laaste)


def follow(kort: QuerySet[Bidrag]) -> None:
    """The cards have been written anew by those who wrote them: their pictures show what they say now, and go with
    those that are taken back. One query where there are none. Call with the cards held."""
    bilder = list(Bidragsbilde.objects.filter(bidrag__in=kort).select_related("bidrag"))
    borte = [bilde for bilde in bilder if not bilde.bidrag.tekst]
    if borte:
        filvedlegg.forget_files(borte)
        # Of what the writer does history keeps nothing.
        with pgtrigger.ignore(f"{Bidragsbilde._meta.label}:delete_delete"):
            Bidragsbilde.objects.filter(pk__in=[bilde.pk for bilde in borte]).delete()
    staar = [bilde for bilde in bilder if bilde.bidrag.tekst]
    for bilde in staar:
        bilde.alternativ_tekst = said_by(bilde.bidrag)
    if staar:
        Bidragsbilde.objects.bulk_update(staar, ["alternativ_tekst"])


def said_by(kort: Bidrag) -> str:
    """What the card says, as the words of its picture."""
    return Truncator(" ".join(kort.tekst.split())).chars(_BESKRIVELSE)


def approved_on(sporsmaal: Samtalesporsmaal) -> dict[int, list[Bidragsbilde]]:
    """The pictures of its approved cards, by the card. One query."""
    bilder: dict[int, list[Bidragsbilde]] = {}
    godkjente = Bidrag.objects.approved().filter(sporsmaal=sporsmaal)
    for bilde in Bidragsbilde.objects.filter(bidrag__in=godkjente).order_by("pk"):
        bilder.setdefault(bilde.bidrag_id, []).append(bilde)
    return bilder


def purge(naa: datetime.datetime) -> int:
    """Take away the pictures that nobody has let out, some time after the tankesmie was closed. How many."""
    gamle = Bidrag.objects.filter(sporsmaal__tankesmie__lukket__lt=naa - IKKE_GODKJENT_BEHOLDES)
    kort = gamle.exclude(pk__in=Bidrag.objects.approved().values("pk"))
    antall = Bidragsbilde.objects.filter(bidrag__in=kort).count()
    if antall:
        forget(kort)
    return antall


def stored(nettverk: Nettverk) -> int:
    """How many bytes they take."""
    return filvedlegg.size(
        Bidragsbilde.objects.filter(bidrag__sporsmaal__tankesmie__nettverk=nettverk)
    )
