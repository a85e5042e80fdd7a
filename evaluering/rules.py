"""Who may read and write the annual report (docs/tilgang.md)."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evaluering.models import Aarsrapport
from nettverk.models import Person
from nettverk.rules import kog, koordinator, medlem, stg
from nettverk.tilgang.roller import roller_for
from nettverk.tilgang.tillatelser import Krav, nettverk_of, tillat


def _is_open_to_members(person: Person, ting: Any) -> bool:
    return (
        isinstance(ting, Aarsrapport)
        and ting.status != Aarsrapport.Status.UTKAST
        and roller_for(person, nettverk_of(ting)).er_medlem
    )


def _not_yet(ting: Any) -> str:
    """What must happen before more people may read it; nothing for what is published."""
    status = ting.status if isinstance(ting, Aarsrapport) else Aarsrapport.Status.UTKAST
    if status == Aarsrapport.Status.UTKAST:
        return gettext(
            "Rapporten er ikke godkjent ennå. Medlemmene kan lese den når styringsgruppa har godkjent den."
        )
    if status == Aarsrapport.Status.GODKJENT:
        return gettext("Rapporten er ikke publisert ennå.")
    return ""


medlem_etter_godkjenning = Krav(
    _("medlem av nettverket, når rapporten er godkjent"), _is_open_to_members, ikke_ennaa=_not_yet
)

alle_etter_publisering = Krav(
    _("alle, når rapporten er publisert"),
    lambda _person, ting: (
        isinstance(ting, Aarsrapport) and ting.status == Aarsrapport.Status.PUBLISERT
    ),
    ikke_ennaa=_not_yet,
)

tillat("evaluering.view_aarsrapporter", medlem)
# Asked of a report, or of the network for a year whose report nobody has begun: then it is a draft.
tillat(
    "evaluering.view_aarsrapport",
    koordinator,
    kog,
    stg,
    medlem_etter_godkjenning,
    alle_etter_publisering,
)
tillat("evaluering.change_aarsrapport", koordinator, kog)
# STG decides; when everyone may read it, a coordinator.
tillat("evaluering.approve_aarsrapport", stg)
tillat("evaluering.publish_aarsrapport", koordinator)
