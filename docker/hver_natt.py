"""Run a command every night: `python docker/hver_natt.py MERKE KLOKKESLETT KOMMANDO …`.

MERKE is a file whose age says when the command last succeeded. The command is run at once when it
should have succeeded since (a first start, a machine that was off at night), and again after an hour
when it fails. The time is the zone's in TZ.
"""

import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

NYTT_FORSOK = 3600  # seconds


def due(sist: datetime | None, klokka: str) -> datetime:
    """The first time after the last success that the clock says `klokka`."""
    if sist is None:
        return datetime.min  # noqa: DTZ901 - local time, as the person who set the clock means it
    time_, minutt = map(int, klokka.split(":"))
    naa = sist.replace(hour=time_, minute=minutt, second=0, microsecond=0)
    return naa if naa > sist else naa + timedelta(days=1)


def last_success(merke: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(merke.stat().st_mtime)  # noqa: DTZ006 - as above
    except FileNotFoundError:
        return None


def main(merke: Path, klokka: str, *kommando: str) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    due(datetime.now(), klokka)  # noqa: DTZ005 - a time of day that cannot be read stops us here
    while True:
        if datetime.now() >= due(last_success(merke), klokka):  # noqa: DTZ005
            kode = subprocess.run(kommando, check=False).returncode
            if kode == 0:
                merke.touch()
            else:
                print(f"«{' '.join(kommando)}» feilet (kode {kode}). Prøver igjen om en time.")
                time.sleep(NYTT_FORSOK)
        time.sleep(20)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
