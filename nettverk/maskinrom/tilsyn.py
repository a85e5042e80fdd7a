"""The supervisor's eye on its children: one that dies is started again, with longer and longer pauses."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NoReturn, Protocol

from nettverk.maskinrom.feil import Maskinromfeil, log_tail
from nettverk.maskinrom.prosess import Barn

# Seconds before each new start of a child that goes on dying; after the last one we give up.
PAUSER = (0.0, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
# A child that has lived this long is well: its next death is counted as the first.
FRISK_ETTER = 60.0


class Startbar(Protocol):
    """Something with a child process that can be started again: a server, or a part of the portal."""

    @property
    def barn(self) -> Barn | None: ...

    def start(self) -> None:
        """Raises Maskinromfeil when it does not come up."""


@dataclass
class Tilsyn:
    """Looks after one child. All that happens is said aloud, and nothing is waited for here."""

    ting: Startbar
    si: Callable[[str], None]
    pauser: Sequence[float] = PAUSER
    frisk_etter: float = FRISK_ETTER
    startet: float = field(default_factory=time.monotonic)
    doedsfall: int = 0
    neste_start: float | None = None

    def look(self) -> None:
        """Start it again if it is dead and its pause is over. Raises Maskinromfeil when we give up."""
        barn = self.ting.barn
        if barn is None:
            return
        if self.neste_start is None:
            if (kode := barn.exit_code()) is None:
                return
            # What it left behind would hold the port, or do the same work twice.
            barn.end_group()
            self._plan(barn, f"{barn.navn} stoppet uventet (kode {kode}).")
        if self.neste_start is None or time.monotonic() < self.neste_start:
            return
        self.neste_start = None
        self.startet = time.monotonic()
        try:
            self.ting.start()
        except Maskinromfeil as feil:
            self._plan(barn, str(feil))
        else:
            self.si(f"{barn.navn} er startet igjen.")

    def _plan(self, barn: Barn, hva: str) -> None:
        if time.monotonic() - self.startet > self.frisk_etter:
            self.doedsfall = 0
        if self.doedsfall >= len(self.pauser):
            self._give_up(barn, hva)
        pause = self.pauser[self.doedsfall]
        self.doedsfall += 1
        self.neste_start = time.monotonic() + pause
        self.si(f"\n{hva} Starter igjen {f'om {pause:.0f} s' if pause else 'nå'} …")

    def _give_up(self, barn: Barn, hva: str) -> NoReturn:
        raise Maskinromfeil(
            f"{hva} Det er {self.doedsfall + 1}. gang på kort tid, så vi prøver ikke mer. "
            f"Slutten av {barn.logg}:\n{log_tail(barn.logg)}"
        )


def watch(alle: Sequence[Tilsyn]) -> NoReturn:
    while True:
        time.sleep(0.2)
        for ett in alle:
            ett.look()
