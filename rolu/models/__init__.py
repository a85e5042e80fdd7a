from rolu.models.deltakelse import Deltakelse
from rolu.models.mellomarbeid import Loggpost, Mellomarbeid, Vedlegg
from rolu.models.oppdrag import Oppdrag
from rolu.models.samling import Oppsummering, Programpost, Samling

__all__ = [
    "Deltakelse",
    "Loggpost",
    "Mellomarbeid",
    "Oppdrag",
    "Oppsummering",
    "Programpost",
    "Samling",
    "Vedlegg",
]
