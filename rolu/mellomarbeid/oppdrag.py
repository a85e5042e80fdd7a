"""Give an assignment to every unit, change it, and tell the leaders."""

import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kommuner.models import Plassering
from laeringsloyper.models import Laeringsloype
from nettverk.arbeid.epost import hel_adresse, send
from nettverk.arbeid.jobber import Arbeid, JobbFeil, jobbslag, order_jobb
from nettverk.arbeid.utsending import Utsending
from nettverk.models import Gruppe, Jobb, Nettverk, Person, Rolle, Verv
from rolu.models import Mellomarbeid, Oppdrag, Samling

VARSLE = "varsle_oppdrag"


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

    After commit a job tells the formal leaders by mail.
    """
    oppdrag = Oppdrag.objects.create(
        nettverk=nettverk,
        samling=samling,
        laeringsloype=laeringsloype,
        tittel=tittel,
        tekst=tekst,
        frist=frist,
    )
    kommuner = kommune_per_enhet(nettverk)
    grupper = Gruppe.objects.filter(nettverk=nettverk).utviklingsgrupper().gyldig()
    Mellomarbeid.objects.bulk_create(
        [
            Mellomarbeid(oppdrag=oppdrag, gruppe=gruppe, kommune_id=kommuner[gruppe.enhet_id])
            for gruppe in grupper
            if gruppe.enhet_id is not None and gruppe.enhet_id in kommuner
        ]
    )
    order_jobb(
        nettverk=nettverk,
        slag=VARSLE,
        gjelder=f"oppdrag-{oppdrag.pk}",
        by=by,
        parametre={"oppdrag": oppdrag.pk},
    )
    return oppdrag


def change(oppdrag: Oppdrag, **felt: Any) -> Oppdrag:
    """Change text, deadline or løype of an assignment that is held (`nettverk.skriving.laas.locked`).

    What the units have written stays as it is. Tells nobody.
    """
    for navn, verdi in felt.items():
        setattr(oppdrag, navn, verdi)
    oppdrag.save(update_fields=list(felt))
    return oppdrag


def kommune_per_enhet(nettverk: Nettverk) -> dict[int, int]:
    """Id of the kommune in which each of the network's units lies today."""
    plasseringer = Plassering.objects.gyldig().filter(enhet__in=nettverk.enheter().values("pk"))
    return dict(plasseringer.values_list("enhet_id", "kommune_id"))


@jobbslag(VARSLE, tillatelse="nettverk.view_nettverk", bestill_tillatelse="rolu.give_oppdrag")
def varsle(arbeid: Arbeid) -> None:
    """Tell the formal leaders of every unit; those told already are passed over.

    A unit is marked when all its leaders are told; JobbFeil at the end names those who could not be.
    """
    oppdrag = (
        Oppdrag.objects.select_related("nettverk", "samling")
        .filter(pk=arbeid.jobb.parametre["oppdrag"])
        .first()
    )
    if oppdrag is None:
        raise JobbFeil(_("Oppdraget finnes ikke lenger."))
    venter = list(
        oppdrag.mellomarbeid.filter(varslet=None).select_related("gruppe__enhet").in_order()
    )
    ledere = _ledere_per_gruppe([m.gruppe_id for m in venter])
    utsending = Utsending()
    for nummer, mellomarbeid in enumerate(venter):
        arbeid.report(
            100 * nummer // len(venter),
            _("Varsler %(n)s av %(alle)s enheter") % {"n": nummer + 1, "alle": len(venter)},
        )
        gikk = [
            utsending.send(leder.epost, partial(_tell_once, arbeid, leder, oppdrag, mellomarbeid))
            for leder in ledere.get(mellomarbeid.gruppe_id, [])
        ]
        if all(gikk):
            Mellomarbeid.objects.filter(pk=mellomarbeid.pk).update(varslet=timezone.now())
    utsending.tell()
    sendt = utsending.sendt
    arbeid.data = {
        "sendt": sendt,
        "melding": ngettext("%(n)s leder er varslet.", "%(n)s ledere er varslet.", sendt)
        % {"n": sendt},
    }


def _ledere_per_gruppe(grupper: list[int]) -> dict[int, list[Person]]:
    ledere: dict[int, list[Person]] = {}
    verv = Verv.objects.filter(
        gruppe__in=grupper, rolle=Rolle.FORMELL_LEDER, person__is_active=True
    )
    for v in verv.gyldig().select_related("person"):
        ledere.setdefault(v.gruppe_id, []).append(v.person)
    return ledere


def _tell_once(arbeid: Arbeid, leder: Person, oppdrag: Oppdrag, mellomarbeid: Mellomarbeid) -> bool:
    """One leader's letter. The job remembers it, for the unit has its mark only when all are told."""
    brev = f"{mellomarbeid.pk}:{leder.pk}"
    parametre = arbeid.jobb.parametre
    varslet = parametre.get("varslet", [])
    if brev in varslet:
        return False
    nye = {**parametre, "varslet": [*varslet, brev]}
    with arbeid.writing():
        Jobb.objects.filter(pk=arbeid.jobb.pk).update(parametre=nye)
        _send_varsel(leder, oppdrag, mellomarbeid)
    arbeid.jobb.parametre = nye
    return True


def _send_varsel(leder: Person, oppdrag: Oppdrag, mellomarbeid: Mellomarbeid) -> None:
    adresse = reverse("rolu:mellomarbeid", args=[oppdrag.nettverk.slug, mellomarbeid.pk])
    send(
        til=leder,
        nettverk=oppdrag.nettverk,
        mal="rolu/epost/oppdrag.txt",
        data={
            "oppdrag": oppdrag,
            "enhet": mellomarbeid.gruppe.enhet,
            "adresse": hel_adresse(adresse),
        },
    )
