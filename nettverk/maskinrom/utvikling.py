"""The environment of a development run: demo people, debug pages and a secret key kept with the data.

With DEBUG=0 it is a run as in production, without demo people unless they are asked for.
"""

import os
import secrets
from pathlib import Path

DEMOFOLK = "demofolk.txt"


def environment(mappe: Path, adresser: dict[str, str]) -> dict[str, str]:
    """For the portal's processes. What is already set in the environment wins."""
    demo = "1" if os.environ.get("DEBUG", "1").strip() in {"1", "true", "ja", "yes", "on"} else "0"
    standard = {"DEBUG": "1", "DEMO": demo, "SECRET_KEY": _secret(mappe), "PYTHONUNBUFFERED": "1"}
    return {**standard, **os.environ, **adresser, "NETTVERK_VAR": str(mappe)}


def _secret(mappe: Path) -> str:
    """Made once, so that people stay signed in over a restart."""
    fil = mappe / "hemmelig"
    if not fil.exists():
        with os.fdopen(os.open(fil, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as f:
            f.write(secrets.token_urlsafe(64))
    return fil.read_text()
