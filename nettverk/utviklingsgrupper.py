"""The utviklingsgruppe of every unit: it exists from the first day, empty, so that its vacant roles show."""

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from kommuner.gyldighet import idag, periode
from nettverk.models.gruppe import Gruppe
from nettverk.models.nettverk import Nettverk


@transaction.atomic
def ensure_utviklingsgrupper(nettverk: Nettverk) -> int:
    """Make an empty utviklingsgruppe for each unit of the network today that lacks one; how many.

    Safe to run twice, and at once with another: the network's row is held meanwhile.
    """
    Nettverk.objects.select_for_update().get(pk=nettverk.pk)
    fra_i_dag = periode(idag())
    grupper = Gruppe.objects.filter(
        nettverk=nettverk,
        type=Gruppe.Type.UTVIKLINGSGRUPPE,
        enhet=OuterRef("pk"),
        gyldig__overlap=fra_i_dag,
    )
    mangler = nettverk.enheter().filter(~Exists(grupper)).only("navn", "visningsnavn")
    nye = Gruppe.objects.bulk_create(
        Gruppe(
            nettverk=nettverk,
            type=Gruppe.Type.UTVIKLINGSGRUPPE,
            navn=(_("Utviklingsgruppa ved %(enhet)s") % {"enhet": enhet})[:150],
            enhet=enhet,
            gyldig=fra_i_dag,
        )
        for enhet in mangler
    )
    return len(nye)
