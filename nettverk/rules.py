"""Roles and membership, answered only here; the other apps combine these answers (docs/tilgang.md)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from kommuner.gyldighet import idag
from kommuner.models import Plassering
from nettverk.models.brev import Brev
from nettverk.models.flytting import Flytteforslag
from nettverk.models.gruppe import Gruppe, Verv, VervQuerySet
from nettverk.models.nettverk import Nettverk
from nettverk.models.person import Person
from nettverk.models.rolle import Rolle
from nettverk.side.innhold import fill_in, innhold, rolle_i
from nettverk.tilgang.roller import Roller, coordinators, roller_for
from nettverk.tilgang.tillatelser import INettverk, Krav, Ting, TingPaaSted, tillat


def _roller(person: Person, ting: Ting) -> Roller:
    return roller_for(person, ting.nettverk)


def _verv(ting: Ting) -> VervQuerySet:
    return Verv.objects.filter(gruppe__nettverk=ting.nettverk)


def _kommuner(ting: TingPaaSted) -> set[int]:
    """The kommune a thing is about; for a unit, where it lies today."""
    if ting.kommune_id is not None:
        return {ting.kommune_id}
    if ting.enhet_id is None:
        return set()
    her = Plassering.objects.filter(enhet=ting.enhet_id).gyldig()
    return set(her.values_list("kommune", flat=True))


def _er_kommuneansvarlig(person: Person, ting: TingPaaSted) -> bool:
    ansvar = _roller(person, ting).kommuner_ansvar
    return bool(ansvar) and bool(ansvar & _kommuner(ting))


def gruppe_i_setning(type_: Gruppe.Type, nettverk: Nettverk) -> str:
    """The network's own name for its group of a function, inside a sentence and marked."""
    gruppe = Gruppe.objects.filter(nettverk=nettverk, type=type_).gyldig().first()
    return innhold(gruppe.i_setning, nettverk) if gruppe else str(type_.label)


def _medlem_av(type_: Gruppe.Type) -> Callable[[Ting], str]:
    """«medlem av arbeidsutvalet»: the network's own name for its group of that function."""

    def i_ord(ting: Ting) -> str:
        return fill_in(
            gettext("medlem av %(gruppe)s"), gruppe=gruppe_i_setning(type_, ting.nettverk)
        )

    return i_ord


def _rolle(rolle: Rolle, tekst: str = "%(rolle)s") -> Callable[[Ting], str]:
    """The network's own name for a role, in `tekst` (marked for translation where it is written)."""
    return lambda ting: fill_in(gettext(tekst), rolle=rolle_i(rolle, ting.nettverk))


