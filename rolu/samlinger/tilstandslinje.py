"""The line at the top of a gathering: which state it is in, what is left to do in it, and the way on."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nettverk.tilgang.roller import Roller
from nettverk.tilgang.tillatelser import kan
from rolu.models import (
    Deltakelse,
    Endringsoenske,
    Samling,
    Utfall,
)
from rolu.samlinger import tilstand
from rolu.samlinger.overtakelse import choose_leader_url
from rolu.samlinger.publisering import newcomers
from rolu.samlinger.svar import finding

Status = Samling.Status
_REKKEFOLGE = (
    Status.UTKAST,
    Status.INVITERT,
    Status.PAAGAAR,
    Status.OPPSUMMERING,
    Status.LAAST,
)


class Trinn(NamedTuple):
    """A state on the way from draft to locked, as components/trinn.html wants it: `stand` is `gjort`, `naa`
    or nothing, `under` stands below the name."""

    navn: str
    stand: str
    under: str = ""


@dataclass(frozen=True)
class Gjenstaar:
    """Something to know about the state, and where it is done; without an address it is only said."""

    tekst: str
    url: str = ""
    lenke: str = ""


@dataclass(frozen=True)
class Knapp:
    """A change of state that one may make now."""

    tekst: str
    url: str


@dataclass(frozen=True)
class Tilstandslinje:
    """The five states, what is left to do in the present one, and the changes one may make."""

    trinn: list[Trinn]
    gjenstaar: list[Gjenstaar] = field(default_factory=list)
    knapper: list[Knapp] = field(default_factory=list)


def steps(samling: Samling) -> list[Trinn]:
    """The states, and which of them it is in; none for one that is called off."""
    if samling.er_avlyst:
        return []
    her = _REKKEFOLGE.index(Status(samling.status))
    return [
        Trinn(capfirst(str(status.label)), "gjort" if nr < her else "naa" if nr == her else "")
        for nr, status in enumerate(_REKKEFOLGE)
    ]


def state_line(samling: Any, roller: Roller, *, neste: str = "") -> Tilstandslinje | None:
    """The line of a gathering that was fetched `fetch_med_tall`, for those who run the network; None for others
    and for one that is called off. `neste` is the address of the step that is offered beside it, and is not
    offered twice. At most six queries."""
    if samling.er_avlyst or not (roller.er_kog or roller.er_pro):
        return None
    punkter = _LEFT[Status(samling.status)](samling)
    if not kan(roller.person, "rolu.change_samling", samling):
        punkter = (Gjenstaar(p.tekst) for p in punkter)
    punkter = (Gjenstaar(p.tekst) if neste and p.url == neste else p for p in punkter)
    return Tilstandslinje(
        steps(samling), list(punkter), [k for k in _changes(samling, roller) if k.url != neste]
    )


# --- what is left


def _draft(samling: Any) -> Iterator[Gjenstaar]:
    program = _url(samling, "samling_program")
    if not samling.antall_poster:
        yield Gjenstaar(_("Programmet er tomt."), f"{program}#ny", _("Legg inn programmet"))
    elif antall := _without_leader(samling):
        yield Gjenstaar(
            ngettext(
                "%(n)s post i programmet har ingen som leder.",
                "%(n)s poster i programmet har ingen som leder.",
                antall,
            )
            % {"n": antall},
            program,
            _("Se programmet"),
        )
    if not samling.mottakere_id:
        publiser = _url(samling, "samling_publiser")
        yield Gjenstaar(
            _("Det er ikke valgt hvem samlingen er for."), publiser, _("Velg hvem samlingen er for")
        )
    yield from _leaderless(samling)


def _without_leader(samling: Samling) -> int:
    """Items that nobody is named for; a break needs nobody."""
    poster = samling.programposter.filter(leder="")
    return poster.no_breaks().count()


def _invited(samling: Any) -> Iterator[Gjenstaar]:
    alle, mangler = _groups(samling)
    deltakere = _url(samling, "samling_deltakere")
    if not alle:
        yield Gjenstaar(
            _("Ingen er invitert."),
            _url(samling, "samling_mottakere"),
            _("Velg hvem samlingen er for"),
        )
    elif mangler:
        yield Gjenstaar(
            ngettext(
                "%(svart)s av %(alle)s gruppe har svart.",
                "%(svart)s av %(alle)s grupper har svart.",
                alle,
            )
            % {"svart": alle - mangler, "alle": alle},
            f"{deltakere}?status=invitert",
            _("Se hvem som mangler"),
        )
    else:
        yield Gjenstaar(
            ngettext("Gruppa har svart.", "Alle %(n)s grupper har svart.", alle) % {"n": alle}
        )
    if samling.er_forestaaende:
        yield from _wishes(samling)
    if samling.er_forestaaende and (nye := newcomers(samling)):
        yield Gjenstaar(
            ngettext("%(n)s ny er ikke invitert.", "%(n)s nye er ikke invitert.", nye) % {"n": nye},
            _url(samling, "samling_inviter"),
            ngettext("Inviter den nye", "Inviter de nye", nye),
        )
    if samling.er_forestaaende:
        yield from _leaderless(samling)


def _wishes(samling: Samling) -> Iterator[Gjenstaar]:
    """Those who wait to hear whether they may change their answer."""
    venter = Endringsoenske.objects.waiting().filter(deltakelse__samling=samling).count()
    if venter:
        yield Gjenstaar(
            ngettext(
                "%(n)s ønske om endring venter på svar.",
                "%(n)s ønsker om endring venter på svar.",
                venter,
            )
            % {"n": venter},
            f"{_url(samling, 'samling_deltakere')}#endringer",
            ngettext("Se ønsket", "Se ønskene", venter),
        )


def _groups(samling: Samling) -> tuple[int, int]:
    """How many groups somebody is invited from, and how many of them lack an answer: each counts once."""
    gruppe = "verv__gruppe"
    tall = Deltakelse.objects.filter(samling=samling).aggregate(
        alle=Count(gruppe, distinct=True),
        mangler=Count(gruppe, distinct=True, filter=Q(status=Deltakelse.Status.INVITERT)),
    )
    return tall["alle"], tall["mangler"]


def _leaderless(samling: Any) -> Iterator[Gjenstaar]:
    """Who led it has left; one that never had a leader is as it was meant to be."""
    if samling.uten_leder:
        yield Gjenstaar(
            _("Ingen leder samlingen: Den som skulle gjøre det, er ikke lenger med."),
            choose_leader_url(samling),
            _("Velg hvem som leder"),
        )


def _going_on(samling: Any) -> Iterator[Gjenstaar]:
    yield Gjenstaar(
        finding(samling),
        _url(samling, "innsjekk"),
        _("Åpne innsjekken"),
    )


def _summing_up(samling: Any) -> Iterator[Gjenstaar]:
    oppsummeringen = _url(samling, "samling_oppsummering")
    if samling.har_oppsummering:
        yield Gjenstaar(_("Oppsummeringen er delt."))
    elif samling.oppsummering_er_laget:
        yield Gjenstaar(_("Oppsummeringen er ikke delt."), oppsummeringen, _("Se over og del"))
    else:
        yield Gjenstaar(_("Oppsummeringen er ikke laget."), oppsummeringen, _("Lag oppsummeringen"))
    yield from _without_assignment(samling)


def _without_assignment(samling: Any) -> Iterator[Gjenstaar]:
    """What was noted to be given and is not; else that nothing is given."""
    if not samling.nettverk.uses("mellomarbeid"):
        return
    notert = Utfall.objects.filter(samling=samling).only_noted()
    if antall := notert.count():
        forste = notert.values_list("pk", flat=True)[0]
        yield Gjenstaar(
            ngettext(
                "%(n)s oppdrag er notert, men ikke gitt.",
                "%(n)s oppdrag er notert, men ikke gitt.",
                antall,
            )
            % {"n": antall},
            f"{_url(samling, 'samling_oppdrag')}?utfall={forste}#nytt",
            _("Gi oppdraget"),
        )
    elif not samling.antall_oppdrag:
        yield Gjenstaar(
            _("Det er ikke gitt noe oppdrag."),
            _url(samling, "samling_oppdrag"),
            _("Gi et oppdrag"),
        )


def _locked(samling: Samling) -> Iterator[Gjenstaar]:
    siste = tilstand.last_change(samling)
    if siste is None:
        return
    dato = date_format(timezone.localtime(siste.naar))
    yield Gjenstaar(
        _("Låst %(dato)s av %(navn)s.") % {"dato": dato, "navn": siste.av}
        if siste.av
        else _("Låst %(dato)s.") % {"dato": dato}
    )


_LEFT = {
    Status.UTKAST: _draft,
    Status.INVITERT: _invited,
    Status.PAAGAAR: _going_on,
    Status.OPPSUMMERING: _summing_up,
    Status.LAAST: _locked,
}


# --- the changes


def change_step(samling: Samling) -> Knapp | None:
    """The way on to the next state, None when there is none yet."""
    if (videre := tilstand.next_change(samling)) is None:
        return None
    ord_ = {
        "start": _("Start samlingen"),
        "avslutt": _("Avslutt samlingen"),
        "laas": _("Lås samlingen"),
    }
    return Knapp(ord_[videre.navn], _url(samling, f"samling_{videre.navn}"))


def _changes(samling: Samling, roller: Roller) -> Iterator[Knapp]:
    """The way on and the way back, of those the person may."""
    kjoerer = kan(roller.person, "rolu.run_samling", samling)
    styrer = kan(roller.person, "rolu.change_samling", samling)
    videre = change_step(samling)
    if videre and (styrer if samling.status == Status.OPPSUMMERING else kjoerer):
        yield videre
    tilbake = {
        Status.INVITERT: (styrer, _("Gjør til utkast igjen")),
        Status.PAAGAAR: (kjoerer, _("Angre starten")),
        Status.OPPSUMMERING: (kjoerer, _("Angre avslutningen")),
        # How it is opened stands in the banner of a locked gathering.
    }
    kan_angre, ord_ = tilbake.get(Status(samling.status), (False, ""))
    if kan_angre and tilstand.can_take_back(samling):
        yield Knapp(ord_, _url(samling, "samling_angre"))


def _url(samling: Samling, side: str) -> str:
    return reverse(f"rolu:{side}", args=[samling.nettverk.slug, samling.pk])
