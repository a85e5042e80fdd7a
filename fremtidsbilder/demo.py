"""Demo: the image of Nordmøre in two versions, a kommune's and a unit's that build on it, and drawings made in code.

When the first joint image was made (7 February 2017) stands in the application; the words of the first version are
made up, and say so.
"""

import datetime
import io
from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from fremtidsbilder.bilder import illustrasjoner, skriving, utgaver
from fremtidsbilder.models import Fremtidsbilde
from fremtidsbilder.sted import Hjemsted
from nettverk.filer.opplasting import accept
from nettverk.models import Nettverk, Person, Verv
from nettverk.tilgang.roller import coordinators

_FORSTE_TEKST = (
    "*Demotekst, skrevet for å vise hvordan utgaver sammenlignes.*\n\n"
    "Bak begrepene i fremtidsbildet finner vi stemmene til barnehagebarn, elever, foreldre og ansatte "
    "i barnehager og skoler.\n\n"
    "Livsmestring står sentralt i fremtidsbildene."
)
_FORSTE_TEGN = ["Barn og unge er med og bestemmer"]
_TEGN = [
    "Barn og unge er med og bestemmer hva de skal lære",
    "Voksne i barnehage, skole og PPT planlegger sammen",
    "Læringen skjer også ute, hos bedrifter og i lag og foreninger",
]
_KOMMUNENS = (
    "*Demotekst.*\n\nHos oss møter barn og unge voksne som kjenner hverandre. Barnehagene og skolene bruker fjorden, "
    "skogen og bedriftene som læringssteder."
)
_ENHETENS = "*Demotekst.*\n\nHos oss er alle med i leken. Barna ser at det de sier, blir til noe, og vi er ute hver dag."


def make_demo(nettverk: Nettverk) -> None:
    """Only for Nordmøre, and only where nothing has been set before."""
    bilde = nettverk.fremtidsbilder.filter(nivaa=Fremtidsbilde.Nivaa.NETTVERK).first()
    verv = coordinators(Verv.objects.filter(gruppe__nettverk=nettverk)).gyldig().first()
    if nettverk.slug != "nordmore" or bilde is None or verv is None or bilde.utgaver.exists():
        return
    bilde.nettverk = nettverk
    by = verv.person
    _set_versions(bilde, by)
    _illustrate(bilde, _draw_fjord, "Sol over fjell og en seilbåt på fjorden. Tegning.", by)
    _illustrate(
        bilde, _draw_hands, "Barn i mange farger som holder hverandre i hendene. Tegning.", by
    )
    for sted, tekst in _places(nettverk):
        _build_on(bilde, sted, tekst, by)


def _set_versions(bilde: Fremtidsbilde, by: Person) -> None:
    naa = bilde.tekst
    temaer = list(bilde.nettverk.temaer.all())
    for tekst, tegn, navn, dato, nytt in (
        (
            _FORSTE_TEKST,
            _FORSTE_TEGN,
            "første, februar 2017",
            datetime.date(2017, 2, 7),
            "Det første felles bildet på regionsnivå.",
        ),
        (
            naa,
            _TEGN,
            "våren 2017",
            datetime.date(2017, 5, 15),
            "Flere stemmer er kommet med, og tegnene er tydeligere. Datoen er valgt for demoen.",
        ),
    ):
        bilde = skriving.change(
            bilde,
            versjon=bilde.versjon,
            felt={"tekst": tekst, "maalaar": 2040},
            tegn=tegn,
            temaer=temaer,
            by=by,
        )
        utgaver.set_utgave(bilde, navn=navn, dato=dato, nytt=nytt, by=by)


def _places(nettverk: Nettverk) -> list[tuple[Hjemsted, str]]:
    kommune = nettverk.kommuner().defer("grense").order_by("kommunenummer").last()
    enhet = nettverk.enheter().filter(er_demo=True).order_by("organisasjonsnummer").last()
    steder = [(Hjemsted("kommune", kommune=kommune), _KOMMUNENS)] if kommune else []
    return [*steder, (Hjemsted("enhet", enhet=enhet), _ENHETENS)] if enhet else steder


def _build_on(bilde: Fremtidsbilde, sted: Hjemsted, tekst: str, by: Person) -> None:
    eget, _nytt = skriving.take_in_use(bilde, sted=sted, by=by)
    skriving.change(
        eget,
        versjon=eget.versjon,
        felt={"tekst": tekst, "tittel": f"{sted.navn} 2040"},
        tegn=[t.tekst for t in eget.tegn.all()],
        temaer=list(eget.temaer.all())[:3],
        by=by,
    )
    skriving.publish(eget, publisert=True, by=by)


# --- drawings: flat shapes, twice as large as they are kept, so that the edges are smooth

_BREDDE, _HOYDE = 2400, 1600


def _illustrate(
    bilde: Fremtidsbilde, tegn: Callable[[ImageDraw.ImageDraw], None], tekst: str, by: Person
) -> None:
    flate = Image.new("RGB", (_BREDDE, _HOYDE), "#f6e3b4")
    tegn(ImageDraw.Draw(flate))
    ut = io.BytesIO()
    flate.resize((_BREDDE // 2, _HOYDE // 2)).save(ut, format="PNG", optimize=True)
    fil = accept(SimpleUploadedFile("tegning.png", ut.getvalue()), smaa=True)
    illustrasjoner.add(bilde, fil=fil, beskrivelse=tekst, by=by)


def _draw_fjord(p: ImageDraw.ImageDraw) -> None:
    p.ellipse((1640, 180, 2060, 600), fill="#f2b632")
    p.polygon([(0, 1100), (560, 300), (1080, 1100)], fill="#3e8eb2")
    p.polygon([(560, 300), (450, 457), (540, 520), (610, 440), (690, 500)], fill="#ffffff")
    p.polygon([(700, 1100), (1340, 520), (2000, 1100)], fill="#2f6f8f")
    p.polygon([(1500, 1100), (2000, 740), (2400, 1100)], fill="#4c8f5a")
    p.rectangle((0, 1100, _BREDDE, _HOYDE), fill="#cfe4ea")
    for y in (1220, 1380, 1520):
        p.line(
            [(n, y + (12 if n % 200 else -12)) for n in range(0, 2500, 100)],
            fill="#3e8eb2",
            width=10,
        )
    p.polygon([(960, 1240), (1480, 1240), (1380, 1380), (1060, 1380)], fill="#d64f3e")
    p.line([(1210, 1240), (1210, 760)], fill="#26404c", width=18)
    p.polygon([(1235, 790), (1235, 1200), (1460, 1200)], fill="#ffffff")
    p.polygon([(1185, 850), (1185, 1200), (1000, 1200)], fill="#fbe6e0")


def _draw_hands(p: ImageDraw.ImageDraw) -> None:
    p.rectangle((0, 1180, _BREDDE, _HOYDE), fill="#a9cf9a")
    farger = ("#d64f3e", "#3e8eb2", "#4c8f5a", "#8a5aa0", "#e08a2e")
    for nummer, farge in enumerate(farger):
        x = 320 + nummer * 440
        p.ellipse((x - 100, 420, x + 100, 620), fill="#f3cfa8" if nummer % 2 else "#b9835a")
        p.polygon([(x, 620), (x - 150, 1080), (x + 150, 1080)], fill=farge)
        for fot in (-60, 60):
            p.line([(x + fot, 1080), (x + fot, 1300)], fill="#26404c", width=34)
        if nummer < len(farger) - 1:
            p.line([(x + 40, 760), (x + 220, 900), (x + 400, 760)], fill="#26404c", width=28)
