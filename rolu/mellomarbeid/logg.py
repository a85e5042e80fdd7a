"""Write in a unit's log: save an entry without losing anybody's text, and remove one."""

import datetime
import uuid

from django.db import transaction

from nettverk.models import Person
from rolu.models import Loggpost, Mellomarbeid


class Konflikt(Exception):
    """Somebody else has saved the entry since it was fetched. `deres` is the entry as it stands now."""

    def __init__(self, deres: Loggpost) -> None:
        super().__init__()
        self.deres = deres


class ErLevert(Exception):
    """The mellomarbeid was delivered meanwhile; it must be opened again before anybody writes."""


@transaction.atomic
def save(
    *,
    mellomarbeid: Mellomarbeid,
    noekkel: uuid.UUID,
    versjon: int,
    fase: str,
    dato: datetime.date,
    tekst: str,
    hvem: str,
    by: Person,
) -> Loggpost:
    """Save the entry, made at its first save. Raises Konflikt or ErLevert, having changed nothing.

    A save that arrives twice (the answer was lost on the way) is no conflict when the text is the same.
    The first entry moves the mellomarbeid from not begun to begun.
    """
    # The lock makes writers of one unit take turns, so that two first saves cannot both make the row.
    arbeid = Mellomarbeid.objects.select_for_update().get(pk=mellomarbeid.pk)
    if arbeid.er_levert:
        raise ErLevert
    post = Loggpost.objects.filter(noekkel=noekkel).first()
    felt = {"fase": fase, "dato": dato, "tekst": tekst, "hvem": hvem}
    if post is None:
        post = Loggpost(mellomarbeid=arbeid, noekkel=noekkel, skrevet_av=by)
    elif post.mellomarbeid_id != arbeid.pk:
        raise Loggpost.DoesNotExist
    elif all(getattr(post, navn) == verdi for navn, verdi in felt.items()):
        return post
    elif post.versjon != versjon:
        raise Konflikt(post)
    for navn, verdi in felt.items():
        setattr(post, navn, verdi)
    post.versjon += 1
    post.save()
    if arbeid.status == Mellomarbeid.Status.IKKE_STARTET:
        arbeid.status = Mellomarbeid.Status.KLADD
        arbeid.save(update_fields=["status"])
    return post


@transaction.atomic
def remove(post: Loggpost) -> None:
    """Remove an entry; the database's history keeps it. Raises ErLevert."""
    arbeid = Mellomarbeid.objects.select_for_update().get(pk=post.mellomarbeid_id)
    if arbeid.er_levert:
        raise ErLevert
    post.delete()
