"""Many who press at the same moment, over HTTP."""

import threading
from collections.abc import Callable, Sequence

from tests.angrep.klient import Borte, Heng, Klient, Svar
from tests.angrep.utfall import Utfall

Trykk = Callable[[Klient], Svar]


def at_once(
    klienter: Sequence[Klient], trykk: Sequence[Trykk], utfall: Utfall, hva: str
) -> list[Svar | None]:
    """Each does its own, all let go together. What gave 5xx or hung is told; None is no answer."""
    svar: list[Svar | None] = [None] * len(trykk)
    start = threading.Barrier(len(trykk))

    def press(nummer: int) -> None:
        klient = klienter[nummer].copy()
        try:
            start.wait(20)
            svar[nummer] = trykk[nummer](klient)
        except Heng:
            utfall.found("heng", hva)
        except Borte as feil:
            utfall.found("annet", f"{hva}: {feil}")
        finally:
            klient.close()

    traader = [threading.Thread(target=press, args=(nr,)) for nr in range(len(trykk))]
    for traad in traader:
        traad.start()
    for traad in traader:
        traad.join()
    utfall.tried(len(trykk))
    for ett in svar:
        if ett is not None and ett.status >= 500 and not ett.er_rent_503:
            utfall.found("5xx", f"{hva} ga {ett.status}")
    return svar


def same(klient: Klient, antall: int, trykk: Trykk, utfall: Utfall, hva: str) -> list[Svar | None]:
    """One person's one button, pressed `antall` times at once."""
    return at_once([klient] * antall, [trykk] * antall, utfall, hva)
