"""Rows in bulk, safe to run twice: what is there already is left as it is."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from django.contrib.auth.hashers import make_password
from django.db import models

from kommuner.models import Enhet, Enhetstall, Plassering
from kommuner.orgnr import normalise
from nettverk.models import Gruppe, Nettverk, Person, Verv

M = TypeVar("M", bound=models.Model)
BUNKE = 2000


def numre(fra: int) -> Iterator[str]:
    """Organisation numbers that pass MOD11, from the eight digits `fra` upwards.

    Real numbers begin with 8 or 9; these begin with what `fra` begins with.
    """
    vekter = (3, 2, 7, 6, 5, 4, 3, 2)
    for rot in itertools.count(fra):
        siffer = -sum(v * int(s) for v, s in zip(vekter, str(rot), strict=True)) % 11
        if siffer < 10:
            yield normalise(f"{rot}{siffer}")


def save_missing(rader: Sequence[M], *felter: str) -> None:
    """Save the rows whose `felter` no saved row has; the others get that row's key."""
    if not rader:
        return
    model = type(rader[0])
    forste = felter[0]
    finnes = {
        tuple(verdier): pk
        for *verdier, pk in model._default_manager.filter(
            **{f"{forste}__in": {getattr(rad, forste) for rad in rader}}
        ).values_list(*felter, "pk")
    }
    nye = {}
    for rad in rader:
        noekkel = tuple(getattr(rad, felt) for felt in felter)
        rad.pk = finnes.get(noekkel)
        if rad.pk is None:
            nye[noekkel] = rad
    model._default_manager.bulk_create(nye.values(), batch_size=BUNKE)


def save_people(folk: Iterable[Person]) -> None:
    """People who sign in by e-mailed code, so without a password."""
    rader = list(folk)
    uten_passord = make_password(None)
    for person in rader:
        person.password = uten_passord
    save_missing(rader, "epost")


def save_units(
    enheter: Sequence[Enhet], plasseringer: Sequence[Plassering], tall: Sequence[Enhetstall]
) -> None:
    """Units, where they lie, and their figures."""
    save_missing(enheter, "organisasjonsnummer")
    _relate(plasseringer, "enhet")
    _relate(tall, "enhet")
    save_missing(plasseringer, "enhet_id")
    save_missing(tall, "enhet_id", "aar")


def save_groups(nettverk: Nettverk, grupper: Sequence[Gruppe]) -> None:
    """The units' utviklingsgrupper: one group for each unit."""
    _relate(grupper, "enhet")
    finnes: dict[int | None, int] = dict(
        nettverk.grupper.filter(type=Gruppe.Type.UTVIKLINGSGRUPPE).values_list("enhet_id", "pk")
    )
    for gruppe in grupper:
        gruppe.pk = finnes.get(gruppe.enhet_id)
    Gruppe.objects.bulk_create([g for g in grupper if g.pk is None], batch_size=BUNKE)


def save_verv(verv: Sequence[Verv]) -> None:
    """Appointments; an appointment that was ended or moved by hand is not made again."""
    _relate(verv, "gruppe")
    _relate(verv, "person")
    save_missing(verv, "gruppe_id", "person_id", "rolle")


def _relate(rader: Iterable[models.Model], felt: str) -> None:
    """Take over the key of a related row that was saved after it was set."""
    for rad in rader:
        setattr(rad, felt, getattr(rad, felt))
