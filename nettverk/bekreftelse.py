"""The yearly confirmation of a unit's utviklingsgruppe: who is still in it, who has left, who is new.

Asked of the leader from the day the network has set (`Nettverk.bekreftes_fra`), until it is done; the
koordinator and the kommune may do it too, and may remind the leaders by letter.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kommuner.gyldighet import idag
from nettverk import verv as vervene
from nettverk.arbeid import brev
from nettverk.arbeid.brev import Utkast, brevslag, key
from nettverk.arbeid.epost import hel_adresse
from nettverk.flater import Etterlatt, Gjoremaal
from nettverk.invitasjon import has_been_in, invite
from nettverk.models import (
    Brev,
    Gruppe,
    Gruppebekreftelse,
    Nettverk,
    Person,
    Rolle,
    Ubesvart,
    Verv,
)
from nettverk.models.bekreftelse import skoleaar
from nettverk.models.gruppe import VervQuerySet
from nettverk.side.innhold import fill_in, join, roller_i
from nettverk.skriving.konflikt import KanIkke
from nettverk.tilgang.roller import Roller

MAL = "nettverk/epost/bekreft_gruppa.txt"


# --- is it done


def asked_year(nettverk: Nettverk) -> int | None:
    """The school year the groups are asked about now; None when the network does not ask."""
    siden = nettverk.spurt_siden
    return None if siden is None else skoleaar(siden)


def is_confirmed(nettverk: Nettverk, gruppe: OuterRef) -> Exists | Value:
    """Whether a group has been confirmed for what is asked now; so all are, where nothing is asked."""
    aar = asked_year(nettverk)
    if aar is None:
        return Value(True)
    return Exists(Gruppebekreftelse.objects.filter(gruppe=gruppe, skoleaar__gte=aar))


def latest(gruppe: Gruppe) -> Gruppebekreftelse | None:
    """The last time the group was confirmed."""
    return gruppe.bekreftelser.select_related("bekreftet_av").first()


def awaits(gruppe: Gruppe, siste: Gruppebekreftelse | None) -> bool:
    """Whether the unit's group waits to be confirmed, `siste` being the last time it was."""
    aar = asked_year(gruppe.nettverk)
    if aar is None or gruppe.enhet_id is None or not gruppe.er_gyldig():
        return False
    return siste is None or siste.skoleaar < aar


# --- the leader's home


def gjoremaal(roller: Roller) -> Iterable[Gjoremaal]:
    """The groups the person leads that wait to be confirmed; of the others, those with vacant roles. One
    query, and none for who leads nothing."""
    nettverk = roller.nettverk
    for gruppe in _led_groups(roller):
        gruppe.nettverk = nettverk
        rad: Any = gruppe  # annotated
        ledige = gruppe.ledige_roller(rad.roller_da)
        if not rad.er_bekreftet:
            yield _to_confirm(gruppe, ledige, er_ny=rad.er_ny, antall=len(rad.roller_da))
        elif ledige:
            yield Gjoremaal(
                tittel=fill_in(
                    _("Utviklingsgruppa mangler %(roller)s"), roller=roller_i(ledige, nettverk)
                ),
                tekst=_("Gjelder %(enhet)s.") % {"enhet": gruppe.enhet},
                url=reverse("nettverk:gruppe", args=[nettverk.slug, gruppe.pk]),
                knapp=_("Se gruppa"),
                haster=90,
            )


def _led_groups(roller: Roller) -> list[Gruppe]:
    if not roller.enheter_ledet:
        return []
    return roller.remembered("nettverk.ledede_grupper", lambda: _fetch_led_groups(roller))


def _fetch_led_groups(roller: Roller) -> list[Gruppe]:
    nettverk = roller.nettverk
    grupper = Gruppe.objects.filter(nettverk=nettverk, enhet__in=roller.enheter_ledet)
    return list(
        grupper.utviklingsgrupper()
        .gyldig()
        .with_roller()
        .annotate(
            er_bekreftet=is_confirmed(nettverk, OuterRef("pk")),
            er_ny=~Exists(Gruppebekreftelse.objects.filter(gruppe=OuterRef("pk"))),
        )
        .select_related("enhet")
    )


def question(gruppe: Gruppe, *, er_ny: bool) -> str:
    """What is asked, on the home page and where it is answered."""
    if er_ny:
        return _("Hvem er med i utviklingsgruppa ved %(enhet)s?") % {"enhet": gruppe.enhet}
    return _("Stemmer utviklingsgruppa ved %(enhet)s fortsatt?") % {"enhet": gruppe.enhet}


