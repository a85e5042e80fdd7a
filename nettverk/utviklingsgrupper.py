"""The utviklingsgruppe of every unit: it exists from the first day, empty, so that its vacant roles show."""

import datetime
from collections.abc import Iterable, Mapping

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import translation
from django.utils.translation import gettext as _

from kommuner.gyldighet import idag, periode
from kommuner.models import Enhet, Kommune
from nettverk.models.gruppe import Gruppe
from nettverk.models.nettverk import Nettverk
from nettverk.skriving.laas import hold
from nettverk.verv import end_with_groups


@transaction.atomic
def ensure_utviklingsgrupper(nettverk: Nettverk) -> int:
    """Make an empty utviklingsgruppe for each unit of the network today that lacks one; how many.

    Safe to run twice, and at once with another: the network's row is held meanwhile.
    """
    hold(nettverk)
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
            navn=group_name(enhet, nettverk.maalform),
            enhet=enhet,
            gyldig=fra_i_dag,
        )
        for enhet in mangler
    )
    return len(nye)


def group_name(sted: Enhet | Kommune | str, maalform: str) -> str:
    """What the utviklingsgruppe of a unit (or of a kommune) is called, until people call it something
    else: in the network's own language, whoever makes it."""
    with translation.override(maalform):
        if isinstance(sted, Kommune):
            navn = _("Utviklingsgruppa i %(enhet)s")
        else:
            navn = _("Utviklingsgruppa ved %(enhet)s")
    return (navn % {"enhet": sted})[:150]


@transaction.atomic
def follow_units(
    nettverk: Nettverk, *, foer: Mapping[int, str], avsluttet: Iterable[int], dato: datetime.date
) -> None:
    """Groups go with their units: named anew when they bear the unit's old name, ended when it has ended.

    `foer` is unit → the name it had. The Verv in a group that ends, end with it.
    """
    grupper = Gruppe.objects.utviklingsgrupper().filter(nettverk=nettverk)
    bestaar = grupper.filter(enhet__in=list(foer)).select_related("enhet")
    _rename(list(bestaar), foer, nettverk.maalform)
    end_with_groups(list(grupper.filter(enhet__in=list(avsluttet)).held()), dato)


def _rename(grupper: list[Gruppe], foer: Mapping[int, str], maalform: str) -> None:
    endret = []
    for gruppe in grupper:
        assert gruppe.enhet is not None
        gammelt, nytt = foer[gruppe.enhet.pk], str(gruppe.enhet)
        if gruppe.navn == gammelt:
            gruppe.navn = nytt[:150]
        # The network may have had another language when the group was made.
        elif gruppe.navn in {group_name(gammelt, s) for s in dict(settings.LANGUAGES)}:
            gruppe.navn = group_name(nytt, maalform)
        else:
            continue
        endret.append(gruppe)
    Gruppe.objects.bulk_update(endret, ["navn"], batch_size=500)
