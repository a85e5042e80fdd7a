"""The columns of a file about people: our own names, and the other names that they go by."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from kommuner.tabellfil.kolonner import Kolonne, Kolonner, fold, names

KOLONNER = (
    Kolonne(
        "navn",
        _("Fornavn og etternavn. Må fylles ut, i én kolonne eller to."),
        "Kari Eksempel",
        "fullt navn|namn|fullt namn|name|full name|person",
    ),
    Kolonne(
        "e-post",
        _("Adressen personen logger inn med. Må fylles ut."),
        "kari.eksempel@kommune.example",
        "epostadresse|epostadresse på jobb|epost jobb|mail|email|email address|mailadresse",
    ),
    Kolonne(
        "enhet",
        _(
            "Barnehagen eller skolen, med navn eller organisasjonsnummer. Flere enheter i én celle skilles med linjeskift eller semikolon."
        ),
        "Eksempel barnehage",
        "enheter|enhetsnavn|eining|einingar|skole|skule|barnehage|skole/barnehage"
        "|skule/barnehage|barnehage/skole|barnehage/skule|arbeidssted|arbeidsplass"
        "|arbeidsstad|unit|units|school|workplace",
    ),
    Kolonne(
        "organisasjonsnummer",
        _("Enhetens nummer, ni sifre. Trengs når flere enheter har samme navn."),
        "974760673",
        "orgnr|orgnummer|organisasjonsnr|organisation number|organization number",
    ),
    Kolonne(
        "gruppe",
        _("Navnet på en av nettverkets egne grupper. La stå tom for utviklingsgruppa ved enheten."),
        "",
        "grupper|gruppenavn|gruppenamn|group|groups",
    ),
    Kolonne(
        "kommune",
        _("Kommunen personen representerer i gruppa, eller kommunen enheten ligger i."),
        "",
        "kommuner|kommunenavn|kommunenamn|kommunenummer|representerer|representerar|municipality",
    ),
    Kolonne(
        "rolle",
        _("Rollen i gruppa, med navnet nettverket bruker. Må fylles ut."),
        "",
        "verv|funksjon|rolle i gruppa|rolle i gruppen|role",
    ),
    Kolonne(
        "tittel",
        _("Stillingen, for eksempel styrer, rektor eller inspektør."),
        "",
        "stilling|stillingstittel|title|position|job title",
    ),
    Kolonne(
        "fra",
        _("Første dag i vervet. La stå tom for i dag."),
        "01.08.2026",
        "frå|fra dato|frå dato|fra og med|frå og med|startdato|from|start",
    ),
    Kolonne(
        "til",
        _("Siste dag i vervet. La stå tom når den ikke er kjent."),
        "",
        "til dato|til og med|tom|sluttdato|slutt|to|until|end|end date",
    ),
)
# In two columns instead of one; they are not in the template.
_NAVNEDELER = {
    "fornavn": ("fornavn", "førenamn", "fornamn", "first name", "given name"),
    "etternavn": ("etternavn", "etternamn", "last name", "surname", "family name"),
}


def missing(felt: Iterable[str]) -> list[str]:
    """What a file must have and does not: the columns as people call them."""
    har = set(felt)
    savnet = []
    if not ({"navn"} <= har or {"fornavn", "etternavn"} <= har):
        savnet.append("navn")
    if "epost" not in har:
        savnet.append("e-post")
    if not har & {"enhet", "organisasjonsnummer", "gruppe", "kommune"}:
        savnet.append("enhet")
    if "rolle" not in har:
        savnet.append("rolle")
    return savnet


KJENTE = Kolonner(
    navn={annet: fold(navn) for annet, navn in names(KOLONNER).items()}
    | {fold(navn): felt for felt, navnene in _NAVNEDELER.items() for navn in navnene},
    missing=missing,
    # The largest networks have some 2 000 appointments.
    maks_rader=5_000,
    # A hundred units in one cell, by name.
    maks_celle=4_000,
    linjeskift=True,
)
