"""The day itself: what goes on now, what comes next, and how long is left."""

import datetime
from dataclasses import dataclass, field

from django.utils import timezone

from rolu.models import Programpost, Samling
from rolu.samlinger.programplan import hours


@dataclass(frozen=True)
class Dagen:
    """A gathering's programme as it stands at one moment. `naa` go on, `neste` are to come, in order."""

    tidspunkt: datetime.datetime
    naa: list[Programpost] = field(default_factory=list)
    neste: list[Programpost] = field(default_factory=list)
    er_i_dag: bool = False
    er_over: bool = False

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
        er_over=bool(poster) and not neste and poster[-1].slutt <= tidspunkt,
    )
