"""The list of participants: on the page, as a spreadsheet, on paper, as addresses for a letter.

A big gathering has 700 rows. They are read as plain values in one query, and those of a page are drawn by
a compiled Jinja2 template with autoescape; docs/valg/700-deltakere-paa-en-side.md has the figures. Nothing
asks per row.
"""

import datetime
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from django.db.models import Case, CharField, F, Value, When
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kommuner.gyldighet import idag
from nettverk.filer.regneark import Ark
from nettverk.models import Rolle
from nettverk.side.innhold import innhold, rolle_i
from nettverk.side.jinja import draw
from nettverk.side.kart import Kartverdi
from nettverk.templatetags.portal import ikon
from rolu.models import Deltakelse, Gjest, Samling
from rolu.models.deltakelse import BEST_FOERST, DeltakelseQuerySet
from rolu.samlinger.dager import days, days_listed, only_days
from rolu.samlinger.skrankesok import matching, place

# How many of one group are drawn among the other groups; all of them stand on a page of their own.
PER_GRUPPE = 50
# A search or a choice that leaves no more opens the groups: two screens of a phone. Without one, a gathering
# that is this small.
AAPNES, LITEN = 30, 20
# So many marks can be counted at a glance; more are told in words only.
PRIKKER = 12


@dataclass(frozen=True, slots=True)
class Deltaker:
    """One line of the list.

    status      what is answered for this place; where nothing is, what the person has answered by another
    dager       the days they come by this place, when not all
    svar        the person's one answer to the gathering (`DeltakelseQuerySet.with_svar`): what is counted
    kom         whether the person met, by this place or another
    """

    pk: int
    person: int
    navn: str
    sted: str
    kommunenr: int | None
    kommune: str
    rolle: str
    status: str
    svar: str
    svart: datetime.datetime | None
    moett: datetime.datetime | None
    gruppe: int
    epost: str
    dager: list[datetime.date] | None
    kom: bool

    @property
    def venter(self) -> bool:
        return self.status == Deltakelse.Status.INVITERT

    def is_in(self, status: str) -> bool:
        """Whether the line is of somebody with that answer, or that attendance; "" is all of them. A person is
        under one answer only, with all their lines."""
        if status == "moett":
            return self.moett is not None
        if status == "ikke_moett":
            return self.svar == Deltakelse.Status.PAAMELDT and not self.kom
        return not status or self.svar == status


def rows(deltakelser: DeltakelseQuerySet) -> list[Deltaker]:
    """The lines, by kommune, unit and name – in Norwegian order. One query."""
    rader = (
        deltakelser.with_svar()
        .order_by(
            F("kommune__sortering").asc(nulls_last=True),
            F("verv__gruppe__enhet__sortering").asc(nulls_first=True),
            "verv__gruppe__rekkefolge",
            "verv__gruppe__sortering",
            "verv__person__sortering",
            "pk",
        )
        .annotate(
            sted=place("verv__"),
            # As `nettverk.view_epost`: not of somebody who has left.
            adresse=Case(
                When(verv__gyldig__endswith__lte=idag(), then=Value("")),
                default=F("verv__person__postadresse"),
                output_field=CharField(),
            ),
            svar=F("svar"),
            # A place that nobody has answered for, stands as the person has answered.
            her=Case(When(status=Deltakelse.Status.INVITERT, then=F("svar")), default=F("status")),
        )
        .values_list(
            "pk",
            "verv__person_id",
            "verv__person__navn",
            "sted",
            "kommune_id",
            "kommune__navn",
            "verv__rolle",
            "her",
            "svar",
            "svart",
            "moett",
            "verv__gruppe_id",
            "adresse",
            "dager",
        )
    )
    lest: list[tuple[Any, ...]] = list(rader)
    kom = {person for _pk, person, *_mer, moett, _gruppe, _epost, _dager in lest if moett}
    return [
        Deltaker(pk, person, navn, sted, kommunenr, kommune or "", *[*resten, person in kom])
        for pk, person, navn, sted, kommunenr, kommune, *resten in lest
    ]


@dataclass(frozen=True)
class Utvalg:
    """What the choices leave of the list.

    alle        every line that the person may see
    treff       those that the search, the kommune and the group leave
    valgte      those of them that the answer leaves
    """

    alle: list[Deltaker]
    treff: list[Deltaker]
    valgte: list[Deltaker]

    def persons(self, status: str) -> int:
        """How many people each answer would show. A person with two places counts once."""
        return count_persons(d for d in self.treff if d.is_in(status))


