"""«Kom i gang»: what a new network still needs, on its koordinator's home until it is in use."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kommuner.gyldighet import idag
from nettverk.flater import Oppstartssteg, oppstartsstegene
from nettverk.invitasjon import not_invited
from nettverk.ledige import count_without_role
from nettverk.models import Nettverk, Verv
from nettverk.oppstart.kart import placing
from nettverk.tilgang.roller import Roller


def remaining(roller: Roller) -> list[Oppstartssteg]:
    """The list, for a koordinator of a network that is not in use yet; empty for all others, without a
    query. When everything on it is done, the network is in use from today."""
    nettverk = roller.nettverk
    if nettverk.satt_opp is not None or not roller.er_koordinator:
        return []
    steg = oppstartsstegene(roller)
    if all(ett.ferdig for ett in steg):
        finish(nettverk)
        return []
    return steg


def finish(nettverk: Nettverk) -> None:
    """The network is in use: the list is not shown again. Twice changes nothing."""
    Nettverk.objects.filter(pk=nettverk.pk, satt_opp=None).update(satt_opp=idag())


def own_steg(roller: Roller) -> Iterable[Oppstartssteg]:
    """The network's own: its units, its people, the roles its groups must have, and its map. Five
    queries."""
    nettverk = roller.nettverk

    def url(navn: str) -> str:
        return reverse(f"nettverk:{navn}", args=[nettverk.slug])

    enheter = nettverk.enheter().count()
    yield Oppstartssteg(
        _("Last opp enhetene"),
        ngettext("%(n)s enhet er i registeret", "%(n)s enheter er i registeret", enheter)
        % {"n": enheter}
        if enheter
        else _("Barnehagene og skolene, fra Excel, CSV eller Udirs registre"),
        url("enhetsimport"),
        _("Last opp enheter"),
        bool(enheter),
        10,
    )
    kartet = placing(nettverk)
    yield Oppstartssteg(
        _("Legg kommunene på kartet"),
        _("Kommunene ligger der de hører til")
        if kartet.er_kart
        else ngettext(
            "%(n)s av %(alle)s kommuner ligger i rekkefølge etter kommunenummer. Flytt kommunen dit den hører til",
            "%(n)s av %(alle)s kommuner ligger i rekkefølge etter kommunenummer. Flytt kommunene dit de hører til",
            kartet.etter_nummer,
        )
        % {"n": kartet.etter_nummer, "alle": kartet.alle},
        url("nettverk_kart"),
        _("Åpne kartet"),
        kartet.er_kart,
        60,
    )
    folk = (
        Verv.objects.filter(gruppe__nettverk=nettverk).gyldig().values("person").distinct().count()
    )
    yield Oppstartssteg(
        _("Legg inn folkene"),
        ngettext("%(n)s person har et verv", "%(n)s personer har et verv", folk) % {"n": folk},
        url("folkeimport"),
        _("Legg inn folk fra en liste"),
        folk > 1,
        20,
    )
    if folk > 1:
        yield _invitations(nettverk, url("inviter"))
    if nettverk.paakrevde_roller:
        yield _vacancies(nettverk, enheter, url("ledige") + "?slag=rolle")


def _invitations(nettverk: Nettverk, url: str) -> Oppstartssteg:
    antall = not_invited(nettverk).count()
    stand = (
        ngettext(
            "%(n)s person har ikke fått noen invitasjon",
            "%(n)s personer har ikke fått noen invitasjon",
            antall,
        )
        % {"n": antall}
        if antall
        else _("Alle har fått en invitasjon eller vært inne")
    )
    return Oppstartssteg(_("Inviter folkene"), stand, url, _("Inviter folk"), not antall, 25)


def _vacancies(nettverk: Nettverk, enheter: int, url: str) -> Oppstartssteg:
    mangler = count_without_role(nettverk)
    if not enheter:
        stand = _("Hver enhet får en utviklingsgruppe når enhetene er lastet opp")
    elif mangler:
        stand = ngettext(
            "%(n)s utviklingsgruppe mangler noen",
            "%(n)s utviklingsgrupper mangler noen",
            mangler,
        ) % {"n": mangler}
    else:
        stand = _("Alle utviklingsgruppene har de rollene de må ha")
    return Oppstartssteg(
        _("Fyll de ledige rollene"),
        stand,
        url,
        _("Se hva som mangler"),
        bool(enheter) and not mangler,
        30,
    )
