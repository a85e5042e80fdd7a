"""Roles and membership, answered only here; the other apps combine these answers (docs/tilgang.md)."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from kommuner.models import Enhet, Plassering
from nettverk.models.gruppe import Gruppe, Verv, VervQuerySet
from nettverk.models.person import Person
from nettverk.models.rolle import Rolle
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


def _medlem_av(type_: Gruppe.Type) -> Callable[[Any], str]:
    """«medlem av arbeidsutvalet»: the network's own name for its group of that function."""

    def i_ord(ting: Any) -> str:
        gruppe = Gruppe.objects.filter(nettverk=nettverk_of(ting), type=type_).gyldig().first()
        return gettext("medlem av %(gruppe)s") % {
            "gruppe": gruppe.i_setning if gruppe else Gruppe.Type(type_).label
        }

    return i_ord


def _rolle(rolle: Rolle, tekst: str = "%(rolle)s") -> Callable[[Any], str]:
    """The network's own name for a role, in `tekst` (marked for translation where it is written)."""
    return lambda ting: gettext(tekst) % {"rolle": nettverk_of(ting).rollenavn(rolle)}


medlem = Krav(_("medlem av nettverket"), lambda p, t: _roller(p, t).er_medlem)
koordinator = Krav(
    _rolle(Rolle.KOORDINATOR),
    lambda p, t: _roller(p, t).er_koordinator,
    lambda t: _verv(t).filter(
        gruppe__type=Gruppe.Type.KOORDINERINGSGRUPPE,
        rolle__in=[Rolle.LEDER, Rolle.NESTLEDER, Rolle.KOORDINATOR],
    ),
)
kog = Krav(
    _medlem_av(Gruppe.Type.KOORDINERINGSGRUPPE),
    lambda p, t: _roller(p, t).er_kog,
    lambda t: _verv(t).filter(gruppe__type=Gruppe.Type.KOORDINERINGSGRUPPE),
)
stg = Krav(
    _medlem_av(Gruppe.Type.STYRINGSGRUPPE),
    lambda p, t: _roller(p, t).er_stg,
    lambda t: _verv(t).filter(gruppe__type=Gruppe.Type.STYRINGSGRUPPE),
)
pro = Krav(
    _medlem_av(Gruppe.Type.PROSESSNETTVERK),
    lambda p, t: _roller(p, t).er_pro,
    lambda t: _verv(t).filter(gruppe__type=Gruppe.Type.PROSESSNETTVERK),
)
eva = Krav(
    _medlem_av(Gruppe.Type.EVALUERINGSNETTVERK),
    lambda p, t: _roller(p, t).er_eva,
    lambda t: _verv(t).filter(gruppe__type=Gruppe.Type.EVALUERINGSNETTVERK),
)
forsker = Krav(
    _rolle(Rolle.FOLGEFORSKER),
    lambda p, t: _roller(p, t).er_forsker,
    lambda t: _verv(t).filter(rolle=Rolle.FOLGEFORSKER),
)
kommuneansvarlig = Krav(
    _rolle(Rolle.OPPVEKSTANSVARLIG, gettext_noop("%(rolle)s for kommunen")),
    _er_kommuneansvarlig,
    lambda t: _verv(t).filter(
        gruppe__type=Gruppe.Type.FAGNETTVERK,
        rolle=Rolle.OPPVEKSTANSVARLIG,
        representerer__in=kommune_ids_of(t),
    ),
)
har_kommuneansvar = Krav(
    _rolle(Rolle.OPPVEKSTANSVARLIG, gettext_noop("%(rolle)s i en kommune")),
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

tillat("nettverk.view_nettverk", medlem)
tillat("nettverk.change_nettverk", koordinator)
tillat("nettverk.view_register", medlem)
tillat("nettverk.import_enheter", koordinator)
tillat("nettverk.change_enhetstall", koordinator, kommuneansvarlig, enhetsleder)
tillat("nettverk.view_gruppe", medlem)
tillat("nettverk.change_gruppe", koordinator)
tillat("nettverk.change_utviklingsgruppe", koordinator, kommuneansvarlig, enhetsleder)
tillat("nettverk.view_telefon", koordinator, kog, har_kommuneansvar)
