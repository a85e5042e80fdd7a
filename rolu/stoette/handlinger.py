"""What is done about a signal: the unit says «slik er det»; the kommune or the koordinator sends a greeting, agrees on
guidance, or notes a talk. The unit reads all of it."""

import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kommuner.gyldighet import idag
from kommuner.models import Enhet
from nettverk.arbeid import brev
from nettverk.arbeid.brev import Utkast, brevslag, key
from nettverk.arbeid.epost import hel_adresse
from nettverk.models import Nettverk, Person, Rolle, Verv
from nettverk.sikkerhet import grenser
from nettverk.sikkerhet.grenser import Grense
from nettverk.skriving.konflikt import KanIkke
from rolu.models import Stoettehandling, Stoettesignal
from rolu.stoette.signaler import Slag, find

MAL = "rolu/epost/hilsen.txt"
# One year: the talk is either followed up by then, or over. Guidance is told of as long.
BEHOLDES = datetime.timedelta(days=365)
# Each is written for one unit. Nobody has more to greet in a day.
HILSENER = Grense("rolu.hilsener", 60, datetime.timedelta(days=1))


def _address(handling: Stoettehandling) -> str:
    return reverse("rolu:stoette_enhet", args=[handling.nettverk.slug, handling.enhet.referanse])


HILSEN = brevslag(
    "rolu.hilsen",
    gettext_lazy("Hilsen til en enhet"),
    url=_address,
    svar_til_avsender=True,
    fortrolig=True,
)


@transaction.atomic
def answer(nettverk: Nettverk, enhet: Enhet, *, slag: Slag, svar: str, by: Person) -> Stoettesignal:
    """The unit says how it is; those who follow up see the signal from now, with the answer. Said again it replaces
    what was said. Raises KanIkke when it is no longer so."""
    signal = next((s for s in find(nettverk, [enhet.pk]).get(enhet.pk, []) if s.slag == slag), None)
    if signal is None:
        raise KanIkke(_("Dette er ikke slik lenger, så det trengs ikke noe svar."))
    aapne = Stoettesignal.objects.filter(nettverk=nettverk, enhet=enhet, slag=slag).open()
    foer = aapne.select_for_update(of=("self",), no_key=True).first()
    if foer and slag != Slag.BA_OM_HJELP and signal.siden > foer.siden:
        foer.borte = idag()
        foer.save(update_fields=["borte"])
    rad, _ny = Stoettesignal.objects.get_or_create(
        nettverk=nettverk, enhet=enhet, slag=slag, borte=None, defaults={"siden": signal.siden}
    )
    rad.svar, rad.svart, rad.svart_av = svar, timezone.now(), by
    rad.save(update_fields=["svar", "svart", "svart_av"])
    return rad


# --- a greeting


def leaders(nettverk: Nettverk, enhet: Enhet) -> list[Person]:
    """Who leads the unit's group today and can be written to."""
    verv = (
        Verv.objects.filter(
            gruppe__nettverk=nettverk,
            gruppe__enhet=enhet,
            rolle=Rolle.FORMELL_LEDER,
            person__is_active=True,
        )
        .gyldig()
        .select_related("person")
        .order_by("person__sortering", "person")
    )
    return list({v.person_id: v.person for v in verv}.values())


def _data(nettverk: Nettverk, enhet: Enhet, tekst: str, by: Person) -> dict[str, Any]:
    url = hel_adresse(reverse("rolu:stoette_enhet", args=[nettverk.slug, enhet.referanse]))
    return {"tekst": tekst, "fra": by.navn, "enhet": str(enhet), "url": url}


def preview(
    nettverk: Nettverk, enhet: Enhet, *, tekst: str, til: Person, by: Person
) -> dict[str, str]:
    """The letter as the leader gets it."""
    return brev.preview(MAL, til=til, nettverk=nettverk, data=_data(nettverk, enhet, tekst, by))


@transaction.atomic
def greet(nettverk: Nettverk, enhet: Enhet, *, tekst: str, by: Person) -> Stoettehandling:
    """Write to the unit's leaders; the answer goes to `by`. Raises KanIkke when nobody can be written to, and when
    `by` has written to many today."""
    ledere = leaders(nettverk, enhet)
    if not ledere:
        raise KanIkke(_("Enheten har ingen leder som kan få e-post."))
    if not grenser.take(HILSENER, by.pk, antall=len(ledere)):
        raise KanIkke(_("Du har sendt mange hilsener det siste døgnet. Prøv igjen i morgen."))
    handling = _make(nettverk, enhet, Stoettehandling.Slag.HILSEN, by=by, tekst=tekst)
    data = _data(nettverk, enhet, tekst, by)
    brev.queue_many(
        [Utkast(leder, MAL, key(HILSEN, handling, "person", leder.pk), data) for leder in ledere],
        nettverk=nettverk,
        slag=HILSEN,
        om=handling,
        by=by,
    )
    return handling


def open_greeting(hilsen: Stoettehandling) -> None:
    """Somebody in the unit opens it; the first time is kept."""
    uaapnet = Stoettehandling.objects.filter(slag=Stoettehandling.Slag.HILSEN, aapnet=None)
    uaapnet.filter(pk=hilsen.pk).update(aapnet=timezone.now())


# --- guidance, a talk


def agree(
    nettverk: Nettverk, enhet: Enhet, *, dato: datetime.date, hvem: str, tekst: str, by: Person
) -> Stoettehandling:
    """Guidance on a day, by somebody."""
    slag = Stoettehandling.Slag.VEILEDNING
    return _make(nettverk, enhet, slag, by=by, dato=dato, hvem=hvem, tekst=tekst)


def note_talk(
    nettverk: Nettverk, enhet: Enhet, *, dato: datetime.date, tekst: str, by: Person
) -> Stoettehandling:
    """What one talked about."""
    slag = Stoettehandling.Slag.SAMTALE
    return _make(nettverk, enhet, slag, by=by, dato=dato, tekst=tekst)


def _make(
    nettverk: Nettverk, enhet: Enhet, slag: Stoettehandling.Slag, **felt: Any
) -> Stoettehandling:
    by = felt.pop("by")
    return Stoettehandling.objects.create(
        nettverk=nettverk, enhet=enhet, slag=slag, laget_av=by, **felt
    )


def remove(handling: Stoettehandling) -> None:
    """What was written by mistake; a greeting has gone, and stays. Twice is once."""
    if handling.slag == Stoettehandling.Slag.HILSEN:
        raise KanIkke(_("En hilsen som er sendt, kan ikke tas tilbake."))
    Stoettehandling.objects.filter(pk=handling.pk).delete()
