"""Themes on a wall: make one, name it, put cards in it, merge it into another and part them again.

A card is put in one theme (`Bidrag.klynge`), and may stand in others too (`andre_klynger`).

Everything is done while the question is held (`stand.arranging`): who drags a card into a theme that another merges
at the same moment, finds the card in the theme it became part of.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from fremtidsbilder.models import Bidrag, Klynge, Samtalesporsmaal
from fremtidsbilder.tankesmier.stand import arranging, held_cards
from nettverk.skriving.konflikt import KanIkke

MAKS_TEMAER = 60
# That a card also stands in a theme.
_Ogsaa = Bidrag.andre_klynger.through


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
        _move(naa.bidrag.filter(pk__in=list(kort)), klynge)
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


def place(
    sporsmaal: Samtalesporsmaal, kort: Iterable[int], *, tema: int | None, ogsaa: bool = False
) -> int:
    """Put cards in a theme, and there alone, or with None outside of all. With `ogsaa` they stand in this theme too,
    beside those they are in; one that is in none, is put in it. How many."""
    with arranging(sporsmaal) as naa:
        klynge = _the_one(naa, tema) if tema else None
        valgte = naa.bidrag.filter(pk__in=list(kort))
        if klynge is None or not ogsaa:
            return _move(valgte, klynge)
        har_tema = list(
            valgte.filter(klynge__isnull=False).exclude(klynge=klynge).values_list("pk", flat=True)
        )
        n = held_cards(valgte.exclude(pk__in=har_tema)).update(klynge=klynge)
        _Ogsaa.objects.bulk_create(
            (_Ogsaa(bidrag_id=pk, klynge=klynge) for pk in har_tema), ignore_conflicts=True
        )
        return n + len(har_tema)


def take_out(sporsmaal: Samtalesporsmaal, kort: Iterable[int], *, tema: int) -> int:
    """Take cards out of a theme; they stay in the others they are in. How many."""
    with arranging(sporsmaal) as naa:
        klynge = _the_one(naa, tema)
        # What was merged into it is shown in it.
        vises = [klynge.pk, *naa.klynger.filter(inn_i=klynge).values_list("pk", flat=True)]
        her = Q(klynge__in=vises) | Q(
            pk__in=_Ogsaa.objects.filter(klynge__in=vises).values("bidrag")
        )
        laaste = held_cards(naa.bidrag.filter(her, pk__in=list(kort)))
        kortene = list(laaste.values_list("pk", flat=True))
        _Ogsaa.objects.filter(bidrag__in=kortene, klynge__in=vises).delete()
        laaste.filter(klynge__in=vises).update(klynge=None)
        _let_another_be_first(naa, kortene)
        return len(kortene)


def _move(kort: QuerySet[Bidrag], klynge: Klynge | None) -> int:
    """From all the themes they stand in, to this one."""
    _Ogsaa.objects.filter(bidrag__in=kort).delete()
    return held_cards(kort).update(klynge=klynge)


def _let_another_be_first(sporsmaal: Samtalesporsmaal, kort: Iterable[int]) -> None:
    """Cards that have lost the theme they were put in first, stand in the next of theirs."""
    uten = held_cards(sporsmaal.bidrag.filter(pk__in=list(kort), klynge__isnull=True))
    foerst: dict[int, Any] = {}
    for rad in _Ogsaa.objects.filter(bidrag__in=uten).order_by("pk"):
        foerst.setdefault(rad.bidrag_id, rad)
    for pk, rad in foerst.items():
        sporsmaal.bidrag.filter(pk=pk).update(klynge=rad.klynge_id)
    _Ogsaa.objects.filter(pk__in=[rad.pk for rad in foerst.values()]).delete()


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
    """Take a theme away. Its cards stay on the wall, in the other themes they are in or outside of all; what was merged
    into it is shown again."""
    with arranging(sporsmaal) as naa:
        klynge = _the_one(naa, tema)
        kort = list(held_cards(klynge.bidrag.all()).values_list("pk", flat=True))
        klynge.delete()
        _let_another_be_first(naa, kort)


def _the_one(sporsmaal: Samtalesporsmaal, tema: int) -> Klynge:
    klynge: Klynge | None = sporsmaal.klynger.select_related("inn_i").filter(pk=tema).first()
    if klynge is None:
        raise KanIkke(_("Temaet er fjernet."))
    return klynge
