"""Small news to people: by letter at once, or a line in the letter of the week, as each has chosen."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from nettverk.arbeid.brev import Utkast, brevslag, key, queue_many, withdraw
from nettverk.arbeid.brevvalg import chosen_by
from nettverk.arbeid.epost import hel_adresse
from nettverk.arbeid.gjelder import gjelder
from nettverk.flater import portaldeler
from nettverk.models.brev import Brev
from nettverk.models.brevvalg import Naar, Nyhet
from nettverk.models.nettverk import Nettverk
from nettverk.models.person import Person

UKESBREV = brevslag("nettverk.ukesbrev", _("Nytt denne uka"))
_MAKS = Nyhet._meta.get_field("tekst").max_length or 400


@dataclass(frozen=True)
class Nyhetslinje:
    """One piece of news to one person: said in their language when it is written, and where it is read.

    `noekkel` is the letter's key: told twice with the same, it is told once."""

    til: Person
    tekst: Callable[[], str]
    adresse: str
    noekkel: str


@transaction.atomic
def tell(
    linjene: Iterable[Nyhetslinje], *, nettverk: Nettverk, slag: str, om: Model, by: Person | None
) -> None:
    """Tell each as they have chosen for that kind of letter. Constant queries."""
    alle = list(linjene)
    valgt = chosen_by([linje.til for linje in alle], slag)
    queue_many(
        [
            Utkast(
                til=linje.til,
                mal="nettverk/epost/nytt.txt",
                noekkel=linje.noekkel,
                data={
                    "tekst": linje.tekst,
                    "adresse": hel_adresse(linje.adresse),
                    "valg": _where_to_choose(),
                },
            )
            for linje in alle
            if valgt[linje.til.pk] == Naar.STRAKS
        ],
        nettverk=nettverk,
        slag=slag,
        om=om,
        by=by,
    )
    Nyhet.objects.bulk_create(
        [
            Nyhet(
                nettverk=nettverk,
                til=linje.til,
                slag=slag,
                gjelder=gjelder(om),
                tekst=_said(linje, nettverk),
                adresse=linje.adresse,
                noekkel=linje.noekkel,
            )
            for linje in alle
            if valgt[linje.til.pk] == Naar.UKE
        ],
        ignore_conflicts=True,
    )


def _said(linje: Nyhetslinje, nettverk: Nettverk) -> str:
    with translation.override(linje.til.spraak or nettverk.maalform):
        return linje.tekst()[:_MAKS]


def _where_to_choose() -> str:
    return hel_adresse(reverse("nettverk:konto_epost"))


def forget(noekkel: str) -> None:
    """What is taken back is no news: lines and letters that wait, whose keys begin with this one."""
    Nyhet.objects.filter(noekkel__startswith=f"{noekkel}:").delete()
    withdraw(Brev.objects.filter(noekkel__startswith=f"{noekkel}:"))


@transaction.atomic
def send_weekly(nettverk: Nettverk, naa: datetime.datetime) -> int:
    """Write one letter to each with what came before this week; returns how many. Safe to run twice.

    Whoever has left the network gets none, and what waited for them goes. What belongs to a part of the
    portal that is off, waits."""
    idag = timezone.localtime(naa).replace(hour=0, minute=0, second=0, microsecond=0)
    uka = idag - datetime.timedelta(days=idag.weekday())
    av = [slag for d in portaldeler() if not nettverk.uses(d.noekkel) for slag in d.brev]
    rader = list(
        Nyhet.objects.filter(nettverk=nettverk, opprettet__lt=uka)
        .exclude(slag__in=av)
        .select_for_update(of=("self",))
        .select_related("til")
        .order_by("opprettet", "pk")
    )
    medlemmer = set(
        Person.objects.in_nettverk(nettverk)
        .filter(pk__in={rad.til_id for rad in rader}, is_active=True)
        .values_list("pk", flat=True)
    )
    # Said several times of the same, it is one line.
    linjer: dict[Person, dict[tuple[str, str], None]] = {}
    for rad in rader:
        if rad.til_id in medlemmer:
            linjer.setdefault(rad.til, {})[(rad.tekst, hel_adresse(rad.adresse))] = None
    nye = queue_many(
        [
            Utkast(
                til=person,
                mal="nettverk/epost/ukesbrev.txt",
                noekkel=key(UKESBREV, nettverk, "person", person.pk, "uke", f"{uka:%G-%V}"),
                data={"linjer": list(egne), "valg": _where_to_choose()},
            )
            for person, egne in linjer.items()
        ],
        nettverk=nettverk,
        slag=UKESBREV,
        om=nettverk,
        by=None,
    )
    Nyhet.objects.filter(pk__in=[rad.pk for rad in rader]).delete()
    return len(nye)
