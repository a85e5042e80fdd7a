from laeringsloyper.models.loype import Enhetsloype, Laeringsloype, Periode

__all__ = ["Enhetsloype", "Laeringsloype", "Periode"]
