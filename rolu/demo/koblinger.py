"""Demo: what people have said led to what: a goal to two assignments and to an agenda item, and what the participants
thought of one gathering to the next."""

from django.db.models import Model

from nettverk.models import Kobling, Nettverk, Person, Verv
from nettverk.roedtraad.koblinger import link
from nettverk.roedtraad.slag import kind_of
from nettverk.tilgang.roller import coordinators
from rolu.models import Oppdrag, Programpost, Samling, Samlingsevaluering


def make(nettverk: Nettverk) -> None:
    """Once: what is there stands."""
    verv = coordinators(Verv.objects.filter(gruppe__nettverk=nettverk)).gyldig().first()
    maal = nettverk.maal.filter(nivaa="nettverk", type="effekt").order_by("pk").first()
    if verv is None or maal is None or Kobling.objects.filter(nettverk=nettverk).exists():
        return
    by = verv.person
    for oppdrag in Oppdrag.objects.filter(nettverk=nettverk).order_by("pk")[:2]:
        _link(maal, oppdrag, by)
    neste = nettverk.samlinger.published().upcoming().first()
    if neste is None:
        return
    poster = neste.programposter.filter(arbeidsform=Programpost.Arbeidsform.GRUPPE)
    if post := poster.order_by("start").first():
        _link(maal, post, by)
    holdt = Samling.objects.filter(nettverk=nettverk).past()
    sist = Samlingsevaluering.objects.filter(samling__in=holdt).order_by("-samling__start").first()
    if sist:
        _link(sist, neste, by)


def _link(fra: Model, til: Model, by: Person) -> None:
    nettverk: Nettverk = til.nettverk  # type: ignore[attr-defined]
    fra_slag, til_slag = kind_of(fra, nettverk), kind_of(til, nettverk)
    if fra_slag and til_slag:
        link(nettverk, fra=(fra_slag, fra.pk), til=(til_slag, til.pk), by=by)
