"""A kommune or a unit takes a goal above as its own, so that one goal is not written 45 times."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from fremtidsbilder.maal.skriving import may_be_above
from fremtidsbilder.models import Maal, Maalrunde
from fremtidsbilder.sted import Hjemsted, places_below
from nettverk.models import Person
from nettverk.skriving.konflikt import KanIkke
from nettverk.skriving.laas import held, hold


def places_to_take(
    maal: Maal, steder: Iterable[Hjemsted], kommuner: dict[int, int]
) -> list[Hjemsted]:
    """Of `steder`, those that may take the goal in. No queries; `kommuner` is `kommune_of_units`."""
    return places_below(maal, steder, kommuner) if maal.tilstand == Maal.Tilstand.VEDTATT else []


def takings(maal: Maal) -> dict[tuple[int | None, int | None], Maal]:
    """Those that have taken the goal in and have it still, by `Hjemsted.ider`. One query."""
    rader = Maal.objects.filter(over=maal, overtatt=True).exclude(tilstand=Maal.Tilstand.AVSLUTTET)
    return {(m.kommune_id, m.enhet_id): m for m in rader}


@transaction.atomic
def take_in(maal: Maal, *, sted: Hjemsted, tekst: str | None = None, by: Person) -> Maal:
    """The goal as the place's own: in the same words, which then follow those above, or in its own (`tekst`). It is in
    force at once. Twice is one. Raises KanIkke when the goal is not decided, or not one for that place."""
    hold(maal.nettverk)
    rad = held(maal)
    if fra_foer := takings(rad).get(sted.ider):
        return fra_foer
    if rad.tilstand != Maal.Tilstand.VEDTATT:
        raise KanIkke(_("Bare et mål som er vedtatt, kan tas inn."))
    if sted.nivaa == rad.nivaa or not may_be_above(rad.nettverk, sted).filter(pk=rad.pk).exists():
        raise KanIkke(_("Dette målet kan ikke tas inn her."))
    eget = Maal.objects.create(
        nettverk=rad.nettverk,
        **sted.felt,
        over=rad,
        overtatt=True,
        type=rad.type,
        tekst=tekst or rad.tekst,
        kilde=rad.kilde,
        kilde_hvor=rad.kilde_hvor,
        periode=rad.periode,
        tilstand=Maal.Tilstand.VEDTATT,
        versjon=1,
        endret_av=by,
    )
    eget.temaer.set(rad.temaer.all())
    Maalrunde.objects.create(maal=eget, slag=Maalrunde.Slag.VEDTATT, tekst=eget.tekst, av=by)
    return eget
