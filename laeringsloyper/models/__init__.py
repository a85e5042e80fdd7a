from laeringsloyper.models.loype import Enhetsloype, Farge, Laeringsloype, Loypetegn, Periode

__all__ = ["Enhetsloype", "Farge", "Laeringsloype", "Loypetegn", "Periode"]
