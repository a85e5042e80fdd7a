"""A unit moves from one network to another: proposed by the one it comes to, answered by the one it leaves.

The file import takes no unit from another network; this is the way it comes over.
"""

import datetime
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kommuner.enhetsimport.inndeling import Inndeling
from kommuner.gyldighet import periode
from kommuner.models import Enhet, Kommune, Plassering
from nettverk.arbeid import brev
from nettverk.arbeid.brev import Utkast, brevslag, key
from nettverk.arbeid.epost import hel_adresse
from nettverk.models import Brev, Flytteforslag, Gruppe, Nettverk, Person, Verv
from nettverk.sikkerhet import grenser
from nettverk.sikkerhet.grenser import Grense
from nettverk.skriving.konflikt import KanIkke
from nettverk.tilgang.roller import coordinators
from nettverk.utviklingsgrupper import ensure_utviklingsgrupper
from nettverk.verv import end_with_groups

Tilstand = Flytteforslag.Tilstand

# So that nobody fills another network's letterbox.
PER_DAG = Grense("nettverk.flytteforslag", 30, datetime.timedelta(days=1))


def address(nettverk: Nettverk, forslag: Flytteforslag) -> str:
    return reverse("nettverk:flytteforslag", args=[nettverk.slug, forslag.pk])


def _is_answered(forslag: Flytteforslag, _letter: Brev) -> str:
    return "" if forslag.er_aapent else _("Forslaget er besvart, så e-posten blir ikke sendt.")


FORSLAG = brevslag(
    "nettverk.flytteforslag",
    gettext_lazy("Forslag om at en enhet flyttes"),
    tillatelse="nettverk.answer_flytteforslag",
    url=lambda forslag: address(forslag.fra_nettverk, forslag),
    hindrer=_is_answered,
)
SVAR = brevslag(
    "nettverk.flyttesvar",
    gettext_lazy("Svar på forslag om at en enhet flyttes"),
    tillatelse="nettverk.withdraw_flytteforslag",
    url=lambda forslag: address(forslag.til_nettverk, forslag),
)


# --- the acts


def network_of(enhet: Enhet, *, dato: datetime.date, ikke: Nettverk) -> Nettverk | None:
    """The other network that the unit lies in on `dato`; None when it lies in none, or in `ikke`.

    KanIkke when it lies in several: which of them it leaves is not for one of them to say.
    """
    kommune = Plassering.objects.filter(enhet=enhet).gyldig(dato).values("kommune")
    hos = list(
        Nettverk.objects.filter(
            medlemskap__kommune__in=kommune, medlemskap__gyldig__contains=dato
        ).distinct()
    )
    if ikke in hos or not hos:
        return None
    if len(hos) > 1:
        raise KanIkke(_("Enheten er med i flere nettverk, så bare administratoren kan flytte den."))
    return hos[0]


def propose(
    *,
    enhet: Enhet,
    nettverk: Nettverk,
    kommune: Kommune,
    dato: datetime.date,
    grunn: str,
    by: Person,
) -> Flytteforslag:
    """Ask the network that has the unit to let it come to `kommune` in ours; its coordinators get a letter."""
    if not grenser.take(PER_DAG, nettverk.pk):
        raise KanIkke(_("Dere har foreslått mange flyttinger i dag. Prøv igjen i morgen."))
    with transaction.atomic():
        fra = network_of(enhet, dato=dato, ikke=nettverk)
        if fra is None:
            raise KanIkke(
                _(
                    "Enheten er ikke med i et annet nettverk på denne datoen. Last opp en fil med enheten i stedet."
                )
            )
        _require_member(nettverk, kommune, dato)
        try:
            with transaction.atomic():
                forslag = Flytteforslag.objects.create(
                    enhet=enhet,
                    fra_nettverk=fra,
                    til_nettverk=nettverk,
                    til_kommune=kommune,
                    dato=dato,
                    grunn=grunn,
                    foreslaatt_av=by,
                )
        except IntegrityError as feil:
            raise KanIkke(
                _("Det er allerede foreslått at denne enheten flyttes. Vent på svaret.")
            ) from feil
        _write(forslag, slag=FORSLAG, til=fra, mal="nettverk/epost/flytteforslag.txt", by=by)
    return forslag


