"""Write in a unit's log: save an entry without losing anybody's text, and remove one."""

import datetime
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from kommuner.gyldighet import idag
from nettverk.filer.vedlegg import forget_files
from nettverk.models import Person
from nettverk.skriving.konflikt import Borte, Lukket, write
from rolu.mellomarbeid.nestesteg import SkrevetLenke, SkrevetSteg, links, steps
from rolu.models import Loggpost, Mellomarbeid, Oppdrag, Vedlegg

# As much as each prompt of an entry holds.
TEKST_MAKS = 20_000

ER_LEVERT = _(
    "Mellomarbeidet er levert, så det kan ikke endres. "
    "Lederen kan åpne det igjen på siden for mellomarbeidet."
)

ER_SLETTET = _("Notatet er slettet av noen andre.")


def closed(arbeid: Mellomarbeid) -> str:
    """Why nothing is written in it now; nothing when it is open."""
    if arbeid.er_levert:
        return str(ER_LEVERT)
    if arbeid.oppdrag.trukket:
        grunn = {"grunn": arbeid.oppdrag.trukket_grunn}
        return _t("Oppdraget er trukket: %(grunn)s Det dere har skrevet, blir stående.") % grunn
    return ""


def hold(pk: int) -> Mellomarbeid:
    """The mellomarbeid, locked so that those who change it take turns. Raises Borte when it is no longer there."""
    arbeid = _locked(pk)
    # Read after the lock: whoever withdrew the assignment held it before us.
    arbeid.oppdrag = Oppdrag.objects.get(pk=arbeid.oppdrag_id)
    return arbeid


def _locked(pk: int) -> Mellomarbeid:
    arbeid = Mellomarbeid.objects.select_for_update(of=["self"]).filter(pk=pk).first()
    if arbeid is None:
        raise Borte(_t("Mellomarbeidet er slettet av noen andre."))
    return arbeid


def open_for_writing(pk: int) -> Mellomarbeid:
    """The mellomarbeid, held. Raises Lukket when it is closed: delivered, it must be opened again before anybody
    writes, adds a file or removes one. Borte when it is no longer there."""
    return _open(hold(pk))


def _open(arbeid: Mellomarbeid) -> Mellomarbeid:
    if hvorfor := closed(arbeid):
        raise Lukket(hvorfor)
    return arbeid


def _open_entry(pk: int, noekkel: uuid.UUID) -> tuple[Mellomarbeid, Loggpost | None]:
    """As `open_for_writing`, with the entry as it stands now; None when there is none yet. Raises DoesNotExist when the
    key is of an entry elsewhere."""
    arbeid = _locked(pk)
    # After the lock, and the assignment with it: as in `hold`.
    poster = Loggpost.objects.filter(noekkel=noekkel).select_related("mellomarbeid__oppdrag")
    post = poster.first()
    if post is None or post.mellomarbeid_id != arbeid.pk:
        arbeid.oppdrag = Oppdrag.objects.get(pk=arbeid.oppdrag_id)
    else:
        arbeid.oppdrag = post.mellomarbeid.oppdrag
    _open(arbeid)
    if post and post.mellomarbeid_id != arbeid.pk:
        raise Loggpost.DoesNotExist
    return arbeid, post


def begin(arbeid: Mellomarbeid) -> None:
    """The first that is written or added moves the mellomarbeid from not begun to begun."""
    if arbeid.status == Mellomarbeid.Status.IKKE_STARTET:
        arbeid.status = Mellomarbeid.Status.KLADD
        arbeid.save(update_fields=["status"])


def new_key(mellomarbeid: Mellomarbeid, *, fase: str, by: Person) -> uuid.UUID:
    """The key of the person's next entry. The same until it is saved, so that unsaved text finds its
    way back; nobody else can reckon it out."""
    egne = mellomarbeid.loggposter.filter(skrevet_av=by.pk, fase=fase).count()
    tegn = salted_hmac("rolu.loggpost", f"{mellomarbeid.pk}/{by.pk}/{fase}/{egne}").digest()
    noekkel = uuid.UUID(bytes=tegn[:16], version=4)
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
    by: Person,
    dato: datetime.date | None = None,
    steg: Sequence[SkrevetSteg] | None = None,
    lenker: Sequence[SkrevetLenke] | None = None,
    **felt: Any,
) -> Loggpost:
    """Save the entry, made at its first save. Raises Konflikt or Lukket, having changed nothing.

    `felt` is what else the entry tells. What is left out stands, and is of today and of what was tried in a new one.
    """
    arbeid, post = _open_entry(mellomarbeid.pk, noekkel)
    post = post or Loggpost(
        mellomarbeid=arbeid, noekkel=noekkel, skrevet_av=by, fase=Loggpost.Fase.PROEVE
    )
    rader = [steps(post, steg)] if steg is not None else []
    rader += [links(post, lenker)] if lenker is not None else []
    dato = dato or post.dato
    felt |= {"dato": dato, "stand": stand_on(post, dato)}
    write(post, versjon=versjon, felt=felt, rader_endres=any(rader))
    for noen in rader:
        noen.write(post)
    begin(arbeid)
    return post


def stand_on(post: Loggpost, dato: datetime.date) -> Loggpost.Stand:
    """A day to come is planned. What was planned has been when it is moved to a day that is not to come; else it
    stays planned until the unit has said what came of it."""
    if dato > idag():
        return Loggpost.Stand.PLANLAGT
    flyttet = post.pk is not None and post.dato != dato
    if flyttet and post.stand == Loggpost.Stand.PLANLAGT:
        return Loggpost.Stand.SKJEDD
    return Loggpost.Stand(post.stand)


@transaction.atomic
def happened(post: Loggpost) -> Loggpost:
    """A planned day that has passed, and it came to something."""
    return _settle(post, stand=Loggpost.Stand.SKJEDD)


@transaction.atomic
def came_to_nothing(post: Loggpost) -> Loggpost:
    return _settle(post, stand=Loggpost.Stand.BLE_IKKE)


@transaction.atomic
def move(post: Loggpost) -> Loggpost:
    """To the same day of the week, the first that is to come."""
    uker = max(0, (idag() - post.dato).days) // 7 + 1
    return _settle(post, dato=post.dato + uker * datetime.timedelta(days=7))


def _settle(post: Loggpost, **felt: Any) -> Loggpost:
    """Twice, or after somebody else has said it, changes nothing. Raises Lukket."""
    open_for_writing(post.mellomarbeid_id)
    naa = Loggpost.objects.filter(pk=post.pk).first()
    if naa is None:
        raise Borte(str(ER_SLETTET))
    if naa.stand != Loggpost.Stand.PLANLAGT or naa.dato >= idag():
        return naa
    return write(naa, versjon=naa.versjon, felt=felt)


@transaction.atomic
def remove(post: Loggpost) -> None:
    """Remove an entry with its files; the database's history keeps what was written. Raises Lukket."""
    open_for_writing(post.mellomarbeid_id)
    filer = Vedlegg.objects.filter(loggpost=post.pk)
    forget_files(list(filer))
    filer.delete()
    post.delete()


def is_anothers(noekkel: uuid.UUID, arbeid: Mellomarbeid) -> bool:
    """That the key is of an entry in another mellomarbeid."""
    return Loggpost.objects.filter(noekkel=noekkel).exclude(mellomarbeid=arbeid).exists()
