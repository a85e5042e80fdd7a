"""How dates, times and numbers are written and read in nynorsk: as in bokmål."""

from nettverk.formats.nb.formats import *  # noqa: F403
