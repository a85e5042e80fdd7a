"""A participant's own code: an address and a picture that leads to the door of a gathering (`doer`).

A code is for one person, or one guest, at one gathering.
"""

import datetime
from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from nettverk.models import Person
from nettverk.side import kode as tegnet
from rolu.models import Deltakerkode, Samling

OPPBEVARES = datetime.timedelta(days=30)


def code_of(samling: Samling, person: Person) -> str:
    """The person's code at the gathering, made the first time it is asked for. One query when it is there."""
    while True:
        rad = Deltakerkode.objects.filter(samling=samling, person=person).first()
        if rad:
            return str(rad.kode)
        try:
            with transaction.atomic():
                Deltakerkode.objects.create(samling=samling, kode=tegnet.draw(), person=person)
        except IntegrityError:  # somebody else made it meanwhile, or the code is taken: look again
            continue


def codes_of(
    samling: Samling, personer: Collection[int], gjester: Collection[int] = ()
) -> tuple[dict[int, str], dict[int, str]]:
    """The codes of many at once, by person and by guest; those that are missing are made. Three queries,
    one when all are there."""
    egne = Deltakerkode.objects.filter(samling=samling).filter(
        Q(person__in=personer) | Q(gjest__in=gjester)
    )
    har = _by_whom(egne)
    nye = [
        Deltakerkode(samling=samling, person_id=pk, kode=tegnet.draw())
        for pk in personer
        if pk not in har[0]
    ]
    nye += [
        Deltakerkode(samling=samling, gjest_id=pk, kode=tegnet.draw())
        for pk in gjester
        if pk not in har[1]
    ]
    if nye:
        Deltakerkode.objects.bulk_create(nye, ignore_conflicts=True)
        har = _by_whom(egne)
    return har


def _by_whom(koder: QuerySet[Deltakerkode]) -> tuple[dict[int, str], dict[int, str]]:
    personer: dict[int, str] = {}
    gjester: dict[int, str] = {}
    for rad in koder.all():
        if rad.person_id:
            personer[rad.person_id] = rad.kode
        elif rad.gjest_id:
            gjester[rad.gjest_id] = rad.kode
    return personer, gjester


def path(kode: str) -> str:
    """Where the code leads, inside the portal."""
    return reverse("kode", args=[kode])


def address(kode: str) -> str:
    """The whole address, for a QR code and for paper."""
    return tegnet.whole(path(kode))


def qr(kode: str) -> SafeString:
    """The address as a picture."""
    return tegnet.qr(address(kode), tittel=_("QR-kode til innsjekk"))


def purge(naa: datetime.datetime) -> int:
    """Delete the codes of gatherings that have been over for some time."""
    antall, _hva = Deltakerkode.objects.filter(samling__slutt__lt=naa - OPPBEVARES).delete()
    return antall
