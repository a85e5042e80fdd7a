"""Networks of Nordmøre's size, many of them, for measuring; and how to be rid of them."""

import datetime

from django.db import connection, transaction
from django.db.models import QuerySet

from kommuner.gyldighet import idag, periode
from kommuner.models import Enhet, Enhetstall, Kommune, Plassering
from nettverk.demo.data.enhetsnavn import ANTALL
from nettverk.demo.nettverkene import build_testnettverk
from nettverk.flater import portaler
from nettverk.models import Gruppe, Gruppebekreftelse, Jobb, Medlemskap, Nettverk, Person, Verv
from nettverk.models.rolle import ENHETSROLLER

# Eight kommunenummer from 7000 for each; no real number is there, and the series ends at 7999.
FORSTE_KOMMUNENUMMER = 7000
FLEST = 1000 // len(ANTALL)


def slug_of(nummer: int) -> str:
    return f"test-{nummer:03}"


@transaction.atomic
def make(nummer: int) -> bool:
    """Make test network `nummer` with all that the apps put in it. False when it is there already."""
    if Nettverk.objects.filter(slug=slug_of(nummer)).exists():
        return False
    nettverk = Nettverk.objects.create(
        slug=slug_of(nummer),
        navn=f"Testnettverk {nummer:03}",
        kortnavn=f"Test {nummer:03}",
        er_testdata=True,
        er_offentlig=False,
        rekkefolge=1000 + nummer,
        satt_opp=idag(),
        paakrevde_roller=list(ENHETSROLLER),
    )
    _kommuner(nettverk, nummer)
    build_testnettverk(nettverk, nummer)
    for portal in portaler():
        portal.make_testdata(nettverk)
    return True


def _kommuner(nettverk: Nettverk, nummer: int) -> None:
    siden = periode(datetime.date(2010, 1, 1))
    forste = FORSTE_KOMMUNENUMMER + (nummer - 1) * len(ANTALL)
    kommuner = Kommune.objects.bulk_create(
        Kommune(
            kommunenummer=str(forste + n), navn=f"Testkommune {nummer:03}-{n + 1}", gyldig=siden
        )
        for n in range(len(ANTALL))
    )
    Medlemskap.objects.bulk_create(
        Medlemskap(
            nettverk=nettverk, kommune=k, gyldig=siden, kart_kolonne=n % 3 + 1, kart_rad=n // 3 + 1
        )
        for n, k in enumerate(kommuner)
    )


@transaction.atomic
def delete(nettverk: Nettverk) -> None:
    """Remove a test network with everything in it, people and history included."""
    if not nettverk.er_testdata:
        raise ValueError(f"{nettverk} er ikke laget for måling.")
    for portal in reversed(list(portaler())):
        portal.delete_testdata(nettverk)
    verv = Verv.objects.filter(gruppe__nettverk=nettverk)
    folk = list(verv.values_list("person", flat=True).distinct())
    enheter = list(nettverk.enheter().filter(er_demo=True).values_list("pk", flat=True))
    kommuner = list(nettverk.medlemskap.values_list("kommune", flat=True))
    for rader in (
        Jobb.objects.filter(nettverk=nettverk),
        verv,
        Gruppebekreftelse.objects.filter(gruppe__nettverk=nettverk),
        Gruppe.objects.filter(nettverk=nettverk),
        Medlemskap.objects.filter(nettverk=nettverk),
        Enhetstall.objects.filter(enhet__in=enheter),
        Plassering.objects.filter(enhet__in=enheter),
        Enhet.objects.filter(pk__in=enheter),
    ):
        purge(rader)
    borte = Person.objects.filter(pk__in=folk, verv__isnull=True)
    _purge_history(borte)
    borte.delete()
    purge(Kommune.objects.filter(pk__in=kommuner))
    _purge_history(Nettverk.objects.filter(pk=nettverk.pk))
    nettverk.delete()


def purge(rader: QuerySet) -> None:
    """Delete the rows and their history at once, without fetching them. What points to them goes first."""
    _purge_history(rader)
    rader.order_by()._raw_delete(connection.alias)


def _purge_history(rader: QuerySet) -> None:
    historie = getattr(rader.model, "pgh_event_model", None)
    if historie is not None:
        historie.objects.filter(pgh_obj__in=rader.values("pk"))._raw_delete(connection.alias)
