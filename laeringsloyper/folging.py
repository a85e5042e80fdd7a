"""Which unit follows which track, and in which period: follow, stop, and who follows.

Nothing here is deleted. The same said twice is once: `follow` and `stop` change only what is not so
already, and of two at the same moment the second waits for the first.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from psycopg.types.range import DateRange

from kommuner.gyldighet import idag
from kommuner.gyldighet import periode as tidsrom
from kommuner.models import Enhet
from kommuner.models.enhet import EnhetQuerySet
from laeringsloyper.models import Enhetsloype, Laeringsloype, Periode
from laeringsloyper.rules import kommuner_changeable_by
from nettverk.models import Nettverk, Person
from nettverk.skriving.konflikt import KanIkke
from nettverk.tilgang.roller import Roller


@dataclass(frozen=True)
class Folging:
    """That a unit is to follow a period of a track from a day, or stop that day."""

    enhet: Enhet
    periode: Periode
    fra: datetime.date
    grunn: str = ""


class Folgeutfall(StrEnum):
    """What a Folging changes."""

    NY = "ny"
    ENDRET = "endret"
    UENDRET = "uendret"


# --- who follows


def followers(
    nettverk: Nettverk, loyper: Iterable[Laeringsloype], dato: datetime.date | None = None
) -> EnhetQuerySet:
    """The units that lie in the network and follow one of `loyper` on `dato`; each of them once."""
    fulgt = Enhetsloype.objects.followed(dato).filter(
        periode__loype__in=loyper, periode__loype__nettverk=nettverk
    )
    return Enhet.objects.filter(pk__in=nettverk.enheter(dato).values("pk")).filter(
        pk__in=fulgt.values("enhet")
    )


def changeable_by(roller: Roller) -> EnhetQuerySet:
    """The units of the network today whose tracks the person sets (`laeringsloyper.rules`)."""
    return Enhet.objects.gyldig().in_kommuner(kommuner_changeable_by(roller).values("pk"))


# --- begin


def foresee(folginger: Sequence[Folging]) -> list[Folgeutfall]:
    """What `follow` would do, one by one. Two queries at most."""
    staar = _standing(folginger)
    return [_outcome(f, staar[f.enhet.pk, f.periode.pk]) for f in folginger]


@transaction.atomic
def follow(folginger: Sequence[Folging], *, by: Person) -> Counter[Folgeutfall]:
    """Let the units follow, each from its day and as long as the period lasts. How many of each kind.

    Who follows already from a later day begins earlier, who was to stop goes on, and a new reason takes
    the place of the old. Raises KanIkke, and changes nothing, when a period is over on the day or a
    unit is not in the network now.
    """
    folginger = _held(folginger)
    _require_here(folginger)
    staar = _standing(folginger)
    nye, gjort = [], Counter[Folgeutfall]()
    for f in folginger:
        rader = staar[f.enhet.pk, f.periode.pk]
        utfall = _outcome(f, rader)
        gjort[utfall] += 1
        if utfall is Folgeutfall.NY:
            nye.append(_new(f, by))
            rader.append(nye[-1])
        elif utfall is Folgeutfall.ENDRET and rader[0].pk:
            _extend(rader, f, by)
    Enhetsloype.objects.bulk_create(nye)
    return gjort


def _held(folginger: Sequence[Folging]) -> list[Folging]:
    """The same with their periods as they stand now, held: whoever comes after waits."""
    numre = {f.periode.pk for f in folginger}
    holdt = Periode.objects.select_for_update(of=["self"]).select_related("loype__nettverk")
    naa = {p.pk: p for p in holdt.filter(pk__in=numre).order_by("pk")}
    if numre - naa.keys():
        raise KanIkke(_("Perioden finnes ikke lenger. Velg en annen periode."))
    return [Folging(f.enhet, naa[f.periode.pk], f.fra, f.grunn) for f in folginger]


def _require_here(folginger: Sequence[Folging]) -> None:
    per_nettverk: dict[Nettverk, set[int]] = defaultdict(set)
    for f in folginger:
        require_open(f.periode, f.fra)
        per_nettverk[f.periode.loype.nettverk].add(f.enhet.pk)
    for nettverk, enheter in per_nettverk.items():
        if len(enheter) > nettverk.enheter().filter(pk__in=enheter).count():
            raise KanIkke(_("En av enhetene er ikke i nettverket lenger. Velg på nytt."))


def require_open(periode: Periode, dato: datetime.date) -> None:
    """Raises KanIkke when the period is over on `dato`."""
    slutt = periode.siste_dag
    if slutt and slutt < dato:
        raise KanIkke(
            _("Perioden var slutt %(dato)s. Velg en tidligere dato, eller en annen periode.")
            % {"dato": date_format(slutt)}
        )


def _standing(folginger: Sequence[Folging]) -> dict[tuple[int, int], list[Enhetsloype]]:
    """What each unit has of the period from the day and on, the earliest first."""
    svar: dict[tuple[int, int], list[Enhetsloype]] = defaultdict(list)
    fra = {(f.enhet.pk, f.periode.pk): f.fra for f in folginger}
    if not fra:
        return svar
    rader = (
        Enhetsloype.objects.real()
        .filter(enhet__in={e for e, _p in fra}, periode__in={p for _e, p in fra})
        .order_by("gyldig")
    )
    for rad in rader:
        noekkel = (rad.enhet_id, rad.periode_id)
        if noekkel in fra and (rad.til is None or rad.til > fra[noekkel]):
            svar[noekkel].append(rad)
    return svar


def _outcome(f: Folging, rader: list[Enhetsloype]) -> Folgeutfall:
    if not rader:
        return Folgeutfall.NY
    foerste = rader[0]
    begynt = foerste.fra is None or foerste.fra <= _first_day(f)
    if begynt and foerste.til is None and f.grunn in {"", foerste.grunn}:
        return Folgeutfall.UENDRET
    return Folgeutfall.ENDRET


def _first_day(f: Folging) -> datetime.date:
    return max(f.fra, f.periode.fra or f.fra)


def _new(f: Folging, by: Person) -> Enhetsloype:
    return Enhetsloype(
        enhet=f.enhet,
        periode=f.periode,
        gyldig=tidsrom(_first_day(f)),
        grunn=f.grunn,
        registrert_av=by,
    )


def _extend(rader: list[Enhetsloype], f: Folging, by: Person) -> None:
    """One row that goes on, from the earlier of the two days; what stood after it is in it now."""
    foerste, *senere = rader
    for rad in senere:
        rad.gyldig = DateRange(empty=True)
        rad.save(update_fields=["gyldig"])
    fra = min(foerste.fra, _first_day(f)) if foerste.fra else None
    foerste.gyldig = tidsrom(fra)
    foerste.grunn = f.grunn or foerste.grunn
    foerste.sluttgrunn = ""
    foerste.registrert_av = by
    foerste.save(update_fields=["gyldig", "grunn", "sluttgrunn", "registrert_av"])


# --- stop


def foresee_stop(folginger: Sequence[Folging]) -> list[Folgeutfall]:
    """What `stop` would do, one by one: ENDRET for those that follow on the day or later."""
    staar = _standing(folginger)
    return [
        Folgeutfall.ENDRET if staar[f.enhet.pk, f.periode.pk] else Folgeutfall.UENDRET
        for f in folginger
    ]


@transaction.atomic
def stop(folginger: Sequence[Folging]) -> int:
    """Let the units stop: the day of each is the first it no longer follows. How many did.

    Who had not begun by that day has never followed. Twice changes nothing.
    """
    folginger = _held(folginger)
    staar = _standing(folginger)
    gjort = 0
    for f in folginger:
        rader = staar.pop((f.enhet.pk, f.periode.pk), [])
        for rad in rader:
            fra = max((d for d in (rad.fra, f.periode.fra) if d), default=None)
            begynt = fra is None or fra < f.fra
            rad.gyldig = DateRange(rad.fra, f.fra) if begynt else DateRange(empty=True)
            rad.sluttgrunn = f.grunn
            rad.save(update_fields=["gyldig", "sluttgrunn"])
        gjort += bool(rader)
    return gjort


def default_day(periode: Periode) -> datetime.date:
    """From when, when nobody has said: today, or the first day of a period that has not begun."""
    return max(idag(), periode.fra or idag())
