from evaluering.models.aarsrapport import Aarsrapport, Kapitteltekst
from evaluering.models.skjema import Skjema, Sporsmaal
from evaluering.models.undersokelse import Svar, Svarverdi, Undersokelse

__all__ = [
    "Aarsrapport",
    "Kapitteltekst",
    "Skjema",
    "Sporsmaal",
    "Svar",
    "Svarverdi",
    "Undersokelse",
]
