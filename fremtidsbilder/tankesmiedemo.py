"""Demo: a tankesmie of the network that a kommune and a unit have taken home, open, with the voices of many groups.

The question is the one Nordmøre asked from 2016; every answer is made up.
"""

import datetime

from django.utils import timezone

from fremtidsbilder.bilder import temaer
from fremtidsbilder.models import Bidrag, Samtalesporsmaal, Stemmegruppe, Tankesmie
from fremtidsbilder.sted import Hjemsted
from fremtidsbilder.tankesmier import (
    bidrag,
    egne,
    gjenbruk,
    klynger,
    moderering,
    styring,
    temastemmer,
)
from kommuner.gyldighet import idag
from nettverk.models import Nettverk

_TITTEL = "Barnehagen og skolen i 2040"
_SPORSMAAL = "Hvordan ønsker vi at det skal være i våre barnehager og skoler i 2040?"
_HJELP = "Jeg lærer best når …\nJeg har det bra når …"
_ANNET = "Hva skal vi slutte med?"
_PLAN = (
    "1. Les spørsmålet høyt, og gi alle to minutter til å tenke.\n"
    "2. Snakk sammen to og to, og skriv ett svar på hver lapp.\n"
    "3. Med de minste barna: la dem tegne, og skriv ned det de sier.\n"
    "4. Les svarene sammen, og sett dem i temaer."
)
# The group, the theme, what was said, and how many said it together.
_Sagt = tuple[tuple[str, str, str, int], ...]
_SAGT: _Sagt = (
    ("Barnehagebarn", "Ute", "Vi vil ha et tre å klatre i. Og kaniner.", 12),
    ("Barnehagebarn", "Ute", "At vi kan være i skogen hver dag.", 8),
    ("Elever", "Å bestemme", "At vi får velge hva vi skal lære mer om.", 24),
    ("Elever", "Trygghet", "Ingen skal gå alene i friminuttet.", 24),
    ("Foresatte", "Trygghet", "At de voksne har tid til å se hvert barn.", 1),
    ("Foresatte", "Samarbeid", "At vi blir spurt før det er bestemt.", 1),
    ("Ansatte", "Samarbeid", "At barnehage og skole planlegger overgangen sammen.", 6),
    ("Ansatte", "", "Tid til å snakke om det vi ser hos barna.", 5),
    ("Politikere", "Samarbeid", "At skolen brukes av hele bygda, også om kvelden.", 1),
    ("Næringsliv", "Ute", "At elevene er hos oss en dag i måneden.", 1),
)
_HOS_KOMMUNEN: _Sagt = (
    ("Foresatte", "", "En leksefri skole, så vi får tid sammen.", 1),
    ("Frivillige", "", "At laget og skolen deler hall og utstyr.", 1),
)
_HOS_ENHETEN: _Sagt = (
    ("Barnehagebarn", "", "Vi vil bade i fjæra når det er varmt.", 9),
    ("Barnehagebarn", "", "At de voksne blir med i leken.", 9),
)
# Which theme of the network a theme on the wall is part of, and which of the cards have been read and let out.
_TIL_NETTVERKET = {"Trygghet": "Livsmestring", "Å bestemme": "Livsmestring"}
_IKKE_LEST = 3
_PUBLISERT = "Livsmestring"
_HANDLER_OM = (
    "*Demotekst.*\n\nAt barn og unge kjenner at de hører til, blir sett og er med og bestemmer. Det var det flest snakket "
    "om da vi spurte."
)
_SKJEDDE = (
    "*Demotekst.*\n\n- Skolene har fått vennebenker i skolegården, etter forslag fra elevene.\n"
    "- Elevrådene er med når skolene lager planene for året.\n"
    "- Barnehagene prøver ut små samtalegrupper om følelser i læringsløypa om livsmestring."
)


def make_demo(nettverk: Nettverk) -> None:
    """Only for Nordmøre, and only where none has been held."""
    if nettverk.slug != "nordmore" or nettverk.tankesmier.own().exists():
        return
    grupper = {g.navn: g for g in nettverk.stemmegrupper.all()}
    felles = egne.make(
        nettverk,
        sted=Hjemsted("nettverk"),
        felt={
            "tittel": _TITTEL,
            "plan": _PLAN,
            "deles": True,
            "dato": idag() - datetime.timedelta(days=5),
            "aapen_til": timezone.now() + datetime.timedelta(days=10),
        },
        sporsmaal=[
            Samtalesporsmaal(tekst=_SPORSMAAL, hjelp=_HJELP),
            Samtalesporsmaal(tekst=_ANNET),
        ],
        grupper=grupper.values(),
    )
    _answer(felles, _SAGT, grupper)
    _let_out(felles, nettverk)
    for sted, sagt in _places(nettverk):
        egen, _ny = gjenbruk.take_home(felles, sted=sted)
        _answer(egen, sagt, grupper)


def _places(nettverk: Nettverk) -> list[tuple[Hjemsted, _Sagt]]:
    kommune = nettverk.kommuner().defer("grense").order_by("kommunenummer").last()
    enhet = nettverk.enheter().filter(er_demo=True).order_by("organisasjonsnummer").last()
    steder: list[tuple[Hjemsted, _Sagt]] = []
    if kommune:
        steder.append((Hjemsted("kommune", kommune=kommune), _HOS_KOMMUNEN))
    if enhet:
        steder.append((Hjemsted("enhet", enhet=enhet), _HOS_ENHETEN))
    return steder


def _answer(
    tankesmie: Tankesmie,
    sagt: _Sagt,
    grupper: dict[str, Stemmegruppe],
) -> None:
    sporsmaal = tankesmie.sporsmaal.get(rekkefolge=0)
    styring.open_question(sporsmaal)
    kort = Bidrag.objects.bulk_create(
        Bidrag(sporsmaal=sporsmaal, gruppe=grupper.get(gruppe), tekst=tekst, antall=antall)
        for gruppe, _tema, tekst, antall in sagt
    )
    paa_veggen: dict[str, list[int]] = {}
    for rad, (_gruppe, tema, _tekst, _antall) in zip(kort, sagt, strict=True):
        if tema:
            paa_veggen.setdefault(tema, []).append(rad.pk)
    for navn, pk in paa_veggen.items():
        klynger.make(sporsmaal, navn=navn, kort=pk)


def _let_out(tankesmie: Tankesmie, nettverk: Nettverk) -> None:
    """Most of the voices are read, two themes are part of the network's, and its page is published."""
    kort = list(moderering.cards(tankesmie).select_related("sporsmaal", "klynge").order_by("pk"))[
        :-_IKKE_LEST
    ]
    lest = {k.pk: moderering.seen(k) for k in kort}
    moderering.decide(tankesmie, lest, valg=moderering.GODKJENN)
    sitater = [k.pk for k in kort if k.klynge and k.klynge.navn in _TIL_NETTVERKET]
    bidrag.pick(kort[0].sporsmaal, sitater)
    nettverkets = {tema.navn: tema for tema in nettverk.temaer.all()}
    for klynge in temastemmer.on_walls(tankesmie):
        if tema := nettverkets.get(_TIL_NETTVERKET.get(klynge.navn, "")):
            temastemmer.lift(klynge, tema=tema)
    if (tema := nettverkets.get(_PUBLISERT)) and not tema.offentlig:
        felt = {"beskrivelse": _HANDLER_OM, "skjedde": _SKJEDDE}
        temaer.publish(temaer.describe(tema, versjon=tema.versjon, felt=felt), offentlig=True)