def count_persons(deltakere: Iterable[Deltaker]) -> int:
    return len({d.person for d in deltakere})


def choose(
    deltakelser: DeltakelseQuerySet,
    alle: list[Deltaker],
    *,
    q: str = "",
    kommune: int | None = None,
    gruppe: int | None = None,
    status: str = "",
) -> Utvalg:
    """What is left of `alle`, which are the rows of `deltakelser`. One query when something is searched for."""
    treff = [
        d
        for d in alle
        if (not kommune or d.kommunenr == kommune) and (not gruppe or d.gruppe == gruppe)
    ]
    if q:
        navngitte = matching(deltakelser, q, forstavelse="verv__").values_list("pk", flat=True)
        funnet = set(navngitte)
        treff = [d for d in treff if d.pk in funnet]
    return Utvalg(alle, treff, [d for d in treff if d.is_in(status)])


def per_kommune(deltakere: Iterable[Deltaker]) -> list[dict[str, Any]]:
    """How many people each kommune sends, and how many met: in the order of the list."""
    kommuner: dict[int | None, list[Deltaker]] = {}
    for d in deltakere:
        kommuner.setdefault(d.kommunenr, []).append(d)
    return [
        {
            "kommune": nr,
            "kommune__navn": egne[0].kommune,
            "paameldte": count_persons(d for d in egne if d.is_in("paameldt")),
            "moett_antall": count_persons(d for d in egne if d.moett),
        }
        for nr, egne in kommuner.items()
    ]


def shares(deltakere: Iterable[Deltaker], *, etter: bool) -> dict[int, Kartverdi]:
    """How many of each kommune's people have answered; `etter`: from the day on, how many of them met."""
    kommuner: dict[int, list[Deltaker]] = {}
    for d in deltakere:
        if d.kommunenr:
            kommuner.setdefault(d.kommunenr, []).append(d)
    verdier = {}
    for nr, egne in kommuner.items():
        alle = count_persons(egne)
        n = count_persons(d for d in egne if (d.moett if etter else not d.is_in("invitert")))
        tall = {"n": n, "alle": alle}
        verdier[nr] = Kartverdi(
            n / alle,
            _("%(n)s av %(alle)s") % tall,
            (_("%(n)s av %(alle)s møtte") if etter else _("%(n)s av %(alle)s har svart")) % tall,
        )
    return verdier


# --- by group


@dataclass(frozen=True, slots=True)
class Deltakergruppe:
    """A unit, or another group, with those of its people who are on the list.

    alle        those of them that the search and the kommune leave, whatever answer: what its head tells of
    valgte      the lines that the choices leave
    vises       those of them that are drawn
    """

    pk: int
    navn: str
    kommune: str
    alle: list[Deltaker]
    valgte: list[Deltaker]
    vises: list[Deltaker]


def by_group(utvalg: Utvalg, *, venter_forst: bool) -> list[Deltakergruppe]:
    """The groups that have lines left, in the order of the list; `venter_forst` puts those first who have
    not answered, and the groups they sit in."""
    alle = _split(utvalg.treff)
    grupper = []
    valgte_i_orden = (
        sorted(utvalg.valgte, key=lambda d: not d.venter) if venter_forst else utvalg.valgte
    )
    for pk, valgte in _split(valgte_i_orden).items():
        kommuner = {d.kommune for d in alle[pk]}
        grupper.append(
            Deltakergruppe(
                pk=pk,
                navn=valgte[0].sted,
                kommune=kommuner.pop() if len(kommuner) == 1 else "",
                alle=alle[pk],
                valgte=valgte,
                vises=valgte[:PER_GRUPPE],
            )
        )
    if venter_forst:
        grupper.sort(key=lambda g: not any(d.venter for d in g.alle))
    return grupper


def only(gruppe: Deltakergruppe, vises: Iterable[Deltaker]) -> Deltakergruppe:
    """The group with one page of its lines; there are no more to ask for than the pages show."""
    vises = list(vises)
    return replace(gruppe, valgte=vises, vises=vises)


def _split(deltakere: Iterable[Deltaker]) -> dict[int, list[Deltaker]]:
    grupper: dict[int, list[Deltaker]] = {}
    for d in deltakere:
        grupper.setdefault(d.gruppe, []).append(d)
    return grupper


