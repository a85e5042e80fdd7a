"""What every list that is sent in has in common, from preview to written.

Sent in → read by a worker → looked at → confirmed → written by a worker, once. What differs – what the
rows say, what they are compared with, what is asked about – stands where the list belongs
(`nettverk.enhetsimport`, `nettverk.folkeimport`).
"""

import datetime
import hashlib
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.db import models
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from nettverk.arbeid.jobber import Arbeid, order_jobb
from nettverk.models.enhetsimport import ImportradQuerySet
from nettverk.models.folkeimport import FolkeimportradQuerySet
from nettverk.models.person import Person
from nettverk.skriving.konflikt import KanIkke

# What was never confirmed, and refused rows that nobody mended, go after this.
BEHOLDES = datetime.timedelta(days=30)

Importen = TypeVar("Importen", bound=models.Model)


def ask_worker(rad: Any, slag: str, *, om: str, by: Person) -> None:
    """Have a worker do what `slag` says with the import. One at a time about the same (`om`): raises
    KanIkke while another import is written."""
    noekkel = rad._meta.model_name
    jobb = order_jobb(
        nettverk=rad.nettverk, slag=slag, gjelder=om, by=by, parametre={noekkel: rad.pk}
    )
    if jobb.parametre.get(noekkel) != rad.pk:
        raise KanIkke(
            _(
                "En annen liste blir lagret i nettverket nå. Vent til den er ferdig, og bekreft igjen."
            )
        )
    rad.jobb = jobb
    rad.save(update_fields=["jobb"])


def fetch(modell: type[Importen], arbeid: Arbeid) -> Importen | None:
    """The import that the worker was asked to do something with; None when it has gone."""
    return (
        modell._default_manager.select_related("nettverk", "lastet_opp_av")
        .filter(
            pk=arbeid.jobb.parametre.get(modell._meta.model_name), nettverk=arbeid.jobb.nettverk_id
        )
        .first()
    )


def write_in_batches(
    arbeid: Arbeid,
    rader: ImportradQuerySet | FolkeimportradQuerySet,
    write: Callable[[list[Any]], None],
    *,
    stoerrelse: int,
    hva: str,
    til_prosent: int,
) -> None:
    """Every row among `rader` without a result, in their order, each batch in one transaction.

    `write` gives each row of a batch its result. A run that takes over goes on after the last batch that
    was written, so a row is written once.
    """
    antall = rader.count()
    skrevet = antall - rader.filter(resultat="").count()
    while skrevet < antall:
        arbeid.report(til_prosent * skrevet // antall, how_far(hva, skrevet, antall))
        with arbeid.writing():
            bunke = list(rader.filter(resultat="").in_order()[:stoerrelse])
            write(bunke)
        skrevet += max(len(bunke), 1)


def state_shown(linjer: Iterable[object]) -> str:
    """What a preview showed, as a token that goes along in its form: one for each way it may be."""
    return hashlib.sha256("\n".join(map(str, linjer)).encode()).hexdigest()[:32]


def require_same(vist: str, naa: str) -> None:
    """Raises KanIkke when confirming would do something else than the preview showed."""
    if vist != naa:
        raise KanIkke(_("Noe er endret siden du så på lista. Se over lista på nytt før du lagrer."))


def results(rader: QuerySet[Any]) -> dict[str, int]:
    """What was really done, outcome by outcome."""
    gjort = rader.exclude(resultat="").order_by().values_list("resultat")
    return dict(gjort.annotate(antall=Count("pk")))


def purge(
    modell: type[models.Model],
    rader: QuerySet[Any],
    *,
    venter: list[str],
    discard: Callable[[Any], Any],
    naa: datetime.datetime | None = None,
) -> int:
    """Discard what nobody confirmed within a month, and let go of the refused rows of what was written;
    how many were discarded. Safe to run twice."""
    gamle: QuerySet[Any] = modell._default_manager.filter(
        lastet_opp__lt=(naa or timezone.now()) - BEHOLDES
    )
    ventende = list(gamle.filter(status__in=venter))
    for rad in ventende:
        discard(rad)
    rader.filter(**{f"{modell._meta.model_name}__in": gamle.filter(status="ferdig")}).delete()
    return len(ventende)


def how_far(hva: str, ferdig: int, antall: int) -> str:
    """«Leser rad 1 500 av 20 000»; the words alone when nobody knows how many there are."""
    if not antall:
        return hva
    tall = [number_format(n, force_grouping=n >= 10_000) for n in (ferdig, max(antall, ferdig))]
    return _("%(hva)s %(ferdig)s av %(antall)s") % {
        "hva": hva,
        "ferdig": tall[0],
        "antall": tall[1],
    }
