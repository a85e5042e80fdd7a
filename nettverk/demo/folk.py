"""The demo people: one for each role, each with a stable address, so that tests and guides can name them."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DOMENE = "demo.example"


@dataclass(frozen=True)
class Demoperson:
    """An invented person whom anybody may sign in as while DEMO=1."""

    noekkel: str
    navn: str
    tittel: str | Promise
    kan: str | Promise
    nettverk: str = "nordmore"

    @property
    def epost(self) -> str:
        return f"{self.noekkel}@{DOMENE}"


DEMOFOLK = (
    Demoperson(
        "koordinator",
        "Gunnhild Tarevik",
        _("koordinator i koordineringsgruppa"),
        _("Lager samlinger, gir oppdrag, henter inn enheter og ser alt i nettverket."),
    ),
    Demoperson(
        "kog",
        "Sverre Måkestad",
        _("utviklingsveileder i koordineringsgruppa"),
        _("Følger arbeidet i hele nettverket og skriver årsrapporten."),
    ),
    Demoperson(
        "stg",
        "Ragnhild Skjellholm",
        _("medlem av styringsgruppa"),
        _("Leser og godkjenner årsrapporten."),
    ),
    Demoperson(
        "kommune",
        "Torbjørn Fyrland",
        _("oppvekstansvarlig i Averøy"),
        _("Ser hvordan det går i alle enhetene i egen kommune, og hvem som sitter i gruppene."),
    ),
    Demoperson(
        "enhetsleder",
        "Åse Skoddeheim",
        _("rektor i Averøy"),
        _("Melder utviklingsgruppa på samlinger, og skriver og leverer mellomarbeidet."),
    ),
    Demoperson(
        "gruppemedlem",
        "Jonas Naustbakk",
        _("utviklingslærer på samme skole"),
        _("Skriver i loggen sammen med resten av utviklingsgruppa."),
    ),
    Demoperson(
        "fagansvarlig",
        "Marit Rogneskar",
        _("fagansvarlig for en læringsløype"),
        _("Gir oppdrag i sin læringsløype og leser det enhetene leverer."),
    ),
    Demoperson(
        "eva",
        "Eirik Havbris",
        _("medlem av evalueringsnettverket"),
        _("Følger tallene og resultatene i nettverket."),
    ),
    Demoperson(
        "pro",
        "Sunniva Lyngskjær",
        _("medlem av prosessnettverket"),
        _("Leder prosesser på samlinger og registrerer oppmøte i døra."),
    ),
    Demoperson(
        "forsker",
        "Halvard Stjernås",
        _("følgeforsker"),
        _("Leser det medlemmene leser, og kan ikke endre noe."),
    ),
    Demoperson(
        "sunnmore-koordinator",
        "Oddny Fjordglimt",
        _("pedagogisk koordinator på Nordre Sunnmøre"),
        _("Er koordinator i et nettverk på nynorsk."),
        "nordre-sunnmore",
    ),
    Demoperson(
        "salten-koordinator",
        "Aslaug Nordlysmo",
        _("koordinator i Salten"),
        _("Er koordinator i et nettverk som arbeider etter fremtidsbilder for hver arena."),
        "salten",
    ),
)

PER_NOEKKEL = {person.noekkel: person for person in DEMOFOLK}