medlem = Krav[Ting](_("medlem av nettverket"), lambda p, t: _roller(p, t).er_medlem)
koordinator = Krav[Ting](
    _rolle(Rolle.KOORDINATOR),
    lambda p, t: _roller(p, t).er_koordinator,
    lambda t: coordinators(_verv(t)),
)
kog = Krav[Ting](
    _medlem_av(Gruppe.Type.KOORDINERINGSGRUPPE),
    lambda p, t: _roller(p, t).er_kog,
    lambda t: _verv(t).filter(gruppe__type=Gruppe.Type.KOORDINERINGSGRUPPE),
)
stg = Krav[Ting](
    _medlem_av(Gruppe.Type.STYRINGSGRUPPE),
    lambda p, t: _roller(p, t).er_stg,
    lambda t: _verv(t).filter(gruppe__type=Gruppe.Type.STYRINGSGRUPPE),
)
pro = Krav[Ting](
    _medlem_av(Gruppe.Type.PROSESSNETTVERK),
    lambda p, t: _roller(p, t).er_pro,
    lambda t: _verv(t).filter(gruppe__type=Gruppe.Type.PROSESSNETTVERK),
)
eva = Krav[Ting](
    _medlem_av(Gruppe.Type.EVALUERINGSNETTVERK),
    lambda p, t: _roller(p, t).er_eva,
    lambda t: _verv(t).filter(gruppe__type=Gruppe.Type.EVALUERINGSNETTVERK),
)
forsker = Krav[Ting](
    _rolle(Rolle.FOLGEFORSKER),
    lambda p, t: _roller(p, t).er_forsker,
    lambda t: _verv(t).filter(rolle=Rolle.FOLGEFORSKER),
)
kommuneansvarlig = Krav[TingPaaSted](
    _rolle(Rolle.OPPVEKSTANSVARLIG, gettext_noop("%(rolle)s for kommunen")),
    _er_kommuneansvarlig,
    lambda t: _verv(t).filter(
        gruppe__type=Gruppe.Type.FAGNETTVERK,
        rolle=Rolle.OPPVEKSTANSVARLIG,
        representerer__in=_kommuner(t),
    ),
)
har_kommuneansvar = Krav[Ting](
    _rolle(Rolle.OPPVEKSTANSVARLIG, gettext_noop("%(rolle)s i en kommune")),
    lambda p, t: bool(_roller(p, t).kommuner_ansvar),
    lambda t: _verv(t).filter(gruppe__type=Gruppe.Type.FAGNETTVERK, rolle=Rolle.OPPVEKSTANSVARLIG),
)
enhetsleder = Krav[TingPaaSted](
    _("leder for enheten"),
    lambda p, t: t.enhet_id in _roller(p, t).enheter_ledet,
    lambda t: _verv(t).filter(
        gruppe__type=Gruppe.Type.UTVIKLINGSGRUPPE,
        gruppe__enhet=t.enhet_id,
        rolle=Rolle.FORMELL_LEDER,
    ),
)
leder_en_enhet = Krav[Ting](
    _("leder for en enhet"),
    lambda p, t: bool(_roller(p, t).enheter_ledet),
    lambda t: _verv(t).filter(gruppe__type=Gruppe.Type.UTVIKLINGSGRUPPE, rolle=Rolle.FORMELL_LEDER),
)
gruppemedlem = Krav[TingPaaSted](
    _("medlem av utviklingsgruppa"),
    lambda p, t: t.enhet_id in _roller(p, t).enheter,
    lambda t: _verv(t).filter(gruppe__type=Gruppe.Type.UTVIKLINGSGRUPPE, gruppe__enhet=t.enhet_id),
)

# A unit that has moved to another network is still seen here, but is no longer ours to change.
_ENHETENS: tuple[Krav[TingPaaSted], ...] = (koordinator, kommuneansvarlig, enhetsleder)


def om_her(krav: Krav[TingPaaSted]) -> Krav[TingPaaSted]:
    """The same role, for a unit that lies in the network today."""
    return replace(krav, test=lambda p, t: krav.test(p, t) and _lies_here(t))


def _lies_here(ting: TingPaaSted) -> bool:
    return ting.nettverk.kommuner().filter(pk__in=_kommuner(ting)).exists()


har_sendt = Krav[Nettverk](
    _("den som har sendt e-posten"),
    lambda p, n: (
        _roller(p, n).er_medlem and Brev.objects.filter(nettverk=n, bestilt_av=p.pk).exists()
    ),
)


def _er_egen_gruppe(person: Person, verv: Verv) -> bool:
    """Not as følgeforsker, who sees names and roles alone."""
    return any(
        v.gruppe == verv.gruppe_id and v.rolle != Rolle.FOLGEFORSKER
        for v in _roller(person, verv).verv
    )


def _er_egen_kommune(person: Person, verv: Verv) -> bool:
    roller = _roller(person, verv)
    return roller.er_medlem and (
        verv.representerer_id in roller.egne_kommuner
        or verv.gruppe.kommune_id in roller.egne_kommuner
        or verv.gruppe.enhet_id in roller.naboenheter
    )


