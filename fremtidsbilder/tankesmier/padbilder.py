"""A drawing or a photograph that a phone sends with its own card. It is known by the card's key alone."""

from django.utils.translation import gettext as _

from fremtidsbilder.models import Bidrag, Bidragsbilde, Tankesmie
from fremtidsbilder.tankesmier.bidrag import Skrevet, why_not
from fremtidsbilder.tankesmier.bidragsbilder import attach
from nettverk.filer import vedlegg as filvedlegg
from nettverk.filer.lager import IKKE_PLASS, IkkePlass
from nettverk.filer.opplasting import GodkjentFil
from nettverk.skriving.konflikt import Borte, KanIkke

# What the phones of one tankesmie may fill of the network's storage: some hundred pictures.
MAKS_BYTES = 500 * 1024 * 1024


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
    fra_telefoner = Bidragsbilde.objects.filter(
        bidrag__sporsmaal__tankesmie=tankesmie, bidrag__kilde=Bidrag.Kilde.TELEFON
    )
    if filvedlegg.size(fra_telefoner) + fil.bytes > MAKS_BYTES:
        raise KanIkke(_("Det er ikke plass til flere bilder i tankesmia."))
    try:
        attach(kort, filer=[fil], nettverk=tankesmie.nettverk)
    except IkkePlass as feil:
        # How full the network is, is not for everybody.
        raise IkkePlass(str(IKKE_PLASS)) from feil
