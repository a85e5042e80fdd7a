"""Give an assignment to every unit, change it, and tell the leaders."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kommuner.models import Enhet, Plassering
from laeringsloyper.models import Laeringsloype
from nettverk.arbeid.brev import Utkast, brevslag, key, preview, queue_many, withdraw
from nettverk.arbeid.epost import hel_adresse
from nettverk.arbeid.gjelder import gjelder
from nettverk.models import Brev, Gruppe, Nettverk, Person, Rolle, Verv
from nettverk.models.brev import BrevQuerySet
from nettverk.skriving.konflikt import KanIkke
from rolu.models import Mellomarbeid, Oppdrag, Samling
from rolu.models.mellomarbeid import MellomarbeidQuerySet


@transaction.atomic
def give(
    *,
    nettverk: Nettverk,
    samling: Samling | None,
    tittel: str,
    tekst: str,
    frist: datetime.date,
    laeringsloype: Laeringsloype | None,
    by: Person,
) -> Oppdrag:
    """Give the assignment: one Mellomarbeid per unit with an utviklingsgruppe today.

    Writes the letters to the formal leaders, and sets their sending in motion.
    """
    oppdrag = Oppdrag.objects.create(
        nettverk=nettverk,
        samling=samling,
        laeringsloype=laeringsloype,
        tittel=tittel,
        tekst=tekst,
        frist=frist,
    )
    Mellomarbeid.objects.bulk_create(
        [
            Mellomarbeid(oppdrag=oppdrag, gruppe=gruppe, kommune_id=kommune)
            for gruppe, kommune in _receivers(nettverk)
        ]
    )
    _queue_letters(oppdrag, by=by)
    return oppdrag


def _receivers(nettverk: Nettverk) -> list[tuple[Gruppe, int]]:
    """Each utviklingsgruppe of today that gets an assignment, with the kommune its unit lies in."""
    kommuner = kommune_per_enhet(nettverk)
    grupper = Gruppe.objects.filter(nettverk=nettverk).utviklingsgrupper().gyldig()
    return [
        (gruppe, kommuner[gruppe.enhet_id])
        for gruppe in grupper.select_related("enhet")
        if gruppe.enhet_id is not None and gruppe.enhet_id in kommuner
    ]


def change(oppdrag: Oppdrag, **felt: Any) -> Oppdrag:
    """Change text, deadline or løype of an assignment that is held (`nettverk.skriving.laas.locked`).

    What the units have written stays as it is. Tells nobody.
    """
    for navn, verdi in felt.items():
        setattr(oppdrag, navn, verdi)
    oppdrag.save(update_fields=list(felt))
    return oppdrag


def answers(oppdrag: Oppdrag) -> MellomarbeidQuerySet:
    """The units' mellomarbeid in which somebody has begun: written, added a file, delivered."""
    return oppdrag.mellomarbeid.filter(
        ~Q(status=Mellomarbeid.Status.IKKE_STARTET)
        | Q(loggposter__isnull=False)
        | Q(vedlegg__isnull=False)
    )


def require_deletable(oppdrag: Oppdrag) -> None:
    """Raises KanIkke when a unit has begun: what people have written is not deleted by others."""
    if answers(oppdrag).exists():
        raise KanIkke(
            _("En enhet har begynt på oppdraget, så det kan ikke slettes. Endre teksten i stedet.")
        )


@transaction.atomic
def delete(oppdrag: Oppdrag) -> None:
    """Delete an assignment that no unit has begun on. Letters that wait are not sent; those that are
    sent, lead to a page that is no more. Raises KanIkke.
    """
    # Whoever writes holds the mellomarbeid (`rolu.mellomarbeid.logg`): one of us waits for the other.
    list(oppdrag.mellomarbeid.select_for_update().order_by("pk"))
    require_deletable(oppdrag)
    withdraw(letters(oppdrag))
    oppdrag.delete()


