from rolu.models.deltakelse import Deltakelse
from rolu.models.gjest import Gjest
from rolu.models.mellomarbeid import Loggpost, Mellomarbeid, Vedlegg
from rolu.models.oppdrag import Oppdrag
from rolu.models.samling import Oppsummering, Programpost, Samling
from rolu.models.samlingsdag import Samlingsdag
from rolu.models.serie import Samlingsserie
from rolu.models.utfall import Utfall

__all__ = [
    "Deltakelse",
    "Gjest",
    "Loggpost",
    "Mellomarbeid",
    "Oppdrag",
    "Oppsummering",
    "Programpost",
    "Samling",
    "Samlingsdag",
    "Samlingsserie",
    "Utfall",
    "Vedlegg",
]
