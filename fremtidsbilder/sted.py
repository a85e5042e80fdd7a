"""Where an image or a goal belongs: the network, a kommune or a unit; a tankesmie also a group; and where a person may
write."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from fremtidsbilder.models import Fremtidsbilde, Maal, Tankesmie
from kommuner.gyldighet import idag
from kommuner.models import Enhet, Kommune, Plassering
from nettverk.models import Gruppe
from nettverk.tilgang.roller import Roller


@dataclass(frozen=True)
class Hjemsted:
    """A level, and the kommune, the unit or the group when it is one of these."""

    nivaa: str
    kommune: Kommune | None = None
    enhet: Enhet | None = None
    gruppe: Gruppe | None = None

    @property
    def noekkel(self) -> str:
        """What it is called in a form and an address: «nettverk», «kommune-1508», «enhet-974600951»,
        «gruppe-12»."""
        if self.gruppe:
            return f"gruppe-{self.gruppe.pk}"
        if self.enhet:
            return f"enhet-{self.enhet.referanse}"
        return f"kommune-{self.kommune.kommunenummer}" if self.kommune else self.nivaa

    @property
    def navn(self) -> str:
        """As one chooses it."""
        if self.gruppe:
            return str(self.gruppe)
        if self.enhet:
            return str(self.enhet)
        return self.kommune.navn if self.kommune else _("Hele nettverket")

    @property
    def felt(self) -> dict[str, object]:
        """What the row says of it."""
        felt = {"nivaa": self.nivaa, "kommune": self.kommune, "enhet": self.enhet}
        return felt | ({"gruppe": self.gruppe} if self.gruppe else {})

    @property
    def ider(self) -> tuple[int | None, int | None]:
        """Those of its kommune and its unit, as a row has them."""
        return (
            self.kommune.pk if self.kommune else None,
            self.enhet.pk if self.enhet else None,
        )


def places(roller: Roller) -> list[Hjemsted]:
    """Where the person may write goals and images: the network for its koordinator, the own kommune for the
    oppvekstansvarlig, the own unit for its leader. The widest first; two queries at most."""
    steder = [Hjemsted("nettverk")] if roller.er_koordinator else []
    if roller.kommuner_ansvar:
        kommuner = roller.nettverk.kommuner().filter(pk__in=roller.kommuner_ansvar)
        steder += [Hjemsted("kommune", kommune=k) for k in kommuner.defer("grense")]
    if roller.enheter_ledet:
        enheter = roller.nettverk.enheter().filter(pk__in=roller.enheter_ledet)
        steder += [Hjemsted("enhet", enhet=e) for e in enheter]
    return steder


def place_of(noekkel: str, roller: Roller) -> Hjemsted | None:
    """The place of that key, when the person may write there."""
    return next((sted for sted in places(roller) if sted.noekkel == noekkel), None)


def holding_places(roller: Roller) -> list[Hjemsted]:
    """Where the person may hold a tankesmie: as `places`; and for koordinator, PRO and EVA the network and its own
    groups of today. Three queries at most."""
    steder = places(roller)
    if not (roller.er_koordinator or roller.er_pro or roller.er_eva):
        return steder
    if not roller.er_koordinator:
        steder.insert(0, Hjemsted("nettverk"))
    grupper = Gruppe.objects.filter(nettverk=roller.nettverk).nettverksgrupper().gyldig()
    return steder + [Hjemsted("gruppe", gruppe=g) for g in grupper]


def kommune_of_units(steder: Iterable[Hjemsted]) -> dict[int, int]:
    """By unit: the kommune it lies in today. One query."""
    enheter = [s.enhet.pk for s in steder if s.enhet]
    if not enheter:
        return {}
    her = Plassering.objects.filter(enhet__in=enheter).gyldig(idag())
    return dict(her.values_list("enhet", "kommune"))


def places_below(
    rad: Fremtidsbilde | Maal, steder: Iterable[Hjemsted], kommuner: dict[int, int]
) -> list[Hjemsted]:
    """Of `steder`, those that may make what is the network's, or a kommune's, their own: of the network's every kommune
    and unit, of a kommune's the units that lie in it. No queries; `kommuner` is `kommune_of_units`."""
    if rad.nivaa == "nettverk":
        return [s for s in steder if s.kommune or s.enhet]
    if rad.nivaa == "kommune":
        return [s for s in steder if s.enhet and kommuner.get(s.enhet.pk) == rad.kommune_id]
    return []


def where(rad: Fremtidsbilde | Maal | Tankesmie, felles: str = "") -> str:
    """The unit or the kommune that an image or a goal belongs to, a tankesmie's group; `felles` when it is the network's
    or an arena's."""
    if isinstance(rad, Tankesmie) and rad.gruppe:
        return str(rad.gruppe)
    if rad.enhet:
        return str(rad.enhet)
    return rad.kommune.navn if rad.kommune else felles
