"""The voices of a theme of the network, from the walls of all its tankesmier: a theme on a wall is lifted to it, and
then one counts whose voices they are.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fremtidsbilder.bilder.temaer import theme_named
from fremtidsbilder.models import Bidrag, Klynge, Samtalesporsmaal, Tankesmie, Tema
from fremtidsbilder.tankesmier.stand import arranging
from fremtidsbilder.tankesmier.stemmetall import voices_by
from nettverk.skriving.konflikt import Borte
from nettverk.skriving.laas import held, hold

# Fewer voices than this are not told apart where everybody reads.
FAA = 5


@transaction.atomic
def lift(klynge: Klynge, *, tema: Tema | None) -> Klynge:
    """Let the theme on the wall be part of the network's theme, or with None of none. The network is held before the
    wall, as when themes are merged. Raises Borte."""
    sporsmaal: Samtalesporsmaal = klynge.sporsmaal
    hold(sporsmaal.tankesmie.nettverk)
    if tema is not None:
        tema = held(tema, _("Temaet er slått sammen med et annet. Velg på nytt."))
    with arranging(sporsmaal) as naa:
        rad = naa.klynger.filter(pk=klynge.pk).first()
        if rad is None:
            raise Borte(_("Temaet er fjernet fra veggen."))
        if rad.tema_id != (tema.pk if tema else None):
            rad.tema = tema
            rad.save(update_fields=["tema"])
    return rad


@transaction.atomic
def lift_to_new(klynge: Klynge, *, navn: str) -> Klynge:
    """The same, to the network's theme of that name; a new one when there is none."""
    return lift(klynge, tema=theme_named(klynge.sporsmaal.tankesmie.nettverk, navn))


def on_walls(tankesmie: Tankesmie) -> list[Klynge]:
    """The themes that are shown on its walls, each with `antall` voices in it and in what was merged into it. One
    query."""
    er_her = Q(klynge=OuterRef("pk")) | Q(klynge__inn_i=OuterRef("pk"))
    er_her |= Q(andre_klynger=OuterRef("pk")) | Q(andre_klynger__inn_i=OuterRef("pk"))
    kort = Bidrag.objects.shown().filter(er_her).order_by().values("sporsmaal")
    # A card may stand in two that are merged: count it once.
    antall = kort.annotate(n=Count("pk", distinct=True)).values("n")
    rader = Klynge.objects.filter(sporsmaal__tankesmie=tankesmie, inn_i__isnull=True)
    return list(
        rader.select_related("sporsmaal", "tema")
        .annotate(antall=Coalesce(antall, 0))
        .order_by("sporsmaal__rekkefolge", "sporsmaal", "rekkefolge", "pk")
    )


# --- whose voices


def belonging(tema: Any) -> QuerySet[Klynge]:
    """The themes on walls that are part of it: also one that was merged into one that is."""
    return Klynge.objects.annotate(hoerer_til=Coalesce("inn_i__tema", "tema")).filter(
        hoerer_til=tema
    )


def voices(tema: Tema) -> QuerySet[Bidrag]:
    """The cards in it that are neither hidden nor taken back, each once."""
    klynger = belonging(tema.pk).values("pk")
    ogsaa = Bidrag.andre_klynger.through.objects.filter(bidrag=OuterRef("pk"), klynge__in=klynger)
    return Bidrag.objects.shown().filter(Q(klynge__in=klynger) | Exists(ogsaa))


def pages_with(tankesmie: Tankesmie) -> list[Tema]:
    """The themes whose page shows everybody what came of the voices of the tankesmie. One query, none where the network
    shows nothing to everybody."""
    nettverk = tankesmie.nettverk
    if not nettverk.er_offentlig or not nettverk.uses("fremtidsbilder"):
        return []
    med = belonging(OuterRef("pk")).filter(sporsmaal__tankesmie=tankesmie)
    her = Q(klynge=OuterRef("pk")) | Q(andre_klynger=OuterRef("pk"))
    med = med.filter(Exists(Bidrag.objects.shown().filter(her)))
    return list(nettverk.temaer.filter(Exists(med), offentlig=True))


