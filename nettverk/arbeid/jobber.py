"""Long work: asked for by a person, done by a worker, never lost.

A job is a row (`Jobb`). `order_jobb` makes it and nudges a worker after commit. A worker takes it with a
lease that a thread renews while it works; when the worker dies the lease runs out, and the sweep
(every few seconds, by Celery beat) starts it again. A job asked for while Redis was away is found by
the same sweep. Each kind of job must therefore be safe to run twice.
"""

import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pghistory
from celery import current_app
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import IntegrityError, close_old_connections, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nettverk.models.jobb import Jobb
from nettverk.models.nettverk import Nettverk
from nettverk.models.person import Person
from nettverk.skriving.konflikt import KanIkke
from nettverk.tilgang.tillatelser import kan

if TYPE_CHECKING:
    from nettverk.tilgang.roller import Roller

logger = logging.getLogger(__name__)

# How long a job is kept, with its file, where its kind does not ask for less.
JOBBER_BEHOLDES = timedelta(days=365)
_REPORT_PAUSE = 0.2
_NUDGE_PATIENCE = 1.0  # seconds a page may wait for the queue


class JobbFeil(Exception):
    """The work cannot be done, for a reason that the person can understand; not tried again."""


class Avbrutt(Exception):
    """The worker is about to stop; another does the rest. Raised between two pieces of work."""


class LeienTapt(Exception):
    """Another run has taken the job over; this one must stop without writing."""


