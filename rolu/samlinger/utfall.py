"""What came of a gathering: write an outcome, change it, take it away; and follow a commitment up."""

import datetime
import uuid
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from kommuner.models import Kommune
from nettverk.models import Gruppe, Person
from nettverk.skriving.konflikt import KanIkke, write
from nettverk.tilgang.roller import Roller
from rolu.models import Oppdrag, Programpost, Samling, Utfall
from rolu.models.utfall import UtfallQuerySet
from rolu.samlinger.tilstand import writing

Type = Utfall.Type


def add(
    samling: Samling,
    *,
    post: Programpost | None,
    type_: str,
    tekst: str,
    by: Person,
    noekkel: uuid.UUID | None = None,
    kommune: Kommune | None = None,
    gruppe: Gruppe | None = None,
    frist: datetime.date | None = None,
) -> Utfall:
    """Write an outcome of an item, or of the gathering as a whole. Lukket when the gathering is locked.

    A decision gets the next number of the gathering. The same `noekkel` with the same text is the outcome
    that stands; with another text it is another outcome, so that nothing typed is lost.
    """
    felt = _only_what_counts(type_=type_, tekst=tekst, kommune=kommune, gruppe=gruppe, frist=frist)
    with writing(samling) as naa:
        gjort_foer = Utfall.objects.filter(noekkel=noekkel).first() if noekkel else None
        if gjort_foer and gjort_foer.samling_id == naa.pk and _holds(gjort_foer, felt):
            return gjort_foer
        return Utfall.objects.create(
            samling=naa,
            programpost=post,
            nummer=_next_number(naa) if type_ == Type.BESLUTNING else None,
            noekkel=uuid.uuid4() if gjort_foer or noekkel is None else noekkel,
            **felt,
        )


def change(
    utfall: Utfall,
    *,
    type_: str,
    tekst: str,
    versjon: int,
    by: Person,
    kommune: Kommune | None = None,
    gruppe: Gruppe | None = None,
    frist: datetime.date | None = None,
) -> Utfall:
    """Write in an outcome that was opened as `versjon`. Raises Konflikt, Lukket, and KanIkke when an
    assignment that is given would become something else.

    What becomes a decision gets a number; what no longer is one, leaves its number unused.
    """
    felt = _only_what_counts(type_=type_, tekst=tekst, kommune=kommune, gruppe=gruppe, frist=frist)
    with writing(utfall.samling) as samling:
        rad = _held(utfall)
        ogsaa: dict[str, Any] = {}
        if rad.type != type_:
            if rad.oppdrag_id:
                raise KanIkke(_("Oppdraget er gitt til enhetene, så dette er fortsatt et oppdrag."))
            ogsaa = {
                "nummer": _next_number(samling) if type_ == Type.BESLUTNING else None,
                "gjort": None,
                "gjort_av": None,
            }
        return write(rad, versjon=versjon, felt=felt, **ogsaa)


def remove(utfall: Utfall, *, by: Person) -> None:
    """Take it away; twice changes nothing. Its history stays, and a decision's number is not used again.
    Lukket when the gathering is locked."""
    with writing(utfall.samling):
        Utfall.objects.filter(pk=utfall.pk).delete()


def became(utfall: Utfall, oppdrag: Oppdrag) -> None:
    """The assignment that was decided has been given to the units. Also of a locked gathering: it is not
    changed by it, and an assignment is given when it is ready."""
    Utfall.objects.filter(pk=utfall.pk, type=Type.OPPDRAG, oppdrag=None).update(oppdrag=oppdrag)


# --- following a commitment up: it lives longer than the gathering, so the lock does not hold it


@transaction.atomic
def finish(utfall: Utfall, *, by: Person) -> Utfall:
    """It is done. Twice changes nothing: the first time and person stand."""
    rad = _held(utfall)
    if rad.type != Type.OPPFOLGING:
        raise KanIkke(_("Bare en oppfølging kan merkes som gjort."))
    if rad.gjort is None:
        rad.gjort, rad.gjort_av = timezone.now(), by
        rad.save(update_fields=["gjort", "gjort_av"])
    return rad


@transaction.atomic
def reopen(utfall: Utfall, *, by: Person) -> Utfall:
    """It is not done after all."""
    rad = _held(utfall)
    if rad.gjort is not None:
        rad.gjort = rad.gjort_av = None
        rad.save(update_fields=["gjort", "gjort_av"])
    return rad


# --- on a page


def add_outcomes(samling: Samling, poster: Iterable[Any], roller: Roller) -> list[Utfall]:
    """Gives each item its outcomes as `utfallene`; returns those that are of no item (any more). One query."""
    synlige = Utfall.objects.visible_to(roller)
    return _add_outcomes(samling, poster, synlige)


def add_outcomes_of_all(samling: Samling, poster: Iterable[Any]) -> list[Utfall]:
    """As `add_outcomes`, for a document that somebody who sees the gathering has asked for. One query."""
    return _add_outcomes(samling, poster, Utfall.objects.all())


def _add_outcomes(samling: Samling, poster: Iterable[Any], rader: UtfallQuerySet) -> list[Utfall]:
    per_post = {post.pk: post for post in poster}
    for post in per_post.values():
        post.utfallene = []
    uten: list[Utfall] = []
    for utfall in rader.filter(samling=samling).with_who():
        utfall.samling = samling
        post = per_post.get(utfall.programpost_id)
        (post.utfallene if post else uten).append(utfall)
    return uten


# --- within


def _held(utfall: Utfall) -> Utfall:
    rad = Utfall.objects.select_for_update(of=["self"], no_key=True).filter(pk=utfall.pk).first()
    if rad is None:
        raise KanIkke(_("Noen andre har fjernet dette mens du hadde siden åpen."))
    return rad


def _only_what_counts(
    *,
    type_: str,
    tekst: str,
    kommune: Kommune | None,
    gruppe: Gruppe | None,
    frist: datetime.date | None,
) -> dict[str, Any]:
    """Who and by when are said of a commitment only."""
    lover = type_ == Type.OPPFOLGING
    return {
        "type": type_,
        "tekst": tekst,
        "kommune": kommune if lover else None,
        "gruppe": gruppe if lover else None,
        "frist": frist if lover else None,
    }


def _holds(rad: Utfall, felt: dict[str, Any]) -> bool:
    return all(getattr(rad, navn) == verdi for navn, verdi in felt.items())


def _next_number(samling: Samling) -> int:
    """One more than any decision of the gathering has had, also one that is taken away. The gathering's row
    is held, so nobody else gets the same."""
    historie: Any = Utfall.pgh_event_model.objects  # type: ignore[attr-defined]  # made by pghistory
    brukt = historie.filter(samling=samling.pk).aggregate(n=Max("nummer"))
    return (brukt["n"] or 0) + 1
