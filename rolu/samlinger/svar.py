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

    inviterte: int
    paameldte: int
    avmeldte: int
    funn: str
    merknad: str
    kommuner: list[Stabel]

    @property
    def mangler(self) -> int:
        return self.inviterte - self.paameldte - self.avmeldte


def answers(samling: Samling, deltakelser: Any | None = None) -> Svarbilde:
    """The answers to `samling`, of all who are invited or of `deltakelser`. One query.

    A person in two kommuner counts in both, so the sum is of participations per kommune.
    """
    alle = Deltakelse.objects.all() if deltakelser is None else deltakelser
    rader = list(alle.filter(samling=samling).per_kommune())
    rader.sort(key=lambda rad: (_share(rad), -rad["inviterte"]))
    inviterte, paameldte, avmeldte = (
        sum(rad[navn] for rad in rader) for navn in ("inviterte", "paameldte", "avmeldte")
    )
    funn = ngettext(
        "%(kommer)s av %(alle)s kommer.", "%(kommer)s av %(alle)s kommer.", paameldte
    ) % {"kommer": paameldte, "alle": inviterte}
    return Svarbilde(
        inviterte, paameldte, avmeldte, funn, _silence(rader), [_bar(samling, rad) for rad in rader]
    )


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
    mangler = rad["inviterte"] - rad["paameldte"] - rad["avmeldte"]
    url = reverse("rolu:samling_deltakere", args=[samling.nettverk.slug, samling.pk])
    return stabel(
        str(rad["kommune__navn"] or _("Uten kommune")),
        [("paameldt", rad["paameldte"]), ("avmeldt", rad["avmeldte"]), ("mangler", mangler)],
        ord_=_("%(ja)s påmeldt, %(nei)s avmeldt, %(mangler)s har ikke svart")
        % {"ja": rad["paameldte"], "nei": rad["avmeldte"], "mangler": mangler},
        mangler=mangler,
        url=f"{url}?kommune={rad['kommune']}" if rad["kommune"] else "",
    )
