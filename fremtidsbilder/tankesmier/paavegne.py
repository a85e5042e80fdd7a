"""Voices that somebody brings on behalf of a group: «18 barn, 4–5 år», a card for each line."""

from django.utils.translation import gettext as _

from fremtidsbilder.models import Bidrag, Samtalesporsmaal, Skanneside, Stemmegruppe
from fremtidsbilder.models.tankesmie import MAKS_TEGN
from fremtidsbilder.tankesmier.bidrag import cards_of
from fremtidsbilder.tankesmier.stand import arranging
from nettverk.skriving.barnesjekk import look_for_children
from nettverk.skriving.konflikt import KanIkke

# More lines at a time than anybody writes by hand.
MAKS_KORT = 200


def speak_for(
    sporsmaal: Samtalesporsmaal,
    *,
    gruppe: Stemmegruppe | None,
    antall: int,
    tekst: str,
    om_hvem: str = "",
    kilde: str = Bidrag.Kilde.PAA_VEGNE,
    skanneside: Skanneside | None = None,
) -> list[Bidrag]:
    """Bring what the group said, a card for each line; also when the question is closed for the phones. What may
    name a child is not shown before somebody has read it. All or nothing: raises KanIkke."""
    biter = cards_of(tekst)
    if not biter:
        raise KanIkke(_("Skriv det gruppa sa, ett bidrag på hver linje."))
    if len(biter) > MAKS_KORT:
        raise KanIkke(
            _("Det er plass til %(maks)s bidrag om gangen. Dette er %(n)s.")
            % {"maks": MAKS_KORT, "n": len(biter)}
        )
    if for_lange := [bit for bit in biter if len(bit) > MAKS_TEGN]:
        raise KanIkke(
            _(
                "Et bidrag kan ha %(maks)s tegn. Dette har %(n)s: «%(start)s …». Del det på flere linjer."
            )
            % {"maks": MAKS_TEGN, "n": len(for_lange[0]), "start": for_lange[0][:40]}
        )
    with arranging(sporsmaal) as naa:
        if gruppe is not None and gruppe.nettverk_id != naa.tankesmie.nettverk_id:
            raise KanIkke(_("Gruppa finnes ikke lenger."))
        return Bidrag.objects.bulk_create(
            Bidrag(
                sporsmaal=naa,
                tekst=bit,
                kilde=kilde,
                skanneside=skanneside,
                gruppe=gruppe,
                antall=antall,
                om_hvem=om_hvem,
                kommune_id=naa.tankesmie.kommune_id,
                skjult=bool(look_for_children(bit)),
            )
            for bit in biter
        )