def _to_confirm(gruppe: Gruppe, ledige: list[Rolle], *, er_ny: bool, antall: int) -> Gjoremaal:
    """`er_ny` when nobody has ever looked the group over; `antall` is how many are in it."""
    nettverk = gruppe.nettverk
    setninger = [
        _("Det tar et minutt.") if er_ny else _("Nettverket spør én gang hvert skoleår."),
        ngettext("Bare du er med i dag.", "%(n)s er med i dag, du også.", antall) % {"n": antall},
    ]
    if ledige:
        setninger.append(fill_in(_("Ledig: %(roller)s."), roller=roller_i(ledige, nettverk)))
    return Gjoremaal(
        tittel=question(gruppe, er_ny=er_ny),
        tekst=join(" ", setninger),
        url=reverse("nettverk:gruppe_bekreft", args=[nettverk.slug, gruppe.pk]),
        knapp=_("Se over gruppa"),
        # The first of what has no deadline.
        haster=5,
    )


# --- it is done


def members(gruppe: Gruppe, *, hold: bool = False) -> list[Verv]:
    """Who is in the group today, leader first; with `hold` nobody else ends a Verv until the transaction
    does. Hold the group first."""
    verv: VervQuerySet = gruppe.verv.gyldig()
    if hold:
        list(verv.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))
    rader = list(verv.in_order().select_related("person__ubesvart"))
    for rad in rader:
        rad.gruppe = gruppe
    return rader


@dataclass
class Bekreftet:
    """What a confirmation did. `foerst` when nobody had confirmed the group this school year before."""

    rad: Gruppebekreftelse
    foerst: bool
    sluttet: int = 0
    nye: list[Verv] = field(default_factory=list)
    etterlatt: list[Etterlatt] = field(default_factory=list)

    @property
    def venter_paa_svar(self) -> bool:
        """Whether some of the new ones have not answered."""
        nye = [verv.person_id for verv in self.nye]
        return bool(nye) and Ubesvart.objects.filter(person__in=nye).exists()


@transaction.atomic
def confirm(
    gruppe: Gruppe,
    *,
    by: Person,
    slutter: Iterable[tuple[Verv, datetime.date]] = (),
    nye: Iterable[dict[str, Any]] = (),
    inviter: bool = True,
) -> Bekreftet:
    """The group is right for this school year when `slutter` have ended (each with the last day) and `nye`
    (each as for `nettverk.verv.appoint`) have come; these are invited by letter with `inviter`.

    One row a school year: two who confirm at once are one. Raises KanIkke when the group has ended, and
    for one's own Verv, which nobody ends here.
    """
    naa = Gruppe.objects.held().get(pk=gruppe.pk)
    naa.nettverk = gruppe.nettverk
    if not naa.er_gyldig():
        raise KanIkke(_("Gruppa er avsluttet, så den kan ikke bekreftes."))
    antall = 0
    etterlatt: list[Etterlatt] = []
    for verv, siste_dag in slutter:
        if verv.person_id == by.pk:
            raise KanIkke(_("Ditt eget verv kan du ikke avslutte her."))
        etterlatt += vervene.end(verv=verv, siste_dag=siste_dag, by=by)
        antall += 1
    nye_verv = [vervene.appoint(gruppe=naa, by=by, spoer=not inviter, **ny) for ny in nye]
    if nye_verv and inviter:
        invite([v.person_id for v in nye_verv], nettverk=gruppe.nettverk, by=by)
    rad, foerst = Gruppebekreftelse.objects.get_or_create(
        gruppe=naa, skoleaar=skoleaar(idag()), defaults={"bekreftet_av": by}
    )
    return Bekreftet(rad, foerst, antall, nye_verv, etterlatt)


def change_day(nettverk: Nettverk, *, bekreftes_fra: str) -> Nettverk:
    """From which day of the year the leaders are asked, «08-15», or never (""), in a network that is held."""
    nettverk.bekreftes_fra = bekreftes_fra
    nettverk.save(update_fields=["bekreftes_fra"])
    return nettverk


# --- the letter


@dataclass
class Sak:
    """A group that its leader is reminded of: not confirmed, or with vacant roles."""

    gruppe: Gruppe
    ledige: list[Rolle]
    er_bekreftet: bool


def _has_done_it(nettverk: Nettverk, brevet: Brev) -> str:
    if brevet.til_id is not None and to_remind(nettverk, personer=[brevet.til_id]):
        return ""
    return _("Gruppa er i orden, eller personen leder ikke gruppa lenger.")


