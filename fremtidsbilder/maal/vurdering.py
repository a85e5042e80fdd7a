"""How far people themselves say that they have come with a goal."""

from django.db import transaction
from django.utils.translation import gettext as _

from fremtidsbilder.models import Maal
from kommuner.gyldighet import idag
from nettverk.models import Person
from nettverk.skriving.konflikt import KanIkke
from nettverk.skriving.laas import held


@transaction.atomic
def assess(maal: Maal, *, status: str, vurdering: str, by: Person) -> Maal:
    """Say how far it has come, with a sentence; no status takes it away. The same again changes nothing. Raises KanIkke
    when the goal is not in force, or the sentence is missing."""
    rad = held(maal)
    if rad.tilstand != Maal.Tilstand.VEDTATT:
        raise KanIkke(_("Bare et mål som er vedtatt, kan vurderes."))
    if status and not vurdering:
        raise KanIkke(_("Skriv en setning om hvordan dere vurderer det selv."))
    vurdering = vurdering if status else ""
    if (rad.status, rad.vurdering) != (status, vurdering):
        rad.status, rad.vurdering = status, vurdering
        rad.vurdert = idag() if status else None
        rad.endret_av = by
        rad.save(update_fields=["status", "vurdering", "vurdert", "endret_av", "endret"])
    return rad
