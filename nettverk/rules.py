"""Roles and membership, answered only here; the other apps combine these answers (tilgang.md)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from kommuner.models import Enhet, Plassering
from nettverk.models.brev import Brev
from nettverk.models.gruppe import Gruppe, Rolle, Verv, VervQuerySet
from nettverk.models.person import Person
from nettverk.tilgang.roller import Roller, roller_for
from nettverk.tilgang.tillatelser import Krav, nettverk_of, tillat


def _roller(person: Person, ting: Any) -> Roller:
    return roller_for(person, nettverk_of(ting))


def enhet_id_of(ting: Any) -> int | None:
    """The unit a thing is about: the unit itself, its group, or what hangs on its group."""
    if isinstance(ting, Enhet):
        return ting.pk
    if getattr(ting, "enhet_id", None):
        return ting.enhet_id
    enhet = getattr(ting, "enhet", None)
    return enhet.pk if enhet is not None else None


def kommune_ids_of(ting: Any) -> set[int]:
    """The kommune a thing is about; for a unit, where it lies today."""
    kommune = getattr(ting, "kommune_id", None) or getattr(
        getattr(ting, "kommune", None), "pk", None
    )
    if kommune:
        return {kommune}
    enhet = enhet_id_of(ting)
    if enhet is None:
        return set()
    return set(Plassering.objects.filter(enhet=enhet).gyldig().values_list("kommune", flat=True))


def _verv(ting: Any) -> VervQuerySet:
    return Verv.objects.filter(gruppe__nettverk=nettverk_of(ting))


def _er_kommuneansvarlig(person: Person, ting: Any) -> bool:
    ansvar = _roller(person, ting).kommuner_ansvar
    return bool(ansvar) and bool(ansvar & kommune_ids_of(ting))


medlem = Krav(_("medlem av nettverket"), lambda p, t: _roller(p, t).er_medlem)
koordinator = Krav(
    _("koordinator"),
    lambda p, t: _roller(p, t).er_koordinator,
    lambda t: _verv(t).filter(
        gruppe__type=Gruppe.Type.KOORDINERINGSGRUPPE,
        rolle__in=[Rolle.LEDER, Rolle.NESTLEDER, Rolle.KOORDINATOR],
    ),
)
kog = Krav(
    _("medlem av koordineringsgruppa"),
    lambda p, t: _roller(p, t).er_kog,
    lambda t: _verv(t).filter(gruppe__type=Gruppe.Type.KOORDINERINGSGRUPPE),
)
stg = Krav(
    _("medlem av styringsgruppa"),
    lambda p, t: _roller(p, t).er_stg,
    lambda t: _verv(t).filter(gruppe__type=Gruppe.Type.STYRINGSGRUPPE),
)
pro = Krav(
    _("medlem av prosessnettverket"),
    lambda p, t: _roller(p, t).er_pro,
    lambda t: _verv(t).filter(gruppe__type=Gruppe.Type.PROSESSNETTVERK),
)
eva = Krav(
    _("medlem av evalueringsnettverket"),
    lambda p, t: _roller(p, t).er_eva,
    lambda t: _verv(t).filter(gruppe__type=Gruppe.Type.EVALUERINGSNETTVERK),
)
forsker = Krav(
    _("følgeforsker"),
    lambda p, t: _roller(p, t).er_forsker,
    lambda t: _verv(t).filter(rolle=Rolle.FOLGEFORSKER),
)
kommuneansvarlig = Krav(
    _("oppvekstansvarlig for kommunen"),
    _er_kommuneansvarlig,
    lambda t: _verv(t).filter(
        gruppe__type=Gruppe.Type.FAGNETTVERK,
        rolle=Rolle.OPPVEKSTANSVARLIG,
        representerer__in=kommune_ids_of(t),
    ),
)
har_kommuneansvar = Krav(
    _("oppvekstansvarlig i en kommune"),
    lambda p, t: bool(_roller(p, t).kommuner_ansvar),
    lambda t: _verv(t).filter(gruppe__type=Gruppe.Type.FAGNETTVERK, rolle=Rolle.OPPVEKSTANSVARLIG),
)
enhetsleder = Krav(
    _("leder for enheten"),
    lambda p, t: enhet_id_of(t) in _roller(p, t).enheter_ledet,
    lambda t: _verv(t).filter(
        gruppe__type=Gruppe.Type.UTVIKLINGSGRUPPE,
        gruppe__enhet=enhet_id_of(t),
        rolle=Rolle.FORMELL_LEDER,
    ),
)
gruppemedlem = Krav(
    _("medlem av utviklingsgruppa"),
    lambda p, t: enhet_id_of(t) in _roller(p, t).enheter,
    lambda t: _verv(t).filter(
        gruppe__type=Gruppe.Type.UTVIKLINGSGRUPPE, gruppe__enhet=enhet_id_of(t)
    ),
)


def _sent_it(person: Person, ting: Any) -> bool:
    if isinstance(ting, Brev):
        return ting.bestilt_av_id == person.pk
    return Brev.objects.filter(nettverk=nettverk_of(ting), bestilt_av=person.pk).exists()


avsender = Krav(_("den som sendte brevet"), _sent_it)

tillat("nettverk.view_nettverk", medlem)
tillat("nettverk.change_nettverk", koordinator)
tillat("nettverk.view_register", medlem)
tillat("nettverk.import_enheter", koordinator)
tillat("nettverk.change_enhetstall", koordinator, kommuneansvarlig, enhetsleder)
tillat("nettverk.view_gruppe", medlem)
tillat("nettverk.change_gruppe", koordinator)
tillat("nettverk.change_utviklingsgruppe", koordinator, kommuneansvarlig, enhetsleder)
tillat("nettverk.view_telefon", koordinator, kog, har_kommuneansvar)
# The outbox. Asked of the network (has one sent anything?) or of a Brev.
tillat("nettverk.view_brev", koordinator, kog, avsender)
tillat("nettverk.send_brev", koordinator, avsender)
