"""Demo: what people from kommune, fagmiljø and the koordinator have said to units about what they delivered, and back."""

import datetime

from django.utils import timezone

from nettverk.demo.folk import PER_NOEKKEL
from nettverk.models import Nettverk, Rolle, Verv
from nettverk.tilgang.roller import coordinators
from rolu.models import Kvittering, Mellomarbeid, Tilbakemelding
from rolu.models.mellomarbeid import MellomarbeidQuerySet

_S = Tilbakemelding.Som
_Traad = list[tuple[Tilbakemelding.Som, str]]

# The first is the demo leader's own, and waits for a reply.
_TRAADER: list[_Traad] = [
    [
        (
            _S.FAGMILJOET,
            "Fint at dere merket dere hvem som ikke sa noe. Det er lett å bare se dem som snakker.",
        ),
        (_S.ENHETEN, "Takk! Det var assistenten vår som så det først."),
        (
            _S.KOMMUNEN,
            "Dette vil jeg gjerne at flere får høre om. Kan dere fortelle om det på neste ledermøte?",
        ),
    ],
    [
        (_S.KOMMUNEN, "Hvordan fikk dere tid til det i en travel uke?"),
        (_S.ENHETEN, "Vi la det til overgangen etter måltidet. Da er vi uansett samlet."),
    ],
    [
        (
            _S.KOORDINATOREN,
            "Dere beskriver godt hva barna gjorde annerledes. Ta det med til samlingen.",
        ),
    ],
    [
        (
            _S.FAGMILJOET,
            "Prøv gjerne samme bok en uke til. Det er først da spørsmålene blir barnas.",
        ),
        (_S.ENHETEN, "Det gjør vi. Vi skriver hvordan det går."),
    ],
]
_TRAADER_NN: list[_Traad] = [
    [
        (
            _S.KOMMUNEN,
            "Fint at de la merke til kven som ikkje sa noko. Kan de fortelje om det på neste leiarmøte?",
        ),
    ],
    [
        (_S.KOORDINATOREN, "Korleis fekk de tid til det i ei travel veke?"),
        (_S.ENHETEN, "Vi la det til overgangen etter måltidet. Då er vi samla uansett."),
    ],
]


def make(nettverk: Nettverk) -> None:
    """Once: what is there stands."""
    leverte = Mellomarbeid.objects.filter(oppdrag__nettverk=nettverk).delivered()
    if Tilbakemelding.objects.filter(mellomarbeid__in=leverte).exists():
        return
    traader = _TRAADER_NN if nettverk.maalform == "nn" else _TRAADER
    for arbeid, traad in zip(_told_of(leverte), traader, strict=False):
        _say(arbeid, traad)


def _told_of(leverte: MellomarbeidQuerySet) -> list[Mellomarbeid]:
    """The demo leader's own first, then as units are sorted."""
    egen = Verv.objects.filter(person__epost=PER_NOEKKEL["enhetsleder"].epost).values("gruppe")
    rader = leverte.select_related("oppdrag__laeringsloype").in_order()
    return [
        *rader.filter(gruppe__in=egen).order_by("-levert")[:1],
        *rader.exclude(gruppe__in=egen)[: len(_TRAADER)],
    ]


def _say(arbeid: Mellomarbeid, traad: _Traad) -> None:
    """A day between each, the last yesterday; who is replied to has read it."""
    naa = timezone.now()
    foer: Tilbakemelding | None = None
    for nr, (som, tekst) in enumerate(traad):
        person = _who(arbeid, som)
        if person is None:
            continue
        skrevet = naa - datetime.timedelta(days=len(traad) - nr, minutes=37 * nr)
        if foer:
            Kvittering.objects.get_or_create(
                mellomarbeid=arbeid,
                person_id=person,
                slag=Kvittering.Slag.LEST,
                defaults={"enhet_id": arbeid.gruppe.enhet_id if som == _S.ENHETEN else None}
                | {"naar": skrevet},
            )
        foer = Tilbakemelding.objects.create(
            mellomarbeid=arbeid, som=som, tekst=tekst, skrevet_av_id=person, skrevet=skrevet
        )


def _who(arbeid: Mellomarbeid, som: Tilbakemelding.Som) -> int | None:
    """The id of one who speaks on behalf of it; None where there is none."""
    i_nettverket = Verv.objects.filter(gruppe__nettverk=arbeid.nettverk).gyldig()
    loype = arbeid.oppdrag.laeringsloype
    verv = {
        _S.ENHETEN: i_nettverket.filter(gruppe=arbeid.gruppe_id, rolle=Rolle.FORMELL_LEDER),
        _S.KOMMUNEN: i_nettverket.filter(
            rolle=Rolle.OPPVEKSTANSVARLIG, representerer=arbeid.kommune_id
        ),
        _S.FAGMILJOET: i_nettverket.filter(gruppe=loype.ansvarlig_gruppe_id if loype else None),
        _S.KOORDINATOREN: coordinators(i_nettverket),
    }[som]
    return verv.order_by("pk").values_list("person", flat=True).first()
