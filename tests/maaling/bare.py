"""Bare Django views: the same rows, the same sign-in, the same middleware, and nothing else.

What a developer would write first: model objects, select_related, a plain template. Each of the
portal's pages is measured against the one that shows its rows: as many, with the same columns. Left
out is all else of the page: links, filters, page numbers, figures, the map, the frame.
"""

from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.urls import path

from evaluering.models import Aarsrapport
from kommuner.models import Enhet, Enhetstall, Plassering
from nettverk.models import Gruppe, Nettverk, Verv
from rolu.models import Deltakelse, Mellomarbeid, Oppdrag, Samling

_SIDE = (
    "<!doctype html><html lang='nb'><title>t</title><body><h1>{{ tittel }}</h1><table>%s</table>"
)
_maler: dict[str, Template] = {}


def _vis(navn: str, rad: str, **innhold: object) -> HttpResponse:
    if navn not in _maler:
        _maler[navn] = Template(_SIDE % ("{% for r in rader %}<tr>" + rad + "</tr>{% endfor %}"))
    return HttpResponse(_maler[navn].render(Context({"tittel": navn, **innhold})))


def _nettverk(slug: str) -> Nettverk:
    return Nettverk.objects.get(slug=slug)


def enheter(request: HttpRequest, slug: str) -> HttpResponse:
    nettverk = _nettverk(slug)
    naa = Plassering.objects.gyldig().select_related("kommune")
    rader = (
        Enhet.objects.filter(plasseringer__kommune__medlemskap__nettverk=nettverk)
        .prefetch_related(
            Prefetch("plasseringer", queryset=naa, to_attr="naa"),
            Prefetch("tall", queryset=Enhetstall.objects.order_by("-aar"), to_attr="tallene"),
        )
        .order_by("sortering")[:50]
    )
    rad = (
        "<th>{{ r }}</th><td>{{ r.naa.0.kommune.navn }}</td><td>{{ r.get_type_display }}</td>"
        "<td>{{ r.get_eierform_display }}</td><td>{{ r.tallene.0.antall_barn }}</td>"
        "<td>{{ r.tallene.0.antall_ansatte }}</td>"
    )
    return _vis("enheter", rad, rader=rader)


def grupper(request: HttpRequest, slug: str) -> HttpResponse:
    """The network's own groups, then a page of the utviklingsgrupper with what is vacant in each."""
    alle = (
        Gruppe.objects.filter(nettverk__slug=slug)
        .gyldig()
        .select_related("enhet", "nettverk")
        .prefetch_related(Prefetch("verv", queryset=Verv.objects.gyldig(), to_attr="naa"))
    )
    rader = [*alle.nettverksgrupper(), *alle.utviklingsgrupper()[:50]]
    for gruppe in rader:
        gruppe.ledige = gruppe.ledige_roller(verv.rolle for verv in gruppe.naa)
    rad = (
        "<th>{{ r.navn }}</th><td>{{ r.get_type_display }}</td><td>{{ r.naa|length }}</td>"
        "<td>{% for rolle in r.ledige %}{{ rolle.label }} {% endfor %}</td>"
    )
    return _vis("grupper", rad, rader=rader)


def samlinger(request: HttpRequest, slug: str) -> HttpResponse:
    """A page of those that have been, with how many came."""
    moett = Count(
        "deltakelser__verv__person", distinct=True, filter=Q(deltakelser__moett__isnull=False)
    )
    rader = Samling.objects.filter(nettverk=_nettverk(slug)).past().annotate(moett=moett)[:20]
    rad = (
        "<th>{{ r.tittel }}</th><td>{{ r.start }}</td><td>{{ r.slutt }}</td><td>{{ r.sted }}</td>"
        "<td>{{ r.get_type_display }}</td><td>{{ r.moett }}</td>"
    )
    return _vis("samlinger", rad, rader=rader)


def deltakere(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    samling = Samling.objects.get(pk=pk, nettverk__slug=slug)
    rader = (
        Deltakelse.objects.filter(samling=samling)
        .select_related("verv__person", "verv__gruppe__enhet", "kommune")
        .order_by("kommune__sortering", "verv__person__sortering")
    )
    rad = (
        "<th>{{ r.verv.person.navn }}</th><td>{{ r.verv.get_rolle_display }}</td><td>{{ r.verv.gruppe.enhet }}</td>"
        "<td>{{ r.kommune.navn }}</td><td>{{ r.get_status_display }}</td><td>{{ r.moett|date:'H.i' }}</td>"
    )
    return _vis("deltakere", rad, rader=rader)


def mellomarbeid(request: HttpRequest, slug: str) -> HttpResponse:
    oppdrag = Oppdrag.objects.filter(nettverk__slug=slug).order_by("-frist").first()
    rader = (
        Mellomarbeid.objects.filter(oppdrag=oppdrag)
        .select_related("gruppe__enhet", "kommune")
        .annotate(notater=Count("loggposter"))
        .order_by("kommune__sortering", "gruppe__enhet__sortering")[:50]
    )
    rad = (
        "<th>{{ r.gruppe.enhet }}</th><td>{{ r.kommune.navn }}</td><td>{{ r.notater }}</td>"
        "<td>{{ r.get_status_display }} {{ r.levert|date }} {{ r.delt|yesno:'delt,' }}</td>"
    )
    return _vis("mellomarbeid", rad, rader=rader)


def rapporter(request: HttpRequest, slug: str) -> HttpResponse:
    rader = Aarsrapport.objects.filter(nettverk=_nettverk(slug))
    return _vis("rapporter", "<th>{{ r.aar }}</th><td>{{ r.get_status_display }}</td>", rader=rader)


def hjem(request: HttpRequest, slug: str) -> HttpResponse:
    """One person's own things: their appointments and the next gathering."""
    rader = Verv.objects.filter(person=request.user).gyldig().select_related("gruppe__enhet")
    neste = Samling.objects.filter(nettverk=_nettverk(slug)).upcoming().first()
    rad = (
        "<th>{{ r.gruppe.navn }}</th><td>{{ r.get_rolle_display }}</td><td>{{ neste.tittel }}</td>"
    )
    return _vis("hjem", rad, rader=rader, neste=neste)


urlpatterns = [
    path("<slug:slug>/enheter/", enheter),
    path("<slug:slug>/grupper/", grupper),
    path("<slug:slug>/samlinger/", samlinger),
    path("<slug:slug>/samlinger/<int:pk>/deltakere/", deltakere),
    path("<slug:slug>/mellomarbeid/", mellomarbeid),
    path("<slug:slug>/rapporter/", rapporter),
    path("<slug:slug>/hjem/", hjem),
]
