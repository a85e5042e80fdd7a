"""The few happenings that the administrators are told of by letter, at most once an hour for each kind."""

import datetime

from django.utils import translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nettverk.arbeid.brev import brevslag, queue_account
from nettverk.arbeid.epost import hel_adresse
from nettverk.models.person import Person
from nettverk.models.sikkerhet import Sikkerhetshendelse
from nettverk.sikkerhet import grenser
from nettverk.sikkerhet.grenser import Grense

ALARM = brevslag("nettverk.alarm", gettext_lazy("Varsel om sikkerheten i portalen"))
SIDE = "/sikkerhetslogg/"

_EN_TIME = Grense("nettverk.alarm", 1, datetime.timedelta(hours=1))


def ring(hendelse: Sikkerhetshendelse, *, tittel: str | Promise) -> int:
    """Write to every administrator but the one it is about, who is told otherwise; returns how many."""
    alle = Person.objects.filter(is_superuser=True, is_active=True)
    folk = list(alle.exclude(pk=hendelse.person_id))
    if not folk or not grenser.take(_EN_TIME, hendelse.slag):
        return 0
    for person in folk:
        with translation.override(person.spraak or "nb"):
            tid = localtime(hendelse.tid)
            queue_account(
                til=person,
                epost=person.epost,
                slag=ALARM,
                emne=_("Sikkerhetsvarsel: %(hva)s") % {"hva": tittel},
                tekst=_(
                    "Dette skjedde %(dato)s klokka %(tid)s:\n%(hva)s\n\nSe hva det gjelder i sikkerhetsloggen:\n%(adresse)s\n\nSkjer det igjen den neste timen, får du ikke flere e-poster om det.\n"
                )
                % {
                    "dato": date_format(tid, "DATE_FORMAT"),
                    "tid": date_format(tid, "H.i"),
                    "hva": tittel,
                    "adresse": hel_adresse(f"{SIDE}?slag={hendelse.slag}"),
                },
            )
    return len(folk)
