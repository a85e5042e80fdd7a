"""What was not finished at a gathering: mark it, and carry it to a later one."""

from typing import Any

from django.db import transaction
from django.db.models import BooleanField, Case, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from nettverk.models import Person
from nettverk.skriving.konflikt import KanIkke
from nettverk.tilgang.roller import Roller
from rolu.models import Programpost, Samling
from rolu.samlinger.programplan import copied
from rolu.samlinger.tilstand import writing


def set_unfinished(post: Programpost, *, uferdig: bool, by: Person) -> None:
    """Say that an item was not finished, or that it was after all. Lukket when the gathering is locked."""
    with writing(post.samling):
        Programpost.objects.filter(pk=post.pk).update(uferdig=uferdig)
    post.uferdig = uferdig


def unfinished(samling: Samling) -> QuerySet[Programpost]:
    """The items that were not finished and have not been carried to another gathering."""
    return samling.programposter.filter(uferdig=True, videre=None)


def later(samling: Samling, roller: Roller) -> QuerySet[Samling]:
    """The gatherings to come whose programme the person may change; the next of the same series first."""
    synlige = Samling.objects.visible_to(roller).filter(
        status__in=[Samling.Status.UTKAST, Samling.Status.INVITERT],
        slutt__gte=timezone.now(),
        start__gt=samling.start,
    )
    if not roller.er_koordinator:
        synlige = synlige.filter(prosessledere=roller.person.pk)
    samme = When(serie=samling.serie_id, then=Value(True)) if samling.serie_id else None
    foerst: Any = (
        Case(samme, default=Value(False), output_field=BooleanField()) if samme else Value(False)
    )
    return (
        synlige.exclude(pk=samling.pk)
        .alias(er_samme_serie=foerst)
        .order_by("-er_samme_serie", "start", "pk")
    )


@transaction.atomic
def carry(samling: Samling, *, til: Samling, by: Person) -> list[Programpost]:
    """Put what was not finished at the end of the programme of `til`, one after another; what has been
    carried before is left. Returns the new items.

    The gathering it comes from is not changed, and may be locked. Lukket when `til` is locked, KanIkke when
    it is over or called off.
    """
    with writing(til) as naa:
        if not (naa.er_utkast or naa.er_forestaaende):
            raise KanIkke(_("Du kan bare ta med poster til en samling som ikke har vært."))
        # Held first and looked at after: two who carry at once, carry once.
        uferdige = samling.programposter.filter(uferdig=True).order_by("pk")
        list(uferdige.select_for_update(of=["self"], no_key=True))
        siste = max((p.slutt for p in naa.programposter.all()), default=naa.start)
        nye = []
        for post in unfinished(samling):
            ny = _again(post, til=naa)
            ny.start = siste
            siste = ny.slutt
            nye.append(ny)
        return Programpost.objects.bulk_create(nye)


def _again(post: Programpost, *, til: Samling) -> Programpost:
    """The same item; without its room, which is another place, and its note, which is read where it was."""
    return Programpost(
        samling=til,
        fra=post,
        varighet=post.varighet,
        **copied(post, uten={"rom"}),
    )