PAAMINNELSE = brevslag(
    "nettverk.bekreft_gruppa",
    gettext_lazy("Påminnelse om utviklingsgruppa"),
    url=lambda nettverk: reverse("nettverk:ledige", args=[nettverk.slug]),
    hindrer=_has_done_it,
)


def to_remind(
    nettverk: Nettverk,
    *,
    grupper: Collection[int] | None = None,
    personer: Collection[int] | None = None,
) -> dict[Person, list[Sak]]:
    """The leaders today of groups that are not confirmed, or have vacant roles, each with those groups;
    only of `grupper` or `personer` when given. By name. Two queries."""
    ledere = (
        Verv.objects.filter(
            gruppe__nettverk=nettverk,
            gruppe__type=Gruppe.Type.UTVIKLINGSGRUPPE,
            gruppe__enhet__in=nettverk.enheter(),
            gruppe__gyldig__contains=idag(),
            rolle=Rolle.FORMELL_LEDER,
            person__is_active=True,
        )
        .gyldig()
        .select_related("person__ubesvart")
        .order_by("person__sortering", "person", "gruppe__sortering", "pk")
    )
    if grupper is not None:
        ledere = ledere.filter(gruppe__in=grupper)
    if personer is not None:
        ledere = ledere.filter(person__in=personer)
    leder_av: dict[int, list[Verv]] = defaultdict(list)
    for verv in ledere:
        leder_av[verv.gruppe_id].append(verv)
    saker: dict[int, Sak] = {}
    rader = Gruppe.objects.filter(pk__in=leder_av).with_roller().select_related("enhet")
    for gruppe in rader.annotate(er_bekreftet=is_confirmed(nettverk, OuterRef("pk"))):
        gruppe.nettverk = nettverk
        ledige = gruppe.ledige_roller(gruppe.roller_da)  # type: ignore[attr-defined]  # annotated
        er_bekreftet = gruppe.er_bekreftet
        if ledige or not er_bekreftet:
            saker[gruppe.pk] = Sak(gruppe, ledige, er_bekreftet)
    hvem: dict[Person, list[Sak]] = {}
    for verv in ledere:
        if verv.gruppe_id in saker:
            hvem.setdefault(verv.person, []).append(saker[verv.gruppe_id])
    return hvem


@transaction.atomic
def remind(grupper: Collection[int], *, nettverk: Nettverk, by: Person) -> list[Brev]:
    """Write to the leaders of those of `grupper` that are not confirmed or have vacant roles, once a day
    to each; returns the new letters."""
    utkastene = [
        Utkast(
            person,
            MAL,
            key(PAAMINNELSE, nettverk, "person", person.pk, idag().isoformat()),
            letter_data(person, saker, nettverk, by),
        )
        for person, saker in to_remind(nettverk, grupper=grupper).items()
    ]
    return brev.queue_many(utkastene, nettverk=nettverk, slag=PAAMINNELSE, om=nettverk, by=by)


def last_reminded(nettverk: Nettverk, personer: Collection[int]) -> dict[int, datetime.date]:
    """The day each of `personer` was last written to, of those who have been. One query."""
    brevene = Brev.objects.filter(nettverk=nettverk, slag=PAAMINNELSE, til__in=personer)
    rader = brevene.order_by("opprettet").values_list("til", "opprettet")
    return {pk: timezone.localdate(tid) for pk, tid in rader if pk is not None}


def letter_data(person: Person, saker: list[Sak], nettverk: Nettverk, by: Person) -> dict[str, Any]:
    """Who has never been in is told how to, and comes to the groups from the home page."""
    return {
        "av": by.navn,
        "logg_inn": ""
        if has_been_in(person)
        else hel_adresse(f"{reverse('nettverk:etter_innlogging')}?nettverk={nettverk.slug}"),
        "saker": [
            {
                "enhet": str(sak.gruppe.enhet),
                "ledige": [nettverk.rollenavn(rolle) for rolle in sak.ledige],
                "er_bekreftet": sak.er_bekreftet,
                "adresse": hel_adresse(
                    reverse("nettverk:gruppe_bekreft", args=[nettverk.slug, sak.gruppe.pk])
                ),
            }
            for sak in saker
        ],
        "skal_bekrefte": any(not sak.er_bekreftet for sak in saker),
    }


def preview(person: Person, saker: list[Sak], *, nettverk: Nettverk, by: Person) -> dict[str, str]:
    """The letter to one of them, before it is sent."""
    data = letter_data(person, saker, nettverk, by)
    return brev.preview(MAL, til=person, nettverk=nettverk, data=data)
