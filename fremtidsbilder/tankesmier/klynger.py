"""Themes on a wall: make one, name it, put cards in it, merge it into another and part them again.

Everything is done while the question is held (`stand.arranging`): who drags a card into a theme that another merges
at the same moment, finds the card in the theme it became part of.
"""

from collections.abc import Iterable

from django.db.models import Max
from django.utils.translation import gettext as _

from fremtidsbilder.models import Klynge, Samtalesporsmaal
from fremtidsbilder.tankesmier.stand import arranging
from nettverk.skriving.konflikt import KanIkke

MAKS_TEMAER = 60


def make(sporsmaal: Samtalesporsmaal, *, navn: str, kort: Iterable[int] = ()) -> Klynge:
    """A theme, with these cards in it. The name of one that is there gives that one."""
    with arranging(sporsmaal) as naa:
        klynge = naa.klynger.filter(navn=navn).first()
        if klynge is None:
            if naa.klynger.count() >= MAKS_TEMAER:
                raise KanIkke(
                    _("Det er plass til %(n)s temaer. Slå sammen to først.") % {"n": MAKS_TEMAER}
                )
            sist = naa.klynger.aggregate(nr=Max("rekkefolge"))["nr"] or 0
            klynge = Klynge.objects.create(sporsmaal=naa, navn=navn, rekkefolge=sist + 1)
        elif klynge.inn_i_id:
            # It was merged into another: whoever asks for it by name wants to see it.
            klynge.inn_i = None
            klynge.save(update_fields=["inn_i"])
        naa.bidrag.filter(pk__in=list(kort)).update(klynge=klynge)
        return klynge


def rename(sporsmaal: Samtalesporsmaal, tema: int, *, navn: str) -> None:
    """Give it another name, which no other theme has."""
    with arranging(sporsmaal) as naa:
        klynge = _the_one(naa, tema)
        if naa.klynger.filter(navn=navn).exclude(pk=klynge.pk).exists():
            raise KanIkke(
                _("Et annet tema heter «%(navn)s». Slå dem heller sammen.") % {"navn": navn}
            )
        klynge.navn = navn
        klynge.save(update_fields=["navn"])


def place(sporsmaal: Samtalesporsmaal, kort: Iterable[int], *, tema: int | None) -> int:
    """Put cards in a theme, or with None outside of all. How many."""
    with arranging(sporsmaal) as naa:
        klynge = _the_one(naa, tema) if tema else None
        return naa.bidrag.filter(pk__in=list(kort)).update(klynge=klynge)


def merge(sporsmaal: Samtalesporsmaal, tema: int, *, inn_i: int) -> None:
    """Show the cards of `tema` in the theme `inn_i`, with those of what was merged into it before. Each card keeps
    the theme it was put in."""
    with arranging(sporsmaal) as naa:
        klynge, maal = _the_one(naa, tema), _the_one(naa, inn_i)
        rot = maal.inn_i or maal
        if rot.pk == klynge.pk:
            if maal.pk == klynge.pk:
                raise KanIkke(_("Velg et annet tema å slå det sammen med."))
            # It is merged into this one already: then it is the other that is shown.
            rot, maal.inn_i = maal, None
            maal.save(update_fields=["inn_i"])
        naa.klynger.filter(inn_i=klynge).exclude(pk=rot.pk).update(inn_i=rot)
        klynge.inn_i = rot
        klynge.save(update_fields=["inn_i"])


def part(sporsmaal: Samtalesporsmaal, tema: int) -> None:
    """Show a theme that was merged on its own again, with its own cards."""
    with arranging(sporsmaal) as naa:
        klynge = _the_one(naa, tema)
        klynge.inn_i = None
        klynge.save(update_fields=["inn_i"])


def remove(sporsmaal: Samtalesporsmaal, tema: int) -> None:
    """Take a theme away. Its cards stay on the wall, outside of all; what was merged into it is shown again."""
    with arranging(sporsmaal) as naa:
        _the_one(naa, tema).delete()


def _the_one(sporsmaal: Samtalesporsmaal, tema: int) -> Klynge:
    klynge: Klynge | None = sporsmaal.klynger.select_related("inn_i").filter(pk=tema).first()
    if klynge is None:
        raise KanIkke(_("Temaet er fjernet."))
    return klynge
