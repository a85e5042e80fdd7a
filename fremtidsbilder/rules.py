"""Who may see and change where the network wants to go (docs/tilgang.md)."""

from dataclasses import replace

from fremtidsbilder.models import Fremtidsbilde, Maal, Tankesmie
from nettverk.models import Nettverk
from nettverk.rules import (
    enhetsleder,
    eva,
    har_kommuneansvar,
    kog,
    kommuneansvarlig,
    koordinator,
    leder_en_enhet,
    medlem,
    pro,
)
from nettverk.tilgang.tillatelser import Krav, TingPaaSted, tillat


def _paa(krav: Krav[TingPaaSted], *nivaaer: str) -> Krav[TingPaaSted]:
    """The role, for what stands at one of these levels (`Maal.Nivaa`, `Fremtidsbilde.Nivaa`, `Tankesmie.Nivaa`)."""
    return replace(
        krav,
        test=lambda p, t: t.nivaa in nivaaer and krav.test(p, t),  # type: ignore[attr-defined] # of these models
    )


_FELLES = ("nettverk", "arena")

# A published image is open to everyone: `Fremtidsbilde.objects.visible_to`.
tillat("fremtidsbilder.view_fremtidsbilde", medlem, om=Nettverk)
tillat("fremtidsbilder.view_maal", medlem, om=Nettverk)
# New: where, is said by `fremtidsbilder.sted.places`.
tillat("fremtidsbilder.write_fremtid", koordinator, har_kommuneansvar, leder_en_enhet, om=Nettverk)
# As `changeable_by` of each says of many.
tillat(
    "fremtidsbilder.change_fremtidsbilde",
    _paa(koordinator, *_FELLES),
    _paa(kommuneansvarlig, "kommune"),
    _paa(enhetsleder, "enhet"),
    om=Fremtidsbilde,
)
tillat(
    "fremtidsbilder.change_maal",
    _paa(koordinator, *_FELLES),
    _paa(kommuneansvarlig, "kommune"),
    _paa(enhetsleder, "enhet"),
    om=Maal,
)
# The names of the themes, which all the images and goals of the network share.
tillat("fremtidsbilder.change_tema", koordinator, om=Nettverk)
# Which goals hang in the air, in every kommune and unit.
tillat("fremtidsbilder.export_maal", kog, koordinator, har_kommuneansvar, om=Nettverk)
# A new tankesmie: where, is said by `fremtidsbilder.sted.holding_places`.
tillat(
    "fremtidsbilder.hold_tankesmie",
    koordinator,
    pro,
    eva,
    har_kommuneansvar,
    leder_en_enhet,
    om=Nettverk,
)
# As `Tankesmie.objects.visible_to` says of many.
tillat(
    "fremtidsbilder.lead_tankesmie",
    koordinator,
    pro,
    eva,
    _paa(kommuneansvarlig, "kommune"),
    _paa(enhetsleder, "enhet"),
    om=Tankesmie,
)
# What is printed of any of them, also asked for by another.
tillat("fremtidsbilder.lead_all_tankesmier", koordinator, pro, eva, om=Nettverk)
# Whose voices the network asks for.
tillat("fremtidsbilder.change_stemmegrupper", koordinator, om=Nettverk)
