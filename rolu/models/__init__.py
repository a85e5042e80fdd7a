from rolu.models.behov import Behov
from rolu.models.blokk import Oppsummeringsblokk
from rolu.models.deltakelse import Deltakelse
from rolu.models.endringsoenske import Endringsoenske
from rolu.models.gjest import Gjest
from rolu.models.gruppetall import Gruppetall
from rolu.models.innsjekk import Dagsoppmoete, Deltakerkode, Innsjekkhendelse
from rolu.models.mellomarbeid import Loggpost, Mellomarbeid, Vedlegg
from rolu.models.oppdrag import Oppdrag
from rolu.models.saksvedlegg import Saksvedlegg
from rolu.models.samling import Oppsummering, Programpost, Samling
from rolu.models.samlingsdag import Samlingsdag
from rolu.models.serie import Samlingsserie
from rolu.models.utfall import Utfall

__all__ = [
    "Behov",
    "Dagsoppmoete",
    "Deltakelse",
    "Deltakerkode",
    "Endringsoenske",
    "Gjest",
    "Gruppetall",
    "Innsjekkhendelse",
    "Loggpost",
    "Mellomarbeid",
    "Oppdrag",
    "Oppsummering",
    "Oppsummeringsblokk",
    "Programpost",
    "Saksvedlegg",
    "Samling",
    "Samlingsdag",
    "Samlingsserie",
    "Utfall",
    "Vedlegg",
]
