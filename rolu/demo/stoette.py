"""Demo: what the support lens knows, as if it had been seen for a while; one unit has said how it is."""

import datetime

from django.utils import timezone

from kommuner.gyldighet import idag
from nettverk.models import Nettverk, Rolle, Verv
from nettverk.tilgang.roller import coordinators
from rolu.models import Stoettehandling, Stoettesignal
from rolu.stoette.signaler import note

_SETT = datetime.timedelta(days=12)
_SVAR = "Vi har spurt klubben, og de velger en ny på neste møte."
_SVAR_NN = "Vi har spurt klubben, og dei vel ein ny på neste møte."


def make(nettverk: Nettverk) -> None:
    """Once: what is there stands."""
    if (
        not nettverk.uses("mellomarbeid")
        or Stoettesignal.objects.filter(nettverk=nettverk).exists()
    ):
        return
    note(nettverk, idag() - _SETT)
    note(nettverk)
    Stoettesignal.objects.filter(nettverk=nettverk).update(sett=idag() - _SETT)
    _answer_one(nettverk)


def _answer_one(nettverk: Nettverk) -> None:
    """The first vacant role is answered for by the unit's leader, and guidance is agreed on."""
    ledig = Stoettesignal.objects.filter(nettverk=nettverk, slag=Stoettesignal.Slag.LEDIG_ROLLE)
    for rad in ledig.open().order_by("enhet__sortering", "pk"):
        leder = Verv.objects.filter(
            gruppe__nettverk=nettverk, gruppe__enhet=rad.enhet_id, rolle=Rolle.FORMELL_LEDER
        ).gyldig()
        if verv := leder.first():
            rad.svar = _SVAR_NN if nettverk.maalform == "nn" else _SVAR
            rad.svart, rad.svart_av = timezone.now() - datetime.timedelta(days=4), verv.person
            rad.save()
            Stoettehandling.objects.create(
                nettverk=nettverk,
                enhet=rad.enhet,
                slag=Stoettehandling.Slag.VEILEDNING,
                dato=idag() + datetime.timedelta(days=9),
                hvem="PPT",
                laget_av=coordinators(Verv.objects.filter(gruppe__nettverk=nettverk))
                .gyldig()
                .order_by("pk")[:1]
                .get()
                .person,
            )
            return
