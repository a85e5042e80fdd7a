"""Money as people in the kommuner write it."""

import re
from decimal import Decimal

_KRONER = re.compile(r"-?(\d{1,3}(?:[ .]\d{3})+|\d+)(?:,(\d{1,2}|-))?")


def parse_kroner(text: str) -> Decimal:
    """Read 950 000 kr, kr 950 000, 950.000, 950000,50 or 950 000,-; ValueError for anything else."""
    plain = re.sub(r"\s+", " ", text.strip().lower().replace("\u2212", "-"))
    plain = plain.removeprefix("kr").removesuffix("kr").strip(" .")
    match = _KRONER.fullmatch(plain)
    if not match:
        raise ValueError(text)
    whole = re.sub("[ .]", "", match[1])
    fraction = match[2] if match[2] and match[2] != "-" else "0"
    return Decimal(f"{'-' if plain.startswith('-') else ''}{whole}.{fraction}")
