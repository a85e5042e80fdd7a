from rolu.models.behov import Behov
from rolu.models.blokk import Oppsummeringsblokk
from rolu.models.bord import Bordkart, Bordplass, Bordregel, Bordskille
from rolu.models.deltakelse import Deltakelse
from rolu.models.endringsoenske import Endringsoenske
from rolu.models.evaluering import Samlingsevaluering
from rolu.models.gjest import Gjest
from rolu.models.gruppetall import Gruppetall
from rolu.models.innsjekk import Dagsoppmoete, Deltakerkode, Innsjekkhendelse
from rolu.models.mellomarbeid import Loggpost, Mellomarbeid, Vedlegg
from rolu.models.nestesteg import Logglenke, Nestesteg
from rolu.models.oppdrag import Oppdrag
from rolu.models.praksis import Praksisbruk, Praksisfortelling
from rolu.models.saksvedlegg import Saksvedlegg
from rolu.models.samling import Oppsummering, Programpost, Samling
from rolu.models.samlingsdag import Samlingsdag
from rolu.models.samtale import Samtale
from rolu.models.serie import Samlingsserie
from rolu.models.stoette import Stoettehandling, Stoettesignal
from rolu.models.storskjerm import Storskjerm
from rolu.models.tilbakemelding import Kvittering, Paaminnelse, Tilbakemelding
from rolu.models.utfall import Utfall

__all__ = [
    "Behov",
    "Bordkart",
    "Bordplass",
    "Bordregel",
    "Bordskille",
    "Dagsoppmoete",
    "Deltakelse",
    "Deltakerkode",
    "Endringsoenske",
    "Gjest",
    "Gruppetall",
    "Innsjekkhendelse",
    "Kvittering",
    "Logglenke",
    "Loggpost",
    "Mellomarbeid",
    "Nestesteg",
    "Oppdrag",
    "Oppsummering",
    "Oppsummeringsblokk",
    "Paaminnelse",
    "Praksisbruk",
    "Praksisfortelling",
    "Programpost",
    "Saksvedlegg",
    "Samling",
    "Samlingsdag",
    "Samlingsevaluering",
    "Samlingsserie",
    "Samtale",
    "Stoettehandling",
    "Stoettesignal",
    "Storskjerm",
    "Tilbakemelding",
    "Utfall",
    "Vedlegg",
]
