"""Series of gatherings: make, change and remove one, and how its gatherings went."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext as _

from nettverk.skriving.konflikt import KanIkke
from nettverk.skriving.laas import hold, locked
from nettverk.tilgang.roller import Roller
from rolu.models import Samling, Samlingsserie
from rolu.models.deltakelse import sees_all
from rolu.samlinger.oppmoete import Tall, besides, counted_each


@dataclass(frozen=True)
class Serielinje:
    """A gathering in its series. There are no figures to who does not see everybody's answers, and of a draft,
    which nobody is invited to."""

    samling: Samling
    telt: Tall | None = None

    @property
    def i_tillegg(self) -> str:
        """Those who come or came besides the invited, in words."""
        if self.telt is None:
            return ""
        return besides(self.telt.etterpaa if self.samling.er_over else self.telt)


def with_gatherings(serier: QuerySet[Samlingsserie], roller: Roller) -> QuerySet[Samlingsserie]:
    """Adds `antall`, the gatherings that one may see, and `siste`, when the last of them begins."""
    synlige = Q(samlinger__in=Samling.objects.visible_to(roller))
    return serier.annotate(
        antall=Count("samlinger", filter=synlige), siste=Max("samlinger__start", filter=synlige)
    )


def lines(serie: Samlingsserie, roller: Roller) -> list[Serielinje]:
    """The gatherings of the series that one may see, in order of time, with how many were invited, come and
    met. Four queries, however many gatherings."""
    samlinger = list(Samling.objects.visible_to(roller).filter(serie=serie).order_by("start", "pk"))
    telles = [s.pk for s in samlinger if s.er_publisert] if sees_all(roller) else []
    telt = counted_each(telles)
    return [Serielinje(samling, telt.get(samling.pk)) for samling in samlinger]


@transaction.atomic
def join_new(samling: Samling, navn: str) -> None:
    """Let the gathering, which is saved by the caller, be in a new series; nothing without a name. In the one
    that somebody else has made of that name meanwhile."""
    if navn:
        ny = Samlingsserie(nettverk=samling.nettverk, navn=navn)
        samling.serie = _of_that_name(ny) or _kept(ny)


@transaction.atomic
def make_series(serie: Samlingsserie) -> Samlingsserie:
    """Keep a new series. KanIkke when the network has one of that name."""
    if _of_that_name(serie):
        raise KanIkke(_("Nettverket har allerede en serie med dette navnet."))
    return _kept(serie)


def _of_that_name(serie: Samlingsserie) -> Samlingsserie | None:
    """The one that the network has of the name, however it is written. The network is held from here on, so
    that no other comes into being before the transaction ends."""
    hold(serie.nettverk)
    return same_name(serie).first()


def _kept(serie: Samlingsserie) -> Samlingsserie:
    serie.save()
    return serie


def same_name(serie: Samlingsserie) -> QuerySet[Samlingsserie]:
    """The network's other series of the same name."""
    andre = Samlingsserie.objects.filter(nettverk=serie.nettverk, navn__iexact=serie.navn)
    return andre.exclude(pk=serie.pk)


@contextmanager
def writing_series(serie: Samlingsserie) -> Iterator[Samlingsserie]:
    """Hold a series while its form is checked and saved: no other of the same name is made meanwhile."""
    with transaction.atomic():
        hold(serie.nettverk)
        with locked(serie) as naa:
            yield naa


@contextmanager
def locked_to_join(samling: Samling, navn: str) -> Iterator[Samling]:
    """Hold a gathering while its form is saved. With the name of a new series the network is held first, as
    everybody who holds both does, so that no two wait for each other."""
    with transaction.atomic():
        if navn.strip():
            hold(samling.nettverk)
        with locked(samling) as naa:
            yield naa


def change_series(serie: Samlingsserie) -> Samlingsserie:
    """Save the name and the text of a series that is held."""
    serie.save(update_fields=["navn", "om"])
    return serie


@transaction.atomic
def remove_series(serie: Samlingsserie) -> None:
    """Remove a series; its gatherings stay, in none. Twice is once.

    Also of locked ones: the lock keeps what was said, decided and counted, and the series is a label on it that
    belongs to the network. A series of old gatherings could otherwise never be removed.
    """
    Samlingsserie.objects.filter(pk=serie.pk).delete()
