"""The utviklingsgruppe of every unit: it exists from the first day, empty, so that its vacant roles show."""

import datetime
from collections.abc import Iterable, Mapping

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import translation
from django.utils.translation import gettext as _

from kommuner.gyldighet import idag, periode
from nettverk.models.gruppe import Gruppe, Verv
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
            navn=group_name(str(enhet)),
            enhet=enhet,
            gyldig=fra_i_dag,
        )
        for enhet in mangler
    )
    return len(nye)


def group_name(enhetsnavn: str) -> str:
    """What the utviklingsgruppe of a unit is called, until people call it something else."""
    return (_("Utviklingsgruppa ved %(enhet)s") % {"enhet": enhetsnavn})[:150]


@transaction.atomic
def follow_units(
    nettverk: Nettverk, *, foer: Mapping[int, str], avsluttet: Iterable[int], dato: datetime.date
) -> None:
    """Groups go with their units: named anew when they bear the unit's old name, ended when it has ended.

    `foer` is unit → the name it had. The Verv in a group that ends, end with it.
    """
    grupper = Gruppe.objects.utviklingsgrupper().filter(nettverk=nettverk)
    _rename(list(grupper.filter(enhet__in=list(foer)).select_related("enhet")), foer)
    slutter = list(grupper.filter(enhet__in=list(avsluttet)).select_for_update())
    for ting in [*Verv.objects.filter(gruppe__in=slutter), *slutter]:
        if not ting.gyldig.isempty and (ting.til is None or ting.til > dato):
            ting.end(dato)


def _rename(grupper: list[Gruppe], foer: Mapping[int, str]) -> None:
    endret = []
    for gruppe in grupper:
        assert gruppe.enhet is not None
        gammelt, nytt = foer[gruppe.enhet.pk], str(gruppe.enhet)
        for spraak in [translation.get_language() or "nb", *dict(settings.LANGUAGES)]:
            with translation.override(spraak):
                if gruppe.navn in {gammelt, group_name(gammelt)}:
                    gruppe.navn = nytt[:150] if gruppe.navn == gammelt else group_name(nytt)
                    endret.append(gruppe)
                    break
    Gruppe.objects.bulk_update(endret, ["navn"], batch_size=500)
