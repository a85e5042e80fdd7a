"""Demo: how the kommuner and units of the demo have taken in the goals of their network, the same every time."""

import datetime
from dataclasses import dataclass
from typing import Any

from fremtidsbilder.models import Maal, Tegn
from kommuner.gyldighet import idag, periode
from kommuner.models import Enhet, Kommune
from nettverk.models import Nettverk

T, S, Y = Maal.Tilstand, Maal.Status, Maal.Type


@dataclass(frozen=True)
class _Sagt:
    """A goal, and how those who have it say that it goes: of that goal, so that it can be read."""

    tekst: str
    status: Maal.Status
    vurdering: str


@dataclass(frozen=True)
class _Ord:
    """What they write, in the network's own written form."""

    tilpasset: tuple[_Sagt, ...]
    eget: tuple[_Sagt, ...]
    i_lufta: str
    avsluttet: str
    hoering: str
    # Of a goal in the network's own words, whichever it is.
    samme: tuple[tuple[Maal.Status, str], ...]
    tegn: tuple[str, ...]


_ORD = {
    "nb": _Ord(
        tilpasset=(
            _Sagt(
                "Alle barn hos oss lærer ute hver uke, hele året.",
                S.PAA_VEI,
                "Vi ser det i ukeplanene, men ikke ennå når det er dårlig vær.",
            ),
            _Sagt(
                "Ledere og ansatte finner ut av ting sammen, på tvers av barnehage og skole.",
                S.I_STARTEN,
                "To enheter har begynt. De andre venter på en felles planleggingsdag.",
            ),
            _Sagt(
                "Barn og unge er med og bestemmer hva vi skal lære om.",
                S.NAADD,
                "Elevrådene og barnesamtalene har valgt tema i alle enhetene i år.",
            ),
        ),
        eget=(
            _Sagt(
                "3. og 4. trinn har faste utedager med matematikk.",
                S.NAADD,
                "Vi gjør det hver uke, og elevene minner oss på det.",
            ),
            _Sagt(
                "Hver avdeling velger ett sted i nærmiljøet og går dit hver uke.",
                S.PAA_VEI,
                "To av tre avdelinger har funnet stedet sitt.",
            ),
            _Sagt(
                "Elevene planlegger én utedag i måneden.",
                S.I_STARTEN,
                "Vi har prøvd det én gang. Elevene vil ha bedre tid til å planlegge.",
            ),
            _Sagt(
                "Alle ansatte har sett en kollega arbeide i løpet av året.",
                S.PAA_VEI,
                "Halvparten har gjort det. Vi mangler vikarer på ettermiddagene.",
            ),
        ),
        i_lufta="Vi bruker de samme ordene om språk i barnehage og skole.",
        avsluttet="Alle enheter har en plan for nettvett.",
        hoering="Elevråd og barnesamtaler styrer ett tiltak i året.",
        samme=(
            (S.I_STARTEN, "Vi har begynt å snakke om målet i ledermøtene."),
            (S.PAA_VEI, "Halvparten av enhetene våre er i gang med målet."),
            (S.NAADD, "Alle enhetene våre forteller hva de gjør for å holde målet levende."),
        ),
        tegn=("Barna finner fram måleutstyret selv.", "Vi hører mattespråk i leken."),
    ),
    "nn": _Ord(
        tilpasset=(
            _Sagt(
                "Alle barn hos oss lærer ute kvar veke, heile året.",
                S.PAA_VEI,
                "Vi ser det i vekeplanane, men ikkje enno når det er dårleg vêr.",
            ),
            _Sagt(
                "Leiarar og tilsette finn ut av ting saman, på tvers av barnehage og skule.",
                S.I_STARTEN,
                "To einingar har byrja. Dei andre ventar på ein felles planleggingsdag.",
            ),
            _Sagt(
                "Barn og unge er med og bestemmer kva vi skal lære om.",
                S.NAADD,
                "Elevråda og barnesamtalane har valt tema i alle einingane i år.",
            ),
        ),
        eget=(
            _Sagt(
                "3. og 4. trinn har faste utedagar med matematikk.",
                S.NAADD,
                "Vi gjer det kvar veke, og elevane minner oss på det.",
            ),
            _Sagt(
                "Kvar avdeling vel éin stad i nærmiljøet og går dit kvar veke.",
                S.PAA_VEI,
                "To av tre avdelingar har funne staden sin.",
            ),
            _Sagt(
                "Elevane planlegg éin utedag i månaden.",
                S.I_STARTEN,
                "Vi har prøvd det éin gong. Elevane vil ha betre tid til å planleggje.",
            ),
            _Sagt(
                "Alle tilsette har sett ein kollega arbeide i løpet av året.",
                S.PAA_VEI,
                "Halvparten har gjort det. Vi manglar vikarar på ettermiddagane.",
            ),
        ),
        i_lufta="Vi bruker dei same orda om språk i barnehage og skule.",
        avsluttet="Alle einingar har ein plan for nettvett.",
        hoering="Elevråd og barnesamtalar styrer eitt tiltak i året.",
        samme=(
            (S.I_STARTEN, "Vi har byrja å snakke om målet i leiarmøta."),
            (S.PAA_VEI, "Halvparten av einingane våre er i gang med målet."),
            (S.NAADD, "Alle einingane våre fortel kva dei gjer for å halde målet levande."),
        ),
        tegn=("Barna finn fram måleutstyret sjølve.", "Vi høyrer mattespråk i leiken."),
    ),
}
# The themes that the effektmål of the networks are about, as they are called in nettverk/data.
_TEMAER = ("Livsmestring", "Inkluderande oppvekstmiljø", "Tidlig innsats")