def how_it_stands(
    deltakere: Sequence[Deltaker], gjester: Sequence[Gjest] = (), *, etter: bool
) -> str:
    """«4 av 5 kommer», or how many come and how many have not said, and beside them the guests of the group.
    `etter`: from the day on, how many met."""
    antall = len(deltakere)
    if etter:
        moett = sum(1 for d in deltakere if d.moett)
        return _("%(moett)d av %(antall)d møtte") % {"moett": moett, "antall": antall}
    kommer = sum(1 for d in deltakere if d.status == Deltakelse.Status.PAAMELDT)
    venter = sum(1 for d in deltakere if d.venter)
    koe = sum(1 for d in deltakere if d.status == Deltakelse.Status.VENTER)
    if venter == antall:
        return _("ingen har svart")
    if venter:
        tekst = _("%(kommer)d kommer, %(venter)d uten svar") % {"kommer": kommer, "venter": venter}
    else:
        tekst = _("%(kommer)d av %(antall)d kommer") % {"kommer": kommer, "antall": antall}
    deler = [tekst, *([_("%(n)d på venteliste") % {"n": koe}] if koe else [])]
    return ", ".join([*deler, *_guests_in_words(gjester)])


def _guests_in_words(gjester: Sequence[Gjest]) -> list[str]:
    """«1 vara eller gjest», «1 vara eller gjest på venteliste»."""
    kommer = sum(1 for g in gjester if g.status == Gjest.Status.PAAMELDT)
    venter = sum(1 for g in gjester if g.status == Gjest.Status.VENTER)
    return [
        tekst % {"n": antall}
        for antall, tekst in [
            (kommer, ngettext("%(n)s vara eller gjest", "%(n)s varaer eller gjester", kommer)),
            (
                venter,
                ngettext(
                    "%(n)s vara eller gjest på venteliste",
                    "%(n)s varaer eller gjester på venteliste",
                    venter,
                ),
            ),
        ]
        if antall
    ]


# --- the table's rows


def draw_groups(
    grupper: Iterable[Deltakergruppe],
    *,
    samling: Samling,
    folder: bool = False,
    aapne: bool = True,
    bokser: bool = False,
    hoder: bool = True,
    alle_url: Callable[[int], str] | None = None,
    endre_url: str = "",
    person_url: str = "",
    gjester: Iterable[Gjest] = (),
) -> SafeString:
    """The bodies of the table as HTML, one per group.

    `folder`: the groups fold, and begin `aapne` or not; `bokser`: each line can be ticked; `hoder`: each group
    has a head. `alle_url` tells where all of a group stands. The other addresses end in what is added:
    `endre_url` (the sign-up) the group's id, `person_url` the person's. `gjester` are counted in their group's head.
    """
    etter = has_begun(samling)
    gjester_i: dict[int | None, list[Gjest]] = {}
    for gjest in gjester:
        gjester_i.setdefault(gjest.gruppe_id, []).append(gjest)
    return draw(
        "rolu/deltakerrader.jinja",
        grupper=[
            {
                "g": g,
                "navn": innhold(g.navn, samling.nettverk),
                "tekst": how_it_stands(g.alle, gjester_i.get(g.pk, []), etter=etter),
                "tier": not etter and all(d.venter for d in g.alle),
                "prikker": _marks(g.alle, etter=etter),
                "flere": len(g.valgte) - len(g.vises),
                "vis_alle": _("Vis alle %(n)d i %(gruppe)s")
                % {"n": len(g.valgte), "gruppe": g.navn},
                "alle_url": alle_url(g.pk) if alle_url else "",
                # What is not drawn is not ticked.
                "velg": (
                    _("Velg de %(n)d som vises i %(gruppe)s")
                    if len(g.valgte) > len(g.vises)
                    else _("Velg alle i %(gruppe)s")
                )
                % {"n": len(g.vises), "gruppe": g.navn},
                "endre": _("Svar for gruppa: %(gruppe)s") % {"gruppe": g.navn},
            }
            for g in grupper
        ],
        folder=folder,
        aapne=aapne,
        bokser=bokser,
        hoder=hoder,
        endre_url=endre_url,
        person_url=person_url,
        roller={str(r): rolle_i(r, samling.nettverk, stor=True) for r in Rolle},
        svarord=_answer_words(),
        bare=_days_in_words,
        merker=MERKE,
        vis_moett=etter,
        dato=lambda tid: date_format(timezone.localtime(tid), "MONTH_DAY_FORMAT"),
        pil=ikon("videre"),
        navn={
            "velg": _("Velg %(navn)s"),
            "moett": _("Møtte"),
            # While it goes on, who has not met yet may still come.
            "ikke_moett": _("Møtte ikke") if samling.er_over else "",
            "svar": _("Svar for gruppa"),
        },
    )


