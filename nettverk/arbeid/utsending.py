"""Send the letters that wait: one at a time, each once, whatever happens to the worker or the server.

A letter is claimed and committed, handed to the mail server, and marked and committed. So no
transaction is open while a server hangs, a refused address stops no other, and a letter whose worker
died in between is known by name («uvisst») and never sent again by itself.
"""

import logging
import smtplib
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from email.errors import MessageError
from typing import Any

from django.conf import settings
from django.core.mail import get_connection
from django.db import transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from nettverk.arbeid.epost import Brevmelding, Uvisst, to_melding
from nettverk.arbeid.jobber import Arbeid, Avbrutt, JobbFeil, jobbslag, order_jobb
from nettverk.arbeid.stans import stanser
from nettverk.models.brev import Brev, BrevQuerySet
from nettverk.models.jobb import Jobb
from nettverk.side.utenfra import one_line

logger = logging.getLogger(__name__)

UTSENDING = "nettverk.utsending"
_BORTE_ETTER = 3  # letters in a row that never reached the mail server
_TELL_HVERT = 20  # letters between two counts of all
_MAKS_FORSOK = 4  # of a letter that a server asks us to wait with
_VENT = timedelta(minutes=5)
_GIR_OPP = timedelta(days=1)  # after that only a person sends it

Tilstand, Grunn = Brev.Tilstand, Brev.Grunn


class Ugyldig(Exception):
    """The letter cannot be written as a mail, so it never left us."""


class UtenKontakt(Exception):
    """The mail server is away: the others would not go either."""


@dataclass
class Runde:
    """A round of letters by one worker: what went and what did not."""

    sendt: int = 0
    mislykket: int = 0
    _forbindelse: Any = field(default_factory=get_connection)
    _uten_kontakt: int = 0

    def send(self, brev: Brev) -> None:
        """Send a letter that this worker has claimed, and write how it went."""
        try:
            svar = self._hand_over(brev)
        except UtenKontakt as feil:
            # It never left us, so it waits on.
            self._end(brev, Tilstand.VENTER)
            self._count_away(feil)
        except Uvisst as feil:
            self._close()
            self.mislykket += self._end(brev, Tilstand.FEILET, Grunn.UVISST)
            self._count_away(feil)
        except smtplib.SMTPException as feil:
            tilstand, grunn, svar = _refusal(feil)
            self.mislykket += self._end(brev, tilstand, grunn, svar=_without_addresses(svar, brev))
            self._uten_kontakt = 0
        except (Ugyldig, ValueError, MessageError) as feil:
            # It never left us, and the others go on.
            logger.warning("Et brev kan ikke sendes (%s)", type(feil.__cause__ or feil).__name__)
            self._close()
            self.mislykket += self._end(brev, Tilstand.FEILET, Grunn.INNHOLD)
        except Exception:
            # Not the server's doing, but ours; the letter must not be left as being sent.
            self._close()
            self._end(brev, Tilstand.FEILET, Grunn.UVISST)
            raise
        else:
            self.sendt += self._end(
                brev, Tilstand.SENDT, svar=_without_addresses(svar, brev), sendt=timezone.now()
            )
            self._uten_kontakt = 0

    def _hand_over(self, brev: Brev) -> str:
        """The mail server's answer. One connection serves the whole round."""
        try:
            self._forbindelse.open()
        except OSError as feil:
            self._close()
            raise UtenKontakt from feil
        melding = _made(brev)
        try:
            self._forbindelse.send_messages([melding])
        except smtplib.SMTPServerDisconnected as feil:
            self._close()
            raise UtenKontakt from feil
        except smtplib.SMTPException:
            raise
        except OSError as feil:
            self._close()
            raise UtenKontakt from feil
        return getattr(melding, "svar", "")

    def _count_away(self, feil: Exception) -> None:
        # The server's own words may hold an address; the log needs only the kind.
        logger.warning("Et brev ble ikke sendt (%s)", type(feil.__cause__ or feil).__name__)
        self._uten_kontakt += 1
        if self._uten_kontakt >= _BORTE_ETTER:
            raise UtenKontakt from feil

    def _end(self, brev: Brev, tilstand: str, grunn: str = "", **felt: Any) -> int:
        """Write how it went; 0 when the letter is no longer this attempt's."""
        return (
            Brev.objects.filter(pk=brev.pk, leie=brev.leie)
            .exclude(tilstand=Tilstand.VENTER)
            .end(tilstand, grunn=grunn, **felt)
        )

    def _close(self) -> None:
        with suppress(OSError):
            self._forbindelse.close()
        self._forbindelse = get_connection()

    def __enter__(self) -> "Runde":
        return self

    def __exit__(self, *exc: object) -> None:
        with suppress(OSError):
            self._forbindelse.close()


