"""How far the units are with an assignment: kommune by kommune, in Norwegian order. None is set before another."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nettverk.side.diagram import Stabel, stabel
from rolu.models import Oppdrag


@dataclass(frozen=True)
class Framdrift:
    """The finding, how many units are how far, and a bar for each kommune."""

    funn: str
    levert: int
    begynt: int
    ikke_startet: int
    kommuner: list[Stabel]


def progress(oppdrag: Oppdrag, per_kommune: Iterable[dict[str, Any]], *, slug: str) -> Framdrift:
    """Of the rows of `MellomarbeidQuerySet.per_kommune`; no query."""
    rader = [rad for rad in per_kommune if rad["antall"]]
    tall = {
        felt: sum(rad[felt] for rad in rader)
        for felt in ("antall", "levert", "begynt", "ikke_startet")
    }
    url = f"{reverse('rolu:mellomarbeid_list', args=[slug])}?oppdrag={oppdrag.pk}"
    return Framdrift(
        _finding(rader, tall),
        tall["levert"],
        tall["begynt"],
        tall["ikke_startet"],
        [_bar(rad, url) for rad in rader],
    )


def _finding(rader: list[dict[str, Any]], tall: dict[str, int]) -> str:
    if not tall["levert"]:
        return _("Ingen har levert ennå")
    if tall["levert"] == tall["antall"]:
        return _("Alle har levert")
    stille = [rad for rad in rader if not rad["levert"]]
    if len(stille) == 1 and stille[0]["kommune__navn"]:
        return _("Ingen i %(kommune)s har levert") % {"kommune": stille[0]["kommune__navn"]}
    if stille:
        return _("I %(n)s av %(alle)s kommuner har ingen levert") % {
            "n": len(stille),
            "alle": len(rader),
        }
    return ngettext(
        "%(levert)s av %(alle)s enhet har levert",
        "%(levert)s av %(alle)s enheter har levert",
        tall["antall"],
    ) % {"levert": tall["levert"], "alle": tall["antall"]}


def _bar(rad: dict[str, Any], url: str) -> Stabel:
    return stabel(
        str(rad["kommune__navn"] or _("Uten kommune")),
        [("paameldt", rad["levert"]), ("halv", rad["begynt"]), ("mangler", rad["ikke_startet"])],
        ord_=_("%(levert)s levert, %(begynt)s planlagt eller i gang, %(ikke)s ikke begynt")
        % {"levert": rad["levert"], "begynt": rad["begynt"], "ikke": rad["ikke_startet"]},
        mangler=rad["antall"] - rad["levert"],
        url=f"{url}&kommune={rad['kommune']}" if rad["kommune"] else "",
    )