def has_begun(samling: Samling) -> bool:
    """From the day on it is told who met, no longer who has not answered."""
    return samling.dato <= timezone.localdate()


# The mark of each answer: filled comes, a line does not, a ring has not said.
MERKE = {"paameldt": "ja", "venter": "i-gang", "avmeldt": "nei", "invitert": "vet-ikke"}


def _marks(deltakere: Sequence[Deltaker], *, etter: bool) -> list[str]:
    """One per person, those who come first; none for a group too big to count at a glance."""
    if len(deltakere) > PRIKKER:
        return []
    if etter:
        merker = [
            "ja" if d.moett else "vet-ikke" if d.status != "avmeldt" else "nei" for d in deltakere
        ]
    else:
        merker = [MERKE[d.status] for d in deltakere]
    return sorted(merker, key=["ja", "i-gang", "nei", "vet-ikke"].index)


def _days_in_words(d: Deltaker) -> str:
    return only_days(d.dager) if d.status == Deltakelse.Status.PAAMELDT else ""


def signed_up_per_day(
    samling: Samling, deltakelser: DeltakelseQuerySet, gjester: Iterable[Gjest]
) -> list[tuple[datetime.date, int]]:
    """How many people and guests are signed up for each day, of a gathering over several. Two queries."""
    if not samling.varer_flere_dager:
        return []
    datoer = [dag.dato for dag in days(samling)]
    gjestene = list(gjester)
    return [
        (dato, antall + sum(g.comes_on(dato) for g in gjestene))
        for dato, antall in zip(datoer, deltakelser.coming_per_day(datoer), strict=True)
    ]


def _role_words(samling: Samling) -> dict[str, str]:
    """Each role as the gathering's network calls it."""
    return {rolle.value: samling.nettverk.rollenavn(rolle) for rolle in Rolle}


def _answer_words() -> Callable[[Deltaker], str]:
    """How the answer for a place is told: who comes by another, or is waited for there, has declined here only."""
    ord_, her = _status_words(), _("avmeldt her")
    nei = Deltakelse.Status.AVMELDT
    return lambda d: her if d.status == nei != d.svar else ord_[d.status]


def _status_words() -> dict[str, str]:
    """Each answer in words."""
    return {
        str(s.value): _("ikke svart") if s.value == "invitert" else str(s.label)
        for s in Deltakelse.Status
    }


# --- on paper, for the door


@dataclass(frozen=True, slots=True)
class Doerlinje:
    """One person on the list for the door: what they have answered, and the other places the person
    comes from. `som` tells what a guest comes as. `ruter` are the boxes to tick, one for each day."""

    navn: str
    svar: str
    moett: bool
    ogsaa: list[str]
    som: str = ""
    ruter: tuple[bool, ...] = ()


def door_list(
    deltakere: list[Deltaker],
    gjester: Iterable[Gjest] = (),
    *,
    med_avmeldte: bool = False,
    dager: Sequence[datetime.date] = (),
    moett_dager: Mapping[tuple[str, int], Collection[datetime.date]] | None = None,
) -> dict[str, dict[str, list[Doerlinje]]]:
    """Each person once, under the first of their places: kommune, place, people, in the list's order.

    Those who declined one place and come by another stand under the other. Those who declined are left out
    unless it is they who are asked for. Guests stand last at the place they come from. Over several `dager` each has
    a box for each; `moett_dager` are those on which somebody has met.
    """

    def boxes(hvem: tuple[str, int], moett: bool) -> tuple[bool, ...]:
        paa = (moett_dager or {}).get(hvem, ())
        return tuple(dag in paa for dag in dager) if len(dager) > 1 else (moett,)

    plasser: dict[int, list[Deltaker]] = {}
    for deltaker in deltakere:
        if med_avmeldte or deltaker.status != Deltakelse.Status.AVMELDT:
            plasser.setdefault(deltaker.person, []).append(deltaker)
    liste: dict[str, dict[str, list[Doerlinje]]] = {}
    for egne in plasser.values():
        forste = egne[0]
        steder = dict.fromkeys(d.sted for d in egne)
        del steder[forste.sted]
        moett = any(d.moett for d in egne)
        liste.setdefault(forste.kommune, {}).setdefault(forste.sted, []).append(
            Doerlinje(
                forste.navn,
                min((d.status for d in egne), key=BEST_FOERST.index),
                moett,
                list(steder),
                ruter=boxes(("p", forste.person), moett),
            )
        )
    for gjest in gjester:
        if gjest.navn and gjest.status != Gjest.Status.AVMELDT:
            steder_i = liste.setdefault(str(gjest.kommune or ""), {})
            steder_i.setdefault(gjest.sted or _("Gjester"), []).append(
                Doerlinje(
                    gjest.navn,
                    gjest.status,
                    gjest.moett is not None,
                    [],
                    _guest_as(gjest),
                    boxes(("g", gjest.pk), gjest.moett is not None),
                )
            )
    return liste


