"""How many come to a gathering: the one count that pages, the places and the letters agree on."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Self

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nettverk.tilgang.roller import Roller
from rolu.models import Deltakelse, Gjest, Gruppetall, Samling


@dataclass(frozen=True)
class Tall:
    """People with a Verv (each once), people without (gjester), and the numbers the groups have given."""

    inviterte: int = 0
    personer: int = 0
    avmeldte: int = 0
    ubesvarte: int = 0
    personer_venter: int = 0
    gjester: int = 0
    gjester_venter: int = 0
    elever: int = 0
    foresatte: int = 0
    moett: int = 0
    moett_gjester: int = 0

    @property
    def var_der(self) -> int:
        """How many were there of those who are known by name. Of pupils and parents only what the groups gave
        beforehand is known."""
        return self.moett + self.moett_gjester

    @property
    def etterpaa(self) -> Self:
        """The same when it is over: of the guests those who were there, where anybody is registered."""
        return replace(self, gjester=self.moett_gjester) if self.var_der else self

    @property
    def kommer(self) -> int:
        """People who are known by name: those invited, and those who come in their place or besides."""
        return self.personer + self.gjester

    @property
    def opptatt(self) -> int:
        """How many places are taken."""
        return self.kommer + self.elever + self.foresatte

    @property
    def venter(self) -> int:
        return self.personer_venter + self.gjester_venter

    @property
    def i_tillegg(self) -> list[str]:
        """Those who are not among the invited, told apart: «2 varaer eller gjester», «14 elever»."""
        return [
            tekst % {"n": antall}
            for antall, tekst in [
                (
                    self.gjester,
                    ngettext("%(n)s vara eller gjest", "%(n)s varaer eller gjester", self.gjester),
                ),
                (self.elever, ngettext("%(n)s elev", "%(n)s elever", self.elever)),
                (self.foresatte, ngettext("%(n)s foresatt", "%(n)s foresatte", self.foresatte)),
            ]
            if antall
        ]


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
        felt[svar["samling"]] = {
            "inviterte": svar["inviterte"],
            "personer": svar["paameldte"],
            "avmeldte": svar["avmeldte"],
            "ubesvarte": svar["ubesvarte"],
            "personer_venter": svar["ventende"],
            "moett": svar["moett_antall"],
        }
    uten_verv = gjester.filter(samling__in=her).order_by().values("samling")
    for rad in uten_verv.annotate(
        gjester=Count("pk", filter=Q(status=Gjest.Status.PAAMELDT)),
        gjester_venter=Count("pk", filter=Q(status=Gjest.Status.VENTER)),
        moett_gjester=Count("pk", filter=Q(moett__isnull=False)),
    ):
        felt[rad["samling"]] |= {
            "gjester": rad["gjester"],
            "gjester_venter": rad["gjester_venter"],
            "moett_gjester": rad["moett_gjester"],
        }
    grupper = tall.filter(samling__in=her).order_by().values_list("samling", "hva")
    for samling, hva, antall in grupper.annotate(sum=Sum("antall")):
        felt[samling][hva] = antall
    return {pk: Tall(**felt[pk]) for pk in her}


def counted_already(samling: Any) -> Tall:
    """The same of a gathering that was fetched `with_counts` (`rolu.samlinger.skinne`). No query."""
    return Tall(
        inviterte=samling.inviterte,
        personer=samling.paameldte,
        avmeldte=samling.avmeldte,
        ubesvarte=samling.ubesvarte,
        personer_venter=samling.ventende,
        gjester=samling.gjester_antall,
        gjester_venter=samling.gjester_venter,
        elever=samling.elever,
        foresatte=samling.foresatte,
        moett=samling.moett_antall,
        moett_gjester=samling.gjester_moett,
    )


def besides(tall: Tall) -> str:
    """« I tillegg: 1 vara eller gjest, 14 elever.», or nothing."""
    if not tall.i_tillegg:
        return ""
    return _("I tillegg: %(hvem)s.") % {"hvem": ", ".join(tall.i_tillegg)}
