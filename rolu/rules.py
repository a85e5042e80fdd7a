"""Who may do what with gatherings and the work in between (docs/tilgang.md).

The roles themselves are answered in `nettverk.rules`; here they are combined into this app's table.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from nettverk.models import Gruppe, Nettverk, Person, Rolle, Verv
from nettverk.models.gruppe import VervQuerySet
from nettverk.rules import (
    enhetsleder,
    eva,
    gruppemedlem,
    har_kommuneansvar,
    kog,
    kommuneansvarlig,
    koordinator,
    medlem,
    om_her,
    pro,
)
from nettverk.tilgang.roller import roller_for
from nettverk.tilgang.tillatelser import INettverk, Krav, Ting, tillat
from rolu.models import (
    Deltakelse,
    Loggpost,
    Mellomarbeid,
    Nestesteg,
    Oppdrag,
    Praksisfortelling,
    Samling,
    Tilbakemelding,
    Utfall,
    Vedlegg,
)


def _leads_samling(person: Person, samling: Samling) -> bool:
    if not roller_for(person, samling.nettverk).er_pro:
        return False
    return samling.prosessledere.filter(pk=person.pk).exists()


def _is_own(person: Person, deltakelse: Deltakelse) -> bool:
    return deltakelse.verv.person_id == person.pk


def _took_it_on(person: Person, utfall: Utfall) -> bool:
    """A member of the group, or the kommuneansvarlig of the kommune, today."""
    roller = roller_for(person, utfall.nettverk)
    return utfall.gruppe_id in roller.grupper or utfall.kommune_id in roller.kommuner_ansvar


def _who_took_it_on(utfall: Utfall) -> VervQuerySet:
    if utfall.gruppe_id:
        return Verv.objects.filter(gruppe=utfall.gruppe_id)
    return Verv.objects.filter(
        gruppe__nettverk=utfall.nettverk,
        gruppe__type=Gruppe.Type.FAGNETTVERK,
        rolle=Rolle.OPPVEKSTANSVARLIG,
        representerer=utfall.kommune_id,
    )


def _is_needed(person: Person, steg: Nestesteg) -> bool:
    """Sits in the group that the unit needs; in that of the kommuner, for the unit's own."""
    roller = roller_for(person, steg.nettverk)
    if steg.hos is None or steg.hos_id not in roller.grupper:
        return False
    return steg.hos.type != Gruppe.Type.FAGNETTVERK or steg.loggpost.mellomarbeid.is_followed_from(
        roller.kommuner_ansvar
    )


def _fagmiljo(ting: Ting) -> VervQuerySet:
    return Verv.objects.filter(gruppe__nettverk=ting.nettverk, gruppe__type=Gruppe.Type.FAGMILJO)


def _fagmiljo_of(person: Person, ting: Ting) -> frozenset[int]:
    """The fagmiljø through which the person answers for løyper; none in a network without løyper."""
    uses = ting.nettverk.uses("laeringsloyper")
    return roller_for(person, ting.nettverk).fagmiljo if uses else frozenset()


def _answers_for_loype(person: Person, oppdrag: Oppdrag) -> bool:
    loype = oppdrag.laeringsloype
    fagmiljo = _fagmiljo_of(person, oppdrag)
    return loype is not None and loype.ansvarlig_gruppe_id in fagmiljo


def _fagmiljo_of_loype(oppdrag: Oppdrag) -> VervQuerySet:
    loype = oppdrag.laeringsloype
    return _fagmiljo(oppdrag).filter(gruppe=loype.ansvarlig_gruppe_id if loype else None)


def _sits_in_unit(person: Person, arbeid: Mellomarbeid) -> bool:
    return arbeid.enhet_id in roller_for(person, arbeid.nettverk).enheter


