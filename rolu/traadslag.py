"""What of rolu the red thread goes through: gatherings with their agenda items and evaluations, assignments,
mellomarbeid, and what is told in Praksis."""

import datetime
from collections.abc import Iterable

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from kommuner.sortering import NorskSortering
from nettverk.flater import Traadslag, Treff, edges
from nettverk.models import Nettverk
from nettverk.side.innhold import innhold
from nettverk.tilgang.roller import Roller
from rolu.models import (
    Loggpost,
    Mellomarbeid,
    Oppdrag,
    Praksisfortelling,
    Programpost,
    Samling,
    Samlingsevaluering,
    Samtale,
    Utfall,
)


def _gatherings(roller: Roller) -> QuerySet[Samling]:
    return Samling.objects.visible_to(roller)


def _shown_gathering(samling: Samling, nettverk: Nettverk) -> Treff:
    url = reverse("rolu:samling", args=[nettverk.slug, samling.pk])
    return Treff(innhold(samling.tittel, nettverk), url, date_format(samling.dato))


def _held(nettverk: Nettverk, siden: datetime.date) -> QuerySet[Samling]:
    return Samling.objects.filter(nettverk=nettverk, slutt__date__gte=siden).taking_place()


def _items(roller: Roller) -> QuerySet[Programpost]:
    return Programpost.objects.visible_to(roller).no_breaks().select_related("samling")


def _shown_item(post: Programpost, nettverk: Nettverk) -> Treff:
    url = reverse("rolu:samling_program", args=[nettverk.slug, post.samling_id])
    return Treff(
        innhold(post.tittel, nettverk),
        f"{url}?post={post.pk}#post-{post.pk}",
        innhold(post.samling.tittel, nettverk),
    )


def _items_held(nettverk: Nettverk, siden: datetime.date) -> QuerySet[Programpost]:
    return Programpost.objects.filter(samling__in=_held(nettverk, siden)).no_breaks()


def _item_edges(nettverk: Nettverk) -> Iterable[QuerySet]:
    """An agenda item is of its gathering, and of the item it was carried on from. Of it came the tankesmie that was held
    in it and the assignments that it ended in."""
    postene = Programpost.objects.filter(samling__nettverk=nettverk).no_breaks()
    yield edges(postene, ("samling", "samling"), ("programpost", "pk"))
    yield edges(postene.filter(fra__isnull=False), ("programpost", "fra"), ("programpost", "pk"))
    samtaler = Samtale.objects.filter(samling__nettverk=nettverk)
    i_posten, i_samlingen = (samtaler.filter(programpost__isnull=uten) for uten in (False, True))
    yield edges(i_posten, ("programpost", "programpost"), ("tankesmie", "tankesmie"))
    yield edges(i_samlingen, ("samling", "samling"), ("tankesmie", "tankesmie"))
    gitt = Utfall.objects.filter(
        samling__nettverk=nettverk, programpost__isnull=False, oppdrag__isnull=False
    )
    yield edges(gitt, ("programpost", "programpost"), ("oppdrag", "oppdrag"))


def _evaluations(roller: Roller) -> QuerySet[Samlingsevaluering]:
    return Samlingsevaluering.objects.visible_to(roller).select_related("samling")


def _shown_evaluation(evaluering: Samlingsevaluering, nettverk: Nettverk) -> Treff:
    samling = evaluering.samling
    url = reverse("rolu:samling_evaluering", args=[nettverk.slug, samling.pk])
    return Treff(innhold(samling.tittel, nettverk), url, date_format(samling.dato))


def _evaluation_edges(nettverk: Nettverk) -> Iterable[QuerySet]:
    """What people were asked, came of the gathering."""
    spurt = Samlingsevaluering.objects.filter(
        samling__nettverk=nettverk, undersokelse__aapnet__isnull=False
    )
    yield edges(spurt, ("samling", "samling"), ("evaluering", "pk"))


def _assignments(roller: Roller) -> QuerySet[Oppdrag]:
    return Oppdrag.objects.visible_to(roller).select_related("nettverk", "laeringsloype")


def _shown_assignment(oppdrag: Oppdrag, nettverk: Nettverk) -> Treff:
    url = f"{reverse('rolu:mellomarbeid_list', args=[nettverk.slug])}?oppdrag={oppdrag.pk}"
    return Treff(innhold(oppdrag.tittel, nettverk), url)


def _given(nettverk: Nettverk, siden: datetime.date) -> QuerySet[Oppdrag]:
    return Oppdrag.objects.filter(nettverk=nettverk, frist__gte=siden, trukket__isnull=True)


def _assignment_edges(nettverk: Nettverk) -> Iterable[QuerySet]:
    """An assignment is given at a gathering, and from a module."""
    oppdragene = Oppdrag.objects.filter(nettverk=nettverk)
    yield edges(oppdragene.filter(samling__isnull=False), ("samling", "samling"), ("oppdrag", "pk"))
    yield edges(oppdragene.filter(modul__isnull=False), ("modul", "modul"), ("oppdrag", "pk"))


