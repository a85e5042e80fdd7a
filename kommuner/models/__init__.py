from kommuner.models.enhet import Enhet, Enhetstall, Plassering
from kommuner.models.kommune import Kommune, Kommuneendring, Kommunenavn

__all__ = ["Enhet", "Enhetstall", "Kommune", "Kommuneendring", "Kommunenavn", "Plassering"]
