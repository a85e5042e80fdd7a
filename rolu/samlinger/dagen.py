"""The day itself: what goes on now, what comes next, and how long is left."""

import datetime
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from rolu.models import Bordplass, Deltakelse, Programpost, Samling
from rolu.samlinger.programplan import hours

if TYPE_CHECKING:
    from nettverk.tilgang.roller import Roller


@dataclass(frozen=True)
class Dagen:
    """A gathering's programme as it stands at one moment. `naa` go on, `neste` are to come, in order."""

    tidspunkt: datetime.datetime
    naa: list[Programpost] = field(default_factory=list)
    neste: list[Programpost] = field(default_factory=list)
    er_i_dag: bool = False
    er_over: bool = False
    # Nothing is planned. Else, when nothing goes on and nothing comes, the programme is through before the gathering is.
    er_tom: bool = False

    @property
    def fra(self) -> datetime.datetime | None:
        """When what goes on began."""
        return min((p.start for p in self.naa), default=None)

    @property
    def til(self) -> datetime.datetime | None:
        """What is counted down to: the end of what goes on, else the beginning of what comes today."""
        if self.naa:
            return min(p.slutt for p in self.naa)
        return self.neste[0].start if self.neste and self.er_i_dag else None

    @property
    def minutter(self) -> int:
        """Whole minutes left, the one that has begun included."""
        return -int((self.tidspunkt - self.til).total_seconds() // 60) if self.til else 0

    @property
    def igjen(self) -> str:
        """The same in words: 1 t 20 min."""
        return hours(self.minutter)

    @property
    def varighet(self) -> int:
        return int((self.til - self.fra).total_seconds() // 60) if self.til and self.fra else 0

    @property
    def gaatt(self) -> int:
        return max(self.varighet - self.minutter, 0)

    @property
    def post_for_notat(self) -> Programpost | None:
        """What one most likely writes about: what goes on, else what comes."""
        return next((p for p in [*self.naa, *self.neste] if not p.er_pause), None)


def now_and_next(
    samling: Samling, poster: list[Programpost], tidspunkt: datetime.datetime | None = None
) -> Dagen:
    """The day of `samling`, whose items `poster` stand in order of time. Nothing comes when it is over."""
    tidspunkt = tidspunkt or timezone.now()
    if samling.er_over:
        return Dagen(tidspunkt, er_over=True)
    neste = [p for p in poster if p.start > tidspunkt]
    idag = timezone.localtime(tidspunkt).date()
    return Dagen(
        tidspunkt,
        naa=[p for p in poster if p.start <= tidspunkt < p.slutt],
        neste=neste,
        er_i_dag=bool(neste) and timezone.localtime(neste[0].start).date() == idag,
        er_tom=not poster,
    )


def own_places(roller: "Roller") -> list[Any]:
    """All of the person's own places at what goes on today or tomorrow, ended or not, with its evaluation, whatever
    they have answered; and the table they sit at, when it is shared (`eget_bord`). One query, remembered."""
    idag = timezone.localdate()
    bord = Bordplass.objects.filter(
        bordkart__samling=OuterRef("samling"), bordkart__delt__isnull=False, person=roller.person
    )
    rader = (
        Deltakelse.objects.filter(
            samling__nettverk=roller.nettverk,
            samling__status__in=Samling.HOLDES,
            samling__start__date__lte=idag + datetime.timedelta(days=1),
            samling__slutt__date__gte=idag,
            verv__person=roller.person,
        )
        .annotate(eget_bord=Subquery(bord.values("bord")[:1]))
        .select_related("samling__evaluering__undersokelse")
        .order_by("samling__start", "pk")
    )
    return roller.remembered("rolu.own_places", lambda: list(rader))


def own_these_days(roller: "Roller") -> list[Deltakelse]:
    """Of those, not what the person has said no to. No query but the one of `own_places`."""
    kommer = (Deltakelse.Status.PAAMELDT, Deltakelse.Status.INVITERT)
    return [d for d in own_places(roller) if d.status in kommer or d.moett]


def there_today(roller: "Roller") -> dict[int, Samling]:
    """What goes on today where the person is, or has said to come, by id; none of those one holds. No query but the
    one of `own_places`."""
    if not roller.er_medlem or roller.er_koordinator or roller.er_pro:
        return {}
    idag = timezone.localdate()
    return {
        d.samling_id: d.samling
        for d in own_these_days(roller)
        if d.samling.dato <= idag and (d.moett or d.status == Deltakelse.Status.PAAMELDT)
    }
