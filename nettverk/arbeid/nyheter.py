"""Small news to people: by letter at once, or a line in the letter of the week, as each has chosen."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from nettverk.arbeid.brev import Utkast, brevslag, key, queue_many, withdraw
from nettverk.arbeid.brevvalg import chosen_by
from nettverk.arbeid.epost import hel_adresse
from nettverk.arbeid.gjelder import gjelder
from nettverk.flater import portaldeler, portaler
from nettverk.models.brev import Brev
from nettverk.models.brevvalg import Naar, Nyhet
from nettverk.models.nettverk import Nettverk
from nettverk.models.person import Person
from nettverk.tilgang.roller import Roller, roller_for

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


# --- the letter of the week


@transaction.atomic
def send_weekly(nettverk: Nettverk, naa: datetime.datetime) -> int:
    """Write one letter to each with what came before this week; returns how many. Safe to run twice, also at
    once.

    What the person may not read any longer goes without a word (`Portal.nyheter`). Who has had this week's
    letter gets the rest in the next, and what belongs to a part of the portal that is off, waits."""
    idag = timezone.localtime(naa).replace(hour=0, minute=0, second=0, microsecond=0)
    uka = idag - datetime.timedelta(days=idag.weekday())
    per_person: dict[Person, list[Nyhet]] = {}
    for rad in _waiting(nettverk, uka):
        per_person.setdefault(rad.til, []).append(rad)
    noekler = {
        person: key(UKESBREV, nettverk, "person", person.pk, "uke", f"{uka:%G-%V}")
        for person in per_person
    }
    har_faatt = set(
        Brev.objects.filter(noekkel__in=noekler.values()).values_list("noekkel", flat=True)
    )
    for person, noekkel in noekler.items():
        if noekkel in har_faatt:
            del per_person[person]
    linjer = {
        person: _lines(roller_for(person, nettverk), egne) for person, egne in per_person.items()
    }
    nye = queue_many(
        [
            Utkast(
                til=person,
                mal="nettverk/epost/ukesbrev.txt",
                noekkel=noekler[person],
                data={"linjer": egne, "valg": _where_to_choose()},
            )
            for person, egne in linjer.items()
            if egne
        ],
        nettverk=nettverk,
        slag=UKESBREV,
        om=nettverk,
        by=None,
    )
    # In the same transaction as the letters: a line is in a letter, or it waits.
    Nyhet.objects.filter(pk__in=[rad.pk for egne in per_person.values() for rad in egne]).delete()
    return len(nye)


def _waiting(nettverk: Nettverk, uka: datetime.datetime) -> QuerySet[Nyhet]:
    """What came before `uka` and is of the parts in use, held: whoever comes at the same moment waits, and finds
    it gone."""
    av = [slag for d in portaldeler() if not nettverk.uses(d.noekkel) for slag in d.brev]
    return (
        Nyhet.objects.filter(nettverk=nettverk, opprettet__lt=uka)
        .exclude(slag__in=av)
        .select_for_update(of=("self",))
        .select_related("til")
        .order_by("opprettet", "pk")
    )


def _lines(roller: Roller, rader: list[Nyhet]) -> list[tuple[str, str]]:
    """What is said and where it is read, of what the person may read today. Said several times of the same, it is
    one line."""
    if not roller.er_medlem:
        return []
    lesbare = {
        rad.pk for portal in portaler(roller.nettverk) for rad in portal.nyheter(roller, rader)
    }
    return list(
        dict.fromkeys((rad.tekst, hel_adresse(rad.adresse)) for rad in rader if rad.pk in lesbare)
    )


def about(rader: QuerySet, nyhetene: Iterable[Nyhet], slag: str) -> list[Nyhet]:
    """Those of the lines, of that kind, that are about one of `rader`: for an app to say which may still be read
    (`Portal.nyheter`). One query, none when there is no line of that kind."""
    egne = {
        nyhet: int(nyhet.gjelder.rpartition(":")[2]) for nyhet in nyhetene if nyhet.slag == slag
    }
    if not egne:
        return []
    finnes = set(rader.filter(pk__in=egne.values()).values_list("pk", flat=True))
    return [nyhet for nyhet, pk in egne.items() if pk in finnes]
