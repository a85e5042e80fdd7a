from laeringsloyper.models.loype import Enhetsloype, Farge, Laeringsloype, Periode, Tegn

__all__ = ["Enhetsloype", "Farge", "Laeringsloype", "Periode", "Tegn"]