@dataclass(frozen=True)
class Gruppestemmer:
    """How many voices of a group, at each level."""

    navn: str
    antall: int
    nivaaer: dict[str, int]
    # Named by the network, so in its language.
    er_navngitt: bool = True


@dataclass(frozen=True)
class Stemmetall:
    """Whose voices, the most first; what is not said, last."""

    grupper: list[Gruppestemmer]

    @property
    def antall(self) -> int:
        return sum(g.antall for g in self.grupper)

    @property
    def setning(self) -> str:
        """«212 stemmer: 96 barn, 40 foresatte, 76 andre»"""
        n = self.antall
        alle = ngettext("%(n)s stemme", "%(n)s stemmer", n) % {"n": n}
        if not any(g.er_navngitt for g in self.grupper):
            return alle
        deler = ", ".join(f"{g.antall} {_small(g.navn)}" for g in self.grupper)
        return f"{alle}: {deler}"

    def together(self, faa: int = FAA) -> "Stemmetall":
        """As everybody may read it: the groups with fewer voices than `faa` are one, with those that are not said. Of
        so few beside a group that is told apart one could tell who they are: they are left out."""
        store = [g for g in self.grupper if g.er_navngitt and g.antall >= faa]
        smaa = [g for g in self.grupper if g not in store]
        if not smaa:
            return self
        if store and sum(g.antall for g in smaa) < faa:
            return Stemmetall(store)
        nivaaer: dict[str, int] = {}
        for gruppe in smaa:
            for nivaa, n in gruppe.nivaaer.items():
                nivaaer[nivaa] = nivaaer.get(nivaa, 0) + n
        andre = Gruppestemmer(_("Andre"), sum(g.antall for g in smaa), nivaaer, er_navngitt=False)
        return Stemmetall([*store, andre])


def _small(navn: str) -> str:
    """«Barn» in the middle of a sentence; «PPT» stays."""
    return navn[:1].lower() + navn[1:] if navn[1:2].islower() else navn


def count(kort: QuerySet[Bidrag]) -> Stemmetall:
    """Whose they are, each group of people once (`stemmetall`). One query."""
    grupper: dict[int | None, tuple[str, dict[str, int]]] = {}
    for rad in voices_by(kort, "gruppe", "gruppe__navn", "sporsmaal__tankesmie__nivaa"):
        navn, nivaa = rad["gruppe__navn"], rad["sporsmaal__tankesmie__nivaa"]
        nivaaer = grupper.setdefault(rad["gruppe"], (navn or _("Ikke sagt"), {}))[1]
        nivaaer[nivaa] = nivaaer.get(nivaa, 0) + rad["stemmer"]
    tall = [
        Gruppestemmer(navn, sum(nivaaer.values()), nivaaer, er_navngitt=gruppe is not None)
        for gruppe, (navn, nivaaer) in grupper.items()
    ]
    return Stemmetall(sorted(tall, key=lambda g: (not g.er_navngitt, -g.antall, g.navn)))


def levels(tall: Stemmetall) -> list[tuple[str, str]]:
    """The levels that any of them come from: key and name, the widest first."""
    brukt = {nivaa for g in tall.grupper for nivaa in g.nivaaer}
    return [(n.value, capfirst(str(n.label))) for n in Tankesmie.Nivaa if n.value in brukt]


def quoted(tema: Tema, tall: Stemmetall, *, hoyst: int = 12) -> list[Bidrag]:
    """What is both approved and picked: with its pictures, and whose it is when that group is told apart in `tall`.
    Where all that `tall` has is told apart, what has no group would be of those left out. Two queries."""
    navngitt = {g.navn for g in tall.grupper if g.er_navngitt}
    kort = voices(tema).approved().filter(valgt=True).select_related("gruppe")  # type: ignore[attr-defined]
    if len(navngitt) == len(tall.grupper):
        kort = kort.filter(gruppe__navn__in=navngitt)
    kort = kort.prefetch_related("bilder")
    sitater: list[Any] = list(kort.order_by("pk")[:hoyst])
    for ett in sitater:
        ett.fra = ett.gruppe.navn if ett.gruppe and ett.gruppe.navn in navngitt else ""
    return sitater


def texts(kort: QuerySet[Bidrag]) -> Iterable[str]:
    """For the cloud."""
    return kort.order_by().values_list("tekst", flat=True)
