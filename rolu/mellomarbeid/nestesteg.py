"""What comes of an entry: the steps that follow it and its links, kept as they were written; and a step that is done."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from nettverk.models import Gruppe, Nettverk, Person
from nettverk.skriving.laas import held
from rolu.models import Logglenke, Loggpost, Nestesteg

# Whom a unit can ask. What is asked of the kommuner's group comes to the oppvekstansvarlig of the unit's kommune.
_HJELPERE = (
    Gruppe.Type.FAGMILJO,
    Gruppe.Type.FAGNETTVERK,
    Gruppe.Type.KOORDINERINGSGRUPPE,
    Gruppe.Type.PROSESSNETTVERK,
    Gruppe.Type.EVALUERINGSNETTVERK,
)


@dataclass(frozen=True)
class SkrevetSteg:
    """A step as somebody wrote it: `pk` when the page knew which it is, `hos` None for the unit itself. In the fields
    `uleselig` something stands that cannot be read: there the step stays as it is."""

    tekst: str = ""
    pk: int | None = None
    hos: int | None = None
    frist: datetime.date | None = None
    uleselig: frozenset[str] = frozenset()

    @property
    def felt(self) -> dict[str, Any]:
        alle = {"tekst": self.tekst, "hos_id": self.hos, "frist": self.frist}
        return {n: verdi for n, verdi in alle.items() if n.removesuffix("_id") not in self.uleselig}


@dataclass(frozen=True)
class SkrevetLenke:
    """A link as somebody wrote it; the address is which it is. In the fields `uleselig` something stands that cannot
    be read."""

    url: str = ""
    tekst: str = ""
    uleselig: frozenset[str] = frozenset()

    @property
    def felt(self) -> dict[str, Any]:
        alle = {"url": self.url, "tekst": self.tekst}
        return {navn: verdi for navn, verdi in alle.items() if navn not in self.uleselig}


@dataclass
class Rader:
    """What must be saved and deleted for an entry's rows to be as they are written; false when nothing must."""

    felt: tuple[str, ...]
    lagres: list[Any] = field(default_factory=list)
    slettes: list[Any] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.lagres or self.slettes)

    def write(self, post: Loggpost) -> None:
        for rad in self.slettes:
            rad.delete()
        for rad in self.lagres:
            rad.loggpost = post
            # Who ticks one meanwhile has the tick kept.
            rad.save(update_fields=self.felt if rad.pk else None)


def steps(post: Loggpost, skrevet: Sequence[SkrevetSteg]) -> Rader:
    """A page that saves itself does not know the rows that its own earlier saves made: they are found by what
    they say, else by their place – but what is ticked as done is never another step. What is written so that it cannot
    be read is no new step, and takes none away."""
    staar = {rad.pk: rad for rad in Nestesteg.objects.filter(loggpost=post.pk).order_by("pk")}
    par = [(ny, staar.pop(ny.pk, None) if ny.pk else None) for ny in skrevet]
    # Those that say all of it first: half of it is said by several.
    par = [(ny, rad or (None if ny.uleselig else _take(staar, ny))) for ny, rad in par]
    par = [(ny, rad or _take(staar, ny)) for ny, rad in par]
    aapne = {pk: rad for pk, rad in staar.items() if not rad.gjort}
    par = [(ny, rad or _take(aapne)) for ny, rad in par]
    par = [(ny, rad) for ny, rad in par if rad or "tekst" not in ny.uleselig]
    brukt = {rad.pk for _ny, rad in par if rad}
    return Rader(
        felt=("tekst", "hos", "frist"),
        lagres=[rad for ny, funnet in par if _set(rad := funnet or Nestesteg(), ny.felt)],
        slettes=[rad for pk, rad in staar.items() if pk not in brukt],
    )


def _take(staar: dict[int, Nestesteg], ny: SkrevetSteg | None = None) -> Nestesteg | None:
    """The first that says the same as `ny`, or the first of all; it stands there no more."""
    for pk, rad in staar.items():
        if ny is None or all(getattr(rad, navn) == verdi for navn, verdi in ny.felt.items()):
            return staar.pop(pk)
    return None


def links(post: Loggpost, skrevet: Sequence[SkrevetLenke]) -> Rader:
    """The same address twice is one link. While one address cannot be read, none goes: it may be the one that is
    written anew."""
    staar = {rad.url: rad for rad in Logglenke.objects.filter(loggpost=post.pk)}
    leselige = {lenke.url: lenke for lenke in skrevet if "url" not in lenke.uleselig}
    par = [(ny, staar.pop(ny.url, None)) for ny in leselige.values()]
    alle_leses = not any("url" in lenke.uleselig for lenke in skrevet)
    return Rader(
        felt=("url", "tekst"),
        lagres=[rad for ny, funnet in par if _set(rad := funnet or Logglenke(), ny.felt)],
        slettes=list(staar.values()) if alle_leses else [],
    )


def _set(rad: Any, felt: dict[str, Any]) -> bool:
    """Write in the row; whether it must be saved."""
    if rad.pk and all(getattr(rad, navn) == verdi for navn, verdi in felt.items()):
        return False
    for navn, verdi in felt.items():
        setattr(rad, navn, verdi)
    return True


def helpers(nettverk: Nettverk) -> Iterable[Gruppe]:
    """The groups of today that a unit can ask, in the order of the network."""
    return Gruppe.objects.filter(nettverk=nettverk, type__in=_HJELPERE).gyldig()


@transaction.atomic
def tick(steg: Nestesteg, *, gjort: bool, by: Person) -> Nestesteg:
    """Say that a step is done, or that it is not after all. Twice changes nothing: the first time and person
    stand. Raises Borte when somebody has removed it."""
    naa = held(steg, _("Steget er slettet av noen andre."))
    if bool(naa.gjort) != gjort:
        naa.gjort, naa.gjort_av = (timezone.now(), by) if gjort else (None, None)
        naa.save(update_fields=["gjort", "gjort_av"])
    return naa
