"""How the answers to a gathering come in: kommune by kommune, those that need a call first."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nettverk.side.diagram import Stabel, stabel
from rolu.models import Deltakelse, Samling

# Names of kommuner in a sentence; more than that is a number.
_MAKS_NAVN = 2


@dataclass(frozen=True)
class Svarbilde:
    """The answers to a gathering as one sees them: the finding, and a bar for each kommune."""

    funn: str
    merknad: str
    kommuner: list[Stabel]


def answers(samling: Any) -> Svarbilde:
    """The answers to `samling`, which was fetched `with_counts`. One query.

    The finding counts people, each once; a person in two kommuner stands in the bars of both.
    """
    rader = list(Deltakelse.objects.filter(samling=samling).per_kommune())
    rader.sort(key=lambda rad: (_share(rad), -rad["inviterte"]))
    return Svarbilde(coming(samling), _silence(rader), [_bar(samling, rad) for rad in rader])


def coming(samling: Any) -> str:
    """«193 av 562 kommer.» of a gathering that was fetched `with_counts`."""
    return ngettext(
        "%(kommer)s av %(alle)s kommer.", "%(kommer)s av %(alle)s kommer.", samling.paameldte
    ) % {"kommer": samling.paameldte, "alle": samling.inviterte}


def _share(rad: dict[str, Any]) -> float:
    return (rad["paameldte"] + rad["avmeldte"]) / rad["inviterte"] if rad["inviterte"] else 1.0


def _silence(rader: Iterable[dict[str, Any]]) -> str:
    """Which kommuner nobody has answered from, when somebody else has."""
    rader = [rad for rad in rader if rad["inviterte"] and rad["kommune"]]
    stille = [rad for rad in rader if not _share(rad)]
    if not stille or len(stille) == len(rader):
        return ""
    navn = [str(rad["kommune__navn"]) for rad in stille]
    if len(navn) == 1:
        return _("Ingen fra %(kommune)s har svart.") % {"kommune": navn[0]}
    if len(navn) <= _MAKS_NAVN:
        return _("Ingen fra %(en)s eller %(to)s har svart.") % {"en": navn[0], "to": navn[1]}
    return _("Ingen fra %(n)s kommuner har svart.") % {"n": len(navn)}


def _bar(samling: Samling, rad: dict[str, Any]) -> Stabel:
    mangler = rad["ubesvarte"]
    url = reverse("rolu:samling_deltakere", args=[samling.nettverk.slug, samling.pk])
    return stabel(
        str(rad["kommune__navn"] or _("Uten kommune")),
        [("paameldt", rad["paameldte"]), ("avmeldt", rad["avmeldte"]), ("mangler", mangler)],
        ord_=_("%(ja)s påmeldt, %(nei)s avmeldt, %(mangler)s har ikke svart")
        % {"ja": rad["paameldte"], "nei": rad["avmeldte"], "mangler": mangler},
        mangler=mangler,
        url=f"{url}?kommune={rad['kommune']}" if rad["kommune"] else "",
    )
