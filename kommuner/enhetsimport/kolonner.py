"""The columns of a file about units: our own names, and the other names that they go by."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kommuner.tabellfil.kolonner import Kolonne, Kolonner, names

# The largest register there is (all Norwegian schools and kindergartens) has some 20 000 rows.
MAKS_RADER = 100_000

KOLONNER = (
    Kolonne(
        "organisasjonsnummer",
        _(
            "Ni sifre. Trengs for nye enheter. Uten nummer leter vi etter samme navn i samme kommune."
        ),
        "974760673",
        "orgnr|orgnummer|organisasjonsnr|org nr|orgno|org no|org number|underenhet|"
        "orgnr underenhet|organisasjonsnummer underenhet|organisasjonsnummer enhet|"
        "virksomhetsnummer|virksomhetsnr|verksemdsnummer|bedriftsnummer|"
        "organisation number|organization number|organisation no|organization no",
    ),
    Kolonne(
        "nsr_id",
        _(
            "Nummeret i Utdanningsdirektoratets eldre register. Bare når organisasjonsnummer mangler."
        ),
        "",
        "nsr|nsrid|nsr-nummer|nsr nr|nxr_id|nbr id|udir id",
    ),
    Kolonne(
        "navn",
        _("Navnet slik det står i registeret. Må fylles ut."),
        "Eksempel barnehage",
        "enhetsnavn|enhet|enhetens navn|navn på enhet|eining|einingsnamn|"
        "namn på eining|barnehage|barnehagenavn|barnehagenamn|barnehagens navn|"
        "navn på barnehage|namn på barnehage|skole|skolenavn|skolens navn|"
        "navn på skole|skule|skulenavn|skulenamn|namn på skule|namn|virksomhet|"
        "virksomhetsnavn|verksemd|name|unit|unit name|kindergarten|kindergarten name|"
        "school|school name|institution|institution name",
    ),
    Kolonne(
        "kommunenummer",
        _(
            "Fire sifre, etter kommuneinndelingen på datoen du oppgir. Må fylles ut når kommunenavn mangler."
        ),
        "1505",
        "kommunenr|kommnr|komm nr|kommune nr|knr|kommunekode|municipality number|"
        "municipality no|municipality code",
    ),
    Kolonne(
        "kommunenavn",
        _("Kommunens navn. Brukes når kommunenummer mangler."),
        "",
        "kommune|kommunenamn|vertskommune|municipality|municipality name",
    ),
    Kolonne(
        "type",
        _(
            "barnehage, grunnskole, SFO, voksenopplæring, kulturskole, PPT eller annet. Trengs bare når fila har flere typer."
        ),
        "barnehage",
        "enhetstype|einingstype|type enhet|type eining|slag|skoletype|skuletype|"
        "virksomhetstype|unit type|institution type|kind",
    ),
    Kolonne(
        "eierform",
        _("kommunal, privat eller annen offentlig. Må fylles ut for nye enheter."),
        "kommunal",
        "eierforhold|eiertype|eierskap|offentlig/privat|kommunal/privat|"
        "privat/kommunal|eigarform|eigartype|eigarskap|eigarforhold|offentleg/privat|"
        "ownership|ownership type|owner type",
    ),
    Kolonne(
        "eier",
        _("Navnet på eieren."),
        "",
        "eiernavn|eiers navn|eigar|eigarnamn|namn på eigar|navn på eier|barnehageeier|"
        "barnehageeigar|skoleeier|skuleeigar|owner|owner name",
    ),
    Kolonne(
        "antall_barn",
        _("Barn i barnehagen eller elever på skolen."),
        "53",
        "barn|elever|elevar|antall elever|antall elevar|barn/elever|barn eller elever|"
        "barn og elever|barn totalt|barn i alt|elever totalt|elever i alt|elevtall|"
        "elevtal|barnetall|barnetal|children|pupils|students|antall children|"
        "antall pupils|antall students",
    ),
    Kolonne(
        "antall_ansatte",
        _("Antall ansatte."),
        "14",
        "ansatte|tilsette|antall tilsette|medarbeidere|medarbeidarar|"
        "antall medarbeidere|antall medarbeidarar|staff|employees|antall staff|"
        "antall employees",
    ),
    Kolonne(
        "antall_foresatte",
        _("Foresatte, når dere har tallet."),
        "",
        "foresatte|føresette|antall føresette|guardians|parents|antall guardians|antall parents",
    ),
    Kolonne(
        "kapasitet",
        _("Plasser. Brukes som antall barn når det tallet mangler."),
        "",
        "plasser|plassar|antall plasser|antall plassar|godkjente plasser|"
        "godkjende plassar|capacity|places|antall places",
    ),
    Kolonne(
        "besoksadresse",
        _("Gateadressen."),
        "Abc-veien 2",
        "adresse|gateadresse|beliggenhetsadresse|besøksadr|gate|address|street address|"
        "visiting address|street",
    ),
    Kolonne(
        "postnummer",
        _("Fire sifre."),
        "6518",
        "postnr|post nr|postal code|postcode|post code|zip|zip code",
    ),
    Kolonne(
        "poststed",
        _("Poststedet."),
        "Kristiansund N",
        "poststad|post sted|postal town|city|town",
    ),
    Kolonne(
        "breddegrad",
        _("WGS 84, mellom 57 og 81,5 i Norge."),
        "63,12243",
        "breiddegrad|lat|latitude|nord",
    ),
    Kolonne(
        "lengdegrad",
        _("WGS 84, mellom 4 og 32 i Norge."),
        "7,78931",
        "lon|lng|long|longitude|øst",
    ),
    Kolonne(
        "maalform",
        _("bokmål eller nynorsk."),
        "bokmål",
        "målform|skriftspråk|written form|form of norwegian",
    ),
)
# What a person chooses among when asked what a column is.
TITLER: dict[str, str | Promise] = {
    "organisasjonsnummer": _("Organisasjonsnummer"),
    "nsr_id": _("NSR-id"),
    "navn": _("Navnet på enheten"),
    "kommunenummer": _("Kommunenummer"),
    "kommunenavn": _("Kommune"),
    "type": _("Type enhet"),
    "eierform": _("Eierform"),
    "eier": _("Eier"),
    "antall_barn": _("Antall barn eller elever"),
    "antall_ansatte": _("Antall ansatte"),
    "antall_foresatte": _("Antall foresatte"),
    "kapasitet": _("Plasser"),
    "besoksadresse": _("Gateadresse"),
    "postnummer": _("Postnummer"),
    "poststed": _("Poststed"),
    "breddegrad": _("Breddegrad"),
    "lengdegrad": _("Lengdegrad"),
    "maalform": _("Målform"),
}
NAVN = tuple(kolonne.navn for kolonne in KOLONNER)


def mangler(kolonner: Iterable[str]) -> list[str]:
    """The columns that a file cannot do without and that are not among `kolonner`."""
    har = set(kolonner)
    svar = [k for k in ("navn",) if k not in har]
    if not har & {"kommunenummer", "kommunenavn"}:
        svar.append("kommunenummer")
    return svar


KJENTE = Kolonner(navn=names(KOLONNER), missing=mangler, maks_rader=MAKS_RADER)
