"""`make angrep`: the access walk, the fuzz, the race tests and the fault tests against a portal of its own.

Prints the figures, and ends with 1 when anything gave way: a 5xx, a leak, a hang, something lost or doubled.
`--del gang felt kappløp avbrudd` chooses parts; `--bare` some of
the races and faults by their names; `--tid 3` gives a slow machine three times as long.
"""

import argparse
import sys
import time
from collections.abc import Callable

from tests.angrep.portal import running_portal
from tests.angrep.utfall import Utfall, table

# Seconds each part may use. What was not reached by then, is said.
TID = {"gang": 400.0, "felt": 100.0, "kappløp": 60.0, "avbrudd": 130.0}
KAN_VELGES = {"kappløp", "avbrudd"}


def main() -> int:
    valg = _arguments()
    utfallene = []
    with running_portal() as portal:
        print(f"Portalen er oppe på {portal.adresse}.", flush=True)
        from tests.angrep.verden import prepare

        verden = prepare()
        for navn in valg.deler:
            print(f"{navn} …", flush=True)
            slutt = time.monotonic() + TID[navn] * valg.tid
            mer = {"bare": valg.bare} if valg.bare and navn in KAN_VELGES else {}
            utfallene.append(_part(navn)(portal, verden, slutt, **mer).end())
            print(table(utfallene[-1:]), flush=True)
        if valg.logg:
            print(portal.log())
    print("\n" + table(utfallene))
    gale = [u.navn for u in utfallene if not u.holdt]
    uproevd = [u.navn for u in utfallene if u.ikke_rukket or u.ikke_proevd]
    if gale:
        print(f"\nGa etter: {', '.join(gale)}.")
    elif uproevd:
        print(f"\nHoldt så langt vi kom, men ikke alt ble prøvd: {', '.join(uproevd)}.")
    else:
        print("\nAlt holdt.")
    # What was not tried does not pass as something that held.
    return 1 if gale else 2 if uproevd else 0


def _part(navn: str) -> Callable[..., Utfall]:
    """Imported when Django is set up."""
    from tests.angrep import avbrudd, fuzz, gang, kapploep

    return {
        "gang": gang.attack,
        "felt": fuzz.attack,
        "kappløp": kapploep.attack,
        "avbrudd": avbrudd.attack,
    }[navn]


def _arguments() -> argparse.Namespace:
    argumenter = argparse.ArgumentParser(description=__doc__)
    argumenter.add_argument("--del", dest="deler", nargs="+", choices=list(TID), default=list(TID))
    argumenter.add_argument(
        "--tid", type=float, default=1.0, help="så mange ganger den vanlige tida"
    )
    argumenter.add_argument(
        "--bare", nargs="+", default=[], help="navn på enkelte kappløp eller avbrudd"
    )
    argumenter.add_argument(
        "--logg", action="store_true", help="slutten av portalens logger til sist"
    )
    return argumenter.parse_args()


if __name__ == "__main__":
    sys.exit(main())
