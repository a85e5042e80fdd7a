"""The themes that the images and the goals of a network share: added, renamed, put in order."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from fremtidsbilder.models import Fremtidsbilde, Tema
from nettverk.models import Nettverk
from nettverk.skriving.konflikt import KanIkke
from nettverk.skriving.laas import held, hold
from nettverk.skriving.rekkefolge import move_one


def themes_of(bilde: Fremtidsbilde) -> list[Tema]:
    """Its own; those of the network for the network's image when none are chosen. Two queries at most."""
    egne = list(bilde.temaer.all())
    if egne or bilde.nivaa != Fremtidsbilde.Nivaa.NETTVERK:
        return egne
    return list(bilde.nettverk.temaer.all())


@transaction.atomic
def theme_named(nettverk: Nettverk, navn: str) -> Tema:
    """The theme of that name, however it is capitalised; a new one, last, when there is none."""
    hold(nettverk)
    funnet = nettverk.temaer.filter(navn__iexact=navn).order_by("pk").first()
    return funnet or add(nettverk, navn=navn)


@transaction.atomic
def add(nettverk: Nettverk, *, navn: str) -> Tema:
    """One more theme, the last. Raises KanIkke when there is one of that name."""
    hold(nettverk)
    _require_own_name(nettverk, navn)
    siste = nettverk.temaer.aggregate(siste=Max("rekkefolge"))["siste"] or 0
    return Tema.objects.create(nettverk=nettverk, navn=navn, rekkefolge=siste + 10)


@transaction.atomic
def rename(tema: Tema, *, navn: str) -> Tema:
    """It is the same theme, with the same images and goals. Raises KanIkke when another has the name, and Borte."""
    hold(tema.nettverk)
    naa = held(tema, _("Temaet er slettet av noen andre."))
    _require_own_name(naa.nettverk, navn, uten=naa)
    if naa.navn != navn:
        naa.navn = navn
        naa.save(update_fields=["navn"])
    return naa


@transaction.atomic
def move(tema: Tema, *, opp: bool) -> None:
    """One place up or down; at the end nothing changes."""
    hold(tema.nettverk)
    move_one(list(tema.nettverk.temaer.all()), tema, opp=opp)


def _require_own_name(nettverk: Nettverk, navn: str, *, uten: Tema | None = None) -> None:
    if any(tema != uten for tema in nettverk.temaer.filter(navn__iexact=navn)):
        raise KanIkke(_("Nettverket har allerede et tema med dette navnet."))
