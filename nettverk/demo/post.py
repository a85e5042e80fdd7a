"""The demo's mailbox: what the portal would have sent, kept as files that web and worker both see."""

import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage as Epostmelding
from email.utils import getaddresses
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

# A gathering invites some six hundred people; several such must fit.
BEHOLDES = 3000


class PostkasseBackend(BaseEmailBackend):
    """Mail backend that delivers to the mailbox page `/demo/post/`, and to nobody else."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        mappe = folder()
        mappe.mkdir(parents=True, exist_ok=True)
        for melding in email_messages:
            # Newest first is the order of the names; written whole before it can be seen.
            navn = f"{time.time_ns()}-{uuid.uuid4().hex[:8]}"
            midlertidig = mappe / f"{navn}.tmp"
            midlertidig.write_bytes(melding.message().as_bytes())
            midlertidig.rename(mappe / f"{navn}.eml")
        for gammel in _files()[BEHOLDES:]:
            gammel.unlink(missing_ok=True)
        return len(email_messages)


@dataclass(frozen=True)
class Postkassebrev:
    """One mail in the mailbox."""

    noekkel: str
    til: str
    emne: str
    sendt: datetime
    melding: Epostmelding

    @property
    def mottakere(self) -> list[str]:
        """Every address it was for, in small letters; one that cannot be read is kept as it stands."""
        felt = [str(v) for navn in ("To", "Cc", "Bcc") for v in self.melding.get_all(navn, [])]
        return [epost.lower() for _navn, epost in getaddresses(felt)] or [""]

    @property
    def tekst(self) -> str:
        del_ = self.melding.get_body(("plain", "html"))
        return str(del_.get_content()) if del_ else ""


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "postkasse"


def letters(til: str = "") -> Iterator[Postkassebrev]:
    """The mails, newest first; only those to an address with `til` in it."""
    for fil in _files():
        try:
            brev = _read(fil)
        except FileNotFoundError:
            continue  # emptied by another window meanwhile
        if til.lower() in brev.til.lower():
            yield brev


def letter(noekkel: str) -> Postkassebrev | None:
    """One mail by its key, None when it is gone."""
    fil = next((fil for fil in _files() if fil.stem == noekkel), None)
    return _read(fil) if fil else None


def empty() -> None:
    for fil in _files():
        fil.unlink(missing_ok=True)


def _files() -> list[Path]:
    return sorted(folder().glob("*.eml"), reverse=True)


def _read(fil: Path) -> Postkassebrev:
    melding = message_from_bytes(fil.read_bytes(), policy=policy.default)
    sendt = datetime.fromtimestamp(
        int(fil.stem.partition("-")[0]) / 1e9, tz=timezone.get_current_timezone()
    )
    return Postkassebrev(fil.stem, str(melding["To"]), str(melding["Subject"]), sendt, melding)
