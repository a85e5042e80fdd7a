"""Mail to people: in their own language, from a template, with whole addresses."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

from nettverk.models.nettverk import Nettverk
from nettverk.models.person import Person


def hel_adresse(sti: str) -> str:
    """The whole address of a page of the portal, for a mail."""
    return f"{settings.PORTAL_ADRESSE}{sti}"


def send(*, til: Person, nettverk: Nettverk, mal: str, data: dict[str, Any]) -> None:
    """Send one mail now. The template's first line is the subject, the rest the text.

    Call it from a job: a mail server may be slow or away.
    """
    with translation.override(til.spraak or nettverk.maalform):
        tekst = render_to_string(mal, {"person": til, "nettverk": nettverk, **data})
    emne, _skille, innhold = tekst.strip().partition("\n")
    EmailMessage(subject=emne.strip(), body=innhold.strip() + "\n", to=[til.epost]).send()
