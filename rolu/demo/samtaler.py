"""What was said at the tables of the demo: a tankesmie that is over, with themes and dots, and one that is open."""

import random
import uuid

from fremtidsbilder.models import Bidrag, Prikk, Samtalesporsmaal
from fremtidsbilder.tankesmier import bidrag, klynger, styring
from nettverk.models import Nettverk
from rolu.models import Programpost
from rolu.samlinger import samtaler

_HOLDT = "Refleksjon i utviklingsgruppene"
_KOMMER = "Utviklingsgruppene planlegger"

_SAA = {
    "Stille barn": (
        "De stille barna sa mer når gruppa var på fire eller færre.",
        "Gi alle tid til å tenke før noen svarer.",
        "Vi må spørre barna selv om hva som gjør det trygt å si noe.",
    ),
    "Tid til å observere": (
        "Avtal hvem som observerer, og hvem som er sammen med barna.",
        "Ti minutter hver dag er bedre enn en time i måneden.",
        "Vi trenger et enkelt skjema som alle bruker likt.",
        "Å observere sammen to og to ga oss mest å snakke om.",
    ),
    "Foreldrene": (
        "Fortell foreldrene hva vi ser etter, så kjenner de det igjen hjemme.",
        "Et bilde av boka på døra gjør at samtalen går videre ved middagsbordet.",
    ),
    "": (
        "Bruk den samme boka flere dager på rad.",
        "Overgangen til skolen: ta med boka barna kjenner.",
        "Vi vil besøke hverandre og se hvordan dere gjør det.",
    ),
}
_PROEVE = (
    "En fast halvtime før møtet, uten telefon.",
    "Vi bytter på hvem som noterer.",
    "Ta med ett eksempel hver til neste møte.",
)
_UTE = (
    "Skogen bak skolen, hver tirsdag.",
    "Fjæra. Der er det alltid noe å telle.",
    "Skolehagen, sammen med barnehagen.",
    "Et sted alle kommer frem med rullestol.",
)


def make(nettverk: Nettverk) -> None:
    """Nothing where the programmes of the demo are not, nor where it is made already."""
    tilfeldig = random.Random(18)
    poster = Programpost.objects.filter(
        samling__nettverk=nettverk, samtaler__isnull=True
    ).select_related("samling")
    if holdt := poster.filter(tittel=_HOLDT).first():
        _over(holdt, tilfeldig)
    if kommer := poster.filter(tittel=_KOMMER).first():
        _open(kommer)


def _over(post: Programpost, tilfeldig: random.Random) -> None:
    samtale = samtaler.make(
        post.samling,
        programpost=post,
        antall_bord=12,
        sporsmaal=("Hva gjorde at flere barn deltok?", "Hva vil dere prøve til neste gang?"),
    )
    foerste, andre = samtale.tankesmie.sporsmaal.all()
    for sporsmaal in (foerste, andre):
        styring.open_question(sporsmaal)
    for navn, tekster in _SAA.items():
        kort = _write(foerste, tekster)
        if navn:
            klynger.make(foerste, navn=navn, kort=[k.pk for k in kort])
    _write(andre, _PROEVE)
    _vote(foerste, tilfeldig)
    mest = foerste.bidrag.filter(tekst__in=[_SAA["Stille barn"][0], _SAA["Tid til å observere"][3]])
    bidrag.pick(foerste, [k.pk for k in mest])
    styring.close(samtale.tankesmie)


def _open(post: Programpost) -> None:
    samtale = samtaler.make(
        post.samling,
        programpost=post,
        antall_bord=10,
        sporsmaal=(
            "Hvilket sted ute vil dere bruke hver uke?",
            "Hva skal barna få undre seg over?",
        ),
    )
    foerste = samtale.tankesmie.sporsmaal.first()
    assert foerste is not None
    styring.open_question(foerste)
    _write(foerste, _UTE)


def _write(sporsmaal: Samtalesporsmaal, tekster: tuple[str, ...]) -> list[Bidrag]:
    antall = Bidrag.objects.filter(sporsmaal=sporsmaal).count()
    return Bidrag.objects.bulk_create(
        Bidrag(sporsmaal=sporsmaal, tekst=tekst, bord=(antall + nr) % 9 + 1)
        for nr, tekst in enumerate(tekster)
    )


def _vote(sporsmaal: Samtalesporsmaal, tilfeldig: random.Random) -> None:
    kort = list(sporsmaal.bidrag.all())
    Prikk.objects.bulk_create(
        Prikk(bidrag=k, velger=uuid.UUID(int=tilfeldig.getrandbits(128)))
        for k in kort
        for _n in range(tilfeldig.randrange(9))
    )
