"""Demo: how the kommuner and units of the demo have taken in the goals of their network, the same every time."""

import datetime
from dataclasses import dataclass

from fremtidsbilder.models import Maal, Tegn
from kommuner.gyldighet import idag, periode
from kommuner.models import Enhet, Kommune
from nettverk.models import Nettverk

T, S, Y = Maal.Tilstand, Maal.Status, Maal.Type


@dataclass(frozen=True)
class _Ord:
    """What they write, in the network's own written form."""

    tilpasset: tuple[str, ...]
    eget: tuple[str, ...]
    i_lufta: str
    avsluttet: str
    hoering: str
    vurderinger: tuple[str, str, str]
    tegn: tuple[str, ...]


_ORD = {
    "nb": _Ord(
        tilpasset=(
            "Alle barn hos oss lærer ute hver uke, hele året.",
            "Ledere og ansatte finner ut av ting sammen, på tvers av barnehage og skole.",
            "Barn og unge er med og bestemmer hva vi skal lære om.",
        ),
        eget=(
            "3. og 4. trinn har faste utedager med matematikk.",
            "Hver avdeling velger ett sted i nærmiljøet og går dit hver uke.",
            "Elevene planlegger én utedag i måneden.",
            "Alle ansatte har sett en kollega arbeide i løpet av året.",
        ),
        i_lufta="Vi bruker de samme ordene om språk i barnehage og skole.",
        avsluttet="Alle enheter har en plan for nettvett.",
        hoering="Elevråd og barnesamtaler styrer ett tiltak i året.",
        vurderinger=(
            "To enheter har begynt. De andre venter på en dag til å planlegge.",
            "Vi ser det i ukeplanene, men ikke ennå når det er dårlig vær.",
            "Vi gjør det hver uke, og barna minner oss på det.",
        ),
        tegn=("Barna finner fram måleutstyret selv.", "Vi hører mattespråk i leken."),
    ),
    "nn": _Ord(
        tilpasset=(
            "Alle barn hos oss lærer ute kvar veke, heile året.",
            "Leiarar og tilsette finn ut av ting saman, på tvers av barnehage og skule.",
            "Barn og unge er med og bestemmer kva vi skal lære om.",
        ),
        eget=(
            "3. og 4. trinn har faste utedagar med matematikk.",
            "Kvar avdeling vel éin stad i nærmiljøet og går dit kvar veke.",
            "Elevane planlegg éin utedag i månaden.",
            "Alle tilsette har sett ein kollega arbeide i løpet av året.",
        ),
        i_lufta="Vi bruker dei same orda om språk i barnehage og skule.",
        avsluttet="Alle einingar har ein plan for nettvett.",
        hoering="Elevråd og barnesamtalar styrer eitt tiltak i året.",
        vurderinger=(
            "To einingar har byrja. Dei andre ventar på ein dag til å planleggje.",
            "Vi ser det i vekeplanane, men ikkje enno når det er dårleg vêr.",
            "Vi gjer det kvar veke, og barna minner oss på det.",
        ),
        tegn=("Barna finn fram måleutstyret sjølve.", "Vi høyrer mattespråk i leiken."),
    ),
}


def make_demo(nettverk: Nettverk) -> None:
    """Most kommuner have taken in a goal of the network, every third in the same words; some units have goals below.
    One goal hangs in the air, one is on hearing, one is closed. Only where no kommune has goals yet."""
    felles = list(nettverk.maal.filter(nivaa="nettverk").exclude(type=Y.PRINSIPP))
    if not felles or nettverk.maal.exclude(nivaa="nettverk").exists():
        return
    ord_ = _ORD[nettverk.maalform]
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
    samme = nr % 3 == 1
    mitt = _make(
        nettverk,
        kommune=kommune,
        over=over,
        overtatt=True,
        type=over.type,
        tekst=over.tekst if samme else ord_.tilpasset[nr // 2 % len(ord_.tilpasset)],
        periode=periode(datetime.date(idag().year, 1, 1), datetime.date(idag().year + 4, 1, 1)),
        **_status(nr, ord_),
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
    maal = _make(
        over.nettverk,
        enhet=enhet,
        over=over,
        type=Y.RESULTAT,
        tekst=ord_.eget[nr % len(ord_.eget)],
        **_status(nr + 1, ord_),
    )
    if nr % 2 == 0:
        Tegn.objects.bulk_create(
            Tegn(maal=maal, tekst=tekst, rekkefolge=plass * 10)
            for plass, tekst in enumerate(ord_.tegn, start=1)
        )


def _status(nr: int, ord_: _Ord) -> dict[str, object]:
    if nr % 4 == 3:
        return {}
    status = (S.I_STARTEN, S.PAA_VEI, S.NAADD)[nr % 4]
    siden = idag() - datetime.timedelta(days=20 + nr)
    return {"status": status, "vurdering": ord_.vurderinger[nr % 4], "vurdert": siden}


def _make(nettverk: Nettverk, **felt: object) -> Maal:
    nivaa = "enhet" if "enhet" in felt else "kommune"
    felt.setdefault("tilstand", T.VEDTATT)
    return Maal.objects.create(nettverk=nettverk, nivaa=nivaa, kilde=Maal.Kilde.SAMSKAPT, **felt)
