"""The tracks themselves: begin one, change its words and its periods, set their order, end one."""

import datetime
from collections.abc import Sequence
from itertools import pairwise, product
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from psycopg.types.range import DateRange

from kommuner.gyldighet import periode as tidsrom
from kommuner.models import Enhet
from kommuner.models.enhet import EnhetQuerySet
from laeringsloyper.models import Enhetsloype, Farge, Laeringsloype, Loypetegn, Modul, Periode
from nettverk.models import Gruppe, Nettverk
from nettverk.skriving.konflikt import KanIkke
from nettverk.skriving.laas import held, hold
from nettverk.skriving.rekkefolge import move_one

# Addresses beside the tracks' own.
_OPPTATT = {"ny", "enheter"}
ANTALL_PERIODER, AAR_I_PERIODEN = 3, 3


@transaction.atomic
def create(
    *,
    nettverk: Nettverk,
    navn: str,
    forste_dag: datetime.date,
    om: str = "",
    fokus: str = "",
    ansvarlig_gruppe: Gruppe | None = None,
    antall_perioder: int = ANTALL_PERIODER,
    aar_i_perioden: int = AAR_I_PERIODEN,
    farge: str = "",
    tegn: str = "",
) -> Laeringsloype:
    """A new track after the network's others, with its periods one after the other.

    Without `farge` and `tegn` it takes those of `free_look`.
    """
    loyper = _held(nettverk)
    ledig = free_look(loyper)
    loype = Laeringsloype.objects.create(
        nettverk=nettverk,
        slug=_free_slug(navn, {l_.slug for l_ in loyper}),
        navn=navn,
        om=om,
        fokus=fokus,
        ansvarlig_gruppe=ansvarlig_gruppe,
        rekkefolge=max((l_.rekkefolge for l_ in loyper), default=0) + 10,
        farge=farge or ledig[0],
        tegn=tegn or ledig[1],
    )
    dager = [_years_after(forste_dag, n * aar_i_perioden) for n in range(antall_perioder + 1)]
    Periode.objects.bulk_create(
        Periode(loype=loype, nummer=n, gyldig=tidsrom(fra, til))
        for n, (fra, til) in enumerate(pairwise(dager), start=1)
    )
    return loype


def free_look(loyper: Sequence[Laeringsloype]) -> tuple[str, str]:
    """A colour with a sign that none of `loyper` has: the colour fewest have, then the sign fewest have.

    Only when every pair is taken is it one that some track has.
    """
    par = [(loype.farge, loype.tegn) for loype in loyper]
    farger, tegn = [farge for farge, _tegn in par], [tegn for _farge, tegn in par]
    alle = list(product(Farge.values, Loypetegn.values))
    ledige = [ett for ett in alle if ett not in par]
    return min(ledige or alle, key=lambda ett: (farger.count(ett[0]), tegn.count(ett[1])))


def change(loype: Laeringsloype, **felt: Any) -> Laeringsloype:
    """Write `felt` in a track that is held (`nettverk.skriving.laas.locked`)."""
    for navn, verdi in felt.items():
        setattr(loype, navn, verdi)
    loype.save(update_fields=list(felt))
    return loype


@transaction.atomic
def move(loype: Laeringsloype, *, opp: bool) -> None:
    """One place up or down in the network's order; at the end nothing changes."""
    move_one(_held(loype.nettverk), loype, opp=opp)


@transaction.atomic
def end(loype: Laeringsloype, *, siste_dag: datetime.date) -> None:
    """The track's last day: the period of that day ends with it, and those after it go.

    The units follow until then. Raises KanIkke when the track has not begun by that day, or is over, and
    when units are to follow a period that would go, or there are modules in it: nothing of that is deleted.
    """
    perioder = sorted(_hold(loype), key=lambda p: (p.fra or datetime.date.min, p.nummer))
    til = siste_dag + datetime.timedelta(days=1)
    begynt = [p for p in perioder if p.fra is None or p.fra <= siste_dag]
    if not begynt:
        raise KanIkke(_("Læringsløypa har ikke begynt denne dagen. Velg en senere dag."))
    siste = begynt[-1]
    slutt = siste.siste_dag
    if len(begynt) == len(perioder) and slutt and slutt < siste_dag:
        raise KanIkke(_("Læringsløypa slutter allerede %(dato)s.") % {"dato": date_format(slutt)})
    if antall := followers_after(loype, siste_dag).count():
        raise KanIkke(_told_of_followers(antall))
    _require_no_modules(perioder[len(begynt) :])
    for periode in perioder[len(begynt) :]:
        periode.delete()
    if siste.til is None or siste.til > til:
        siste.gyldig, siste.til_antatt = tidsrom(siste.fra, til), False
        siste.save(update_fields=["gyldig", "til_antatt"])


