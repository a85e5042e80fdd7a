"""Voices that somebody brings on behalf of a group: «18 barn, 4–5 år», a card for each line, and one for their drawings."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from fremtidsbilder.models import (
    Bidrag,
    Bidragsbilde,
    Samtalesporsmaal,
    Skanneside,
    Stemmegruppe,
)
from fremtidsbilder.tankesmier import bidragsbilder
from fremtidsbilder.tankesmier.bidrag import cards_of, require_short
from fremtidsbilder.tankesmier.moderering import said
from fremtidsbilder.tankesmier.stand import arranging
from fremtidsbilder.tankesmier.stemmegrupper import kept
from nettverk.filer import vedlegg as filvedlegg
from nettverk.filer.opplasting import GodkjentFil
from nettverk.skriving.gjennomsyn import look_over
from nettverk.skriving.konflikt import KanIkke

# More lines at a time than anybody writes by hand.
MAKS_KORT = 200
# More people than one speaks for at once.
MAKS_ANTALL = 5_000


def speak_for(
    sporsmaal: Samtalesporsmaal,
    *,
    gruppe: Stemmegruppe | None,
    antall: int,
    tekst: str,
    om_hvem: str = "",
    filer: Sequence[GodkjentFil] = (),
    beskrivelse: str = "",
    kilde: str = Bidrag.Kilde.PAA_VEGNE,
    skanneside: Skanneside | None = None,
) -> list[Bidrag]:
    """Bring what the group said, a card for each line, and last one with the pictures of their drawings, whose text is
    what they show; also when the question is closed for the phones. The cards are of one moment: by that the group
    counts once (`stemmetall`). What may name a child, or names somebody who works in the network, is not shown
    before somebody has read it. All or nothing: raises KanIkke and IkkePlass."""
    biter = [] if filer and not tekst.strip() else lines_of(tekst)
    if filer:
        biter.append(beskrivelse)
    naar = timezone.now()
    nettverk = sporsmaal.tankesmie.nettverk
    ingen = Bidragsbilde.objects.none()
    with (
        filvedlegg.written(list(filer), blant=ingen, nettverk=nettverk) as skrevet,
        arranging(sporsmaal) as naa,
    ):
        fremmed = gruppe is not None and gruppe.nettverk_id != naa.tankesmie.nettverk_id
        if fremmed or (gruppe is not None and not kept([gruppe.pk])):
            raise KanIkke(_("Gruppa finnes ikke lenger."))
        funn = look_over(nettverk, [said(bit, om_hvem) for bit in biter])
        kort = Bidrag.objects.bulk_create(
            Bidrag(
                sporsmaal=naa,
                tekst=bit,
                kilde=kilde,
                skanneside=skanneside,
                gruppe=gruppe,
                antall=antall,
                om_hvem=om_hvem,
                kommune_id=naa.tankesmie.kommune_id,
                skjult=sett.maa_leses,
                skrevet=naar,
            )
            for bit, sett in zip(biter, funn, strict=True)
        )
        if skrevet:
            bidragsbilder.hang(kort[-1], skrevet, nettverk=nettverk, beskrivelse=beskrivelse)
        return kort


def lines_of(tekst: str) -> list[str]:
    """What becomes a card each; the same line twice is one, since the group says it once. Raises KanIkke when there is
    none, or too many, or one is too long."""
    biter = cards_of(tekst)
    if not biter:
        raise KanIkke(_("Skriv det gruppa sa, ett bidrag på hver linje."))
    if len(biter) > MAKS_KORT:
        raise KanIkke(
            _("Det er plass til %(maks)s bidrag om gangen. Dette er %(n)s.")
            % {"maks": MAKS_KORT, "n": len(biter)}
        )
    require_short(biter)
    linjer: dict[str, str] = {}
    for bit in biter:
        linjer.setdefault(" ".join(bit.split()).casefold(), bit)
    return list(linjer.values())