class Arbeid:
    """What a kind of job is given: its row, a way to tell how far it is, and where the result goes."""

    def __init__(self, jobb: Jobb) -> None:
        self.jobb = jobb
        self.resultat: tuple[str, bytes] | None = None
        self.data: dict[str, Any] = {}
        self._meldt = 0.0

    def report(self, framdrift: int, melding: str, *, straks: bool = False) -> None:
        """Tell the waiting page: percent (0–99) and a short sentence.

        Cheap: at most five a second are written, unless `straks` (a step that lasts begins).
        Inside a transaction the page sees it first when the transaction is done.
        """
        if not straks and time.monotonic() - self._meldt < _REPORT_PAUSE:
            return
        rader = Jobb.objects.filter(pk=self.jobb.pk, leie=self.jobb.leie).update(
            framdrift=min(framdrift, 99), melding=str(melding)[:200]
        )
        if not rader:
            raise LeienTapt
        self._meldt = time.monotonic()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Around what the job changes in the database: all of it, or nothing when another took over.

        The row is locked meanwhile, so nobody can take the job over before it is written.
        """
        with transaction.atomic():
            if (
                not Jobb.objects.select_for_update()
                .filter(pk=self.jobb.pk, leie=self.jobb.leie)
                .first()
            ):
                raise LeienTapt
            yield


@dataclass(frozen=True)
class Slag:
    """A kind of job: the function that does it, who may order it and fetch what came of it."""

    navn: str
    utfor: Callable[[Arbeid], None]
    resultat_tillatelse: str
    bestill_tillatelse: str
    resultat_tekst: str | Promise
    resultat_url: Callable[[Jobb], str] | None
    resultat_ikon: str = "pdf"
    # The file lists people: for a fresh sign-in only, and the log tells who fetched it.
    personliste: bool = False
    beholdes: timedelta = JOBBER_BEHOLDES


_slag: dict[str, Slag] = {}


def visible_jobs(roller: "Roller") -> QuerySet[Jobb]:
    """Those one asked for oneself (`Jobb.visible_to`), and those of a kind that one may ask for: who works on the
    same thing sees how far it is, and gets what came of it."""
    kan_bestille = [
        hva.navn
        for hva in _slag.values()
        if hva.bestill_tillatelse and kan(roller.person, hva.bestill_tillatelse, roller.nettverk)
    ]
    felles = Jobb.objects.filter(nettverk=roller.nettverk, slag__in=kan_bestille)
    return Jobb.objects.visible_to(roller) | felles


def jobbslag(
    navn: str,
    *,
    tillatelse: str,
    bestill_tillatelse: str = "",
    resultat_tekst: str | Promise = "",
    resultat_url: Callable[[Jobb], str] | None = None,
    resultat_ikon: str = "pdf",
    personliste: bool = False,
    beholdes: timedelta = JOBBER_BEHOLDES,
) -> Callable:
    """Register the decorated function as the way to do jobs of the kind `navn`.

    `tillatelse` is what one needs, in the job's network, to fetch the result; `bestill_tillatelse` to
    order it again (the same when not given). `resultat_url` is where the result is seen, when it is a
    page and not the job's own file. With `personliste` the file lists people: it takes a fresh sign-in, and
    the function tells how many as `arbeid.data["personer"]`. After `beholdes` the job goes, with its file. The
    function must be safe to run twice: see `Arbeid.writing`.
    """

    def decorate(utfor: Callable[[Arbeid], None]) -> Callable[[Arbeid], None]:
        _slag[navn] = Slag(
            navn,
            utfor,
            tillatelse,
            bestill_tillatelse or tillatelse,
            resultat_tekst,
            resultat_url,
            resultat_ikon,
            personliste,
            beholdes,
        )
        return utfor

    return decorate


def slag(navn: str) -> Slag:
    return _slag[navn]


def kinds() -> list[Slag]:
    """Every kind of job there is."""
    return list(_slag.values())


def order_jobb(
    *, nettverk: Nettverk | None, slag: str, gjelder: str, by: Person, parametre: dict | None = None
) -> Jobb:
    """Ask for long work; returns its row, the one already active for the same thing if there is one.

    Without a network it is the installation's own: the page that shows it asks who may.
    """
    if slag not in _slag:
        raise LookupError(f"Ukjent slag jobb: {slag}")
    samme = {"nettverk": nettverk, "slag": slag, "gjelder": gjelder}
    felt = {**samme, "bestilt_av": by, "parametre": parametre or {}}
    felt["spraak"] = (translation.get_language() or "nb")[:2]
    jobb = _active_or_new(samme, felt) or _active_or_new(samme, felt)
    if jobb is None:
        raise RuntimeError(f"Fikk verken laget eller funnet en jobb: {slag} {gjelder}")
    transaction.on_commit(lambda: nudge(jobb.pk))
    return jobb


def _active_or_new(samme: dict[str, Any], felt: dict[str, Any]) -> Jobb | None:
    """None when another was active, but ended before we could read it."""
    try:
        with transaction.atomic():
            return Jobb.objects.create(**felt)
    except IntegrityError:
        return Jobb.objects.active().filter(**samme).first()


def retry(jobb: Jobb, *, by: Person) -> None:
    """Let a failed job wait for a worker again, as ordered by `by`. Nothing when it is not failed, or
    when the same has been ordered anew."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                rader = Jobb.objects.filter(pk=jobb.pk, status=Jobb.Status.FEILET).update(
                    status=Jobb.Status.VENTER,
                    bestilt_av=by,
                    bestilt=timezone.now(),
                    forsok=0,
                    framdrift=0,
                    melding="",
                    feil="",
                    leie=None,
                    avsluttet=None,
                )
        except IntegrityError:
            rader = 0
        if rader:
            transaction.on_commit(lambda: nudge(jobb.pk))


def nudge(jobb_id: int) -> None:
    """Nudge a worker, without making the page wait for a queue that is away or hangs.

    If the nudge is lost, the sweep starts the job when the queue is back.
    """
    traad = threading.Thread(target=send, args=(jobb_id,), daemon=True, name=f"nudge-{jobb_id}")
    traad.start()
    traad.join(_NUDGE_PATIENCE)


def send(jobb_id: int) -> bool:
    """Put the nudge in the queue; whether the queue took it."""
    try:
        # By name: the task calls `run` here.
        current_app.send_task("nettverk.tasks.run_jobb", kwargs={"jobb_id": jobb_id}, retry=False)
    except Exception as feil:
        logger.warning("Jobb %s venter: køen svarer ikke (%s)", jobb_id, type(feil).__name__)
        return False
    return True