def _made(brev: Brev) -> Brevmelding:
    """The message, put together once before it is handed over: what is wrong with it shows here."""
    try:
        melding = to_melding(brev)
        melding.message().as_bytes()
    except (ValueError, LookupError, MessageError) as feil:
        raise Ugyldig from feil
    return melding


def _refusal(feil: smtplib.SMTPException) -> tuple[str, str, str]:
    """What a refusal means: state, reason, and the server's words."""
    if isinstance(feil, smtplib.SMTPRecipientsRefused):
        kode, tekst = next(iter(feil.recipients.values()))
    else:
        kode, tekst = getattr(feil, "smtp_code", 0), getattr(feil, "smtp_error", b"")
    ord_ = tekst.decode(errors="replace") if isinstance(tekst, bytes) else str(tekst)
    svar = f"{kode} {ord_}".strip()
    if 400 <= kode < 500:
        return Tilstand.FEILET, Grunn.MIDLERTIDIG, svar
    if isinstance(feil, smtplib.SMTPRecipientsRefused):
        return Tilstand.AVVIST, Grunn.ADRESSE, svar
    return Tilstand.FEILET, Grunn.INNHOLD, svar


def _without_addresses(svar: str, brev: Brev) -> str:
    """The answer cut to what fits, with nobody's address in it but the recipient's own."""
    ord_ = [o if "@" not in o or brev.epost in o.lower() else "…" for o in one_line(svar).split()]
    return " ".join(ord_)[:300]


def claim(rader: BrevQuerySet, *, leie: uuid.UUID) -> Brev | None:
    """Take the next letter, so that no other worker sends it. None when there is none to take."""
    with transaction.atomic():
        brev = (
            rader.claimable()
            .select_for_update(skip_locked=True, of=("self",))
            .order_by("pk")
            .first()
        )
        if brev is not None:
            brev.tilstand = Tilstand.SENDER
            brev.leie, brev.leie_til = leie, timezone.now() + settings.BREV_LEIETID
            brev.forsok += 1
            brev.save(update_fields=["tilstand", "leie", "leie_til", "forsok"])
    return brev


def send_waiting(rader: BrevQuerySet, *, stopp: Callable[[Runde], None] | None = None) -> Runde:
    """Send all of `rader` that wait, until none does: more may be written meanwhile.

    Raises UtenKontakt when the mail server is away. `stopp` is called between two letters.
    """
    with Runde() as runde:
        while True:
            if stopp:
                stopp(runde)
            # A lease of its own for each attempt: only that attempt may say how it went.
            brev = claim(rader, leie=uuid.uuid4())
            if brev is None:
                return runde
            runde.send(brev)


def give_up_abandoned(rader: BrevQuerySet) -> int:
    """Letters whose worker died while it sent them: nobody knows whether they went. Never sent again
    by themselves, since the recipient could get two."""
    return rader.filter(tilstand=Tilstand.SENDER).end(Tilstand.FEILET, grunn=Grunn.UVISST)


# --- the job


def order_sending(*, nettverk: Any, gjelder: str, by: Any) -> Jobb | None:
    """Ask for what waits about one thing to be sent; None when nothing waits."""
    venter = Brev.objects.filter(nettverk=nettverk, gjelder=gjelder).waiting()
    if not venter.exists():
        return None
    jobb = order_jobb(nettverk=nettverk, slag=UTSENDING, gjelder=gjelder, by=by)
    venter.update(jobb=jobb)
    return jobb


def _outbox(jobb: Jobb) -> str:
    assert jobb.nettverk is not None
    return reverse("nettverk:utboks", args=[jobb.nettverk.slug]) + f"?gjelder={jobb.gjelder}"


