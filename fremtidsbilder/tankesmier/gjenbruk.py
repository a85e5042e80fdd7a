"""«Bruk hos oss»: a tankesmie that is shared is taken home by a kommune or a unit, and what they gather is seen from
where it came."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fremtidsbilder.models import Samtalesporsmaal, Tankesmie
from fremtidsbilder.sted import Hjemsted, where
from fremtidsbilder.tankesmier import egne
from fremtidsbilder.tankesmier.vegg import Kort, read_walls
from nettverk.skriving.konflikt import KanIkke
from nettverk.skriving.laas import held, hold


def can_take(tankesmie: Tankesmie, sted: Hjemsted) -> bool:
    """A shared one may be taken home by every kommune and unit but the one whose it is; the network and its groups
    have no home."""
    if not tankesmie.deles or not tankesmie.frittstaaende:
        return False
    if sted.enhet:
        return tankesmie.enhet_id != sted.enhet.pk
    return sted.kommune is not None and tankesmie.kommune_id != sted.kommune.pk


def taken_at(tankesmie: Tankesmie, sted: Hjemsted) -> Tankesmie | None:
    """The place's own, when it has taken it home."""
    return tankesmie.kopier.filter(**sted.felt).first()


@transaction.atomic
def take_home(tankesmie: Tankesmie, *, sted: Hjemsted) -> tuple[Tankesmie, bool]:
    """The place's own, with the plan, the questions and the groups of this one; and whether it is new: a place takes it
    home once. Each question knows which one it is. Raises KanIkke."""
    hold(tankesmie.nettverk)
    naa = held(tankesmie, _("Tankesmia er slettet av noen andre."))
    if her := taken_at(naa, sted):
        return her, False
    if not can_take(naa, sted):
        raise KanIkke(_("Tankesmia deles ikke lenger, eller er deres egen."))
    ny = egne.make(
        naa.nettverk,
        sted=sted,
        felt={"tittel": naa.tittel, "plan": naa.plan, "kopi_av": naa},
        sporsmaal=[
            Samtalesporsmaal(tekst=s.tekst, hjelp=s.hjelp, kopi_av=s) for s in naa.sporsmaal.all()
        ],
        grupper=naa.grupper.all(),
    )
    return ny, True


def users_of(tankesmie: Tankesmie) -> QuerySet[Tankesmie]:
    """Those who have taken it home, with their counts, those who have gathered most first. One query."""
    hos = Tankesmie.objects.from_same(tankesmie).select_related("kommune", "enhet")
    return egne.with_counts(hos.defer("kommune__grense")).order_by("-antall_stemmer", "pk")


# --- the walls together


@dataclass(frozen=True, slots=True)
class Stedskort:
    """A card, and where it was said; "" for the tankesmie one looks from."""

    kort: Kort
    sted: str


@dataclass(slots=True)
class Fellestema:
    """The themes of one name on all the walls."""

    navn: str
    kort: list[Stedskort] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Fellesvegg:
    """What was said to one question at all the places: by theme, those with most cards first, and outside of all."""

    temaer: list[Fellestema]
    uten_tema: list[Stedskort]
    steder: int

    @property
    def antall(self) -> int:
        return sum(len(tema.kort) for tema in self.temaer) + len(self.uten_tema)


def read_together(sporsmaal: Samtalesporsmaal) -> Fellesvegg:
    """The wall of a question with those of the same question where it was taken home. What is hidden at a place is not
    in it. Three queries."""
    samme = _same_question(sporsmaal)
    vegger = read_walls([sporsmaal, *samme])
    steder = {s.pk: where(s.tankesmie) for s in samme} | {sporsmaal.pk: ""}
    temaer: dict[str, Fellestema] = {}
    uten: list[Stedskort] = []
    for pk, vegg in vegger.items():
        for tema in vegg.temaer:
            felles = temaer.setdefault(tema.navn.casefold(), Fellestema(tema.navn))
            felles.kort += _said_at(steder[pk], tema.kort)
        uten += _said_at(steder[pk], vegg.uten_tema)
    brukt = sorted((t for t in temaer.values() if t.kort), key=lambda t: (-len(t.kort), t.navn))
    return Fellesvegg(brukt, uten, sum(1 for vegg in vegger.values() if vegg.antall))


def _same_question(sporsmaal: Samtalesporsmaal) -> list[Samtalesporsmaal]:
    hos = Samtalesporsmaal.objects.filter(kopi_av=sporsmaal) | Samtalesporsmaal.objects.filter(
        kopi_av__kopi_av=sporsmaal
    )
    hos = hos.select_related("tankesmie__kommune", "tankesmie__enhet")
    return list(hos.defer("tankesmie__kommune__grense").order_by("pk"))


def _said_at(sted: str, kortene: Iterable[Kort]) -> list[Stedskort]:
    return [Stedskort(kort, sted) for kort in kortene]
