"""What a part of the attack found: how much was tried, and each thing that gave way, by kind."""

import threading
import time
from dataclasses import dataclass, field

# What must be zero. A hang is an answer that never came; lost and double are counted in rows, letters and texts.
SLAG = ("5xx", "lekkasje", "heng", "tapt", "dobbelt", "annet")

VIS = 40  # findings that are told in full


@dataclass
class Utfall:
    """The count of one part. Threads may write in it at once."""

    navn: str
    proevd: int = 0
    funn: list[tuple[str, str]] = field(default_factory=list)
    tall: dict[str, object] = field(default_factory=dict)
    ikke_proevd: list[str] = field(default_factory=list)
    ikke_rukket: int = 0
    begynt: float = field(default_factory=time.monotonic)
    brukt: float = 0.0
    _laas: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def tried(self, antall: int = 1) -> None:
        with self._laas:
            self.proevd += antall

    def found(self, slag: str, tekst: str) -> None:
        """Something that must not happen. The same thing is told once."""
        if slag not in SLAG:
            raise LookupError(slag)
        with self._laas:
            if (slag, tekst) not in self.funn:
                self.funn.append((slag, tekst))

    def skipped(self, hvorfor: str) -> None:
        """What could not be tried here: told, so that nobody takes it for tried."""
        with self._laas:
            self.ikke_proevd.append(hvorfor)

    def missed(self, antall: int) -> None:
        """Questions that the time did not reach."""
        with self._laas:
            self.ikke_rukket += antall

    def end(self) -> "Utfall":
        self.brukt = time.monotonic() - self.begynt
        return self

    def count(self, slag: str) -> int:
        return sum(1 for ett, _tekst in self.funn if ett == slag)

    @property
    def holdt(self) -> bool:
        return not self.funn


def table(utfallene: list[Utfall]) -> str:
    """One line a part and kind, then each finding, then what was not tried."""
    linjer = [f"{'':<12}{'prøvd':>8}" + "".join(f"{s:>10}" for s in SLAG) + f"{'sekunder':>10}"]
    for u in utfallene:
        tall = "".join(f"{u.count(s):>10}" for s in SLAG)
        linjer.append(f"{u.navn:<12}{u.proevd:>8}{tall}{u.brukt:>10.0f}")
    for u in utfallene:
        linjer += [f"  {u.navn}: {navn} = {verdi}" for navn, verdi in u.tall.items()]
        linjer += [f"  {u.navn}: IKKE PRØVD: {hvorfor}" for hvorfor in u.ikke_proevd]
        if u.ikke_rukket:
            linjer.append(f"  {u.navn}: IKKE PRØVD: {u.ikke_rukket} spørsmål rakk vi ikke")
        linjer += [f"  {u.navn}: {slag}: {tekst}" for slag, tekst in u.funn[:VIS]]
        if len(u.funn) > VIS:
            linjer.append(f"  {u.navn}: … og {len(u.funn) - VIS} til")
    return "\n".join(linjer)