@jobbslag(
    UTSENDING,
    tillatelse="nettverk.view_utboks",
    bestill_tillatelse="nettverk.send_brev",
    resultat_tekst=gettext_lazy("Se i utboksen"),
    resultat_url=_outbox,
    resultat_ikon="post",
)
def _send_all(arbeid: Arbeid) -> None:
    jobb = arbeid.jobb
    rader = Brev.objects.filter(nettverk=jobb.nettverk_id, gjelder=jobb.gjelder)
    # This run holds the job, so the run that claimed these is dead.
    give_up_abandoned(rader.filter(jobb=jobb))
    teller = _Teller(arbeid, rader)
    try:
        send_waiting(rader, stopp=teller.between)
    except UtenKontakt as feil:
        raise JobbFeil(
            _(
                "Vi får ikke sendt e-post akkurat nå. Vi prøver igjen om noen minutter. "
                "De som allerede har fått e-posten, får den ikke en gang til."
            )
        ) from feil
    arbeid.data = teller.result()


class _Teller:
    """Tells the waiting page how far the letters have come, and stops between two when asked to."""

    def __init__(self, arbeid: Arbeid, rader: BrevQuerySet) -> None:
        self.arbeid = arbeid
        self.rader = rader.filter(jobb=arbeid.jobb)
        self.siden_telling = _TELL_HVERT
        self.tall: dict[str, int] = {}

    def between(self, runde: Runde) -> None:
        if stanser():
            raise Avbrutt
        if self.siden_telling >= _TELL_HVERT or runde.sendt + runde.mislykket == 0:
            self.tall = self.count()
            self.foer = self.tall["sendt"] - runde.sendt
            self.siden_telling = 0
        self.siden_telling += 1
        sendt, alle = self.foer + runde.sendt, max(self.tall["alle"], 1)
        self.arbeid.report(
            100 * min(sendt, alle) // alle,
            ngettext(
                "%(antall)s av %(alle)s e-post er sendt",
                "%(antall)s av %(alle)s e-poster er sendt",
                alle,
            )
            % {"antall": sendt, "alle": alle},
        )

    def count(self) -> dict[str, int]:
        return self.rader.aggregate(
            alle=Count("pk"),
            sendt=Count("pk", filter=Q(tilstand=Tilstand.SENDT)),
            mislykket=Count("pk", filter=Q(tilstand__in=Tilstand.mislykkede())),
        )

    def result(self) -> dict[str, Any]:
        tall = self.count()
        melding = ngettext("%(n)s e-post er sendt.", "%(n)s e-poster er sendt.", tall["sendt"]) % {
            "n": tall["sendt"]
        }
        if tall["mislykket"]:
            melding += " " + ngettext(
                "%(n)s kunne ikke sendes.", "%(n)s kunne ikke sendes.", tall["mislykket"]
            ) % {"n": tall["mislykket"]}
        return {"brev": tall["sendt"], "usendt": tall["mislykket"], "melding": melding}


# --- the sweep


def sweep() -> None:
    """Name the letters that a dead worker left, try once more those a server asked us to wait with, and
    order what was written in the moment a job ended, and what waits since the mail server was away. Safe
    to run at any time."""
    give_up_abandoned(Brev.objects.abandoned())
    naa = timezone.now()
    i_dag, lenge_siden = Q(opprettet__gt=naa - _GIR_OPP), Q(jobb__avsluttet__lt=naa - _VENT)
    Brev.objects.filter(
        i_dag,
        lenge_siden,
        tilstand=Tilstand.FEILET,
        grunn=Grunn.MIDLERTIDIG,
        forsok__lt=_MAKS_FORSOK,
        nettverk__isnull=False,
    ).exclude(tekst="").update(tilstand=Tilstand.VENTER, grunn="")
    glemt = (
        Brev.objects.waiting()
        .filter(
            Q(jobb=None)
            | Q(jobb__status=Jobb.Status.FERDIG)
            | (Q(jobb__status=Jobb.Status.FEILET) & i_dag & lenge_siden)
        )
        .filter(nettverk__isnull=False, opprettet__lt=naa - timedelta(seconds=10))
        .exclude(bestilt_av=None)
    )
    for brev in (
        glemt.select_related("nettverk", "bestilt_av").order_by("gjelder", "pk").distinct("gjelder")
    ):
        order_sending(nettverk=brev.nettverk, gjelder=brev.gjelder, by=brev.bestilt_av)
