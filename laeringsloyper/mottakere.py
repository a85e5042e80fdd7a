"""«Følger løypa» as a choice of audience: the tracks one can choose, and the units that follow them."""

import datetime

from django.utils.translation import gettext_lazy as _

from kommuner.models.enhet import EnhetQuerySet
from laeringsloyper.folging import followers
from laeringsloyper.models import Laeringsloype
from nettverk.models import Nettverk
from nettverk.mottakere.slag import Valg, mottakerslag
from nettverk.side.innhold import innhold


def loyper_to_choose(nettverk: Nettverk, dato: datetime.date) -> Valg:
    """The network's tracks with a period that is not over on the day. One query."""
    loyper = Laeringsloype.objects.filter(nettverk=nettverk).not_over(dato)
    return [(loype.slug, innhold(loype.navn, nettverk)) for loype in loyper]


def units_following(nettverk: Nettverk, verdier: list[str], dato: datetime.date) -> EnhetQuerySet:
    """The units that follow one of the tracks on the day."""
    return followers(
        nettverk, Laeringsloype.objects.filter(nettverk=nettverk, slug__in=verdier), dato
    )


FOLGER = mottakerslag(
    "laeringsloyper.loype",
    _("Følger læringsløypa"),
    options=loyper_to_choose,
    units=units_following,
    del_="laeringsloyper",
    rekkefolge=30,
)
