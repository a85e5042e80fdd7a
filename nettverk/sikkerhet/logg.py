"""The security log: what happened to the accounts and the rights, for the administrator (ASVS 5.0, V16).

A row in the database, and a line on standard error for those who gather logs elsewhere: the kind, the
accounts by number, the address cut to its network. Never a name, a code or a whole address.
"""

import datetime
import json
import logging
from dataclasses import dataclass
from typing import Any

from allauth.core import context as allauth_context
from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise

from nettverk.models.nettverk import Nettverk
from nettverk.models.person import Person
from nettverk.models.sikkerhet import Sikkerhetshendelse
from nettverk.sikkerhet import grenser
from nettverk.sikkerhet.adresse import client_ip, prefix
from nettverk.sikkerhet.alarm import ring
from nettverk.sikkerhet.grenser import Grense

logger = logging.getLogger("nettverk.sikkerhet")


@dataclass(frozen=True)
class Hendelsesslag:
    """A kind of happening: what it is called. `alarm`: the administrators get a letter. `mange`: they get
    one when there are more than that of it, whoever it is about."""

    navn: str
    tittel: str | Promise
    alarm: bool = False
    mange: Grense | None = None


_slag: dict[str, Hendelsesslag] = {}


def hendelsesslag(
    navn: str, tittel: str | Promise, *, alarm: bool = False, mange: Grense | None = None
) -> str:
    """Register a kind of happening, «<app>.<what>»; returns its name."""
    _slag[navn] = Hendelsesslag(navn, tittel, alarm, mange)
    return navn


def slag(navn: str) -> Hendelsesslag:
    """The kind, also when the app no longer has it."""
    return _slag.get(navn) or Hendelsesslag(navn, navn)


def all_slag() -> list[Hendelsesslag]:
    return sorted(_slag.values(), key=lambda ett: ett.navn)


def record(
    slag: str,
    *,
    request: HttpRequest | None = None,
    person: Person | None = None,
    by: Person | None = None,
    nettverk: Nettverk | None = None,
    **opplysninger: Any,
) -> Sikkerhetshendelse:
    """Write down that it happened: about `person`, done by `by` when that is another.

    `opplysninger` are plain values (numbers, kinds, names of permissions), never text that people wrote.
    Without `request` it is the one that is being answered, if any.
    """
    request = request or allauth_context.request
    if slag not in _slag:
        raise LookupError(f"Ukjent slag sikkerhetshendelse: {slag}")
    hendelse = Sikkerhetshendelse.objects.create(
        slag=slag,
        person=person,
        av=by if by != person else None,
        nettverk=nettverk,
        adresse=prefix(client_ip(request)) if request else "",
        opplysninger=opplysninger,
    )
    linje = {
        "slag": slag,
        "person": hendelse.person_id,
        "av": hendelse.av_id,
        "nettverk": hendelse.nettverk_id,
        "adresse": hendelse.adresse,
        **opplysninger,
    }
    logger.info(json.dumps({k: v for k, v in linje.items() if v not in (None, "")}))
    kjent = _slag[slag]
    if kjent.alarm or (kjent.mange and not grenser.take(kjent.mange)):
        ring(hendelse, tittel=kjent.tittel)
    return hendelse


def purge(naa: datetime.datetime) -> int:
    """Delete what is older than 90 days."""
    antall, _detaljer = Sikkerhetshendelse.objects.filter(
        tid__lt=naa - settings.SIKKERHETSLOGG_BEHOLDES
    ).delete()
    return antall
