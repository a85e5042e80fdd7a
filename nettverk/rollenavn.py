"""What the network calls its roles, and which of them each utviklingsgruppe must have."""

from collections import Counter
from collections.abc import Iterable

from nettverk.models import Gruppe, Nettverk, Rolle
from nettverk.models.rolle import ENHETSROLLER


def requirable_roles(nettverk: Nettverk) -> list[Rolle]:
    """The roles that every utviklingsgruppe may have to fill: those at a unit, and what is required already."""
    return [Rolle(r) for r in dict.fromkeys([*ENHETSROLLER, *nettverk.paakrevde_roller])]


def count_without(nettverk: Nettverk, roller: Iterable[Rolle]) -> tuple[int, dict[Rolle, int]]:
    """How many units have an utviklingsgruppe today, and in how many of these each role is vacant."""
    enheters = Gruppe.objects.filter(nettverk=nettverk, enhet__isnull=False).utviklingsgrupper()
    har: Counter[str] = Counter()
    antall = 0
    for gruppe in enheters.gyldig().with_roller().only("pk"):
        antall += 1
        har.update(set(gruppe.roller_da))  # type: ignore[attr-defined]  # annotated
    return antall, {rolle: antall - har[rolle] for rolle in roller}


def change_roles(
    nettverk: Nettverk, *, egne_rollenavn: dict[str, str], paakrevde_roller: list[str], merknad: str
) -> Nettverk:
    """Write them in a network that is held (`nettverk.skriving.laas.locked`). Access is not changed by it:
    that follows the function, whatever it is called."""
    nettverk.egne_rollenavn = egne_rollenavn
    nettverk.paakrevde_roller = paakrevde_roller
    nettverk.roller_merknad = merknad
    nettverk.save(update_fields=["egne_rollenavn", "paakrevde_roller", "roller_merknad"])
    return nettverk