def make_demo(nettverk: Nettverk) -> None:
    """Most kommuner have taken in a goal of the network, every third in the same words; some units have goals below.
    They hang on the theme of the goal above. One goal hangs in the air, one is on hearing, one is closed. Only where no kommune has goals yet."""
    felles = list(nettverk.maal.filter(nivaa="nettverk").exclude(type=Y.PRINSIPP))
    if not felles or nettverk.maal.exclude(nivaa="nettverk").exists():
        return
    ord_ = _ORD[nettverk.maalform]
    tema = nettverk.temaer.filter(navn__in=_TEMAER).first()
    for ett in felles:
        if tema and ett.type == Y.EFFEKT and not ett.temaer.exists():
            ett.temaer.add(tema)
    kommuner = list(nettverk.kommuner().defer("grense").order_by("sortering"))
    for nr, kommune in enumerate(kommuner[: max(len(kommuner) - 2, 1)]):
        _one_kommune(nr, kommune, felles, ord_)
    if kommuner:
        sist = kommuner[-1]
        _make(nettverk, kommune=sist, tekst=ord_.i_lufta, type=Y.RESULTAT)
        _make(nettverk, kommune=sist, tekst=ord_.avsluttet, type=Y.RESULTAT, tilstand=T.AVSLUTTET)


def _one_kommune(nr: int, kommune: Kommune, felles: list[Maal], ord_: _Ord) -> None:
    over = felles[nr % len(felles)] if nr % 2 else felles[0]
    nettverk = over.nettverk
    sagt = ord_.tilpasset[nr // 2 % len(ord_.tilpasset)]
    if nr % 3 == 1:
        sagt = _Sagt(over.tekst, *ord_.samme[nr // 3 % len(ord_.samme)])
    mitt = _make(
        nettverk,
        kommune=kommune,
        over=over,
        overtatt=True,
        type=over.type,
        tekst=sagt.tekst,
        periode=periode(datetime.date(idag().year, 1, 1), datetime.date(idag().year + 4, 1, 1)),
        **_status(nr, sagt),
    )
    if nr == 0:
        _make(
            nettverk,
            kommune=kommune,
            over=over,
            type=Y.RESULTAT,
            tekst=ord_.hoering,
            tilstand=T.HOERING,
            hoering_til=idag() + datetime.timedelta(days=21),
        )
    enheter = nettverk.enheter().in_kommuner([kommune.pk]).filter(er_demo=True)
    for plass, enhet in enumerate(enheter.order_by("organisasjonsnummer")[: nr % 3 + 1]):
        _one_unit(nr + plass, enhet, mitt, ord_)


def _one_unit(nr: int, enhet: Enhet, over: Maal, ord_: _Ord) -> None:
    sagt = ord_.eget[nr % len(ord_.eget)]
    maal = _make(
        over.nettverk,
        enhet=enhet,
        over=over,
        type=Y.RESULTAT,
        tekst=sagt.tekst,
        **_status(nr // len(ord_.eget) + nr, sagt),
    )
    if sagt == ord_.eget[0]:
        Tegn.objects.bulk_create(
            Tegn(maal=maal, tekst=tekst, rekkefolge=plass * 10)
            for plass, tekst in enumerate(ord_.tegn, start=1)
        )


def _status(nr: int, sagt: _Sagt) -> dict[str, object]:
    """Every fourth has not been assessed yet."""
    if nr % 4 == 3:
        return {}
    siden = idag() - datetime.timedelta(days=20 + nr)
    return {"status": sagt.status, "vurdering": sagt.vurdering, "vurdert": siden}


def _make(nettverk: Nettverk, **felt: Any) -> Maal:
    felt.setdefault("tilstand", T.VEDTATT)
    nivaa = "enhet" if "enhet" in felt else "kommune"
    maal: Maal = Maal.objects.create(
        nettverk=nettverk, nivaa=nivaa, kilde=Maal.Kilde.SAMSKAPT, **felt
    )
    if over := felt.get("over"):
        maal.temaer.set(over.temaer.all())
    return maal
