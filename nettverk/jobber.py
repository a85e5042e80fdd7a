"""Long work: asked for by a person, done by a worker, never lost.

A job is a row (`Jobb`). `bestill` makes it and nudges a worker after commit. A worker takes it with a
lease that a thread renews while it works; when the worker dies the lease runs out, and the sweep
(every few seconds, by Celery beat) starts it again. A job asked for while Redis was away is found by
the same sweep. Each kind of job must therefore be safe to run twice.
"""

import logging
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pghistory
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import IntegrityError, close_old_connections, connection, transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from nettverk.models.jobb import Jobb
from nettverk.models.nettverk import Nettverk
from nettverk.models.person import Person

logger = logging.getLogger(__name__)


class JobbFeil(Exception):
    """The work cannot be done, for a reason that the person can understand; not tried again."""


class LeienTapt(Exception):
    """Another run has taken the job over; this one must stop without writing."""


class Arbeid:
    """What a kind of job is given: its row, a way to tell how far it is, and where the result goes."""

    def __init__(self, jobb: Jobb) -> None:
        self.jobb = jobb
        self.resultat: tuple[str, bytes] | None = None
        self.data: dict[str, Any] = {}

    def meld(self, framdrift: int, melding: str) -> None:
        """Tell the waiting page: percent (0–99) and a short sentence."""
        rader = Jobb.objects.filter(pk=self.jobb.pk, leie=self.jobb.leie).update(
            framdrift=min(framdrift, 99), melding=str(melding)[:200]
        )
        if not rader:
            raise LeienTapt


@dataclass(frozen=True)
class Slag:
    """A kind of job and the function that does it."""

    navn: str
    utfor: Callable[[Arbeid], None]
    resultat_tillatelse: str


_slag: dict[str, Slag] = {}


def jobbslag(navn: str, *, tillatelse: str) -> Callable:
    """Register the decorated function as the way to do jobs of the kind `navn`.

    `tillatelse` is what one needs, in the job's network, to fetch the result.
    """

    def pynt(utfor: Callable[[Arbeid], None]) -> Callable[[Arbeid], None]:
        _slag[navn] = Slag(navn, utfor, tillatelse)
        return utfor

    return pynt


def slag(navn: str) -> Slag:
    return _slag[navn]


def bestill(
    *, nettverk: Nettverk, slag: str, gjelder: str, av: Person, parametre: dict | None = None
) -> Jobb:
    """Ask for long work; returns its row, the one already active for the same thing if there is one."""
    if slag not in _slag:
        raise LookupError(f"Ukjent slag jobb: {slag}")
    try:
        with transaction.atomic():
            jobb = Jobb.objects.create(
                nettverk=nettverk,
                slag=slag,
                gjelder=gjelder,
                bestilt_av=av,
                parametre=parametre or {},
                spraak=translation.get_language() or "nb",
            )
    except IntegrityError:
        jobb = Jobb.objects.active().get(nettverk=nettverk, slag=slag, gjelder=gjelder)
    transaction.on_commit(lambda: dytt(jobb.pk))
    return jobb


def dytt(jobb_id: int) -> None:
    """Nudge a worker. Redis may be away: then the sweep starts the job when it is back."""
    from nettverk.tasks import utfor_jobb

    try:
        utfor_jobb.apply_async(kwargs={"jobb_id": jobb_id}, retry=False)
    except Exception as feil:
        logger.warning("Jobb %s venter: køen svarer ikke (%s)", jobb_id, type(feil).__name__)


def ta(jobb_id: int) -> Jobb | None:
    """Take the job with a fresh lease, if nobody else holds it and it has tries left."""
    with transaction.atomic():
        jobb = (
            Jobb.objects.to_start().select_for_update(skip_locked=True).filter(pk=jobb_id).first()
        )
        if jobb is None:
            return None
        if jobb.forsok >= settings.JOBB_MAKS_FORSOK:
            _avslutt(
                jobb,
                status=Jobb.Status.FEILET,
                feil=_("Arbeidet stoppet flere ganger. Prøv igjen."),
            )
            return None
        jobb.status = Jobb.Status.KJORER
        jobb.leie = uuid.uuid4()
        jobb.leie_til = timezone.now() + settings.JOBB_LEIETID
        jobb.forsok = F("forsok") + 1
        jobb.startet = timezone.now()
        jobb.save(update_fields=["status", "leie", "leie_til", "forsok", "startet"])
    jobb.refresh_from_db()
    return jobb


def utfor(jobb_id: int) -> None:
    """Do the job to its end, and leave it finished or failed – never running."""
    jobb = ta(jobb_id)
    if jobb is None:
        return
    arbeid = Arbeid(jobb)
    with (
        _fornyer(jobb),
        translation.override(jobb.spraak),
        pghistory.context(user=jobb.bestilt_av_id),
    ):
        try:
            _slag[jobb.slag].utfor(arbeid)
        except LeienTapt:
            logger.warning("Jobb %s ble overtatt av en annen arbeider", jobb.pk)
            return
        except JobbFeil as feil:
            _avslutt(jobb, status=Jobb.Status.FEILET, feil=str(feil))
            return
        except Exception:
            logger.exception("Jobb %s feilet", jobb.pk)
            _avslutt(
                jobb,
                status=Jobb.Status.FEILET,
                feil=_("Noe gikk galt hos oss. Prøv igjen om litt."),
            )
            return
    _fullfor(arbeid)


def _fullfor(arbeid: Arbeid) -> None:
    jobb = arbeid.jobb
    if arbeid.resultat:
        navn, innhold = arbeid.resultat
        jobb.resultat.save(navn, ContentFile(innhold), save=False)
    _avslutt(
        jobb,
        status=Jobb.Status.FERDIG,
        framdrift=100,
        resultat=jobb.resultat.name,
        resultat_data=arbeid.data,
    )


def _avslutt(jobb: Jobb, **felt: Any) -> None:
    """Write the end of the job, unless another run has taken it over meanwhile."""
    Jobb.objects.filter(pk=jobb.pk, leie=jobb.leie).update(
        **felt, avsluttet=timezone.now(), leie_til=None, melding=""
    )


class _fornyer:
    """Renews the lease from a thread of its own while the work goes on."""

    def __init__(self, jobb: Jobb) -> None:
        self.jobb = jobb
        self.ferdig = threading.Event()
        self.traad = threading.Thread(target=self._forny, daemon=True, name=f"leie-{jobb.pk}")

    def __enter__(self) -> None:
        self.traad.start()

    def __exit__(self, *exc: object) -> None:
        self.ferdig.set()
        self.traad.join(timeout=5)

    def _forny(self) -> None:
        pust = settings.JOBB_LEIETID.total_seconds() / 3
        try:
            while not self.ferdig.wait(pust):
                close_old_connections()
                try:
                    Jobb.objects.filter(pk=self.jobb.pk, leie=self.jobb.leie).update(
                        leie_til=timezone.now() + settings.JOBB_LEIETID
                    )
                except Exception:  # the database may be away for a moment; try again
                    logger.warning("Fikk ikke fornyet leien på jobb %s", self.jobb.pk)
        finally:
            connection.close()
