"""Reminders of a deadline to those whose unit has not delivered: 14 days and 2 days before – the Friday before, when
that is in a weekend – one letter to each."""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nettverk.arbeid.brev import Utkast, brevslag, key, queue_many
from nettverk.arbeid.epost import hel_adresse
from nettverk.arbeid.gjelder import gjelder
from nettverk.models import Brev, Naar, Nettverk, Person, Verv
from rolu.models import Mellomarbeid, Oppdrag, Paaminnelse

DAGER = (14, 2)
# A machine that was down is caught up with, also over a weekend.
_ETTERSLEP = 3
_FREDAG = 4
# The choices within the part: a network does without one or both.
VALG = tuple(
    (f"paaminnelse{dager}", navn)
    for dager, navn in zip(
        DAGER, (_("14 dager før fristen"), _("2 dager før fristen")), strict=True
    )
)


def _is_in_the_way(nettverk: Nettverk, brev: Brev) -> str:
    """Everything was delivered, or is no longer asked, while the letter waited."""
    mangler = Mellomarbeid.objects.missing().of_present_units(nettverk)
    mangler = mangler.filter(
        oppdrag__nettverk=nettverk,
        oppdrag__frist__gte=timezone.localdate(),
        gruppe__in=Verv.objects.filter(person=brev.til).gyldig().values("gruppe"),
    )
    return "" if mangler.exists() else gettext("Alt er levert nå, så påminnelsen blir ikke sendt.")


FRIST = brevslag(
    "rolu.frist",
    _("Påminnelse om frist"),
    hindrer=_is_in_the_way,
    url=lambda nettverk: reverse("rolu:mellomarbeid_list", args=[nettverk.slug]),
    naar=Naar.STRAKS,
    valg=(Naar.STRAKS, Naar.ALDRI),
    om=_("Når fristen for mellomarbeidet nærmer seg"),
)


@dataclass(frozen=True)
class _Minnes:
    """Something a person is reminded of: an assignment that a unit of theirs has not delivered."""

    oppdrag: Oppdrag
    dager: int
    arbeid: Mellomarbeid


def days_used(nettverk: Nettverk) -> list[int]:
    """How many days before a deadline this network reminds."""
    return [dager for dager in DAGER if nettverk.uses(f"mellomarbeid.paaminnelse{dager}")]


def dates_of(oppdrag: Oppdrag) -> list[datetime.date]:
    """When those who have not delivered will be reminded, of an assignment given today or before."""
    return list(_dates(oppdrag).values())


def _dates(oppdrag: Oppdrag) -> dict[int, datetime.date]:
    """The same by how many days before the deadline it is for."""
    gitt = timezone.localdate(oppdrag.gitt) if oppdrag.gitt else timezone.localdate()
    datoer = {
        dager: _weekday(oppdrag.frist - datetime.timedelta(days=dager))
        for dager in days_used(oppdrag.nettverk)
    }
    return {dager: dato for dager, dato in datoer.items() if dato > gitt}


def _weekday(dato: datetime.date) -> datetime.date:
    """The Friday before, of a day in a weekend: then nothing is sent (`nettverk.arbeid.faste_brev`), and on Monday the
    deadline may be there."""
    return dato - datetime.timedelta(days=max(0, dato.weekday() - _FREDAG))


@transaction.atomic
def remind(nettverk: Nettverk, naa: datetime.datetime) -> int:
    """Write to everyone in the groups of the units that have not delivered, one letter to each with all
    that is theirs; returns how many. Safe to run twice, also at once. Constant queries."""
    oppdragene = _due(nettverk, timezone.localdate(naa))
    if not oppdragene:
        return 0
    minnes = _by_person(nettverk, oppdragene)
    _leave_out_newcomers(minnes)
    nye = _not_reminded(minnes)
    brev = queue_many(
        [
            Utkast(
                til=person,
                mal="rolu/epost/frist.txt",
                noekkel=key(FRIST, nettverk, "person", person.pk, "paaminnelse", nye[person]),
                data={
                    "linjer": [
                        (m.oppdrag, m.arbeid.enhet, m.arbeid.status, _address(m.arbeid))
                        for m in minnes[person]
                    ],
                    "valg": hel_adresse(reverse("nettverk:konto_epost")),
                },
            )
            for person in nye
        ],
        nettverk=nettverk,
        slag=FRIST,
        om=nettverk,
        by=None,
    )
    return len(brev)


def _address(arbeid: Mellomarbeid) -> str:
    return hel_adresse(reverse("rolu:mellomarbeid", args=[arbeid.nettverk.slug, arbeid.pk]))


