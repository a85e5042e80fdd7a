"""A drawing or a photograph that a phone sends with its own card. It is known by the card's key alone."""

from django.utils.translation import gettext as _

from fremtidsbilder.models import Bidrag, Tankesmie
from fremtidsbilder.tankesmier.bidrag import Skrevet, why_not
from fremtidsbilder.tankesmier.bidragsbilder import attach
from nettverk.filer.lager import IKKE_PLASS, IkkePlass
from nettverk.filer.opplasting import GodkjentFil
from nettverk.skriving.konflikt import Borte, KanIkke


def send_with(tankesmie: Tankesmie, rad: Skrevet, *, fil: GodkjentFil) -> None:
    """Keep the picture with the card that has the key, when it answers that question of this tankesmie. It shows what
    the card says; sent twice it is there once. Raises KanIkke: for a question that has ended as for its text."""
    kort = (
        Bidrag.objects.select_related("sporsmaal")
        .filter(nokkel=rad.nokkel, sporsmaal=rad.sporsmaal, sporsmaal__tankesmie=tankesmie)
        .exclude(tekst="")
        .first()
    )
    if kort is None:
        raise Borte(_("Bidraget som bildet hører til, er ikke her. Send teksten først."))
    if nei := why_not(tankesmie, kort.sporsmaal, rad, er_nytt=False):
        raise KanIkke(nei)
    try:
        attach(kort, filer=[fil], nettverk=tankesmie.nettverk)
    except IkkePlass as feil:
        # How full the network is, is not for everybody.
        raise IkkePlass(str(IKKE_PLASS)) from feil
