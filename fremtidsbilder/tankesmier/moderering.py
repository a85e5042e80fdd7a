"""What becomes of the voices: somebody reads each, and lets it out, holds it back or hides it, with a reason.

Outside its tankesmie a card is shown only when it is approved (`Bidrag.objects.approved`). Who decided it, history
keeps. Who may read it is decided also after a gathering is locked: that closes what was said there, not who sees it.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pghistory
from django.db.models import Count, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from fremtidsbilder.models import Bidrag, Samtalesporsmaal, Tankesmie
from fremtidsbilder.tankesmier.stand import arranging, held_cards, steering
from fremtidsbilder.tankesmier.vegg import may_name_a_child
from nettverk.models import Nettverk, Person
from nettverk.skriving.konflikt import KanIkke
from nettverk.skriving.navnesjekk import look_for_staff

Avgjoerelse = Bidrag.Avgjoerelse

GODKJENN, HOLD, SKJUL = "godkjenn", "hold", "skjul"
# On the wall alone: what was hidden is shown again, and read again before it is let out.
VIS = "vis"
# By this mark in its context, history knows that somebody decided, and not only moved a card.
_MERKE = "moderering"
ULEST, GODKJENT, HOLDT, SKJULT = "ulest", "godkjent", "holdt", "skjult"

# What each act makes of a card.
_BLIR: dict[str, dict[str, object]] = {
    GODKJENN: {"avgjoerelse": Avgjoerelse.GODKJENT, "skjult": False},
    HOLD: {"avgjoerelse": Avgjoerelse.HOLDT},
    SKJUL: {"avgjoerelse": Avgjoerelse.HOLDT, "skjult": True, "valgt": False},
    VIS: {"avgjoerelse": Avgjoerelse.VENTER, "skjult": False},
}
_STANDER = {
    ULEST: Q(avgjoerelse=Avgjoerelse.VENTER),
    GODKJENT: Q(avgjoerelse=Avgjoerelse.GODKJENT),
    HOLDT: Q(avgjoerelse=Avgjoerelse.HOLDT, skjult=False),
    SKJULT: Q(avgjoerelse=Avgjoerelse.HOLDT, skjult=True),
}


@dataclass(frozen=True)
class Avgjort:
    """What came of it: `foer` says how each card stood, and `endret` how many were left alone because they have been
    written anew, or decided by somebody else, since they were read. Of what was held back, `skjulte` do not stand on the
    wall either: they may name a child, or were hidden before."""

    foer: dict[int, str]
    endret: int
    skjulte: int = 0

    @property
    def antall(self) -> int:
        return len(self.foer)

    @property
    def var_godkjent(self) -> int:
        return sum(stod.startswith(_BOKSTAVER[Avgjoerelse.GODKJENT]) for stod in self.foer.values())


def decide(tankesmie: Tankesmie, lest: Mapping[int, str], *, valg: str, grunn: str = "") -> Avgjort:
    """Approve, hold back or hide cards, each as it was when it was read (`seen`). What is approved is shown again;
    what is hidden is taken off the wall and out of the summary. Raises KanIkke without a reason for the last two."""
    if valg != GODKJENN and not grunn.strip():
        raise KanIkke(_("Skriv hvorfor, så andre som leser det, vet det."))
    with steering(tankesmie):
        foer = {k.pk: state(k) for k in _held(tankesmie, lest) if seen(k) == lest[k.pk]}
        _decided(valg, foer, grunn="" if valg == GODKJENN else grunn.strip())
    skjulte = sum("s" in stod for stod in foer.values()) if valg == HOLD else 0
    return Avgjort(foer, len(lest) - len(foer), skjulte)


def hide(sporsmaal: Samtalesporsmaal, kort: Iterable[int]) -> Avgjort:
    """Take cards off the wall, the export and the summary, and out of what is let out, as `decide` does; whoever did
    so before, has said why."""
    with arranging(sporsmaal) as naa:
        rader = _held(naa.tankesmie, kort, i=naa)
        foer = {k.pk: state(k) for k in rader}
        with translation.override(naa.tankesmie.nettverk.maalform):
            grunn = _("Skjult på veggen")
        _decided(SKJUL, [k.pk for k in rader if not k.grunn], grunn=grunn)
        _decided(SKJUL, [k.pk for k in rader if k.grunn])
    return Avgjort(foer, 0)


def show(sporsmaal: Samtalesporsmaal, kort: Iterable[int]) -> Avgjort:
    """Put cards that were hidden back on the wall; nobody has let them out. Those that are not hidden stand as they
    do."""
    with arranging(sporsmaal) as naa:
        foer = {k.pk: state(k) for k in _held(naa.tankesmie, kort, i=naa) if k.skjult}
        _decided(VIS, foer, grunn="")
    return Avgjort(foer, 0)


def _decided(valg: str, pk_er: Iterable[int], **felt: object) -> None:
    with pghistory.context(**{_MERKE: valg}):
        Bidrag.objects.filter(pk__in=list(pk_er)).update(**_BLIR[valg], **felt)


def undo(tankesmie: Tankesmie, foer: Mapping[int, str], *, valg: str) -> int:
    """Let the cards stand as they did before `decide`, with the reason that stood then. Those that somebody has decided
    anew meanwhile, are left as they are. How many."""
    with steering(tankesmie):
        blir = _BLIR[valg]
        naa = [
            kort
            for kort in _held(tankesmie, foer)
            if all(getattr(kort, navn) == verdi for navn, verdi in blir.items())
        ]
        avgjorde = _decisions({kort.pk for kort in naa})
        for kort in naa:
            stod = foer[kort.pk]
            kort.avgjoerelse = _AVGJOERELSER.get(stod[:1], Avgjoerelse.VENTER)
            kort.skjult, kort.valgt = "s" in stod[1:], "v" in stod[1:]
            if kort.skjult:
                kort.valgt = False
                if kort.avgjoerelse == Avgjoerelse.GODKJENT:
                    kort.avgjoerelse = Avgjoerelse.VENTER
            stand = _decision(kort.avgjoerelse, kort.skjult)
            alle = avgjorde.get(kort.pk, [])
            # To decide the same anew changes nothing, and history has it once.
            sist = _last(alle[:-1], stand) or _last(alle, stand)
            if sist is None:
                # Nobody had decided so.
                kort.avgjoerelse = Avgjoerelse.VENTER
            kort.grunn = sist.grunn if sist and kort.avgjoerelse else ""
        # The old decision stands again; nobody made it anew.
        Bidrag.objects.bulk_update(naa, ["avgjoerelse", "skjult", "valgt", "grunn"])
    return len(naa)


# A letter and two signs: short enough for fifty cards beside each other in a message.
_BOKSTAVER = {Avgjoerelse.VENTER: "u", Avgjoerelse.GODKJENT: "g", Avgjoerelse.HOLDT: "h"}
_AVGJOERELSER = {bokstav: avgjoerelse for avgjoerelse, bokstav in _BOKSTAVER.items()}


def state(kort: Bidrag) -> str:
    """How the card stands, in a few letters (`undo`)."""
    bokstav = _BOKSTAVER[Avgjoerelse(kort.avgjoerelse)]
    return bokstav + "s" * kort.skjult + "v" * kort.valgt


def seen(kort: Bidrag) -> str:
    """Which text, which pictures and which decision it is that one reads: another mark is something else. One query
    when the pictures are not fetched with the card."""
    merke = f"{kort.utgave}{state(kort)}".removesuffix("v")
    bilder = len(kort.bilder.all())
    return f"{merke}b{bilder}" if bilder else merke


def _held(
    tankesmie: Tankesmie, pk_er: Iterable[int], *, i: Samtalesporsmaal | None = None
) -> list[Bidrag]:
    """Those of them in the tankesmie, or in one question of it."""
    rader = cards(tankesmie).filter(pk__in=list(pk_er))
    rader = rader.filter(sporsmaal=i) if i else rader
    return list(held_cards(rader).prefetch_related("bilder"))


# --- the queue


def cards(tankesmie: Tankesmie) -> QuerySet[Bidrag]:
    """All of it that is not taken back, also what is hidden."""
    return Bidrag.objects.filter(sporsmaal__tankesmie=tankesmie).exclude(tekst="")


def in_state(kort: QuerySet[Bidrag], stand: str) -> QuerySet[Bidrag]:
    return kort.filter(_STANDER[stand]) if stand in _STANDER else kort


def counts(kort: QuerySet[Bidrag]) -> dict[str, int]:
    """How many stand how. One query."""
    return kort.order_by().aggregate(
        alle=Count("pk"), **{stand: Count("pk", filter=q) for stand, q in _STANDER.items()}
    )


def queue(nettverk: Nettverk, kort: QuerySet[Bidrag]) -> list[int]:
    """In the order they should be read: those that may name a child, or name somebody who works in the network, first,
    then what children said, then the oldest first. Two queries, however many there are."""
    rader = list(kort.order_by("pk").values_list("pk", "tekst", "om_hvem", "gruppe__er_barn"))
    tekster = [said(tekst, om_hvem) for _pk, tekst, om_hvem, _barn in rader]
    nevnt = look_for_staff(nettverk, tekster)
    rekke = sorted(
        (not (folk or may_name_a_child(tekst)), not barn, pk)
        for (pk, *_ord, barn), tekst, folk in zip(rader, tekster, nevnt, strict=True)
    )
    return [pk for *_foer, pk in rekke]


def said(tekst: str, om_hvem: str) -> str:
    """All the words of a card that may name somebody."""
    return f"{tekst}\n{om_hvem}" if om_hvem else tekst


# --- who did it


@dataclass(frozen=True)
class Avgjorde:
    """That somebody decided how a card should stand: how, when and why."""

    stand: tuple[str, bool]
    av: str
    naar: datetime.datetime
    grunn: str


def decided_by(kort: Iterable[Bidrag]) -> dict[int, Avgjorde]:
    """Of those that are decided: who did it, as history has it. Two queries."""
    staar = {k.pk: _decision(k.avgjoerelse, k.skjult) for k in kort if k.avgjoerelse}
    siste: dict[int, Avgjorde] = {}
    for pk, avgjorde in _decisions(staar).items():
        if funnet := _last(avgjorde, staar[pk]):
            siste[pk] = funnet
    return siste


def _decisions(pk_er: Iterable[int]) -> dict[int, list[Avgjorde]]:
    """What has been decided of each, the oldest first. Only acts of this module: that a card was moved while it was
    approved, is no one's approval of it."""
    hendelser = Bidrag.pgh_event_model.objects  # type: ignore[attr-defined]
    rader = hendelser.filter(
        pgh_obj__in=list(pk_er), pgh_context__metadata__has_key=_MERKE
    ).order_by("pgh_id")
    felt = ("pgh_obj_id", "avgjoerelse", "skjult", "grunn", "pgh_context__metadata")
    rader = list(rader.values_list(*felt, "pgh_created_at"))
    hvem = {om.get("user") for *_rest, om, _naar in rader}
    folk = dict(Person.objects.filter(pk__in=hvem).values_list("pk", "navn")) if rader else {}
    alle: dict[int, list[Avgjorde]] = {}
    for pk, avgjoerelse, skjult, grunn, om, naar in rader:
        stand = _decision(avgjoerelse, skjult)
        av = folk.get(om.get("user"), "")
        alle.setdefault(pk, []).append(Avgjorde(stand, av, timezone.localtime(naar), grunn))
    return alle


def _last(avgjorde: list[Avgjorde], stand: tuple[str, bool]) -> Avgjorde | None:
    return next((a for a in reversed(avgjorde) if a.stand == stand), None)


def _decision(avgjoerelse: str, skjult: bool) -> tuple[str, bool]:
    """What of a card a person decides: whether it is hidden only when it is not let out."""
    return avgjoerelse, skjult and avgjoerelse == Avgjoerelse.HOLDT