@transaction.atomic
def accept(forslag: Flytteforslag, *, by: Person) -> Flytteforslag:
    """Let the unit go: from the day it lies in the other network's kommune, with an empty utviklingsgruppe.

    Its utviklingsgruppe here ends that day, and the Verv in it with it. Those who proposed get a letter.
    KanIkke when it has been answered otherwise, or when the unit has moved meanwhile.
    """
    forslag = _lock(forslag)
    if forslag.tilstand == Tilstand.GODTATT:
        return forslag
    _require_open(forslag)
    hos = network_of(forslag.enhet, dato=forslag.dato, ikke=forslag.til_nettverk)
    if hos != forslag.fra_nettverk:
        raise KanIkke(_("Enheten er flyttet siden forslaget kom, så det kan ikke godtas lenger."))
    _require_member(forslag.til_nettverk, forslag.til_kommune, forslag.dato)
    _move(forslag)
    _end_groups(forslag)
    ensure_utviklingsgrupper(forslag.til_nettverk)
    return _answer(forslag, Tilstand.GODTATT, by=by)


@transaction.atomic
def decline(forslag: Flytteforslag, *, by: Person) -> Flytteforslag:
    """The unit stays. Those who proposed get a letter."""
    forslag = _lock(forslag)
    if forslag.tilstand == Tilstand.AVSLAATT:
        return forslag
    _require_open(forslag)
    return _answer(forslag, Tilstand.AVSLAATT, by=by)


@transaction.atomic
def withdraw(forslag: Flytteforslag, *, by: Person) -> Flytteforslag:
    """Those who proposed want it no longer. A letter that waits is not sent."""
    forslag = _lock(forslag)
    if forslag.tilstand == Tilstand.TRUKKET:
        return forslag
    _require_open(forslag)
    brev.withdraw(Brev.objects.about(forslag).filter(slag=FORSLAG))
    return _close(forslag, Tilstand.TRUKKET, by=by)


# --- what they are made of


def _lock(forslag: Flytteforslag) -> Flytteforslag:
    # The unit first, as the file import does: the two never wait for each other.
    Enhet.objects.select_for_update().get(pk=forslag.enhet_id)
    return (
        Flytteforslag.objects.select_for_update(of=("self",))
        .select_related("enhet", "fra_nettverk", "til_nettverk", "til_kommune")
        .get(pk=forslag.pk)
    )


def _require_open(forslag: Flytteforslag) -> None:
    if not forslag.er_aapent:
        raise KanIkke(
            _("Forslaget er allerede %(tilstand)s.") % {"tilstand": forslag.get_tilstand_display()}
        )


def _require_member(nettverk: Nettverk, kommune: Kommune, dato: datetime.date) -> None:
    if not nettverk.kommuner(dato).filter(pk=kommune.pk).exists():
        raise KanIkke(_("Kommunen er ikke med i nettverket på denne datoen."))


def _move(forslag: Flytteforslag) -> None:
    """It lies in the old kommune until the day, and from then where the new one, and what it becomes, lies."""
    her = Plassering.objects.filter(enhet=forslag.enhet).gyldig(forslag.dato).get()
    til = her.til
    her.end(forslag.dato)
    Plassering.objects.bulk_create(
        Plassering(enhet=forslag.enhet, kommune_id=kommune, gyldig=periode(fra, slutt))
        for kommune, fra, slutt in Inndeling.fetch().kjede(
            forslag.til_kommune_id, forslag.dato, til
        )
    )


def _end_groups(forslag: Flytteforslag) -> None:
    hos = Gruppe.objects.filter(nettverk=forslag.fra_nettverk, enhet=forslag.enhet)
    end_with_groups(list(hos.held()), forslag.dato)


def _answer(forslag: Flytteforslag, tilstand: str, *, by: Person) -> Flytteforslag:
    _close(forslag, tilstand, by=by)
    mal = "nettverk/epost/flyttesvar.txt"
    _write(forslag, slag=SVAR, til=forslag.til_nettverk, mal=mal, by=by)
    return forslag


def _close(forslag: Flytteforslag, tilstand: str, *, by: Person) -> Flytteforslag:
    forslag.tilstand, forslag.besvart, forslag.besvart_av = tilstand, timezone.now(), by
    forslag.save(update_fields=["tilstand", "besvart", "besvart_av"])
    return forslag


def _write(forslag: Flytteforslag, *, slag: str, til: Nettverk, mal: str, by: Person) -> None:
    """A letter to each coordinator of `til`."""
    verv = coordinators(Verv.objects.filter(gruppe__nettverk=til)).gyldig()
    folk = Person.objects.filter(pk__in=verv.values("person"), is_active=True)
    data: dict[str, Any] = {
        "forslag": forslag,
        "adresse": hel_adresse(address(til, forslag)),
    }
    noekkel = partial(key, slag, forslag, "person")
    brev.queue_many(
        [Utkast(person, mal, noekkel(person.pk), data) for person in folk],
        nettverk=til,
        slag=slag,
        om=forslag,
        by=by,
    )
