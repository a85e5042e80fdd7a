"""A gathering with people from several units who come, and a seating of them."""

from nettverk.arbeid.jobber import run
from nettverk.models import Nettverk, Person, Rolle
from rolu.models import Bordkart, Bordplass, Deltakelse, Samling
from rolu.samlinger.bord import bordkart
from rolu.samlinger.bord.bordkart import Valgtregel
from tests.kommuner.factories import EnhetFactory
from tests.nettverk.factories import GruppeFactory, MedlemskapFactory, VervFactory, koordinator
from tests.rolu.factories import DeltakelseFactory, SamlingFactory


def hall(enheter: int = 4, hver: int = 3, **samling: object) -> tuple[Samling, Person]:
    """So many units of two kommuner, and so many who come from each; and who runs the network."""
    samling.setdefault("publisert_", True)
    ny: Samling = SamlingFactory(**samling)
    by = koordinator(ny.nettverk)
    kommuner = [MedlemskapFactory(nettverk=ny.nettverk).kommune for _ in range(2)]
    for nr in range(enheter):
        enhet = EnhetFactory(
            kommune=kommuner[nr % 2], type="barnehage" if nr < enheter // 2 else "grunnskole"
        )
        gruppe = GruppeFactory(nettverk=ny.nettverk, utviklingsgruppe=True, enhet=enhet)
        for n in range(hver):
            join(ny, gruppe, rolle=Rolle.PP_RAADGIVER if n == 0 else Rolle.MEDLEM)
    return ny, by


def join(
    samling: Samling, gruppe: object, *, rolle: str = Rolle.MEDLEM, **verv: object
) -> Deltakelse:
    """One more who comes."""
    rad: Deltakelse = DeltakelseFactory(
        samling=samling,
        verv=VervFactory(gruppe=gruppe, rolle=rolle, **verv),
        kommune=gruppe.enhet.kommune_per(),  # type: ignore[attr-defined]
        status=Deltakelse.Status.PAAMELDT,
    )
    return rad


def any_group(samling: Samling) -> object:
    """A group that some come from."""
    return samling.deltakelser.order_by("pk").first().verv.gruppe


def set_up(samling: Samling, *, plasser: int = 4, **paa: bool) -> Bordkart:
    """Keep the seats, and the rules in their first order, with those turned on or off that are named."""
    with bordkart.setting_up(samling) as kart:
        kart.plasser = plasser
        regler = [
            Valgtregel(r.slag, paa.get(str(r.slag), r.er_paa), r.rolle, r.per_bord)
            for r in bordkart.rules_of(kart)
        ]
        return bordkart.set_up(kart, regler)


def seat(samling: Samling, by: Person, *, nytt: bool = False) -> Bordkart:
    """Ask for a seating, and let a worker do it."""
    jobb = bordkart.order(samling, nytt=nytt, by=by)
    run(jobb.pk)
    jobb.refresh_from_db()
    assert jobb.status == "ferdig", jobb.feil
    kart: Bordkart = Bordkart.objects.get(samling=samling)
    kart.samling = samling
    return kart


def places(samling: Samling) -> dict[str, int]:
    """Who sits where."""
    return {p.noekkel: p.bord for p in Bordplass.objects.filter(bordkart__samling=samling)}


def move(samling: Samling, noekkel: str, bord: int) -> None:
    """Move somebody by hand."""
    from rolu.samlinger.bord.folk import by_key, who_sits

    with bordkart.changing(samling) as kart:
        plass = bordkart.place_of(kart, by_key(who_sits(samling))[noekkel])
        plass.bord = bord
        bordkart.move(plass)


def another_network() -> Nettverk:
    ny: Nettverk = SamlingFactory().nettverk
    return ny