def take(jobb_id: int) -> Jobb | None:
    """Take the job with a fresh lease, if nobody else holds it and it has tries left."""
    with transaction.atomic():
        jobb = (
            Jobb.objects.to_start().select_for_update(skip_locked=True).filter(pk=jobb_id).first()
        )
        if jobb is None:
            return None
        if jobb.forsok >= settings.JOBB_MAKS_FORSOK:
            with translation.override(jobb.spraak):
                _fail(jobb, _interrupted(jobb.forsok))
            return None
        jobb.status = Jobb.Status.KJORER
        jobb.leie = uuid.uuid4()
        jobb.leie_til = timezone.now() + settings.JOBB_LEIETID
        jobb.forsok += 1
        jobb.startet = timezone.now()
        jobb.save(update_fields=["status", "leie", "leie_til", "forsok", "startet"])
    return jobb


def run(jobb_id: int) -> None:
    """Do the job to its end, and leave it finished or failed – never running."""
    jobb = take(jobb_id)
    if jobb is None:
        return
    with (
        translation.override(jobb.spraak),
        pghistory.context(user=jobb.bestilt_av_id),
        _Renewer(jobb),
    ):
        try:
            arbeid = Arbeid(jobb)
            _slag[jobb.slag].utfor(arbeid)
            _complete(arbeid)
        except LeienTapt:
            logger.warning("Jobb %s ble overtatt av en annen arbeider", jobb.pk)
        except Avbrutt:
            _release(jobb)
        except (JobbFeil, KanIkke) as feil:
            _fail(jobb, str(feil))
        except Exception:
            logger.exception("Jobb %s feilet", jobb.pk)
            _fail(jobb, _("Noe gikk galt hos oss. Prøv igjen om litt."))


def _complete(arbeid: Arbeid) -> None:
    jobb = arbeid.jobb
    data = dict(arbeid.data)
    if arbeid.resultat:
        navn, innhold = arbeid.resultat
        jobb.resultat.save(navn, ContentFile(innhold), save=False)
        data["filnavn"] = navn
    skrevet = _end(
        jobb,
        status=Jobb.Status.FERDIG,
        framdrift=100,
        resultat=jobb.resultat.name or "",
        resultat_data=data,
        melding=str(data.get("melding", ""))[:200],
    )
    if not skrevet:
        if arbeid.resultat:
            jobb.resultat.delete(save=False)
        raise LeienTapt


def _interrupted(ganger: int) -> str:
    return ngettext(
        "Arbeidet ble avbrutt hos oss %(antall)s gang, så vi stoppet. Det er trygt å prøve igjen.",
        "Arbeidet ble avbrutt hos oss %(antall)s ganger, så vi stoppet. Det er trygt å prøve igjen.",
        ganger,
    ) % {"antall": ganger}


def _release(jobb: Jobb) -> None:
    """Let the job wait for another worker; this try does not count."""
    Jobb.objects.filter(pk=jobb.pk, leie=jobb.leie).update(
        status=Jobb.Status.VENTER, leie=None, leie_til=None, forsok=jobb.forsok - 1
    )


def _fail(jobb: Jobb, grunn: str) -> None:
    _end(jobb, status=Jobb.Status.FEILET, feil=grunn)


def _end(jobb: Jobb, **felt: Any) -> bool:
    """Write the end of the job, unless another run has taken it over meanwhile."""
    return bool(
        Jobb.objects.filter(pk=jobb.pk, leie=jobb.leie, status__in=Jobb.Status.aktive()).update(
            **{"melding": "", **felt}, avsluttet=timezone.now(), leie_til=None
        )
    )


class _Renewer:
    """Renews the lease from a thread of its own while the work goes on."""

    def __init__(self, jobb: Jobb) -> None:
        self.jobb = jobb
        self.ferdig = threading.Event()
        self.traad = threading.Thread(target=self._renew, daemon=True, name=f"leie-{jobb.pk}")

    def __enter__(self) -> None:
        self.traad.start()

    def __exit__(self, *exc: object) -> None:
        self.ferdig.set()
        self.traad.join(timeout=5)

    def _renew(self) -> None:
        pust = settings.JOBB_LEIETID.total_seconds() / 3
        try:
            while not self.ferdig.wait(pust):
                try:
                    close_old_connections()
                    Jobb.objects.filter(pk=self.jobb.pk, leie=self.jobb.leie).update(
                        leie_til=timezone.now() + settings.JOBB_LEIETID
                    )
                except Exception:  # the database may be away for a moment; try again
                    logger.warning("Fikk ikke fornyet leien på jobb %s", self.jobb.pk)
        finally:
            connection.close()
