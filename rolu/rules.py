"""Who may do what with gatherings and the work in between (docs/tilgang.md).

The roles themselves are answered in `nettverk.rules`; here they are combined into this app's table.
"""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from nettverk.models import Gruppe, Person, Verv
from nettverk.models.gruppe import VervQuerySet
from nettverk.rules import (
    enhetsleder,
    gruppemedlem,
    har_kommuneansvar,
    kog,
    koordinator,
    medlem,
    pro,
)
from nettverk.tilgang.roller import roller_for
from nettverk.tilgang.tillatelser import Krav, nettverk_of, tillat


def _leads_samling(person: Person, samling: Any) -> bool:
    if not roller_for(person, nettverk_of(samling)).er_pro:
        return False
    prosessledere = getattr(samling, "prosessledere", None)
    return prosessledere is not None and prosessledere.filter(pk=person.pk).exists()


def _is_own(person: Person, deltakelse: Any) -> bool:
    return deltakelse.verv.person_id == person.pk


def _answers_for_loype(person: Person, ting: Any) -> bool:
    """For an Oppdrag: its own løype. For the network: any løype."""
    fagmiljo = roller_for(person, nettverk_of(ting)).fagmiljo
    if not hasattr(ting, "laeringsloype"):
        return bool(fagmiljo)
    return ting.laeringsloype is not None and ting.laeringsloype.ansvarlig_gruppe_id in fagmiljo


def _fagmiljo_of(ting: Any) -> VervQuerySet:
    verv = Verv.objects.filter(
        gruppe__nettverk=nettverk_of(ting), gruppe__type=Gruppe.Type.FAGMILJO
    )
    loype = getattr(ting, "laeringsloype", None)
    return verv.filter(gruppe=loype.ansvarlig_gruppe_id) if loype else verv


def _made_it(felt: str) -> Callable[[Person, Any], bool]:
    """Whether the person made the thing, and still sits in the unit's group."""

    def test(person: Person, ting: Any) -> bool:
        egne = roller_for(person, nettverk_of(ting)).enheter
        return getattr(ting, f"{felt}_id") == person.pk and ting.mellomarbeid.enhet_id in egne

    return test


fagansvarlig = Krav(_("fagansvarlig for læringsløypa"), _answers_for_loype, _fagmiljo_of)
den_som_skrev = Krav(_("den som skrev"), _made_it("skrevet_av"))
den_som_la_ved = Krav(_("den som la ved fila"), _made_it("lastet_opp_av"))
prosessleder = Krav(
    _("prosessleder for samlingen"),
    _leads_samling,
    lambda t: Verv.objects.filter(
        gruppe__nettverk=nettverk_of(t),
        gruppe__type=Gruppe.Type.PROSESSNETTVERK,
        person__in=t.prosessledere.all() if hasattr(t, "prosessledere") else [],
    ),
)
den_det_gjelder = Krav(_("den det gjelder"), _is_own)

# --- gatherings
tillat("rolu.view_samling", medlem)
tillat("rolu.change_samling", koordinator)
tillat("rolu.change_program", koordinator, prosessleder)
tillat("rolu.change_notat", koordinator, pro)

# --- sign-up and attendance. Asked of the group, or of one's own Deltakelse.
tillat("rolu.change_paamelding", koordinator, enhetsleder)
tillat("rolu.answer_deltakelse", koordinator, den_det_gjelder)
tillat("rolu.export_deltakelser", kog)
tillat("rolu.change_innsjekk", koordinator, pro)

# --- the summary: a draft for those who run the network, published for its members
tillat("rolu.change_oppsummering", koordinator)
tillat("rolu.view_oppsummering_utkast", kog, pro)

# --- assignments. Asked of the network, or of an Oppdrag (also one that is not saved yet).
tillat("rolu.view_oppdrag", medlem)
tillat("rolu.give_oppdrag", koordinator, fagansvarlig)

# --- a unit's mellomarbeid. Who may see it is `Mellomarbeid.objects.visible_to`.
tillat("rolu.follow_mellomarbeid", kog, har_kommuneansvar, fagansvarlig)
# Who has not delivered: not for a fagansvarlig, who sees only what is delivered.
tillat("rolu.view_mangler", kog, har_kommuneansvar)
tillat("rolu.write_mellomarbeid", enhetsleder, gruppemedlem)
tillat("rolu.submit_mellomarbeid", enhetsleder)
tillat("rolu.share_mellomarbeid", enhetsleder)
tillat("rolu.reopen_mellomarbeid", enhetsleder, koordinator)
tillat("rolu.remove_loggpost", enhetsleder, den_som_skrev)
tillat("rolu.remove_vedlegg", enhetsleder, den_som_la_ved)
