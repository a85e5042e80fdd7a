"""How many come to a gathering: the one count that pages, the places and the letters agree on."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from typing import Any, Self

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nettverk.tilgang.roller import Roller
from rolu.models import Deltakelse, Gjest, Gruppetall, Samling


@dataclass(frozen=True)
class Tall:
    """People with a Verv (each once), people without (gjester), and the numbers the groups have given: as a
    gathering has them that was fetched `with_counts` (`rolu.samlinger.skinne`)."""

    inviterte: int = 0
    paameldte: int = 0
    avmeldte: int = 0
    ubesvarte: int = 0
    ventende: int = 0
    gjester_antall: int = 0
    gjester_venter: int = 0
    elever: int = 0
    foresatte: int = 0
    moett_antall: int = 0
    gjester_moett: int = 0

    @property
    def var_der(self) -> int:
        """How many were there of those who are known by name. Of pupils and parents only what the groups gave
        beforehand is known."""
        return self.moett_antall + self.gjester_moett

    @property
    def etterpaa(self) -> Self:
        """The same when it is over: of the guests those who were there, where anybody is registered."""
        return replace(self, gjester_antall=self.gjester_moett) if self.var_der else self

    @property
    def kommer(self) -> int:
        """People who are known by name: those invited, and those who come in their place or besides."""
        return self.paameldte + self.gjester_antall

    @property
    def opptatt(self) -> int:
        """How many places are taken."""
        return self.kommer + self.elever + self.foresatte

    @property
    def venter(self) -> int:
        return self.ventende + self.gjester_venter

    @property
    def i_tillegg(self) -> list[str]:
        """Those who are not among the invited, told apart: «2 varaer eller gjester», «14 elever»."""
        return [*_words(self.gjester_antall, _guests), *self.uten_navn]

    @property
    def uten_navn(self) -> list[str]:
        """Those of them who are numbers only: «14 elever», «2 foresatte»."""
        return [
            *_words(self.elever, lambda n: ngettext("%(n)s elev", "%(n)s elever", n)),
            *_words(self.foresatte, lambda n: ngettext("%(n)s foresatt", "%(n)s foresatte", n)),
        ]

    @property
    def gjestene(self) -> str:
        """«2 varaer eller gjester»; nothing when there are none."""
        return "".join(_words(self.gjester_antall, _guests))

    @property
    def gjestene_som_venter(self) -> str:
        """The same of those who wait for a place."""
        return "".join(_words(self.gjester_venter, _guests))


def _guests(antall: int) -> str:
    return ngettext("%(n)s vara eller gjest", "%(n)s varaer eller gjester", antall)


def _words(antall: int, ord_: Callable[[int], str]) -> list[str]:
    return [ord_(antall) % {"n": antall}] if antall else []


def counted(samling: Samling, roller: Roller | None = None) -> Tall:
    """The counts of a gathering as they stand now; with `roller`, of what that person may see. Three queries."""
    return counted_each([samling.pk], roller)[samling.pk]


def counted_each(samlinger: Iterable[int], roller: Roller | None = None) -> dict[int, Tall]:
    """The same of each of those gatherings, by their numbers. Three queries, however many."""
    her = list(samlinger)
    deltakelser = Deltakelse.objects.visible_to(roller) if roller else Deltakelse.objects.all()
    gjester = Gjest.objects.visible_to(roller) if roller else Gjest.objects.all()
    tall = Gruppetall.objects.visible_to(roller) if roller else Gruppetall.objects.all()
    felt: dict[int, dict[str, int]] = defaultdict(dict)
    for svar in deltakelser.filter(samling__in=her).per_samling():
        felt[svar["samling"]] = _without_samling(svar)
    uten_verv = gjester.filter(samling__in=her).order_by().values("samling")
    for rad in uten_verv.annotate(
        gjester_antall=Count("pk", filter=Q(status=Gjest.Status.PAAMELDT)),
        gjester_venter=Count("pk", filter=Q(status=Gjest.Status.VENTER)),
        gjester_moett=Count("pk", filter=Q(moett__isnull=False)),
    ):
        felt[rad["samling"]] |= _without_samling(rad)
    grupper = tall.filter(samling__in=her).order_by().values_list("samling", "hva")
    for samling, hva, antall in grupper.annotate(sum=Sum("antall")):
        felt[samling][hva] = antall
    return {pk: Tall(**felt[pk]) for pk in her}


def _without_samling(rad: Any) -> dict[str, int]:
    return {navn: n for navn, n in rad.items() if navn != "samling"}


def counted_already(samling: Any) -> Tall:
    """The same of a gathering that was fetched `with_counts` (`rolu.samlinger.skinne`). No query."""
    return Tall(**{felt.name: getattr(samling, felt.name) for felt in fields(Tall)})


def besides(tall: Tall) -> str:
    """« I tillegg: 1 vara eller gjest, 14 elever.», or nothing."""
    if not tall.i_tillegg:
        return ""
    return _("I tillegg: %(hvem)s.") % {"hvem": ", ".join(tall.i_tillegg)}