def followers_after(loype: Laeringsloype, siste_dag: datetime.date) -> EnhetQuerySet:
    """The units that are to follow a period of the track that begins after `siste_dag`; each once."""
    senere = Enhetsloype.objects.real().filter(
        periode__loype=loype, periode__gyldig__fully_gt=DateRange(None, siste_dag, "[]")
    )
    return Enhet.objects.filter(pk__in=senere.values("enhet"))


def _told_of_followers(antall: int) -> str:
    return ngettext(
        "%(n)s enhet skal følge en periode som begynner etter siste dag. La enheten slutte"
        " først, eller velg en senere dag.",
        "%(n)s enheter skal følge en periode som begynner etter siste dag. La enhetene slutte"
        " først, eller velg en senere dag.",
        antall,
    ) % {"n": antall}


# --- periods


@transaction.atomic
def add_periode(loype: Laeringsloype, *, gyldig: Any, tittel: str = "") -> Periode:
    """One more period. Raises KanIkke when it lies over another."""
    _hold(loype)
    numre = loype.perioder.values_list("nummer", flat=True)
    periode = Periode(loype=loype, nummer=max(numre, default=0) + 1, gyldig=gyldig, tittel=tittel)
    _require_room(periode)
    periode.save()
    return periode


def proposed_periode(loype: Laeringsloype) -> tuple[datetime.date | None, datetime.date | None]:
    """First and last day of the period after those that stand; nothing when nobody can tell."""
    siste = max((p.til for p in loype.perioder.all() if p.til), default=None)
    if siste is None:
        return None, None
    return siste, _years_after(siste, AAR_I_PERIODEN) - datetime.timedelta(days=1)


@transaction.atomic
def change_periode(periode: Periode, *, tittel: str, gyldig: Any = None) -> Periode:
    """Its title, and its days when they are given: then they are no longer inferred. What units follow
    of it follows its days. Raises KanIkke when it lies over another."""
    _hold(periode.loype)
    periode.tittel = tittel
    if gyldig is not None and gyldig != periode.gyldig:
        periode.fra_antatt &= gyldig.lower == periode.fra
        periode.til_antatt &= gyldig.upper == periode.til
        periode.gyldig = gyldig
        _require_room(periode)
    periode.save()
    return periode


@transaction.atomic
def remove_periode(periode: Periode) -> None:
    """Take away the last period of a track, when no unit has followed it. Raises KanIkke."""
    _hold(periode.loype)
    require_removable(periode)
    periode.delete()


def require_removable(periode: Periode) -> None:
    """Raises KanIkke when it is not the last, units follow it, or it has modules."""
    if periode.loype.perioder.filter(nummer__gt=periode.nummer).exists():
        raise KanIkke(_("Bare den siste perioden kan slettes."))
    if periode.enhetsloyper.real().exists():
        raise KanIkke(_("Enheter følger perioden. Avslutt heller læringsløypa."))
    _require_no_modules([periode])


def _require_no_modules(perioder: Sequence[Periode]) -> None:
    """What is written in a period is never deleted with it."""
    if antall := Modul.objects.filter(periode__in=perioder).count():
        raise KanIkke(
            ngettext(
                "Det står %(n)s modul i en periode som blir borte. Flytt eller slett modulen først.",
                "Det står %(n)s moduler i perioder som blir borte. Flytt eller slett modulene først.",
                antall,
            )
            % {"n": antall}
        )


def _hold(loype: Laeringsloype) -> list[Periode]:
    """The periods of the track as they stand now: one writer of a track at a time, and nobody begins or
    stops following meanwhile (`folging` holds the periods by pk too)."""
    held(loype)
    perioder = Periode.objects.select_for_update(of=["self"])
    return list(perioder.filter(loype=loype).order_by("pk"))


def _require_room(periode: Periode) -> None:
    andre = Periode.objects.filter(loype=periode.loype).exclude(pk=periode.pk)
    if annen := andre.filter(gyldig__overlap=periode.gyldig).first():
        raise KanIkke(_("Dagene overlapper med periode %(nummer)s.") % {"nummer": annen.nummer})


def _held(nettverk: Nettverk) -> list[Laeringsloype]:
    """The network's tracks in their order, one writer at a time."""
    hold(nettverk)
    return list(Laeringsloype.objects.select_for_update().filter(nettverk=nettverk))


_BOKSTAVER = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "Æ": "ae", "Ø": "o", "Å": "a"})


def _free_slug(navn: str, tatt: set[str]) -> str:
    rot = slugify(navn.translate(_BOKSTAVER))[:40].strip("-") or "loype"
    slug, nummer = rot, 2
    while slug in tatt | _OPPTATT:
        slug, nummer = f"{rot}-{nummer}", nummer + 1
    return slug


def _years_after(dag: datetime.date, aar: int) -> datetime.date:
    try:
        return dag.replace(year=dag.year + aar)
    except ValueError:  # 29 February
        return dag.replace(year=dag.year + aar, month=3, day=1)
