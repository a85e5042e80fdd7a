"""The two filters that every network has: where a unit lies, and what it is."""

import datetime

from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from kommuner.models import Enhet, Kommune
from nettverk.models import Nettverk
from nettverk.mottakere.slag import Valg, mottakerslag


def _kommuner(nettverk: Nettverk, dato: datetime.date) -> Valg:
    return list(nettverk.kommuner(dato).with_navn(dato).values_list("kommunenummer", "navn_da"))


def _chosen(nettverk: Nettverk, verdier: list[str], dato: datetime.date) -> QuerySet[Kommune]:
    return nettverk.kommuner(dato).filter(kommunenummer__in=verdier)


def _in_kommuner(nettverk: Nettverk, verdier: list[str], dato: datetime.date) -> QuerySet[Enhet]:
    return Enhet.objects.in_kommuner(_chosen(nettverk, verdier, dato).values("pk"), dato)


def _types(nettverk: Nettverk, dato: datetime.date) -> Valg:
    """Those that the network has units of."""
    finnes = set(nettverk.enheter(dato).order_by().values_list("type", flat=True).distinct())
    return [(kode, capfirst(label)) for kode, label in Enhet.Type.choices if kode in finnes]


def _of_type(_nettverk: Nettverk, verdier: list[str], _dato: datetime.date) -> QuerySet[Enhet]:
    return Enhet.objects.filter(type__in=verdier)


KOMMUNE = mottakerslag(
    "nettverk.kommune",
    _("Kommuner"),
    options=_kommuner,
    units=_in_kommuner,
    kommuner=_chosen,
    rekkefolge=10,
)
ENHETSTYPE = mottakerslag(
    "nettverk.enhetstype", _("Type enhet"), options=_types, units=_of_type, rekkefolge=20
)