def _due(nettverk: Nettverk, dag: datetime.date) -> dict[int, tuple[Oppdrag, int]]:
    """The assignments of which it is time to remind today, and at how many days. Held, so that whoever comes
    at the same moment waits. Given so late that the letter that told of it has just come, it is left out."""
    helg = 2
    alle = Oppdrag.objects.asked().filter(
        nettverk=nettverk,
        frist__gte=dag,
        frist__lte=dag + datetime.timedelta(days=max(DAGER) + helg),
    )
    naa: dict[int, tuple[Oppdrag, int]] = {}
    for oppdrag in alle.select_for_update(of=("self",), no_key=True).order_by("pk"):
        oppdrag.nettverk = nettverk
        for dager, dato in _dates(oppdrag).items():
            if dato <= dag <= dato + datetime.timedelta(days=_ETTERSLEP):
                naa[oppdrag.pk] = (oppdrag, dager)
    return naa


def _by_person(
    nettverk: Nettverk, oppdragene: dict[int, tuple[Oppdrag, int]]
) -> dict[Person, list[_Minnes]]:
    """Everyone in the groups today of the units of today, with what is not delivered, the nearest deadline first."""
    mangler = list(
        Mellomarbeid.objects.missing()
        .of_present_units(nettverk)
        .filter(oppdrag__in=oppdragene)
        .select_related("gruppe__enhet")
        .order_by("oppdrag__frist", "gruppe__enhet__sortering", "pk")
    )
    folk: dict[int, list[Person]] = {}
    verv = Verv.objects.filter(
        gruppe__in={m.gruppe_id for m in mangler}, person__is_active=True
    ).gyldig()
    for v in verv.select_related("person").order_by("pk"):
        folk.setdefault(v.gruppe_id, []).append(v.person)
    minnes: dict[Person, list[_Minnes]] = {}
    for arbeid in mangler:
        oppdrag, dager = oppdragene[arbeid.oppdrag_id]
        arbeid.oppdrag = oppdrag
        for person in dict.fromkeys(folk.get(arbeid.gruppe_id, ())):
            minnes.setdefault(person, []).append(_Minnes(oppdrag, dager, arbeid))
    return minnes


def _leave_out_newcomers(minnes: dict[Person, list[_Minnes]]) -> None:
    """Of what somebody was given on the day of the reminder or after it, the letter that told of it says enough."""
    om = {gjelder(m.oppdrag): m.oppdrag.pk for egne in minnes.values() for m in egne}
    fikk: dict[tuple[int | None, int], datetime.date] = {}
    brev = Brev.objects.filter(gjelder__in=om, til__in=minnes).order_by("opprettet")
    for til, hva, naar in brev.values_list("til", "gjelder", "opprettet"):
        fikk[til, om[hva]] = timezone.localdate(naar)
    for person, egne in minnes.items():
        egne[:] = [
            m
            for m in egne
            if fikk.get((person.pk, m.oppdrag.pk), datetime.date.min) < _dates(m.oppdrag)[m.dager]
        ]


def _not_reminded(minnes: dict[Person, list[_Minnes]]) -> dict[Person, int]:
    """Those who have not been reminded of all of theirs before, each with the first of the new rows that say
    they have now. What they were reminded of before goes out of their list."""
    alle = {
        (m.oppdrag.pk, person.pk, m.oppdrag.frist, m.dager): (person, m)
        for person, egne in minnes.items()
        for m in egne
    }
    foer = set(
        Paaminnelse.objects.filter(oppdrag__in={n[0] for n in alle}).values_list(
            "oppdrag", "person", "frist", "dager"
        )
    )
    for person, egne in minnes.items():
        egne[:] = [m for m in egne if _row(person, m) not in foer]
    rader = Paaminnelse.objects.bulk_create(
        Paaminnelse(oppdrag_id=oppdrag, person_id=person, frist=frist, dager=dager)
        for oppdrag, person, frist, dager in alle
        if (oppdrag, person, frist, dager) not in foer
    )
    foerste: dict[int, int] = {}
    for rad in rader:
        foerste.setdefault(rad.person_id, rad.pk)
    return {person: foerste[person.pk] for person in minnes if person.pk in foerste}


def _row(person: Person, m: _Minnes) -> tuple[int, int, datetime.date, int]:
    return m.oppdrag.pk, person.pk, m.oppdrag.frist, m.dager


def purge(naa: datetime.datetime) -> int:
    """Of deadlines that are long past nobody is reminded again."""
    siden = timezone.localdate(naa) - datetime.timedelta(days=365)
    antall, _detaljer = Paaminnelse.objects.filter(frist__lt=siden).delete()
    return antall
