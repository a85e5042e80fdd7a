from evaluering.models.aarsrapport import Aarsrapport, Kapitteltekst

__all__ = ["Aarsrapport", "Kapitteltekst"]