sitter_i_enhet = Krav[Ting](
    _("med i utviklingsgruppa til en enhet"),
    lambda p, t: bool(roller_for(p, t.nettverk).enheter),
)
har_fagansvar = Krav[Ting](
    _("fagansvarlig for en læringsløype"),
    lambda p, t: bool(_fagmiljo_of(p, t)),
    _fagmiljo,
)
fagansvarlig = Krav[Oppdrag](
    _("fagansvarlig for læringsløypa"), _answers_for_loype, _fagmiljo_of_loype
)
den_som_skrev = Krav[Loggpost](
    _("den som skrev"),
    lambda p, t: t.skrevet_av_id == p.pk and _sits_in_unit(p, t.mellomarbeid),
)

den_som_trengs = Krav[Nestesteg](
    _("den som er bedt om hjelp"),
    _is_needed,
    lambda t: Verv.objects.filter(gruppe=t.hos_id),
)
den_som_la_ved = Krav[Vedlegg](
    _("den som la ved fila"),
    lambda p, t: t.lastet_opp_av_id == p.pk and _sits_in_unit(p, t.mellomarbeid),
)
# Where it was given, and where the unit has moved with it.
kommuneansvarlig_for_arbeidet = Krav[Mellomarbeid](
    kommuneansvarlig.rolle,
    lambda p, t: t.is_followed_from(roller_for(p, t.nettverk).kommuner_ansvar),
    lambda t: Verv.objects.filter(
        gruppe__nettverk=t.nettverk,
        gruppe__type=Gruppe.Type.FAGNETTVERK,
        rolle=Rolle.OPPVEKSTANSVARLIG,
        representerer__in=t.kommuner,
    ),
)
fagansvarlig_naar_levert = Krav[Mellomarbeid](
    _("fagansvarlig for læringsløypa"),
    lambda p, t: t.er_levert and _answers_for_loype(p, t.oppdrag),
    lambda t: _fagmiljo_of_loype(t.oppdrag),
)
den_som_sa = Krav[Tilbakemelding](_("den som skrev"), lambda p, t: t.skrevet_av_id == p.pk)
prosessleder = Krav[Samling](
    _("prosessleder for samlingen"),
    _leads_samling,
    lambda t: Verv.objects.filter(
        gruppe__nettverk=t.nettverk,
        gruppe__type=Gruppe.Type.PROSESSNETTVERK,
        person__in=t.prosessledere.all(),
    ),
)
den_som_lovte = Krav[Utfall](_("den som tok oppfølgingen"), _took_it_on, _who_took_it_on)
den_det_gjelder = Krav[Deltakelse](_("den det gjelder"), _is_own)

# Who may do something for a unit, while it lies in the network.
_STOETTER: tuple[Krav[Any], ...] = (om_her(koordinator), om_her(kommuneansvarlig))

# --- gatherings: the network's, and one of them
tillat("rolu.view_samling", medlem, om=Nettverk)
tillat("rolu.arrange_samlinger", koordinator, om=Nettverk)
tillat("rolu.change_samling", koordinator, om=Samling)
# To start and end it, and take that back.
tillat("rolu.run_samling", koordinator, prosessleder, om=Samling)
tillat("rolu.change_program", koordinator, prosessleder, om=Samling)
tillat("rolu.view_kjoereplan", koordinator, pro, om=Samling)
tillat("rolu.change_notat", koordinator, pro, om=Samling)

# --- sign-up and attendance
tillat("rolu.change_paamelding", koordinator, enhetsleder, om=Gruppe)
tillat("rolu.answer_deltakelse", koordinator, den_det_gjelder, om=Deltakelse)
tillat("rolu.settle_endringsoenske", koordinator, om=Samling)
tillat("rolu.view_behovstall", koordinator, om=Samling)
tillat("rolu.export_deltakelser", kog, om=Samling)
tillat("rolu.count_deltakelser", kog, pro, om=Samling)
tillat("rolu.change_innsjekk", koordinator, pro, om=Samling)
# The big screen in the hall: to open it, and to steer it.
tillat("rolu.change_storskjerm", koordinator, pro, om=Samling)
tillat("rolu.print_samlinger", koordinator, pro, om=Nettverk)

