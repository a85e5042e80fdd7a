from nettverk.models.bekreftelse import Gruppebekreftelse
from nettverk.models.brev import Brev
from nettverk.models.brevvalg import Brevvalg, Naar, Nyhet
from nettverk.models.engang import Engangsnoekkel
from nettverk.models.enhetsimport import Enhetsimport, Importrad, Kolonnevalg
from nettverk.models.flytting import Flytteforslag
from nettverk.models.folkeimport import Folkeimport, Folkeimportrad
from nettverk.models.gruppe import Gruppe, Verv
from nettverk.models.jobb import Jobb
from nettverk.models.kobling import Kobling
from nettverk.models.kommuneimport import Kommuneimport
from nettverk.models.listevisning import Listevisning
from nettverk.models.mottakere import Mottakere
from nettverk.models.nettverk import Medlemskap, Nettverk
from nettverk.models.omslag import Omslag
from nettverk.models.partner import Deling, Partner
from nettverk.models.person import Person
from nettverk.models.prosjekt import Noekkeltall, Prosjekt, Prosjektsum
from nettverk.models.rolle import Rolle
from nettverk.models.sikkerhet import Sikkerhetshendelse, Teller, Tostegnullstilling
from nettverk.models.ubesvart import Ubesvart
from nettverk.models.vedlegg import VedleggBase

__all__ = [
    "Brev",
    "Brevvalg",
    "Deling",
    "Engangsnoekkel",
    "Enhetsimport",
    "Flytteforslag",
    "Folkeimport",
    "Folkeimportrad",
    "Gruppe",
    "Gruppebekreftelse",
    "Importrad",
    "Jobb",
    "Kobling",
    "Kolonnevalg",
    "Kommuneimport",
    "Listevisning",
    "Medlemskap",
    "Mottakere",
    "Naar",
    "Nettverk",
    "Noekkeltall",
    "Nyhet",
    "Omslag",
    "Partner",
    "Person",
    "Prosjekt",
    "Prosjektsum",
    "Rolle",
    "Sikkerhetshendelse",
    "Teller",
    "Tostegnullstilling",
    "Ubesvart",
    "VedleggBase",
    "Verv",
]