_egen_gruppe = Krav[Verv](_("medlem av gruppa"), _er_egen_gruppe)
_egen_kommune = Krav[Verv](_("noen fra samme kommune"), _er_egen_kommune)
_en_selv = Krav[Verv](_("personen selv"), lambda p, v: p.pk == v.person_id)


def _koordinator_hos(nettverk: Callable[[Flytteforslag], Nettverk]) -> Krav[Flytteforslag]:
    """Coordinator of one of the two: the network that must answer, or the one that proposed."""
    return Krav[Flytteforslag](
        lambda f: _rolle(Rolle.KOORDINATOR, gettext_noop("%(rolle)s i det andre nettverket"))(
            nettverk(f)
        ),
        lambda p, f: roller_for(p, nettverk(f)).er_koordinator,
        lambda f: coordinators(_verv(nettverk(f))),
    )


tillat("nettverk.view_nettverk", medlem, om=Nettverk)
tillat("nettverk.change_nettverk", koordinator, om=Nettverk)
# Partners and dissemination; the koordineringsgruppe has them in common.
tillat("nettverk.change_samarbeid", koordinator, kog, om=Nettverk)
tillat("nettverk.view_register", medlem, om=Nettverk)
tillat("nettverk.import_enheter", koordinator, om=Nettverk)
tillat("nettverk.change_enhetstall", *map(om_her, _ENHETENS), om=INettverk)
tillat("nettverk.propose_flytting", koordinator, om=Nettverk)
tillat(
    "nettverk.answer_flytteforslag", _koordinator_hos(lambda f: f.fra_nettverk), om=Flytteforslag
)
tillat(
    "nettverk.withdraw_flytteforslag", _koordinator_hos(lambda f: f.til_nettverk), om=Flytteforslag
)
tillat("nettverk.view_gruppe", medlem, om=Nettverk)
tillat("nettverk.import_folk", koordinator, om=Nettverk)
tillat("nettverk.invite_folk", koordinator, om=Nettverk)
tillat("nettverk.add_gruppe", koordinator, om=Nettverk)
tillat("nettverk.change_gruppe", koordinator, om=Gruppe)
tillat("nettverk.change_utviklingsgruppe", koordinator, kommuneansvarlig, enhetsleder, om=Gruppe)
# What is vacant, with whom to ask. Which units: `nettverk.ledige`.
tillat("nettverk.view_ledige", koordinator, kog, har_kommuneansvar, om=Nettverk)
tillat("nettverk.remind_ledere", koordinator, har_kommuneansvar, om=Nettverk)
# Name and address of those who sit in it. Which of their Verv it moves: `nettverk.rettelse`.
tillat("nettverk.correct_person", koordinator, enhetsleder, om=Gruppe)
# E-mail addresses: all of the network's, and the one of somebody with a Verv. Names and roles all see.
_SER_ADRESSER: tuple[Krav[Ting], ...] = (koordinator, kog, har_kommuneansvar, pro)
tillat("nettverk.view_eposter", *_SER_ADRESSER, om=Nettverk)


def _until_it_ends(krav: Krav[Any]) -> Krav[Verv]:
    """The same, but not of somebody who has left."""
    return replace(
        krav,
        test=lambda person, verv: (
            (verv.til is None or verv.til > idag()) and krav.test(person, verv)
        ),
    )


_SER_EN: tuple[Krav[Any], ...] = (*_SER_ADRESSER, _egen_gruppe, _egen_kommune)
tillat("nettverk.view_epost", _en_selv, *map(_until_it_ends, _SER_EN), om=Verv)
tillat("nettverk.view_telefon", koordinator, kog, har_kommuneansvar, om=Nettverk)
# Which of the letters: `Brev.objects.visible_to`. Who sends them again: what the kind of letter says.
tillat("nettverk.view_utboks", koordinator, kog, har_sendt, om=Nettverk)
tillat("nettverk.send_brev", koordinator, har_sendt, om=Nettverk)
