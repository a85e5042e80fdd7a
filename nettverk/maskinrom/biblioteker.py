"""WeasyPrint's native libraries where an ordinary user's set-up unpacked them beside the environment.

Loaded by full path before WeasyPrint asks for them by name, so that no process needs a special
environment. Standard library only: the set-up uses it before there is an environment.
"""

import ctypes
import os
from pathlib import Path

PANGO = Path(__file__).resolve().parent.parent.parent / ".verktoy" / "pango"
TRENGS = ["libgobject-2.0.so.0", "libfontconfig.so.1", "libharfbuzz.so.0"]
TRENGS += ["libharfbuzz-subset.so.0", "libpango-1.0.so.0", "libpangoft2-1.0.so.0"]


def load() -> None:
    """Call before importing WeasyPrint. Does nothing where the system has the libraries itself."""
    if not PANGO.exists():
        return
    os.environ.setdefault("FONTCONFIG_FILE", str(PANGO / "fonts.conf"))
    venter = [fil for navn in TRENGS for fil in PANGO.glob(f"**/{navn}")]
    alle = {fil.name: fil for fil in PANGO.glob("**/*.so.*")}
    for fil in venter:
        _load_with_needs(fil, alle, set())


def check() -> None:
    """Raise OSError naming the first library that is missing."""
    for navn in TRENGS:
        ctypes.CDLL(navn)


def _load_with_needs(fil: Path, alle: dict[str, Path], prover: set[str]) -> None:
    """A library that misses another says its name: load that one first, and try again."""
    prover.add(fil.name)
    while True:
        try:
            ctypes.CDLL(str(fil), mode=ctypes.RTLD_GLOBAL)
            return
        except OSError as feil:
            mangler = str(feil).partition(":")[0]
            if mangler not in alle or mangler in prover:
                raise
            _load_with_needs(alle[mangler], alle, prover)
