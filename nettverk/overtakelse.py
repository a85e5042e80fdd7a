"""When Verv end: what lay ahead of them goes to the successor, or closes, and whoever ends them is told.

The successor is the one other person who has the same role in the same group on the first day without,
and represents the same. Of several ordinary members none follows another.
"""

import datetime
from collections.abc import Collection, Iterable, Sequence

from django.utils.translation import ngettext

from nettverk.flater import Etterlatt, Overtakelse, portaler
from nettverk.models import Nettverk, Person, Rolle, Verv
from nettverk.side.innhold import fill_in

_UTEN_ETTERFOLGER = (Rolle.MEDLEM, Rolle.OBSERVATOR)


def succession(verv: Collection[Verv], fra: datetime.date) -> list[Overtakelse]:
    """Who takes over from each of `verv` on `fra`; nobody whose own last day it is. One query."""
    slutter = [v for v in verv if v.rolle not in _UTEN_ETTERFOLGER]
    andre: list[Verv] = []
    if slutter:
        andre = list(
            Verv.objects.filter(
                gruppe__in={v.gruppe_id for v in slutter},
                rolle__in={v.rolle for v in slutter},
                person__is_active=True,
            )
            .gyldig(fra)
            .gyldig(fra + datetime.timedelta(days=1))
            .exclude(pk__in=[v.pk for v in verv])
            .select_related("person")
            .order_by("pk")
        )
    return [Overtakelse(v, fra, _successor(v, andre)) for v in verv]


def _successor(verv: Verv, andre: Iterable[Verv]) -> Verv | None:
    if verv.rolle in _UTEN_ETTERFOLGER:
        return None
    samme = [a for a in andre if _place(a) == _place(verv) and a.person_id != verv.person_id]
    return samme[0] if len({a.person_id for a in samme}) == 1 else None


def _place(verv: Verv) -> tuple[object, ...]:
    return verv.gruppe_id, verv.rolle, verv.representerer_id, verv.representerer_partner_id


def left_behind(overtakelser: Sequence[Overtakelse]) -> list[Etterlatt]:
    """What the Verv leave behind, of all that their network uses."""
    i_nettverk: dict[Nettverk, list[Overtakelse]] = {}
    for o in overtakelser:
        i_nettverk.setdefault(o.verv.gruppe.nettverk, []).append(o)
    return [
        ting
        for nettverk, disse in i_nettverk.items()
        for portal in portaler(nettverk)
        for ting in portal.etterlatt(disse)
    ]


def hand_over(overtakelser: Sequence[Overtakelse], *, by: Person | None) -> list[Etterlatt]:
    """Let everything ahead follow Verv that have just ended, also in what the network has turned off; what
    it was of the rest. In their transaction."""
    ting = left_behind(overtakelser)
    if overtakelser:
        for portal in portaler():
            portal.overta(overtakelser, by=by)
    return ting


def in_words(etterlatt: Sequence[Etterlatt]) -> list[str]:
    """A sentence for each one who takes over, one for what closes, and one for what nobody has."""
    setninger = []
    for navn in dict.fromkeys(ting.til for ting in etterlatt if ting.til):
        antall = sum(ting.til == navn for ting in etterlatt)
        setninger.append(
            fill_in(
                ngettext(
                    "%(n)s oppgave flyttes til %(navn)s.",
                    "%(n)s oppgaver flyttes til %(navn)s.",
                    antall,
                ),
                n=str(antall),
                navn=navn,
            )
        )
    lukkes = sum(ting.lukkes for ting in etterlatt)
    return setninger + counted_in_words(lukkes=lukkes, uten=len(without_owner(etterlatt)))


def counted_in_words(*, flyttes: int = 0, lukkes: int = 0, uten: int = 0) -> list[str]:
    """The same where only the numbers are kept."""
    setninger = []
    if flyttes:
        setninger.append(
            ngettext(
                "%(n)s oppgave flyttes til den som har vervet nå.",
                "%(n)s oppgaver flyttes til dem som har vervene nå.",
                flyttes,
            )
            % {"n": flyttes}
        )
    if lukkes:
        setninger.append(
            ngettext("%(n)s invitasjon faller bort.", "%(n)s invitasjoner faller bort.", lukkes)
            % {"n": lukkes}
        )
    if uten:
        setninger.append(
            ngettext(
                "%(n)s oppgave står uten ansvarlig.", "%(n)s oppgaver står uten ansvarlig.", uten
            )
            % {"n": uten}
        )
    return setninger


def without_owner(etterlatt: Iterable[Etterlatt]) -> list[Etterlatt]:
    """What somebody must be found for."""
    return [ting for ting in etterlatt if not ting.til and not ting.lukkes]
