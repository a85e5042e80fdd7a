from kommuner.models.enhet import Eierskap, Enhet, Enhetstall, Plassering
from kommuner.models.kommune import Kommune, Kommuneendring, Kommunenavn

__all__ = [
    "Eierskap",
    "Enhet",
    "Enhetstall",
    "Kommune",
    "Kommuneendring",
    "Kommunenavn",
    "Plassering",
]
