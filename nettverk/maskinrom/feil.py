"""What goes wrong in the machine room in a way that its user can mend."""

from pathlib import Path


class Maskinromfeil(Exception):
    """A message for the person at the keyboard, without a traceback."""


def log_tail(logg: Path, linjer: int = 15) -> str:
    """The end of a log, for a message about why something stopped."""
    try:
        with logg.open("rb") as f:
            f.seek(max(0, f.seek(0, 2) - 8192))
            tekst = f.read().decode(errors="replace")
    except OSError:
        return f"({logg} kan ikke leses)"
    return "\n".join(f"    {linje}" for linje in tekst.splitlines()[-linjer:]) or "    (tom logg)"