# --- who sits at which table; members see it when it is shared (`Bordkart.objects.visible_to`)
tillat("rolu.change_bordkart", koordinator, pro, om=Samling)
tillat("rolu.order_bordkart", koordinator, pro, om=Nettverk)

# --- tankesmier at a gathering: who makes one also arranges what was written
tillat("rolu.run_samtaler", koordinator, pro, eva, om=Samling)
tillat("rolu.print_samtaler", koordinator, pro, eva, om=Nettverk)

# --- what the participants think of it: asked by those who hold it, read by those who evaluate too
tillat("rolu.view_evaluering", koordinator, pro, eva, om=Samling)
tillat("rolu.change_evaluering", koordinator, pro, om=Samling)

# --- the minutes say who met: for those who see that anyway
tillat("rolu.view_protokoll", kog, pro, om=Samling)

# --- a commitment made at a gathering: whoever took it on says when it is done
tillat("rolu.change_oppfolging", koordinator, den_som_lovte, om=Utfall)

# --- the summary: a draft for those who run the network, published for its members
tillat("rolu.change_oppsummering", koordinator, om=Samling)
tillat("rolu.view_oppsummering_utkast", kog, pro, om=Samling)
tillat("rolu.view_oppsummering_pdf", kog, pro, om=Nettverk)
tillat("rolu.order_oppsummering_pdf", koordinator, om=Nettverk)

# --- assignments: to give any, and to give or change one (also one that is not saved yet)
tillat("rolu.view_oppdrag", medlem, om=Nettverk)
tillat("rolu.give_oppdrag", koordinator, har_fagansvar, om=Nettverk)
tillat("rolu.give_oppdrag_i_loype", koordinator, fagansvarlig, om=Oppdrag)

# --- the units' mellomarbeid. Who may see one is `Mellomarbeid.objects.visible_to`.
tillat("rolu.follow_mellomarbeid", kog, har_kommuneansvar, har_fagansvar, om=Nettverk)
# Who has not delivered: not for a fagansvarlig, who sees only what is delivered.
tillat("rolu.view_mangler", kog, har_kommuneansvar, om=Nettverk)
# The support lens: who follows up, one unit's page, what one does for it, and the unit's own answer.
tillat("rolu.view_stoette", koordinator, har_kommuneansvar, om=Nettverk)
tillat("rolu.view_stoette_enhet", *_STOETTER, gruppemedlem, om=INettverk)
tillat("rolu.support_enhet", *_STOETTER, om=INettverk)
tillat("rolu.answer_stoette", enhetsleder, om=INettverk)
tillat("rolu.write_mellomarbeid", enhetsleder, gruppemedlem, om=Mellomarbeid)
tillat("rolu.submit_mellomarbeid", enhetsleder, om=Mellomarbeid)
tillat("rolu.share_mellomarbeid", enhetsleder, om=Mellomarbeid)
tillat("rolu.reopen_mellomarbeid", enhetsleder, koordinator, om=Mellomarbeid)
# To say something in its thread.
tillat(
    "rolu.answer_mellomarbeid",
    koordinator,
    kommuneansvarlig_for_arbeidet,
    fagansvarlig_naar_levert,
    enhetsleder,
    gruppemedlem,
    om=Mellomarbeid,
)
tillat("rolu.remove_tilbakemelding", den_som_sa, om=Tilbakemelding)
tillat("rolu.remove_loggpost", enhetsleder, den_som_skrev, om=Loggpost)
tillat("rolu.tick_nestesteg", enhetsleder, gruppemedlem, den_som_trengs, om=Nestesteg)
tillat("rolu.remove_vedlegg", enhetsleder, den_som_la_ved, om=Vedlegg)

# --- what a unit tells in Praksis. Who may read it is `Praksisfortelling.objects.visible_to`.
tillat("rolu.use_praksis", sitter_i_enhet, om=Nettverk)
tillat("rolu.change_fortelling", enhetsleder, om=Praksisfortelling)
tillat("rolu.hide_fortelling", koordinator, om=Praksisfortelling)
