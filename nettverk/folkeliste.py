"""The people of a network on a day: everyone with a Verv, each once, with their Verv in words."""

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, TextField, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kommuner.models import Plassering
from kommuner.sortering import called
from nettverk.filer.regneark import make_regneark
from nettverk.models import Gruppe, Medlemskap, Nettverk, Person, Verv
from nettverk.models.gruppe import VervQuerySet
from nettverk.side.innhold import fill_in, innhold, rolle_i
from nettverk.side.skrivemaate import kommunenavn
from nettverk.tilgang.roller import Roller
from nettverk.tilgang.tillatelser import kan


def verv_on(roller: Roller, dato: datetime.date) -> VervQuerySet:
    """The Verv that held on the day, as far as the reader sees them."""
    return Verv.objects.visible_to(roller).gyldig(dato)


def in_kommune(verv: VervQuerySet, kommune: int, dato: datetime.date) -> VervQuerySet:
    """Those that represent the kommune, or whose group is of it or of a unit that lay there on the day."""
    enheter = Plassering.objects.filter(kommune=kommune).gyldig(dato).values("enhet")
    return verv.filter(
        Q(representerer=kommune) | Q(gruppe__kommune=kommune) | Q(gruppe__enhet__in=enheter)
    )


def search(verv: VervQuerySet, q: str) -> VervQuerySet:
    """Those of a person, or in a group or at a unit, called what `q` says."""
    enhet = Coalesce("gruppe__enhet__sortering", Value("", output_field=TextField()))
    return called(verv, q, "person__sortering", "gruppe__sortering", enhet)


def count_all(verv: VervQuerySet) -> int:
    """How many people hold `verv`."""
    antall: int = verv.aggregate(n=Count("person", distinct=True))["n"]
    return antall


def per_role(verv: VervQuerySet) -> Counter[str]:
    """How many people hold each role. One query."""
    roller = verv.order_by().values_list("rolle")
    return Counter(dict(roller.annotate(n=Count("person", distinct=True))))


def people(verv: VervQuerySet, roller: Roller, dato: datetime.date) -> QuerySet[Person]:
    """Those who hold `verv`, in Norwegian order, each with all their Verv of the day as `verv_da`."""
    alle = verv_on(roller, dato).select_related("gruppe__enhet", "gruppe__kommune", "representerer")
    return (
        Person.objects.filter(Exists(verv.filter(person=OuterRef("pk"))))
        .prefetch_related(
            Prefetch("verv", alle.order_by("gruppe__rekkefolge", "pk"), to_attr="verv_da")
        )
        .order_by("sortering", "pk")
    )


@dataclass
class Folkerad:
    """A person, their Verv, the kommune they come from, and the address for who may see it."""

    person: Person
    nettverk: Nettverk
    verv: list[Verv]
    kommune: str
    epost: str

    @property
    def i_ord(self) -> str:
        """What they are, on one line."""
        return verv_in_words(self.verv, self.nettverk)

    @property
    def alle(self) -> str:
        """All of them, for a spreadsheet."""
        return "; ".join(
            f"{self.nettverk.rollenavn(v.rolle)}, {_sted(v) or v.gruppe.navn}" for v in self.verv
        )


def verv_in_words(vervene: Sequence[Verv], nettverk: Nettverk) -> str:
    """«PP-rådgiver ved 6 enheter», or «Enhetsleder, Averøy barnehage og 8 til» with the first first."""
    forste, flere = vervene[0], len(vervene) - 1
    rolle = rolle_i(forste.rolle, nettverk, stor=True)
    enheter = {verv.gruppe.enhet_id for verv in vervene}
    if len(enheter) > 1 and None not in enheter and len({verv.rolle for verv in vervene}) == 1:
        n = len(enheter)
        return fill_in(
            ngettext("%(rolle)s ved %(n)s enhet", "%(rolle)s ved %(n)s enheter", n),
            rolle=rolle,
            n=n,
        )
    sted = _sted(forste) or innhold(forste.gruppe.navn, nettverk)
    ord_ = fill_in("%(rolle)s, %(sted)s", rolle=rolle, sted=sted)
    if not flere:
        return ord_
    return fill_in(
        ngettext("%(verv)s og %(n)s til", "%(verv)s og %(n)s til", flere), verv=ord_, n=flere
    )


def _sted(verv: Verv) -> str:
    return str(verv.gruppe.enhet or verv.gruppe.kommune or "")


def rows(
    personer: Iterable[Person],
    roller: Roller,
    medlemskap: Sequence[Medlemskap],
    dato: datetime.date,
    *,
    rolle: str = "",
) -> list[Folkerad]:
    """The rows of `people`; the Verv in the role that is asked for is named first. One query, for where
    the units lay."""
    personene: list[Any] = list(personer)
    alle = [verv for person in personene for verv in person.verv_da]
    enheter = {verv.gruppe.enhet_id for verv in alle if verv.gruppe.enhet_id}
    steder = dict(
        Plassering.objects.filter(enhet__in=enheter).gyldig(dato).values_list("enhet", "kommune")
    )
    navn = {m.kommune_id: kommunenavn(m.navn_da) for m in medlemskap}
    rader = []
    for person in personene:
        vervene = sorted(person.verv_da, key=lambda verv: _rank(verv, rolle))
        for verv in vervene:
            verv.gruppe.nettverk = roller.nettverk
        kommuner = [
            verv.representerer_id or verv.gruppe.kommune_id or steder.get(verv.gruppe.enhet_id)
            for verv in vervene
        ]
        ser = any(kan(roller.person, "nettverk.view_epost", v) for v in vervene)
        rader.append(
            Folkerad(
                person,
                roller.nettverk,
                vervene,
                next((navn[k] for k in kommuner if k in navn), ""),
                person.postadresse if ser else "",
            )
        )
    return rader


def _rank(verv: Verv, rolle: str) -> tuple[bool, bool]:
    """The role that is asked for, then what somebody does at their own unit; else in the groups' order."""
    return bool(rolle) and verv.rolle != rolle, verv.gruppe.type != Gruppe.Type.UTVIKLINGSGRUPPE


def as_sheet(rader: Sequence[Folkerad]) -> bytes:
    return make_regneark(
        _("Folk"),
        [(_("Navn"), 30), (_("Verv"), 50), (_("Kommune"), 20), (_("E-post"), 36)],
        [[rad.person.navn, rad.alle, rad.kommune, rad.epost] for rad in rader],
    )
