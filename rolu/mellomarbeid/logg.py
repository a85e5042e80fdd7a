"""Write in a unit's log: save an entry without losing anybody's text, and remove one."""

import datetime
import uuid

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from nettverk.models import Person
from nettverk.skriving.konflikt import Lukket, write
from rolu.models import Loggpost, Mellomarbeid

ER_LEVERT = _(
    "Mellomarbeidet er levert, så det kan ikke endres. "
    "Lederen kan åpne det igjen på siden for mellomarbeidet."
)


def open_for_writing(pk: int) -> Mellomarbeid:
    """The mellomarbeid, locked so that those who write in it take turns. Raises Lukket when it is
    delivered: it must be opened again before anybody writes, adds a file or removes one."""
    arbeid = Mellomarbeid.objects.select_for_update().get(pk=pk)
    if arbeid.er_levert:
        raise Lukket(str(ER_LEVERT))
    return arbeid


def begin(arbeid: Mellomarbeid) -> None:
    """The first that is written or added moves the mellomarbeid from not begun to begun."""
    if arbeid.status == Mellomarbeid.Status.IKKE_STARTET:
        arbeid.status = Mellomarbeid.Status.KLADD
        arbeid.save(update_fields=["status"])


def new_key(mellomarbeid: Mellomarbeid, *, fase: str, by: Person) -> uuid.UUID:
    """The key of the person's next entry. The same until it is saved, so that unsaved text finds its
    way back."""
    egne = mellomarbeid.loggposter.filter(skrevet_av=by.pk, fase=fase).count()
    noekkel = uuid.uuid5(uuid.NAMESPACE_URL, f"{mellomarbeid.pk}/{by.pk}/{fase}/{egne}")
    while Loggpost.objects.filter(noekkel=noekkel).exists():
        noekkel = uuid.uuid4()  # one was removed or changed phase: the row of numbers has a gap
    return noekkel


def last_written(arbeid: Mellomarbeid, *, besides: Loggpost | None) -> list[Loggpost]:
    """What the unit wrote last, to have beside what is written now."""
    andre = arbeid.loggposter.exclude(tekst="")
    if besides:
        andre = andre.exclude(pk=besides.pk)
    return list(andre.select_related("skrevet_av").order_by("-dato", "-pk")[:2])


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
    """Save the entry, made at its first save. Raises Konflikt or Lukket, having changed nothing."""
    arbeid = open_for_writing(mellomarbeid.pk)
    post = Loggpost.objects.filter(noekkel=noekkel).first()
    post = post or Loggpost(mellomarbeid=arbeid, noekkel=noekkel, skrevet_av=by)
    if post.mellomarbeid_id != arbeid.pk:
        raise Loggpost.DoesNotExist
    felt = {"fase": fase, "dato": dato, "tekst": tekst, "hvem": hvem}
    write(post, versjon=versjon, felt=felt)
    begin(arbeid)
    return post


@transaction.atomic
def remove(post: Loggpost) -> None:
    """Remove an entry; the database's history keeps it. Raises Lukket."""
    open_for_writing(post.mellomarbeid_id)
    post.delete()
