from fremtidsbilder.models.fremtidsbilde import (
    Bildeutgave,
    Fremtidsbilde,
    Illustrasjon,
    Tegn,
    Tema,
)
from fremtidsbilder.models.innspill import Innspill
from fremtidsbilder.models.maal import Maal, Maalkommentar, Maalrunde, Utviklingsomraade
from fremtidsbilder.models.tankesmie import (
    Bidrag,
    Bidragsbilde,
    Klynge,
    Prikk,
    Samtalesporsmaal,
    Skannebunke,
    Skanneside,
    Stemmegruppe,
    Tankesmie,
)

__all__ = [
    "Bidrag",
    "Bidragsbilde",
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
    "Skannebunke",
    "Skanneside",
    "Stemmegruppe",
    "Tankesmie",
    "Tegn",
    "Tema",
    "Utviklingsomraade",
]
