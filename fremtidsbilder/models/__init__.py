from fremtidsbilder.models.fremtidsbilde import Fremtidsbilde, Tegn, Tema
from fremtidsbilder.models.innspill import Innspill
from fremtidsbilder.models.maal import Maal, Utviklingsomraade
from fremtidsbilder.models.tankesmie import Bidrag, Klynge, Prikk, Samtalesporsmaal, Tankesmie

__all__ = [
    "Bidrag",
    "Fremtidsbilde",
    "Innspill",
    "Klynge",
    "Maal",
    "Prikk",
    "Samtalesporsmaal",
    "Tankesmie",
    "Tegn",
    "Tema",
    "Utviklingsomraade",
]