def _work(roller: Roller) -> QuerySet[Mellomarbeid]:
    rader = Mellomarbeid.objects.visible_to(roller)
    return rader.select_related("oppdrag__nettverk", "gruppe__enhet")


def _shown_work(arbeid: Mellomarbeid, nettverk: Nettverk) -> Treff:
    url = reverse("rolu:mellomarbeid", args=[nettverk.slug, arbeid.pk])
    return Treff(str(arbeid.gruppe.enhet), url, innhold(arbeid.oppdrag.tittel, nettverk))


def _written(nettverk: Nettverk, siden: datetime.date) -> QuerySet[Mellomarbeid]:
    """Those that something was written in. Also of an assignment whose deadline is long past."""
    notater = Loggpost.objects.filter(mellomarbeid__oppdrag__nettverk=nettverk, dato__gte=siden)
    return Mellomarbeid.objects.filter(pk__in=notater.values("mellomarbeid"))


def _work_edges(nettverk: Nettverk) -> Iterable[QuerySet]:
    """What a unit has begun came of its assignment."""
    begynt = Mellomarbeid.objects.filter(oppdrag__nettverk=nettverk).exclude(
        status=Mellomarbeid.Status.IKKE_STARTET
    )
    yield edges(begynt, ("oppdrag", "oppdrag"), ("mellomarbeid", "pk"))


def _stories(roller: Roller) -> QuerySet[Praksisfortelling]:
    rader = Praksisfortelling.objects.visible_to(roller)
    return rader.select_related("mellomarbeid__gruppe__enhet")


def _shown_story(fortelling: Praksisfortelling, nettverk: Nettverk) -> Treff:
    url = reverse("rolu:fortelling", args=[nettverk.slug, fortelling.pk])
    enhet = str(fortelling.mellomarbeid.gruppe.enhet)
    return Treff(innhold(fortelling.tittel, nettverk), url, enhet)


def _story_edges(nettverk: Nettverk) -> Iterable[QuerySet]:
    fortalt = Praksisfortelling.objects.filter(mellomarbeid__oppdrag__nettverk=nettverk)
    yield edges(fortalt, ("mellomarbeid", "mellomarbeid"), ("praksis", "pk"))


SAMLING = Traadslag(
    "samling",
    "rolu.Samling",
    _("samling"),
    _("samlinger"),
    "samling",
    _gatherings,
    _shown_gathering,
    (NorskSortering("tittel"), NorskSortering("tema")),
    "rolu.change_samling",
    arbeid=_held,
    rekkefolge=60,
)
PROGRAMPOST = Traadslag(
    "programpost",
    "rolu.Programpost",
    _("programpost"),
    _("programposter"),
    "kalender",
    _items,
    _shown_item,
    (NorskSortering("tittel"),),
    "rolu.change_program",
    spoer_om=lambda post: post.samling,
    kanter=_item_edges,
    arbeid=_items_held,
    rekkefolge=65,
)
EVALUERING = Traadslag(
    "evaluering",
    "rolu.Samlingsevaluering",
    _("evaluering"),
    _("evalueringer"),
    "evaluering",
    _evaluations,
    _shown_evaluation,
    (NorskSortering("samling__tittel"), NorskSortering("samling__tema")),
    # Those who read the results say what they have led to; EVA is one of them.
    "rolu.view_evaluering",
    spoer_om=lambda evaluering: evaluering.samling,
    kanter=_evaluation_edges,
    rekkefolge=95,
)
OPPDRAG = Traadslag(
    "oppdrag",
    "rolu.Oppdrag",
    _("oppdrag"),
    _("oppdrag"),
    "oppdrag",
    _assignments,
    _shown_assignment,
    (NorskSortering("tittel"),),
    "rolu.give_oppdrag_i_loype",
    kanter=_assignment_edges,
    arbeid=_given,
    rekkefolge=70,
)
MELLOMARBEID = Traadslag(
    "mellomarbeid",
    "rolu.Mellomarbeid",
    _("mellomarbeid"),
    _("mellomarbeid"),
    "mellomarbeid",
    _work,
    _shown_work,
    (NorskSortering("gruppe__enhet__navn"), NorskSortering("oppdrag__tittel")),
    "rolu.write_mellomarbeid",
    kanter=_work_edges,
    arbeid=_written,
    rekkefolge=80,
)
PRAKSIS = Traadslag(
    "praksis",
    "rolu.Praksisfortelling",
    _("fortelling i Praksis"),
    _("fortellinger i Praksis"),
    "praksis",
    _stories,
    _shown_story,
    (NorskSortering("tittel"),),
    "rolu.change_fortelling",
    kanter=_story_edges,
    rekkefolge=90,
)
