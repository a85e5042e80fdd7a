"""Mail on the wire: a letter's row becomes a message, and the mail server's own answer comes back."""

import json
import smtplib
from contextlib import suppress
from email import encoders
from email.message import Message
from email.utils import format_datetime, formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address

from nettverk.models.brev import Brev
from nettverk.side.utenfra import one_line
from nettverk.sikkerhet.forsegling import seal, unseal

# The kinds of letters that may be answered: the answer goes to the one who ordered the letter.
BESVARES: set[str] = set()


def hel_adresse(sti: str) -> str:
    """The whole address of a page of the portal, for a mail."""
    return f"{settings.PORTAL_ADRESSE}{sti}"


def sealed(emne: str, tekst: str) -> str:
    """What stands in a secret letter's row instead of them."""
    return seal(json.dumps([emne, tekst]))


class Uvisst(Exception):
    """Contact was lost after the text was on its way: the server may have kept the letter."""


class Brevmelding(EmailMultiAlternatives):
    """A message that is byte for byte the same each time it is made from the same row."""

    metode = ""

    def message(self, **mer: Any) -> Any:
        melding = super().message(**mer)
        if melding.is_multipart():
            skille = melding["Message-ID"].strip("<>").partition("@")[0]
            melding.set_boundary(f"=={skille}==")
        for del_ in melding.walk():
            if del_.get_content_type() == "text/calendar":
                _as_calendar(del_, self.metode)
        return melding


def _as_calendar(del_: Message, metode: str) -> None:
    """METHOD as in the file, and base64: a calendar program must get each byte as it was written."""
    innhold = del_.get_payload(decode=True)
    del del_["Content-Transfer-Encoding"]
    del_.set_payload(innhold)
    encoders.encode_base64(del_)
    del_.set_param("method", metode)
    del_.set_param("name", "samling.ics")


def to_melding(brev: Brev) -> Brevmelding:
    """The message that goes to the mail server."""
    emne, tekst = json.loads(unseal(brev.tekst)) if brev.hemmelig else (brev.emne, brev.tekst)
    hode = {
        "Message-ID": brev.melding_id,
        "Date": format_datetime(brev.dato),
        "Content-Language": brev.spraak,
    }
    melding = Brevmelding(
        subject=emne,
        body=tekst,
        from_email=_sender(brev),
        to=[brev.epost],
        headers=hode,
        reply_to=_answers_to(brev),
    )
    if brev.kalender:
        melding.metode = brev.metode
        melding.attach_alternative(brev.kalender, "text/calendar")
    return melding


def _sender(brev: Brev) -> str:
    """The network's name before the installation's address: on a phone the sender is what one sees first."""
    if brev.nettverk is None:
        return settings.DEFAULT_FROM_EMAIL
    return formataddr((one_line(brev.nettverk.navn), parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))


def _answers_to(brev: Brev) -> list[str]:
    avsender = brev.bestilt_av if brev.slag in BESVARES else None
    if avsender is None or not avsender.is_active:
        return []
    return [formataddr((one_line(avsender.navn), avsender.epost))]


class SmtpBackend(EmailBackend):
    """Django's own, which throws the server's answer away; this keeps it on the message (`svar`)."""

    def _send(self, email_message: EmailMessage) -> bool:
        tegnsett = email_message.encoding or settings.DEFAULT_CHARSET
        fra = sanitize_address(email_message.from_email, tegnsett)
        til = [sanitize_address(adresse, tegnsett) for adresse in email_message.recipients()]
        if not til:
            return False
        innhold = email_message.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]  # Django's own
        smtp: Any = self.connection
        smtp.ehlo_or_helo_if_needed()
        self._ask(smtp, smtp.mail(fra), lambda kode, svar: _sender_refused(kode, svar, fra))
        for adresse in til:
            self._ask(smtp, smtp.rcpt(adresse), lambda k, s: _recipient_refused(k, s, til[0]))
        try:
            kode, svar = smtp.data(innhold)
        except smtplib.SMTPDataError as feil:  # it would not even begin
            kode, svar = feil.smtp_code, feil.smtp_error
        except OSError as feil:  # smtplib's own errors are among them
            raise Uvisst from feil
        if kode < 0:
            raise Uvisst
        self._ask(smtp, (kode, svar), smtplib.SMTPDataError)
        email_message.svar = f"{kode} {svar.decode(errors='replace')}"  # type: ignore[attr-defined]
        return True

    def _ask(self, smtp: Any, svar: tuple[int, bytes], feil: Any) -> None:
        """Raise unless the server said yes."""
        kode, tekst = svar
        if kode in {-1, 421}:  # no answer at all, or it is closing
            raise smtplib.SMTPServerDisconnected(tekst.decode(errors="replace"))
        if kode >= 400:
            with suppress(smtplib.SMTPServerDisconnected):
                smtp.rset()
            raise feil(kode, tekst)


def _sender_refused(kode: int, svar: bytes, fra: str) -> Exception:
    return smtplib.SMTPSenderRefused(kode, svar, fra)


def _recipient_refused(kode: int, svar: bytes, til: str) -> Exception:
    return smtplib.SMTPRecipientsRefused({til: (kode, svar)})
