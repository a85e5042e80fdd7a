from fremtidsbilder.models.fremtidsbilde import (
    Bildeutgave,
    Fremtidsbilde,
    Illustrasjon,
    Tegn,
    Tema,
)
from fremtidsbilder.models.innspill import Innspill
from fremtidsbilder.models.maal import Maal, Maalkommentar, Maalrunde, Utviklingsomraade
from fremtidsbilder.models.tankesmie import Bidrag, Klynge, Prikk, Samtalesporsmaal, Tankesmie

__all__ = [
    "Bidrag",
    "Bildeutgave",
    "Fremtidsbilde",
    "Illustrasjon",
    "Innspill",
    "Klynge",
    "Maal",
    "Maalkommentar",
    "Maalrunde",
    "Prikk",
    "Samtalesporsmaal",
    "Tankesmie",
    "Tegn",
    "Tema",
    "Utviklingsomraade",
]
