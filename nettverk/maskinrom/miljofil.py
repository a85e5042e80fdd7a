"""The file of environment that the services, and commands by hand, have in common (drift/portal.env.example).

Only what systemd, Docker Compose and we read in the same way is read; anything else is refused with its line.
Imports nothing of ours: drift/portal reads it by path with the system's Python.
"""

import re
from pathlib import Path

STED = Path("/etc/nettverksportalen/portal.env")


class Miljofeil(Exception):
    """What is wrong with the file, in words for whoever wrote it."""


_LINJE = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=(.*)")
# Without quotes these mean different things to different readers.
_TVETYDIG = set("\"'\\$#`")


def read(fil: Path) -> dict[str, str]:
    """The variables of the file. Raises Miljofeil."""
    try:
        tekst = fil.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise Miljofeil(
            f"Fant ikke {fil}. Lag den av drift/portal.env.example, eller si hvor den er med PORTAL_MILJO."
        ) from None
    except PermissionError:
        raise Miljofeil(f"Får ikke lest {fil}. Kjør kommandoen med sudo.") from None
    except (OSError, UnicodeDecodeError) as feil:
        raise Miljofeil(f"Får ikke lest {fil} ({feil}).") from None
    funnet = {}
    for nummer, linje in enumerate(tekst.splitlines(), start=1):
        if not linje.strip() or linje.lstrip().startswith("#"):
            continue
        treff = _LINJE.fullmatch(linje.strip())
        if treff is None:
            raise Miljofeil(f"{fil}, linje {nummer}: skriv NAVN=verdi, uten mellomrom rundt =.")
        funnet[treff[1]] = _value(treff[2], f"{fil}, linje {nummer} ({treff[1]})")
    return funnet


def _value(verdi: str, hvor: str) -> str:
    verdi = verdi.strip()
    if len(verdi) >= 2 and verdi[0] == verdi[-1] == "'":
        verdi = verdi[1:-1]
        if "'" in verdi:
            raise Miljofeil(f"{hvor}: verdien kan ikke ha tegnet ' i seg.")
        return verdi
    if _TVETYDIG & set(verdi):
        raise Miljofeil(
            f"{hvor}: sett enkle anførselstegn (') rundt verdien. Da står hvert tegn for seg selv."
        )
    return verdi
