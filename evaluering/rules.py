"""Who may read and write the annual report (docs/tilgang.md)."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evaluering.models import Aarsrapport
from nettverk.models import Gruppe, Nettverk, Person
from nettverk.rules import gruppe_i_setning, kog, koordinator, medlem, stg
from nettverk.side.innhold import fill_in
from nettverk.tilgang.roller import roller_for
from nettverk.tilgang.tillatelser import Krav, tillat


def _is_open_to_members(person: Person, rapport: Aarsrapport) -> bool:
    return (
        rapport.status != Aarsrapport.Status.UTKAST
        and roller_for(person, rapport.nettverk).er_medlem
    )


def _not_yet(rapport: Aarsrapport) -> str:
    """What must happen before all members may read it; nothing when they may."""
    if rapport.status == Aarsrapport.Status.UTKAST:
        return fill_in(
            gettext("Medlemmene kan lese rapporten når %(gruppe)s har godkjent den."),
            gruppe=gruppe_i_setning(Gruppe.Type.STYRINGSGRUPPE, rapport.nettverk),
        )
    return ""


medlem_etter_godkjenning = Krav[Aarsrapport](
    _("medlem av nettverket, når rapporten er godkjent"), _is_open_to_members, ikke_ennaa=_not_yet
)

alle_etter_publisering = Krav[Aarsrapport](
    _("alle, når rapporten er publisert"),
    lambda _person, rapport: rapport.status == Aarsrapport.Status.PUBLISERT,
)

# --- the network's reports: which years there are, the drafts among them, and their PDFs
tillat("evaluering.view_aarsrapporter", medlem, om=Nettverk)
tillat("evaluering.view_aarsrapport_utkast", koordinator, kog, stg, om=Nettverk)
tillat("evaluering.order_aarsrapport_pdf", koordinator, kog, om=Nettverk)

# --- one year's report, also one that nobody has begun: then it is a draft
tillat(
    "evaluering.view_aarsrapport",
    koordinator,
    kog,
    stg,
    medlem_etter_godkjenning,
    alle_etter_publisering,
    om=Aarsrapport,
)
tillat("evaluering.change_aarsrapport", koordinator, kog, om=Aarsrapport)
# STG decides; when everyone may read it, a coordinator.
tillat("evaluering.approve_aarsrapport", stg, om=Aarsrapport)
tillat("evaluering.publish_aarsrapport", koordinator, om=Aarsrapport)
