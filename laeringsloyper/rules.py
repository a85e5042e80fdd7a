"""Who may see and change the learning tracks, and set which units follow them (docs/tilgang.md)."""

from django.utils.translation import gettext_lazy as _

from kommuner.models.kommune import KommuneQuerySet
from laeringsloyper.models import Laeringsloype
from nettverk.models import Nettverk, Verv
from nettverk.rules import (
    gruppemedlem,
    har_kommuneansvar,
    kog,
    kommuneansvarlig,
    koordinator,
    medlem,
    om_her,
)
from nettverk.tilgang.roller import Roller, roller_for
from nettverk.tilgang.tillatelser import INettverk, Krav, tillat

fagansvarlig = Krav[Laeringsloype](
    _("fagansvarlig for læringsløypa"),
    lambda p, loype: loype.ansvarlig_gruppe_id in roller_for(p, loype.nettverk).fagmiljo,
    lambda loype: Verv.objects.filter(gruppe=loype.ansvarlig_gruppe_id),
)

tillat("laeringsloyper.view_laeringsloype", medlem, om=Nettverk)
# New, in which order, until when, and who answers for it; and the words of one of them.
tillat("laeringsloyper.arrange_loyper", koordinator, om=Nettverk)
tillat("laeringsloyper.change_loype", koordinator, fagansvarlig, om=Laeringsloype)
# How far every kommune has come in a track; who answers for a kommune sees its own (`laeringsloyper.framdrift`).
tillat("laeringsloyper.view_framdrift", kog, fagansvarlig, om=Laeringsloype)
# That a unit has used a resource of a module.
tillat("laeringsloyper.say_used", om_her(gruppemedlem), om=INettverk)
# Which units follow: of many at once (those of `kommuner_changeable_by`), and of one.
tillat("laeringsloyper.set_enhetsloyper", koordinator, har_kommuneansvar, om=Nettverk)
tillat(
    "laeringsloyper.change_enhetsloyper",
    om_her(koordinator),
    om_her(kommuneansvarlig),
    om=INettverk,
)


def kommuner_changeable_by(roller: Roller) -> KommuneQuerySet:
    """The kommuner of the network whose units' tracks the person sets, as said above: k all, M the own."""
    alle = roller.nettverk.kommuner()
    return alle if roller.er_koordinator else alle.filter(pk__in=roller.kommuner_ansvar)
