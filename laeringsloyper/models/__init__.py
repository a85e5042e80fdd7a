from laeringsloyper.models.loype import Enhetsloype, Farge, Laeringsloype, Loypetegn, Periode
from laeringsloyper.models.modul import Leseverk, Modul, Ressurs, Ressursbruk

__all__ = [
    "Enhetsloype",
    "Farge",
    "Laeringsloype",
    "Leseverk",
    "Loypetegn",
    "Modul",
    "Periode",
    "Ressurs",
    "Ressursbruk",
]
