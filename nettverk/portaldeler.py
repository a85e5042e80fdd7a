"""Which parts of the portal the network uses: turned off and on, what waits in one, and what was changed.

Nothing is deleted when a part is off. It is left out of every page (`nettverk.flater.bruk`), and all of
it is there again when it is turned on.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Window
from django.db.models.functions import Lag
from django.utils import timezone
from django.utils.translation import ngettext

from nettverk.flater import Portaldel, Tekst, find_part, needed_by, needs, portaldeler
from nettverk.flater.bruk import portal_of
from nettverk.models import Brev, Jobb, Nettverk, Person
from nettverk.skriving.laas import locked


def turn_off(nettverk: Nettverk, del_: Portaldel) -> list[Portaldel]:
    """Leave out the part, and those that are nothing without it. Those that were on; none when it was off."""
    return _change(nettverk, [del_, *needed_by(del_)], i_bruk=False)


def turn_on(nettverk: Nettverk, del_: Portaldel) -> list[Portaldel]:
    """Use the part again, and those it is nothing without. Those that were off; none when it was on."""
    return _change(nettverk, [*needs(del_), del_], i_bruk=True)


@transaction.atomic
def _change(nettverk: Nettverk, deler: list[Portaldel], *, i_bruk: bool) -> list[Portaldel]:
    with locked(nettverk) as naa:
        endres = [d for d in deler if naa.uses(d.noekkel) != i_bruk]
        navnene = {d.noekkel for d in endres}
        if endres:
            uten = set(naa.uten_deler) - navnene if i_bruk else set(naa.uten_deler) | navnene
            naa.uten_deler = sorted(uten)
            naa.save(update_fields=["uten_deler"])
        nettverk.uten_deler = naa.uten_deler
    return endres


def choices_in_use(nettverk: Nettverk, del_: Portaldel) -> list[str]:
    """The keys of the choices within the part that the network uses."""
    return [valg for valg, _navn in del_.valg if nettverk.uses(f"{del_.noekkel}.{valg}")]


def choose(nettverk: Nettverk, del_: Portaldel, valgte: Iterable[str]) -> None:
    """Use these of the choices within the part, and none of the others."""
    alle = {f"{del_.noekkel}.{valg}" for valg, _navn in del_.valg}
    uten = alle - {f"{del_.noekkel}.{valg}" for valg in valgte}
    with locked(nettverk) as naa:
        nye = sorted((set(naa.uten_deler) - alle) | uten)
        if nye != naa.uten_deler:
            naa.uten_deler = nye
            naa.save(update_fields=["uten_deler"])
        nettverk.uten_deler = naa.uten_deler


def without(noekler: Iterable[str]) -> list[str]:
    """What `Nettverk.uten_deler` is when a shape leaves out these: those that need them go too.

    Raises ValueError when one of them is no part, and no choice within one.
    """
    uten: set[str] = set()
    navn = _names()
    for noekkel in noekler:
        if "." in noekkel and noekkel in navn:
            uten.add(noekkel)
            continue
        if (del_ := find_part(noekkel)) is None:
            raise ValueError(f"«{noekkel}» er ingen del av portalen.")
        uten |= {noekkel, *(d.noekkel for d in needed_by(del_))}
    return sorted(uten)


def _names() -> dict[str, Tekst]:
    """What each part, and each choice within one, is called."""
    navn: dict[str, Tekst] = {}
    for del_ in portaldeler():
        navn[del_.noekkel] = del_.navn
        navn |= {f"{del_.noekkel}.{valg}": ord_ for valg, ord_ in del_.valg}
    return navn


# --- what stands in a part, and what waits


def contents(nettverk: Nettverk, del_: Portaldel) -> list[Tekst]:
    """How much stands in it, a few words each."""
    return list(portal_of(del_).del_innhold(nettverk))


def under_way(nettverk: Nettverk, del_: Portaldel) -> list[Tekst]:
    """What somebody waits for in it, in sentences; letters and long work too."""
    venter = list(portal_of(del_).del_underveis(nettverk))
    brev = Brev.objects.filter(nettverk=nettverk, slag__in=del_.brev, tilstand__in=_I_KOE)
    if del_.brev and (antall := brev.count()):
        venter.append(
            ngettext(
                "%(n)s e-post er på vei og blir sendt likevel. Lenken i den virker ikke.",
                "%(n)s e-poster er på vei og blir sendt likevel. Lenkene i dem virker ikke.",
                antall,
            )
            % {"n": antall}
        )
    jobber = Jobb.objects.filter(
        nettverk=nettverk, slag__in=del_.jobber, status__in=Jobb.Status.aktive()
    )
    if del_.jobber and (antall := jobber.count()):
        venter.append(
            ngettext("%(n)s fil lages nå.", "%(n)s filer lages nå.", antall) % {"n": antall}
        )
    return venter


_I_KOE = (Brev.Tilstand.VENTER, Brev.Tilstand.SENDER)


# --- history


@dataclass(frozen=True)
class Delendring:
    """That parts were turned off or on, when and by whom (nobody: by a file)."""

    naar: datetime.datetime
    av: str
    slaatt_av: list[Tekst]
    slaatt_paa: list[Tekst]


def history(nettverk: Nettverk, *, maks: int = 20) -> list[Delendring]:
    """The changes, the newest first. Two queries."""
    rader = (
        Nettverk.pgh_event_model.objects.filter(pgh_obj=nettverk)  # type: ignore[attr-defined]
        .annotate(foer=Window(Lag("uten_deler"), order_by=F("pgh_id").asc()))
        .filter(foer__isnull=False)
        .exclude(foer=F("uten_deler"))
        .order_by("-pgh_id")
        .values_list("pgh_created_at", "pgh_context__metadata", "foer", "uten_deler")[:maks]
    )
    rader = list(rader)
    deler = _names()
    folk = dict(
        Person.objects.filter(pk__in={_user(om) for _naar, om, *_rest in rader}).values_list(
            "pk", "navn"
        )
    )
    return [
        Delendring(
            timezone.localtime(naar),
            folk.get(_user(om), ""),
            slaatt_av=[navn for n, navn in deler.items() if n in set(etter) - set(foer)],
            slaatt_paa=[navn for n, navn in deler.items() if n in set(foer) - set(etter)],
        )
        for naar, om, foer, etter in rader
    ]


def _user(metadata: dict[str, Any] | None) -> int | None:
    return (metadata or {}).get("user")
