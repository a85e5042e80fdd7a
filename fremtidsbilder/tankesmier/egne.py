"""Tankesmier that are held for themselves, by the network, a kommune, a unit or a group: made, changed, deleted, and what is
next to do in one. Each is led from its own page (`views.tankesmier`)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, Subquery
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from fremtidsbilder.models import Bidrag, Samtalesporsmaal, Stemmegruppe, Tankesmie
from fremtidsbilder.sted import Hjemsted
from fremtidsbilder.tankesmier import bidrag, stand, styring
from fremtidsbilder.tankesmier.ark import latest_jobs, order
from fremtidsbilder.tankesmier.ledelse import Adresser, Ledelse, is_begun
from fremtidsbilder.tankesmier.stemmegrupper import kept
from fremtidsbilder.tankesmier.stemmetall import Stemmesum, voices_by
from nettverk.models import Nettverk
from nettverk.skriving.konflikt import KanIkke
from nettverk.skriving.laas import hold


@transaction.atomic
def make(
    nettverk: Nettverk,
    *,
    sted: Hjemsted,
    felt: dict[str, Any],
    sporsmaal: Iterable[Samtalesporsmaal],
    grupper: Iterable[Stemmegruppe],
) -> Tankesmie:
    """A tankesmie for this place, with its questions; none of them is open yet."""
    alt: dict[str, Any] = {"frittstaaende": True, **sted.felt, **felt}
    ny = styring.make(nettverk, sporsmaal=sporsmaal, **alt)
    _ask(ny, grupper)
    return ny


def _ask(tankesmie: Tankesmie, grupper: Iterable[Stemmegruppe]) -> None:
    """Those of them that stand: who takes one away at the same moment waits for this, or was first."""
    tankesmie.grupper.set(kept(gruppe.pk for gruppe in grupper))


def change(tankesmie: Tankesmie, *, grupper: Iterable[Stemmegruppe] | None) -> None:
    """Keep what a form has written in a row that is held, and whom it asks; the pads and the walls show it at once."""
    tankesmie.save()
    if grupper is not None:
        _ask(tankesmie, grupper)
    stand.changed(tankesmie.pk)


@transaction.atomic
def delete(tankesmie: Tankesmie) -> None:
    """Take it away, when nobody has written anything in it. Those who have taken it home keep theirs."""
    # Nobody takes it home meanwhile; whoever is about to write waits, and finds it gone.
    hold(tankesmie.nettverk)
    list(tankesmie.sporsmaal.select_for_update().order_by("pk"))
    if is_begun(tankesmie):
        raise KanIkke(_("Noen har skrevet i tankesmia, så den kan ikke slettes."))
    tankesmie.delete()


def led(tankesmie: Tankesmie, adresser: Adresser) -> Ledelse:
    """The tankesmie as it is led from its own page. It is never locked."""

    def start(sporsmaal: Samtalesporsmaal, minutter: int | None) -> list[Samtalesporsmaal]:
        styring.open_question(sporsmaal, minutter=minutter)
        return []

    return Ledelse(
        tankesmie=tankesmie,
        navn=capfirst(tankesmie.tittel),
        adresser=adresser,
        changing=transaction.atomic,
        arranging=transaction.atomic,
        start=start,
        delete=lambda: delete(tankesmie),
        erase=lambda sporsmaal, kort: (bidrag.erase(sporsmaal, kort), ""),
        order=lambda ark, by: order(tankesmie, ark=ark, by=by),
        latest_jobs=lambda: latest_jobs(tankesmie),
    )


# --- the next step


@dataclass(frozen=True)
class Ledesteg:
    """What is next to do: `hva` is `skriv`, `aapne`, `vis` or `ordne`, of which question."""

    hva: str
    sporsmaal: Samtalesporsmaal | None = None


def next_step(tankesmie: Tankesmie, sporsmaalene: Sequence[Samtalesporsmaal]) -> Ledesteg:
    """Write a question, open it, show what is open, open the next, and at last arrange what was written."""
    if not sporsmaalene:
        return Ledesteg("skriv")
    kommende = next((s for s in sporsmaalene if s.er_kommende), None)
    if not tankesmie.er_over:
        if aapent := next((s for s in sporsmaalene if s.er_aapent), None):
            return Ledesteg("vis", aapent)
        if kommende:
            return Ledesteg("aapne", kommende)
    brukt = [s for s in sporsmaalene if not s.er_kommende]
    # Where most was said and least is arranged, is not known: the first that somebody has written to.
    med_kort = [s for s in brukt if getattr(s, "antall", 0)]
    return Ledesteg("ordne", next(iter(med_kort or brukt or sporsmaalene)))


# --- counts


@dataclass(frozen=True)
class Gruppebidrag:
    """How many cards a group has written, and how many voices stand behind them."""

    navn: str
    kort: int
    stemmer: int


def counts_by_group(tankesmie: Tankesmie) -> list[Gruppebidrag]:
    """Each group that is asked, also those that have said nothing, then the others that have, and last those who have
    not said who they are. Two queries."""
    rader = Bidrag.objects.shown().filter(sporsmaal__tankesmie=tankesmie).order_by()
    tall: dict[int | None, tuple[int, int]] = {}
    for rad in voices_by(rader, "gruppe"):
        kort, stemmer = tall.get(rad["gruppe"], (0, 0))
        tall[rad["gruppe"]] = (kort + rad["kort"], stemmer + rad["stemmer"])
    spurt = Q(tankesmier=tankesmie) | Q(pk__in=[pk for pk in tall if pk])
    grupper = Stemmegruppe.objects.filter(spurt, nettverk=tankesmie.nettverk_id).distinct()
    ut = [Gruppebidrag(g.navn, *tall.get(g.pk, (0, 0))) for g in grupper]
    if ut and None in tall:
        ut.append(Gruppebidrag(_("Ikke sagt"), *tall[None]))
    return ut


def with_counts(tankesmier: Any) -> Any:
    """Each with whether a question is open, how many voices it has gathered, and when the last came. No query more."""
    kort = Bidrag.objects.shown().filter(sporsmaal__tankesmie=OuterRef("pk")).order_by()
    aapne = Samtalesporsmaal.objects.filter(
        tankesmie=OuterRef("pk"), status=Samtalesporsmaal.Status.AAPENT
    )
    per = kort.values("sporsmaal__tankesmie")
    return tankesmier.annotate(
        har_aapent=Exists(aapne),
        antall_stemmer=Stemmesum(kort),
        sist=Subquery(per.annotate(n=Max("skrevet")).values("n")),
    )