def _guest_as(gjest: Gjest) -> str:
    if gjest.for_verv:
        return _("vara for %(navn)s") % {"navn": gjest.for_verv.person.navn}
    return _("gjest")


# --- who is waited for


def unanswered(deltakere: Iterable[Deltaker]) -> dict[str, dict[str, list[str]]]:
    """Who has not answered: kommune, place, names. A person stands once, under the first of their places."""
    sett: set[int] = set()
    liste: dict[str, dict[str, list[str]]] = {}
    for d in deltakere:
        if d.svar == Deltakelse.Status.INVITERT and d.person not in sett:
            sett.add(d.person)
            liste.setdefault(d.kommune, {}).setdefault(d.sted, []).append(d.navn)
    return liste


def unanswered_as_text(deltakere: Iterable[Deltaker]) -> str:
    """The same, to be put into a letter or a message of one's own; "" when everybody has answered."""
    linjer = []
    for kommune, steder in unanswered(deltakere).items():
        linjer.append(kommune or _("Uten kommune"))
        linjer += [f"  {sted}: {', '.join(navn)}" for sted, navn in steder.items()]
        linjer.append("")
    return "\n".join(linjer).strip()


# --- for a letter


def addresses(deltakere: Iterable[Deltaker], gjester: Iterable[Gjest] = ()) -> list[str]:
    """Each person's address once, in the list's order, and then the guests'; not of those who have none."""
    return list(dict.fromkeys(d.epost for d in chain[Any](deltakere, gjester) if d.epost))


# --- the spreadsheet


def sheet(deltakere: list[Deltaker], gjester: Iterable[Gjest], *, samling: Samling) -> Ark:
    """One row per participation, and one per guest. Which days they come on, is told of a gathering over several."""
    svarord, roller = _answer_words(), _role_words(samling)
    flere = samling.varer_flere_dager
    kommer = Deltakelse.Status.PAAMELDT

    def which(status: str, dager: list[datetime.date] | None) -> list[str]:
        if not flere:
            return []
        return [(days_listed(dager) if dager else _("alle")) if status == kommer else ""]

    inviterte = (
        (
            d.navn,
            d.sted,
            d.kommune,
            roller[d.rolle],
            svarord(d),
            *which(d.status, d.dager),
            excel_time(d.moett),
            d.epost,
        )
        for d in deltakere
    )
    andre = (
        (
            g.navn,
            g.sted,
            str(g.kommune or ""),
            _("vara") if g.for_verv_id else _("gjest"),
            g.get_status_display(),
            *which(g.status, g.dager),
            excel_time(g.moett),
            g.epost,
        )
        for g in gjester
    )
    return Ark(
        _("Deltakere"),
        [
            (_("Navn"), 28),
            (_("Enhet eller gruppe"), 36),
            (_("Kommune"), 18),
            (_("Rolle"), 22),
            (_("Status"), 14),
            *([(_("Dager"), 18)] if flere else []),
            (_("Møtte"), 18),
            (_("E-post"), 34),
        ],
        chain(inviterte, andre),
    )


def excel_time(tid: datetime.datetime | None) -> datetime.datetime | str:
    """Excel knows no zones: the time on the wall."""
    return timezone.localtime(tid).replace(tzinfo=None, microsecond=0) if tid else ""