def letters(oppdrag: Oppdrag) -> BrevQuerySet:
    """The letters that tell the leaders of it."""
    return Brev.objects.filter(gjelder=gjelder(oppdrag))


def kommune_per_enhet(nettverk: Nettverk) -> dict[int, int]:
    """Id of the kommune in which each of the network's units lies today."""
    plasseringer = Plassering.objects.gyldig().filter(enhet__in=nettverk.enheter().values("pk"))
    return dict(plasseringer.values_list("enhet_id", "kommune_id"))


# --- the letters


def _is_in_the_way(oppdrag: Oppdrag, _brev: Brev) -> str:
    return _("Fristen har gått ut, så e-posten blir ikke sendt.") if oppdrag.er_forfalt else ""


def _address(oppdrag: Oppdrag) -> str:
    slug = oppdrag.nettverk.slug
    return reverse("rolu:mellomarbeid_list", args=[slug]) + f"?oppdrag={oppdrag.pk}"


VARSLE = brevslag(
    "rolu.oppdrag",
    gettext_lazy("Nytt oppdrag"),
    tillatelse="rolu.give_oppdrag_i_loype",
    url=_address,
    hindrer=_is_in_the_way,
)


def _queue_letters(oppdrag: Oppdrag, *, by: Person) -> None:
    """One letter to every formal leader of every unit."""
    arbeid = list(oppdrag.mellomarbeid.select_related("gruppe__enhet").in_order())
    ledere = _ledere_per_gruppe([m.gruppe_id for m in arbeid])
    queue_many(
        [
            Utkast(
                til=leder,
                mal="rolu/epost/oppdrag.txt",
                noekkel=key(VARSLE, oppdrag, "mellomarbeid", m.pk, "person", leder.pk),
                data=_letter_data(
                    oppdrag,
                    m.gruppe.enhet,
                    reverse("rolu:mellomarbeid", args=[oppdrag.nettverk.slug, m.pk]),
                ),
            )
            for m in arbeid
            for leder in ledere.get(m.gruppe_id, [])
        ],
        nettverk=oppdrag.nettverk,
        slag=VARSLE,
        om=oppdrag,
        by=by,
    )


def _letter_data(oppdrag: Oppdrag, enhet: Enhet | None, adresse: str) -> dict[str, Any]:
    return {"oppdrag": oppdrag, "enhet": enhet, "adresse": hel_adresse(adresse)}


@dataclass(frozen=True)
class Forespeil:
    """What will happen when an assignment that is not given yet, is given: to how many units, how many
    leaders get an e-mail, and that e-mail, with one unit as the example."""

    enheter: int
    ledere: int
    eposten: dict[str, str]


def foresee(oppdrag: Oppdrag, *, til: Person) -> Forespeil:
    """What giving `oppdrag` will do; `til` is the one who looks. Nothing is written."""
    grupper = [gruppe for gruppe, _kommune in _receivers(oppdrag.nettverk)]
    ledere = _ledere_per_gruppe([gruppe.pk for gruppe in grupper])
    adresse = reverse("rolu:mellomarbeid_list", args=[oppdrag.nettverk.slug])
    enhet = grupper[0].enhet if grupper else None
    return Forespeil(
        enheter=len(grupper),
        ledere=len({leder.pk for egne in ledere.values() for leder in egne}),
        eposten=preview(
            "rolu/epost/oppdrag.txt",
            til=til,
            nettverk=oppdrag.nettverk,
            data=_letter_data(oppdrag, enhet, adresse),
        ),
    )


def _ledere_per_gruppe(grupper: list[int]) -> dict[int, list[Person]]:
    ledere: dict[int, list[Person]] = {}
    verv = Verv.objects.filter(
        gruppe__in=grupper, rolle=Rolle.FORMELL_LEDER, person__is_active=True
    )
    for v in verv.gyldig().select_related("person"):
        ledere.setdefault(v.gruppe_id, []).append(v.person)
    return ledere
